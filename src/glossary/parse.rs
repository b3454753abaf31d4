//! Glossary files in the formats of DeepL: tab-separated, and comma-separated with or without
//! columns of languages.

/// What is wrong with a glossary file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A line with a term alone, or with too much.
    #[error("line {line} of {name} has {n_columns} column{}, not 2", plural(*.n_columns))]
    Columns { name: String, line: usize, n_columns: usize },
    #[error("line {line} of {name} has no term")]
    NoTerm { name: String, line: usize },
    #[error("line {line} of {name} has no translation for `{term}`")]
    NoTranslation { name: String, line: usize, term: String },
    /// Nothing that a text could be searched for.
    #[error("line {line} of {name}: `{term}` has no letter and no figure")]
    NoWord { name: String, line: usize, term: String },
    #[error("line {line} of {name} has a quotation mark that is not closed")]
    Quote { name: String, line: usize },
    /// The header names languages, but not ours.
    #[error("{name} has no column for `{wanted}`; its columns are {columns}")]
    NoColumn { name: String, line: usize, wanted: String, columns: String },
}

impl Error {
    /// The cure.
    pub fn hint(&self) -> String {
        match self {
            Self::Columns { n_columns: 0 | 1, .. } => {
                "write the term, a tab (in a .csv file a comma), and its translation".into()
            }
            Self::Columns { .. } => {
                "put quotation marks round a text with a comma, and `|` between translations".into()
            }
            Self::NoTerm { .. } => "write a term before the tab, or remove the line".into(),
            Self::NoTranslation { term, .. } => {
                format!("write what `{term}` is to be called; the same word to leave it as it is")
            }
            Self::NoWord { .. } => "write a word, or remove the line".into(),
            Self::Quote { .. } => {
                "close it in the same line; a mark inside of quotation marks is written twice"
                    .into()
            }
            Self::NoColumn { wanted, .. } => {
                format!("add a column with the header `{wanted}`, or remove the header")
            }
        }
    }

    /// Counted from 1.
    pub fn line(&self) -> usize {
        match self {
            Self::Columns { line, .. }
            | Self::NoTerm { line, .. }
            | Self::NoTranslation { line, .. }
            | Self::NoWord { line, .. }
            | Self::Quote { line, .. }
            | Self::NoColumn { line, .. } => *line,
        }
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

/// One line of a glossary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// Counted from 1.
    pub line: usize,
    pub term: String,
    /// One or more, the preferred one first.
    pub targets: Vec<String>,
}

/// Where the two texts stand in a line, and in which languages they are.
struct Layout<'a> {
    name: &'a str,
    from: &'a str,
    to: &'a str,
    delimiter: char,
    columns: Option<(usize, usize)>,
}

/// The rows of a file for one pair of languages; those of other pairs are left out.
pub(super) fn rows(name: &str, text: &str, from: &str, to: &str) -> Result<Vec<Row>, Error> {
    let mut lines = lines(text).peekable();
    let delimiter = delimiter(name, lines.peek().map_or("", |(_, line)| line));
    let mut layout = Layout { name, from, to, delimiter, columns: None };
    let mut rows = Vec::new();
    let mut is_first = true;
    for (number, line) in lines {
        let fields = layout.fields(number, line)?;
        if !(is_first && layout.take_header(number, &fields)?) {
            rows.extend(layout.row(number, &fields)?);
        }
        is_first = false;
    }
    Ok(rows)
}

/// The lines that say something, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    // Old Macintosh files end lines with `\r` alone.
    let end = if text.contains('\n') { '\n' } else { '\r' };
    let numbered = text.split(end).enumerate().map(|(idx, line)| (idx + 1, line));
    numbered.filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'))
}

/// The name decides where it is one of the two, the first line elsewhere.
fn delimiter(name: &str, first: &str) -> char {
    let is_csv = name.to_ascii_lowercase().ends_with(".csv");
    let is_tsv = name.to_ascii_lowercase().ends_with(".tsv");
    if is_tsv || (first.contains('\t') && !is_csv) {
        return '\t';
    }
    // What spreadsheets write where the comma is the decimal sign.
    if !first.contains(',') && first.contains(';') { ';' } else { ',' }
}

impl Layout<'_> {
    fn fields(&self, line: usize, text: &str) -> Result<Vec<String>, Error> {
        if self.delimiter == '\t' {
            return Ok(text.split('\t').map(clean).collect());
        }
        let fields = csv_fields(text.trim_end_matches('\r'), self.delimiter);
        let fields = fields.ok_or_else(|| Error::Quote { name: self.name.to_owned(), line })?;
        Ok(fields.iter().map(|field| clean(field)).collect())
    }

    /// Whether the first line names the columns. Then it is remembered which are ours.
    fn take_header(&mut self, line: usize, fields: &[String]) -> Result<bool, Error> {
        if is_plain_header(fields) {
            return Ok(true);
        }
        let codes: Option<Vec<String>> = fields.iter().map(|field| code(field)).collect();
        let Some(codes) = codes.filter(|codes| self.names_languages(codes)) else {
            return Ok(false);
        };
        let column = |wanted: &str| {
            codes.iter().position(|code| code == wanted).ok_or_else(|| Error::NoColumn {
                name: self.name.to_owned(),
                line,
                wanted: wanted.to_owned(),
                columns: fields.join(", "),
            })
        };
        self.columns = Some((column(self.from)?, column(self.to)?));
        Ok(true)
    }

    /// A first line of two short words could also be an entry.
    fn names_languages(&self, codes: &[String]) -> bool {
        let ours = |code: &String| code == self.from || code == self.to;
        codes.len() >= 2 && codes.iter().any(ours)
    }

    fn row(&self, line: usize, fields: &[String]) -> Result<Option<Row>, Error> {
        let name = || self.name.to_owned();
        let (term, target) = match (self.columns, fields) {
            (Some((from, to)), _) => (field(fields, from), field(fields, to)),
            (None, [term, target]) => (term.as_str(), target.as_str()),
            (None, [term, target, from, to]) if code(from).is_some() && code(to).is_some() => {
                if code(from).as_deref() != Some(self.from) || code(to).as_deref() != Some(self.to)
                {
                    return Ok(None);
                }
                (term.as_str(), target.as_str())
            }
            _ => return Err(Error::Columns { name: name(), line, n_columns: fields.len() }),
        };
        // A table of several languages has holes.
        if self.columns.is_some() && (term.is_empty() || target.is_empty()) {
            return Ok(None);
        }
        if term.is_empty() {
            return Err(Error::NoTerm { name: name(), line });
        }
        self.checked(line, term, target).map(Some)
    }

    fn checked(&self, line: usize, term: &str, target: &str) -> Result<Row, Error> {
        let name = || self.name.to_owned();
        let targets: Vec<String> = target.split('|').map(clean).filter(|t| !t.is_empty()).collect();
        if targets.is_empty() {
            return Err(Error::NoTranslation { name: name(), line, term: term.to_owned() });
        }
        let wordless = |text: &&str| !text.chars().any(char::is_alphanumeric);
        let mut texts = std::iter::once(term).chain(targets.iter().map(String::as_str));
        if let Some(text) = texts.find(wordless) {
            return Err(Error::NoWord { name: name(), line, term: text.to_owned() });
        }
        Ok(Row { line, term: term.to_owned(), targets })
    }
}

fn field(fields: &[String], idx: usize) -> &str {
    fields.get(idx).map_or("", String::as_str)
}

/// One blank between words, none around them.
fn clean(field: &str) -> String {
    field.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `source,target`
fn is_plain_header(fields: &[String]) -> bool {
    let lower: Vec<String> = fields.iter().map(|field| field.to_lowercase()).collect();
    matches!(lower.first().map(String::as_str), Some("source" | "source term"))
        && matches!(lower.get(1).map(String::as_str), Some("target" | "target term"))
}

/// The language of `en`, `EN-GB` or `pt_BR`.
fn code(field: &str) -> Option<String> {
    let (language, region) = field.split_once(['-', '_']).unwrap_or((field, "xx"));
    let is_code = language.len() == 2 && (2..=4).contains(&region.len());
    let is_ascii = format!("{language}{region}").chars().all(|c| c.is_ascii_alphabetic());
    (is_code && is_ascii).then(|| language.to_ascii_lowercase())
}

/// The fields of one line by RFC 4180; none where a quotation mark stays open.
fn csv_fields(line: &str, delimiter: char) -> Option<Vec<String>> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        let field = fields.last_mut()?;
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() => quoted = true,
            c if c == delimiter && !quoted => fields.push(String::new()),
            c => field.push(c),
        }
    }
    (!quoted).then_some(fields)
}

//! What stands in a PO file, with its places.

use super::NOTE;
use crate::article::Span;

/// A message with its comments.
#[derive(Debug, Clone, Default)]
pub(super) struct Message {
    /// Where its first line begins, a comment or a keyword.
    pub start: usize,
    /// Where its first keyword stands.
    pub body: usize,
    /// What stands behind `#,`.
    pub flags: Option<Span>,
    pub is_fuzzy: bool,
    /// Whether its translation is said to be ours.
    pub is_noted: bool,
    /// The lines `#|`: what the text was when it was translated.
    pub previous: Vec<Span>,
    pub id: String,
    pub plural: Option<String>,
    /// Its translations; several where there is a plural.
    pub strings: Vec<Value>,
    has_context: bool,
    is_begun: bool,
    has_body: bool,
}

impl Message {
    /// The first message tells of the file.
    pub(super) fn is_header(&self) -> bool {
        self.id.is_empty() && !self.has_context
    }
}

/// A translation.
#[derive(Debug, Clone)]
pub(super) struct Value {
    /// The number of the plural form.
    pub n: usize,
    /// From the first quote to the last.
    pub place: Span,
    pub text: String,
}

/// The messages of a file; those that it no longer uses (`#~`) are none.
pub(super) fn messages(text: &str) -> Result<Vec<Message>, String> {
    let mut reader = Reader::default();
    let mut at = 0;
    for (line, number) in text.split_inclusive('\n').zip(1..) {
        let is_read = reader.line(line, at);
        is_read.map_err(|reason| format!("line {number}: {reason}"))?;
        at += line.len();
    }
    reader.finish().map_err(|reason| format!("at its end: {reason}"))?;
    Ok(reader.messages)
}

#[derive(Debug, Default)]
struct Reader {
    messages: Vec<Message>,
    now: Message,
    field: Field,
}

/// What the next string belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
enum Field {
    #[default]
    None,
    /// Something that is not looked at.
    Other,
    Id,
    Plural,
    String,
}

impl Reader {
    fn line(&mut self, line: &str, at: usize) -> Result<(), String> {
        let bare = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        let start = at + line.len() - bare.len();
        let bare = bare.trim_end();
        if bare.is_empty() {
            return Ok(());
        }
        if bare.starts_with("#~") {
            return self.finish();
        }
        if bare.starts_with('#') {
            return self.comment(bare, Span::new(start, at + line.len()));
        }
        let quote = bare.find('"').ok_or("it is neither a comment nor a string in quotes")?;
        if quote > 0 {
            self.keyword(bare[..quote].trim(), start)?;
        }
        let value = unquoted(&bare[quote..]).ok_or("a string must end with one quote")?;
        self.string(&value, Span::new(start + quote, start + bare.len()))
    }

    fn begin(&mut self, start: usize) {
        if !self.now.is_begun {
            (self.now.start, self.now.is_begun) = (start, true);
        }
    }

    fn comment(&mut self, comment: &str, line: Span) -> Result<(), String> {
        if self.now.has_body {
            self.finish()?;
        }
        self.begin(line.start);
        if let Some(flags) = comment.strip_prefix("#,") {
            self.now.is_fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
            let start = line.start + "#,".len();
            self.now.flags.get_or_insert(Span::new(start, start + flags.len()));
        } else if comment.starts_with("#|") {
            self.now.previous.push(line);
        }
        self.now.is_noted |= comment == NOTE;
        Ok(())
    }

    fn keyword(&mut self, word: &str, start: usize) -> Result<(), String> {
        if matches!(word, "msgctxt" | "msgid" | "domain") && !self.now.strings.is_empty() {
            self.finish()?;
        }
        self.begin(start);
        if !self.now.has_body {
            (self.now.body, self.now.has_body) = (start, true);
        }
        self.field = match word {
            "msgid" => Field::Id,
            "msgid_plural" => Field::Plural,
            "msgctxt" => Field::Other,
            "domain" => {
                self.now = Message::default();
                Field::Other
            }
            _ => self.value(word)?,
        };
        self.now.has_context |= word == "msgctxt";
        Ok(())
    }

    /// Begins `msgstr` or `msgstr[1]`.
    fn value(&mut self, word: &str) -> Result<Field, String> {
        let unknown = || format!("`{word}` is no keyword of a PO file");
        let rest = word.strip_prefix("msgstr").ok_or_else(unknown)?.trim();
        let n = rest.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let n = n.unwrap_or(if rest.is_empty() { "0" } else { "?" });
        let n = n.trim().parse().map_err(|_| unknown())?;
        self.now.strings.push(Value { n, place: Span::default(), text: String::new() });
        Ok(Field::String)
    }

    fn string(&mut self, value: &str, place: Span) -> Result<(), String> {
        match self.field {
            Field::None => return Err("a string without a keyword before it".to_owned()),
            Field::Other => {}
            Field::Id => self.now.id.push_str(value),
            Field::Plural => self.now.plural.get_or_insert_default().push_str(value),
            Field::String => {
                if let Some(last) = self.now.strings.last_mut() {
                    let is_first = last.place.is_empty();
                    let start = if is_first { place.start } else { last.place.start };
                    last.place = Span::new(start, place.end);
                    last.text.push_str(value);
                }
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), String> {
        let message = std::mem::take(&mut self.now);
        self.field = Field::None;
        if message.has_body && message.strings.is_empty() {
            return Err("the message before it has no msgstr".to_owned());
        }
        self.messages.extend(Some(message).filter(|message| message.has_body));
        Ok(())
    }
}

/// The text of a string in quotes, or nothing where that is not all of it.
fn unquoted(quoted: &str) -> Option<String> {
    let raw = quoted.strip_prefix('"')?.as_bytes();
    let mut bytes = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&c) = raw.get(at) {
        at += 1;
        match c {
            b'"' => {
                let is_all = at == raw.len();
                return is_all.then(|| String::from_utf8_lossy(&bytes).into_owned());
            }
            b'\\' => {
                let (meant, len) = escaped(raw.get(at..)?)?;
                bytes.push(meant);
                at += len;
            }
            c => bytes.push(c),
        }
    }
    None
}

/// The byte that is meant by what stands behind a backslash, and the length of that.
fn escaped(rest: &[u8]) -> Option<(u8, usize)> {
    let meant = match *rest.first()? {
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'a' => 7,
        b'b' => 8,
        b'v' => 11,
        b'f' => 12,
        b'0'..=b'7' => return Some(number(rest, 8, 3)),
        b'x' if rest.get(1).is_some_and(u8::is_ascii_hexdigit) => {
            let (meant, len) = number(rest.get(1..)?, 16, 2);
            return Some((meant, len + 1));
        }
        c => c,
    };
    Some((meant, 1))
}

/// A byte by its number, and how many digits that has.
fn number(digits: &[u8], radix: u32, most: usize) -> (u8, usize) {
    let values = digits.iter().take(most).map_while(|&d| char::from(d).to_digit(radix));
    let (value, len) = values.fold((0, 0), |(value, len), digit| (value * radix + digit, len + 1));
    // A byte holds no more; `\777` is no character anywhere.
    (value as u8, len)
}

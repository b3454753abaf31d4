//! Why an article reads as it does: what the file is, where its facts come from, and what was set
//! aside by which rule.

use depeche::article::{Article, Block, Dated, RawArticle, Span};
use serde_json::json;

use super::cleaned::is_set_apart;
use super::page::{Page, escaped};

/// The reasons of one article.
pub struct Reasons {
    /// What was read, and what the article says of itself: a name and a value.
    facts: Vec<(&'static str, String)>,
    /// In order of the file.
    decisions: Vec<Decision>,
    n_blocks: usize,
}

/// What became of a block that is not plain running text.
struct Decision {
    head: String,
    words: String,
}

impl Reasons {
    /// With the bytes of the file where they are known, to count its lines.
    pub fn new(raw: &RawArticle, article: &Article, file: Option<&[u8]>) -> Self {
        let lines = file.map(Lines::new);
        let place = |span: Span| place(lines.as_ref(), span);
        let decided = article.blocks.iter().filter(|block| is_decision(block));
        let decision = |block: &Block| Decision {
            head: format!("{}, {}", verdict(block), place(raw.in_file(block.span))),
            words: block.text.clone(),
        };
        Self {
            facts: facts(raw, article, &place),
            decisions: decided.map(decision).collect(),
            n_blocks: article.blocks.len(),
        }
    }

    /// Below the article.
    pub fn print(&self, page: &mut Page) {
        page.heading("What was read");
        for (name, value) in &self.facts {
            page.wrapped(&format!("  {name:<10} "), value, "");
        }
        page.heading(&self.heading());
        for Decision { head, words } in &self.decisions {
            page.wrapped("  ", head, page.style.bold);
            page.wrapped("      ", words, page.style.dim);
        }
    }

    /// The same as Markdown.
    pub fn marked_up(&self) -> Vec<String> {
        let fact = |(name, value): &(&str, String)| format!("- {name}: {}", escaped(value));
        let decision = |Decision { head, words }: &Decision| {
            format!("- **{}**: {}", escaped(head), escaped(words))
        };
        let facts: Vec<String> = self.facts.iter().map(fact).collect();
        let decisions: Vec<String> = self.decisions.iter().map(decision).collect();
        let parts =
            ["### What was read".into(), facts.join("\n"), format!("### {}", self.heading())];
        parts.into_iter().chain([decisions.join("\n")]).filter(|part| !part.is_empty()).collect()
    }

    fn heading(&self) -> String {
        let Self { decisions, n_blocks, .. } = self;
        match decisions.len() {
            0 => "Nothing was set aside".into(),
            n => format!("What rules decided: {n} of {n_blocks} blocks"),
        }
    }
}

/// Whether a rule had a say, or the block is kept beside the running text.
fn is_decision(block: &Block) -> bool {
    !block.kept || block.rule.is_some() || is_set_apart(block.kind)
}

fn verdict(block: &Block) -> String {
    let reason = block.rule.map_or("markup".into(), |rule| format!("rule {rule}"));
    let fate = match block.kept {
        false => "removed",
        true if is_set_apart(block.kind) => "set apart",
        true => "kept",
    };
    format!("{fate} {} ({reason}, {:.2})", block.kind.as_str(), block.confidence)
}

fn facts(
    raw: &RawArticle,
    article: &Article,
    place: &impl Fn(Span) -> String,
) -> Vec<(&'static str, String)> {
    let mut facts = vec![("format", format(raw)), ("language", language(article))];
    if article.wrapped {
        facts.push(("lines", "broken at a fixed width; put together again".into()));
    }
    let days = [("published", article.published), ("modified", article.modified)];
    let day = |dated: Dated| {
        let Dated { date, evidence, confidence } = dated;
        format!("{date} (confidence {confidence:.2}), {}", place(evidence))
    };
    facts.extend(days.into_iter().filter_map(|(name, dated)| Some((name, day(dated?)))));
    let names = [
        ("agency", &article.agency),
        ("site", &article.site),
        ("author", &article.author),
        ("section", &article.section),
        ("url", &article.url),
    ];
    facts.extend(names.into_iter().filter_map(|(name, value)| Some((name, value.clone()?))));
    facts
}

fn format(raw: &RawArticle) -> String {
    let format = json!(raw.format);
    let name = format.as_str().unwrap_or_default();
    format!("{name} in {}, {} bytes, sha256 {}", raw.encoding, raw.n_bytes, raw.sha256)
}

fn language(article: &Article) -> String {
    let language = article.language;
    if !language.is_known() {
        return "unknown".into();
    }
    format!("{}, confidence {:.2}", language.code, language.confidence)
}

fn place(lines: Option<&Lines>, span: Span) -> String {
    if span.is_empty() {
        return "at no byte of the file".into();
    }
    let bytes = format!("bytes {}..{}", span.start, span.end);
    let Some(lines) = lines else { return bytes };
    match lines.of(span) {
        (first, last) if first == last => format!("line {first}, {bytes}"),
        (first, last) => format!("lines {first}-{last}, {bytes}"),
    }
}

/// Where the lines of a file end.
struct Lines {
    breaks: Vec<usize>,
}

impl Lines {
    fn new(file: &[u8]) -> Self {
        let is_break = |&at: &usize| match file.get(at) {
            Some(b'\n') => true,
            Some(b'\r') => file.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        Self { breaks: (0..file.len()).filter(is_break).collect() }
    }

    /// The numbers of the first and the last line of a span; the first line of a file is 1.
    fn of(&self, span: Span) -> (usize, usize) {
        let line = |at: usize| self.breaks.partition_point(|&end| end < at) + 1;
        (line(span.start), line(span.end.saturating_sub(1).max(span.start)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_count_from_one_whatever_ends_them() {
        let lines = Lines::new(b"ab\ncd\r\nef\rgh");
        assert_eq!(lines.of(Span::new(0, 2)), (1, 1));
        assert_eq!(lines.of(Span::new(3, 5)), (2, 2));
        assert_eq!(lines.of(Span::new(3, 9)), (2, 3));
        assert_eq!(lines.of(Span::new(10, 12)), (4, 4));
        assert_eq!(lines.of(Span::new(0, 0)), (1, 1));
    }
}

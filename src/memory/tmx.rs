//! TMX 1.1 to 1.4: the segments of each unit, by their languages.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::escape::{resolve_predefined_entity, unescape};
use quick_xml::events::{BytesRef, BytesStart, Event};

use crate::language::is_tag_of;

/// The elements in a segment that hold codes of a format, not text.
const CODES: [&str; 5] = ["bpt", "ept", "ph", "it", "ut"];

/// The pairs of two languages, in the order of the file.
pub(super) fn pairs(text: &str, from: &str, to: &str) -> Result<Vec<(String, String)>, String> {
    let mut parser = Parser { from, to, ..Parser::default() };
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    loop {
        let event = reader.read_event().map_err(|error| {
            let at = usize::try_from(reader.error_position()).unwrap_or_default();
            let before = text.as_bytes().get(..at).unwrap_or_default();
            let n_lines = before.iter().filter(|&&c| c == b'\n').count();
            format!("line {}: {error}", n_lines + 1)
        })?;
        if event == Event::Eof {
            return parser.finish();
        }
        parser.take(&event);
    }
}

#[derive(Default)]
struct Parser<'a> {
    from: &'a str,
    to: &'a str,
    pairs: Vec<(String, String)>,
    /// The languages that the file has.
    languages: BTreeSet<String>,
    is_tmx: bool,
    n_open: usize,
    /// The segments of the unit so far.
    source: String,
    target: String,
    language: String,
    segment: String,
    is_segment: bool,
    /// How many elements of codes the place is in.
    n_codes: usize,
}

impl Parser<'_> {
    fn take(&mut self, event: &Event) {
        match event {
            Event::Start(element) => {
                self.n_open += 1;
                self.start(element);
            }
            Event::End(element) => {
                self.n_open = self.n_open.saturating_sub(1);
                self.end(element.local_name().into_inner());
            }
            Event::Text(text) => self.text(&text.xml10_content()),
            Event::CData(text) => self.text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.text(&referenced(reference)),
            _ => {}
        }
    }

    fn start(&mut self, element: &BytesStart) {
        match element.local_name().into_inner() {
            "tmx" => self.is_tmx = true,
            "tu" => {
                self.source.clear();
                self.target.clear();
            }
            "tuv" => {
                self.language = language(element);
                self.languages.insert(self.language.clone());
            }
            "seg" => {
                self.is_segment = true;
                self.n_codes = 0;
                self.segment.clear();
            }
            name if CODES.contains(&name) => self.n_codes += 1,
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match name {
            "seg" => self.end_segment(),
            "tu" => self.end_unit(),
            name if CODES.contains(&name) => self.n_codes = self.n_codes.saturating_sub(1),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if self.is_segment && self.n_codes == 0 {
            self.segment.push_str(text);
        }
    }

    /// Of several segments in a language, the first counts.
    fn end_segment(&mut self) {
        self.is_segment = false;
        let segment = std::mem::take(&mut self.segment);
        let sides = [(self.from, &mut self.source), (self.to, &mut self.target)];
        let own = sides
            .into_iter()
            .find(|(code, side)| side.is_empty() && is_tag_of(&self.language, code));
        if let Some((_, side)) = own {
            segment.trim().clone_into(side);
        }
    }

    fn end_unit(&mut self) {
        if !self.source.is_empty() && !self.target.is_empty() {
            let pair = (std::mem::take(&mut self.source), std::mem::take(&mut self.target));
            self.pairs.push(pair);
        }
    }

    fn finish(self) -> Result<Vec<(String, String)>, String> {
        if !self.is_tmx {
            return Err("it has no element <tmx>".to_owned());
        }
        if self.n_open > 0 {
            return Err("it ends in the middle".to_owned());
        }
        let known: Vec<&str> = self.languages.iter().map(String::as_str).collect();
        let is_known = |code: &str| known.iter().any(|tag| is_tag_of(tag, code));
        match known.is_empty() || (is_known(self.from) && is_known(self.to)) {
            true => Ok(self.pairs),
            false => Err(format!(
                "it has no sentences in `{}` and `{}`; its languages are {}",
                self.from,
                self.to,
                known.join(", ")
            )),
        }
    }
}

/// The language of a `tuv`: `xml:lang`, which was `lang` before 1.4.
fn language(element: &BytesStart) -> String {
    let mut attributes = element.attributes().filter_map(std::result::Result::ok);
    let found = attributes.find(|attribute| attribute.key.local_name().into_inner() == "lang");
    let value = found.map(|attribute| attribute.value.into_owned()).unwrap_or_default();
    unescape(&value).map_or(value.clone(), std::borrow::Cow::into_owned)
}

/// The text of a reference; of one that is not known, the reference as it stands.
fn referenced(reference: &BytesRef) -> String {
    if let Ok(Some(c)) = reference.resolve_char_ref() {
        return c.to_string();
    }
    let name = reference.xml10_content();
    let known = resolve_predefined_entity(&name);
    known.map_or_else(|| format!("&{name};"), str::to_owned)
}

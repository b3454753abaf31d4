//! Pages: the words between the tags of blocks, and the attributes that a reader sees.
//!
//! What a browser does with a page that is written wrongly does not matter here: whatever is no
//! text of a unit is written again as it stands.

mod attributes;
mod names;

use html5gum::{DefaultEmitter, EndTag, StartTag, Token, Tokenizer};

use self::attributes::Attribute;
use self::names::{Skipped, is_block, is_code, is_opaque};
use super::inline::Side;
use super::run::{self, Run};
use super::{Edit, Escape, Found, Options, Unit};
use crate::article::Span;

pub(super) use self::names::is_void;

#[cfg(test)]
mod tests;

/// The units of a page, and what says its language and its encoding.
pub(super) fn find(text: &str, options: &Options) -> Found {
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    emitter.naively_switch_states(true);
    let mut reader = Reader::new(text, options);
    for token in Tokenizer::new_with_emitter(text, emitter).flatten() {
        reader.take(token);
    }
    reader.found()
}

/// Reads one token after another.
struct Reader<'a> {
    text: &'a str,
    options: &'a Options,
    units: Vec<Unit>,
    /// Units in tags. Those in the tags of other units are none.
    attributes: Vec<Unit>,
    edits: Vec<Edit>,
    run: Run,
    /// The element that is not translated.
    skipped: Option<Skipped>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, options: &'a Options) -> Self {
        Self {
            text,
            options,
            units: Vec::new(),
            attributes: Vec::new(),
            edits: Vec::new(),
            run: Run::default(),
            skipped: None,
        }
    }

    fn take(&mut self, token: Token<usize>) {
        match token {
            Token::StartTag(tag) => self.start(&tag),
            Token::EndTag(tag) => self.end(&tag),
            Token::String(found) if self.skipped.is_none() => {
                let words = String::from_utf8_lossy(&found.value);
                self.run.push_text(&words, span(found.span), self.text);
            }
            Token::Comment(comment) => self.comment(span(comment.span)),
            Token::Doctype(doctype) => self.comment(span(doctype.span)),
            Token::String(_) | Token::Error(_) => {}
        }
    }

    fn start(&mut self, tag: &StartTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let place = span(tag.span);
        if let Some(skipped) = &mut self.skipped {
            if !skipped.ends_before(&name) {
                return skipped.start(name, tag.self_closing);
            }
            self.end_skipped(place.start);
        }
        let attributes = attributes::read(self.text, tag);
        let is_kept = attributes.iter().any(Attribute::forbids_translation);
        if !is_kept {
            self.attributes.extend(attributes::units(&name, &attributes));
        }
        let edits = attributes::edits(&name, &attributes, self.options);
        if is_block(&name) || name == "br" {
            self.end_run();
        }
        if is_kept || is_opaque(&name) {
            self.skip(name, place, tag.self_closing);
        } else if !is_block(&name) && name != "br" {
            self.start_inline(name, place, &edits, tag.self_closing);
        }
        self.edits.extend(edits);
    }

    fn start_inline(&mut self, name: String, place: Span, edits: &[Edit], is_closed: bool) {
        let side = if is_closed || is_void(&name) { Side::Alone } else { Side::Open };
        let is_code = side == Side::Open && is_code(&name);
        let raw = edited(self.text, place, edits);
        self.run.push_tag(run::Found { name, side, raw, place });
        if is_code {
            self.run.keep();
        }
    }

    fn end(&mut self, tag: &EndTag<usize>) {
        let name = String::from_utf8_lossy(&tag.name).into_owned();
        let place = span(tag.span);
        if let Some(skipped) = &mut self.skipped {
            match skipped.end(&name) {
                names::End::Inside => return,
                names::End::Behind => return self.end_skipped(place.end),
                names::End::Before => self.end_skipped(place.start),
            }
        }
        if is_block(&name) || name == "br" {
            return self.end_run();
        }
        if is_code(&name) {
            self.run.end_keep();
        }
        let raw = place.of(self.text).to_owned();
        self.run.push_tag(run::Found { name, side: Side::Close, raw, place });
    }

    fn comment(&mut self, place: Span) {
        if self.skipped.is_some() {
            return;
        }
        self.edits.extend(attributes::encoding(self.text, place));
        self.alone(place);
    }

    fn alone(&mut self, place: Span) {
        let raw = place.of(self.text).to_owned();
        self.run.push_tag(run::Found { name: String::new(), side: Side::Alone, raw, place });
    }

    /// Passes over an element; in running text it is one tag with all that is in it.
    fn skip(&mut self, name: String, place: Span, is_closed: bool) {
        let has_content = !is_void(&name) && (!is_closed || names::is_raw(&name));
        let is_inline = !is_block(&name) && name != "br";
        if has_content {
            self.skipped = Some(Skipped::new(name, place.start, is_inline));
        } else if is_inline {
            self.alone(place);
        }
    }

    fn end_skipped(&mut self, end: usize) {
        if let Some(skipped) = self.skipped.take().filter(|skipped| skipped.is_inline) {
            self.alone(Span::new(skipped.start, end));
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.units.extend(run.finish(Escape::Xml));
    }

    fn found(mut self) -> Found {
        self.end_skipped(self.text.len());
        self.end_run();
        let is_free = |place: Span| {
            let idx = self.units.partition_point(|unit| unit.place.end <= place.start);
            self.units.get(idx).is_none_or(|unit| unit.place.start >= place.end)
        };
        self.attributes.retain(|unit| is_free(unit.place));
        self.edits.retain(|edit| is_free(edit.place));
        self.units.append(&mut self.attributes);
        self.units.sort_by_key(|unit| unit.place);
        Found { units: self.units, edits: self.edits }
    }
}

fn span(span: html5gum::Span<usize>) -> Span {
    Span::new(span.start, span.end)
}

/// What stands at `place`, with the edits in it.
fn edited(text: &str, place: Span, edits: &[Edit]) -> String {
    let mut written = String::new();
    let mut at = place.start;
    for edit in edits {
        written.push_str(Span::new(at, edit.place.start).of(text));
        written.push_str(&edit.text);
        at = edit.place.end;
    }
    written + Span::new(at, place.end).of(text)
}

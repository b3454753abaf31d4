//! Text and tags of a file as they come, made into a unit that begins and ends with words.

use super::inline::{Inline, Side};
use super::{Escape, Unit};
use crate::article::Span;

/// So many open tags are looked at for the one that a tag closes; no text has more.
const MAX_OPEN: usize = 64;
const BLANKS: [char; 4] = [' ', '\n', '\r', '\t'];

/// A tag as it comes.
#[derive(Debug, Clone)]
pub(super) struct Found {
    /// What it opens or closes: both have the same name.
    pub name: String,
    pub side: Side,
    /// What is written for it.
    pub raw: String,
    /// Its bytes in the file.
    pub place: Span,
}

/// Text that is translated as one, as far as it is read.
#[derive(Debug, Default)]
pub(super) struct Run {
    inline: Inline,
    /// Name and place of each tag.
    marks: Vec<(String, Span)>,
    /// From the first to the last character that is no blank.
    words: Option<Span>,
    /// What stays as it is, in the text.
    kept: Vec<Span>,
    /// Where such a text began that has not ended.
    keeps_from: Option<usize>,
    /// Where the run begins in the file.
    pub start: Option<usize>,
}

impl Run {
    /// Adds text that stands at `place`, where it may be written otherwise.
    pub(super) fn push_text(&mut self, text: &str, place: Span, file: &str) {
        self.start.get_or_insert(place.start);
        if text.starts_with(BLANKS) {
            self.push_blank();
        }
        self.inline.push_words(text);
        if text.trim_matches(BLANKS).is_empty() {
            return;
        }
        let raw = place.of(file);
        let start = place.start + raw.len() - raw.trim_start_matches(BLANKS).len();
        let end = place.start + raw.trim_end_matches(BLANKS).len();
        let words = self.words.get_or_insert(Span::new(start, end));
        words.end = end.max(words.end);
    }

    /// Of the blanks on both sides of an image, say, the text has one. The tag takes the other.
    fn push_blank(&mut self) {
        let Inline { text, tags } = &mut self.inline;
        let last = tags.last_mut().filter(|tag| tag.side == Side::Alone && tag.at == text.len());
        if let Some(tag) = last.filter(|tag| text.ends_with(' ') && !tag.raw.ends_with(' ')) {
            tag.raw.push(' ');
        }
    }

    /// Adds a tag.
    pub(super) fn push_tag(&mut self, tag: Found) {
        self.start.get_or_insert(tag.place.start);
        self.inline.push_tag(tag.side, tag.raw);
        self.marks.push((tag.name, tag.place));
    }

    /// What follows stays as it is.
    pub(super) fn keep(&mut self) {
        self.keeps_from.get_or_insert(self.inline.text.len());
    }

    /// What follows is translated again.
    pub(super) fn end_keep(&mut self) {
        let from = self.keeps_from.take();
        self.kept.extend(from.map(|from| Span::new(from, self.inline.text.len())));
    }

    /// The unit, if there is anything to translate. Tags before its first word and behind its last
    /// one stay outside.
    pub(super) fn finish(mut self, escape: Escape) -> Option<Unit> {
        self.inline.trim_end();
        self.end_keep();
        let len = self.inline.text.len();
        self.kept.iter_mut().for_each(|kept| *kept = Span::new(kept.start, kept.end.min(len)));
        let words = self.words?;
        if !self.has_words() {
            return None;
        }
        let partners = self.settle();
        let (first, end) = self.inner(&partners);
        let place = self.place(words, first, end);
        let keep = self.keep_words();
        self.inline.tags.truncate(end);
        self.inline.tags.drain(..first);
        Some(Unit { keep, ..Unit::new(self.inline, place, escape) })
    }

    /// Whether there are words that do not stay as they are.
    fn has_words(&self) -> bool {
        let mut at = 0;
        let ends = Span::new(self.inline.text.len(), self.inline.text.len());
        self.kept.iter().chain([&ends]).any(|kept| {
            let between = Span::new(at, kept.start).of(&self.inline.text);
            at = kept.end;
            between.split_whitespace().any(|word| !is_url(word) && has_letters(word))
        })
    }

    fn keep_words(&self) -> Vec<String> {
        let text = &self.inline.text;
        let kept = self.kept.iter().map(|kept| kept.of(text).trim());
        let marks = |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | ')' | '»' | '"');
        let urls = text.split_whitespace().filter(|word| is_url(word));
        let mut all: Vec<String> = kept
            .chain(urls.map(|url| url.trim_end_matches(marks)))
            .filter(|words| has_letters(words))
            .map(str::to_owned)
            .collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The tag that each tag belongs to. A tag that has none stands alone.
    fn settle(&mut self) -> Vec<Option<usize>> {
        let mut partners = vec![None; self.marks.len()];
        let mut open: Vec<usize> = Vec::new();
        for idx in 0..self.marks.len() {
            match self.inline.tags[idx].side {
                Side::Open => open.push(idx),
                Side::Close => {
                    let same = |at: &usize| self.marks[open[*at]].0 == self.marks[idx].0;
                    let found = (0..open.len()).rev().take(MAX_OPEN).find(same);
                    if let Some(at) = found {
                        (partners[open[at]], partners[idx]) = (Some(idx), Some(open[at]));
                        open.truncate(at);
                    }
                }
                Side::Alone | Side::Break => {}
            }
        }
        for (tag, _) in self.inline.tags.iter_mut().zip(&partners).filter(|(_, p)| p.is_none()) {
            tag.side = Side::Alone;
        }
        partners
    }

    /// The first tag that belongs to some words, and the one behind the last.
    fn inner(&self, partners: &[Option<usize>]) -> (usize, usize) {
        let tags = &self.inline.tags;
        let len = self.inline.text.len();
        let (mut first, mut end) = (0, tags.len());
        while first < end {
            let (at_start, at_end) = (tags[first].at == 0, tags[end - 1].at == len);
            match (partners[first], partners[end - 1]) {
                (None, _) if at_start => first += 1,
                (_, None) if at_end => end -= 1,
                // A pair of which each is at its edge encloses all.
                (Some(close), _) if at_start && at_end && close == end - 1 => {
                    (first, end) = (first + 1, end - 1);
                }
                (Some(close), _) if at_start && tags[close].at == 0 => first = close + 1,
                (_, Some(open)) if at_end && tags[open].at == len => end = open,
                _ => break,
            }
        }
        (first, end)
    }

    fn place(&self, words: Span, first: usize, end: usize) -> Span {
        let tags = self.inline.tags.iter().zip(&self.marks).take(end).skip(first);
        let len = self.inline.text.len();
        let mut place = words;
        for (tag, (_, at)) in tags {
            if tag.at == 0 {
                place.start = place.start.min(at.start);
            }
            if tag.at == len {
                place.end = place.end.max(at.end);
            }
        }
        place
    }
}

fn has_letters(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

fn is_url(word: &str) -> bool {
    ["http://", "https://", "www."].iter().any(|start| word.starts_with(start))
}

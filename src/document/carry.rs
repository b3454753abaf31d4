//! The tags of a text, put into its translation.
//!
//! Sentences are translated one by one, so a tag about whole sentences has its place at once. For
//! one about some words, these words are looked for in the translated sentence: as they stand, as
//! they are translated on their own ([`phrases`]), or what is most like that; where nothing is,
//! words at the same share of the sentence. Tags stay nested as they were, and none is lost.

use super::inline::{Inline, Side, Tag};
use crate::article::Span;

/// A longer phrase is not translated on its own: it may differ in too many ways.
const MAX_PHRASE_WORDS: usize = 12;
/// So like a phrase must words be, from 0 to 1.
const MIN_LIKENESS: f64 = 0.5;
/// What it takes from likeness to stand at the other end of the sentence.
const FAR: f64 = 0.3;

/// What of a text is to be translated on its own, so that its tags can be put: the words of each
/// pair of tags within a sentence.
pub fn phrases(inline: &Inline, sentences: &[Span]) -> Vec<Span> {
    let within = |span: &Span| {
        let sentence = sentences.iter().find(|s| s.start <= span.start && span.end <= s.end);
        sentence.is_some_and(|s| !is_all_of(&inline.text, *s, *span))
    };
    let spans = inline.pairs().into_iter().map(|(open, close)| {
        trimmed(&inline.text, Span::new(inline.tags[open].at, inline.tags[close].at))
    });
    let is_phrase = |span: &Span| {
        let phrase = span.of(&inline.text);
        let n_words = phrase.split_whitespace().count();
        phrase.chars().any(char::is_alphabetic) && n_words <= MAX_PHRASE_WORDS && within(span)
    };
    spans.filter(is_phrase).collect()
}

/// Puts the tags of `source` into its translation. `sentences` are the places of each sentence in
/// both texts; `phrase` gives the translation of words of the source, where it is known.
pub fn carry(
    source: &Inline,
    sentences: &[(Span, Span)],
    target: &str,
    phrase: &dyn Fn(Span) -> Option<String>,
) -> Inline {
    let map = Map { source: &source.text, target, sentences, phrase };
    let mut writer = Writer { source, map, tags: Vec::new() };
    let nodes = nodes(source);
    writer.put(&nodes, Span::new(0, target.len()));
    Inline { text: target.to_owned(), tags: writer.tags }
}

/// A tag, or a pair of them with what is inside.
#[derive(Debug)]
struct Node {
    open: usize,
    close: Option<usize>,
    inside: Vec<Node>,
}

/// The tags of a text as a tree.
fn nodes(inline: &Inline) -> Vec<Node> {
    let pairs = inline.pairs();
    let close_of = |open: usize| pairs.iter().find(|(o, _)| *o == open).map(|(_, close)| *close);
    tree(0..inline.tags.len(), &close_of)
}

fn tree(range: std::ops::Range<usize>, close_of: &dyn Fn(usize) -> Option<usize>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let close = close_of(at);
        let inside = close.map_or(Vec::new(), |close| tree(at + 1..close, close_of));
        nodes.push(Node { open: at, close, inside });
        at = close.map_or(at, |close| close) + 1;
    }
    nodes
}

/// Writes the tags in the order of the translation.
struct Writer<'a> {
    source: &'a Inline,
    map: Map<'a>,
    tags: Vec<Tag>,
}

impl Writer<'_> {
    /// Puts neighbours into a part of the translation, none into another.
    fn put(&mut self, nodes: &[Node], room: Span) {
        let mut places: Vec<(Span, &Node)> =
            nodes.iter().map(|node| (self.place(node, room), node)).collect();
        // What has no width stays in its order: breaks and images do not change places.
        places.sort_by_key(|(place, _)| place.start);
        let mut at = room.start;
        for (place, node) in places {
            let place = self.free(place, Span::new(at, room.end), node);
            at = place.end;
            self.push(node.open, place.start);
            self.put(&node.inside, place);
            if let Some(close) = node.close {
                self.push(close, place.end);
            }
        }
    }

    fn push(&mut self, tag: usize, at: usize) {
        self.tags.push(Tag { at, ..self.source.tags[tag].clone() });
    }

    fn place(&self, node: &Node, room: Span) -> Span {
        let start = self.source.tags[node.open].at;
        let place = match node.close {
            Some(close) => self.map.span(Span::new(start, self.source.tags[close].at)),
            None => {
                let at = self.map.point(start, self.source.tags[node.open].side);
                Span::new(at, at)
            }
        };
        clamped(place, room)
    }

    /// The place without what is taken; words for what had words, if there are any left.
    fn free(&self, place: Span, room: Span, node: &Node) -> Span {
        let place = clamped(place, room);
        let had_words = node.close.is_some_and(|close| {
            let span = Span::new(self.source.tags[node.open].at, self.source.tags[close].at);
            !span.of(self.map.source).trim().is_empty()
        });
        if !had_words || !place.of(self.map.target).trim().is_empty() {
            return place;
        }
        let next = words(self.map.target).into_iter().find(|word| word.start >= place.start);
        next.filter(|word| word.end <= room.end).unwrap_or(place)
    }
}

fn clamped(place: Span, room: Span) -> Span {
    let start = place.start.clamp(room.start, room.end);
    Span::new(start, place.end.clamp(start, room.end))
}

/// From places of the source to places of the translation.
struct Map<'a> {
    source: &'a str,
    target: &'a str,
    sentences: &'a [(Span, Span)],
    phrase: &'a dyn Fn(Span) -> Option<String>,
}

impl Map<'_> {
    fn span(&self, span: Span) -> Span {
        let inner = trimmed(self.source, span);
        if inner.is_empty() {
            let at = self.point(span.start, Side::Alone);
            return Span::new(at, at);
        }
        let (Some(first), Some(last)) = (self.starting(inner.start), self.ending(inner.end)) else {
            return Span::new(0, self.target.len());
        };
        if first == last {
            return self.within(first, inner);
        }
        let (first, last) = (self.sentences[first], self.sentences[last]);
        let start = match inner.start <= first.0.start {
            true => first.1.start,
            false => self.share(first, inner.start, true),
        };
        let end = match inner.end >= last.0.end {
            true => last.1.end,
            false => self.share(last, inner.end, false),
        };
        Span::new(start, end)
    }

    /// The place of what has no words.
    fn point(&self, at: usize, side: Side) -> usize {
        let after = self.sentences.iter().position(|(said, _)| at < said.end);
        let Some(sentence) = after.map(|idx| self.sentences[idx]) else {
            return self.target.len();
        };
        if at <= sentence.0.start {
            // Between two sentences: behind the first, before the blank.
            let before = after.and_then(|idx| idx.checked_sub(1)).map(|idx| self.sentences[idx]);
            let is_next_to = before.is_some_and(|(said, _)| said.end == at);
            return before.filter(|_| is_next_to).map_or(sentence.1.start, |(_, told)| told.end);
        }
        let (before, after) = (&self.source[..at], &self.source[at..]);
        let is_behind = side != Side::Break && before.ends_with(|c: char| !c.is_whitespace());
        let place = self.share(sentence, at, !is_behind);
        // Between a word and its mark: `oui[^1].`
        let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        if is_behind && after.starts_with(is_mark) && !before.ends_with(is_mark) {
            return self.target[..place].trim_end_matches(is_mark).len();
        }
        place
    }

    fn starting(&self, at: usize) -> Option<usize> {
        self.sentences.iter().position(|(said, _)| at < said.end)
    }

    fn ending(&self, at: usize) -> Option<usize> {
        self.sentences.iter().rposition(|(said, _)| at > said.start)
    }

    /// Words within one sentence.
    fn within(&self, sentence: usize, span: Span) -> Span {
        let (said, told) = self.sentences[sentence];
        if is_all_of(self.source, said, span) {
            return whole(self.source, said, span, self.target, told);
        }
        let own = span.of(self.source).to_owned();
        let wanted = (self.phrase)(span).into_iter().chain([own]);
        let at = (span.start - said.start) as f64 / said.len().max(1) as f64;
        let found = wanted.filter_map(|words| find(told.of(self.target), &words, at));
        let best = found.max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((place, _)) = best.filter(|(_, likeness)| *likeness >= MIN_LIKENESS) {
            let place = Span::new(told.start + place.start, told.start + place.end);
            return self.with_marks(span, place, told);
        }
        let start = self.share((said, told), span.start, true);
        Span::new(start, self.share((said, told), span.end, false).max(start))
    }

    /// Words of the translation, with the marks at their ends where the words of the source have some.
    fn with_marks(&self, span: Span, place: Span, told: Span) -> Span {
        let is_mark = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let words = span.of(self.source);
        let before = Span::new(told.start, place.start).of(self.target);
        let after = Span::new(place.end, told.end).of(self.target);
        let n_before = if words.starts_with(is_mark) {
            before.len() - before.trim_end_matches(is_mark).len()
        } else {
            0
        };
        let n_after = if words.ends_with(is_mark) {
            after.len() - after.trim_start_matches(is_mark).len()
        } else {
            0
        };
        Span::new(place.start - n_before, place.end + n_after)
    }

    /// The beginning or the end of a word, as far into the translation as into the sentence.
    fn share(&self, (said, told): (Span, Span), at: usize, is_start: bool) -> usize {
        let share = (at - said.start) as f64 / said.len().max(1) as f64;
        let wanted = told.start as f64 + share * told.len() as f64;
        let words = words(told.of(self.target));
        let edges = words.iter().map(|w| told.start + if is_start { w.start } else { w.end });
        let distance = |edge: &usize| (*edge as f64 - wanted).abs();
        let nearest = edges.min_by(|a, b| distance(a).total_cmp(&distance(b)));
        nearest.unwrap_or(if is_start { told.start } else { told.end })
    }
}

/// The span without blanks at its ends.
fn trimmed(text: &str, span: Span) -> Span {
    let inner = span.of(text);
    let start = span.start + inner.len() - inner.trim_start().len();
    Span::new(start, start + inner.trim().len())
}

/// Whether no letter or figure of the sentence stands outside.
fn is_all_of(text: &str, sentence: Span, span: Span) -> bool {
    let before = Span::new(sentence.start, span.start);
    let after = Span::new(span.end, sentence.end);
    let has_words = |part: Span| part.of(text).contains(char::is_alphanumeric);
    !has_words(before) && !has_words(after)
}

/// All of a translated sentence, but for the marks that stood outside in the source.
fn whole(source: &str, said: Span, span: Span, target: &str, told: Span) -> Span {
    let text = told.of(target);
    let is_word = char::is_alphanumeric;
    let first = text.find(is_word).unwrap_or(0);
    let last = text
        .rfind(is_word)
        .map_or(text.len(), |at| at + text[at..].chars().next().map_or(0, char::len_utf8));
    let opens = span.start > said.start && !Span::new(said.start, span.start).of(source).is_empty();
    let start = if opens { first } else { 0 };
    let end = if span.end < said.end { last } else { text.len() };
    Span::new(told.start + start, told.start + end)
}

/// The words of a text with the marks at them.
fn words(text: &str) -> Vec<Span> {
    let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
    text.split_whitespace().map(|word| Span::new(start(word), start(word) + word.len())).collect()
}

/// The words of a sentence that are most like the wanted ones, and how like they are; `at` is where
/// in the sentence they are expected, from 0 to 1.
fn find(sentence: &str, wanted: &str, at: f64) -> Option<(Span, f64)> {
    let bare = |span: Span| bare(sentence, span);
    let words: Vec<Span> =
        words(sentence).into_iter().map(bare).filter(|w| !w.is_empty()).collect();
    let wanted = wanted.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let n = wanted.split_whitespace().count();
    let grams = grams(&wanted);
    let sizes = n.saturating_sub(2).max(1)..=n + 2;
    let windows = sizes.flat_map(|size| {
        words.windows(size).filter_map(|w| Some(Span::new(w.first()?.start, w.last()?.end)))
    });
    let likeness = |span: &Span| {
        let far = (span.start as f64 / sentence.len().max(1) as f64 - at).abs();
        dice(&grams, &self::grams(&span.of(sentence).to_lowercase())) - FAR * far
    };
    let scored = windows.map(|span| (span, likeness(&span)));
    scored.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.start.cmp(&a.0.start)))
}

/// A word without the marks at its ends.
fn bare(text: &str, word: Span) -> Span {
    let inner = word.of(text);
    let start = inner.trim_start_matches(|c: char| !c.is_alphanumeric());
    let from = word.start + inner.len() - start.len();
    Span::new(from, from + start.trim_end_matches(|c: char| !c.is_alphanumeric()).len())
}

/// Pairs of neighbouring letters, sorted.
fn grams(text: &str) -> Vec<(char, char)> {
    let padded: Vec<char> = format!(" {text} ").chars().collect();
    let mut grams: Vec<(char, char)> = padded.windows(2).map(|w| (w[0], w[1])).collect();
    grams.sort_unstable();
    grams
}

/// How much two sorted lists share, from 0 to 1 (Dice 1945).
fn dice(a: &[(char, char)], b: &[(char, char)]) -> f64 {
    let (mut i, mut j, mut shared) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, shared) = (i + 1, j + 1, shared + 1),
        }
    }
    2.0 * f64::from(shared) / (a.len() + b.len()).max(1) as f64
}

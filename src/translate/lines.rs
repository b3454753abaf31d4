//! Whole texts, line for line: as many lines come out as went in, in their order.

use super::{Options, Translated, Translation};
use crate::Result;
use crate::check::Finding;
use crate::engine::{Answer, Answerer, Question};
use crate::pipeline::{Key, Task};
use crate::sentence;

/// Segments of one task: enough to fill a batch, few enough that results flow.
const GROUP_SEGMENTS: usize = 32;

/// How a line is cut into what is translated in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segments {
    /// Each line as it is.
    Lines,
    /// Each line is a paragraph and goes through sentence by sentence.
    Sentences,
}

/// A translated line, without its line break.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    pub text: String,
    pub findings: Vec<Finding>,
}

/// Some lines of a text, under way.
#[derive(Debug)]
pub struct Group {
    /// Segments of each line.
    n_segments: Vec<usize>,
    n_bytes: usize,
    translation: Translation,
    max_new_tokens: Option<usize>,
}

/// The tasks that translate a text. Lines that go on in the next one are joined first where
/// sentences are wanted, because a sentence must be seen whole.
pub fn groups<'t>(
    text: &'t str,
    segments: Segments,
    options: &'t Options,
    max_new_tokens: Option<usize>,
) -> impl Iterator<Item = Group> + 't {
    let mut lines: Box<dyn Iterator<Item = Vec<String>>> = match segments {
        Segments::Lines => Box::new(text.lines().map(|line| vec![line.to_owned()])),
        Segments::Sentences => {
            let paragraphs = joined(text).into_iter();
            Box::new(paragraphs.map(|paragraph| sentences(&paragraph, &options.from)))
        }
    };
    std::iter::from_fn(move || {
        let mut group: Vec<Vec<String>> = Vec::new();
        while group.iter().map(Vec::len).sum::<usize>() < GROUP_SEGMENTS
            && let Some(line) = lines.next()
        {
            group.push(line);
        }
        (!group.is_empty()).then(|| Group::new(&group, options, max_new_tokens))
    })
}

fn sentences(paragraph: &str, language: &str) -> Vec<String> {
    let spans = sentence::split(paragraph, language);
    let sentences: Vec<String> = spans.iter().map(|span| span.of(paragraph).to_owned()).collect();
    if sentences.is_empty() { vec![String::new()] } else { sentences }
}

/// Lines, those that were broken in the middle of a sentence put together again.
fn joined(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(last) if goes_on(last, line) => {
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push(line.trim().to_owned()),
        }
    }
    lines
}

/// Whether a sentence runs from one line into the next: the first has no end, and the second
/// begins with a small letter.
fn goes_on(line: &str, next: &str) -> bool {
    let is_open = line.ends_with(|c: char| c.is_alphanumeric() || matches!(c, ',' | '-' | '\''));
    is_open && next.trim_start().starts_with(char::is_lowercase)
}

impl Group {
    fn new(lines: &[Vec<String>], options: &Options, max_new_tokens: Option<usize>) -> Self {
        let segments = lines.iter().flatten().map(String::as_str);
        Self {
            n_segments: lines.iter().map(Vec::len).collect(),
            // With the line breaks.
            n_bytes: lines.iter().flatten().map(String::len).sum::<usize>() + lines.len(),
            translation: Translation::new(segments, options),
            max_new_tokens,
        }
    }

    /// Lines in the group.
    pub fn n_lines(&self) -> usize {
        self.n_segments.len()
    }

    /// Bytes of text in the group.
    pub fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// The translated lines, once no question is open.
    pub fn into_lines(self) -> Vec<Line> {
        let mut translated = self.translation.into_translated().into_iter();
        let line = |n| Line::new(translated.by_ref().take(n));
        self.n_segments.into_iter().map(line).collect()
    }
}

impl Line {
    fn new(segments: impl Iterator<Item = Translated>) -> Self {
        let mut line = Self::default();
        for segment in segments {
            if !line.text.is_empty() {
                line.text.push(' ');
            }
            line.text.push_str(&on_one_line(&segment.text));
            line.findings.extend(segment.findings);
        }
        line
    }
}

/// Without anything that some reader takes for the end of a line.
fn on_one_line(text: &str) -> String {
    let breaks = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    text.replace(breaks, " ").trim().to_owned()
}

impl Task for Group {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        let mut questions = self.translation.questions(model)?;
        if let Some(limit) = self.max_new_tokens {
            questions.iter_mut().for_each(|(_, q)| q.max_new_tokens = q.max_new_tokens.min(limit));
        }
        Ok(questions)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        self.translation.answer(key, answer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_sentences_are_joined_and_titles_are_not() {
        let text = "Le titre\nLe pont est\nfermé.\n\nmardi, il pleut";
        assert_eq!(joined(text), ["Le titre", "Le pont est fermé.", "", "mardi, il pleut"]);
    }

    #[test]
    fn nothing_ends_a_line_but_its_end() {
        assert_eq!(on_one_line("a\u{2028}b\r\nc\u{85}d\u{b}"), "a b  c d");
    }
}

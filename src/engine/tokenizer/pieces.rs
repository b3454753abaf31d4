//! Vocabularies of SentencePiece: pieces with scores, and bytes for what they do not spell.
//!
//! The pair of neighbours whose union has the best score is joined, again and again, until no union
//! is in the vocabulary (Sennrich et al. 2016, <https://arxiv.org/abs/1508.07909>; Kudo & Richardson
//! 2018, <https://arxiv.org/abs/1808.06226>).

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

use candle_core::quantized::gguf_file::Value;

use super::entries::{Entry, Kind, list};
use super::words::Words;
use crate::network::gguf::GgufFile;
use crate::{Error, Result};

/// Stands for a blank in pieces.
const SPACE: &str = "\u{2581}";

/// A vocabulary of pieces.
pub struct Pieces {
    entries: Vec<Entry>,
    scores: Vec<f32>,
    /// Of the pieces that text may become.
    ids: HashMap<String, u32>,
    bytes: HashMap<u8, u32>,
    /// User-defined pieces, which are taken out of a text before anything is joined.
    whole: Words,
    unknown: Option<u32>,
    /// Whether a text begins with a blank that it does not have.
    add_space_prefix: bool,
}

impl Pieces {
    /// The pieces of a file; `is_control` are the user-defined ones that text must not become.
    ///
    /// # Errors
    /// When the file has not one score a token.
    pub fn load(
        file: &GgufFile,
        mut entries: Vec<Entry>,
        is_control: impl Fn(&Entry) -> bool,
    ) -> Result<Self> {
        let scores = scores(file, entries.len())?;
        for entry in entries.iter_mut().filter(|entry| entry.kind == Kind::UserDefined) {
            if is_control(entry) {
                entry.kind = Kind::Control;
            }
            // Files write the blanks of these as they are.
            entry.text = entry.text.replace(' ', SPACE);
        }
        let numbered = || (0u32..).zip(&entries);
        let of = |kinds: &'static [Kind]| {
            let wanted = numbered().filter(move |(_, entry)| kinds.contains(&entry.kind));
            wanted.map(|(id, entry)| (entry.text.clone(), id))
        };
        let byte = |(id, entry): (u32, &Entry)| match entry.kind {
            Kind::Byte(byte) => Some((byte, id)),
            _ => None,
        };
        let key = "tokenizer.ggml.unknown_token_id";
        Ok(Self {
            ids: of(&[Kind::Text, Kind::UserDefined]).collect(),
            bytes: numbered().filter_map(byte).collect(),
            whole: Words::new(of(&[Kind::UserDefined])),
            unknown: file.value(key).and_then(|id| id.to_u32().ok()),
            add_space_prefix: file
                .value("tokenizer.ggml.add_space_prefix")
                .is_none_or(|value| value.to_bool().unwrap_or(true)),
            entries,
            scores,
        })
    }

    /// The tokens of plain text.
    ///
    /// # Errors
    /// When a character has neither a piece nor bytes.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        let mut tokens = Vec::new();
        if text.is_empty() {
            return Ok(tokens);
        }
        let prefix = if self.add_space_prefix { SPACE } else { "" };
        let text = format!("{prefix}{}", text.replace(' ', SPACE));
        let mut rest = text.as_str();
        while let Some(found) = self.whole.find(rest) {
            self.join(&rest[..found.start], &mut tokens)?;
            tokens.push(found.id);
            rest = &rest[found.end..];
        }
        self.join(rest, &mut tokens)?;
        Ok(tokens)
    }

    fn join(&self, text: &str, tokens: &mut Vec<u32>) -> Result<()> {
        let mut joining = Joining::new(self, text);
        joining.run();
        for piece in joining.pieces() {
            match self.ids.get(piece) {
                Some(id) => tokens.push(*id),
                None => self.spell(piece, tokens)?,
            }
        }
        Ok(())
    }

    /// A character that is no piece.
    fn spell(&self, character: &str, tokens: &mut Vec<u32>) -> Result<()> {
        let bytes: Option<Vec<u32>> =
            character.bytes().map(|byte| self.bytes.get(&byte).copied()).collect();
        match bytes.or_else(|| self.unknown.map(|id| vec![id])) {
            Some(spelt) => tokens.extend(spelt),
            None => {
                return Err(Error::tokenizer(format!("the vocabulary cannot spell {character:?}")));
            }
        }
        Ok(())
    }

    /// The text of tokens; control tokens have none.
    ///
    /// # Errors
    /// When a token is outside the vocabulary.
    pub fn decode(&self, tokens: &[u32]) -> Result<String> {
        let mut bytes = Vec::new();
        for token in tokens {
            let Some(entry) = self.entries.get(*token as usize) else {
                return Err(Error::tokenizer(format!("token {token} is outside the vocabulary")));
            };
            match entry.kind {
                Kind::Text | Kind::UserDefined => {
                    bytes.extend(entry.text.replace(SPACE, " ").into_bytes());
                }
                Kind::Byte(byte) => bytes.push(byte),
                Kind::Control => {}
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        let prefix = if self.add_space_prefix { " " } else { "" };
        Ok(text.strip_prefix(prefix).unwrap_or(&text).to_owned())
    }

    /// Tokens with a line break in them.
    pub fn line_breaks(&self) -> impl Iterator<Item = u32> {
        let breaks = |entry: &Entry| match entry.kind {
            Kind::Text | Kind::UserDefined => entry.text.contains('\n'),
            Kind::Byte(byte) => byte == b'\n',
            Kind::Control => false,
        };
        (0..).zip(&self.entries).filter(move |(_, entry)| breaks(entry)).map(|(id, _)| id)
    }
}

fn scores(file: &GgufFile, n_tokens: usize) -> Result<Vec<f32>> {
    let key = "tokenizer.ggml.scores";
    let scores = list(file, key)?.iter().map(Value::to_f32).collect::<Result<Vec<f32>, _>>();
    match scores.map_err(Error::tokenizer)? {
        scores if scores.len() == n_tokens => Ok(scores),
        scores => {
            let n_scores = scores.len();
            Err(Error::tokenizer(format!("{n_scores} scores for {n_tokens} tokens in {key}")))
        }
    }
}

/// A text whose pieces are being joined.
struct Joining<'p> {
    pieces: &'p Pieces,
    text: &'p str,
    parts: Vec<Part>,
    candidates: BinaryHeap<Union>,
}

/// Bytes `start..end` of the text; empty once it has been joined to the part before it.
#[derive(Debug, Clone, Copy)]
struct Part {
    start: usize,
    end: usize,
    /// The part before, if any.
    previous: Option<usize>,
    /// The part behind; the number of parts when there is none.
    next: usize,
}

/// Two neighbours that may be joined.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Union {
    score: f32,
    left: usize,
    right: usize,
    /// Where the left part begins and the right one ends. If that has changed, one of them has been
    /// joined to another since.
    span: (usize, usize),
}

impl<'p> Joining<'p> {
    /// Every character by itself.
    fn new(pieces: &'p Pieces, text: &'p str) -> Self {
        let part = |(idx, (start, character)): (usize, (usize, char))| {
            let end = start + character.len_utf8();
            Part { start, end, previous: idx.checked_sub(1), next: idx + 1 }
        };
        let parts = text.char_indices().enumerate().map(part).collect();
        Self { pieces, text, parts, candidates: BinaryHeap::new() }
    }

    fn run(&mut self) {
        (1..self.parts.len()).for_each(|right| self.propose(right - 1, right));
        while let Some(union) = self.candidates.pop() {
            let (left, right) = (self.parts[union.left], self.parts[union.right]);
            let is_stale = left.start == left.end || right.start == right.end;
            if is_stale || (left.start, right.end) != union.span {
                continue;
            }
            self.parts[union.left] = Part { end: right.end, next: right.next, ..left };
            self.parts[union.right].end = right.start;
            if let Some(after) = self.parts.get_mut(right.next) {
                after.previous = Some(union.left);
                self.propose(union.left, right.next);
            }
            if let Some(before) = left.previous {
                self.propose(before, union.left);
            }
        }
    }

    fn propose(&mut self, left: usize, right: usize) {
        let span = (self.parts[left].start, self.parts[right].end);
        if let Some(id) = self.pieces.ids.get(&self.text[span.0..span.1]) {
            let score = self.pieces.scores[*id as usize];
            self.candidates.push(Union { score, left, right, span });
        }
    }

    /// What is left, in order.
    fn pieces(&self) -> impl Iterator<Item = &str> {
        let whole = self.parts.iter().filter(|part| part.start < part.end);
        whole.map(|part| &self.text[part.start..part.end])
    }
}

impl Eq for Union {}

impl Ord for Union {
    /// The best score is greatest, and of equals the one furthest to the left.
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}

impl PartialOrd for Union {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

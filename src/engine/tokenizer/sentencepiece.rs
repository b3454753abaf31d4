//! Vocabularies in SentencePiece's own files (Kudo & Richardson 2018,
//! <https://arxiv.org/abs/1808.06226>): pieces with probabilities, the likeliest way to spell a text
//! (Kudo 2018, <https://arxiv.org/abs/1804.10959>) by the tokenizers library.
//!
//! The format is `sentencepiece_model.proto`, of which little is wanted.

use std::path::Path;

use tokenizers::Tokenizer;
use tokenizers::models::unigram::Unigram;
use tokenizers::normalizers::replace::ReplacePattern;
use tokenizers::normalizers::{NormalizerWrapper, Precompiled, Replace, Sequence, Strip};
use tokenizers::pre_tokenizers::metaspace::{Metaspace, PrependScheme};

use crate::{Error, Result};

/// Stands for a blank in pieces.
const SPACE: char = '\u{2581}';

/// A vocabulary.
pub struct SentencePiece {
    tokenizer: Tokenizer,
    pieces: Vec<Piece>,
}

#[derive(Debug, Default, Clone, PartialEq)]
struct Piece {
    text: String,
    score: f32,
    kind: Kind,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Kind {
    #[default]
    Text,
    Unknown,
    /// Never spelt by a text.
    Control,
}

/// What a file says.
#[derive(Debug, Default)]
struct Model {
    pieces: Vec<Piece>,
    /// 1 for pieces with probabilities.
    kind: u64,
    charsmap: Vec<u8>,
    keeps_blanks: bool,
    has_no_prefix: bool,
}

impl SentencePiece {
    /// Reads a file.
    ///
    /// # Errors
    /// When it cannot be read, is cut off, or is of a kind that is not supported.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes =
            std::fs::read(path).map_err(|source| Error::Read { path: path.into(), source })?;
        Self::read(&bytes).map_err(|error| Error::tokenizer(format!("{}: {error}", path.display())))
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// As [`SentencePiece::open`].
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let model = Model::read(bytes)
            .ok_or_else(|| Error::tokenizer("the SentencePiece file is cut off or damaged"))?;
        if model.kind > 1 {
            return Err(Error::tokenizer(
                "only SentencePiece files with probabilities are supported",
            ));
        }
        let unknown = model.pieces.iter().position(|piece| piece.kind == Kind::Unknown);
        let spelt = |(id, piece): (usize, &Piece)| match piece.kind {
            // A text must not become one of these.
            Kind::Control | Kind::Unknown => (format!("\0{id}"), f64::from(piece.score)),
            _ => (piece.text.clone(), f64::from(piece.score)),
        };
        let vocab = model.pieces.iter().enumerate().map(spelt).collect();
        let unigram = Unigram::from(vocab, unknown, false).map_err(Error::tokenizer)?;
        let mut tokenizer = Tokenizer::new(unigram);
        tokenizer.with_normalizer(Some(model.normalizer()?)).map_err(Error::tokenizer)?;
        let prefix = if model.has_no_prefix { PrependScheme::Never } else { PrependScheme::Always };
        tokenizer.with_pre_tokenizer(Some(Metaspace::new(SPACE, prefix, true)));
        Ok(Self { tokenizer, pieces: model.pieces })
    }

    /// The pieces of a text, in words; what no piece spells is there as the piece for the unknown.
    ///
    /// # Errors
    /// When the library fails.
    pub fn encode(&self, text: &str) -> Result<Vec<&str>> {
        let encoding = self.tokenizer.encode_fast(text, false).map_err(Error::tokenizer)?;
        let ids = encoding.get_ids().iter();
        Ok(ids.filter_map(|id| self.pieces.get(*id as usize)).map(|p| p.text.as_str()).collect())
    }

    /// The text that pieces spell.
    pub fn join<'p>(pieces: impl IntoIterator<Item = &'p str>) -> String {
        let text: String = pieces.into_iter().collect();
        text.replace(SPACE, " ").trim().to_owned()
    }
}

impl Model {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut model = Self { kind: 1, ..Self::default() };
        for field in fields(bytes) {
            match field? {
                (1, Value::Bytes(piece)) => model.pieces.push(Piece::read(piece)?),
                (2, Value::Bytes(trainer)) => {
                    for field in fields(trainer) {
                        if let (3, Value::Number(kind)) = field? {
                            model.kind = kind;
                        }
                    }
                }
                (3, Value::Bytes(normalizer)) => {
                    for field in fields(normalizer) {
                        match field? {
                            (2, Value::Bytes(charsmap)) => model.charsmap = charsmap.to_vec(),
                            (3, Value::Number(adds)) => model.has_no_prefix = adds == 0,
                            (4, Value::Number(removes)) => model.keeps_blanks = removes == 0,
                            _ => {}
                        }
                    }
                }
                _ => {}
            }
        }
        (!model.pieces.is_empty()).then_some(model)
    }

    fn normalizer(&self) -> Result<Sequence> {
        let mut steps: Vec<NormalizerWrapper> = Vec::new();
        if !self.charsmap.is_empty() {
            if !is_sound(&self.charsmap) {
                return Err(Error::tokenizer(
                    "the SentencePiece file's table of characters is damaged",
                ));
            }
            let map = Precompiled::from(&self.charsmap).map_err(Error::tokenizer)?;
            steps.push(map.into());
        }
        if !self.keeps_blanks {
            let blanks = ReplacePattern::Regex(" {2,}".into());
            steps.push(Strip::new(true, true).into());
            steps.push(Replace::new(blanks, " ").map_err(Error::tokenizer)?.into());
        }
        Ok(Sequence::new(steps))
    }
}

/// Whether every step in the table of characters leads to a place that is there: the library looks at
/// none of that. The table is the length of a trie (a double array, as of Darts-clone), the trie, and the
/// texts that its leaves point into.
fn is_sound(charsmap: &[u8]) -> bool {
    let Some((len, rest)) = charsmap.split_first_chunk::<4>() else { return false };
    let len = u32::from_le_bytes(*len) as usize;
    let Some((trie, texts)) = rest.split_at_checked(len) else { return false };
    let Ok(texts) = std::str::from_utf8(texts) else { return false };
    let (units, []) = trie.as_chunks::<4>() else { return false };
    let unit = |at: usize| u32::from_le_bytes(units[at]) as usize;
    let is_leaf = |unit: usize| unit >> 31 == 1;
    let is_sound = |at: usize| {
        let unit_here = unit(at);
        let next = at ^ ((unit_here >> 10) << ((unit_here & (1 << 9)) >> 6));
        let has_leaf = unit_here >> 8 & 1 == 1;
        is_leaf(unit_here)
            || (next | 0xff) < units.len()
                && (!has_leaf || texts.is_char_boundary(unit(next) & 0x7fff_ffff))
    };
    !units.is_empty() && (0..units.len()).all(is_sound)
}

impl Piece {
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut piece = Self::default();
        for field in fields(bytes) {
            match field? {
                (1, Value::Bytes(text)) => piece.text = String::from_utf8(text.to_vec()).ok()?,
                (2, Value::Float(score)) => piece.score = score,
                (3, Value::Number(2)) => piece.kind = Kind::Unknown,
                (3, Value::Number(3 | 5)) => piece.kind = Kind::Control,
                _ => {}
            }
        }
        Some(piece)
    }
}

/// What a field of a message has.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Value<'b> {
    Number(u64),
    Float(f32),
    Bytes(&'b [u8]),
    Other,
}

/// The fields of a message, each with its number; `None` where it is cut off
/// (<https://protobuf.dev/programming-guides/encoding/>).
fn fields(mut bytes: &[u8]) -> impl Iterator<Item = Option<(u64, Value<'_>)>> {
    std::iter::from_fn(move || {
        if bytes.is_empty() {
            return None;
        }
        let field = field(&mut bytes);
        if field.is_none() {
            bytes = &[];
        }
        Some(field)
    })
}

fn field<'b>(bytes: &mut &'b [u8]) -> Option<(u64, Value<'b>)> {
    let key = number(bytes)?;
    let value = match key & 7 {
        0 => Value::Number(number(bytes)?),
        1 => {
            bytes.split_off(..8)?;
            Value::Other
        }
        2 => {
            let len = usize::try_from(number(bytes)?).ok()?;
            Value::Bytes(bytes.split_off(..len)?)
        }
        5 => Value::Float(f32::from_le_bytes(bytes.split_off(..4)?.try_into().ok()?)),
        _ => return None,
    };
    Some((key >> 3, value))
}

/// Seven bits a byte, the lowest first.
fn number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.split_off_first()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

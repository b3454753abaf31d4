//! Text to token ids and back, with the vocabulary that the GGUF file carries.

mod byte_level;
mod entries;
mod pieces;
pub mod sentencepiece;
mod words;

use std::collections::HashSet;

use candle_core::quantized::gguf_file::Value;
use tokenizers::Tokenizer as Bpe;

use byte_level::Pre;
use entries::{Entry, Kind};
use pieces::Pieces;
use words::Words;

use crate::network::gguf::GgufFile;
use crate::{Error, Result};

/// The tokens with which the chat formats in use end a turn.
const END_OF_TURN: [&str; 5] =
    ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>", "<|end|>"];

/// A vocabulary with its rules.
pub struct Tokenizer {
    vocabulary: Vocabulary,
    control: Words,
    /// Put before every prompt, when the file asks for it.
    bos: Option<u32>,
    end_of_text: Vec<u32>,
}

enum Vocabulary {
    Bytes(Box<Bpe>),
    Pieces(Pieces),
}

impl Tokenizer {
    /// Builds the tokenizer of a GGUF file.
    ///
    /// # Errors
    /// When the vocabulary is of a kind that is not supported.
    pub fn from_gguf(file: &GgufFile) -> Result<Self> {
        let entries = Entry::read(file)?;
        let is_user = |entry: &Entry| entry.kind == Kind::UserDefined;
        match file.string("tokenizer.ggml.model") {
            Some("gpt2") => {
                let pre = Pre::of(file)?;
                let control = control_tokens(&entries, is_user);
                let bpe = byte_level::load(file, &entries, pre)?;
                Ok(Self::new(file, Vocabulary::Bytes(Box::new(bpe)), control, pre.adds_bos))
            }
            Some("llama") => {
                // Pieces such as a double line break are text. Those that the chat template
                // writes are as good as control tokens.
                let template = file.string("tokenizer.chat_template").unwrap_or_default();
                let is_markup = |entry: &Entry| {
                    let text = entry.text.trim();
                    let is_written = !text.is_empty() && template.contains(text);
                    is_user(entry) && (END_OF_TURN.contains(&text) || is_written)
                };
                let control = control_tokens(&entries, is_markup);
                let pieces = Pieces::load(file, entries, is_markup)?;
                Ok(Self::new(file, Vocabulary::Pieces(pieces), control, true))
            }
            Some(other) => Err(Error::tokenizer(format!(
                "vocabularies of the kind {other} are not supported (supported: gpt2, llama)"
            ))),
            None => Err(Error::tokenizer("the file lacks the metadata key tokenizer.ggml.model")),
        }
    }

    fn new(file: &GgufFile, vocabulary: Vocabulary, control: Words, adds_bos: bool) -> Self {
        let id = |key: &str| file.value(&format!("tokenizer.ggml.{key}"))?.to_u32().ok();
        let wants_bos = file.value("tokenizer.ggml.add_bos_token").map_or(adds_bos, is_true);
        let ends = ["eos_token_id", "eot_token_id"].into_iter().filter_map(id);
        let turns = control.iter().filter(|(text, _)| END_OF_TURN.contains(&text.as_str()));
        let end_of_text = ends.chain(turns.map(|(_, id)| *id)).collect();
        let bos = id("bos_token_id").filter(|_| wants_bos);
        Self { vocabulary, control, bos, end_of_text }
    }

    /// Tokens that mean that the model is done.
    pub fn end_of_text(&self) -> &[u32] {
        &self.end_of_text
    }

    /// The token that begins every prompt, if the model has one.
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// Encodes plain text. What looks like a control token in it stays text, so an article cannot
    /// end a turn or begin one.
    ///
    /// # Errors
    /// When the vocabulary cannot spell the text.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        match &self.vocabulary {
            Vocabulary::Bytes(bpe) => {
                let encoding = bpe.encode_fast(text, false).map_err(Error::tokenizer)?;
                Ok(encoding.get_ids().to_vec())
            }
            Vocabulary::Pieces(pieces) => pieces.encode(text),
        }
    }

    /// Encodes a rendered prompt: control tokens in it are control tokens, and it begins as the
    /// model's prompts do.
    ///
    /// # Errors
    /// When the vocabulary cannot spell it.
    pub fn encode_rendered(&self, prompt: &str) -> Result<Vec<u32>> {
        let mut tokens = Vec::new();
        for piece in self.split_control(prompt) {
            match piece {
                Piece::Text(text) => tokens.extend(self.encode(text)?),
                Piece::Control(id) => tokens.push(id),
            }
        }
        if let Some(bos) = self.bos.filter(|bos| tokens.first() != Some(bos)) {
            tokens.insert(0, bos);
        }
        Ok(tokens)
    }

    /// The text of these tokens; control tokens are left out, and bytes that are no UTF-8 become
    /// U+FFFD.
    ///
    /// # Errors
    /// When a token is outside the vocabulary.
    pub fn decode(&self, tokens: &[u32]) -> Result<String> {
        match &self.vocabulary {
            Vocabulary::Bytes(bpe) => bpe.decode(tokens, true).map_err(Error::tokenizer),
            Vocabulary::Pieces(pieces) => pieces.decode(tokens),
        }
    }

    /// Splits text written by a chat template at its control tokens.
    pub(super) fn split_control<'t>(&self, mut text: &'t str) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        while let Some(found) = self.control.find(text) {
            pieces.push(Piece::Text(&text[..found.start]));
            pieces.push(Piece::Control(found.id));
            text = &text[found.end..];
        }
        pieces.push(Piece::Text(text));
        pieces
    }

    /// All tokens whose text has a line break in it: where one-line answers end.
    pub fn line_breaks(&self) -> HashSet<u32> {
        match &self.vocabulary {
            Vocabulary::Bytes(bpe) => {
                let vocab = bpe.get_vocab(false).into_iter();
                // Byte-level vocabularies write the line feed as U+010A.
                vocab.filter(|(text, _)| text.contains('\u{10A}')).map(|(_, id)| id).collect()
            }
            Vocabulary::Pieces(pieces) => pieces.line_breaks().collect(),
        }
    }
}

/// A part of a rendered prompt.
pub(super) enum Piece<'t> {
    Text(&'t str),
    Control(u32),
}

fn is_true(value: &Value) -> bool {
    value.to_bool().unwrap_or(false)
}

fn control_tokens(entries: &[Entry], is_control: impl Fn(&Entry) -> bool) -> Words {
    let numbered = (0..).zip(entries);
    let control = numbered.filter(|(_, e)| e.kind == Kind::Control || is_control(e));
    Words::new(control.map(|(id, entry)| (entry.text.clone(), id)))
}

//! Text to token ids and back, with the vocabulary that the GGUF file carries.

use std::collections::HashSet;

use candle_core::quantized::gguf_file::Value;
use candle_core::quantized::tokenizer::TokenizerFromGguf;
use tokenizers::Tokenizer as Bpe;

use crate::network::gguf::GgufFile;
use crate::{Error, Result};

/// Types of token in `tokenizer.ggml.token_type` that stand for themselves only.
const CONTROL: [i64; 2] = [3, 4];

/// The tokens with which the chat formats in use end a turn.
const END_OF_TURN: [&str; 5] =
    ["<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<end_of_turn>", "<|end|>"];

/// A vocabulary with its rules.
pub struct Tokenizer {
    bpe: Bpe,
    /// Control tokens, the longest first.
    control: Vec<(String, u32)>,
    /// Put before every prompt, when the file asks for it.
    bos: Option<u32>,
    end_of_text: Vec<u32>,
}

impl Tokenizer {
    /// Builds the tokenizer of a GGUF file.
    ///
    /// # Errors
    /// When the vocabulary is of a kind that is not supported.
    pub fn from_gguf(file: &GgufFile) -> Result<Self> {
        let mut bpe = Bpe::from_gguf(file.content()).map_err(Error::tokenizer)?;
        // Control tokens are looked for by `encode` itself, and only where they are meant.
        bpe.set_encode_special_tokens(true);
        let control = control_tokens(file);
        let id = |key: &str| file.value(&format!("tokenizer.ggml.{key}"))?.to_u32().ok();
        let wants_bos = file.value("tokenizer.ggml.add_bos_token").is_some_and(is_true);
        let mut end_of_text: Vec<u32> = id("eos_token_id").into_iter().collect();
        let turns = control.iter().filter(|(text, _)| END_OF_TURN.contains(&text.as_str()));
        end_of_text.extend(turns.map(|(_, id)| *id));
        Ok(Self { bpe, control, bos: id("bos_token_id").filter(|_| wants_bos), end_of_text })
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
        let encoding = self.bpe.encode_fast(text, false).map_err(Error::tokenizer)?;
        Ok(encoding.get_ids().to_vec())
    }

    /// Encodes a rendered prompt: control tokens in it are control tokens.
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
        Ok(tokens)
    }

    /// The text of these tokens; control tokens are left out, and bytes that are no UTF-8 become
    /// U+FFFD.
    ///
    /// # Errors
    /// When a token is outside the vocabulary.
    pub fn decode(&self, tokens: &[u32]) -> Result<String> {
        self.bpe.decode(tokens, true).map_err(Error::tokenizer)
    }

    /// Splits text written by a chat template at its control tokens.
    pub(super) fn split_control<'t>(&self, mut text: &'t str) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        while let Some((at, len, id)) = self.find_control(text) {
            pieces.push(Piece::Text(&text[..at]));
            pieces.push(Piece::Control(id));
            text = &text[at + len..];
        }
        pieces.push(Piece::Text(text));
        pieces
    }

    /// The first control token in `text`: where, how long, which.
    fn find_control(&self, text: &str) -> Option<(usize, usize, u32)> {
        let found = self.control.iter().filter_map(|(c, id)| Some((text.find(c)?, c.len(), *id)));
        found.min_by_key(|&(at, len, _)| (at, usize::MAX - len))
    }

    /// All tokens whose text has a line break in it: where one-line answers end.
    pub fn line_breaks(&self) -> HashSet<u32> {
        let vocab = self.bpe.get_vocab(false);
        // Byte-level vocabularies write the line feed as U+010A.
        vocab.into_iter().filter(|(t, _)| t.contains('\u{10A}')).map(|(_, id)| id).collect()
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

fn control_tokens(file: &GgufFile) -> Vec<(String, u32)> {
    let list = |key: &str| match file.value(key).map(Value::to_vec) {
        Some(Ok(values)) => values.as_slice(),
        _ => &[],
    };
    let texts = list("tokenizer.ggml.tokens");
    let types = list("tokenizer.ggml.token_type");
    let is_control = |t: &Value| t.to_i32().is_ok_and(|t| CONTROL.contains(&i64::from(t)));
    texts
        .iter()
        .zip(types)
        .enumerate()
        .filter(|(_, (_, kind))| is_control(kind))
        .filter_map(|(id, (text, _))| Some((text.to_string().ok()?.clone(), id as u32)))
        .collect()
}

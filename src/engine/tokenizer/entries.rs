//! The words of a vocabulary as a GGUF file lists them.

use candle_core::quantized::gguf_file::Value;

use crate::network::gguf::GgufFile;
use crate::{Error, Result};

/// What a token stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// Itself only: the end of a turn, padding, a place that is not in use.
    Control,
    /// A text that the training kept in one piece, or one more control token.
    UserDefined,
    /// One byte of a character that the vocabulary lacks.
    Byte(u8),
}

/// A token, its number being its place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub text: String,
    pub kind: Kind,
}

impl Entry {
    /// All entries of a file.
    ///
    /// # Errors
    /// When the file has no list of tokens.
    pub fn read(file: &GgufFile) -> Result<Vec<Self>> {
        let texts = list(file, "tokenizer.ggml.tokens")?;
        let types = list(file, "tokenizer.ggml.token_type").unwrap_or_default();
        let entry = |(idx, text): (usize, &Value)| {
            let text = text.to_string().map_err(Error::tokenizer)?.clone();
            let code = types.get(idx).and_then(|code| code.to_i32().ok()).unwrap_or(1);
            let kind = Kind::of(code, &text);
            Ok(Self { text, kind })
        };
        texts.iter().enumerate().map(entry).collect()
    }
}

impl Kind {
    /// From `tokenizer.ggml.token_type`.
    fn of(code: i32, text: &str) -> Self {
        match code {
            2 | 3 | 5 => Self::Control,
            4 => Self::UserDefined,
            6 => byte(text).map_or(Self::Control, Self::Byte),
            _ => Self::Text,
        }
    }
}

/// `<0x0A>` is byte 10.
fn byte(text: &str) -> Option<u8> {
    u8::from_str_radix(text.strip_prefix("<0x")?.strip_suffix('>')?, 16).ok()
}

/// A list that must be there.
pub fn list<'f>(file: &'f GgufFile, key: &str) -> Result<&'f [Value]> {
    match file.value(key).map(Value::to_vec) {
        Some(Ok(values)) => Ok(values),
        Some(Err(error)) => Err(Error::tokenizer(error)),
        None => Err(Error::tokenizer(format!("the file lacks the metadata key {key}"))),
    }
}

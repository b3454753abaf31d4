//! Prompts in, completions out: tokenizer, network and device, ready to run.
//!
//! Below this module there is no text, only token ids; above it there are no tensors.

mod beginnings;
pub mod chat;
mod guess;
mod request;
mod sampler;
mod scheduler;
pub mod search;
mod session;
mod speed;
pub mod tokenizer;
mod translating;
pub mod translator;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

pub use chat::{ChatTemplate, Message};
pub use request::{Completion, Request, RequestId, Sampling, StopReason};
pub use scheduler::{Limits, Scheduler, Stats};
pub use session::{Answer, Answerer, Question, Session};
pub use speed::Speed;
use tokenizer::Tokenizer;
pub use translating::Translating;
pub use translator::{Sentence, Translator};

use crate::device::Device;
use crate::network::{self, Network, gguf::GgufFile};
use crate::{Error, Result};

/// A model that is ready to run.
pub struct Engine {
    network: Arc<dyn Network>,
    tokenizer: Tokenizer,
    chat: ChatTemplate,
    line_breaks: HashSet<u32>,
}

impl Engine {
    /// Opens a GGUF file.
    ///
    /// # Errors
    /// When it is no GGUF file, is cut off, or has an architecture or a vocabulary that is not
    /// supported.
    pub fn open(path: &Path, device: &Device) -> Result<Self> {
        let broken = |source| Error::Model { path: path.into(), source };
        // What is wrong with the vocabulary or the template is wrong with the file, too.
        let broken_text = |error: Error| broken(candle_core::Error::msg(error));
        let file = GgufFile::open(path).map_err(broken)?;
        let network = network::load(&file, device.candle()).map_err(broken)?;
        let tokenizer = Tokenizer::from_gguf(&file).map_err(broken_text)?;
        Ok(Self {
            network: network.into(),
            line_breaks: tokenizer.line_breaks(),
            chat: ChatTemplate::from_gguf(&file).map_err(broken_text)?,
            tokenizer,
        })
    }

    /// A scheduler over this engine's network.
    pub fn scheduler(&self, limits: Limits) -> Scheduler {
        Scheduler::new(self.network.clone(), self.tokenizer.end_of_text().to_vec(), limits)
    }

    /// The most tokens that a prompt and its completion may have together.
    pub fn context_length(&self) -> usize {
        self.network.context_length()
    }

    /// Whether answers that are under way are computed together. Where they are not, the network
    /// has no code of its own here and is several times slower.
    pub fn batches(&self) -> bool {
        self.network.batches()
    }

    /// The conversation in token ids.
    ///
    /// # Errors
    /// When the model's chat template refuses it.
    pub fn prompt(&self, messages: &[Message]) -> Result<Vec<u32>> {
        self.chat.encode(messages, &self.tokenizer)
    }

    /// Tokens in a text.
    ///
    /// # Errors
    /// When the vocabulary cannot spell it.
    pub fn count(&self, text: &str) -> Result<usize> {
        Ok(self.tokenizer.encode(text)?.len())
    }

    /// The tokens of a text.
    ///
    /// # Errors
    /// When the vocabulary cannot spell it.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>> {
        self.tokenizer.encode(text)
    }

    /// The tokens of a prompt that has been rendered with the chat template already, control tokens
    /// and all. For prompts that are trusted.
    ///
    /// # Errors
    /// When the vocabulary cannot spell it.
    pub fn encode_rendered(&self, prompt: &str) -> Result<Vec<u32>> {
        self.tokenizer.encode_rendered(prompt)
    }

    /// The text of a completion.
    ///
    /// # Errors
    /// When a token is outside the vocabulary.
    pub fn text(&self, completion: &Completion) -> Result<String> {
        self.tokenizer.decode(&completion.tokens)
    }

    /// Tokens that end a line: stops for one-line answers.
    pub fn line_breaks(&self) -> &HashSet<u32> {
        &self.line_breaks
    }

    /// The tokenizer, for tools that look into it.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }
}

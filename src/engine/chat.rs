//! Conversations as the model was trained to read them.
//!
//! Templates are those of the model files: Jinja with the settings of the transformers library
//! (<https://huggingface.co/docs/transformers/chat_templating>).

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde};
use minijinja::{Environment, ErrorKind, State, Value, context};
use serde::Serialize;

use super::tokenizer::{Piece, Tokenizer};
use crate::network::gguf::GgufFile;
use crate::{Error, Result};

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// `system`, `user` or `assistant`.
    pub role: &'static str,
    pub content: String,
}

impl Message {
    pub fn system(content: impl Into<String>) -> Self {
        Self { role: "system", content: content.into() }
    }

    pub fn user(content: impl Into<String>) -> Self {
        Self { role: "user", content: content.into() }
    }

    pub fn assistant(content: impl Into<String>) -> Self {
        Self { role: "assistant", content: content.into() }
    }
}

/// What the files without a template of their own get, if their vocabulary has its tokens.
const CHATML: &str = "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + \
    message.content + '<|im_end|>' + '\n' }}{% endfor %}\
    {% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

/// What the others get: a model that has only learnt to go on with a text cannot be asked.
const NO_TEMPLATE: &str = "{{ raise_exception('the file carries no chat template: it is a base \
    model, which cannot be asked') }}";

/// A model's own way to write a conversation.
pub struct ChatTemplate {
    env: Environment<'static>,
    bos_token: String,
    eos_token: String,
}

const NAME: &str = "chat";

impl ChatTemplate {
    /// The template that the file carries, else ChatML if the vocabulary has its tokens. Without
    /// either every conversation is refused.
    ///
    /// # Errors
    /// When the template does not parse.
    pub fn from_gguf(file: &GgufFile) -> Result<Self> {
        let tokens = match file.value("tokenizer.ggml.tokens").map(|tokens| tokens.to_vec()) {
            Some(Ok(tokens)) => tokens.as_slice(),
            _ => &[],
        };
        let text = |key: &str| {
            let id = file.value(key)?.to_u32().ok()? as usize;
            tokens.get(id)?.to_string().ok().cloned()
        };
        let is_chatml = || tokens.iter().any(|t| t.to_string().is_ok_and(|t| t == "<|im_start|>"));
        let source = match file.string("tokenizer.chat_template") {
            Some(source) => source,
            None if is_chatml() => CHATML,
            None => NO_TEMPLATE,
        };
        let bos = text("tokenizer.ggml.bos_token_id").unwrap_or_default();
        let eos = text("tokenizer.ggml.eos_token_id").unwrap_or_default();
        Self::new(source, &bos, &eos)
    }

    /// A template from its source.
    ///
    /// # Errors
    /// When it does not parse.
    pub fn new(source: &str, bos_token: &str, eos_token: &str) -> Result<Self> {
        let mut env = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        env.set_syntax(syntax.map_err(Error::chat_template)?);
        env.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        env.add_function("raise_exception", raise_exception);
        env.add_function("strftime_now", strftime_now);
        env.add_filter("tojson", tojson);
        env.add_filter("length", length);
        env.add_filter("count", length);
        env.add_template_owned(NAME, source.to_owned()).map_err(Error::chat_template)?;
        Ok(Self { env, bos_token: bos_token.into(), eos_token: eos_token.into() })
    }

    /// The conversation as text. With `add_generation_prompt` it ends where the model's turn begins.
    ///
    /// # Errors
    /// When the template refuses these messages.
    pub fn render<M: Serialize>(
        &self,
        messages: &[M],
        add_generation_prompt: bool,
    ) -> Result<String> {
        let template = self.env.get_template(NAME).map_err(Error::chat_template)?;
        let context = context! {
            messages => Value::from(Serde(messages)),
            add_generation_prompt => add_generation_prompt,
            bos_token => self.bos_token.as_str(),
            eos_token => self.eos_token.as_str(),
        };
        template.render(context).map_err(Error::chat_template)
    }

    /// The conversation in token ids, up to where the model's turn begins. Only the template's own
    /// control tokens become control tokens, whatever the messages say.
    ///
    /// # Errors
    /// When the template refuses these messages.
    pub fn encode(&self, messages: &[Message], tokenizer: &Tokenizer) -> Result<Vec<u32>> {
        let marked: Vec<Message> = messages.iter().enumerate().map(mark).collect();
        let rendered = self.render(&marked, true)?;
        let mut encoder = Encoder { tokenizer, tokens: Vec::new(), run: String::new() };
        encoder.tokens.extend(tokenizer.bos().filter(|_| !rendered.starts_with(&self.bos_token)));
        for (idx, part) in rendered.split(MARK).enumerate() {
            if idx % 2 == 0 {
                encoder.template(part)?;
            } else if let Some(message) = part.parse().ok().and_then(|i: usize| messages.get(i)) {
                encoder.run.push_str(&message.content);
            }
        }
        encoder.flush()?;
        Ok(encoder.tokens)
    }
}

/// Stands on both sides of a message's number while the template is rendered. A private-use
/// character: no template has it.
const MARK: char = '\u{F8F0}';

fn mark((idx, message): (usize, &Message)) -> Message {
    Message { role: message.role, content: format!("{MARK}{idx}{MARK}") }
}

struct Encoder<'t> {
    tokenizer: &'t Tokenizer,
    tokens: Vec<u32>,
    /// Plain text since the last control token.
    run: String,
}

impl Encoder<'_> {
    fn template(&mut self, part: &str) -> Result<()> {
        for piece in self.tokenizer.split_control(part) {
            match piece {
                Piece::Text(text) => self.run.push_str(text),
                Piece::Control(id) => {
                    self.flush()?;
                    self.tokens.push(id);
                }
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<()> {
        self.tokens.extend(self.tokenizer.encode(&self.run)?);
        self.run.clear();
        Ok(())
    }
}

fn raise_exception(message: String) -> Result<String, minijinja::Error> {
    Err(minijinja::Error::new(ErrorKind::InvalidOperation, message))
}

/// Some templates put today's date into the prompt. A prompt must be the same tomorrow, so they
/// all get the day on which this was written.
fn strftime_now(format: &str) -> String {
    jiff::civil::date(2025, 1, 2).at(3, 4, 5, 0).strftime(format).to_string()
}

/// In Jinja what is not defined has no length, where minijinja refuses; some templates ask for the
/// length of tools that nobody gave.
fn length(value: &Value) -> Result<usize, minijinja::Error> {
    if value.is_undefined() { Ok(0) } else { minijinja::filters::length(value) }
}

/// JSON as Python writes it: `", "` and `": "` between parts, and no escapes for HTML.
fn tojson(_: &State, value: Value, options: Kwargs) -> Result<String, minijinja::Error> {
    let indent: Option<usize> = options.get("indent")?;
    let invalid =
        |e: serde_json::Error| minijinja::Error::new(ErrorKind::BadSerialization, e.to_string());
    let mut out = Vec::new();
    match indent {
        Some(width) => {
            let spaces = " ".repeat(width);
            let pretty = serde_json::ser::PrettyFormatter::with_indent(spaces.as_bytes());
            value
                .serialize(&mut serde_json::Serializer::with_formatter(&mut out, pretty))
                .map_err(invalid)?;
        }
        None => {
            value
                .serialize(&mut serde_json::Serializer::with_formatter(&mut out, Spaced))
                .map_err(invalid)?;
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { w.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(
        &mut self,
        w: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { w.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, w: &mut W) -> std::io::Result<()> {
        w.write_all(b": ")
    }
}

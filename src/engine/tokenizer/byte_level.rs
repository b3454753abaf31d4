//! Vocabularies of byte-level BPE (Radford et al. 2019, GPT-2), by the tokenizers library.

use candle_core::quantized::gguf_file::Value;
use tokenizers::decoders::byte_level::ByteLevel;
use tokenizers::models::bpe::{BPE, Vocab};
use tokenizers::normalizers::unicode::NFC;
use tokenizers::pre_tokenizers::PreTokenizerWrapper;
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::split::{Split, SplitPattern};
use tokenizers::tokenizer::SplitDelimiterBehavior;
use tokenizers::{AddedToken, Tokenizer};

use super::entries::{Entry, Kind, list};
use crate::network::gguf::GgufFile;
use crate::{Error, Result};

const GPT2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";
const QWEN2: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const LLAMA3: &str = r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const TEKKEN: &str = r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

/// What `tokenizer.ggml.pre` stands for.
#[derive(Debug, Clone, Copy)]
pub struct Pre {
    /// What must not be joined beyond: each split divides what the one before left.
    splits: &'static [&'static str],
    /// Whether accents are composed first.
    composes: bool,
    /// Whether a word that is in the vocabulary is taken as it is, whatever the merges say.
    ignores_merges: bool,
    /// Whether prompts begin with a token of their own when the file does not say.
    pub adds_bos: bool,
}

impl Pre {
    /// The rules of the vocabulary in a file.
    ///
    /// # Errors
    /// When they have a name that is not known: a guess would spell words otherwise than the
    /// network has learnt them.
    pub fn of(file: &GgufFile) -> Result<Self> {
        let plain =
            |splits| Self { splits, composes: false, ignores_merges: false, adds_bos: false };
        match file.string("tokenizer.ggml.pre").unwrap_or("gpt-2") {
            "qwen2" | "deepseek-r1-qwen" => Ok(Self { composes: true, ..plain(&[QWEN2]) }),
            "llama-bpe" | "llama-v3" | "llama3" | "falcon3" => {
                Ok(Self { ignores_merges: true, adds_bos: true, ..plain(&[LLAMA3]) })
            }
            "smaug-bpe" | "glm4" | "chatglm-bpe" => Ok(plain(&[LLAMA3])),
            "tekken" => Ok(Self { ignores_merges: true, adds_bos: true, ..plain(&[TEKKEN]) }),
            "smollm" | "starcoder" | "refact" | "command-r" => Ok(plain(&[r"\p{N}", GPT2])),
            "gpt-2" | "default" | "phi-2" | "mpt" | "olmo" => Ok(plain(&[GPT2])),
            other => Err(Error::tokenizer(format!(
                "the word rules {other} (tokenizer.ggml.pre) are not \
                     supported"
            ))),
        }
    }
}

/// Builds the tokenizer of a file.
///
/// # Errors
/// When a merge is of words that the vocabulary lacks.
pub fn load(file: &GgufFile, entries: &[Entry], pre: Pre) -> Result<Tokenizer> {
    let vocab: Vocab = (0..).zip(entries).map(|(id, entry)| (entry.text.clone(), id)).collect();
    let bpe = BPE::builder().vocab_and_merges(vocab, merges(file)?);
    let bpe = bpe.ignore_merges(pre.ignores_merges);
    let mut tokenizer = Tokenizer::new(bpe.build().map_err(Error::tokenizer)?);
    if pre.composes {
        tokenizer.with_normalizer(Some(NFC)).map_err(Error::tokenizer)?;
    }
    let bytes = ByteLevel::new(false, false, false);
    let splits = pre.splits.iter().map(|regex| split(regex));
    let steps = splits.chain([Ok(bytes.into())]).collect::<Result<Vec<_>>>()?;
    tokenizer.with_pre_tokenizer(Some(Sequence::new(steps)));
    tokenizer.with_decoder(Some(bytes));
    let special = entries.iter().filter(|e| matches!(e.kind, Kind::Control | Kind::UserDefined));
    let special = special.map(|entry| AddedToken::from(entry.text.clone(), true));
    tokenizer.add_special_tokens(special.collect::<Vec<_>>()).map_err(Error::tokenizer)?;
    // Control tokens are looked for by the caller, and only where they are meant.
    tokenizer.set_encode_special_tokens(true);
    Ok(tokenizer)
}

fn merges(file: &GgufFile) -> Result<Vec<(String, String)>> {
    let pair = |value: &Value| {
        let text = value.to_string().map_err(Error::tokenizer)?;
        let pair = text.split_once(' ').map(|(a, b)| (a.to_owned(), b.to_owned()));
        pair.ok_or_else(|| Error::tokenizer(format!("{text:?} is no merge of two words")))
    };
    list(file, "tokenizer.ggml.merges")?.iter().map(pair).collect()
}

fn split(regex: &str) -> Result<PreTokenizerWrapper> {
    let pattern = SplitPattern::Regex(regex.to_owned());
    let split = Split::new(pattern, SplitDelimiterBehavior::Isolated, false);
    split.map(PreTokenizerWrapper::from).map_err(Error::tokenizer)
}

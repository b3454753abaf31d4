//! A translation network, ready to run: a folder as the hub lays it out, its vocabulary, the way to
//! tell it the languages, and the search.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokenizers::Tokenizer;

use super::search::{self, Hypothesis};
use super::tokenizer::sentencepiece::SentencePiece;
use crate::device::Device;
use crate::network::checkpoint::Precision;
use crate::network::load_seq2seq;
use crate::network::seq2seq::Seq2Seq;
use crate::{Error, Result};

/// A translation network with its vocabulary.
pub struct Translator {
    network: Seq2Seq,
    vocabulary: Vocabulary,
    languages: Languages,
    search: search::Options,
    max_source_tokens: usize,
}

/// How text becomes tokens.
enum Vocabulary {
    /// One for the source and one vocabulary of their pieces (OPUS-MT).
    Pieces {
        source: Box<SentencePiece>,
        ids: HashMap<String, u32>,
        pieces: Vec<String>,
        unknown: u32,
    },
    /// `tokenizer.json`.
    Whole(Box<Tokenizer>),
}

/// How the network is told the languages.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Languages {
    /// It knows one pair; the codes as far as the files tell them.
    Pair { from: Option<String>, to: Option<String> },
    /// The target as a token before the source (`>>fra<<`).
    Target,
    /// A token before the source for its language, and one that begins the translation (NLLB,
    /// M2M-100).
    Both,
    /// The target as a token before the source (`<2en>`, MADLAD-400).
    To,
    /// In words: `translate French to English: ` (T5).
    Words,
}

/// A sentence to translate.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sentence {
    pub text: String,
    /// ISO 639-1.
    pub from: String,
    /// ISO 639-1.
    pub to: String,
}

/// A translation.
#[derive(Debug, Clone, PartialEq)]
pub struct Translation {
    pub text: String,
    /// Whether it came to its end.
    pub is_complete: bool,
    pub n_tokens: usize,
}

/// Translations of all sources at once, at most; more do not make it faster here.
const MAX_ROWS: usize = 64;

impl Translator {
    /// Opens a folder with `config.json`, the weights and the vocabulary.
    ///
    /// # Errors
    /// When a file is missing, damaged, or of a kind that is not supported.
    pub fn open(folder: &Path, precision: Precision, device: &Device) -> Result<Self> {
        let broken = |source| Error::Model { path: folder.into(), source };
        let files = Files { folder };
        let config = files.json("config.json")?;
        let generation = files.json_if_there("generation_config.json")?;
        let network = load_seq2seq(folder, precision, device.candle()).map_err(broken)?;
        let kind = config["model_type"].as_str().unwrap_or_default();
        let vocabulary = Vocabulary::open(&files, kind)?;
        let languages = Languages::of(&files, kind, &vocabulary)?;
        let said = |key: &str| [&generation[key], &config[key]].into_iter().find(|v| !v.is_null());
        let token = |key: &str| said(key)?.as_u64().and_then(|id| u32::try_from(id).ok());
        let (Some(start), Some(end)) = (token("decoder_start_token_id"), token("eos_token_id"))
        else {
            return Err(broken(candle_core::Error::msg(
                "config.json lacks decoder_start_token_id or eos_token_id",
            )));
        };
        let search = search::Options {
            n_beams: 1,
            length_penalty: said("length_penalty").and_then(Value::as_f64).unwrap_or(1.0) as f32,
            early_stopping: generation["early_stopping"].as_bool().unwrap_or(false),
            n_best: 1,
            start: vec![start],
            end,
            banned: token("pad_token_id").into_iter().filter(|pad| *pad != end).collect(),
            no_repeat: None,
            max_ratio: 2.0,
            more_tokens: 24,
            max_rows: MAX_ROWS,
        };
        let last = vocabulary.last_token().into_iter().chain(search.banned.iter().copied());
        let last = last.chain([start, end]).max().unwrap_or(0);
        if last as usize >= network.n_vocab() {
            return Err(broken(candle_core::Error::msg(format!(
                "the token {last} is beyond the network's vocabulary of {}",
                network.n_vocab()
            ))));
        }
        let max_source_tokens = network.max_tokens().unwrap_or(MAX_SOURCE_TOKENS);
        Ok(Self { network, vocabulary, languages, search, max_source_tokens })
    }

    /// Whether it translates from one language into the other, as far as its files tell.
    pub fn is_for(&self, from: &str, to: &str) -> bool {
        match &self.languages {
            Languages::Pair { from: own_from, to: own_to } => {
                let fits = |own: &Option<String>, code| own.as_ref().is_none_or(|own| own == code);
                fits(own_from, from) && fits(own_to, to)
            }
            Languages::Target => self.target(to).is_some(),
            Languages::Both => self.both(from).is_some() && self.both(to).is_some(),
            Languages::To => self.token(&format!("<2{to}>")).is_some(),
            Languages::Words => name(from).is_some() && name(to).is_some(),
        }
    }

    /// The most tokens of a source.
    pub fn max_source_tokens(&self) -> usize {
        self.max_source_tokens
    }

    /// Tokens in a text, without what tells its languages.
    ///
    /// # Errors
    /// When the vocabulary cannot spell it.
    pub fn count(&self, text: &str) -> Result<usize> {
        Ok(self.vocabulary.encode(text)?.len())
    }

    /// The `n_best` best translations of each source ([`Translator::source`]) into a language, with
    /// `n_beams` hypotheses side by side.
    ///
    /// # Errors
    /// When the network does not know the language, or the device fails.
    pub fn translate(
        &self,
        sources: &[Vec<u32>],
        to: &str,
        n_beams: usize,
        n_best: usize,
    ) -> Result<Vec<Vec<Translation>>> {
        let mut start = self.search.start.clone();
        if self.languages == Languages::Both {
            start.push(self.both(to).ok_or_else(|| unknown(to))?);
        }
        let options = search::Options { n_beams, n_best, start, ..self.search.clone() };
        let found = search::search(&self.network, sources, &options)?;
        let read = |hypotheses: Vec<Hypothesis>| {
            hypotheses.into_iter().map(|hypothesis| self.read(hypothesis)).collect()
        };
        found.into_iter().map(read).collect()
    }

    /// The tokens of a sentence, with what tells its languages.
    ///
    /// # Errors
    /// When the network does not know one of them, or the sentence is too long for it.
    pub fn source(&self, sentence: &Sentence) -> Result<Vec<u32>> {
        let Sentence { text, from, to } = sentence;
        let before = match &self.languages {
            Languages::Pair { .. } | Languages::Words => None,
            Languages::Target => Some(self.target(to).ok_or_else(|| unknown(to))?),
            Languages::Both => Some(self.both(from).ok_or_else(|| unknown(from))?),
            Languages::To => Some(self.token(&format!("<2{to}>")).ok_or_else(|| unknown(to))?),
        };
        let mut tokens: Vec<u32> = before.into_iter().collect();
        tokens.extend(match &self.languages {
            Languages::Words => {
                let (Some(from), Some(to)) = (name(from), name(to)) else {
                    return Err(unknown(to));
                };
                self.vocabulary.encode(&format!("translate {from} to {to}: {text}"))?
            }
            _ => self.vocabulary.encode(text)?,
        });
        tokens.push(self.search.end);
        match tokens.len() {
            n if n > self.max_source_tokens => {
                Err(Error::TooLong { n_tokens: n, limit: self.max_source_tokens })
            }
            _ => Ok(tokens),
        }
    }

    fn read(&self, hypothesis: Hypothesis) -> Result<Translation> {
        let text = self.vocabulary.decode(&hypothesis.tokens)?;
        let (is_complete, n_tokens) = (hypothesis.is_complete, hypothesis.tokens.len());
        Ok(Translation { text, is_complete, n_tokens })
    }

    fn token(&self, text: &str) -> Option<u32> {
        self.vocabulary.token(text)
    }

    fn target(&self, language: &str) -> Option<u32> {
        let codes = [three_letters(language), language];
        codes.iter().find_map(|code| self.token(&format!(">>{code}<<")))
    }

    fn both(&self, language: &str) -> Option<u32> {
        self.token(nllb(language)).or_else(|| self.token(&format!("__{language}__")))
    }
}

/// Of networks that know no bound, as T5 was trained.
const MAX_SOURCE_TOKENS: usize = 512;

fn unknown(language: &str) -> Error {
    Error::tokenizer(format!("the translation network has no token for the language {language}"))
}

/// A folder of the hub.
struct Files<'f> {
    folder: &'f Path,
}

impl Files<'_> {
    /// `null` where there is no such file.
    fn json_if_there(&self, name: &str) -> Result<Value> {
        if self.path(name).exists() { self.json(name) } else { Ok(Value::Null) }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn json(&self, name: &str) -> Result<Value> {
        let path = self.path(name);
        let text = std::fs::read_to_string(&path)
            .map_err(|source| Error::Read { path: path.clone(), source })?;
        serde_json::from_str(&text)
            .map_err(|error| Error::tokenizer(format!("{}: {error}", path.display())))
    }
}

impl Vocabulary {
    fn open(files: &Files, kind: &str) -> Result<Self> {
        let whole = files.path("tokenizer.json");
        if kind != "marian" {
            let broken = |error| Error::tokenizer(format!("{}: {error}", whole.display()));
            let mut tokenizer = Tokenizer::from_file(&whole).map_err(broken)?;
            // Nothing is cut off or filled up in silence, and text does not become a control token.
            tokenizer.with_truncation(None).map_err(broken)?.with_padding(None);
            tokenizer.set_encode_special_tokens(true);
            return Ok(Self::Whole(Box::new(tokenizer)));
        }
        if files.path("target_vocab.json").exists() {
            return Err(Error::tokenizer(
                "networks with a vocabulary of their own for the target are not supported",
            ));
        }
        let source = SentencePiece::open(&files.path("source.spm"))?;
        let json = files.json("vocab.json")?;
        let entries = json.as_object().into_iter().flatten();
        let ids: HashMap<String, u32> =
            entries.filter_map(|(piece, id)| Some((piece.clone(), id.as_u64()? as u32))).collect();
        let Some(&unknown) = ids.get("<unk>") else {
            return Err(Error::tokenizer("vocab.json has no <unk>"));
        };
        let mut pieces = vec![String::new(); ids.len()];
        for (piece, id) in &ids {
            if let Some(slot) = pieces.get_mut(*id as usize) {
                slot.clone_from(piece);
            }
        }
        Ok(Self::Pieces { source: Box::new(source), ids, pieces, unknown })
    }

    fn encode(&self, text: &str) -> Result<Vec<u32>> {
        match self {
            Self::Pieces { source, ids, unknown, .. } => {
                let text = plain_marks(text);
                let pieces = source.encode(&text)?;
                Ok(pieces.iter().map(|piece| *ids.get(*piece).unwrap_or(unknown)).collect())
            }
            Self::Whole(tokenizer) => {
                let encoding = tokenizer.encode_fast(text, false).map_err(Error::tokenizer)?;
                Ok(encoding.get_ids().to_vec())
            }
        }
    }

    fn decode(&self, tokens: &[u32]) -> Result<String> {
        match self {
            Self::Pieces { pieces, unknown, .. } => {
                let known = tokens.iter().filter(|id| *id != unknown);
                let own = known.filter_map(|id| pieces.get(*id as usize)).map(String::as_str);
                Ok(SentencePiece::join(own))
            }
            Self::Whole(tokenizer) => tokenizer.decode(tokens, true).map_err(Error::tokenizer),
        }
    }

    /// The greatest token that a text may have.
    fn last_token(&self) -> Option<u32> {
        match self {
            Self::Pieces { ids, .. } => ids.values().copied().max(),
            Self::Whole(tokenizer) => tokenizer.get_vocab(true).into_values().max(),
        }
    }

    fn token(&self, text: &str) -> Option<u32> {
        match self {
            Self::Pieces { ids, .. } => ids.get(text).copied(),
            Self::Whole(tokenizer) => tokenizer.token_to_id(text),
        }
    }
}

/// OPUS-MT was trained on text whose quotation marks, dashes and blanks had been made plain.
fn plain_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            // French sets blanks inside of its marks.
            '«' => {
                plain.push('"');
                while chars.next_if(|c| c.is_whitespace()).is_some() {}
            }
            '»' => {
                plain.truncate(plain.trim_end().len());
                plain.push('"');
            }
            '“' | '”' | '„' => plain.push('"'),
            '‘' | '’' | '‚' | '´' | '`' => plain.push('\''),
            '–' => plain.push('-'),
            '—' => plain.push_str(" - "),
            '…' => plain.push_str("..."),
            '\u{a0}' | '\u{202f}' | '\u{2009}' => plain.push(' '),
            c => plain.push(c),
        }
    }
    plain
}

impl Languages {
    fn of(files: &Files, kind: &str, vocabulary: &Vocabulary) -> Result<Self> {
        let config = files.json_if_there("tokenizer_config.json")?;
        let code = |key: &str| config[key].as_str().and_then(two_letters);
        Ok(match (kind, vocabulary) {
            ("marian", Vocabulary::Pieces { ids, .. }) if ids.keys().any(|key| is_target(key)) => {
                Self::Target
            }
            ("marian", _) => Self::Pair { from: code("source_lang"), to: code("target_lang") },
            ("m2m_100", _) => Self::Both,
            _ if vocabulary.token("<2en>").is_some() => Self::To,
            _ => Self::Words,
        })
    }
}

/// `>>fra<<`
fn is_target(piece: &str) -> bool {
    piece.strip_prefix(">>").and_then(|rest| rest.strip_suffix("<<")).is_some_and(|c| !c.is_empty())
}

/// Languages: ISO 639-1, ISO 639-3, NLLB's code, and the English name.
const LANGUAGES: [(&str, &str, &str, &str); 7] = [
    ("fr", "fra", "fra_Latn", "French"),
    ("en", "eng", "eng_Latn", "English"),
    ("de", "deu", "deu_Latn", "German"),
    ("es", "spa", "spa_Latn", "Spanish"),
    ("it", "ita", "ita_Latn", "Italian"),
    ("pt", "por", "por_Latn", "Portuguese"),
    ("nl", "nld", "nld_Latn", "Dutch"),
];

fn language(
    code: &str,
) -> Option<&'static (&'static str, &'static str, &'static str, &'static str)> {
    LANGUAGES.iter().find(|(two, three, ..)| *two == code || *three == code)
}

fn two_letters(code: &str) -> Option<String> {
    language(code).map(|(two, ..)| (*two).to_owned())
}

fn three_letters(code: &str) -> &str {
    language(code).map_or(code, |(_, three, ..)| three)
}

fn nllb(code: &str) -> &str {
    language(code).map_or(code, |(_, _, nllb, _)| nllb)
}

fn name(code: &str) -> Option<&'static str> {
    language(code).map(|(.., name)| *name)
}

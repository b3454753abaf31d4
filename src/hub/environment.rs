//! What the surroundings say: the one place that reads environment variables for the hub.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};

const PUBLIC_ENDPOINT: &str = "https://huggingface.co";

/// A secret that no debug print shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Wraps a token; blank text is no token.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Folders, addresses and secrets that the hub works with.
#[derive(Debug, Clone)]
pub struct Environment {
    /// A folder of model files that is searched first (`DEPECHE_MODELS`).
    pub models_dir: Option<PathBuf>,
    /// The folder of the program's start; its `models/` is searched too.
    pub working_dir: PathBuf,
    /// Where depeche keeps its own data (`$XDG_DATA_HOME/depeche`).
    pub data_dir: PathBuf,
    /// Where depeche keeps what it can make again (`$XDG_CACHE_HOME/depeche`).
    pub cache_dir: PathBuf,
    /// Where the user's own settings and cards are (`$XDG_CONFIG_HOME/depeche`).
    pub config_dir: PathBuf,
    /// The cache in the hub's standard layout, shared with other tools (`HF_HUB_CACHE`).
    pub hub_cache: PathBuf,
    /// The address of the hub, without a final slash (`HF_ENDPOINT`).
    pub endpoint: String,
    /// Sent to the endpoint and to nobody else (`HF_TOKEN`, else the file `$HF_HOME/token`).
    pub token: Option<Token>,
    /// No socket may be opened (`HF_HUB_OFFLINE`).
    pub offline: bool,
    /// The pip program for the package mirror (`DEPECHE_PIP`); otherwise the usual ones are tried.
    pub pip: Option<PathBuf>,
    /// The web proxy (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub proxy: Option<ureq::Proxy>,
}

impl Environment {
    /// Reads the variables of this process.
    pub fn read() -> Self {
        let working_dir = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let proxy = ureq::Proxy::try_from_env();
        Self { proxy, ..Self::from_variables(working_dir, |name| std::env::var_os(name)) }
    }

    /// Reads variables through `get`; an empty value counts as not set. Has no proxy.
    pub fn from_variables(working_dir: PathBuf, get: impl Fn(&str) -> Option<OsString>) -> Self {
        let get = |name: &str| get(name).filter(|value| !value.is_empty());
        let text = |name: &str| get(name).and_then(|value| value.into_string().ok());
        let folder = |name: &str| get(name).map(PathBuf::from);
        let home = folder("HOME").or_else(|| folder("USERPROFILE")).unwrap_or_default();
        let xdg = |name: &str, default: &str| folder(name).unwrap_or_else(|| home.join(default));

        let hub_home = folder("HF_HOME")
            .unwrap_or_else(|| xdg("XDG_CACHE_HOME", ".cache").join("huggingface"));
        let endpoint = text("HF_ENDPOINT").unwrap_or_else(|| PUBLIC_ENDPOINT.to_owned());
        Self {
            models_dir: folder("DEPECHE_MODELS"),
            working_dir,
            data_dir: xdg("XDG_DATA_HOME", ".local/share").join("depeche"),
            cache_dir: xdg("XDG_CACHE_HOME", ".cache").join("depeche"),
            config_dir: xdg("XDG_CONFIG_HOME", ".config").join("depeche"),
            hub_cache: folder("HF_HUB_CACHE").unwrap_or_else(|| hub_home.join("hub")),
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            token: text("HF_TOKEN")
                .and_then(|value| Token::new(&value))
                .or_else(|| token_file(&hub_home)),
            offline: text("HF_HUB_OFFLINE").is_some_and(|value| is_yes(&value)),
            pip: folder("DEPECHE_PIP"),
            proxy: None,
        }
    }

    /// The folders of plain model files, in the order of search.
    pub(super) fn local_folders(&self) -> Vec<PathBuf> {
        let fixed = [self.working_dir.join("models"), self.data_dir.join("models")];
        self.models_dir.iter().cloned().chain(fixed).collect()
    }
}

fn token_file(hub_home: &Path) -> Option<Token> {
    std::fs::read_to_string(hub_home.join("token")).ok().and_then(|text| Token::new(&text))
}

fn is_yes(value: &str) -> bool {
    ["1", "on", "yes", "true"].contains(&value.to_ascii_lowercase().as_str())
}

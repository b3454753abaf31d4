//! What says whether an earlier result still holds: the article, the model and the options.

use sha2::{Digest, Sha256};

/// The model of a run, as records name it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelId {
    pub name: String,
    pub revision: Option<String>,
    pub sha256: Option<String>,
}

/// What the results of one run have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    pub model: ModelId,
    /// The network that translates in the model's place.
    pub translator: Option<ModelId>,
    /// Equal for equal options of one version of the program.
    pub options: String,
}

/// Hex digits of a hash that are enough to tell options apart.
const N_DIGITS: usize = 16;

impl Stamp {
    pub fn new(
        model: ModelId,
        translator: Option<ModelId>,
        network: &Option<String>,
        options: &impl std::fmt::Debug,
    ) -> Self {
        let mut all = format!("{} {options:?}", env!("CARGO_PKG_VERSION"));
        if let Some(network) = network {
            all.push_str(network);
        }
        let digits = Sha256::digest(all.as_bytes()).iter().map(|b| format!("{b:02x}")).collect();
        let mut options: String = digits;
        options.truncate(N_DIGITS);
        Self { model, translator, options }
    }
}

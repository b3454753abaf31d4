//! The flags about the language of articles.

use clap::Args;
use depeche::language::{self, Candidates, Language};

/// Flags of every verb that finds out the language of what it reads.
#[derive(Debug, Args)]
pub struct LanguageArgs {
    /// The languages that articles may be in, e.g. `fr,en`; without them, all that are known
    #[arg(long, value_name = "LANG,...", value_delimiter = ',', value_parser = code)]
    languages: Vec<&'static str>,
}

impl LanguageArgs {
    /// The languages to choose among, where the user named some.
    pub fn candidates(&self) -> Option<Candidates> {
        (!self.languages.is_empty()).then(|| self.languages.iter().copied().collect())
    }
}

/// A language that the user names.
///
/// # Errors
/// When its code is not known.
pub fn given(text: &str) -> Result<Language, String> {
    Language::given(text).ok_or_else(|| {
        format!("must be one of {}", language::codes().collect::<Vec<_>>().join(", "))
    })
}

fn code(text: &str) -> Result<&'static str, String> {
    given(text).map(|language| language.code)
}

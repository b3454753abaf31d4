//! The flags about how faithful the work must be.

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use depeche::glossary::Glossary;
use depeche::progress::Progress;
use depeche::translate::Quality;
use depeche::{Error, Result};

/// Flags of every verb that writes texts with a model.
#[derive(Debug, Args)]
#[command(next_help_heading = "Faithfulness options")]
pub struct CareArgs {
    /// How much work a sentence is worth that fails a check
    #[arg(long, value_enum, default_value_t)]
    pub quality: QualityArg,
    /// Terms and their translations, from the texts' language (French unless --from says otherwise),
    /// as TSV or CSV; may be given several times
    #[arg(long, value_name = "FILE")]
    glossary: Vec<PathBuf>,
    /// Leave this term as it is; may be given several times
    #[arg(long, value_name = "TERM")]
    pub keep: Vec<String>,
    /// Fail if the checks leave an error
    #[arg(long)]
    pub strict: bool,
}

/// How hard to try.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub enum QualityArg {
    /// Write once, and mark what the checks find
    Fast,
    /// Write again what the checks find, several ways at once
    #[default]
    Balanced,
    /// Write everything several ways at once, and take what agrees best
    Best,
}

impl From<QualityArg> for Quality {
    fn from(quality: QualityArg) -> Self {
        match quality {
            QualityArg::Fast => Self::Fast,
            QualityArg::Balanced => Self::Balanced,
            QualityArg::Best => Self::Best,
        }
    }
}

impl CareArgs {
    pub fn quality(&self) -> Quality {
        self.quality.into()
    }

    /// The terms that depeche brings, and over them those of the user's files.
    ///
    /// # Errors
    /// When a file cannot be read or is no glossary.
    pub fn glossary(&self, from: &str, to: &str, told: &dyn Progress) -> Result<Arc<Glossary>> {
        let mut glossary = Glossary::shipped(from, to);
        for path in &self.glossary {
            let text = std::fs::read_to_string(path)
                .map_err(|source| Error::Read { path: path.clone(), source })?;
            let repeated = glossary
                .add(&path.display().to_string(), &text)
                .map_err(|source| Error::Glossary { path: path.clone(), source })?;
            repeated.iter().for_each(|repeated| told.note(&repeated.to_string()));
        }
        Ok(Arc::new(glossary))
    }
}

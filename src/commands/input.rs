//! The flags about what to read.

use std::path::{Path, PathBuf};

use clap::Args;
use depeche::Result;
use depeche::document::Kind;
use depeche::input::{Fields, Inputs, Options, Patterns, Role, paths_in};

use super::model::usage;

/// Flags of every verb that reads articles.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Articles: files of any kind, folders of them, or - for the standard input
    #[arg(required_unless_present = "files_from", value_name = "PATHS")]
    paths: Vec<PathBuf>,
    /// Read the paths that stand in this file, too, one a line; - for the standard input
    #[arg(long, value_name = "FILE")]
    files_from: Option<PathBuf>,
    /// In folders, read only the files of such a name, e.g. `*.html`, or path, e.g. `2026/**`
    #[arg(long, value_name = "GLOB")]
    pattern: Vec<String>,
    /// Leave out the folders in folders
    #[arg(long)]
    no_recursive: bool,
    /// Which field of JSON or column of CSV is what, e.g. `text=contenu`, `date=meta.day`
    #[arg(long = "field", value_name = "WHAT=NAME", value_parser = field)]
    fields: Vec<(Role, String)>,
}

fn field(text: &str) -> Result<(Role, String), String> {
    let (role, name) = text.split_once('=').ok_or("must be WHAT=NAME")?;
    let role = Role::named(role).ok_or_else(|| format!("WHAT is one of {}", Role::all_names()))?;
    Ok((role, name.to_owned()))
}

impl InputArgs {
    /// What the flags name, in order.
    ///
    /// # Errors
    /// When a pattern is none, a list cannot be read, or there is nothing to read.
    pub fn inputs(&self) -> Result<Inputs> {
        Inputs::list(&self.all_paths()?, &self.options()?)
    }

    fn all_paths(&self) -> Result<Vec<PathBuf>> {
        let mut paths = self.paths.clone();
        if let Some(list) = &self.files_from {
            self.check_stdin(list)?;
            paths.extend(paths_in(list)?);
        }
        Ok(paths)
    }

    /// As [`Self::inputs`], with the files of folders that are no articles but can be translated.
    ///
    /// # Errors
    /// Those of [`Self::inputs`].
    pub fn documents(&self) -> Result<Inputs> {
        let is_also_read = |path: &Path| Kind::named(path).is_some();
        Inputs::list(&self.all_paths()?, &Options { is_also_read, ..self.options()? })
    }

    /// The fields of records that hold texts, where the user names them.
    pub fn text_fields(&self) -> Vec<String> {
        let of_texts = |role: &Role| matches!(role, Role::Text | Role::Title);
        let named = self.fields.iter().filter(|(role, _)| of_texts(role));
        named.map(|(_, name)| name.clone()).collect()
    }

    fn options(&self) -> Result<Options> {
        let mut fields = Fields::default();
        self.fields.iter().for_each(|(role, name)| fields.name(*role, name));
        let patterns = Patterns::new(&self.pattern)?;
        Ok(Options { patterns, is_recursive: !self.no_recursive, fields, ..Options::default() })
    }

    fn check_stdin(&self, list: &Path) -> Result<()> {
        let stdin = Path::new("-");
        if list == stdin && self.paths.iter().any(|path| path == stdin) {
            return Err(usage(
                "the standard input is both an article and a list of paths",
                "give the list in a file",
            ));
        }
        Ok(())
    }
}

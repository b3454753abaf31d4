//! Where translated files go.

use std::path::{Component, Path, PathBuf};

use depeche::Result;
use depeche::document::Kind;
use depeche::input::{Entry, Inputs};
use depeche::pipeline::Flow;

use super::super::model::usage;
use super::{Format, TranslateArgs, can_follow, needs_folder};
use crate::output;
use crate::output::journal::write;

/// The languages in the names of files, and the format that gives them their ends.
struct Naming {
    from: String,
    to: String,
    format: Format,
}

/// Takes finished files.
pub struct Target {
    naming: Naming,
    place: Place,
    n_put: usize,
}

enum Place {
    Stdout,
    /// What is finished of a file that takes several texts.
    File {
        path: PathBuf,
        bytes: Vec<u8>,
    },
    Folder(PathBuf),
    Beside,
}

impl Target {
    /// # Errors
    /// When the flags name no place for so many files.
    pub fn new(args: &TranslateArgs, inputs: &Inputs) -> Result<Self> {
        let place = match &args.output {
            Some(path) if output::is_folder(path) => Place::Folder(path.clone()),
            Some(path) => Place::File { path: path.clone(), bytes: Vec::new() },
            None if args.beside => Place::Beside,
            None => Place::Stdout,
        };
        let is_one = matches!(place, Place::Stdout | Place::File { .. });
        let kind = |entry: &Entry| {
            let named = entry.path.as_deref().and_then(Kind::named);
            args.kind.or(named).unwrap_or(Kind::Text)
        };
        let can_be_one = inputs.entries.iter().all(|entry| can_follow(kind(entry), args.format));
        if is_one && inputs.entries.len() > 1 && !can_be_one {
            return Err(needs_folder(inputs));
        }
        let is_packed = args.format == Format::BilingualDocx
            || args.format == Format::Same && inputs.entries.iter().any(|e| !kind(e).is_text());
        if matches!(place, Place::Stdout) && is_packed {
            return Err(usage(
                "a Word document cannot be shown",
                "name a file with --output, or write it --beside",
            ));
        }
        let naming = Naming { from: args.from.clone(), to: args.to.clone(), format: args.format };
        Ok(Self { naming, place, n_put: 0 })
    }

    /// Writes a file, or its text behind those before it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&mut self, entry: &Entry, kind: Kind, bytes: &[u8]) -> Result<Flow> {
        self.n_put += 1;
        let name = self.naming.name(Path::new(&entry.id), kind);
        match &mut self.place {
            Place::Stdout => output::stream(&ended(&String::from_utf8_lossy(bytes))),
            Place::File { bytes: all, .. } => {
                if !all.is_empty() && !all.ends_with(b"\n") {
                    all.push(b'\n');
                }
                all.extend_from_slice(bytes);
                Ok(Flow::Continue)
            }
            Place::Folder(root) => write(&root.join(inside(&name)), bytes).map(|()| Flow::Continue),
            Place::Beside => {
                let folder = entry.path.as_deref().and_then(Path::parent);
                let name = Path::new(&name).file_name().unwrap_or_default();
                let path = folder.unwrap_or(Path::new("")).join(name);
                write(&path, bytes).map(|()| Flow::Continue)
            }
        }
    }

    /// Puts the one file in its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(self) -> Result<()> {
        match self.place {
            Place::File { path, bytes } if self.n_put > 0 => write(&path, &bytes),
            _ => Ok(()),
        }
    }

    /// Where to find what is finished, of a run that was stopped.
    pub fn keep(self) -> Option<PathBuf> {
        match self.place {
            Place::Folder(root) if self.n_put > 0 => Some(root),
            Place::File { path, bytes } if self.n_put > 0 => {
                let mut partial = path.into_os_string();
                partial.push(".partial");
                let partial = PathBuf::from(partial);
                write(&partial, &bytes).ok().map(|()| partial)
            }
            _ => None,
        }
    }
}

impl Naming {
    /// `a.fr.txt` and `a.txt` give `a.en.txt`; other formats have their own ends.
    fn name(&self, path: &Path, kind: Kind) -> PathBuf {
        let stem = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let is_mark = |mark: &char| matches!(mark, '.' | '_' | '-');
        let bare = stem
            .strip_suffix(&self.from)
            .and_then(|bare| bare.chars().next_back().filter(is_mark).map(|mark| (bare, mark)));
        let (bare, mark) = match bare {
            Some((bare, mark)) => (bare.trim_end_matches(mark).to_owned(), mark),
            None => (stem, '.'),
        };
        let own = path.extension().map(|own| own.to_string_lossy().into_owned());
        let (language, extension) = match self.format.bilingual() {
            Some(format) => (format!("{}-{}", self.from, self.to), format.extension().to_owned()),
            None => {
                let keeps = own.filter(|_| Kind::named(path) == Some(kind));
                (self.to.clone(), keeps.unwrap_or_else(|| kind.extension().to_owned()))
            }
        };
        path.with_file_name(format!("{bare}{mark}{language}.{extension}"))
    }
}

/// The parts of a path that lead down.
fn inside(path: &Path) -> PathBuf {
    let down = path.components().filter(|part| matches!(part, Component::Normal(_)));
    down.collect()
}

/// With a line break at the end, as terminals want it.
fn ended(text: &str) -> String {
    if text.ends_with('\n') { text.to_owned() } else { format!("{text}\n") }
}

//! The documents of a run, opened one after the other and cut into pieces of work.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::Read;
use std::rc::Rc;

use depeche::document::{self, Document, Kind};
use depeche::engine::{Answer, Answerer, Question};
use depeche::input::{self, Entry, Fields, Inputs, MAX_CONTAINER_BYTES};
use depeche::pipeline::{Key, Task};
use depeche::progress::{Progress, Total};
use depeche::translate::Options;
use depeche::translate::units::{Context, Group, ranges};
use depeche::{Error, Result};

use super::TranslateArgs;
use crate::output::progress::Terminal;

/// Some units of a document.
pub struct Job<'c> {
    pub document: Rc<Document>,
    pub entry: Entry,
    /// The first of its units.
    pub first: usize,
    pub group: Group<'c>,
    pub is_last: bool,
    /// Whether the run is counted in files.
    counts_files: bool,
}

impl Job<'_> {
    /// How far the run is with it, in the units of its count.
    pub fn n_advance(&self) -> u64 {
        match self.counts_files {
            true => u64::from(self.is_last),
            false => self.group.n_bytes() as u64,
        }
    }
}

impl Task for Job<'_> {
    fn questions(&mut self, model: &dyn Answerer) -> Result<Vec<(Key, Question)>> {
        self.group.questions(model)
    }

    fn answer(&mut self, key: Key, answer: Answer) {
        self.group.answer(key, answer);
    }
}

/// The jobs of all documents, in order; a file is read when its turn comes.
pub struct Documents<'c> {
    entries: VecDeque<Entry>,
    kind: Option<Kind>,
    reading: document::Options,
    options: &'c Options,
    context: Context<'c>,
    terminal: &'c Terminal,
    counts_files: bool,
    /// Jobs of the document that is open.
    ready: VecDeque<Job<'c>>,
    n_failed: Rc<Cell<usize>>,
}

impl<'c> Documents<'c> {
    pub fn new(
        inputs: &Inputs,
        args: &TranslateArgs,
        options: &'c Options,
        context: Context<'c>,
        terminal: &'c Terminal,
    ) -> Self {
        let n_files = inputs.entries.len();
        if n_files > 1 {
            terminal.begin("translated", Total::Items(n_files as u64));
        }
        Self {
            entries: inputs.entries.iter().cloned().collect(),
            kind: args.kind,
            reading: args.reading(),
            options,
            context,
            terminal,
            counts_files: n_files > 1,
            ready: VecDeque::new(),
            n_failed: Rc::default(),
        }
    }

    /// Counts the files that cannot be read.
    pub fn failures(&self) -> Rc<Cell<usize>> {
        self.n_failed.clone()
    }

    /// Opens the next file; one that cannot be read is named and left.
    fn open_next(&mut self) -> Option<()> {
        let entry = self.entries.pop_front()?;
        match open(&entry, self.kind, &self.reading) {
            Ok(document) => self.cut(entry, Rc::new(document)),
            Err(error) => {
                self.n_failed.set(self.n_failed.get() + 1);
                self.terminal.failed(&entry.id, &error);
            }
        }
        Some(())
    }

    fn cut(&mut self, entry: Entry, document: Rc<Document>) {
        if !self.counts_files {
            self.terminal.begin("translated", Total::Bytes(document.n_bytes() as u64));
        }
        let has_marks = self.context.has_marks
            && !self.reading.by_line
            && matches!(document.kind, Kind::Text | Kind::Markdown | Kind::Html | Kind::Docx);
        let context = Context { has_marks, ..self.context };
        let ranges = ranges(&document.units, &self.reading.from);
        let n = ranges.len();
        for (idx, range) in ranges.into_iter().enumerate() {
            self.ready.push_back(Job {
                document: document.clone(),
                entry: entry.clone(),
                first: range.start,
                group: Group::new(&document.units[range], self.options, context),
                is_last: idx + 1 == n,
                counts_files: self.counts_files,
            });
        }
    }
}

impl<'c> Iterator for Documents<'c> {
    type Item = Job<'c>;

    fn next(&mut self) -> Option<Job<'c>> {
        while self.ready.is_empty() {
            self.open_next()?;
        }
        self.ready.pop_front()
    }
}

/// Reads a file in its kind; of a kind that cannot be written again, its text.
fn open(entry: &Entry, kind: Option<Kind>, options: &document::Options) -> Result<Document> {
    let kind = kind.or_else(|| Kind::named(entry.path.as_deref()?));
    let bytes = bytes_of(entry)?;
    let name = &entry.id;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Error::Empty { name: name.clone() });
    }
    let kind = match kind {
        Some(_) => kind,
        None if options.by_line => Some(Kind::Text),
        None => Kind::sniffed(&bytes),
    };
    match kind {
        Some(kind) => Document::read(name, &bytes, kind, options),
        None => text_of(name, bytes, options),
    }
}

fn bytes_of(entry: &Entry) -> Result<Vec<u8>> {
    let Some(path) = &entry.path else {
        let mut bytes = Vec::new();
        let failed = |source| Error::Read { path: "the standard input".into(), source };
        std::io::stdin().lock().read_to_end(&mut bytes).map_err(failed)?;
        return Ok(bytes);
    };
    let failed = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::NotFound => Error::NotFound { path: path.clone() },
        _ => Error::Read { path: path.clone(), source },
    };
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut bytes = Vec::new();
    file.take(MAX_CONTAINER_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 > MAX_CONTAINER_BYTES {
        true => Err(Error::TooLarge {
            name: path.display().to_string(),
            limit_mb: MAX_CONTAINER_BYTES >> 20,
        }),
        false => Ok(bytes),
    }
}

/// The text of a file of another kind: a mail, a PDF file, a packed text.
fn text_of(name: &str, bytes: Vec<u8>, options: &document::Options) -> Result<Document> {
    let bytes = std::io::Cursor::new(bytes);
    let mut texts = Vec::new();
    for article in input::articles_from(name, bytes, None, &Fields::default()) {
        texts.push(article?.text);
    }
    Document::read(name, texts.join("\n").as_bytes(), Kind::Text, options)
}

//! A digest for reading, in 80 columns.

use std::collections::BTreeMap;

use depeche::article::Span;
use depeche::check::Severity;
use depeche::digest::{Check, Digest, Language, Passage, Place, Support};
use depeche::summarize::Method;

use super::page::Page;

const INDENT: &str = "  ";

/// The digest, and an empty line.
///
/// With `has_sources` every sentence of the summary is followed by what it rests on.
pub fn digest(digest: &Digest, has_colours: bool, has_sources: bool) -> String {
    let mut page = Page::new(has_colours);
    page.wrapped("", &title(digest), page.style.bold);
    if about(digest) != title(digest) {
        page.wrapped("", &about(digest), page.style.dim);
    }
    for warning in digest.warnings() {
        page.wrapped("", &format!("Note: {}.", in_words(warning)), "");
    }
    for fault in faults(digest) {
        page.wrapped("", &format!("Note: {fault}."), "");
    }
    let mut view = View { page, digest };
    view.summary();
    if has_sources {
        view.sources();
    }
    view.translation();
    view.page.into_text()
}

/// The headline, or the name of an article that has none.
pub fn title(digest: &Digest) -> String {
    digest.article.title.clone().unwrap_or_else(|| digest.article.id.clone())
}

/// Day, publisher and file, as far as they are known.
pub fn about(digest: &Digest) -> String {
    let article = &digest.article;
    let day = article.published.map(|dated| dated.date.to_string());
    let parts = [day, article.source().map(str::to_owned), Some(article.id.clone())];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A warning as a reader understands it.
pub fn in_words(warning: &str) -> &str {
    match warning {
        "truncated-source" => "the article breaks off, its end is not in the file",
        "no-body" => "the file holds no running text",
        "other-language" => {
            "the article is neither in French nor in English; it was read as French"
        }
        other => other,
    }
}

/// What the article itself gets wrong, as sentences without their stop.
pub fn faults(digest: &Digest) -> impl Iterator<Item = String> {
    let fault = |check: &Check| format!("the article itself errs: {}", check.finding.message);
    digest.faults_of_article().map(fault)
}

/// Whose words the summary is made of, where they are not all the model's.
pub fn origin(digest: &Digest) -> &'static str {
    match digest.method {
        Method::Generated => "",
        Method::Extractive => " (the article's own words)",
        Method::Mixed => " (in part the article's own words)",
    }
}

/// The languages of the summary, that of the article first.
pub fn languages(digest: &Digest) -> [Language; 2] {
    [digest.language, digest.language.other()]
}

/// What a text in that language is headed.
pub fn heading(language: Language) -> &'static str {
    match language {
        Language::French => "En français",
        Language::English => "In English",
    }
}

/// The checks of a text that a reader is told of.
fn shown_in(digest: &Digest, place: Place) -> impl Iterator<Item = &Check> {
    let is_shown = |check: &&Check| check.finding.severity >= Severity::Warning;
    digest.checks.iter().filter(is_shown).filter(move |check| check.place == place)
}

/// The text with a mark behind every sentence that has an error or a warning.
pub fn marked(
    digest: &Digest,
    passage: &Passage,
    place: Place,
    escape: fn(&str) -> String,
) -> String {
    let sentence = |(idx, sentence): (usize, &String)| {
        let own = shown_in(digest, place).filter(|check| check.sentence_idx == idx);
        match own.map(|check| check.finding.severity).max() {
            Some(worst) => format!("{} {}", escape(sentence), worst.sign()),
            None => escape(sentence),
        }
    };
    passage.sentences.iter().enumerate().map(sentence).collect::<Vec<_>>().join(" ")
}

struct View<'d> {
    page: Page,
    digest: &'d Digest,
}

impl View<'_> {
    fn summary(&mut self) {
        for language in languages(self.digest) {
            let passage = self.digest.summary.in_language(language);
            if passage.sentences.is_empty() {
                continue;
            }
            let own = if language == self.digest.language { origin(self.digest) } else { "" };
            self.page.heading(&format!("{}{own}", heading(language)));
            if language != self.digest.language
                && let Some(title) = &self.digest.title
            {
                let title = Passage { sentences: vec![title.clone()] };
                self.passage(&title, Place::Title(language));
                self.page.gap();
            }
            self.passage(passage, Place::Summary(language));
        }
    }

    fn sources(&mut self) {
        self.page.heading("Sources");
        for (idx, support) in self.digest.sources.iter().enumerate() {
            for line in rests_on(self.digest, support) {
                self.page.wrapped(&format!("  {}. ", idx + 1), &line, "");
            }
        }
    }

    fn translation(&mut self) {
        let Some(paragraphs) = &self.digest.translation else { return };
        self.page.heading(&format!("{}: the whole text", heading(self.digest.language.other())));
        for (idx, paragraph) in paragraphs.iter().enumerate() {
            if idx > 0 {
                self.page.gap();
            }
            self.passage(&paragraph.passage, Place::Paragraph(idx));
        }
    }

    /// A text with its marks, and below it what they mean.
    fn passage(&mut self, passage: &Passage, place: Place) {
        let text = marked(self.digest, passage, place, str::to_owned);
        self.page.wrapped(INDENT, &text, "");
        for Meaning { mark, words, source } in meanings(self.digest, place) {
            let alarm = self.page.style.alarm;
            self.page.wrapped(&format!("  {mark} "), &format!("{words} {source}"), alarm);
        }
    }
}

/// How near a sentence of the summary is to the article.
pub fn status(support: &Support) -> &'static str {
    if support.is_shortened { "shortened" } else { support.status.as_str() }
}

/// What a sentence of the summary rests on: a line for each sentence of the article, with its place
/// in the file.
pub fn rests_on(digest: &Digest, support: &Support) -> Vec<String> {
    let status = status(support);
    let line = |span: &Span| {
        let in_file = digest.raw.in_file(*span);
        let place = match in_file.is_empty() {
            true => digest.article.id.clone(),
            false => format!("{}:{}-{}", digest.article.id, in_file.start, in_file.end),
        };
        format!("{status} ({place}): {}", span.of(&digest.raw.text).trim())
    };
    match support.spans.is_empty() {
        true => vec![status.to_owned()],
        false => support.spans.iter().map(line).collect(),
    }
}

/// What the mark behind a sentence means.
pub struct Meaning<'d> {
    pub mark: &'static str,
    /// What was found, and a colon.
    pub words: String,
    /// The words that it was made from.
    pub source: &'d str,
}

/// The marks of a text, in the order of its sentences.
pub fn meanings(digest: &Digest, place: Place) -> Vec<Meaning<'_>> {
    let mut by_sentence: BTreeMap<usize, Vec<&Check>> = BTreeMap::new();
    for check in shown_in(digest, place) {
        by_sentence.entry(check.sentence_idx).or_default().push(check);
    }
    by_sentence.into_values().filter_map(|checks| meaning(&checks)).collect()
}

/// The worst of what was found in one sentence first.
fn meaning<'d>(checks: &[&'d Check]) -> Option<Meaning<'d>> {
    let mut checks = checks.to_vec();
    checks.sort_by_key(|check| std::cmp::Reverse(check.finding.severity));
    let worst = checks.first()?;
    let found = checks.iter().map(|c| format!("{}: {}", c.finding.kind, c.finding.message));
    let words = found.collect::<Vec<_>>().join("; ") + ". Source:";
    Some(Meaning { mark: worst.finding.severity.sign(), words, source: &worst.source_text })
}

//! A digest as Markdown.

use depeche::digest::{Digest, Passage, Place};

use super::page::{escaped, harmless};
use super::text::{
    Meaning, about, faults, heading, in_words, languages, marked, meanings, origin, rests_on,
    status, title,
};

/// The digest, and an empty line.
pub fn digest(digest: &Digest, has_sources: bool) -> String {
    let mut blocks = vec![format!("## {}", escaped(&title(digest)))];
    if about(digest) != title(digest) {
        blocks.push(escaped(&about(digest)));
    }
    let warnings = digest.warnings().into_iter();
    blocks.extend(warnings.map(|warning| format!("> Note: {}.", in_words(warning))));
    blocks.extend(faults(digest).map(|fault| format!("> Note: {}.", harmless(&fault))));
    for language in languages(digest) {
        let passage = digest.summary.in_language(language);
        if passage.sentences.is_empty() {
            continue;
        }
        let is_own = language == digest.language;
        let own = if is_own { origin(digest) } else { "" };
        blocks.push(format!("### {}{own}", heading(language)));
        if let Some(title) = digest.title.as_ref().filter(|_| !is_own) {
            let title = Passage { sentences: vec![title.clone()] };
            let text = format!("**{}**", marked(digest, &title, Place::Title(language), escaped));
            blocks.extend([text].into_iter().chain(marks(digest, Place::Title(language))));
        }
        add(&mut blocks, digest, passage, Place::Summary(language));
    }
    if has_sources {
        blocks.push("### Sources".into());
        let lines = digest.sources.iter().enumerate().flat_map(|(idx, support)| {
            let lines = rests_on(digest, support).into_iter();
            let nested = lines.map(|line| format!("   - {}", escaped(&line)));
            [format!("{}. {}", idx + 1, status(support))].into_iter().chain(nested)
        });
        blocks.push(lines.collect::<Vec<_>>().join("\n"));
    }
    if let Some(paragraphs) = &digest.translation {
        blocks.push(format!("### {}: the whole text", heading(digest.language.other())));
        for (idx, paragraph) in paragraphs.iter().enumerate() {
            add(&mut blocks, digest, &paragraph.passage, Place::Paragraph(idx));
        }
    }
    blocks.join("\n\n") + "\n\n"
}

fn add(blocks: &mut Vec<String>, digest: &Digest, passage: &Passage, place: Place) {
    blocks.push(marked(digest, passage, place, escaped));
    blocks.extend(marks(digest, place));
}

/// What the marks in a text mean. Messages quote words in backticks, as Markdown does.
fn marks(digest: &Digest, place: Place) -> Option<String> {
    let line = |found: Meaning| {
        format!("> {} {} {}", found.mark, harmless(&found.words), escaped(found.source))
    };
    let lines: Vec<String> = meanings(digest, place).into_iter().map(line).collect();
    (!lines.is_empty()).then(|| lines.join("\n>\n"))
}

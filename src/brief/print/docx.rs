//! A Word document: headings, lists, tables that repeat their heads, and a footnote with the sentence
//! of the source for each citation. It holds no date, so that the same note gives the same bytes.

mod body;
mod notes;
mod parts;
mod table;

use super::words::Words;
use crate::bilingual::word::{CORE, content_types, packed, relations};
use crate::brief::Note;
use crate::error::Result;

/// The parts of the package: their names, and the kinds of their contents.
const PARTS: [(&str, &str); 7] = [
    ("document", "document.main"),
    ("styles", "styles"),
    ("numbering", "numbering"),
    ("settings", "settings"),
    ("footnotes", "footnotes"),
    ("footer1", "footer"),
    ("docProps/core", CORE),
];

/// What the document refers to. The footer is named by its place: it is `rId5`.
const RELATIONS: [(&str, &str); 5] = [
    ("styles", "styles.xml"),
    ("numbering", "numbering.xml"),
    ("settings", "settings.xml"),
    ("footnotes", "footnotes.xml"),
    ("footer", "footer1.xml"),
];

/// The package.
pub(super) fn write(note: &Note) -> Result<Vec<u8>> {
    let words = Words::of(note.language);
    let written = body::write(note, &words);
    let of_package = [("officeDocument", "word/document.xml"), (CORE, "docProps/core.xml")];
    let members = [
        ("[Content_Types].xml", content_types(&PARTS)),
        ("_rels/.rels", relations(&of_package)),
        ("docProps/core.xml", parts::core(&written.title, note.language)),
        ("word/document.xml", written.document),
        ("word/_rels/document.xml.rels", relations(&RELATIONS)),
        ("word/styles.xml", parts::styles(note.language)),
        ("word/numbering.xml", parts::numbering(written.n_lists)),
        ("word/settings.xml", parts::settings(note.language)),
        ("word/footnotes.xml", written.footnotes),
        ("word/footer1.xml", parts::footer(&words, &written.title)),
    ];
    packed("the note", &members)
}

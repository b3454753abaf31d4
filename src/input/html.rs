//! Web pages: the article without the site around it.
//!
//! A page is read once into a tree whose every text and attribute knows its bytes in the page
//! (`page`, `tree`, `text`). Its paragraphs (`blocks`) get what the names of their elements say of them
//! (`names`, with the list `names.txt`), and those of the article are chosen by where the running
//! text is (`select`). What the page says of its article outside the text is in `facts` and
//! `days`.

mod blocks;
mod dates;
mod days;
mod facts;
mod json_ld;
mod names;
mod page;
mod select;
mod text;
mod tree;

pub(crate) use tree::is_block;

use jiff::civil::Date;

use super::Extracted;
use crate::article::{BlockKind, Hint};
use crate::source_map::SourceMap;
use page::Page;
use text::Text;

/// Script text this much longer than what the page shows is what the page hides.
const MIN_BODY_RATIO: usize = 2;

/// Reads a page.
pub fn read(page: &str) -> Extracted {
    let page = Page::parse(page);
    let objects = json_ld::objects(&page);
    let blocks = blocks::blocks(&page);
    let mut declared = facts::declared(&page, &objects);
    let mut chosen = select::choose(&page, &blocks, declared.title.as_deref());
    days::complete(&mut declared, &page, &blocks, &chosen);
    let n_prose = chosen.iter().map(|chosen| blocks[chosen.block].prose()).sum::<usize>();
    let body = json_ld::body(page.source, &objects).unwrap_or_default();
    let hidden = body.n_bytes > MIN_BODY_RATIO * n_prose;
    chosen.retain(|chosen| !hidden || chosen.kind.is_some_and(is_head));
    let mut told = Told::default();
    for chosen in &chosen {
        told.tell(&blocks[chosen.block].text, chosen.kind);
    }
    body.paragraphs.iter().filter(|_| hidden).for_each(|paragraph| told.tell(paragraph, None));
    Extracted { text: told.text, map: told.map, hints: told.hints, declared }
}

/// What stands above a text and is not part of it.
fn is_head(kind: BlockKind) -> bool {
    matches!(kind, BlockKind::Title | BlockKind::Date | BlockKind::Byline)
}

/// The text so far, a blank line after each paragraph.
struct Told {
    text: String,
    map: SourceMap,
    hints: Vec<Hint>,
}

impl Default for Told {
    fn default() -> Self {
        Self { text: String::new(), map: SourceMap::empty(), hints: Vec::new() }
    }
}

impl Told {
    fn tell(&mut self, text: &Text, kind: Option<BlockKind>) {
        let span = text.append_to(&mut self.text, &mut self.map);
        self.hints.extend(kind.map(|kind| Hint { span, kind }));
        self.text.push_str("\n\n");
    }
}

/// The first day that a text names, as pages write days.
pub(super) fn day_in(text: &str) -> Option<Date> {
    dates::find(text).map(|(day, _)| day)
}

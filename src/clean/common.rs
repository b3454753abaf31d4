//! Lines that a site prints on page after page, found by counting.
//!
//! A dispatch that several papers print is on many pages too, and is no boilerplate: so a line
//! counts by the different stories that it stands in, and copies of a story are one.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::judge::{Draft, Verdict};
use super::lines::{self, Line};
use crate::article::{BlockKind, RawArticle, RuleId};

const SITE_BOILERPLATE: RuleId = RuleId("site-boilerplate");
/// Fewer stories may share a line by chance.
const MIN_STORIES: usize = 3;
/// So many stories are proof, however large the site.
const ENOUGH_STORIES: usize = 10;
const MIN_SHARE: f64 = 0.2;
/// Two pages tell different stories when of the words of each so large a share is not in the other;
/// a page may be half boilerplate, and an updated dispatch keeps most of its paragraphs.
const MIN_OWN_SHARE: f64 = 0.3;
/// A sample of this size says what a site repeats; memory stays bounded by it.
const MAX_ARTICLES_A_SITE: usize = 2_000;
const MAX_ARTICLES: usize = 20_000;
/// Longer lines are paragraphs, wherever they stand.
const MAX_WORDS_AT_EDGE: usize = 80;
/// Inside the text only labels are taken: a heading that returns, like a question, may be the
/// journalist's own.
const MAX_WORDS_INSIDE: usize = 8;

/// What the articles of one run have in common, site by site.
#[derive(Debug, Clone, Default)]
pub struct Common {
    sites: HashMap<String, Site>,
    n_articles: usize,
}

impl Common {
    /// Counts the lines of one article.
    pub fn count(&mut self, raw: &RawArticle) {
        if !self.is_full() {
            self.n_articles += 1;
            self.sites.entry(site_of(raw)).or_default().count(raw);
        }
    }

    /// Whether more articles would teach nothing.
    pub fn is_full(&self) -> bool {
        self.n_articles >= MAX_ARTICLES
    }

    /// Notes on each line of `raw` whether its site repeats it.
    pub(super) fn note(&self, raw: &RawArticle, lines: &mut [Line]) {
        let Some(site) = self.sites.get(&site_of(raw)) else { return };
        lines.iter_mut().for_each(|line| line.is_common = site.repeats(hash(line)));
    }
}

/// The host of its address, else the site it names, else its folder.
fn site_of(raw: &RawArticle) -> String {
    let host = |url: &String| {
        let behind = url.split_once("://").map_or(url.as_str(), |(_, behind)| behind);
        let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
        host.trim_start_matches("www.").to_lowercase()
    };
    let folder = || raw.id.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let declared = &raw.declared;
    declared.url.as_ref().map(host).or_else(|| declared.site.clone()).unwrap_or_else(folder)
}

fn hash(line: &Line) -> u64 {
    let mut hasher = DefaultHasher::new();
    line.folded().hash(&mut hasher);
    hasher.finish()
}

#[derive(Debug, Clone, Default)]
struct Site {
    stories: Vec<Story>,
    lines: HashMap<u64, Seen>,
}

/// Where a line was seen.
#[derive(Debug, Clone, Default)]
struct Seen {
    n_articles: usize,
    /// Articles of [`Site::stories`] that are no copies of each other, up to [`ENOUGH_STORIES`].
    different: Vec<usize>,
}

impl Site {
    fn count(&mut self, raw: &RawArticle) {
        if self.stories.len() >= MAX_ARTICLES_A_SITE {
            return;
        }
        let lines = lines::split(&raw.text, &raw.hints).lines;
        let story = Story::of(&lines);
        let mut compared: HashMap<usize, bool> = HashMap::new();
        let mut hashes: Vec<u64> = lines.iter().map(hash).collect();
        hashes.sort_unstable();
        hashes.dedup();
        for hash in hashes {
            let seen = self.lines.entry(hash).or_default();
            seen.n_articles += 1;
            let mut differs = |&other: &usize| {
                let test = || self.stories.get(other).is_none_or(|other| other.differs(&story));
                *compared.entry(other).or_insert_with(test)
            };
            if seen.different.len() < ENOUGH_STORIES && seen.different.iter().all(&mut differs) {
                seen.different.push(self.stories.len());
            }
        }
        self.stories.push(story);
    }

    fn repeats(&self, line: u64) -> bool {
        self.lines.get(&line).is_some_and(|seen| {
            let often = seen.n_articles as f64 >= MIN_SHARE * self.stories.len() as f64;
            let n_stories = seen.different.len();
            n_stories >= ENOUGH_STORIES || (n_stories >= MIN_STORIES && often)
        })
    }
}

/// The prose of one article: hash and number of words of each line, in order of hash.
#[derive(Debug, Clone)]
struct Story(Vec<(u64, usize)>);

impl Story {
    fn of(lines: &[Line]) -> Self {
        let prose = lines.iter().filter(|line| line.is_prose());
        let mut prose: Vec<(u64, usize)> = prose.map(|l| (hash(l), l.n_words())).collect();
        prose.sort_unstable();
        prose.dedup();
        Self(prose)
    }

    fn n_words(&self) -> usize {
        self.0.iter().map(|(_, n_words)| n_words).sum()
    }

    fn differs(&self, other: &Self) -> bool {
        let known = |line: &&(u64, usize)| other.0.binary_search(line).is_ok();
        let shared: usize = self.0.iter().filter(known).map(|(_, n_words)| n_words).sum();
        let own = |all: usize| (all - shared) as f64 > MIN_OWN_SHARE * all as f64;
        own(self.n_words()) && own(other.n_words())
    }
}

/// Marks the lines that the site repeats: labels anywhere, sentences only at the edges of the page.
pub fn mark(draft: &mut Draft) {
    let open = draft.open();
    let is_own = |idx: &usize| draft.lines[*idx].is_prose() && !draft.lines[*idx].is_common;
    let own: Vec<usize> = open.iter().copied().filter(is_own).collect();
    let (Some(&first), Some(&last)) = (own.first(), own.last()) else { return };
    for idx in open.into_iter().filter(|&idx| draft.lines[idx].is_common) {
        let line = &draft.lines[idx];
        let at_edge = (idx < first || idx > last) && line.n_words() <= MAX_WORDS_AT_EDGE;
        let is_title = line.hint == Some(BlockKind::Title);
        if !is_title && (at_edge || is_label(line)) {
            draft.set(idx, Verdict::remove(BlockKind::Boilerplate, SITE_BOILERPLATE, 0.85));
        }
    }
}

fn is_label(line: &Line) -> bool {
    !line.is_closed() && line.n_words() <= MAX_WORDS_INSIDE
}

#[cfg(test)]
mod tests {
    use super::super::{Options, clean_with};
    use super::*;

    const OFFER: &str = "Toute l'info de la vallée pour un euro la semaine";
    const STORIES: [&str; 4] = [
        "Le pont de Cernois rouvrira lundi après six mois de travaux et deux reports.",
        "La médiathèque de Valmont prêtera désormais des graines et des outils de jardin.",
        "Un orage a couché mardi les maïs du plateau, sans faire de blessé dans les fermes.",
        "Les pompiers de Montélure cherchent douze volontaires avant le début de l'été.",
    ];

    fn page(idx: usize, story: &str, foot: &str) -> RawArticle {
        RawArticle::new(format!("loue/{idx}"), format!("{story}\n\n{foot}"))
    }

    fn removed(pages: &[RawArticle]) -> Vec<usize> {
        let mut common = Common::default();
        pages.iter().for_each(|page| common.count(page));
        let options = Options { common: Some(&common), ..Options::default() };
        pages.iter().map(|page| clean_with(page, &options).removals().count()).collect()
    }

    #[test]
    fn what_different_stories_share_is_the_sites() {
        let pages: Vec<_> = STORIES.iter().zip(0..).map(|(s, idx)| page(idx, s, OFFER)).collect();
        assert_eq!(removed(&pages), [1, 1, 1, 1]);
        assert_eq!(removed(&pages[..2]), [0, 0], "two stories prove nothing");
    }

    #[test]
    fn copies_of_a_dispatch_keep_their_lines() {
        let pages: Vec<_> = (0..5).map(|idx| page(idx, STORIES[0], OFFER)).collect();
        assert_eq!(removed(&pages), [0; 5]);
    }

    #[test]
    fn a_paragraph_between_paragraphs_stays() {
        let shared = "La région rappelle que les restrictions d'eau courent jusqu'en octobre.";
        let text =
            |s: &&str| format!("{s}\n\n{shared}\n\nPlus rien n'est exclu pour {}.", &s[3..40]);
        let texts = STORIES.iter().map(text).zip(0..);
        let pages: Vec<_> =
            texts.map(|(text, idx)| RawArticle::new(format!("loue/{idx}"), text)).collect();
        assert_eq!(removed(&pages), [0; 4]);
    }

    #[test]
    fn sites_are_counted_apart() {
        let pages: Vec<_> = STORIES.iter().zip(0..).map(|(s, idx)| page(idx, s, OFFER)).collect();
        let elsewhere = pages
            .into_iter()
            .zip(0..)
            .map(|(page, idx)| RawArticle { id: format!("site-{}/page", idx / 2), ..page });
        assert_eq!(removed(&elsewhere.collect::<Vec<_>>()), [0; 4]);
    }
}

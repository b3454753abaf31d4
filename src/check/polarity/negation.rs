//! Negations that were lost or made up.

use std::sync::LazyLock;

use super::super::Finding;
use super::align::Bead;
use super::lexicon::{self, Lexicon};
use super::signs::{self, Sign};
use super::words::Word;

/// The classes of `negation.txt`.
const CLASSES: [&str; 4] = ["firm", "loose", "weak", "none"];
const FIRM: usize = 0;
const WEAK: usize = 2;
const NONE: usize = 3;

struct Lists {
    fr: Lexicon,
    en: Lexicon,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists { fr: Lexicon::default(), en: Lexicon::default() };
    for (lang, class, entries) in lexicon::lines(include_str!("negation.txt")) {
        let class = CLASSES.iter().position(|&name| name == class).unwrap_or(NONE);
        if lang == "fr" { &mut lists.fr } else { &mut lists.en }.add(entries, class);
    }
    lists
});

/// Negations of one text that the other does not have.
pub fn compare(bead: &Bead, langs: (&str, &str)) -> Vec<Finding> {
    let source = Negations::find(&bead.source, langs.0);
    let target = Negations::find(&bead.target, langs.1);
    let mut findings = Vec::new();
    if let Some(plain) = target.surplus(&source) {
        let span =
            signs::loneliest(&target.signs, bead.target_span, &source.signs, bead.source_span);
        let finding = judged(plain, "says no where the source does not".into());
        findings.extend(span.map(|span| finding.in_target(span)));
    }
    if let Some(plain) = source.surplus(&target) {
        let span =
            signs::loneliest(&source.signs, bead.source_span, &target.signs, bead.target_span);
        let finding = judged(plain, "a negation of the source is missing".into());
        findings.extend(span.map(|span| finding.in_source(span)));
    }
    findings
}

fn judged(plain: bool, message: String) -> Finding {
    if plain { Finding::error("negation", message) } else { Finding::warning("negation", message) }
}

/// All that says no in a text.
struct Negations {
    signs: Vec<Sign>,
    n_weak: usize,
    /// Whether the firm signs include one that is more than a `without`.
    denies: bool,
}

impl Negations {
    fn find(words: &[Word], lang: &str) -> Self {
        let french = lang == "fr";
        let hits = if french { &LISTS.fr } else { &LISTS.en }.find(words);
        let n_weak = hits.iter().filter(|hit| hit.class == WEAK).count();
        let strong = hits.iter().filter(|hit| hit.class != NONE && hit.class != WEAK);
        let mut found: Vec<(usize, usize, bool)> =
            strong.map(|hit| (hit.first, hit.end, hit.class == FIRM)).collect();
        if french {
            add_particles(&mut found, words);
        } else {
            found.retain(|&(first, ..)| !is_number_sign(words, first));
            found.extend(privative(words));
        }
        found.sort_unstable();
        loosen_doubles(&mut found);
        let mild = |first: usize| matches!(words[first].text.as_str(), "sans" | "without");
        let denies = found.iter().any(|&(first, _, firm)| firm && !mild(first));
        let signs = found.iter().map(|&(first, end, firm)| Sign::over(words, first, end, firm));
        Self { signs: signs.collect(), n_weak, denies }
    }

    /// Whether there are more firm signs than the other text can answer, and if so, whether it is
    /// plain. Loose signs of both answer each other first.
    fn surplus(&self, other: &Self) -> Option<bool> {
        let (own, others) = (signs::count(&self.signs), signs::count(&other.signs));
        let answers = others.0 + others.1.saturating_sub(own.1 + self.n_weak);
        let nothing = others == (0, 0) && other.n_weak == 0;
        (own.0 > answers).then_some(nothing && self.denies)
    }
}

fn add_particles(found: &mut Vec<(usize, usize, bool)>, words: &[Word]) {
    let read = particles(words);
    found.retain(|hit| read.iter().all(|scope| hit.1 <= scope.0 || scope.1 <= hit.0));
    found.extend(read);
}

/// `treeless`
fn privative(words: &[Word]) -> impl Iterator<Item = (usize, usize, bool)> {
    let ends = |word: &Word| word.text.len() > 6 && word.text.ends_with("less");
    words.iter().enumerate().filter(move |(_, w)| ends(w)).map(|(at, _)| (at, at + 1, false))
}

/// `No. 5`
fn is_number_sign(words: &[Word], at: usize) -> bool {
    let next = |n: usize| words.get(at + n).map_or("", |word| &word.text);
    next(0) == "no" && next(1) == "." && next(2).starts_with(|c: char| c.is_ascii_digit())
}

/// Two negations side by side may undo each other: `pas impossible`, `not without`.
fn loosen_doubles(found: &mut [(usize, usize, bool)]) {
    for at in 1..found.len() {
        if found[at].0 <= found[at - 1].1 + 1 && found[at - 1].2 && found[at].2 {
            found[at].2 = false;
        }
    }
}

/// What stands with `ne` to deny.
const STRONG: [&str; 12] = [
    "pas", "point", "plus", "jamais", "rien", "personne", "aucun", "aucune", "ni", "guère", "nul",
    "nulle",
];
/// What may stand before `ne` instead.
const BEFORE: [&str; 8] =
    ["personne", "rien", "aucun", "aucune", "nul", "nulle", "jamais", "ni"];
/// How many words `ne` reaches.
const REACH: usize = 10;
/// Behind these `personne`, `point`, `pas` are nouns.
const ARTICLES: [&str; 34] = [
    "un", "une", "le", "la", "les", "des", "ces", "ce", "cet", "cette", "chaque", "toute", "par",
    "de", "d'", "du", "au", "aux", "premier", "grand", "faux", "deux", "trois", "quelques", "ses",
    "son", "leurs", "mes", "à", "seule", "autre", "même", "l'", "sur",
];

/// `ne` with what belongs to it, and `pas` alone, as `(first word, end, firm)`.
fn particles(words: &[Word]) -> Vec<(usize, usize, bool)> {
    let mut found: Vec<(usize, usize, bool)> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        if found.last().is_some_and(|last| at < last.1) {
            continue;
        }
        match word.text.as_str() {
            "ne" | "n'" => found.extend(scope(words, at)),
            "pas" if is_bare(words, at) => found.push((at, at + 1, true)),
            _ => {}
        }
    }
    found
}

fn is_bare(words: &[Word], at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |idx| words[idx].text.as_str());
    !ARTICLES.contains(&before) && !before.starts_with(|c: char| c.is_ascii_digit())
}

fn scope(words: &[Word], ne: usize) -> Option<(usize, usize, bool)> {
    let ahead = words[ne + 1..].iter().take(REACH).enumerate();
    for (n, word) in ahead {
        let at = ne + 1 + n;
        match word.text.as_str() {
            "." | ";" | ":" | "?" | "!" | "ne" | "n'" => break,
            "que" | "qu'" => return Some((ne, ne + 1, false)),
            text if STRONG.contains(&text) && is_bare(words, at) => {
                let asks = words[at - 1].text == "ce";
                return Some((ne, at + 1, !asks));
            }
            _ => {}
        }
    }
    without_particle(words, ne)
}

/// What makes a bare `ne` say nothing.
const EXPLETIVE: [&str; 18] = [
    "avant", "moins", "plus", "mieux", "pire", "crain", "crai", "peur", "évit", "empêch", "risqu",
    "autre", "autrement", "davantage", "meilleur", "menac", "redout", "dout",
];

fn without_particle(words: &[Word], ne: usize) -> Option<(usize, usize, bool)> {
    let back = ne.saturating_sub(REACH);
    let before = &words[back..ne];
    let clause = before.iter().rposition(|w| matches!(w.text.as_str(), "." | ";" | ":" | "?"));
    let from = back + clause.map_or(0, |at| at + 1);
    let denies = (from..ne)
        .rev()
        .find(|&at| BEFORE.contains(&words[at].text.as_str()) && is_bare(words, at));
    if let Some(at) = denies {
        return Some((at, ne + 1, true));
    }
    let expletive = words[from..ne].iter().any(|w| EXPLETIVE.iter().any(|e| w.text.starts_with(e)))
        && words[from..ne].iter().any(|w| matches!(w.text.as_str(), "que" | "qu'"));
    (!expletive).then_some((ne, ne + 1, false))
}

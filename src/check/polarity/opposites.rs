//! Words that became their opposites: `hausse` told as `fall`.

use std::sync::LazyLock;

use super::super::Finding;
use super::super::lists::lines;
use super::align::Bead;
use super::lexicon::Lexicon;
use super::negation;
use super::words::Word;

/// Each line of `opposites.txt` has two classes, one for each pole.
struct Lists {
    fr: Lexicon,
    en: Lexicon,
    n_classes: usize,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists { fr: Lexicon::default(), en: Lexicon::default(), n_classes: 0 };
    for line in lines(include_str!("opposites.txt")) {
        let poles: Vec<_> = line.split("<>").filter_map(|pole| pole.split_once('=')).collect();
        let [one, other] = poles.as_slice() else { continue };
        for (french, english) in [one, other] {
            lists.fr.add(french, lists.n_classes);
            lists.en.add(english, lists.n_classes);
            lists.n_classes += 1;
        }
    }
    lists
});

/// How much farther on in its text a word may stand, as a share of the text.
const MAX_SHIFT: f64 = 0.3;

/// What a text says of one pole: how often, and where first.
type Poles = Vec<(usize, Option<usize>)>;

/// Words of the target whose opposite the source says, and not them. A text that denies more than
/// the other may well say the opposite word: then nothing is found.
pub fn compare(bead: &Bead, langs: (&str, &str)) -> Vec<Finding> {
    if negation::count(&bead.source, langs.0) != negation::count(&bead.target, langs.1) {
        return Vec::new();
    }
    let said = poles(&bead.source, langs.0);
    let told = poles(&bead.target, langs.1);
    let rooted = rooted(&said, &bead.target, langs.1);
    let mut findings: Vec<Finding> = Vec::new();
    for class in 0..LISTS.n_classes {
        let (Some(from), Some(to)) = (said[class ^ 1].1, told[class].1) else { continue };
        let said_too = said[class].0 > 0 || told[class ^ 1].0 > 0 || rooted.contains(&to);
        if !said_too && !is_turned(&bead.source, from) && !is_named(&bead.target, to) {
            let near = is_near(from, bead.source.len(), to, bead.target.len());
            let finding = finding(&bead.source[from], &bead.target[to], near);
            if findings.iter().all(|other| other.target != finding.target) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// `moins cher`
fn is_turned(words: &[Word], at: usize) -> bool {
    let before = words[at.saturating_sub(3)..at].iter().map(|word| word.text.as_str());
    before
        .into_iter()
        .any(|word| matches!(word, "moins" | "peu" | "less" | "least" | "pas" | "not"))
}

/// A word inside of a name.
fn is_named(words: &[Word], at: usize) -> bool {
    words[at].capital && at > 0 && words[at - 1].is_word()
}

fn finding(from: &Word, to: &Word, near: bool) -> Finding {
    let message = format!("`{}` became `{}`", from.text, to.text);
    let finding = if near { Finding::warning } else { Finding::note };
    finding("opposite", message).in_source(from.span).in_target(to.span)
}

/// Whether two words stand at about the same place of their texts.
fn is_near(from: usize, n_source: usize, to: usize, n_target: usize) -> bool {
    let place = |at: usize, n: usize| at as f64 / n.max(1) as f64;
    (place(from, n_source) - place(to, n_target)).abs() < MAX_SHIFT
}

fn poles(words: &[Word], lang: &str) -> Poles {
    let mut poles = vec![(0, None); LISTS.n_classes];
    for hit in if lang == "fr" { &LISTS.fr } else { &LISTS.en }.find(words) {
        poles[hit.class].0 += 1;
        poles[hit.class].1.get_or_insert(hit.first);
    }
    poles
}

/// Words of the target that some line answers with a word of the source.
fn rooted(said: &Poles, target: &[Word], lang: &str) -> Vec<usize> {
    let hits = if lang == "fr" { &LISTS.fr } else { &LISTS.en }.find(target);
    hits.iter().filter(|hit| said[hit.class].0 > 0).map(|hit| hit.first).collect()
}

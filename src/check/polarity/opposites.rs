//! Words that became their opposites: `hausse` told as `fall`.

use std::sync::LazyLock;

use super::super::Finding;
use super::align::Bead;
use super::lexicon::Lexicon;
use super::words::Word;

/// Each line of `opposites.txt` has two classes, one for each pole.
struct Lists {
    fr: Lexicon,
    en: Lexicon,
    n_classes: usize,
}

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    let mut lists = Lists { fr: Lexicon::default(), en: Lexicon::default(), n_classes: 0 };
    for line in include_str!("opposites.txt").lines().filter(|line| !line.starts_with('#')) {
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

/// What a text says of one pole: how often, and where first.
type Poles = Vec<(usize, Option<usize>)>;

/// Words of the target whose opposite the source says, and not them.
pub fn compare(bead: &Bead, langs: (&str, &str)) -> Vec<Finding> {
    let said = poles(&bead.source, langs.0);
    let told = poles(&bead.target, langs.1);
    let rooted = rooted(&said, &told, &bead.target, langs.1);
    let mut findings: Vec<Finding> = Vec::new();
    for class in 0..LISTS.n_classes {
        let (Some(from), Some(to)) = (said[class ^ 1].1, told[class].1) else { continue };
        let invented = said[class].0 == 0 && !rooted.contains(&to);
        if invented && told[class ^ 1].0 == 0 {
            let finding = finding(&bead.source[from], &bead.target[to]);
            if findings.iter().all(|other| other.target != finding.target) {
                findings.push(finding);
            }
        }
    }
    findings
}

fn finding(from: &Word, to: &Word) -> Finding {
    let message = format!("`{}` became `{}`", from.text, to.text);
    Finding::warning("opposite", message).in_source(from.span).in_target(to.span)
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
fn rooted(said: &Poles, told: &Poles, target: &[Word], lang: &str) -> Vec<usize> {
    let _ = told;
    let hits = if lang == "fr" { &LISTS.fr } else { &LISTS.en }.find(target);
    hits.iter().filter(|hit| said[hit.class].0 > 0).map(|hit| hit.first).collect()
}

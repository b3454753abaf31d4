//! How sure a text is of what it says: `could` that became `will`, `in case of` that became `after`.

use std::sync::LazyLock;

use super::super::{Finding, Severity};
use super::align::Bead;
use super::lexicon::{self, Lexicon};
use super::signs::{self, Sign, Weight};
use super::words::{WORDS, Word};

/// A class of `modality.txt`, with what is said of its words.
struct Class {
    name: &'static str,
    lost: &'static str,
    made_up: &'static str,
}

const CLASSES: [Class; 9] = [
    class("possibility", "what may be is told as sure", "only possible here, sure in the source"),
    class(
        "necessity",
        "what must or should be is not told so",
        "a duty that the source does not know",
    ),
    class(
        "hearsay",
        "what others say is told as sure",
        "only said by others here, not in the source",
    ),
    class("likelihood", "what is likely is told otherwise", "likely here, not in the source"),
    class(
        "condition",
        "a condition of the source is missing",
        "a condition that the source does not make",
    ),
    class("plan", "a wish or a plan is told otherwise", "a wish or a plan here, not in the source"),
    class("attempt", "an attempt is told otherwise", "an attempt here, not in the source"),
    class("threat", "a danger or threat is told otherwise", "a threat that is not in the source"),
    class("conditional", "a conditional of the source is told as sure", ""),
];
const POSSIBILITY: usize = 0;
const NECESSITY: usize = 1;
const HEARSAY: usize = 2;
const CONDITION: usize = 4;
const CONDITIONAL: usize = 8;

const fn class(name: &'static str, lost: &'static str, made_up: &'static str) -> Class {
    Class { name, lost, made_up }
}

struct Lists {
    fr: Lexicon,
    en: Lexicon,
}

/// What stands behind the name of a class in `modality.txt`.
const MARKS: [(&str, Weight); 4] =
    [("", Weight::Firm), ("!", Weight::Asking), ("?", Weight::Loose), ("??", Weight::Remote)];

static LISTS: LazyLock<Vec<Lists>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for class in &CLASSES {
        let mut lists = Lists { fr: Lexicon::default(), en: Lexicon::default() };
        for (lang, name, entries) in lexicon::lines(include_str!("modality.txt")) {
            let list = if lang == "fr" { &mut lists.fr } else { &mut lists.en };
            let mark = name.strip_prefix(class.name);
            if let Some(weight) = MARKS.iter().position(|(own, _)| Some(*own) == mark) {
                list.add(entries, weight);
            }
        }
        all.push(lists);
    }
    all
});

/// What is surer, or less sure, than in the source.
pub fn compare(bead: &Bead, langs: (&str, &str)) -> Vec<Finding> {
    let said = find(&bead.source, langs.0);
    let told = find(&bead.target, langs.1);
    let mut findings = Vec::new();
    for (idx, class) in CLASSES.iter().enumerate() {
        let (said, told) = (&said[idx], &told[idx]);
        if let Some(severity) = surplus(said, told) {
            let is_fact = idx == CONDITION && became_fact(bead, langs);
            let severity = if is_fact { Severity::Error } else { severity };
            let span = signs::loneliest(said, bead.source_span, told, bead.target_span);
            let finding = judged(severity, class.lost);
            findings.extend(span.map(|span| finding.in_source(span)));
        }
        if let Some(severity) = surplus(told, said).filter(|_| !class.made_up.is_empty()) {
            let span = signs::loneliest(told, bead.target_span, said, bead.source_span);
            let finding = judged(severity, class.made_up);
            findings.extend(span.map(|span| finding.in_target(span)));
        }
    }
    findings
}

/// `en cas de` told with `after`, and with no word that leaves it open.
fn became_fact(bead: &Bead, langs: (&str, &str)) -> bool {
    let is_case = |words: &[Word]| {
        let text = |at: usize| words.get(at).map_or("", |word| word.text.as_str());
        (0..words.len()).any(|at| {
            matches!((text(at), text(at + 1), text(at + 2)), ("en", "cas", "de" | "d'" | "du"))
                || matches!((text(at), text(at + 1), text(at + 2)), ("in", "case", "of"))
                || matches!((text(at), text(at + 1), text(at + 2)), ("in", "the", "event"))
        })
    };
    let has = |list: &str| bead.target.iter().any(|word| WORDS.has(langs.1, list, &word.text));
    is_case(&bead.source) && has("fact") && !has("open")
}

fn judged(severity: Severity, message: &str) -> Finding {
    Finding { severity, ..Finding::warning("modality", message.into()) }
}

/// How surely one text has more asking words of a class than the other has words that answer.
fn surplus(own: &[Sign], other: &[Sign]) -> Option<Severity> {
    let n_firm = signs::count(own, Weight::Firm);
    let n_asking = n_firm + signs::count(own, Weight::Asking);
    let n_remote = signs::count(other, Weight::Remote);
    let n_answers = other.len() - n_remote;
    if n_asking <= n_answers {
        None
    } else if n_firm > n_answers + n_remote {
        Some(Severity::Warning)
    } else {
        Some(Severity::Note)
    }
}

/// The signs of every class.
fn find(words: &[Word], lang: &str) -> Vec<Vec<Sign>> {
    let french = lang == "fr";
    let mut all: Vec<Vec<Sign>> = LISTS
        .iter()
        .map(|lists| {
            let mut hits = if french { &lists.fr } else { &lists.en }.find(words);
            // The entry that asks most stands first.
            hits.dedup_by_key(|hit| hit.first);
            let hits = hits.iter().filter(|hit| french || !is_month(words, hit.first));
            hits.map(|hit| Sign::over(words, hit.first, hit.end, MARKS[hit.class].1)).collect()
        })
        .collect();
    if french {
        add_french(&mut all, words)
    } else {
        add_english(&mut all, words)
    }
    all
}

/// `May` the month: with a capital and no sentence beginning with it, or beside a number.
fn is_month(words: &[Word], at: usize) -> bool {
    let digit = |word: Option<&Word>| {
        word.is_some_and(|w| w.text.starts_with(|c: char| c.is_ascii_digit()))
    };
    let beside = digit(words.get(at + 1)) || at > 0 && digit(words.get(at - 1));
    words[at].text == "may" && words[at].capital && (beside || at > 0 && words[at - 1].is_word())
}

fn add_english(all: &mut [Vec<Sign>], words: &[Word]) {
    for (at, word) in words.iter().enumerate() {
        if WORDS.has("en", "hedge", &word.text) {
            all[CONDITIONAL].push(Sign::over(words, at, at + 1, Weight::Loose));
        }
    }
}

fn add_french(all: &mut [Vec<Sign>], words: &[Word]) {
    let has_si = (0..words.len()).any(|at| is_si(words, at));
    for at in 0..words.len() {
        let sign = |weight| Sign::over(words, at, at + 1, weight);
        if is_si(words, at) {
            all[CONDITION].push(sign(Weight::Firm));
        }
        if is_conditional(&words[at].text) {
            for class in [POSSIBILITY, NECESSITY, HEARSAY, CONDITION] {
                all[class].push(sign(Weight::Remote));
            }
            all[CONDITIONAL].push(sign(Weight::Asking));
            if is_hearsay(words, at) && !has_si {
                all[HEARSAY].push(sign(Weight::Firm));
            }
        }
    }
}

/// `si` that makes a condition, not `si grand`.
fn is_si(words: &[Word], at: usize) -> bool {
    let next = words.get(at + 1).map_or("", |word| &word.text);
    match words[at].text.as_str() {
        "s'" => matches!(next, "il" | "ils"),
        "si" => {
            WORDS.has("fr", "subject", next) || words.get(at + 1).is_some_and(|word| word.capital)
        }
        _ => false,
    }
}

/// `aurait coûté`: said, not known.
fn is_hearsay(words: &[Word], at: usize) -> bool {
    let auxiliary =
        matches!(words[at].text.as_str(), "aurait" | "auraient" | "serait" | "seraient");
    let next = words.get(at + 1).map_or("", |word| &word.text);
    let helper = matches!(next, "pu" | "dû" | "voulu" | "aimé" | "fallu" | "préféré" | "souhaité");
    auxiliary && !helper && WORDS.has_ending("fr", "participle", next)
}

/// Whether a word is a verb in the third person of the conditional.
pub fn is_conditional(word: &str) -> bool {
    let stem = ["aient", "ait"].iter().find_map(|end| word.strip_suffix(end));
    let Some(stem) = stem.filter(|stem| stem.len() >= 3) else { return false };
    if WORDS.has_ending("fr", "stem", stem) || stem == "ser" || stem == "fer" {
        return true;
    }
    let regular = stem.len() >= 4 && stem.ends_with("er") && !stem.ends_with("rer");
    let finished = stem.len() >= 4 && stem.ends_with("ir");
    let imperfect = stem == "tir" || WORDS.has_ending("fr", "from-irer", stem);
    regular || finished && !imperfect
}

//! The words of the data files, looked up in folded form.

use std::collections::HashMap;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Bound;
use super::compound;
use super::unit::{self, Units};

/// What a word means for a number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Word {
    pub role: Role,
    pub value: f64,
    /// `deuxième`, `second`.
    pub ordinal: bool,
}

/// The part that a word plays in a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// `deux`, `twelve`.
    Unit,
    /// `vingt`, `forty`.
    Ten,
    Hundred,
    /// `mille`, `million`: multiplies what stands before.
    Scale,
    /// `milliers`, `hundreds`: a scale after a number, a magnitude alone.
    Plural,
    /// `trentaine`, `dozen`.
    Collective,
    /// `dizaines`, `dozens`.
    Collectives,
    /// `demi`, `quart`, `half`; the value is the denominator.
    Fraction,
    Multiple,
    /// `eighties`.
    Decade,
    /// `et`, `and`.
    And,
    /// `de`, `of`.
    Of,
    /// `plusieurs`, `several`.
    Some,
}

/// All that is known of one language's numbers.
pub struct Lexicon {
    pub rules: Rules,
    words: HashMap<String, Word>,
    /// Words that stand inside of others only: the `vent` of `ventuno`.
    pieces: HashMap<String, Word>,
    lists: HashMap<&'static str, Vec<String>>,
    pub units: Units,
    before: HashMap<String, Bound>,
    after: HashMap<String, Bound>,
}

/// How numbers of a language are put together: the line `rule` of its data file.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// `1.234,5`; else `1,234.5`.
    pub decimal_comma: bool,
    /// `quatre-vingt-dix-sept`.
    pub vigesimal: bool,
    /// `les dix premiers` are ten; `twenty-first` is twenty-one.
    pub ordinals_apart: bool,
    /// `vingt et un`, but no other unit behind `et`.
    pub and_one: bool,
    /// `two hundred and five`.
    pub and_small: bool,
    /// `treinta y dos`.
    pub and_units: bool,
    /// `un milione e duecentomila`.
    pub and_thousands: bool,
    /// `douze et quart`.
    pub and_quarter: bool,
    /// `5 hundred`.
    pub figures_before_hundred: bool,
    /// `5 mille 352`.
    pub figures_behind_thousand: bool,
    /// `mil doscientos millones`.
    pub thousand_millions: bool,
    /// `two dozen` is as loose as a dozen.
    pub loose_dozens: bool,
    /// `half a century`, `a fifth of`.
    pub article_behind_half: bool,
    /// `zweiunddreißig` is one word.
    pub compounds: bool,
}

impl Rules {
    fn read(lists: &HashMap<&'static str, Vec<String>>) -> Self {
        let rules = lists.get("rule").map_or(&[][..], Vec::as_slice);
        let has = |name: &str| rules.iter().any(|rule| rule == name);
        Self {
            decimal_comma: has("decimal-comma"),
            vigesimal: has("vigesimal"),
            ordinals_apart: has("ordinals-apart"),
            and_one: has("and-one"),
            and_small: has("and-small"),
            and_units: has("and-units"),
            and_thousands: has("and-thousands"),
            and_quarter: has("and-quarter"),
            figures_before_hundred: has("figures-before-hundred"),
            figures_behind_thousand: has("figures-behind-thousand"),
            thousand_millions: has("thousand-millions"),
            loose_dozens: has("loose-dozens"),
            article_behind_half: has("article-behind-half"),
            compounds: has("compounds"),
        }
    }
}

/// The data files of a language.
struct Files {
    words: &'static str,
    bounds: &'static str,
    units: Units,
}

/// A lexicon from the files of its language; the units of French and English stand in one table.
macro_rules! lexicon {
    ($code:literal, $units:expr) => {
        LazyLock::new(|| {
            Lexicon::new(Files {
                words: include_str!(concat!($code, ".txt")),
                bounds: include_str!(concat!("bounds_", $code, ".txt")),
                units: $units,
            })
        })
    };
}

static FRENCH: LazyLock<Lexicon> = lexicon!("fr", unit::of_column(0));
static ENGLISH: LazyLock<Lexicon> = lexicon!("en", unit::of_column(1));
static GERMAN: LazyLock<Lexicon> = lexicon!("de", unit::named(include_str!("units_de.txt")));
static SPANISH: LazyLock<Lexicon> = lexicon!("es", unit::named(include_str!("units_es.txt")));
static ITALIAN: LazyLock<Lexicon> = lexicon!("it", unit::named(include_str!("units_it.txt")));

/// The lexicon of a language (ISO 639-1), where there is one.
pub fn of(language: &str) -> Option<&'static Lexicon> {
    match language {
        "fr" => Some(&FRENCH),
        "en" => Some(&ENGLISH),
        "de" => Some(&GERMAN),
        "es" => Some(&SPANISH),
        "it" => Some(&ITALIAN),
        _ => None,
    }
}

impl Lexicon {
    fn new(files: Files) -> Self {
        let (before, after) = (HashMap::new(), HashMap::new());
        let (words, pieces, lists) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (rules, units) = (Rules::read(&lists), files.units);
        let mut lexicon = Self { rules, words, pieces, lists, units, before, after };
        entries(files.words).for_each(|(head, forms)| lexicon.add_words(head, forms));
        entries(files.bounds).for_each(|(head, phrases)| lexicon.add_bounds(head, phrases));
        lexicon.rules = Rules::read(&lexicon.lists);
        lexicon
    }

    fn add_words(&mut self, head: &'static str, forms: &'static str) {
        let (kind, value) = head.split_once(' ').unwrap_or((head, "0"));
        let (whole, is_piece) =
            kind.strip_prefix("inner-").map_or((kind, false), |inner| (inner, true));
        let ordinal = whole.ends_with("-ordinal");
        let value = value.parse().unwrap_or_default();
        let forms = forms.split_whitespace().map(|form| fold(&form.replace('_', " ")));
        match role(whole.trim_end_matches("-ordinal")) {
            Some(role) => {
                let table = if is_piece { &mut self.pieces } else { &mut self.words };
                table.extend(forms.map(|form| (form, Word { role, value, ordinal })));
            }
            None => self.lists.entry(kind).or_default().extend(forms),
        }
    }

    fn add_bounds(&mut self, head: &str, phrases: &str) {
        let (kind, place) = head.split_once(' ').unwrap_or((head, ""));
        let bound = match kind {
            "about" => Bound::About,
            "nearly" => Bound::Nearly,
            "at-least" => Bound::AtLeast,
            "at-most" => Bound::AtMost,
            _ => Bound::Exact,
        };
        let table = if place == "before" { &mut self.before } else { &mut self.after };
        table.extend(phrases.split('|').map(|phrase| (key(phrase), bound)));
    }

    pub fn word(&self, folded: &str) -> Option<Word> {
        // A single letter keeps its case, but a sentence may begin with the article.
        let folded = if folded == "A" { "a" } else { folded };
        let known = self.words.get(folded).copied();
        known.or_else(|| self.rules.compounds.then(|| compound::read(folded, self))?)
    }

    /// A word that may be a part of a compound.
    pub fn piece(&self, folded: &str) -> Option<Word> {
        self.pieces.get(folded).or_else(|| self.words.get(folded)).copied()
    }

    /// Whether a list of the data file, e.g. `adjective`, holds a word.
    pub fn lists(&self, list: &str, folded: &str) -> bool {
        self.lists.get(list).is_some_and(|words| words.iter().any(|word| word == folded))
    }

    /// Whether a word ends as an entry of a list does.
    pub fn has_ending(&self, list: &str, folded: &str) -> bool {
        self.lists.get(list).is_some_and(|ends| ends.iter().any(|end| folded.ends_with(end)))
    }

    pub fn bound_before(&self, phrase: &str) -> Option<Bound> {
        self.before.get(phrase).copied()
    }

    pub fn bound_after(&self, phrase: &str) -> Option<Bound> {
        self.after.get(phrase).copied()
    }
}

/// The lines `HEAD: REST` of a data file.
pub fn entries(list: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(": "))
}

fn role(kind: &str) -> Option<Role> {
    Some(match kind {
        "unit" => Role::Unit,
        "ten" => Role::Ten,
        "hundred" => Role::Hundred,
        "scale" => Role::Scale,
        "plural" => Role::Plural,
        "collective" => Role::Collective,
        "collectives" => Role::Collectives,
        "fraction" => Role::Fraction,
        "multiple" => Role::Multiple,
        "decade" => Role::Decade,
        "and" => Role::And,
        "of" => Role::Of,
        "some" => Role::Some,
        _ => return None,
    })
}

/// The folded words and signs of a phrase, between spaces.
pub fn key(phrase: &str) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in phrase.trim().chars() {
        let is_turn = c.is_ascii_digit() != word.ends_with(|c: char| c.is_ascii_digit());
        if is_turn && !word.is_empty() {
            parts.push(fold(&std::mem::take(&mut word)));
        }
        if c.is_alphanumeric() && !matches!(c, '²' | '³') || is_combining_mark(c) {
            word.push(c);
            continue;
        }
        parts.extend((!word.is_empty()).then(|| fold(&std::mem::take(&mut word))));
        let is_sign = !c.is_whitespace() && !matches!(c, '\'' | '’' | '-' | '.');
        parts.extend(is_sign.then(|| c.to_string()));
    }
    parts.extend((!word.is_empty()).then(|| fold(&word)));
    parts.join(" ")
}

/// Lower case without accents and ligatures. A single letter keeps its case: `M` is no `m`.
pub fn fold(word: &str) -> String {
    if word.is_ascii() {
        return if word.len() == 1 { word.to_string() } else { word.to_ascii_lowercase() };
    }
    let is_single = word.chars().count() == 1;
    let plain = word.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>();
    let plain = plain.replace(['œ', 'Œ'], "oe");
    if is_single { plain } else { plain.to_lowercase() }
}

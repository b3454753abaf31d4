//! The forms of one language, made from its data file.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use regex::{Regex, RegexBuilder};
use unicode_normalization::UnicodeNormalization;

use super::read::{self, Reading};

/// The words and forms of a language.
pub struct Grammar {
    /// All forms at once: most words begin none of them.
    gate: Regex,
    forms: Vec<Form>,
    classes: HashMap<&'static str, HashMap<String, &'static str>>,
    /// Words that may follow a year and are nothing that it counts.
    after: HashSet<&'static str>,
    pub rules: Rules,
}

/// How a language writes times: the line `rule` of its data file.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// In figures month or day may stand first.
    pub may_swap: bool,
    /// Figures tell hours up to twelve, too.
    pub half_days: bool,
    /// Nouns have capitals, so a word in small letters is none that a year counts.
    pub capital_nouns: bool,
}

impl Rules {
    fn read(data: &'static str) -> Self {
        let has =
            |name| lines(data, "rule").any(|(_, all)| all.split_whitespace().any(|r| r == name));
        Self {
            may_swap: has("month-first"),
            half_days: has("half-days"),
            capital_nouns: has("capital-nouns"),
        }
    }
}

/// One way to write a time.
pub struct Form {
    /// `KEY=VALUE` that every match has, or a lone word.
    pub settings: Vec<&'static str>,
    pattern: Regex,
}

/// A grammar of a data file and of a column of `holidays.txt`.
type Lazy = LazyLock<Option<Grammar>>;
static FRENCH: Lazy = LazyLock::new(|| Grammar::parse(include_str!("fr.txt"), 0));
static ENGLISH: Lazy = LazyLock::new(|| Grammar::parse(include_str!("en.txt"), 1));
static GERMAN: Lazy = LazyLock::new(|| Grammar::parse(include_str!("de.txt"), 2));
static SPANISH: Lazy = LazyLock::new(|| Grammar::parse(include_str!("es.txt"), 3));
static ITALIAN: Lazy = LazyLock::new(|| Grammar::parse(include_str!("it.txt"), 4));

impl Grammar {
    /// The grammar of a language, by its ISO 639-1 code.
    pub fn of(lang: &str) -> Option<&'static Self> {
        match lang {
            "fr" => FRENCH.as_ref(),
            "en" => ENGLISH.as_ref(),
            "de" => GERMAN.as_ref(),
            "es" => SPANISH.as_ref(),
            "it" => ITALIAN.as_ref(),
            _ => None,
        }
    }

    fn parse(data: &'static str, column: usize) -> Option<Self> {
        let mut classes: HashMap<_, HashMap<String, &'static str>> = HashMap::new();
        for (class, value, words) in words(data) {
            let class = classes.entry(class).or_default();
            class.extend(words.split_whitespace().map(|w| (key(&w.replace('_', " ")), value)));
        }
        let mut patterns = class_patterns(data);
        let feasts = holidays(column);
        patterns.insert("holiday", pattern_of(feasts.iter().map(|(form, _)| *form).collect()));
        classes.insert("holiday", feasts.into_iter().map(|(form, day)| (key(form), day)).collect());
        let sources: Vec<_> = lines(data, "form")
            .map(|(settings, form)| {
                (settings.split_whitespace().collect(), expand(form, &patterns))
            })
            .collect();
        let all: Vec<_> = sources.iter().map(|(_, source)| unnamed(source)).collect();
        let mut gate = RegexBuilder::new(&format!("(?i)^(?:{})", all.join("|")));
        // With too little room its automaton is built anew all the time.
        let gate = gate.dfa_size_limit(16 << 20).build().ok()?;
        let form = |(settings, source): (Vec<_>, String)| {
            Some(Form { settings, pattern: Regex::new(&format!("(?i)^(?:{source})")).ok()? })
        };
        let forms = sources.into_iter().map(form).collect::<Option<_>>()?;
        let after = words(data).filter(|(class, ..)| *class == "after");
        let after = after.flat_map(|(.., words)| words.split_whitespace()).collect();
        let rules = Rules::read(data);
        Some(Self { gate, forms, classes, after, rules })
    }

    /// The longest form that begins here.
    pub fn longest(&self, text: &str, at: usize) -> Option<Reading> {
        let rest = text.get(at..)?;
        if !self.gate.is_match(rest) {
            return None;
        }
        let readings = self.forms.iter().filter_map(|form| {
            let groups = form.pattern.captures(rest)?;
            let length = groups.get(0)?.len();
            let is_whole = rest[length..].chars().next().is_none_or(|c| !c.is_alphanumeric());
            is_whole.then(|| read::read(self, form, &groups, text, at))?
        });
        let best =
            readings.reduce(|best, next| if next.length > best.length { next } else { best })?;
        Some(self.inner(text, at, &best).unwrap_or(best))
    }

    /// What begins behind the first words of a form and reaches further: of `and Jan. 6` the form
    /// `and Jan.` sees the month only.
    fn inner(&self, text: &str, at: usize, outer: &Reading) -> Option<Reading> {
        let start = outer.times.first()?.span.start;
        let inner = (start > at).then(|| self.longest(text, start))??;
        (inner.end > outer.end && !inner.times.is_empty()).then_some(inner)
    }

    /// What a word of a class means.
    pub fn value(&self, class: &str, word: &str) -> Option<&'static str> {
        self.classes.get(class)?.get(&key(word)).copied()
    }

    /// Whether a word is in a class, in small letters.
    pub fn has(&self, class: &str, word: &str) -> bool {
        self.value(class, word).is_some()
    }

    /// Whether a word may follow a year without being counted by it.
    pub fn may_follow(&self, word: &str) -> bool {
        self.after.contains(word.to_lowercase().as_str())
    }
}

impl Form {
    pub fn has(&self, setting: &str) -> bool {
        self.settings.contains(&setting)
    }
}

/// The lines `KIND HEAD: REST`, as head and rest.
fn lines(
    data: &'static str,
    kind: &'static str,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    data.lines().filter_map(move |line| {
        let line = line.strip_prefix(kind)?;
        let (head, rest) = line.split_once(": ").or_else(|| line.split_once(':'))?;
        Some((head.trim(), rest))
    })
}

/// Class, value and words.
fn words(data: &'static str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    lines(data, "word").filter_map(|(head, words)| {
        let (class, value) = head.split_once(' ')?;
        Some((class, value, words))
    })
}

/// As words are looked up: in small letters, composed, with plain apostrophes and blanks.
fn key(word: &str) -> String {
    let plain = word.nfc().flat_map(char::to_lowercase).map(|c| match c {
        '’' => '\'',
        c if c.is_whitespace() => ' ',
        c => c,
    });
    plain.collect()
}

/// The pattern of each class: its figures, then its words, the longest first.
fn class_patterns(data: &'static str) -> HashMap<&'static str, String> {
    let mut forms: HashMap<_, Vec<&str>> = HashMap::new();
    for (class, _, list) in words(data) {
        forms.entry(class).or_default().extend(list.split_whitespace());
    }
    let mut patterns: HashMap<_, String> = HashMap::new();
    for (class, list) in forms {
        patterns.insert(class, pattern_of(list));
    }
    for (class, figures) in lines(data, "figure") {
        let words = patterns.entry(class).or_default();
        let with_words = if words.is_empty() { String::new() } else { format!("{words}|") };
        *words = with_words + figures;
    }
    patterns
}

/// Any of these words.
fn pattern_of(mut words: Vec<&str>) -> String {
    // `Oct` would else end what is `October`.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let words: Vec<_> = words.into_iter().map(word_pattern).collect();
    words.join("|")
}

/// The forms of all holidays in a language, with their days.
fn holidays(column: usize) -> Vec<(&'static str, &'static str)> {
    let lines = include_str!("holidays.txt").lines().filter(|line| !line.starts_with('#'));
    let entries = lines.filter_map(|line| {
        let (day, forms) = line.split_once(": ")?;
        Some((forms.split('|').nth(column)?, day))
    });
    let forms = entries.flat_map(|(forms, day)| forms.split(',').map(move |f| (f.trim(), day)));
    forms.filter(|(form, _)| !form.is_empty()).collect()
}

/// A word that begins with a capital is found so, or all in capitals.
fn word_pattern(word: &str) -> String {
    let escaped = regex::escape(&word.replace('_', " "));
    if word.starts_with(char::is_uppercase) {
        let upper = escaped.to_uppercase();
        return format!("(?-i:{escaped}|{upper})");
    }
    escaped
}

/// The regular expression of a form: classes filled in, blanks and apostrophes of all kinds.
fn expand(form: &str, patterns: &HashMap<&'static str, String>) -> String {
    let mut out = form.replace("%own(", "(?P<own>");
    for (class, pattern) in patterns {
        out = out.replace(&format!("%{class}%"), &format!("(?P<{class}>{pattern})"));
    }
    let mut expanded = String::new();
    let mut is_class = false;
    for c in out.chars() {
        match c {
            '[' => is_class = true,
            ']' => is_class = false,
            _ => {}
        }
        match c {
            ' ' if is_class => expanded.push_str(r"\s"),
            ' ' => expanded.push_str(r"(?:\s\s?)"),
            '\'' if !is_class => expanded.push_str("['’]"),
            'é' | 'è' | 'ê' | 'û' | 'à' | 'î' | 'ä' | 'ö' | 'ü' | 'á' | 'í' | 'ó' | 'ú' | 'ñ'
            | 'ì' | 'ò' | 'ù'
                if !is_class =>
            {
                expanded.push_str(&accent(c))
            }
            _ => expanded.push(c),
        }
    }
    expanded
}

/// A letter with its accent, composed or not.
fn accent(c: char) -> String {
    let apart: String = std::iter::once(c).nfd().collect();
    format!("(?:{c}|{apart})")
}

/// Without names of groups, which one expression may have only once.
fn unnamed(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("(?P<") {
        out.push_str(before);
        out.push_str("(?:");
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    out + rest
}

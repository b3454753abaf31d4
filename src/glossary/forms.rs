//! Which written forms are one word: number and gender in French; number and the two spellings in
//! English.

use super::words::{fold, lower};

/// The tables; see the file.
const ENDINGS: &str = include_str!("endings.txt");

/// A word under which all its forms are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    /// Lower case without the mark of the plural.
    pub singular: String,
    /// The masculine of `singular` where that looks like a feminine: a masculine term has feminine
    /// forms, but `armée` is no form of `armé`.
    pub masculine: Option<String>,
    /// The articles and prepositions that are in the word: `de` and `le` in `du`.
    pub classes: &'static [&'static str],
}

impl Form {
    /// `lang` is an ISO 639-1 code; of languages other than `fr` and `en` each form is a word.
    pub fn of(word: &str, lang: &str) -> Self {
        let word = lower(word);
        match lang {
            "fr" => Self::french(word),
            "en" => Self { singular: spelling(&english_singular(&word)), ..Self::other(word) },
            _ => Self::other(word),
        }
    }

    fn french(word: String) -> Self {
        let singular = french_singular(&word);
        Self { masculine: masculine(&singular), classes: classes(&word), singular }
    }

    fn other(word: String) -> Self {
        Self { singular: word, masculine: None, classes: &[] }
    }

    /// What the form is looked up by: all that could be equal share one.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let own = std::iter::once(fold(&self.singular));
        let classes = self.classes.iter().map(|&class| class.to_owned());
        own.chain(self.masculine.as_deref().map(fold)).chain(classes)
    }

    /// Whether a text's form is one of this term's. `loosen` is laid over both before.
    pub fn covers(&self, text: &Form, loosen: impl Fn(&str) -> String) -> bool {
        if self.classes.iter().any(|class| text.classes.contains(class)) {
            return true;
        }
        let term = loosen(&self.singular);
        term == loosen(&text.singular)
            || text.masculine.as_deref().is_some_and(|m| loosen(m) == term)
    }
}

fn classes(word: &str) -> &'static [&'static str] {
    match word {
        "de" | "d" => &["de"],
        "du" => &["de", "le"],
        "des" => &["de", "les"],
        "le" | "l" | "la" | "au" => &["le"],
        "les" | "aux" => &["les"],
        _ => &[],
    }
}

/// Words of fewer letters have no plural that could be told: `mis`, `cas`, `eux`.
const MIN_FOR_PLURAL: usize = 4;
/// `généraux`, but not `taux`.
const MIN_FOR_AUX: usize = 6;

fn french_singular(word: &str) -> String {
    let n_letters = word.chars().count();
    if n_letters < MIN_FOR_PLURAL {
        return word.to_owned();
    }
    match word.strip_suffix("aux") {
        Some(stem) if n_letters >= MIN_FOR_AUX && !stem.ends_with('e') => {
            return format!("{stem}al");
        }
        _ => {}
    }
    let x = word.strip_suffix('x').filter(|stem| stem.ends_with('u'));
    x.or_else(|| word.strip_suffix('s')).unwrap_or(word).to_owned()
}

fn masculine(word: &str) -> Option<String> {
    let n_letters = word.chars().count();
    let fits = |(min, _, _): &(usize, &str, &str)| n_letters >= *min;
    let mut rules = endings("fr").filter(fits);
    rules.find_map(|(_, feminine, masculine)| {
        word.strip_suffix(feminine).map(|stem| format!("{stem}{masculine}"))
    })
}

fn english_singular(word: &str) -> String {
    let n_letters = word.chars().count();
    let rule = endings("en").find(|(min, plural, _)| n_letters >= *min && word.ends_with(plural));
    match rule {
        Some((_, plural, singular)) => format!("{}{singular}", &word[..word.len() - plural.len()]),
        None => word.to_owned(),
    }
}

/// One spelling for the British and the American one.
fn spelling(word: &str) -> String {
    let n_letters = word.chars().count();
    let rule =
        endings("en-gb").find(|(min, british, _)| n_letters >= *min && word.ends_with(british));
    match rule {
        Some((_, british, other)) => format!("{}{other}", &word[..word.len() - british.len()]),
        None => word.to_owned(),
    }
}

/// The rules of one table: least number of letters, ending, ending of the other form.
fn endings(table: &'static str) -> impl Iterator<Item = (usize, &'static str, &'static str)> {
    TABLES.iter().filter(move |rule| rule.0 == table).map(|rule| (rule.1, rule.2, rule.3))
}

type Rule = (&'static str, usize, &'static str, &'static str);

static TABLES: std::sync::LazyLock<Vec<Rule>> = std::sync::LazyLock::new(|| {
    let lines = ENDINGS.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(rule).collect()
});

/// `fr 6 euse eur`; `-` stands for nothing.
fn rule(line: &'static str) -> Option<Rule> {
    let mut fields = line.split_whitespace();
    let (table, min) = (fields.next()?, fields.next()?.parse().ok()?);
    let mut ending = || fields.next().map(|ending| ending.trim_matches('-'));
    Some((table, min, ending()?, ending()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(term: &str, text: &str, lang: &str) -> bool {
        Form::of(term, lang).covers(&Form::of(text, lang), str::to_owned)
    }

    #[test]
    fn french_number_and_gender() {
        for (term, text) in [
            ("préfet", "préfètes"),
            ("délégué", "déléguées"),
            ("général", "généraux"),
            ("général", "générales"),
            ("directeur", "directrice"),
            ("conseiller", "conseillères"),
            ("garanties", "garantie"),
            ("jeu", "jeux"),
            ("de", "du"),
        ] {
            assert!(covers(term, text, "fr"), "{term} {text}");
        }
    }

    #[test]
    fn other_french_words_stay_apart() {
        for (term, text) in [
            ("marché", "marche"),
            ("armée", "armé"),
            ("port", "porte"),
            ("vent", "vente"),
            ("prix", "pris"),
        ] {
            assert!(!covers(term, text, "fr"), "{term} {text}");
        }
    }

    #[test]
    fn english_number_and_spelling() {
        for (term, text) in [
            ("minister", "ministers"),
            ("authority", "authorities"),
            ("defence", "defense"),
            ("spokesman", "spokesmen"),
            ("tax", "taxes"),
            ("organisation", "organizations"),
        ] {
            assert!(covers(term, text, "en"), "{term} {text}");
            assert!(covers(text, term, "en"), "{text} {term}");
        }
        assert!(!covers("minister", "ministry", "en"));
    }
}

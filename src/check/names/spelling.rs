//! Whether two words are one name that French and English spell differently.

use strsim::normalized_levenshtein;

use super::index::WORDS;

/// How alike two folded words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    Different,
    /// Alike, but no rule makes one of the other.
    Near,
    Same,
}

/// Letters that both must begin with to be of one root.
const MIN_ROOT: usize = 5;

/// `fr` and `en` are folded.
pub fn compare(fr: &str, en: &str) -> Likeness {
    if fr == en || is_plural(fr, en) || is_transliterated(fr, en) || is_cognate(fr, en) {
        return Likeness::Same;
    }
    if fr.len() >= 4 && normalized_levenshtein(fr, en) >= 0.7 || has_root(fr, en) {
        return Likeness::Near;
    }
    Likeness::Different
}

pub fn is_plural(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    short.len() >= 3
        && long.strip_prefix(short).is_some_and(|end| matches!(end, "s" | "es" | "x" | "e"))
}

/// Poutine and Putin, Zaporijjia and Zaporizhzhia: the same consonants once each language's way of
/// writing foreign sounds is undone.
fn is_transliterated(fr: &str, en: &str) -> bool {
    let (a, b) = (skeleton(fr, "fr"), skeleton(en, "en"));
    let least = if a.len() >= 3 { 0.5 } else { 0.65 };
    let is_alike = a.len() >= 2 && a == b && normalized_levenshtein(fr, en) >= least;
    is_alike && !has_other_vowel(fr, en)
}

/// Vowels that stand for one sound of a third language.
const ONE_VOWEL: [(char, char); 4] = [('e', 'i'), ('i', 'y'), ('o', 'u'), ('a', 'e')];

/// Karim and Karam: letter by letter the same, but for a vowel that no language writes so.
fn has_other_vowel(a: &str, b: &str) -> bool {
    let is_vowel = |c| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let is_one = |x: char, y: char| ONE_VOWEL.contains(&(x.min(y), x.max(y)));
    let mut unequal = a.chars().zip(b.chars()).filter(|(x, y)| x != y).peekable();
    let of_vowels = unequal.peek().is_some() && a.len() == b.len();
    let mut is_other = false;
    let only_vowels = unequal.all(|(x, y)| {
        is_other |= !is_one(x, y);
        is_vowel(x) && is_vowel(y)
    });
    of_vowels && only_vowels && is_other
}

/// Spellings of one sound, the longer first; a capital stands for a class of sounds. Those in which the
/// languages differ come before those that they share.
const SOUNDS_FR: &[(&str, &str)] = &[("tch", "C"), ("sch", "X"), ("ch", "X"), ("sh", "X")];
const SOUNDS_EN: &[(&str, &str)] =
    &[("tch", "C"), ("shch", "XC"), ("sch", "X"), ("sh", "X"), ("ch", "C")];
const SOUNDS_BOTH: &[(&str, &str)] = &[
    ("dj", "J"),
    ("zh", "J"),
    ("kh", "K"),
    ("gh", "K"),
    ("gu", "K"),
    ("qu", "K"),
    ("ck", "K"),
    ("ph", "V"),
    ("th", "T"),
    ("dh", "D"),
    ("ts", "S"),
    ("tz", "S"),
    ("ce", "S"),
    ("ci", "S"),
];

/// The consonants of a folded word as classes of sounds; a vowel at the beginning is `A`.
pub fn skeleton(folded: &str, lang: &str) -> String {
    let own = if lang == "en" { SOUNDS_EN } else { SOUNDS_FR };
    let mut bones = String::new();
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let (sound, len) = own
            .iter()
            .chain(SOUNDS_BOTH)
            .find(|(spelling, _)| rest.starts_with(spelling))
            .map_or((single(first, bones.is_empty()), first.len_utf8()), |(s, c)| (*c, s.len()));
        for bone in sound.chars() {
            if !bones.ends_with(bone) {
                bones.push(bone);
            }
        }
        rest = &rest[len..];
    }
    bones
}

fn single(letter: char, is_first: bool) -> &'static str {
    match letter {
        'a' | 'e' | 'i' | 'o' | 'u' | 'y' if is_first => "A",
        'b' => "B",
        'p' => "P",
        'd' => "D",
        't' => "T",
        'f' | 'v' | 'w' => "V",
        'c' | 'k' | 'q' | 'g' => "K",
        'x' => "KS",
        's' | 'z' => "S",
        'j' => "J",
        'l' => "L",
        'm' => "M",
        'n' => "N",
        'r' => "R",
        '0'..='9' => "9",
        _ => "",
    }
}

/// Toscane and Tuscany aside, which no rule makes: Olympie and Olympia, Atlantique and Atlantic.
fn is_cognate(fr: &str, en: &str) -> bool {
    // `Adlerhofer` and `Adlerhof`
    if fr.len().min(en.len()) >= MIN_ROOT && (fr.starts_with(en) || en.starts_with(fr)) {
        return true;
    }
    let (a, b) = (stem(fr), stem(en));
    a.len() >= 4 && a == b
}

fn stem(folded: &str) -> &str {
    let endings = WORDS.get("any", "root-ending");
    let cut = endings.iter().find_map(|end| folded.strip_suffix(*end).filter(|s| s.len() >= 4));
    cut.unwrap_or(folded)
}

/// Représentants and Representatives.
pub fn has_root(a: &str, b: &str) -> bool {
    let n_same = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    n_same >= MIN_ROOT && n_same * 2 >= a.len().max(b.len())
}

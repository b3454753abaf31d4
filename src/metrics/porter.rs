//! English words without their endings (Porter, 1980), with the changes that rouge-score's stemmer
//! makes: irregular words, `ies` and `ied` of short words, `y` behind a vowel.

/// The stem of a word of small Latin letters.
pub fn stem(word: &str) -> String {
    if let Some((_, stem)) = IRREGULAR.iter().find(|(irregular, _)| *irregular == word) {
        return (*stem).to_owned();
    }
    if word.len() <= 2 || !word.is_ascii() {
        return word.to_owned();
    }
    let mut word = word.to_owned();
    for step in [plural, past, final_y, double_suffix, third, fourth, final_e, final_l] {
        word = step(&word);
    }
    word
}

const IRREGULAR: [(&str, &str); 16] = [
    ("sky", "sky"),
    ("skies", "sky"),
    ("dying", "die"),
    ("lying", "lie"),
    ("tying", "tie"),
    ("news", "news"),
    ("innings", "inning"),
    ("inning", "inning"),
    ("outings", "outing"),
    ("outing", "outing"),
    ("cannings", "canning"),
    ("canning", "canning"),
    ("howe", "howe"),
    ("proceed", "proceed"),
    ("exceed", "exceed"),
    ("succeed", "succeed"),
];

/// Which letters are consonants; `y` is one unless it stands behind one.
fn consonants(word: &str) -> Vec<bool> {
    let mut flags: Vec<bool> = Vec::with_capacity(word.len());
    for letter in word.bytes() {
        let flag = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' => false,
            b'y' => !flags.last().copied().unwrap_or(false),
            _ => true,
        };
        flags.push(flag);
    }
    flags
}

/// How often consonants follow vowels: Porter's m.
fn measure(stem: &str) -> usize {
    consonants(stem).windows(2).filter(|pair| !pair[0] && pair[1]).count()
}

fn has_vowel(stem: &str) -> bool {
    consonants(stem).contains(&false)
}

fn ends_in_consonant(stem: &str) -> bool {
    consonants(stem).last() == Some(&true)
}

fn ends_in_double_consonant(word: &str) -> bool {
    matches!(word.as_bytes(), [.., a, b] if a == b) && ends_in_consonant(word)
}

/// Consonant, vowel, consonant other than w, x and y; or a vowel and a consonant alone.
fn ends_cvc(word: &str) -> bool {
    match consonants(word).as_slice() {
        [.., true, false, true] => !word.ends_with(['w', 'x', 'y']),
        [false, true] => true,
        _ => false,
    }
}

/// Puts the ending of the first rule that fits into the place of the old one, if the stem allows.
fn replaced(word: &str, rules: &[(&str, &str)], allows: impl Fn(&str, &str) -> bool) -> String {
    match rules.iter().find_map(|&(old, new)| Some((old, word.strip_suffix(old)?, new))) {
        Some((old, stem, new)) if allows(old, stem) => format!("{stem}{new}"),
        _ => word.to_owned(),
    }
}

/// Step 1a: `caresses`, `ponies`, `cats`.
fn plural(word: &str) -> String {
    if word.len() == 4 && word.ends_with("ies") {
        return word[..3].to_owned();
    }
    replaced(word, &[("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", "")], |_, _| true)
}

/// Step 1b: `agreed`, `plastered`, `motoring`.
fn past(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ied") {
        return format!("{stem}{}", if word.len() == 4 { "ie" } else { "i" });
    }
    if word.ends_with("eed") {
        return replaced(word, &[("eed", "ee")], |_, stem| measure(stem) > 0);
    }
    let stems = ["ed", "ing"].iter().filter_map(|ending| word.strip_suffix(ending));
    stems.into_iter().find(|stem| has_vowel(stem)).map_or_else(|| word.to_owned(), restored)
}

/// What a stem is without `ed` or `ing`: `conflat` is `conflate`, `hopp` is `hop`, `fil` is `file`.
fn restored(stem: &str) -> String {
    if ["at", "bl", "iz"].iter().any(|ending| stem.ends_with(ending)) {
        return format!("{stem}e");
    }
    if ends_in_double_consonant(stem) {
        let keeps = stem.ends_with(['l', 's', 'z']);
        return stem[..stem.len() - usize::from(!keeps)].to_owned();
    }
    let is_short = measure(stem) == 1 && ends_cvc(stem);
    format!("{stem}{}", if is_short { "e" } else { "" })
}

/// Step 1c: `happy`, but not `enjoy`.
fn final_y(word: &str) -> String {
    replaced(word, &[("y", "i")], |_, stem| stem.len() > 1 && ends_in_consonant(stem))
}

const DOUBLE_SUFFIXES: [(&str, &str); 22] = [
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("fulli", "ful"),
    ("logi", "log"),
];

/// Step 2: `relational`, `hopefulness`.
fn double_suffix(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("alli")
        && measure(stem) > 0
    {
        return double_suffix(&format!("{stem}al"));
    }
    replaced(word, &DOUBLE_SUFFIXES, |old, stem| match old {
        // Short stems such as `geo` count with the l.
        "logi" => measure(&word[..stem.len() + 1]) > 0,
        _ => measure(stem) > 0,
    })
}

const THIRD: [(&str, &str); 7] = [
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

/// Step 3: `triplicate`, `goodness`.
fn third(word: &str) -> String {
    replaced(word, &THIRD, |_, stem| measure(stem) > 0)
}

const FOURTH: [(&str, &str); 19] = [
    ("al", ""),
    ("ance", ""),
    ("ence", ""),
    ("er", ""),
    ("ic", ""),
    ("able", ""),
    ("ible", ""),
    ("ant", ""),
    ("ement", ""),
    ("ment", ""),
    ("ent", ""),
    ("ion", ""),
    ("ou", ""),
    ("ism", ""),
    ("ate", ""),
    ("iti", ""),
    ("ous", ""),
    ("ive", ""),
    ("ize", ""),
];

/// Step 4: `revival`, `adoption`.
fn fourth(word: &str) -> String {
    let allows = |old: &str, stem: &str| old != "ion" || stem.ends_with(['s', 't']);
    replaced(word, &FOURTH, |old, stem| measure(stem) > 1 && allows(old, stem))
}

/// Step 5a: `probate`, not `rate`.
fn final_e(word: &str) -> String {
    replaced(word, &[("e", "")], |_, stem| match measure(stem) {
        0 => false,
        1 => !ends_cvc(stem),
        _ => true,
    })
}

/// Step 5b: `controll`, not `roll`.
fn final_l(word: &str) -> String {
    replaced(word, &[("ll", "l")], |_, stem| measure(&word[..stem.len() + 1]) > 1)
}

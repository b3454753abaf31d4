//! The numbers of a note's sentences, as its language writes them.

use crate::check::Side;
use crate::numbers::{Bound, Form, Quantity};

/// The numbers of a sentence that a note's table shows, in order: those in figures, and others that
/// count or measure something that the grammar knows. Times are the timeline's, and ages nobody's.
pub fn find(side: &Side, lang: &str) -> Vec<String> {
    // `France 2` is a name.
    let is_of_name = |quantity: &Quantity| {
        let first = side.names.words_in(quantity.number).start;
        let before = first.checked_sub(1).and_then(|before| side.names.words.get(before));
        quantity.unit.is_none() && before.is_some_and(|word| word.is_capital() && !word.opens)
    };
    let is_shown = |quantity: &&Quantity| {
        let is_time = quantity.unit.is_some_and(|unit| unit.dimension == "time");
        let is_telling = quantity.in_figures || quantity.unit.is_some();
        quantity.form == Form::Cardinal && is_telling && !is_time && !is_of_name(quantity)
    };
    side.numbers.iter().filter(is_shown).map(|quantity| told(quantity, side, lang)).collect()
}

/// A number and its unit have at most so many words.
const MAX_WORDS: usize = 4;

/// A number in the words of its source, where the languages are the same; else by its value.
fn told(quantity: &Quantity, side: &Side, lang: &str) -> String {
    if side.lang == lang {
        // `Trente-deux personnes ont été blessées` says its unit in a whole clause.
        let whole = quantity.span.of(side.text);
        let is_short = whole.split_whitespace().count() <= MAX_WORDS;
        return if is_short { whole } else { quantity.number.of(side.text) }.to_owned();
    }
    let number = format!("{}{}", bound(quantity.bound, lang), grouped(quantity.value, lang));
    let unit = quantity.unit.and_then(|unit| {
        let (_, fr, en) = UNITS.iter().find(|(name, ..)| *name == unit.name)?;
        Some(if lang == "fr" { fr } else { en })
    });
    unit.map_or(number.clone(), |unit| format!("{number}{unit}"))
}

/// What stands behind the number; of other units the sentence beside it tells.
const UNITS: [(&str, &str, &str); 7] = [
    ("percent", "\u{a0}%", "%"),
    ("euro", "\u{a0}€", " euros"),
    ("dollar", "\u{a0}$", " dollars"),
    ("kilometre", "\u{a0}km", " km"),
    ("metre", "\u{a0}m", " m"),
    ("tonne", "\u{a0}t", " tonnes"),
    ("hectare", "\u{a0}ha", " hectares"),
];

fn bound(bound: Bound, lang: &str) -> &'static str {
    match (bound, lang) {
        (Bound::About | Bound::Magnitude, "fr") => "environ ",
        (Bound::About | Bound::Magnitude, _) => "about ",
        (Bound::Nearly, "fr") => "près de ",
        (Bound::Nearly, _) => "nearly ",
        (Bound::AtLeast, "fr") => "plus de ",
        (Bound::AtLeast, _) => "at least ",
        (Bound::AtMost, "fr") => "au plus ",
        (Bound::AtMost, _) => "at most ",
        (Bound::Exact | Bound::From | Bound::To, _) => "",
    }
}

const SCALES: [(f64, &str, &str); 2] =
    [(1e9, "milliards", "billion"), (1e6, "millions", "million")];

/// `1,400` and `1 400`; `12.5 million` and `12,5 millions`.
pub fn grouped(value: f64, lang: &str) -> String {
    if let Some((scale, fr, en)) = SCALES.iter().find(|(scale, ..)| value.abs() >= *scale) {
        let n = value / scale;
        let name = match lang {
            "fr" if n < 2.0 => fr.trim_end_matches('s'),
            "fr" => fr,
            _ => en,
        };
        return format!("{} {name}", grouped(n, lang));
    }
    let text = format!("{}", (value * 1000.0).round() / 1000.0);
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let (group, point) = if lang == "fr" { ("\u{202f}", ",") } else { (",", ".") };
    let mut grouped = String::new();
    for (idx, c) in whole.chars().enumerate() {
        if idx > 0 && (whole.len() - idx).is_multiple_of(3) && whole.len() > 3 {
            grouped.push_str(group);
        }
        grouped.push(c);
    }
    if rest.is_empty() { grouped } else { format!("{grouped}{point}{rest}") }
}

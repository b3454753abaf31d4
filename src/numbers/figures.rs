//! The value of figures with a decimal comma or a decimal point.

/// The value of figures, and what they may also mean in the other notation.
///
/// Where the decimal sign is a comma, points or spaces group; English groups by commas and has a
/// decimal point. The other notation's sign before exactly three figures leaves both readings open.
pub fn value(text: &str, has_comma: bool) -> Option<(f64, Option<f64>)> {
    let plain: String = text.chars().filter(|c| c.is_ascii_digit() || ".,".contains(*c)).collect();
    let (points, commas) = (plain.matches('.').count(), plain.matches(',').count());
    match (points, commas) {
        (0, 0) => Some((plain.parse().ok()?, None)),
        (1, 0) | (0, 1) => one_separator(&plain, has_comma),
        (_, 0) | (0, _) => Some((joined(&plain)?, None)),
        _ => {
            // The last of two kinds is the decimal sign: `1.234,5` and `1,234.5`.
            let last = plain.rfind(['.', ','])?;
            let whole = joined(plain.get(..last)?)?;
            let part: f64 = format!("0.{}", plain.get(last + 1..)?).parse().ok()?;
            Some((whole + part, None))
        }
    }
}

fn one_separator(plain: &str, has_comma: bool) -> Option<(f64, Option<f64>)> {
    let (whole, part) = plain.split_once(['.', ','])?;
    let decimal = plain.replace(',', ".").parse().ok()?;
    let may_group = part.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if !may_group {
        return Some((decimal, None));
    }
    let grouped = joined(plain)?;
    let is_own_group = plain.contains(if has_comma { '.' } else { ',' });
    Some(if is_own_group { (grouped, None) } else { (decimal, Some(grouped)) })
}

fn joined(text: &str) -> Option<f64> {
    text.chars().filter(char::is_ascii_digit).collect::<String>().parse().ok()
}

/// `½`, `¾`, ...
pub fn vulgar(sign: &str) -> Option<f64> {
    Some(match sign {
        "½" => 1.0 / 2.0,
        "⅓" => 1.0 / 3.0,
        "⅔" => 2.0 / 3.0,
        "¼" => 1.0 / 4.0,
        "¾" => 3.0 / 4.0,
        "⅕" => 1.0 / 5.0,
        "⅙" => 1.0 / 6.0,
        "⅛" => 1.0 / 8.0,
        "⅜" => 3.0 / 8.0,
        "⅝" => 5.0 / 8.0,
        "⅞" => 7.0 / 8.0,
        _ => return None,
    })
}

/// The value of a Roman numeral in capitals, written as the rules want it.
pub fn roman(text: &str) -> Option<u32> {
    let digit = |c: char| {
        Some(match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            'C' => 100,
            _ => return None,
        })
    };
    let digits: Vec<u32> = text.chars().map(digit).collect::<Option<_>>()?;
    let mut value = 0;
    for (idx, digit) in digits.iter().enumerate() {
        let is_taken_off = digits.get(idx + 1).is_some_and(|next| next > digit);
        value = if is_taken_off { value - *digit as i32 } else { value + *digit as i32 };
    }
    let value = u32::try_from(value).ok()?;
    (spelled_roman(value) == text).then_some(value)
}

fn spelled_roman(mut value: u32) -> String {
    let signs = [
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (worth, sign) in signs {
        while value >= worth && text.len() < 16 {
            text.push_str(sign);
            value -= worth;
        }
    }
    text
}

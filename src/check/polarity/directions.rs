//! Points of the compass that became others: `sud-est` told as `south`, `nord` as `south`.

use std::sync::LazyLock;

use super::super::Finding;
use super::super::lists::Lists;
use super::align::Bead;
use super::words::Word;
use crate::article::Span;

static LISTS: LazyLock<Lists> = LazyLock::new(|| Lists::read(include_str!("directions.txt")));

const POINTS: [(&str, Heading); 4] =
    [("north", (1, 0)), ("south", (-1, 0)), ("east", (0, 1)), ("west", (0, -1))];

/// How far north and how far east.
type Heading = (i8, i8);

/// A point that a text names.
#[derive(Debug, Clone, Copy)]
struct Point {
    heading: Heading,
    span: Span,
}

/// A point of the source that is not in the target, with one of the target that is not in the
/// source.
pub fn compare(bead: &Bead, langs: (&str, &str)) -> Vec<Finding> {
    let said = find(&bead.source, langs.0);
    let told = find(&bead.target, langs.1);
    let (lost, new) = (only_in(&said, &told), only_in(&told, &said));
    let is_one = lost.len() == 1 && new.len() == 1;
    lost.iter().zip(&new).filter_map(|(lost, new)| judge(*lost, *new, is_one, bead)).collect()
}

fn judge(lost: Point, new: Point, is_one: bool, bead: &Bead) -> Option<Finding> {
    let is_opposite = lost.heading == (-new.heading.0, -new.heading.1);
    let shown = |span: Span, words: &[Word]| {
        let word = words.iter().find(|word| word.span == span);
        word.map_or_else(String::new, |word| word.text.clone())
    };
    let (was, is) = (shown(lost.span, &bead.source), shown(new.span, &bead.target));
    let finding = if is_opposite && is_one { Finding::error } else { Finding::warning };
    let finding = finding("direction", format!("`{was}` became `{is}`"));
    Some(finding.in_source(lost.span).in_target(new.span))
}

/// Points of one text that the other does not name as often, nor in parts: `nord et est`.
fn only_in(points: &[Point], others: &[Point]) -> Vec<Point> {
    let mut rest: Vec<Heading> = others.iter().map(|other| other.heading).collect();
    let mut only = Vec::new();
    for point in points {
        match rest.iter().position(|heading| *heading == point.heading) {
            Some(at) => {
                rest.remove(at);
            }
            None => only.push(*point),
        }
    }
    only.retain(|point| !is_in_parts(point.heading, others));
    only
}

fn is_in_parts(heading: Heading, others: &[Point]) -> bool {
    let has = |wanted: Heading| others.iter().any(|other| other.heading == wanted);
    let is_compound = heading.0 != 0 && heading.1 != 0;
    is_compound && has((heading.0, 0)) && has((0, heading.1)) || has(heading)
}

fn find(words: &[Word], lang: &str) -> Vec<Point> {
    let heading = |at: usize| {
        let word = &words[at];
        // `Kanye West` is in French texts too.
        let english = || in_english(&word.text).filter(|_| lang == "en" || word.capital);
        if lang == "fr" { in_french(words, at).or_else(english) } else { english() }
    };
    let point = |at: usize| {
        let heading = heading(at).filter(|heading| *heading != (0, 0))?;
        Some(Point { heading, span: words[at].span })
    };
    (0..words.len()).filter_map(point).collect()
}

fn in_french(words: &[Word], at: usize) -> Option<Heading> {
    let text = words[at].text.as_str();
    if text == "est" {
        return is_point(words, at).then_some((0, 1));
    }
    if text.starts_with("est-") && text.contains("-dire") {
        return None;
    }
    let is_compound = text.contains('-');
    let parts = text.split('-').filter_map(|part| match part {
        "est" if is_compound => Some((0, 1)),
        _ => POINTS.iter().find(|(name, _)| LISTS.has("fr", name, part)).map(|(_, h)| *h),
    });
    sum(parts)
}

/// `à l'est`, `l'Est`
fn is_point(words: &[Word], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |at| words[at].text.as_str());
    let is_elided = matches!(before(1), "l'" | "d'");
    let leads = |word: &str| LISTS.has("fr", "before-est", word);
    is_elided && (words[at].capital || leads(before(2))) || before(1) == "plein"
}

fn in_english(text: &str) -> Option<Heading> {
    let also = |name: &str| LISTS.has("en", &format!("also-{name}"), text);
    if let Some((_, heading)) = POINTS.iter().find(|(name, _)| also(name)) {
        return Some(*heading);
    }
    sum(text.split('-').filter_map(part))
}

/// `north`, `northeastern`, `southwards`
fn part(text: &str) -> Option<Heading> {
    let strip = |text: &str| -> Option<(Heading, usize)> {
        let found = POINTS.iter().find(|(name, _)| text.starts_with(name))?;
        Some((found.1, found.0.len()))
    };
    let (first, n) = strip(text)?;
    let (second, m) = strip(&text[n..]).unwrap_or(((0, 0), 0));
    let end = &text[n + m..];
    let heading = (first.0 + second.0, first.1 + second.1);
    (end.is_empty() || LISTS.has("en", "ending", end)).then_some(heading)
}

fn sum(parts: impl Iterator<Item = Heading>) -> Option<Heading> {
    let mut parts = parts.peekable();
    parts.peek()?;
    let all = parts
        .fold((0i8, 0i8), |all, part| (all.0.saturating_add(part.0), all.1.saturating_add(part.1)));
    Some((all.0.signum(), all.1.signum()))
}

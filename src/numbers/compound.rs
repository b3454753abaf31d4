//! Numbers that are one word: `zweiunddreißig`, `duecentotrentadue`.

use super::lexicon::{Lexicon, Role, Word};

/// No number word has more parts: `neunhundertneunundneunzigtausend...`.
const MOST_PIECES: usize = 12;

/// A word that is put together from number words, as a word with their value.
pub fn read(folded: &str, lexicon: &Lexicon) -> Option<Word> {
    let mut pieces = Vec::new();
    cut(folded, lexicon, &mut pieces)
}

/// Cuts the rest of a word into pieces whose values fit together.
fn cut(rest: &str, lexicon: &Lexicon, pieces: &mut Vec<Word>) -> Option<Word> {
    if rest.is_empty() {
        return (pieces.len() > 1).then(|| whole(pieces))?;
    }
    if pieces.len() == MOST_PIECES {
        return None;
    }
    let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).rev();
    for end in ends {
        let Some(piece) = rest.get(..end).and_then(|part| lexicon.piece(part)) else { continue };
        if !may_be_piece(piece, pieces.last()) {
            continue;
        }
        pieces.push(piece);
        let found = cut(&rest[end..], lexicon, pieces);
        pieces.pop();
        if found.is_some() {
            return found;
        }
    }
    None
}

fn may_be_piece(piece: Word, last: Option<&Word>) -> bool {
    let is_number = matches!(piece.role, Role::Unit | Role::Ten | Role::Hundred | Role::And);
    let is_thousand = matches!(piece.role, Role::Scale | Role::Plural) && piece.value == 1000.0;
    (is_number || is_thousand) && last.is_none_or(|last| !last.ordinal)
}

/// The value of all pieces: thousands, then hundreds, then what is below.
fn whole(pieces: &[Word]) -> Option<Word> {
    let is_scale = |piece: &Word| matches!(piece.role, Role::Scale | Role::Plural);
    let value = match pieces.iter().position(is_scale) {
        Some(at) => {
            below_thousand(&pieces[..at], 1.0)? * 1000.0 + below_thousand(&pieces[at + 1..], 0.0)?
        }
        None => below_thousand(pieces, 0.0)?,
    };
    Some(Word { role: Role::Unit, value, ordinal: pieces.last()?.ordinal })
}

fn below_thousand(pieces: &[Word], empty: f64) -> Option<f64> {
    let hundred = pieces.iter().position(|piece| piece.role == Role::Hundred);
    match hundred {
        Some(at) => {
            let count = below_hundred(&pieces[..at], 1.0).filter(|count| *count < 10.0)?;
            Some(count * pieces[at].value + below_hundred(&pieces[at + 1..], 0.0)?)
        }
        None => below_hundred(pieces, empty),
    }
}

/// `zwei und dreißig`, `trenta due`, or one word.
fn below_hundred(pieces: &[Word], empty: f64) -> Option<f64> {
    let is = |piece: &Word, role| piece.role == role;
    match pieces {
        [] => Some(empty),
        // hundertundeins
        [and, rest @ ..] if is(and, Role::And) && !rest.is_empty() => below_hundred(rest, empty),
        [one] if is(one, Role::Unit) || is(one, Role::Ten) => Some(one.value),
        [unit, and, ten] if is(unit, Role::Unit) && is(and, Role::And) && is(ten, Role::Ten) => {
            (unit.value < 10.0).then_some(unit.value + ten.value)
        }
        [ten, unit] if is(ten, Role::Ten) && is(unit, Role::Unit) => {
            (unit.value < 10.0 && ten.value > 10.0).then_some(ten.value + unit.value)
        }
        _ => None,
    }
}

//! The value of number words.

use super::lexicon::{Role, Rules, Word};
use super::token::{Gap, Token};

/// A number in words: `deux cent trente-quatre mille`, `two hundred and fifth`.
#[derive(Debug, Clone, Copy)]
pub struct Spelled {
    pub value: f64,
    pub ordinal: bool,
    /// The scale of its last word, 1 where there is none.
    pub scale: f64,
    /// The token after it.
    pub end: usize,
}

/// A number that grows word by word.
#[derive(Default)]
struct Sum {
    total: f64,
    group: f64,
    last: Option<Word>,
}

impl Sum {
    /// Takes a word in, or returns false where the number ends before it.
    fn add(&mut self, word: Word, form: &str, rules: &Rules) -> bool {
        let last = self.last.map(|last| last.role);
        let last_value = self.last.map_or(0.0, |last| last.value);
        let below_hundred = matches!(last, Some(Role::Unit | Role::Ten));
        match word.role {
            // quatre-vingts, quatre-vingtième
            Role::Ten
                if rules.vigesimal && word.value == 20.0 && last_value == 4.0 && below_hundred =>
            {
                self.group += 76.0;
            }
            // soixante-dix, quatre-vingt-dix
            Role::Ten if rules.vigesimal && word.value == 10.0 && takes_ten(last_value) => {
                self.group += 10.0;
            }
            // dix-sept, soixante-quinze, vingt-deux
            Role::Unit
                if last.is_some() && word.ordinal && word.value < 3.0 && rules.ordinals_apart =>
            {
                // `vingt et unième` and `vingt-deuxième`, but `les dix premiers`, `dix secondes`.
                if last != Some(Role::Ten) || !matches!(form, "unieme" | "deuxieme") {
                    return false;
                }
                self.group += word.value;
            }
            Role::Unit if last == Some(Role::Ten) => {
                if word.value == 0.0 || !rules.vigesimal && (word.value > 9.0 || last_value == 10.0)
                {
                    return false;
                }
                self.group += word.value;
            }
            Role::Unit | Role::Ten if below_hundred => return false,
            Role::Unit | Role::Ten => self.group += word.value,
            Role::Hundred if last == Some(Role::Hundred) => return false,
            // doscientos
            Role::Hundred if word.value > 100.0 && self.group > 0.0 => return false,
            Role::Hundred if word.value > 100.0 => self.group = word.value,
            Role::Hundred => self.group = self.group.max(1.0) * 100.0,
            Role::Scale | Role::Plural => {
                // mil doscientos millones
                let is_counted = rules.thousand_millions && self.total < word.value;
                if self.total > 0.0 && (self.group == 0.0 || is_counted) {
                    self.total = (self.total + self.group) * word.value;
                } else {
                    self.total += self.group.max(1.0) * word.value;
                }
                self.group = 0.0;
            }
            _ => return false,
        }
        self.last = Some(word);
        true
    }
}

fn takes_ten(last: f64) -> bool {
    matches!(last, 60.0 | 20.0)
}

/// Reads a number in words that begins at token `at`, on top of what stands before (`3` of
/// `3 cents`).
pub fn read(tokens: &[Token], at: usize, before: f64, rules: &Rules) -> Option<Spelled> {
    let mut sum = Sum { group: before, ..Sum::default() };
    let mut spelled = None;
    let mut idx = at;
    while let Some(token) = tokens.get(idx) {
        let is_joined = idx == at || matches!(token.gap, Gap::Space | Gap::Hyphen | Gap::Nothing);
        let Some(word) = token.word.filter(|_| is_joined) else { break };
        if word.role == Role::And && idx > at {
            if !continues(&sum, tokens.get(idx + 1), rules) {
                break;
            }
            idx += 1;
            continue;
        }
        if is_second_article(tokens, idx, at) || !sum.add(word, &token.folded, rules) {
            break;
        }
        idx += 1;
        let scale = if matches!(word.role, Role::Scale | Role::Plural) { word.value } else { 1.0 };
        let value = sum.total + sum.group;
        spelled = Some(Spelled { value, ordinal: word.ordinal, scale, end: idx });
        if word.ordinal {
            break;
        }
    }
    spelled
}

/// `a` inside a number (`twenty a day`) is none of it.
fn is_second_article(tokens: &[Token], idx: usize, at: usize) -> bool {
    idx > at && matches!(tokens[idx].folded.as_str(), "a" | "an" | "A")
}

/// `vingt et un`, `two hundred and five`, `treinta y dos`, but not `deux et trois` or `cent et mille`.
fn continues(sum: &Sum, next: Option<&Token>, rules: &Rules) -> bool {
    let Some(next) = next.filter(|next| next.gap != Gap::Break) else { return false };
    let (Some(last), Some(word)) = (sum.last, next.word) else { return false };
    let is_small = matches!(word.role, Role::Unit | Role::Ten);
    if rules.and_one {
        let is_one = word.value == 1.0 || word.value == 11.0;
        return is_small
            && is_one
            && matches!(last.role, Role::Ten | Role::Scale)
            && (last.role == Role::Ten || next.folded != "une" && last.value == 1000.0);
    }
    if rules.and_units {
        let is_unit = word.role == Role::Unit && !word.ordinal && (1.0..10.0).contains(&word.value);
        return is_unit && last.role == Role::Ten && last.value > 20.0;
    }
    if rules.and_thousands {
        let is_million = matches!(last.role, Role::Scale | Role::Plural) && last.value >= 1e6;
        return is_million && word.role == Role::Unit && word.value >= 1000.0;
    }
    let is_article = matches!(next.folded.as_str(), "a" | "an" | "one");
    rules.and_small
        && (is_small
            && !word.ordinal
            && !is_article
            && matches!(last.role, Role::Hundred | Role::Scale)
            || is_small && word.ordinal && last.role == Role::Hundred)
}

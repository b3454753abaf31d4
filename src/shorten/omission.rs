//! Whether a sentence still says what it said without some of its words.
//!
//! A part may go when it is one (a clause, a parenthesis, a phrase behind its preposition), when nothing
//! is left that wants it, and when the rest does not mean more without it: no speaker, no denial, no
//! doubt, no condition, no narrowing of what all or none do.

use std::ops::Range;

use super::LISTS;
use crate::article::Span;
use crate::check::names::Word;
use crate::check::{Side, polarity, quotes};

/// Some words of a sentence, one behind the other.
#[derive(Debug, Clone)]
pub struct Omission<'s> {
    side: &'s Side<'s>,
    /// Of the words of the sentence.
    pub range: Range<usize>,
}

/// So many words before a part may be what it narrows.
const REACH: usize = 4;
/// A parenthesis with more commas may be more than one.
const MAX_COMMAS: usize = 2;

impl<'s> Omission<'s> {
    pub fn new(side: &'s Side<'s>, range: Range<usize>) -> Self {
        Self { side, range }
    }

    /// Whether the rules let it go.
    pub fn may_go(&self) -> bool {
        self.is_cut_clean()
            && self.leaves_nothing_open()
            && self.begins_a_part()
            && self.ends_a_part()
            && self.is_one_piece()
            && !self.is_weighty()
            && !self.is_condition()
            && !self.widens_the_rest()
    }

    /// The bytes that go; quotation marks of what is kept and the end of the sentence stay.
    pub fn region(&self) -> Range<usize> {
        let text = self.side.text;
        let (first, last) = (self.own()[0].span.start, self.last().span.end);
        let start = self.before().map_or(0, |word| {
            let end = word.span.end;
            end + n_closing(&text[end..first])
        });
        let end = self.after().map_or(last, |word| {
            let start = word.span.start;
            start - n_opening(&text[last..start])
        });
        start..end
    }

    /// What stands in its place.
    pub fn joint(&self) -> &'s str {
        let tail = self.tail();
        match (self.before(), self.after()) {
            (None, _) | (_, None) => "",
            _ if !self.is_parted_before() || tail.contains([':', ';']) => tail,
            (_, Some(after)) if tail.contains(',') && self.wants_comma(after) => ", ",
            _ => " ",
        }
    }

    /// Whether a comma stays where two were. None parts a subject from its verb: `Le maire` | `, réuni
    /// avec son conseil,` | `a signé`; one stands behind a circumstance or what stood in commas before,
    /// and before who says it: `Il a plu` | `, dans le sud,` | `a dit la météo`.
    fn wants_comma(&self, after: &Word) -> bool {
        let before = &self.words()[..self.range.start];
        let n_commas = self.side.text[..self.region().start].matches(',').count();
        let opens = ["adjunct", "opening"].into_iter().any(|list| self.is_in(&before[0], list));
        let has_verb = before.iter().any(|word| self.is_in(word, "auxiliary"));
        let behind = self.words().get(self.range.end + 1);
        let is_inverted = behind.is_some_and(|word| word.folded == "t");
        match opens {
            true => n_commas != 1,
            false => n_commas > 0 || is_inverted || has_verb && self.is_in(after, "auxiliary"),
        }
    }

    fn words(&self) -> &'s [Word] {
        &self.side.names.words
    }

    fn own(&self) -> &'s [Word] {
        &self.words()[self.range.clone()]
    }

    fn last(&self) -> &'s Word {
        &self.words()[self.range.end - 1]
    }

    fn before(&self) -> Option<&'s Word> {
        self.range.start.checked_sub(1).map(|idx| &self.words()[idx])
    }

    fn after(&self) -> Option<&'s Word> {
        self.words().get(self.range.end)
    }

    /// Between what is kept before and the first word.
    fn lead(&self) -> &'s str {
        &self.side.text[self.region().start..self.own()[0].span.start]
    }

    /// Between the last word and what is kept behind.
    fn tail(&self) -> &'s str {
        &self.side.text[self.last().span.end..self.region().end]
    }

    fn is_parted_before(&self) -> bool {
        is_parting(self.lead())
    }

    fn is_parted_behind(&self) -> bool {
        self.after().is_none() || is_parting(self.tail())
    }

    fn lower(&self, word: &Word) -> String {
        word.span.of(self.side.text).to_lowercase()
    }

    fn is_in(&self, word: &Word, list: &str) -> bool {
        let word = self.lower(word);
        let fits = |entry: &&str| match entry.strip_suffix('*') {
            Some(beginning) => word.starts_with(beginning),
            None => word == *entry,
        };
        LISTS.get(self.side.lang, list).iter().any(fits)
    }

    /// No word, number, time or quotation is cut through.
    fn is_cut_clean(&self) -> bool {
        let is_blank = |gap: &str| gap.is_empty() || gap.contains(|c: char| c.is_whitespace());
        let (lead, tail) = (self.lead(), self.tail());
        let side = self.side;
        let span = Span::new(self.own()[0].span.start, self.last().span.end);
        let is_through = |other: Span| {
            let is_inside = span.start <= other.start && other.end <= span.end;
            let is_outside = other.end <= span.start || span.end <= other.start;
            !is_inside && !is_outside
        };
        let is_within =
            |quote: &quotes::Quoted| quote.span.start <= span.start && span.end <= quote.span.end;
        let numbers = side.numbers.iter().map(|number| number.span);
        let mut whole = numbers.chain(side.times.iter().map(|time| time.whole));
        is_blank(lead)
            && (self.after().is_none() || is_blank(tail))
            && is_balanced(&side.text[self.region().start..self.region().end])
            && (self.is_parted_before() || is_balanced(tail))
            && !whole.any(is_through)
            && !quotes::find(side).iter().any(is_within)
            && is_balanced(&side.text[..self.region().start])
    }

    /// Neither what is kept nor the part itself breaks off behind a word that wants another.
    fn leaves_nothing_open(&self) -> bool {
        let is_open = |word: &Word| self.is_in(word, "function");
        let is_hanging = self.before().is_some_and(is_open) && !self.is_parted_before();
        let is_object = self.after().is_some_and(|after| self.is_in(after, "determiner"));
        let has_object =
            is_verbal(&self.lower(self.last())) && is_object && !self.is_parted_behind();
        !is_hanging && !is_open(self.last()) && !has_object
    }

    fn begins_a_part(&self) -> bool {
        let first = &self.own()[0];
        if matches!(first.folded.as_str(), "que" | "qu") {
            return false;
        }
        let Some(before) = self.before() else { return self.is_opening() };
        if self.is_parted_before() {
            return self.is_parenthesis();
        }
        self.is_in(first, "relative") && !is_plural(before, self)
            || self.is_in(first, "argument") && self.is_of_noun(before)
            || self.is_in(first, "adjunct") && self.is_circumstance(before)
            || self.is_in(first, "clause")
    }

    /// What no mark opens or closes is one phrase, and has no comma in it: not `un rappel` | `au règlement,
    /// puis décidé` | `une suspension`.
    fn is_one_piece(&self) -> bool {
        let text = &self.side.text[self.own()[0].span.start..self.last().span.end];
        self.is_parted_before() || self.is_parted_behind() || !text.contains(',')
    }

    /// A circumstance ahead of the sentence, with its comma: `Lundi soir,`, `Réunis à Paris,`
    fn is_opening(&self) -> bool {
        let first = &self.own()[0];
        let lists = ["argument", "adjunct", "opening"].into_iter();
        let is_name = self.own().len() < 3 || self.own()[1].is_capital();
        let opens = lists.into_iter().any(|list| self.is_in(first, list))
            || self.side.times.iter().any(|time| time.whole.start == first.span.start)
            || !is_name && (is_participle(&self.lower(first)) || self.is_in(first, "participle"));
        let dangles = self.after().is_none_or(|after| self.is_in(after, "dangling"));
        opens && self.tail().contains(',') && !dangles
    }

    /// Between two marks of one kind, or between one and the end.
    fn is_parenthesis(&self) -> bool {
        let region = &self.side.text[self.region()];
        let Some(after) = self.after() else { return true };
        let is_same =
            |marks: [&str; 2]| self.lead().contains(marks[0]) && self.tail().contains(marks[1]);
        let is_between = [[",", ","], ["(", ")"], ["–", "–"], ["—", "—"]].into_iter().any(is_same);
        let is_member = self.is_in(&self.own()[0], "member");
        // `Paris` | `, Lyon,` | `Nice et Lille`
        let is_list = after.is_capital() && self.joint() == " ";
        // `les mineurs` | `, qui seront fichés,` | `dès 13 ans`: may go on with the clause.
        let is_open = self.is_in(&self.own()[0], "relative") && self.is_in(after, "adjunct");
        is_between
            && !is_member
            && !is_list
            && !is_open
            && !is_participle(&self.lower(after))
            && region.matches(',').count() <= MAX_COMMAS
    }

    /// `la décision` | `du conseil`, and not `il s'agit` | `d'un accord`: behind a single thing that is
    /// surely a noun, and no verb behind the preposition. Of names and titles nothing goes: `Banque` |
    /// `de France`, `la secrétaire` | `d'État`.
    fn is_of_noun(&self, before: &Word) -> bool {
        let determined = self.range.start >= 2 && {
            let two_before = &self.words()[self.range.start - 2];
            before.is_linked && self.is_in(two_before, "determiner")
        };
        let is_noun = determined || before.is_capital() && !before.opens;
        let second = self.own().get(1);
        let is_name = before.is_capital() && second.is_some_and(Word::is_capital);
        let is_title = self.is_parted_behind() && self.after().is_some_and(Word::is_capital);
        is_noun && !is_plural(before, self) && self.has_own_noun() && !is_name && !is_title
    }

    /// When, where, with whom, what for; not a share (`12` | `sur 15`), a distance (`une semaine` |
    /// `après la fin`) or what a verb cannot be without.
    fn is_circumstance(&self, before: &Word) -> bool {
        let words = self.words();
        let near = &words[self.range.start.saturating_sub(3)..self.range.start];
        let is_reflexive = near.iter().any(|word| matches!(self.lower(word).as_str(), "s" | "se"));
        let first = &self.own()[0];
        let is_measured = self.is_in(before, "length") && self.is_in(first, "distance");
        self.has_own_noun()
            && !self.is_share()
            && !is_reflexive
            && !is_measured
            && !self.is_in(before, "wanting")
    }

    /// `12` | `sur 15`
    fn is_share(&self) -> bool {
        let own = self.own();
        self.lower(&own[0]) == "sur" && own.get(1).is_some_and(|word| self.is_number(word))
    }

    /// Whether a determiner, a name, a number or a time stands behind the preposition, or what something
    /// is done for: without one, as in `mis` | `en examen`, the words belong together.
    fn has_own_noun(&self) -> bool {
        let first = &self.own()[0];
        let Some(second) = self.own().get(1) else { return false };
        let is_purpose = self.lower(first) == "pour" && is_verbal(&self.lower(second));
        let has_article = matches!(self.lower(first).as_str(), "du" | "des" | "au" | "aux");
        let lists = ["determiner", "argument"];
        let is_time = self.side.times.iter().any(|time| time.whole.start == second.span.start);
        let is_bare_verb = is_verbal(&self.lower(second)) && !second.is_capital();
        is_purpose
            || has_article && !is_bare_verb
            || lists.into_iter().any(|list| self.is_in(second, list))
            || second.is_capital()
            || self.is_number(second)
            || is_time
    }

    fn is_number(&self, word: &Word) -> bool {
        let holds = |span: Span| span.start <= word.span.start && word.span.end <= span.end;
        self.side.numbers.iter().any(|number| holds(number.span))
    }

    /// Behind it something else begins, that is not about a word of the part.
    fn ends_a_part(&self) -> bool {
        let Some(after) = self.after() else { return true };
        let first = &self.own()[0];
        if self.is_in(after, "relative") {
            return false;
        }
        if self.is_parted_behind() {
            // The comma may be that of a parenthesis which the part has only the beginning of.
            let span = self.own()[0].span.start..self.last().span.end;
            return self.is_parted_before() || !self.side.text[span].contains(',');
        }
        if self.is_in(after, "auxiliary") {
            // `la nécessité` | `d'agir pour que la banque` | `se trouve`: the verb is the part's own.
            let opens_clause = |word: &Word| {
                matches!(word.folded.as_str(), "que" | "qu" | "si") || self.is_in(word, "relative")
            };
            return !self.own()[1..].iter().any(opens_clause);
        }
        let of_noun = self.is_in(first, "argument");
        let is_preposition = self.is_in(after, "argument") || self.is_in(after, "adjunct");
        let begins = self.is_in(after, "function") && !self.is_in(after, "attached");
        let verb = quotes::is_of_speech(&after.folded, self.side.lang);
        !self.is_in(first, "relative") && (verb || begins && !(of_noun && is_preposition))
    }

    /// Who says it, denials, doubts, conditions. A clause takes its own along.
    fn is_weighty(&self) -> bool {
        let first = &self.own()[0];
        let is_clause = self.is_in(first, "relative")
            || self.is_in(first, "clause")
            || self.is_parted_before() && first.folded.ends_with("ant") && first.folded.len() > 4;
        let weighs = |word: &Word| {
            self.is_in(word, "weighty")
                || quotes::is_of_speech(&word.folded, self.side.lang)
                || polarity::is_conditional(&self.lower(word))
        };
        // Behind a comma the clause may be over: `qui brûle encore, a dit la police`
        let clause_end = self.side.text[first.span.start..].find(',').map(|n| first.span.start + n);
        let is_of_clause =
            |word: &Word| is_clause && clause_end.is_none_or(|end| word.span.end <= end);
        self.own().iter().any(|word| !is_of_clause(word) && weighs(word))
    }

    /// `pourraient être déployés` | `après la signature d'un cessez-le-feu`: when it is still to come,
    /// what comes first is what it hangs on.
    fn is_condition(&self) -> bool {
        let is_open =
            |word: &Word| self.is_in(word, "modal") || polarity::is_conditional(&self.lower(word));
        let words = self.words();
        let (before, behind) = (&words[..self.range.start], &words[self.range.end..]);
        self.is_in(&self.own()[0], "when") && before.iter().chain(behind).any(is_open)
    }

    /// Whether the rest is of more than the sentence: `aucun élu` | `du plateau`, `interdire la
    /// circulation` | `des camions`. A parenthesis narrows nothing.
    fn widens_the_rest(&self) -> bool {
        if self.before().is_none() || self.is_parted_before() {
            return false;
        }
        let before = &self.words()[..self.range.start];
        let near = &before[before.len().saturating_sub(REACH)..];
        let first = &self.own()[0];
        let narrows = self.is_in(first, "of") || self.is_in(first, "relative");
        narrows && near.iter().any(|word| self.is_in(word, "scope"))
            || before.iter().any(|word| self.is_in(word, "narrowing"))
    }
}

/// `maires`, `travaux`, `deux`, not `Paris`.
fn is_plural(word: &Word, omission: &Omission) -> bool {
    omission.is_number(word)
        || !word.is_capital() && word.folded.len() > 2 && word.folded.ends_with(['s', 'x'])
}

/// `signer`, `voir`, `instaurant`: has an object of its own.
fn is_verbal(word: &str) -> bool {
    let ends = ["er", "ir", "dre", "tre", "ire", "ant"];
    word.len() > 4 && ends.iter().any(|end| word.ends_with(end))
}

/// `réunis`, `interrogée`, `saluant`
fn is_participle(word: &str) -> bool {
    word.len() > 4 && ["é", "ée", "és", "ées", "ant"].iter().any(|end| word.ends_with(end))
}

/// The bytes of the closing marks that a gap begins with.
fn n_closing(gap: &str) -> usize {
    let marks = gap.trim_start_matches(char::is_whitespace);
    let rest = marks.trim_start_matches(['»', '”', ')']);
    let rest = gap.strip_prefix('"').unwrap_or(rest);
    if rest.len() == marks.len() { 0 } else { gap.len() - rest.len() }
}

/// The bytes of the opening marks that a gap ends with.
fn n_opening(gap: &str) -> usize {
    let marks = gap.trim_end_matches(char::is_whitespace);
    let rest = marks.trim_end_matches(['«', '“', '(']);
    let rest = gap.strip_suffix('"').unwrap_or(rest);
    if rest.len() == marks.len() { 0 } else { gap.len() - rest.len() }
}

/// Whether a sentence has a break between two words.
fn is_parting(gap: &str) -> bool {
    gap.contains([',', ';', ':', '(', ')', '–', '—']) || gap.contains("--") || gap.contains(" - ")
}

/// Whether all marks that come in pairs do.
fn is_balanced(text: &str) -> bool {
    let n = |mark: char| text.matches(mark).count();
    n('«') == n('»') && n('“') == n('”') && n('(') == n(')') && n('"').is_multiple_of(2)
}

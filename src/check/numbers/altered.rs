//! Numbers without a partner: which became which, which are missing, which are made up.

use std::collections::HashSet;

use super::align::{Alignment, is_comparable, near, place, same};
use super::excuse::{self, Other};
use super::index::{Index, band};
use super::{Finding, Relation, Severity, Side, Strength, finding, strength};
use crate::article::Span;
use crate::numbers::{Bound, Form, Quantity};

/// Findings for what the alignment left alone.
pub fn of_the_rest(
    source: &Side,
    target: &Side,
    alignment: &Alignment,
    relation: Relation,
) -> Vec<Finding> {
    if alignment.missing.is_empty() && alignment.invented.is_empty() {
        return Vec::new();
    }
    let (said, told) = (Index::of(&source.numbers), Index::of(&target.numbers));
    let pair = Rest { source, target, said, told, relation };
    let invented = pair.unsaid(&alignment.invented, (target, source), &pair.said);
    let missing = match relation {
        Relation::Summary => Vec::new(),
        Relation::Translation => pair.unsaid(&alignment.missing, (source, target), &pair.told),
    };
    let mut findings = Vec::new();
    let (missing, invented) = pair.converted(missing, invented, &mut findings);
    pair.judge(missing, invented, &mut findings);
    findings
}

struct Rest<'a, 't> {
    source: &'a Side<'t>,
    target: &'a Side<'t>,
    said: Index,
    told: Index,
    relation: Relation,
}

/// How many made-up numbers on each side of a place a missing one may have become.
const REACH: usize = 32;

/// A number without a partner. An echo repeats one that has: it may have been put in the place of
/// another, but alone it is no fault.
#[derive(Debug, Clone, Copy)]
struct Lone {
    idx: usize,
    is_echo: bool,
}

impl Rest<'_, '_> {
    /// Whether a number is said again; in a summary it must be of the same thing.
    fn repeats(&self, number: &Quantity, quantity: &Quantity) -> bool {
        let is_free = self.relation == Relation::Translation;
        same(number, quantity) && (is_free || is_comparable(number, quantity))
    }

    /// Those of `rest` that the other text does not say by a date or a word.
    fn unsaid(&self, rest: &[usize], (own, other): (&Side, &Side), index: &Index) -> Vec<Lone> {
        let mut words = Other::new(other, own.lang);
        let mut unsaid = Vec::new();
        for idx in rest {
            let quantity = &own.numbers[*idx];
            let is_echo = index
                .may_be(quantity, None)
                .into_iter()
                .any(|other_idx| self.repeats(&other.numbers[other_idx], quantity));
            if strength(quantity) > Strength::None
                && (is_echo || !words.says(quantity) && !words.has(quantity.span.of(own.text)))
            {
                unsaid.push(Lone { idx: *idx, is_echo });
            }
        }
        unsaid
    }

    /// Takes out what is the same in another unit, with a note.
    fn converted(
        &self,
        missing: Vec<Lone>,
        invented: Vec<Lone>,
        findings: &mut Vec<Finding>,
    ) -> (Vec<Lone>, Vec<Lone>) {
        let alone: HashSet<usize> = invented.iter().map(|lone| lone.idx).collect();
        let stays_missing = |lone: &Lone| {
            let own = &self.source.numbers[lone.idx];
            let others = self.told.may_be_converted(own).into_iter();
            let mut others = others.filter(|idx| alone.contains(idx));
            !others.any(|idx| excuse::is_converted(own, &self.target.numbers[idx]))
        };
        let missing = missing.into_iter().filter(stays_missing).collect::<Vec<_>>();
        let stays_invented = |lone: &Lone| {
            let own = &self.target.numbers[lone.idx];
            let others = self.said.may_be_converted(own).into_iter();
            let mut others = others.map(|idx| &self.source.numbers[idx]);
            let from = others.find(|other| excuse::is_converted(own, other));
            findings.extend(from.map(|from| self.became(from, own, Severity::Note, "converted")));
            from.is_none()
        };
        let invented = invented.into_iter().filter(stays_invented).collect();
        (missing, invented)
    }

    fn became(&self, from: &Quantity, to: &Quantity, severity: Severity, what: &str) -> Finding {
        let (a, b) = (from.span.of(self.source.text), to.span.of(self.target.text));
        let dash = if what.is_empty() { "" } else { ": " };
        finding(severity, format!("`{a}` became `{b}`{dash}{what}"))
            .in_source(from.span)
            .in_target(to.span)
    }

    fn judge(&self, missing: Vec<Lone>, invented: Vec<Lone>, findings: &mut Vec<Finding>) {
        let links = self.links(&missing, &invented);
        for (m, i) in &links {
            findings.extend(self.altered(missing[*m], invented[*i]));
        }
        let (from, to): (HashSet<usize>, HashSet<usize>) = links.into_iter().unzip();
        let missing = missing.iter().enumerate().filter(|(m, _)| !from.contains(m));
        findings.extend(missing.filter_map(|(_, lone)| self.missing(*lone)));
        let invented = invented.iter().enumerate().filter(|(i, _)| !to.contains(i));
        findings.extend(invented.filter_map(|(_, lone)| self.invented(*lone)));
    }

    /// The best guess of which lone number of the source became which of the target.
    fn links(&self, missing: &[Lone], invented: &[Lone]) -> Vec<(usize, usize)> {
        let places: Vec<f64> = invented.iter().map(|lone| self.place_in_target(lone.idx)).collect();
        let all: Vec<usize> = (0..invented.len()).collect();
        let mut candidates = Vec::new();
        for (m, from) in missing.iter().enumerate() {
            let here = place(self.source.numbers[from.idx].span, self.source.text);
            let near = band(&all, places.partition_point(|place| *place < here), REACH);
            for i in near {
                candidates.extend(self.cost(*from, invented[*i]).map(|cost| (cost, m, *i)));
            }
        }
        candidates.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut from, mut to) = (HashSet::new(), HashSet::new());
        let is_free = |(_, m, i): &(f64, usize, usize)| {
            let is_free = !from.contains(m) && !to.contains(i);
            is_free && from.insert(*m) && to.insert(*i)
        };
        candidates.into_iter().filter(is_free).map(|(_, m, i)| (m, i)).collect()
    }

    fn place_in_target(&self, idx: usize) -> f64 {
        place(self.target.numbers[idx].span, self.target.text)
    }

    fn cost(&self, from: Lone, to: Lone) -> Option<f64> {
        let (a, b) = (&self.source.numbers[from.idx], &self.target.numbers[to.idx]);
        let far = (place(a.span, self.source.text) - place(b.span, self.target.text)).abs();
        if far > 0.5 && self.source.sentences.len() > 1
            || from.is_echo && to.is_echo && !(a.in_figures && b.in_figures)
        {
            return None;
        }
        let name = |q: &Quantity| q.unit.map(|unit| unit.name);
        let unit = if name(a) == name(b) { 0.0 } else { 1.0 };
        let form = if a.form == b.form { 0.0 } else { 1.0 };
        let echo = if from.is_echo || to.is_echo { 1.5 } else { 0.0 };
        let alike = if scaled(a.value, b.value).is_some() { -1.0 } else { 0.0 };
        Some(far * 4.0 + unit + form + echo + alike)
    }

    fn altered(&self, from: Lone, to: Lone) -> Option<Finding> {
        let (a, b) = (&self.source.numbers[from.idx], &self.target.numbers[to.idx]);
        if excuse::is_rounded(a, b) && excuse::is_soft(b) {
            return Some(self.became(a, b, Severity::Warning, "rounded"));
        }
        let weakest = strength(a).min(strength(b));
        let strongest = strength(a).max(strength(b));
        let is_echo = from.is_echo || to.is_echo;
        let severity = match (weakest, strongest) {
            _ if a.form == Form::Name || b.form == Form::Name => Severity::Warning,
            (Strength::Strong, _) if !is_echo => Severity::Error,
            (Strength::Medium, Strength::Strong | Strength::Medium) if !is_echo => Severity::Error,
            _ if are_magnitudes(a, b) => Severity::Error,
            (Strength::Weak, Strength::Weak) => Severity::Note,
            _ => Severity::Warning,
        };
        let is_note = is_echo && weakest == Strength::Weak;
        let severity = if is_note { Severity::Note } else { severity };
        Some(self.became(a, b, severity, scale_word(a, b)))
    }

    fn missing(&self, lone: Lone) -> Option<Finding> {
        let quantity = &self.source.numbers[lone.idx];
        if lone.is_echo {
            return None;
        }
        let severity = match strength(quantity) {
            Strength::Strong if quantity.form == Form::Name => Severity::Note,
            Strength::Strong if self.is_told_converted(quantity) => Severity::Warning,
            Strength::Strong => Severity::Error,
            Strength::Medium => Severity::Warning,
            _ => return None,
        };
        let words = quantity.span.of(self.source.text);
        let message = format!("`{words}` of the source is missing");
        Some(finding(severity, message).in_source(quantity.span))
    }

    /// Whether the target has this number in another unit: of `10 km (6 miles)` one may be enough.
    fn is_told_converted(&self, quantity: &Quantity) -> bool {
        let mut others = self.told.may_be_converted(quantity).into_iter();
        others.any(|idx| excuse::is_converted(quantity, &self.target.numbers[idx]))
    }

    fn invented(&self, lone: Lone) -> Option<Finding> {
        let quantity = &self.target.numbers[lone.idx];
        if lone.is_echo {
            return None;
        }
        if let Some(found) = self.derived(quantity) {
            return found;
        }
        let severity = match strength(quantity) {
            Strength::Strong if quantity.form == Form::Name => Severity::Warning,
            Strength::Strong => Severity::Error,
            Strength::Medium => Severity::Warning,
            _ if matches!(quantity.form, Form::Cardinal) => Severity::Note,
            _ => return None,
        };
        let words = quantity.span.of(self.target.text);
        let message = format!("`{words}` is not in the source");
        Some(finding(severity, message).in_target(quantity.span))
    }

    /// What a summary may make of the numbers of its source: rounded ones, sums.
    fn derived(&self, quantity: &Quantity) -> Option<Option<Finding>> {
        if self.relation != Relation::Summary {
            return None;
        }
        let said = &self.source.numbers;
        let is_rounded = |number: &&Quantity| {
            excuse::is_rounded(number, quantity) && is_comparable(number, quantity)
        };
        let rounded = said.iter().find(is_rounded);
        if let Some(from) = rounded {
            let is_soft = excuse::is_soft(quantity);
            let finding = self.became(from, quantity, Severity::Warning, "rounded");
            return Some((!is_soft).then_some(finding));
        }
        let magnitude = |number: &Quantity| number.value.abs().log10().floor();
        if quantity.bound == Bound::Magnitude {
            let is_said = |number: &Quantity| {
                magnitude(number) == magnitude(quantity) && is_comparable(number, quantity)
            };
            return said.iter().any(is_said).then_some(None);
        }
        let sum = self.sum(quantity)?;
        let words = quantity.span.of(self.target.text);
        let message = format!("`{words}` is not in the source, but may be a sum of its numbers");
        Some(Some(finding(Severity::Warning, message).in_target(quantity.span).in_source(sum)))
    }

    /// Where two or three numbers of the source that follow each other add up to this one.
    fn sum(&self, quantity: &Quantity) -> Option<Span> {
        let said = &self.source.numbers;
        let is_count = |number: &Quantity| {
            let is_plain = number.unit.is_none_or(|u| matches!(u.dimension, "people" | "currency"));
            is_plain && number.form == Form::Cardinal
        };
        let is_sum = |part: &&[Quantity]| {
            let total: f64 = part.iter().map(|number| number.value).sum();
            let is_one_thing = part.iter().all(|number| is_comparable(number, quantity));
            near(total, quantity.value, 1e-9) && part.iter().all(is_count) && is_one_thing
        };
        if !is_count(quantity) || quantity.value < 5.0 {
            return None;
        }
        let two = said.windows(2).find(is_sum);
        let part = two.or_else(|| said.windows(3).find(is_sum))?;
        Some(Span::new(part.first()?.span.start, part.last()?.span.end))
    }
}

/// `des milliers` and `hundreds`, of the same thing.
fn are_magnitudes(a: &Quantity, b: &Quantity) -> bool {
    let is_magnitude = |q: &Quantity| q.bound == Bound::Magnitude;
    is_magnitude(a) && is_magnitude(b) && a.unit.is_none() && b.unit.is_none()
}

/// The power of ten between two numbers with the same figures.
fn scaled(a: f64, b: f64) -> Option<i32> {
    if a <= 0.0 || b <= 0.0 {
        return None;
    }
    let power = (b / a).log10();
    (power.round() != 0.0 && (power - power.round()).abs() < 1e-9).then_some(power.round() as i32)
}

fn scale_word(a: &Quantity, b: &Quantity) -> &'static str {
    match scaled(a.value, b.value) {
        Some(power) if power % 3 == 0 => "another scale",
        Some(_) => "a power of ten apart",
        None => "",
    }
}

//! One segment, usually a sentence, on its way through the rounds.

use super::Translated;
use super::choice::{self, Candidate};
use super::quality::{Quality, Round};
use crate::check::{Finding, Severity, has_error};
use crate::keep::{self, Masked};

/// A segment and what it may become.
#[derive(Debug)]
pub(super) struct Segment {
    pub source: String,
    /// What the model is given: the source with placeholders for what must not change.
    pub masked: Masked,
    /// Words that stay as they are.
    pub keep: Vec<String>,
    candidates: Vec<Translated>,
    /// The index of the best candidate, found when a round is complete.
    best: Option<usize>,
    /// Whether the first way that it was written had an error.
    was_wrong: Option<bool>,
    /// Rounds that are left.
    rounds: Vec<Round>,
    /// Whether more than one way to write it was asked for.
    is_varied: bool,
    n_open: usize,
    /// The candidates come with the likeliest first: it gives way only to one with fewer findings.
    is_ranked: bool,
}

impl Candidate for Translated {
    fn text(&self) -> &str {
        &self.text
    }

    fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl Segment {
    pub fn new(source: &str, quality: Quality, keep: Vec<String>) -> Self {
        let source = source.trim().to_owned();
        let rounds = quality.rounds().to_vec();
        let masked = Masked::new(&source, &keep);
        let mut segment = Self {
            source,
            masked,
            keep,
            candidates: Vec::new(),
            best: None,
            was_wrong: None,
            rounds,
            is_varied: false,
            n_open: 0,
            is_ranked: false,
        };
        let is_wordless = !segment.source.chars().any(char::is_alphabetic);
        if is_wordless || keep::is_opaque(&segment.source, &segment.keep) {
            let text = segment.source.clone();
            segment.settle(Translated { text, ..Translated::default() });
        }
        segment
    }

    /// Says what it becomes; nothing is asked then.
    pub fn settle(&mut self, known: Translated) {
        self.candidates = vec![known];
        self.best = Some(0);
        self.rounds.clear();
    }

    /// The best so far.
    pub fn best(&self) -> Option<&Translated> {
        self.candidates.get(self.best?)
    }

    /// The best of all.
    pub fn into_translated(mut self) -> Translated {
        // A run that was stopped may have left a round half answered.
        let best = self.best.or_else(|| self.choose());
        let Some(idx) = best else { return Translated::default() };
        let was_wrong = self.was_wrong.unwrap_or(false);
        let best = self.candidates.swap_remove(idx);
        Translated { is_repaired: was_wrong && !has_error(&best.findings), ..best }
    }

    /// How it is to be asked now, if it is: by the next round, but a term that the model does not
    /// know will be in none of its draws, so that it is told at once.
    pub fn next_round(&self) -> Option<Round> {
        if self.n_open > 0 || self.is_good() {
            return None;
        }
        let is_term = |finding: &Finding| finding.kind == "glossary";
        let lacks_term = self.best().is_some_and(|best| best.findings.iter().any(is_term));
        let told = self.rounds.iter().find(|round| matches!(round, Round::Told(_)));
        told.filter(|_| lacks_term).or(self.rounds.first()).copied()
    }

    /// Goes through the rounds of a translation network, if it has not begun.
    pub fn ask_network(&mut self, quality: Quality) {
        if self.candidates.is_empty() && self.n_open == 0 && !self.is_ranked {
            self.rounds = quality.network_rounds().to_vec();
            self.is_ranked = true;
        }
    }

    /// Whether nothing more will be asked.
    pub fn is_settled(&self) -> bool {
        self.n_open == 0 && self.next_round().is_none()
    }

    /// Nothing found; or nothing worse than a warning, and other ways have been tried.
    fn is_good(&self) -> bool {
        let Some(best) = self.best() else { return false };
        let is_warned = best.findings.iter().any(|f| f.severity == Severity::Warning);
        !has_error(&best.findings) && (!is_warned || self.is_varied)
    }

    fn choose(&self) -> Option<usize> {
        match self.is_ranked {
            true => choice::first_of_best(&self.candidates),
            false => choice::best(&self.candidates),
        }
    }

    /// The round was asked, and has so many answers.
    pub fn asked(&mut self, round: Round, n_answers: usize) {
        self.rounds.retain(|left| *left != round);
        self.is_varied |= n_answers > 1;
        self.n_open += n_answers;
    }

    /// Takes a candidate; `is_first` of those of its round, whenever it comes. The first of all
    /// keeps the first place.
    pub fn answered(&mut self, candidate: Translated, is_first: bool) {
        self.n_open = self.n_open.saturating_sub(1);
        let is_first_of_all = is_first && self.was_wrong.is_none();
        if is_first_of_all {
            self.was_wrong = Some(has_error(&candidate.findings));
        }
        let place = if is_first_of_all { 0 } else { self.candidates.len() };
        self.candidates.insert(place, candidate);
        if self.n_open == 0 {
            self.best = self.choose();
        }
    }
}

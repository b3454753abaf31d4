//! The sections that are tables: answers, days, figures, names.

use super::super::table::table;
use super::{Writer, aside, bold, sign};
use crate::bilingual::word::{paragraph, run};
use crate::brief::note::{Answer, Citation, Item, Question};
use crate::brief::print::data;

/// A cell of one paragraph.
fn cell(inside: &str) -> String {
    paragraph("TableText", inside)
}

impl Writer<'_> {
    pub(super) fn compared(&mut self) -> String {
        let event = self.event;
        let mut written = String::new();
        if !event.disagreements.is_empty() {
            written += &self.part("differ");
            written.extend(event.disagreements.iter().map(|question| self.differing(question)));
        }
        if !event.agreements.is_empty() {
            written += &self.part("agree");
            written += &self.agreeing(&event.agreements);
        }
        if written.is_empty() { written } else { self.section("compared") + &written }
    }

    /// A question, a row for each answer, and the sentences that give it.
    fn differing(&mut self, question: &Question) -> String {
        let asked = run("", &question.question) + &self.new_tag(question.is_new);
        let rows: Vec<Vec<String>> =
            question.values.iter().map(|answer| self.side(answer)).collect();
        let head = ["answer", "sources", "sentences"].map(|key| self.words.get(key));
        paragraph("Asked", &asked) + &self.remark(question) + &table(&[24, 20, 56], &head, &rows)
    }

    fn side(&mut self, answer: &Answer) -> Vec<String> {
        let said: String = answer.citations.iter().map(|one| self.translated(one)).collect();
        let said = if said.is_empty() { cell("") } else { said };
        vec![cell(&bold(&answer.value)), self.support(answer), said]
    }

    /// A sentence in the language of the note, where it is there, and as the source has it.
    fn translated(&mut self, citation: &Citation) -> String {
        let number = run("", &format!("[{}] ", citation.source));
        let note = self.cite(std::slice::from_ref(citation));
        let Some(translation) = &citation.translation else {
            return cell(&(number + &self.original(citation) + &note));
        };
        let said = number + &run("", translation) + &sign(&citation.checks);
        let found = self.found("TableText", &citation.checks);
        cell(&said) + &found + &cell(&(self.original(citation) + &note))
    }

    /// Which sources, and of how many origins.
    fn support(&self, answer: &Answer) -> String {
        let numbers = data::numbers(answer.citations.iter().map(|citation| citation.source));
        let origins = self.words.counted(answer.n_independent, "origin");
        cell(&run("", &numbers)) + &cell(&aside(&origins))
    }

    fn remark(&self, question: &Question) -> String {
        question.remark.as_deref().map_or(String::new(), |remark| {
            let label = format!("{}{} ", self.words.get("remark"), self.words.get("colon"));
            paragraph("Remark", &(bold(&label) + &run("", remark)))
        })
    }

    fn agreeing(&mut self, questions: &[Question]) -> String {
        let answers = questions.iter().flat_map(|one| one.values.iter().map(move |a| (one, a)));
        let rows: Vec<Vec<String>> =
            answers.map(|(one, answer)| self.agreed(one, answer)).collect();
        let head = ["question", "answer", "sources"].map(|key| self.words.get(key));
        table(&[46, 30, 24], &head, &rows)
    }

    fn agreed(&mut self, question: &Question, answer: &Answer) -> Vec<String> {
        let asked = run("", &question.question) + &self.new_tag(question.is_new);
        let value = bold(&answer.value) + &self.cite(&answer.citations);
        vec![cell(&asked), cell(&value) + &self.remark(question), self.support(answer)]
    }

    pub(super) fn timeline(&mut self) -> String {
        if self.event.timeline.is_empty() {
            return String::new();
        }
        let rows = self.event.timeline.iter().map(|dated| (dated.when.as_str(), &dated.item));
        let rows = rows.map(|(when, item)| self.sentence(when, item)).collect::<Vec<_>>();
        let head = ["date", "happened"].map(|key| self.words.get(key));
        self.section("timeline") + &table(&[24, 76], &head, &rows)
    }

    /// A row of a few words and the sentence that they are of.
    fn sentence(&mut self, words: &str, item: &Item) -> Vec<String> {
        let said = cell(&self.said(item)) + &self.found("TableText", &item.checks);
        vec![cell(&bold(words)), said]
    }

    pub(super) fn figures_and_names(&mut self) -> String {
        let written = self.figures() + &self.names();
        if written.is_empty() { written } else { self.section("figures") + &written }
    }

    fn figures(&mut self) -> String {
        let figures = &self.event.figures;
        if figures.is_empty() {
            return String::new();
        }
        let rows: Vec<Vec<String>> =
            figures.iter().map(|figure| self.sentence(&figure.value, &figure.item)).collect();
        let head = ["figure", "sentence"].map(|key| self.words.get(key));
        table(&[24, 76], &head, &rows)
    }

    fn names(&mut self) -> String {
        let names = &self.event.names;
        if names.is_empty() {
            return String::new();
        }
        let row = |name: &crate::brief::note::Name| {
            let role = |role: &Answer| cell(&(run("", &role.value) + &self.cite(&role.citations)));
            // A cell must hold a paragraph.
            let roles: String = name.roles.iter().map(role).collect();
            let roles = if roles.is_empty() { cell("") } else { roles };
            vec![cell(&bold(&name.name)), roles]
        };
        let rows: Vec<Vec<String>> = names.iter().map(row).collect();
        let head = ["name", "roles"].map(|key| self.words.get(key));
        table(&[30, 70], &head, &rows)
    }
}

//! What a note calls its parts, in its language: the labels of `words.txt`, and what is put together
//! of them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::data::SourceData;

const TABLE: &str = include_str!("words.txt");

/// The labels of one language.
#[derive(Debug, Clone)]
pub(super) struct Words {
    labels: BTreeMap<&'static str, &'static str>,
    is_french: bool,
}

impl Words {
    /// Those of French where that is asked for, else those of English.
    pub fn of(language: &str) -> Self {
        let is_french = language == "fr";
        let row = |line: &'static str| {
            // Unbreakable blanks belong to the label.
            let mut cells = line.split('|').map(|cell| cell.trim_matches(' '));
            let key = cells.next().filter(|key| !key.is_empty() && !key.starts_with('#'))?;
            Some((key, cells.nth(usize::from(is_french))?))
        };
        Self { labels: TABLE.lines().filter_map(row).collect(), is_french }
    }

    pub fn labels(&self) -> &BTreeMap<&'static str, &'static str> {
        &self.labels
    }

    /// A label; a key that the table does not have stands for itself.
    pub fn get<'k>(&self, key: &'k str) -> &'k str {
        self.labels.get(key).copied().unwrap_or(key)
    }

    /// A number and what is counted: `1 article`, `3 articles`. French counts none as one.
    pub fn counted(&self, n: usize, key: &str) -> String {
        let is_one = n == 1 || (n == 0 && self.is_french);
        let key = format!("{key}_{}", if is_one { "one" } else { "many" });
        format!("{n} {}", self.get(&key))
    }

    /// A language, by name where it has one here.
    pub fn language(&self, code: &str) -> String {
        let key = format!("language_{code}");
        self.labels.get(key.as_str()).map_or(code, |name| name).to_owned()
    }

    /// A day that is written `2026-01-06`, in words; other words are left.
    pub fn day(&self, day: &str) -> String {
        day.parse::<Date>().map_or_else(|_| day.to_owned(), |date| self.date(date))
    }

    fn date(&self, date: Date) -> String {
        let month = format!("month_{}", date.month());
        format!("{} {} {}", self.day_of_month(date), self.get(&month), date.year())
    }

    /// Two days in words. A month that is common to both is said once.
    fn range(&self, from: Date, to: Date) -> String {
        let begin = match (from.year(), from.month()) == (to.year(), to.month()) {
            _ if from == to => return self.date(to),
            true => self.day_of_month(from),
            false => self.date(from),
        };
        format!("{begin} {} {}", self.get("to"), self.date(to))
    }

    fn day_of_month(&self, date: Date) -> String {
        let first = if self.is_french && date.day() == 1 { "er" } else { "" };
        format!("{}{first}", date.day())
    }

    /// How many articles of how many origins, and from which days.
    pub fn about<'s>(
        &self,
        n_independent: usize,
        sources: impl Iterator<Item = Option<&'s str>> + Clone,
    ) -> String {
        let days = sources.clone().filter_map(|day| day?.parse::<Date>().ok());
        let range = days.clone().min().zip(days.max()).map(|(from, to)| self.range(from, to));
        let counts =
            [self.counted(sources.count(), "article"), self.counted(n_independent, "origin")];
        counts.into_iter().chain(range).collect::<Vec<_>>().join(" · ")
    }

    /// What is known of a source besides its title, in the order of importance.
    pub fn facts(&self, source: &SourceData) -> Vec<String> {
        let echo = source.echo_of.map(|of| format!("{} [{of}]", self.get("echo")));
        let relays = (!source.relays.is_empty())
            .then(|| format!("{} {}", self.get("relays"), source.relays.join(", ")));
        let is_relay = !source.is_independent && source.echo_of.is_none();
        let only = is_relay.then(|| self.get("only_relays").to_owned());
        let day = source.date.as_deref().map(|day| self.day(day));
        let path = (!source.path.is_empty()).then(|| source.path.clone());
        let language = Some(self.language(&source.language));
        [source.origin.clone(), day, language, path, echo, relays, only]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Where a sentence stands: `a.txt, bytes 10–120`; of packed files, which have no places, the
    /// name.
    pub fn place(&self, path: &str, span: Option<(usize, usize)>) -> String {
        match span {
            Some((start, end)) => format!("{path}, {} {start}–{end}", self.get("bytes")),
            None => path.to_owned(),
        }
    }
}

/// The words of a source between quotation marks: the other ones where it has its own, and none
/// where it begins with these.
pub(super) fn quoted(text: &str) -> String {
    let text = text.trim();
    match text {
        _ if text.starts_with('«') => text.to_owned(),
        _ if text.contains(['«', '»']) => format!("“{text}”"),
        _ => format!("«\u{a0}{text}\u{a0}»"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_is_there_in_both_languages() {
        let (english, french) = (Words::of("en"), Words::of("fr"));
        assert!(english.labels().len() > 50);
        assert!(english.labels().keys().eq(french.labels().keys()));
        assert!(english.labels().values().chain(french.labels().values()).all(|l| !l.is_empty()));
    }

    #[test]
    fn days_and_numbers_are_in_words() {
        let (english, french) = (Words::of("en"), Words::of("fr"));
        assert_eq!(english.day("2026-03-01"), "1 March 2026");
        assert_eq!(french.day("2026-03-01"), "1er mars 2026");
        assert_eq!(french.day("hier"), "hier");
        assert_eq!(english.counted(0, "article"), "0 articles");
        assert_eq!(french.counted(0, "article"), "0 article");
        assert_eq!(
            (english.language("fr"), english.language("it")),
            ("French".into(), "it".into())
        );
    }

    #[test]
    fn what_is_common_to_two_days_is_said_once() {
        let about = |words: Words, days: [&str; 2]| words.about(1, days.into_iter().map(Some));
        let french = about(Words::of("fr"), ["2026-03-03", "2026-03-01"]);
        assert_eq!(french, "2 articles · 1 origine indépendante · 1er au 3 mars 2026");
        let english = about(Words::of("en"), ["2025-12-31", "2026-01-02"]);
        assert!(english.ends_with(" · 31 December 2025 to 2 January 2026"), "{english}");
        assert!(about(Words::of("en"), ["?", "2026-01-02"]).ends_with("origin · 2 January 2026"));
    }

    #[test]
    fn quotation_marks_are_not_doubled() {
        assert_eq!(quoted(" Oui. "), "«\u{a0}Oui.\u{a0}»");
        assert_eq!(quoted("Il dit « oui »."), "“Il dit « oui ».”");
        assert_eq!(quoted("« Oui », dit-il."), "« Oui », dit-il.");
    }
}

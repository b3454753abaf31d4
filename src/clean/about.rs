//! What a page says about its article: days, agency, author.

use jiff::civil::Date;
use regex::Captures;

use super::lines::Line;
use crate::article::{BlockKind, Dated, Span};

/// Facts gathered from the pieces that patterns recognise.
#[derive(Debug, Default)]
pub struct About {
    /// When it appeared; the evidence is a span of the text.
    pub published: Option<Dated>,
    /// When it was changed.
    pub modified: Option<Dated>,
    /// Who signed it.
    pub author: Option<String>,
    /// What the trend page is about.
    pub topic: Option<String>,
    /// Where the dispatch was written.
    pub place: Option<String>,
    /// The site that signs below the text.
    pub site: Option<String>,
    agency: Option<(u8, String)>,
}

impl About {
    /// The news agency.
    pub fn agency(&self) -> Option<String> {
        self.agency.as_ref().map(|(_, name)| name.clone())
    }

    /// Takes the named groups of a match; what was said first stays.
    pub fn learn(&mut self, kind: BlockKind, line: &Line, groups: &Captures) {
        let text = |name: &str| groups.name(name).map(|found| found.as_str().trim().to_owned());
        self.published = self.published.or_else(|| dated(line, groups, "published"));
        self.modified = self.modified.or_else(|| dated(line, groups, "modified"));
        self.author = self.author.take().or_else(|| text("author"));
        self.topic = self.topic.take().or_else(|| text("topic"));
        self.place = self.place.take().or_else(|| text("place"));
        self.site = self.site.take().or_else(|| text("site"));
        if let Some(agency) = text("agency") {
            self.hear(weight(kind), &agency);
        }
    }

    /// An agency's own sign weighs more than a picture's credit, which may be another's.
    pub fn hear(&mut self, weight: u8, name: &str) {
        if self.agency.as_ref().is_none_or(|(known, _)| *known < weight) {
            self.agency = Some((weight, agency(name)));
        }
    }
}

fn weight(kind: BlockKind) -> u8 {
    match kind {
        BlockKind::Dateline | BlockKind::Byline | BlockKind::Boilerplate => 3,
        _ => 2,
    }
}

/// One name for an agency that signs with several.
fn agency(name: &str) -> String {
    let bare = name.trim_start_matches(['l', 'L']).trim_start_matches(['\'', '’']);
    let bare = if bare.len() < name.len() && !name.contains(['\'', '’']) { name } else { bare };
    match bare {
        "AA" | "Agence Anadolu" | "Anadolu" => "Anadolu",
        "afp" | "Afp" | "Agence France-Presse" | "Agence France Presse" => "AFP",
        "REUTERS" => "Reuters",
        "ats" => "ATS",
        "awp" => "AWP",
        "Associated Press" => "AP",
        other => other,
    }
    .to_owned()
}

fn dated(line: &Line, groups: &Captures, name: &str) -> Option<Dated> {
    let found = groups.name(name)?;
    let evidence: Span = line.span_of(found.start(), found.end());
    Some(Dated { date: parse_date(found.as_str())?, evidence, confidence: 0.9 })
}

/// `2026-01-06`, `06.01.2026`, `6/1/2026`, `mardi 6 janvier 2026`, `1er mars 2025`.
pub fn parse_date(text: &str) -> Option<Date> {
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let pieces: Vec<&str> =
        text.split([' ', '.', '/', ',', '-']).filter(|p| !p.is_empty()).collect();
    let [.., day, month, year] = pieces.as_slice() else { return None };
    let day = day.trim_end_matches("er").parse().ok()?;
    Date::new(year.parse().ok()?, month_number(month)?, day).ok()
}

fn month_number(word: &str) -> Option<i8> {
    if let Ok(number) = word.parse() {
        return Some(number);
    }
    let word = word.to_lowercase().replace(['é', 'è'], "e").replace('û', "u");
    // `juin` and `juillet` part at the fourth letter only.
    let starts =
        ["jan", "fev", "mar", "avr", "mai", "juin", "juil", "aou", "sep", "oct", "nov", "dec"];
    let found = starts.iter().position(|start| word.starts_with(start))?;
    i8::try_from(found + 1).ok()
}

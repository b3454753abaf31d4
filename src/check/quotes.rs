//! What stands between quotation marks.

use std::collections::HashSet;

use super::names::fold;
use super::{Finding, Relation, Side};
use crate::article::Span;

/// Quotations of fewer words are terms and titles, and judged mildly.
const STATEMENT_WORDS: usize = 4;
/// Words of a quotation that must be in its counterpart, in one language.
const SAME_WORDS: f64 = 0.85;
/// Words that turn a sentence: cutting them off turns it back.
const TURNS: &[&str] =
    &["pas", "mais", "sauf", "si", "jamais", "not", "but", "unless", "except", "if", "never"];

/// Words between quotation marks.
struct Quote {
    span: Span,
    /// Folded words.
    words: Vec<String>,
}

/// Findings of both directions.
pub fn compare(source: &Side, target: &Side, relation: Relation) -> Vec<Finding> {
    let (said, told) = (read(source.text), read(target.text));
    if source.lang == target.lang {
        return told
            .quotes
            .iter()
            .filter_map(|quote| verbatim(quote, source, target, &said))
            .collect();
    }
    let mut findings = Vec::new();
    if said.is_unbalanced || relation == Relation::Translation && told.is_unbalanced {
        return findings;
    }
    findings.extend(invented(&said, &told, source, target));
    if relation == Relation::Translation {
        findings.extend(lost(&said, &told, source, target));
    }
    findings
}

/// All quotations of a text.
struct Quotes {
    quotes: Vec<Quote>,
    /// A mark has no partner.
    is_unbalanced: bool,
}

/// The outermost quotations, in order. Single marks are read only where they cannot be apostrophes.
fn read(text: &str) -> Quotes {
    let (mut quotes, mut open, mut is_unbalanced) = (Vec::new(), Vec::new(), false);
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let after = text[at + c.len_utf8()..].chars().next().unwrap_or(' ');
        match closing(c, before, after, &open) {
            Mark::Opens(partner) => open.push((at + c.len_utf8(), partner)),
            Mark::Closes => {
                let Some((start, _)) = open.pop() else { continue };
                if open.is_empty() {
                    quotes
                        .push(Quote { span: Span::new(start, at), words: words(&text[start..at]) });
                }
            }
            Mark::Stray => is_unbalanced = true,
            Mark::No => {}
        }
        before = c;
    }
    is_unbalanced |= open.iter().any(|(_, partner)| *partner != '’');
    quotes.retain(|quote| !quote.words.is_empty());
    Quotes { quotes, is_unbalanced }
}

enum Mark {
    Opens(char),
    Closes,
    /// Closes nothing.
    Stray,
    No,
}

fn closing(c: char, before: char, after: char, open: &[(usize, char)]) -> Mark {
    let awaited = open.last().map(|(_, partner)| *partner);
    match c {
        '«' => Mark::Opens('»'),
        '“' if awaited != Some('“') => Mark::Opens('”'),
        '„' => Mark::Opens('“'),
        '‘' => Mark::Opens('’'),
        // An apostrophe that was typed or recoded wrongly: s"est
        '"' if before.is_alphabetic() && after.is_alphabetic() => Mark::No,
        '"' if awaited == Some('"') => Mark::Closes,
        '"' => Mark::Opens('"'),
        '’' if awaited == Some('’') && !after.is_alphanumeric() => Mark::Closes,
        '\'' if awaited == Some('\'') && !after.is_alphanumeric() => Mark::Closes,
        '\'' if awaited.is_none() && after.is_alphanumeric() && !before.is_alphanumeric() => {
            Mark::Opens('\'')
        }
        '»' | '”' | '“' if awaited == Some(c) => Mark::Closes,
        '»' | '”' => Mark::Stray,
        _ => Mark::No,
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(fold).collect()
}

impl Quote {
    fn is_statement(&self) -> bool {
        self.words.len() >= STATEMENT_WORDS
    }
}

/// In one language: the words must be those of a quotation of the source, or at least of its text.
fn verbatim(quote: &Quote, source: &Side, target: &Side, said: &Quotes) -> Option<Finding> {
    let best = said.quotes.iter().map(|s| (share(&quote.words, &s.words), s));
    let best = best.max_by(|a, b| a.0.total_cmp(&b.0));
    let shown = shorten(quote.span.of(target.text));
    if let Some((_, counterpart)) = best.filter(|(share, _)| *share >= SAME_WORDS) {
        return turned(quote, counterpart, source).map(|finding| finding.in_target(quote.span));
    }
    let known = quote.words.iter().filter(|word| source.names.has_word(word)).count();
    let is_said = known as f64 >= SAME_WORDS * quote.words.len() as f64;
    let message = if is_said {
        format!("“{shown}” is no quotation in the source")
    } else {
        format!("“{shown}” is not what the source quotes")
    };
    let is_sure = quote.is_statement() && !is_said && !said.is_unbalanced;
    let finding = match (is_sure, quote.is_statement() || !is_said) {
        (true, _) => Finding::error("quote", message),
        (_, true) => Finding::warning("quote", message),
        _ => return None,
    };
    Some(finding.in_target(quote.span))
}

/// How many of the words are among the others.
fn share(words: &[String], others: &[String]) -> f64 {
    let others: HashSet<&String> = others.iter().collect();
    words.iter().filter(|word| others.contains(word)).count() as f64 / words.len().max(1) as f64
}

/// A quotation that was cut where the rest turns its sense.
fn turned(quote: &Quote, counterpart: &Quote, source: &Side) -> Option<Finding> {
    let starts = counterpart.words.windows(quote.words.len().max(1));
    let at = starts.into_iter().position(|window| window == quote.words)?;
    let rest = counterpart.words[..at].iter().rev().take(3);
    let rest = rest.chain(counterpart.words[at + quote.words.len()..].iter().take(2));
    let turn = rest.into_iter().find(|word| TURNS.contains(&word.as_str()))?;
    let words = shorten(counterpart.span.of(source.text));
    let message = format!("the quotation “{words}” is cut at `{turn}`");
    Some(Finding::warning("quote", message).in_source(counterpart.span))
}

fn shorten(text: &str) -> String {
    let text = text.trim();
    let n_words = text.split_whitespace().count();
    if n_words <= 8 {
        return text.to_owned();
    }
    text.split_whitespace().take(7).collect::<Vec<_>>().join(" ") + " …"
}

/// Quotations of the target where the source has none to match.
fn invented(said: &Quotes, told: &Quotes, _source: &Side, target: &Side) -> Vec<Finding> {
    let n_said = said.quotes.len();
    if told.quotes.len() <= n_said {
        return Vec::new();
    }
    let statements = told.quotes.iter().filter(|quote| quote.is_statement());
    let n_statements = said.quotes.iter().filter(|quote| quote.is_statement()).count();
    let extra = statements.skip(n_statements.max(n_said));
    extra
        .map(|quote| {
            let shown = shorten(quote.span.of(target.text));
            Finding::warning("quote", format!("“{shown}” is no quotation in the source"))
                .in_target(quote.span)
        })
        .collect()
}

/// Statements between marks that the target tells as facts.
fn lost(said: &Quotes, told: &Quotes, source: &Side, _target: &Side) -> Vec<Finding> {
    if !told.quotes.is_empty() {
        return Vec::new();
    }
    let statements = said.quotes.iter().filter(|quote| quote.is_statement());
    statements
        .map(|quote| {
            let shown = shorten(quote.span.of(source.text));
            Finding::warning("quote", format!("the quotation marks of “{shown}” are lost"))
                .in_source(quote.span)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str, target: &str, lang: &str) -> Vec<Finding> {
        let (source, target) = (Side::read(source, "fr", None), Side::read(target, lang, None));
        compare(&source, &target, Relation::Translation)
    }

    #[test]
    fn an_invented_quotation_is_found() {
        let source = "Le maire a dit que le pont serait fermé pendant trois mois.";
        let target = "The mayor said: “The bridge will be closed for good.”";
        assert_eq!(found(source, target, "en").len(), 1);
    }

    #[test]
    fn lost_marks_are_found() {
        let source = "« Le pont est trop vieux pour durer », a dit le maire.";
        assert_eq!(found(source, "The bridge is too old to last, the mayor said.", "en").len(), 1);
        let good = "\"The bridge is too old to last,\" the mayor said.";
        assert!(found(source, good, "en").is_empty());
    }

    #[test]
    fn in_one_language_the_words_must_be_the_same() {
        let source = "« Nous ne fermerons pas le pont avant l’été », a dit le maire.";
        assert!(found(source, "Le maire : \"nous ne fermerons pas le pont\".", "fr").is_empty());
        let findings =
            found(source, "Le maire : « Nous détruirons ce vieux bâtiment demain ».", "fr");
        assert!(findings[0].message.contains("not what the source quotes"));
    }

    #[test]
    fn a_cut_that_turns_the_sense_is_found() {
        let source = "« Je ne crois pas que le pont soit dangereux », a dit le maire.";
        let findings = found(source, "Pour le maire, « le pont soit dangereux » est faux.", "fr");
        assert!(findings[0].message.contains("cut at `pas`"), "{findings:?}");
        let source = "« Le pont rouvrira en mai, sauf en cas de crue », a dit le maire.";
        let findings = found(source, "« Le pont rouvrira en mai », a dit le maire.", "fr");
        assert!(findings[0].message.contains("sauf"), "{findings:?}");
    }

    #[test]
    fn apostrophes_are_no_quotations() {
        assert!(read("L’été d’avant, l'eau n’est pas venue, rock 'n' roll").quotes.len() <= 1);
        assert!(!read("It’s the workers’ day").is_unbalanced);
    }
}

//! The quotations of a text, found by their marks.

use crate::article::Span;
use crate::check::names::fold;

/// Quotations of fewer words are terms and titles, and judged mildly.
const STATEMENT_WORDS: usize = 4;

/// Words between quotation marks.
#[derive(Debug)]
pub struct Quote {
    /// Without the marks.
    pub span: Span,
    /// Folded words.
    pub words: Vec<String>,
}

impl Quote {
    pub fn is_statement(&self) -> bool {
        self.words.len() >= STATEMENT_WORDS
    }

    pub fn holds(&self, span: Span) -> bool {
        self.span.start <= span.start && span.end <= self.span.end
    }
}

/// All quotations of a text.
#[derive(Debug)]
pub struct Quotes {
    pub quotes: Vec<Quote>,
    /// A mark has no partner.
    pub is_unbalanced: bool,
}

/// The outermost quotations, in order. Single marks are read only where they cannot be apostrophes.
pub fn read(text: &str) -> Quotes {
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
        '"' if before.is_alphanumeric() && after.is_alphabetic() => Mark::No,
        '"' if awaited == Some('"') => Mark::Closes,
        // `the workers" day`: a genitive's apostrophe that was recoded wrongly
        '"' if before == 's' && after.is_whitespace() => Mark::No,
        '"' => Mark::Opens('"'),
        '’' if awaited == Some('’') && !after.is_alphanumeric() => Mark::Closes,
        '\'' if awaited == Some('\'') && !after.is_alphanumeric() => Mark::Closes,
        '\'' if awaited.is_none() && after.is_alphabetic() && !before.is_alphanumeric() => {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn apostrophes_are_no_quotations() {
        assert!(read("L’été d’avant, l'eau n’est pas venue, rock 'n' roll").quotes.len() <= 1);
        assert!(!read("It’s the workers’ day").is_unbalanced);
    }
}

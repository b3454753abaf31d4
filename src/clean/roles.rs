//! What remains: leads, paragraphs, intertitles, lists, and headlines of other articles.

use super::judge::{Draft, Verdict};
use super::lines::Line;
use super::lists::is_item;
use crate::article::{Block, BlockKind, RuleId};

const TEASER: RuleId = RuleId("teaser");
const CAPTION_WITH_HANDLE: RuleId = RuleId("caption-with-handle");
const MAX_INTERTITLE_WORDS: usize = 12;
const MAX_INTERTITLE_BYTES: usize = 100;
/// A headline is seldom longer; a paragraph that lost its stop often is.
const MAX_TEASER_WORDS: usize = 28;
const MIN_LEAD_WORDS: usize = 5;

/// Decides on every line that is still open.
pub fn mark(draft: &mut Draft) {
    let open = draft.open();
    // Below a lead that the frame has found nothing is at the top any more.
    let is_text =
        |idx: &usize| draft.verdicts[*idx].is_none_or(|verdict| verdict.kind == BlockKind::Lead);
    let first_prose =
        (0..draft.lines.len()).filter(is_text).find(|&idx| draft.lines[idx].is_prose());
    let headed = draft.verdicts.iter().flatten().any(|v| v.kind == BlockKind::Title && v.kept);
    let careful = closes_its_paragraphs(open.iter().map(|&idx| &draft.lines[idx]));
    for (place, &idx) in open.iter().enumerate() {
        let line = &draft.lines[idx];
        let at_top = headed && first_prose.is_some_and(|first| idx < first);
        let next = open.get(place + 1).map(|&next| &draft.lines[next]);
        let verdict = match () {
            () if line.is_lead => undashed(line, 0.8),
            () if ends_in_handle(line.text()) => {
                Verdict::remove(BlockKind::Caption, CAPTION_WITH_HANDLE, 0.85)
            }
            () if is_dashed_heading(line.text()) => Verdict::keep(BlockKind::Intertitle, 0.9),
            () if is_item(line.text()) && beside_items(draft, idx) => {
                Verdict::keep(BlockKind::List, 0.9)
            }
            () if at_top && (!line.is_closed() || is_item(line.text())) => lead(line),
            () if is_item(line.text()) => Verdict::keep(BlockKind::List, 0.9),
            () if line.is_closed() => closed(line, next),
            () => unclosed(line, next.is_some(), careful),
        };
        draft.set(idx, verdict);
    }
}

/// A lone dash above the text opens a lead, several open a list.
fn beside_items(draft: &Draft, idx: usize) -> bool {
    let is_item = |at: usize| draft.lines.get(at).is_some_and(|line| is_item(line.text()));
    is_item(idx + 1) || idx.checked_sub(1).is_some_and(is_item)
}

/// Most writers end a paragraph with a stop; where this one does, a line without is no paragraph.
fn closes_its_paragraphs<'a>(lines: impl Iterator<Item = &'a Line>) -> bool {
    let long = lines.filter(|line| line.n_words() > MAX_INTERTITLE_WORDS);
    let (closed, unclosed): (Vec<&Line>, Vec<&Line>) = long.partition(|line| line.is_closed());
    closed.len() >= 3 && closed.len() >= 3 * unclosed.len()
}

fn lead(line: &Line) -> Verdict {
    if line.n_words() < MIN_LEAD_WORDS {
        return Verdict::keep(BlockKind::Intertitle, 0.6);
    }
    undashed(line, 0.75)
}

/// A lead without the dash before it, which may come to light only when a date before it is gone.
fn undashed(line: &Line, confidence: f64) -> Verdict {
    let bare = line.text().trim_start_matches(['-', '–', '—', '•', ' ']);
    let head = line.text().len() - bare.len();
    Verdict { head, ..Verdict::keep(BlockKind::Lead, confidence) }
}

/// A picture from a network is credited with its owner's handle: `La signature à Valmont @RegionLoue`
fn ends_in_handle(text: &str) -> bool {
    let last = text.rsplit_once(" @").map(|(_, handle)| handle);
    last.is_some_and(|handle| {
        handle.len() > 1 && handle.chars().all(|c| c.is_alphanumeric() || c == '_')
    })
}

/// Agencies set an intertitle between dashes: `- Un texte contesté -`
pub fn is_dashed_heading(text: &str) -> bool {
    let dashed = |dash: char| text.starts_with(dash) && text.ends_with(dash);
    text.len() <= MAX_INTERTITLE_BYTES && text.len() > 4 && (dashed('-') || dashed('–'))
}

fn closed(line: &Line, next: Option<&Line>) -> Verdict {
    let asks = line.text().ends_with(['?', '!']) && is_short(line) && !holds_sentences(line);
    let asks = asks && !speaks_to(line);
    match () {
        () if asks && next.is_some_and(Line::is_prose) => Verdict::keep(BlockKind::Intertitle, 0.7),
        () if is_quote(line) => Verdict::keep(BlockKind::Quote, 0.9),
        () if is_attributed_quote(line.text()) => Verdict::keep(BlockKind::Quote, 0.7),
        () => Verdict::keep(BlockKind::Paragraph, if line.is_prose() { 0.97 } else { 0.8 }),
    }
}

/// A question to the one who is interviewed is of the text: `Par quoi avez-vous commencé ?`
fn speaks_to(line: &Line) -> bool {
    line.folded().split(' ').any(|word| matches!(word, "vous" | "votre" | "vos"))
}

fn unclosed(line: &Line, has_next: bool, careful: bool) -> Verdict {
    let one_line = !holds_sentences(line);
    let marked = line.hint == Some(BlockKind::Paragraph);
    match () {
        () if !has_next && breaks_off(line) => Verdict::keep(BlockKind::Paragraph, 0.6),
        () if is_attributed_quote(line.text()) => Verdict::keep(BlockKind::Quote, 0.7),
        () if is_short(line) && one_line => Verdict::keep(BlockKind::Intertitle, 0.75),
        () if has_next && one_line && is_quote(line) => Verdict::keep(BlockKind::Intertitle, 0.6),
        () if has_next && careful && one_line && !marked && reads_as_headline(line) => {
            Verdict::remove(BlockKind::Teaser, TEASER, 0.6)
        }
        () => Verdict::keep(BlockKind::Paragraph, 0.6),
    }
}

/// Among paragraphs that all close with a stop, a line without one is a headline when it has the
/// marks of one; without them it is a paragraph that lost its stop.
fn reads_as_headline(line: &Line) -> bool {
    line.n_words() <= MAX_TEASER_WORDS && has_headline_marks(line.text())
}

/// `Sécheresse : la préfecture ...`, `« Nous tiendrons », promet ...`, `Que faire ? Le point ...`
pub fn has_headline_marks(text: &str) -> bool {
    let topic = text.split_once(':').map(|(topic, _)| topic);
    let topic = topic.is_some_and(|t| t.split_whitespace().count() <= MAX_TOPIC_WORDS);
    let asks = text.contains(" ? ") || text.ends_with('?');
    topic || asks || text.ends_with("(vidéo)") || text.ends_with("(Vidéo)")
}

/// Before its colon a headline names what it is about.
const MAX_TOPIC_WORDS: usize = 7;

fn is_short(line: &Line) -> bool {
    line.n_words() <= MAX_INTERTITLE_WORDS && line.text().len() <= MAX_INTERTITLE_BYTES
}

/// Whether a stop stands inside the line, before a capital or a quotation.
pub fn holds_sentences(line: &Line) -> bool {
    let inner = line.text().trim_end_matches(['"', '»', '”', '.', ' ']);
    if [".\"", ".«", ".“"].iter().any(|glued| inner.contains(glued)) {
        return true;
    }
    let words: Vec<&str> = line.text().split(' ').collect();
    words.windows(2).any(|pair| match pair {
        // Two letters and a stop are an initial or a title: `M.`, `J.`
        [word, next] => {
            word.chars().count() > 3
                && word.ends_with(['.', '!', '?', '…'])
                && next.starts_with(|c: char| c.is_uppercase() || matches!(c, '«' | '"' | '“'))
        }
        _ => false,
    })
}

fn is_quote(line: &Line) -> bool {
    let text = line.text();
    let inner = text.trim_end_matches(['.', ' ', '!', '?']);
    let pairs = [('«', '»'), ('“', '”'), ('"', '"')];
    pairs.iter().any(|&(open, close)| {
        text.starts_with(open)
            && inner.ends_with(close)
            && inner.matches(close).count() <= 2
            && (open == close || inner.matches(close).count() == 1)
    })
}

/// A quotation and who says it: `« ... », a dit le maire.`, `« ... » Anne Roy, éleveuse`
fn is_attributed_quote(text: &str) -> bool {
    let pairs = [("«", "»"), ("“", "”"), ("\"", "\"")];
    pairs.iter().any(|(open, close)| {
        let Some((said, speaker)) = text.strip_prefix(open).and_then(|t| t.rsplit_once(close))
        else {
            return false;
        };
        let n_words = speaker.split(' ').filter(|word| word.contains(char::is_alphanumeric));
        let one_quote = !said.contains(close) && !said.contains(open);
        (1..=MAX_SPEAKER_WORDS).contains(&n_words.count())
            && one_quote
            && said.split_whitespace().count() >= MIN_SAID_WORDS
    })
}

const MAX_SPEAKER_WORDS: usize = 20;
/// A few quoted words may open any sentence: `« La Saison des seaux », film de ...`
const MIN_SAID_WORDS: usize = 6;

/// A last line that stops in mid-sentence: after a word that cannot be the last one, or after more
/// words than a heading has.
fn breaks_off(line: &Line) -> bool {
    line.n_words() > MAX_INTERTITLE_WORDS || ends_open(line.text())
}

/// Words that always have another behind them.
const NEVER_LAST: [&str; 40] = [
    "le", "la", "les", "un", "une", "des", "du", "de", "d", "l", "et", "ou", "à", "au", "aux",
    "en", "dans", "par", "pour", "sur", "sous", "avec", "sans", "que", "qu", "qui", "dont", "où",
    "ce", "cette", "ces", "son", "sa", "ses", "leur", "leurs", "est", "sont", "a", "ont",
];

pub fn ends_open(text: &str) -> bool {
    let mut words = text.rsplit(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.next().is_some_and(|word| NEVER_LAST.contains(&word.to_lowercase().as_str()))
}

/// Whether the last paragraph of an article stops before its end.
pub fn is_cut_off(block: &Block) -> bool {
    let text = block.text.trim_end_matches(['»', '"', '”', '’', ')', ']', ' ']);
    let marked = ["[…]", "[...]", "(…)", "(...)"].iter().any(|mark| block.text.ends_with(mark));
    marked || !text.ends_with(['.', '!', '?', '…', ':', ';'])
}

//! A page for a browser, without scripts and without other files.

use super::xml::escaped;
use super::{Bilingual, Pair, spans, stretches};
use crate::article::Span;
use crate::check::{Finding, Severity};
use crate::translate::language_name;

/// Colours by the reader's choice of light or dark; on a phone the translation stands below its
/// source; on paper no sentence is torn.
const STYLE: &str = "\
:root{color-scheme:light dark;--text:#1d1d1f;--back:#fff;--soft:#5f6368;--line:#dadce0;\
--error:#b3261e;--error-back:#fdecea;--warning:#8a5300;--warning-back:#fff4e0}\
@media (prefers-color-scheme:dark){:root{--text:#e8e8ea;--back:#18191b;--soft:#a0a4aa;\
--line:#3a3c40;--error:#ff9d94;--error-back:#3a1f1d;--warning:#f2bf6b;--warning-back:#35290f}}\
*{box-sizing:border-box}\
body{max-width:72rem;margin:0 auto;padding:1rem;color:var(--text);background:var(--back);\
font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}\
h1{margin:0 0 .25rem;font-size:1.4rem;line-height:1.25}\
header p,header ul{margin:0 0 .5rem;color:var(--soft)}\
nav ul{display:flex;flex-wrap:wrap;gap:.25rem .75rem;padding:0;list-style:none}\
a{color:inherit}\
section{border-top:1px solid var(--line);padding:.5rem 0}\
.pair{display:grid;grid-template-columns:2.5rem 1fr 1fr;gap:0 1rem;padding:.25rem .5rem;\
border-left:4px solid transparent}\
.pair p{margin:0}\
.number,.label,.head{color:var(--soft);font-size:.8rem}\
.number{text-align:right;line-height:1.5rem;text-decoration:none}\
.head{position:sticky;top:0;background:var(--back);font-weight:600}\
.label{border:1px solid var(--line);border-radius:.25rem;padding:0 .25rem;white-space:nowrap}\
.sign,.found .error b,.found .warning b{font-weight:700}\
.pair.error{border-color:var(--error);background:var(--error-back)}\
.pair.warning{border-color:var(--warning);background:var(--warning-back)}\
.error .sign,a.error,.found .error{color:var(--error)}\
.warning .sign,a.warning,.found .warning{color:var(--warning)}.found .note{color:var(--soft)}\
mark{color:inherit;background:none;text-decoration:underline 2px;text-underline-offset:.2em}\
mark.error{text-decoration-color:var(--error)}\
mark.warning{text-decoration-color:var(--warning);text-decoration-style:wavy}\
mark.note{text-decoration-color:var(--soft);text-decoration-style:dotted}\
.found{grid-column:2/-1;margin:.25rem 0 0;padding:0;list-style:none;font-size:.875rem}\
@media (max-width:40rem){.pair{grid-template-columns:1fr}.number{text-align:left}\
.pair p:first-of-type{color:var(--soft)}.found{grid-column:1}.head{display:none}}\
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:10pt}\
.pair{break-inside:avoid;print-color-adjust:exact;-webkit-print-color-adjust:exact}\
nav{display:none}.head{position:static}}";

/// The page.
pub(super) fn write(all: &Bilingual) -> String {
    let name = escaped(&all.name);
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{name}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<header>\n\
         <h1>{name}</h1>\n<p>{}</p>\n{}</header>\n<main>\n{}",
        escaped(&all.counts()),
        links(all),
        head(all),
    );
    let mut number = 0;
    for paragraph in &all.paragraphs {
        page.push_str("<section>\n");
        for pair in &paragraph.pairs {
            number += 1;
            page.push_str(&row(all, pair, number));
        }
        page.push_str("</section>\n");
    }
    page + "</main>\n</body>\n</html>\n"
}

/// A link to each sentence that is marked.
fn links(all: &Bilingual) -> String {
    let marked = all.pairs().zip(1..).filter_map(|(pair, number)| Some((pair.mark()?, number)));
    let link = |(mark, number): (Severity, usize)| {
        let (class, sign) = (mark.as_str(), mark.sign());
        format!("<li><a class=\"{class}\" href=\"#s{number}\">{sign}&nbsp;{number}</a></li>\n")
    };
    let links: String = marked.map(link).collect();
    if links.is_empty() {
        return links;
    }
    format!(
        "<nav aria-label=\"Marked sentences\">\n<p>Marked sentences:</p>\n\
         <ul>\n{links}</ul>\n</nav>\n"
    )
}

fn head(all: &Bilingual) -> String {
    let (from, to) = (escaped(language_name(&all.from)), escaped(language_name(&all.to)));
    format!("<div class=\"pair head\"><span></span><span>{from}</span><span>{to}</span></div>\n")
}

/// A sentence, its translation, and what was found.
fn row(all: &Bilingual, pair: &Pair, number: usize) -> String {
    let mark = pair.mark();
    let class = mark.map_or("", Severity::as_str);
    let sign = mark.map_or(String::new(), |mark| {
        format!("<span class=\"sign\" title=\"{}\">{}</span> ", mark.as_str(), mark.sign())
    });
    let label = pair.origin.label();
    let label = label.map_or(String::new(), |l| format!(" <span class=\"label\">{l}</span>"));
    format!(
        "<div class=\"pair {class}\" id=\"s{number}\">\
         <a class=\"number\" href=\"#s{number}\">{number}</a>\
         <p lang=\"{}\">{}</p><p lang=\"{}\">{sign}{}{label}</p>{}</div>\n",
        escaped(&all.from),
        marked(&pair.source, &spans(pair, |finding| finding.source)),
        escaped(&all.to),
        marked(&pair.target, &spans(pair, |finding| finding.target)),
        messages(pair),
    )
}

/// A text with what was found underlined. Where two overlap, the worse is shown.
fn marked(text: &str, found: &[(Span, Severity)]) -> String {
    let mut html = String::with_capacity(text.len());
    let pieces = stretches(text, found);
    for same in pieces.chunk_by(|a, b| a.severity == b.severity) {
        let words: String = same.iter().map(|stretch| escaped(stretch.place.of(text))).collect();
        match same.first().and_then(|stretch| stretch.severity) {
            Some(severity) => {
                html.push_str(&format!("<mark class=\"{}\">{words}</mark>", severity.as_str()));
            }
            None => html.push_str(&words),
        }
    }
    html
}

fn messages(pair: &Pair) -> String {
    let message = |finding: &Finding| {
        let (class, sign) = (finding.severity.as_str(), finding.severity.sign());
        let text = escaped(&finding.message);
        format!("<li class=\"{class}\"><b>{sign}</b> {text}</li>")
    };
    let all: String = pair.findings.iter().map(message).collect();
    if all.is_empty() { all } else { format!("<ul class=\"found\">{all}</ul>") }
}

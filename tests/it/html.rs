//! Web pages: what is read of them, and where it stands in them.
//!
//! `tests/golden/html/NAME.html` is a page, `NAME.txt` what is read of it: a line for each
//! paragraph with what the markup says of it (`-` where it says nothing), then after `@` what the
//! page declares; a day with the words of the page that say so. `~` stands for a no-break space.

use std::fs;
use std::path::{Path, PathBuf};

use depeche::article::{Dated, Declared, Span};
use depeche::input::Extracted;
use depeche::input::html::read;
use proptest::prelude::*;

fn described(page: &str) -> String {
    let read = read(page);
    let mut lines: Vec<String> =
        paragraphs(&read).map(|line| described_line(&read, line)).collect();
    lines.extend(described_facts(page, &read.declared));
    lines.join("\n").replace('\u{a0}', "~")
}

fn paragraphs(read: &Extracted) -> impl Iterator<Item = Span> {
    let start_of = |line: &str| line.as_ptr() as usize - read.text.as_ptr() as usize;
    let lines = read.text.lines().filter(|line| !line.is_empty());
    lines.map(move |line| Span::new(start_of(line), start_of(line) + line.len()))
}

fn described_line(read: &Extracted, line: Span) -> String {
    let hint = read.hints.iter().find(|hint| hint.span == line);
    format!("{} | {}", hint.map_or("-", |hint| hint.kind.as_str()), line.of(&read.text))
}

fn described_facts(page: &str, facts: &Declared) -> Vec<String> {
    let day = |dated: Dated| format!("{} {}", dated.date, dated.evidence.of(page));
    let named = [
        ("title", facts.title.clone()),
        ("published", facts.published.map(day)),
        ("modified", facts.modified.map(day)),
        ("agency", facts.agency.clone()),
        ("site", facts.site.clone()),
        ("author", facts.author.clone()),
        ("section", facts.section.clone()),
        ("url", facts.url.clone()),
        ("language", facts.language.clone()),
    ];
    named.into_iter().filter_map(|(name, value)| Some(format!("@ {name} {}", value?))).collect()
}

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/html");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    for file in &files {
        let other = if file.extension().unwrap() == "html" { "txt" } else { "html" };
        assert!(file.with_extension(other).exists(), "{file:?} has no .{other} beside it");
    }
    files.retain(|file| file.extension().unwrap() == "html");
    files
}

fn expected(page: &Path) -> String {
    let text = fs::read_to_string(page.with_extension("txt")).unwrap();
    let text = text.trim_end();
    let is_line = |line: &str| line.starts_with("@ ") || line.contains(" | ");
    assert!(text.lines().all(is_line), "a stray line beside {page:?}");
    assert!(text.contains(" | ") && text.contains("@ title "), "too little beside {page:?}");
    text.to_owned()
}

#[test]
fn golden_pages() {
    let pages = pages();
    assert!(pages.len() >= 12, "only {} pages", pages.len());
    let mut wrong = String::new();
    for file in &pages {
        let got = described(&fs::read_to_string(file).unwrap());
        if got != expected(file) {
            wrong += &format!("=== {}\n{got}\n", file.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What is located in the page is what stands there, references apart.
fn assert_places(page: &str) {
    let read = read(page);
    for (at, c) in read.text.char_indices().filter(|(_, c)| c.is_ascii_graphic()) {
        let found = read.map.locate(Span::new(at, at + 1)).of(page);
        let is_reference = found.starts_with(['&', '\\']);
        assert!(
            found.is_empty() || is_reference || found == c.to_string(),
            "{c:?} is at {found:?} in {page:?}"
        );
        assert!(!found.is_empty() || c == '|', "{c:?} is nowhere in {page:?}");
    }
    for hint in &read.hints {
        assert!(!hint.span.of(&read.text).is_empty());
    }
    let days = [read.declared.published, read.declared.modified];
    assert!(days.iter().flatten().all(|day| !day.evidence.of(page).is_empty()));
}

#[test]
fn golden_pages_know_their_places() {
    for file in pages() {
        assert_places(&fs::read_to_string(file).unwrap());
    }
}

/// Every word of a paragraph is at its own place, not merely at some place that reads alike.
#[test]
fn repeated_words_have_places_of_their_own() {
    let line = "<p>Le maire a dit que le maire &eacute;tait l&agrave;, et que l'&eacute;cole ouvrirait lundi matin.</p>\n";
    let page = format!("<html><body><article>{}</article></body></html>", line.repeat(8));
    let read = read(&page);
    let places: Vec<usize> = read
        .text
        .match_indices("maire")
        .map(|(at, word)| read.map.locate(Span::new(at, at + word.len())).start)
        .collect();
    let expected: Vec<usize> = page.match_indices("maire").map(|(at, _)| at).collect();
    assert_eq!(places.len(), 16);
    assert_eq!(places, expected);
}

fn soup() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[ -~]{0,20}",
        "\\PC{0,12}",
        Just(
            "Le conseil a voté hier soir, après trois heures de débat, le budget de la ville. "
                .to_owned()
        ),
        prop::sample::select(vec![
            "<p>",
            "</p>",
            "<div class=\"chapo\">",
            "</div>",
            "<br>",
            "<br/><br/>",
            "<table><tr><td>",
            "</td>",
            "<td>",
            "</table>",
            "<li>",
            "<ul>",
            "</ul>",
            "<h1>",
            "</h2>",
            "<h2>",
            "<a href=x>",
            "</a>",
            "<b>",
            "</i>",
            "&eacute;",
            "&#8217;",
            "&amp;amp;",
            "&nbsp",
            "&",
            "<",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<time datetime=\"2024-02-30\">",
            "<time datetime='2024-02-29'>",
            "<script type=\"application/ld+json\">",
            "{\"@type\":\"Article\",\"datePublished\":\"2024-01-02\",\"articleBody\":\"a\\u00e9\\n",
            "\\ud83d",
            "\"}",
            "\r\n",
            "\0",
            "<svg/>",
            "<template>",
            "<meta property=\"og:title\" content=\"Été\">",
        ])
        .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_page_is_read(page in soup()) {
        assert_places(&page);
    }

    #[test]
    fn any_text_is_read(page in "\\PC{0,200}") {
        assert_places(&page);
    }

    /// What never shows is never read, wherever it stands.
    #[test]
    fn scripts_are_not_read(page in soup().prop_filter("nothing open", |page| !page.contains("<script") && !page.contains("<!"))) {
        for hidden in ["<script>zzqx</script>", "<style>zzqx</style>", "<noscript>zzqx</noscript>", "<template>zzqx</template>"] {
            let read = read(&format!("<p>{page}</p>{hidden}<p>{page}</p>"));
            prop_assert!(!read.text.contains("zzqx"));
        }
    }
}

/// A page of that size would take minutes if anything in it were compared with everything.
#[test]
fn deep_and_wide_pages_are_read() {
    let deep = format!("{}Le maire a parlé.{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
    assert!(read(&deep).text.contains("Le maire a parlé."));
    let open = format!("<p>{}Le maire a parlé.", "<b><a href=x><li><td>".repeat(5_000));
    assert!(read(&open).text.contains("Le maire a parlé."));
    let line = "<p class=texte>Le maire a parlé d&eacute;sormais, disent-ils, de l'école et de ses toits.</p>\n";
    assert_eq!(read(&line.repeat(20_000)).text.matches("école").count(), 20_000);
    for open in ["<", "<a", "</"] {
        let body = format!("Le maire a parlé. {}", open.repeat(1_000_000 / open.len()));
        let script = format!(r#"{{"@type": "NewsArticle", "articleBody": "{body}"}}"#);
        let page = format!(r#"<script type="application/ld+json">{script}</script>"#);
        assert!(read(&page).text.contains("Le maire a parlé."), "{open}");
    }
}

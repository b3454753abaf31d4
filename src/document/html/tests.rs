use proptest::prelude::*;

use super::super::tests::{options, units};
use super::super::{Document, Inline, Kind};
use super::*;

/// The page of a small paper.
const ARTICLE: &str = r#"<!DOCTYPE html>
<html lang="fr-FR">
<head>
  <meta charset="utf-8">
  <title>Le pont rouvre | La Gazette</title>
  <meta name="description" content="La circulation reprend lundi.">
  <meta property="og:locale" content="fr_FR">
  <link rel="alternate" hreflang="fr" href="/fr/" title="Flux">
  <style>p { color: red }</style>
</head>
<body>
  <h1>Le pont <em>rouvre</em></h1>
  <p class="lead"><b>Sète.</b> La mairie l'a dit hier, <a href="/m?a=1&amp;b=2" title="Le maire">le
  maire</a> aussi.</p>
  <p><img src="a.jpg" alt="Le pont vu du quai"></p>
  <script>var a = "Bonjour <p>";</script>
</body>
</html>
"#;

const LIST: &str = "<ul>\n<li>Le pain\n<li class=\"notranslate\">Le Monde\n<li>Le <i>vin</i> \
                    rouge</ul>\n<p translate=no>Ne pas lire<p>À lire\n";

const TABLE: &str = "<table><caption>Les villes</caption><tr><th>Ville<th>Habitants<tr><td>Sète\
                     <td>44 000<tr><td><a href='#'>Agde</a><td>29 000</table>";

const FORM: &str = "<form><label for=a>Votre nom</label> <input id=a placeholder=\"Nom et prénom\">\
                    <label>Ville <input placeholder=\"Sète\"> ou village</label><select><option>\
                    Un jour<option value=2>Deux jours</select><textarea placeholder=\"Message\">Mon \
                    texte</textarea><button aria-label=\"Envoyer la lettre\">Envoyer</button></form>";

const BREAKS: &str = "<p>Mairie de Sète<br>20 rue Basse<br/>\n34200 Sète</p><p>Un mot<!-- non -->, \
                      puis deux<wbr>.</p><hr>Et la fin";

const CODE: &str = "<p>Tapez <code>cargo build</code> puis <kbd>Entrée</kbd>.</p>\
                    <pre>Le texte  reste</pre><p><code>rien</code></p>\
                    <p>Voir <svg><title>Image</title><path/></svg> et \
                    <span translate=no>La Gazette</span> ici.</p>";

const WRONG: &str = "<p>Un <b>deux <i>trois</b> quatre</i> cinq<div>six</span> sept</p> huit <a \
                     href=x>neuf<p>dix</b>";

const SAMPLES: [&str; 7] = [ARTICLE, LIST, TABLE, FORM, BREAKS, CODE, WRONG];

fn read(text: &str) -> Document {
    Document::read("a", text.as_bytes(), Kind::Html, &options()).expect("it can be read")
}

/// The file translated by what it says.
fn same(document: &Document) -> String {
    written(document, str::to_owned)
}

/// The file with other letters, as long as they were.
fn written(document: &Document, new: impl Fn(&str) -> String) -> String {
    let made = |unit: &Unit| Inline { text: new(&unit.inline.text), ..unit.inline.clone() };
    let made: Vec<Inline> = document.units.iter().map(made).collect();
    String::from_utf8(document.write(&made).expect("it can be written")).expect("it is text")
}

fn tags(text: &str) -> Vec<Vec<String>> {
    let raws = |unit: &Unit| unit.inline.tags.iter().map(|tag| tag.raw.clone()).collect();
    read(text).units.iter().map(raws).collect()
}

#[test]
fn what_is_not_translated_stays() {
    for sample in &SAMPLES[1..] {
        assert_eq!(same(&read(sample)), *sample);
    }
    let expected = ARTICLE
        .replace("lang=\"fr-FR\"", "lang=\"en\"")
        .replace("fr_FR", "en_US")
        .replace("le\n  maire", "le maire");
    assert_eq!(same(&read(ARTICLE)), expected);
}

#[test]
fn other_words_leave_the_tags() {
    for sample in SAMPLES {
        let loud = written(&read(sample), str::to_uppercase);
        assert_eq!(tags(&loud).len(), tags(sample).len());
        let raws = tags(sample).concat();
        assert_eq!(tags(&loud).concat(), raws, "{loud}");
        let upper: Vec<String> =
            units(sample, Kind::Html).iter().map(|text| text.to_uppercase()).collect();
        assert_eq!(units(&loud, Kind::Html), upper);
    }
}

#[test]
fn a_page_is_its_texts_in_their_order() {
    let expected = [
        "Le pont rouvre | La Gazette",
        "La circulation reprend lundi.",
        "Le pont rouvre",
        "Sète. La mairie l'a dit hier, le maire aussi.",
        "Le pont vu du quai",
    ];
    assert_eq!(units(ARTICLE, Kind::Html), expected);
    let tags = tags(ARTICLE);
    assert_eq!(tags[2], ["<em>", "</em>"]);
    assert_eq!(tags[3], ["<b>", "</b>", "<a href=\"/m?a=1&amp;b=2\" title=\"Le maire\">", "</a>"]);
}

#[test]
fn blocks_part_texts_and_what_is_kept_is_none() {
    assert_eq!(units(LIST, Kind::Html), ["Le pain", "Le vin rouge", "À lire"]);
    let cells = ["Les villes", "Ville", "Habitants", "Sète", "44 000", "Agde", "29 000"];
    assert_eq!(units(TABLE, Kind::Html), cells);
    let lines = ["Mairie de Sète", "20 rue Basse", "34200 Sète", "Un mot, puis deux.", "Et la fin"];
    assert_eq!(units(BREAKS, Kind::Html), lines);
    let form = [
        "Votre nom",
        "Nom et prénom",
        "Ville ou village",
        "Un jour",
        "Deux jours",
        "Message",
        "Envoyer la lettre",
        "Envoyer",
    ];
    assert_eq!(units(FORM, Kind::Html), form);
}

#[test]
fn code_stays_in_its_sentence() {
    let document = read(CODE);
    let texts: Vec<&str> = document.units.iter().map(|unit| &*unit.inline.text).collect();
    assert_eq!(texts, ["Tapez cargo build puis Entrée.", "Voir et ici."]);
    assert_eq!(document.units[0].keep, ["Entrée", "cargo build"]);
    let raws: Vec<&str> = document.units[1].inline.tags.iter().map(|tag| &*tag.raw).collect();
    let image = "<svg><title>Image</title><path/></svg>";
    // The blank behind them goes with them.
    let name = "<span translate=no>La Gazette</span> ";
    assert_eq!(raws, [&format!("{image} "), name]);
}

#[test]
fn tags_around_all_of_a_text_stay_outside() {
    let texts = ["<p><b>Le pont</b> est fermé.</p>", "<p> <b><i>Le pont.</i></b> <img> </p>"];
    let places: Vec<&str> = texts.iter().map(|text| read(text).units[0].place.of(text)).collect();
    assert_eq!(places, ["<b>Le pont</b> est fermé.", "Le pont."]);
    assert!(read("<p><span> </span><b>***</b></p>").units.is_empty());
}

#[test]
fn values_are_written_between_quotes() {
    let page = "<img alt='Le \"pont\"'><img alt=pont><img alt=\"L'eau &amp; le vin\"><img alt=>";
    let expected = "<img alt=\"Le &quot;pont&quot;\"><img alt=\"pont\">\
                    <img alt=\"L'eau &amp; le vin\"><img alt=>";
    assert_eq!(same(&read(page)), expected);
}

#[test]
fn references_are_text() {
    let page = "<p>L&rsquo;&eacute;t&eacute;&nbsp;: 5 &lt; 6 &amp;amp; R&D</p>";
    assert_eq!(units(page, Kind::Html), ["L’été\u{a0}: 5 < 6 &amp; R&D"]);
    let expected = "<p>L’été\u{a0}: 5 &lt; 6 &amp;amp; R&amp;D</p>";
    assert_eq!(same(&read(page)), expected);
}

#[test]
fn the_page_says_its_new_language_and_encoding() {
    let page = "<?xml version=\"1.0\" encoding=\"utf-16\"?><html xml:lang=fr lang='de'>\
                <meta charset=latin1><meta http-equiv=Content-Type content='text/html; \
                charset=iso-8859-1'><p>Un <i lang=\"fr\">mot</i> <q lang=la>ad hoc</q> ici";
    let expected = "<?xml version=\"1.0\" encoding=\"utf-8\"?><html xml:lang=en lang='de'>\
                    <meta charset=utf-8><meta http-equiv=Content-Type content='text/html; \
                    charset=utf-8'><p>Un <i lang=\"en\">mot</i> <q lang=la>ad hoc</q> ici";
    let found = find(page, &options());
    let mut written = page.to_owned();
    let unit = &found.units[0];
    written.replace_range(unit.place.start..unit.place.end, &unit.write(&unit.inline));
    for edit in found.edits.iter().rev() {
        written.replace_range(edit.place.start..edit.place.end, &edit.text);
    }
    assert_eq!(written, expected);
}

/// Pieces of pages, well put together or not.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i class=\"a\">",
        "</i>",
        "<br>",
        "<div>",
        "</div>",
        "mot",
        " le pont ",
        "é",
        "&amp;",
        "&eacute",
        "&",
        "<",
        ">",
        "\"",
        "'",
        "=",
        " ",
        "\n",
        "<li>",
        "<td>",
        "<code>",
        "</code>",
        "<!-- a -->",
        "<!",
        "</",
        "<img alt='le \"mot\"' title=x>",
        "<img alt=mot/>",
        "<p translate=no>",
        "<span class=notranslate>",
        "</span>",
        "<title>",
        "</title>",
        "<script>",
        "</script>",
        "<svg>",
        "</svg>",
        "<pre>",
        "</pre>",
        "<html lang=fr>",
        "<a href=x lang='fr' title='le mot'>",
        "</a>",
        "<![CDATA[x]]>",
        "<textarea>",
        "</textarea>",
        "<meta name=description content='le pont'>",
        "\u{a0}",
        "\r",
        "<b/>",
        "]]>",
        "<?xml a?>",
    ];
    prop_oneof![
        8 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

fn shape(document: &Document) -> Vec<(Inline, Escape, Vec<String>)> {
    let shape = |unit: &Unit| (unit.inline.clone(), unit.escape, unit.keep.clone());
    document.units.iter().map(shape).collect()
}

proptest! {
    #[test]
    fn any_page_can_be_written_and_read_again(pieces in proptest::collection::vec(piece(), 0..24)) {
        let page = pieces.concat();
        let document = read(&page);
        let places: Vec<Span> = document.units.iter().map(|unit| unit.place).collect();
        prop_assert!(places.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?}", places);
        let written = same(&document);
        let again = read(&written);
        let n_changed = again.units.iter().zip(&document.units).filter(|(a, b)| a.inline != b.inline);
        prop_assert_eq!(n_changed.count(), 0, "{}", written);
        prop_assert_eq!(shape(&again), shape(&document), "{}", written);
    }
}

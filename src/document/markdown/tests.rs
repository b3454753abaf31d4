use proptest::prelude::*;

use super::super::tests::{options, rewritten, units};
use super::super::{Document, Inline, Kind};
use super::*;

const ARTICLE: &str = "---\ntitle: Le pont\nlang: fr\n---\n\n# 1. Le *pont* rouvre {#pont}\n\n\
                       **Sète.** La mairie l'a dit [hier](/m \"Le maire\"), puis ~~non~~ oui[^1].\n\n\
                       ![Le quai](a.jpg)\n\n[^1]: Selon *La Gazette*.\n\n[m]: http://a.fr \"Maire\"\n";

const LISTS: &str = "- Le pain\n- Le **vin** rouge\n  - [x] Fait\n  - [ ] À faire demain\n\n\
                     1. Un premier point.\n\n   Sa suite.\n2. Un second.\n\n* * *\n";

const QUOTE: &str = "> La mairie ne sait pas encore quand le pont de la ville\n> pourra rouvrir, \
                     ni qui le paiera, ni à quel prix il\n> sera refait.\n>\n> > « Un échec », dit \
                     Luc Roy.\n\n> [!NOTE]\n> À lire d'abord.\n";

const TABLE: &str = "| Ville | Habitants |\n|-------|:---------:|\n| *Sète* | 44 000 |\n\
                     | Agde `a\\|b` ou rien | 1. mot |\n\nSuite du texte\n==============\n";

const CODE: &str = "Tapez `cargo build *` puis `` a`b ``, selon <https://a.fr/b_c_d> et \
                    https://a.fr/x.\n\n```rust\n// Le texte\n```\n\n    Le code\n\n`rien`\n\n\
                    <div>\nLe bloc\n</div>\n\nUne <b>balise</b> et <kbd>Entrée</kbd>, <!-- non --> \
                    le prix $x^2$ est 5 $ ou 6 $.\n";

const BREAKS: &str = "Mairie de Sète  \n20 rue Basse\\\n**34200 Sète**<br>France\n\n## Fin ##\n\n\
                      Un nom\nde deux lignes, court et long comme celle-ci qui ne finit pas\nlà.\n";

const SIGNS: &str = "L'équipe R&D de C# a dit : « [...] 5 * 3 = 15, a_b, ~5 km, 3 > 2 ! »\n\n\
                     *« Oui »*, dit-il [sic] – #pont, 10 $, C:\\Users, {a}.\n\n2026 fut dur.\n";

const SAMPLES: [&str; 7] = [ARTICLE, LISTS, QUOTE, TABLE, CODE, BREAKS, SIGNS];

fn read(text: &str) -> Document {
    Document::read("a", text.as_bytes(), Kind::Markdown, &options()).expect("it can be read")
}

fn tags(text: &str) -> Vec<Vec<String>> {
    let raws = |unit: &Unit| unit.inline.tags.iter().map(|tag| tag.raw.clone()).collect();
    read(text).units.iter().map(raws).collect()
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

#[test]
fn what_is_not_translated_stays() {
    for sample in SAMPLES {
        if sample != BREAKS {
            assert_eq!(same(&read(sample)), sample);
        }
    }
    let joined = BREAKS.replace("nom\nde", "nom de").replace("pas\nlà", "pas là");
    assert_eq!(same(&read(BREAKS)), joined);
}

#[test]
fn other_words_leave_the_marks() {
    for sample in SAMPLES {
        let loud = written(&read(sample), str::to_uppercase);
        assert_eq!(tags(&loud), tags(sample), "{loud}");
        let upper: Vec<String> =
            units(sample, Kind::Markdown).iter().map(|text| text.to_uppercase()).collect();
        assert_eq!(units(&loud, Kind::Markdown), upper);
    }
}

#[test]
fn an_article_is_its_texts() {
    let expected =
        ["1. Le pont rouvre", "Sète. La mairie l'a dit hier, puis non oui.", "Selon La Gazette."];
    assert_eq!(units(ARTICLE, Kind::Markdown), expected);
    let marks = ["**", "**", "[", "](/m \"Le maire\")", "~~", "~~", "[^1]"];
    assert_eq!(tags(ARTICLE)[1], marks);
}

#[test]
fn items_cells_and_lines_are_texts() {
    let items = [
        "Le pain",
        "Le vin rouge",
        "Fait",
        "À faire demain",
        "Un premier point.",
        "Sa suite.",
        "Un second.",
    ];
    assert_eq!(units(LISTS, Kind::Markdown), items);
    let cells =
        ["Ville", "Habitants", "Sète", "44 000", "Agde a|b ou rien", "1. mot", "Suite du texte"];
    assert_eq!(units(TABLE, Kind::Markdown), cells);
    let lines = ["Mairie de Sète", "20 rue Basse", "34200 Sète", "France", "Fin"];
    assert_eq!(units(BREAKS, Kind::Markdown)[..5], lines);
}

#[test]
fn metadata_is_only_at_the_beginning() {
    assert_eq!(units("+++\ntitle = 'a'\n+++\nUn mot\n", Kind::Markdown), ["Un mot"]);
    assert_eq!(units("---\n\nUn mot\n\n---\n", Kind::Markdown), ["Un mot"]);
    let texts = ["Un mot", "Par Luc Roy", "Trois mots ici"];
    let between = "Un mot\n\n---\nPar Luc Roy\n\n---\n\nTrois mots ici\n";
    assert_eq!(units(between, Kind::Markdown), texts);
    assert_eq!(units("---\nSans fin\n", Kind::Markdown), ["Sans fin"]);
}

#[test]
fn a_term_and_its_definitions_are_texts() {
    let text = "Le *pont*\n: Ouvrage sur le canal,\n  long de cent mètres\n\nLa rue\n: Voie\n";
    let texts = ["Le pont", "Ouvrage sur le canal, long de cent mètres", "La rue", "Voie"];
    assert_eq!(units(text, Kind::Markdown), texts);
    assert_eq!(same(&read(text)), text);
}

#[test]
fn filled_lines_are_filled_again() {
    let short = rewritten(QUOTE, Kind::Markdown, |text| text.replace(" encore", ""));
    assert!(short.starts_with("> La mairie ne sait pas quand le pont de la ville pourra\n> "));
    let text =
        "Une ligne qui a plusieurs mots, et qui est suivie\npar une autre ligne, qui finit.\n";
    let other = rewritten(text, Kind::Markdown, |text| text.replace("suivie", "suivie - 1. # "));
    assert_eq!(units(&other, Kind::Markdown).len(), 1, "{other}");
}

#[test]
fn code_and_addresses_are_kept() {
    let document = read(CODE);
    let first = &document.units[0];
    let text = "Tapez cargo build * puis a`b, selon https://a.fr/b_c_d et https://a.fr/x.";
    assert_eq!(first.inline.text, text);
    let keep = ["a`b", "cargo build *", "https://a.fr/b_c_d", "https://a.fr/x"];
    assert_eq!(first.keep, keep);
    assert_eq!(tags(CODE)[1], ["<b>", "</b>", "<kbd>", "</kbd>", "<!-- non --> ", "$x^2$ "]);
    assert_eq!(document.units.len(), 2);
}

#[test]
fn a_link_whose_text_was_its_label_gets_its_label() {
    let text = "Voir [la loi] et [le pont][].\n\n[la loi]: /l\n[le pont]: /p\n";
    let made = rewritten(text, Kind::Markdown, |text| text.replace("la loi", "le droit"));
    assert!(made.starts_with("Voir [le droit][la loi] et [le pont][le pont]."), "{made}");
    assert_eq!(same(&read(&made)), made);
}

#[test]
fn references_and_escapes_are_text() {
    let text = "\\*Non\\*, &eacute;t&eacute; \\[a\\](b) \\# 1\\. &amp;amp; \\`c\\`\n\n1\\. Un\n";
    assert_eq!(units(text, Kind::Markdown), ["*Non*, été [a](b) # 1. &amp; `c`", "1. Un"]);
    let again = same(&read(text));
    assert_eq!(again, "\\*Non\\*, été \\[a\\](b) # 1. \\&amp; \\`c\\`\n\n1\\. Un\n");
}

#[test]
fn tags_around_all_of_a_text_stay_outside() {
    let texts =
        ["**Le pont**\n", "[**Le** pont](u)\n", "**a *b***\n", "- [ ] <b>Le pont</b> ![](x)"];
    let places: Vec<String> =
        texts.iter().map(|text| read(text).units[0].place.of(text).to_owned()).collect();
    assert_eq!(places, ["Le pont", "**Le** pont", "a *b*", "Le pont"]);
}

/// Text with what could be syntax.
fn hard_text() -> impl Strategy<Value = String> {
    let pieces = [
        "mot",
        "a",
        "1",
        " ",
        " ",
        "*",
        "_",
        "`",
        "[",
        "]",
        "(",
        ")",
        "<",
        ">",
        "&",
        "amp;",
        "#",
        "-",
        "+",
        ".",
        "!",
        "|",
        "~",
        "$",
        "\\",
        ":",
        "/",
        "=",
        "{",
        "}",
        "\"",
        "é",
        "«\u{a0}",
        "^",
        "x",
        "b",
        "http://a.fr",
        "www.",
        "€",
        "’",
        "@",
    ];
    let some = proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..8);
    (some.clone(), some).prop_map(|(before, after)| {
        let mut inline = Inline::default();
        inline.push_words(&format!("{}mot{}", before.concat(), after.concat()));
        inline.trim_end();
        inline.text
    })
}

/// The text in place of a word is read again.
fn is_read_again(page: &str, text: &str) -> std::result::Result<(), TestCaseError> {
    let document = read(page);
    let made = vec![Inline::plain(text)];
    let bytes = document.write(&made).expect("it can be written");
    let written = String::from_utf8(bytes).expect("it is text");
    prop_assert_eq!(units(&written, Kind::Markdown), [text], "{}", written);
    Ok(())
}

/// Pieces of Markdown, well put together or not.
fn piece() -> impl Strategy<Value = String> {
    let pieces = [
        "mot",
        " le pont ",
        "é",
        "\n",
        "\n\n",
        "  \n",
        "\\\n",
        "*",
        "**",
        "_",
        "`",
        "``",
        "~~",
        "[",
        "]",
        "](u)",
        "![",
        "[^1]",
        "[^1]: ",
        "[a]: /u\n",
        "> ",
        "- ",
        "1. ",
        "# ",
        "    ",
        "<b>",
        "</b>",
        "<br>",
        "<!-- a -->",
        "<div>",
        "|",
        "\n|-|-|\n",
        "$",
        "&amp;",
        "\\",
        "---\n",
        "***\n",
        "```\n",
        "<http://a.fr>",
        "http://a.fr",
        "[x] ",
        "{#a}",
        "\t",
        "\r\n",
    ];
    prop_oneof![
        8 => proptest::sample::select(pieces.to_vec()).prop_map(str::to_owned),
        1 => "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn any_text_is_read_as_it_was_written(text in hard_text()) {
        let is_url = |word: &str| word.starts_with("http") || word.starts_with("www.");
        prop_assume!(text.split_whitespace().any(|word| word.contains("mot") && !is_url(word)));
        is_read_again("Un mot.\n", &text)?;
        is_read_again("- Un mot.\n", &text)?;
        is_read_again("| Mot |\n|---|\n", &text)?;
        is_read_again("## Un mot\n", &text)?;
    }

    #[test]
    fn any_file_can_be_written(pieces in proptest::collection::vec(piece(), 0..24)) {
        let text = pieces.concat();
        let document = read(&text);
        let places: Vec<Span> = document.units.iter().map(|unit| unit.place).collect();
        prop_assert!(places.windows(2).all(|pair| pair[0].end <= pair[1].start), "{:?}", places);
        same(&document);
    }

    #[test]
    fn words_between_marks_are_read_again(
        words in proptest::collection::vec("[a-z]{1,8}|[0-9]{1,3}[.,]|l'[a-z]{2,5}", 6..24),
        marks in proptest::sample::select(vec![("*", "*"), ("**", "**"), ("[", "](u)"), ("`", "`")]),
        start in 0..3_usize,
        len in 1..3_usize,
    ) {
        let mut words: Vec<String> = words;
        words[start].insert_str(0, marks.0);
        words[start + len].push_str(marks.1);
        words.push("fin".to_owned());
        let document = read(&words.join(" "));
        let again = read(&same(&document));
        let shape = |document: &Document| -> Vec<Inline> {
            document.units.iter().map(|unit| unit.inline.clone()).collect()
        };
        prop_assert_eq!(shape(&again), shape(&document));
    }
}

use super::*;

pub(super) fn options() -> Options {
    Options { from: "fr".into(), to: "en".into(), ..Options::default() }
}

/// The file with each unit's text as `new` makes it, its tags at the same places.
pub(super) fn rewritten(text: &str, kind: Kind, new: impl Fn(&str) -> String) -> String {
    let document = Document::read("a", text.as_bytes(), kind, &options()).expect("it can be read");
    let made = |unit: &Unit| {
        let whole =
            [(Span::new(0, unit.inline.text.len()), Span::new(0, new(&unit.inline.text).len()))];
        carry(&unit.inline, &whole, &new(&unit.inline.text), &|_| None)
    };
    let made: Vec<Inline> = document.units.iter().map(made).collect();
    String::from_utf8(document.write(&made).expect("it can be written")).expect("it is text")
}

/// What is translated of a file.
pub(super) fn units(text: &str, kind: Kind) -> Vec<String> {
    let document = Document::read("a", text.as_bytes(), kind, &options()).expect("it can be read");
    document.units.into_iter().map(|unit| unit.inline.text).collect()
}

/// A file that is translated by what it says is the same file.
pub(super) fn is_kept(text: &str, kind: Kind) {
    assert_eq!(rewritten(text, kind, str::to_owned), text);
}

#[test]
fn text_keeps_its_lines_and_blanks() {
    let text = "Le titre\r\n\r\n  Le pont est fermé.\nIl rouvrira.\n\n***\n2026\n";
    is_kept(text, Kind::Text);
    assert_eq!(units(text, Kind::Text), ["Le titre", "Le pont est fermé.", "Il rouvrira.", "2026"]);
}

#[test]
fn filled_lines_are_one_paragraph_and_are_filled_again() {
    let text = "Le pont de la ville est fermé depuis lundi soir à la\ncirculation, et la mairie \
                ne sait pas quand il pourra\nrouvrir aux voitures.\n\nLes piétons passent par le \
                quai et par la rue basse,\nqui reste ouverte.\n";
    is_kept(text, Kind::Text);
    assert_eq!(units(text, Kind::Text).len(), 2);
    let short = rewritten(text, Kind::Text, |text| text.replace("de la ville ", ""));
    assert!(short.lines().all(|line| line.len() <= 56), "{short}");
    assert_eq!(short.lines().count(), 6);
}

const SRT: &str = "1\n00:00:01,000 --> 00:00:03,000\nLe pont de la ville\nest fermé depuis lundi,\n\n2\n\
    00:00:03,200 --> 00:00:05,000\net <i>personne</i> ne sait pourquoi.\n\n3\n\
    00:00:06,000 --> 00:00:08,000\n- Vous êtes sûr ?\n- Oui.\n";

#[test]
fn subtitles_are_read_as_sentences_and_written_under_their_times() {
    assert_eq!(
        units(SRT, Kind::Srt),
        [
            "Le pont de la ville est fermé depuis lundi, et personne ne sait pourquoi.",
            "Vous êtes sûr ?",
            "Oui."
        ]
    );
    let times = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.contains("-->")).map(str::to_owned).collect()
    };
    let made = rewritten(SRT, Kind::Srt, |text| {
        text.replace(
            "Le pont de la ville est fermé depuis lundi,",
            "The bridge is shut since Monday,",
        )
    });
    assert_eq!(times(&made), times(SRT));
    assert!(made.contains("<i>personne</i>"), "{made}");
    assert!(made.contains("- Vous êtes sûr ?\n- Oui."), "{made}");
    let second = made.split("\n\n").nth(1).unwrap_or_default();
    assert!(second.lines().count() >= 3, "the second subtitle has words: {made}");
}

#[test]
fn web_subtitles_keep_their_notes_and_voices() {
    let text = "WEBVTT - Journal\n\nNOTE pas de texte\n\nintro\n00:01.000 --> 00:04.000 line:0\n\
                <v Anna>Bonjour &amp; bienvenue.\n\n00:05.000 --> 00:06.000\nAu revoir.\n";
    is_kept(text, Kind::Vtt);
    assert_eq!(units(text, Kind::Vtt), ["Bonjour & bienvenue.", "Au revoir."]);
}

#[test]
fn chosen_fields_of_json_are_written_in_their_places() {
    let text = "{ \"id\": 7, \"titre\" : \"L\\u2019école \\\"haute\\\"\",\n  \"corps\": \"Un.\\n\\nDeux.\" ,\
                \"tags\":[\"a\"] }\n";
    assert_eq!(units(text, Kind::Json), ["L’école \"haute\"", "Un.", "Deux."]);
    let made = rewritten(text, Kind::Json, |text| text.replace("Un.", "One\\."));
    assert!(made.contains("\"corps\": \"One\\\\.\\n\\nDeux.\" ,"), "{made}");
    let value: serde_json::Value = serde_json::from_str(&made).expect("it is JSON");
    assert_eq!(value["titre"], "L’école \"haute\"");
    let chosen = Options { fields: vec!["tags".into()], ..options() };
    let document = Document::read("a", text.as_bytes(), Kind::Json, &chosen).expect("it has tags");
    assert_eq!(document.units.len(), 1);
}

#[test]
fn what_cannot_be_found_is_named() {
    let reason = |text: &str, kind| {
        Document::read("a", text.as_bytes(), kind, &options()).expect_err("no text").to_string()
    };
    assert!(reason("{\"nom\": \"x\"}", Kind::Json).contains("nom"));
    assert!(reason("nom;age\nx;3\n", Kind::Csv).contains("nom, age"));
    assert!(reason("{\"text\": 3\n{", Kind::Jsonl).contains("line 1"));
}

#[test]
fn cells_keep_their_delimiters_and_quotes() {
    let text = "id;titre;texte\r\n1;Le pont;\"Il est \"\"fermé\"\" ; depuis lundi.\n\nDeux.\"\r\n2;;Rien\r\n";
    is_kept(text, Kind::Csv);
    let found = units(text, Kind::Csv);
    assert_eq!(found, ["Le pont", "Il est \"fermé\" ; depuis lundi.", "Deux.", "Rien"]);
    let made = rewritten(text, Kind::Csv, |text| text.replace("Le pont", "The \"bridge\"; here"));
    assert!(made.contains("\r\n1;\"The \"\"bridge\"\"; here\";\"Il est"), "{made}");
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_a_reader(text in "\\PC{0,80}|[\\-<>{}\"\\\\;,\n a1:é&]{0,80}") {
        // Plain text is left out: what two lines are depends on how far they reach.
        for kind in [Kind::Srt, Kind::Vtt, Kind::Json, Kind::Jsonl, Kind::Csv] {
            let Ok(document) = Document::read("a", text.as_bytes(), kind, &options()) else { continue };
            let same: Vec<Inline> = document.units.iter().map(|unit| unit.inline.clone()).collect();
            let written = document.write(&same).expect("it can be written");
            let again = Document::read("a", &written, kind, &options()).expect("it can be read");
            let texts = |d: &Document| -> Vec<String> {
                d.units.iter().map(|unit| unit.inline.text.clone()).collect()
            };
            assert_eq!(texts(&again), texts(&document), "{kind:?} {text:?}");
        }
    }

    #[test]
    fn no_tag_is_lost(
        words in proptest::collection::vec("[a-zé.]{1,8}", 1..12),
        other in proptest::collection::vec("[a-z.]{1,8}", 0..12),
        tags in proptest::collection::vec((0usize..80, 0usize..80, 0usize..3), 0..5),
    ) {
        let text = words.join(" ");
        let mut inline = Inline::plain(text.clone());
        for (a, b, side) in tags {
            let (a, b) = (text.floor_char_boundary(a), text.floor_char_boundary(b));
            let tag = |at, raw: &str, side| Tag { at, raw: raw.into(), side };
            match side {
                0 => inline.tags.push(tag(a, "|", Side::Alone)),
                1 => inline.tags.push(tag(a, "/", Side::Break)),
                _ => inline.tags.extend([tag(a.min(b), "(", Side::Open), tag(a.max(b), ")", Side::Close)]),
            }
        }
        inline.tags.sort_by_key(|tag| tag.at);
        let target = other.join(" ");
        let all = [(Span::new(0, text.len()), Span::new(0, target.len()))];
        let made = carry(&inline, &all, &target, &|_| None);
        let count = |i: &Inline| {
            let mut raws: Vec<String> = i.tags.iter().map(|tag| tag.raw.clone()).collect();
            raws.sort();
            raws
        };
        assert_eq!(count(&made), count(&inline));
        assert!(made.tags.windows(2).all(|pair| pair[0].at <= pair[1].at));
        let is_nested = |i: &Inline| {
            i.tags.iter().try_fold(0i32, |depth, tag| match tag.side {
                Side::Open => Some(depth + 1),
                Side::Close if depth == 0 => None,
                Side::Close => Some(depth - 1),
                _ => Some(depth),
            })
        };
        if is_nested(&inline).is_some() {
            assert!(is_nested(&made).is_some());
        }
    }
}

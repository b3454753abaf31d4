use proptest::prelude::*;

use crate::document::{Document, Inline, Kind, Options};

const POT: &str = r#"# Messages de la carte
msgid ""
msgstr ""
"Project-Id-Version: carte 1.0\n"
"Language-Team: none\n"
"Language: \n"
"Content-Type: text/plain; charset=CHARSET\n"

#. Dans le menu
#: src/menu.c:12
msgctxt "menu"
msgid "_Fichier"
msgstr ""

#: src/main.c:40
#, c-format
msgid "%d rue fermée\n"
msgid_plural "%d rues fermées\n"
msgstr[0] ""
msgstr[1] ""

#| msgid "Le pont est ouvert."
msgid ""
"Le \"pont\" est fermé depuis lundi soir à la\n"
"circulation.\n"
"\n"
"  -a, --all    Montre tout\n"
msgstr ""

msgid "Quitter"
msgstr "Quit"

msgid "%s: %d"
msgstr ""

#~ msgid "Ancien"
#~ msgstr ""
"#;

fn options() -> Options {
    Options { from: "fr".into(), to: "en".into(), ..Options::default() }
}

fn read(text: &str) -> Document {
    Document::read("a.po", text.as_bytes(), Kind::Po, &options()).expect("it can be read")
}

fn filled(text: &str) -> String {
    let document = read(text);
    let same: Vec<Inline> = document.units.iter().map(|unit| unit.inline.clone()).collect();
    String::from_utf8(document.write(&same).expect("it can be written")).expect("it is text")
}

fn failure(text: &str) -> String {
    let read = Document::read("a.po", text.as_bytes(), Kind::Po, &options());
    read.expect_err("it cannot be read").to_string()
}

#[test]
fn what_is_empty_is_filled_and_flagged() {
    let document = read(POT);
    let texts: Vec<&str> = document.units.iter().map(|u| u.inline.text.as_str()).collect();
    let wanted = [
        "_Fichier",
        "%d rue fermée",
        "%d rues fermées",
        "Le \"pont\" est fermé depuis lundi soir à la circulation.",
        "Montre tout",
    ];
    assert_eq!(texts, wanted);
    assert_eq!(document.units[1].keep, ["%d"]);
    insta::assert_snapshot!(filled(POT), @r##"
# Messages de la carte
msgid ""
msgstr ""
"Project-Id-Version: carte 1.0\n"
"Language-Team: none\n"
"Language: en\n"
"Content-Type: text/plain; charset=UTF-8\n"

# Translated by depeche, to be reviewed
#. Dans le menu
#: src/menu.c:12
#, fuzzy
msgctxt "menu"
msgid "_Fichier"
msgstr "_Fichier"

# Translated by depeche, to be reviewed
#: src/main.c:40
#, fuzzy, c-format
msgid "%d rue fermée\n"
msgid_plural "%d rues fermées\n"
msgstr[0] "%d rue fermée\n"
msgstr[1] "%d rues fermées\n"

# Translated by depeche, to be reviewed
#, fuzzy
msgid ""
"Le \"pont\" est fermé depuis lundi soir à la\n"
"circulation.\n"
"\n"
"  -a, --all    Montre tout\n"
msgstr "Le \"pont\" est fermé depuis lundi soir à\nla circulation.\n\n  -a, --all    Montre tout\n"

msgid "Quitter"
msgstr "Quit"

msgid "%s: %d"
msgstr ""

#~ msgid "Ancien"
#~ msgstr ""
"##);
}

#[test]
fn what_was_filled_is_not_filled_again() {
    let once = filled(POT);
    assert!(read(&once).units.is_empty(), "{once}");
    assert_eq!(filled(&once), once);
}

#[test]
fn a_translated_file_stays() {
    let text = "msgid \"\"\r\nmsgstr \"\"\r\n\"Language: de\\n\"\r\n\r\nmsgid \"Oui\"\r\n\
                msgstr \"Ja\"\r\n\r\n#, fuzzy\r\n#~ msgid \"Non\"\r\n#~ msgstr \"\"\r\n";
    assert_eq!(filled(text), text);
}

#[test]
fn a_fuzzy_message_is_made_again() {
    let text = "#, fuzzy, c-format\n#| msgid \"Deux\"\nmsgid \"Une rue\"\nmsgstr \"\"\n\"Two\"\n";
    let wanted = "# Translated by depeche, to be reviewed\n#, fuzzy, c-format\nmsgid \"Une rue\"\n\
                  msgstr \"Une rue\"\n";
    assert_eq!(filled(text), wanted);
}

#[test]
fn the_header_learns_its_language() {
    let open = "msgid \"Une rue\"\nmsgstr \"\"\n";
    let header = |fields: &str| format!("msgid \"\"\nmsgstr \"{fields}\"\n\n{open}");
    assert!(filled(&header("X-Poedit-Language: x")).contains("\n\"\\nLanguage: en\\n\"\n"));
    assert!(filled(&header("Language:\\nA: b\\n")).contains("Language: en\\nA: b\\n"));
    assert!(filled(&header("Language: en_GB\\n")).contains("Language: en_GB\\n"));
    assert!(failure(&header("Language: de\\n")).contains("--to de"));
}

#[test]
fn bytes_of_another_encoding_become_utf8() {
    let text =
        "msgid \"\"\nmsgstr \"charset=ISO-8859-1\\n\"\n\nmsgid \"Fermé\"\nmsgstr \"Closed\"\n";
    let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
    let document = Document::read("a.po", &bytes, Kind::Po, &options()).expect("it can be read");
    let written = document.write(&[]).expect("it can be written");
    assert_eq!(String::from_utf8_lossy(&written), text.replace("ISO-8859-1", "UTF-8"));
}

#[test]
fn what_is_no_message_is_named() {
    assert!(failure("msgid \"a\"\nmsgstr \"b\nc\"\n").contains("line 2"));
    assert!(failure("msgid \"a\"\n\nmsgid \"b\"\n").contains("no msgstr"));
    assert!(failure("bonjour\n").contains("line 1"));
    assert!(failure("\"seul\"\n").contains("without a keyword"));
}

#[test]
fn escapes_are_read_and_written() {
    let text = r#"msgid "Une\x20rue \"ferm\303\251e\" \\ \'ici\'"
msgstr """#;
    assert_eq!(read(text).units[0].inline.text, r#"Une rue "fermée" \ 'ici'"#);
    assert!(filled(text).ends_with(r#"msgstr "Une rue \"fermée\" \\ 'ici'""#));
}

proptest! {
    #[test]
    fn nothing_panics(
        lines in prop::collection::vec(
            prop::sample::select(vec![
                "msgid \"Une rue\\n", "msgid \"", "\"", "msgstr \"\"", "msgstr[1] \"\"", "#, fuzzy",
                "#| msgid \"a\"", "msgid_plural \"des rues\"", "\\", "é", "\n", "\n", "\n", " ",
                "#~ msgid \"\"", "Language:", "charset=", "\\n", "msgid \"Une  rue\tici\"",
            ]),
            0..40,
        ),
        any in ".*",
    ) {
        for text in [lines.concat(), any] {
            let read = Document::read("a.po", text.as_bytes(), Kind::Po, &options());
            if let Ok(document) = read {
                let same: Vec<Inline> =
                    document.units.iter().map(|unit| unit.inline.clone()).collect();
                document.write(&same).expect("it can be written");
            }
        }
    }
}

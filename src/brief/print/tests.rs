use super::fixture::note;
use super::*;

fn text(format: Format) -> String {
    String::from_utf8(bytes(&note(), format).unwrap()).unwrap()
}

#[test]
fn as_markdown() {
    insta::assert_snapshot!(text(Format::Markdown));
}

#[test]
fn as_text() {
    insta::assert_snapshot!(text(Format::Text));
}

#[test]
fn as_html() {
    insta::assert_snapshot!(text(Format::Html));
}

#[test]
fn dump() {
    let Ok(folder) = std::env::var("DUMP") else { return };
    for format in Format::ALL {
        let name = format!("{folder}/note.{}", format.extension());
        std::fs::write(name, bytes(&note(), format).unwrap()).unwrap();
    }
    let mut one = note();
    one.language = "fr";
    one.events.truncate(1);
    for format in Format::ALL {
        let name = format!("{folder}/un.{}", format.extension());
        std::fs::write(name, bytes(&one, format).unwrap()).unwrap();
    }
}

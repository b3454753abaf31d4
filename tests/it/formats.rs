//! Articles out of files of every kind, and what is said of files that hold none.

use std::fmt::Write as _;
use std::io::{Cursor, Read, Write};

use depeche::Result;
use depeche::article::{Declared, Format, RawArticle, Span};
use depeche::input::{Fields, MAX_BYTES, Role, articles_from};
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

const TEXT: &str = "Le pont de Varenne fermera trois mois, a annoncé la mairie.";

fn read_as(format: Option<Format>, bytes: impl AsRef<[u8]>) -> Vec<Result<RawArticle>> {
    let bytes = Cursor::new(bytes.as_ref().to_vec());
    articles_from("f", bytes, format, &Fields::default()).collect()
}

fn one(format: Option<Format>, bytes: impl AsRef<[u8]>) -> RawArticle {
    let mut all = read_as(format, bytes);
    assert_eq!(all.len(), 1);
    all.remove(0).unwrap()
}

/// The code, message and cure of the one thing that went wrong.
fn error(format: Option<Format>, bytes: impl AsRef<[u8]>) -> (&'static str, String) {
    let mut all = read_as(format, bytes);
    assert_eq!(all.len(), 1, "{all:?}");
    let error = all.remove(0).unwrap_err();
    assert_eq!(error.exit_code(), 6);
    assert!(error.hint().is_some());
    (error.code(), error.to_string())
}

/// What stands in the file where the article says that `words` stand.
fn found<'a>(file: &'a [u8], article: &RawArticle, words: &str) -> &'a [u8] {
    let at = article.text.find(words).unwrap_or_else(|| panic!("{words} in {:?}", article.text));
    let place = article.in_file(Span::new(at, at + words.len()));
    &file[place.start..place.end]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

#[test]
fn latin_text_is_read_and_its_encoding_said() {
    let (bytes, ..) = encoding_rs::WINDOWS_1252.encode("L’été à Sète : 340 œuvres exposées.");
    let article = one(Some(Format::Text), &bytes);
    assert_eq!(article.text, "L’été à Sète : 340 œuvres exposées.");
    assert_eq!(article.encoding, "windows-1252");
    assert_eq!(found(&bytes, &article, "340"), b"340");
    assert!(article.warnings.is_empty());
}

#[test]
fn broken_bytes_are_marked_and_the_reader_warned() {
    let bytes = ["Été, café, déjà, forêt ".as_bytes(), b"\xC3 fin."].concat();
    let article = one(Some(Format::Text), &bytes);
    assert_eq!(article.text, "Été, café, déjà, forêt \u{fffd} fin.");
    let article = depeche::clean::clean(&article);
    assert!(article.warnings.iter().any(|w| w.as_str() == "decoding-errors"), "{article:?}");
}

#[test]
fn a_kind_is_recognised_without_a_name() {
    let formats: [(Format, &str); 9] = [
        (Format::Text, "[Mis à jour] Le pont ferme."),
        (Format::Text, "Date : 6 janvier\nTitre : Le pont\n\nLe pont ferme."),
        (Format::Json, "{\"text\": \"Le pont ferme.\"}"),
        (Format::Json, "[{\"text\": \"Le pont ferme.\"}]"),
        (Format::Jsonl, "{\"text\": \"Le pont.\"}\n{\"text\": \"La rue.\"}\n"),
        (Format::Csv, "titre;texte\nLe pont;Le pont ferme.\n"),
        (Format::Eml, "From: a@b.fr\nTo: c@d.fr\nSubject: Le pont\n\nLe pont ferme.\n"),
        (Format::Html, "<!DOCTYPE html><html><body><p>Le pont ferme.</p></body></html>"),
        (Format::Markdown, "---\ntitle: Le pont\n---\nLe pont ferme.\n"),
    ];
    for (format, text) in formats {
        let article = read_as(None, text).remove(0).unwrap();
        assert_eq!(article.format, format, "{text}");
        assert!(article.text.contains("Le pont"), "{text}");
    }
}

#[test]
fn what_is_no_text_is_not_taken_for_one() {
    for bytes in
        [&b"{\\rtf1\\ansi Le pont ferme.}"[..], b"\x89PNG\r\n\x1A\n\0\0", b"%!PS-Adobe-3.0"]
    {
        assert_eq!(error(None, bytes).0, "not-text");
    }
    assert_eq!(error(None, "").0, "empty");
}

#[test]
fn json_declares_what_it_has_fields_for() {
    let file = r#"{"headline": "Le pont ferme", "body": "Il dit : \"Non\".\nFin de l\u2019été.",
        "date_published": "2026-01-06T08:00:00Z", "url": "https://example.org/pont",
        "author": [{"name": "Luc Roy"}, "Ana Gil"], "publisher": {"name": "Le Courrier"},
        "inLanguage": "fr-FR", "rubrique": "Ville", "id": 7, "agence": null}"#;
    let article = one(Some(Format::Json), file);
    assert_eq!(article.id, "f");
    assert_eq!(article.text, "Il dit : \"Non\".\nFin de l’été.");
    let declared = &article.declared;
    assert_eq!(declared.title.as_deref(), Some("Le pont ferme"));
    assert_eq!(declared.author.as_deref(), Some("Luc Roy, Ana Gil"));
    assert_eq!(declared.site.as_deref(), Some("Le Courrier"));
    assert_eq!(declared.language.as_deref(), Some("fr"));
    assert_eq!(declared.section.as_deref(), Some("Ville"));
    assert_eq!(declared.url.as_deref(), Some("https://example.org/pont"));
    assert_eq!(declared.agency, None);
    let published = declared.published.unwrap();
    assert_eq!(published.date.to_string(), "2026-01-06");
    assert_eq!(published.evidence.of(file), "\"2026-01-06T08:00:00Z\"");
    assert_eq!(found(file.as_bytes(), &article, "Fin de l"), b"Fin de l");
    assert_eq!(found(file.as_bytes(), &article, "\"Non\""), br#"\"Non\""#);
    assert_eq!(found(file.as_bytes(), &article, "’"), br"\u2019");
}

#[test]
fn records_are_named_by_their_own_ids_or_numbers() {
    let file = "{\"id\": \"a-1\", \"text\": \"Un mot.\"}\n\n{\"id\": \"a-1\", \"text\": \"Deux.\"}\n\
        {\"id\": \"../x\", \"text\": \"Trois.\"}\n";
    let articles = read_as(Some(Format::Jsonl), file);
    let ids: Vec<&str> = articles.iter().map(|a| a.as_ref().unwrap().id.as_str()).collect();
    assert_eq!(ids, ["a-1", "f#2", "f#3"]);
    let third = articles[2].as_ref().unwrap();
    assert_eq!(found(file.as_bytes(), third, "Trois."), b"Trois.");
    assert_eq!(third.n_bytes, file.lines().last().unwrap().len() + 1);
    assert_ne!(third.sha256, articles[1].as_ref().unwrap().sha256);
}

#[test]
fn lists_and_what_services_wrap_around_them_are_unwrapped() {
    let list = "[{\"text\": \"Un mot.\"}, {\"text\": [\"Deux.\", \"Trois.\"]}]";
    let texts = |file: &str| -> Vec<String> {
        let articles = read_as(Some(Format::Json), file);
        articles.into_iter().map(|a| a.unwrap().text.trim().to_owned()).collect()
    };
    assert_eq!(texts(list), ["Un mot.", "Deux.\n\nTrois."]);
    assert_eq!(texts(&format!("{{\"status\": \"ok\", \"articles\": {list}}}")), texts(list));
    assert_eq!(texts("{\"text\": \"Un.\"}\n{\"text\": \"Deux.\"}"), ["Un.", "Deux."]);
    assert_eq!(texts(&format!(r#"{{"data": {{"total": 2, "articles": {list}}}}}"#)), texts(list));
    assert_eq!(texts(&format!(r#"{{"rss": {{"channel": {{"item": {list}}}}}}}"#)), texts(list));
}

#[test]
fn hits_of_a_search_are_articles_with_their_ids() {
    let file = r#"{"took": 3, "hits": {"total": {"value": 2}, "hits": [
        {"_id": "v-1", "_score": 1.0, "_source": {"title": "Le bac", "body": "Le bac part \u00e0 huit heures."}},
        {"_id": "v-2", "_source": {"headline": "Le pont", "content": "Le pont rouvre.", "id": "p7"}}]}}"#;
    let articles: Vec<RawArticle> =
        read_as(Some(Format::Json), file).into_iter().map(|article| article.unwrap()).collect();
    let ids: Vec<&str> = articles.iter().map(|article| article.id.as_str()).collect();
    assert_eq!(ids, ["v-1", "p7"]);
    assert_eq!(articles[0].declared.title.as_deref(), Some("Le bac"));
    assert_eq!(articles[0].text, "Le bac part à huit heures.");
    assert_eq!(found(file.as_bytes(), &articles[0], "à"), br"\u00e0");
    assert_eq!(articles[1].declared.title.as_deref(), Some("Le pont"));
}

#[test]
fn an_article_in_a_field_keeps_its_title() {
    let held = r#"{"title": "Le bac", "date": "2026-01-06", "body": "Le bac part."}"#;
    let article = one(Some(Format::Json), format!(r#"{{"status": "ok", "article": {held}}}"#));
    assert_eq!(
        (article.text.as_str(), article.declared.title.as_deref()),
        ("Le bac part.", Some("Le bac"))
    );
    assert!(article.declared.published.is_some());
    let twice = one(Some(Format::Json), format!(r#"{{"data": {{"article": {held}}}}}"#));
    assert_eq!(
        twice.declared,
        Declared { published: twice.declared.published, ..article.declared }
    );

    let titled = format!(r#"{{"title": "Le port", "article": {held}}}"#);
    assert_eq!(one(Some(Format::Json), titled).declared.title.as_deref(), Some("Le port"));
    let (code, message) = error(Some(Format::Json), r#"{"data": {"n": 1}, "status": "ok"}"#);
    assert_eq!(code, "no-text-field");
    assert!(message.ends_with("it has: data, status"), "{message}");
}

#[test]
fn fields_can_be_named() {
    let file =
        r#"{"text": "Autre chose.", "meta": {"Corps": "Le pont ferme.", "jour": "06/01/2026"}}"#;
    let mut fields = Fields::default();
    fields.name(Role::Text, "meta.corps");
    fields.name(Role::Date, "meta.jour");
    let bytes = Cursor::new(file.as_bytes());
    let article = articles_from("f", bytes, Some(Format::Json), &fields).next().unwrap().unwrap();
    assert_eq!(article.text, "Le pont ferme.");
    assert_eq!(article.declared.published.unwrap().date.to_string(), "2026-01-06");
    assert_eq!(found(file.as_bytes(), &article, "pont"), b"pont");
}

#[test]
fn html_in_a_field_is_read_as_html() {
    let file = r#"{"content": "<p>Le pont de Varenne fermera trois mois, a annonc\u00e9 la mairie.<\/p>"}"#;
    let article = one(Some(Format::Json), file);
    assert_eq!(article.text.trim(), TEXT);
    assert_eq!(found(file.as_bytes(), &article, "fermera"), b"fermera");
}

#[test]
fn texts_and_titles_may_be_objects() {
    let file = r#"[{"title": {"rendered": "Un pont fermé"}, "date": "06/01/2026 08:30",
        "content": {"rendered": "<p>Le pont de Varenne fermera trois mois, a annonc\u00e9 la mairie.<\/p>"}}]"#;
    let article = one(Some(Format::Json), file);
    assert_eq!(article.text.trim(), TEXT);
    assert_eq!(article.declared.title.as_deref(), Some("Un pont fermé"));
    let day = article.declared.published.map(|dated| dated.date.to_string());
    assert_eq!(day.as_deref(), Some("2026-01-06"));
}

#[test]
fn lists_in_lists_without_end_say_nothing() {
    let nested = format!("{}1{}", "[".repeat(100), "]".repeat(100));
    let article = one(Some(Format::Jsonl), format!(r#"{{"title": {nested}, "text": "Un mot."}}"#));
    assert_eq!(article.declared.title.as_deref().unwrap_or_default(), "");
}

#[test]
fn a_broken_record_fails_alone_and_says_its_line() {
    let file =
        "{\"text\": \"Un mot.\"}\n{\"text\": \"Deux\n{\"text\": \"Trois.\"}\n{\"corps_\": 1}\n";
    let articles = read_as(Some(Format::Jsonl), file);
    let codes: Vec<&str> =
        articles.iter().map(|a| a.as_ref().map_or_else(|e| e.code(), |_| "")).collect();
    assert_eq!(codes, ["", "bad-json", "", "no-text-field"]);
    assert!(articles[1].as_ref().unwrap_err().to_string().contains("line 2 of f"));
    let message = articles[3].as_ref().unwrap_err().to_string();
    assert!(message.contains("line 4 of f") && message.ends_with("it has: corps_"), "{message}");

    let (code, message) = error(Some(Format::Json), "{\n  \"text\": \"Un\",\n  oups\n}");
    assert_eq!(code, "bad-json");
    assert!(message.contains("line 3 of f"), "{message}");
    assert_eq!(error(Some(Format::Json), "ceci n'est pas du JSON").0, "bad-json");
    assert_eq!(error(Some(Format::Json), "[]").0, "empty");
    assert_eq!(error(Some(Format::Jsonl), "\n\n").0, "empty");
}

/// A bracket that closes nothing once gave errors without end.
#[test]
fn a_list_with_a_stray_bracket_has_an_end() {
    for stray in ["}", "}}", ",}", "x}]"] {
        let file = format!("[{{\"text\": \"Un pont.\"}},{stray} {{\"text\": \"Un bac.\"}}]");
        let read = read_as(Some(Format::Json), &file);
        let texts: Vec<&str> = read.iter().flatten().map(|raw| raw.text.as_str()).collect();
        assert_eq!(texts, ["Un pont.", "Un bac."], "{file}");
        assert!(read.iter().any(Result::is_err), "{file}");
    }
}

#[test]
fn half_a_character_costs_no_article() {
    let article = one(Some(Format::Json), r#"{"text": "Bravo \ud83d\ude00 et \ud83d fin"}"#);
    assert_eq!(article.text, "Bravo 😀 et \u{fffd} fin");
}

#[test]
fn tables_are_read_whatever_parts_their_columns() {
    for delimiter in [",", ";", "\t"] {
        let table = "Titre|Texte|Date\r\nLe pont|\"Il dit \"\"Non\"\", puis\r\nse tait.\"|06/01/2026\r\n\
            La rue|Fermée.|\r\n";
        let file = table.replace('|', delimiter);
        let articles = read_as(Some(Format::Csv), &file);
        assert_eq!(articles.len(), 2);
        let first = articles[0].as_ref().unwrap();
        assert_eq!(first.text, "Il dit \"Non\", puis\r\nse tait.");
        assert_eq!(first.declared.title.as_deref(), Some("Le pont"));
        let published = first.declared.published.unwrap();
        assert_eq!(published.evidence.of(&file), "06/01/2026");
        assert_eq!(found(file.as_bytes(), first, "Non"), b"Non");
        assert_eq!(found(file.as_bytes(), first, "\"Non\""), b"\"\"Non\"\"");
        let second = articles[1].as_ref().unwrap();
        assert_eq!((second.id.as_str(), second.text.as_str()), ("f#2", "Fermée."));
        assert_eq!(found(file.as_bytes(), second, "Fermée."), "Fermée.".as_bytes());
    }
}

#[test]
fn a_table_without_a_text_says_what_it_has() {
    let (code, message) = error(Some(Format::Csv), "nom,corps du texte\na,b\n");
    assert_eq!(code, "no-text-field");
    assert!(message.ends_with("it has: nom, corps du texte"), "{message}");
    let mut fields = Fields::default();
    fields.name(Role::Text, "corps du texte");
    let file = Cursor::new(b"nom,corps du texte\na,Un mot.\n");
    let article = articles_from("f", file, Some(Format::Csv), &fields).next().unwrap().unwrap();
    assert_eq!(article.text, "Un mot.");
    assert_eq!(error(Some(Format::Csv), "titre,texte\n").0, "empty");
}

#[test]
fn a_table_in_another_encoding_leads_back() {
    let text = "titre;texte\nL’été;Déjà 12 œuvres exposées à Sète, paraît-il.\n";
    let (latin, ..) = encoding_rs::WINDOWS_1252.encode(text);
    let article = one(Some(Format::Csv), &latin);
    assert_eq!(article.text, "Déjà 12 œuvres exposées à Sète, paraît-il.");
    assert_eq!(article.encoding, "windows-1252");
    assert_eq!(found(&latin, &article, "12"), b"12");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let article = one(Some(Format::Csv), &wide);
    assert_eq!(article.declared.title.as_deref(), Some("L’été"));
    assert_eq!(article.encoding, "UTF-16LE");
    assert_eq!(found(&wide, &article, "12"), b"1\x002\0");
}

#[test]
fn mails_give_their_text_and_their_headers() {
    let file = "From: \"La Gazette\" <lettre@gazette.example>\r\n\
        Subject: =?utf-8?Q?Fwd:_Le_pont_ferm=C3=A9?=\r\n\
        Date: Tue, 06 Jan 2026 08:00:00 +0100\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/alternative; boundary=\"b\"\r\n\r\n\
        --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Autre chose.</p>\r\n\
        --b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\
        Content-Transfer-Encoding: quoted-printable\r\n\r\n\
        Le pont de Varenne fermera trois mois, a annonc=E9 la mai=\r\nrie.\r\n--b--\r\n";
    let article = one(Some(Format::Eml), file);
    assert_eq!(article.text.trim(), TEXT);
    assert_eq!(article.encoding, "windows-1252");
    assert_eq!(article.declared.title.as_deref(), Some("Le pont fermé"));
    assert_eq!(article.declared.author.as_deref(), Some("La Gazette"));
    assert_eq!(article.declared.site.as_deref(), Some("gazette.example"));
    let published = article.declared.published.unwrap();
    assert_eq!(published.date.to_string(), "2026-01-06");
    assert!(published.evidence.of(file).contains("06 Jan 2026"));
    assert_eq!(found(file.as_bytes(), &article, "fermera"), b"fermera");
    assert_eq!(found(file.as_bytes(), &article, "mairie"), b"mai=\r\nrie");
    assert_eq!(error(Some(Format::Eml), "Bonjour").0, "broken-file");
}

#[test]
fn a_mail_in_base64_leads_back_as_a_whole() {
    let file = "From: a@b.fr\r\nSubject: Le pont\r\nContent-Type: text/plain; charset=utf-8\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nTGUgcG9udCBmZXJtZS4=\r\n";
    let article = one(Some(Format::Eml), file);
    assert_eq!(article.text, "Le pont ferme.");
    let place = found(file.as_bytes(), &article, "pont");
    assert!(place.starts_with(b"TGUgcG9udCBmZXJtZS4="), "{place:?}");
}

#[test]
fn saved_pages_are_read_as_the_page() {
    let file = "From: <Saved by a browser>\r\nSnapshot-Content-Location: https://example.org/pont\r\n\
        Subject: Le pont\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/related; type=\"text/html\"; boundary=\"b\"\r\n\r\n\
        --b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\
        Content-Location: https://example.org/pont\r\n\r\n\
        <html><head><meta charset=3D\"utf-8\"></head><body><p>Le pont de Varenne fermera trois mo=\r\n\
        is, a annonc=C3=A9 la mairie.</p></body></html>\r\n\
        --b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n--b--\r\n";
    for format in [Some(Format::Mhtml), None] {
        let article = one(format, file);
        assert_eq!((article.format, article.text.trim()), (Format::Mhtml, TEXT));
        assert_eq!(article.declared.url.as_deref(), Some("https://example.org/pont"));
        assert_eq!(found(file.as_bytes(), &article, "Varenne"), b"Varenne");
    }
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn word_documents_give_paragraphs_and_hints() {
    let paragraph = |style: &str, text: &str| {
        format!("<w:p><w:pPr>{style}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    };
    let style = |name: &str| format!("<w:pStyle w:val=\"{name}\"/>");
    let body = [
        paragraph(&style("Titre1"), "Le pont ferme"),
        paragraph("", "Trois mois &amp; plus, l&#8217;été compris."),
        paragraph(&style("Titre2"), "La suite"),
        paragraph("<w:numPr/>", "un point"),
        paragraph(&style("Lgende"), "Le quai"),
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Sète</w:t></w:r></w:p></w:tc>\
         <w:tc><w:p><w:r><w:t>44 000</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
            .to_owned(),
    ];
    let document = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{}</w:body></w:document>",
        body.concat()
    );
    let core = "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\"><dc:title>Le pont</dc:title>\
        <dc:creator>Luc Roy</dc:creator><dc:language>fr-FR</dc:language></cp:coreProperties>";
    let file = zip(&[("word/document.xml", &document), ("docProps/core.xml", core)]);
    for format in [Some(Format::Docx), None] {
        let article = one(format, &file);
        let lines: Vec<&str> = article.text.split_terminator("\n\n").collect();
        assert_eq!(
            lines,
            [
                "Le pont ferme",
                "Trois mois & plus, l’été compris.",
                "La suite",
                "un point",
                "Le quai",
                "Sète | 44 000"
            ]
        );
        let kinds: Vec<&str> = article.hints.iter().map(|hint| hint.kind.as_str()).collect();
        assert_eq!(kinds, ["title", "intertitle", "list", "caption", "table"]);
        assert_eq!(article.declared.title.as_deref(), Some("Le pont"));
        assert_eq!(article.declared.author.as_deref(), Some("Luc Roy"));
        assert_eq!(article.declared.language.as_deref(), Some("fr"));
        assert!(article.in_file(Span::new(0, 5)).is_empty());
    }
}

#[test]
fn other_archives_are_no_documents() {
    let (code, message) = error(Some(Format::Docx), zip(&[("a.txt", "Le pont")]));
    assert_eq!(code, "broken-file");
    assert!(
        message.contains("a Word document") && message.contains("word/document.xml"),
        "{message}"
    );
    assert_eq!(error(Some(Format::Docx), b"PK\x03\x04 et rien").0, "broken-file");
    assert_eq!(error(Some(Format::Docx), b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 ...").0, "protected");
    let broken = zip(&[("word/document.xml", "<w:document><w:p></w:body>")]);
    assert_eq!(error(Some(Format::Docx), broken).0, "broken-file");
}

/// A PDF of one page with these lines, and whatever else its trailer says.
fn pdf(lines: &[&str], trailer: &str) -> Vec<u8> {
    let mut content = "BT /F1 12 Tf 14 TL 60 700 Td ".to_owned();
    for line in lines {
        write!(content, "({line}) Tj T* ").unwrap();
    }
    content.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>".into(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (idx, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", idx + 1).unwrap();
    }
    let at = file.len();
    let n = objects.len() + 1;
    write!(file, "xref\n0 {n}\n0000000000 65535 f \n").unwrap();
    offsets.iter().for_each(|offset| writeln!(file, "{offset:010} 00000 n ").unwrap());
    write!(file, "trailer\n<< /Size {n} /Root 1 0 R {trailer} >>\nstartxref\n{at}\n%%EOF\n")
        .unwrap();
    file.into_bytes()
}

#[test]
fn the_text_layer_of_a_pdf_is_read() {
    let lines = [
        "Le pont de Varenne fermera trois mois pour des travaux que le gouverne-",
        "ment avait promis depuis longtemps, a fait savoir la mairie de la ville.",
    ];
    let article = one(None, pdf(&lines, ""));
    assert_eq!(article.format, Format::Pdf);
    assert_eq!(
        article.text.trim(),
        "Le pont de Varenne fermera trois mois pour des travaux que le gouvernement avait promis \
         depuis longtemps, a fait savoir la mairie de la ville."
    );
    assert!(article.in_file(Span::new(0, 9)).is_empty());
}

#[test]
fn what_is_wrong_with_a_pdf_is_said() {
    let (code, message) = error(Some(Format::Pdf), pdf(&[], ""));
    assert_eq!(code, "no-text-layer");
    assert!(message.contains("no text layer"));
    let (o, u) = ("0".repeat(64), "1".repeat(64));
    let lock = format!(
        "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{o}> /U <{u}> >>"
    );
    assert_eq!(error(Some(Format::Pdf), pdf(&["Le pont ferme"], &lock)).0, "protected");
    assert_eq!(error(Some(Format::Pdf), "%PDF-1.4 et rien").0, "broken-file");
    let mut cut = pdf(&["Le pont ferme"], "");
    cut.truncate(200);
    assert_eq!(error(Some(Format::Pdf), cut).0, "broken-file");
}

#[test]
fn packed_files_are_unpacked_and_spans_count_what_was_unpacked() {
    let lines = "{\"text\": \"Un mot.\"}\n{\"text\": \"Le pont ferme.\"}\n";
    let articles = read_as(Some(Format::Jsonl), gzip(lines.as_bytes()));
    let second = articles[1].as_ref().unwrap();
    assert_eq!(found(lines.as_bytes(), second, "pont"), b"pont");
    let article = one(None, gzip(TEXT.as_bytes()));
    assert_eq!((article.text.as_str(), article.n_bytes), (TEXT, TEXT.len()));
    let mut cut = gzip(TEXT.repeat(500).as_bytes());
    cut.truncate(cut.len() / 2);
    let (code, message) = error(None, cut);
    assert_eq!(code, "broken-file");
    assert!(message.contains("a gzip file"), "{message}");
}

#[test]
fn a_file_that_was_packed_to_fill_memories_is_not_unpacked() {
    let limit = usize::try_from(MAX_BYTES).unwrap();
    let zeros = gzip(&vec![b'a'; 2 * limit]);
    assert_eq!(error(None, &zeros).0, "too-large");
    let lines = [b"{\"text\": \"Un mot.\"}\n", &vec![b' '; 4 * limit][..]].concat();
    let articles = read_as(Some(Format::Jsonl), gzip(&lines));
    assert_eq!(articles.len(), 2);
    assert!(articles[0].is_ok());
    let message = articles[1].as_ref().unwrap_err().to_string();
    assert!(message.contains("more than 200 times its size"), "{message}");
}

#[test]
fn a_record_that_is_too_large_fails_alone() {
    let long = format!("{{\"text\": \"{}\"}}", "a".repeat(50 * 1024 * 1024));
    let good = "{\"text\": \"Un mot.\"}";
    let lines = read_as(Some(Format::Jsonl), format!("{good}\n{long}\n{good}\n"));
    let list = read_as(Some(Format::Json), format!("[{good}, {long}, {good}]"));
    let table = read_as(Some(Format::Csv), format!("text,id\nUn mot.,a\n{long},b\nDeux mots.,c\n"));
    for articles in [lines, list, table] {
        assert_eq!(articles.len(), 3);
        assert!(articles[0].is_ok() && articles[2].is_ok());
        let error = articles[1].as_ref().unwrap_err();
        assert_eq!((error.code(), error.exit_code()), ("too-large", 6));
    }
    assert_eq!(error(Some(Format::Text), &long).0, "too-large");
}

/// A file that is longer than anything that may be in memory.
struct Endless {
    line: Vec<u8>,
    at: usize,
    n_left: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.line.len() {
            self.at = 0;
            self.n_left -= 1;
        }
        if self.n_left == 0 {
            return Ok(0);
        }
        let n = buffer.len().min(self.line.len() - self.at);
        buffer[..n].copy_from_slice(&self.line[self.at..self.at + n]);
        self.at += n;
        Ok(n)
    }
}

#[test]
fn a_hundred_megabytes_of_lines_are_read() {
    let line = format!("{{\"text\": \"{}\"}}\n", "Un mot de plus. ".repeat(125)).into_bytes();
    let n_lines = 100 * 1024 * 1024 / line.len();
    let file = Endless { line, at: 0, n_left: n_lines };
    let articles = articles_from("f", file, Some(Format::Jsonl), &Fields::default());
    let (n_read, last) =
        articles.fold((0, None), |(n_read, _), article| (n_read + 1, Some(article.unwrap())));
    assert_eq!(n_read, n_lines);
    let last = last.unwrap();
    assert_eq!(last.id, format!("f#{n_lines}"));
    assert!(last.in_file(Span::new(0, 2)).start > 99 * 1024 * 1024);
}

/// The formats whose spans lead into the file.
const TEXTUAL: [Option<Format>; 9] = [
    None,
    Some(Format::Text),
    Some(Format::Markdown),
    Some(Format::Html),
    Some(Format::Mhtml),
    Some(Format::Json),
    Some(Format::Jsonl),
    Some(Format::Csv),
    Some(Format::Eml),
];

/// Each run of ASCII letters of the text stands in the file as it stands in the text.
fn assert_leads_back(file: &[u8], article: &RawArticle) {
    let text = article.text.as_bytes();
    for (at, byte) in text.iter().enumerate().filter(|(_, byte)| byte.is_ascii_alphanumeric()) {
        let place = article.in_file(Span::new(at, at + 1));
        assert_eq!(&file[place.start..place.end], [*byte], "byte {at} of {:?}", article.text);
    }
}

fn json_string(text: &str, is_escaped: bool) -> String {
    let quoted = serde_json::to_string(text).unwrap();
    if !is_escaped {
        return quoted;
    }
    let escaped = |unit: u16| match u8::try_from(unit) {
        Ok(byte) if byte.is_ascii() => char::from(byte).to_string(),
        _ => format!("\\u{unit:04x}"),
    };
    quoted.encode_utf16().map(escaped).collect()
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for format in TEXTUAL.into_iter().chain([Some(Format::Docx), Some(Format::Pdf)]) {
            read_as(format, &bytes);
        }
    }

    #[test]
    fn no_text_is_too_odd(
        text in "([-#>*`|:;,.\"'\\[\\]{}()<>/=&\\\\ \\n\\ta-eA-Eé’0-9]|text|title|<p>|</p>|--b){0,80}",
        idx in 0..TEXTUAL.len(),
    ) {
        for article in read_as(TEXTUAL[idx], &text).into_iter().flatten() {
            prop_assert!(article.text.is_char_boundary(article.text.len()));
            for hint in &article.hints {
                prop_assert!(article.text.get(hint.span.start..hint.span.end).is_some());
            }
        }
    }

    #[test]
    fn a_text_in_json_comes_back_and_leads_back(text in "a[\\PC\\n\"\\\\/\\t]{0,40}", escape in any::<bool>()) {
        let file = format!("[ {{\"x\": 1, \"text\": {}}} ]", json_string(&text, escape));
        let article = one(Some(Format::Json), &file);
        prop_assert_eq!(&article.text, &text);
        assert_leads_back(file.as_bytes(), &article);
    }

    #[test]
    fn a_text_in_a_table_comes_back_and_leads_back(text in "a[a-zé’\",;\\n\\r ]{0,40}") {
        let file = format!("id;text\r\n1;\"{}\"\r\n", text.replace('"', "\"\""));
        let article = one(Some(Format::Csv), &file);
        prop_assert_eq!(&article.text, &text);
        assert_leads_back(file.as_bytes(), &article);
    }

    #[test]
    fn markdown_leads_back(text in "a([a-zé’*_#>.\\-\\n ]|\\[lien\\]\\(x\\)|&amp;){0,40}") {
        let article = one(Some(Format::Markdown), &text);
        for (at, c) in article.text.char_indices().filter(|(_, c)| c.is_ascii_alphanumeric()) {
            let place = article.in_file(Span::new(at, at + 1));
            prop_assert_eq!(place.of(&text), c.to_string());
        }
    }
}

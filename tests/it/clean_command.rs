//! `depeche clean` as a program, on files of our own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;
use serde_json::Value;

use crate::program::{code, stderr, stdout};

const PAGE: &str = "Publié le 12 mars 2025 à 10h02\n\n\
    Par Odile Ferrand\n\n\
    Le pont de Varenne fermé trois mois\n\n\
    Le pont de Varenne sera fermé à partir de lundi pour des travaux, a annoncé mardi la mairie : \
    un bac gratuit sera mis en place\u{a0}!\n\n\
    Lire aussi : Le bac de Varenne reprend du service\n\n\
    Les habitants de la rive gauche demandent depuis dix ans un second passage sur la rivière.\n";
const TWO: &str = "Les commerçants de la rive gauche demandent des indemnités à la ville.\n";

struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
        command.env_clear().env("HOME", self.0.path()).current_dir(self.0.path());
        command.arg("clean").args(words);
        command
    }

    fn clean(&self, words: &[&str]) -> Output {
        self.command(words).output().unwrap()
    }
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn span(value: &Value) -> std::ops::Range<usize> {
    let end = |idx: usize| usize::try_from(value[idx].as_u64().unwrap()).unwrap();
    end(0)..end(1)
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Each block stands in the file where its record says, and nothing else does but blanks.
fn assert_spans(record: &Value, file: &str) {
    let mut rest = file.to_owned();
    for block in record["blocks"].as_array().unwrap() {
        let span = span(&block["span"]);
        assert_eq!(plain(&file[span.clone()]), block["text"].as_str().unwrap());
        rest.replace_range(span.clone(), &" ".repeat(span.len()));
    }
    assert_eq!(rest.trim(), "");
}

#[test]
fn text_is_what_is_kept_in_80_columns() {
    let place = Place::new();
    place.write("pont.txt", PAGE);
    let output = place.clean(&["pont.txt"]);
    assert_eq!((code(&output), stderr(&output)), (0, String::new()));
    let text = stdout(&output);
    assert!(text.contains("Le pont de Varenne fermé trois mois\n2025-03-12 · "), "{text}");
    assert!(text.contains("Odile Ferrand · pont.txt\n"), "{text}");
    assert!(text.contains("demandent depuis dix ans"), "{text}");
    assert!(!text.contains("Lire aussi") && !text.contains("Publié le"), "{text}");
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(!text.contains('\x1b'), "colours are for terminals");
}

#[test]
fn explain_names_rule_and_place_of_what_went() {
    let place = Place::new();
    place.write("pont.txt", PAGE);
    let text = stdout(&place.clean(&["--explain", "pont.txt"]));
    let teaser = PAGE.find("Lire aussi").unwrap();
    let line = text.lines().find(|line| line.contains("removed teaser (rule ")).unwrap();
    assert!(line.contains(&format!(", line 9, bytes {teaser}..")), "{text}");
    assert!(text.contains("Lire aussi : Le bac de Varenne reprend du service"), "{text}");
    let day = PAGE.find("12 mars").unwrap();
    assert!(
        text.contains(&format!("2025-03-12 (confidence 0.90), line 1, bytes {day}..")),
        "{text}"
    );
    assert!(text.contains("text in UTF-8") && text.contains("fr, confidence "), "{text}");
}

#[test]
fn a_record_holds_every_piece_of_the_file() {
    let place = Place::new();
    let path = place.write("pont.txt", PAGE);
    let output = place.clean(&["--format", "jsonl", path.to_str().unwrap()]);
    let records = records(&stdout(&output));
    let [record] = records.as_slice() else { panic!("{}", stdout(&output)) };
    let keys: Vec<&str> = record.as_object().unwrap().keys().map(String::as_str).collect();
    let first = ["schema", "id", "title", "published", "modified", "agency", "site", "author"];
    let then = ["section", "url", "language", "text", "blocks", "source", "evidence", "warnings"];
    assert_eq!(keys[..16], [first, then].concat());
    assert_spans(record, PAGE);
    assert_eq!(record["title"], "Le pont de Varenne fermé trois mois");
    assert_eq!(record["published"], "2025-03-12");
    assert_eq!(&PAGE[span(&record["evidence"]["published"]["span"])], "12 mars 2025");
    assert_eq!(record["author"], "Odile Ferrand");
    assert_eq!(record["language"]["code"], "fr");
    let text = record["text"].as_str().unwrap();
    assert!(
        text.starts_with("Le pont de Varenne sera") && text.contains("place !\n\nLes"),
        "{text}"
    );
    assert_eq!(record["source"]["path"], path.to_str().unwrap());
    assert_eq!(record["source"]["bytes"], PAGE.len());
    for block in record["blocks"].as_array().unwrap() {
        assert!(block["kept"] == true || block["rule"].is_string(), "{block}");
    }
}

#[test]
fn the_seeds_keep_their_spans() {
    let place = Place::new();
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds");
    let output = place.clean(&["--format", "jsonl", seeds.to_str().unwrap()]);
    let records = records(&stdout(&output));
    assert_eq!((code(&output), records.len()), (0, 8));
    for record in &records {
        let file = fs::read_to_string(record["source"]["path"].as_str().unwrap()).unwrap();
        assert_spans(record, &file);
    }
}

#[test]
fn a_failure_stands_in_its_place() {
    let place = Place::new();
    place.write("in/1.txt", PAGE);
    place.write("in/2.txt", "🙂");
    place.write("in/3.txt", TWO);
    let output = place.clean(&["--format", "jsonl", "in", "gone.txt"]);
    assert_eq!(code(&output), 3, "{}", stderr(&output));
    let records = records(&stdout(&output));
    let codes: Vec<_> = records.iter().map(|record| record["error"]["code"].as_str()).collect();
    assert_eq!(codes, [None, Some("no-prose"), None, Some("not-found")]);
    let said = stderr(&output);
    assert!(said.contains("error: 2.txt: ") && said.contains("2 of 4 could not be done"), "{said}");
}

#[test]
fn the_exit_codes_of_the_contract() {
    let place = Place::new();
    place.write("a.txt", TWO);
    place.write("bad/a.txt", "🙂");
    fs::create_dir(place.path("empty")).unwrap();
    assert_eq!(code(&place.clean(&["a.txt"])), 0);
    assert_eq!(code(&place.clean(&[])), 2);
    assert_eq!(code(&place.clean(&["--format", "yaml", "a.txt"])), 2);
    assert_eq!(code(&place.clean(&["bad"])), 6);
    assert_eq!(code(&place.clean(&["empty"])), 6);
    assert_eq!(code(&place.clean(&["-o", "no/such/out.jsonl", "a.txt"])), 1);
}

#[test]
fn results_keep_the_order_of_the_input() {
    let place = Place::new();
    let n = 200;
    for idx in 0..n {
        // Long and short articles by turns, so that many are done before those ahead of them.
        place.write(&format!("in/{idx:03}.txt"), TWO.repeat(1 + idx % 7 * 20));
    }
    let output = place.clean(&["--format", "jsonl", "in"]);
    let records = records(&stdout(&output));
    let ids: Vec<String> = (0..n).map(|idx| format!("{idx:03}.txt")).collect();
    assert_eq!(
        records.iter().map(|record| record["id"].as_str().unwrap()).collect::<Vec<_>>(),
        ids
    );
    assert!(stderr(&output).contains("cleaned: "), "{}", stderr(&output));
}

#[test]
fn a_folder_gets_a_file_an_article_and_no_index() {
    let place = Place::new();
    place.write("in/a.txt", PAGE);
    place.write("in/sub/b.txt", TWO);
    assert_eq!(code(&place.clean(&["--format", "json", "-o", "out/", "in"])), 0);
    let record: Value =
        serde_json::from_str(&fs::read_to_string(place.path("out/sub/b.txt.json")).unwrap())
            .unwrap();
    assert_eq!(record["id"], "sub/b.txt");
    assert!(place.path("out/a.txt.json").exists() && !place.path("out/.depeche.jsonl").exists());
    assert_eq!(code(&place.clean(&["-o", "out/", "in"])), 0);
    assert!(fs::read_to_string(place.path("out/a.txt.txt")).unwrap().contains("Odile Ferrand"));
}

#[test]
fn a_file_is_replaced_when_the_new_one_is_whole() {
    let place = Place::new();
    place.write("a.txt", TWO);
    place.write("b.txt", PAGE);
    place.write("out.json", "alt");
    assert_eq!(code(&place.clean(&["-o", "out.json", "a.txt", "b.txt"])), 0);
    let array: Vec<Value> =
        serde_json::from_str(&fs::read_to_string(place.path("out.json")).unwrap()).unwrap();
    assert_eq!((array.len(), &array[1]["id"]), (2, &"b.txt".into()));
    assert!(!place.path("out.json.partial").exists());
    assert_eq!(code(&place.clean(&["-o", "out.md", "b.txt"])), 0);
    let markdown = fs::read_to_string(place.path("out.md")).unwrap();
    assert!(markdown.starts_with("## Le pont de Varenne fermé trois mois\n\n2025-03-12 · "));
}

#[test]
fn standard_input_is_an_article_too() {
    let place = Place::new();
    let output = place.command(&["-", "--format", "jsonl"]).write_stdin(PAGE).output().unwrap();
    let records = records(&stdout(&output));
    assert_eq!((records.len(), &records[0]["id"]), (1, &"stdin".into()));
    assert_eq!(records[0]["source"]["path"], Value::Null);
    assert_spans(&records[0], PAGE);
}

#[test]
fn what_the_pages_of_a_run_share_is_the_sites() {
    let place = Place::new();
    let stories = [
        "Le pont de Cernois rouvrira lundi après six mois de travaux et deux reports.",
        "La médiathèque de Valmont prêtera désormais des graines et des outils de jardin.",
        "Un orage a couché mardi les maïs du plateau, sans faire de blessé dans les fermes.",
        "Les pompiers de Montélure cherchent douze volontaires avant le début de l'été.",
    ];
    for (idx, story) in stories.iter().enumerate() {
        let page = format!("{story}\n\nToute l'info de la vallée pour un euro la semaine\n");
        place.write(&format!("in/{idx}.txt"), page);
    }
    let rules = |words: &[&str]| -> Vec<Value> {
        let output = place.clean(&[&["--format", "jsonl"], words].concat());
        let records = records(&stdout(&output));
        records.iter().map(|record| record["blocks"][1]["rule"].clone()).collect()
    };
    assert_eq!(rules(&["in"]), vec!["site-boilerplate"; 4]);
    assert_eq!(rules(&["in/0.txt", "in/1.txt"]), vec![Value::Null; 2]);
}

#[test]
fn the_user_knows_the_language() {
    let place = Place::new();
    place.write("a.txt", TWO);
    let language = |words: &[&str]| {
        let output = place.clean(&[&["--format", "jsonl", "a.txt"], words].concat());
        let record = records(&stdout(&output)).remove(0);
        (record["language"].clone(), record["blocks"][0]["language"]["code"].clone())
    };
    assert_eq!(language(&[]).0["code"], "fr");
    let named = language(&["--from", "nl"]).0;
    assert_eq!((&named["code"], &named["confidence"]), (&"nl".into(), &1.0.into()));
    let (article, block) = language(&["--languages", "en,de"]);
    assert!(article["code"] != "fr" && block != "fr", "{article} {block}");
    assert_eq!(code(&place.clean(&["--from", "xx", "a.txt"])), 2);
    assert_eq!(code(&place.clean(&["--languages", "fr,xx", "a.txt"])), 2);
}

//! Translation networks in folders as the hub lays them out, with tiny random weights: what they write
//! means nothing, but every step is there.

use std::path::Path;

use assert_cmd::Command;
use depeche::device::Device;
use depeche::engine::tokenizer::sentencepiece::SentencePiece;
use depeche::engine::{Sentence, Translator};
use depeche::network::checkpoint::Precision;
use serde_json::json;
use tempfile::TempDir;

use crate::peers::path_in;
use crate::script::smallest_model;
use crate::seq2seq;

/// A SentencePiece file with these pieces behind `<unk>`, `<s>` and `</s>`, the first the likeliest.
fn spm(pieces: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let special = [("<unk>", 2), ("<s>", 3), ("</s>", 3)];
    let all = special.into_iter().chain(pieces.iter().map(|piece| (*piece, 1)));
    for (idx, (text, kind)) in all.enumerate() {
        let mut piece = vec![0x0a, text.len() as u8];
        piece.extend(text.as_bytes());
        piece.push(0x15);
        piece.extend((-(idx as f32)).to_le_bytes());
        piece.extend([0x18, kind]);
        bytes.extend([0x0a, piece.len() as u8]);
        bytes.extend(piece);
    }
    bytes
}

fn pieces(words: &[&'static str]) -> SentencePiece {
    SentencePiece::read(&spm(words)).unwrap()
}

#[test]
fn the_likeliest_pieces_spell_a_text() {
    let model = pieces(&["▁le", "▁pont", "▁p", "ont", "▁", "é", "s"]);
    assert_eq!(model.encode("le  pont").unwrap(), ["▁le", "▁pont"]);
    assert_eq!(model.encode(" le ponts").unwrap(), ["▁le", "▁pont", "s"]);
    assert_eq!(model.encode("été").unwrap(), ["▁", "é", "<unk>", "é"]);
    assert_eq!(SentencePiece::join(["▁le", "▁pont", "s"]), "le ponts");
}

/// `DEPECHE_PEER_SPM` names a SentencePiece file, `DEPECHE_PEER_PIECES` what SentencePiece makes of texts
/// by it: a line with `text` and `pieces` each.
#[test]
fn texts_are_spelt_as_sentencepiece_spells_them() {
    let (Some(model), Some(lines)) = (path_in("DEPECHE_PEER_SPM"), path_in("DEPECHE_PEER_PIECES"))
    else {
        return;
    };
    let model = SentencePiece::open(&model).unwrap();
    let lines = std::fs::read_to_string(lines).unwrap();
    assert!(!lines.is_empty());
    for line in lines.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let text = line["text"].as_str().unwrap();
        let pieces: Vec<&str> = line["pieces"]
            .as_array()
            .unwrap()
            .iter()
            .map(|piece| piece.as_str().unwrap())
            .collect();
        let found = model.encode(text).unwrap();
        // What has no piece stands there as it is written.
        let is_same = |(found, piece): (&&str, &&str)| found == piece || *found == "<unk>";
        let same = found.len() == pieces.len() && found.iter().zip(&pieces).all(is_same);
        assert!(same, "{text:?}: {found:?} instead of {pieces:?}");
    }
}

#[test]
fn text_does_not_become_a_control_piece() {
    let model = pieces(&["▁", "s", "<", ">", "/", "u", "n", "k"]);
    assert_eq!(model.encode("</s>").unwrap(), ["▁", "<", "/", "s", ">"]);
    assert_eq!(model.encode("<unk>").unwrap(), ["▁", "<", "u", "n", "k", ">"]);
}

#[test]
fn a_vocabulary_that_is_cut_off_is_refused() {
    let whole = spm(&["▁le", "▁pont"]);
    for len in [0, 3, whole.len() - 1] {
        assert!(SentencePiece::read(&whole[..len]).is_err(), "{len}");
    }
    // A normalizer whose table of characters has no trie, or one that leads nowhere.
    for table in [&[0, 0, 0, 0][..], &[4, 0, 0, 0, 255, 255, 255, 0], &[9, 0, 0, 0]] {
        let message = [&[0x12, table.len() as u8][..], table].concat();
        let field = [&[0x1a, message.len() as u8][..], &message].concat();
        assert!(SentencePiece::read(&[whole.as_slice(), &field].concat()).is_err(), "{table:?}");
    }
    let of_merges = [whole.as_slice(), &[0x12, 2, 0x18, 2]].concat();
    assert!(SentencePiece::read(&of_merges).is_err());
}

/// The folder of a case of `seq2seq`, with what tells its tokens.
fn folder(kind: &str) -> TempDir {
    let case = seq2seq::case(kind);
    let folder = seq2seq::folder(case);
    let write = |name: &str, text: String| std::fs::write(folder.path().join(name), text).unwrap();
    let (start, end, pad) = (&case["start"][0], &case["end"], &case["pad"]);
    write(
        "generation_config.json",
        json!({"decoder_start_token_id": start, "eos_token_id": end, "pad_token_id": pad})
            .to_string(),
    );
    folder
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzé'.,";

/// Letters of French as pieces, each with its number in a vocabulary of 50.
fn marian() -> TempDir {
    let folder = folder("marian");
    let letters: Vec<String> = LETTERS.chars().map(String::from).collect();
    let own: Vec<&str> = letters.iter().map(String::as_str).chain(["▁"]).collect();
    std::fs::write(folder.path().join("source.spm"), spm(&own)).unwrap();
    let mut ids = serde_json::Map::new();
    for (id, piece) in ["</s>", "<unk>"].into_iter().chain(own).enumerate() {
        ids.insert(piece.to_owned(), json!(id));
    }
    let write = |name: &str, json: serde_json::Value| {
        std::fs::write(folder.path().join(name), json.to_string()).unwrap();
    };
    write("vocab.json", json!(ids));
    write("tokenizer_config.json", json!({"source_lang": "fra", "target_lang": "eng"}));
    folder
}

/// The same letters in a `tokenizer.json`, with tokens for two languages.
fn m2m100() -> TempDir {
    let folder = folder("m2m100");
    let mut ids = serde_json::Map::new();
    let letters = LETTERS.chars().map(String::from);
    let languages = ["eng_Latn", "fra_Latn"].map(String::from);
    for (id, piece) in ["<unk>".to_owned()].into_iter().chain(languages).chain(letters).enumerate()
    {
        ids.insert(piece, json!(id));
    }
    let tokenizer = json!({
        "version": "1.0", "truncation": null, "padding": null, "added_tokens": [],
        "normalizer": null, "post_processor": null, "decoder": null,
        "pre_tokenizer": {"type": "Split", "pattern": {"Regex": "."}, "behavior": "Isolated",
                          "invert": false},
        "model": {"type": "WordLevel", "vocab": ids, "unk_token": "<unk>"},
    });
    std::fs::write(folder.path().join("tokenizer.json"), tokenizer.to_string()).unwrap();
    folder
}

fn open(folder: &Path) -> Translator {
    Translator::open(folder, Precision::Int8, &Device::cpu()).unwrap()
}

fn sentence(text: &str) -> Sentence {
    Sentence { text: text.into(), from: "fr".into(), to: "en".into() }
}

fn depeche(home: &Path, verb: &str) -> Command {
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    command.env_clear().env("HOME", home).arg(verb);
    command
}

#[test]
fn a_network_is_for_the_languages_that_its_files_name() {
    let (marian, m2m100) = (marian(), m2m100());
    let (marian, m2m100) = (open(marian.path()), open(m2m100.path()));
    assert!(marian.is_for("fr", "en") && !marian.is_for("en", "fr"));
    assert!(m2m100.is_for("fr", "en") && m2m100.is_for("en", "fr") && !m2m100.is_for("fr", "de"));
    let source = m2m100.source(&sentence("le pont")).unwrap();
    assert!(m2m100.translate(&[source], "de", 1, 1).is_err());
    let other = Sentence { from: "de".into(), ..sentence("le pont") };
    let error = m2m100.source(&other).unwrap_err().to_string();
    assert!(error.contains("no token for the language de"), "{error}");
}

#[test]
fn sentences_are_translated_together_as_alone() {
    for folder in [marian(), m2m100()] {
        let translator = open(folder.path());
        let all = ["le pont", "la gare est loin de la ville.", "été"];
        let all = all.map(|text| translator.source(&sentence(text)).unwrap());
        let together = translator.translate(&all, "en", 4, 3).unwrap();
        assert!(together.iter().all(|found| found.len() == 3));
        assert!(together.iter().flatten().any(|found| !found.text.is_empty()));
        for (source, together) in all.iter().zip(&together) {
            let alone = translator.translate(std::slice::from_ref(source), "en", 4, 3).unwrap();
            assert_eq!(alone[0], *together);
        }
    }
}

#[test]
fn a_sentence_that_is_too_long_is_refused() {
    let folder = marian();
    let long = sentence(&"le pont ".repeat(20));
    let error = open(folder.path()).source(&long).unwrap_err();
    assert!(error.to_string().contains("tokens are more than the model's 40"), "{error}");
}

#[test]
fn the_command_translates_line_for_line() {
    let folder = marian();
    let text = folder.path().join("a.txt");
    std::fs::write(&text, "le pont est loin.\n\n12 345\nla gare\n").unwrap();
    let run = |more: &[&str]| {
        let mut command = depeche(folder.path(), "translate");
        command.arg(&text).arg("--translator").arg(folder.path());
        command.args(["--segments", "lines"]).args(more).output().unwrap()
    };
    let output = run(&["--quality", "fast"]);
    let lines = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(lines.lines().count(), 4, "{lines:?}");
    assert_eq!(lines.lines().skip(1).take(2).collect::<Vec<_>>(), ["", "12 345"]);
    let again = run(&["--quality", "balanced"]);
    assert_eq!(String::from_utf8(again.stdout).unwrap().lines().count(), 4);
    let other = run(&["--from", "en", "--to", "fr"]);
    assert_eq!(other.status.code(), Some(2));
    let message = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(message.contains("does not translate from en to fr"), "{message}");
}

/// The summary is the model's (here: the article's own sentences), its translation the network's.
#[test]
fn a_digest_is_translated_by_the_network_and_says_so() {
    let folder = marian();
    let text = "Le pont de la ville est fermé lundi. La mairie annonce trois travaux.";
    let article = folder.path().join("a.txt");
    std::fs::write(&article, text).unwrap();
    let mut command = depeche(folder.path(), "digest");
    command.arg(&article).arg("--translator").arg(folder.path()).arg("--model");
    command.arg(smallest_model(folder.path())).args(["--extractive", "--format", "jsonl"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let record: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let name = folder.path().file_name().unwrap().to_str().unwrap();
    assert_eq!(record["translator"]["name"], name);
    assert!(!record["summary"]["fr"].is_null() && !record["summary"]["en"].is_null(), "{record}");
}

/// As a tool of the hub leaves it: `models--OWNER--NAME` with a reference and a snapshot.
fn cached(owner: &str) -> tempfile::TempDir {
    let (home, folder) = (tempfile::tempdir().unwrap(), marian());
    let repo = home.path().join(format!("models--{owner}--opus-mt-fr-en"));
    let commit = "0123456789abcdef0123456789abcdef01234567";
    std::fs::create_dir_all(repo.join("refs")).unwrap();
    std::fs::create_dir_all(repo.join("snapshots")).unwrap();
    std::fs::write(repo.join("refs/main"), commit).unwrap();
    std::fs::rename(folder.path(), repo.join("snapshots").join(commit)).unwrap();
    home
}

#[test]
fn a_network_that_is_at_hand_is_taken_and_named() {
    let home = cached("Helsinki-NLP");
    let run = |words: &[&str]| {
        let mut command = depeche(home.path(), "translate");
        command.env("HF_HUB_CACHE", home.path()).args(["-", "--offline"]).args(words);
        command.write_stdin("le pont\n").output().unwrap()
    };
    let taken = run(&[]);
    let said = String::from_utf8_lossy(&taken.stderr).into_owned();
    assert!(taken.status.success(), "{said}");
    assert!(said.contains("Helsinki-NLP/opus-mt-fr-en translates"), "{said}");
    let model = run(&["--translator", "none"]);
    assert_eq!(model.status.code(), Some(4), "the model is not here");
}

#[test]
fn a_repository_in_the_hubs_cache_has_its_name() {
    let home = cached("Someone");
    let run = |name: &str| {
        let mut command = depeche(home.path(), "translate");
        command.env("HF_HUB_CACHE", home.path()).args(["-", "--offline", "--translator", name]);
        command.write_stdin("le pont\n").output().unwrap()
    };
    assert!(run("Someone/opus-mt-fr-en").status.success());
    let missing = run("Someone/opus-mt-en-fr");
    assert_eq!(missing.status.code(), Some(4));
    let message = String::from_utf8_lossy(&missing.stderr).into_owned();
    assert!(message.contains("no translation network Someone/opus-mt-en-fr"), "{message}");
}

#[test]
fn a_folder_without_a_network_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = depeche(folder.path(), "translate");
    command.arg("--translator").arg(folder.path()).arg("-");
    let output = command.write_stdin("le pont\n").output().unwrap();
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && message.contains("config.json"), "{message}");
}

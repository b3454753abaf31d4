//! `depeche eval` as a program, on small sets of our own.

use std::process::Output;

use assert_cmd::Command;
use serde_json::{Value, json};

use crate::program::{code, stderr, stdout};

fn eval(words: &[&str], set: &str) -> Output {
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    command.env_clear().arg("eval").args(words).write_stdin(set).output().unwrap()
}

fn record(words: &[&str], set: &str) -> Value {
    let output = eval(&[words, &["-", "--format", "json"]].concat(), set);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn set(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// Whether a figure is the one that sacrebleu or rouge-score gives, to four digits.
#[track_caller]
fn assert_near(figure: &Value, expected: f64) {
    let figure = figure.as_f64().unwrap_or_else(|| panic!("{figure} is no number"));
    assert!((figure - expected).abs() < 5e-5, "{figure} is not {expected}");
}

fn translations() -> String {
    set(&[
        json!({"source": "Le pont de Varenne est fermé depuis lundi.",
               "hypothesis": "The mayor of Varenne closed the bridge on Monday.",
               "reference": "The mayor of Varenne has closed the bridge since Monday."}),
        json!({"source": "Un bac partira toutes les 20 minutes, a-t-elle dit.",
               "hypothesis": "A ferry will run every 20 minutes, she said.",
               "reference": "A ferry will leave every 20 minutes, she said."}),
        json!({"source": "Il n'y a pas de blessé à 10,5 km de là.",
               "hypothesis": "Nobody was hurt (10.5 km away).",
               "reference": "No one was hurt 10.5 km away."}),
    ])
}

#[test]
fn translations_are_scored_as_sacrebleu_scores_them() {
    let record = record(&["translate"], &translations());
    assert_eq!((&record["schema"], &record["n_lines"]), (&1.into(), &3.into()));
    assert_near(&record["bleu"]["score"], 47.765116877267104);
    assert_near(&record["chrf"]["score"], 72.36833237687146);
    assert_near(&record["chrf++"]["score"], 71.80654093126391);
    let signature = record["bleu"]["signature"].as_str().unwrap();
    let fields = "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:depeche-";
    assert!(signature.starts_with(fields), "{signature}");
    assert_eq!(record["checks"]["n_sentences"], 3);
}

#[test]
fn a_wrong_number_is_counted() {
    let wrong = translations().replace("run every 20", "run every 30");
    let rates = |set: &str| {
        let rates = record(&["translate"], set)["checks"]["findings"].clone();
        rates.as_array().unwrap().iter().find(|rate| rate["kind"] == "number").cloned()
    };
    assert_eq!(rates(&translations()), None);
    let rate = rates(&wrong).unwrap();
    assert_eq!(rate["severity"], "error");
    assert!(rate["per_1000_sentences"].as_f64().unwrap() > 300.0, "{rate}");
}

#[test]
fn tables_are_for_reading() {
    let output = eval(&["translate", "-"], &translations());
    let text = stdout(&output);
    assert!(text.starts_with("3 lines\n\nBLEU     47.77  nrefs:1|"), "{text}");
    assert!(text.contains("\nchrF++   71.81  nrefs:1|"), "{text}");
    assert!(text.contains("\nFindings per 1000 sentences, of 3\n"), "{text}");
}

#[test]
fn fields_may_bear_other_names() {
    let set =
        set(&[json!({"fr": "Bonjour à tous.", "en": ["Hello everyone.", "Good day to all."],
                           "ours": {"text": "HELLO EVERYONE."}})]);
    let words = ["translate", "--lowercase", "--field", "hypothesis=ours.text"];
    let record = record(&words, &set);
    assert_near(&record["bleu"]["score"], 0.0);
    assert_near(&record["chrf"]["score"], 100.0);
    let signature = record["chrf"]["signature"].as_str().unwrap();
    assert!(signature.starts_with("nrefs:2|case:lc|eff:yes|nc:6|nw:0|space:no|"), "{signature}");
}

fn summaries() -> String {
    set(&[json!({
        "summary": "Ferries run since the mayor closing\nthe bridge on Monday.",
        "digest": "The mayor closed bridges on Monday.\nFerries are running.",
        "paragraphs": ["Le pont est fermé. Un bac le remplace.", "La mairie paie."],
    })])
}

#[test]
fn summaries_are_scored_as_rouge_score_scores_them() {
    let record = record(&["summarize", "--lead", "3"], &summaries());
    let names: Vec<&Value> =
        record["rows"].as_array().unwrap().iter().map(|r| &r["name"]).collect();
    assert_eq!(names, ["summaries", "lead-3"]);
    let figures = &record["rows"][0]["rouge"];
    let expected =
        [0.5263157894736842, 0.23529411764705882, 0.4210526315789474, 0.5263157894736842];
    for (idx, expected) in expected.into_iter().enumerate() {
        assert_near(&figures[idx]["f"]["mean"], expected);
        assert_near(&figures[idx]["f"]["low"], expected);
    }
    assert_near(&figures[0]["precision"]["mean"], 5.0 / 9.0);
    assert_near(&figures[0]["recall"]["mean"], 0.5);
}

#[test]
fn articles_alone_give_the_lead() {
    let set = summaries().replace("digest", "unread");
    let output = eval(&["summarize", "-", "--tokens", "unicode"], &set);
    let text = stdout(&output);
    assert!(text.contains("\nlead-2  ROUGE-1 ") && !text.contains("summaries "), "{text}");
    assert!(text.contains("tok:unicode"), "{text}");
}

fn damages() -> String {
    let source = "Le bac part toutes les 20 minutes.";
    let target = "The ferry leaves every 20 minutes.";
    set(&[
        json!({"source": source, "target": target, "class": "number",
               "damaged": "The ferry leaves every 50 minutes."}),
        json!({"src_sent": source, "mt_sent": target, "pert_name": "capitals",
               "pert_sent": "The Ferry leaves every 20 minutes."}),
        json!({"source": "Il reste 12 places.", "target": "There are 21 places left."}),
    ])
}

#[test]
fn damages_are_found_and_good_ones_are_blamed() {
    let record = record(&["check", "--show", "cap", "--alarms"], &damages());
    assert_eq!((&record["n_damaged"], &record["n_found"]), (&2.into(), &1.into()));
    let [capitals, number] = record["classes"].as_array().unwrap().as_slice() else {
        panic!("{record}")
    };
    assert_eq!((&capitals["name"], &capitals["n_found"]), (&"capitals".into(), &0.into()));
    assert_eq!((&number["name"], &number["recall"]), (&"number".into(), &1.0.into()));
    let undamaged = &record["undamaged"];
    assert_eq!((&undamaged["n"], &undamaged["n_with_error"]), (&2.into(), &1.into()));
    assert_eq!(undamaged["n_with_number_or_date_error"], 1);
    assert_eq!(
        (&record["misses"][0]["line"], &record["alarms"][0]["line"]),
        (&2.into(), &3.into())
    );
    assert_eq!(record["alarms"].as_array().unwrap().len(), 1);
}

#[test]
fn the_table_of_damages() {
    let output = eval(&["check", "-", "--alarms=error"], &damages());
    let text = stdout(&output);
    assert!(text.starts_with("1 of 2 damaged targets noticed (50.0 %)\n\ncapitals "), "{text}");
    assert!(text.contains("\nwith an error                        1 of    2   50.0 %\n"), "{text}");
    assert!(text.contains("\nline 3\nsource   Il reste 12 places.\n"), "{text}");
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let fails = |words: &[&str], set: &str, message: &str| {
        let output = eval(words, set);
        let said = stderr(&output);
        assert!(said.contains(message) && stdout(&output).is_empty(), "{said}");
        code(&output)
    };
    let lacking = "{\"hypothesis\":\"a\",\"reference\":\"b\"}\n\n{\"hypothesis\":\"a\"}\n";
    let words = ["translate", "-"];
    assert_eq!(fails(&words, lacking, "line 3 of stdin has no field for the reference"), 6);
    assert_eq!(fails(&words, lacking, "hint: say which it is with --field reference=NAME"), 6);
    assert_eq!(fails(&words, "{\"hypothesis\":1}", "`hypothesis` in line 1 of stdin is not"), 6);
    assert_eq!(fails(&words, "[", "line 1 of stdin is no JSON object"), 6);
    assert_eq!(fails(&words, "\n", "stdin is empty"), 6);
    assert_eq!(fails(&["translate", "gone.jsonl"], "", "gone.jsonl does not exist"), 6);
    assert_eq!(fails(&["translate", "-", "--field", "class=a"], "", "WHAT is one of source"), 2);
    assert_eq!(fails(&["check", "-", "--show", "no"], &damages(), "no class of the set"), 2);
}

use super::*;
use crate::check::{Severity, has_error};

fn kinds(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|f| f.kind).collect()
}

#[test]
fn a_good_sentence_passes() {
    assert!(
        check("Le maire a annoncé mardi la fermeture du pont pour trois mois.", "fr").is_empty()
    );
}

#[test]
fn the_wrong_language_is_found() {
    let text = "The mayor said on Tuesday that the bridge would be closed.";
    assert_eq!(kinds(&check(text, "fr")), ["language"]);
}

#[test]
fn a_loop_is_found() {
    let text = "Le pont est fermé pour des travaux, ".repeat(4);
    assert_eq!(kinds(&check(&text, "fr")), ["loop"]);
}

#[test]
fn chinese_letters_are_found() {
    assert_eq!(kinds(&check("Le maire a 宣布 la fermeture du pont.", "fr")), ["language"]);
}

#[test]
fn finished_and_cut_off() {
    assert!(is_finished("Il a dit « non. »"));
    assert!(is_finished("Vraiment ?"));
    assert!(!is_finished("D'un point de vue politique, la"));
    assert!(!is_finished("Le maire a annoncé..."));
}

#[test]
fn length_is_compared() {
    assert!(
        length("Le pont est fermé depuis mardi matin.", "The bridge has been closed.").is_none()
    );
    assert!(length("Le pont est fermé depuis mardi matin pour travaux.", "Closed.").is_some());
}

fn pair(source: &str, target: &str) -> Vec<Finding> {
    let (source, target) = (Side::read(source, "fr", None), Side::read(target, "en", None));
    compare(&source, &target, Relation::Translation)
}

const SOURCE: &str = "Le maire a annoncé mardi la fermeture du pont pour trois mois.";
const GOOD: &str = "The mayor announced on Tuesday that the bridge would close for three months.";

#[test]
fn an_adjective_of_a_place_is_no_place() {
    let source = "Un car transportait huit patients marnais vers Tours.";
    let found = pair(source, "A coach carried eight patients from Marnais to Tours.");
    assert_eq!(kinds(&found), ["left-over"]);
    let source = "Un car a quitté l'Illinois avec huit patients.";
    assert!(pair(source, "A coach left Illinois with eight patients.").is_empty());
}

#[test]
fn a_good_translation_passes() {
    assert!(pair(SOURCE, GOOD).is_empty());
}

#[test]
fn repeated_words_are_found() {
    assert_eq!(kinds(&pair(SOURCE, &GOOD.replace("bridge", "bridge bridge"))), ["loop"]);
    let again = GOOD.replace("on Tuesday", "on Tuesday on Tuesday");
    assert_eq!(kinds(&pair(SOURCE, &again)), ["loop"]);
    assert!(pair("Il vit à Bora Bora.", "He lives in Bora Bora.").is_empty());
}

#[test]
fn a_cut_end_is_found() {
    let found = pair(SOURCE, "The mayor announced on Tuesday that the bridge would");
    assert!(found.iter().any(|f| f.kind == "cut-off" && f.severity == Severity::Error));
    assert_eq!(kinds(&pair(SOURCE, GOOD.trim_end_matches('.'))), ["form"]);
    let bare = "The mayor announced on Tuesday the closure of the bridge for the.";
    assert!(kinds(&pair(SOURCE, bare)).contains(&"cut-off"));
}

#[test]
fn what_the_model_says_of_itself_is_found() {
    for start in ["Here is the translation: ", "Sure! ", "Translation: ", "[INST] "] {
        let found = pair(SOURCE, &format!("{start}{GOOD}"));
        assert!(has_error(&found), "{start}: {found:?}");
    }
    assert!(has_error(&pair(SOURCE, &format!("{GOOD}<|im_end|>"))));
    assert!(pair("Note : le pont est fermé.", "Note: the bridge is closed.").is_empty());
}

#[test]
fn french_words_left_over_are_found() {
    let found = pair(SOURCE, &GOOD.replace("three months", "trois mois"));
    assert_eq!(kinds(&found), ["left-over"]);
    let title = pair("Il lit Le Monde au café.", "He reads Le Monde in the café.");
    assert!(title.is_empty(), "{title:?}");
    let article =
        pair("Les voisins peuvent vendre le pont.", "Les neighbours may sell the bridge.");
    assert_eq!(kinds(&article), ["left-over"]);
    assert!(kinds(&pair(SOURCE, SOURCE)).contains(&"left-over"));
}

#[test]
fn a_lost_question_is_found() {
    let found = pair("Le pont est-il fermé ?", "The bridge is closed.");
    assert_eq!(kinds(&found), ["form"]);
}

#[test]
fn capitals_and_marks_are_looked_at() {
    assert_eq!(kinds(&pair(SOURCE, &GOOD.to_lowercase())), ["form"]);
    assert_eq!(kinds(&pair(SOURCE, &GOOD.replace("months.", "months ."))), ["form"]);
    assert_eq!(kinds(&pair(SOURCE, &GOOD.replace("Tuesday", "Tuesday,,"))), ["form"]);
    assert_eq!(kinds(&pair(SOURCE, &GOOD.replace("bridge", "of"))), ["form"]);
}

#[test]
fn a_short_sentence_with_a_date_is_in_no_other_language() {
    assert!(check("Le pont ferme le mardi 12 mai.", "fr").is_empty());
}

#[test]
fn words_that_end_no_sentence_are_of_their_language() {
    let ends =
        |text: &str, lang| ending::end("Elle vient.", text, &words::split(text, lang, 0), lang);
    assert!(ends("She comes an.", "en").is_some());
    assert!(ends("Sie kommt an.", "de").is_none());
}

use super::*;
use crate::check::Severity;

fn between(source: &str, target: &str, langs: (&str, &str), relation: Relation) -> Vec<Finding> {
    let (source, target) = (Side::read(source, langs.0, None), Side::read(target, langs.1, None));
    compare(&source, &target, relation)
}

fn found(source: &str, target: &str, lang: &str) -> Vec<Finding> {
    between(source, target, ("fr", lang), Relation::Translation)
}

#[test]
fn an_invented_quotation_is_found() {
    let source = "Le maire a dit que le pont serait fermé pendant trois mois.";
    let target = "The mayor said: “The bridge will be closed for good.”";
    assert_eq!(found(source, target, "en").len(), 1);
}

#[test]
fn lost_marks_are_found() {
    let source = "« Le pont est trop vieux pour durer », a dit le maire.";
    assert_eq!(found(source, "The bridge is too old to last, the mayor said.", "en").len(), 1);
    let good = "\"The bridge is too old to last,\" the mayor said.";
    assert!(found(source, good, "en").is_empty());
}

#[test]
fn in_one_language_the_words_must_be_the_same() {
    let source = "« Nous ne fermerons pas le pont avant l’été », a dit le maire.";
    assert!(found(source, "Le maire : \"nous ne fermerons pas le pont\".", "fr").is_empty());
    let findings = found(source, "Le maire : « Nous détruirons ce vieux bâtiment demain ».", "fr");
    assert!(findings[0].message.contains("not what the source quotes"));
}

#[test]
fn a_cut_that_turns_the_sense_is_found() {
    let source = "« Je ne crois pas que le pont soit dangereux », a dit le maire.";
    let findings = found(source, "Pour le maire, « le pont soit dangereux » est faux.", "fr");
    assert!(findings[0].message.contains("cut at `pas`"), "{findings:?}");
    let source = "« Le pont rouvrira en mai, sauf en cas de crue », a dit le maire.";
    let findings = found(source, "« Le pont rouvrira en mai », a dit le maire.", "fr");
    assert!(findings[0].message.contains("sauf"), "{findings:?}");
}

const SAID: &str =
    "« Nous ne céderons jamais sur ce point », a déclaré Paul Arnaud à Jeanne Lebrun.";

#[test]
fn words_of_another_are_found() {
    for bad in [
        "“We will never give way on this point,” said Jeanne Lebrun to Paul Arnaud.",
        "“We will never give way on this point,” Jeanne Lebrun told Paul Arnaud.",
        "Jeanne Lebrun told Paul Arnaud: “We will never give way on this point.”",
        "“We will never give way on this point,” according to Jeanne Lebrun, who met Arnaud.",
    ] {
        let findings = found(SAID, bad, "en");
        assert_eq!(findings.len(), 1, "{bad}: {findings:?}");
        assert_eq!(findings[0].severity, Severity::Error);
        assert_eq!(
            findings[0].message,
            "the words of `Paul Arnaud` became those of `Jeanne Lebrun`"
        );
    }
}

#[test]
fn words_of_the_same_speaker_are_no_finding() {
    for good in [
        "“We will never give way on this point,” Paul Arnaud told Jeanne Lebrun.",
        "“We will never give way on this point,” said Arnaud to Jeanne Lebrun.",
        "Speaking to Jeanne Lebrun, Arnaud said: “We will never give way on this point.”",
        "“We will never give way,” he told Jeanne Lebrun, “on this point.” Paul Arnaud was there.",
        "“We will never give way on this point,” according to Paul Arnaud.",
    ] {
        assert_eq!(found(SAID, good, "en"), [], "{good}");
    }
}

#[test]
fn a_summary_must_not_exchange_speakers() {
    let source = "Le pont ferme en mai. « Ce chantier est une folie », a regretté Paul Arnaud, élu \
                  de Nanville. « Les travaux dureront trois mois », a précisé Jeanne Lebrun.";
    let langs = ("fr", "fr");
    let bad = "« Ce chantier est une folie », estime Jeanne Lebrun.";
    let findings = between(source, bad, langs, Relation::Summary);
    assert_eq!(findings[0].severity, Severity::Error, "{findings:?}");
    let good = "Selon Paul Arnaud, « ce chantier est une folie ».";
    assert_eq!(between(source, good, langs, Relation::Summary), []);
}

#[test]
fn what_is_not_quoted_is_not_put_between_marks() {
    let source = "Le maire Paul Arnaud a promis 12 emplois : « Nous tiendrons tous nos \
                  engagements », dit-il.";
    let bad = "The mayor, Paul Arnaud, has promised: “We will keep all of our 12 commitments.”";
    assert_eq!(found(source, bad, "en")[0].message, "`12` is not in what the source quotes");
    let longer = "“The mayor Paul Arnaud has promised 12 jobs and he says that we will keep all our \
                  commitments now.”";
    assert!(found(source, longer, "en").iter().any(|f| f.message.contains("longer")));
    let good = "Mayor Paul Arnaud promised 12 jobs: “We will keep all our commitments,” he said.";
    assert_eq!(found(source, good, "en"), []);
}

#[test]
fn a_translated_quotation_keeps_what_turns_it() {
    let source =
        "« Nous rouvrirons le pont en mai, sauf si la crue de la Loue dure », dit le maire.";
    let bad = "“We will reopen the bridge,” says the mayor.";
    assert!(found(source, bad, "en")[0].message.starts_with("`sauf` was cut off"));
    let good = "“We will reopen the bridge in May unless the Loue stays in flood,” says the mayor.";
    assert_eq!(found(source, good, "en"), []);
}

#[test]
fn a_mark_without_partner_is_found() {
    let source = "« Le pont est trop vieux », a dit le maire.";
    let findings = found(source, "“The bridge is too old, the mayor said.", "en");
    assert!(findings.iter().any(|f| f.message.contains("no partner")), "{findings:?}");
}

use jiff::civil::date;

use super::{Verdict, find, judge};
use crate::article::BlockKind;
use crate::brief::source::Sentence;
use crate::brief::{Dossier, Fact, Kind, Source};
use crate::digest::Language;

/// An article of Wednesday 14 May 2025, a sentence a line.
fn article(text: &str) -> Source {
    let sentence = |text: &str| Sentence {
        text: text.to_owned(),
        span: None,
        kind: BlockKind::Paragraph,
        block_idx: 0,
    };
    Source {
        id: String::new(),
        title: None,
        origin: None,
        is_agency: false,
        date: Some(date(2025, 5, 14)),
        language: "fr",
        sentences: text.lines().map(sentence).collect(),
        warnings: Vec::new(),
        sha256: String::new(),
    }
}

/// What is found in these articles, with `value` of each answer in order.
fn found(texts: &[&str], kind: Kind, language: Language) -> Vec<(Fact, Vec<String>)> {
    let sources: Vec<Source> = texts.iter().map(|text| article(text)).collect();
    let facts = find(&Dossier::new(&sources), language).into_iter();
    let values = |fact: &Fact| fact.values.iter().map(|value| value.value.clone()).collect();
    let of_kind = facts.filter(|fact| fact.kind == kind);
    of_kind.map(|fact| (fact.clone(), values(&fact))).collect()
}

fn values(texts: &[&str], kind: Kind) -> Vec<Vec<String>> {
    let found = found(texts, kind, Language::English);
    found.into_iter().map(|(_, values)| values).collect()
}

#[test]
fn a_weekday_agrees_with_its_date() {
    let texts = ["Le pont a été fermé mardi.", "La fermeture du pont date du 13 mai."];
    let found = found(&texts, Kind::Date, Language::French);
    assert_eq!(found.len(), 1);
    assert!(!found[0].0.is_disagreement());
    assert_eq!(found[0].1, ["mardi 13 mai 2025"]);
}

#[test]
fn the_calendar_has_its_say() {
    let texts = ["La grue est tombée mardi 13 mai.", "La grue est tombée le lundi 13 mai 2025."];
    let found = found(&texts, Kind::Date, Language::English);
    assert_eq!(found[0].1, ["Tuesday 13 May 2025", "Monday 13 May 2025"]);
    assert_eq!(found[0].0.remark.as_deref(), Some("13 May 2025 was a Tuesday"));
}

#[test]
fn the_day_of_a_saying_is_not_that_of_the_event() {
    let texts = [
        "« Tout ira bien », a dit lundi un élu.\nLe marché a brûlé mardi soir.",
        "Le marché a brûlé mardi.",
    ];
    assert_eq!(values(&texts, Kind::Date), [["Tuesday 13 May 2025"]]);
}

#[test]
fn venues_differ_and_those_of_other_days_do_not_count() {
    let texts = [
        "La réunion s'est tenue mardi à la préfecture.",
        "La réunion s'est tenue mardi à la mairie.",
        "La réunion de mardi suit celle qui s'était tenue à Matignon en mars 2023.",
    ];
    assert_eq!(values(&texts, Kind::Place), [["prefecture", "town hall"]]);
    let texts = [
        "L'accident s'est produit en gare de Vaulnes-le-Haut.",
        "L'accident s'est produit à la gare de Brezolles.",
        "Un accident à l'entrée de la gare de Brezolles.",
    ];
    let venues = values(&texts, Kind::Place);
    assert_eq!(venues, [["Brezolles station"]], "`en gare` is left out: `en` leads to much else");
}

#[test]
fn hosts_are_found_before_and_behind_their_verbs() {
    let texts = [
        "Jeanne Morvan accueillera les délégations.",
        "La rencontre est placée sous l'égide du préfet Alain Queffélec.",
    ];
    assert_eq!(values(&texts, Kind::Host), [["Jeanne Morvan", "Alain Queffélec"]]);
}

#[test]
fn former_and_present_holders_of_an_office_differ() {
    let texts = [
        "Le préfet Alain Queffélec a salué l'accord.",
        "Alain Queffélec, ancien préfet, a salué l'accord.",
    ];
    assert_eq!(values(&texts, Kind::Status), [["prefect", "former prefect"]]);
    let texts = [
        "Les émissaires Jeanne Morvan et Alain Queffélec sont venus.",
        "Jeanne Morvan et Alain Queffélec, anciens conseillers, sont venus.",
    ];
    assert_eq!(values(&texts, Kind::Status), [["envoy", "former adviser"]]);
    let texts = ["Le préfet Alain Queffélec parle.", "Alain Queffélec, préfet, parle."];
    assert!(values(&texts, Kind::Status).is_empty());
}

#[test]
fn numbers_of_one_thing_differ() {
    let texts = ["Dix-sept personnes ont été blessées.", "Le choc a fait 71 blessés."];
    assert_eq!(values(&texts, Kind::Number), [["17 injured", "71 injured"]]);
    let texts = ["Le budget sera de 4,2 millions d'euros.", "Un budget de 6 millions d'euros."];
    assert_eq!(values(&texts, Kind::Number), [["4.2 million euros", "6 million euros"]]);
    let found = found(&texts, Kind::Number, Language::French);
    assert_eq!(found[0].1, ["4,2 millions d'euros", "6 millions d'euros"]);
}

#[test]
fn round_numbers_parts_and_plans_are_no_conflict() {
    let none = |a: &str, b: &str| {
        let found = found(&[a, b], Kind::Number, Language::English);
        assert!(!found.iter().any(|(fact, _)| fact.is_disagreement()), "{a} / {b}");
    };
    none("Une vingtaine de blessés.", "Le choc a fait 19 blessés.");
    none("L'incendie a fait 19 blessés, dont trois graves.", "Le feu a fait dix-neuf blessés.");
    none("Le car roulait à 60 km/h.", "Le car passait sous la limite de 80 km/h.");
    none("Douze communes doivent voter le plan.", "Onze communes ont voté le plan.");
    none("Vingt éleveurs étaient dans la salle.", "Dehors, 300 éleveurs manifestaient.");
}

#[test]
fn an_article_that_gives_both_values_contradicts_nobody() {
    let texts =
        ["Le choc a fait 17 blessés.\nLe bilan est de 18 blessés.", "Le choc a fait 18 blessés."];
    assert_eq!(values(&texts, Kind::Number), [["18 injured"]]);
}

#[test]
fn fates_differ() {
    let texts =
        ["Le pilote est mort.", "La pilote, indemne, a été entendue.", "Le pilote n'est pas mort."];
    assert_eq!(values(&texts, Kind::Fate), [["dead", "unharmed"]]);
}

#[test]
fn a_sentence_that_denies_another_is_shown_with_it() {
    let texts = [
        "Le conseil municipal a approuvé vendredi le projet de centre commercial.",
        "Le conseil municipal n'a pas approuvé vendredi le projet de centre commercial.",
    ];
    assert_eq!(values(&texts, Kind::Claim).len(), 1);
    assert!(values(&[texts[0], texts[0]], Kind::Claim).is_empty());
}

#[test]
fn two_sentences_are_judged() {
    let said = "Le barrage de Quéval retient 40 millions de litres depuis 1962.";
    let otherwise = "Le barrage de Quéval retient 90 millions de litres depuis 1962.";
    assert_eq!(judge(said, otherwise, "fr"), Some(Verdict::Contradiction));
    assert_eq!(judge(said, said, "fr"), Some(Verdict::Compatible));
    assert_eq!(judge(said, "Un vélo rouge.", "fr"), None);
}

#[test]
fn causes_agree_where_one_is_named_by_both() {
    let texts = [
        "Un rocher tombé sur la voie après la pluie serait à l'origine de l'accident.",
        "Une chute de pierres provoquée par les pluies est évoquée par les enquêteurs.",
    ];
    assert_eq!(values(&texts, Kind::Cause), [["rock fall"]]);
    let other = [texts[0], "L'accident serait dû à une vitesse excessive, selon le parquet."];
    assert_eq!(values(&other, Kind::Cause), [["rock fall", "excessive speed"]]);
    let denied = [texts[0], "L'accident n'est pas dû à une vitesse excessive."];
    assert_eq!(values(&denied, Kind::Cause), [[""; 0]; 0]);
}

#[test]
fn who_refuses_is_told_by_name() {
    let texts = [
        "Les communes de Cernois et d'Aubigny-le-Haut ont quitté la salle peu avant midi.",
        "Le maire de Cernois n'a pas signé, jeudi, la charte de la vallée.",
    ];
    let found = found(&texts, Kind::Stand, Language::English);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].0.question.as_str(), &found[0].1[..]),
        ("Cernois: for or against?", &["against".to_owned()][..])
    );
}

#[test]
fn who_signs_one_thing_and_refuses_another_is_no_difference() {
    let refuses = "Le maire de Cernois n'a pas signé jeudi la charte de la vallée.";
    let same = [refuses, "La commune de Cernois a signé la charte."];
    assert_eq!(values(&same, Kind::Stand), [["against", "in favour"]]);
    let other = [refuses, "La commune de Cernois a signé un contrat avec son école."];
    assert_eq!(values(&other, Kind::Stand), [[""; 0]; 0]);
    let claim = [refuses, "Le maire de Cernois soutient que la charte est bancale."];
    assert_eq!(values(&claim, Kind::Stand), [[""; 0]; 0]);
}

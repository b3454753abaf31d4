use super::*;
use crate::check::Relation;

fn compare(source: &str, target: &str) -> Vec<Finding> {
    let (source, target) = (Side::read(source, "fr", None), Side::read(target, "en", None));
    super::compare(&source, &target, Relation::Translation)
}

fn summary(source: &str, target: &str) -> Vec<Finding> {
    let (source, target) = (Side::read(source, "fr", None), Side::read(target, "fr", None));
    super::compare(&source, &target, Relation::Summary)
}

fn written(findings: &[Finding]) -> String {
    let one = |f: &Finding| format!("{:?}: {}", f.severity, f.message);
    let all: Vec<String> = findings.iter().map(one).collect();
    all.join("; ")
        .replace("Error:", "error:")
        .replace("Warning:", "warning:")
        .replace("Note:", "note:")
}

#[test]
fn the_golden_list_is_found() {
    let lines = include_str!("golden.txt").lines().filter(|line| !line.starts_with('#'));
    let mut n_cases = 0;
    for line in lines {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [source, target, wanted] = cells[..] else { panic!("three cells: {line}") };
        assert_eq!(written(&compare(source, target)), wanted, "{source}");
        n_cases += 1;
    }
    assert!(n_cases > 20, "{n_cases}");
}

#[test]
fn a_year_is_no_twelve_percent() {
    let source = "Le chiffre est en légère augmentation par rapport à l'année précédente.";
    let found = compare(source, "The figure rose by 12% compared with the previous year.");
    assert_eq!(written(&found), "error: `12%` is not in the source");
    assert!(compare("Le bail dure un an.", "The lease runs for 12 months.").is_empty());
}

#[test]
fn dead_and_injured_do_not_change_places() {
    let findings =
        compare("Le bilan est de 3 morts et 20 blessés.", "It left 20 dead and 3 injured.");
    assert!(findings.iter().any(|f| f.severity == Severity::Error), "{findings:?}");
}

#[test]
fn a_finding_knows_both_places() {
    let (source, target) = ("Une hausse de 20 %.", "A rise of 200%.");
    let found = &compare(source, target)[0];
    assert_eq!(found.source.map(|span| span.of(source)), Some("20 %"));
    assert_eq!(found.target.map(|span| span.of(target)), Some("200%"));
}

#[test]
fn a_summary_may_leave_out_and_round_softly_but_not_add() {
    let source = "L'usine emploie 1 487 personnes et 12 apprentis.";
    assert!(summary(source, "L'usine emploie près de 1 500 personnes.").is_empty());
    let hard = summary(source, "L'usine emploie 1 500 personnes.");
    assert_eq!(written(&hard), "warning: `1 487` became `1 500`: rounded");
    let added = summary(source, "L'usine a 33 ateliers.");
    assert_eq!(written(&added), "error: `33` is not in the source");
    let sum = summary(source, "L'usine emploie 1 499 personnes.");
    assert_eq!(sum[0].severity, Severity::Warning, "{sum:?}");
}

#[test]
fn a_summary_does_not_lend_a_number_to_another_thing() {
    let source = "L'incendie a fait 12 morts et coûte 12 millions d'euros sur 1 487 kilomètres.";
    for wrong in [
        "Le feu a fait 12 blessés.",
        "Il coûte 12 millions de dollars.",
        "Le feu a pris 12 % du bois.",
    ] {
        assert!(super::super::has_error(&summary(source, wrong)), "{wrong}");
    }
    let dated = "Le 3 janvier, vers 15 heures, le feu a fait 5 morts.";
    let wrong = summary(dated, "Le feu a fait 15 morts.");
    assert_eq!(written(&wrong), "error: `15 morts` is not in the source");
    assert!(summary(dated, "Le feu a fait 5 morts.").is_empty());
}

#[test]
fn many_numbers_are_linked_as_few_are() {
    let list = |shift: usize| {
        let words = (1000..1400).map(|n| format!("{} euros", n + shift));
        words.collect::<Vec<_>>().join(", puis ")
    };
    assert!(compare(&list(0), &list(0)).is_empty());
    let found = compare(&list(0), &list(0).replace("1234 euros", "1934 euros"));
    assert_eq!(written(&found), "error: `1234 euros` became `1934 euros`");
    assert_eq!(compare(&list(0), &list(1000)).len(), 400);
}

#[test]
fn a_lone_letter_is_no_numeral() {
    assert!(compare("Un e-mail a été envoyé.", "An e-mail was sent.").is_empty());
}

#[test]
fn a_number_may_stand_in_a_list_that_shares_its_unit() {
    assert!(compare("Des taux de 23 %, 25 % et 30 %.", "Rates of 23, 25 and 30%.").is_empty());
}

fn alone(text: &str) -> Vec<Finding> {
    super::alone(&Side::read(text, "fr", None))
}

#[test]
fn parts_are_not_more_than_their_total() {
    let found = alone("Il y a 12 morts, dont 5 femmes, 4 hommes et 4 enfants.");
    assert_eq!(written(&found), "warning: the parts add up to 13, not to 12");
    assert!(alone("Il y a 12 morts, dont 5 femmes, 3 hommes et 4 enfants.").is_empty());
    assert!(alone("Il y a 12 morts, dont 5 femmes.").is_empty());
}

#[test]
fn shares_of_one_vote_are_not_more_than_all() {
    let found = alone("Le maire obtient 60 % des voix et sa rivale 55 %.");
    assert_eq!(written(&found), "warning: the shares add up to 115 %");
    assert!(alone("Le maire obtient 60 % des voix et sa rivale 40 %.").is_empty());
    assert!(alone("Il obtient 60 % des voix, contre 55 % il y a six ans.").is_empty());
}

#[test]
fn the_parts_of_a_total_add_up_in_other_languages() {
    let is_wrong = |text: &str, lang| !super::alone(&Side::read(text, lang, None)).is_empty();
    for (lang, n_wrong, n_right, text) in [
        ("en", "4", "3", "There were 12 dead, including 5 women, 4 men and N children."),
        ("de", "4", "3", "Es gab 12 Tote, darunter 5 Frauen, 4 Männer und N Kinder."),
        ("es", "4", "3", "Hubo 12 muertos, entre ellos 5 mujeres, 4 hombres y N niños."),
        ("it", "4", "3", "Ci sono 12 morti, tra cui 5 donne, 4 uomini e N bambini."),
        ("de", "55", "40", "Er erhielt 60 % der Stimmen und sie N %."),
        ("es", "55", "40", "Obtuvo el 60 % de los votos y ella el N %."),
        ("it", "55", "40", "Ha ottenuto il 60% dei voti e lei il N%."),
    ] {
        assert!(is_wrong(&text.replace('N', n_wrong), lang), "{text}");
        assert!(!is_wrong(&text.replace('N', n_right), lang), "{text}");
    }
}

#[test]
fn how_long_is_not_how_old() {
    let said = "Bernard Castan, 61 ans, fait le trajet depuis onze ans.";
    let is_wrong =
        |told: &str| compare(said, told).iter().any(|finding| finding.message.contains("an age"));
    assert!(is_wrong("Bernard Castan, 61, has made the trip since he was 11 years old."));
    assert!(!is_wrong("Bernard Castan, 61 years old, has made the trip for eleven years."));
}

//! Which language a text is in, by sentences of our own, and on texts of others, which are not part
//! of this repository: `DEPECHE_LANGUAGE_DATA` names `*.jsonl` files, parted by colons, whose fields
//! `fr` and `en` hold texts in these languages and whose `summary` and `paragraphs` hold French.

use std::path::Path;

use depeche::article::RawArticle;
use depeche::clean::clean;
use depeche::language::{Candidates, Language, codes, detect, detect_among, detect_part, known};
use serde_json::Value;

use super::peers::path_in;

#[test]
fn tells_the_languages_of_europe_apart() {
    let texts = [
        ("fr", "Le conseil municipal a voté lundi soir la rénovation du vieux pont de pierre."),
        ("en", "The town council voted on Monday evening to renovate the old stone bridge."),
        ("de", "Der Stadtrat hat am Montagabend die Renovierung der alten Brücke beschlossen."),
        ("es", "El ayuntamiento votó el lunes por la noche la renovación del viejo puente."),
        ("it", "Il consiglio comunale ha votato lunedì sera il restauro del vecchio ponte."),
        ("pt", "A câmara municipal votou na segunda-feira à noite a renovação da velha ponte."),
        ("nl", "De gemeenteraad heeft maandagavond besloten om de oude brug te herstellen."),
        ("ru", "Городской совет проголосовал в понедельник за ремонт старого моста."),
        ("tr", "Belediye meclisi pazartesi akşamı eski taş köprünün onarılmasına karar verdi."),
    ];
    for (code, text) in texts {
        assert_eq!(detect(text).code, code, "{text}");
    }
}

#[test]
fn foreign_names_do_not_change_the_language() {
    let french = "Le patron de Sunset Steel Works, John Whitfield, a dit au New Harbor Times que \
                  la Green River Bank of Oakland avait renoncé.";
    let english = "The mayor of Saint-Jean-de-la-Vallée, Marie-Hélène de La Tour, said the Pont \
                   des Arts de Montélure would be closed.";
    assert_eq!(detect(french).code, "fr");
    assert_eq!(detect(english).code, "en");
}

#[test]
fn says_unknown_rather_than_guess() {
    for text in ["", "12 345,67 €", "🇫🇷🇪🇺", "Paris", "Montélure Valmont Cernois", "x y z w v"]
    {
        assert!(!detect(text).is_known(), "{text:?} is {:?}", detect(text));
    }
}

/// `code text`; `code!` where `unknown` will not do.
#[test]
fn short_texts_are_right_or_unknown() {
    let lines = include_str!("../golden/snippets.txt").lines().filter(|l| !l.starts_with('#'));
    let cases: Vec<(&str, &str)> = lines.map(|line| line.split_once(' ').unwrap()).collect();
    assert!(cases.len() >= 60, "only {} cases", cases.len());
    for (code, text) in cases {
        assert!(text.split(' ').count() <= 5, "{text} is not short");
        let found = detect(text);
        let allowed =
            found.code == code.trim_end_matches('!') || (!found.is_known() && !code.ends_with('!'));
        assert!(allowed, "{text} is {found:?}, not {code}");
    }
}

#[test]
fn candidates_are_all_there_is() {
    let only = |codes: &[&'static str]| codes.iter().copied().collect::<Candidates>();
    let german = "Der Stadtrat hat die Renovierung der alten Brücke am Montag beschlossen.";
    assert_eq!(detect_among(german, &only(&["fr", "de"])).code, "de");
    assert_ne!(detect_among(german, &only(&["fr", "en"])).code, "de");
    assert!(!detect_among("Мы живём в старом доме у реки.", &only(&["fr", "en"])).is_known());
    assert!(codes().all(|code| Candidates::all().has(code)));
    assert_eq!((known("fr"), known("xx")), (Some("fr"), None));
    assert_eq!(Language::given("en").map(|given| given.confidence), Some(1.0));
}

#[test]
fn a_part_is_in_the_language_of_its_article_unless_its_words_say_otherwise() {
    let french = Language { code: "fr", confidence: 0.9 };
    let parts = [
        ("fr", "Paris"),
        ("fr", "Un chantier immense"),
        ("fr", "Green River Bank, New Harbor Times, Sunset Steel Works"),
        ("fr", "Outre The Harbor Times, Bank of Oakland et le Green Journal ont suivi."),
        ("en", "We will never give up on this fight"),
        ("en", "This is not who we are"),
        ("en", "The bridge will be closed for six months, the mayor said."),
        ("de", "Wir sind alle müde, aber das ist nicht das Ende."),
        ("ru", "Мы живём в старом доме у реки."),
        ("tr", "Köprünün onarımı için belediye meclisi bu akşam yeniden toplanıp karar verecek."),
        ("unknown", "12 345"),
    ];
    for (code, text) in parts {
        let found = detect_part(text, french, &Candidates::all());
        assert_eq!(found.code, code, "{text}");
        assert!(found.confidence <= 1.0);
    }
    let nothing_said = detect_part("Paris", french, &Candidates::all());
    assert!(nothing_said.confidence <= 0.5);
    assert!(!detect_part("Paris", Language::UNKNOWN, &Candidates::all()).is_known());
}

#[test]
fn a_quotation_in_an_article_has_its_own_language() {
    let text = "Le maire a reçu jeudi les élus de la ville jumelle, qui ont lu une déclaration.\n\n\
                “We will come back every year, and we will never forget what you did for us.”\n\n\
                Puis la fanfare a joué sur le pont, devant les enfants des écoles.\n\n\
                Le jumelage, qui dure depuis trente ans, sera fêté de nouveau au printemps avec \
                une course à pied et un grand repas pour tous les habitants de la vallée.";
    let article = clean(&RawArticle::new("quote", text));
    let codes: Vec<&str> = article.body().map(|block| block.language.code).collect();
    assert_eq!((article.language.code, codes), ("fr", vec!["fr", "en", "fr", "fr"]));
}

/// The texts of a field: a text, or paragraphs that are one.
fn texts(rows: &[Value], field: &str) -> Vec<String> {
    let joined = |value: &Value| match value {
        Value::Array(parts) => {
            Some(parts.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n\n"))
        }
        value => value.as_str().map(str::to_owned),
    };
    let texts = rows.iter().filter_map(|row| joined(&row[field]));
    texts.filter(|text| !text.is_empty()).collect()
}

fn measure(path: &Path) {
    let file = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Value> = file.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for (field, code) in [("fr", "fr"), ("en", "en"), ("summary", "fr"), ("paragraphs", "fr")] {
        let texts = texts(&rows, field);
        if texts.is_empty() {
            continue;
        }
        let found: Vec<Language> = texts.iter().map(|text| detect(text)).collect();
        let n_right = found.iter().filter(|found| found.code == code).count();
        let n_unknown = found.iter().filter(|found| !found.is_known()).count();
        let n = texts.len();
        eprintln!("{} {field}: {n_right} of {n} are {code}, {n_unknown} unknown", path.display());
        assert_eq!(n_right + n_unknown, n, "wrong answers");
        assert!(n_right * 1000 >= n * 999, "too often unknown");
    }
}

#[test]
fn news_is_in_the_language_that_it_is_in() {
    let Some(paths) = path_in("DEPECHE_LANGUAGE_DATA") else { return };
    std::env::split_paths(&paths).for_each(|path| measure(&path));
}

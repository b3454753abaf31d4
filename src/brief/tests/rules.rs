//! Who says what, what happened when, who is who.

use super::with_bridge;
use crate::brief::likeness::Likeness;
use crate::brief::people::{self, Person};
use crate::brief::statements::{self, Said};
use crate::brief::{Dossier, figures, timeline, words};
use crate::check::Side;
use crate::digest::Language;

fn side(text: &str) -> Side<'_> {
    Side::read(text, "fr", "2025-03-11".parse().ok())
}

#[test]
fn one_statement_in_two_wordings_is_one_that_varies() {
    with_bridge(|dossier| {
        let all = statements::find(dossier);
        let first = &all[0];
        assert!(first.speaker.ends_with("Lucien Barrault"), "{first:?}");
        assert!(first.is_quote && first.is_named && first.varies, "{first:?}");
        let sources: Vec<usize> = first.places.iter().map(|place| place.source_idx).collect();
        assert_eq!(sources, [0, 1]);
    });
}

#[test]
fn speakers_without_names_and_pronouns_are_found() {
    with_bridge(|dossier| {
        let all = statements::find(dossier);
        let of = |words: &str| {
            let says = |said: &&Said| dossier.text(said.places[0]).contains(words);
            all.iter().find(says).map(|said| said.speaker.as_str())
        };
        assert_eq!(of("fermé lundi"), Some("la préfecture du Morvan"));
        assert_eq!(of("trois mois"), Some("la mairie"));
        assert_eq!(of("Personne ne passera"), Some("Lucien Barrault"));
        assert_eq!(of("construit"), None);
    });
}

#[test]
fn days_hang_on_the_article_and_on_the_tense() {
    with_bridge(|dossier| {
        let entries = timeline::find(dossier, &Likeness::new(dossier), |_| 1.0, 9);
        let told: Vec<(String, &str)> = entries
            .iter()
            .map(|entry| {
                (timeline::told(entry.days, Language::English), dossier.text(entry.places[0]))
            })
            .collect();
        let has = |when: &str, words: &str| {
            told.iter().any(|(own, text)| own == when && text.contains(words))
        };
        assert!(has("10 March 2025", "fermé lundi"), "{told:?}");
        assert!(has("13 March 2025", "rapport sera rendu jeudi"), "{told:?}");
        assert!(has("1962", "construit"), "{told:?}");
        // Neither the day on which someone speaks nor what goes on since.
        assert!(!told.iter().any(|(_, text)| text.contains("novembre")), "{told:?}");
        assert!(!told.iter().any(|(_, text)| text.contains("aucun risque")), "{told:?}");
        assert!(told.windows(2).all(|two| two[0].0 != two[1].0), "{told:?}");
    });
}

#[test]
fn people_have_the_roles_of_all_articles() {
    with_bridge(|dossier| {
        let people = people::find(dossier, 5);
        let barrault: &Person = people.iter().find(|p| p.name == "Lucien Barrault").unwrap();
        let roles: Vec<&str> = barrault.roles.iter().map(|role| role.words.as_str()).collect();
        assert_eq!(roles, ["préfet", "ancien maire de la ville"]);
        assert_eq!(barrault.roles[1].told("en"), "former mayor (“ancien maire de la ville”)");
        assert_eq!(barrault.roles[0].told("fr"), "préfet");
    });
}

#[test]
fn a_role_of_two_ends_at_the_first_name() {
    let one = super::source(
        "a.txt",
        "Rencontre à Varenne",
        "2025-03-11",
        &[
            "Les ministres britanniques John Alder et Mary G. Stone ont rencontré le général Ann B. \
           Lebrun à Varenne.",
        ],
    );
    let sources = [one];
    let people = people::find(&Dossier::new(&sources), 5);
    let of = |name: &str| {
        people.iter().find(|p| p.name.contains(name)).map(|p| p.roles[0].words.clone())
    };
    assert_eq!(of("Alder").as_deref(), Some("ministres britanniques"), "{people:?}");
    assert_eq!(of("Lebrun").as_deref(), Some("général"), "{people:?}");
}

#[test]
fn what_is_still_to_come_is_told_by_the_tense() {
    assert!(words::is_ahead(&side("Le préfet recevra les maires.")));
    assert!(words::is_ahead(&side("Un rapport est attendu jeudi.")));
    assert!(!words::is_ahead(&side("Le préfet a reçu les maires.")));
    assert!(!words::is_ahead(&side("Le président de l'opéra chanta.")));
}

#[test]
fn figures_are_written_as_the_note_writes_them() {
    let text = "Les travaux coûteront près de 1,4 million d'euros sur 1.400 km, soit 12,5 %.";
    assert_eq!(figures::find(&side(text), "en"), ["nearly 1.4 million euros", "1,400 km", "12.5%"]);
    assert_eq!(figures::find(&side(text), "fr")[0], "1,4 million d'euros");
    assert_eq!(figures::grouped(1_234_567.0, "en"), "1.235 million");
    assert_eq!(figures::grouped(14_000.5, "fr"), "14\u{202f}000,5");
}

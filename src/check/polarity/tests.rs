use super::super::Severity;
use super::*;

fn findings(source: &str, target: &str, langs: (&str, &str), relation: Relation) -> Vec<Finding> {
    let (source, target) = (Side::read(source, langs.0, None), Side::read(target, langs.1, None));
    compare(&source, &target, relation)
}

fn kinds(source: &str, target: &str) -> Vec<&'static str> {
    let found = findings(source, target, ("fr", "en"), Relation::Translation);
    found.iter().map(|finding| finding.kind).collect()
}

fn is_clean(source: &str, target: &str) {
    let found = findings(source, target, ("fr", "en"), Relation::Translation);
    assert!(found.is_empty(), "{source} | {target}: {found:?}");
}

#[test]
fn a_negation_is_lost_or_made_up() {
    let source = "Le maire n’a pas signé le contrat mardi.";
    is_clean(source, "The mayor did not sign the contract on Tuesday.");
    is_clean(source, "The mayor refused to sign the contract on Tuesday.");
    assert_eq!(kinds(source, "The mayor signed the contract on Tuesday."), ["negation"]);
    let source = "Le conseil a voté le budget de la ville.";
    assert_eq!(kinds(source, "The council never voted on the town budget."), ["negation"]);
}

#[test]
fn a_second_negation_is_made_up() {
    let source = "Il n'a rien dit, et ses voisins ont appelé la police.";
    is_clean(source, "He said nothing, and his neighbours called the police.");
    assert_eq!(
        kinds(source, "He said nothing, and his neighbours did not call the police."),
        ["negation"]
    );
}

#[test]
fn french_says_no_in_many_ways() {
    is_clean("Personne ne connaît la cause.", "Nobody knows the cause.");
    is_clean(
        "Ni le maire ni le préfet n'ont répondu.",
        "Neither the mayor nor the prefect answered.",
    );
    is_clean("Il est parti sans un mot.", "He went away without a word.");
    is_clean("Aucun témoin ne s'est présenté.", "No witness came forward.");
    is_clean("Ils ne sont plus que trois.", "There are only three of them now.");
    is_clean("Elle veut partir avant qu'il ne pleuve.", "She wants to leave before it rains.");
    is_clean("C'est un pas vers la paix.", "It is a step towards peace.");
    is_clean(
        "Il n'est pas impossible que le pont rouvre.",
        "It is possible that the bridge will reopen.",
    );
}

#[test]
fn a_hedge_is_lost() {
    let source = "Des soldats pourraient être déployés à la frontière.";
    is_clean(source, "Soldiers could be deployed at the border.");
    assert!(kinds(source, "Soldiers will be deployed at the border.").contains(&"modality"));
    let source = "L'incendie aurait détruit dix maisons.";
    is_clean(source, "The fire reportedly destroyed ten houses.");
    assert!(kinds(source, "The fire destroyed ten houses.").contains(&"modality"));
    let source = "En cas de cessez-le-feu, la ville rouvrira son école.";
    is_clean(source, "In case of a ceasefire, the town will reopen its school.");
    assert!(
        kinds(source, "After a ceasefire, the town will reopen its school.").contains(&"modality")
    );
}

#[test]
fn a_hedge_is_made_up_or_turned() {
    let source = "Le train arrive en gare à midi.";
    assert_eq!(kinds(source, "The train might arrive at the station at noon."), ["modality"]);
    let source = "Les habitants peuvent rentrer chez eux.";
    is_clean(source, "The residents may go home.");
    assert!(kinds(source, "The residents must go home.").contains(&"modality"));
}

#[test]
fn the_month_of_may_is_no_hedge() {
    is_clean("La grève commence en mai à Lyon.", "The strike begins in May in Lyon.");
}

#[test]
fn conditionals_are_told_from_imperfects() {
    let conditional = ["serait", "pourraient", "finirait", "aimerait", "prendrait", "aurait"];
    assert!(conditional.iter().all(|word| modality::is_conditional(word)));
    let others = ["préparait", "entrait", "tirait", "ouvrait", "montraient", "lait", "respirait"];
    assert!(others.iter().all(|word| !modality::is_conditional(word)), "{others:?}");
}

#[test]
fn a_word_turned_into_its_opposite() {
    let source = "Les prix ont augmenté de 3 % en avril.";
    is_clean(source, "Prices rose by 3% in April.");
    assert_eq!(kinds(source, "Prices fell by 3% in April."), ["opposite"]);
    is_clean("Un hôtel moins cher.", "A cheaper hotel.");
}

#[test]
fn a_summary_is_held_against_its_own_sentence() {
    let source = "Le ministre n'a pas reçu les syndicats du port. Les dockers bloquent le \
                  terminal depuis lundi matin.";
    let langs = ("fr", "fr");
    let good = "Le ministre n'a pas reçu les syndicats du port.";
    assert!(findings(source, good, langs, Relation::Summary).is_empty());
    let bad = "Le ministre a reçu les syndicats du port.";
    assert_eq!(findings(source, bad, langs, Relation::Summary)[0].kind, "negation");
    let other = "Une grève sans précédent paralyse le commerce régional français.";
    assert!(findings(source, other, langs, Relation::Summary).is_empty());
}

#[test]
fn odd_texts_do_no_harm() {
    for text in ["", "n'", "’", "pas", "ne", "«", "l’", "\u{301}", "-", "x-il", "ne ne ne"] {
        for langs in [("fr", "en"), ("en", "fr"), ("fr", "fr"), ("de", "en")] {
            findings(text, text, langs, Relation::Translation);
            findings(text, "Il n’est pas là.", langs, Relation::Summary);
        }
    }
}

#[test]
fn every_line_of_the_lists_is_read() {
    let lines = |file: &str| file.lines().filter(|l| !l.starts_with('#') && !l.is_empty()).count();
    for file in [include_str!("negation.txt"), include_str!("modality.txt")] {
        assert_eq!(lexicon::lines(file).count(), lines(file));
    }
    let opposites = include_str!("opposites.txt");
    let n_poles = |line: &str| line.split("<>").filter(|pole| pole.contains('=')).count();
    let whole = opposites.lines().filter(|line| !line.starts_with('#') && n_poles(line) == 2);
    assert_eq!(whole.count(), lines(opposites));
}

fn severities(source: &str, target: &str, kind: &str) -> Vec<crate::check::Severity> {
    let found = findings(source, target, ("fr", "en"), Relation::Translation);
    found.iter().filter(|f| f.kind == kind).map(|f| f.severity).collect()
}

#[test]
fn points_of_the_compass_stay() {
    use crate::check::Severity::{Error, Warning};
    for (source, target, severity) in [
        ("Un séisme a frappé le nord du pays.", "A quake hit the south of the country.", Error),
        ("Le village est à l’est de Lyon.", "The village is west of Lyon.", Error),
        ("Le sud-est du pays est inondé.", "The south of the country is flooded.", Warning),
        ("Le nord-ouest est touché.", "The southeast is affected.", Error),
    ] {
        assert_eq!(severities(source, target, "direction"), [severity], "{target}");
    }
    for (source, target) in [
        ("Le sud-est du pays est inondé.", "The southeastern part of the country is flooded."),
        ("Il est parti vers l’est, c’est-à-dire loin.", "He went eastwards, that is, far away."),
        ("La Corée du Nord et l’Afrique du Sud.", "North Korea and South Africa."),
        ("Les pays du Nord et du Sud.", "The countries of the South and the North."),
        ("L’Europe orientale et le Moyen-Orient.", "Eastern Europe and the Middle East."),
        ("La ville est grande et le nord est calme.", "The town is big and the north is calm."),
        ("Kanye West arrive.", "Kanye West is coming."),
    ] {
        assert_eq!(severities(source, target, "direction"), [], "{target}");
    }
}

#[test]
fn a_case_told_as_a_fact_is_an_error() {
    use crate::check::Severity::Error;
    let source = "En cas de défaite, le ministre quittera son poste.";
    let told =
        severities(source, "After the defeat, the minister will leave his post.", "modality");
    assert_eq!(told, [Error]);
    let open = severities(source, "After a defeat, the minister would leave.", "modality");
    assert!(!open.contains(&Error), "{open:?}");
    is_clean(source, "In the event of defeat, the minister will leave his post.");
}

fn attributions(source: &str, target: &str, relation: Relation) -> Vec<Severity> {
    let langs = ("fr", if relation == Relation::Summary { "fr" } else { "en" });
    let found = findings(source, target, langs, relation);
    let own = found.into_iter().filter(|finding| finding.kind == "attribution");
    own.map(|finding| finding.severity).collect()
}

const DRIVER: &str = "Un train a déraillé lundi près de la gare. Selon un syndicat de cheminots, le \
                      conducteur du train est décédé à l'hôpital. L'exploitant n'a rien confirmé.";

#[test]
fn a_summary_that_drops_who_says_it_is_wrong() {
    let found = |target| attributions(DRIVER, target, Relation::Summary);
    assert_eq!(found("Le conducteur du train est décédé à l'hôpital."), [Severity::Error]);
    assert_eq!(found("Le conducteur est décédé à l'hôpital."), [Severity::Error]);
    for good in [
        "Selon un syndicat, le conducteur du train est décédé à l'hôpital.",
        "Le conducteur du train serait décédé à l'hôpital.",
        "Un syndicat annonce que le conducteur du train est décédé à l'hôpital.",
        "Le conducteur du train est « décédé » à l'hôpital.",
    ] {
        assert_eq!(found(good), [], "{good}");
    }
}

#[test]
fn each_clause_of_a_summary_is_held_against_its_own_sentence() {
    let found = |target| attributions(DRIVER, target, Relation::Summary);
    let merged =
        "Le conducteur du train est décédé à l'hôpital, et l'exploitant n'a rien confirmé.";
    assert_eq!(found(merged), [Severity::Error]);
    let reported = "Le conducteur du train serait décédé à l'hôpital, et l'exploitant se tait.";
    assert_eq!(found(reported), []);
}

#[test]
fn where_the_words_of_another_stand_does_not_matter() {
    let target = "Le conducteur du train est décédé à l'hôpital.";
    for source in [
        "Le conducteur du train est décédé à l'hôpital, d'après la préfecture.",
        "Le conducteur du train, selon l'AFP, est décédé à l'hôpital de la ville.",
        "Selon la police le conducteur du train est décédé à l'hôpital.",
        "Mais à en croire ses proches, le conducteur du train est décédé à l'hôpital.",
    ] {
        assert_eq!(attributions(source, target, Relation::Summary), [Severity::Error], "{source}");
    }
}

#[test]
fn what_the_source_says_itself_needs_no_other() {
    let source =
        "Le conducteur du train est décédé à l'hôpital, a-t-on appris. ".to_owned() + DRIVER;
    let target = "Le conducteur du train est décédé à l'hôpital.";
    assert_eq!(attributions(&source, target, Relation::Summary), []);
}

#[test]
fn words_of_another_beside_the_point_may_go() {
    let target = "Le maire a ouvert le nouveau pont de la ville.";
    for source in [
        "Le maire, qui selon la presse quittera bientôt son poste, a ouvert le nouveau pont de la ville.",
        "Le maire a ouvert le nouveau pont de la ville, qui selon un riverain vibre beaucoup.",
        "Le maire a ouvert le nouveau pont de la ville selon le calendrier prévu.",
    ] {
        assert_eq!(attributions(source, target, Relation::Summary), [], "{source}");
    }
}

#[test]
fn a_claim_told_as_a_fact_is_doubtful() {
    let target = "La vitesse du train était normale avant la gare.";
    for source in [
        "Le gérant affirme que la vitesse du train était normale avant la gare.",
        "La vitesse du train était normale avant la gare, a assuré le gérant.",
    ] {
        let found = attributions(source, target, Relation::Summary);
        assert_eq!(found, [Severity::Warning], "{source}");
    }
}

#[test]
fn a_translation_keeps_whose_words_they_are() {
    let source = "Selon un syndicat, le conducteur est décédé à l'hôpital.";
    let found = |target| attributions(source, target, Relation::Translation);
    assert_eq!(found("The driver has died in hospital."), [Severity::Error]);
    for good in [
        "According to a union, the driver has died in hospital.",
        "The driver has died in hospital, a union says.",
        "The driver is reported to have died in hospital.",
    ] {
        assert_eq!(found(good), [], "{good}");
    }
    let needs = "Les autocars partent selon les besoins des voyageurs.";
    let target = "The coaches leave as the passengers need them.";
    assert_eq!(attributions(needs, target, Relation::Translation), []);
}

#[test]
fn nobody_loses_an_office_on_the_way() {
    let source = "Les émissaires du président américain Paul Martin sont à Lyon.";
    let told = "The former president of the United States, Paul Martin, sent envoys to Lyon.";
    assert_eq!(severities(source, told, "role"), [crate::check::Severity::Error]);
    for (source, told) in [
        ("L'ancien président Paul Martin est à Lyon.", "Former president Paul Martin is in Lyon."),
        ("L'ex-ministre est parti.", "The ex-minister has left."),
        ("La ministre de l'époque a signé.", "The former minister signed."),
    ] {
        assert_eq!(severities(source, told, "role"), [], "{told}");
    }
}

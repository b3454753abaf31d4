use proptest::prelude::*;

use super::*;

fn shortened(text: &str, proposal: &str) -> Option<String> {
    Long { text: text.to_owned(), language: "fr", date: None }.without(proposal)
}

#[track_caller]
fn becomes(text: &str, proposal: &str, short: &str) {
    assert_eq!(shortened(text, proposal).as_deref(), Some(short));
}

#[track_caller]
fn stays(text: &str, proposal: &str) {
    assert_eq!(shortened(text, proposal), None);
}

#[test]
fn parentheses_openings_and_circumstances_go() {
    becomes(
        "La maire de Varenne, élue en 2020 avec le soutien du département, a présenté sa démission \
         au préfet lundi soir.",
        "La maire de Varenne a présenté sa démission au préfet.",
        "La maire de Varenne a présenté sa démission au préfet lundi soir.",
    );
    becomes(
        "Réunis depuis l'aube à la préfecture, les éleveurs ont bloqué le dépôt de carburant, où \
         les camions ne pouvaient plus entrer.",
        "Les éleveurs ont bloqué le dépôt de carburant.",
        "Les éleveurs ont bloqué le dépôt de carburant.",
    );
    becomes(
        "Le fonds d'aide (doté de trois millions d'euros) sera ouvert en mars dans les deux \
         vallées.",
        "Le fonds d'aide sera ouvert en mars.",
        "Le fonds d'aide sera ouvert en mars.",
    );
}

#[test]
fn no_part_begins_in_one_phrase_and_ends_in_another() {
    becomes(
        "Une sortie qui a valu au maire un rappel au règlement du conseil, puis provoqué une \
         suspension de séance.",
        "Une sortie qui a valu au maire un rappel une suspension de séance.",
        "Une sortie qui a valu au maire un rappel, puis provoqué une suspension de séance.",
    );
}

#[test]
fn a_comma_stands_where_french_has_one() {
    becomes(
        "Selon la gendarmerie, qui a ouvert une enquête, le conducteur n'avait pas respecté le \
         signal.",
        "Selon la gendarmerie le conducteur n'avait pas respecté le signal.",
        "Selon la gendarmerie, le conducteur n'avait pas respecté le signal.",
    );
}

#[test]
fn words_of_the_proposal_are_not_taken() {
    becomes(
        "Le syndicat des cheminots, qui compte neuf cents adhérents, a déposé un préavis de grève.",
        "Le grand syndicat des cheminots a lancé un préavis de grève.",
        "Le syndicat des cheminots a déposé un préavis de grève.",
    );
    stays(
        "Le syndicat des cheminots, qui compte neuf cents adhérents, a déposé un préavis de grève.",
        "Tout autre chose est dit ici, et rien de la phrase.",
    );
}

#[test]
fn who_says_it_stays() {
    let text = "Le conducteur du car est mort à l'hôpital de Montélure, selon un syndicat.";
    stays(text, "Le conducteur du car est mort à l'hôpital de Montélure.");
    let text = "Les travaux dureront trois mois de plus que prévu, a annoncé la mairie mardi.";
    stays(text, "Les travaux dureront trois mois de plus que prévu.");
    let text = "Le feu a pris dans le hangar qui abritait les archives, a dit la police lundi.";
    becomes(
        text,
        "Le feu a pris dans le hangar.",
        "Le feu a pris dans le hangar, a dit la police lundi.",
    );
    let text = "La ligne sera rouverte avant Noël, a-t-on appris auprès du maire de Varenne.";
    stays(text, "La ligne sera rouverte avant Noël.");
}

#[test]
fn denials_doubts_and_conditions_stay() {
    stays(
        "L'usine rouvrira en mars, sauf si le tribunal en décide autrement avant la fin du mois.",
        "L'usine rouvrira en mars.",
    );
    stays(
        "Des milliers de soldats pourraient être déployés le long de la frontière, après la fin \
         des combats.",
        "Des milliers de soldats pourraient être déployés le long de la frontière.",
    );
    stays(
        "Les communes n'ont pas signé la charte de l'eau dans la vallée de la Loue.",
        "Les communes n'ont pas signé la charte de l'eau.",
    );
    stays(
        "Le préfet a interdit la circulation des camions de plus de dix tonnes dans la vallée.",
        "Le préfet a interdit la circulation.",
    );
}

#[test]
fn what_is_said_of_some_is_not_said_of_all() {
    stays(
        "Les maires du plateau de Cernois ont quitté la salle avant la fin de la réunion.",
        "Les maires ont quitté la salle avant la fin de la réunion.",
    );
    stays(
        "Aucun élu du plateau de Cernois n'est venu à la réunion de jeudi à Varenne.",
        "Aucun élu n'est venu à la réunion de jeudi à Varenne.",
    );
    stays(
        "Le plus grand pont du département sera fermé lundi aux camions et aux cars.",
        "Le plus grand pont sera fermé lundi aux camions et aux cars.",
    );
}

#[test]
fn names_titles_and_fixed_phrases_stay_whole() {
    stays(
        "Le gouverneur de la Banque de France a reçu la ministre déléguée mardi à midi.",
        "Le gouverneur de la Banque a reçu la ministre mardi à midi.",
    );
    stays(
        "L'ancien trésorier du club a été mis en examen mercredi pour abus de confiance.",
        "L'ancien trésorier du club a été mis mercredi pour abus de confiance.",
    );
    stays(
        "« Nous ne partirons pas d'ici avant d'avoir été reçus par le préfet », a dit le maire.",
        "« Nous ne partirons pas », a dit le maire.",
    );
}

#[test]
fn numbers_and_times_are_not_cut_through() {
    stays(
        "La région veut réduire de moitié les prélèvements d'eau dans la vallée d'ici 2030.",
        "La région veut réduire de moitié les prélèvements d'eau dans la vallée d'ici.",
    );
    stays(
        "Douze communes sur quinze ont signé la charte que le département avait préparée.",
        "Douze communes ont signé la charte que le département avait préparée.",
    );
}

const SENTENCES: [&str; 4] = [
    "Réunis depuis l'aube à la préfecture, les éleveurs de la vallée, qui attendent trois millions \
     d'euros, ont bloqué lundi le dépôt de carburant (le seul du département), où les camions \
     ne pouvaient plus entrer, selon la police.",
    "Le maire de Varenne, élu en 2020, n'a pas signé jeudi la charte de l'eau dans la salle des \
     fêtes, et « la colère monte dans les villages du plateau », a dit Paul Grandjean.",
    "Après une nuit de discussions à Paris, la ministre, saluant « un pas », a annoncé que douze \
     communes sur quinze pourraient être aidées par le fonds après la signature d'un accord.",
    "Le gouverneur de la Banque de France : un homme de 43 ans – fils de mineur – a été mis en \
     examen, a-t-on appris mardi, alors que le parquet enquête sur le plus grand pont du pays.",
];

proptest! {
    /// Whatever is proposed, what comes out are words of the sentence, in order.
    #[test]
    fn what_is_left_is_a_part_of_the_sentence(
        text in prop::sample::select(&SENTENCES[..]),
        kept in prop::collection::vec(prop::bool::weighted(0.6), 60),
    ) {
        let words = text.split_whitespace().zip(&kept);
        let proposal: Vec<&str> =
            words.filter(|(_, kept)| **kept).map(|(word, _)| word).collect();
        if let Some(short) = shortened(text, &proposal.join(" ")) {
            let long = Side::read(text, "fr", None).names.words;
            let mut long = long.iter().map(|word| word.folded.clone());
            for word in Side::read(&short, "fr", None).names.words {
                prop_assert!(long.any(|own| own == word.folded), "{short}");
            }
            prop_assert!(short.len() < text.len());
        }
    }
}

#[test]
fn what_must_stay_stays_whatever_is_proposed() {
    for (text, kept) in SENTENCES.iter().zip(["selon la police", "n'a pas", "pourraient", "appris"])
    {
        let words: Vec<&str> = text.split_whitespace().collect();
        let mut n_shortened = 0;
        for start in 0..words.len() {
            for end in start + 1..=words.len() {
                let proposal = [&words[..start], &words[end..]].concat().join(" ");
                let Some(short) = shortened(text, &proposal) else { continue };
                assert!(short.contains(kept), "{short}");
                n_shortened += 1;
            }
        }
        assert!(n_shortened > 3, "{text}");
    }
}

fn retold(text: &str, telling: &str) -> Option<String> {
    Long { text: text.to_owned(), language: "fr", date: None }.retold(telling)
}

#[test]
fn slips_of_a_telling_are_the_sentence_again() {
    let own = "Une trentaine d'élus se réunissent mardi à Varenne pour parler de la digue.";
    let telling = "Trentaine d'élus réunissent à Varenne pour parler de la digue.";
    assert_eq!(retold(own, telling).as_deref(), Some(own));
    let own = "La ministre déléguée aux Ports, Claire Naudin, affirme que la digue tiendra.";
    let telling = "La ministre des Ports, Claire Naudin, affirme que la digue tiendra.";
    assert_eq!(retold(own, telling).as_deref(), Some(own));
}

#[test]
fn what_a_telling_leaves_out_is_left_out_of_the_sentence() {
    let short = retold(
        "La maire de Varenne, élue en 2020 avec le soutien du département, a présenté sa démission \
         au préfet lundi soir.",
        "La maire de Varenne a présenté sa démission au préfet lundi soir.",
    );
    let own = "La maire de Varenne a présenté sa démission au préfet lundi soir.";
    assert_eq!(short.as_deref(), Some(own));
}

#[test]
fn of_what_a_telling_says_otherwise_nothing_is_left_out() {
    let own = "Une trentaine de personnes ont été blessées mardi 11 mars au matin lorsque le train de 6 h 52 \
               a déraillé peu avant son arrivée à Varenne.";
    let telling = "Une trentaine de personnes ont été blessées mardi 11 mars quand le train de 6 h 52 a \
                   déraillé près de son arrivée à Varenne.";
    assert_eq!(retold(own, telling).as_deref(), Some(own));
    stays(
        own,
        "Une trentaine de personnes ont été blessées mardi 11 mars le train de 6 h 52 a déraillé peu \
                à Varenne.",
    );
}

#[test]
fn a_telling_of_its_own_is_let_alone() {
    let own = "Une trentaine d'élus se réunissent mardi à Varenne pour parler de la digue.";
    assert_eq!(retold(own, "La digue de Varenne inquiète, et des élus en parlent."), None);
    // What says little of a long sentence, and cannot be had from it by leaving out.
    let long = "Parce que la digue a cédé en trois points dans la nuit de lundi à mardi, les élus se \
                réunissent à la préfecture, où les attendent aussi les assureurs et l'armée.";
    assert_eq!(retold(long, "Les élus se réunissent."), None);
    // What hangs on the sentence before it.
    let hanging = "Elle a présenté sa démission au préfet lundi soir.";
    assert_eq!(retold(hanging, "La maire a présenté sa démission au préfet lundi soir."), None);
    let english = Long { text: own.to_owned(), language: "en", date: None };
    assert_eq!(english.retold(own), None);
}

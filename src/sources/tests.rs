use super::*;

fn align(sentence: &str, article: &[&str], lang: &str) -> Support {
    Index::new(article, lang).support(sentence)
}

const ARTICLE: [&str; 5] = [
    "Le maire de Sarrance, Paul Etchegaray, a inauguré mardi la nouvelle passerelle de bois.",
    "Longue de 42 mètres, elle franchit le gave et remplace le pont emporté par la crue de 2019.",
    "Les travaux ont coûté 310.000 euros, payés pour moitié par le département.",
    "Trois entreprises de la vallée ont travaillé pendant neuf mois.",
    "Les randonneurs, eux, attendent encore la réouverture du sentier.",
];

#[test]
fn a_sentence_of_the_article_is_extractive() {
    let same = "Toutefois, les randonneurs, eux, attendent encore la réouverture du sentier !";
    let support = align(same, &ARTICLE, "fr");
    assert_eq!(support, Support { source_idxs: vec![4], score: 1.0, status: Status::Extractive });
    let cut = align("Les randonneurs attendent la réouverture.", &ARTICLE, "fr");
    assert_eq!((cut.status, cut.source_idxs), (Status::Supported, vec![4]));
}

#[test]
fn two_sentences_are_found_the_better_first() {
    let both = "La passerelle inaugurée mardi par Paul Etchegaray a coûté 310 000 euros au maire.";
    let support = align(both, &ARTICLE, "fr");
    assert_eq!(support.source_idxs, [0, 2]);
    assert_eq!(support.status, Status::Supported);
    assert!(support.score > 0.9, "{support:?}");
}

#[test]
fn endings_and_figures_do_not_matter() {
    let support = align("L'entreprise travaillait 9 mois avec 3 autres.", &ARTICLE, "fr");
    assert_eq!(support.source_idxs, [3]);
    assert!(support.score > 0.9, "{support:?}");
}

#[test]
fn another_matter_is_unsupported() {
    let other = "La banque centrale relève ses taux d'un quart de point à Francfort.";
    let support = align(other, &ARTICLE, "fr");
    assert_eq!(support.status, Status::Unsupported);
    assert!(support.score < 0.2, "{support:?}");
}

#[test]
fn nothing_to_compare() {
    for (sentence, article) in [("", &ARTICLE[..]), ("Un maire.", &[][..]), ("…", &["…"][..])] {
        let support = align(sentence, article, "fr");
        assert_eq!((support.source_idxs.len(), support.status), (0, Status::Unsupported));
    }
}

#[test]
fn of_equal_sentences_the_first_is_named() {
    let article = ["Le pont est fermé.", "Le gave monte.", "Le pont, fermé."];
    assert_eq!(align("Un pont fermé", &article, "fr").source_idxs, [0]);
}

#[test]
fn english_sentences() {
    let article = ["The mayor opened the bridge on Tuesday.", "It cost three million euros."];
    let support = align("However, it cost three million euros.", &article, "en");
    assert_eq!((support.status, support.source_idxs), (Status::Extractive, vec![1]));
}

//! The rules of notes, on dispatches that are made up.

mod event;
mod rules;

use super::{Dossier, Source};
use crate::article::RawArticle;
use crate::clean;

/// An article as a note sees it: a title, a day, and paragraphs.
pub fn source(id: &str, title: &str, date: &str, paragraphs: &[&str]) -> Source {
    let text = format!("{title}\n\n{}\n", paragraphs.join("\n\n"));
    let raw = RawArticle::new(id, text);
    let mut source = Source::new(&raw, &clean::clean(&raw));
    source.title = Some(title.to_owned());
    source.date = date.parse().ok();
    source
}

/// Three articles on the closing of a bridge.
pub fn bridge() -> Vec<Source> {
    vec![
        source(
            "a.txt",
            "Le pont de Varenne fermé aux camions",
            "2025-03-11",
            &[
                "Le pont de Varenne a été fermé lundi aux camions, a annoncé la préfecture du Morvan. \
                 Des fissures ont été vues sur deux piles.",
                "« Nous ne prendrons aucun risque avec la vie des gens », a dit mardi à la presse le \
                 préfet Lucien Barrault. Un rapport sera rendu jeudi.",
                "La mairie n'a pas précisé combien de temps dureront les travaux.",
            ],
        ),
        source(
            "b.txt",
            "Varenne : un pont, trois mois de travaux",
            "2025-03-12",
            &[
                "Les travaux du pont de Varenne dureront trois mois et coûteront 1,4 million d'euros, \
                 selon la mairie.",
                "« Nous ne prendrons pas le moindre risque avec la vie des gens », a déclaré Lucien \
                 Barrault, ancien maire de la ville. « Personne ne passera », a-t-il ajouté.",
                "Le pont avait été construit en 1962. Depuis le mois de novembre, les riverains se \
                 plaignent du bruit.",
            ],
        ),
    ]
}

/// Those of [`bridge`] with their dossier.
pub fn with_bridge(test: impl Fn(&Dossier)) {
    let sources = bridge();
    test(&Dossier::new(&sources));
}

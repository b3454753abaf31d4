//! Which language a text is in.

use depeche::language::detect;

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

use super::*;
use crate::check::Severity;

fn found(source: &str, target: &str) -> Vec<Finding> {
    let (source, target) = (Side::read(source, "fr", None), Side::read(target, "en", None));
    compare(&source, &target, Relation::Translation)
}

fn messages(source: &str, target: &str) -> Vec<String> {
    found(source, target).into_iter().map(|f| f.message).collect()
}

#[test]
fn an_invented_name_is_found_in_one_language() {
    let source = Side::read("Le maire Paul Arnaud a reçu les élus à l'Elysée.", "fr", None);
    let good = Side::read("Paul Arnaud a été reçu à l'Élysée.", "fr", None);
    assert!(compare(&source, &good, Relation::Summary).is_empty());
    let bad = Side::read("Le maire Paul Durand a reçu les élus.", "fr", None);
    let findings = compare(&source, &bad, Relation::Summary);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Error);
    assert!(findings[0].message.contains("Durand"));
}

#[test]
fn spellings_of_the_two_languages_are_one_name() {
    let pairs = [
        (
            "Vladimir Poutine a parlé de l’Otan à Zaporijjia.",
            "Vladimir Putin spoke about NATO in Zaporizhzhia.",
        ),
        ("Les alliés de Kiev se réunissent à Varsovie.", "Kyiv's allies are meeting in Warsaw."),
        (
            "La « coalition des volontaires » se réunit.",
            "The “Coalition of the Willing” is meeting.",
        ),
        (
            "Khrouchtchev n’a pas connu Mouammar Kadhafi.",
            "Khrushchev did not know Muammar Gaddafi.",
        ),
        ("Le pape Jean-Paul II a reçu Élisabeth II.", "Pope John Paul II received Elizabeth II."),
        ("L’Agence internationale de l’énergie atomique se tait.", "The IAEA is silent."),
        (
            "Un Russe et deux Françaises ont été arrêtés.",
            "A Russian and two French women were arrested.",
        ),
        ("La République tchèque a gagné.", "Czechia won."),
    ];
    for (source, target) in pairs {
        assert_eq!(messages(source, target), [""; 0], "{target}");
    }
}

#[test]
fn a_name_that_became_another_is_an_error() {
    let findings = found("Le pont sur la Loue est fermé.", "The bridge over the Loire is closed.");
    assert_eq!(findings[0].message, "`Loue` became `Loire`");
    assert_eq!(findings[0].severity, Severity::Error);
    assert!(findings[0].source.is_some() && findings[0].target.is_some());
    assert_eq!(
        messages("Jean Dupont est mort hier.", "John Dupont died yesterday."),
        ["`Jean` became `John`"]
    );
}

#[test]
fn a_dropped_name_is_found() {
    let source = "La tournée est annulée depuis que le chanteur Marc Vasseur est blessé.";
    let target = "The tour is off since the singer was injured.";
    assert_eq!(messages(source, target), ["`Marc Vasseur` of the source is missing"]);
}

#[test]
fn a_changed_country_is_found() {
    let source = "L’émissaire américain a rencontré le président français Emmanuel Macron.";
    let target = "The French emissary met French President Emmanuel Macron.";
    assert_eq!(found(source, target)[0].kind, "nationality");
    let good = "The US emissary met French President Emmanuel Macron.";
    assert_eq!(messages(source, good), [""; 0]);
}

#[test]
fn offices_stay_with_their_persons() {
    let source = "Le chancelier Friedrich Merz a reçu l’ancien président Nicolas Sarkozy.";
    let good = "Chancellor Friedrich Merz received former president Nicolas Sarkozy.";
    assert_eq!(messages(source, good), [""; 0]);
    let findings = found(source, "Chancellor Friedrich Merz received President Nicolas Sarkozy.");
    assert_eq!((findings[0].kind, findings[0].severity), ("role", Severity::Error));
    let moved =
        found(source, "President Friedrich Merz received former president Nicolas Sarkozy.");
    assert_eq!(moved[0].kind, "role");
}

#[test]
fn every_line_of_the_lists_is_read() {
    for (form, lang) in
        [("Le Pirée", "fr"), ("U.S.", "en"), ("Cour suprême", "fr"), ("suisse", "fr")]
    {
        let index = Index::read(form, lang, &[]);
        assert!(index.mentions.iter().any(|m| !m.ids.is_empty()), "{form}");
    }
}

#[test]
fn odd_texts_do_not_panic() {
    for text in [
        "",
        "É",
        "’",
        "« »",
        "A.",
        "US$",
        "İstanbul",
        "e\u{301}le\u{301}phant",
        "Æ Œ ß ﬁ",
        "президент Путин",
    ] {
        found(text, text);
        found(text, "The President of France, Emmanuel Macron.");
        found("Le président de la France, Emmanuel Macron.", text);
    }
}

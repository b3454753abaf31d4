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
fn a_person_of_a_summary_keeps_the_first_name() {
    let text = "Le maire Paul Arnaud a reçu Vladimir Petrov. Brigitte Arnaud était là.";
    let source = Side::read(text, "fr", None);
    let found = |target, lang| {
        let target = Side::read(target, lang, None);
        let found = compare(&source, &target, Relation::Summary).into_iter();
        found.map(|f| (f.severity, f.message)).collect::<Vec<_>>()
    };
    let wrong = |told| vec![(Severity::Error, format!("`Paul Arnaud` became `{told}`"))];
    assert_eq!(found("Élise Arnaud a reçu les élus.", "fr"), wrong("Élise Arnaud"));
    assert_eq!(found("Le maire Élise Arnaud a reçu les élus.", "fr"), wrong("Élise Arnaud"));
    assert_eq!(found("Elise Arnaud received the councillors.", "en"), wrong("Elise Arnaud"));
    for (good, lang) in [
        ("Brigitte Arnaud était là.", "fr"),
        ("Selon Arnaud, rien ne change.", "fr"),
        ("Volodymyr Petrov was received.", "en"),
    ] {
        assert_eq!(found(good, lang), [], "{good}");
    }
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
fn one_vowel_makes_another_name() {
    for (source, target) in [
        (
            "Karim Ouali, soupçonné du meurtre, est introuvable.",
            "Karam Ouali, suspected of the murder, is missing.",
        ),
        (
            "Selon les enquêteurs, la maire Marina Costa avait tout signé.",
            "According to the investigators, the mayor Morina Costa had signed everything.",
        ),
    ] {
        assert_eq!(found(source, target).len(), 1, "{target}");
    }
    let same = found("Il a vu Youri Borissov à Homs.", "He saw Yuri Borisov in Homs.");
    assert!(same.is_empty(), "{same:?}");
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

#[test]
fn first_and_last_names_stay_together() {
    let source = "Jean Dupont et Marie Vasseur ont ouvert une boulangerie à Lyon.";
    let bad = "Jean Vasseur and Marie Dupont have opened a bakery in Lyon.";
    let findings = found(source, bad);
    assert_eq!(findings[0].message, "`Jean Vasseur` is two persons in the source");
    assert_eq!(findings[0].severity, Severity::Error);
    assert_eq!(messages(source, "Marie Vasseur and Jean Dupont opened a bakery in Lyon."), [""; 0]);
    let couple = "Jean Dupont et Marie Vasseur se sont mariés. Marie Dupont vit à Lyon.";
    assert_eq!(
        messages(couple, "Jean Dupont married Marie Vasseur. Marie Dupont lives in Lyon."),
        [""; 0]
    );
}

#[test]
fn who_does_what_to_whom_is_not_turned_round() {
    for (source, bad) in [
        ("Durand a battu Vasseur.", "Vasseur beat Durand."),
        (
            "Le maire Paul Durand accuse le préfet Luc Vasseur de mensonge.",
            "The prefect Luc Vasseur accuses the mayor Paul Durand of lying.",
        ),
        ("Hier, l’Espagne a largement dominé la Norvège.", "Yesterday, Norway easily beat Spain."),
    ] {
        let findings = found(source, bad);
        assert!(findings.iter().any(|f| f.message.contains("turned round")), "{bad}: {findings:?}");
        assert!(findings.iter().all(|f| f.severity != Severity::Error), "{findings:?}");
    }
    for (source, good) in [
        ("Durand a battu Vasseur.", "Vasseur was beaten by Durand."),
        ("Durand a battu Vasseur.", "Vasseur lost to Durand."),
        ("Durand a rencontré Vasseur.", "Vasseur met Durand."),
        ("Durand et Vasseur ont gagné.", "Vasseur and Durand have won."),
        ("Vasseur, que Durand a battu, est parti.", "Durand beat Vasseur, who has left."),
        ("L’Espagne a dominé la Norvège.", "Spain dominated Norway."),
        ("Le premier roman de Durand raconte Vasseur.", "Vasseur is told in Durand's first novel."),
    ] {
        let found = messages(source, good);
        assert!(!found.iter().any(|m| m.contains("turned round")), "{good}: {found:?}");
    }
}

#[test]
fn men_and_women_stay_so() {
    for (source, bad) in [
        ("Mme Dupont a démissionné.", "Mr Dupont has resigned."),
        ("M. Dupont a démissionné.", "Ms. Dupont has resigned."),
        ("La conductrice est indemne, a dit la police.", "He is unharmed, the police said."),
        ("« C’est fini », a-t-elle dit.", "“It is over,” he said."),
        ("Il a quitté la salle en criant.", "She left the room shouting."),
    ] {
        assert_eq!(found(source, bad)[0].kind, "role", "{bad}");
    }
    for (source, good) in [
        ("Mme Dupont et M. Dupont ont démissionné.", "Mr and Mrs Dupont have resigned."),
        ("Mme Dupont a démissionné.", "Ms Dupont has resigned."),
        ("La victime va mieux, elle est sortie.", "The victim is better and he has left."),
        ("Il faut que Marie vienne.", "She must come, Marie."),
        ("Sa femme a dit qu’il dormait.", "His wife said that he was asleep."),
        ("Il y a deux ans, la candidate a gagné.", "Two years ago, she won."),
    ] {
        let findings = found(source, good);
        assert!(!findings.iter().any(|f| f.kind == "role"), "{good}: {findings:?}");
    }
}

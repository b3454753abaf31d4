use super::*;

fn kept(text: &str) -> Vec<(Kind, String)> {
    find(text, &[]).into_iter().map(|item| (item.kind, item.text)).collect()
}

fn one(kind: Kind, text: &str) -> Vec<(Kind, String)> {
    vec![(kind, text.to_owned())]
}

#[test]
fn addresses() {
    for (text, kind, item) in [
        ("Lire https://exemple.fr/a?b=1&c=%20.", Kind::Url, "https://exemple.fr/a?b=1&c=%20"),
        ("(voir http://exemple.org/a_(b))", Kind::Url, "http://exemple.org/a_(b)"),
        ("sur www.exemple.fr, dit-il", Kind::Url, "www.exemple.fr"),
        ("le site service-public.fr, dit-il", Kind::Url, "service-public.fr"),
        ("à l'adresse impots.gouv.fr/portail.", Kind::Url, "impots.gouv.fr/portail"),
        ("Écrire à la.redaction+une@exemple.fr.", Kind::Email, "la.redaction+une@exemple.fr"),
        ("selon @Prefet_64, la route", Kind::Handle, "@Prefet_64"),
        ("(#Municipales2026)", Kind::Hashtag, "#Municipales2026"),
    ] {
        assert_eq!(kept(text), one(kind, item), "{text}");
    }
}

#[test]
fn emoji() {
    for (text, item) in [
        ("🇫🇷 La France", "🇫🇷"),
        ("Bravo 👩‍🚀👍🏽 !", "👩‍🚀👍🏽"),
        ("1️⃣ Premier point", "1️⃣"),
        ("🔴 🔴 EN DIRECT", "🔴 🔴"),
        ("Le drapeau 🏴󠁧󠁢󠁥󠁮󠁧󠁿 flotte", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"),
        ("Il aime ❤️ Pau", "❤️"),
    ] {
        assert_eq!(kept(text), one(Kind::Emoji, item), "{text}");
    }
}

#[test]
fn files_and_code() {
    for (text, kind, item) in [
        ("le fichier rapport-final_2.pdf.", Kind::File, "rapport-final_2.pdf"),
        ("dans /var/log/messages, dit-il", Kind::File, "/var/log/messages"),
        (r"ouvrir C:\Temp\a.txt maintenant", Kind::File, r"C:\Temp\a.txt"),
        ("la variable max_value compte", Kind::Code, "max_value"),
        ("appeler Vec::new() ici", Kind::Code, "Vec::new()"),
        ("taper `rm -rf x` ici", Kind::Code, "`rm -rf x`"),
        ("la faille CVE-2026-12345 inquiète", Kind::Code, "CVE-2026-12345"),
        ("l'option --dry-run existe", Kind::Code, "--dry-run"),
    ] {
        assert_eq!(kept(text), one(kind, item), "{text}");
    }
}

#[test]
fn prose_is_left_alone() {
    for text in [
        "Le 12.03.2026, 1.400 km et/ou 24/7, à 130 km/h : 3,5 % (12).",
        "C'est fini.Le maire part. M. Roy (LR), no 1, #1, J.-C., etc.",
        "Il a dit – enfin – « oui »… Et après ? L'U.E. et les États-Unis.",
        "12.03.26 * note © 2026 Agence™",
        "Le score de 6-3, 7-5 ; Paris-Nice, c.-à-d. mi-juin.",
    ] {
        assert_eq!(kept(text), [], "{text}");
    }
}

#[test]
fn terms_of_the_user() {
    let terms = ["Pôle d'Emploi".to_owned(), "Pôle".to_owned(), " ".to_owned()];
    let found = find("Pôle d’Emploi, le Pôle, Pôles, pôle", &terms);
    let texts: Vec<_> = found.iter().map(|item| item.text.as_str()).collect();
    assert_eq!(texts, ["Pôle d’Emploi", "Pôle"]);
}

#[test]
fn masked_and_restored() {
    let text = "🔴 Selon @AgenceX, voir https://exemple.fr/a.";
    let masked = Masked::new(text, &[]);
    assert_eq!(masked.text, "[[1]] Selon [[2]], voir [[3]].");
    assert_eq!(masked.restore(&masked.text), text);
    for answer in ["[1] By ⟦ 2 ⟧, see (3).", "[[1]] [[1]] By [[2]] , see {{3}}.", "【1】 [2 ]<3>"]
    {
        let restored = masked.restore(answer);
        assert_eq!(restored.matches("🔴").count(), 1, "{restored}");
        assert!(restored.contains("@AgenceX") && restored.contains("https://exemple.fr/a"));
        assert!(!restored.contains(['1', '2', '3']), "{restored}");
    }
    let rest = masked.restore("[[1]] By [[3]]");
    let lost: Vec<String> = verify(text, &rest, &[]).into_iter().map(|f| f.message).collect();
    assert_eq!(lost, ["`@AgenceX` of the source is missing"]);
}

#[test]
fn brackets_of_the_text_are_no_placeholders() {
    let text = "La note (1) et [2] sont de @AgenceX";
    let masked = Masked::new(text, &[]);
    assert_eq!(masked.text, "La note (1) et [2] sont de [[3]]");
    assert_eq!(masked.restore(&masked.text), text);
    for text in ["Voir le site (https://exemple.fr).", "([@AgenceX] et <https://exemple.fr/b>)"] {
        let masked = Masked::new(text, &[]);
        assert_eq!(masked.restore(&masked.text), text);
    }
    let plain = Masked::new("La note (1)", &[]);
    assert_eq!(plain.restore("The note (1)"), "The note (1)");
}

#[test]
fn opaque_texts() {
    assert!(is_opaque("https://exemple.fr/a 🔴 — @AgenceX", &[]));
    assert!(is_opaque("***", &[]));
    assert!(!is_opaque("Lire https://exemple.fr/a", &[]));
    assert!(is_opaque("Sud Ouest", &["Sud Ouest".to_owned()]));
}

#[test]
fn what_is_lost_is_an_error() {
    let source = "Selon @AgenceX ❤️ (@AgenceX), l’Agence d’Ici";
    let terms = ["Agence d'Ici".to_owned()];
    assert!(verify(source, "By @AgenceX ❤ the Agence d'Ici", &terms).is_empty());
    let findings = verify(source, "By @AgencyX ❤ the local agency", &terms);
    let messages: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
    let expected =
        ["`@AgenceX` of the source is missing", "`Agence d’Ici` of the source is missing"];
    assert_eq!(messages, expected);
    assert_eq!(findings[0].source.map(|span| span.of(source)), Some("@AgenceX"));
}

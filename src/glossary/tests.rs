use super::*;

fn glossary(text: &str) -> Glossary {
    let mut glossary = Glossary::new("fr", "en");
    glossary.add("own.tsv", text).expect("the file of the test is right");
    glossary
}

fn found<'t>(terms: &str, text: &'t str) -> Vec<&'t str> {
    glossary(terms).matches(text).iter().map(|m| m.span.of(text)).collect()
}

fn messages(terms: &str, source: &str, target: &str) -> Vec<String> {
    glossary(terms).verify(source, target).into_iter().map(|f| f.message).collect()
}

#[test]
fn formats_of_a_file() {
    for (name, text) in [
        ("a.tsv", "gendre\tson-in-law\n"),
        ("a.tsv", "\u{feff}# family\r\n\r\ngendre\tson-in-law\r\n"),
        ("a.csv", "gendre,son-in-law\n"),
        ("a.csv", "gendre;\"son-in-law\"\n"),
        ("a.csv", "source,target\n\"gendre\",\"son-in-law\""),
        ("a.csv", "en,de,fr\nson-in-law,Schwiegersohn,gendre\nniece,Nichte,\n"),
        ("a.csv", "EN-GB,FR\nson-in-law,gendre"),
        ("a.csv", "gendre,son-in-law,fr,en\ngendre,Schwiegersohn,fr,de\n"),
        ("a.txt", "gendre\tson-in-law"),
        ("a.txt", "gendre,son-in-law"),
    ] {
        let mut glossary = Glossary::new("fr", "en");
        assert_eq!(glossary.add(name, text), Ok(Vec::new()), "{text}");
        let entries: Vec<_> =
            glossary.entries().iter().map(|e| (e.source.as_str(), e.targets.join("|"))).collect();
        assert_eq!(entries, [("gendre", "son-in-law".to_owned())], "{text}");
    }
}

#[test]
fn quoted_fields() {
    let glossary = glossary_of_csv("\"dit \"\"Le Vieux\"\"\",\"called \"\"Old, Wise\"\"\"");
    assert_eq!(glossary.entries()[0].source, "dit \"Le Vieux\"");
    assert_eq!(glossary.entries()[0].targets, ["called \"Old, Wise\""]);
}

fn glossary_of_csv(text: &str) -> Glossary {
    let mut glossary = Glossary::new("fr", "en");
    glossary.add("own.csv", text).expect("the file of the test is right");
    glossary
}

#[test]
fn a_wrong_line_is_named_with_its_cure() {
    for (name, text, line, message) in [
        ("a.tsv", "neveu\tnephew\ngendre\n", 2, "line 2 of a.tsv has 1 column, not 2"),
        ("a.tsv", "a\tb\tc\n", 1, "line 1 of a.tsv has 3 columns, not 2"),
        ("a.tsv", "# x\ngendre\t \n", 2, "line 2 of a.tsv has no translation for `gendre`"),
        ("a.tsv", "\tson\n", 1, "line 1 of a.tsv has no term"),
        ("a.tsv", "!!\tson\n", 1, "line 1 of a.tsv: `!!` has no letter and no figure"),
        ("a.csv", "\"gendre,son\n", 1, "line 1 of a.csv has a quotation mark that is not closed"),
        ("a.csv", "fr,de\na,b\n", 1, "a.csv has no column for `en`; its columns are fr, de"),
    ] {
        let error = Glossary::new("fr", "en").add(name, text).expect_err(text);
        assert_eq!((error.line(), error.to_string().as_str()), (line, message));
        assert!(!error.hint().is_empty());
    }
}

#[test]
fn a_term_given_again() {
    let mut glossary = glossary("gendre\tson\n");
    let repeated = glossary.add("b.tsv", "gendre\ta\nneveu\tnephew\ngendre\tson-in-law\n");
    let repeated = repeated.expect("the file is right");
    assert_eq!(repeated[0].to_string(), "line 3 of b.tsv has `gendre` again, after line 1");
    assert_eq!(repeated.len(), 1);
    let targets: Vec<_> = glossary.entries().iter().map(|e| e.targets[0].as_str()).collect();
    assert_eq!(targets, ["nephew", "son-in-law"]);
}

#[test]
fn capitals() {
    let term = "cessez-le-feu\tceasefire";
    assert_eq!(found(term, "Cessez-le-feu à Brive."), ["Cessez-le-feu"]);
    assert_eq!(found(term, "Bilan : « Cessez‐le-feu » demandé"), ["Cessez‐le-feu"]);
    assert_eq!(found(term, "UN CESSEZ‑LE‑FEU TIENT"), ["CESSEZ‑LE‑FEU"]);
    assert!(found(term, "le groupe Cessez-le-feu").is_empty());
    let term = "Conseil d'État\tCouncil of State";
    assert_eq!(found(term, "Le Conseil d’Etat a tranché"), ["Conseil d’Etat"]);
    assert!(found(term, "un conseil d'État").is_empty());
    assert!(found("SAGE\tSAGE", "Il est sage, Sage").is_empty());
}

#[test]
fn number_gender_and_articles() {
    let term = "ministre délégué\tjunior minister";
    assert_eq!(found(term, "Les ministres déléguées partent"), ["ministres déléguées"]);
    let term = "procureur général\tprosecutor general";
    assert_eq!(found(term, "Deux procureurs généraux, procureure générale").len(), 1);
    let term = "le Quai d'Orsay\tthe Foreign Ministry";
    assert_eq!(found(term, "selon un communiqué du Quai d’Orsay"), ["du Quai d’Orsay"]);
    let term = "préfet\tprefect";
    assert_eq!(found(term, "l'ex-préfet et la préfète, le vice-préfet"), ["préfet", "préfète"]);
    assert!(found("marché\tmarket", "il marche, la marche").is_empty());
    assert!(found("armée\tarmy", "un conflit armé").is_empty());
}

#[test]
fn the_longer_term_is_found() {
    let terms = "chef\tchief\nchef d'état-major\tchief of staff\nétat-major\tstaff";
    assert_eq!(found(terms, "Le chef d’état‑major et son chef"), ["chef d’état‑major", "chef"]);
    let terms = "conseil de sécurité\ta\nsécurité des biens publics\tb";
    assert_eq!(
        found(terms, "conseil de sécurité des biens publics"),
        ["sécurité des biens publics"]
    );
}

#[test]
fn nothing_is_found_across_a_stop() {
    let terms = "garde à vue\tcustody\nC++\tC++";
    assert!(found("petite-fille\tgranddaughter", "une petite fille").is_empty());
    assert_eq!(found("garde à vue\tcustody", "la garde-à-vue"), ["garde-à-vue"]);
    assert!(found(terms, "Il monte la garde. À vue de nez. La garde, à vue.").is_empty());
    assert_eq!(found(terms, "écrit en C++, pas en C"), ["C++"]);
}

#[test]
fn a_translation_with_another_word() {
    let terms = "coalition des volontaires\tCoalition of the Willing";
    let source = "Mardi, la coalition des volontaires se réunit.";
    assert_eq!(
        messages(terms, source, "The coalition of volunteers meets."),
        ["`coalition des volontaires` should be `Coalition of the Willing`"]
    );
    let finding = glossary(terms).verify(source, "It meets.").remove(0);
    assert_eq!(finding.source.map(|span| span.of(source)), Some("coalition des volontaires"));
    assert_eq!(finding.severity, Severity::Error);
    assert!(messages(terms, source, "The Coalition of the Willing meets.").is_empty());
    assert_eq!(
        messages(terms, source, "The coalition of the willing meets."),
        ["`coalition of the willing` should be written `Coalition of the Willing`"]
    );
}

#[test]
fn forms_of_a_translation() {
    let terms = "gendre\tson-in-law\npréfet\tprefect\nchef d'État\thead of state";
    for target in ["Prefects met.", "the prefect's office", "THE PREFECT", "Le Prefect’s"] {
        assert!(messages(terms, "le préfet", target).is_empty(), "{target}");
    }
    assert!(messages(terms, "deux chefs d'État", "two heads of state").is_empty());
    assert!(messages(terms, "ses gendres", "his sons-in-law").is_empty());
    assert_eq!(messages(terms, "le préfet et le préfet", "the perfect").len(), 1);
}

#[test]
fn the_shipped_list() {
    let glossary = Glossary::shipped("fr", "en");
    assert!(glossary.entries().len() > 250);
    let n_lines = SHIPPED.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(glossary.entries().len(), n_lines, "a line is wrong or stands twice");
    let findings = glossary.verify("Son beau-fils est ministre.", "His brother is a minister.");
    assert_eq!(findings[0].message, "`beau-fils` should be `son-in-law`");
    assert_eq!(findings[0].severity, Severity::Warning);
    assert!(glossary.verify("Son beau-fils dort.", "His stepson sleeps.").is_empty());
    assert!(Glossary::shipped("en", "fr").entries().is_empty());
}

#[test]
fn the_users_term_stands_above_the_shipped_one() {
    let mut glossary = Glossary::shipped("fr", "en");
    glossary.add("own.tsv", "beau-fils\tstepson").expect("the file is right");
    let findings = glossary.verify("Son beau-fils dort.", "His son-in-law sleeps.");
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].severity, Severity::Error);
}

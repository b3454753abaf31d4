use jiff::civil::{Date, date};

use super::*;

fn found(source: &str, target: &str, day: Option<Date>, relation: Relation) -> Vec<Finding> {
    let (source, target) = (Side::read(source, "fr", day), Side::read(target, "en", day));
    compare(&source, &target, relation)
}

fn translated(source: &str, target: &str) -> Vec<Finding> {
    found(source, target, None, Relation::Translation)
}

fn alone_in(text: &str, day: Option<Date>) -> Vec<Finding> {
    alone(&Side::read(text, "fr", day))
}

#[test]
fn nearly_a_year_ago_is_no_coming_year() {
    let source = "Il y a quasiment un an, elle quittait la région.";
    let has_error = |target: &str| crate::check::has_error(&translated(source, target));
    assert!(!has_error("Nearly a year ago she left the region."));
    assert!(has_error("Next year she left the region."));
}

#[test]
fn a_day_is_not_told_by_a_year() {
    let source = "La mesure doit être appliquée dès le 1er septembre prochain.";
    let findings =
        translated(source, "The measure should apply by the end of September next year.");
    assert!(crate::check::has_error(&findings), "{findings:?}");
}

#[test]
fn what_is_told_alike_is_no_finding() {
    for (source, target) in [
        (
            "Il arrive mardi 6 janvier 2026 à 14h30.",
            "He arrives on Tuesday, January 6, 2026 at 2:30 p.m.",
        ),
        ("Il arrive à 14h30.", "He arrives at 2:30."),
        ("Le 06/01/2026, tout est prêt.", "On 01/06/2026, all is ready."),
        ("du 6 au 8 janvier", "from January 6 to 8"),
        ("dans les années 90", "in the 1990s"),
        ("les élections de 2017", "the 2017 elections"),
        ("il y a un an", "last year"),
        ("la veille au soir", "the evening before"),
        ("le 11-Septembre", "the 9/11 attacks"),
        ("l'après-11 septembre 2001", "the post-9/11 era"),
        ("dans les années 70 et 80", "in the 1970s and 1980s"),
        ("dans la nuit de dimanche", "on Saturday night"),
        (
            "Le pont, fermé en mars, rouvre en 2027.",
            "The bridge reopens in 2027; it closed in March.",
        ),
    ] {
        let findings = translated(source, target);
        assert!(findings.is_empty(), "{source} / {target}: {findings:?}");
    }
}

#[test]
fn what_was_altered_is_named_with_both_sides() {
    for (source, target, message) in [
        ("Le 6 janvier, il part.", "On February 6, he leaves.", "`6 janvier` became `February 6`"),
        ("Il part mardi.", "He leaves on Wednesday.", "`mardi` became `Wednesday`"),
        ("en 2019", "in 2009", "`2019` became `2009`"),
        ("Il part à 14h30.", "He leaves at 2:30 a.m.", "`14h30` became `2:30 a.m.`"),
        ("Il est parti hier.", "He leaves tomorrow.", "`hier` became `tomorrow`"),
        ("la semaine dernière", "next week", "`la semaine dernière` became `next week`"),
        ("il y a trois ans", "in three years", "`il y a trois ans` became `in three years`"),
        ("mardi matin", "Tuesday evening", "`mardi matin` became `Tuesday evening`"),
        ("les années 80", "the 1970s", "`les années 80` became `the 1970s`"),
    ] {
        let findings = translated(source, target);
        let messages: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(messages, [message], "{source}");
        assert_eq!(findings[0].severity, Severity::Error, "{source}");
        assert!(findings[0].source.is_some() && findings[0].target.is_some());
    }
}

#[test]
fn day_and_month_that_changed_places_are_told_so() {
    let findings = translated("le 6 janvier 2026", "June 1, 2026");
    assert!(findings[0].message.ends_with("day and month changed places"), "{findings:?}");
}

#[test]
fn what_is_missing_or_made_up() {
    let findings = translated("Il est élu le 6 janvier 2026.", "He was elected on January 6.");
    assert_eq!(findings[0].message, "`2026` of the source is missing");
    let findings = translated("Il est élu le 6 janvier.", "He was elected on January 6, 2026.");
    assert_eq!(findings[0].message, "`2026` is not in the source");
    assert_eq!(findings[0].severity, Severity::Error);
    let findings = translated("Il est élu mardi.", "He was elected.");
    assert_eq!(findings[0].severity, Severity::Warning);
}

#[test]
fn one_date_told_twice_hides_no_other() {
    let findings = translated("entre lundi et mardi", "between Monday and Monday");
    assert_eq!(findings[0].message, "`mardi` became `Monday`");
}

#[test]
fn parts_of_two_dates_do_not_make_a_third() {
    let source = "du 6 janvier au 8 février";
    let findings = translated(source, "from January 8 to February 6");
    assert_eq!(findings.len(), 2, "{findings:?}");
}

#[test]
fn the_day_of_the_article_tells_what_lundi_is() {
    let day = Some(date(2026, 1, 7));
    let right = found("Il a parlé mardi.", "He spoke on January 6.", day, Relation::Translation);
    assert!(right.is_empty(), "{right:?}");
    let wrong = found("Il a parlé mardi.", "He spoke on January 5.", day, Relation::Translation);
    assert!(super::super::has_error(&wrong), "{wrong:?}");
    let right = found("Il a parlé hier.", "He spoke on Tuesday.", day, Relation::Translation);
    assert!(right.is_empty(), "{right:?}");
}

#[test]
fn a_summary_may_leave_out_but_not_add() {
    let source = "Le sommet, prévu en mars, se tient le 6 janvier à Lyon.";
    assert!(found(source, "It is held in Lyon.", None, Relation::Summary).is_empty());
    let findings = found(source, "It is held on 7 January.", None, Relation::Summary);
    assert_eq!(findings[0].message, "`6 janvier` became `7 January`");
}

#[test]
fn a_time_that_is_meant_otherwise() {
    for (source, target, wanted) in [
        ("Prêt d'ici 2030.", "Ready since 2030.", Some(Severity::Error)),
        ("Prêt d'ici à 2030.", "Ready in 2030.", Some(Severity::Warning)),
        ("Prêt d'ici 2030.", "Ready by 2030.", None),
        ("Il vit là jusqu'en 2010.", "He lives there since 2010.", Some(Severity::Error)),
        ("Il vit là depuis 2010.", "He lived there until 2010.", Some(Severity::Error)),
        ("Il part avant lundi.", "He leaves after Monday.", Some(Severity::Error)),
        ("Il part dès lundi.", "He leaves on Monday.", None),
        ("Il ne part pas avant lundi.", "He does not leave until Monday.", None),
        ("Il ouvre à partir de 10 heures.", "It opens at 10 o'clock.", Some(Severity::Warning)),
        ("Il ouvre à partir de 10 heures.", "It opens from 10 o'clock.", None),
    ] {
        let findings = translated(source, target);
        assert_eq!(findings.first().map(|f| f.severity), wanted, "{target}: {findings:?}");
    }
}

#[test]
fn the_ends_of_a_span_keep_their_places() {
    let findings = translated("ouvert de lundi à vendredi", "open from Friday to Monday");
    assert_eq!(findings[0].message, "`lundi` and `vendredi` changed places");
    assert!(translated("ouvert de lundi à vendredi", "open from Monday to Friday").is_empty());
}

#[test]
fn the_weekday_of_a_date_may_be_left_out_but_not_be_wrong() {
    let severity = |source, target| translated(source, target).first().map(|f| f.severity);
    assert_eq!(severity("Mardi 6 janvier 2026", "January 6, 2026"), Some(Severity::Note));
    assert_eq!(severity("Le 6 janvier 2026", "Tuesday, January 6, 2026"), Some(Severity::Note));
    assert_eq!(severity("Le 6 janvier 2026", "Monday, January 6, 2026"), Some(Severity::Error));
}

#[test]
fn feasts_are_compared() {
    assert!(translated("Il vient à Noël.", "He comes at Christmas.").is_empty());
    assert!(translated("Il vient à Noël.", "He comes on December 25.").is_empty());
    assert!(translated("le 14-Juillet", "Bastille Day").is_empty());
    assert!(!translated("Il vient à Noël.", "He comes at Easter.").is_empty());
    assert!(!translated("à Pâques 2026", "at Easter 2027").is_empty());
}

#[test]
fn the_calendar_refutes() {
    let findings = alone_in("Réunis à Lyon mardi 5 janvier 2026, ils ont signé.", None);
    assert_eq!(findings[0].message, "5 January 2026 was a Monday, not `mardi`");
    assert!(alone_in("mardi 6 janvier 2026 et le 29 février 2024", None).is_empty());
    assert_eq!(alone_in("le 31 avril", None).len(), 1);
    let findings = alone_in("mardi 5 janvier", Some(date(2026, 1, 7)));
    assert_eq!(findings[0].severity, Severity::Warning);
}

#[test]
fn two_figures_are_a_year_only_where_they_are_written_as_one() {
    let source = "Le 12 mai, le pont a fermé ; on compte 24 blessés.";
    let told = |english| found(source, english, None, Relation::Translation);
    assert!(super::super::has_error(&told("On May 12, 2012, the bridge closed; 24 are injured.")));
    assert!(super::super::has_error(&told("On May 12, 2024, the bridge closed; 24 are injured.")));
    let short =
        found("La crise de mai '68.", "The crisis of May 1968.", None, Relation::Translation);
    assert!(short.is_empty(), "{short:?}");
}

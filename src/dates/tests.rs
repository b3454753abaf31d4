use jiff::civil::{Date, Weekday, date};

use super::*;

fn one(text: &str, lang: &str) -> Time {
    let times = find(text, lang);
    assert_eq!(times.len(), 1, "{text}: {times:?}");
    times.first().copied().unwrap_or_default()
}

fn words<'t>(text: &'t str, lang: &str) -> Vec<&'t str> {
    find(text, lang).iter().map(|time| time.span.of(text)).collect()
}

#[test]
fn full_dates_of_both_languages() {
    let french = ["mardi 6 janvier 2026", "Mardi, le 6\u{a0}janvier\u{202f}2026"];
    let english =
        ["Tuesday, January 6, 2026", "Tue., 6 Jan. 2026", "Tuesday the 6th of January 2026"];
    let texts = french.map(|t| (t, "fr")).into_iter().chain(english.map(|t| (t, "en")));
    for (text, lang) in texts {
        let time = one(text, lang);
        assert_eq!((time.year, time.month, time.day), (Some(2026), Some(1), Some(6)), "{text}");
        assert_eq!(time.weekday, Some(Weekday::Tuesday), "{text}");
        assert_eq!(time.span, Span::new(0, text.len()), "{text}");
    }
}

#[test]
fn figures_put_the_day_first_in_french_and_either_in_english() {
    let french = one("06/01/2026", "fr");
    assert_eq!((french.month, french.day, french.may_swap), (Some(1), Some(6), false));
    let english = one("06/01/2026", "en");
    assert_eq!((english.month, english.day, english.may_swap), (Some(6), Some(1), true));
    assert!(!one("2026-01-06", "en").may_swap);
}

#[test]
fn accents_may_stand_apart() {
    assert_eq!(one("le 3 fe\u{301}vrier", "fr").month, Some(2));
}

#[test]
fn lists_give_one_time_a_day() {
    assert_eq!(words("du 6 au 8 janvier 2026", "fr"), ["6", "8 janvier 2026"]);
    let days: Vec<_> = find("on March 3 and 4, 2021", "en").iter().map(|t| t.day).collect();
    assert_eq!(days, [Some(3), Some(4)]);
}

#[test]
fn a_year_at_the_end_is_of_both_months() {
    for (text, lang) in [("de janvier à avril 2015", "fr"), ("between June and August 1992", "en")]
    {
        let times = find(text, lang);
        assert_eq!(times.len(), 2, "{text}");
        assert_eq!(times.first().map(|t| t.year), times.last().map(|t| t.year), "{text}");
    }
    let over_the_new_year = find("from December to February 2015", "en");
    assert_eq!(over_the_new_year.first().map(|time| time.year), Some(None));
}

#[test]
fn earlier_and_later_are_edges() {
    let french = one("plus tôt dans la semaine", "fr");
    let english = one("earlier this week", "en");
    assert_eq!((french.edge, french.shift), (english.edge, english.shift));
    assert_eq!(one("later this year", "en").edge, Some(Edge::Late));
}

#[test]
fn years_need_a_place_for_years() {
    assert_eq!(
        words("en 2019, depuis 2015 (2012), fin 2023", "fr"),
        ["2019", "2015", "2012", "fin 2023"]
    );
    assert!(words("2019 personnes, 2 019 euros, 2050 $", "fr").is_empty());
    assert_eq!(words("the 2018 elections, with 2018 people", "en"), ["2018"]);
}

#[test]
fn words_that_only_look_like_times() {
    assert!(words("la planète Mars a été vue ; il avait été élu par sept voix", "fr").is_empty());
    assert!(
        words("He may march; Theresa May left the Sunday Times in its twenties", "en").is_empty()
    );
    assert!(words("les 35 heures, 24h/24, en 2h30, 3h de route", "fr").is_empty());
}

#[test]
fn clock_times() {
    let minutes = |text: &str, lang| one(text, lang).clock.map(|c| (c.minutes, c.is_half_day));
    for text in ["14h30", "14 h 30", "14:30"] {
        assert_eq!(minutes(text, "fr"), Some((870, false)), "{text}");
    }
    assert_eq!(minutes("2:30 p.m.", "en"), Some((870, false)));
    assert_eq!(minutes("2:30", "en"), Some((150, true)));
    assert_eq!(minutes("8 heures du soir", "fr"), Some((1200, false)));
    assert_eq!(minutes("noon", "en"), Some((720, false)));
}

#[test]
fn clock_times_in_words() {
    let minutes = |text: &str, lang| one(text, lang).clock.map(|clock| clock.minutes);
    for (text, lang, expected) in [
        ("à vingt heures", "fr", 1200),
        ("à sept heures et demie", "fr", 450),
        ("à sept heures moins le quart", "fr", 405),
        ("midi et quart", "fr", 735),
        ("half past seven", "en", 450),
        ("a quarter to seven", "en", 405),
        ("20 minutes past eight in the evening", "en", 1220),
        ("1140 a.m.", "en", 700),
    ] {
        assert_eq!(minutes(text, lang), Some(expected), "{text}");
    }
    assert!(find("il fait 37.1 in the morning", "en")[0].clock.is_none());
    assert!(find("à une heure et demie de route", "fr").is_empty());
    assert!(find("vers 2 heures d'attente", "fr").is_empty());
}

#[test]
fn feasts_and_short_forms() {
    let day = |text: &str, lang| {
        one(text, lang).resolve(Some(date(2026, 1, 7))).first().map(|days| days.first)
    };
    for (text, lang, expected) in [
        ("Pâques 2024", "fr", date(2024, 3, 31)),
        ("le lundi de Pâques 2024", "fr", date(2024, 4, 1)),
        ("Christmas Eve 2025", "en", date(2025, 12, 24)),
        ("Noël", "fr", date(2025, 12, 25)),
        ("06/01/26", "fr", date(2026, 1, 6)),
        ("03rd Jan 2019", "en", date(2019, 1, 3)),
        ("14 nov 2023", "en", date(2023, 11, 14)),
        ("23/Sep/2020", "en", date(2020, 9, 23)),
        ("20161016", "fr", date(2016, 10, 16)),
        ("Q3 2019", "en", date(2019, 7, 1)),
        ("la fin de l'année dernière", "fr", date(2025, 1, 1)),
    ] {
        assert_eq!(day(text, lang), Some(expected), "{text}");
    }
    assert!(find("le père Noël et l'île de Pâques", "fr").is_empty());
}

#[test]
fn shifts_keep_their_count_out_of_their_own_words() {
    let text = "il y a trois ans";
    let time = one(text, "fr");
    assert_eq!((time.span.of(text), time.whole.of(text)), ("il y a", text));
    assert_eq!(time.shift, Some(Shift { unit: Unit::Year, n: -3, is_vague: false }));
    assert_eq!(one("three years ago", "en").shift, time.shift);
    assert_eq!(one("la semaine dernière", "fr").shift, one("last week", "en").shift);
}

#[test]
fn the_calendar_tells_what_is_meant() {
    let written = Some(date(2026, 1, 7));
    let first = |text: &str| one(text, "fr").resolve(written).first().map(|days| days.first);
    let cases: [(&str, Date); 7] = [
        ("hier", date(2026, 1, 6)),
        ("lundi", date(2026, 1, 5)),
        ("jeudi prochain", date(2026, 1, 8)),
        ("la semaine dernière", date(2025, 12, 29)),
        ("le 20 décembre", date(2025, 12, 20)),
        ("en 2019", date(2019, 1, 1)),
        ("l'an dernier", date(2025, 1, 1)),
    ];
    for (text, expected) in cases {
        assert_eq!(first(text), Some(expected), "{text}");
    }
    assert!(one("hier", "fr").resolve(None).is_empty());
}

#[test]
fn strange_texts_do_no_harm() {
    for text in
        ["", "’", "é", "3\u{301}", "99/99/9999", "1er er", "h30", "\u{202f}6 janvier\u{202f}"]
    {
        for lang in ["fr", "en", "de", "es", "it", "xx"] {
            for time in find(text, lang) {
                assert!(!time.span.of(text).is_empty());
            }
        }
    }
}

/// A time as `golden.txt` writes it.
fn written(time: &Time, text: &str) -> String {
    let figures = |n: Option<i8>| n.map(|n| format!("{n:02}"));
    let year = time.year.map(|year| year.to_string());
    let day = [year, figures(time.month), figures(time.day)];
    let day: Vec<String> = day.into_iter().flatten().collect();
    let shift = time.shift.map(|shift| {
        let vague = if shift.is_vague { "~" } else { "" };
        format!("{vague}{:?}{:+}", shift.unit, shift.n).to_lowercase()
    });
    let lower = |name: String| name.to_lowercase();
    let clock = time.clock.map(|clock| {
        let half = if clock.is_half_day { " half-day" } else { "" };
        format!("{}:{:02}{half}", clock.minutes / 60, clock.minutes % 60)
    });
    let parts = [
        (!day.is_empty()).then(|| day.join("-")),
        time.decade.map(|decade| format!("{decade}s")),
        time.weekday.map(|weekday| format!("{weekday:?}")),
        shift,
        time.part.map(|part| lower(format!("{part:?}"))),
        time.season.map(|season| lower(format!("{season:?}"))),
        time.quarter.map(|quarter| format!("Q{quarter}")),
        time.edge.map(|edge| lower(format!("{edge:?}"))),
        time.holiday.map(|_| "feast".to_owned()),
        clock,
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    format!("{} = {}", time.span.of(text), parts.join(" "))
}

#[test]
fn the_golden_list_is_read() {
    let lines = include_str!("golden.txt").lines().filter(|line| !line.starts_with('#'));
    for line in lines {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [lang, text, wanted] = cells[..] else { panic!("three cells: {line}") };
        let read: Vec<String> = find(text, lang).iter().map(|time| written(time, text)).collect();
        assert_eq!(read.join("; "), wanted, "{lang}: {text}");
    }
}

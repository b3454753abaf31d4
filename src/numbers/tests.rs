use super::*;

/// A number as `golden.txt` writes it.
fn written(quantity: &Quantity) -> String {
    let value = (quantity.value * 1e4).round() / 1e4;
    let unit = quantity.unit.map_or("", |unit| unit.name);
    let form = match quantity.form {
        Form::Cardinal => "",
        Form::Ordinal => "ordinal",
        Form::Fraction => "fraction",
        Form::Multiple => "multiple",
        Form::Decade => "decade",
        Form::Name => "name",
        Form::Article => "article",
    };
    let bound = match quantity.bound {
        Bound::Exact => "",
        Bound::About => "about",
        Bound::Nearly => "nearly",
        Bound::AtLeast => "at-least",
        Bound::AtMost => "at-most",
        Bound::Magnitude => "magnitude",
        Bound::From => "from",
        Bound::To => "to",
    };
    let parts = [&value.to_string(), unit, form, bound];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[test]
fn the_golden_list_is_read() {
    let lines = include_str!("golden.txt").lines().filter(|line| !line.starts_with('#'));
    let mut n_cases = 0;
    for line in lines {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [language, text, wanted] = cells[..] else { panic!("three cells: {line}") };
        let read: Vec<String> = find(text, language, &[]).iter().map(written).collect();
        assert_eq!(read.join(", "), wanted, "{text}");
        n_cases += 1;
    }
    assert!(n_cases > 25, "{n_cases}");
}

#[test]
fn a_span_holds_the_number_with_its_unit() {
    let text = "Coût : 3,5 milliards d'euros.";
    let found = find(text, "fr", &[]);
    assert_eq!(found[0].number.of(text), "3,5 milliards");
    assert_eq!(found[0].span.of(text), "3,5 milliards d'euros");
}

#[test]
fn words_that_belong_to_dates_are_no_numbers() {
    let text = "Le 6 janvier, 6 personnes";
    let found = find(text, "fr", &[Span::new(3, 12)]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].span.start, 14);
}

#[test]
fn figures_may_have_a_second_reading() {
    let found = find("1,400 km", "fr", &[]);
    assert_eq!((found[0].value, found[0].also), (1.4, Some(1400.0)));
    assert_eq!(find("1,400 km", "en", &[])[0].also, None);
    assert_eq!(find("1.400 km", "fr", &[])[0].also, None);
}

#[test]
fn thin_and_hard_spaces_group_and_accents_may_be_decomposed() {
    let values = |text: &str| find(text, "fr", &[]).iter().map(|q| q.value).collect::<Vec<_>>();
    assert_eq!(values("1\u{202f}081\u{a0}219"), [1_081_219.0]);
    assert_eq!(values("deuxie\u{300}me et zero"), [2.0, 0.0]);
}

#[test]
fn no_text_breaks_the_reader() {
    for text in
        ["", "½", "- % $ €", "un", "a", "1/", "et demi", "5h", ".", ",5", "𝟙𝟚", "XIXe", "$", "１２"]
    {
        for language in ["fr", "en", "de"] {
            find(text, language, &[]);
        }
    }
}

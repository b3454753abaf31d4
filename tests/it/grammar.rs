//! How much of the numbers, dates and times of a public set of expressions is read, by value.
//!
//! The set is not part of this repository. A folder that holds files
//! `recognizers_text.LANGUAGE.MODEL.jsonl` is named in `DEPECHE_GRAMMAR_DATA`: one text a line, with
//! `Input`, `Context.ReferenceDateTime`, and `Results` with `Text`, `Start`, `TypeName` and
//! `Resolution`. `DEPECHE_GRAMMAR_SHOW` names a kind (`fr date`) of which all misses are printed.
//!
//! Much of the set is said to assistants and never printed (`11ish`, `Sep-23-2020`). A folder with news
//! in `news.fr.txt` and `news.en.txt`, named in `DEPECHE_GRAMMAR_NEWS`, narrows it to expressions whose
//! shape stands in that news too, with other figures, numerals, months and days of the week. Bare units
//! (`partner of the month`) name no time and are left out then.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use depeche::article::Span;
use depeche::dates::{self, Days, Time};
use depeche::numbers::{self, Bound, Form, Quantity};
use jiff::civil::Date;
use regex::Regex;
use serde_json::Value;

use crate::peers::path_in;

/// Of the texts of one kind: how many are expected, are read at their place, and with their value.
#[derive(Default)]
struct Count {
    wanted: usize,
    found: usize,
    right: usize,
}

/// What the library reads in one text.
struct Reading<'t> {
    text: &'t str,
    written: Option<Date>,
    times: Vec<Time>,
    numbers: Vec<Quantity>,
}

#[derive(Default)]
struct Counts {
    kinds: BTreeMap<String, Count>,
    /// What was read, and how much of it is expected.
    read: BTreeMap<String, (usize, usize)>,
}

/// The least that must be read with the right value, in hundredths.
const FLOORS: &[(&str, usize)] = &[
    ("en age", 98),
    ("en currency", 89),
    ("en date", 67),
    ("en daterange", 60),
    ("en dimension", 91),
    ("en duration", 72),
    ("en number", 57),
    ("en numberrange", 95),
    ("en ordinal", 94),
    ("en temperature", 95),
    ("en time", 72),
    ("fr age", 98),
    ("fr currency", 97),
    ("fr date", 72),
    ("fr daterange", 68),
    ("fr dimension", 98),
    ("fr duration", 77),
    ("fr number", 63),
    ("fr numberrange", 96),
    ("fr ordinal", 87),
    ("fr percentage", 92),
    ("fr temperature", 96),
    ("fr time", 77),
];

#[test]
fn expressions_are_read_by_value() {
    let Some(folder) = path_in("DEPECHE_GRAMMAR_DATA") else { return };
    let mut counts = Counts::default();
    let news = std::env::var_os("DEPECHE_GRAMMAR_NEWS").map(PathBuf::from);
    for lang in ["fr", "en"] {
        let shapes = news.as_ref().map(|news| Shapes::in_news(news, lang));
        for model in [
            "DateTime.DateTimeModel",
            "Number.NumberModel",
            "Number.OrdinalModel",
            "Number.PercentModel",
            "Number.NumberRangeModel",
            "NumberWithUnit.AgeModel",
            "NumberWithUnit.CurrencyModel",
            "NumberWithUnit.DimensionModel",
            "NumberWithUnit.TemperatureModel",
        ] {
            count(&folder, lang, model, shapes.as_ref(), &mut counts);
        }
    }
    counts.print();
    assert!(counts.kinds.values().map(|count| count.wanted).sum::<usize>() > 1000);
    if news.is_some() {
        return;
    }
    for (kind, floor) in FLOORS {
        let right = counts.kinds.get(*kind).map_or(0, |count| count.percent(count.right));
        assert!(right >= *floor, "{kind}: {right} of a hundred, not {floor}");
    }
}

impl Count {
    fn percent(&self, part: usize) -> usize {
        (part * 1000 / self.wanted.max(1)).div_ceil(10)
    }
}

impl Counts {
    fn print(&self) {
        eprintln!("{:30} {:>6} {:>6} {:>6}", "kind", "wanted", "found", "right");
        for (kind, count) in &self.kinds {
            let (found, right) = (count.percent(count.found), count.percent(count.right));
            eprintln!("{kind:30} {:6} {found:5}% {right:5}%", count.wanted);
        }
        for (file, (read, expected)) in &self.read {
            let percent = 100.0 * *expected as f64 / (*read).max(1) as f64;
            eprintln!("of {read:5} read in {file:32} {percent:5.1}% are expected");
        }
    }
}

fn count(folder: &Path, lang: &str, model: &str, news: Option<&Shapes>, counts: &mut Counts) {
    let file = format!("recognizers_text.{lang}.{model}.jsonl");
    let lines = std::fs::read_to_string(folder.join(&file)).unwrap();
    let show = std::env::var("DEPECHE_GRAMMAR_SHOW").unwrap_or_default();
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        let text = case["Input"].as_str().unwrap();
        let results: Vec<&Value> = case["Results"].as_array().unwrap().iter().collect();
        let places: Vec<Span> = results.iter().map(|result| place(text, result)).collect();
        let reading = Reading::of(text, lang, &case);
        for (result, place) in results.iter().zip(&places) {
            let Some(kind) = kind(result, lang, model) else { continue };
            let expression = place.of(text);
            let is_news = |news: &Shapes| news.hold(expression, lang) && !is_bare_unit(expression);
            if !news.is_none_or(is_news) {
                continue;
            }
            let (found, right) = reading.judge(result, *place, lang);
            let count = counts.kinds.entry(kind.clone()).or_default();
            count.wanted += 1;
            count.found += usize::from(found);
            count.right += usize::from(right);
            if kind == show && !right {
                eprintln!("{} | {text} | {}", place.of(text), reading.shown(*place));
            }
        }
        let read = counts.read.entry(format!("{lang} {model}")).or_default();
        let spans = reading.spans(model.starts_with("DateTime"));
        read.0 += spans.len();
        read.1 += spans.iter().filter(|span| places.iter().any(|p| overlap(**span, *p))).count();
    }
}

/// The news of one language, with figures, numerals, months and days of the week made alike.
struct Shapes(String);

impl Shapes {
    fn in_news(folder: &Path, lang: &str) -> Self {
        let news = std::fs::read_to_string(folder.join(format!("news.{lang}.txt"))).unwrap();
        Self(shape(&news, lang))
    }

    fn hold(&self, expression: &str, lang: &str) -> bool {
        let shape = shape(expression, lang);
        let is_free = |at: usize| {
            let before = self.0[..at].chars().next_back();
            let after = self.0[at + shape.len()..].chars().next();
            !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
        };
        self.0.match_indices(&shape).any(|(at, _)| is_free(at))
    }
}

/// A text in small letters with its figures, numerals, months and days alike: `le 17 mars` is
/// `le 00 month`.
fn shape(text: &str, lang: &str) -> String {
    let text = text.trim().to_lowercase().replace('’', "'");
    let words = Regex::new(r"\p{L}[\p{L}\p{M}]*|\d|\s+").unwrap();
    let alike = words.replace_all(&text, |word: &regex::Captures| match &word[0] {
        space if space.starts_with(char::is_whitespace) => " ".to_owned(),
        digit if digit.starts_with(|c: char| c.is_ascii_digit()) => "0".to_owned(),
        word => like(word, lang).to_owned(),
    });
    alike.into_owned()
}

/// `the month` of `partner of the month`, which names no time.
fn is_bare_unit(expression: &str) -> bool {
    let small = expression.to_lowercase().replace('’', "'");
    let articles = ["le ", "la ", "l'", "the "];
    let unit = articles.iter().find_map(|article| small.strip_prefix(article)).unwrap_or(&small);
    BARE_UNITS.split(' ').any(|known| known == unit)
}

const BARE_UNITS: &str = "heure jour journée semaine mois année hour day week month year";

fn like<'w>(word: &'w str, lang: &str) -> &'w str {
    let (months, weekdays, numerals) = match lang {
        "fr" => (FRENCH_MONTHS, FRENCH_WEEKDAYS, FRENCH_NUMERALS),
        _ => (ENGLISH_MONTHS, ENGLISH_WEEKDAYS, ENGLISH_NUMERALS),
    };
    let is_in = |list: &str| list.split(' ').any(|known| known == word);
    match word {
        _ if is_in(months) => "month",
        _ if is_in(weekdays) => "weekday",
        _ if is_in(numerals) => "numeral",
        _ => word,
    }
}

const FRENCH_MONTHS: &str =
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre";
const ENGLISH_MONTHS: &str = "january february march april may june july august september october \
                              november december";
const FRENCH_WEEKDAYS: &str = "lundi mardi mercredi jeudi vendredi samedi dimanche";
const ENGLISH_WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday";
const FRENCH_NUMERALS: &str = "deux trois quatre cinq six sept huit neuf dix onze douze treize \
                               quatorze quinze seize vingt trente quarante cinquante soixante";
const ENGLISH_NUMERALS: &str = "two three four five six seven eight nine ten eleven twelve thirteen \
                                fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty \
                                forty fifty sixty seventy eighty ninety";

/// `fr date`, `en currency`; nothing for relative ordinals, time zones and results without a kind.
fn kind(result: &Value, lang: &str, model: &str) -> Option<String> {
    let name = result["TypeName"].as_str()?.trim_start_matches("datetimeV2.");
    let name = if model.starts_with("Number.Percent") { "percentage" } else { name };
    let is_value = result["Resolution"]["value"].is_string();
    let is_time = result["Resolution"]["values"].is_array();
    let is_judged = !matches!(name, "ordinal.relative" | "timezone") && (is_value || is_time);
    is_judged.then(|| format!("{lang} {name}"))
}

/// Where a result stands; its `Start` counts characters.
fn place(text: &str, result: &Value) -> Span {
    let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    let start = result["Start"].as_u64().unwrap_or(0) as usize;
    let length = result["Text"].as_str().unwrap_or_default().chars().count();
    Span::new(byte(start), byte(start + length))
}

fn overlap(a: Span, b: Span) -> bool {
    a.start < b.end && b.start < a.end
}

impl<'t> Reading<'t> {
    fn of(text: &'t str, lang: &str, case: &Value) -> Self {
        let times = dates::find(text, lang);
        let taken: Vec<Span> = times.iter().map(|time| time.span).collect();
        let numbers = numbers::find(text, lang, &taken);
        let day = case["Context"]["ReferenceDateTime"].as_str().unwrap_or_default();
        let written = day.get(..10).and_then(|day| day.parse().ok());
        Self { text, written, times, numbers }
    }

    fn spans(&self, of_times: bool) -> Vec<Span> {
        if of_times {
            return self.times.iter().map(|time| time.whole).collect();
        }
        let is_number = |number: &&Quantity| number.form != Form::Article;
        self.numbers.iter().filter(is_number).map(|number| number.span).collect()
    }

    fn shown(&self, place: Span) -> String {
        let times = self.times.iter().filter(|time| overlap(time.whole, place));
        let times: Vec<String> = times.map(|time| time.whole.of(self.text).to_owned()).collect();
        let numbers = self.numbers.iter().filter(|number| overlap(number.span, place));
        let numbers: Vec<f64> = numbers.map(|number| number.value).collect();
        format!("{times:?} {numbers:?}")
    }

    /// Whether something is read there, and whether it has the value.
    fn judge(&self, result: &Value, place: Span, lang: &str) -> (bool, bool) {
        let times: Vec<&Time> = self.times.iter().filter(|t| overlap(t.whole, place)).collect();
        let numbers: Vec<&Quantity> =
            self.numbers.iter().filter(|n| overlap(n.span, place)).collect();
        let resolution = &result["Resolution"];
        let Some(values) = resolution["values"].as_array() else {
            let wanted = ends(resolution["value"].as_str().unwrap_or_default(), lang);
            let has = |value: &f64| numbers.iter().any(|number| is_of(number, *value));
            return (!numbers.is_empty(), !numbers.is_empty() && wanted.iter().all(has));
        };
        let found = !times.is_empty() || numbers.iter().any(|number| seconds(number).is_some());
        (found, found && values.iter().any(|value| self.is_right(value, &times, &numbers)))
    }

    fn is_right(&self, value: &Value, times: &[&Time], numbers: &[&Quantity]) -> bool {
        let text = |key: &str| value[key].as_str().unwrap_or_default();
        match text("type") {
            "duration" => {
                let wanted = text("value").parse::<f64>().unwrap_or_default();
                lasts(numbers, wanted)
            }
            "date" => self.has_day(times, text("value")),
            "time" => has_clock(times, text("value")),
            "datetime" => {
                let (day, clock) = text("value").split_once(' ').unwrap_or_default();
                (self.has_day(times, day) || self.is_today(day)) && has_clock(times, clock)
            }
            "daterange" => self.has_days(times, numbers, text("start"), text("end")),
            "timerange" => {
                let ends = [text("start"), text("end")];
                let is_told = |end: &&str| end.is_empty() || has_clock(times, end);
                ends.iter().all(is_told) || times.iter().any(|time| time.part.is_some())
            }
            "datetimerange" => {
                let day = text("start").split(' ').next().unwrap_or_default();
                let end = text("end").split(' ').next().unwrap_or_default();
                self.has_day(times, day) || self.has_day(times, end) || lasts_at_all(numbers)
            }
            _ => !times.is_empty(),
        }
    }

    /// A clock time without a day is of the day that the text was written on.
    fn is_today(&self, day: &str) -> bool {
        self.written.is_some_and(|written| written.to_string() == day)
    }

    fn days(&self, times: &[&Time]) -> Vec<Days> {
        times.iter().flat_map(|time| time.resolve(self.written)).collect()
    }

    fn has_day(&self, times: &[&Time], day: &str) -> bool {
        let Ok(day) = day.parse::<Date>() else { return false };
        // `in two weeks` is told by its week.
        let is_counted = |time: &&&Time| time.shift.is_some() && time.weekday.is_none();
        let mut counted = times.iter().filter(is_counted).flat_map(|t| t.resolve(self.written));
        self.days(times).contains(&Days::one(day))
            || counted.any(|days| days.holds(Days::one(day)))
            || self.may_be_any(times, day)
    }

    /// Whether one of these may mean that day, where neither the year nor the day of writing is told.
    fn may_be_any(&self, times: &[&Time], day: Date) -> bool {
        let mut bare = times.iter().filter(|time| self.written.is_none() && time.year.is_none());
        bare.any(|time| may_be(time, day))
    }

    /// The ends of one time or of several, or a length of as many days. The last day may be told
    /// as the day after it.
    fn has_days(&self, times: &[&Time], numbers: &[&Quantity], start: &str, end: &str) -> bool {
        let days = self.days(times);
        let day = |text: &str| text.parse::<Date>().ok();
        let (Some(first), Some(end)) = (day(start), day(end)) else {
            let is_end = |date: Date| {
                days.iter()
                    .any(|d| d.first == date || d.last == date || is_day_before(d.last, date))
            };
            return match day(start).or(day(end)) {
                Some(date) => is_end(date) || self.may_be_any(times, date),
                None => !times.is_empty(),
            };
        };
        let begins = days.iter().any(|days| days.first == first);
        let ends =
            days.iter().any(|d| d.last == end || is_day_before(d.last, end) || d.first == end);
        if self.may_be_any(times, first) {
            return true;
        }
        let is_edge = times.iter().any(|time| time.edge.is_some() || time.season.is_some());
        let holds = days.iter().any(|days| days.holds(Days { first, last: first }));
        let length = f64::from((end.duration_since(first).as_hours() / 24) as i32) * 86_400.0;
        let century = i32::from(first.year() / 100 + 1);
        let is_century = |number: &&Quantity| {
            let unit = number.unit.is_some_and(|unit| unit.name == "century");
            unit && number.value == f64::from(century)
        };
        begins && ends
            || is_edge && holds
            || lasts(numbers, length)
            || numbers.iter().any(is_century)
    }
}

/// Whether a time may mean that day, as far as its own words tell: the day of writing is not known.
fn may_be(time: &Time, day: Date) -> bool {
    let is_none_or = |own: Option<i8>, wanted: i8| own.is_none_or(|own| own == wanted);
    let weekday = time.weekday.is_none_or(|weekday| weekday == day.weekday());
    let is_any = time.month.is_some() || time.weekday.is_some() || time.shift.is_some();
    (is_any || time.day.is_some() || time.season.is_some())
        && is_none_or(time.month, day.month())
        && is_none_or(time.day, day.day())
        && weekday
}

fn is_day_before(day: Date, next: Date) -> bool {
    day.tomorrow().is_ok_and(|tomorrow| tomorrow == next)
}

/// The numbers that a value names: `12,5%`, `[20,30)`.
fn ends(value: &str, lang: &str) -> Vec<f64> {
    let is_range = value.starts_with(['[', '(']);
    let plain = value.trim_matches(|c: char| "[]()%".contains(c));
    let number = |text: &str| text.trim().parse::<f64>().ok();
    if is_range {
        return plain.split(',').filter_map(number).collect();
    }
    let plain = if lang == "fr" { plain.replace(',', ".") } else { plain.replace(',', "") };
    number(&plain).into_iter().collect()
}

fn is_of(number: &Quantity, value: f64) -> bool {
    let near = |own: f64| (own - value).abs() <= 1e-6 * own.abs().max(value.abs());
    near(number.value) || number.also.is_some_and(near)
}

fn seconds(number: &Quantity) -> Option<f64> {
    let unit = number.unit.filter(|unit| unit.dimension == "time")?;
    Some(number.value * unit.factor)
}

/// Whether these lengths of time are together as long; months are told as 30 days, years as 365.
fn lasts(numbers: &[&Quantity], wanted: f64) -> bool {
    let total: f64 = numbers.iter().filter_map(|number| seconds(number)).sum();
    let is_near = |own: f64| own > 0.0 && (own - wanted).abs() <= 0.02 * wanted;
    is_near(total) || numbers.iter().any(|number| seconds(number).is_some_and(is_near))
}

fn lasts_at_all(numbers: &[&Quantity]) -> bool {
    numbers.iter().any(|number| seconds(number).is_some() && number.bound != Bound::Magnitude)
}

fn has_clock(times: &[&Time], clock: &str) -> bool {
    let part = |range: std::ops::Range<usize>| clock.get(range).and_then(|p| p.parse::<u16>().ok());
    let (Some(hour), Some(minute)) = (part(0..2), part(3..5)) else { return false };
    let wanted = hour * 60 + minute;
    times.iter().filter_map(|time| time.clock).any(|clock| {
        let around = if clock.is_half_day { 720 } else { 1440 };
        clock.minutes % around == wanted % around
    })
}

//! An invented note: two events, sides, marks, what is new, a packed source, and text that wants to
//! be markup.

use jiff::civil::date;

use crate::article::Span;
use crate::brief::fact::Kind;
use crate::brief::note::*;
use crate::check::Severity;

/// A sentence of a source at some bytes.
pub fn cite(source: usize, start: usize, quote: &str) -> Citation {
    let span = Some(Span::new(start, start + quote.len()));
    Citation { source, span, quote: quote.into(), translation: None }
}

fn translated(citation: Citation, translation: &str) -> Citation {
    Citation { translation: Some(translation.into()), ..citation }
}

/// A sentence of a file without places.
fn packed(source: usize, quote: &str) -> Citation {
    Citation { source, span: None, quote: quote.into(), translation: None }
}

pub fn item(text: &str, citations: Vec<Citation>) -> Item {
    let n_independent = citations.len();
    Item {
        text: text.into(),
        citations,
        checks: vec![],
        n_independent,
        is_new: false,
        is_generated: false,
    }
}

fn mark(kind: &'static str, severity: Severity, message: &str) -> Mark {
    Mark { kind, severity, message: message.into() }
}

fn answer(value: &str, citations: Vec<Citation>) -> Answer {
    Answer { value: value.into(), n_independent: citations.len(), citations }
}

fn source(id: usize, path: &str, title: &str, origin: &str, day: &str) -> SourceEntry {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    SourceEntry {
        id,
        path: path.into(),
        title: known(title),
        origin: known(origin),
        date: known(day),
        language: "fr",
        echo_of: None,
        is_independent: true,
        relays: vec![],
        warnings: vec![],
        sha256: format!("{id:064x}"),
    }
}

/// The whole note.
pub fn note() -> Note {
    Note {
        schema: 1,
        language: "en",
        events: vec![bridge(), harbour()],
        failed: vec![Failed { id: "scan.pdf".into(), message: "it has no text layer".into() }],
    }
}

fn closed(source: usize) -> Citation {
    cite(source, 210, "Le pont de Valcourt a été fermé mardi soir à toute circulation.")
}

fn bridge() -> Event {
    let hurt_two = cite(1, 402, "Deux personnes ont été légèrement blessées, selon les pompiers.");
    let hurt_three = packed(3, "Le maire parle, lui, de « trois blessés » & d’un disparu 🚧.");
    let hurt_four = cite(4, 88, "Quatre personnes seraient blessées, d’après <Radio Val>.");
    let rebuilt = cite(2, 900, "Les travaux coûteront 4,2 millions d’euros & dureront huit mois.");
    let mayor =
        cite(1, 655, "« Personne n’avait signalé de fissure », a déclaré la maire Odile Ferrand.");
    let mayor_too =
        cite(2, 310, "« Nul n’avait signalé la moindre fissure », affirme Mme Ferrand.");
    Event {
        title: item("Valcourt bridge closed after part of its deck gave way", vec![closed(1)]),
        bottom_line: vec![
            Item {
                is_generated: true,
                ..item(
                    "The bridge at Valcourt was closed on Tuesday evening after part of its deck \
                     gave way; repairs are to take eight months.",
                    vec![closed(1), rebuilt.clone()],
                )
            },
            Item {
                checks: vec![mark(
                    "modality",
                    Severity::Warning,
                    "the source says `pourrait`, the sentence says that it is so",
                )],
                ..item(
                    "Traffic is being sent over the Tilleul dam.",
                    vec![cite(
                        2,
                        1040,
                        "La circulation pourrait être déviée par le barrage du Tilleul.",
                    )],
                )
            },
        ],
        key_points: vec![
            item(
                "The bridge was closed to all traffic on Tuesday evening.",
                vec![closed(1), closed(2), closed(4)],
            ),
            Item {
                is_new: true,
                checks: vec![
                    mark(
                        "number",
                        Severity::Error,
                        "`4.2 million` is `4,2 milliards` in the source | see `a<b>`",
                    ),
                    mark("name", Severity::Note, "a name is written in two ways"),
                ],
                ..item(
                    "The repairs will cost 4.2 million euros & take eight months.",
                    vec![rebuilt.clone()],
                )
            },
            item(
                "- A dash, a *star*, an _underscore_ and <b>tags</b> stay as they are.",
                vec![hurt_four.clone()],
            ),
        ],
        statements: vec![
            Statement {
                speaker: "Odile Ferrand, mayor".into(),
                is_quote: true,
                varies: true,
                item: item("“Nobody had reported a crack.”", vec![mayor, mayor_too]),
            },
            Statement {
                speaker: "The fire brigade".into(),
                is_quote: false,
                varies: false,
                item: item("Two people were slightly hurt.", vec![hurt_two.clone()]),
            },
        ],
        agreements: vec![Question {
            kind: Kind::Date,
            question: "When was the bridge closed?".into(),
            values: vec![answer("Tuesday 6 January 2026", vec![closed(1), closed(2), closed(4)])],
            remark: Some("6 January 2026 was a Tuesday.".into()),
            is_new: false,
        }],
        disagreements: vec![
            Question {
                kind: Kind::Number,
                question: "How many people were hurt?".into(),
                values: vec![
                    answer(
                        "2",
                        vec![translated(
                            hurt_two.clone(),
                            "Two people were slightly hurt, according to the fire brigade.",
                        )],
                    ),
                    answer(
                        "3",
                        vec![translated(
                            hurt_three.clone(),
                            "The mayor, for his part, speaks of “three injured” & one missing 🚧.",
                        )],
                    ),
                    answer("4", vec![hurt_four.clone()]),
                ],
                remark: None,
                is_new: true,
            },
            Question {
                kind: Kind::Claim,
                question: "Had a crack been reported?".into(),
                values: vec![
                    answer(
                        "no",
                        vec![cite(
                            1,
                            655,
                            "« Personne n’avait signalé de fissure », a déclaré la maire Odile Ferrand.",
                        )],
                    ),
                    answer(
                        "yes",
                        vec![packed(
                            3,
                            "Un rapport de mars signalait une fissure | large de 3 cm.",
                        )],
                    ),
                ],
                remark: Some("The report is older than the statement by nine months.".into()),
                is_new: false,
            },
        ],
        timeline: vec![
            Dated {
                date: date(2025, 3, 1),
                when: "March 2025".into(),
                item: item(
                    "A report mentioned a crack.",
                    vec![packed(3, "Un rapport de mars signalait une fissure | large de 3 cm.")],
                ),
            },
            Dated {
                date: date(2026, 1, 6),
                when: "6 January 2026".into(),
                item: item("The bridge was closed.", vec![closed(1)]),
            },
        ],
        figures: vec![Figure {
            value: "€4.2 million".into(),
            item: Item {
                checks: vec![mark(
                    "number",
                    Severity::Error,
                    "`4.2 million` is `4,2 milliards` in the source",
                )],
                ..item("The repairs will cost 4.2 million euros.", vec![rebuilt])
            },
        }],
        names: vec![Name {
            name: "Odile Ferrand".into(),
            roles: vec![
                answer(
                    "mayor",
                    vec![cite(
                        1,
                        655,
                        "« Personne n’avait signalé de fissure », a déclaré la maire Odile Ferrand.",
                    )],
                ),
                answer(
                    "president of the canton",
                    vec![cite(
                        2,
                        120,
                        "Odile Ferrand, présidente du canton, s’est rendue sur place.",
                    )],
                ),
            ],
        }],
        single_source: vec![item(
            "The repairs will take eight months.",
            vec![cite(2, 900, "Les travaux coûteront 4,2 millions d’euros & dureront huit mois.")],
        )],
        unknown: vec![item(
            "The cause is not known.",
            vec![cite(1, 1200, "La cause de l’effondrement reste inconnue.")],
        )],
        sources: bridge_sources(),
        n_independent: 3,
        left_out: vec![
            LeftOut {
                text: "The bridge was built in 1910.".into(),
                reason: "no source says 1910".into(),
                citations: vec![closed(1)],
            },
            LeftOut {
                text: "Nobody died.".into(),
                reason: "no source says it".into(),
                citations: vec![cite(9, 0, "Jamais imprimé.")],
            },
        ],
    }
}

fn bridge_sources() -> Vec<SourceEntry> {
    vec![
        source(
            1,
            "a.txt",
            "Valcourt : le pont s’affaisse, deux blessés",
            "Agence Lumen",
            "2026-01-06",
        ),
        SourceEntry {
            relays: vec!["Agence Lumen".into(), "Le Courrier du Val".into()],
            warnings: vec![SourceWarning {
                kind: "number",
                text: "The article gives the length as 120 m and as 210 m.".into(),
                citations: vec![cite(2, 400, "L’ouvrage, long de 120 m, enjambe la Bruve.")],
            }],
            ..source(
                2,
                "site_2/b.html",
                "Pont de Valcourt : huit mois de travaux",
                "valcourt-info.example",
                "2026-01-08",
            )
        },
        SourceEntry { is_independent: false, ..source(3, "c.docx", "", "", "") },
        SourceEntry {
            echo_of: Some(1),
            ..source(4, "d.txt", "<script>alert('pont')</script>", "Radio Val", "2026-01-07")
        },
    ]
}

fn harbour() -> Event {
    let strike = cite(1, 0, "Les dockers de Port-Amble ont reconduit la grève jusqu’à vendredi.");
    Event {
        title: Item {
            is_new: true,
            ..item("Dockers at Port-Amble go on with their strike", vec![strike.clone()])
        },
        bottom_line: vec![item("The strike goes on until Friday.", vec![strike.clone()])],
        key_points: vec![item("Dockers have prolonged their strike until Friday.", vec![strike])],
        statements: vec![],
        agreements: vec![],
        disagreements: vec![],
        timeline: vec![],
        figures: vec![],
        names: vec![],
        single_source: vec![],
        unknown: vec![],
        sources: vec![source(
            1,
            "port.txt",
            "Port-Amble : la grève continue",
            "Agence Lumen",
            "2026-01-09",
        )],
        n_independent: 1,
        left_out: vec![],
    }
}

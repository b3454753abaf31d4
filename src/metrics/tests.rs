//! The figures were made with sacrebleu 2.6.0 and rouge-score 0.1.2.

use super::bleu::{self, Smoothing};
use super::bootstrap::interval;
use super::chrf;
use super::lead::lead;
use super::rouge::{self, Rouge, Score, Tokens};
use super::{Segment, Tokenizer, porter};

const HYPOTHESES: [&str; 3] = [
    "The mayor of Varenne closed the bridge on Monday.",
    "A ferry will run every 20 minutes, she said.",
    "Nobody was hurt (10.5 km away).",
];
const REFERENCES: [[&str; 2]; 3] = [
    [
        "The mayor of Varenne has closed the bridge since Monday.",
        "Varenne's mayor closed the bridge on Monday.",
    ],
    ["A ferry will leave every 20 minutes, she said.", "She said a ferry runs every 20 minutes."],
    ["No one was hurt 10.5 km away.", "Nobody was injured (10.5 km away)."],
];

fn segments(n_references: usize) -> Vec<Segment<'static>> {
    let segment = |(hypothesis, references): (&&'static str, &[&'static str; 2])| Segment {
        hypothesis,
        references: references[..n_references].to_vec(),
    };
    HYPOTHESES.iter().zip(&REFERENCES).map(segment).collect()
}

fn pair<'t>(hypothesis: &'t str, reference: &'t str) -> Segment<'t> {
    Segment { hypothesis, references: vec![reference] }
}

#[track_caller]
fn assert_near(figure: f64, expected: f64) {
    assert!((figure - expected).abs() < 1e-9, "{figure} is not {expected}");
}

#[test]
fn bleu_of_a_corpus() {
    let options = bleu::Options::default();
    let one = bleu::corpus(&segments(1), &options);
    assert_near(one.score, 47.765116877267104);
    assert_near(one.precisions[3], 23.80952380952381);
    assert_eq!((one.hypothesis_len, one.reference_len), (30, 30));
    let two = bleu::corpus(&segments(2), &options);
    assert_near(two.score, 70.82788180337826);
    assert_near(two.brevity_penalty, 0.9672161004820058);
}

#[test]
fn bleu_of_a_sentence() {
    let segment = pair("The bridge closed Monday.", "The old bridge was closed on Monday.");
    let score = |smoothing| {
        bleu::sentence(&segment, &bleu::Options { smoothing, ..bleu::Options::sentence() }).score
    };
    assert_near(score(Smoothing::Exp), 14.74341205953811);
    assert_near(score(Smoothing::Floor(0.1)), 7.840982786321079);
    assert_near(score(Smoothing::AddK(1.0)), 23.45000810620359);
    assert_near(score(Smoothing::None), 0.0);
    let short = pair("Closed", "Closed today");
    assert_near(bleu::sentence(&short, &bleu::Options::sentence()).score, 36.78794411714425);
    for nothing in [pair("", "a"), pair("a", ""), pair("", "")] {
        assert_near(bleu::sentence(&nothing, &bleu::Options::sentence()).score, 0.0);
    }
}

#[test]
fn chrf_of_a_corpus() {
    let (chrf, chrf_pp) = (chrf::Options::chrf(), chrf::Options::chrf_pp());
    assert_near(chrf::corpus(&segments(1), &chrf), 72.36833237687146);
    assert_near(chrf::corpus(&segments(1), &chrf_pp), 71.80654093126391);
    assert_near(chrf::corpus(&segments(2), &chrf), 75.73687632797053);
    assert_near(chrf::corpus(&segments(2), &chrf_pp), 76.994961973262);
}

#[test]
fn chrf_of_a_sentence() {
    let chrf = chrf::Options::chrf();
    assert_near(chrf::sentence(&pair("pont", "ponts"), &chrf), chrf_of_pont());
    let smoothed = chrf::Options { is_smoothed: true, ..chrf };
    assert_near(chrf::sentence(&pair("abc", "abd"), &smoothed), 19.444444444444443);
    assert_near(chrf::sentence(&pair("", "pont"), &chrf), 0.0);
}

/// Precision 1 for all four lengths, recall 4/5, 3/4, 2/3, 1/2, weighed 1 to 4.
fn chrf_of_pont() -> f64 {
    let recall = (4.0 / 5.0 + 3.0 / 4.0 + 2.0 / 3.0 + 1.0 / 2.0) / 4.0;
    100.0 * 5.0 * recall / (4.0 + recall)
}

#[test]
fn signatures_say_how_figures_were_counted() {
    let lowercase = bleu::Options { lowercase: true, ..bleu::Options::sentence() };
    let lowercase = bleu::Options { smoothing: Smoothing::Floor(0.1), ..lowercase };
    let signature = lowercase.signature(&segments(2));
    let fields = "nrefs:2|case:lc|eff:yes|tok:13a|smooth:floor[0.10]|version:depeche-";
    assert!(signature.starts_with(fields), "{signature}");
    let mut uneven = segments(1);
    uneven.push(Segment { hypothesis: "a", references: vec!["a", "b"] });
    let signature = chrf::Options::chrf_pp().signature(&uneven);
    let fields = "nrefs:var|case:mixed|eff:yes|nc:6|nw:2|space:no|version:depeche-";
    assert!(signature.starts_with(fields), "{signature}");
}

#[test]
fn marks_are_words_but_not_in_numbers() {
    let words = |text| {
        let parted = Tokenizer::V13a.parted(text);
        parted.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(words("Il a dit: \"3,5 km.\""), "Il a dit : \" 3,5 km . \"");
    assert_eq!(words("2019-20, l'eau &amp; 5,"), "2019 - 20 , l'eau & 5 ,");
    assert_eq!(words("a\u{a0}b…"), "a b…");
}

fn f(rouge: Rouge) -> [f64; 4] {
    [rouge.rouge1, rouge.rouge2, rouge.rouge_l, rouge.rouge_lsum].map(|score: Score| score.f)
}

#[test]
fn rouge_of_a_summary() {
    let summary = pair(
        "Ferries run since the mayor closing\nthe bridge on Monday.",
        "The mayor closed bridges on Monday.\nFerries are running.",
    );
    let plain = rouge::score(&summary, &rouge::Options::default());
    assert_near(plain.rouge1.precision, 0.5);
    assert_near(plain.rouge1.recall, 0.5555555555555556);
    let expected =
        [0.5263157894736842, 0.23529411764705882, 0.4210526315789474, 0.5263157894736842];
    f(plain).into_iter().zip(expected).for_each(|(figure, expected)| assert_near(figure, expected));
    let stemmed = rouge::Options { has_stemmer: true, ..rouge::Options::default() };
    let expected = [0.8421052631578948, 0.47058823529411764, 0.631578947368421, 0.8421052631578948];
    let figures = f(rouge::score(&summary, &stemmed));
    figures.into_iter().zip(expected).for_each(|(figure, expected)| assert_near(figure, expected));
}

#[test]
fn accents_part_words_unless_they_are_wanted() {
    let summary = pair("Un été sec à Varenne", "L'été a été très sec à Varenne");
    let ascii = rouge::score(&summary, &rouge::Options::default());
    assert_near(ascii.rouge1.precision, 0.75);
    assert_near(ascii.rouge2.f, 0.2);
    let unicode = rouge::Options { tokens: Tokens::Unicode, ..rouge::Options::default() };
    let whole = rouge::score(&summary, &unicode);
    assert_near(whole.rouge1.precision, 0.8);
    assert_near(whole.rouge2.recall, 2.0 / 7.0);
    let decomposed = pair("Un e\u{301}te\u{301} sec a\u{300} Varenne", summary.references[0]);
    assert_eq!(rouge::score(&decomposed, &unicode), whole);
}

#[test]
fn the_best_reference_counts() {
    let segment = Segment { hypothesis: "le pont ferme", references: vec!["rien", "le pont"] };
    assert_near(rouge::score(&segment, &rouge::Options::default()).rouge1.f, 0.8);
    let nothing = rouge::score(&pair("", "le pont"), &rouge::Options::default());
    assert_eq!(nothing, Rouge::default());
}

#[test]
fn english_stems() {
    let stems = [
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("ties", "tie"),
        ("agreed", "agre"),
        ("conflated", "conflat"),
        ("hopping", "hop"),
        ("filing", "file"),
        ("falling", "fall"),
        ("happy", "happi"),
        ("enjoy", "enjoy"),
        ("rationally", "ration"),
        ("geology", "geolog"),
        ("probate", "probat"),
        ("rate", "rate"),
        ("controlling", "control"),
        ("spied", "spi"),
        ("skies", "sky"),
        ("generalizations", "gener"),
    ];
    for (word, stem) in stems {
        assert_eq!(porter::stem(word), stem, "{word}");
    }
}

#[test]
fn the_lead_is_the_first_sentences() {
    let paragraphs = ["Le pont est fermé. Un bac le remplace.", "La mairie paie."];
    assert_eq!(lead(&paragraphs, 1, "fr"), "Le pont est fermé.");
    assert_eq!(
        lead(&paragraphs, 3, "fr"),
        "Le pont est fermé. Un bac le remplace. La mairie paie."
    );
    assert_eq!(lead(&paragraphs, 9, "fr"), lead(&paragraphs, 3, "fr"));
    assert_eq!(lead(&paragraphs, 0, "fr"), "");
}

#[test]
fn a_mean_has_a_range() {
    let values: Vec<f64> = (0..400).map(|n| f64::from(n % 2)).collect();
    let found = interval(&values);
    assert_near(found.mean, 0.5);
    // Two standard errors of a coin thrown 400 times are 0.049.
    assert!((found.low - 0.451).abs() < 0.01 && (found.high - 0.549).abs() < 0.01);
    assert_eq!(interval(&values), found);
    assert_near(interval(&[0.3]).high, 0.3);
    assert_near(interval(&[]).mean, 0.0);
}

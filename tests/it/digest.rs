//! What becomes of one article, with a model that answers from a script.

use std::cell::RefCell;

use depeche::article::RawArticle;
use depeche::digest::{Digest, Digesting, Language, Options, Place};
use depeche::engine::{Answer, Question};
use depeche::pipeline::{Flow, run};
use depeche::summarize::Method;
use depeche::{Result, summarize};

use crate::script::{Script, answer, said};

const TITLE: &str = "Le pont de Varenne sera fermé trois mois";
const LEAD: &str = "Le pont de Varenne sera fermé à partir du 12 mars pour des travaux de trois \
    mois, a annoncé mardi la mairie.";
const SHOPS: &str = "Les 340 commerçants de la rive gauche demandent des indemnités à la ville.";
const FERRY: &str = "Un bac gratuit sera mis en place dès lundi matin pour les habitants.";

fn article() -> String {
    format!("{TITLE}\n\n{LEAD}\n\n{SHOPS} {FERRY}\n")
}

/// A translation of every sentence of the article.
fn english(french: &str) -> Option<&'static str> {
    Some(match french {
        TITLE => "The Varenne bridge will be closed for three months",
        LEAD => {
            "The Varenne bridge will be closed from March 12 for three months of work, the town \
             hall announced on Tuesday."
        }
        SHOPS => "The 340 shopkeepers of the left bank are asking the city for compensation.",
        FERRY => "A free ferry will run from Monday morning for the inhabitants.",
        "La mairie ferme le pont de Varenne." => "The town hall closes the Varenne bridge.",
        _ => return None,
    })
}

/// Translates by the table; what is not in it is the question for a summary.
fn replies(summary: &'static str) -> impl FnMut(&Question) -> Answer {
    move |question| answer(english(said(question)).unwrap_or(summary))
}

fn digest_all(
    texts: &[&str],
    options: &Options,
    reply: impl FnMut(&Question) -> Answer,
) -> Vec<(String, Result<Digest>)> {
    let mut model = Script::new(reply);
    let tasks = texts
        .iter()
        .enumerate()
        .map(|(i, text)| Digesting::new(RawArticle::new(format!("{i}.txt"), *text), options));
    let mut digests = Vec::new();
    run(&mut model, tasks, 4, |task, result| {
        let id = task.id().to_owned();
        digests.push((id, result.map(|()| task.into_digest())));
        Flow::Continue
    })
    .unwrap();
    digests
}

fn digest(text: &str, options: &Options, reply: impl FnMut(&Question) -> Answer) -> Digest {
    digest_all(&[text], options, reply).pop().unwrap().1.unwrap()
}

#[test]
fn a_summary_in_french_and_the_same_in_english() {
    let options = Options::default();
    let summary = "La mairie ferme le pont de Varenne. Un bac gratuit sera mis en place dès lundi \
        matin pour les habitants.";
    let digest = digest(&article(), &options, replies(summary));
    assert_eq!(digest.summary.fr.text(), summary);
    assert_eq!(
        digest.summary.en.text(),
        "The town hall closes the Varenne bridge. A free ferry will run from Monday morning for \
         the inhabitants."
    );
    assert_eq!(digest.title.as_deref(), english(TITLE));
    // The second sentence is the article's own.
    assert_eq!((digest.method, digest.n_parts), (Method::Mixed, 1));
    assert_eq!(digest.checks, []);
    assert!(digest.translation.is_none());
    assert!(digest.usage.n_prompt >= 40 && digest.usage.n_generated >= 20);
}

#[test]
fn the_article_s_own_sentences_know_their_place() {
    let options = Options {
        summary: summarize::Options { extractive: true, ..summarize::Options::default() },
        ..Options::default()
    };
    let text = article();
    let asked = RefCell::new(Vec::new());
    let digest = digest(&text, &options, |question| {
        asked.borrow_mut().push(said(question).to_owned());
        // Every number is wrong, whatever is asked.
        answer(&english(said(question)).unwrap().replace("12", "14").replace("340", "350"))
    });
    assert!(asked.borrow().iter().all(|question| english(question).is_some()), "{asked:?}");
    assert_eq!(digest.method, Method::Extractive);
    assert!(digest.summary.fr.sentences.contains(&LEAD.to_owned()));
    let errors: Vec<_> = digest.errors().collect();
    assert!(!errors.is_empty());
    for check in errors {
        assert_eq!(check.place, Place::Summary(Language::English));
        let source = check.finding.source.unwrap().of(&text);
        assert!(source.contains("12") || source.contains("340"), "{source}");
        let sentence = &digest.summary.en.sentences[check.sentence_idx];
        if let Some(target) = check.finding.target {
            let words = target.of(&digest.summary.en.text()).to_owned();
            assert!(sentence.contains(&words) && !words.is_empty(), "{words}");
        }
    }
}

#[test]
fn a_summary_that_fails_its_checks_is_asked_for_again_and_then_not_used() {
    let n_asked = RefCell::new(0);
    let digest =
        digest(&article(), &Options::default(), |question| match english(said(question)) {
            Some(english) => answer(english),
            None => {
                *n_asked.borrow_mut() += 1;
                answer("The town hall has said that the bridge will be closed for the winter.")
            }
        });
    assert!(*n_asked.borrow() >= 2);
    assert_eq!(digest.method, Method::Extractive);
    assert!(!digest.rejected.is_empty());
    assert_eq!(digest.summary.fr.sentences.len(), 2);
}

#[test]
fn a_translation_in_the_wrong_language_is_tried_again() {
    let asked = RefCell::new(Vec::new());
    let digest = digest(&article(), &Options::default(), |question| {
        let Some(english) = english(said(question)) else {
            return answer("La mairie ferme le pont de Varenne.");
        };
        let mut asked = asked.borrow_mut();
        asked.push(said(question).to_owned());
        let times = asked.iter().filter(|said| *said == "La mairie ferme le pont de Varenne.");
        match said(question) {
            "La mairie ferme le pont de Varenne." if times.count() == 1 => {
                answer("La mairie va fermer le pont de Varenne pour des travaux.")
            }
            _ => answer(english),
        }
    });
    assert_eq!(digest.summary.en.sentences[0], "The town hall closes the Varenne bridge.");
    assert_eq!(digest.checks, []);
}

#[test]
fn as_many_paragraphs_come_out_as_went_in() {
    let options = Options { full: true, ..Options::default() };
    let text = article();
    let digest = digest(&text, &options, replies("La mairie ferme le pont de Varenne."));
    let paragraphs = digest.translation.as_ref().unwrap();
    let texts: Vec<String> = paragraphs.iter().map(|p| p.passage.text()).collect();
    let both = format!("{} {}", english(SHOPS).unwrap(), english(FERRY).unwrap());
    assert_eq!(texts, [english(LEAD).unwrap(), &both]);
    let sources: Vec<&str> = paragraphs.iter().map(|p| p.source.of(&text)).collect();
    assert_eq!(sources, [LEAD, &format!("{SHOPS} {FERRY}")]);
}

#[test]
fn an_english_article_is_summed_up_in_english_and_translated_into_french() {
    let text = "The bridge will be closed for the winter, the mayor said on Monday.\n\nThe shops \
        of the left bank have asked the city for help with the loss of their clients.\n";
    let options = Options {
        summary: summarize::Options { extractive: true, ..summarize::Options::default() },
        ..Options::default()
    };
    let french = "Le pont sera fermé pour tout l'hiver, a dit le maire ce lundi matin.";
    let digest = digest(text, &options, |_| answer(french));
    assert_eq!(digest.language, Language::English);
    assert!(text.contains(&digest.summary.en.sentences[0]));
    assert!(digest.summary.fr.sentences.iter().all(|sentence| sentence == french));
    assert_eq!(digest.warnings(), Vec::<&str>::new());
}

#[test]
fn another_language_is_read_as_french_and_says_so() {
    let text = "Die Brücke wird im Winter für drei Monate geschlossen, sagte der Bürgermeister am \
        Montag und verwies auf die Arbeiten, die von der Stadt seit langem geplant sind.\n";
    let digest = digest(text, &Options::default(), |_| answer("Oui."));
    assert_eq!((digest.language, digest.article.language.code), (Language::French, "de"));
    assert_eq!(digest.warnings(), ["other-language"]);
}

#[test]
fn one_article_that_does_not_fit_loses_no_other() {
    let long = format!("{} fin.", "mot ".repeat(5000));
    let digests = digest_all(
        &[&article(), &long, &article()],
        &Options::default(),
        replies("La mairie ferme le pont de Varenne."),
    );
    let results: Vec<bool> = digests.iter().map(|(_, result)| result.is_ok()).collect();
    assert_eq!(results, [true, false, true]);
    assert_eq!(digests[1].1.as_ref().unwrap_err().code(), "too-long");
}

#[test]
fn a_file_without_text_has_an_empty_digest() {
    let digest = digest("Partager\n", &Options::default(), |_| answer("Oui."));
    assert_eq!(digest.summary.fr.text(), "");
    assert_eq!(digest.warnings(), ["no-body"]);
}

#[test]
fn a_sentence_that_tells_one_of_the_article_s_is_that_one() {
    let written = "Pont de Varenne sera fermé à partir du 12 mars pour travaux de trois mois, a annoncé \
                   mardi la mairie. Les 340 commerçants de la rive gauche demandent des aides à la ville.";
    let options = Options::default();
    let (_, digest) = digest_all(&[&article()], &options, replies(written)).remove(0);
    let digest = digest.unwrap();
    assert_eq!(digest.summary.fr.sentences, [LEAD, SHOPS]);
    assert_eq!(digest.method, Method::Extractive);
}

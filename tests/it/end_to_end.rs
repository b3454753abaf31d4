//! The real model, once: whether what comes out of all the arithmetic is French.
//!
//! The model is looked for on this machine and else fetched, as the program does it. Without a
//! model and without a network there is nothing to test, and the test says so.
//! `DEPECHE_E2E=0` leaves it out.

use depeche::Result;
use depeche::device::Device;
use depeche::engine::{Answer, Answerer, Engine, Limits, Message, Question, Session};
use depeche::hub::{DEFAULT_MODEL, Environment, Hub, HubOptions, ModelFile};
use depeche::progress::Silent;

const ARTICLE: &str = "La passerelle des Tanneurs, fermée depuis l'automne, rouvrira samedi aux \
    piétons. Les travaux ont coûté 340 000 euros à la commune.";

fn is_left_out() -> bool {
    std::env::var("DEPECHE_E2E").is_ok_and(|value| value == "0")
}

fn model() -> Result<ModelFile> {
    let hub = Hub::new(HubOptions::default(), Environment::read());
    hub.obtain(&hub.card(DEFAULT_MODEL)?, &Silent)
}

fn ask(engine: &Engine, question: &Question) -> Answer {
    let mut session = Session::new(engine, Limits::default());
    session.ask(question, 0).unwrap();
    loop {
        if let Some((_, answer)) = session.work().unwrap().pop() {
            return answer;
        }
    }
}

#[test]
fn the_default_model_answers_in_french() {
    if is_left_out() {
        eprintln!("SKIPPED: the real model was not run, because DEPECHE_E2E is 0");
        return;
    }
    let model = match model() {
        Ok(model) => model,
        Err(error) => {
            eprintln!("SKIPPED: the real model was not run, because it is not here: {error}");
            return;
        }
    };
    let engine = Engine::open(&model.path, &Device::cpu()).unwrap();
    let question = Question {
        messages: vec![Message::user(format!("{ARTICLE}\n\nRésume en une phrase."))],
        max_new_tokens: 24,
        ..Question::default()
    };
    let answer = ask(&engine, &question);
    eprintln!("{DEFAULT_MODEL} said: {}", answer.text);
    let language = depeche::language::detect(&answer.text);
    assert_eq!(language.code, "fr", "{answer:?}");
    let about = ["passerelle", "Tanneurs", "piétons", "samedi", "travaux"];
    assert!(about.iter().any(|word| answer.text.contains(word)), "{answer:?}");
    assert!(!answer.text.contains("<|"), "{answer:?}");
}

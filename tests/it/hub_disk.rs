//! Model files that are on disk already: whose they are, how they are found and removed.

use std::time::Duration;

use depeche::Error;
use depeche::hub::{Environment, Token};
use depeche::progress::Silent;

use crate::hub_world::*;

#[test]
fn the_users_own_files_come_first_and_are_never_touched() {
    let server = Server::honest();
    let world = World::new(&server.endpoint);
    let world = {
        let dir = world.path("mine");
        world.with("DEPECHE_MODELS", dir)
    };
    let (card, mine) = (tiny_card(&[]), world.path("mine/tiny.gguf"));
    world.write(&mine, &content());
    assert_eq!(world.hub().obtain(&card, &Silent).unwrap().path, mine);
    assert_eq!(server.asked().len(), 0);
    assert_eq!(world.hub().remove(&card, &Silent).unwrap().kept, std::slice::from_ref(&mine));

    std::thread::sleep(Duration::from_millis(20));
    world.write(&mine, &[0; 30_000]);
    let listener = Listener::default();
    assert_eq!(world.hub().obtain(&card, &listener).unwrap().path, world.pointer());
    assert!(listener.heard("damaged"));
    assert_eq!(std::fs::read(&mine).unwrap(), [0; 30_000]);
}

#[test]
fn remove_takes_that_file_and_nothing_else() {
    let server = Server::honest();
    let world = World::new(&server.endpoint);
    let (card, other) = (tiny_card(&[]), world.repo("snapshots").join(COMMIT).join("README.md"));
    world.hub().obtain(&card, &Silent).unwrap();
    world.write(&other, b"someone else's");
    let removed = world.hub().remove(&card, &Silent).unwrap();
    assert_eq!(removed.paths, [world.pointer(), world.blob()]);
    assert!(other.exists() && world.repo("refs/main").exists());
    assert_eq!(world.hub().locate(&card), None);
    assert!(matches!(world.hub().remove(&card, &Silent), Err(Error::ModelMissing { .. })));

    std::fs::remove_file(&other).unwrap();
    world.hub().obtain(&card, &Silent).unwrap();
    world.hub().remove(&card, &Silent).unwrap();
    assert!(!world.path("hub").join(REPO_FOLDER).exists());
}

#[test]
fn an_older_snapshot_of_the_same_file_is_found_and_removed_with_it() {
    let world = World::new(&Server::nobody());
    let older = world.repo("snapshots").join("f".repeat(40)).join("tiny.gguf");
    world.write(&older, &content());
    assert_eq!(world.hub().obtain(&tiny_card(&[]), &Silent).unwrap().path, older);
    world.hub().remove(&tiny_card(&[]), &Silent).unwrap();
    assert!(!older.exists());
}

#[test]
fn a_file_named_by_its_path_is_hashed_and_checked_for_its_kind() {
    let world = World::new(&Server::nobody());
    let (model, text) = (world.path("some.gguf"), world.path("text.gguf"));
    world.write(&model, &content());
    world.write(&text, b"hello");
    let found = world.hub().open_path(&model, &Silent).unwrap();
    assert_eq!((found.name.as_str(), found.card), ("some", None));
    assert_eq!(found.sha256, Some(sha256(&content())));
    assert!(matches!(world.hub().open_path(&text, &Silent), Err(Error::NotAModel { .. })));
    let nowhere = world.hub().open_path(&world.path("no.gguf"), &Silent);
    assert!(matches!(nowhere, Err(Error::Read { .. })));
}

#[test]
fn cards_of_the_user_are_read_and_bad_ones_named() {
    let world = World::new(&Server::nobody());
    let folder = world.path("home/.config/depeche/models");
    let text = include_str!("../../models/qwen2.5-coder-0.5b-instruct.toml");
    world.write(&folder.join("mine.toml"), text.replace("0.5b-instruct\"", "mine\"").as_bytes());
    assert_eq!(world.hub().card("qwen2.5-coder-mine").unwrap().architecture, "qwen2");
    world.write(&folder.join("bad.toml"), b"name = 'x'");
    let error = world.hub().cards().unwrap_err();
    assert!(error.to_string().contains("bad.toml"), "{error}");
}

#[test]
fn variables_are_read_as_other_tools_read_them() {
    let read = |pairs: &'static [(&str, &str)]| {
        Environment::from_variables("/w".into(), move |name| {
            pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
        })
    };
    let cache = |pairs| read(pairs).hub_cache.to_string_lossy().into_owned();
    assert_eq!(cache(&[("HOME", "/h")]), "/h/.cache/huggingface/hub");
    assert_eq!(cache(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/c")]), "/c/huggingface/hub");
    assert_eq!(cache(&[("HF_HOME", "/hf"), ("XDG_CACHE_HOME", "/c")]), "/hf/hub");
    assert_eq!(cache(&[("HF_HOME", "/hf"), ("HF_HUB_CACHE", "/x")]), "/x");
    assert!(
        read(&[("HF_HUB_OFFLINE", "TRUE")]).offline && !read(&[("HF_HUB_OFFLINE", "0")]).offline
    );
    assert_eq!(read(&[("HF_ENDPOINT", "https://hub.example/")]).endpoint, "https://hub.example");
    assert_eq!(read(&[("HF_TOKEN", " ")]).token, None);
}

#[test]
fn a_token_may_lie_in_the_hubs_own_folder() {
    let world = World::new(&Server::nobody());
    let world = {
        let home = world.path("hf");
        world.with("HF_HOME", home)
    };
    assert_eq!(world.environment().token, None);
    world.write(&world.path("hf/token"), b"secret\n");
    assert_eq!(world.environment().token, Token::new("secret"));
}

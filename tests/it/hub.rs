//! Finding, fetching and keeping model files, against a server on the loopback address.

use std::time::Duration;

use depeche::Error;
use depeche::hub::{Hub, HubOptions};
use depeche::progress::Silent;

use crate::hub_world::*;

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
fn a_busy_hub_is_asked_again() {
    let server = Server::start(|asked, n| match n {
        0 => Reply::status(503),
        _ => Reply::file(asked, &content()),
    });
    let world = World::new(&server.endpoint);
    world.hub().obtain(&tiny_card(&[]), &Silent).unwrap();
    assert_eq!(server.asked().len(), 2);
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
fn an_unwritable_place_is_a_clear_error() {
    let server = Server::honest();
    let world = mirrored(&server.endpoint, 3);
    world.write(&world.path("hub"), b"a file where a folder should be");
    let error = world.hub().obtain(&tiny_card(&PACKAGES), &Silent).unwrap_err();
    assert!(matches!(error, Error::ModelStore { .. }), "{error}");
    assert!(error.hint().unwrap().contains("HF_HUB_CACHE"));
    assert_eq!((server.asked().len(), world.asked().len()), (0, 0));
}

//! Fetching translation networks, which no card pins, against a server on the loopback address.

use depeche::Error;
use depeche::hub::{Hub, HubOptions};
use depeche::progress::Silent;

use crate::hub_world::*;

const NAME: &str = "owner/tiny";

/// What the repository has, and whether the hub names a sha256 for it.
fn files() -> Vec<(&'static str, Vec<u8>, bool)> {
    let text = |text: &str| text.as_bytes().to_vec();
    vec![
        ("README.md", text("what it is"), false),
        ("config.json", text("{\"model_type\": \"marian\"}"), false),
        ("pytorch_model.bin", vec![5; 2000], true),
        ("model.safetensors", content(), true),
        ("source.spm", vec![1; 700], true),
        ("target.spm", vec![2; 800], true),
        ("vocab.json", text("{}"), false),
        ("onnx/model-1.safetensors", vec![3; 10], true),
    ]
}

fn listing() -> String {
    let sibling = |(name, bytes, is_large): (&str, Vec<u8>, bool)| {
        let mut sibling = serde_json::json!({"rfilename": name, "size": bytes.len()});
        if is_large {
            sibling["lfs"] = serde_json::json!({"sha256": sha256(&bytes), "size": bytes.len()});
        }
        sibling
    };
    let siblings: Vec<_> = files().into_iter().map(sibling).collect();
    serde_json::json!({"id": NAME, "sha": COMMIT, "siblings": siblings}).to_string()
}

/// What an honest hub answers.
fn answer(asked: &Asked) -> Reply {
    if asked.path == format!("/api/models/{NAME}/revision/main?blobs=true") {
        return Reply { body: listing().into_bytes(), ..Reply::status(200) };
    }
    let name = asked.path.strip_prefix(&format!("/{NAME}/resolve/{COMMIT}/"));
    match files().into_iter().find(|file| Some(file.0) == name) {
        Some((_, bytes, _)) => Reply::file(asked, &bytes),
        None => Reply::status(404).with("X-Error-Code", "EntryNotFound"),
    }
}

/// The files that were asked for, in order.
fn fetched(server: &Server) -> Vec<String> {
    let paths = server.asked().into_iter().map(|asked| asked.path);
    paths.filter_map(|path| Some(path.split_once("/resolve/")?.1[41..].to_owned())).collect()
}

fn offline(world: &World) -> Hub {
    Hub::new(HubOptions { offline: true }, world.environment())
}

#[test]
fn a_network_is_fetched_whole_and_found_without_a_socket() {
    let server = Server::start(|asked, _| answer(asked));
    let world = World::new(&server.endpoint);
    let error = offline(&world).obtain_network(NAME, &Silent).unwrap_err();
    assert!(matches!(error, Error::TranslatorMissing { .. }), "{error}");
    assert!(server.asked().is_empty());

    let folder = world.hub().obtain_network(NAME, &Silent).unwrap();
    assert_eq!(folder, world.repo("snapshots").join(COMMIT));
    let wanted = ["model.safetensors", "source.spm", "target.spm", "vocab.json", "config.json"];
    assert_eq!(fetched(&server), wanted);
    for (name, bytes, _) in files().iter().filter(|file| wanted.contains(&file.0)) {
        assert_eq!(&std::fs::read(folder.join(name)).unwrap(), bytes, "{name}");
    }
    assert_eq!(std::fs::read_to_string(world.repo("refs/main")).unwrap(), COMMIT);

    let n_asked = server.asked().len();
    assert_eq!(world.hub().obtain_network(NAME, &Silent).unwrap(), folder);
    assert_eq!(offline(&world).obtain_network(NAME, &Silent).unwrap(), folder);
    assert_eq!(server.asked().len(), n_asked);
}

#[test]
fn a_network_that_was_half_fetched_is_not_whole_and_is_fetched_on() {
    let server = Server::start(|asked, n| match n {
        ..3 => answer(asked),
        3 => Reply::status(401),
        _ => answer(asked),
    });
    let world = World::new(&server.endpoint);
    let error = world.hub().obtain_network(NAME, &Silent).unwrap_err();
    assert!(matches!(error, Error::HubDenied { .. }), "{error}");
    assert_eq!(world.hub().whole_network(NAME), None);
    world.hub().obtain_network(NAME, &Silent).unwrap();
    let weights = fetched(&server).into_iter().filter(|name| name == "model.safetensors");
    assert_eq!(weights.count(), 1);
}

#[test]
fn wrong_weights_are_thrown_away() {
    let server = Server::start(|asked, _| match asked.path.ends_with(".safetensors") {
        true => Reply::file(asked, &[1; 30_000]),
        false => answer(asked),
    });
    let world = World::new(&server.endpoint);
    let error = world.hub().obtain_network(NAME, &Silent).unwrap_err();
    assert!(matches!(error, Error::WrongBytes { .. }), "{error}");
    assert!(!world.blob().exists() && world.hub().whole_network(NAME).is_none());
}

#[test]
fn what_is_no_network_is_told() {
    let error_of = |status: u16, body: &str| {
        let body = body.as_bytes().to_vec();
        let server =
            Server::start(move |_, _| Reply { body: body.clone(), ..Reply::status(status) });
        World::new(&server.endpoint).hub().obtain_network(NAME, &Silent).unwrap_err()
    };
    let of_files = |names: &[&str]| {
        let names: Vec<_> = names.iter().map(|n| serde_json::json!({"rfilename": n})).collect();
        error_of(200, &serde_json::json!({"sha": COMMIT, "siblings": names}).to_string())
    };
    let message = of_files(&["config.json", "model.gguf"]).to_string();
    assert!(message.contains("no such file: model.safetensors in owner/tiny"), "{message}");
    let message = of_files(&["pytorch_model.bin"]).to_string();
    assert!(message.contains("no such file: config.json in owner/tiny"), "{message}");
    for text in ["", "{}", "{\"sha\": \"../x\", \"siblings\": []}"] {
        assert!(matches!(error_of(200, text), Error::HubAnswer { .. }), "{text}");
    }
    assert!(matches!(error_of(404, ""), Error::HubNotFound { .. }));
    assert!(matches!(error_of(500, ""), Error::HubAnswer { .. }));
}

#[test]
fn a_name_that_is_no_repository_asks_nobody() {
    let server = Server::start(|asked, _| answer(asked));
    let world = World::new(&server.endpoint);
    for name in ["tiny", "../tiny", "a/b/c", "owner/", "-x/y"] {
        let error = world.hub().obtain_network(name, &Silent).unwrap_err();
        assert!(matches!(error, Error::TranslatorMissing { .. }), "{name}: {error}");
    }
    assert!(server.asked().is_empty());
}

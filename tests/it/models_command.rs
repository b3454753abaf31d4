//! `depeche models` as a program.

use assert_cmd::Command;

use crate::hub_world::*;

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

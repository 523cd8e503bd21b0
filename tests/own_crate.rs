//! A crate outside of the workspace serves its own workflow: `examples/own-crate`, built and run.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod scratch;

use std::fs;
use std::path::Path;

use scratch::{ROOT, Scratch, run};
use serde_json::json;

/// The example's files, copied to where nothing of the workspace is around it
fn copy() -> Scratch {
    let example = Path::new(ROOT).join("examples/own-crate");
    let package = Scratch::new("release-notes");
    let manifest = fs::read_to_string(example.join("Cargo.toml")).unwrap();
    package.write("Cargo.toml", &manifest.replace("../..", ROOT));
    for file in [
        "build.rs",
        "src/lib.rs",
        "src/main.rs",
        "src/functions.rs",
        "workflows/release-notes.yaml",
        "answers.yaml",
    ] {
        package.write(file, &fs::read_to_string(example.join(file)).unwrap());
    }
    package
}

#[test]
fn a_crate_of_ones_own_serves_its_workflow() {
    let package = copy();
    let built = package.cargo(&["build"]);
    assert!(built.ok, "{}", built.stderr);

    let mut server = package.program("release-notes");
    let list = run(server.arg("list"));
    assert!(list.ok && list.stdout.contains("release-notes  1.0.0"), "{list:?}");

    let mut server = package.program("release-notes");
    server.args(["run", "release-notes", "--input", "release=1.4.0", "--answers", "answers.yaml"]);
    let ended = run(server.args(["--store", "runs.sqlite"]));
    assert!(ended.ok, "{ended:?}");
    let result: serde_json::Value = serde_json::from_str(&ended.stdout).unwrap();
    let notes = "Errors now name the missing file. Logs may end without a line break.";
    assert_eq!(result, json!({"notes": notes, "changes": 2}), "the host function drops the merge");
}

/// A workflow of one's own, under a name that the library has too
const OWN_RELEASE: &str = "\
name: team:release
version: 0.1.0
description: As we do it
steps:
  - { id: done, type: return, value: out }
";

#[test]
fn a_crate_includes_the_workflows_of_another_behind_its_own() {
    let package = copy();
    let edit = |file: &str, from: &str, to: &str| {
        let text = fs::read_to_string(package.path(file)).unwrap();
        assert!(text.contains(from), "{text}");
        package.write(file, &text.replace(from, to));
    };
    let library = format!("[dependencies]\nworkflow-library = {{ path = \"{ROOT}/library\" }}\n");
    edit("Cargo.toml", "[dependencies]\n", &library);
    let both = "release_notes::registry().with(workflow_library::registry())";
    edit("src/main.rs", "release_notes::registry()", both);
    package.write("workflows/our-release.yaml", OWN_RELEASE);
    let built = package.cargo(&["build"]);
    assert!(built.ok, "{}", built.stderr);

    let list = run(package.program("release-notes").arg("list"));
    let versions: Vec<(&str, &str)> = list
        .stdout
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    assert!(versions.contains(&("release-notes", "1.0.0")), "{list:?}");
    assert!(versions.contains(&("team:incident", "1.0.0")), "{list:?}");
    assert!(versions.contains(&("team:release", "0.1.0")), "one's own goes first: {list:?}");
    let mut server = package.program("release-notes");
    let ended = run(server.args(["run", "team:release", "--store", "runs.sqlite"]));
    assert_eq!(ended.stdout, "\"out\"\n", "{ended:?}");
}

#[test]
fn the_doors_stay_a_handful_of_lines() {
    let lines = |file: &str| {
        let path = Path::new(ROOT).join("examples/own-crate").join(file);
        fs::read_to_string(path).unwrap().lines().filter(|line| !line.is_empty()).count()
    };
    assert!(lines("build.rs") <= 5);
    assert!(lines("src/lib.rs") <= 5);
    assert!(lines("src/main.rs") <= 5);
}

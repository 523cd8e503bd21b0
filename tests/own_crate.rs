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

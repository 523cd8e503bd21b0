//! What `cargo build` says about workflows. That cargo shows what a macro prints is not documented
//! anywhere, so it is pinned here, letter by letter.
//!
//! `UPDATE_GOLDEN=1` writes the expected text anew.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod scratch;

use std::fs;
use std::path::Path;

use scratch::{ROOT, Scratch};

/// A workflow with eight mistakes that have nothing to do with each other
const NOTES: &str = include_str!("cargo_build/notes.yaml");

/// What mends each of them
const MENDS: [(&str, &str); 8] = [
    ("type: sting", "type: string"),
    ("mesage:", "message:"),
    ("type: promt", "type: prompt"),
    ("lenght", "length"),
    ("needs_state: [length]", "needs_state: [length, draft]"),
    ("  - id: measure\n    type: prompt", "  - id: look\n    type: prompt"),
    ("inputs.topc", "inputs.topic"),
    ("{{ wordcount(state.draft }}", "{{ state.draft | length }}"),
];

/// What cargo says of the package itself: of those it depends on, warnings may come before
fn of_package<'s>(stderr: &'s str, name: &str) -> &'s str {
    let begin = stderr.find(&format!("   Compiling {name} ")).unwrap_or_default();
    let own = &stderr[begin..];
    own.split_once('\n').map_or(own, |(_, rest)| rest)
}

#[test]
fn eight_mistakes_are_shown_as_rustc_would_and_then_the_build_stops() {
    let package = Scratch::of_workflows("scratch-notes");
    package.write("workflows/notes.yaml", NOTES);
    let broken = package.cargo(&["build"]);
    assert!(!broken.ok);
    expect("tests/cargo_build/notes.stderr", of_package(&broken.stderr, "scratch-notes"));

    let mended = MENDS.iter().fold(NOTES.to_owned(), |text, (wrong, right)| {
        assert_eq!(text.matches(wrong).count(), 1, "{wrong}");
        text.replace(wrong, right)
    });
    package.write("workflows/notes.yaml", &mended);
    let built = package.cargo(&["build"]);
    assert!(built.ok, "{}", built.stderr);
    assert_eq!(of_package(&built.stderr, "scratch-notes").lines().count(), 1, "{}", built.stderr);

    let again = package.cargo(&["build"]);
    assert!(again.ok && !again.stderr.contains("Compiling"), "{}", again.stderr);
}

#[test]
fn a_warning_is_shown_again_when_nothing_is_built() {
    let package = Scratch::of_workflows("scratch-warning");
    let text = "name: hello\nversion: 1.0.0\ninitial_state: { who: you }\nsteps:\n  - id: ask\n    \
                type: prompt\n    needs_state: [who]\n    message: Hello\n";
    package.write("workflows/hello.yaml", text);
    for round in ["built", "fresh"] {
        let said = package.cargo(&["build"]);
        assert!(said.ok, "{}", said.stderr);
        let shown = said.stderr.matches("warning[unused-needs-state]").count();
        assert_eq!(shown, 1, "{round}: {}", said.stderr);
        assert!(said.stderr.contains(" --> workflows/hello.yaml:7:19\n"), "{}", said.stderr);
    }
}

#[test]
fn editors_get_the_places_in_the_yaml() {
    let package = Scratch::of_workflows("scratch-editor");
    package.write("workflows/notes.yaml", NOTES);
    let said = package.cargo(&["build", "--message-format=json"]);
    let messages = said.stdout.lines().map(|line| serde_json::from_str(line).unwrap());
    let places: Vec<String> = messages
        .map(|message: serde_json::Value| message["message"]["spans"][0].clone())
        .filter(|span| span["file_name"] == "workflows/notes.yaml")
        .map(|span| format!("{}:{}", span["line_start"], span["column_start"]))
        .collect();
    assert_eq!(places.len(), 8, "{places:?}");
    assert_eq!(places[..2], ["6:18", "15:5"]);
}

#[test]
fn without_a_build_script_the_macro_says_what_to_add() {
    let package = Scratch::of_workflows("scratch-without");
    fs::remove_file(package.path("build.rs")).unwrap();
    let said = package.cargo(&["build"]);
    assert!(!said.ok);
    let own = of_package(&said.stderr, "scratch-without");
    assert!(own.contains("workflow_compiler::build(\"workflows\");"), "{own}");
    assert_eq!(own.matches("error: ").count(), 2, "one, and that it could not compile: {own}");
}

fn expect(file: &str, text: &str) {
    let path = Path::new(ROOT).join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert!(text == expected, "expected:\n{expected}\ngot:\n{text}");
}

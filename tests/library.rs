//! The library in the shipped server: listed, found by tags, and each of its workflows run in a
//! terminal with the answers that stand beside it. Its branches are the library's own tests.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn server(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workflow-server"));
    command.args(arguments).stdin(Stdio::null()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A workflow of the library with the answers that stand beside it: what it returned, and what was
/// said
fn run(stem: &str, inputs: &[&str]) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let store = folder.path().join("runs.sqlite").display().to_string();
    let answers = root().join(format!("library/answers/{stem}.yaml")).display().to_string();
    let name = format!("team:{stem}");
    let mut arguments = vec!["--store", &store, "run", &name, "--answers", &answers];
    for input in inputs {
        arguments.extend(["--input", input]);
    }
    let output = server(&arguments);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("note: no step asked"), "an answer too many: {said}");
    (serde_json::from_slice(&output.stdout).unwrap(), said)
}

#[test]
fn the_server_lists_the_library_beside_its_own() {
    let listed = text(&server(&["list"]).stdout);
    for name in ["planning:interactive", "planning:research_task", "team:release"] {
        assert!(listed.lines().any(|line| line.starts_with(name)), "{listed}");
    }
    let tagged = text(&server(&["list", "--tag", "approval"]).stdout);
    let names: Vec<&str> =
        tagged.lines().skip(1).map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(names, ["team:document-review", "team:release"]);
    let unknown = server(&["list", "--tag", "aproval"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean `approval`?"));
}

#[test]
fn every_workflow_has_answers_to_try_it_with() {
    let stems = |folder: &str| {
        let files = std::fs::read_dir(root().join("library").join(folder)).unwrap();
        let mut stems: Vec<_> =
            files.map(|file| Path::new(&file.unwrap().file_name()).to_owned()).collect();
        stems.sort();
        stems
    };
    assert_eq!(stems("answers"), stems("workflows"));
}

#[test]
fn code_review() {
    let (result, said) = run("code-review", &["change=main...cart"]);
    assert_eq!((&result["verdict"], &result["rounds"]), (&json!("approved"), &json!(2)));
    assert!(said.contains("review [4/4] readability"), "{said}");
}

#[test]
fn release() {
    let (result, _) = run("release", &["version=1.4.0", "watch_minutes=0"]);
    assert_eq!(result["outcome"], "released");
    assert!(result["notes"].as_str().unwrap().starts_with("Errors name the file"));
}

#[test]
fn bug_triage() {
    let (result, _) = run("bug-triage", &["report=The export is empty for one of my files"]);
    assert_eq!((&result["outcome"], &result["reproduced"]), (&json!("mended"), &json!(true)));
}

#[test]
fn incident() {
    let (result, _) = run("incident", &["summary=checkout fails", "watch_minutes=0"]);
    assert_eq!(result["outcome"], "resolved");
    assert_eq!(result["timeline"].as_array().unwrap().len(), 6, "{result}");
}

#[test]
fn migration() {
    let inputs = ["goal=from moment to Temporal", "marker=moment(", "trial=1"];
    let (result, _) = run("migration", &inputs);
    assert_eq!(result["outcome"], "partly");
    assert_eq!(result["left"], json!(["src/c.ts"]));
}

#[test]
fn document_review() {
    let inputs = ["document=docs/plan.md", r#"approvers=["Ada", "Ben"]"#];
    let (result, _) = run("document-review", &inputs);
    assert_eq!((&result["approved"], &result["approvals"]), (&json!(true), &json!(["Ada", "Ben"])));
}

#[test]
fn research_report() {
    let (result, _) = run("research-report", &["question=Which search engine fits the shop?"]);
    assert_eq!(result["unanswered"], json!([]));
    assert_eq!(result["sources"].as_array().unwrap().len(), 2);
}

#[test]
fn dependency_upgrade() {
    let (result, said) = run("dependency-upgrade", &[]);
    assert_eq!(result["upgraded"], json!(["serde"]));
    assert_eq!((&result["approved"], &result["pushed"]), (&json!(true), &json!(true)));
    assert!(said.contains("review:"), "the review is a run of its own: {said}");
}

//! `check`, `explain` and `expand`: what is said, and how it exits.

use serde_json::Value;

use super::Folder;

pub const SOUND: &str =
    "name: hello\nversion: 1.0.0\nsteps:\n  - { id: ask, type: prompt, message: Hi }\n";
pub const BROKEN: &str =
    "name: broken\nversion: 1.0.0\nsteps:\n  - { id: ask, type: prompt, mesage: Hi }\n";
pub const WARNED: &str = "name: warned\nversion: 1.0.0\ninitial_state: { a: 1 }\nsteps:\n  \
                      - { id: ask, type: prompt, message: Hi, needs_state: [a] }\n";
const CALLS: &str = "name: calls\nversion: 1.0.0\nsteps:\n  \
                     - { id: ask, type: prompt, message: \"{{ shout('hi') }}\" }\n";
pub const SHOUT: &str =
    "#[workflow_fn]\npub fn shout(text: &str) -> String { text.to_uppercase() }\n";

#[test]
fn sound_workflows_exit_with_zero() {
    let folder = Folder::new(&[("workflows/hello.yaml", SOUND)]);
    let said = folder.workflowc(&["check"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, "no mistakes in 1 file\n"));
}

#[test]
fn mistakes_exit_with_one_and_carry_no_colours_into_a_pipe() {
    let folder = Folder::new(&[("workflows/broken.yaml", BROKEN)]);
    let said = folder.workflowc(&["check"]);
    assert_eq!(said.code, 1);
    assert_eq!(said.places(), ["unknown-key workflows/broken.yaml:4:30"]);
    assert!(!said.stdout.contains('\x1b'), "{:?}", said.stdout);
}

#[test]
fn warnings_fail_only_where_they_are_denied() {
    let folder = Folder::new(&[("workflows/warned.yaml", WARNED)]);
    let said = folder.workflowc(&["check"]);
    assert_eq!((said.code, said.places().len()), (0, 1), "{said:?}");
    assert_eq!(folder.workflowc(&["check", "--deny-warnings"]).code, 1);
}

#[test]
fn json_is_one_object_of_all_paths() {
    let folder = Folder::new(&[("a/broken.yaml", BROKEN), ("b/warned.yaml", WARNED)]);
    let said = folder.workflowc(&["check", "a", "b", "--format", "json"]);
    let report: Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!((&report["errors"], &report["warnings"]), (&1.into(), &1.into()));
    let first = &report["diagnostics"][0];
    assert_eq!(first["code"], "unknown-key");
    assert_eq!((&first["file"], &first["line"]), (&"a/broken.yaml".into(), &4.into()));
    assert_eq!(first["fixes"][0]["edits"][0]["text"], "message");
    assert_eq!(report["diagnostics"][1]["code"], "unused-needs-state");
}

#[test]
fn a_named_file_is_read_with_its_folder_and_reported_alone() {
    let parent = "name: parent\nversion: 1.0.0\ninitial_state: { all: [] }\nsteps:\n  \
                  - { id: each, type: foreach, items: \"{{ [1] }}\", task: hello, output_to: all }\n";
    let folder = Folder::new(&[
        ("workflows/hello.yaml", SOUND),
        ("workflows/broken.yaml", BROKEN),
        ("workflows/parent.yaml", parent),
    ]);
    let said = folder.workflowc(&["check", "workflows/parent.yaml"]);
    assert_eq!((said.code, said.stdout.as_str()), (0, "no mistakes in 1 file\n"));
    let said = folder.workflowc(&["check", "workflows/parent.yaml", "workflows/broken.yaml"]);
    assert_eq!(said.places(), ["unknown-key workflows/broken.yaml:4:30"]);
    let said = folder.workflowc(&["check", "workflows", "workflows/broken.yaml"]);
    assert_eq!(said.places().len(), 1, "once, though it is named twice");
}

#[test]
fn host_functions_are_found_beside_the_folder_or_named() {
    let folder = Folder::new(&[("workflows/calls.yaml", CALLS), ("src/functions.rs", SHOUT)]);
    assert_eq!(folder.workflowc(&["check"]).code, 0);
    let folder = Folder::new(&[("workflows/calls.yaml", CALLS), ("host.rs", SHOUT)]);
    assert_eq!(folder.workflowc(&["check"]).code, 1);
    assert_eq!(folder.workflowc(&["check", "--functions", "host.rs"]).code, 0);
}

#[test]
fn what_is_not_there_exits_with_two_and_says_so() {
    let folder = Folder::new(&[("notes.txt", "")]);
    let said = folder.workflowc(&["check"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.starts_with("error: there is no `workflows`\n"), "{}", said.stderr);
    assert_eq!(folder.workflowc(&["check", "notes.txt"]).code, 2);
    let said = folder.workflowc(&["check", "."]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.starts_with("error: there is no workflow in `.`\n"), "{}", said.stderr);
    assert_eq!(folder.workflowc(&["check", "--functions", "no.rs", "."]).code, 2);
    assert_eq!(folder.workflowc(&["chekc"]).code, 2);
}

#[test]
fn explain_prints_the_page_of_a_code() {
    let folder = Folder::new(&[]);
    let said = folder.workflowc(&["explain", "undeclared-state"]);
    assert_eq!(said.code, 0);
    assert!(said.stdout.starts_with("# undeclared-state\n"), "{}", said.stdout);
    assert_eq!(folder.workflowc(&["explain", "error[undeclared-state]"]).code, 0);

    let said = folder.workflowc(&["explain"]);
    assert_eq!(said.code, 0);
    let line = |line: &&str| line.starts_with("undeclared-state ");
    let line = said.stdout.lines().find(line).unwrap();
    assert!(line.ends_with("A step reads a state field that it does not list in `needs_state`."));

    let said = folder.workflowc(&["explain", "undeclared-sate"]);
    assert_eq!(said.code, 2);
    assert!(said.stderr.contains("did you mean `undeclared-state`?"), "{}", said.stderr);
}

#[test]
fn expand_prints_the_module_of_a_workflow() {
    let folder = Folder::new(&[("workflows/hello.yaml", SOUND), ("workflows/broken.yaml", BROKEN)]);
    let said = folder.workflowc(&["expand", "workflows/hello.yaml"]);
    assert_eq!(said.code, 0, "another file's mistake does not matter: {}", said.stdout);
    assert!(said.stdout.contains("pub mod hello {"), "{}", said.stdout);

    let said = folder.workflowc(&["expand", "workflows/broken.yaml"]);
    assert_eq!((said.code, said.places().len()), (1, 1), "{}", said.stdout);
    assert_eq!(folder.workflowc(&["expand", "workflows/none.yaml"]).code, 2);
}

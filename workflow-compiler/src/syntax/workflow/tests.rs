use super::*;
use crate::syntax::testing::Checked;
use crate::template::ast::ExprKind;
use crate::types::Ty;

fn read(text: &str) -> (Option<Workflow>, Checked) {
    let mut checked = Checked::default();
    let (doc, file) = checked.parse(text);
    let workflow = decode(doc, file, "my-file", &mut checked.diagnostics);
    (workflow, checked)
}

fn mistakes(text: &str) -> Vec<String> {
    read(text).1.mistakes()
}

const STEPS: &str = "steps: [{id: a, type: return}]\n";

/// A workflow that is right, with more lines
fn with(lines: &str) -> String {
    format!("name: a:b\nversion: 1.2.3\n{STEPS}{lines}")
}

#[test]
fn all_parts_of_a_workflow() {
    let text = with(
        "description: does it\ntags: [plan, q3]\n\
         x-anchors: {whatever: [1]}\n\
         inputs:\n  task: {type: string, required: true}\n  most: {type: number, default: 5}\n\
         initial_state:\n  plan: null\n  query: '{{ inputs.task }}'\n\
         output: {type: object}\n\
         tasks:\n  look:\n    inputs: {file: string}\n    steps: [{id: b, type: return}]\n",
    );
    let (workflow, checked) = read(&text);
    let workflow = workflow.unwrap();
    assert_eq!(workflow.name.value, "a:b");
    assert_eq!(workflow.version, Some(Version::new(1, 2, 3)));
    assert_eq!(workflow.tags, ["plan", "q3"]);
    assert_eq!(
        (workflow.stem.as_str(), workflow.body.description.as_str()),
        ("my-file", "does it")
    );
    let inputs: Vec<String> = workflow
        .body
        .inputs
        .iter()
        .map(|(name, schema)| format!("{}: {}", name.value, schema.input_ty()))
        .collect();
    assert_eq!(inputs, ["task: string", "most: number"]);
    let state = &workflow.body.initial_state;
    assert_eq!(state[0].value.as_ref().unwrap().kind, ExprKind::Null);
    let query = state[1].value.as_ref().unwrap();
    assert_eq!(checked.sources.text(query.span), "inputs.task");
    assert_eq!(checked.sources.position(workflow.body.state_span).line, 10);
    assert_eq!(workflow.body.output.as_ref().unwrap().ty, Ty::Open);
    let (name, task) = &workflow.tasks[0];
    assert_eq!((name.value.as_str(), task.inputs.len()), ("look", 1));
    assert_eq!(workflow.doc.sequence(task.steps.unwrap()).unwrap().len(), 1);
    assert_eq!(checked.mistakes(), [""; 0]);
}

#[test]
fn a_workflow_needs_name_version_and_steps() {
    assert_eq!(
        mistakes("description: x\n"),
        ["1:1 missing-key [description] a workflow needs `name`, `version` and `steps`"]
    );
}

#[test]
fn a_file_that_is_no_mapping_is_no_workflow() {
    let (workflow, checked) = read("- a\n");
    assert!(workflow.is_none());
    assert_eq!(
        checked.mistakes(),
        ["1:1 wrong-type-of-key [- a] a workflow takes a mapping, not a list"]
    );
}

#[test]
fn an_empty_file_is_no_workflow() {
    let (workflow, checked) = read("");
    assert!(workflow.is_none());
    assert_eq!(
        checked.mistakes(),
        ["1:1 wrong-type-of-key [] a workflow takes a mapping, not nothing"]
    );
}

#[test]
fn steps_are_a_list_that_is_not_empty() {
    assert_eq!(
        mistakes("name: a\nversion: 1.0.0\nsteps: []\n"),
        ["3:8 wrong-type-of-key [[]] `steps` takes at least one step, not an empty list"]
    );
    assert_eq!(
        mistakes("name: a\nversion: 1.0.0\nsteps: {id: a}\n"),
        ["3:8 wrong-type-of-key [{id: a}] `steps` takes a list of steps, not a mapping"]
    );
}

#[test]
fn versions() {
    let version = |text: &str| {
        let text = format!("name: a\nversion: {text}\n{STEPS}");
        let (_, checked) = read(&text);
        let fixed = crate::diagnostic::fix::apply_fixes(
            &checked.diagnostics.into_sorted(),
            &checked.sources,
        );
        fixed.first().map(|(_, text)| text.lines().nth(1).unwrap().to_owned())
    };
    assert_eq!(
        mistakes(&format!("name: a\nversion: 1.0\n{STEPS}")),
        ["2:10 invalid-version [1.0] `1.0` is not a version"]
    );
    assert_eq!(version("1.0").as_deref(), Some("version: 1.0.0"));
    assert_eq!(version("2").as_deref(), Some("version: 2.0.0"));
    assert_eq!(version("v1.2.3").as_deref(), Some("version: 1.2.3"));
    assert_eq!(version("latest"), None);
    assert_eq!(version("1.0.0-rc.1"), None);
}

#[test]
fn names_are_checked_where_they_stand() {
    let text =
        with("inputs: {my-input: string}\ninitial_state: {1st: 0}\ntasks: {A: {steps: [{}]}}\n");
    assert_eq!(
        mistakes(&text.replace("a:b", "My Flow")),
        [
            "1:7 invalid-name [My Flow] `My Flow` cannot be a workflow name",
            "4:10 invalid-name [my-input] `my-input` cannot be an input name",
            "5:17 invalid-name [1st] `1st` cannot be a state field",
            "6:9 invalid-name [A] `A` cannot be a task name",
        ]
    );
}

#[test]
fn tags_are_a_list_of_words_each_once() {
    let (workflow, checked) = read(&with("tags: [release, 2026, Big Ones, release]\n"));
    assert_eq!(
        checked.mistakes(),
        [
            "4:23 invalid-name [Big Ones] `Big Ones` cannot be a tag",
            "4:33 duplicate-name [release] the tag `release` stands twice",
        ]
    );
    assert_eq!(workflow.unwrap().tags, ["release", "2026", "Big Ones"]);
    assert_eq!(
        mistakes(&with("tags: release\n")),
        ["4:7 wrong-type-of-key [release] `tags` takes a list of names, not a text"]
    );
    assert_eq!(
        mistakes(&with("tasks:\n  t:\n    tags: [a]\n    steps: [{}]\n")),
        ["6:5 unknown-key [tags] unknown key `tags`"]
    );
}

#[test]
fn a_duplicate_field_is_marked_and_the_first_counts() {
    let (workflow, checked) = read(&with("initial_state:\n  a: 1\n  a: 2\n"));
    let state = workflow.unwrap().body.initial_state;
    assert_eq!(state.len(), 1);
    assert_eq!(state[0].value.as_ref().unwrap().kind, ExprKind::Int(1));
    assert_eq!(checked.mistakes(), ["6:3 duplicate-key [a] `a` stands twice in one mapping"]);
}

#[test]
fn a_task_has_no_name_or_version_of_its_own() {
    assert_eq!(
        mistakes(&with("tasks:\n  t:\n    version: 1.0.0\n    steps: [{}]\n")),
        ["6:5 unknown-key [version] unknown key `version`"]
    );
}

#[test]
fn merges_are_read() {
    let text = with("x-in: &in {task: string}\ninputs:\n  <<: *in\n  more: string\n");
    let (workflow, checked) = read(&text);
    assert_eq!(workflow.unwrap().body.inputs.len(), 2);
    assert_eq!(checked.mistakes(), [""; 0]);
}

//! `run`: the planning workflow in a terminal, from its first question to a saved plan.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed, and says where")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const TASK: &str = "task_description=Move the shop's search to a search engine";

/// A folder for a store, with the example's answers changed as a test wants
struct Shop {
    folder: TempDir,
}

impl Shop {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    /// The example's answers without those of one step, and with other lines at the end
    fn answers(&self, without: &str, more: &str) -> PathBuf {
        let text = std::fs::read_to_string(example()).unwrap();
        let mut answers: serde_json::Map<String, Value> = serde_saphyr::from_str(&text).unwrap();
        answers.remove(without).expect("the example answers that step");
        let more: serde_json::Map<String, Value> = serde_saphyr::from_str(more).unwrap();
        answers.extend(more);
        let file = self.folder.path().join("answers.json");
        std::fs::write(&file, Value::Object(answers).to_string()).unwrap();
        file
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workflow-server"));
        command.arg("--store").arg(self.folder.path().join("runs.sqlite"));
        command.arg("run").args(arguments);
        command
    }

    fn planning(&self, answers: &Path, inputs: &[&str]) -> Output {
        let mut command = self.command(&["planning:interactive", "--input", TASK]);
        command.arg("--answers").arg(answers);
        for input in inputs {
            command.args(["--input", input]);
        }
        command.stdin(Stdio::null()).output().unwrap()
    }
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/planning.answers.yaml")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The result on standard output, of a run that completed
fn result(output: &Output) -> Value {
    assert!(output.status.success(), "{}", said(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// How it is told that a command did not do what was asked
fn failure(output: &Output) -> String {
    let said = said(output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty(), "{}", String::from_utf8_lossy(&output.stdout));
    said
}

#[test]
fn answers_take_a_run_from_the_first_question_to_a_saved_plan() {
    let shop = Shop::new();
    let output = shop.planning(&example(), &[]);
    let result = result(&output);
    assert_eq!(result["success"], true);
    assert_eq!(result["approved"], true);
    assert_eq!(result["saved"], true);
    assert!(result["plan"].as_str().unwrap().contains("from 10 January"), "{result}");
    let said = said(&output);
    assert!(said.contains("[1/9] gather-requirements"), "{said}");
    assert!(said.contains("research-phase [5/5]"), "{said}");
    assert!(said.ends_with("completed\n"), "{said}");
    assert!(!said.contains("note:"), "the example has an answer too many: {said}");
}

#[test]
fn a_rejected_plan_is_not_approved() {
    let shop = Shop::new();
    let answers = shop.answers("request-approval", "request-approval: { confirmed: false }");
    let result = result(&shop.planning(&answers, &[]));
    assert_eq!(result["approved"], false);
    assert_eq!(result["saved"], true);
}

#[test]
fn without_approval_nobody_is_asked() {
    let shop = Shop::new();
    let answers = shop.answers("request-approval", "{}");
    let output = shop.planning(&answers, &["require_approval=false"]);
    assert_eq!(result(&output)["approved"], true);
    assert!(!said(&output).contains("request-approval"), "{}", said(&output));
}

#[test]
fn no_more_questions_are_looked_into_than_allowed() {
    let shop = Shop::new();
    let output = shop.planning(&example(), &["max_research_tasks=2"]);
    assert_eq!(result(&output)["success"], true);
    let said = said(&output);
    assert!(said.contains("research-phase [2/2]"), "{said}");
}

#[test]
fn a_missing_answer_names_its_step_and_the_run_goes_on_from_there() {
    let shop = Shop::new();
    let answers = shop.answers("review-plan", "{}");
    let said = failure(&shop.planning(&answers, &[]));
    assert!(said.contains("no answer for step `review-plan` (delegate)"), "{said}");
    let run = said.split("run --resume ").nth(1).unwrap().split_whitespace().next().unwrap();
    let resumed = shop.command(&["--resume", run, "--answers"]).arg(example()).output().unwrap();
    assert_eq!(result(&resumed)["success"], true);
    let said = self::said(&resumed);
    assert!(said.contains("[5/9] review-plan") && !said.contains("[4/9]"), "{said}");
}

#[test]
fn a_short_list_names_the_child_that_has_no_answer() {
    let shop = Shop::new();
    let answers = shop.answers("analyze-results", "analyze-results: [one, two]");
    let said = failure(&shop.planning(&answers, &[]));
    assert!(said.contains("step `analyze-results` (call, child 3 of 5)"), "{said}");
}

#[test]
fn an_answer_of_the_wrong_type_says_what_was_expected() {
    let shop = Shop::new();
    let answers = shop.answers("request-approval", "request-approval: 'yes'");
    let said = failure(&shop.planning(&answers, &[]));
    assert!(said.contains("step `request-approval`: expected an object, found"), "{said}");
}

#[test]
fn a_person_answers_in_the_terminal() {
    let shop = Shop::new();
    let mut command = shop.command(&["planning:interactive", "-i", TASK]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let typed = [
        "Fast, forgiving search",
        "no list",
        r#"["Which engine?"]"#,
        r#"{"sources": ["https://engines.example"]}"#,
        "The small one",
        "<<",
        "1. Install",
        "2. Switch",
        ".",
        "Say who switches",
        "1. Install 2. Ada switches",
        "maybe",
        "n",
    ];
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all((typed.join("\n") + "\n").as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let plan = "1. Install 2. Ada switches";
    assert_eq!(
        result(&output),
        json!({"success": true, "plan": plan, "approved": false, "saved": true})
    );
    let said = said(&output);
    for shown in [
        "Let us plan this: Move the shop's search to a search engine",
        "not JSON",
        "tool: web.search",
        "https://engines.example",
        "agent: @code-standards-reviewer",
        "1. Install\n2. Switch",
        "This is the plan:\n\n1. Install 2. Ada switches",
        "expected y or n",
    ] {
        assert!(said.contains(shown), "`{shown}` is not in {said}");
    }
}

#[test]
fn a_terminal_that_falls_silent_leaves_a_run_to_resume() {
    let shop = Shop::new();
    let mut command = shop.command(&["planning:interactive", "--input", TASK]);
    let said = failure(&command.stdin(Stdio::null()).output().unwrap());
    assert!(said.contains("before step `gather-requirements` was answered"), "{said}");
    assert!(said.contains("run --resume "), "{said}");
}

#[test]
fn wrong_command_lines_say_what_is_right() {
    let shop = Shop::new();
    for (arguments, expected) in [
        (vec!["planning:interactiv", "-i", TASK], "did you mean `planning:interactive`"),
        (vec!["planning:interactive"], "`task_description`"),
        (vec!["planning:interactive", "-i", TASK, "-i", "colour=red"], "colour"),
        (vec!["planning:interactive", "-i", TASK, "-i", "max_research_tasks=few"], "number"),
    ] {
        let output = shop.command(&arguments).stdin(Stdio::null()).output().unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "`{expected}` is not in {said}");
    }
}

#[test]
fn a_limit_that_is_tripped_is_raised_by_its_variable_and_the_run_taken_up_again() {
    let shop = Shop::new();
    let mut command = shop.command(&["planning:interactive", "--input", TASK]);
    command.arg("--answers").arg(example()).env("MAX_STEPS", "3");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = failure(&output);
    assert!(said.contains("more than 3 steps (MAX_STEPS)"), "{said}");
    assert!(said.contains("raise MAX_STEPS (`--max-steps`), which is 3"), "{said}");

    let server = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_workflow-server"));
        command.arg("--store").arg(shop.folder.path().join("runs.sqlite")).args(arguments);
        command.env("MAX_STEPS", "1000").output().unwrap()
    };
    let failed: Value =
        serde_json::from_str(&said_out(&server(&["runs", "list", "--json"]))).unwrap();
    let run = failed["runs"][0]["run_id"].as_str().unwrap();
    assert_eq!(failed["runs"][0]["status"], "failed");
    let retried = said_out(&server(&["runs", "retry", run]));
    assert_eq!(retried, format!("run {run} is waiting\n"));
    let doctor = said_out(&server(&["doctor"]));
    assert!(doctor.contains("MAX_CHILD_DEPTH 5") && doctor.contains("MAX_STEPS 1000"), "{doctor}");

    let help = said_out(&server(&["serve", "--help"]));
    assert!(help.contains("--max-message-kib <KIB>") && help.contains("MAX_MESSAGE_KIB"), "{help}");
    let refused = server(&["--max-child-depth", "0", "doctor"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("--max-child-depth <LEVELS>") && said.contains("1..=50"), "{said}");
}

fn said_out(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

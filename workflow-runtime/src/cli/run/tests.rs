//! Runs in a terminal whose person is a script.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::engine::embedded::{Embedded, Options};
use crate::machine::sample;
use crate::mcp::fake::{Fake, Script, ask, text};

/// What a run left behind
struct Ran {
    shown: String,
    result: String,
    code: Result<ExitCode, Failure>,
}

impl Ran {
    fn result(&self) -> Value {
        assert!(self.code.is_ok(), "{:?}\n{}", self.code, self.shown);
        serde_json::from_str(&self.result).unwrap()
    }

    fn failure(&self) -> String {
        assert_eq!(self.result, "", "a result was printed");
        self.code.as_ref().unwrap_err().to_string()
    }
}

fn args(inputs: &[(&str, &str)]) -> Run {
    Run {
        workflow: Some("demo:plan".into()),
        inputs: inputs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
        answers: None,
        resume: None,
        user_only: false,
    }
}

async fn run_args<E: Engine>(engine: &Arc<E>, args: &Run, typed: &str) -> Ran {
    run_where(engine, args, typed, true).await
}

async fn run_where<E: Engine>(engine: &Arc<E>, args: &Run, typed: &str, attended: bool) -> Ran {
    let (mut shown, mut result) = (Vec::new(), Vec::new());
    let terminal = Terminal::new(typed.as_bytes(), &mut shown);
    let code = run_with(engine.as_ref(), args, terminal, attended, &mut result).await;
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ran { shown: text(shown), result: text(result), code }
}

async fn typing(script: Vec<Script>, typed: &str) -> Ran {
    run_args(&Fake::new(script), &args(&[("task", "x")]), typed).await
}

async fn answering(script: Vec<Script>, answers: &str) -> Ran {
    answering_on(&Fake::new(script), args(&[("task", "x")]), answers).await
}

async fn answering_on<E: Engine>(engine: &Arc<E>, args: Run, answers: &str) -> Ran {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), answers).unwrap();
    let args = Run { answers: Some(PathBuf::from(file.path())), ..args };
    run_args(engine, &args, "").await
}

fn object(name: &str, schema: &Value) -> Value {
    json!({"type": "object", "properties": {name: schema}, "required": [name]})
}

fn each(agent: bool) -> Script {
    let items = vec![json!("apples"), json!("pears")];
    Script::Each { id: "research", agent, items, steps: vec![text("look", "Look")] }
}

#[tokio::test]
async fn a_person_answers_every_kind_of_step() {
    let options = json!({"kind": "choice", "message": "Which?", "options": ["red", "blue"]});
    let prompt = |kind: &str| json!({"kind": kind, "message": "So?"});
    let script = vec![
        text("name", "What is its name?"),
        text("story", "Tell more"),
        ask("sure", "prompt", prompt("confirm"), object("confirmed", &json!({"type": "boolean"}))),
        ask("colour", "prompt", options, object("selected", &json!({"enum": ["red", "blue"]}))),
        ask("read", "prompt", prompt("info"), object("acknowledged", &json!({"const": true}))),
        ask(
            "list",
            "call",
            json!({"function": "list", "instructions": "List"}),
            json!({"type": "array"}),
        ),
        ask("run", "shell", json!({"command": "ls"}), json!({"type": "object"})),
    ];
    let ran = typing(script, "Ada\n<<\none\ntwo\n.\nmaybe\ny\n7\n2\n\n[1\n[1, 2]\n3\nfile\n").await;
    assert_eq!(
        ran.result(),
        json!({
            "name": "Ada",
            "story": "one\ntwo",
            "sure": {"confirmed": true},
            "colour": {"selected": "blue"},
            "read": {"acknowledged": true},
            "list": [1, 2],
            "run": {"stdout": "file", "stderr": "", "exit_code": 3},
        })
    );
    for said in [
        "run run-1 of `demo:plan`",
        "[1/7] name\nWhat is its name?\n",
        "expected y or n",
        "  2. blue",
        "expected one of the options, by number 1 to 2 or word for word",
        "not JSON:",
        "$ ls\n",
        "completed\n",
    ] {
        assert!(ran.shown.contains(said), "no {said:?} in:\n{}", ran.shown);
    }
}

#[tokio::test]
async fn what_a_step_asks_gives_the_terminal_no_orders() {
    let script = vec![
        text("name", "Really?\u{1b}[2J"),
        ask("run", "shell", json!({"command": "rm -r *\rls"}), json!({"type": "object"})),
    ];
    let ran = typing(script, "Ada\n0\n\n").await;
    assert!(ran.shown.contains("Really?\\u{1b}[2J\n"), "{}", ran.shown);
    assert!(ran.shown.contains("$ rm -r *\\u{d}ls\n"), "{}", ran.shown);
    assert!(!ran.shown.contains(['\u{1b}', '\r']), "{}", ran.shown);
}

#[tokio::test]
async fn a_refused_answer_is_asked_for_again_with_the_reason() {
    let script = vec![ask(
        "count",
        "delegate",
        json!({"instructions": "Count"}),
        json!({"type": "integer"}),
    )];
    let ran = typing(script, "\"three\"\n3\n").await;
    assert_eq!(ran.result(), json!({"count": 3}));
    assert!(ran.shown.contains("expected an integer, found the string \"three\""), "{}", ran.shown);
}

#[tokio::test]
async fn the_end_of_input_says_how_to_resume_and_resuming_goes_on() {
    let engine = Fake::new(vec![text("one", "?"), text("two", "?")]);
    let ran = run_args(&engine, &args(&[("task", "x")]), "first\n").await;
    let failure = ran.failure();
    assert!(failure.contains("the input ended before step `two` was answered"), "{failure}");
    assert!(failure.contains("`workflow-server run --resume run-1`"), "{failure}");

    let resume = Run { workflow: None, inputs: vec![], resume: Some("run-1".into()), ..args(&[]) };
    let ran = run_args(&engine, &resume, "second\n").await;
    assert_eq!(ran.result(), json!({"one": "first", "two": "second"}));
    assert!(!ran.shown.contains("[1/2] one"), "{}", ran.shown);
}

#[tokio::test]
async fn children_are_worked_off_one_after_the_other() {
    for agent in [true, false] {
        let ran = typing(vec![each(agent), text("end", "?")], "a\nb\nc\n").await;
        assert_eq!(
            ran.result(),
            json!({"research": [{"look": "a"}, {"look": "b"}], "end": "c"}),
            "agent: {agent}"
        );
        let first = ran.shown.find("research [1/2] apples").unwrap();
        let second = ran.shown.find("research [2/2] pears").unwrap();
        assert!(first < second);
    }
}

#[tokio::test]
async fn answers_come_from_a_file_and_children_take_theirs_by_place() {
    for agent in [true, false] {
        let ran =
            answering(vec![each(agent), text("end", "?")], "look: [a, b]\nend: c\nelse: d\n").await;
        assert_eq!(ran.result(), json!({"research": [{"look": "a"}, {"look": "b"}], "end": "c"}));
        assert!(ran.shown.contains("note: no step asked for the answer `else`"), "{}", ran.shown);
    }
}

#[tokio::test]
async fn a_missing_and_a_wrong_answer_in_the_file_are_named() {
    let failure = answering(vec![text("one", "?"), text("two", "?")], "one: a\n").await.failure();
    assert!(failure.contains("has no answer for step `two` (prompt)"), "{failure}");
    assert!(failure.contains("run run-1 waits"), "{failure}");
    let failure = answering(vec![text("one", "?")], "one: 1\n").await.failure();
    assert!(failure.contains("step `one`: the result does not fit"), "{failure}");
    assert!(failure.contains("--resume run-1"), "{failure}");
}

#[tokio::test]
async fn a_failed_run_is_a_failure() {
    let script =
        vec![ask("do", "delegate", json!({"instructions": "Do"}), json!({"type": "string"}))];
    let failure = typing(script, "!fail no time\n").await.failure();
    assert_eq!(failure, "error: the run failed at step `do`: no time\n");
}

#[tokio::test]
async fn the_server_is_waited_for() {
    let ran = typing(vec![Script::Busy(2), text("one", "?")], "a\n").await;
    assert_eq!(ran.result(), json!({"one": "a"}));
}

#[tokio::test]
async fn wrong_command_lines_are_usage_errors_with_help() {
    let engine = Fake::new(vec![]);
    let mut of = Vec::new();
    let unknown = Run { workflow: Some("demo:plam".into()), ..args(&[]) };
    for (args, said) in [
        (unknown, "there is no workflow `demo:plam`\n  help: did you mean `demo:plan`"),
        (args(&[]), "`task` is missing\n  help: `demo:plan` takes task (string), limit? (integer)"),
        (args(&[("tsak", "x")]), "there is no input `tsak`, did you mean `task`"),
        (
            args(&[("task", "x"), ("limit", "many")]),
            "at `limit`: expected an integer, found the string \"many\"",
        ),
    ] {
        let failure = run_args(&engine, &args, "").await.code.unwrap_err();
        assert!(failure.to_string().contains(said), "{failure}");
        of.push(failure.exit_code());
    }
    assert!(of.iter().all(|code| *code == ExitCode::from(2)));
}

#[tokio::test]
async fn inputs_are_read_by_their_types() {
    let info = Fake::new(vec![]).registry().get("demo:plan").unwrap().info();
    let given = [("task".to_owned(), "42".to_owned()), ("limit".to_owned(), "7".to_owned())];
    let inputs = inputs::read(&given, info).unwrap();
    assert_eq!(Value::Object(inputs), json!({"task": "42", "limit": 7}));
}

#[test]
fn the_table_has_a_line_for_each_workflow() {
    let engine = Fake::new(vec![]);
    let list = |tag, json| {
        let mut out = Vec::new();
        crate::cli::list::list(engine.registry(), tag, json, &mut out)?;
        let text = String::from_utf8(out).unwrap();
        Ok::<_, Failure>(anstream::adapter::strip_str(&text).to_string())
    };
    let listed = |tag| list(tag, false);
    let line = "NAME       VERSION  STEPS  TAGS      INPUTS                           DESCRIPTION\n\
         demo:plan  1.0.0    4      plan, q3  task (string), limit? (integer)  Plans a task\n";
    assert_eq!(listed(None).unwrap(), line);
    assert_eq!(listed(Some("q3")).unwrap(), line);
    let told: Value = serde_json::from_str(&list(None, true).unwrap()).unwrap();
    assert_eq!((&told[0]["name"], &told[0]["steps"]), (&json!("demo:plan"), &json!(4)));
    assert!(told[0]["input_schema"]["properties"]["task"].is_object(), "{told}");
    let refused = listed(Some("plans")).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "error: no workflow has the tag `plans`\n  help: did you mean `plan`?\n"
    );
    assert_eq!(refused.exit_code(), ExitCode::from(2));
}

/// The engine that a user has, on a store of its own
fn embedded(folder: &tempfile::TempDir) -> Arc<Embedded> {
    let options = Options::new(folder.path().join("runs.sqlite"));
    Arc::new(Embedded::open(sample::registry(), options).unwrap())
}

fn starting(workflow: &str, inputs: &[(&str, &str)]) -> Run {
    Run { workflow: Some(workflow.into()), ..args(inputs) }
}

#[tokio::test]
async fn the_embedded_engine_is_driven_by_hand_and_across_processes() {
    let folder = tempfile::tempdir().unwrap();
    let ran =
        run_args(&embedded(&folder), &starting("test:plan", &[("task", "tea")]), "again\n").await;
    let failure = ran.failure();
    assert!(failure.contains("before step `ask#2` was answered"), "{failure}");
    let run_id = failure.split("--resume ").nth(1).unwrap().split('`').next().unwrap().to_owned();
    let resume = Run { workflow: None, resume: Some(run_id), ..args(&[]) };
    let ran = run_args(&embedded(&folder), &resume, "well\nn\n").await;
    assert_eq!(ran.result()["approval"], json!({"confirmed": false}));
    assert!(ran.shown.contains("[4/5] approve"), "{}", ran.shown);
}

#[tokio::test]
async fn time_passes_for_a_person_too() {
    let folder = tempfile::tempdir().unwrap();
    let steps = r#"[{"wait": 0.2}, {"ask": "well?"}]"#;
    let since = std::time::Instant::now();
    let args = starting("test:script", &[("steps", steps)]);
    let ran = answering_on(&embedded(&folder), args, "s1: fine\n").await;
    assert_eq!(ran.result()[1], "fine");
    assert!(since.elapsed() >= std::time::Duration::from_millis(200));
    assert!(ran.shown.contains("s0: waiting 1 second (cooling down)\n"), "{}", ran.shown);
}

#[tokio::test]
async fn answers_that_there_is_none_lead_to_another_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let retry = r#"{"max_attempts": 2, "backoff_seconds": 0.1, "backoff_factor": 1}"#;
    let steps = format!(r#"[{{"tool": "disk.read", "retry": {retry}}}]"#);
    let args = starting("test:script", &[("steps", &steps)]);
    let answers = "s0: '!fail no disk'\n's0#2': text\n";
    let ran = answering_on(&embedded(&folder), args, answers).await;
    assert_eq!(ran.result(), json!(["text"]));
    assert!(ran.shown.contains("s0#2 (attempt 2; before: no disk)\n"), "{}", ran.shown);
}

#[tokio::test]
async fn a_person_may_answer_what_is_theirs_and_leave_the_rest_to_the_agent() {
    let folder = tempfile::tempdir().unwrap();
    let steps = r#"[{"ask": "what?"}, {"ask": "sign?", "user_only": true}, {"ask": "then?"}]"#;
    let engine = embedded(&folder);
    let ran = run_args(&engine, &starting("test:script", &[("steps", steps)]), "this\n").await;
    let failure = ran.failure();
    let run_id = failure.split("--resume ").nth(1).unwrap().split('`').next().unwrap().to_owned();
    let mine = Run { workflow: None, resume: Some(run_id.clone()), user_only: true, ..args(&[]) };
    let piped = run_where(&engine, &mine, "signed\n", false).await.failure();
    assert!(piped.contains("step `s1` is answered by the user, in a terminal"), "{piped}");
    let from_file = answering_on(&engine, mine.clone(), "s1: signed\n").await.failure();
    assert!(from_file.contains("in a terminal"), "{from_file}");
    let ran = run_args(&engine, &mine, "signed\n").await;
    assert!(ran.code.is_ok(), "{:?}", ran.code);
    assert!(ran.shown.contains("sign?\n") && !ran.shown.contains("then?"), "{}", ran.shown);
    assert!(ran.shown.ends_with("the rest is the agent's\n"), "{}", ran.shown);
    assert_eq!(engine.next(&run_id).await.unwrap().step.unwrap().step_id, "s2");
}

#[tokio::test]
async fn the_embedded_engines_children_take_their_answers_by_place() {
    let folder = tempfile::tempdir().unwrap();
    let engine = embedded(&folder);
    let items = ("items", r#"["a", "auto", "b"]"#);
    for inputs in [vec![items], vec![items, ("agent", "@task")], vec![items, ("at_once", "1")]] {
        let ran = answering_on(&engine, starting("test:fan", &inputs), "work: [x, y, z]\n").await;
        let result = ran.result();
        assert_eq!(result, json!([[0, 3, "a", "x"], "by itself", [2, 3, "b", "z"]]), "{inputs:?}");
        assert!(ran.shown.contains("each [3/3] b\n"), "{}", ran.shown);
    }
}

#[tokio::test]
async fn children_of_a_later_step_or_attempt_are_counted_by_themselves() {
    let folder = tempfile::tempdir().unwrap();
    let retry = r#"{"max_attempts": 2, "backoff_seconds": 0, "backoff_factor": 1}"#;
    let each = r#"[[{"tool": "a.b"}], [{"tool": "a.b"}]]"#;
    let steps = format!(r#"[{{"each": {each}}}, {{"each": {each}, "retry": {retry}}}]"#);
    let engine = embedded(&folder);
    let args = starting("test:script", &[("steps", &steps)]);
    let ran = run_args(&engine, &args, "1\n2\n3\n!fail\n5\n").await;
    assert_eq!(ran.result(), json!([[[1], [2]], [[3], [5]]]));
    for said in ["s0 [2/2]", "s1 [2/2]", "s1 [1/2]"] {
        assert!(ran.shown.contains(said), "no {said:?} in:\n{}", ran.shown);
    }
    assert!(!ran.shown.contains("/4]") && !ran.shown.contains("/6]"), "{}", ran.shown);
}

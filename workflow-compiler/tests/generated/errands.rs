//! Runs of workflows within workflows, on the embedded engine: choices, commands, several versions
//! of one workflow side by side.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use workflow_runtime::engine::embedded::{Embedded, Options};
use workflow_runtime::engine::{Engine, EngineError, StartRequest, Submission};
use workflow_runtime::machine::{Answer, AnsweredBy, Status};
use workflow_runtime::registry::Registry;
use workflow_runtime::reply::Reply;

use crate::from_yaml::registry;

/// An engine on a store of its own, with a clock that the test sets
struct Bench {
    folder: TempDir,
    clock: Arc<AtomicI64>,
    engine: Embedded,
    runtime: tokio::runtime::Runtime,
}

impl Bench {
    fn with(registry: Registry) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(1_700_000_000_000));
        let engine = open(&folder, &clock, registry);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { folder, clock, engine, runtime }
    }

    /// Another server on the same store takes over
    fn reopen(&mut self, registry: Registry) {
        self.engine = open(&self.folder, &self.clock, registry);
    }

    fn start(&self, workflow: &str, inputs: &Value) -> Reply {
        let inputs = inputs.as_object().unwrap().clone();
        let workflow = workflow.to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        self.runtime.block_on(self.engine.start(request)).unwrap()
    }

    fn try_answer(&self, reply: &Reply, value: Value) -> Result<Reply, EngineError> {
        let step = reply.step.as_ref().unwrap();
        self.runtime.block_on(self.engine.submit(Submission {
            run_id: step.run_id.clone(),
            step_id: step.step_id.clone(),
            answer: Answer::Result(value),
            by: AnsweredBy::Agent,
        }))
    }

    fn answer(&self, reply: &Reply, value: Value) -> Reply {
        self.try_answer(reply, value).unwrap()
    }
}

fn open(folder: &TempDir, clock: &Arc<AtomicI64>, registry: Registry) -> Embedded {
    let clock = clock.clone();
    let mut options = Options::new(folder.path().join("runs.sqlite"));
    options.clock =
        Arc::new(move || Timestamp::from_millisecond(clock.load(Ordering::Relaxed)).unwrap());
    Embedded::open(Arc::new(registry), options).unwrap()
}

fn field<'r>(reply: &'r Reply, name: &str) -> &'r Value {
    &reply.step.as_ref().unwrap().fields[name]
}

fn inputs(tone: &str) -> Value {
    json!({"files": ["a", "b"], "rest": {"tone": tone}})
}

/// As far as the plan within
fn planned(bench: &Bench, tone: &str) -> Reply {
    let pick = bench.start("errands", &inputs(tone));
    assert_eq!(field(&pick, "options"), &json!(["a", "b"]));
    let refused = bench.try_answer(&pick, json!({"selected": "c"})).unwrap_err();
    assert!(refused.message.contains(r#"expected one of ["a","b"]"#), "{}", refused.message);
    let name = bench.answer(&pick, json!({"selected": "b"}));
    assert!(bench.try_answer(&name, json!("huge")).is_err());
    let count = bench.answer(&name, json!("short"));
    assert_eq!(field(&count, "command"), "wc -c 0-of-2 3", "the factor is given to all");
    let count = bench.answer(&count, json!({"stdout": "7", "exit_code": 0}));
    // The second command fails, and so does its child.
    assert_eq!(field(&count, "command"), "wc -c 1-of-2 3");
    bench.answer(&count, json!({"stdout": "", "exit_code": 1, "stderr": "no b"}))
}

#[test]
fn a_workflow_runs_others_and_takes_what_they_return() {
    let bench = Bench::with(registry());
    let plan = planned(&bench, "sharp");
    assert_eq!(field(&plan, "message"), "New plan, sharp, for short?");
    let part = bench.answer(&plan, json!("words"));
    assert_eq!(field(&part, "message"), "New part 1?");
    // The file of the older version means the highest one, too.
    let plan = bench.answer(&part, json!("part"));
    assert_eq!(field(&plan, "message"), "New plan, calm, for longer?");
    let part = bench.answer(&plan, json!("other"));
    let pause = bench.answer(&part, json!("part"));
    assert_eq!(field(&pause, "resume_at"), "2023-11-14T22:13:20.5Z");
    let refused = bench.try_answer(&pause, json!({"waited_seconds": 1})).unwrap_err();
    assert!(refused.message.contains("goes on by itself"), "{}", refused.message);
    bench.clock.fetch_add(750, Ordering::Relaxed);
    let tell = bench.runtime.block_on(bench.engine.next(&pause.run_id)).unwrap();
    assert_eq!(field(&tell, "message"), "Waited 0.75");
    let done = bench.answer(&tell, json!({"acknowledged": true}));
    let expected = json!({
        "picked": "b",
        "sizes": ["a: 7", null],
        "plan": "words, part",
        "other_plan": "other, part",
        "told": true,
    });
    assert_eq!(done.result, Some(expected));
}

#[test]
fn tags_are_those_of_the_file_and_not_of_its_tasks() {
    let tags = |name| registry().get(name).unwrap().info().tags;
    assert_eq!(tags("errands"), ["waiting", "children"]);
    assert!(tags("errands/measure").is_empty());
}

#[test]
fn an_enum_from_an_unknown_value_is_checked_where_it_is_given() {
    let bench = Bench::with(registry());
    let failed = planned(&bench, "loud");
    assert_eq!(failed.status, Status::Failed);
    let error = failed.error.unwrap();
    assert_eq!((error.code.as_str(), error.step_id.as_deref()), ("type-mismatch", Some("plan")));
    assert!(error.message.contains(r#"expected one of ["calm","sharp"]"#), "{}", error.message);
}

#[test]
fn a_run_goes_on_with_the_version_that_it_began_under() {
    let old_alone = registry()
        .versions("plan")
        .iter()
        .chain(registry().versions("plan/part"))
        .filter(|program| program.info().version == "1.9.0")
        .cloned()
        .collect();
    let mut bench = Bench::with(Registry::new(old_alone));
    let ask = bench.start("plan", &json!({"title": "t"}));
    assert_eq!(field(&ask, "message"), "Old plan for t?");
    bench.reopen(registry());
    let part = bench.answer(&ask, json!("words"));
    assert_eq!(field(&part, "message"), "Old part 1?");
    let done = bench.answer(&part, json!("part"));
    assert_eq!(done.result, Some(json!("wordspart")));
    let new = bench.start("plan-1", &json!({"title": "t", "tone": "calm"}));
    assert_eq!(field(&new, "message"), "New plan, calm, for t?");
}

#[test]
fn what_cannot_be_waited_for_or_chosen_fails_its_step() {
    let bench = Bench::with(registry());
    let none = bench.start("errands", &json!({"files": [], "rest": 1}));
    let error = none.error.unwrap();
    assert_eq!((error.code.as_str(), error.step_id.as_deref()), ("no-options", Some("pick")));
    let plan = planned(&bench, "calm");
    let children = bench.runtime.block_on(bench.engine.status(&plan.run_id)).unwrap().children;
    let failed = children.iter().find(|child| child.status == "failed");
    let report = bench.runtime.block_on(bench.engine.status(&failed.unwrap().run_id)).unwrap();
    let error = report.error.unwrap();
    assert_eq!(error.code, "invalid-duration");
    assert_eq!(error.message, "`-1` seconds cannot be waited: a wait takes 0 seconds or more");
}

//! What a run is played on: an engine on a store of its own, with a clock that the story moves.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;
use workflow_runtime::engine::embedded::{Embedded, Options};
use workflow_runtime::engine::{Engine, StartRequest, Submission};
use workflow_runtime::machine::{Answer, AnsweredBy, Status};
use workflow_runtime::reply::{Reply, Step};

/// What comes of a step
pub enum Comes {
    /// It is answered so
    Answer(Value),
    /// Who was asked could not do it
    Failure(&'static str),
    /// So many seconds pass, and nobody says anything
    Time(i64),
}

use Comes::{Answer as Said, Failure, Time};

/// A step of a story: its id, and what comes of it
pub type Beat = (&'static str, Comes);

/// An answer to any step
pub fn answer(id: &'static str, value: Value) -> Beat {
    (id, Said(value))
}

/// What an agent or a person writes
pub fn text(id: &'static str, words: &str) -> Beat {
    answer(id, json!(words))
}

/// A command that ended well
pub fn well(id: &'static str, stdout: &str) -> Beat {
    answer(id, json!({"stdout": stdout, "exit_code": 0}))
}

/// A command that did not
pub fn badly(id: &'static str, stderr: &str) -> Beat {
    answer(id, json!({"stdout": "", "stderr": stderr, "exit_code": 1}))
}

/// One of the options
pub fn choose(id: &'static str, option: &str) -> Beat {
    answer(id, json!({"selected": option}))
}

/// A message that was read
pub fn read(id: &'static str) -> Beat {
    answer(id, json!({"acknowledged": true}))
}

/// A step that could not be done
pub fn fails(id: &'static str, why: &'static str) -> Beat {
    (id, Failure(why))
}

/// Time that passes at a step
pub fn passes(id: &'static str, seconds: i64) -> Beat {
    (id, Time(seconds))
}

/// An engine, and the time
pub struct Stage {
    _folder: TempDir,
    clock: Arc<AtomicI64>,
    engine: Embedded,
}

/// A story as it was told: how the run ended, and what each step showed
pub struct Told {
    pub end: Reply,
    steps: Vec<Step>,
    /// When the run began and ended, in seconds
    pub took: i64,
}

impl Told {
    /// What the run returned
    pub fn result(&self) -> &Value {
        assert_eq!(self.end.status, Status::Completed, "{:?}", self.end.error);
        self.end.result.as_ref().unwrap()
    }

    /// The hand-outs of a step, as JSON: its command, its message, its instructions
    pub fn shown(&self, id: &str) -> Vec<String> {
        let steps = self.steps.iter().filter(|step| named(step) == id);
        steps.map(|step| json!(step.fields).to_string()).collect()
    }

    /// The ids of all steps, in order
    pub fn ids(&self) -> Vec<&str> {
        self.steps.iter().map(named).collect()
    }
}

/// A step's id, without the number of its visit
fn named(step: &Step) -> &str {
    step.step_id.split('#').next().unwrap()
}

impl Stage {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(AtomicI64::new(1_700_000_000_000));
        let hands = clock.clone();
        let mut options = Options::new(folder.path().join("runs.sqlite"));
        options.clock =
            Arc::new(move || Timestamp::from_millisecond(hands.load(Ordering::Relaxed)).unwrap());
        options.tick = None;
        let registry = Arc::new(workflow_library::registry());
        let engine = Embedded::open(registry, options).unwrap();
        Self { _folder: folder, clock, engine }
    }

    /// Plays a story to its end
    pub fn tell(&self, workflow: &str, inputs: Value, story: Vec<Beat>) -> Told {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let began = self.clock.load(Ordering::Relaxed);
        let mut play = Play { stage: self, story: story.into(), steps: Vec::new() };
        let end = runtime.block_on(async {
            let inputs = serde_json::from_value(inputs).unwrap();
            let workflow = workflow.to_owned();
            let request = StartRequest { workflow, inputs, idempotency_key: None };
            let run_id = self.engine.start(request).await.unwrap().run_id;
            play.run(run_id).await
        });
        let left: Vec<_> = play.story.iter().map(|(id, _)| *id).collect();
        assert!(left.is_empty(), "the run ended, and these steps did not come: {left:?}; {end:?}");
        let took = (self.clock.load(Ordering::Relaxed) - began) / 1000;
        Told { end, steps: play.steps, took }
    }

    /// Why a run cannot be started with these inputs
    pub fn refuse(&self, workflow: &str, inputs: Value) -> String {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let inputs = serde_json::from_value(inputs).unwrap();
        let workflow = workflow.to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        runtime.block_on(self.engine.start(request)).unwrap_err().message
    }

    fn pass(&self, milliseconds: i64) {
        self.clock.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

/// A story in the telling
struct Play<'a> {
    stage: &'a Stage,
    story: VecDeque<Beat>,
    steps: Vec<Step>,
}

impl Play<'_> {
    /// Drives a run to its end; boxed, because a child is driven as its parent is
    fn run(&mut self, run_id: String) -> Pin<Box<dyn Future<Output = Reply> + '_>> {
        Box::pin(async move {
            loop {
                let reply = self.stage.engine.next(&run_id).await.unwrap();
                match (&reply.status, &reply.step) {
                    (Status::Running | Status::Waiting, Some(step)) if step.kind == "foreach" => {
                        self.children(step).await;
                    }
                    (Status::Running | Status::Waiting, Some(step)) => self.beat(step).await,
                    // A pause between two attempts.
                    (Status::Running | Status::Waiting, None) => {
                        let pause = reply.retry_after_ms.unwrap_or(1000);
                        self.stage.pass(i64::try_from(pause).unwrap().max(1));
                    }
                    _ => return reply,
                }
            }
        })
    }

    /// Sub-agents, one after the other
    async fn children(&mut self, step: &Step) {
        let children = step.fields["children"].as_array().unwrap().clone();
        let over = |child: &Value| {
            !matches!(child["status"].as_str().unwrap(), "queued" | "running" | "waiting")
        };
        for child in children.iter().filter(|child| !over(child)) {
            self.run(child["run_id"].as_str().unwrap().to_owned()).await;
        }
    }

    async fn beat(&mut self, step: &Step) {
        let told: Vec<_> = self.steps.iter().map(named).collect();
        let Some((id, comes)) = self.story.pop_front() else {
            panic!("the story ends, and step `{}` comes behind {told:?}", step.step_id);
        };
        assert_eq!(named(step), id, "behind {told:?}: {:#}", json!(step.fields));
        self.steps.push(step.clone());
        let answer = match comes {
            Said(value) => Answer::Result(value),
            Failure(why) => Answer::Error(why.to_owned()),
            Time(seconds) => return self.stage.pass(seconds * 1000),
        };
        let is_users = step.fields.get("answered_by").is_some_and(|by| by == "user");
        let by = if is_users { AnsweredBy::User } else { AnsweredBy::Agent };
        let (run_id, step_id) = (step.run_id.clone(), step.step_id.clone());
        let submission = Submission { run_id, step_id, answer, by };
        if let Err(error) = self.stage.engine.submit(submission).await {
            panic!("step `{}`: {error}; it wants {}", step.step_id, step.result_schema);
        }
    }
}

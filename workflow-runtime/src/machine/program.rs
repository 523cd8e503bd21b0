//! A compiled workflow as the engine sees it: without its types.

use std::fmt;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::driver::{Drive, failed, guarded};
use super::measure::{measured, refuse_impatience};
use super::retry::again;
use super::untyped::{Held, Stored, Untyped};
use super::upgrade::{self, Build, live_at};
use super::{
    Answer, AnsweredBy, Changed, Context, Damaged, Env, Event, Live, Outline, Parent, Place,
    Reentry, Refusal, RunError, Snapshot, Stop, Workflow,
};
use crate::schema::{InputSchema, Schema};

/// What is known of a workflow before any run of it
#[derive(Debug)]
pub struct Info {
    /// `planning:interactive`; `workflow/task` for an inline task
    pub name: &'static str,
    /// `1.0.0`
    pub version: &'static str,
    /// The author's words, may be empty
    pub description: &'static str,
    /// The words it is found by; an inline task has none
    pub tags: &'static [&'static str],
    /// The YAML file, as the compiler was given it
    pub file: &'static str,
    /// Changes whenever the compiled workflow means something else
    pub fingerprint: &'static str,
    /// JSON Schema of the inputs
    pub input_schema: &'static str,
    /// All steps, nested ones too, in the order written
    pub steps: &'static [StepInfo],
    /// How many steps stand at the top level
    pub top_level_steps: usize,
    /// Whether it is an inline task, which is not started by itself
    pub inline_task: bool,
    /// Types of the inputs, by name
    pub inputs: &'static [(&'static str, &'static str)],
    /// Types of the state fields, as they are stored, by name
    pub state: &'static [(&'static str, &'static str)],
    /// Type of `item`
    pub item: &'static str,
    /// Type of what a run returns
    pub result: &'static str,
    /// The places where runs wait
    pub positions: &'static [Live],
    /// The YAML that it was compiled from; empty for an inline task, which stands in that of its
    /// workflow
    pub source: &'static str,
    /// Its steps as a Mermaid flowchart; empty for an inline task
    pub diagram: &'static str,
    /// The same as SVG, for a page that has the styles; what is drawn of a step names it in
    /// `data-step`: its program, a space, its id. Empty for an inline task, which is drawn within that
    /// of its workflow
    pub picture: &'static str,
}

#[cfg(test)]
impl Info {
    /// Of a workflow of which nothing is known: tests say the rest
    pub(crate) const UNKNOWN: Self = Self {
        name: "",
        version: "1.0.0",
        description: "",
        tags: &[],
        file: "",
        fingerprint: "",
        input_schema: "{}",
        steps: &[],
        top_level_steps: 0,
        inline_task: false,
        inputs: &[],
        state: &[],
        item: "null",
        result: "any",
        positions: &[],
        source: "",
        diagram: "",
        picture: "",
    };
}

/// What is known of a step
#[derive(Debug)]
pub struct StepInfo {
    /// Its id
    pub id: &'static str,
    /// Its `type`
    pub kind: &'static str,
    /// Its line in the YAML file, from 1
    pub line: u32,
    /// Which step of the top level it is or lies in, from 0
    pub top: usize,
}

/// What a run begins with
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// The inputs as given
    pub inputs: Map<String, Value>,
    /// `item` of an inline task
    pub item: Value,
    /// Where it stands among its siblings
    pub place: Place,
    /// Whose child it is
    pub parent: Option<Parent>,
}

/// A compiled workflow without its types
pub trait Program: Send + Sync {
    /// Name, version, schema, steps
    fn info(&self) -> &'static Info;

    /// Begins a run and drives it to its first wait or its end; inputs that do not fit their
    /// schema are refused
    ///
    /// The events begin with [`Event::Started`] and end with [`Event::Waiting`],
    /// [`Event::Completed`] or [`Event::Failed`].
    fn begin(&self, start: Start, env: Env) -> Result<Vec<Event>, Refusal>;

    /// Takes an answer and drives the run to its next wait or its end; an answer that does not
    /// fit is refused, and nothing has happened
    ///
    /// The events begin with [`Event::Answered`].
    fn resume(
        &self,
        snapshot: &Snapshot,
        answer: Answer,
        by: AnsweredBy,
        env: Env,
    ) -> Result<Vec<Event>, Refusal>;

    /// Takes up a run again that has failed, or was called off with its parent; refused where it
    /// cannot stand where it stood
    ///
    /// The events begin with [`Event::Retried`].
    fn retry(&self, snapshot: &Snapshot, env: Env) -> Result<Vec<Event>, Refusal>;

    /// The event by which a run that waits under another build of the workflow goes on under this
    /// one; fails with what has changed where that build needs something else at the run's position
    ///
    /// `before` is what the other build kept of its runs.
    fn upgrade(&self, snapshot: &Snapshot, before: &Outline, env: Env) -> Result<Event, Changed>;

    /// Whether a run can begin with this; says why not
    fn accepts(&self, start: &Start) -> Result<(), Refusal>;
}

/// A [`Workflow`] as a [`Program`]
pub struct Compiled {
    inputs: OnceLock<Result<InputSchema, String>>,
    workflow: &'static dyn Untyped,
}

impl Compiled {
    /// The program of a workflow; nothing is parsed before the first run
    pub const fn new<W: Workflow>(workflow: &'static W) -> Self {
        Self { inputs: OnceLock::new(), workflow }
    }

    fn input_schema(&self) -> Result<&InputSchema, Refusal> {
        let parsed = self.inputs.get_or_init(|| InputSchema::parse(self.info().input_schema));
        parsed.as_ref().map_err(|message| refusal(format!("the input schema is broken: {message}")))
    }
}

impl fmt::Debug for Compiled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Compiled").field(&self.info().name).finish()
    }
}

impl Program for Compiled {
    fn info(&self) -> &'static Info {
        self.workflow.info()
    }

    fn begin(&self, mut start: Start, env: Env) -> Result<Vec<Event>, Refusal> {
        start.inputs = self.input_schema()?.take(start.inputs).map_err(refusal)?;
        let mut cx = Context::new(env, start.place);
        let (held, state) = match self.initial(&start.inputs, &start.item, &mut cx) {
            Ok(begun) => begun,
            Err(Stop::Refused(refusal)) => return Err(refusal),
            Err(Stop::Failed(fault)) => {
                let started = started(self.info(), start, Map::new(), env);
                return Ok(vec![started, failed(RunError::of(fault, None), env)]);
            }
        };
        let started = started(self.info(), start, state, env);
        let before = Snapshot::begin(&started).map_err(damaged)?;
        Ok(Drive::new(self.workflow, held, cx, &before, vec![started]).enter())
    }

    fn resume(
        &self,
        snapshot: &Snapshot,
        answer: Answer,
        by: AnsweredBy,
        env: Env,
    ) -> Result<Vec<Event>, Refusal> {
        let (Some(pending), Some(position)) = (&snapshot.pending, &snapshot.position) else {
            return Err(refusal("the run does not wait for an answer".to_owned()));
        };
        refuse_impatience(pending, by)?;
        if let Answer::Result(value) = &answer {
            let schema = Schema::cached(&pending.result_schema).map_err(refusal)?;
            schema.check(value).map_err(refusal)?;
        }
        let step_id = pending.step_id.clone();
        let answered = Event::Answered { step_id, answer: answer.clone(), by, at: env.now };
        let answer = match answer {
            Answer::Result(value) => Ok(measured(value, pending, env.now)),
            Answer::Error(text) => Err(agent_error(text)),
            Answer::Failed(error) => Err(error),
        };
        if let Err(error) = &answer
            && let Some(again) = again(snapshot, pending, error, env.now)
        {
            let position = position.clone();
            return Ok(vec![answered, Event::Waiting { position, pending: again }]);
        }
        self.go_on(snapshot, position, answer, vec![answered], env)
    }

    fn retry(&self, snapshot: &Snapshot, env: Env) -> Result<Vec<Event>, Refusal> {
        let Some(left) = &snapshot.left else { return self.begin_again(snapshot, env) };
        let from = Reentry::at(left, snapshot, env.now);
        let retried = Event::Retried { from, at: env.now };
        let mut before = snapshot.clone();
        before.apply(&retried).map_err(damaged)?;
        drop(self.waiting(&before, &left.position)?);
        let (Some(since), Some(pending)) = (&left.since, &before.pending) else {
            return Ok(vec![retried]);
        };
        let answered = Event::Answered {
            step_id: pending.step_id.clone(),
            answer: since.answer.clone(),
            by: AnsweredBy::Server,
            at: env.now,
        };
        let answer = match since.answer.clone() {
            Answer::Result(value) => Ok(value),
            Answer::Error(text) => Err(agent_error(text)),
            Answer::Failed(error) => Err(error),
        };
        self.go_on(&before, &left.position, answer, vec![retried, answered], env)
    }

    fn upgrade(&self, snapshot: &Snapshot, before: &Outline, env: Env) -> Result<Event, Changed> {
        let schema = self.input_schema().map_err(|broken| Changed::one(broken.message))?;
        let build = Build {
            info: self.info(),
            defaults: &|inputs| schema.fill(inputs.clone()),
            initial: &|inputs| {
                let mut cx = Context::new(env, snapshot.place);
                let begun = self.initial(inputs, &snapshot.item, &mut cx);
                begun.map(|(_, state)| state).map_err(|stop| match stop {
                    Stop::Refused(refusal) => refusal.message,
                    Stop::Failed(fault) => fault.message,
                })
            },
        };
        let Some(waits) = upgrade::as_it_waits(snapshot, env)? else {
            // It goes on from its start.
            if snapshot.parent.is_some() {
                before.returns_as(self.info())?;
            }
            self.accepts(&start_of(snapshot)).map_err(|refusal| Changed::one(refusal.message))?;
            return Ok(build.upgraded(snapshot, env));
        };
        let event = upgrade::upgrade(&build, &waits, before, env)?;
        // The last word has what will read it.
        let mut carried = waits.into_owned();
        carried.apply(&event).map_err(|damaged| Changed::one(damaged.to_string()))?;
        let position = carried.position.as_ref().unwrap_or(&Value::Null);
        self.waiting(&carried, position).map_err(|refusal| Changed::one(refusal.message))?;
        Ok(event)
    }

    fn accepts(&self, start: &Start) -> Result<(), Refusal> {
        let inputs = self.input_schema()?.take(start.inputs.clone()).map_err(refusal)?;
        self.workflow.accepts(&inputs, &start.item)
    }
}

impl Compiled {
    /// A run before its first block, and the state that it begins with
    fn initial(
        &self,
        inputs: &Map<String, Value>,
        item: &Value,
        cx: &mut Context,
    ) -> Result<(Held, Map<String, Value>), Stop> {
        guarded(cx.limits(), || self.workflow.begin(inputs, item, cx))
    }

    /// From the first step, for a run that failed before it ever waited
    fn begin_again(&self, snapshot: &Snapshot, env: Env) -> Result<Vec<Event>, Refusal> {
        let inputs = self.input_schema()?.take(snapshot.inputs.clone()).map_err(refusal)?;
        let mut cx = Context::new(env, snapshot.place);
        let begun = self.initial(&inputs, &snapshot.item, &mut cx);
        let retried =
            |state| Event::Retried { from: Reentry::Start { inputs, state }, at: env.now };
        let (held, state) = match begun {
            Ok(begun) => begun,
            Err(Stop::Refused(refusal)) => return Err(refusal),
            Err(Stop::Failed(fault)) => {
                return Ok(vec![retried(Map::new()), failed(RunError::of(fault, None), env)]);
            }
        };
        let retried = retried(state);
        let mut before = snapshot.clone();
        before.apply(&retried).map_err(damaged)?;
        Ok(Drive::new(self.workflow, held, cx, &before, vec![retried]).enter())
    }

    /// Goes on from a position with an answer, or with why there is none
    fn go_on(
        &self,
        before: &Snapshot,
        position: &Value,
        answer: Result<Value, RunError>,
        events: Vec<Event>,
        env: Env,
    ) -> Result<Vec<Event>, Refusal> {
        let held = self.waiting(before, position)?;
        let cx = Context::new(env, before.place);
        let drive = Drive::new(self.workflow, held, cx, before, events);
        match answer {
            Ok(value) => drive.resume(&value),
            Err(error) => {
                let step_id = before.pending.as_ref().map(|pending| pending.step_id.clone());
                Ok(drive.give_up(RunError { step_id, ..error }))
            }
        }
    }

    /// A run that waits
    fn waiting(&self, snapshot: &Snapshot, position: &Value) -> Result<Held, Refusal> {
        let Snapshot { inputs, item, place, state, .. } = snapshot;
        let live = live_at(self.info(), snapshot).ok();
        let reads_input = &|name: &str| live.is_none_or(|live| live.reads_input(name));
        let reads = &|name: &str| live.is_none_or(|live| live.reads(name));
        let reads_item = live.is_none_or(|live| live.item);
        let place = *place;
        self.workflow.waiting(&Stored {
            inputs,
            item,
            place,
            state,
            position,
            reads_input,
            reads,
            reads_item,
        })
    }
}

/// What a run began with
fn start_of(snapshot: &Snapshot) -> Start {
    let Snapshot { inputs, item, place, parent, .. } = snapshot;
    Start { inputs: inputs.clone(), item: item.clone(), place: *place, parent: parent.clone() }
}

#[expect(clippy::needless_pass_by_value, reason = "it is made for `map_err`")]
fn damaged(damaged: Damaged) -> Refusal {
    refusal(damaged.to_string())
}

/// The first event of a run
fn started(info: &Info, start: Start, state: Map<String, Value>, env: Env) -> Event {
    Event::Started {
        workflow: info.name.to_owned(),
        version: info.version.to_owned(),
        fingerprint: info.fingerprint.to_owned(),
        inputs: start.inputs,
        item: start.item,
        place: start.place,
        parent: start.parent,
        state,
        at: env.now,
    }
}

fn agent_error(message: String) -> RunError {
    RunError {
        code: "agent-error".to_owned(),
        message,
        step_id: None,
        help: Some(
            "the agent reported that it could not do the step; once the cause is gone, \
             `workflow-server runs retry` takes the run up again from there"
                .to_owned(),
        ),
    }
}

fn refusal(message: String) -> Refusal {
    Refusal { message }
}

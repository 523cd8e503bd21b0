//! A compiled workflow as the engine sees it: without its types.

use std::marker::PhantomData;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use super::driver::{Drive, failed, guarded};
use super::measure::{measured, refuse_impatience};
use super::retry::again;
use super::{
    Answer, AnsweredBy, Context, Damaged, Env, Event, Parent, Place, Reentry, Refusal, Run,
    RunError, Snapshot, Workflow,
};
use crate::data::{Data, Mismatch};
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
}

/// A [`Workflow`] as a [`Program`]
#[derive(Debug)]
pub struct Compiled<W> {
    inputs: OnceLock<Result<InputSchema, String>>,
    workflow: PhantomData<W>,
}

impl<W: Workflow> Compiled<W> {
    /// The program of a workflow; nothing is parsed before the first run
    pub const fn new() -> Self {
        Self { inputs: OnceLock::new(), workflow: PhantomData }
    }

    fn input_schema(&self) -> Result<&InputSchema, Refusal> {
        let parsed = self.inputs.get_or_init(|| InputSchema::parse(W::INFO.input_schema));
        parsed.as_ref().map_err(|message| refusal(format!("the input schema is broken: {message}")))
    }
}

impl<W: Workflow> Default for Compiled<W> {
    fn default() -> Self {
        Self::new()
    }
}

impl<W: Workflow> Program for Compiled<W> {
    fn info(&self) -> &'static Info {
        W::INFO
    }

    fn begin(&self, mut start: Start, env: Env) -> Result<Vec<Event>, Refusal> {
        start.inputs = self.input_schema()?.take(start.inputs).map_err(refusal)?;
        let inputs = typed::<W::Inputs>(&Value::Object(start.inputs.clone()), "the inputs")?;
        let item = typed::<W::Item>(&start.item, "the item")?;
        let mut cx = Context::new(env, start.place);
        let state = match guarded(|| W::initial(&inputs, &item, &mut cx)) {
            Ok(state) => state,
            Err(fault) => {
                let started = started(W::INFO, start, Map::new(), env);
                return Ok(vec![started, failed(RunError::of(fault, None), env)]);
            }
        };
        let place = start.place;
        let started = started(W::INFO, start, object(state.to_json()), env);
        let before = Snapshot::begin(&started).map_err(damaged)?;
        let run = Run { inputs, item, place, state };
        Ok(Drive::<W>::new(run, cx, &before, vec![started]).enter())
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
        go_on::<W>(snapshot, position, answer, vec![answered], env)
    }

    fn retry(&self, snapshot: &Snapshot, env: Env) -> Result<Vec<Event>, Refusal> {
        let Some(left) = &snapshot.left else { return self.begin_again(snapshot, env) };
        let from = Reentry::at(left, snapshot, env.now);
        let retried = Event::Retried { from, at: env.now };
        let mut before = snapshot.clone();
        before.apply(&retried).map_err(damaged)?;
        let position: W::Position = typed(&left.position, "the position")?;
        drop((position, run_of::<W>(&before)?));
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
        go_on::<W>(&before, &left.position, answer, vec![retried, answered], env)
    }
}

impl<W: Workflow> Compiled<W> {
    /// From the first step, for a run that failed before it ever waited
    fn begin_again(&self, snapshot: &Snapshot, env: Env) -> Result<Vec<Event>, Refusal> {
        let inputs = self.input_schema()?.take(snapshot.inputs.clone()).map_err(refusal)?;
        let typed_inputs = typed::<W::Inputs>(&Value::Object(inputs.clone()), "the inputs")?;
        let item = typed::<W::Item>(&snapshot.item, "the item")?;
        let mut cx = Context::new(env, snapshot.place);
        let retried = |state| Event::Retried {
            from: Reentry::Start { inputs: inputs.clone(), state },
            at: env.now,
        };
        let state = match guarded(|| W::initial(&typed_inputs, &item, &mut cx)) {
            Ok(state) => state,
            Err(fault) => {
                return Ok(vec![retried(Map::new()), failed(RunError::of(fault, None), env)]);
            }
        };
        let retried = retried(object(state.to_json()));
        let mut before = snapshot.clone();
        before.apply(&retried).map_err(damaged)?;
        let run = Run { inputs: typed_inputs, item, place: snapshot.place, state };
        Ok(Drive::<W>::new(run, cx, &before, vec![retried]).enter())
    }
}

/// Goes on from a position with an answer, or with why there is none
fn go_on<W: Workflow>(
    before: &Snapshot,
    position: &Value,
    answer: Result<Value, RunError>,
    events: Vec<Event>,
    env: Env,
) -> Result<Vec<Event>, Refusal> {
    let run = run_of::<W>(before)?;
    let position = typed(position, "the position")?;
    let drive = Drive::<W>::new(run, Context::new(env, before.place), before, events);
    match answer {
        Ok(value) => drive.resume(position, &value),
        Err(error) => {
            let step_id = before.pending.as_ref().map(|pending| pending.step_id.clone());
            Ok(drive.give_up(&position, RunError { step_id, ..error }))
        }
    }
}

/// A run with its types
fn run_of<W: Workflow>(snapshot: &Snapshot) -> Result<Run<W>, Refusal> {
    Ok(Run {
        inputs: typed(&Value::Object(snapshot.inputs.clone()), "the inputs")?,
        item: typed(&snapshot.item, "the item")?,
        place: snapshot.place,
        state: typed(&Value::Object(snapshot.state.clone()), "the state")?,
    })
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

fn typed<T: Data>(value: &Value, what: &str) -> Result<T, Refusal> {
    T::from_json(value).map_err(|mismatch: Mismatch| refusal(format!("{what}: {mismatch}")))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn refusal(message: String) -> Refusal {
    Refusal { message }
}

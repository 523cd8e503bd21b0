//! A compiled workflow as the engine sees it: without its types.

use std::marker::PhantomData;

use serde_json::{Map, Value};

use super::{Answer, AnsweredBy, Env, Event, Fault, Parent, Place, Refusal, Snapshot, Workflow};

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
}

/// A [`Workflow`] as a [`Program`]
#[derive(Debug)]
pub struct Compiled<W>(PhantomData<W>);

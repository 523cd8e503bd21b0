//! The machine: what a compiled workflow is, and how it is driven from one wait to the next.
//!
//! Pure: no clock, no I/O, no randomness, no async. Time and chance come in with each input as an
//! [`Env`]; what happened goes out as [`Event`]s.

mod action;
mod choice;
mod driver;
mod event;
mod fault;
mod limits;
mod live;
mod measure;
mod program;
mod reentry;
mod retry;
mod size;
mod snapshot;
mod untyped;
mod upgrade;

#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod tests;

pub use action::{Action, Answer, ChildStart, Fork, Pending, PromptKind, Retry};
pub use driver::{Context, Env, Run};
pub use event::{AnsweredBy, Event, Parent, Place};
pub use fault::{Fault, Refusal, RunError, Stop};
pub(crate) use limits::in_force;
pub use limits::{Limit, Limits, OutOfRange};
pub use live::{Kept, Live, Outline, Position, Variables, Waits, variable};
pub use program::{Compiled, Info, Program, Start, StepInfo};
pub use reentry::{Left, Reentry, Since};
pub use snapshot::{Calling, Damaged, Snapshot, Status};
pub use upgrade::Changed;

use serde_json::Value;

use crate::data::Data;

/// A compiled workflow, typed: what a generated module implements
///
/// Code between two waits is cut into blocks. A block runs to its end without waiting, and says
/// with a [`Next`] where the machine goes from there.
pub trait Workflow: Sized + Send + Sync + 'static {
    /// The read-only inputs
    type Inputs: Variables;
    /// The author's variables
    type State: Variables;
    /// `item` of an inline task, `()` elsewhere
    type Item: Data + Default;
    /// A block to jump to, with the values kept for it
    type Block: Send + 'static;
    /// Where a run waits, with the values kept for what comes after
    type Position: Position;

    /// Name, version, schema, steps
    const INFO: &'static Info;

    /// The state that a run begins with
    fn initial(
        inputs: &Self::Inputs,
        item: &Self::Item,
        cx: &mut Context,
    ) -> Result<Self::State, Fault>;

    /// The first block
    fn entry() -> Self::Block;

    /// The step that a block belongs to: an index into [`Info::steps`]
    fn step_of(block: &Self::Block) -> usize;

    /// The step that waits at a position: an index into [`Info::steps`]
    fn waiting_step(position: &Self::Position) -> usize;

    /// Runs one block
    fn run(block: Self::Block, run: &mut Run<Self>, cx: &mut Context) -> Result<Next<Self>, Fault>;

    /// Takes the answer to what was waited for; an answer of a wrong type is refused before
    /// anything has changed
    fn resume(
        position: Self::Position,
        answer: &Value,
        run: &mut Run<Self>,
        cx: &mut Context,
    ) -> Result<Next<Self>, Stop>;

    /// Where the run goes on if a block fails: what the step's `on_error` says. The block there
    /// finds the error in its context. Nowhere unless the step says: the run fails
    fn caught(_block: &Self::Block) -> Option<Self::Block> {
        None
    }

    /// Where the run goes on if what it waits for fails
    fn failed(_position: &Self::Position) -> Option<Self::Block> {
        None
    }
}

/// Where a block ends
pub enum Next<W: Workflow> {
    /// Another block follows at once
    Go(W::Block),
    /// The run waits; the answer goes to [`Workflow::resume`]
    Wait(W::Position, Wait),
    /// The run is done
    Return(Value),
}

/// What is waited for, and what an answer must look like
#[derive(Clone, Debug, PartialEq)]
pub struct Wait {
    /// The rendered action
    pub action: Action,
    /// JSON Schema of the answer, as text of the compiler's making
    pub result_schema: &'static str,
    /// Seconds until the step fails, if it may not wait for ever
    pub timeout: Option<f64>,
    /// How often it is tried again when it fails
    pub retry: Option<Retry>,
}

//! A workflow as the driver works with it: without its types.
//!
//! This is all that rustc makes anew for each workflow of a crate. What drives a run is made once,
//! so that a hundred workflows build as fast as they can, and an edit of one costs little.

use std::any::Any;

use serde_json::Value;

use super::{
    Context, Fault, Info, Next, Place, Position as _, Refusal, Run, Stop, Variables as _, Wait,
    Workflow,
};
use crate::data::{Data, Mismatch, Object};

/// A run in memory and where it stands, its types hidden: what a [`Workflow`] has made
pub(super) type Held = Box<dyn Any + Send>;

/// What lies behind a [`Held`]
struct Standing<W: Workflow> {
    run: Run<W>,
    at: At<W>,
}

enum At<W: Workflow> {
    /// A block is to run
    Block(W::Block),
    /// Something is waited for
    Position(W::Position),
    /// It has ended, or failed where nothing catches it
    Nowhere,
}

/// What a block came to
pub(super) enum Went {
    /// Another block follows at once
    On,
    /// The run waits
    Wait(Wait),
    /// The run is done
    Return(Value),
}

/// A run as it is kept
pub(super) struct Stored<'a> {
    pub(super) inputs: &'a Object,
    pub(super) item: &'a Value,
    pub(super) place: Place,
    pub(super) state: &'a Object,
    pub(super) position: &'a Value,
    /// Whether an input is still to be read
    pub(super) reads_input: &'a dyn Fn(&str) -> bool,
    /// Whether a state field is still to be read
    pub(super) reads: &'a dyn Fn(&str) -> bool,
    /// Whether the item is still to be read
    pub(super) reads_item: bool,
}

/// A [`Workflow`] without its types; each is one
///
/// A [`Held`] goes back only to the workflow that it comes from.
pub(super) trait Untyped: Send + Sync {
    fn info(&self) -> &'static Info;

    /// Whether inputs and item have the types of the workflow
    fn accepts(&self, inputs: &Object, item: &Value) -> Result<(), Refusal>;

    /// A run at its first block, and its state
    fn begin(
        &self,
        inputs: &Object,
        item: &Value,
        cx: &mut Context,
    ) -> Result<(Held, Object), Stop>;

    /// A run that waits; what is not live where it waits need not have its type
    fn waiting(&self, stored: &Stored<'_>) -> Result<Held, Refusal>;

    /// The step where a run stands: an index into [`Info::steps`]
    fn step(&self, held: &Held) -> Option<usize>;

    /// The position of a run that waits
    fn position(&self, held: &Held) -> Value;

    /// Runs the block at which a run stands; one that fails leaves it at its handler, or nowhere
    fn run(&self, held: &mut Held, cx: &mut Context) -> Result<Went, Fault>;

    /// Gives a run that waits its answer; as [`Untyped::run`] where it fails, and where the answer
    /// is refused, the run is lost
    fn resume(&self, held: &mut Held, answer: &Value, cx: &mut Context) -> Result<Went, Stop>;

    /// Puts a run whose wait has failed at the step's handler, or nowhere
    fn fail(&self, held: &mut Held);

    /// Whether a run that has failed stands at a handler
    fn caught(&self, held: &Held) -> bool;
}

// For each workflow and not for a wrapper of it: rustc puts what it makes of a method beside the
// type that has it, so that these lie with their workflow and stay when another one is edited.
impl<W: Workflow> Untyped for W {
    fn info(&self) -> &'static Info {
        W::INFO
    }

    fn accepts(&self, inputs: &Object, item: &Value) -> Result<(), Refusal> {
        given::<W>(inputs, item)?;
        Ok(())
    }

    fn begin(
        &self,
        inputs: &Object,
        item: &Value,
        cx: &mut Context,
    ) -> Result<(Held, Object), Stop> {
        let (inputs, item) = given::<W>(inputs, item).map_err(Stop::Refused)?;
        let state = W::initial(&inputs, &item, cx)?;
        let fields = state.to_object();
        let run = Run { inputs, item, place: cx.place(), state };
        Ok((Box::new(Standing::<W> { run, at: At::Block(W::entry()) }), fields))
    }

    fn waiting(&self, stored: &Stored<'_>) -> Result<Held, Refusal> {
        let item = match W::Item::from_json(stored.item) {
            Ok(item) => item,
            Err(_) if !stored.reads_item => W::Item::default(),
            Err(mismatch) => return Err(refused("the item", &mismatch)),
        };
        let inputs = W::Inputs::read(stored.inputs, stored.reads_input);
        let state = W::State::read(stored.state, stored.reads);
        match (inputs, state, W::Position::from_json(stored.position)) {
            (Ok(inputs), Ok(state), Ok(position)) => {
                let run = Run { inputs, item, place: stored.place, state };
                Ok(Box::new(Standing::<W> { run, at: At::Position(position) }))
            }
            (Err(mismatch), _, _) => Err(refused("the inputs", &mismatch)),
            (_, Err(mismatch), _) => Err(refused("the state", &mismatch)),
            (_, _, Err(mismatch)) => Err(refused("the position", &mismatch)),
        }
    }

    fn step(&self, held: &Held) -> Option<usize> {
        match standing::<W>(held) {
            Some(Standing { at: At::Block(block), .. }) => Some(W::step_of(block)),
            Some(Standing { at: At::Position(position), .. }) => Some(W::waiting_step(position)),
            _ => None,
        }
    }

    fn position(&self, held: &Held) -> Value {
        match standing::<W>(held) {
            Some(Standing { at: At::Position(position), .. }) => position.to_json(),
            _ => Value::Null,
        }
    }

    fn run(&self, held: &mut Held, cx: &mut Context) -> Result<Went, Fault> {
        let Some(standing) = held.downcast_mut::<Standing<W>>() else { return Err(lost()) };
        let At::Block(block) = std::mem::replace(&mut standing.at, At::Nowhere) else {
            return Err(lost());
        };
        // Also where it panics.
        standing.at = handler::<W>(W::caught(&block));
        let next = W::run(block, &mut standing.run, cx)?;
        Ok(went(&mut standing.at, next))
    }

    fn resume(&self, held: &mut Held, answer: &Value, cx: &mut Context) -> Result<Went, Stop> {
        let Some(standing) = held.downcast_mut::<Standing<W>>() else { return Err(lost().into()) };
        let At::Position(position) = std::mem::replace(&mut standing.at, At::Nowhere) else {
            return Err(lost().into());
        };
        standing.at = handler::<W>(W::failed(&position));
        let next = W::resume(position, answer, &mut standing.run, cx)?;
        Ok(went(&mut standing.at, next))
    }

    fn fail(&self, held: &mut Held) {
        let Some(standing) = held.downcast_mut::<Standing<W>>() else { return };
        standing.at = match &standing.at {
            At::Position(position) => handler::<W>(W::failed(position)),
            At::Block(_) | At::Nowhere => At::Nowhere,
        };
    }

    fn caught(&self, held: &Held) -> bool {
        matches!(standing::<W>(held), Some(Standing { at: At::Block(_), .. }))
    }
}

fn given<W: Workflow>(inputs: &Object, item: &Value) -> Result<(W::Inputs, W::Item), Refusal> {
    match (W::Inputs::read(inputs, &all), W::Item::from_json(item)) {
        (Ok(inputs), Ok(item)) => Ok((inputs, item)),
        (Err(mismatch), _) => Err(refused("the inputs", &mismatch)),
        (_, Err(mismatch)) => Err(refused("the item", &mismatch)),
    }
}

fn all(_: &str) -> bool {
    true
}

fn standing<W: Workflow>(held: &Held) -> Option<&Standing<W>> {
    held.downcast_ref()
}

fn handler<W: Workflow>(block: Option<W::Block>) -> At<W> {
    match block {
        Some(block) => At::Block(block),
        None => At::Nowhere,
    }
}

fn went<W: Workflow>(at: &mut At<W>, next: Next<W>) -> Went {
    let (to, went) = match next {
        Next::Go(block) => (At::Block(block), Went::On),
        Next::Wait(position, wait) => (At::Position(position), Went::Wait(wait)),
        Next::Return(result) => (At::Nowhere, Went::Return(result)),
    };
    *at = to;
    went
}

fn refused(what: &str, mismatch: &Mismatch) -> Refusal {
    Refusal { message: format!("{what}: {mismatch}") }
}

/// Only a mistake in the driver leads here
fn lost() -> Fault {
    Fault::new("internal", "the run stands at another place than it was left at")
}

//! Runs driven from Rust, with the types of their workflow.
//!
//! For tests, and for programs that need neither server nor agent: no journal, no schemas, no
//! limits but Rust's. A generated module has an enum `Waiting` with a [`Handle`] for each place
//! where the workflow waits; a handle takes an answer of the type that is wanted there, and gives
//! the next `Waiting`.

use std::fmt;
use std::marker::PhantomData;

use crate::data::Data;
use crate::machine::{Context, Env, Fault, Next, Place, Run, RunError, Stop, Wait, Workflow};

/// A workflow that can be driven from Rust; generated modules implement it
pub trait Typed: Workflow {
    /// What a run returns
    type Output: Data;
    /// An enum of the places where a run waits, and of its end
    type Waiting;

    /// The place where a run waits
    fn waiting(paused: Paused<Self>) -> Self::Waiting;

    /// The end of a run
    fn returned(output: Self::Output) -> Self::Waiting;
}

/// Begins a run of its own
pub fn start<W: Typed<Item = ()>>(inputs: W::Inputs, env: Env) -> Result<W::Waiting, Fault> {
    start_child::<W>(inputs, (), Place::default(), env)
}

/// Begins a run for an item, at a place among its siblings
pub fn start_child<W: Typed>(
    inputs: W::Inputs,
    item: W::Item,
    place: Place,
    env: Env,
) -> Result<W::Waiting, Fault> {
    let mut cx = Context::new(env, place);
    let state = W::initial(&inputs, &item, &mut cx)?;
    let run = Run::<W> { inputs, item, place, state };
    drive(run, Next::Go(W::entry()), cx)
}

/// Runs blocks until the run waits or ends
fn drive<W: Typed>(
    mut run: Run<W>,
    mut next: Next<W>,
    mut cx: Context,
) -> Result<W::Waiting, Fault> {
    loop {
        match next {
            Next::Go(block) => {
                let handler = W::caught(&block);
                next = match (W::run(block, &mut run, &mut cx), handler) {
                    (Ok(next), _) => next,
                    (Err(fault), Some(handler)) => {
                        cx.catch(&RunError::of(fault, None), 1);
                        Next::Go(handler)
                    }
                    (Err(fault), None) => return Err(fault),
                };
            }
            Next::Wait(position, wait) => return Ok(W::waiting(Paused { run, position, wait })),
            Next::Return(result) => return Ok(W::returned(W::Output::from_json(&result)?)),
        }
    }
}

/// A run that waits
#[derive(Clone)]
pub struct Paused<W: Workflow> {
    run: Run<W>,
    position: W::Position,
    wait: Wait,
}

impl<W: Workflow> Paused<W> {
    /// Where it waits
    pub fn position(&self) -> &W::Position {
        &self.position
    }

    /// The run as one that takes an answer of this type
    pub fn handle<A>(self) -> Handle<W, A> {
        Handle { paused: self, answer: PhantomData }
    }
}

impl<W: Workflow> fmt::Debug for Paused<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, position, wait } = self;
        f.debug_struct("Paused")
            .field("position", position)
            .field("wait", wait)
            .field("state", &run.state)
            .finish()
    }
}

/// A run that waits for an answer of type `A`
pub struct Handle<W: Workflow, A> {
    paused: Paused<W>,
    answer: PhantomData<fn(A)>,
}

impl<W: Workflow, A> Handle<W, A> {
    /// What it waits for
    pub fn wait(&self) -> &Wait {
        &self.paused.wait
    }

    /// The run itself
    pub fn run(&self) -> &Run<W> {
        &self.paused.run
    }
}

impl<W: Typed, A: Data> Handle<W, A> {
    /// Takes the answer, and goes on to the next wait or the end
    ///
    /// What the type of the answer leaves open is still refused: a text that is none of a prompt's
    /// options is a string as any other.
    #[expect(clippy::needless_pass_by_value, reason = "an answer is given away")]
    pub fn answer(self, answer: A, env: Env) -> Result<W::Waiting, Stop> {
        let Paused { mut run, position, .. } = self.paused;
        let mut cx = Context::new(env, run.place);
        let next = W::resume(position, &answer.to_json(), &mut run, &mut cx)?;
        Ok(drive(run, next, cx)?)
    }

    /// Says that there will be no answer, after the last attempt; the run goes on as the step's
    /// `on_error` says, else this gives back the fault
    pub fn fail(self, fault: Fault, env: Env) -> Result<W::Waiting, Fault> {
        let Paused { run, position, .. } = self.paused;
        let mut cx = Context::new(env, run.place);
        let Some(handler) = W::failed(&position) else { return Err(fault) };
        let step = W::INFO.steps.get(W::waiting_step(&position)).map(|step| step.id.to_owned());
        cx.catch(&RunError::of(fault, step), 1);
        drive(run, Next::Go(handler), cx)
    }
}

// Written out because the derived ones would ask the same of `A`.
impl<W: Workflow + Clone, A> Clone for Handle<W, A> {
    fn clone(&self) -> Self {
        Self { paused: self.paused.clone(), answer: PhantomData }
    }
}

impl<W: Workflow, A> fmt::Debug for Handle<W, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.paused.fmt(f)
    }
}

//! Drives a machine from one wait to the next.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::choice::choose_among;
use super::limits::within;
use super::size::Sizes;
use super::untyped::{Held, Untyped, Went};
use super::{
    Answer, Event, Fault, Limit, Limits, Pending, Place, Refusal, RunError, Since, Snapshot, Stop,
    Wait, Workflow,
};
use crate::data::{Data, Number};
use crate::plural::count;

/// Time, chance and limits of one input: all that a machine knows of the world
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Env {
    /// What `now()` gives
    pub now: Timestamp,
    /// Where `uuid()` and `random()` come from; the same seed gives the same values
    pub seed: u64,
    /// How much the run may take
    pub limits: Limits,
}

impl Env {
    /// Within the limits that hold where nobody sets others
    pub fn new(now: Timestamp, seed: u64) -> Self {
        Self { now, seed, limits: Limits::default() }
    }
}

/// A run in memory, typed
#[derive(Clone, Debug)]
pub struct Run<W: Workflow> {
    /// The read-only inputs
    pub inputs: W::Inputs,
    /// `item` of an inline task
    pub item: W::Item,
    /// Where it stands among its siblings
    pub place: Place,
    /// The author's variables
    pub state: W::State,
}

/// What a block works with beside the run: time, chance, and the record of its writes
#[derive(Debug)]
pub struct Context {
    env: Env,
    place: Place,
    /// Random numbers drawn so far
    drawn: u64,
    writes: Map<String, Value>,
    /// The failure that led to the block at hand
    caught: Option<Value>,
}

impl Context {
    /// Records that the current step wrote a field
    pub fn wrote<T: Data>(&mut self, field: &'static str, value: &T) {
        self.writes.insert(field.to_owned(), value.to_json());
    }

    /// `now()`
    pub fn now(&self) -> crate::data::DateTime {
        self.env.now.into()
    }

    /// When a wait of so many seconds from now ends; below 0, or further off than time reaches, is
    /// the fault `invalid-duration`
    pub fn after(&self, seconds: Number) -> Result<Timestamp, Fault> {
        let wrong = |why: &str| {
            let text = seconds.show();
            Fault::new("invalid-duration", format!("`{text}` seconds cannot be waited: {why}"))
        };
        let length = seconds.as_f64();
        if length < 0.0 {
            return Err(wrong("a wait takes 0 seconds or more"));
        }
        later(self.env.now, length).ok_or_else(|| wrong("that is further off than time reaches"))
    }

    /// `uuid()`: a version 4 UUID made of [`Env::seed`]
    pub fn uuid(&mut self) -> String {
        let bits = u128::from(self.draw()) << 64 | u128::from(self.draw());
        uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid().to_string()
    }

    /// `random()`: at least 0, less than 1
    #[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds exactly")]
    pub fn random(&mut self) -> f64 {
        (self.draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// `error`: the failure that led to this block, which is one that catches it
    pub fn caught<T: Data>(&self) -> Result<T, Fault> {
        let error = self.caught.as_ref().unwrap_or(&Value::Null);
        T::from_json(error).map_err(|mismatch| Fault::new("internal", format!("error: {mismatch}")))
    }

    pub(super) fn limits(&self) -> Limits {
        self.env.limits
    }

    /// Where the run stands among its siblings
    pub fn place(&self) -> Place {
        self.place
    }

    /// Tells the next block what has failed; what the block that failed has written is forgotten
    pub(crate) fn catch(&mut self, error: &RunError, attempts: u32) {
        self.writes.clear();
        self.caught = Some(json!({
            "step_id": error.step_id.as_deref().unwrap_or_default(),
            "code": error.code,
            "message": error.message,
            "attempts": attempts,
        }));
    }

    pub(crate) fn new(env: Env, place: Place) -> Self {
        Self { env, place, drawn: 0, writes: Map::new(), caught: None }
    }

    /// The next number of the splitmix64 sequence that starts at the seed
    fn draw(&mut self) -> u64 {
        self.drawn += 1;
        let mut z = self.env.seed.wrapping_add(self.drawn.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// A run under way: what it has done since its input, and what it may still do
pub(super) struct Drive<'a> {
    workflow: &'a dyn Untyped,
    held: Held,
    cx: Context,
    /// The run before the events of this drive
    before: &'a Snapshot,
    events: Vec<Event>,
    /// The step at hand, an index into [`super::Info::steps`]
    step: Option<usize>,
    /// What the step at hand has written
    writes: Map<String, Value>,
    sizes: Sizes,
    blocks: u64,
    steps: u64,
}

impl<'a> Drive<'a> {
    /// A run that goes on from a snapshot; `events` is what has already happened since
    pub(super) fn new(
        workflow: &'a dyn Untyped,
        held: Held,
        cx: Context,
        before: &'a Snapshot,
        events: Vec<Event>,
    ) -> Self {
        let sizes = Sizes::of(&before.state, cx.env.limits);
        let writes = Map::new();
        Self { workflow, held, cx, before, events, step: None, writes, sizes, blocks: 0, steps: 0 }
    }

    /// Runs from the entry to the first wait or the end
    pub(super) fn enter(mut self) -> Vec<Event> {
        // The state that a run begins with is a write like any other.
        match self.sizes.check() {
            Ok(()) => self.go(Went::On),
            Err(fault) => self.fail(fault),
        }
        self.events
    }

    /// Takes an answer where the run waits, then runs to the next wait or the end
    ///
    /// An answer that is refused gives back its refusal, and there are no events.
    pub(super) fn resume(mut self, answer: &Value) -> Result<Vec<Event>, Refusal> {
        self.step = self.workflow.step(&self.held);
        let Self { workflow, held, cx, .. } = &mut self;
        let went = match guarded(cx.env.limits, || workflow.resume(held, answer, cx)) {
            Err(Stop::Refused(refusal)) => return Err(refusal),
            Err(Stop::Failed(fault)) => self.catch(fault),
            Ok(went) => self.absorb().map(|()| went),
        };
        match went {
            Ok(went) => self.go(went),
            Err(fault) => self.fail(fault),
        }
        self.remember(|| Answer::Result(answer.clone()));
        Ok(self.events)
    }

    /// Goes on where what was waited for has failed for good: to the step's handler, or to the end
    pub(super) fn give_up(mut self, error: RunError) -> Vec<Event> {
        self.step = self.workflow.step(&self.held);
        self.workflow.fail(&mut self.held);
        if self.workflow.caught(&self.held) {
            let attempts = self.before.pending.as_ref().map_or(1, |pending| pending.attempt);
            self.hand_over(error.clone(), attempts);
            self.go(Went::On);
            self.remember(|| Answer::Failed(error));
        } else {
            self.events.push(failed(error, self.cx.env));
        }
        self.events
    }

    /// If the run has failed after an answer: that answer, and what is to be undone of the rest
    fn remember(&mut self, answer: impl FnOnce() -> Answer) {
        if let Some((Event::Failed { since, .. }, events)) = self.events.split_last_mut() {
            *since = Some(Since::of(answer(), events, self.before));
        }
    }

    /// Runs blocks until the run waits or ends
    fn go(&mut self, mut went: Went) {
        loop {
            let then = match went {
                Went::On => self.block(),
                Went::Wait(wait) => match self.wait(wait) {
                    Ok(()) => return,
                    Err(fault) => {
                        self.workflow.fail(&mut self.held);
                        self.catch(fault)
                    }
                },
                Went::Return(result) => {
                    self.leave();
                    return self.events.push(Event::Completed { result, at: self.cx.env.now });
                }
            };
            match then {
                Ok(then) => went = then,
                Err(fault) => return self.fail(fault),
            }
        }
    }

    fn block(&mut self) -> Result<Went, Fault> {
        let step = self.workflow.step(&self.held);
        if self.step != step {
            self.leave();
            self.step = step;
        }
        self.count()?;
        let Self { workflow, held, cx, .. } = &mut *self;
        match guarded(cx.env.limits, || workflow.run(held, cx)) {
            Ok(went) => self.absorb().map(|()| went),
            Err(fault) => self.catch(fault),
        }
    }

    /// Goes on at the handler of what has failed, if it has one
    ///
    /// A block writes last: one that fails has left the run as it was. Limits of the run as a whole
    /// are not for a step to catch.
    fn catch(&mut self, fault: Fault) -> Result<Went, Fault> {
        if !self.workflow.caught(&self.held) {
            return Err(fault);
        }
        let step_id = self.step.map(|step| self.name(step));
        self.hand_over(RunError::of(fault, step_id), 1);
        Ok(Went::On)
    }

    /// Tells the handler the error
    fn hand_over(&mut self, error: RunError, attempts: u32) {
        self.cx.catch(&error, attempts);
        self.events.push(Event::Caught { error, at: self.cx.env.now });
    }

    fn count(&mut self) -> Result<(), Fault> {
        let limits = self.cx.env.limits;
        self.blocks += 1;
        let most = limits.get(Limit::StepsBetweenWaits);
        if self.blocks > most {
            let message = format!(
                "more than {} ran without waiting for an answer (MAX_STEPS_BETWEEN_WAITS)",
                count(most, "step")
            );
            let raise = limits.raise_and_retry(Limit::StepsBetweenWaits);
            return Err(Fault::new("too-many-steps", message).help(format!(
                "look for a `goto` that loops more often than it should; or {raise}"
            )));
        }
        let most = limits.get(Limit::Steps);
        if self.before.steps_done + self.steps > most {
            let message =
                format!("the run has taken more than {} (MAX_STEPS)", count(most, "step"));
            let raise = limits.raise_and_retry(Limit::Steps);
            return Err(Fault::new("too-many-steps", message).help(format!(
                "split the work into child runs, each has its own count; or {raise}"
            )));
        }
        Ok(())
    }

    /// Takes over what a block has written; a block that fails has written nothing
    fn absorb(&mut self) -> Result<(), Fault> {
        for (field, value) in std::mem::take(&mut self.cx.writes) {
            self.sizes.set(&field, &value)?;
            self.writes.insert(field, value);
        }
        Ok(())
    }

    /// Ends the visit of the step at hand
    fn leave(&mut self) {
        if let Some(step) = self.step.take() {
            self.steps += 1;
            self.stepped(step);
        }
    }

    fn stepped(&mut self, step: usize) {
        let writes = std::mem::take(&mut self.writes);
        let step = self.id(step);
        self.events.push(Event::Stepped { step, writes });
    }

    fn wait(&mut self, wait: Wait) -> Result<(), Fault> {
        let waiting = self.workflow.step(&self.held);
        if self.step != waiting {
            self.leave();
            self.step = waiting;
        }
        let step = waiting.unwrap_or_default();
        let pending = self.pending(step, wait)?;
        // What the step wrote before it waits must be known when it goes on.
        if !self.writes.is_empty() {
            self.stepped(step);
        }
        let position = self.workflow.position(&self.held);
        self.events.push(Event::Waiting { position, pending });
        Ok(())
    }

    fn pending(&self, step: usize, wait: Wait) -> Result<Pending, Fault> {
        let mut result_schema = serde_json::from_str(wait.result_schema).map_err(|error| {
            Fault::new("internal", format!("the result schema of the step is not JSON: {error}"))
        })?;
        let mut action = wait.action;
        choose_among(&mut action, &mut result_schema)?;
        let step = self.id(step);
        let visits = self.before.handed_out.get(&step).copied().unwrap_or(0);
        Ok(Pending {
            step_id: if visits == 0 { step.clone() } else { format!("{step}#{}", visits + 1) },
            step,
            action,
            by_server: false,
            result_schema,
            attempt: 1,
            deadline: wait.timeout.and_then(|seconds| later(self.cx.env.now, seconds)),
            since: self.cx.env.now,
            retry: wait.retry,
            not_before: None,
            last_error: None,
        })
    }

    fn fail(&mut self, fault: Fault) {
        let step_id = self.step.map(|step| self.name(step));
        // The fields that whole blocks of the step wrote stay written.
        if let Some(step) = self.step.take()
            && !self.writes.is_empty()
        {
            self.stepped(step);
        }
        self.events.push(failed(RunError::of(fault, step_id), self.cx.env));
    }

    /// A step as the agent knows it: by its hand-out, where it was handed out
    fn name(&self, step: usize) -> String {
        let id = self.id(step);
        match &self.before.pending {
            Some(pending) if pending.step == id => pending.step_id.clone(),
            _ => id,
        }
    }

    fn id(&self, step: usize) -> String {
        let info = self.workflow.info().steps.get(step);
        info.map_or_else(|| format!("step {step}"), |info| info.id.to_owned())
    }
}

/// The run cannot go on
pub(super) fn failed(error: RunError, env: Env) -> Event {
    Event::Failed { error, since: None, at: env.now }
}

/// Runs author's code within limits; a panic in it (a host function's, say) is a fault of its step
pub(super) fn guarded<T, E: From<Fault>>(
    limits: Limits,
    f: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    // What the panic left half done is never looked at again: the run fails.
    catch_unwind(AssertUnwindSafe(|| within(limits, f))).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<&str>()
            .map(|text| (*text).to_owned())
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned());
        Err(Fault::new("panic", format!("a function panicked: {said}"))
            .help("this is a mistake in the Rust function that the step calls")
            .into())
    })
}

/// `None` where the time lies beyond what a timestamp can hold: that deadline never comes
fn later(now: Timestamp, seconds: f64) -> Option<Timestamp> {
    now.checked_add(SignedDuration::try_from_secs_f64(seconds).ok()?).ok()
}

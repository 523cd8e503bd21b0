//! Makes the events that move runs, outside of Temporal's replay: in the process that an agent talks
//! to, or in a worker's activity.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::json;

use super::kept::{Birth, Kept, Move};
use crate::connectors::{self, Connectors};
use crate::engine::rules::builds::{self, Build, Fit};
use crate::engine::rules::failure::{self, run_error};
use crate::engine::rules::noted::{self, Waits, Whose};
use crate::engine::rules::{answers, calling, children, starts, time};
use crate::engine::{Clock, EngineError, Submission};
use crate::machine::{
    Action, Answer, AnsweredBy, Env, Event, Info, Limits, Outline, Program, Refusal, Snapshot,
    Start, Status,
};
use crate::registry::Registry;
use crate::telemetry::Telemetry;

/// What makes events: the workflows, the limits, the time
pub(super) struct Workshop {
    pub(super) registry: Arc<Registry>,
    pub(super) limits: Limits,
    pub(super) connectors: Connectors,
    pub(super) clock: Arc<dyn Clock>,
    /// Where chance comes from: 64 bits, others at each call
    pub(super) chance: fn() -> u64,
    /// Who is told what counts
    pub(super) telemetry: Telemetry,
}

/// A run under way from one wait to the next, and what has happened to it since
struct Moving {
    snapshot: Snapshot,
    events: Vec<Event>,
    /// Its build, where that is another by now
    build: Option<&'static Info>,
    depth: u32,
}

impl Workshop {
    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(super) fn env(&self) -> Env {
        Env { now: self.now(), seed: (self.chance)(), limits: self.limits }
    }

    /// Tells what has come of a run, which stood so before: once the fleet has taken it, or, of what a
    /// worker makes, as it is handed over
    pub(super) fn tell(&self, run_id: &str, before: Option<&Snapshot>, moved: &Move) {
        let of = before.map(|snapshot| (&snapshot.workflow, snapshot.parent.as_ref()));
        let Some((workflow, parent)) = of.or_else(|| match moved.events.first()? {
            Event::Started { workflow, parent, .. } => Some((workflow, parent.as_ref())),
            _ => None,
        }) else {
            return;
        };
        let parent = parent.map(|parent| parent.run_id.as_str());
        let waited = before.and_then(|snapshot| snapshot.pending.as_ref()).map(Waits::of);
        let whose = Whose { run: run_id, parent, workflow };
        for note in noted::notes(whose, waited, &moved.events) {
            note.tell(&self.telemetry, None);
        }
    }

    /// A run's first events
    pub(super) fn start(&self, program: &Arc<dyn Program>, start: Start) -> Result<Move, Refusal> {
        self.begin(program, start, 0)
    }

    /// A child's first events; one whose inputs do not fit fails as it begins. Fails with code
    /// `incompatible` where its program is not here
    pub(super) fn bear(&self, birth: &Birth, depth: u32) -> Result<Move, EngineError> {
        let program =
            builds::task_or_failure(&self.registry, &birth.program, &birth.parent_version)?;
        let info = program.info();
        let start =
            starts::of_child(&birth.start, birth.place, birth.parent.clone(), info.inline_task);
        Ok(self.begin(program, start.clone(), depth).unwrap_or_else(|refusal| {
            let now = self.now();
            let error = run_error("invalid-inputs", refusal.to_string());
            let failed = Event::Failed { error, since: None, at: now };
            let Info { name: workflow, version, fingerprint, .. } = info;
            let build = Build { workflow, version, fingerprint };
            let events = starts::stillborn(&build, start, failed, now);
            Move { after: 0, events, at_once: None, outline: Some(Outline::of(info)) }
        }))
    }

    fn begin(&self, program: &Arc<dyn Program>, start: Start, depth: u32) -> Result<Move, Refusal> {
        let events = program.begin(start, self.env())?;
        let events = calling::hand_out(&self.connectors, events);
        // What the machine has made folds.
        let snapshot = Snapshot::fold(&events).map_err(|damaged| Refusal { message: damaged.0 })?;
        let moving = Moving { snapshot, events, build: Some(program.info()), depth };
        self.settle(0, moving).map_err(|error| Refusal { message: error.message })
    }

    /// What an answer to the pending step leads to; refused as every engine refuses
    pub(super) fn submit(
        &self,
        kept: &Kept,
        depth: u32,
        submission: &Submission,
    ) -> Result<Move, EngineError> {
        let Submission { run_id, step_id, answer, by } = submission;
        let pending = kept.snapshot.pending.as_ref().filter(|at| at.step_id == *step_id);
        let pending =
            pending.ok_or_else(|| answers::too_late(run_id, step_id, None, &kept.snapshot))?;
        answers::answerable(run_id, pending, *by)?;
        answers::handed_out(pending, self.now())?;
        let (program, mut moving) = self.carry(kept, depth)?;
        let events = program.resume(&moving.snapshot, answer.clone(), *by, self.env());
        moving.apply(events.map_err(|refusal| answers::mismatch(step_id, &refusal))?, self)?;
        self.settle(kept.seq, moving)
    }

    /// What an answer of the server leads to
    pub(super) fn take(
        &self,
        kept: &Kept,
        depth: u32,
        answer: Answer,
    ) -> Result<Move, EngineError> {
        let (_, mut moving) = self.carry(kept, depth)?;
        self.answer(&mut moving, answer)?;
        self.settle(kept.seq, moving)
    }

    /// How a run is called off
    pub(super) fn cancel(&self, kept: &Kept, reason: Option<String>) -> Move {
        let events = vec![Event::Cancelled { reason, at: self.now() }];
        Move { after: kept.seq, events, at_once: None, outline: None }
    }

    /// How a run that has failed is taken up again
    pub(super) fn retry(&self, run_id: &str, kept: &Kept, depth: u32) -> Result<Move, EngineError> {
        if kept.snapshot.status != Status::Failed && kept.snapshot.parent.is_none() {
            return Err(EngineError::new(
                "not-failed",
                format!("run `{run_id}` has not failed, it is {}", kept.snapshot.status.word()),
                "only a run that has failed can be taken up again; start a new one",
            ));
        }
        let (program, mut moving) = self.carry(kept, depth)?;
        let events = program.retry(&moving.snapshot, self.env()).map_err(|refusal| {
            EngineError::new(
                "not-retryable",
                format!("run `{run_id}` cannot be taken up again: {refusal}"),
                "start a new run",
            )
        })?;
        let waits_again = matches!(events[..], [Event::Retried { .. }]);
        moving.apply(events, self)?;
        if waits_again {
            // Whatever it waits for is seen to as when it came to wait for it.
            return Ok(moving.made(kept.seq, self.limits));
        }
        self.settle(kept.seq, moving)
    }

    /// The build that a run goes on under
    pub(super) fn fit(&self, kept: &Kept) -> Result<Fit, EngineError> {
        let Snapshot { workflow, version, fingerprint, .. } = &kept.snapshot;
        let build = Build { workflow, version, fingerprint };
        match build.exact(&self.registry) {
            Some(program) => Ok(Fit { program: program.clone(), upgraded: None }),
            None => {
                let (snapshot, before) = (&kept.snapshot, kept.outline.as_ref());
                build.of_run(&self.registry, snapshot, before, self.env())
            }
        }
    }

    /// Puts a run under the build that it goes on under
    fn carry(&self, kept: &Kept, depth: u32) -> Result<(Arc<dyn Program>, Moving), EngineError> {
        let Fit { program, upgraded } = self.fit(kept)?;
        let snapshot = kept.snapshot.clone();
        let mut moving = Moving { snapshot, events: Vec::new(), build: None, depth };
        if let Some(event) = upgraded {
            moving.build = Some(program.info());
            moving.apply(vec![event], self)?;
        }
        Ok((program, moving))
    }

    /// Goes on as long as nobody else is needed
    fn settle(&self, after: u64, mut moving: Moving) -> Result<Move, EngineError> {
        while let Some(answer) = self.own_answer(&moving) {
            self.answer(&mut moving, answer)?;
        }
        Ok(moving.made(after, self.limits))
    }

    /// Moves a run by an answer of the server; one that does not fit fails the step
    fn answer(&self, moving: &mut Moving, answer: Answer) -> Result<(), EngineError> {
        let snapshot = &moving.snapshot;
        let Snapshot { workflow, version, fingerprint, .. } = snapshot;
        let build = Build { workflow, version, fingerprint };
        let program = build
            .exact(&self.registry)
            .ok_or_else(|| failure::incompatible(workflow, version, None))?;
        let by = AnsweredBy::Server;
        let events = program.resume(snapshot, answer, by, self.env()).or_else(|refusal| {
            let message = format!("the result does not fit the step: {refusal}");
            let failed = Answer::Failed(run_error("result-mismatch", message));
            program.resume(snapshot, failed, by, self.env())
        });
        let events = events
            .map_err(|refusal| EngineError::new("internal", refusal.to_string(), "report this"))?;
        moving.apply(events, self)
    }

    /// The answer that needs nothing but the rules
    fn own_answer(&self, moving: &Moving) -> Option<Answer> {
        let now = self.now();
        let pending = moving.snapshot.pending.as_ref()?;
        if time::rests(pending, now).is_some() {
            return None;
        }
        match &pending.action {
            Action::Wait { resume_at, .. } if *resume_at <= now => Some(time::waited(pending, now)),
            Action::McpCall { tool, .. }
                if connectors::is_built_in(tool)
                    && !connectors::is_memory(tool)
                    && !pending.by_server =>
            {
                Some(Answer::Failed(connectors::files::off(tool)))
            }
            Action::Foreach(fork) if fork.children.is_empty() => Some(Answer::Result(json!([]))),
            Action::Foreach(fork) => {
                children::refused(fork, moving.depth, self.limits).map(Answer::Failed)
            }
            _ => None,
        }
    }
}

impl Moving {
    fn apply(&mut self, events: Vec<Event>, workshop: &Workshop) -> Result<(), EngineError> {
        for event in calling::hand_out(&workshop.connectors, events) {
            self.snapshot.apply(&event).map_err(|damaged| {
                EngineError::new("internal", damaged.to_string(), "report this")
            })?;
            self.events.push(event);
        }
        Ok(())
    }

    /// All of it as one move
    fn made(self, after: u64, limits: Limits) -> Move {
        let at_once = match self.snapshot.pending.as_ref().map(|pending| &pending.action) {
            Some(Action::Foreach(fork)) => Some(children::at_once(fork, limits)),
            _ => None,
        };
        let outline = self.build.map(Outline::of);
        Move { after, events: self.events, at_once, outline }
    }
}

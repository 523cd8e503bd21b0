//! What has happened in the transaction at hand, told once it is durable.
//!
//! What counts is read off the events as they are written, so it is counted wherever they come from.
//! A transaction that is rolled back, or a part of it, takes what it noted with it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tracing::Span;

use super::rows::RunRow;
use crate::machine::{Answer, Event, Pending, RunError};
use crate::telemetry::{Fact, RUNS, RunOutcome, StepKind, Telemetry};

/// What is told once the transaction at hand is durable
pub(super) struct Ledger {
    telemetry: Telemetry,
    notes: Mutex<Vec<Note>>,
}

/// What a run waits for, as far as it counts
#[derive(Clone, Copy, Debug)]
pub(super) struct Waits {
    kind: StepKind,
    since: Timestamp,
}

/// Something that counts, once it is durable
enum Note {
    Answered { kind: StepKind, took: Duration },
    Failed { kind: StepKind, code: String },
    Started(Told),
    Ended(Told, RunOutcome, Option<RunError>),
}

/// A run whose beginning or end is told in the log too
struct Told {
    run: String,
    parent: Option<String>,
    workflow: String,
    /// What led there
    span: Span,
}

impl Waits {
    pub(super) fn of(pending: &Pending) -> Self {
        Self { kind: (&pending.action).into(), since: pending.begins() }
    }
}

impl Ledger {
    pub(super) fn new(telemetry: Telemetry) -> Self {
        Self { telemetry, notes: Mutex::default() }
    }

    /// A transaction begins: what an earlier one noted and did not keep is forgotten
    pub(super) fn begin(&self) {
        self.notes().clear();
    }

    /// Where the notes are at, for [`Ledger::back_to`]
    pub(super) fn mark(&self) -> usize {
        self.notes().len()
    }

    /// What was noted since is undone
    pub(super) fn back_to(&self, mark: usize) {
        self.notes().truncate(mark);
    }

    /// Notes what is written of a run, which waited so before
    pub(super) fn note(&self, row: &RunRow, waited: Option<Waits>, events: &[Event]) {
        let mut notes = self.notes();
        let (mut waits, mut failed) = (waited, false);
        for event in events {
            match event {
                Event::Started { .. } => notes.push(Note::Started(Told::of(row))),
                Event::Waiting { pending, .. } => waits = Some(Waits::of(pending)),
                Event::Answered { answer, at, .. } => {
                    let Some(Waits { kind, since }) = waits else { continue };
                    // A clock that went back makes nothing take less than no time.
                    let took = Duration::try_from(at.duration_since(since)).unwrap_or_default();
                    notes.push(Note::Answered { kind, took });
                    let code = code(answer);
                    failed = code.is_some();
                    notes.extend(code.map(|code| Note::Failed { kind, code: code.to_owned() }));
                }
                // Where the answer was the error, it is counted.
                Event::Caught { error, .. } | Event::Failed { error, .. } if !failed => {
                    let (kind, code) = (StepKind::Compute, error.code.clone());
                    notes.push(Note::Failed { kind, code });
                }
                _ => {}
            }
            notes.extend(end(row, event));
        }
    }

    /// Tells what was noted; the transaction is durable
    pub(super) fn tell(&self, commands: usize, took: Duration) {
        self.telemetry.tell(Fact::Committed { commands, took });
        for note in self.notes().drain(..) {
            note.tell(&self.telemetry);
        }
    }

    fn notes(&self) -> MutexGuard<'_, Vec<Note>> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The code of an answer that is an error
fn code(answer: &Answer) -> Option<&str> {
    match answer {
        Answer::Result(_) => None,
        Answer::Error(_) => Some("agent-error"),
        Answer::Failed(error) => Some(&error.code),
    }
}

fn end(row: &RunRow, event: &Event) -> Option<Note> {
    let (outcome, error) = match event {
        Event::Completed { .. } => (RunOutcome::Completed, None),
        Event::Failed { error, .. } => (RunOutcome::Failed, Some(error.clone())),
        Event::Cancelled { .. } => (RunOutcome::Cancelled, None),
        _ => return None,
    };
    Some(Note::Ended(Told::of(row), outcome, error))
}

impl Told {
    fn of(row: &RunRow) -> Self {
        Self {
            run: row.id.clone(),
            parent: row.parent.as_ref().map(|parent| parent.id.clone()),
            workflow: row.workflow.clone(),
            span: Span::current(),
        }
    }
}

impl Note {
    fn tell(self, telemetry: &Telemetry) {
        match self {
            Self::Answered { kind, took } => telemetry.tell(Fact::StepAnswered { kind, took }),
            Self::Failed { kind, code } => telemetry.tell(Fact::StepFailed { kind, code: &code }),
            Self::Started(Told { run, parent, workflow, span }) => {
                telemetry.tell(Fact::RunStarted { workflow: &workflow });
                span.in_scope(
                    || tracing::info!(target: RUNS, run, parent, workflow, "the run has begun"),
                );
            }
            Self::Ended(told, outcome, error) => {
                telemetry.tell(Fact::RunEnded { workflow: &told.workflow, outcome });
                let span = told.span.clone();
                span.in_scope(|| told.ended(outcome, error));
            }
        }
    }
}

impl Told {
    fn ended(self, outcome: RunOutcome, error: Option<RunError>) {
        let Self { run, parent, workflow, .. } = self;
        let outcome = outcome.word();
        let Some(RunError { code, message, step_id: step, .. }) = error else {
            tracing::info!(target: RUNS, run, parent, workflow, outcome, "the run has ended");
            return;
        };
        // What the message says may be of the run's values, and is not for every log.
        let see = format!("run://{run}");
        tracing::error!(target: RUNS, run, parent, workflow, step, code, see, "the run has failed");
        tracing::debug!(target: RUNS, run, code, message, "why the run has failed");
    }
}

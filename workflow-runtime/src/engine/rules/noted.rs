//! What counts of what has happened to a run, read off its events, wherever they come from.

use std::time::Duration;

use jiff::Timestamp;
use tracing::Span;

use crate::machine::{Answer, Event, Pending, RunError};
use crate::telemetry::{Fact, RUNS, RunOutcome, StepKind, Steps, Telemetry};

/// Something that counts, once it is durable
pub(crate) enum Note {
    Answered {
        kind: StepKind,
        took: Duration,
    },
    Failed {
        kind: StepKind,
        code: String,
    },
    /// The run waits no longer for what it waited for
    Moved {
        run: String,
    },
    /// The run waits for a call that a server makes
    Wanted {
        run: String,
        step: String,
        span: Span,
    },
    Started(Told),
    Ended(Told, RunOutcome, Option<RunError>),
}

/// A run that something has happened to
#[derive(Clone, Copy)]
pub(crate) struct Whose<'a> {
    pub(crate) run: &'a str,
    pub(crate) parent: Option<&'a str>,
    pub(crate) workflow: &'a str,
}

/// A run whose beginning or end is told in the log too
pub(crate) struct Told {
    run: String,
    parent: Option<String>,
    workflow: String,
    /// What led there
    span: Span,
}

/// What a run waits for, as far as it counts
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waits {
    kind: StepKind,
    since: Timestamp,
}

impl Waits {
    pub(crate) fn of(pending: &Pending) -> Self {
        Self { kind: (&pending.action).into(), since: pending.begins() }
    }
}

/// What counts of these events of a run, which waited so before
pub(crate) fn notes(of: Whose<'_>, waited: Option<Waits>, events: &[Event]) -> Vec<Note> {
    let mut notes = Vec::new();
    let (mut waits, mut at, mut failed) = (waited, None, false);
    for event in events {
        match event {
            Event::Started { .. } => notes.push(Note::Started(of.into())),
            Event::Waiting { pending, .. } => {
                (waits, at) = (Some(Waits::of(pending)), Some(pending));
            }
            Event::Answered { answer, at: then, .. } => {
                at = None;
                let Some(Waits { kind, since }) = waits else { continue };
                // A clock that went back makes nothing take less than no time.
                let took = Duration::try_from(then.duration_since(since)).unwrap_or_default();
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
        if let Some((outcome, error)) = end(event) {
            at = None;
            notes.push(Note::Ended(of.into(), outcome, error));
        }
    }
    let moved = events.iter().any(|event| matches!(event, Event::Answered { .. }));
    if waited.is_some() && (moved || events.iter().any(|event| end(event).is_some())) {
        notes.push(Note::Moved { run: of.run.to_owned() });
    }
    notes.extend(at.filter(|pending| pending.by_server).map(|pending| Note::Wanted {
        run: of.run.to_owned(),
        step: pending.step_id.clone(),
        span: Span::current(),
    }));
    notes
}

/// The code of an answer that is an error
fn code(answer: &Answer) -> Option<&str> {
    match answer {
        Answer::Result(_) => None,
        Answer::Error(_) => Some("agent-error"),
        Answer::Failed(error) => Some(&error.code),
    }
}

fn end(event: &Event) -> Option<(RunOutcome, Option<RunError>)> {
    match event {
        Event::Completed { .. } => Some((RunOutcome::Completed, None)),
        Event::Failed { error, .. } => Some((RunOutcome::Failed, Some(error.clone()))),
        Event::Cancelled { .. } => Some((RunOutcome::Cancelled, None)),
        _ => None,
    }
}

impl Note {
    /// Tells it; what it notes is durable. `steps` are those of a process that makes the calls itself
    pub(crate) fn tell(self, telemetry: &Telemetry, steps: Option<&Steps>) {
        match self {
            Self::Answered { kind, took } => telemetry.tell(Fact::StepAnswered { kind, took }),
            Self::Failed { kind, code } => telemetry.tell(Fact::StepFailed { kind, code: &code }),
            Self::Moved { run } => {
                if let Some(steps) = steps {
                    steps.leave(&run);
                }
            }
            Self::Wanted { run, step, span } => {
                if let Some(steps) = steps {
                    span.in_scope(|| steps.reach(run, step));
                }
            }
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

impl From<Whose<'_>> for Told {
    fn from(Whose { run, parent, workflow }: Whose<'_>) -> Self {
        Self {
            run: run.to_owned(),
            parent: parent.map(str::to_owned),
            workflow: workflow.to_owned(),
            span: Span::current(),
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

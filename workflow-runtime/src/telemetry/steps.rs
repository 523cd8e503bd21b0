//! Which step each run waits at, as a span: what comes of it later is told within what led there.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::Span;

use super::{StepKind, Telemetry};

/// Steps that are kept at once; runs beyond that are told of without what led there
const MOST: usize = 10_000;

/// The steps that runs wait at, as far as this process has brought them there
///
/// Those only that a server works at, a call's: where traces are made, all.
#[derive(Default)]
pub(crate) struct Steps {
    all: bool,
    at: Mutex<HashMap<String, Span>>,
}

impl Steps {
    pub(crate) fn new(telemetry: &Telemetry) -> Self {
        Self { all: telemetry.traces(), at: Mutex::default() }
    }

    /// A run has come to wait at a step, by what is under way here
    pub(crate) fn reach(&self, run: String, step: &str, kind: StepKind) {
        if !self.all && kind != StepKind::McpCall {
            return;
        }
        let span = step_span(&run, step, kind);
        let mut at = self.at();
        if !span.is_disabled() && (at.len() < MOST || at.contains_key(&run)) {
            at.insert(run, span);
        }
    }

    /// A run has gone on from the step that it waited at, or ended there
    pub(crate) fn leave(&self, run: &str) {
        // The end of a span is told to whoever listens, who may take their time.
        let left = self.at().remove(run);
        drop(left);
    }

    /// The step whose call a run waits for
    pub(crate) fn of_call(&self, run: &str, step: &str) -> Span {
        self.at().get(run).cloned().unwrap_or_else(|| step_span(run, step, StepKind::McpCall))
    }

    fn at(&self) -> MutexGuard<'_, HashMap<String, Span>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn step_span(run: &str, step: &str, kind: StepKind) -> Span {
    tracing::info_span!("step", run, step, "type" = kind.word())
}

//! Which call each run waits for, as the span of its step: what is said of the call, by a task that comes much
//! later, is told within what led there.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;
use tracing::Span;

use super::StepKind;

/// Calls that are waited for at once; of those beyond, the oldest are told of without what led there
const MOST: NonZeroUsize = NonZeroUsize::new(10_000).expect("more than none");

/// The steps at which runs wait for a call that a server makes, as far as this process has brought them there
///
/// Others may move a run on meanwhile, so a run's step is only what it was when it was here last.
pub(crate) struct Steps(Mutex<LruCache<String, At>>);

/// Where a run waits
struct At {
    step: String,
    span: Span,
}

impl Default for Steps {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(MOST)))
    }
}

impl Steps {
    /// A run has come to wait for a call, by what is under way here
    pub(crate) fn reach(&self, run: String, step: String) {
        let span = step_of_call(&run, &step);
        if !span.is_disabled() {
            let before = self.all().put(run, At { step, span });
            // The end of a span is told to whoever listens, who may take their time.
            drop(before);
        }
    }

    /// A run has gone on from the step that it waited at, or ended there
    pub(crate) fn leave(&self, run: &str) {
        let left = self.all().pop(run);
        drop(left);
    }

    /// The step whose call a run waits for
    pub(crate) fn of_call(&self, run: &str, step: &str) -> Span {
        let known = self.all().get(run).filter(|at| at.step == step).map(|at| at.span.clone());
        known.unwrap_or_else(|| step_of_call(run, step))
    }

    fn all(&self) -> MutexGuard<'_, LruCache<String, At>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The span of a step that a server works at
pub(crate) fn step_of_call(run: &str, step: &str) -> Span {
    tracing::info_span!("step", run, step, "type" = StepKind::McpCall.word())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_told_of_only_while_its_run_waits_there() {
        let _logs = tracing::subscriber::set_default(tracing_subscriber::registry());
        let steps = Steps::default();
        steps.reach("run".to_owned(), "call".to_owned());
        let kept = steps.of_call("run", "call").id();
        assert_eq!(steps.of_call("run", "call").id(), kept);
        assert_ne!(steps.of_call("run", "call#2").id(), kept, "another process has moved it on");
        steps.leave("run");
        assert_ne!(steps.of_call("run", "call").id(), kept);
    }
}

//! What an operator's systems are told: metrics, and what joins the lines of the log.
//!
//! Engines and the MCP server tell a [`Telemetry`] what has happened, as [`Fact`]s; what becomes of
//! them is nobody else's business. What stands as it is, and is not counted (a queue, an age, the
//! process's memory), is looked at when somebody asks: [`Exposition`].

mod correlation;
mod counted;
mod exposition;
mod fact;
mod meters;
#[cfg_attr(not(feature = "otlp"), path = "otlp/absent.rs")]
pub(crate) mod otlp;
mod process;
mod standing;
mod steps;

pub use correlation::Trace;
pub(crate) use correlation::request;
pub use exposition::Exposition;
pub(crate) use exposition::FORMAT;
pub use fact::{CallOutcome, Fact, RequestOutcome, RunOutcome, StepKind};
pub(crate) use steps::Steps;
#[cfg(feature = "temporal")]
pub(crate) use steps::step_of_call;

use std::fmt;
use std::sync::Arc;

use crate::registry::Registry;
use meters::Meters;
use otlp::{Collector, Instruments};

/// What lines of the log are named by that tell of a run's beginning and end
pub(crate) const RUNS: &str = "workflow::runs";

/// The label of what there is no room for: a workflow that this server does not have, a code too many
const OTHER: &str = "other";

/// Where facts are told; a clone tells them to the same place
///
/// The default tells nobody.
#[derive(Clone, Default)]
pub struct Telemetry {
    meters: Option<Arc<Meters>>,
    instruments: Option<Arc<Instruments>>,
}

impl Telemetry {
    /// Counts what happens to the runs of these workflows
    pub fn new(registry: &Registry) -> Self {
        Self { meters: Some(Arc::new(Meters::new(registry))), ..Self::default() }
    }

    /// The same, and it is counted for a collector, too
    #[must_use]
    pub(crate) fn and_for(self, collector: &Collector, workflows: &Registry) -> Self {
        Self { instruments: Some(Arc::new(collector.instruments(workflows))), ..self }
    }

    /// Tells what has happened
    pub fn tell(&self, fact: Fact<'_>) {
        if let Some(meters) = &self.meters {
            meters.count(fact);
        }
        if let Some(instruments) = &self.instruments {
            instruments.count(fact);
        }
    }

    /// Whether anybody is told
    pub fn is_on(&self) -> bool {
        self.meters.is_some() || self.instruments.is_some()
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Telemetry").field(&self.is_on()).finish()
    }
}

//! Facts as figures, in the terms of OpenTelemetry.

use std::collections::HashSet;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use crate::registry::Registry;
use crate::telemetry::counted::{
    BATCHES, CALLS, COMMITS, Counted, ENDED, ERRORS, REQUESTS, STARTED, STEPS, Sorted,
};
use crate::telemetry::{Fact, OTHER};

/// All that is counted
pub(crate) struct Instruments {
    /// What has a name of its own; others are one, because there is no end to them
    workflows: HashSet<&'static str>,
    started: Counter<u64>,
    ended: Counter<u64>,
    steps: Histogram<f64>,
    errors: Counter<u64>,
    commits: Histogram<f64>,
    batches: Histogram<f64>,
    calls: Histogram<f64>,
    requests: Histogram<f64>,
}

impl Instruments {
    pub(super) fn new(meter: &Meter, workflows: &Registry) -> Self {
        let counter = |Counted { name, help }: Counted| {
            meter.u64_counter(name).with_description(help).build()
        };
        let sorted = |of: Sorted| {
            let bounds = of.bounds.to_vec();
            meter.f64_histogram(of.name).with_description(of.help).with_boundaries(bounds)
        };
        let times = |of: Sorted| sorted(of).with_unit("s").build();
        Self {
            workflows: workflows.names().collect(),
            started: counter(STARTED),
            ended: counter(ENDED),
            steps: times(STEPS),
            errors: counter(ERRORS),
            commits: times(COMMITS),
            batches: sorted(BATCHES).build(),
            calls: times(CALLS),
            requests: times(REQUESTS),
        }
    }

    /// Counts what has happened
    pub(in crate::telemetry) fn count(&self, fact: Fact<'_>) {
        match fact {
            Fact::RunStarted { workflow } => {
                self.started.add(1, &[label("workflow", self.known(workflow))]);
            }
            Fact::RunEnded { workflow, outcome } => {
                let workflow = label("workflow", self.known(workflow));
                self.ended.add(1, &[workflow, label("outcome", outcome.word())]);
            }
            Fact::StepAnswered { kind, took } => {
                self.steps.record(took.as_secs_f64(), &[label("type", kind.word())]);
            }
            Fact::StepFailed { kind, code } => {
                let code = KeyValue::new("code", code.to_owned());
                self.errors.add(1, &[label("type", kind.word()), code]);
            }
            Fact::Committed { commands, took } => {
                self.commits.record(took.as_secs_f64(), &[]);
                self.batches.record(f64::from(u32::try_from(commands).unwrap_or(u32::MAX)), &[]);
            }
            Fact::ToolCalled { server, outcome, took } => {
                let server = KeyValue::new("server", server.to_owned());
                self.calls.record(took.as_secs_f64(), &[server, label("outcome", outcome.word())]);
            }
            Fact::Requested { tool, outcome, took } => {
                let labels = [label("tool", tool), label("outcome", outcome.word())];
                self.requests.record(took.as_secs_f64(), &labels);
            }
        }
    }

    fn known(&self, workflow: &str) -> &'static str {
        self.workflows.get(workflow).copied().unwrap_or(OTHER)
    }
}

fn label(name: &'static str, value: &'static str) -> KeyValue {
    KeyValue::new(name, value)
}

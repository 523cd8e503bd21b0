//! Facts as figures, in the terms of Prometheus.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::counted::{BATCHES, CALLS, COMMITS, ENDED, ERRORS, REQUESTS, STARTED, STEPS, Sorted};
use super::{CallOutcome, Fact, OTHER, RequestOutcome, RunOutcome, StepKind};
use crate::mcp;
use crate::registry::Registry as Workflows;

/// Pairs of a step type and a code that are told apart; as many as there can be without host functions
/// that make up codes
const MOST_ERRORS: usize = 512;

type Labels<const N: usize, V = &'static str> = [(&'static str, V); N];

/// All that is counted
pub(super) struct Meters {
    pub(super) registry: Registry,
    workflows: HashMap<&'static str, Runs>,
    /// Of workflows that this server does not have
    others: Runs,
    /// In the order of [`StepKind::ALL`]
    steps: [Histogram; StepKind::ALL.len()],
    errors: Family<Labels<2, String>, Counter>,
    /// How many of them are told apart
    known_errors: AtomicUsize,
    commits: Histogram,
    batches: Histogram,
    calls: Family<Labels<2, String>, Histogram, fn() -> Histogram>,
    /// Of each tool in the order of [`RequestOutcome::ALL`]
    requests: HashMap<&'static str, [Histogram; RequestOutcome::ALL.len()]>,
}

/// Runs of one workflow
struct Runs {
    started: Counter,
    /// In the order of [`RunOutcome::ALL`]
    ended: [Counter; RunOutcome::ALL.len()],
}

impl Meters {
    /// Figures that are nothing so far, each of them told from the beginning as far as it is known
    pub(super) fn new(workflows: &Workflows) -> Self {
        let mut registry = Registry::default();
        let started = Family::<Labels<1>, Counter>::default();
        registry.register(STARTED.name, STARTED.help, started.clone());
        let ended = Family::<Labels<2>, Counter>::default();
        registry.register(ENDED.name, ENDED.help, ended.clone());
        let runs = |workflow| Runs {
            started: started.get_or_create_owned(&[("workflow", workflow)]),
            ended: RunOutcome::ALL.map(|outcome| {
                ended.get_or_create_owned(&[("workflow", workflow), ("outcome", outcome.word())])
            }),
        };
        let steps = times(&mut registry, STEPS, || Histogram::new(bounds(STEPS)));
        let errors = Family::default();
        registry.register(ERRORS.name, ERRORS.help, errors.clone());
        let commits = Histogram::new(bounds(COMMITS));
        let (name, help) = (COMMITS.name, COMMITS.help);
        registry.register_with_unit(name, help, Unit::Seconds, commits.clone());
        let batches = Histogram::new(bounds(BATCHES));
        registry.register(BATCHES.name, BATCHES.help, batches.clone());
        let calls = times(&mut registry, CALLS, || Histogram::new(bounds(CALLS)));
        let requests = times(&mut registry, REQUESTS, || Histogram::new(bounds(REQUESTS)));
        let of_tool = |tool| {
            RequestOutcome::ALL.map(|outcome| {
                requests.get_or_create_owned(&[("tool", tool), ("outcome", outcome.word())])
            })
        };
        Self {
            workflows: workflows.names().map(|name| (name, runs(name))).collect(),
            others: runs(OTHER),
            steps: StepKind::ALL.map(|kind| steps.get_or_create_owned(&[("type", kind.word())])),
            errors,
            known_errors: AtomicUsize::new(0),
            commits,
            batches,
            calls,
            requests: mcp::tools::names().map(|tool| (tool, of_tool(tool))).collect(),
            registry,
        }
    }

    /// Counts what has happened
    pub(super) fn count(&self, fact: Fact<'_>) {
        match fact {
            Fact::RunStarted { workflow } => _ = self.runs(workflow).started.inc(),
            Fact::RunEnded { workflow, outcome } => {
                self.runs(workflow).ended[outcome as usize].inc();
            }
            Fact::StepAnswered { kind, took } => {
                self.steps[kind as usize].observe(took.as_secs_f64());
            }
            Fact::StepFailed { kind, code } => self.failed(kind, code),
            Fact::Committed { commands, took } => {
                self.commits.observe(took.as_secs_f64());
                self.batches.observe(f64::from(u32::try_from(commands).unwrap_or(u32::MAX)));
            }
            Fact::ToolCalled { server, outcome, took } => {
                let outcome = CallOutcome::word(outcome);
                let labels = [("server", server.to_owned()), ("outcome", outcome.to_owned())];
                self.calls.get_or_create(&labels).observe(took.as_secs_f64());
            }
            Fact::Requested { tool, outcome, took } => {
                if let Some(of_tool) = self.requests.get(tool) {
                    of_tool[outcome as usize].observe(took.as_secs_f64());
                }
            }
        }
    }

    fn runs(&self, workflow: &str) -> &Runs {
        self.workflows.get(workflow).unwrap_or(&self.others)
    }

    /// Errors are rare, so their codes need not be known before; but they are bounded
    fn failed(&self, kind: StepKind, code: &str) {
        let labels = |code: &str| [("type", kind.word().to_owned()), ("code", code.to_owned())];
        let mut error = labels(code);
        let is_new = self.errors.get(&error).is_none();
        if is_new && self.known_errors.fetch_add(1, Ordering::Relaxed) >= MOST_ERRORS {
            error = labels(OTHER);
        }
        self.errors.get_or_create(&error).inc();
    }
}

/// Adds a histogram of seconds for each set of labels
fn times<L>(
    registry: &mut Registry,
    of: Sorted,
    new: fn() -> Histogram,
) -> Family<L, Histogram, fn() -> Histogram>
where
    L: Clone
        + std::hash::Hash
        + Eq
        + prometheus_client::encoding::EncodeLabelSet
        + std::fmt::Debug
        + Send
        + Sync
        + 'static,
{
    let family = Family::new_with_constructor(new);
    registry.register_with_unit(of.name, of.help, Unit::Seconds, family.clone());
    family
}

fn bounds(of: Sorted) -> impl Iterator<Item = f64> {
    of.bounds.iter().copied()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::machine::sample;

    fn told(meters: &Meters) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &meters.registry).unwrap();
        text
    }

    #[test]
    fn runs_are_counted_by_workflow_and_what_is_unknown_is_one() {
        let meters = Meters::new(&sample::registry());
        for workflow in ["test:script", "test:script", "no:such", "nor:this"] {
            meters.count(Fact::RunStarted { workflow });
        }
        let outcome = RunOutcome::Cancelled;
        meters.count(Fact::RunEnded { workflow: "test:script", outcome });
        let text = told(&meters);
        for line in [
            "workflow_runs_started_total{workflow=\"test:script\"} 2\n",
            "workflow_runs_started_total{workflow=\"other\"} 2\n",
            "workflow_runs_ended_total{workflow=\"test:script\",outcome=\"cancelled\"} 1\n",
            "workflow_runs_ended_total{workflow=\"test:script\",outcome=\"failed\"} 0\n",
        ] {
            assert!(text.contains(line), "no `{line}` in {text}");
        }
    }

    #[test]
    fn steps_are_timed_by_type() {
        let meters = Meters::new(&sample::registry());
        let took = Duration::from_millis(300);
        for kind in StepKind::ALL {
            meters.count(Fact::StepAnswered { kind, took });
        }
        let text = told(&meters);
        for kind in StepKind::ALL {
            let of_kind = format!(
                "workflow_step_duration_seconds_bucket{{le=\"0.5\",type=\"{}\"}} 1\n",
                kind.word()
            );
            assert!(text.contains(&of_kind), "no `{of_kind}` in {text}");
        }
        assert!(
            text.contains("workflow_step_duration_seconds_sum{type=\"prompt\"} 0.3\n"),
            "{text}"
        );
    }

    #[test]
    fn codes_are_bounded() {
        let meters = Meters::new(&sample::registry());
        for number in 0..2 * MOST_ERRORS {
            meters.count(Fact::StepFailed { kind: StepKind::Compute, code: &format!("c{number}") });
        }
        meters.count(Fact::StepFailed { kind: StepKind::Compute, code: "c0" });
        let text = told(&meters);
        assert_eq!(text.matches("workflow_step_errors_total{").count(), MOST_ERRORS + 1);
        let other = format!("{{type=\"compute\",code=\"other\"}} {MOST_ERRORS}\n");
        assert!(text.contains(&other) && text.contains("code=\"c0\"} 2\n"), "{text}");
    }
}

//! The figures that facts are counted into: their names, and how their values are sorted.

/// A figure that is counted
///
/// Its name is without what a format adds to it, `_total` or `_seconds`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
}

/// One whose values are sorted by size
#[derive(Clone, Copy, Debug)]
pub(super) struct Sorted {
    pub(super) name: &'static str,
    pub(super) help: &'static str,
    /// Upper bounds
    pub(super) bounds: &'static [f64],
}

pub(super) const STARTED: Counted =
    Counted { name: "workflow_runs_started", help: "Runs that were started, children too" };

pub(super) const ENDED: Counted =
    Counted { name: "workflow_runs_ended", help: "Runs that have ended, children too" };

pub(super) const ERRORS: Counted =
    Counted { name: "workflow_step_errors", help: "Attempts at steps that failed" };

/// What the server does takes milliseconds, agents minutes, and people days
pub(super) const STEPS: Sorted = Sorted {
    name: "workflow_step_duration",
    help: "From a step's hand-out to its answer",
    bounds: &[
        0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0,
        14_400.0, 86_400.0,
    ],
};

/// Most of it is the disk's
pub(super) const COMMITS: Sorted = Sorted {
    name: "workflow_commit_duration",
    help: "Transactions of the engine, from their beginning until they are durable",
    bounds: &[0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0],
};

pub(super) const BATCHES: Sorted = Sorted {
    name: "workflow_commit_commands",
    help: "Commands that shared a transaction",
    bounds: &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0],
};

/// How long requests and calls take, in seconds
const CALL_TIMES: &[f64] =
    &[0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0, 60.0, 300.0];

pub(super) const CALLS: Sorted = Sorted {
    name: "workflow_connector_duration",
    help: "Calls of other servers' tools",
    bounds: CALL_TIMES,
};

pub(super) const REQUESTS: Sorted = Sorted {
    name: "workflow_mcp_request_duration",
    help: "Calls of this server's tools, with what they were asked to wait",
    bounds: CALL_TIMES,
};

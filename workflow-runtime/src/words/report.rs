//! The texts of what is not a step: lists, a run's standing, errors.

use std::collections::BTreeMap;

use askama::Template;

use super::{render, time};
use crate::engine::{
    EngineError, Health, HealthStatus, RunEntry, RunPage, StateReport, UserAnswer,
};
use crate::machine::RunError;
use crate::mcp::reports::{Overview, WorkflowList};
use crate::reply::Step;

/// The text of an error: what happened, what to do
pub(crate) fn error(error: &EngineError) -> String {
    render(&Error { code: error.code, message: &error.message, help: &error.help })
}

/// The text of the list of workflows
pub(crate) fn workflows(list: &WorkflowList) -> String {
    let workflows = list.workflows.iter().map(|entry| Line {
        name: &entry.name,
        version: &entry.version,
        description: entry.description.trim_end(),
        steps: entry.steps,
        tags: &entry.tags,
        inputs: input_names(&entry.input_schema),
    });
    render(&Workflows { workflows: workflows.collect(), left_out: list.left_out })
}

/// The text of a run's standing
pub(crate) fn status(overview: &Overview) -> String {
    let report = &overview.report;
    let status = serde_json::to_value(report.status).unwrap_or_default();
    render(&Standing {
        run_id: &report.run_id,
        workflow: &report.workflow,
        version: &report.version,
        status: status.as_str().unwrap_or_default(),
        position: report.position.as_deref(),
        done: report.progress.done,
        total: report.progress.total,
        pending: &report.pending,
        user_answers: &report.user_answers,
        children: counts(&overview.child_counts),
        error: report.error.as_ref(),
    })
}

/// The text of a page of runs
pub(crate) fn runs(page: &RunPage) -> String {
    render(&Runs { runs: &page.runs, cursor: page.cursor.as_deref() })
}

/// The text of how the server is
pub(crate) fn health(health: &Health) -> String {
    render(&Being {
        well: health.status == HealthStatus::Ok,
        health,
        uptime: time(health.uptime_seconds),
        bytes: health.store.as_ref().and_then(|store| store.bytes).map(size),
        memory: health.memory_bytes.map(size),
    })
}

/// Bytes as one says them: `512 KiB`, `3.5 MiB`
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KiB", bytes >> 10),
        // A tenth of a MiB is as close as one wants to know.
        _ => format!("{}.{} MiB", bytes >> 20, ((bytes >> 10) & 0x3ff) * 10 / 1_024),
    }
}

/// The text of a run's variables
pub(crate) fn state(report: &StateReport) -> String {
    serde_json::to_string(&report.state).unwrap_or_default()
}

#[derive(Template)]
#[template(path = "error.txt")]
struct Error<'a> {
    code: &'a str,
    message: &'a str,
    help: &'a str,
}

#[derive(Template)]
#[template(path = "list_workflows.txt")]
struct Workflows<'a> {
    workflows: Vec<Line<'a>>,
    left_out: usize,
}

struct Line<'a> {
    name: &'a str,
    version: &'a str,
    description: &'a str,
    steps: usize,
    tags: &'a [String],
    inputs: String,
}

#[derive(Template)]
#[template(path = "list_runs.txt")]
struct Runs<'a> {
    runs: &'a [RunEntry],
    cursor: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "health.txt")]
struct Being<'a> {
    well: bool,
    health: &'a Health,
    uptime: String,
    bytes: Option<String>,
    memory: Option<String>,
}

#[derive(Template)]
#[template(path = "status.txt")]
struct Standing<'a> {
    run_id: &'a str,
    workflow: &'a str,
    version: &'a str,
    status: &'a str,
    position: Option<&'a str>,
    done: usize,
    total: usize,
    pending: &'a [Step],
    user_answers: &'a [UserAnswer],
    children: String,
    error: Option<&'a RunError>,
}

/// The inputs by name and type: `task (string), limit? (number)`
pub(crate) fn input_names(schema: &serde_json::Value) -> String {
    let required = schema.get("required").and_then(|names| names.as_array());
    let Some(properties) = schema.get("properties").and_then(|p| p.as_object()) else {
        return String::new();
    };
    let names = properties.iter().map(|(name, input)| {
        let needed = required.is_some_and(|names| names.iter().any(|n| n == name.as_str()));
        let mark = if needed { "" } else { "?" };
        match input.get("type").and_then(|kind| kind.as_str()) {
            Some(kind) => format!("{name}{mark} ({kind})"),
            None => format!("{name}{mark}"),
        }
    });
    names.collect::<Vec<_>>().join(", ")
}

/// `2 completed, 1 running`
fn counts(counts: &BTreeMap<String, usize>) -> String {
    let counts = counts.iter().map(|(status, count)| format!("{count} {status}"));
    counts.collect::<Vec<_>>().join(", ")
}

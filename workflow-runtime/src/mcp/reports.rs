//! What the tools give that do not answer with a [`Reply`](crate::reply::Reply), each kept small
//! enough for one message.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::paging::{beginning, weight};
use crate::engine::{ChildReport, StateReport, StatusReport};
use crate::machine::Program;
use crate::reply::Step;

/// How much a report may hold, in bytes as JSON text
const REPORT: usize = 24 * 1024;

/// How much of a long text a report shows, in bytes
const BEGINNING: usize = 500;

/// How many pending steps a report shows
const PENDING: usize = 20;

/// The workflows that can be started
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WorkflowList {
    /// Each by its highest version
    pub workflows: Vec<WorkflowEntry>,
    /// How many more there are than fit into a reply
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

/// A workflow that can be started
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct WorkflowEntry {
    /// Its name
    pub name: String,
    /// Its version
    pub version: String,
    /// What it is for, in its author's words
    pub description: String,
    /// The words it is found by
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// JSON Schema of its inputs; null where the list is too long to hold it
    pub input_schema: Value,
    /// How many steps it has at its top level
    pub steps: usize,
}

/// A run's standing, long texts and lists shortened
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Overview {
    /// The standing
    #[serde(flatten)]
    pub report: StatusReport,
    /// How many child runs there are, by how they stand
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub child_counts: BTreeMap<String, usize>,
    /// How many child runs are left out of `children`
    #[serde(default, skip_serializing_if = "is_zero")]
    pub children_left_out: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// The list of workflows
///
/// Where there are too many for one reply, the input schemas go first, then the entries at the
/// end.
pub fn workflows(found: &[&Arc<dyn Program>]) -> WorkflowList {
    let mut workflows: Vec<_> = found.iter().map(|program| entry(program.as_ref())).collect();
    if total(&workflows) > REPORT {
        for workflow in &mut workflows {
            workflow.input_schema = Value::Null;
            workflow.description = beginning(&json!(workflow.description), BEGINNING);
        }
    }
    let all = workflows.len();
    keep_fitting(&mut workflows, REPORT);
    WorkflowList { left_out: all - workflows.len(), workflows }
}

/// A workflow in full
pub(crate) fn entry(program: &dyn Program) -> WorkflowEntry {
    let info = program.info();
    WorkflowEntry {
        name: info.name.to_owned(),
        version: info.version.to_owned(),
        description: info.description.to_owned(),
        tags: info.tags.iter().map(|tag| (*tag).to_owned()).collect(),
        input_schema: serde_json::from_str(info.input_schema).unwrap_or_default(),
        steps: info.top_level_steps,
    }
}

/// How many child runs a run has, by how they stand
pub(crate) fn child_counts(report: &StatusReport) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for child in &report.children {
        *counts.entry(child.status.clone()).or_default() += 1;
    }
    counts
}

/// A run's standing, shortened to one reply
pub fn overview(report: StatusReport) -> Overview {
    within(report, REPORT)
}

/// A run's standing, shorter yet: its state has to stand beside it
pub(crate) fn brief(report: StatusReport) -> Overview {
    within(report, REPORT / 2)
}

fn within(mut report: StatusReport, room: usize) -> Overview {
    let child_counts = child_counts(&report);
    report.pending.truncate(PENDING);
    report.pending.iter_mut().for_each(shorten_step);
    report.children.iter_mut().for_each(shorten_child);
    let all = report.children.len();
    let used = total(&report.pending);
    keep_fitting(&mut report.children, room.saturating_sub(used));
    if let Some(error) = &mut report.error {
        error.message = beginning(&json!(error.message), BEGINNING);
    }
    Overview { children_left_out: all - report.children.len(), child_counts, report }
}

/// A run's variables, each too large one shortened to its beginning
pub fn state(mut report: StateReport) -> StateReport {
    let sum: usize = report.state.values().map(weight).sum();
    if sum > REPORT {
        let share = (REPORT / report.state.len().max(1)).max(64);
        for value in report.state.values_mut().filter(|value| weight(value) > share) {
            let size = value.to_string().len();
            let note = format!(" ({size} bytes in all)");
            *value = json!(beginning(value, share.saturating_sub(note.len())) + &note);
        }
    }
    report
}

fn shorten_step(step: &mut Step) {
    step.fields.shift_remove("children");
    for value in step.fields.values_mut().chain([&mut step.result_schema]) {
        if weight(value) > BEGINNING {
            *value = json!(beginning(value, BEGINNING));
        }
    }
}

fn shorten_child(child: &mut ChildReport) {
    if weight(&child.item) > BEGINNING {
        child.item = json!(beginning(&child.item, BEGINNING));
    }
}

fn size(value: &impl Serialize) -> usize {
    serde_json::to_string(value).map_or(0, |text| text.len() + 1)
}

fn total<T: Serialize>(list: &[T]) -> usize {
    list.iter().map(size).sum()
}

/// Drops the end of a list that does not fit
fn keep_fitting<T: Serialize>(list: &mut Vec<T>, mut room: usize) {
    let fitting = list.iter().take_while(|element| {
        let needed = size(element);
        let fits = needed <= room;
        room = room.saturating_sub(needed);
        fits
    });
    let count = fitting.count();
    list.truncate(count);
}

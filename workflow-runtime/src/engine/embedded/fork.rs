//! The rules of child runs: how many, how deep, what their ends make of the parent's step.

use serde_json::Value;

use super::rows::RunRow;
use crate::machine::{Answer, Fork, RunError, Snapshot, Status};

/// Levels of child runs below a run of its own
const MAX_DEPTH: u32 = 5;

/// Children of one step
const MAX_CHILDREN: usize = 10_000;

/// Children of one step that may be under way at once
const MAX_AT_ONCE: usize = 100;

/// Failed children that an error tells of
const MAX_TOLD: usize = 3;

/// How much of each one's reason, in characters: nested failures do not pile up
const MAX_CAUSE: usize = 500;

/// Why a step's children cannot be made, if they cannot
pub(super) fn refused(fork: &Fork, depth: u32) -> Option<RunError> {
    if depth >= MAX_DEPTH {
        let message = format!("child runs are nested more than {MAX_DEPTH} deep");
        let help = "let a step further up do the work of the deepest one; a list of lists can be \
             flattened before it is worked off";
        return Some(RunError { help: Some(help.to_owned()), ..error("too-deep", message) });
    }
    let children = fork.children.len();
    (children > MAX_CHILDREN).then(|| {
        let message = format!("the step has {children} items, {MAX_CHILDREN} is the limit");
        let help =
            "work off fewer items, or lists of them: `items | batch(100)` makes lists of 100";
        RunError { help: Some(help.to_owned()), ..error("too-many-children", message) }
    })
}

/// How many children of a step may be under way at once
pub(super) fn at_once(fork: &Fork) -> usize {
    fork.concurrency.clamp(1, MAX_AT_ONCE)
}

/// A child's id: the same whoever makes it
pub(super) fn child_id(parent: &str, step_id: &str, index: usize) -> String {
    format!("{parent}.{}.{index}", step_id.replace('#', "~"))
}

/// Whether nothing more will happen to a run
pub(super) fn has_ended(row: &RunRow) -> bool {
    if row.quarantine.is_some() {
        return true;
    }
    // A child that is taken up again is queued once more, with what it had come to.
    row.status != "queued" && row.snapshot.as_deref().is_some_and(Snapshot::ended)
}

/// What ended children, in item order, answer to their parent's step
pub(super) fn results(children: &[RunRow], keep_errors: bool) -> Answer {
    let mut results = Vec::with_capacity(children.len());
    let mut failed = Vec::new();
    for child in children {
        let snapshot = child.snapshot.as_deref();
        if let Some(snapshot) = snapshot.filter(|at| at.status == Status::Completed) {
            results.push(snapshot.result.clone().unwrap_or_default());
        } else {
            failed.push(child);
            results.push(Value::Null);
        }
    }
    if failed.is_empty() || keep_errors {
        return Answer::Result(Value::Array(results));
    }
    Answer::Failed(failure(&failed, results.len()))
}

/// Which children failed, and why
fn failure(failed: &[&RunRow], total: usize) -> RunError {
    let told = |child: &&RunRow| {
        let index = child.parent.as_ref().map_or(0, |parent| parent.index);
        format!("item {index} (`{}`): {}", child.id, why(child))
    };
    let told: Vec<String> = failed.iter().take(MAX_TOLD).map(told).collect();
    let more = match failed.len().saturating_sub(MAX_TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let message = match failed {
        [child] if total == 1 => format!("child run `{}` failed: {}", child.id, why(child)),
        _ => format!("{} of {total} children failed: {}{more}", failed.len(), told.join("; ")),
    };
    let mut error = error("children-failed", message);
    error.help = Some(
        "the results of the others are kept: once the cause is gone, `workflow-server runs retry` \
         takes up the failed ones alone; `on_child_error: keep` would put a null in their places"
            .to_owned(),
    );
    error
}

/// Why a child failed, in short
fn why(child: &RunRow) -> String {
    let cause = child.snapshot.as_deref().and_then(|snapshot| snapshot.error.as_ref());
    let cause = cause.map(|error| error.message.as_str());
    let cause = cause.or(child.quarantine.as_deref()).unwrap_or("no reason is known");
    match cause.char_indices().nth(MAX_CAUSE) {
        Some((at, _)) => format!("{}…", &cause[..at]),
        None => cause.to_owned(),
    }
}

fn error(code: &str, message: String) -> RunError {
    RunError { code: code.to_owned(), message, step_id: None, help: None }
}

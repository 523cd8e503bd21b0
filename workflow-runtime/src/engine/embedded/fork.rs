//! The rules of child runs: how many, how deep, what their ends make of the parent's step.

use serde_json::Value;

use super::rows::RunRow;
use crate::machine::{Answer, Fork, Limit, Limits, RunError, Snapshot, Status};

/// Failed children that an error tells of
const MAX_TOLD: usize = 3;

/// How much of each one's reason, in characters: nested failures do not pile up
const MAX_CAUSE: usize = 500;

/// Why a step's children cannot be made, if they cannot
pub(super) fn refused(fork: &Fork, depth: u32, limits: Limits) -> Option<RunError> {
    let deepest = limits.get(Limit::Depth);
    if u64::from(depth) >= deepest {
        let message = format!("child runs are nested more than {deepest} deep (MAX_CHILD_DEPTH)");
        let help = format!(
            "let a step further up do the work of the deepest one; a list of lists can be \
             flattened before it is worked off; or {}",
            limits.raise_and_retry(Limit::Depth)
        );
        return Some(RunError { help: Some(help), ..error("too-deep", message) });
    }
    let (children, most) = (fork.children.len(), limits.count(Limit::Children));
    (children > most).then(|| {
        let message = format!("the step has {children} items, {most} is the limit (MAX_CHILDREN)");
        let help = format!(
            "work off fewer items, or lists of them: `items | batch(100)` makes lists of 100; or {}",
            limits.raise_and_retry(Limit::Children)
        );
        RunError { help: Some(help), ..error("too-many-children", message) }
    })
}

/// How many children of a step may be under way at once
pub(super) fn at_once(fork: &Fork, limits: Limits) -> usize {
    fork.concurrency.clamp(1, limits.count(Limit::ChildrenAtOnce))
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

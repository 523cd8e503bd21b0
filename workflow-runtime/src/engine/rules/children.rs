//! The rules of child runs: how many, how deep, what their ends make of the parent's step.

use serde_json::Value;

use super::failure::run_error as error;
use crate::machine::{Answer, Fork, Limit, Limits, RunError, Snapshot, Status};

/// Failed children that an error tells of
const MAX_TOLD: usize = 3;

/// How much of each one's reason, in characters: nested failures do not pile up
const MAX_CAUSE: usize = 500;

/// What is said of a child that failed for a reason that is not kept
const NO_REASON: &str = "no reason is known";

/// Why a step's children cannot be made, if they cannot
pub(crate) fn refused(fork: &Fork, depth: u32, limits: Limits) -> Option<RunError> {
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
pub(crate) fn at_once(fork: &Fork, limits: Limits) -> usize {
    fork.concurrency.clamp(1, limits.count(Limit::ChildrenAtOnce))
}

/// A child's id: the same whoever makes it
pub(crate) fn child_id(parent: &str, step_id: &str, index: usize) -> String {
    format!("{parent}.{}.{index}", step_id.replace('#', "~"))
}

/// A child run that has ended, as the step that it belongs to sees it
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ended<'a> {
    pub(crate) run_id: &'a str,
    /// Its place in item order, from 0
    pub(crate) index: usize,
    /// What it returned, or why it returned nothing
    pub(crate) outcome: Result<&'a Value, &'a str>,
}

impl<'a> Ended<'a> {
    /// What a run that has ended came to
    pub(crate) fn outcome_of(snapshot: &'a Snapshot) -> Result<&'a Value, &'a str> {
        if snapshot.status == Status::Completed {
            return Ok(snapshot.result.as_ref().unwrap_or(&Value::Null));
        }
        Err(snapshot.error.as_ref().map_or(NO_REASON, |error| &error.message))
    }
}

/// What ended children, in item order, answer to their parent's step
pub(crate) fn results(children: &[Ended<'_>], keep_errors: bool) -> Answer {
    let failed: Vec<&Ended<'_>> = children.iter().filter(|child| child.outcome.is_err()).collect();
    if failed.is_empty() || keep_errors {
        let results = children.iter().map(|child| child.outcome.cloned().unwrap_or_default());
        return Answer::Result(results.collect());
    }
    Answer::Failed(failure(&failed, children.len()))
}

/// Which children failed, and why
fn failure(failed: &[&Ended<'_>], total: usize) -> RunError {
    let told =
        |child: &&Ended<'_>| format!("item {} (`{}`): {}", child.index, child.run_id, why(child));
    let told: Vec<String> = failed.iter().take(MAX_TOLD).map(told).collect();
    let more = match failed.len().saturating_sub(MAX_TOLD) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let message = match failed {
        [child] if total == 1 => format!("child run `{}` failed: {}", child.run_id, why(child)),
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
fn why(child: &Ended<'_>) -> String {
    let cause = child.outcome.err().unwrap_or(NO_REASON);
    match cause.char_indices().nth(MAX_CAUSE) {
        Some((at, _)) => format!("{}…", &cause[..at]),
        None => cause.to_owned(),
    }
}

//! What time does to a run that waits.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::failure::run_error;
use crate::machine::{Action, Answer, Pending};
use crate::plural::count;

/// How long a pending action is still not to be done: the pause before another attempt
pub(crate) fn rests(pending: &Pending, now: Timestamp) -> Option<SignedDuration> {
    let left = pending.not_before?.duration_since(now);
    left.is_positive().then_some(left)
}

/// When a `wait` is over; one that is tried again is not over before the pause is
pub(crate) fn wait_ends(pending: &Pending) -> Option<Timestamp> {
    match &pending.action {
        Action::Wait { resume_at, .. } => {
            Some(pending.not_before.map_or(*resume_at, |at| at.max(*resume_at)))
        }
        _ => None,
    }
}

/// The answer to a `wait` that is over
pub(crate) fn waited(pending: &Pending, now: Timestamp) -> Answer {
    // A clock that went back makes no wait shorter than nothing.
    let waited = now.duration_since(pending.since).as_secs_f64().max(0.0);
    Answer::Result(json!({"waited_seconds": waited}))
}

/// The answer to a step whose deadline has passed
pub(crate) fn too_late(pending: &Pending) -> Answer {
    let deadline = pending.deadline.unwrap_or(pending.since);
    let allowed = deadline.duration_since(pending.begins()).as_secs_f64();
    let (missed, help) = match &pending.action {
        Action::Foreach(_) => (
            "its child runs did not all end",
            "those that had not ended were cancelled; give the step more time by its `timeout`, or \
             fewer items",
        ),
        Action::Wait { .. } => ("its wait was not over", "make its `timeout` longer than the wait"),
        _ => (
            "no answer came",
            "give the step more time by its `timeout`, or say by `retry` or `on_error` how to go on",
        ),
    };
    let message = format!(
        "step `{}` timed out: {missed} within {}",
        pending.step_id,
        count(allowed, "second")
    );
    let mut error = run_error("timeout", message);
    error.help = Some(help.to_owned());
    Answer::Failed(error)
}

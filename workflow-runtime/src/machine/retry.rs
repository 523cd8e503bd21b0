//! Further attempts at what has failed.

use jiff::{SignedDuration, Timestamp};

use super::{Pending, Retry, RunError, Snapshot};

/// Errors after which another attempt could do harm: nobody knows what the last one did
const NEVER_AGAIN: &[&str] = &["outcome-unknown", "cancelled"];

/// The next attempt at a pending action that has failed, if there is to be one
///
/// Its deadline is as far behind its beginning as that of the attempt before.
pub(super) fn again(
    snapshot: &Snapshot,
    pending: &Pending,
    error: &RunError,
    now: Timestamp,
) -> Option<Pending> {
    let retry = pending.retry.filter(|retry| pending.attempt < retry.max_attempts)?;
    if NEVER_AGAIN.contains(&error.code.as_str()) {
        return None;
    }
    let begins = later(now, pause(retry, pending.attempt));
    let deadline = pending.deadline.map(|deadline| {
        begins.checked_add(deadline.duration_since(pending.begins())).unwrap_or(Timestamp::MAX)
    });
    let visits = snapshot.handed_out.get(&pending.step).copied().unwrap_or(1);
    Some(Pending {
        step_id: format!("{}#{}", pending.step, visits + 1),
        attempt: pending.attempt + 1,
        deadline,
        since: now,
        not_before: (begins > now).then_some(begins),
        last_error: Some(error.clone()),
        ..pending.clone()
    })
}

/// Seconds between an attempt, counted from 1, and the next
fn pause(retry: Retry, attempt: u32) -> f64 {
    let exponent = f64::from(attempt.saturating_sub(1));
    retry.backoff_seconds * retry.backoff_factor.powf(exponent)
}

/// So many seconds later; the end of time where that is beyond what a timestamp can hold
fn later(now: Timestamp, seconds: f64) -> Timestamp {
    SignedDuration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|pause| now.checked_add(pause).ok())
        .unwrap_or(Timestamp::MAX)
}

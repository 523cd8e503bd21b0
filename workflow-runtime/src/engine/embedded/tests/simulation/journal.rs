//! What must be true of one run's journal, whatever has happened around it.

use jiff::{SignedDuration, Timestamp};

use crate::machine::{Action, Answer, AnsweredBy, Event, Pending, Reentry};

/// Follows a journal from wait to wait
pub(super) fn follow(run_id: &str, events: &[Event]) {
    assert!(matches!(events[0], Event::Started { .. }), "{run_id} did not start");
    let mut pending: Option<&Pending> = None;
    let mut retried = false;
    for (event, next) in events.iter().zip(events.iter().skip(1).map(Some).chain([None])) {
        match event {
            Event::Waiting { pending: at, .. } => pending = Some(at),
            Event::Answered { step_id, answer, by, at } => {
                let asked =
                    pending.take().unwrap_or_else(|| panic!("{run_id}: an answer to nothing"));
                assert_eq!(&asked.step_id, step_id, "{run_id}");
                // What it is taken up again with was measured when it came.
                if !retried {
                    in_time(run_id, asked, answer, *by, *at);
                    tried_again(run_id, asked, answer, *at, next);
                }
            }
            Event::Completed { .. } => {
                assert_eq!(next, None, "{run_id} went on after its end");
            }
            Event::Failed { .. } | Event::Cancelled { .. } => {
                pending = None;
                let again =
                    matches!(next, None | Some(Event::Retried { .. } | Event::Upgraded { .. }));
                assert!(again, "{run_id} went on after its end: {next:?}");
            }
            Event::Retried { from, .. } => {
                pending = match from {
                    Reentry::Wait { pending, .. } => Some(pending),
                    Reentry::Start { .. } => None,
                };
            }
            Event::Started { .. }
            | Event::Stepped { .. }
            | Event::Calling { .. }
            | Event::Caught { .. }
            | Event::Upgraded { .. } => {}
        }
        retried = matches!(event, Event::Retried { .. });
    }
}

/// An answer came when it might, from whom it might
fn in_time(run_id: &str, asked: &Pending, answer: &Answer, by: AnsweredBy, at: Timestamp) {
    let what = format!("{run_id}, {}: {answer:?} by {by:?} at {at}", asked.step_id);
    // Time is kept in whole microseconds.
    let late = |deadline: Timestamp| at >= deadline + SignedDuration::from_micros(1);
    // Children and calls that have begun go on though the clock goes back to before that.
    let rests = asked.not_before.is_some_and(|begins| at < begins);
    let begun = match asked.action {
        Action::Foreach(_) => true,
        Action::McpCall { .. } => by == AnsweredBy::Server,
        _ => false,
    };
    assert!(begun || !rests, "{what}: it rests");
    match answer {
        Answer::Failed(error) if error.code == "timeout" => {
            assert!(asked.deadline.is_some_and(|deadline| at >= deadline), "{what}: not yet");
        }
        _ if by == AnsweredBy::Server => {}
        _ => assert!(asked.deadline.is_none_or(|deadline| !late(deadline)), "{what}: too late"),
    }
    match &asked.action {
        Action::Wait { resume_at, .. } if matches!(answer, Answer::Result(_)) => {
            assert!(at >= *resume_at, "{what}: it waits until {resume_at}");
        }
        Action::Prompt { user_only: true, .. } => {
            assert_ne!(by, AnsweredBy::Agent, "{what}: only the user may");
        }
        _ => {}
    }
}

/// What failed is tried again as often as it may be, after its pause
fn tried_again(
    run_id: &str,
    asked: &Pending,
    answer: &Answer,
    at: Timestamp,
    next: Option<&Event>,
) {
    let attempts = asked.retry.map_or(1, |retry| retry.max_attempts);
    let again = match next {
        Some(Event::Waiting { pending, .. }) if pending.attempt > 1 => Some(pending),
        _ => None,
    };
    let what = format!("{run_id}, {}: {answer:?}, then {next:?}", asked.step_id);
    let unknown = matches!(answer, Answer::Failed(error) if error.code == "outcome-unknown");
    if matches!(answer, Answer::Result(_)) || asked.attempt >= attempts || unknown {
        return assert!(again.is_none(), "{what}");
    }
    let (Some(again), Some(retry)) = (again, asked.retry) else { panic!("{what}") };
    let exponent = i32::try_from(asked.attempt).unwrap() - 1;
    let pause = retry.backoff_seconds * retry.backoff_factor.powi(exponent);
    let begins = at + SignedDuration::from_secs_f64(pause);
    assert_eq!((again.attempt, again.begins()), (asked.attempt + 1, begins), "{what}");
    assert_eq!(again.step, asked.step, "{what}");
}

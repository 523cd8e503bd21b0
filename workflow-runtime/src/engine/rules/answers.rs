//! Who may answer a step, and what an answer comes to that comes too early, too late or in vain.

use jiff::{SignedDuration, Timestamp};

use super::time;
use crate::engine::EngineError;
use crate::machine::{Action, Answer, AnsweredBy, Pending, Refusal, Snapshot};

/// Refuses answers to what nobody answers, and of who may not answer
pub(crate) fn answerable(
    run_id: &str,
    pending: &Pending,
    by: AnsweredBy,
) -> Result<(), EngineError> {
    let step_id = &pending.step_id;
    match &pending.action {
        Action::Foreach(_) => Err(EngineError::new(
            "not-answerable",
            format!("step `{step_id}` is answered by its child runs"),
            "work off each child by its own run_id; the results come together by themselves",
        )),
        Action::Wait { resume_at, .. } => Err(EngineError::new(
            "not-answerable",
            format!("step `{step_id}` waits until {resume_at}, then goes on by itself"),
            "call `get_next_step` after that",
        )),
        Action::McpCall { tool, .. } if pending.by_server => Err(EngineError::new(
            "not-answerable",
            format!("step `{step_id}` calls `{tool}`, which the server does itself"),
            "call `get_next_step`, with `wait_seconds` to wait for it",
        )),
        Action::Prompt { user_only: true, .. } if by == AnsweredBy::Agent => Err(EngineError::new(
            "user-only",
            format!("step `{step_id}` can be answered by the user only, not through the agent"),
            format!(
                "ask the user to answer it in a terminal, with `workflow-server run --resume {run_id} \
                 --user-only`; \
                 then call `get_next_step`"
            ),
        )),
        _ => Ok(()),
    }
}

/// Refuses answers to what is not handed out yet
pub(crate) fn handed_out(pending: &Pending, now: Timestamp) -> Result<(), EngineError> {
    time::rests(pending, now).map_or(Ok(()), |left| Err(resting(pending, left)))
}

/// An answer that is not what the step wants
pub(crate) fn mismatch(step_id: &str, refusal: &Refusal) -> EngineError {
    EngineError::new(
        "result-mismatch",
        format!("the result does not fit step `{step_id}`: {refusal}"),
        "submit a result that fits the step's result_schema; the run has not moved",
    )
}

/// An answer to a step that does not wait, where the answer that it got, if it got one, was another
pub(crate) fn too_late(
    run_id: &str,
    step_id: &str,
    given: Option<&Answer>,
    snapshot: &Snapshot,
) -> EngineError {
    match (given, &snapshot.pending) {
        (Some(Answer::Failed(error)), _) => EngineError::new(
            "too-late",
            format!("step `{step_id}` failed before the answer came: {}", error.message),
            "call `get_next_step` for how the run stands",
        ),
        (Some(_), _) => EngineError::new(
            "already-answered",
            format!("step `{step_id}` has been answered, with another value"),
            "the first answer stands; call `get_next_step` for what comes next",
        ),
        (None, Some(pending)) => EngineError::new(
            "not-pending",
            format!("step `{step_id}` is not pending, `{}` is", pending.step_id),
            "answer the pending step; `get_next_step` shows it",
        ),
        (None, None) => EngineError::new(
            "not-waiting",
            format!("run `{run_id}` waits for no answer, it is {}", snapshot.status.word()),
            "call `get_next_step` for how it stands",
        ),
    }
}

/// An answer to a child whose turn has not come
pub(crate) fn queued(run_id: &str) -> EngineError {
    EngineError::new(
        "not-waiting",
        format!("run `{run_id}` waits for no answer, it is queued behind its siblings"),
        "work off its siblings first",
    )
}

/// A step that is tried again is answered before its pause is over
fn resting(pending: &Pending, left: SignedDuration) -> EngineError {
    EngineError::new(
        "not-pending",
        format!(
            "step `{}` is not handed out yet: attempt {} begins in {:.1} seconds",
            pending.step_id,
            pending.attempt,
            left.as_secs_f64()
        ),
        "call `get_next_step` after that, with `wait_seconds` to wait for it",
    )
}

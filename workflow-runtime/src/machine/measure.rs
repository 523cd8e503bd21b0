//! What the machine adds to an answer: what it can measure better than whoever answers.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Action, AnsweredBy, Pending, Refusal};

/// The answer as the workflow takes it, with the time it took; journaled is what was given
pub(super) fn measured(given: Value, pending: &Pending, now: Timestamp) -> Value {
    let seconds = now.duration_since(pending.since).as_secs_f64().max(0.0);
    match (&pending.action, given) {
        (Action::Shell { .. }, Value::Object(mut result)) => {
            result.entry("stderr").or_insert_with(|| json!(""));
            result.insert("duration".to_owned(), json!(seconds));
            Value::Object(result)
        }
        (Action::Wait { .. }, _) => json!({ "waited_seconds": seconds }),
        (_, given) => given,
    }
}

/// Refuses an answer to what only time ends
pub(super) fn refuse_impatience(pending: &Pending, by: AnsweredBy) -> Result<(), Refusal> {
    match &pending.action {
        Action::Wait { resume_at, .. } if by != AnsweredBy::Server => Err(Refusal {
            message: format!(
                "`{}` takes no answer: the run goes on by itself at {resume_at}",
                pending.step_id
            ),
        }),
        _ => Ok(()),
    }
}

//! # `wait`
//!
//! Lets time pass; the run goes on by itself.
//!
//! ```yaml
//! - id: settle
//!   type: wait
//!   duration_seconds: 2.5
//!   message: The service restarts
//!   output_to: pause
//! ```
//!
//! `duration_seconds` is a number above 0, which may have a fraction, or an expression in braces that
//! gives one; where that gives a number below 0, the step fails. The time counts from when the run
//! gets here, also while no server runs. The result
//! is an object with `waited_seconds`, a number: how long it was in the end.

use serde_json::json;

use crate::ir::{Action, AnswerType, Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Takes};
use crate::types::Ty;

use super::{StepType, message};

/// The step type
pub const TYPE: StepType = StepType {
    name: "wait",
    summary: "lets time pass",
    keys: &[
        Key::required("duration_seconds", Takes::Expression, "how long, in seconds"),
        Key::optional("message", Takes::Template, "what is waited for, in words"),
    ],
    rereads: &[],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let place = fields.value_span("duration_seconds").unwrap_or_else(|| fields.head());
    let seconds = fields.duration("duration_seconds", lowering.diagnostics);
    let seconds = seconds.unwrap_or_else(|| lowering.broken(place));
    let seconds = lowering.hoist(seconds);
    let message = fields.has("message").then(|| message(lowering, fields, "message").into());
    let result = Ty::object([("waited_seconds", Ty::Float)]);
    // The machine reckons the time: there is nothing to answer.
    let answer = AnswerType::Known(result, json!({}));
    Some(lowering.wait(Action::Pause { seconds, message }, answer))
}

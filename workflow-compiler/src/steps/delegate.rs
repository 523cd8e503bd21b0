//! # `delegate`
//!
//! Hands work to an agent, and waits for what it writes.
//!
//! ```yaml
//! - id: review
//!   type: delegate
//!   needs_state: [plan]
//!   agent: "@reviewer"
//!   instructions: "Review this plan: {{ state.plan }}"
//!   output_to: review
//! ```
//!
//! The result is a text, unless `output` gives its type:
//!
//! ```yaml
//! - id: grade
//!   type: delegate
//!   instructions: Grade the plan, and say why.
//!   output:
//!     type: object
//!     properties:
//!       grade: { type: integer, min: 1, max: 5 }
//!       why: string
//!   output_to: grade
//! ```

use serde_json::json;

use crate::ir::{Action, AnswerType, Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Takes};
use crate::types::Ty;

use super::{OUTPUT, StepType, message, output};

/// The step type
pub const TYPE: StepType = StepType {
    name: "delegate",
    summary: "hands work to an agent, and waits for what it writes",
    keys: &[
        Key::required("instructions", Takes::Template, "what to do"),
        Key::optional("agent", Takes::Agent, "who does it; the agent itself unless said"),
        OUTPUT,
    ],
    rereads: &[],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let agent = fields.agent("agent", lowering.diagnostics).map(|agent| agent.value);
    let instructions = message(lowering, fields, "instructions");
    let answer = output(lowering, fields)
        .unwrap_or_else(|| AnswerType::Known(Ty::String, json!({ "type": "string" })));
    Some(lowering.wait(Action::Delegate { instructions, agent }, answer))
}

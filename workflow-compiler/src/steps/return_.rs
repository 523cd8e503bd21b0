//! # `return`
//!
//! Ends the run with a value.
//!
//! ```yaml
//! - id: done
//!   type: return
//!   needs_state: [plan]
//!   value: { success: true, plan: "{{ state.plan }}" }
//! ```
//!
//! Where its `when` is false, the run goes on. A run whose steps just end returns null.

use crate::ir::{Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Takes};

use super::{StepType, data};

/// The step type
pub const TYPE: StepType = StepType {
    name: "return",
    summary: "ends the run with a value",
    keys: &[Key::optional("value", Takes::Data, "what the run gives; null unless said")],
    rereads: &[],
    has_result: false,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let span = fields.value_span("value").unwrap_or_else(|| fields.head());
    let value = match fields.get("value") {
        Some(value) => Some(data(lowering, &value)),
        None => fields.may_have("value", Takes::Data).then(|| lowering.broken(span)),
    };
    lowering.give_back(value, span);
    None
}

//! # `set_state`
//!
//! Writes state fields.
//!
//! ```yaml
//! - id: count
//!   type: set_state
//!   needs_state: [done, left]
//!   updates:
//!     done: "{{ state.done + 1 }}"
//!     left: "{{ state.left - 1 }}"
//! ```
//!
//! All expressions read the state from before the step; all writes land together.

use crate::ir::{Lowering, TempId};
use crate::syntax::decode::{Fields, Key, NameKind, Takes, check_name};

use super::{StepType, data};

/// The step type
pub const TYPE: StepType = StepType {
    name: "set_state",
    summary: "writes state fields",
    keys: &[Key::required("updates", Takes::Mapping, "the fields with their new values")],
    rereads: &[],
    has_result: false,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let mut kept = Vec::new();
    let updates = fields.mapping("updates", lowering.diagnostics);
    lowering.program.unread.state |= updates.is_none();
    for (field, value) in updates.unwrap_or_default() {
        check_name(NameKind::Field, "a state field", &field, lowering.diagnostics);
        let value = data(lowering, &value);
        let temp = lowering.keep(&field.value, value, None);
        kept.push((field, temp));
    }
    for (field, temp) in kept {
        lowering.write(&field, temp);
    }
    None
}

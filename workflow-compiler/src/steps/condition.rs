//! # `condition`
//!
//! Runs one list of steps or another.
//!
//! ```yaml
//! - id: ask-first
//!   type: condition
//!   if: "{{ inputs.require_approval }}"
//!   then:
//!     - id: approve
//!       type: prompt
//!       kind: confirm
//!       message: Shall this be done?
//!   else:
//!     - id: note
//!       type: set_state
//!       updates: { approved: true }
//! ```
//!
//! `if` takes any truth that Jinja knows: an empty text, an empty list, zero and null are false.

use crate::ir::{Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Takes};

use super::{StepType, expression, lower_list};

/// The step type
pub const TYPE: StepType = StepType {
    name: "condition",
    summary: "runs one list of steps or another",
    keys: &[
        Key::required("if", Takes::Expression, "what decides"),
        Key::required("then", Takes::Steps, "the steps if it is true"),
        Key::optional("else", Takes::Steps, "the steps if it is false"),
    ],
    rereads: &[],
    has_result: false,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let test = expression(lowering, fields, "if");
    let then = fields.steps("then", lowering.diagnostics);
    let otherwise = fields.steps("else", lowering.diagnostics);
    for (key, steps) in [("then", then), ("else", otherwise)] {
        lowering.program.unread.state |= fields.has(key) && steps.is_none();
    }
    let list = |steps| {
        move |lowering: &mut Lowering<'_>| {
            if let Some(steps) = steps {
                lowering.nested(|lowering| lower_list(lowering, steps));
            }
        }
    };
    lowering.branch(test, list(then), list(otherwise));
    None
}

//! # `goto`
//!
//! Goes to another step, a bounded number of times.
//!
//! ```yaml
//! - id: draft
//!   type: delegate
//!   instructions: Write the summary.
//!   output_to: summary
//! - id: review
//!   type: prompt
//!   kind: confirm
//!   needs_state: [summary]
//!   message: "Is this good? {{ state.summary }}"
//!   output_to: verdict
//! - id: again
//!   type: goto
//!   needs_state: [verdict]
//!   when: not state.verdict.confirmed
//!   target: draft
//!   max_iterations: 3
//! ```
//!
//! The target is a step of the same list, or of a list around it. When the step has jumped
//! `max_iterations` times, the run goes on behind it; the count begins again when another `goto`,
//! further down, goes back to the target or above it.

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Takes};

use super::StepType;

/// The step type
pub const TYPE: StepType = StepType {
    name: "goto",
    summary: "goes to another step, a bounded number of times",
    keys: &[
        Key::required("target", Takes::Text, "the id of the step to go to"),
        // Its absence has a diagnostic of its own.
        Key::optional("max_iterations", Takes::Count, "how often at most; must be given"),
    ],
    rereads: &[],
    has_result: false,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let target = fields.text("target", lowering.diagnostics)?;
    let bound = fields.count("max_iterations", lowering.diagnostics);
    if !fields.may_have("max_iterations", Takes::Count) {
        let message = format!("this `goto` could go to `{}` for ever", target.value);
        lowering.report(
            Diagnostic::new(Code::UnboundedGoto, target.span, message)
                .label("goes on without a bound")
                .help("say how often at most: `max_iterations: 3`"),
        );
    }
    lowering.goto(target, bound.map_or(1, |bound| bound.value));
    None
}

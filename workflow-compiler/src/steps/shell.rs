//! # `shell`
//!
//! Has the agent run a command, and waits for what came of it.
//!
//! ```yaml
//! - id: test
//!   type: shell
//!   command: cargo test --workspace
//!   output_to: tests
//! ```
//!
//! The result is an object: `stdout` and `stderr`, texts; `exit_code`, an integer; `duration`, the
//! seconds from the hand-out to the answer, which the server measures itself. A command that ends
//! with another code than 0 is a result like any other: a `condition` looks at `exit_code`.
//!
//! What is put into the command from elsewhere goes through `| shellquote`, so that it stays one
//! word whatever is in it.

use serde_json::{Value, json};

use crate::ir::{Action, AnswerType, Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Takes};
use crate::types::Ty;

use super::{StepType, message};

/// The step type
pub const TYPE: StepType = StepType {
    name: "shell",
    summary: "has the agent run a command",
    keys: &[Key::required("command", Takes::Template, "the command line")],
    rereads: &[],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let command = message(lowering, fields, "command");
    let result = Ty::object([
        ("stdout", Ty::String),
        ("stderr", Ty::String),
        ("exit_code", Ty::Int),
        ("duration", Ty::Float),
    ]);
    Some(lowering.wait(Action::Shell { command }, AnswerType::Known(result, answer())))
}

/// What the agent answers; the machine fills in what is left out
fn answer() -> Value {
    json!({
        "type": "object",
        "properties": {
            "stdout": { "type": "string" },
            "exit_code": { "type": "integer" },
            "stderr": { "type": "string" },
        },
        "required": ["stdout", "exit_code"],
    })
}

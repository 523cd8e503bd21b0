//! # `prompt`
//!
//! Asks somebody, and waits for the answer.
//!
//! ```yaml
//! - id: approve
//!   type: prompt
//!   kind: confirm
//!   needs_state: [plan]
//!   message: "Shall this be done? {{ state.plan }}"
//!   output_to: approval
//! ```
//!
//! The result of a `text` prompt, which is the default, is the text; that of a `confirm` prompt is
//! an object with the truth value `confirmed`.

use serde_json::json;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Action, AnswerType, Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Reread, Takes};
use crate::types::Ty;

use super::{StepType, message};

/// The kinds of the language; the last two cannot be compiled yet
const KINDS: &[&str] = &["text", "confirm", "choice", "info"];

/// The step type
pub const TYPE: StepType = StepType {
    name: "prompt",
    summary: "asks somebody, and waits for the answer",
    keys: &[
        Key::required("message", Takes::Template, "what is asked"),
        Key::optional(
            "kind",
            Takes::Word(KINDS),
            "what kind of answer is wanted; `text` unless said",
        ),
    ],
    later: &[
        Key::optional("options", Takes::List, "what can be chosen"),
        Key::optional("validation", Takes::Mapping, "what the text must satisfy"),
        Key::optional("answered_by", Takes::Word(&["agent", "user"]), "who may answer"),
    ],
    rereads: &[Reread { key: "type", words: KINDS, means: "kind" }],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let kind = fields.word("kind", KINDS, lowering.diagnostics);
    let answer = match kind.map_or("text", |kind| kind.value) {
        _ if kind.is_none() && fields.has("kind") => AnswerType::Known(Ty::Poison, json!({})),
        "text" => AnswerType::Known(Ty::String, json!({ "type": "string" })),
        "confirm" => AnswerType::Known(Ty::object([("confirmed", Ty::Bool)]), confirmed()),
        later => {
            let span = kind.map_or_else(|| fields.head(), |kind| kind.span);
            lowering.report(
                Diagnostic::new(
                    Code::Limit,
                    span,
                    format!("a prompt of kind `{later}` is not supported yet"),
                )
                .help("`text` and `confirm` are"),
            );
            AnswerType::Known(Ty::Poison, json!({}))
        }
    };
    let message = message(lowering, fields, "message");
    let kind = kind.map_or("text", |kind| kind.value);
    Some(
        lowering
            .wait(Action::Prompt { kind, message, options: Vec::new(), user_only: false }, answer),
    )
}

fn confirmed() -> serde_json::Value {
    json!({
        "type": "object",
        "properties": { "confirmed": { "type": "boolean" } },
        "required": ["confirmed"],
        "additionalProperties": false,
    })
}

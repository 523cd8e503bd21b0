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
//!   answered_by: user
//!   output_to: approval
//! ```
//!
//! What the result is depends on the `kind`:
//!
//! | kind | result |
//! |---|---|
//! | `text`, unless another is said | the text; `validation` says what it must satisfy |
//! | `confirm` | an object with the truth value `confirmed` |
//! | `choice` | an object with the text `selected`, which is one of the `options` |
//! | `info` | an object with the truth value `acknowledged`: the message has been read |
//!
//! ```yaml
//! - id: pick
//!   type: prompt
//!   kind: choice
//!   message: Where does it go?
//!   options: [staging, production]
//!   output_to: target
//! - id: name
//!   type: prompt
//!   message: What is it called?
//!   validation: { min_length: 3, pattern: "^[a-z]+$" }
//!   output_to: title
//! ```
//!
//! `options` is a list of texts, which may hold templates, or an expression that gives a list of
//! texts. Where all are plain, the compiler knows what can be selected: a comparison with anything
//! else is a mistake.
//!
//! With `answered_by: user` only the user can answer, past the agent.

use serde_json::{Value as Json, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Action, AnswerType, Lowering, TempId};
use crate::syntax::decode::{Fields, Key, Reread, Takes, Value};
use crate::syntax::schema;
use crate::template::ast::{Expr, ExprKind};
use crate::types::Ty;

use super::{StepType, data, message, text_of};

/// The kinds of prompts
const KINDS: &[&str] = &["text", "confirm", "choice", "info"];

/// Who may answer
const ANSWERERS: &[&str] = &["agent", "user"];

/// Keys that only one kind has
const OF_KIND: [(&str, &str); 2] = [("options", "choice"), ("validation", "text")];

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
        Key::optional("options", Takes::Texts, "what can be chosen, for kind `choice`"),
        Key::optional("validation", Takes::Mapping, "what the text must satisfy, for kind `text`"),
        Key::optional(
            "answered_by",
            Takes::Word(ANSWERERS),
            "`user` where the agent must not answer for the user; `agent` unless said",
        ),
    ],
    rereads: &[Reread { key: "type", words: KINDS, means: "kind" }],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let kind = match fields.word("kind", KINDS, lowering.diagnostics) {
        Some(kind) => Some(kind.value),
        None if fields.has("kind") => None,
        None => Some("text"),
    };
    if let Some(kind) = kind {
        refuse_misfits(lowering, fields, kind);
    }
    let answered_by = fields.word("answered_by", ANSWERERS, lowering.diagnostics);
    let message = message(lowering, fields, "message");
    let options = fields.get("options").map(|options| options_of(lowering, &options));
    let answer = match kind {
        None => AnswerType::Known(Ty::Poison, json!({})),
        Some("confirm") => one_key("confirmed", Ty::Bool, &json!({ "type": "boolean" })),
        Some("info") => one_key("acknowledged", Ty::Bool, &json!({ "type": "boolean" })),
        Some("choice") => {
            if !fields.may_have("options", Takes::Texts) {
                lacks_options(lowering, fields);
            }
            choice(options.as_ref())
        }
        Some(_) => text(lowering, fields),
    };
    let action = Action::Prompt {
        kind: kind.unwrap_or("text"),
        message,
        // Where the kind is not known, a choice may have been meant.
        options: options.filter(|_| kind.is_none_or(|kind| kind == "choice")).map(Box::new),
        user_only: answered_by.is_some_and(|word| word.value == "user"),
    };
    Some(lowering.wait(action, answer))
}

/// Reports keys that another kind of prompt has
fn refuse_misfits(lowering: &mut Lowering<'_>, fields: &Fields<'_>, kind: &str) {
    for (key, owner) in OF_KIND {
        let Some(span) = fields.key_span(key).filter(|_| kind != owner) else { continue };
        lowering.report(
            Diagnostic::new(Code::UnknownKey, span, format!("unknown key `{key}`"))
                .label(format!("a prompt of kind `{kind}` has no such key"))
                .help(format!("`{key}` is a key of prompts of kind `{owner}`")),
        );
    }
}

fn lacks_options(lowering: &mut Lowering<'_>, fields: &Fields<'_>) {
    let kind = fields.value_span("kind").unwrap_or_else(|| fields.head());
    let (span, label) = match fields.doc.pair(fields.node, "options") {
        Some(pair) => (fields.doc.span(pair.key), "`options` has no value"),
        None => (fields.head(), "`options` is missing here"),
    };
    lowering.report(
        Diagnostic::new(Code::MissingKey, span, "a prompt of kind `choice` needs `options`")
            .label(label)
            .also(kind, "this is a choice")
            .help("`options` takes a list of texts, or an expression that gives one"),
    );
}

/// The answer to a text prompt, as its `validation` has it
fn text(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> AnswerType {
    match fields.get("validation") {
        Some(validation) => {
            let schema = schema::decode_validation("string", &validation, lowering.diagnostics);
            AnswerType::Known(schema.ty, schema.json)
        }
        None => AnswerType::Known(Ty::String, json!({ "type": "string" })),
    }
}

/// The answer to a choice; the machine puts the options into its schema, as they are by then
fn choice(options: Option<&Expr>) -> AnswerType {
    let Some(options) = options else { return AnswerType::Known(Ty::Poison, json!({})) };
    match plain(options) {
        Some(words) => {
            let schema = json!({ "type": "string", "enum": words });
            one_key("selected", Ty::Enum(words.into()), &schema)
        }
        None => one_key("selected", Ty::String, &json!({ "type": "string" })),
    }
}

/// The options as they are, if there are no templates in them
fn plain(options: &Expr) -> Option<Vec<String>> {
    let ExprKind::List(items) = &options.kind else { return None };
    let word = |item: &Expr| match &item.kind {
        ExprKind::Str(text) => Some(text.clone()),
        _ => None,
    };
    items.iter().map(word).collect::<Option<Vec<_>>>().filter(|words| !words.is_empty())
}

/// The options as a list, or as the expression that gives it
fn options_of(lowering: &mut Lowering<'_>, options: &Value<'_>) -> Expr {
    let computed = options.doc.scalar(options.node).is_some_and(|scalar| {
        let text = scalar.text.trim();
        text.starts_with("{{") && text.ends_with("}}")
    });
    if computed {
        return data(lowering, options);
    }
    let span = options.span();
    let Some(items) = options.list(lowering.diagnostics) else { return lowering.broken(span) };
    if items.is_empty() {
        options.mismatch::<()>("at least one option", lowering.diagnostics);
        return lowering.broken(span);
    }
    let mut texts: Vec<Expr> = Vec::new();
    for item in items {
        let text = text_of(lowering, &item);
        match twin(&texts, &text) {
            Some(first) => twice(lowering, &text, first.span),
            None => texts.push(text),
        }
    }
    Expr { kind: ExprKind::List(texts), span }
}

/// The plain option of the same text
fn twin<'t>(texts: &'t [Expr], text: &Expr) -> Option<&'t Expr> {
    let is_plain = matches!(text.kind, ExprKind::Str(_));
    texts.iter().find(|other| is_plain && other.kind == text.kind)
}

fn twice(lowering: &mut Lowering<'_>, text: &Expr, first: crate::source::Span) {
    lowering.report(
        Diagnostic::new(Code::WrongTypeOfKey, text.span, "two options are the same")
            .label("the second one")
            .also(first, "the first one")
            .help("an answer could not tell them apart: remove one of the two"),
    );
}

/// An answer that is an object of one key
fn one_key(name: &str, ty: Ty, schema: &Json) -> AnswerType {
    let schema = json!({
        "type": "object",
        "properties": { name: schema },
        "required": [name],
        "additionalProperties": false,
    });
    AnswerType::Known(Ty::object([(name, ty)]), schema)
}

//! A prompt as a form that a client can show, and what comes back of it as an answer.
//!
//! A form of MCP is one flat object of strings, numbers, booleans and lists of choices. What it
//! cannot hold of a prompt's rules, such as a pattern, is told in words; the engine checks all of it.

use std::collections::BTreeMap;

use rmcp::model::{
    BooleanSchema, ElicitRequestParams, ElicitationSchema, EnumSchema, PrimitiveSchemaDefinition,
    StringSchema,
};
use serde_json::{Value, json};

use crate::mcp::paging::beginning;
use crate::reply::Step;

/// How much of a message is shown, in bytes as JSON text: like all that we send, within 64 KiB
const MESSAGE: usize = 48 * 1024;

/// How much is told of why an answer was not taken, in bytes
const REFUSAL: usize = 2_000;

/// The request that has a client show a prompt; `refused` is why its last answer was not taken
pub(super) fn request(step: &Step, refused: Option<&str>) -> ElicitRequestParams {
    let message = step.fields.get("message").map(|message| beginning(message, MESSAGE));
    let message = message.unwrap_or_default();
    let message = match refused {
        Some(why) => {
            let why = beginning(&json!(why), REFUSAL);
            format!("Your last answer was not taken: {why}\n\n{message}")
        }
        None => message,
    };
    ElicitRequestParams::FormElicitationParams {
        meta: None,
        message,
        requested_schema: schema(step),
    }
}

/// What a filled form says, as an answer to the prompt
///
/// A field that is missing is null, which the engine refuses.
pub(super) fn answer(step: &Step, content: Option<&Value>) -> Value {
    let given = |name: &str| content.and_then(|form| form.get(name)).cloned().unwrap_or_default();
    match kind(step) {
        // To accept it is all that there is to say.
        "info" => json!({"acknowledged": true}),
        "confirm" => json!({"confirmed": given("confirmed")}),
        "choice" => json!({"selected": given("selected")}),
        _ => given("answer"),
    }
}

fn kind(step: &Step) -> &str {
    step.fields.get("kind").and_then(Value::as_str).unwrap_or("text")
}

fn schema(step: &Step) -> ElicitationSchema {
    let field = match kind(step) {
        "info" => None,
        "confirm" => {
            let yes = BooleanSchema::new().title("Yes").description("Leave it out to say no");
            Some(("confirmed", PrimitiveSchemaDefinition::Boolean(yes)))
        }
        "choice" => Some(("selected", choice("Your choice", texts(step.fields.get("options"))))),
        _ => Some(("answer", text(&step.result_schema))),
    };
    let names = field.iter().map(|(name, _)| (*name).to_owned()).collect();
    let properties: BTreeMap<_, _> =
        field.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect();
    ElicitationSchema::new(properties).with_required(names)
}

fn choice(title: &'static str, options: Vec<String>) -> PrimitiveSchemaDefinition {
    PrimitiveSchemaDefinition::Enum(EnumSchema::builder(options).untitled().title(title).build())
}

/// A text with what a form can hold of its rules
fn text(rules: &Value) -> PrimitiveSchemaDefinition {
    const TITLE: &str = "Your answer";
    let options = texts(rules.get("enum"));
    if !options.is_empty() {
        return choice(TITLE, options);
    }
    let length = |name: &str| {
        let length = rules.get(name).and_then(Value::as_u64);
        length.and_then(|length| u32::try_from(length).ok())
    };
    let mut field = StringSchema::new().title(TITLE);
    field.min_length = length("minLength");
    field.max_length = length("maxLength");
    if let Some(pattern) = rules.get("pattern").and_then(Value::as_str) {
        field = field.description(format!("It has to match the pattern {pattern}"));
    }
    PrimitiveSchemaDefinition::String(field)
}

fn texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    list.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prompt(fields: &Value, result_schema: Value) -> Step {
        Step {
            step_id: "ask".into(),
            run_id: "run-1".into(),
            kind: "prompt".into(),
            attempt: 1,
            result_schema,
            deadline: None,
            fields: fields.as_object().cloned().unwrap(),
        }
    }

    /// The request as it goes over the wire
    fn sent(step: &Step, refused: Option<&str>) -> Value {
        serde_json::to_value(request(step, refused)).unwrap()
    }

    #[test]
    fn a_text_has_the_limits_that_a_form_can_hold() {
        let rules = json!({"type": "string", "minLength": 3, "maxLength": 9, "pattern": "^a"});
        let step = prompt(&json!({"kind": "text", "message": "Why?"}), rules);
        let sent = sent(&step, None);
        assert_eq!((&sent["mode"], &sent["message"]), (&json!("form"), &json!("Why?")));
        let form = &sent["requestedSchema"];
        assert_eq!(form["required"], json!(["answer"]));
        let field = &form["properties"]["answer"];
        assert_eq!(
            field,
            &json!({"type": "string", "title": "Your answer", "minLength": 3, "maxLength": 9,
                "description": "It has to match the pattern ^a"})
        );
        assert_eq!(answer(&step, Some(&json!({"answer": "because"}))), "because");
        assert_eq!(answer(&step, None), Value::Null);
    }

    #[test]
    fn a_choice_and_a_text_of_few_values_are_lists() {
        let step = prompt(
            &json!({"kind": "choice", "message": "Which?", "options": ["red", "blue"]}),
            json!({"type": "object"}),
        );
        let form = &sent(&step, None)["requestedSchema"];
        let field = &form["properties"]["selected"];
        assert_eq!(
            (&field["type"], &field["enum"]),
            (&json!("string"), &json!(["red", "blue"])),
            "{form}"
        );
        let chosen = json!({"selected": "red", "more": 1});
        assert_eq!(answer(&step, Some(&chosen)), json!({"selected": "red"}));
        let few = json!({"type": "string", "enum": ["a", "b"]});
        let step = prompt(&json!({"kind": "text", "message": "Which?"}), few);
        let form = &sent(&step, None)["requestedSchema"];
        assert_eq!(form["properties"]["answer"]["enum"], json!(["a", "b"]));
    }

    #[test]
    fn a_confirmation_is_a_boolean_and_an_info_nothing_but_to_accept() {
        let step = prompt(&json!({"kind": "confirm", "message": "Go?"}), json!({}));
        let form = &sent(&step, None)["requestedSchema"];
        assert_eq!(form["properties"]["confirmed"]["type"], "boolean");
        assert!(form["properties"]["confirmed"]["default"].is_null(), "nobody agrees by default");
        let no = json!({"confirmed": false});
        assert_eq!(answer(&step, Some(&no)), no);
        let step = prompt(&json!({"kind": "info", "message": "Done."}), json!({}));
        let form = &sent(&step, None)["requestedSchema"];
        assert_eq!((&form["type"], &form["properties"]), (&json!("object"), &json!({})));
        assert_eq!(answer(&step, None), json!({"acknowledged": true}));
    }

    #[test]
    fn why_an_answer_was_refused_is_told_first_and_a_long_message_is_cut() {
        let step = prompt(&json!({"kind": "text", "message": "é".repeat(100_000)}), json!({}));
        let sent = sent(&step, Some("expected 3 letters"));
        let message = sent["message"].as_str().unwrap();
        assert!(message.starts_with("Your last answer was not taken: expected 3 letters\n\né"));
        assert!(message.ends_with('…') && message.len() < 50 * 1024, "{}", message.len());
    }
}

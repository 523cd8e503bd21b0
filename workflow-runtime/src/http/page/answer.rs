//! Answering what a run waits for, as the user.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::{Value, json};

use super::Page;
use super::fields;
use super::form::{Form, Sent};
use super::run;
use super::view::{brief, pretty, run_at};
use crate::engine::{EngineError, HandOut, Submission, hand_out};
use crate::machine::{Answer, AnsweredBy};
use crate::reply::Step;
use crate::words::Expected;

/// How much is told of somebody else's answer, in characters
const OTHERS: usize = 200;

/// What is asked of whoever looks at a step
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    /// Yes or no
    Confirm,
    /// One of some options
    Choice(Vec<String>),
    /// To have read it
    Info,
    /// Words
    Text,
    /// A value, as JSON
    Json,
    /// Nothing: time passes, or child runs are worked off
    Nothing,
}

/// A form that was filled, and was not taken
#[derive(Clone, Debug, Default)]
pub(super) struct Refused {
    /// Of which hand-out
    pub(super) step_id: String,
    pub(super) why: String,
    pub(super) typed: String,
}

impl Ask {
    /// What a step asks
    pub(super) fn of(step: &Step) -> Self {
        let kind = step.fields.get("kind").and_then(Value::as_str).unwrap_or("text");
        match (step.kind.as_str(), kind) {
            ("wait" | "foreach", _) => Self::Nothing,
            ("prompt", "confirm") => Self::Confirm,
            ("prompt", "info") => Self::Info,
            ("prompt", "choice") => Self::Choice(texts(step.fields.get("options"))),
            ("prompt", _) => match texts(step.result_schema.get("enum")) {
                options if options.is_empty() => Self::Text,
                options => Self::Choice(options),
            },
            _ if step.result_schema["type"] == "string" => Self::Text,
            _ => Self::Json,
        }
    }

    /// Whether a form for it can be sent
    pub(super) fn is_open(&self) -> bool {
        *self != Self::Nothing
    }
}

/// What an answer has to look like, in words
pub(super) fn expected(step: &Step, ask: &Ask) -> String {
    let what = match ask {
        Ask::Text => fields::told(&step.result_schema),
        _ => Expected(&step.result_schema).sentence(),
    };
    format!("Expected: {what}")
}

/// Takes an answer, and shows how the run stands then
pub(super) async fn take(
    State(page): State<Arc<Page>>,
    Path(shown): Path<String>,
    Sent { form, visitor }: Sent,
) -> Response {
    let text = |name| form.get(name).unwrap_or_default().to_owned();
    let (run_id, step_id) = (text("run"), text("step"));
    let refused = |why: String| Refused { step_id: step_id.clone(), why, typed: text("answer") };
    let answer = match read(&form) {
        Ok(answer) => answer,
        Err(why) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return run::with_refusal(&page, &visitor, &shown, status, refused(why)).await;
        }
    };
    let by = AnsweredBy::User;
    let submission = Submission { run_id: run_id.clone(), step_id: step_id.clone(), answer, by };
    match page.engine.submit(submission).await {
        Ok(_) => Redirect::to(&format!("{}?done=answered#now", run_at(&shown))).into_response(),
        Err(error) => {
            let status = match error.code {
                "result-mismatch" => StatusCode::UNPROCESSABLE_ENTITY,
                _ => StatusCode::CONFLICT,
            };
            let why = told(&page, &run_id, &step_id, error).await;
            run::with_refusal(&page, &visitor, &shown, status, refused(why)).await
        }
    }
}

/// Why an answer was not taken; who was faster, if somebody was
async fn told(page: &Page, run_id: &str, step_id: &str, error: EngineError) -> String {
    if error.code == "result-mismatch" {
        return error.message;
    }
    let message = error.message;
    match hand_out(&*page.engine, run_id, step_id).await {
        Ok(HandOut { outcome: Some(outcome), .. }) => {
            let answer = match &outcome.answer {
                Answer::Result(value) => brief(value, OTHERS),
                Answer::Error(why) => brief(&json!(why), OTHERS),
                Answer::Failed(error) => brief(&json!(error.message), OTHERS),
            };
            let by = outcome.by.told();
            format!("{message}; it was answered {by} at {}: {answer}", outcome.at)
        }
        _ => message,
    }
}

/// The answer of a form: the field `value` is JSON of ours, what was typed is in `answer`
fn read(form: &Form) -> Result<Answer, String> {
    let typed = form.get("answer").unwrap_or_default();
    match form.get("as") {
        Some("failure") => {
            let why = form.filled("answer").ok_or("say in a few words why it cannot be done")?;
            Ok(Answer::Error(why.to_owned()))
        }
        Some("json") => serde_json::from_str(typed)
            .map(Answer::Result)
            .map_err(|error| format!("this is no JSON: {error}")),
        Some("text") => Ok(Answer::Result(json!(typed))),
        Some("choice") => match form.get("answer") {
            Some(selected) => Ok(Answer::Result(json!({"selected": selected}))),
            None => Err("choose one of the options".to_owned()),
        },
        Some("option") => match form.get("answer") {
            Some(selected) => Ok(Answer::Result(json!(selected))),
            None => Err("choose one of the options".to_owned()),
        },
        Some("yes") => Ok(Answer::Result(json!({"confirmed": true}))),
        Some("no") => Ok(Answer::Result(json!({"confirmed": false}))),
        Some("read") => Ok(Answer::Result(json!({"acknowledged": true}))),
        _ => Err("the form has no answer in it".to_owned()),
    }
}

/// The parts of a step that are to be read, with their names; the words for people come without
pub(super) fn parts(step: &Step) -> Vec<(&'static str, String)> {
    const PARTS: [(&str, &str); 9] = [
        ("message", ""),
        ("agent", "Agent"),
        ("function", "Function"),
        ("instructions", ""),
        ("tool", "Tool"),
        ("parameters", "Arguments"),
        ("command", "Command"),
        ("resume_at", "Goes on at"),
        ("last_error", "The attempt before this failed"),
    ];
    let part = |(field, name): (&str, &'static str)| {
        step.fields.get(field).map(|value| (name, pretty(value)))
    };
    PARTS.into_iter().filter_map(part).collect()
}

fn texts(options: Option<&Value>) -> Vec<String> {
    let options = options.and_then(Value::as_array);
    options.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(query: &str) -> Result<Answer, String> {
        read(&Form::read(query.as_bytes()))
    }

    fn result(value: Value) -> Result<Answer, String> {
        Ok(Answer::Result(value))
    }

    #[test]
    fn a_form_says_what_kind_of_answer_it_has() {
        assert_eq!(answer("as=yes"), result(json!({"confirmed": true})));
        assert_eq!(answer("as=no&answer=x"), result(json!({"confirmed": false})));
        assert_eq!(answer("as=choice&answer=blue"), result(json!({"selected": "blue"})));
        assert_eq!(answer("as=text&answer=1"), result(json!("1")));
        assert_eq!(answer("as=json&answer=1"), result(json!(1)));
        assert_eq!(answer("as=read"), result(json!({"acknowledged": true})));
        assert_eq!(answer("as=failure&answer=no+net"), Ok(Answer::Error("no net".to_owned())));
    }

    #[test]
    fn a_form_without_an_answer_says_what_is_missing() {
        assert!(answer("as=choice").unwrap_err().contains("choose one"));
        assert!(answer("as=json&answer={").unwrap_err().contains("no JSON"));
        assert!(answer("as=failure&answer=+").unwrap_err().contains("why it cannot"));
        assert!(answer("answer=1").is_err());
    }
}

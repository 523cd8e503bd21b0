//! What went wrong, as a page.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use super::view::{Frame, html};
use super::visitor::Visitor;
use crate::engine::EngineError;

/// Something that went wrong, and what to do
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    status: StatusCode,
    code: String,
    message: String,
    help: String,
}

#[derive(Template)]
#[template(path = "page/trouble.html")]
struct Shown<'a> {
    frame: Frame<'a>,
    trouble: &'a Trouble,
}

impl Trouble {
    /// A form that was not shown to whoever sends it
    pub(super) fn foreign_form() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "foreign-form".to_owned(),
            message: "the form is none of this page, or too old".to_owned(),
            help: "go back, load the page again and send the form from there".to_owned(),
        }
    }

    /// A workflow that is not there
    pub(super) fn no_workflow(name: &str, meant: Option<&str>) -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "unknown-workflow".to_owned(),
            message: format!("there is no workflow `{name}`"),
            help: match meant {
                Some(meant) => format!("did you mean `{meant}`"),
                None => "the list of workflows has all that there are".to_owned(),
            },
        }
    }

    /// The page, for somebody who was let in
    pub(super) fn show(&self, visitor: &Visitor) -> Response {
        self.shown(Frame::new("That did not work", "", visitor))
    }

    /// The page, for everybody
    pub(super) fn bare(&self) -> Response {
        self.shown(Frame::bare("That did not work"))
    }

    fn shown(&self, frame: Frame<'_>) -> Response {
        html(self.status, &Shown { frame, trouble: self })
    }
}

impl From<EngineError> for Trouble {
    fn from(error: EngineError) -> Self {
        let status = match error.code {
            "unknown-run" | "unknown-workflow" | "unknown-step" => StatusCode::NOT_FOUND,
            "bad-cursor" | "invalid-inputs" => StatusCode::BAD_REQUEST,
            "store" | "internal" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::CONFLICT,
        };
        let EngineError { code, message, mut help, .. } = error;
        if code == "unknown-run" {
            // Of the engine's help the agent makes something.
            "the list of runs has all that are kept".clone_into(&mut help);
        }
        Self { status, code: code.to_owned(), message, help }
    }
}

//! How an answer is had that only the user can give.

use askama::Template;

use super::render;

/// How the asking of the user stands
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asking<'a> {
    /// Their client can ask them
    Ready,
    /// Their client shows them the question
    Open,
    /// They will not answer
    Declined,
    /// The question was closed without an answer
    Dismissed,
    /// What they answered does not fit, and why
    Refused(&'a str),
    /// Their client cannot ask them
    Unable,
    /// Their client should have been able to ask them, but was not, and why
    Failed(&'a str),
}

#[derive(Template)]
#[template(path = "user.txt")]
struct User<'a> {
    run_id: &'a str,
    /// Whose step it is: the run, or a child
    step_run_id: &'a str,
    asking: Asking<'a>,
}

/// How the user answers a step that is theirs, and what the agent does meanwhile
pub(super) fn how(run_id: &str, step_run_id: &str, asking: Asking<'_>) -> String {
    render(&User { run_id, step_run_id, asking })
}

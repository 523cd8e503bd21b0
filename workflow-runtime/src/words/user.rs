//! How an answer is had that only the user can give.

use askama::Template;

use super::render;
use crate::reply::Reply;

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

/// Says in a reply's step how the user answers it, if it is theirs to answer
pub(crate) fn say_how_to_answer(reply: &mut Reply, asking: Asking<'_>) {
    let run_id = &reply.run_id;
    let Some(step) = reply.step.as_mut().filter(|step| step.is_the_users()) else { return };
    let how = render(&User { run_id, step_run_id: &step.run_id, asking });
    step.fields.insert("how_to_answer".to_owned(), how.into());
}

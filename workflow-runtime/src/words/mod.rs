//! The short texts for the agent: what to do now, and which call to make next.
//!
//! A text stands beside the structured reply and says all of it that matters, for clients that
//! show only texts. Each kind of action has a template of its own under `templates/`.

mod answer;
mod report;
mod step;
mod to_do;
mod user;

pub(crate) use answer::Expected;
pub(crate) use report::{error, health, input_names, runs, size, state, status, workflows};
pub(crate) use to_do::say_what_to_do;
pub(crate) use user::Asking;

use askama::Template;
use serde_json::{Map, Value};

use crate::engine::Standing;
use crate::machine::{RunError, Status};
use crate::mcp::paging::{Cut, PagedReply};

/// The text of a reply
pub(crate) fn reply(paged: &PagedReply) -> String {
    let reply = &paged.reply;
    let page = page_note(paged);
    match (reply.status, &reply.step) {
        (Status::Waiting | Status::Running, Some(step)) => step::text(reply, step, page.as_deref()),
        (Status::Waiting | Status::Running, None) => {
            let seconds = reply.retry_after_ms.unwrap_or_default().div_ceil(1_000);
            let left = (seconds > 1).then(|| time(seconds));
            render(&Running { run_id: &reply.run_id, left, missing: reply.error.as_ref() })
        }
        (status, _) => render(&Ended {
            run_id: &reply.run_id,
            workflow: &reply.workflow,
            how: how(status),
            result: (status == Status::Completed)
                .then(|| reply.result.as_ref().map_or_else(|| "null".to_owned(), plain)),
            error: reply.error.as_ref(),
            page: page.as_deref(),
        }),
    }
}

#[derive(Template)]
#[template(path = "running.txt")]
struct Running<'a> {
    run_id: &'a str,
    left: Option<String>,
    /// What the server lacks to go on
    missing: Option<&'a RunError>,
}

#[derive(Template)]
#[template(path = "ended.txt")]
struct Ended<'a> {
    run_id: &'a str,
    workflow: &'a str,
    how: &'static str,
    result: Option<String>,
    error: Option<&'a RunError>,
    page: Option<&'a str>,
}

/// How far a run is, for a client that shows how a call gets on: one line
pub(crate) fn progress(standing: &Standing) -> String {
    let how = how(standing.status);
    let Some(step) = &standing.position else { return how.to_owned() };
    match standing.children {
        Some((ended, all)) => format!("{how} at {step}, {ended} of {all} child runs done"),
        None => format!("{how} at {step}"),
    }
}

/// The text that starts a workflow and has the agent see it through: a prompt of MCP
pub(crate) fn start(workflow: &str, inputs: &Value) -> String {
    render(&Start { workflow, inputs: inputs.to_string() })
}

#[derive(Template)]
#[template(path = "start.txt")]
struct Start<'a> {
    workflow: &'a str,
    inputs: String,
}

#[derive(Template)]
#[template(path = "page.txt")]
struct PageNote<'a> {
    run_id: &'a str,
    number: usize,
    pages: usize,
    cut: &'a [Cut],
}

fn page_note(paged: &PagedReply) -> Option<String> {
    let page = paged.page.as_ref()?;
    Some(render(&PageNote {
        run_id: &paged.reply.run_id,
        number: page.number,
        pages: page.pages,
        cut: &page.cut,
    }))
}

/// How a run stands, as the end of a sentence
fn how(status: Status) -> &'static str {
    match status {
        Status::Running => "is running",
        Status::Waiting => "is waiting",
        Status::Completed => "is completed",
        Status::Failed => "failed",
        Status::Cancelled => "was cancelled",
        Status::Incompatible => "has changed under this run, which is kept as it is",
        Status::Quarantined => "cannot go on with this run, whose record is damaged",
    }
}

/// A stretch of time as one says it: `1 second`, `90 seconds`, `3 minutes`, `5 hours`, `2 days`
pub(crate) fn time(seconds: u64) -> String {
    let (count, unit) = match seconds {
        1 => return "1 second".to_owned(),
        0..120 => (seconds, "seconds"),
        120..7_200 => (seconds.div_ceil(60), "minutes"),
        7_200..172_800 => (seconds.div_ceil(3_600), "hours"),
        _ => (seconds.div_ceil(86_400), "days"),
    };
    format!("{count} {unit}")
}

/// A field that is a text
fn word<'a>(fields: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    fields.get(key).and_then(Value::as_str)
}

/// A value as text: a string as it is, all else as JSON
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A template filled in, without white space at its end
///
/// Writing to a string cannot fail, and no template has a filter that does.
fn render(template: &impl Template) -> String {
    template.render().unwrap_or_default().trim_end().to_owned()
}

#[cfg(test)]
mod tests;

//! What resources hold, each page small enough for a message.

use rmcp::ErrorData;
use rmcp::model::{MetaObject, ResourceContents};
use serde::Serialize;
use serde_json::{Value, json};

use super::address::{JSON, JSON_LINES, MERMAID, Resource, YAML};
use crate::engine::{HandOut, JournalPage, Recorded, StateReport, StatusReport};
use crate::machine::{Answer, AnsweredBy, Info, RunError, Status};
use crate::mcp::paging::{self, Page, beginning, fitting, weight};
use crate::mcp::reports::{self, Overview};
use crate::reply::{Reply, Step};

/// How much of a text stands on a page, in bytes within a message
const PAGE: usize = 24 * 1024;

/// How much the events on a page of a journal take, in bytes within a message
const EVENTS: usize = 40 * 1024;

/// How much an event takes at most, in bytes within a message
const EVENT: usize = 8 * 1024;

/// How deep into an event values are shortened one by one, rather than as a whole
const DEPTH: usize = 5;

/// A page of a workflow's YAML; the diagram comes with the first, if it is not large
pub(super) fn workflow(info: &Info, page: usize) -> Result<Vec<ResourceContents>, ErrorData> {
    let resource = Resource::Workflow(info.name.to_owned());
    let mut contents = text(&resource, info.source, YAML, page)?;
    if page == 1 && escaped(info.diagram) <= PAGE {
        contents.extend(diagram(info, 1)?);
    }
    Ok(contents)
}

/// A page of a workflow's diagram
pub(super) fn diagram(info: &Info, page: usize) -> Result<Vec<ResourceContents>, ErrorData> {
    let resource = Resource::Diagram(info.name.to_owned());
    text(&resource, info.diagram, MERMAID, page)
}

fn text(
    resource: &Resource,
    text: &str,
    mime_type: &str,
    number: usize,
) -> Result<Vec<ResourceContents>, ErrorData> {
    let pages = pages(text);
    let uri = resource.uri();
    let Some(page) = pages.get(number - 1) else {
        let message = format!("`{uri}` has no page {number}, its last is {}", pages.len());
        return Err(ErrorData::invalid_params(message, Some(json!({"uri": uri}))));
    };
    let mut meta = MetaObject::new();
    if pages.len() > 1 {
        meta.insert("page".to_owned(), number.into());
        meta.insert("pages".to_owned(), pages.len().into());
    }
    if number < pages.len() {
        meta.insert("next".to_owned(), format!("{uri}?page={}", number + 1).into());
    }
    let shown = if number == 1 { uri } else { format!("{uri}?page={number}") };
    let content = ResourceContents::text(*page, shown).with_mime_type(mime_type);
    Ok(vec![if meta.is_empty() { content } else { content.with_meta(meta) }])
}

/// A text in pieces, cut between lines where lines are not larger than a piece; one at least
fn pages(mut text: &str) -> Vec<&str> {
    let mut pages = Vec::new();
    loop {
        let end = fitting(text, PAGE);
        if end == text.len() {
            pages.push(text);
            return pages;
        }
        let end = text[..end].rfind('\n').map_or(end, |line_end| line_end + 1);
        let (page, rest) = text.split_at(end);
        pages.push(page);
        text = rest;
    }
}

fn escaped(text: &str) -> usize {
    weight(&text.into())
}

/// A run's standing, and its variables
#[derive(Serialize)]
struct Run {
    #[serde(flatten)]
    overview: Overview,
    /// Each too large one shortened to its beginning
    state: serde_json::Map<String, Value>,
}

/// How a run stands, with its state, long values shortened
pub(super) fn run(status: StatusReport, state: StateReport) -> Vec<ResourceContents> {
    let uri = Resource::Run(status.run_id.clone()).uri();
    let run = Run { overview: reports::brief(status), state: reports::state(state).state };
    vec![json(uri, &run)]
}

fn json(uri: String, value: &impl Serialize) -> ResourceContents {
    // Strings, numbers and JSON values: there is nothing in it that JSON cannot hold.
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    ResourceContents::text(text, uri).with_mime_type(JSON)
}

/// A page of a run's journal: a line for each event, and one that says where it goes on
pub(super) fn journal(run_id: &str, after: u64, page: JournalPage) -> Vec<ResourceContents> {
    let uri = Resource::Journal(run_id.to_owned()).uri();
    let (mut lines, mut room, mut last, mut more) = (String::new(), EVENTS, after, page.more);
    for recorded in page.events {
        let seq = recorded.seq;
        let line = line(&recorded);
        let needed = escaped(&line);
        if needed > room {
            more = true;
            break;
        }
        room -= needed;
        lines.extend([line.as_str(), "\n"]);
        last = seq;
    }
    if more {
        let next = json!({"next": format!("{uri}?after={last}")});
        lines.extend([next.to_string().as_str(), "\n"]);
    }
    let shown = if after == 0 { uri } else { format!("{uri}?after={after}") };
    vec![ResourceContents::text(lines, shown).with_mime_type(JSON_LINES)]
}

fn line(recorded: &Recorded) -> String {
    let mut line = serde_json::to_value(recorded).unwrap_or_default();
    shorten(&mut line, EVENT, DEPTH);
    line.to_string()
}

/// Shortens what is large in a value until it takes no more than so many bytes within a message
fn shorten(value: &mut Value, room: usize, depth: usize) {
    if needed(value) <= room {
        return;
    }
    if let Value::Object(fields) = value {
        let keys: usize = fields.keys().map(|key| escaped(key) * 2 + 8).sum();
        if depth > 0 && keys <= room / 2 {
            shorten_fields(fields, room - keys, depth - 1);
            return;
        }
    }
    let size = value.as_str().map_or_else(|| value.to_string().len(), str::len);
    let note = format!(" ({size} bytes in all)");
    // Half of it: no character takes more than twice the room once it is in a string in a string.
    *value = Value::String(beginning(value, (room / 2).saturating_sub(note.len())) + &note);
}

/// How many bytes a value takes that is a part of JSON text, within a message
fn needed(value: &Value) -> usize {
    escaped(&value.to_string())
}

/// What is small is left as it is, the rest shares the room
fn shorten_fields(fields: &mut serde_json::Map<String, Value>, room: usize, depth: usize) {
    let mut by_weight: Vec<&mut Value> = fields.values_mut().collect();
    by_weight.sort_by_cached_key(|value| needed(value));
    let (mut left, mut room) = (by_weight.len(), room);
    for value in by_weight {
        shorten(value, room / left, depth);
        room = room.saturating_sub(needed(value));
        left -= 1;
    }
}

/// A step as it was handed out, and what came of it
#[derive(Serialize)]
struct StepPage {
    run_id: String,
    workflow: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<Step>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_by: Option<AnsweredBy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answered_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<RunError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<Page>,
    /// The resource of the next page
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// A page of a step, in full
pub(super) fn step(
    run_id: &str,
    hand_out: HandOut,
    number: usize,
) -> Result<Vec<ResourceContents>, crate::engine::EngineError> {
    let HandOut { workflow, pending, outcome } = hand_out;
    let uri = Resource::Step(run_id.to_owned(), pending.step_id.clone()).uri();
    let (answered_by, answered_at) =
        outcome.as_ref().map(|outcome| (outcome.by, outcome.at.to_string())).unzip();
    let (result, error) = match outcome.map(|outcome| outcome.answer) {
        None => (None, None),
        Some(Answer::Result(result)) => (Some(result), None),
        Some(Answer::Failed(error)) => (None, Some(error)),
        Some(Answer::Error(message)) => (None, Some(told_by_agent(message, &pending.step_id))),
    };
    // What is large in it is dealt to pages as in any reply.
    let reply = Reply {
        run_id: run_id.to_owned(),
        workflow,
        status: Status::Waiting,
        step: Some(Step::new(run_id, &pending)),
        progress: None,
        result,
        error,
        retry_after_ms: None,
    };
    let paging::PagedReply { reply, page } = paging::page(reply, number)?;
    let Reply { run_id, workflow, step, result, error, .. } = reply;
    let more = page.as_ref().is_some_and(|page| page.number < page.pages);
    let next = more.then(|| format!("{uri}?page={}", number + 1));
    let shown = if number == 1 { uri } else { format!("{uri}?page={number}") };
    let told =
        StepPage { run_id, workflow, step, answered_by, answered_at, result, error, page, next };
    Ok(vec![json(shown, &told)])
}

fn told_by_agent(message: String, step_id: &str) -> RunError {
    RunError {
        code: "agent-error".to_owned(),
        message,
        step_id: Some(step_id.to_owned()),
        help: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_lines_and_joins_to_itself() {
        let text = "steps: \"a\"\n".repeat(10_000);
        let pages = pages(&text);
        assert!(pages.len() > 3);
        assert!(pages.iter().all(|page| page.ends_with('\n') && escaped(page) <= PAGE + 2));
        assert_eq!(pages.concat(), text);
        let line = "x".repeat(PAGE * 2);
        assert_eq!(super::pages(&line).concat(), line);
        assert_eq!(super::pages(""), [""]);
    }

    #[test]
    fn what_is_small_in_an_event_stays_as_it_is() {
        let mut value = json!({"event": "stepped", "step": "note", "writes": {
            "a": 1, "large": "x".repeat(50_000), "many": (0..50_000).collect::<Vec<_>>()}});
        shorten(&mut value, EVENT, DEPTH);
        assert_eq!((&value["event"], &value["writes"]["a"]), (&json!("stepped"), &json!(1)));
        let large = value["writes"]["large"].as_str().unwrap();
        assert!(large.starts_with("xxx") && large.ends_with("(50000 bytes in all)"), "{large}");
        let many = value["writes"]["many"].as_str().unwrap();
        assert!(many.starts_with("[0,1,2,") && many.ends_with("bytes in all)"), "{many}");
        assert!(needed(&value) <= EVENT);
    }

    #[test]
    fn an_event_of_many_or_deep_or_odd_values_is_short_too() {
        let many: serde_json::Map<_, _> =
            (0..20_000).map(|at| (format!("\u{1}\"key {at}"), json!("\\"))).collect();
        let mut deep = json!("\u{1}\"".repeat(20_000));
        for _ in 0..20 {
            deep = json!({"in": deep, "beside": "\"".repeat(3_000)});
        }
        for value in [Value::Object(many), deep, json!("\u{1}".repeat(30_000))] {
            let mut event = json!({"event": "answered", "answer": {"result": value}});
            shorten(&mut event, EVENT, DEPTH);
            assert!(needed(&event) <= EVENT, "{}", needed(&event));
            assert_eq!(event["event"], "answered");
        }
    }
}

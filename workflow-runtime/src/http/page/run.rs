//! A run: where it stands, what it waits for, what it has done.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::Page;
use super::answer::{Ask, Refused, expected, parts};
use super::children::Children;
use super::form::{Form, Sent};
use super::history::{Entry, History};
use super::picture::{Marks, marked};
use super::trouble::Trouble;
use super::view::{Badge, Frame, When, html, pretty, run_at, short, workflow_at};
use super::visitor::Visitor;
use crate::engine::{EngineError, StatusReport};
use crate::machine::{RunError, Status};
use crate::registry::Registry;
use crate::reply::{Progress, Step};

/// How many entries of the history stand on a page
const ENTRIES: usize = 50;

#[derive(Template)]
#[template(path = "page/run.html")]
struct Run<'a> {
    frame: Frame<'a>,
    report: &'a StatusReport,
    short: &'a str,
    address: String,
    workflow_address: Option<String>,
    parent: Option<(String, &'a str)>,
    badge: Badge,
    progress: Progress,
    created: When,
    updated: When,
    mark: u64,
    /// What has just been done, in words
    done: Option<&'static str>,
    refused: &'a Refused,
    /// The refused answer's step is not the one that waits now
    outdated: bool,
    waits: Vec<Waits<'a>>,
    error: Option<&'a RunError>,
    can_cancel: bool,
    can_retry: bool,
    picture: Option<String>,
    children: Children,
    history: Shown<'a>,
    inputs: Vec<(&'a str, String)>,
    item: Option<String>,
    state: Vec<(&'a str, String)>,
    result: Option<String>,
}

/// A step that is waited for
struct Waits<'a> {
    step: &'a Step,
    ask: Ask,
    /// Whether only the user can answer it
    users: bool,
    parts: Vec<(&'static str, String)>,
    expected: String,
    attempt: Option<String>,
    deadline: Option<When>,
    /// Whose step it is, if it is a child's
    child: Option<(String, &'a str)>,
    /// Why the last answer was not taken, and what it was
    refused: Option<&'a Refused>,
}

impl Waits<'_> {
    fn typed(&self) -> &str {
        self.refused.map_or("", |refused| &refused.typed)
    }

    /// Whether this option was chosen
    fn chose(&self, option: &str) -> bool {
        self.typed() == option
    }

    /// How the form says what its answer is
    fn choice(&self) -> &'static str {
        if self.step.fields.contains_key("options") { "choice" } else { "option" }
    }
}

/// The part of the history that is shown: the latest first
struct Shown<'a> {
    entries: Vec<&'a Entry>,
    /// The address of what was before
    older: Option<String>,
    /// Whether this is not the end of it
    latest: Option<String>,
    whole: bool,
}

/// The page of a run
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    Path(run_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Form::read(query.unwrap_or_default().as_bytes());
    let view = View { query, ..View::default() };
    respond(&page, &visitor, &run_id, StatusCode::OK, view).await
}

/// The page of a run, with an answer that was not taken
pub(super) async fn with_refusal(
    page: &Page,
    visitor: &Visitor,
    run_id: &str,
    status: StatusCode,
    refused: Refused,
) -> Response {
    respond(page, visitor, run_id, status, View { refused, ..View::default() }).await
}

/// All variables of a run, as JSON
pub(super) async fn state(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    Path(run_id): Path<String>,
) -> Response {
    match page.engine.state(&run_id, None).await {
        Ok(report) => {
            let text = serde_json::to_string_pretty(&report.state).unwrap_or_default();
            ([(CONTENT_TYPE, "application/json")], text).into_response()
        }
        Err(error) => Trouble::from(error).show(&visitor),
    }
}

/// Takes up a run again that has failed
pub(super) async fn retry(
    State(page): State<Arc<Page>>,
    Path(run_id): Path<String>,
    Sent { visitor, .. }: Sent,
) -> Response {
    match page.engine.retry(&run_id).await {
        Ok(_) => Redirect::to(&format!("{}?done=retried#now", run_at(&run_id))).into_response(),
        Err(error) => Trouble::from(error).show(&visitor),
    }
}

/// How a run is looked at
#[derive(Default)]
struct View {
    query: Form,
    refused: Refused,
}

async fn respond(
    page: &Page,
    visitor: &Visitor,
    run_id: &str,
    status: StatusCode,
    view: View,
) -> Response {
    match Read::of(page, run_id).await {
        Ok(read) => read.respond(page, visitor, status, &view),
        Err(error) => Trouble::from(error).show(visitor),
    }
}

/// All that is known of a run
struct Read {
    mark: u64,
    report: StatusReport,
    history: History,
    children: Children,
}

impl Read {
    async fn of(page: &Page, run_id: &str) -> Result<Self, EngineError> {
        let engine = &*page.engine;
        // First, so that what moves meanwhile shows as a move.
        let mark = engine.standing(run_id).await?.mark();
        let report = engine.status(run_id).await?;
        let history = match History::read(engine, run_id).await {
            Ok(history) => history,
            // Its record is damaged: the report says so.
            Err(_) if report.status == Status::Quarantined => History::default(),
            Err(error) => return Err(error),
        };
        let children = Children::of(engine, &report).await;
        Ok(Self { mark, report, history, children })
    }

    fn respond(self, page: &Page, visitor: &Visitor, status: StatusCode, view: &View) -> Response {
        let now = Timestamp::now();
        let Self { mark, report, history, children } = self;
        let waits: Vec<Waits<'_>> =
            report.pending.iter().map(|step| waits(step, &report, &view.refused, now)).collect();
        let outdated = !view.refused.step_id.is_empty()
            && !waits.iter().any(|waits| waits.step.step_id == view.refused.step_id);
        let title = format!("{} {}", report.workflow, short(&report.run_id));
        let run = Run {
            frame: Frame::new(&title, "runs", visitor),
            short: short(&report.run_id),
            address: run_at(&report.run_id),
            workflow_address: known(page.engine.registry(), &report.workflow),
            parent: report.parent.as_deref().map(|parent| (run_at(parent), short(parent))),
            badge: report.status.into(),
            progress: report.progress,
            created: When::told(&report.created_at, now),
            updated: When::told(&report.updated_at, now),
            mark,
            done: done(view.query.get("done")),
            refused: &view.refused,
            outdated,
            error: report.error.as_ref(),
            can_cancel: !report.status.ended(),
            can_retry: report.status == Status::Failed,
            picture: picture(page.engine.registry(), &report, &history),
            history: Shown::of(&history, &view.query, &report.run_id),
            inputs: values(&history.inputs),
            item: (!history.item.is_null()).then(|| pretty(&history.item)),
            state: values(&history.state),
            result: history.result.as_ref().map(pretty),
            waits,
            children,
            report: &report,
        };
        html(status, &run)
    }
}

fn values(values: &serde_json::Map<String, Value>) -> Vec<(&str, String)> {
    values.iter().map(|(name, value)| (name.as_str(), pretty(value))).collect()
}

fn waits<'a>(
    step: &'a Step,
    report: &StatusReport,
    refused: &'a Refused,
    now: Timestamp,
) -> Waits<'a> {
    let most = step.fields.get("max_attempts").map(|most| format!(" of {most}"));
    let attempt = format!("attempt {}{}", step.attempt, most.unwrap_or_default());
    let ask = Ask::of(step);
    Waits {
        users: step.is_the_users(),
        parts: parts(step),
        expected: expected(step, &ask),
        ask,
        attempt: (step.attempt > 1).then_some(attempt),
        deadline: step.deadline.as_deref().map(|at| When::told(at, now)),
        child: (step.run_id != report.run_id).then(|| (run_at(&step.run_id), short(&step.run_id))),
        refused: Some(refused).filter(|refused| refused.step_id == step.step_id),
        step,
    }
}

/// What has just been done, of what can have been
fn done(word: Option<&str>) -> Option<&'static str> {
    match word? {
        "answered" => Some("Your answer was taken."),
        "started" => Some("The run was started."),
        "cancelled" => Some("The run was cancelled."),
        "retried" => Some("The run was taken up again."),
        _ => None,
    }
}

/// The page of a workflow, if it is there; an inline task stands on that of its workflow
fn known(registry: &Registry, name: &str) -> Option<String> {
    let workflow = name.split_once('/').map_or(name, |(workflow, _)| workflow);
    registry.get(workflow).map(|_| workflow_at(workflow))
}

/// The diagram of the very workflow that a run goes by
fn picture(registry: &Registry, report: &StatusReport, history: &History) -> Option<String> {
    let workflow = report.workflow.split_once('/').map_or(&*report.workflow, |(name, _)| name);
    let version = &report.version;
    let exact = registry.exact(workflow, version, &history.fingerprint);
    // An inline task has a fingerprint of its own, which says nothing of its workflow's.
    let program = exact.or_else(|| {
        registry.versions(workflow).iter().rev().find(|each| each.info().version == version)
    })?;
    let picture = program.info().picture;
    let marks = Marks {
        program: &report.workflow,
        done: &history.done,
        at: report.position.as_deref().filter(|_| !report.status.ended()),
        failed: history.failed.as_deref(),
    };
    (!picture.is_empty()).then(|| marked(picture, marks))
}

impl<'a> Shown<'a> {
    /// A page of the history; `before` in the query is the place in the journal that it ends before
    fn of(history: &'a History, query: &Form, run_id: &str) -> Self {
        let before = query.filled("before").and_then(|seq| seq.parse::<u64>().ok());
        let earlier = history.entries.iter().rev();
        let mut entries: Vec<&Entry> =
            earlier.filter(|entry| before.is_none_or(|before| entry.seq < before)).collect();
        let more = entries.len() > ENTRIES;
        entries.truncate(ENTRIES);
        let address = run_at(run_id);
        let older = entries.last().filter(|_| more);
        Self {
            older: older.map(|last| format!("{address}?before={}#history", last.seq)),
            latest: before.map(|_| format!("{address}#history")),
            whole: history.whole,
            entries,
        }
    }
}

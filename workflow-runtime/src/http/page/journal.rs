//! A run's journal as it stands, by the page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::Page;
use super::form::Form;
use super::trouble::Trouble;
use super::view::{Frame, When, html, run_at, short, shortened};
use super::visitor::Visitor;
use crate::engine::Recorded;

/// How large a page is, in bytes as JSON
const PAGE: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "page/journal.html")]
struct Journal<'a> {
    frame: Frame<'a>,
    short: &'a str,
    address: String,
    events: Vec<Line>,
    /// Whether this is not the beginning
    later: bool,
    /// The last event of this page, if more follow
    next: Option<u64>,
}

/// An event
struct Line {
    seq: u64,
    kind: String,
    /// Of which step it tells
    step: Option<String>,
    at: Option<String>,
    text: String,
}

/// A page of the journal
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    Path(run_id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let query = Form::read(query.unwrap_or_default().as_bytes());
    let after = query.filled("after").and_then(|seq| seq.parse().ok()).unwrap_or(0);
    let read = match page.engine.journal(&run_id, after, PAGE).await {
        Ok(read) => read,
        Err(error) => return Trouble::from(error).show(&visitor),
    };
    let now = Timestamp::now();
    let title = format!("Journal of {}", short(&run_id));
    let journal = Journal {
        frame: Frame::new(&title, "runs", &visitor),
        short: short(&run_id),
        address: run_at(&run_id),
        later: after > 0,
        next: read.events.last().filter(|_| read.more).map(|last| last.seq),
        events: read.events.iter().map(|event| Line::of(event, now)).collect(),
    };
    html(StatusCode::OK, &journal)
}

impl Line {
    fn of(event: &Recorded, now: Timestamp) -> Self {
        let value = serde_json::to_value(event).unwrap_or_default();
        let first = |places: &[&str]| {
            let found = places.iter().find_map(|place| value.pointer(place)?.as_str());
            found.map(str::to_owned)
        };
        Self {
            seq: event.seq,
            kind: first(&["/event"]).unwrap_or_default(),
            step: first(&["/step", "/step_id", "/pending/step_id", "/error/step_id"]),
            at: first(&["/at", "/pending/since"]).map(|at| When::told(&at, now).shown),
            text: shortened(serde_json::to_string_pretty(&value).unwrap_or_default()),
        }
    }
}

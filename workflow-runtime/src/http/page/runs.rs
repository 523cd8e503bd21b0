//! The list of runs, with filters, by the page.

use std::sync::Arc;

use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::Page;
use super::form::Form;
use super::live;
use super::trouble::Trouble;
use super::view::{Badge, Frame, When, html, in_query, run_at, short};
use super::visitor::Visitor;
use crate::engine::{RunEntry, RunFilter};
use crate::machine::Status;

#[derive(Template)]
#[template(path = "page/runs.html")]
struct Runs<'a> {
    frame: Frame<'a>,
    /// What is chosen of each filter
    statuses: Vec<Choice>,
    workflows: Vec<Choice>,
    filtered: bool,
    rows: Vec<Row>,
    /// The address of the runs behind these
    older: Option<String>,
    /// The address of the newest
    newest: Option<String>,
    live: String,
    mark: u64,
}

/// One of the values of a filter
struct Choice {
    value: String,
    chosen: bool,
}

/// A run in the list
struct Row {
    address: String,
    id: String,
    workflow: String,
    badge: Badge,
    position: Option<String>,
    created: When,
    updated: When,
    error: Option<String>,
}

/// What is asked for
struct Asked {
    filter: RunFilter,
    /// The query of the filters, without the page
    query: String,
}

/// The list
pub(super) async fn show(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = Asked::read(&query.unwrap_or_default());
    let listed = match page.engine.list(asked.filter.clone()).await {
        Ok(listed) => listed,
        Err(error) => return Trouble::from(error).show(&visitor),
    };
    let now = Timestamp::now();
    let Asked { filter, query } = asked;
    let with = |cursor: Option<&str>| {
        let cursor = cursor.map(|cursor| format!("cursor={}", in_query(cursor)));
        let parts = [Some(query.clone()).filter(|query| !query.is_empty()), cursor];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    };
    let older = listed.cursor.as_deref().map(|cursor| format!("/runs{}", with(Some(cursor))));
    let shown = Runs {
        frame: Frame::new("Runs", "runs", &visitor),
        statuses: Status::ALL
            .map(|status| choice(status.word(), filter.status.map(Status::word)))
            .into(),
        workflows: workflows(&page, filter.workflow.as_deref()),
        filtered: filter.status.is_some() || filter.workflow.is_some(),
        older,
        newest: filter.cursor.as_ref().map(|_| format!("/runs{}", with(None))),
        live: format!("/runs/live{}", with(filter.cursor.as_deref())),
        mark: live::mark_of(&listed),
        rows: listed.runs.into_iter().map(|run| Row::of(run, now)).collect(),
    };
    html(StatusCode::OK, &shown)
}

impl Asked {
    fn read(query: &str) -> Self {
        let form = Form::read(query.as_bytes());
        let status = form
            .filled("status")
            .and_then(|word| Status::ALL.into_iter().find(|status| status.word() == word));
        let workflow = form.filled("workflow").map(str::to_owned);
        let cursor = form.filled("cursor").map(str::to_owned);
        let parts = [
            status.map(|status| format!("status={}", status.word())),
            workflow.as_deref().map(|name| format!("workflow={}", in_query(name))),
        ];
        let query = parts.into_iter().flatten().collect::<Vec<_>>().join("&");
        Self { filter: RunFilter { status, workflow, cursor, limit: None }, query }
    }
}

/// The runs that a query asks for
pub(super) fn filter(query: &str) -> RunFilter {
    Asked::read(query).filter
}

fn choice(value: &str, chosen: Option<&str>) -> Choice {
    Choice { value: value.to_owned(), chosen: chosen == Some(value) }
}

/// The workflows that can be chosen: those that there are, and the one that is chosen
fn workflows(page: &Page, chosen: Option<&str>) -> Vec<Choice> {
    let names = page.engine.registry().workflows().map(|program| program.info().name);
    let mut choices: Vec<Choice> = names.map(|name| choice(name, chosen)).collect();
    if let Some(name) = chosen.filter(|_| !choices.iter().any(|choice| choice.chosen)) {
        choices.push(choice(name, chosen));
    }
    choices
}

impl Row {
    fn of(run: RunEntry, now: Timestamp) -> Self {
        Self {
            address: run_at(&run.run_id),
            id: short(&run.run_id).to_owned(),
            workflow: run.workflow,
            badge: run.status.into(),
            position: run.position,
            created: When::told(&run.created_at, now),
            updated: When::told(&run.updated_at, now),
            error: run.error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_a_filter_and_the_way_to_further_pages() {
        let asked = Asked::read("status=waiting&workflow=a%3Ab&cursor=xyz&other=1");
        assert_eq!(asked.query, "status=waiting&workflow=a:b");
        assert_eq!(asked.filter.status, Some(Status::Waiting));
        assert_eq!(asked.filter.cursor.as_deref(), Some("xyz"));
        let nothing = Asked::read("status=&workflow=+&cursor=");
        assert_eq!((nothing.filter, nothing.query), (RunFilter::default(), String::new()));
        assert_eq!(Asked::read("status=none").filter.status, None);
    }
}

//! Cancelling a run, once it has been confirmed.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::Page;
use super::form::Sent;
use super::trouble::Trouble;
use super::view::{Badge, Frame, html, run_at, short};
use super::visitor::Visitor;
use crate::engine::StatusReport;

#[derive(Template)]
#[template(path = "page/cancel.html")]
struct Cancel<'a> {
    frame: Frame<'a>,
    report: &'a StatusReport,
    short: &'a str,
    badge: Badge,
    address: String,
}

/// Asks whether it is meant
pub(super) async fn ask(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    Path(run_id): Path<String>,
) -> Response {
    let report = match page.engine.status(&run_id).await {
        Ok(report) => report,
        Err(error) => return Trouble::from(error).show(&visitor),
    };
    let cancel = Cancel {
        frame: Frame::new("Cancel a run", "runs", &visitor),
        short: short(&report.run_id),
        badge: report.status.into(),
        address: run_at(&report.run_id),
        report: &report,
    };
    html(StatusCode::OK, &cancel)
}

/// Cancels it
pub(super) async fn take(
    State(page): State<Arc<Page>>,
    Path(run_id): Path<String>,
    Sent { form, visitor }: Sent,
) -> Response {
    let reason = form.filled("reason").map(str::to_owned);
    match page.engine.cancel(&run_id, reason).await {
        Ok(_) => Redirect::to(&format!("{}?done=cancelled", run_at(&run_id))).into_response(),
        Err(error) => Trouble::from(error).show(&visitor),
    }
}

//! The page for people: runs, what they wait for, and workflows, in a browser.
//!
//! It stands beside `/mcp` and knows as little of the engine: all it does goes through the trait
//! [`Engine`], and what a person answers counts as the user's. It is plain HTML, which works without
//! the script; with it, what is shown is taken anew whenever a run has moved (`live`).
//!
//! Whoever wants to see it logs in with the token (`visitor`); whatever is sent to it is a form with a
//! token of its own (`form`). Nothing of a run gets into HTML but through a template, which escapes it.

mod answer;
mod assets;
mod cancel;
mod children;
mod fields;
mod form;
mod health;
mod history;
mod journal;
mod live;
mod login;
mod picture;
mod reading;
mod run;
mod runs;
mod seals;
mod trouble;
mod view;
mod visitor;
mod workflows;

use std::sync::Arc;

use axum::Router;
use axum::http::header::{self, HeaderName, HeaderValue};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use tokio::sync::watch;

use super::body;
use super::door::Guard;
use crate::engine::Engine;
use seals::Seals;

/// What a browser may do with what we send: take styles and scripts from us, talk to us, and nothing
/// else
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      connect-src 'self'; form-action 'self'; frame-ancestors 'none'; \
                      base-uri 'none'";

/// What all of the page needs
pub(super) struct Page {
    engine: Arc<dyn Engine>,
    guard: Arc<Guard>,
    seals: Seals,
    /// Turns true when the server is about to end
    closing: watch::Receiver<bool>,
}

impl Page {
    /// The page of an engine's runs, on a server that listens at a port
    pub(super) fn new(
        engine: Arc<dyn Engine>,
        guard: Arc<Guard>,
        port: u16,
        closing: watch::Receiver<bool>,
    ) -> Self {
        let seals = Seals::new(&guard.door, engine.seal_key(), port);
        Self { engine, guard, seals, closing }
    }
}

/// All of the page; a form may be so many bytes large
pub(super) fn routes(page: Page, most: usize) -> Router {
    let page = Arc::new(page);
    let inside = Router::new()
        .route("/", get(|| async { Redirect::to("/runs") }))
        .route("/runs", get(runs::show))
        .route("/runs/live", get(live::runs))
        .route("/runs/{run}", get(run::show))
        .route("/runs/{run}/live", get(live::run))
        .route("/runs/{run}/journal", get(journal::show))
        .route("/runs/{run}/state.json", get(run::state))
        .route("/runs/{run}/answer", post(answer::take))
        .route("/runs/{run}/cancel", get(cancel::ask).post(cancel::take))
        .route("/runs/{run}/retry", post(run::retry))
        .route("/workflows", get(workflows::list))
        .route("/workflows/{name}", get(workflows::show))
        .route("/workflows/{name}/start", get(workflows::ask).post(workflows::start))
        .route("/health", get(health::show))
        .route("/logout", post(login::leave))
        .layer(from_fn_with_state(most, body::take_in))
        .layer(from_fn_with_state(page.clone(), visitor::admit));
    let outside = Router::new()
        .route("/login", get(login::ask).post(login::take))
        .route("/assets/{name}", get(assets::serve))
        .layer(from_fn_with_state(login::LONGEST, body::take_in));
    inside.merge(outside).layer(map_response(guarded)).with_state(page)
}

/// A response that says what a browser may do with it; nothing is kept that does not say so itself
async fn guarded(mut response: Response) -> Response {
    const HEADERS: [(HeaderName, &str); 7] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // Not `no-referrer`: a form would then come from `null`.
        (header::REFERRER_POLICY, "same-origin"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

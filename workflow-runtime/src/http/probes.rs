//! What an operator's systems ask: whether it lives, whether it can do what it is asked for, and its
//! figures.
//!
//! `/healthz` and `/readyz` say nothing but the state, so they are open to everybody, by whatever name
//! the server is called: whoever looks at a container calls it by its address. `/metrics` is behind
//! what all else is behind, unless it is served at an address of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::HttpError;
use super::gate::{self, Gate};
use super::listen::{PAUSE, bind};
use crate::telemetry::{Exposition, FORMAT};

/// Where the figures are
pub(super) const METRICS: &str = "/metrics";

/// How many connections there may be at the address of its own
const CONNECTIONS: usize = 16;

/// How long a connection there may last
const LONGEST: Duration = Duration::from_mins(1);

/// Whether it lives, and whether it can do what it is asked for
pub(super) fn probes(exposition: Exposition) -> Router {
    Router::new()
        .route("/healthz", get(async || state(true, "alive")))
        .route("/readyz", get(ready))
        .with_state(exposition)
}

/// The figures
pub(super) fn metrics(exposition: Exposition) -> Router {
    Router::new().route(METRICS, get(figures)).with_state(exposition)
}

async fn ready(State(exposition): State<Exposition>) -> Response {
    match exposition.is_ready().await {
        true => state(true, "ready"),
        false => state(false, "not ready"),
    }
}

fn state(well: bool, word: &'static str) -> Response {
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(CACHE_CONTROL, "no-store")], format!("{word}\n")).into_response()
}

async fn figures(State(exposition): State<Exposition>) -> Response {
    match exposition.text().await {
        Ok(text) => ([(CONTENT_TYPE, FORMAT), (CACHE_CONTROL, "no-store")], text).into_response(),
        Err(error) => {
            tracing::warn!(code = error.code, %error, "figures cannot be told");
            state(false, "not ready")
        }
    }
}

/// Figures and probes at an address of their own, until it is dropped
#[derive(Debug)]
pub struct Metrics {
    /// Where
    pub addr: SocketAddr,
    serving: JoinHandle<()>,
}

impl Metrics {
    /// Begins to serve them, to whoever can reach the address; port 0 takes a free one
    ///
    /// On an address of this machine alone, pages of the web cannot read them either. Fails where it
    /// cannot listen.
    pub async fn serve(addr: SocketAddr, exposition: Exposition) -> Result<Self, HttpError> {
        let (listener, addr) = bind(addr, "--metrics-addr").await?;
        let mut router = metrics(exposition.clone());
        if addr.ip().is_loopback() {
            let gate = Arc::new(Gate::new(addr, &[], &[]));
            router = router.layer(from_fn_with_state(gate, gate::pass));
        }
        let router = router.merge(probes(exposition));
        tracing::info!(url = %format_args!("http://{addr}{METRICS}"), "metrics are served");
        Ok(Self { addr, serving: tokio::spawn(accept(listener, router)) })
    }
}

impl Drop for Metrics {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn accept(listener: TcpListener, router: Router) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Closed only by us, which we never do.
        let Ok(place) = room.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let router = router.clone();
                tokio::spawn(async move {
                    let _ = timeout(LONGEST, connect(stream, router)).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                sleep(PAUSE).await;
            }
        }
    }
}

async fn connect(stream: TcpStream, router: Router) {
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(LONGEST)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
    if let Err(error) = served.await {
        tracing::debug!(%error, "a connection broke off");
    }
}

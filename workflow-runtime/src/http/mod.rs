//! Serves many clients over HTTP.
//!
//! A request passes, in this order: the check of `Host` and `Origin` (`gate`), that of its token and
//! its connection's place (`door`), and the taking in of its body (`body`). Only then it reaches the
//! MCP server, at `/mcp`. All else that is served over HTTP is a route beside it, in `router`.

mod body;
mod connections;
mod door;
mod gate;
mod listen;
mod page;
mod probes;
mod refusal;
mod sessions;
mod token;

pub use door::Door;
pub use gate::{Host, Origin};
pub use listen::serve;
pub use probes::Metrics;
pub use token::Token;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::http::header::{HeaderName, HeaderValue, WWW_AUTHENTICATE};
use axum::http::{Method, StatusCode};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{delete_service, post_service};
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::sync::watch;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::mcp::Server;
use connections::Connections;
use door::Guard;
use gate::Gate;
use sessions::Sessions;

/// The variable of the environment that may hold the token
pub(crate) const TOKEN_VARIABLE: &str = "WORKFLOW_TOKEN";

/// Where MCP is served
pub(crate) const MCP: &str = "/mcp";

/// How, where and to whom HTTP is served
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one
    pub addr: SocketAddr,
    /// Who is let in
    pub door: Door,
    /// By which names the server may be called, beside those of this machine for itself and `addr`
    pub hosts: Vec<Host>,
    /// Which web pages may call it, beside those that come from this machine over `http`
    pub origins: Vec<Origin>,
    /// How many connections there may be of clients that have been let in
    pub connections: usize,
    /// How large the body of a request may be, in bytes
    pub body: usize,
    /// What operators' systems are told at `/metrics`, behind the same door; none where that is told
    /// elsewhere
    pub metrics: bool,
    /// Whether the page for people is served, beside MCP
    pub page: bool,
}

/// Why HTTP is not served
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HttpError {
    message: String,
    help: String,
}

impl HttpError {
    fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }

    fn within(mut self, path: &std::path::Path) -> Self {
        self.message = format!("`{}`: {}", path.display(), self.message);
        self
    }

    /// What to do
    pub fn help(&self) -> &str {
        &self.help
    }
}

type Mcp = StreamableHttpService<Server, Sessions>;

/// What serves MCP
///
/// There are two, so that at the end the streams that only listen can be closed, while calls
/// under way get their replies.
struct Services {
    calls: Mcp,
    listeners: Mcp,
    /// Turns true when streams on which somebody only listens are to end
    closing: watch::Sender<bool>,
}

impl Services {
    fn new(server: &Server, body: usize) -> Self {
        let sessions = Arc::new(Sessions::default());
        let service = || {
            let server = server.clone();
            // Each has its own token of cancellation. Hosts are checked for all routes, by the gate.
            let mut config = StreamableHttpServerConfig::default().disable_allowed_hosts();
            config.max_request_body_bytes = body;
            StreamableHttpService::new(move || Ok(server.clone()), sessions.clone(), config)
        };
        Self { calls: service(), listeners: service(), closing: watch::Sender::new(false) }
    }

    /// Ends the streams on which clients only listen
    fn end_listeners(&self) {
        self.listeners.config.cancellation_token.cancel();
        self.closing.send_replace(true);
    }

    /// Ends all sessions, and the calls that are still under way
    fn end_all(&self) {
        self.end_listeners();
        self.calls.config.cancellation_token.cancel();
    }
}

/// All that is served, behind what has to be passed first
fn router(
    server: &Server,
    services: &Services,
    options: &Options,
    addr: SocketAddr,
    connections: Arc<Connections>,
) -> Router {
    let gate = Arc::new(Gate::new(addr, &options.hosts, &options.origins));
    let guard = Arc::new(Guard { door: options.door.clone(), connections });
    let ending = delete_service(services.calls.clone()).layer(map_response(ended));
    let mcp = post_service(services.calls.clone())
        .get_service(services.listeners.clone())
        .merge(ending)
        .layer(from_fn_with_state(options.body, body::take_in))
        .layer(from_fn_with_state(guard.clone(), door::pass));
    // Pages of others may call these, and nothing else.
    let mut routes = Router::new().route(MCP, mcp);
    if options.metrics {
        let metrics = probes::metrics(server.exposition());
        routes = routes.merge(metrics.layer(from_fn_with_state(guard.clone(), door::pass)));
    }
    routes = routes.layer(cors(gate.clone()));
    if options.page {
        let closing = services.closing.subscribe();
        let page = page::Page::new(server.engine().clone(), guard, addr.port(), closing);
        routes = routes.merge(page::routes(page, options.body));
    }
    routes.layer(from_fn_with_state(gate, gate::pass)).merge(probes::probes(server.exposition()))
}

/// A session that has ended is told so with a status that all clients take for its end
async fn ended(mut response: Response) -> Response {
    if response.status() == StatusCode::ACCEPTED {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    response
}

/// Tells browsers that the pages that the gate lets in may read the replies
fn cors(gate: Arc<Gate>) -> CorsLayer {
    let lets_in = move |origin: &HeaderValue, _: &_| gate.lets_in(origin);
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(lets_in))
        .allow_methods([Method::GET, Method::POST, Method::DELETE])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([HeaderName::from_static("mcp-session-id"), WWW_AUTHENTICATE])
}

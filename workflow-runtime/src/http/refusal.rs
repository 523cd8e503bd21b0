//! What is said to a request that is not let through.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use serde_json::json;

/// How long the rest of a refused body is taken in and thrown away
///
/// A connection that is closed with bytes unread is reset, and a client that is still sending
/// then never sees why it was refused.
const LINGER: Duration = Duration::from_secs(5);

/// Why a request is not let through; the reply has the code, the message and what to do
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) help: &'static str,
    header: Option<(HeaderName, &'static str)>,
}

impl Refusal {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        help: &'static str,
    ) -> Self {
        Self { status, code, message: message.into(), help, header: None }
    }

    /// With a header that goes with the status
    pub(super) fn with(mut self, name: HeaderName, value: &'static str) -> Self {
        self.header = Some((name, value));
        self
    }

    /// The reply to a request, whose body nobody will read
    pub(super) fn reply(self, request: Request<Body>) -> Response {
        self.reply_leaving(request.into_body())
    }

    /// The reply to a request, of whose body this is left
    pub(super) fn reply_leaving(self, body: Body) -> Response {
        tracing::debug!(status = self.status.as_u16(), code = self.code, "request refused");
        leaving(self.into_response(), body)
    }
}

/// A reply to a request, of whose body this is left, which nobody will read
pub(super) fn leaving(mut response: Response, body: Body) -> Response {
    if !axum::body::HttpBody::is_end_stream(&body) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        tokio::spawn(tokio::time::timeout(LINGER, drain(body)));
    }
    response
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let Self { status, code, message, help, header } = self;
        let told = json!({"code": code, "message": message, "help": help}).to_string();
        let mut response = Response::new(Body::from(told));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.extend(header.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}

async fn drain(mut body: Body) {
    while let Some(Ok(_)) = body.frame().await {}
}

//! Takes in the bodies of requests: whole, in time, not too large, not too deep.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::State;
use axum::http::{Method, Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use http_body_util::BodyExt;
use tokio::time::{Instant, timeout_at};

use super::refusal::Refusal;
use crate::mcp::message;

/// How long a body may take to arrive
const TIME: Duration = Duration::from_secs(30);

/// Takes in a POST's body of so many bytes at most before the next layer sees the request
pub(super) async fn take_in(
    State(most): State<usize>,
    request: Request<Body>,
    next: Next,
) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let (parts, mut body) = request.into_parts();
    match whole(&mut body, most).await {
        Ok(bytes) => next.run(Request::from_parts(parts, Body::from(bytes))).await,
        Err(refusal) => refusal.reply_leaving(body),
    }
}

async fn whole(body: &mut Body, most: usize) -> Result<Bytes, Refusal> {
    // What is announced need not be waited for.
    if body.size_hint().lower() > most as u64 {
        return Err(too_large(most));
    }
    let deadline = Instant::now() + TIME;
    let mut bytes = Vec::new();
    loop {
        let frame = match timeout_at(deadline, body.frame()).await {
            Err(_) => return Err(too_slow()),
            Ok(Some(Err(error))) => return Err(broken(&error)),
            Ok(Some(Ok(frame))) => frame,
            Ok(None) => break,
        };
        let Ok(data) = frame.into_data() else { continue };
        if data.len() > most - bytes.len() {
            return Err(too_large(most));
        }
        bytes.extend_from_slice(&data);
    }
    if message::is_too_deep(&bytes) {
        return Err(too_deep());
    }
    Ok(bytes.into())
}

fn too_large(most: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "message-too-large",
        format!("a message has {} MiB at most", most / (1024 * 1024)),
        "send less: a path or a summary in place of a large value",
    )
}

fn too_slow() -> Refusal {
    Refusal::new(
        StatusCode::REQUEST_TIMEOUT,
        "message-too-slow",
        format!("the body did not arrive within {} seconds", TIME.as_secs()),
        "send the request again",
    )
}

fn too_deep() -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "message-too-deep",
        format!("a message nests {} levels deep at most", message::DEEPEST),
        "send flatter JSON",
    )
}

fn broken(error: &axum::Error) -> Refusal {
    Refusal::new(
        StatusCode::BAD_REQUEST,
        "message-broken",
        format!("the body cannot be read: {error}"),
        "send the request again",
    )
}

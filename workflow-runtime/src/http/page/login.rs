//! Logging in, with the token, and out.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::header::{HOST, ORIGIN, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use super::Page;
use super::form::{Form, Sent};
use super::seals::GOOD_FOR;
use super::view::{Frame, html};
use super::visitor::comes_from_us;
use crate::http::{Door, Origin};

/// How large the form can be: a token, and where to go then
pub(super) const LONGEST: usize = 16 * 1024;

#[derive(Template)]
#[template(path = "page/login.html")]
struct Login<'a> {
    frame: Frame<'a>,
    next: &'a str,
    /// Why one has to log in once more
    wrong: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "page/step_over.html")]
struct StepOver<'a> {
    frame: Frame<'a>,
    next: &'a str,
}

/// The form
pub(super) async fn ask(State(page): State<Arc<Page>>, RawQuery(query): RawQuery) -> Response {
    let query = Form::read(query.unwrap_or_default().as_bytes());
    let next = inside(query.get("next"));
    match page.guard.door {
        Door::Locked(_) => form(StatusCode::OK, next, None),
        Door::Open => Redirect::to(next).into_response(),
    }
}

/// Takes the token, and gives a session for it
pub(super) async fn take(
    State(page): State<Arc<Page>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let sent = Form::read(&body);
    let next = inside(sent.get("next"));
    let Door::Locked(token) = &page.guard.door else { return Redirect::to(next).into_response() };
    if !comes_from_us(&headers) {
        return form(StatusCode::FORBIDDEN, next, Some("The form came from another page."));
    }
    if !token.is(sent.get("token").unwrap_or_default().trim().as_bytes()) {
        return form(StatusCode::UNAUTHORIZED, next, Some("This is not the server's token."));
    }
    let age = GOOD_FOR.as_secs();
    let session = page.seals.begin();
    with_cookie(Redirect::to(next), &page, &headers, &session, age)
}

/// Logs out: the browser forgets the session
pub(super) async fn leave(State(page): State<Arc<Page>>, headers: HeaderMap, _: Sent) -> Response {
    with_cookie(Redirect::to("/login"), &page, &headers, "", 0)
}

/// What is said to a form that comes without a session
pub(super) fn again() -> Response {
    let why = "You are not logged in any more, so nothing was done. Log in, and send it again.";
    form(StatusCode::UNAUTHORIZED, "/runs", Some(why))
}

/// A page that goes on to another at once, so that the browser sees the step as one of ours
pub(super) fn step_over(next: &str) -> Response {
    let frame = Frame::bare("One moment");
    html(StatusCode::OK, &StepOver { frame, next: inside(Some(next)) })
}

fn form(status: StatusCode, next: &str, wrong: Option<&'static str>) -> Response {
    html(status, &Login { frame: Frame::bare("Log in"), next, wrong })
}

fn with_cookie(
    response: Redirect,
    page: &Page,
    headers: &HeaderMap,
    value: &str,
    age: u64,
) -> Response {
    let origin = headers.get(ORIGIN).and_then(|origin| origin.to_str().ok());
    let origin = origin.and_then(|origin| origin.parse::<Origin>().ok());
    let secure = if origin.is_some_and(|origin| origin.is_secure()) { "; Secure" } else { "" };
    let cookie = format!(
        "{}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}",
        page.seals.cookie()
    );
    tracing::debug!(host = ?headers.get(HOST), logged_in = age > 0, "session");
    let mut response = response.into_response();
    // A seal is letters, digits, `-`, `_` and `.`.
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(SET_COOKIE, cookie);
    }
    response
}

/// Where to go then: a place on this page, whatever was asked for
fn inside(next: Option<&str>) -> &str {
    let ours = |next: &&str| {
        let visible = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        next.starts_with('/') && !next.starts_with("//") && visible
    };
    next.filter(ours).unwrap_or("/runs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_to_the_page_and_nowhere_else() {
        assert_eq!(inside(Some("/runs/1?a=b")), "/runs/1?a=b");
        for next in
            ["https://evil.example", "//evil.example", "/\\evil.example", "runs", "", "/a\n"]
        {
            assert_eq!(inside(Some(next)), "/runs", "{next}");
        }
        assert_eq!(inside(None), "/runs");
    }
}

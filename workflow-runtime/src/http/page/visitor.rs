//! Who looks at the page: those who have logged in, or everybody where no token is wanted.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{FromRequestParts, State};
use axum::http::header::{ACCEPT, COOKIE, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::seals::{Seals, Session};
use super::trouble::Trouble;
use super::{Page, login};
use crate::http::refusal;
use crate::http::{Door, Host, Origin};

/// Somebody who was let in
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    pub(super) session: Session,
    /// What goes into each form that they are shown
    pub(super) proof: String,
    /// Whether they have logged in, and can log out
    pub(super) logged_in: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    /// The visitor that [`admit`] has let in; without it, one whom no form believes
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_else(Self::nobody))
    }
}

impl Visitor {
    fn nobody() -> Self {
        let session = Seals::open_session();
        Self { session, proof: String::new(), logged_in: false }
    }
}

impl Page {
    fn visitor(&self, headers: &HeaderMap) -> Option<Visitor> {
        let logged_in = matches!(self.guard.door, Door::Locked(_));
        let session = if logged_in {
            cookies(headers, self.seals.cookie()).find_map(|text| self.seals.session(text))?
        } else {
            Seals::open_session()
        };
        let proof = self.seals.form(&session);
        Some(Visitor { session, proof, logged_in })
    }
}

/// Lets in who has logged in, and has the others do so
pub(super) async fn admit(
    State(page): State<Arc<Page>>,
    mut request: Request<Body>,
    next: Next,
) -> Response {
    let Some(visitor) = page.visitor(request.headers()) else {
        let response = to_log_in(&request);
        return refusal::leaving(response, request.into_body());
    };
    if let Err(refusal) = page.guard.let_in(&request) {
        return refusal.reply(request);
    }
    if !reads(&request) && !comes_from_us(request.headers()) {
        let response = Trouble::foreign_form().show(&visitor);
        return refusal::leaving(response, request.into_body());
    }
    request.extensions_mut().insert(visitor);
    next.run(request).await
}

fn reads(request: &Request<Body>) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Whether a request comes from a page of ours, as far as the browser tells
///
/// Cookies know no ports: what another server on this machine shows in the browser sends ours along.
/// A browser that tells nothing is old; there the proof in the form has to do.
pub(super) fn comes_from_us(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin" || site == "none";
    }
    let text = |value: &axum::http::HeaderValue| value.to_str().ok().map(str::to_owned);
    let host = headers.get(HOST).and_then(text).and_then(|host| host.parse::<Host>().ok());
    let is_ours = |origin: &axum::http::HeaderValue| {
        let origin = text(origin).and_then(|origin| origin.parse::<Origin>().ok());
        origin.zip(host.as_ref()).is_some_and(|(origin, host)| origin.is_of(host))
    };
    headers.get_all(ORIGIN).iter().all(is_ours)
}

/// What is said to somebody who has not logged in
fn to_log_in(request: &Request<Body>) -> Response {
    let headers = request.headers();
    let accepts = headers.get(ACCEPT).map_or(&b""[..], |accept| accept.as_bytes());
    if accepts.starts_with(b"text/event-stream") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    if !reads(request) {
        return login::again();
    }
    let here = request.uri().path_and_query().map_or("/runs", |path| path.as_str());
    // A link on another site is followed without our cookie, which may be there all the same.
    if headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site") {
        return login::step_over(here);
    }
    let here = utf8_percent_encode(here, NON_ALPHANUMERIC);
    Redirect::to(&format!("/login?next={here}")).into_response()
}

/// The values of a cookie
fn cookies<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    let all = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(named, _)| *named == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let headers = lines.iter().map(|(name, value)| {
            (axum::http::HeaderName::from_static(name), value.parse().unwrap())
        });
        headers.collect()
    }

    #[test]
    fn a_form_comes_from_the_very_server_that_it_is_sent_to() {
        let from = |lines: &[(&'static str, &str)]| {
            let host = ("host", "localhost:8484");
            comes_from_us(&headers(&[&[host], lines].concat()))
        };
        assert!(from(&[]));
        assert!(from(&[("origin", "http://localhost:8484")]));
        assert!(!from(&[("origin", "http://localhost:3000")]), "another server on this machine");
        assert!(!from(&[("origin", "http://127.0.0.1:8484")]));
        assert!(!from(&[("origin", "null")]));
        assert!(from(&[("sec-fetch-site", "same-origin"), ("origin", "https://proxy.example")]));
        for site in ["same-site", "cross-site"] {
            assert!(!from(&[("sec-fetch-site", site), ("origin", "http://localhost:8484")]));
        }
    }

    #[test]
    fn a_cookie_is_found_among_others() {
        let headers = headers(&[("cookie", "a=1; workflow-session-8484=x=y; workflow-session=z")]);
        let found = |name| cookies(&headers, name).collect::<Vec<_>>();
        assert_eq!(found("workflow-session-8484"), ["x=y"]);
        assert_eq!(found("session"), [""; 0]);
    }
}

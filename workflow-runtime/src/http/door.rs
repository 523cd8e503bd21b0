//! Lets in who shows the token.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::connections::{Connection, Connections};
use super::refusal::Refusal;
use super::token::Token;

/// Who is let in
#[derive(Clone, Debug)]
pub enum Door {
    /// Who shows the token
    Locked(Token),
    /// Everybody who can connect
    Open,
}

/// What stands at the door
#[derive(Debug)]
pub(super) struct Guard {
    pub(super) door: Door,
    pub(super) connections: Arc<Connections>,
}

impl Guard {
    fn check(&self, request: &Request<Body>) -> Result<(), Refusal> {
        self.check_token(request)?;
        self.let_in(request)
    }

    fn check_token(&self, request: &Request<Body>) -> Result<(), Refusal> {
        if let Door::Locked(token) = &self.door {
            match given(request.headers()) {
                None => return Err(unknown("no bearer token was given", "Bearer")),
                Some(given) if !token.is(given) => {
                    let challenge = r#"Bearer error="invalid_token""#;
                    return Err(unknown("the bearer token is not the server's", challenge));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// Gives the connection of a request its place
    pub(super) fn let_in(&self, request: &Request<Body>) -> Result<(), Refusal> {
        match request.extensions().get::<Arc<Connection>>() {
            Some(connection) if !self.connections.let_in(connection) => Err(full()),
            _ => Ok(()),
        }
    }
}

/// Lets requests through to the next layer, or refuses them
pub(super) async fn pass(
    State(guard): State<Arc<Guard>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    match guard.check(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.reply(request),
    }
}

/// The token of a request, if it has just one
fn given(headers: &HeaderMap) -> Option<&[u8]> {
    let mut all = headers.get_all(AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else { return None };
    let (scheme, token) = only.as_bytes().split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then(|| token.trim_ascii())
}

fn unknown(message: &str, challenge: &'static str) -> Refusal {
    Refusal::new(
        StatusCode::UNAUTHORIZED,
        "unauthorized",
        message,
        "send `Authorization: Bearer TOKEN`; the log of the server says where its token is",
    )
    .with(WWW_AUTHENTICATE, challenge)
}

fn full() -> Refusal {
    Refusal::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "too-many-connections",
        "as many connections are open as may be",
        "try again in a while; how many may be is set with MAX_CONNECTIONS",
    )
    .with(RETRY_AFTER, "5")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(guard: &Guard, authorization: &[&str]) -> Result<(), Refusal> {
        let request = authorization
            .iter()
            .fold(Request::builder(), |request, value| request.header(AUTHORIZATION, *value));
        guard.check(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn the_token_opens_and_nothing_else() {
        let door = Door::Locked(Token::new("0123456789abcdef").unwrap());
        let guard = Guard { door, connections: Arc::new(Connections::new(1)) };
        for given in ["Bearer 0123456789abcdef", "bearer  0123456789abcdef "] {
            assert_eq!(check(&guard, &[given]), Ok(()), "{given}");
        }
        for given in [
            "Bearer 0123456789abcdeX",
            "Bearer ",
            "Bearer",
            "Basic 0123456789abcdef",
            "0123456789abcdef",
            "",
        ] {
            let refusal = check(&guard, &[given]).unwrap_err();
            assert_eq!(refusal.status, StatusCode::UNAUTHORIZED, "{given}");
        }
        assert!(check(&guard, &[]).is_err());
        let right = "Bearer 0123456789abcdef";
        assert!(check(&guard, &[right, right]).is_err(), "a proxy may have added one");
    }
}

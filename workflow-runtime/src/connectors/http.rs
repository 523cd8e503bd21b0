//! Servers that are reached over HTTP, by MCP's streamable transport.
//!
//! `server/discover` is tried first, and `initialize` where the server is of the era before. The
//! headers that are configured go to the configured origin alone: a redirect to another is not followed.

use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{StatusCode, Url};
use rmcp::model::ProtocolVersion;
use rmcp::service::{ClientInitializeError, ClientLifecycleMode, ClientServiceExt, ServiceError};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::common::client_side_sse::ExponentialBackoff;
use rmcp::transport::streamable_http_client::{
    StreamableHttpClientTransportConfig, StreamableHttpError,
};

use super::client::Client;
use super::secrets::{Found, Secrets};
use super::server::{Dial, Dialling};

/// How long the network may take to make a connection
const CONNECT: Duration = Duration::from_secs(10);

/// How large a reply may be, in bytes
const REPLY: usize = 16 << 20;

/// How much of a reply that is no JSON-RPC may be told, in bytes
const TOLD: usize = 1 << 10;

/// How often a stream that broke off while its server worked is taken up again
const RESUMED: usize = 2;

/// Redirects that are followed for one request
const REDIRECTS: usize = 5;

/// Where a server is and what it is told with each request; both may be secret
pub(super) struct Endpoint {
    url: Url,
    headers: HashMap<HeaderName, HeaderValue>,
    client: reqwest::Client,
}

/// Why there is no such endpoint; each says which part is wrong, and none what it holds
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum EndpointError {
    #[error("`url` is no URL of `http` or `https`")]
    Url,
    #[error("`headers` has `{0}`, which is no header")]
    Name(String),
    #[error("`{0}` of `headers` has a value that no header can have")]
    Value(String),
    #[error("no connections can be made: {0}")]
    Client(String),
}

impl Endpoint {
    /// An endpoint, and what of it must not be told
    pub(super) fn new(
        url: &str,
        headers: &[(String, String)],
        mut found: Found,
    ) -> Result<(Self, Secrets), EndpointError> {
        let mut url = Url::parse(url).map_err(|_| EndpointError::Url)?;
        if !["http", "https"].contains(&url.scheme()) {
            return Err(EndpointError::Url);
        }
        let mut by_name = HashMap::new();
        if let Some(basic) = take_credentials(&mut url, &mut found) {
            by_name.insert(AUTHORIZATION, basic);
        }
        for part in url.query().unwrap_or_default().split('&') {
            found.certain(part.split_once('=').map_or(part, |(_, value)| value));
        }
        url.query_pairs().for_each(|(_, value)| found.certain(&value));
        for (name, value) in headers {
            let parsed = HeaderName::from_bytes(name.as_bytes());
            let parsed = parsed.map_err(|_| EndpointError::Name(name.clone()))?;
            let mut held =
                HeaderValue::from_str(value).map_err(|_| EndpointError::Value(name.clone()))?;
            held.set_sensitive(true);
            found.certain(value);
            by_name.insert(parsed, held);
        }
        let client = client(&url).map_err(|error| EndpointError::Client(root(&error)))?;
        Ok((Self { url, headers: by_name, client }, found.into()))
    }

    fn config(&self) -> StreamableHttpClientTransportConfig {
        let mut resumed = ExponentialBackoff::default();
        resumed.max_times = Some(RESUMED);
        let mut config = StreamableHttpClientTransportConfig::with_uri(self.url.as_str())
            .custom_headers(self.headers.clone())
            .max_sse_event_size(REPLY)
            .max_json_response_size(REPLY)
            .max_error_response_size(TOLD)
            .reinit_on_expired_session(true);
        config.retry_config = Arc::new(resumed);
        config
    }
}

impl Dial for Endpoint {
    fn dial<'a>(&'a self, _: &'a str, _: &'a Secrets) -> Dialling<'a> {
        Box::pin(async move {
            let transport =
                StreamableHttpClientTransport::with_client(self.client.clone(), self.config());
            let either = ClientLifecycleMode::Auto {
                preferred_versions: vec![ProtocolVersion::LATEST],
                legacy_version: None,
            };
            let begun = Client::default().serve_with_lifecycle(transport, either).await;
            begun.map_err(|error| match &error {
                ClientInitializeError::TransportError { error, .. } => in_words(&*error.error),
                _ => format!("it did not begin as a server of tools does: {error}"),
            })
        })
    }

    fn why(&self, error: &ServiceError) -> String {
        match error {
            ServiceError::TransportSend(error) => in_words(&*error.error),
            _ => error.to_string(),
        }
    }

    fn may_have_come(&self, error: &ServiceError) -> bool {
        match error {
            ServiceError::TransportSend(error) => may_have_come(&*error.error),
            _ => true,
        }
    }
}

/// Takes name and password out of a URL, as the header that says the same
fn take_credentials(url: &mut Url, found: &mut Found) -> Option<HeaderValue> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let plain =
        |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (raw_name, raw_word) = (url.username(), url.password().unwrap_or_default());
    let (name, word) = (plain(raw_name), plain(raw_word));
    let encoded = STANDARD.encode(format!("{name}:{word}"));
    for secret in [raw_name, raw_word, &name, &word, &encoded] {
        found.certain(secret);
    }
    // They fail for URLs that cannot have them, which this one has.
    let _ = url.set_password(None);
    let _ = url.set_username("");
    let mut basic = HeaderValue::from_str(&format!("Basic {encoded}")).ok()?;
    basic.set_sensitive(true);
    Some(basic)
}

fn client(url: &Url) -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .redirect(Policy::custom(same_origin))
        .user_agent(concat!("workflow-server/", env!("CARGO_PKG_VERSION")));
    // Fails where the program has one already, which then holds.
    let _ = rustls::crypto::ring::default_provider().install_default();
    if url.scheme() == "https" {
        return builder.build();
    }
    // No certificates are needed, so a machine that has none will do.
    builder.tls_certs_only([]).build()
}

/// Follows what keeps method, body and origin; anything else is the response itself
fn same_origin(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let status = attempt.status();
    let keeps = [StatusCode::TEMPORARY_REDIRECT, StatusCode::PERMANENT_REDIRECT].contains(&status);
    let origin = attempt.previous().first().map(Url::origin);
    if !keeps || origin != Some(attempt.url().origin()) {
        attempt.stop()
    } else if attempt.previous().len() > REDIRECTS {
        attempt.error("too many redirects")
    } else {
        attempt.follow()
    }
}

/// What went wrong on the way, as one says it
fn in_words(error: &(dyn Error + 'static)) -> String {
    let Some(error) = error.downcast_ref::<StreamableHttpError<reqwest::Error>>() else {
        return error.to_string();
    };
    match error {
        StreamableHttpError::Client(error) if error.is_connect() => {
            format!("no connection to it could be made: {}", root(error))
        }
        StreamableHttpError::Client(error) if error.is_timeout() => {
            "it took too long to respond".to_owned()
        }
        StreamableHttpError::Client(error) => match error.status() {
            Some(status) => format!("it responds with {status}"),
            None => root(error),
        },
        StreamableHttpError::AuthRequired(_) | StreamableHttpError::InsufficientScope(_) => {
            "it does not take our credentials: see `headers` of its configuration".to_owned()
        }
        error => error.to_string(),
    }
}

/// Whether a request may have been carried out that came to nothing by this
fn may_have_come(error: &(dyn Error + 'static)) -> bool {
    match error.downcast_ref::<StreamableHttpError<reqwest::Error>>() {
        Some(StreamableHttpError::Client(error)) => {
            !error.is_connect() && !error.status().is_some_and(|status| status.is_client_error())
        }
        Some(StreamableHttpError::AuthRequired(_) | StreamableHttpError::InsufficientScope(_)) => {
            false
        }
        _ => true,
    }
}

/// The cause of all; those before it only say where it was met
fn root(error: &dyn Error) -> String {
    let mut deepest = error;
    while let Some(cause) = deepest.source() {
        deepest = cause;
    }
    deepest.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(url: &str, headers: &[(&str, &str)]) -> Result<(Endpoint, Secrets), EndpointError> {
        let headers: Vec<_> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Endpoint::new(url, &headers, Found::default())
    }

    #[test]
    fn nothing_of_the_configuration_is_told() {
        let url = "http://ada:s%C3%A9same-open@127.0.0.1:1/mcp?key=query-secret&n=%41bcdefgh9";
        let headers = [("Authorization", "Bearer header-secret"), ("X-Api-Key", "other-secret")];
        let (endpoint, secrets) = endpoint(url, &headers).unwrap();
        let said = "s%C3%A9same-open sésame-open query-secret %41bcdefgh9 Abcdefgh9 header-secret \
                    other-secret Bearer header-secret";
        assert_eq!(secrets.hide(said), "*** *** *** *** *** *** *** ***");
        assert!(!endpoint.url.as_str().contains("ada"), "{}", endpoint.url);
        // What is said by hand comes before what the URL says.
        assert_eq!(endpoint.headers[&AUTHORIZATION], "Bearer header-secret");
        let shown = format!("{:?}", endpoint.headers);
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn mistakes_are_told_without_what_may_be_secret() {
        let wrong = |url: &str, headers: &[(&str, &str)]| endpoint(url, headers).err().unwrap();
        let url = "http://localhost/mcp";
        assert_eq!(wrong("localhost:80", &[]), EndpointError::Url);
        assert_eq!(wrong("ftp://localhost", &[]), EndpointError::Url);
        assert_eq!(wrong(url, &[("a b", "x")]), EndpointError::Name("a b".to_owned()));
        assert_eq!(wrong(url, &[("a", "secret\n")]), EndpointError::Value("a".to_owned()));
    }
}

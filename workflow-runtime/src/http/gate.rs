//! By which names the server may be called, and from which web pages.
//!
//! A web page can have the browser of whoever looks at it send requests to this machine. Such a
//! request names the page in `Origin`; where the page's host has been made to resolve to this
//! machine (DNS rebinding), it names that host in `Host`. Both are checked before all else.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{HOST, HeaderValue, ORIGIN};
use axum::http::uri::{Authority, Uri};
use axum::http::{Request, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::Refusal;

/// A name that clients may call the server by: `workflows.example.org`, or with a port, which
/// then has to be that one
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    name: String,
    port: Option<u16>,
}

impl Host {
    fn of(authority: &Authority) -> Option<Self> {
        let (name, port) = (authority.host(), authority.port_u16());
        // Neither a user's name before it nor a port that is none behind it.
        let whole = match port {
            Some(_) => authority.as_str().starts_with(name),
            None => authority.as_str() == name,
        };
        whole.then(|| Self { name: name.to_ascii_lowercase(), port })
    }

    fn allows(&self, host: &Self) -> bool {
        self.name == host.name && (self.port.is_none() || self.port == host.port)
    }
}

impl FromStr for Host {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let authority = text.trim().parse::<Authority>().ok();
        let host = authority.as_ref().and_then(Self::of);
        host.ok_or_else(|| "expected a name or an address, and a port if only that one".to_owned())
    }
}

/// Where web pages come from that may call the server: `https://app.example.org`, with the
/// scheme's port unless it has one
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    scheme: String,
    host: Host,
}

impl FromStr for Origin {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let uri = text.trim().parse::<Uri>().ok();
        let parts =
            |uri: &Uri| Some((uri.scheme_str()?.to_ascii_lowercase(), Host::of(uri.authority()?)?));
        let parts = uri.as_ref().and_then(parts);
        let bare = uri.as_ref().is_some_and(|uri| uri.path() == "/" && uri.query().is_none());
        match parts {
            Some((scheme, host)) if bare && !text.ends_with('/') => {
                let port = host.port.or_else(|| usual_port(&scheme));
                Ok(Self { scheme, host: Host { port, ..host } })
            }
            _ => {
                Err("expected a scheme, a host and perhaps a port, as `https://example.org`"
                    .to_owned())
            }
        }
    }
}

impl Origin {
    /// Whether what comes from there comes from the server of this name itself
    pub(super) fn is_of(&self, host: &Host) -> bool {
        let port = host.port.or_else(|| usual_port(&self.scheme));
        self.host.name == host.name && self.host.port == port
    }

    /// Whether it is reached over TLS
    pub(super) fn is_secure(&self) -> bool {
        self.scheme == "https"
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme, self.host.name)?;
        match self.host.port {
            Some(port) if usual_port(&self.scheme) != Some(port) => write!(f, ":{port}"),
            _ => Ok(()),
        }
    }
}

fn usual_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

/// The names of this machine for itself
const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// Who is let through
#[derive(Clone, Debug)]
pub(super) struct Gate {
    hosts: Vec<Host>,
    origins: Vec<Origin>,
}

impl Gate {
    /// Lets the loopback names through, the address that is listened on, and what is added
    pub(super) fn new(addr: SocketAddr, hosts: &[Host], origins: &[Origin]) -> Self {
        let loopback = LOOPBACK.map(|name| Host { name: name.to_owned(), port: None });
        let mut all = loopback.to_vec();
        if !addr.ip().is_unspecified() {
            let name = match addr {
                SocketAddr::V4(addr) => addr.ip().to_string(),
                SocketAddr::V6(addr) => format!("[{}]", addr.ip()),
            };
            all.push(Host { name, port: None });
        }
        all.extend_from_slice(hosts);
        Self { hosts: all, origins: origins.to_vec() }
    }

    /// Whether a page may call the server, by its `Origin`
    pub(super) fn lets_in(&self, origin: &HeaderValue) -> bool {
        let origin = origin.to_str().ok().and_then(|text| text.parse::<Origin>().ok());
        origin.is_some_and(|origin| {
            let at_home = origin.scheme == "http" && LOOPBACK.contains(&origin.host.name.as_str());
            at_home || self.origins.contains(&origin)
        })
    }

    fn check(&self, request: &Request<Body>) -> Result<(), Refusal> {
        let headers = request.headers();
        let mut named = headers.get_all(HOST).iter();
        let (Some(host), None) = (named.next(), named.next()) else {
            return Err(bad_host("expected one `Host` header"));
        };
        let host = host.to_str().ok().and_then(|text| text.parse::<Host>().ok());
        let host = host.ok_or_else(|| bad_host("the `Host` header is no host"))?;
        // A request line may name another host than the header.
        let target = match request.uri().authority() {
            Some(target) => Host::of(target).ok_or_else(|| bad_host("the target is no host"))?,
            None => host.clone(),
        };
        for host in [host, target] {
            if !self.hosts.iter().any(|allowed| allowed.allows(&host)) {
                return Err(foreign_host(&host));
            }
        }
        match headers.get_all(ORIGIN).iter().find(|origin| !self.lets_in(origin)) {
            Some(origin) => Err(foreign_origin(origin)),
            None => Ok(()),
        }
    }
}

/// Lets requests through to the next layer, or refuses them
pub(super) async fn pass(
    State(gate): State<Arc<Gate>>,
    request: Request<Body>,
    next: Next,
) -> Response {
    match gate.check(&request) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.reply(request),
    }
}

fn bad_host(message: &str) -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "bad-host", message, "name the server in `Host`")
}

fn foreign_host(host: &Host) -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "foreign-host",
        format!("the server is not called `{}`", host.name),
        "call it by a loopback name; further names are set with --allow-host",
    )
}

fn foreign_origin(origin: &HeaderValue) -> Refusal {
    Refusal::new(
        StatusCode::FORBIDDEN,
        "foreign-origin",
        format!(
            "pages of `{}` may not call the server",
            String::from_utf8_lossy(origin.as_bytes())
        ),
        "further origins are set with --allow-origin",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(addr: &str) -> Gate {
        let host = "workflows.example.org:8443".parse().unwrap();
        let origin = "https://app.example.org".parse().unwrap();
        Gate::new(addr.parse().unwrap(), &[host], &[origin])
    }

    fn check(gate: &Gate, headers: &[(&str, &str)]) -> Result<(), &'static str> {
        let mut request = Request::builder().uri("/mcp");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::empty()).unwrap();
        gate.check(&request).map_err(|refusal| refusal.code)
    }

    #[test]
    fn the_server_has_loopback_names_its_address_and_those_that_are_set() {
        let gate = gate("192.168.7.7:8484");
        for host in [
            "localhost",
            "LocalHost:8484",
            "127.0.0.1:1",
            "[::1]:8484",
            "192.168.7.7:8484",
            "workflows.example.org:8443",
        ] {
            assert_eq!(check(&gate, &[("host", host)]), Ok(()), "{host}");
        }
        for host in [
            "evil.example",
            "localhost.evil.example",
            "workflows.example.org",
            "workflows.example.org:80",
            "192.168.7.8:8484",
            "0.0.0.0:8484",
        ] {
            assert_eq!(check(&gate, &[("host", host)]), Err("foreign-host"), "{host}");
        }
        assert_eq!(
            check(&self::gate("0.0.0.0:8484"), &[("host", "0.0.0.0:8484")]),
            Err("foreign-host")
        );
    }

    #[test]
    fn a_request_names_one_host() {
        let gate = gate("127.0.0.1:8484");
        assert_eq!(check(&gate, &[]), Err("bad-host"));
        assert_eq!(
            check(&gate, &[("host", "localhost"), ("host", "evil.example")]),
            Err("bad-host")
        );
        for host in ["", "a b", "user@localhost", "localhost:port"] {
            assert_eq!(check(&gate, &[("host", host)]), Err("bad-host"), "{host}");
        }
        let request = Request::builder().uri("http://evil.example/mcp").header("host", "localhost");
        let refusal = gate.check(&request.body(Body::empty()).unwrap()).unwrap_err();
        assert_eq!(refusal.code, "foreign-host");
    }

    #[test]
    fn pages_come_from_here_or_from_where_is_set() {
        let gate = gate("127.0.0.1:8484");
        let from = |origin| check(&gate, &[("host", "localhost"), ("origin", origin)]);
        for origin in [
            "http://localhost:5173",
            "http://127.0.0.1",
            "http://[::1]:3000",
            "https://app.example.org",
            "https://app.example.org:443",
        ] {
            assert_eq!(from(origin), Ok(()), "{origin}");
        }
        for origin in [
            "null",
            "",
            "http://evil.example",
            "https://app.example.org:444",
            "http://app.example.org",
            "https://app.example.org.evil.example",
            "http://localhost.evil.example",
            "file://",
            "http://localhost:port",
            "http://evil.example@localhost",
        ] {
            assert_eq!(from(origin), Err("foreign-origin"), "{origin}");
        }
    }

    #[test]
    fn settings_that_are_none_are_refused() {
        for origin in ["example.org", "https://example.org/", "https://example.org/a", "*", "null"]
        {
            assert!(origin.parse::<Origin>().is_err(), "{origin}");
        }
        for host in ["http://example.org", "user@example.org", "", "a/b"] {
            assert!(host.parse::<Host>().is_err(), "{host}");
        }
        let is_of = |origin: &str, host: &str| {
            origin.parse::<Origin>().unwrap().is_of(&host.parse().unwrap())
        };
        assert!(is_of("http://localhost:8484", "localhost:8484"));
        assert!(is_of("https://example.org", "example.org"));
        assert!(is_of("https://example.org", "example.org:443"));
        assert!(!is_of("http://localhost:3000", "localhost:8484"));
        assert!(!is_of("http://127.0.0.1:8484", "localhost:8484"));
        let origin = "HTTP://Example.org:80".parse::<Origin>().unwrap();
        assert_eq!(origin.to_string(), "http://example.org");
    }
}

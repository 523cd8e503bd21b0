//! Who comes in, and who does not.

use serde_json::json;

use crate::raw::{assert_serves, head, list_tools, send};
use crate::server::Server;

/// A POST with other headers than it should have
fn with(server: &Server, wrong: &[(&str, &str)]) -> String {
    let (headers, _) = list_tools();
    let mut head = head(server) + &headers;
    for (name, value) in wrong {
        let line = head.split_inclusive("\r\n").find(|line| line.starts_with(&format!("{name}:")));
        if let Some(line) = line.map(str::to_owned) {
            head = head.replace(&line, "");
        }
        if !value.is_empty() {
            head = format!("{head}{name}: {value}\r\n");
        }
    }
    head
}

#[test]
fn only_who_shows_the_token_is_let_in() {
    let server = Server::start();
    assert_serves(&server);
    let (_, message) = list_tools();
    let message = message.to_string();
    let wrong = format!("Bearer {}x", server.token);
    let basic = format!("Basic {}", server.token);
    for authorization in ["", "Bearer", "Bearer 0123456789abcdef", &wrong, &basic] {
        let head = with(&server, &[("Authorization", authorization)]);
        let response = send(&server, &head, message.as_bytes());
        assert_eq!(response.status, 401, "{response:?}");
        assert!(response.head.contains("www-authenticate: bearer"), "{response:?}");
        assert_eq!(response.json()["code"], "unauthorized");
        assert!(!response.body.contains(&server.token), "{response:?}");
    }
    // Neither can they listen, or end another's session.
    for method in ["GET", "DELETE"] {
        let head = with(&server, &[("Authorization", "")]).replace("POST", method);
        assert_eq!(send(&server, &head, b"").status, 401, "{method}");
    }
    assert!(!server.log().contains(&server.token), "the token is in the log");
    assert_serves(&server);
}

#[test]
fn a_page_or_a_name_from_elsewhere_is_refused_even_with_the_token() {
    let server = Server::with(&[
        "--allow-host",
        "workflows.example.org",
        "--allow-origin",
        "https://app.example.org",
    ]);
    let (_, message) = list_tools();
    let status = |wrong: &[(&str, &str)]| {
        let response = send(&server, &with(&server, wrong), message.to_string().as_bytes());
        (response.status, response.json()["code"].as_str().unwrap_or_default().to_owned())
    };
    let taken = (200, String::new());
    let refused = |code: &str| (403, code.to_owned());
    assert_eq!(status(&[("Host", "localhost:1")]), taken);
    assert_eq!(status(&[("Host", "workflows.example.org")]), taken);
    assert_eq!(status(&[("Host", "evil.example")]), refused("foreign-host"));
    assert_eq!(status(&[("Origin", "http://localhost:5173")]), taken);
    assert_eq!(status(&[("Origin", "https://app.example.org")]), taken);
    assert_eq!(status(&[("Origin", "https://evil.example")]), refused("foreign-origin"));
    assert_eq!(status(&[("Origin", "null")]), refused("foreign-origin"));
    let rebound = [("Host", "evil.example:8484"), ("Origin", "http://evil.example:8484")];
    assert_eq!(status(&rebound), refused("foreign-host"));
}

#[test]
fn a_browser_is_told_which_pages_may_read_the_replies() {
    let server = Server::with(&["--allow-origin", "https://app.example.org"]);
    let preflight = |origin: &str| {
        let head = format!(
            "OPTIONS /mcp HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nOrigin: {origin}\r\n\
             Access-Control-Request-Method: POST\r\n\
             Access-Control-Request-Headers: authorization, mcp-protocol-version\r\n",
            server.addr
        );
        send(&server, &head, b"")
    };
    let allowed = preflight("https://app.example.org");
    assert_eq!(allowed.status, 200, "{allowed:?}");
    assert!(allowed.head.contains("access-control-allow-origin: https://app.example.org"));
    assert!(
        allowed.head.contains("access-control-allow-headers: authorization, mcp-protocol-version")
    );
    let foreign = preflight("https://evil.example");
    assert_eq!(foreign.status, 403, "{foreign:?}");
    assert!(!foreign.head.contains("access-control-allow-origin"), "{foreign:?}");
}

#[test]
fn without_a_token_only_who_is_on_this_machine_comes_in() {
    let mut server = Server::with(&["--no-token"]);
    assert!(!server.folder().path().join("runs.sqlite-token").exists());
    server.token = "none".to_owned();
    assert_serves(&server);
    let (_, message) = list_tools();
    let head = with(&server, &[("Authorization", ""), ("Origin", "https://evil.example")]);
    assert_eq!(send(&server, &head, message.to_string().as_bytes()).status, 403);
}

#[test]
fn what_is_no_call_is_told_so() {
    let server = Server::start();
    let unknown = head(&server).replace("/mcp", "/elsewhere");
    assert_eq!(send(&server, &unknown, b"{}").status, 404);
    let put = head(&server).replace("POST", "PUT");
    assert_eq!(send(&server, &put, b"{}").status, 405);
    let without_session = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/list"});
    let response = send(&server, &head(&server), without_session.to_string().as_bytes());
    assert_eq!(response.status, 400, "{response:?}");
    let of_no_session = head(&server) + "Mcp-Session-Id: 12345\r\n";
    let response = send(&server, &of_no_session, without_session.to_string().as_bytes());
    assert_eq!(response.status, 404, "{response:?}");
    assert_serves(&server);
}

//! Who is let in.

use crate::browser::{Browser, cookie, hidden};
use crate::server::Server;

#[test]
fn one_logs_in_with_the_token_and_out_again() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let sent_away = browser.send("GET /runs?status=failed", "", &[]);
    assert_eq!(sent_away.status, 303);
    assert!(
        sent_away.head.contains("location: /login?next=%2fruns%3fstatus%3dfailed"),
        "{sent_away:?}"
    );
    let wrong = browser.send("POST /login", "", &[("token", "0123456789abcdef")]);
    assert_eq!(wrong.status, 401);
    assert!(wrong.body.contains("not the server&#39;s token"), "{}", wrong.body);
    assert!(!wrong.head.contains("set-cookie"));

    let next = "/runs?status=failed";
    let right = browser.send("POST /login", "", &[("token", &server.token), ("next", next)]);
    assert_eq!(right.status, 303);
    assert!(right.head.contains("location: /runs?status=failed"), "{right:?}");
    for flag in ["httponly", "samesite=strict", "path=/", "max-age=43200"] {
        assert!(right.head.contains(flag), "{flag}: {}", right.head);
    }
    assert!(!right.head.contains("; secure"), "it was no TLS");
    assert!(!right.raw.contains(&server.token), "the cookie tells the token");
    browser.cookie = Some(cookie(&right));
    assert!(browser.get("/runs").contains("No run"), "it is let in");

    let out = browser.post("/runs", "/logout", &[]);
    assert_eq!(out.status, 303);
    assert!(out.head.contains("max-age=0"), "{}", out.head);
    assert!(server.log().lines().all(|line| !line.contains(&server.token)), "{}", server.log());
}

#[test]
fn behind_tls_the_cookie_is_for_tls_alone() {
    let server = Server::with(&["--allow-origin", "https://workflows.example.org"]);
    let browser = Browser::new(&server);
    let headers = "Origin: https://workflows.example.org\r\nSec-Fetch-Site: same-origin\r\n";
    let response = browser.send("POST /login", headers, &[("token", &server.token)]);
    assert!(response.head.contains("; secure"), "{}", response.head);
}

#[test]
fn nothing_else_opens_the_door() {
    let server = Server::start();
    let mut browser = Browser::new(&server);
    let real = Browser::logged_in(&server).cookie.unwrap();
    let (name, value) = real.split_once('=').unwrap();
    let mut forged = value.to_owned();
    let last = if forged.ends_with('A') { 'B' } else { 'A' };
    forged.pop();
    forged.push(last);
    for cookie in [
        forged.as_str(),
        &server.token,
        "",
        &hidden(&Browser::logged_in(&server).get("/runs"), "form_token"),
    ] {
        browser.cookie = Some(format!("{name}={cookie}"));
        for path in
            ["/", "/runs", "/runs/live", "/runs/x", "/workflows", "/health", "/runs/x/state.json"]
        {
            let response = browser.send(&format!("GET {path}"), "", &[]);
            assert_eq!(response.status, 303, "{path} with {cookie}");
        }
        let response = browser.send("POST /runs/x/answer", "", &[("step", "a")]);
        assert_eq!(response.status, 401, "{response:?}");
    }
    let stream = browser.send("GET /runs/live", "Accept: text/event-stream\r\n", &[]);
    assert_eq!(stream.status, 401, "a stream is not sent to a form");
    // A session of the page is none of MCP.
    browser.cookie = Some(real);
    assert_eq!(browser.send("POST /mcp", "", &[]).status, 401);
}

#[test]
fn a_link_from_elsewhere_leads_there_with_the_cookie_that_is_kept() {
    let server = Server::start();
    let browser = Browser::new(&server);
    let response = browser.send("GET /runs?status=failed", "Sec-Fetch-Site: cross-site\r\n", &[]);
    assert_eq!(response.status, 200);
    assert!(response.body.contains("content=\"0; url=/runs?status=failed\""), "{}", response.body);
}

#[test]
fn without_a_token_nobody_logs_in_and_forms_are_still_ours_alone() {
    let server = Server::with(&["--no-token"]);
    let browser = Browser::new(&server);
    assert!(!browser.get("/runs").contains("Log out"));
    assert_eq!(browser.send("GET /login", "", &[]).status, 303);
    let start = "/workflows/shaky/start";
    let key = hidden(&browser.get(start), "key");
    assert_eq!(browser.send(&format!("POST {start}"), "", &[("key", &key)]).status, 403);
    assert_eq!(browser.post(start, start, &[("key", &key)]).status, 303);
}

#[test]
fn the_page_can_be_left_out() {
    let server = Server::with(&["--no-page"]);
    let browser = Browser::new(&server);
    for path in ["/", "/login", "/runs", "/assets/page.css"] {
        assert_eq!(browser.send(&format!("GET {path}"), "", &[]).status, 404, "{path}");
    }
    crate::raw::assert_serves(&server);
}

#[test]
fn every_response_says_what_a_browser_may_do_with_it() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    for path in ["/runs", "/runs/none", "/login", "/workflows/shaky/start", "/health"] {
        let head = browser.send(&format!("GET {path}"), "", &[]).head;
        let policy = head.lines().find_map(|line| line.strip_prefix("content-security-policy: "));
        let policy = policy.unwrap_or_else(|| panic!("{path} has no policy: {head}"));
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && policy.contains("base-uri 'none'"));
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
        for line in [
            "referrer-policy: same-origin",
            "x-content-type-options: nosniff",
            "x-frame-options: deny",
            "cache-control: no-store",
        ] {
            assert!(head.contains(line), "{path} has no `{line}`: {head}");
        }
    }
    let page = browser.get("/runs");
    let (_, styles) = page.split_once("stylesheet\" href=\"").unwrap();
    let styles = styles.split('"').next().unwrap();
    let response = browser.send(&format!("GET {styles}"), "", &[]);
    assert!(
        response.head.contains("immutable") && response.head.contains("text/css"),
        "{}",
        response.head
    );
    assert!(
        !response.body.contains("http://") && !response.body.contains("@import"),
        "it asks others"
    );
    // Pages of others cannot read it, though they may call MCP.
    let origin = "Origin: http://localhost:3000\r\n";
    let response = browser.send("GET /runs", origin, &[]);
    assert!(!response.head.contains("access-control-allow-origin"), "{}", response.head);
}

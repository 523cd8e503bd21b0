//! What forms send, and what others send in their name.

use crate::agent::{release, status};
use crate::browser::{Browser, hidden};
use crate::raw::Response;
use crate::server::Server;
use serde_json::json;

const START: &str = "/workflows/release:approve/start";

/// Answers the approval of a run with the headers that a browser would send
fn approve(browser: &Browser<'_>, run: &str, headers: &str, proof: Option<&str>) -> Response {
    let mut fields = vec![("run", run), ("step", "approve"), ("as", "yes")];
    fields.extend(proof.map(|proof| ("form_token", proof)));
    browser.send(&format!("POST /runs/{run}/answer"), headers, &fields)
}

#[test]
fn an_answer_counts_as_the_users_and_only_the_first_one_does() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let run = release(&server, &json!({"version": "1.4.0"}));
    let proof = hidden(&browser.get(&format!("/runs/{run}")), "form_token");
    let taken = approve(&browser, &run, "", Some(&proof));
    assert_eq!(taken.status, 303, "{taken:?}");
    assert!(taken.head.contains(&format!("location: /runs/{run}?done=answered#now")));
    let told = status(&server, &run);
    assert_eq!(told["user_answers"][0]["by"], "user", "{told}");
    assert_eq!(told["position"], "publish", "{told}");
    // Sent twice, it counts once.
    assert_eq!(approve(&browser, &run, "", Some(&proof)).status, 303);
    // Another answer, from a page that is out of date.
    let fields = [("form_token", &*proof), ("run", &*run), ("step", "approve"), ("as", "no")];
    let late = browser.send(&format!("POST /runs/{run}/answer"), "", &fields);
    assert_eq!(late.status, 409);
    assert!(late.body.contains("Your answer was not taken"), "{}", late.body);
    assert!(late.body.contains("it was answered by the user"), "{}", late.body);
    assert!(late.body.contains("make publish"), "how it stands now: {}", late.body);
    assert_eq!(status(&server, &run)["position"], "publish");
}

#[test]
fn a_form_of_somebody_else_does_nothing() {
    let server = Server::start();
    let (ours, theirs) = (Browser::logged_in(&server), Browser::logged_in(&server));
    let run = release(&server, &json!({"version": "1.4.0"}));
    let proof = hidden(&ours.get("/runs"), "form_token");
    let other = hidden(&theirs.get("/runs"), "form_token");
    assert_eq!(approve(&ours, &run, "", None).status, 403, "no proof");
    assert_eq!(approve(&ours, &run, "", Some(&other)).status, 403, "another session's proof");
    assert_eq!(approve(&ours, &run, "", Some("rs1.a.b")).status, 403, "a forged proof");
    let cookie = ours.cookie.clone().unwrap();
    let session = cookie.split_once('=').unwrap().1;
    assert_eq!(approve(&ours, &run, "", Some(session)).status, 403, "the session itself");
    for headers in [
        "Origin: http://localhost:3000\r\n",
        "Origin: http://evil.example\r\n",
        "Origin: null\r\n",
        "Sec-Fetch-Site: cross-site\r\n",
        "Sec-Fetch-Site: same-site\r\n",
    ] {
        assert_eq!(approve(&ours, &run, headers, Some(&proof)).status, 403, "{headers}");
    }
    let as_json = format!("{{\"form_token\": \"{proof}\"}}");
    let answer = format!("POST /runs/{run}/answer");
    assert_eq!(ours.send(&answer, "", &[(&as_json, "")]).status, 403);
    for path in ["cancel", "retry"] {
        let request = format!("POST /runs/{run}/{path}");
        assert_eq!(ours.send(&request, "", &[("form_token", &other)]).status, 403, "{path}");
        let get = ours.send(&format!("GET /runs/{run}/{path}"), "", &[]).status;
        assert_eq!(get, if path == "cancel" { 200 } else { 405 }, "to look changes nothing");
    }
    let told = status(&server, &run);
    assert_eq!((&told["position"], &told["status"]), (&json!("approve"), &json!("waiting")));
    let ours_origin = format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", server.addr);
    assert_eq!(approve(&ours, &run, &ours_origin, Some(&proof)).status, 303);
}

#[test]
fn a_form_starts_one_run_however_often_it_is_sent() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let key = hidden(&browser.get(START), "key");
    let fields = [("key", &*key), ("input.version", "1.4.0")];
    let first = browser.post(START, START, &fields);
    assert_eq!(first.status, 303, "{first:?}");
    let location = |response: &Response| {
        let line = response.head.lines().find(|line| line.starts_with("location: ")).unwrap();
        line.to_owned()
    };
    assert_eq!(location(&browser.post(START, START, &fields)), location(&first));
    let another = hidden(&browser.get(START), "key");
    let another = browser.post(START, START, &[("key", &another), ("input.version", "1.4.0")]);
    assert_ne!(location(&another), location(&first));
}

#[test]
fn wrong_inputs_start_nothing_and_stay_as_they_were_typed() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let hostile = "\"><script>alert(1)</script>";
    let fields = [
        ("input.version", hostile),
        ("input.parts", "[1, 2"),
        ("input.wait_hours", "0"),
        ("input.channel", "nowhere"),
    ];
    let response = browser.post(START, START, &fields);
    assert_eq!(response.status, 422);
    let page = &response.body;
    for told in [
        "expected text that matches",
        "this is no JSON: EOF while parsing a list",
        "expected 1 or more, found the number 0",
        "expected one of",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    assert!(page.contains("&#34;&#62;&#60;script&#62;alert(1)"), "{page}");
    assert!(!page.contains("<script>alert"), "{page}");
    assert!(page.contains("[1, 2</textarea>"), "{page}");
    assert!(browser.get("/runs").contains("No run has been started"));
}

#[test]
fn forms_that_are_too_large_are_refused() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let large = "x".repeat(5 * 1024 * 1024);
    let response = browser.post(START, START, &[("input.version", &large)]);
    assert_eq!(response.status, 413);
    let response = Browser::new(&server).send("POST /login", "", &[("token", &large[..20_000])]);
    assert_eq!(response.status, 413);
    crate::raw::assert_serves(&server);
}

//! What is told of runs, without a script.

use serde_json::json;

use crate::agent::{call, release, start, submit, worked};
use crate::browser::Browser;
use crate::server::Server;

#[test]
fn runs_are_listed_by_filter_and_by_page() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    for _ in 0..60 {
        start(&server, "shaky", &json!({}));
    }
    let done = start(&server, "shaky", &json!({}));
    submit(&server, &done, "try", &worked());
    let question = start(&server, "questions", &json!({"about": "tea"}));
    let count = |page: &str| page.matches("class=\"run\"").count();
    let first = browser.get("/runs");
    assert_eq!(count(&first), 50);
    let (_, older) = first.split_once("href=\"/runs?cursor=").unwrap();
    let older = format!("/runs?cursor={}", older.split('"').next().unwrap());
    let second = browser.get(&older);
    assert_eq!(count(&second), 12);
    assert!(second.contains(">Newest</a>") && !second.contains(">Older runs</a>"));
    let completed = browser.get("/runs?status=completed");
    assert_eq!((count(&completed), completed.contains(&done)), (1, true));
    let of_one = browser.get("/runs?workflow=questions");
    assert_eq!((count(&of_one), of_one.contains(&question)), (1, true));
    let further = browser.get("/runs?status=waiting&workflow=shaky");
    assert!(
        further.contains("href=\"/runs?status=waiting&#38;workflow=shaky&#38;cursor="),
        "{further}"
    );
    assert_eq!(browser.send("GET /runs?cursor=none", "", &[]).status, 400);
}

#[test]
fn a_run_shows_what_it_did_and_where_it_stands() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let run = release(&server, &json!({"version": "1.4.0", "parts": ["a", "b", "c"]}));
    let page = browser.get(&format!("/runs/{run}"));
    for step in ["tag", "write-notes", "check-parts"] {
        assert!(
            page.contains(&format!("data-step=\"release:approve {step}\" data-mark=\"done\"")),
            "{step}"
        );
    }
    assert!(page.contains("data-step=\"release:approve approve\" data-mark=\"at\""));
    assert!(page.contains("data-step=\"release:approve publish\" data-mark=\"ahead\""));
    assert!(page.contains("3 of 3 have ended"), "{page}");
    // What has changed: nothing before, notes behind.
    assert!(page.contains("<span class=\"removed\"><span class=\"mark\">-</span>null"), "{page}");
    assert!(page.contains("<span class=\"added\"><span class=\"mark\">+</span>- Half the memory"));
    let (_, child) = page.split_once("<td class=\"depth-1\"><a href=\"").unwrap();
    let child = browser.get(child.split('"').next().unwrap());
    assert!(
        child.contains("data-step=\"release:approve/check_part look\" data-mark=\"done\""),
        "{child}"
    );
    assert!(
        child.contains("data-step=\"release:approve approve\">"),
        "those of its parent have no mark"
    );
    assert!(child.contains(&format!("<a href=\"/runs/{run}\">parent")));
    let state = browser.send(&format!("GET /runs/{run}/state.json"), "", &[]);
    assert!(state.head.contains("application/json"));
    let state: serde_json::Value = serde_json::from_str(&state.body).unwrap();
    assert_eq!(state["findings"], json!(["a: all well", "b: all well", "c: all well"]));
    let journal = browser.get(&format!("/runs/{run}/journal"));
    assert!(journal.contains("<strong>started</strong>") && journal.contains("all well"));
    assert!(journal.contains("<strong>answered</strong> <code>write-notes</code>"), "{journal}");
    let workflows = browser.get("/workflows");
    assert!(workflows.contains("<span class=\"tag\">approval</span>"), "{workflows}");
    let missing = browser.send("GET /runs/0123", "", &[]);
    assert_eq!(missing.status, 404);
    assert!(missing.body.contains("unknown-run"), "{}", missing.body);
}

#[test]
fn a_long_history_has_pages() {
    let server = Server::start();
    let browser = Browser::logged_in(&server);
    let run = start(&server, "shaky", &json!({}));
    for number in 1..=60 {
        let step = if number == 1 { "try".to_owned() } else { format!("try#{number}") };
        let failure =
            json!({"run_id": run, "step_id": step, "error": format!("failure no. {number}")});
        call(&server, "submit_result", &failure);
        let retried = browser.post("/runs", &format!("/runs/{run}/retry"), &[]);
        assert_eq!(retried.status, 303, "{retried:?}");
    }
    let page = browser.get(&format!("/runs/{run}"));
    assert!(page.contains("failure no. 60") && !page.contains("failure no. 1<"), "{page}");
    let (_, older) = page.split_once(&format!("href=\"/runs/{run}?before=")).unwrap();
    let before = older.split('#').next().unwrap();
    let older = browser.get(&format!("/runs/{run}?before={before}"));
    // What the step that waits failed with last stands above it, on each page.
    let (_, older) = older.split_once("class=\"timeline\"").unwrap();
    assert!(!older.contains("failure no. 60") && older.contains(">Latest</a>"), "{older}");
}

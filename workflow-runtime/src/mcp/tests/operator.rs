//! Lists and health, with the engine that a user has.

use tempfile::TempDir;

use super::*;
use crate::engine::StartRequest;
use crate::engine::embedded::{Embedded, Options};
use crate::machine::sample;

async fn server(folder: &TempDir) -> (Client, Arc<Embedded>) {
    let options = Options::new(folder.path().join("runs.sqlite"));
    let engine = Arc::new(Embedded::open(sample::registry(), options).unwrap());
    (connect_to(engine.clone()).await, engine)
}

async fn fail_long(client: &Client) {
    let steps = json!([{"shell": "make"}]);
    let start = json!({"workflow": "test:script", "inputs": {"steps": steps}});
    let run = structured(&call(client, "start_workflow", start).await)["run_id"].clone();
    let error = json!({"run_id": run, "step_id": "s0", "error": "\u{1}\"ü".repeat(5_000)});
    call(client, "submit_result", error).await;
}

#[tokio::test]
async fn runs_are_listed_by_pages_that_fit_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let (client, engine) = server(&folder).await;
    for _ in 0..60 {
        fail_long(&client).await;
    }
    let inputs = json!({"task": "tea"}).as_object().cloned().unwrap();
    let request = StartRequest { workflow: "test:plan".into(), inputs, idempotency_key: None };
    let newest = engine.start(request).await.unwrap().run_id;

    // Each call is held to 64 KiB.
    let first = call(&client, "list_runs", json!({})).await;
    let told = structured(&first);
    assert_eq!(told["runs"][0]["run_id"], newest);
    let cursor = told["cursor"].as_str().unwrap();
    assert!(text_of(&first).contains(&format!("list_runs(cursor=\"{cursor}\")")));
    assert!(text_of(&first).contains(&format!("- run_id=\"{newest}\" test:plan")));

    let (mut failed, mut cursor) = (0, Value::Null);
    loop {
        let filter = json!({"status": "failed", "workflow": "test:script", "cursor": cursor});
        let page = call(&client, "list_runs", filter).await;
        failed += structured(&page)["runs"].as_array().unwrap().len();
        cursor = structured(&page)["cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(failed, 60);

    let none = call(&client, "list_runs", json!({"status": "cancelled"})).await;
    assert_eq!(text_of(&none), "No such runs.");
    let (code, text) = refused(&client, "list_runs", json!({"status": "happy"})).await;
    assert_eq!(code, "bad-arguments");
    assert!(text.contains("expected one of [\"running\""), "{text}");
}

#[tokio::test]
async fn health_is_told_in_figures_and_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let (client, _engine) = server(&folder).await;
    fail_long(&client).await;
    let health = call(&client, "health_check", json!({})).await;
    let told = structured(&health);
    assert_eq!((&told["status"], &told["engine"]), (&json!("ok"), &json!("embedded")));
    assert_eq!(told["store"]["unfinished_runs"], 0);
    let text = text_of(&health);
    assert!(text.starts_with("All is well. workflow-server "), "{text}");
    assert!(text.contains("0 of at most 10000 unfinished runs, overdue timers: 0."), "{text}");
}

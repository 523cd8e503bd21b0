//! `memory.*`, called by the server itself on the way.

use super::*;
use crate::machine::Status;

/// Runs two calls, gives their results
async fn calls(bench: &Bench, first: (&str, Value), second: (&str, Value)) -> Reply {
    let call = |(tool, parameters): (&str, Value)| json!({"tool": tool, "parameters": parameters});
    start(&bench.engine, "test:note", json!({"first": call(first), "second": call(second)})).await
}

async fn results(bench: &Bench, first: (&str, Value), second: (&str, Value)) -> Value {
    let reply = calls(bench, first, second).await;
    assert_eq!(reply.status, Status::Completed, "{reply:?}");
    reply.result.unwrap()
}

#[tokio::test]
async fn what_is_saved_can_be_read_again_after_a_crash() {
    let mut bench = Bench::new();
    let value = json!({"plan": [1, 2.5, "three"]});
    let save = ("memory.save", json!({"key": "k", "value": value}));
    let got = results(&bench, save.clone(), ("memory.get", json!({"key": "k"}))).await;
    assert_eq!(got[0], json!({"success": true, "key": "k", "created": true}));
    assert_eq!(got[1], json!({"success": true, "found": true, "value": value}));
    bench.kill();
    let got = results(&bench, ("memory.get", json!({"key": "k"})), save).await;
    assert_eq!(got[0]["value"], value);
    assert_eq!(got[1]["created"], false);
    bench.assert_folds();
}

#[tokio::test]
async fn notes_are_found_by_their_words() {
    let bench = Bench::new();
    let note = |category: &str, content: &str| {
        ("memory.add", json!({"category": category, "content": content}))
    };
    let ids =
        results(&bench, note("tea", "green leaves from Uji"), note("milk", "green? no")).await;
    assert_ne!(ids[0]["id"], ids[1]["id"]);
    let got = results(
        &bench,
        ("memory.search", json!({"query": "leaves \"AND (-"})),
        ("memory.search", json!({"query": "green", "category": "milk"})),
    )
    .await;
    assert_eq!(got[0]["items"].as_array().unwrap().len(), 1);
    assert_eq!(got[0]["items"][0]["content"], "green leaves from Uji");
    assert_eq!(got[1]["items"][0]["id"], ids[1]["id"]);
    let got = results(
        &bench,
        ("memory.delete", json!({"id": ids[0]["id"]})),
        ("memory.search", json!({"query": "leaves"})),
    )
    .await;
    assert_eq!(got, json!([{"success": true, "deleted": true}, {"success": true, "items": []}]));
}

#[tokio::test]
async fn lists_go_by_prefix_and_newest_first() {
    let bench = Bench::new();
    let save = |key: &str| ("memory.save", json!({"key": key, "value": key}));
    results(&bench, save("a/1"), save("a/2")).await;
    results(&bench, save("b/1"), save("a_3")).await;
    let got = results(
        &bench,
        ("memory.list", json!({"prefix": "a/"})),
        ("memory.list", json!({"limit": 1})),
    )
    .await;
    let keys: Vec<&Value> =
        got[0]["items"].as_array().unwrap().iter().map(|item| &item["key"]).collect();
    assert_eq!(keys, [&json!("a/2"), &json!("a/1")]);
    assert_eq!(got[1]["items"][0]["key"], "a_3");
}

#[tokio::test]
async fn a_wrong_call_fails_the_step_and_writes_nothing() {
    let bench = Bench::new();
    let good = ("memory.save", json!({"key": "k", "value": 1}));
    let reply = calls(&bench, good.clone(), ("memory.save", json!({"key": "k"}))).await;
    assert_eq!((reply.status, failure(&reply)), (Status::Failed, "tool-failed"));
    assert!(reply.error.as_ref().unwrap().message.contains("needs `value`"));
    assert_eq!(reply.error.unwrap().step_id.as_deref(), Some("second"));
    let reply = calls(&bench, good, ("memory.forget", json!({}))).await;
    assert!(reply.error.unwrap().message.contains("no tool `memory.forget`"));
}

#[tokio::test]
async fn other_tools_go_to_the_agent() {
    let bench = Bench::new();
    let reply =
        calls(&bench, ("disk.read", json!({"path": "x"})), ("memory.get", json!({"key": "none"})))
            .await;
    let step = reply.step.as_ref().unwrap();
    assert_eq!((step.kind.as_str(), &step.fields["tool"]), ("mcp_call", &json!("disk.read")));
    let reply = answer_step(&bench.engine, &reply, json!("text")).await;
    let missing = json!({"success": true, "found": false, "value": null});
    assert_eq!(reply.result, Some(json!(["text", missing])));
    // The memory call was made on the way, and is not made again when the answer is told twice.
    let again = answer(&bench.engine, &reply.run_id, "first", json!("text")).await;
    assert_eq!(again, reply);
    bench.assert_folds();
}

//! A client that waits for a run is told how far it is.

use rmcp::ClientHandler;
use rmcp::model::ProgressNotificationParam;
use rmcp::service::NotificationContext;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::resources::{engine, run_of, served, submit};
use super::*;

/// A client that notes the progress it is told of
struct Watching(UnboundedSender<(f64, Option<f64>, String)>);

impl ClientHandler for Watching {
    async fn on_progress(
        &self,
        told: ProgressNotificationParam,
        _: NotificationContext<RoleClient>,
    ) {
        self.0.send((told.progress, told.total, told.message.unwrap_or_default())).unwrap();
    }
}

#[tokio::test]
async fn who_waits_for_sub_agents_hears_of_each_that_is_done() {
    let folder = tempfile::tempdir().unwrap();
    let other = served(&folder).await;
    let (ours, theirs) = tokio::io::duplex(1 << 20);
    let server = Server::new(Arc::new(engine(&folder)));
    tokio::spawn(async move { server.serve(ours).await.unwrap().waiting().await });
    let (told, mut heard) = unbounded_channel();
    let client = serve_client(Watching(told), theirs).await.unwrap();

    let each = json!({"each": [[{"ask": "a?"}], [{"ask": "b?"}]], "agent": "@task"});
    let run = run_of(&other, json!([{"ask": "a?"}, each, {"ask": "c?"}])).await;
    submit(&other, &run, "s0", json!("x")).await;
    for child in 0..2 {
        let next = json!({"run_id": format!("{run}.s1.{child}")});
        call(&other, "get_next_step", next).await;
    }
    let wait = json!({"run_id": run, "wait_seconds": 20}).as_object().cloned().unwrap();
    let wait = CallToolRequestParams::new("get_next_step").with_arguments(wait);
    let waiting = tokio::spawn(async move { client.call_tool(wait).await.unwrap() });
    let first = heard.recv().await.unwrap();
    assert_eq!(first, (1.0, Some(9.0), "is waiting at s1, 0 of 2 child runs done".into()));
    submit(&other, &format!("{run}.s1.0"), "s0", json!("x")).await;
    let second = heard.recv().await.unwrap();
    assert_eq!(second, (1.5, Some(9.0), "is waiting at s1, 1 of 2 child runs done".into()));
    submit(&other, &format!("{run}.s1.1"), "s0", json!("x")).await;
    let reply = waiting.await.unwrap();
    assert_eq!(structured(&reply)["step"]["step_id"], "s2");
    // Whether the last step was told of before the call had its answer is open.
    while let Ok((done, ..)) = heard.try_recv() {
        assert!(done > 1.5, "{done}");
    }
}

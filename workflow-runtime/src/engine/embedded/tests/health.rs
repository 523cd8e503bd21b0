//! How the engine is, as it tells it.

use super::outside::Outside;
use super::*;
use crate::connectors::Reach;
use crate::engine::{ConnectorHealth, HealthStatus};

#[tokio::test]
async fn figures_are_measured() {
    let bench = Bench::with(|options| options.limits.set(Limit::Runs, 2).unwrap());
    start(&bench.engine, "test:plan", tea()).await;
    let health = bench.engine.health().await.unwrap();
    assert_eq!((health.status, health.engine.as_str()), (HealthStatus::Ok, "embedded"));
    assert_eq!(health.version, env!("CARGO_PKG_VERSION"));
    let store = health.store.unwrap();
    assert_eq!(store.path, bench.folder.path().join("runs.sqlite").to_str().unwrap());
    assert_eq!((store.unfinished_runs, store.overdue), (Some(1), Some(0)));
    assert!(store.bytes.unwrap() > 4_096);
    assert_eq!(health.queue_depth, 0);
    if cfg!(target_os = "linux") {
        assert!(health.memory_bytes.unwrap() > 1 << 20);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_wait_are_counted() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    let holder = bench.store();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answering = answer(&bench.engine, &run, "ask", json!("green"));
    let looking = async {
        while bench.engine.health().await.unwrap().queue_depth == 0 {
            tokio::task::yield_now().await;
        }
        holder.execute_batch("ROLLBACK").unwrap();
    };
    tokio::join!(answering, looking);
    assert_eq!(bench.engine.health().await.unwrap().queue_depth, 0);
}

#[tokio::test]
async fn what_is_wrong_is_told_with_what_to_do() {
    let bench = Bench::with(|options| options.limits.set(Limit::Runs, 1).unwrap());
    script(&bench.engine, json!([{"wait": 5}])).await;
    bench.sleep(90);
    let health = bench.engine.health().await.unwrap();
    assert_eq!(health.status, HealthStatus::Degraded);
    let told: Vec<_> = health.problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("the limit of 1 unfinished run is reached"), "{told:?}");
    assert!(told[1].contains("overdue"), "{told:?}");

    bench.store().execute_batch("DROP TABLE counts").unwrap();
    let health = bench.engine.health().await.unwrap();
    assert_eq!(health.status, HealthStatus::Degraded);
    assert_eq!(health.store.unwrap().unfinished_runs, None);
    assert!(health.problems[0].message.contains("counts"), "{:?}", health.problems);
}

#[tokio::test]
async fn connectors_are_told_with_their_calls() {
    let outside = Arc::<Outside>::default();
    let mut bench = Bench::with(|options| options.connectors = outside.connectors());
    let note = |text: &str| json!([{"tool": "out.note", "parameters": {"text": text}}]);
    script(&bench.engine, note("a")).await;
    script(&bench.engine, note("b")).await;
    let caller = bench.engine.caller();
    let (_, call) = caller.due().unwrap().remove(0);
    let ready = caller.prepare(&call).await.unwrap().unwrap();
    caller.begin(&call, ready.repeatable).await.unwrap();
    let health = bench.engine.health().await.unwrap();
    let expected = ConnectorHealth {
        drifted: Vec::new(),
        name: "out".to_owned(),
        reach: Reach::Connected,
        last_error: None,
        calls_under_way: 1,
        calls_waiting: 1,
    };
    assert_eq!((health.status, health.connectors), (HealthStatus::Ok, vec![expected]));
    let text = crate::words::health(&bench.engine.health().await.unwrap());
    assert!(text.contains("Connector out: connected, calls under way 1, waiting 1."), "{text}");

    // One that has no connector tells what others have left to nobody.
    bench.connectors = Connectors::default();
    let other = bench.another();
    assert_eq!(other.health().await.unwrap().status, HealthStatus::Ok, "who calls lives");
    bench.engine.die();
    let health = other.health().await.unwrap();
    assert_eq!(health.status, HealthStatus::Degraded);
    let problem = &health.problems[0];
    assert!(problem.message.starts_with("2 calls to the server `out`"), "{problem:?}");
    assert!(problem.help.contains("--connectors"), "{problem:?}");
}

#[tokio::test]
async fn a_connector_that_cannot_be_started_is_told_with_its_cause() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mcp.json");
    std::fs::write(&file, r#"{"mcpServers": {"gone": {"command": "/nowhere/gone"}}}"#).unwrap();
    let connectors = crate::connectors::config::read(&file).unwrap();
    let bench = Bench::with(|options| options.connectors = connectors);
    let idle = bench.engine.health().await.unwrap();
    assert_eq!((idle.status, idle.connectors[0].reach), (HealthStatus::Ok, Reach::Idle));
    script(&bench.engine, json!([{"tool": "gone.read", "parameters": {}}])).await;
    let caller = bench.engine.caller();
    let (_, call) = caller.due().unwrap().remove(0);
    caller.make(call).await;
    let health = bench.engine.health().await.unwrap();
    let connector = &health.connectors[0];
    assert_eq!((health.status, connector.reach), (HealthStatus::Degraded, Reach::Failed));
    let error = connector.last_error.as_ref().unwrap();
    assert!(error.message.contains("its program could not be started"), "{error:?}");
    assert!(health.problems[0].message.contains("the server `gone` cannot be called"));
    assert!(health.problems[0].help.contains("doctor"), "{:?}", health.problems);
}

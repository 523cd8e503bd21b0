//! How the engine is, as it tells it.

use super::*;
use crate::engine::HealthStatus;

#[tokio::test]
async fn figures_are_measured() {
    let bench = Bench::with(|options| options.limits.set(Limit::Runs, 2).unwrap());
    start(&bench.engine, "test:plan", tea()).await;
    let health = bench.engine.health().await.unwrap();
    assert_eq!((health.status, health.engine.as_str()), (HealthStatus::Ok, "embedded"));
    assert_eq!(health.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(health.store.path, bench.folder.path().join("runs.sqlite").to_str().unwrap());
    assert_eq!((health.store.unfinished_runs, health.store.overdue), (Some(1), Some(0)));
    assert!(health.store.bytes.unwrap() > 4_096);
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
    assert_eq!((health.status, health.store.unfinished_runs), (HealthStatus::Degraded, None));
    assert!(health.problems[0].message.contains("counts"), "{:?}", health.problems);
}

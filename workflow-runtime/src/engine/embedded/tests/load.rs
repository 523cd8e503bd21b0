//! Load: many runs, many children, many updates, a long run, and runs that are hardly begun before
//! they are over.

use std::sync::atomic::AtomicUsize;

use super::*;
use crate::machine::Status;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_concurrent_workflows() {
    let bench = Bench::new();
    let engine = Arc::new(bench.another());
    let runs: Vec<_> = (0..10)
        .map(|n| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let asks = json!([{"ask": "a"}, {"each": [[{"ask": "b"}], [{"ask": "c"}]]}]);
                let mut reply = script(&engine, asks).await;
                while reply.status == Status::Waiting {
                    reply = answer_step(&engine, &reply, json!(format!("run {n}"))).await;
                }
                assert_eq!(reply.result.unwrap()[0], format!("run {n}"));
            })
        })
        .collect();
    for run in runs {
        run.await.unwrap();
    }
    bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_parallel_foreach_items() {
    let bench = Bench::new();
    let engine = Arc::new(bench.another());
    let items: Vec<usize> = (0..100).collect();
    let inputs = json!({"items": items, "agent": "@task", "at_once": 100});
    let reply = start(&engine, "test:fan", inputs).await;
    let children = children(&reply);
    assert_eq!(children.len(), 100, "all are under way at once");
    let working: Vec<_> = children
        .into_iter()
        .map(|child| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let reply = engine.next(&child.run_id).await.unwrap();
                answer_step(&engine, &reply, json!(format!("item {}", child.index))).await
            })
        })
        .collect();
    for child in working {
        assert_eq!(child.await.unwrap().status, Status::Completed);
    }
    let reply = engine.next(&reply.run_id).await.unwrap();
    let expected: Vec<Value> =
        items.iter().map(|n| json!([n, 100, n, format!("item {n}")])).collect();
    assert_eq!(reply.result, Some(json!(expected)));
    bench.assert_folds();
}

#[tokio::test]
async fn a_thousand_state_updates_in_one_commit() {
    let bench = Bench::new();
    let options = options(&bench.folder, &bench.clock);
    let mut db = super::super::tables::open(&options.path, options.busy_timeout).unwrap();
    let commits = Arc::new(AtomicUsize::new(0));
    let counted = commits.clone();
    let count = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    db.commit_hook(Some(count)).unwrap();
    let engine = Embedded::on(db, sample::registry(), options).unwrap();
    let reply = start(&engine, "test:count", json!({"to": 1_000})).await;
    assert_eq!((reply.status, reply.result), (Status::Completed, Some(json!(1_000))));
    assert_eq!(commits.load(Ordering::Relaxed), 1);
    let stepped = "SELECT count(*) FROM journal WHERE kind = 'stepped'";
    let updates: usize = bench.store().query_row(stepped, [], |row| row.get(0)).unwrap();
    assert!(updates >= 1_000, "each is journaled");
    bench.assert_folds();
}

/// By the fake clock: waits, a pause before another attempt, and a server that is killed each time
#[tokio::test]
async fn a_run_of_an_hour() {
    let mut bench = Bench::new();
    let ask = json!({"ask": "still there?", "timeout": 1_200, "retry": retry(2, 600.0)});
    let steps = json!([{"wait": 1_500}, ask, {"wait": 900}]);
    let run = script(&bench.engine, steps).await.run_id;
    for minutes in 1..=25 {
        let reply = bench.engine.next(&run).await.unwrap();
        assert_eq!(step_id(&reply), "s0", "after {minutes} minutes");
        bench.kill();
        bench.sleep(60);
    }
    fails(&bench.engine, &run, "s1", "not now").await;
    bench.kill();
    bench.sleep(600);
    let reply = bench.engine.next(&run).await.unwrap();
    bench.sleep(600);
    bench.kill();
    answer_step(&bench.engine, &reply, json!("yes")).await;
    bench.sleep(900);
    let reply = bench.engine.next(&run).await.unwrap();
    let results = json!([{"waited_seconds": 1500.0}, "yes", {"waited_seconds": 900.0}]);
    assert_eq!((reply.status, reply.result), (Status::Completed, Some(results)));
    let status = bench.engine.status(&run).await.unwrap();
    let at = |time: &str| time.parse::<Timestamp>().unwrap();
    assert_eq!(at(&status.updated_at).duration_since(at(&status.created_at)).as_secs(), 3_600);
    bench.assert_folds();
}

#[tokio::test]
async fn rapid_start_and_cancel() {
    let bench = Bench::with(|options| options.limits.set(Limit::Runs, 3).unwrap());
    let engine = &bench.engine;
    let children = json!([{"each": [[{"ask": "a"}], [{"wait": 50}]], "agent": "@task"}]);
    for _ in 0..100 {
        let run = script(engine, children.clone()).await.run_id;
        let reply = engine.cancel(&run, None).await.unwrap();
        assert_eq!(reply.status, Status::Cancelled);
        assert_eq!(engine.cancel(&run, None).await.unwrap(), reply);
        let child = engine.next(&format!("{run}.s0.0")).await.unwrap();
        assert_eq!(child.status, Status::Cancelled);
    }
    assert_eq!(timers(&bench), 0);
    bench.assert_folds();
}

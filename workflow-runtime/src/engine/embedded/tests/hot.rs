//! What is kept decoded is never taken for what the store holds.

use super::super::hot::Hot;
use super::*;

fn hot() -> Hot {
    Hot::new(2, Duration::from_mins(5))
}

#[tokio::test]
async fn a_run_that_was_moved_is_not_decoded_again() {
    let bench = Bench::new();
    let reply = start(&bench.engine, "test:plan", tea()).await;
    answer_step(&bench.engine, &reply, json!("green")).await;
    let cache = bench.engine.health().await.unwrap().cache;
    assert_eq!((cache.runs, cache.misses), (1, 0));
    assert!(cache.hits > 0);

    let without = Bench::with(|options| options.cache_size = 0);
    let reply = start(&without.engine, "test:plan", tea()).await;
    answer_step(&without.engine, &reply, json!("green")).await;
    let cache = without.engine.health().await.unwrap().cache;
    assert_eq!((cache.runs, cache.hits), (0, 0));
}

#[tokio::test]
async fn what_another_process_wrote_counts() {
    let bench = Bench::new();
    let other = bench.another();
    let reply = start(&bench.engine, "test:plan", tea()).await;
    let after = answer_step(&other, &reply, json!("green")).await;
    assert_eq!(bench.engine.next(&reply.run_id).await.unwrap(), after);
    let (run, step) = (&reply.run_id, step_id(&reply));
    let late = try_answer(&bench.engine, run, step, json!("black")).await;
    assert_eq!(refused(late), "already-answered");
}

#[tokio::test]
async fn what_was_rolled_back_is_never_seen() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    let (hot, db) = (hot(), bench.store());
    let stored = hot.get(&db, &run).unwrap();
    let mut undone = stored.clone();
    // As many events, by a command whose commit failed.
    undone.command = stored.command ^ 1;
    let mut snapshot = Snapshot::clone(undone.snapshot.as_ref().unwrap());
    snapshot.steps_done += 1;
    undone.snapshot = Some(Arc::new(snapshot));
    hot.keep(&undone);
    assert_eq!(hot.get(&db, &run).unwrap().snapshot, stored.snapshot);
    assert_eq!(hot.health().misses, 2);
}

#[tokio::test]
async fn no_more_are_kept_than_should_be() {
    let bench = Bench::new();
    let (hot, db) = (hot(), bench.store());
    for _ in 0..3 {
        let run = start(&bench.engine, "test:plan", tea()).await.run_id;
        hot.get(&db, &run).unwrap();
    }
    assert_eq!(hot.health().runs, 2);
    let short = Hot::new(10, Duration::ZERO);
    for _ in 0..3 {
        let run = start(&bench.engine, "test:plan", tea()).await.run_id;
        short.get(&db, &run).unwrap();
    }
    assert_eq!(short.health().runs, 1, "each makes the one before it leave");
}

//! Somebody waits until there is something to do.

use std::time::Instant;

use super::*;
use crate::machine::Status;

const LONG: Duration = Duration::from_secs(20);

/// Waits for a run, and what happens meanwhile; gives the reply, and how long it took
async fn wait_while(
    engine: &Embedded,
    run_id: &str,
    meanwhile: impl Future<Output = ()>,
) -> (Reply, Duration) {
    let since = Instant::now();
    let (reply, ()) = tokio::join!(engine.wait(run_id, LONG), meanwhile);
    (reply.unwrap(), since.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_does_in_this_server_is_heard_of() {
    let bench = Bench::new();
    let run = script(&bench.engine, json!([{"ask": "sign?", "user_only": true}])).await.run_id;
    let (reply, took) = wait_while(&bench.engine, &run, async {
        let signed = Answer::Result(json!("signed"));
        submit(&bench.engine, &run, "s0", signed, AnsweredBy::User).await.unwrap();
    })
    .await;
    assert_eq!(reply.status, Status::Completed);
    assert!(took < LONG / 2, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_another_server_does_is_heard_of() {
    let bench = Bench::new();
    let other = bench.another();
    let run = script(&bench.engine, json!([{"ask": "sign?", "user_only": true}])).await.run_id;
    let (reply, took) = wait_while(&bench.engine, &run, async {
        let signed = Answer::Result(json!("signed"));
        submit(&other, &run, "s0", signed, AnsweredBy::User).await.unwrap();
    })
    .await;
    assert_eq!(reply.status, Status::Completed);
    assert!(took < LONG / 2, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_parent_hears_of_its_children() {
    let bench = Bench::new();
    let each = json!([{"each": [[{"ask": "a"}]], "agent": "@task"}]);
    let parent = script(&bench.engine, each).await;
    let child = children(&parent)[0].run_id.clone();
    bench.engine.next(&child).await.unwrap();
    let (reply, took) = wait_while(&bench.engine, &parent.run_id, async {
        answer(&bench.engine, &child, "s0", json!("A")).await;
    })
    .await;
    assert_eq!(reply.result, Some(json!([[["A"]]])));
    assert!(took < LONG / 2, "{took:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_time_makes_due_ends_the_waiting() {
    let bench = Bench::with(|options| options.clock = Arc::new(crate::engine::SystemClock));
    let run = script(&bench.engine, json!([{"wait": 0.2}, {"ask": "well?"}])).await.run_id;
    let (reply, took) = wait_while(&bench.engine, &run, async {}).await;
    assert_eq!(step_id(&reply), "s1");
    assert!(took < LONG / 2, "{took:?}");
}

#[tokio::test]
async fn nobody_waits_where_there_is_something_to_do_or_nothing_more() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:plan", tea()).await;
    let (reply, took) = wait_while(&bench.engine, &run.run_id, async {}).await;
    assert_eq!(reply, run);
    assert!(took < LONG / 2, "{took:?}");
    let last = bench.engine.cancel(&run.run_id, None).await.unwrap();
    assert_eq!(bench.engine.wait(&run.run_id, LONG).await.unwrap(), last);
    assert_eq!(bench.engine.wait("no-run", LONG).await.unwrap_err().code, "unknown-run");
}

#[tokio::test]
async fn who_has_waited_in_vain_is_told_how_it_stands() {
    let bench = Bench::new();
    let run = script(&bench.engine, json!([{"ask": "sign?", "user_only": true}])).await;
    let reply = bench.engine.wait(&run.run_id, Duration::from_millis(30)).await.unwrap();
    assert_eq!(reply, run);
}

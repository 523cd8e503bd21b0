//! Damaged records: mended from a whole journal, else kept apart, while the others go on.

use super::super::upkeep;
use super::*;
use crate::machine::Status;

/// As after a restart: no run is kept decoded that would still be known well
fn bench() -> Bench {
    Bench::with(|options| options.cache_size = 0)
}

/// Changes a run's record behind the engine's back
fn spoil(bench: &Bench, sql: &str, run_id: &str) {
    assert!(bench.store().execute(sql, [run_id]).unwrap() > 0, "{sql}");
}

const JOURNAL: &str = "UPDATE journal SET data = x'7b7d' WHERE run_id = ? AND seq = 1";
const SNAPSHOT: &str = "UPDATE snapshots SET data = x'7b7d' WHERE run_id = ?";

/// Spoils a run for good: the journal, which has no snapshot beside it
fn ruin(bench: &Bench, run_id: &str) {
    bench.store().execute("DELETE FROM snapshots WHERE run_id = ?", [run_id]).unwrap();
    spoil(bench, JOURNAL, run_id);
}

fn unfinished(bench: &Bench) -> i64 {
    let sql = "SELECT value FROM counts WHERE name = 'unfinished_runs'";
    bench.store().query_row(sql, [], |row| row.get(0)).unwrap()
}

#[tokio::test]
async fn a_damaged_snapshot_is_made_anew_from_the_journal() {
    for damage in [
        SNAPSHOT,
        "UPDATE snapshots SET data = CAST(replace(data, '\"asked\":1', '\"asked\":9') AS BLOB)
         WHERE run_id = ?",
        "UPDATE snapshots SET seq = seq + 1 WHERE run_id = ?",
        "DELETE FROM snapshots WHERE run_id = ?",
    ] {
        let bench = bench();
        let run = start(&bench.engine, "test:plan", tea()).await.run_id;
        let before = answer(&bench.engine, &run, "ask", json!("again")).await;
        bench.store_snapshots();
        spoil(&bench, damage, &run);
        assert_eq!(bench.engine.next(&run).await.unwrap(), before, "{damage}");
        answer(&bench.engine, &run, "ask#2", json!("green")).await;
        let last = answer(&bench.engine, &run, "approve", json!({"confirmed": true})).await;
        assert_eq!(last.result.unwrap()["asked"], 2);
        bench.assert_folds();
    }
}

#[tokio::test]
async fn a_damaged_run_is_kept_apart_and_the_others_go_on() {
    let bench = bench();
    let lost = script(&bench.engine, json!([{"wait": 5}, {"ask": "a"}])).await.run_id;
    let run = script(&bench.engine, json!([{"wait": 5}, {"ask": "b"}])).await.run_id;
    ruin(&bench, &lost);
    bench.sleep(6);
    let page = bench.engine.list(RunFilter::default()).await.unwrap();
    let standing: Vec<_> = page.runs.iter().map(|run| run.status).collect();
    assert_eq!(standing, [Status::Waiting, Status::Quarantined]);
    assert_eq!(step_id(&bench.engine.next(&run).await.unwrap()), "s1");

    let reply = bench.engine.next(&lost).await.unwrap();
    assert_eq!((reply.status, failure(&reply)), (Status::Quarantined, "quarantined"));
    let error = reply.error.unwrap();
    assert!(error.message.contains("checksum"), "{error:?}");
    let help = error.help.unwrap();
    assert!(help.contains("runs export") && help.contains("restore"), "{help}");
    assert_eq!((unfinished(&bench), timers(&bench)), (1, 0));
    let outcome = try_answer(&bench.engine, &lost, "s1", json!("a")).await;
    assert_eq!(refused(outcome), "quarantined");
    assert_eq!(refused(bench.engine.retry(&lost).await), "quarantined");
    assert_eq!(bench.engine.cancel(&lost, None).await.unwrap().status, Status::Quarantined);
    assert_eq!(bench.engine.status(&lost).await.unwrap().status, Status::Quarantined);
    let only = RunFilter { status: Some(Status::Quarantined), ..RunFilter::default() };
    assert_eq!(bench.engine.list(only).await.unwrap().runs.len(), 1);
    let checked = upkeep::check(&bench.folder.path().join("runs.sqlite")).unwrap();
    assert_eq!(checked.problems.len(), 1, "{:?}", checked.problems);
    assert!(
        checked.problems[0].message.starts_with(&format!("quarantined: `{lost}`")),
        "{:?}",
        checked.problems
    );
}

#[tokio::test]
async fn a_damaged_child_has_failed_to_its_parent() {
    for (keep, told) in [(false, Status::Failed), (true, Status::Completed)] {
        let bench = bench();
        let scripts = json!([[{"ask": "a"}], [{"ask": "b"}]]);
        let each = json!({"each": scripts, "agent": "@task", "keep": keep});
        let run = script(&bench.engine, json!([each])).await.run_id;
        ruin(&bench, &format!("{run}.s0.0"));
        let child = bench.engine.next(&format!("{run}.s0.0")).await.unwrap();
        assert_eq!(child.status, Status::Quarantined);
        assert_eq!(bench.engine.next(&run).await.unwrap().status, Status::Waiting);
        answer(&bench.engine, &format!("{run}.s0.1"), "s0", json!("B")).await;
        let parent = bench.engine.next(&run).await.unwrap();
        assert_eq!(parent.status, told);
        if keep {
            assert_eq!(parent.result, Some(json!([[null, ["B"]]])));
        } else {
            let message = &parent.error.as_ref().unwrap().message;
            assert!(
                message.contains("1 of 2 children failed") && message.contains("checksum"),
                "{message}"
            );
        }
        assert_eq!(unfinished(&bench), 0);
    }
}

#[tokio::test]
async fn a_child_goes_on_though_its_parent_is_damaged() {
    let bench = bench();
    let each = json!({"each": [[{"ask": "a"}], [{"ask": "b"}]], "agent": "@task", "at_once": 1});
    let run = script(&bench.engine, json!([each])).await.run_id;
    ruin(&bench, &run);
    let child = format!("{run}.s0.0");
    let done = answer(&bench.engine, &child, "s0", json!("A")).await;
    assert_eq!((done.status, done.result), (Status::Completed, Some(json!(["A"]))));
    let second = format!("{run}.s0.1");
    assert_eq!(answer(&bench.engine, &second, "s0", json!("B")).await.status, Status::Completed);
    assert_eq!(bench.engine.next(&run).await.unwrap().status, Status::Quarantined);
    assert_eq!(unfinished(&bench), 0);
}

#[tokio::test]
async fn a_queued_child_that_cannot_begin_is_kept_apart() {
    for damage in [
        "UPDATE runs SET start = x'7b' WHERE id = ?",
        "UPDATE runs SET start = CAST(replace(start, '\"b\"', '\"c\"') AS BLOB) WHERE id = ?",
    ] {
        let bench = bench();
        let each =
            json!({"each": [[{"ask": "a"}], [{"ask": "b"}]], "agent": "@task", "at_once": 1});
        let run = script(&bench.engine, json!([each])).await.run_id;
        spoil(&bench, damage, &format!("{run}.s0.1"));
        answer(&bench.engine, &format!("{run}.s0.0"), "s0", json!("A")).await;
        let parent = bench.engine.next(&run).await.unwrap();
        assert_eq!((parent.status, failure(&parent)), (Status::Failed, "children-failed"));
    }
}

#[tokio::test]
async fn what_a_child_began_with_is_forgotten_where_it_is_damaged() {
    let bench = bench();
    let each = json!({"each": [[{"ask": "a"}]], "agent": "@task"});
    let run = script(&bench.engine, json!([each])).await.run_id;
    let child = format!("{run}.s0.0");
    let spoilt =
        "UPDATE runs SET start = CAST(replace(start, '\"a\"', '\"c\"') AS BLOB) WHERE id = ?";
    spoil(&bench, spoilt, &child);
    assert_eq!(answer(&bench.engine, &child, "s0", json!("A")).await.status, Status::Completed);
    assert_eq!(bench.engine.next(&run).await.unwrap().result, Some(json!([[["A"]]])));
    bench.assert_folds();
}

#[tokio::test]
async fn a_file_that_is_damaged_under_a_server_is_named_with_what_to_do() {
    let bench = bench();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    let path = bench.folder.path().join("runs.sqlite");
    let db = bench.store();
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let length = std::fs::metadata(&path).unwrap().len();
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(4_096).unwrap();
    file.set_len(length).unwrap();
    let other = Embedded::open(sample::registry(), options(&bench.folder, &bench.clock));
    let error = match other {
        Ok(engine) => engine.next(&run).await.unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.code, "store");
    assert!(error.message.contains(path.to_str().unwrap()), "{error}");
    assert!(error.help.contains("doctor") && error.help.contains("restore"), "{error:?}");
}

//! Runs by the page.

use super::super::list as lists;
use super::*;
use crate::engine::{RunEntry, RunPage};
use crate::machine::Status;

async fn list(engine: &Embedded, filter: RunFilter) -> RunPage {
    engine.list(filter).await.unwrap()
}

fn ids(runs: &[RunEntry]) -> Vec<&str> {
    runs.iter().map(|run| run.run_id.as_str()).collect()
}

fn only(status: Status) -> RunFilter {
    RunFilter { status: Some(status), ..RunFilter::default() }
}

#[tokio::test]
async fn pages_hold_every_run_once_though_runs_are_added_and_move() {
    let bench = Bench::new();
    let mut all = Vec::new();
    for _ in 0..130 {
        all.push(start(&bench.engine, "test:plan", tea()).await.run_id);
    }
    all.reverse();
    let mut seen = Vec::new();
    let mut cursor = None;
    loop {
        let filter = RunFilter { cursor, ..RunFilter::default() };
        let page = list(&bench.engine, filter).await;
        assert!(page.runs.len() <= 50);
        seen.extend(page.runs);
        start(&bench.engine, "test:plan", tea()).await;
        bench.engine.cancel(&all[129], None).await.unwrap();
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ids(&seen), all);
    assert_eq!(seen[129].status, Status::Cancelled);
    assert_eq!(seen[0].position.as_deref(), Some("ask"));
}

#[tokio::test]
async fn runs_are_found_by_how_they_stand_and_by_their_workflow() {
    let bench = Bench::new();
    let waits = start(&bench.engine, "test:plan", tea()).await.run_id;
    let fails_ = script(&bench.engine, json!([{"ask": "well?"}])).await.run_id;
    fails(&bench.engine, &fails_, "s0", &"no kettle ".repeat(1_000)).await;
    let rests = script(&bench.engine, json!([{"ask": "well?", "retry": retry(2, 60.0)}])).await;
    fails(&bench.engine, &rests.run_id, "s0", "no kettle").await;
    let kept = script(&bench.engine, json!([{"ask": "well?"}])).await.run_id;
    let sql = "UPDATE runs SET fingerprint = 'old' WHERE id = ?";
    bench.store().execute(sql, [&kept]).unwrap();

    let found = async |status| list(&bench.engine, only(status)).await.runs;
    assert_eq!(ids(&found(Status::Waiting).await), [&waits]);
    assert_eq!(ids(&found(Status::Running).await), [&rests.run_id]);
    assert_eq!(ids(&found(Status::Incompatible).await), [&kept]);
    let failed = found(Status::Failed).await;
    assert_eq!(ids(&failed), [&fails_]);
    let error = failed[0].error.as_deref().unwrap();
    assert!(error.starts_with("no kettle") && error.len() < 300, "{error}");
    assert!(found(Status::Completed).await.is_empty());

    let of = |workflow: &str| RunFilter { workflow: Some(workflow.into()), ..RunFilter::default() };
    assert_eq!(ids(&list(&bench.engine, of("test:plan")).await.runs), [&waits]);
    let both = RunFilter { status: Some(Status::Failed), ..of("test:script") };
    assert_eq!(ids(&list(&bench.engine, both).await.runs), [&fails_]);
    let error = bench.engine.list(of("test:plam")).await.unwrap_err();
    assert_eq!(error.code, "unknown-workflow");
    assert!(error.help.contains("`test:plan`"), "{error:?}");
    let lost = RunFilter { cursor: Some("page-2".into()), ..RunFilter::default() };
    assert_eq!(bench.engine.list(lost).await.unwrap_err().code, "bad-cursor");
}

#[tokio::test]
async fn runs_that_are_kept_are_found_by_the_page() {
    let bench = Bench::new();
    let mut kept = Vec::new();
    for number in 0..230 {
        let run = start(&bench.engine, "test:plan", tea()).await.run_id;
        if number % 40 == 7 {
            let sql = "UPDATE runs SET fingerprint = 'old' WHERE id = ?";
            bench.store().execute(sql, [&run]).unwrap();
            kept.insert(0, run);
        }
    }
    // A parent whose child is kept has nothing to do, either.
    let parent = script(&bench.engine, json!([{"each": [[{"ask": "a"}]]}])).await.run_id;
    let sql = "UPDATE runs SET fingerprint = 'old' WHERE parent_id = ?";
    bench.store().execute(sql, [&parent]).unwrap();
    kept.insert(0, parent);
    assert_eq!(bench.engine.status(&kept[3]).await.unwrap().status, Status::Incompatible);
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let filter = RunFilter { cursor, limit: Some(2), ..only(Status::Incompatible) };
        let page = list(&bench.engine, filter).await;
        assert!(page.runs.len() <= 2 && page.runs.iter().all(|run| run.error.is_some()));
        seen.extend(page.runs);
        cursor = page.cursor;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(ids(&seen), kept);
}

#[tokio::test]
async fn children_are_not_listed_and_what_is_due_is_applied_first() {
    let bench = Bench::new();
    let parent = script(&bench.engine, json!([{"each": [[{"ask": "a"}], [{"ask": "b"}]]}])).await;
    let waits = script(&bench.engine, json!([{"wait": 5}])).await;
    let lost = script(&bench.engine, json!([{"wait": 5}])).await.run_id;
    let sql = "UPDATE runs SET fingerprint = 'old' WHERE id = ?";
    bench.store().execute(sql, [&lost]).unwrap();
    bench.sleep(6);
    let page = list(&bench.engine, RunFilter::default()).await;
    assert_eq!(ids(&page.runs), [&lost, &waits.run_id, &parent.run_id]);
    let standing: Vec<_> = page.runs.iter().map(|run| run.status).collect();
    assert_eq!(standing, [Status::Incompatible, Status::Completed, Status::Waiting]);
}

#[tokio::test]
async fn the_lists_are_served_by_indexes() {
    let bench = Bench::new();
    let db = bench.store();
    for (among, of_workflow) in
        lists::among(None).into_iter().flat_map(|among| [(among, false), (among, true)])
    {
        let sql = format!("EXPLAIN QUERY PLAN {}", lists::sql(among, of_workflow));
        let mut explained = db.prepare(&sql).unwrap();
        let unbound = vec![rusqlite::types::Null; explained.parameter_count()];
        let parameters = rusqlite::params_from_iter(unbound);
        let plan = explained.query_map(parameters, |row| row.get::<_, String>(3)).unwrap();
        let plan: Vec<String> = plan.map(Result::unwrap).collect();
        assert_eq!(plan.len(), 1, "nothing is sorted: {plan:?}");
        assert!(plan[0].starts_with("SEARCH runs USING"), "{plan:?}");
    }
}

//! The file: crashes, several servers on it, files that are none.

use rusqlite::params;

use super::super::{tables, upkeep};
use super::*;
use crate::machine::Status;

#[tokio::test]
async fn a_killed_server_loses_nothing_that_it_has_said() {
    let mut bench = Bench::new();
    let mut reply = start(&bench.engine, "test:plan", tea()).await;
    let run = reply.run_id.clone();
    for (step, result) in [
        ("ask", json!("again")),
        ("ask#2", json!("green")),
        ("approve", json!({"confirmed": true})),
    ] {
        bench.kill();
        assert_eq!(bench.engine.next(&run).await.unwrap(), reply);
        reply = answer(&bench.engine, &run, step, result.clone()).await;
        bench.kill();
        assert_eq!(answer(&bench.engine, &run, step, result).await, reply);
        bench.assert_folds();
    }
    assert_eq!(reply.status, Status::Completed);
}

#[tokio::test]
async fn two_servers_on_one_file_move_one_run_by_turns() {
    let bench = Bench::new();
    let other = bench.another();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    assert_eq!(step_id(&answer(&other, &run, "ask", json!("again")).await), "ask#2");
    assert_eq!(step_id(&answer(&bench.engine, &run, "ask#2", json!("green")).await), "approve");
    let last = answer(&other, &run, "approve", json!({"confirmed": true})).await;
    assert_eq!(bench.engine.next(&run).await.unwrap(), last);
    bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_servers_that_answer_at_once_one_is_first() {
    let bench = Bench::new();
    let other = bench.another();
    for _ in 0..20 {
        let run = start(&bench.engine, "test:plan", tea()).await.run_id;
        let (one, two) = tokio::join!(
            try_answer(&bench.engine, &run, "ask", json!("green")),
            try_answer(&other, &run, "ask", json!("black")),
        );
        assert_eq!(usize::from(one.is_ok()) + usize::from(two.is_ok()), 1, "{one:?} {two:?}");
        assert_eq!(one.or(two).map(|reply| step_id(&reply).to_owned()).unwrap(), "approve");
    }
    bench.assert_folds();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_runs_at_once_all_go_on() {
    let bench = Bench::new();
    let engine = Arc::new(bench.engine);
    let runs: Vec<_> = (0..50)
        .map(|_| {
            let engine = engine.clone();
            tokio::spawn(async move {
                let run = start(&engine, "test:plan", tea()).await.run_id;
                answer(&engine, &run, "ask", json!("green")).await;
                answer(&engine, &run, "approve", json!({"confirmed": true})).await
            })
        })
        .collect();
    for run in runs {
        assert_eq!(run.await.unwrap().status, Status::Completed);
    }
}

#[tokio::test]
async fn a_run_of_a_changed_workflow_is_kept_and_told() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    bench.store().execute("UPDATE runs SET fingerprint = 'old'", []).unwrap();
    let reply = bench.engine.next(&run).await.unwrap();
    assert_eq!((reply.status, failure(&reply)), (Status::Incompatible, "incompatible"));
    assert!(reply.error.unwrap().message.contains("has changed since"));
    let outcome = try_answer(&bench.engine, &run, "ask", json!("green")).await;
    assert_eq!(refused(outcome), "incompatible");
    let cancelled = bench.engine.cancel(&run, None).await.unwrap();
    assert_eq!(cancelled.status, Status::Cancelled);
}

#[tokio::test]
async fn a_damaged_journal_is_not_told_as_truth() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    answer(&bench.engine, &run, "ask", json!("again")).await;
    answer(&bench.engine, &run, "ask#2", json!("green")).await;
    let spoil = "UPDATE journal SET data = CAST(replace(data, 'again', 'never') AS BLOB)
        WHERE step_id = 'ask'";
    bench.store().execute(spoil, []).unwrap();
    let outcome = try_answer(&bench.engine, &run, "ask", json!("never")).await;
    assert_eq!(refused(outcome), "quarantined");
}

fn open(path: &Path) -> Result<Embedded, EngineError> {
    Embedded::open(sample::registry(), Options::new(path))
}

fn unusable(path: &Path) -> String {
    let error = open(path).err().unwrap();
    assert_eq!(error.code, "store");
    error.message
}

#[test]
fn files_that_are_no_store_are_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(unusable(folder.path()).contains("it is a folder"));

    std::fs::write(at("text"), "this is a letter, not a database, as anyone can see").unwrap();
    assert!(unusable(&at("text")).contains("not a database"));
    assert!(unusable(&at("text/below")).contains("folder cannot be made"));
    assert!(std::fs::read_to_string(at("text")).unwrap().starts_with("this is a letter"));

    let theirs = Connection::open(at("theirs")).unwrap();
    theirs.execute_batch("CREATE TABLE songs (title TEXT)").unwrap();
    assert!(unusable(&at("theirs")).contains("another program's"));
    let tables: i64 =
        theirs.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
    assert_eq!(tables, 1);

    drop(open(&at("newer")).unwrap());
    let newer = Connection::open(at("newer")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    assert!(unusable(&at("newer")).contains("format 99"));
}

#[tokio::test]
async fn a_store_of_the_first_format_goes_on_with_its_timers() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:slow", json!({})).await.run_id;
    let old = bench.folder.path().join("old.sqlite");
    write_in_first_format(&bench.store(), &old);
    // The doctor reads its runs, and leaves it as it is.
    let before = std::fs::read(&old).unwrap();
    let findings = upkeep::check(&old).unwrap();
    assert_eq!((findings.runs, findings.events, findings.problems.len()), (1, 2, 0));
    assert!(std::fs::read(&old).unwrap() == before, "it was changed");
    let spoilt = bench.folder.path().join("spoilt.sqlite");
    std::fs::copy(&old, &spoilt).unwrap();
    let sql = "UPDATE journal SET data = x'7b7d' WHERE seq = 2";
    Connection::open(&spoilt).unwrap().execute(sql, []).unwrap();
    let findings = upkeep::check(&spoilt).unwrap();
    assert!(findings.problems[0].message.contains("event 2: its checksum is wrong"));
    let another = bench.another_on(&old);
    let looks: bool = Connection::open(&old)
        .unwrap()
        .query_row("SELECT look_at = due_at FROM timers", [], |row| row.get(0))
        .unwrap();
    assert!(looks);
    bench.sleep(61);
    assert_eq!(step_id(&another.next(&run).await.unwrap()), "ask");
}

/// A snapshot in a run's row was of all of its journal; what is stored of it goes on being read
#[tokio::test]
async fn a_store_that_keeps_snapshots_in_its_rows_goes_on_from_them() {
    let bench = Bench::new();
    let run = start(&bench.engine, "test:plan", tea()).await.run_id;
    let before = answer(&bench.engine, &run, "ask", json!("again")).await;
    let old = bench.folder.path().join("old.sqlite");
    let store = bench.store();
    write_in_format(7, &store, &old);
    let row = rows::get(&store, &run).unwrap();
    let data = serde_json::to_vec(&row.snapshot).unwrap();
    let old_rows = Connection::open(&old).unwrap();
    let sql = "UPDATE runs SET snapshot = ?, snapshot_sum = ?";
    old_rows.execute(sql, params![data, crc32fast::hash(&data)]).unwrap();
    let another = bench.another_on(&old);
    let kept = "SELECT seq, data FROM snapshots WHERE run_id = ?";
    let kept = old_rows.query_row(kept, [&run], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    assert_eq!(kept, (row.seq, data));
    assert_eq!(another.next(&run).await.unwrap(), before);
    assert_eq!(step_id(&answer(&another, &run, "ask#2", json!("green")).await), "approve");
}

/// A store as the first server to keep one would have written it
fn write_in_first_format(store: &Connection, path: &Path) {
    write_in_format(1, store, path);
}

/// A store as it was at an earlier version, without snapshots
fn write_in_format(version: usize, store: &Connection, path: &Path) {
    let old = Connection::open(path).unwrap();
    for migration in &tables::MIGRATIONS[..version] {
        old.execute_batch(migration).unwrap();
    }
    old.execute_batch("DELETE FROM counts").unwrap();
    old.pragma_update(None, "application_id", tables::APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", version).unwrap();
    store.execute("ATTACH ? AS old", [path.to_str().unwrap()]).unwrap();
    for table in ["runs", "journal", "starts", "timers", "counts"] {
        let both = "SELECT group_concat(name) FROM pragma_table_info(?1, 'old')
             WHERE name IN (SELECT name FROM pragma_table_info(?1, 'main'))";
        let columns: String = store.query_row(both, [table], |row| row.get(0)).unwrap();
        let copy =
            format!("INSERT INTO old.{table} ({columns}) SELECT {columns} FROM main.{table}");
        store.execute(&copy, []).unwrap();
    }
}

#[test]
fn servers_that_start_together_make_one_store() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs.sqlite");
    std::thread::scope(|scope| {
        let servers: Vec<_> = (0..8).map(|_| scope.spawn(|| open(&path).map(drop))).collect();
        for server in servers {
            server.join().unwrap().unwrap();
        }
    });
}

#[test]
fn folders_are_made_and_a_clean_end_leaves_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b/runs.sqlite");
    drop(open(&path).unwrap());
    assert!(exists(&path));
    assert!(!exists(&folder.path().join("a/b/runs.sqlite-wal")));
}

#[tokio::test]
async fn while_another_process_holds_the_store_nothing_is_lost() {
    let bench = Bench::with(|options| {
        options.busy_timeout = std::time::Duration::from_millis(50);
    });
    let before = start(&bench.engine, "test:plan", tea()).await;
    let holder = bench.store();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let outcome = try_answer(&bench.engine, &before.run_id, "ask", json!("green")).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.code, "store");
    assert!(error.message.contains("another process"), "{error}");
    // Reading goes on.
    assert_eq!(bench.engine.next(&before.run_id).await.unwrap(), before);
    holder.execute_batch("ROLLBACK").unwrap();
    answer(&bench.engine, &before.run_id, "ask", json!("green")).await;
}

#[tokio::test]
async fn a_full_disk_stops_the_command_and_nothing_else() {
    let bench = Bench::new();
    let before = start(&bench.engine, "test:plan", tea()).await;
    let run = before.run_id.clone();
    let long = "x".repeat(200_000);

    let options = options(&bench.folder, &bench.clock);
    let db = super::super::tables::open(&options.path, options.busy_timeout).unwrap();
    let pages: i64 = db.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    db.pragma_update_and_check(None, "max_page_count", pages + 4, |_| Ok(())).unwrap();
    let full = Embedded::on(db, sample::registry(), options).unwrap();
    let error = try_answer(&full, &run, "ask", json!(long)).await.unwrap_err();
    assert_eq!(error.code, "store");
    assert!(error.message.contains("the disk is full"), "{error}");
    assert_eq!(full.next(&run).await.unwrap(), before);

    assert_eq!(step_id(&answer(&bench.engine, &run, "ask", json!(long)).await), "approve");
    bench.assert_folds();
}

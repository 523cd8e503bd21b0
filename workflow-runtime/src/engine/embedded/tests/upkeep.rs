//! The store's file: checked, backed up, restored, written out.

use std::io::{Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::super::upkeep::{self, Findings, Restored};
use super::*;
use crate::machine::Status;

impl Bench {
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn check(&self) -> Findings {
        upkeep::check(&self.path("runs.sqlite")).unwrap()
    }

    /// Changes the store behind the engine's back, with the sums right or not
    fn spoil(&self, sql: &str, run_id: &str) {
        let changed = self.store().execute(sql, [run_id]).unwrap();
        assert!(changed > 0, "{sql}");
    }
}

fn restore(bench: &Bench, to: &str, replace: bool) -> Result<Restored, EngineError> {
    upkeep::restore(&bench.path("backup"), &bench.path(to), replace)
}

fn problems(findings: &Findings) -> Vec<&str> {
    findings.problems.iter().map(|problem| problem.message.as_str()).collect()
}

/// A run with children, one of them done; and one that has failed
async fn some_runs(bench: &Bench) -> (String, String) {
    let each = json!([{"each": [[{"ask": "a"}], [{"ask": "b"}]], "agent": "@task"}]);
    let parent = script(&bench.engine, each).await.run_id;
    answer(&bench.engine, &format!("{parent}.s0.0"), "s0", json!("A")).await;
    let failed = script(&bench.engine, json!([{"ask": "a"}])).await.run_id;
    fails(&bench.engine, &failed, "s0", "no network").await;
    (parent, failed)
}

#[tokio::test]
async fn a_sound_store_has_no_problems() {
    let bench = Bench::new();
    some_runs(&bench).await;
    let findings = bench.check();
    assert_eq!((findings.runs, problems(&findings)), (4, vec![]));
    assert_eq!(findings.by_status["waiting"], 2);
    assert!(findings.file_is_sound && findings.events > 8, "{findings:?}");
}

#[tokio::test]
async fn every_kind_of_damage_to_a_run_is_found() {
    for (sql, what) in [
        ("UPDATE journal SET data = x'7b7d' WHERE run_id = ? AND seq = 2", "checksum is wrong"),
        ("DELETE FROM journal WHERE run_id = ? AND seq = 2", "event 2 is missing"),
        ("DELETE FROM journal WHERE run_id = ? AND seq = 4", "has 3 events, it should have 4"),
        (
            "UPDATE snapshots SET data = replace(data, 'network', 'netwürk') WHERE run_id = ?",
            "the checksum of its snapshot is wrong",
        ),
        ("UPDATE snapshots SET seq = 9 WHERE run_id = ?", "it has 9 events, it should have 4"),
        ("UPDATE runs SET status = 'completed' WHERE id = ?", "status is not what the journal"),
    ] {
        let bench = Bench::new();
        let (_, failed) = some_runs(&bench).await;
        bench.store_snapshots();
        let sql = sql.replace("replace(", "CAST(replace(").replace("würk')", "würk') AS BLOB)");
        bench.spoil(&sql, &failed);
        let findings = bench.check();
        let [problem] = &problems(&findings)[..] else { panic!("{sql}: {findings:?}") };
        assert!(problem.contains(what) && problem.contains(&failed), "{sql}: {problem}");
    }
}

#[tokio::test]
async fn counts_that_do_not_hold_are_found() {
    let bench = Bench::new();
    some_runs(&bench).await;
    bench.store().execute_batch("UPDATE counts SET value = 7").unwrap();
    assert_eq!(problems(&bench.check()), ["7 unfinished runs counted, 1 there"]);
}

#[tokio::test]
async fn a_backup_made_under_load_goes_on_elsewhere() {
    let bench = Bench::new();
    let (parent, failed) = some_runs(&bench).await;
    let load = async {
        let mut runs = Vec::new();
        for _ in 0..50 {
            let run = start(&bench.engine, "test:plan", tea()).await.run_id;
            answer(&bench.engine, &run, "ask", json!("green")).await;
            runs.push(run);
        }
        runs
    };
    let (from, to) = (bench.path("runs.sqlite"), bench.path("backup"));
    let backing_up = tokio::task::spawn_blocking(move || upkeep::backup(&from, &to));
    let (runs, made) = tokio::join!(load, backing_up);
    let made = made.unwrap().unwrap();
    assert_eq!(problems(&made), Vec::<&str>::new());
    assert_eq!(Path::new(&made.path), bench.path("backup"));

    let restored = restore(&bench, "elsewhere/runs.sqlite", false).unwrap();
    assert_eq!((restored.backup.runs, restored.kept), (made.runs, None));
    let engine = bench.another_on(&bench.path("elsewhere/runs.sqlite"));
    let child = format!("{parent}.s0.1");
    answer(&engine, &child, "s0", json!("B")).await;
    assert_eq!(engine.next(&parent).await.unwrap().result, Some(json!([[["A"], ["B"]]])));
    engine.retry(&failed).await.unwrap();
    let mut gone_on = 0;
    for run in runs {
        // One that began after the backup is not in it.
        let Ok(reply) = engine.next(&run).await else { continue };
        let done = match step_id(&reply) {
            "ask" => answer(&engine, &run, "ask", json!("green")).await,
            _ => reply,
        };
        answer_step(&engine, &done, json!({"confirmed": true})).await;
        gone_on += 1;
    }
    assert_eq!(gone_on, made.runs - 4);
    let again = upkeep::check(&bench.path("elsewhere/runs.sqlite")).unwrap();
    assert_eq!(problems(&again), Vec::<&str>::new());
}

#[tokio::test]
async fn a_backup_overwrites_nothing_and_leaves_nothing_half_done() {
    let bench = Bench::new();
    some_runs(&bench).await;
    std::fs::write(bench.path("letter"), "dear store").unwrap();
    let backup = |to: PathBuf| upkeep::backup(&bench.path("runs.sqlite"), &to).unwrap_err();
    assert_eq!(backup(bench.path("letter")).code, "exists");
    assert_eq!(std::fs::read_to_string(bench.path("letter")).unwrap(), "dear store");
    assert_eq!(backup(bench.path("no/folder")).code, "backup");
    let missing = upkeep::backup(&bench.path("no-store"), &bench.path("backup")).unwrap_err();
    assert!(missing.message.contains("there is no such file"), "{missing}");
    let names = std::fs::read_dir(bench.folder.path()).unwrap();
    let names: Vec<_> =
        names.map(|name| name.unwrap().file_name().into_string().unwrap()).collect();
    assert!(
        names.iter().all(|name| name.starts_with("runs.sqlite") || name == "letter"),
        "{names:?}"
    );
}

#[tokio::test]
async fn a_store_that_is_used_or_holds_anything_is_not_restored_over() {
    let mut bench = Bench::new();
    let (parent, _) = some_runs(&bench).await;
    upkeep::backup(&bench.path("runs.sqlite"), &bench.path("backup")).unwrap();
    let later = start(&bench.engine, "test:plan", tea()).await.run_id;
    let error = restore(&bench, "runs.sqlite", true).unwrap_err();
    assert_eq!(error.code, "in-use");
    answer(&bench.engine, &later, "ask", json!("green")).await;

    bench.engine = bench.another_on(&bench.path("another"));
    assert_eq!(restore(&bench, "runs.sqlite", false).unwrap_err().code, "not-empty");
    let restored = restore(&bench, "runs.sqlite", true).unwrap();
    bench.engine = bench.another();
    assert_eq!(bench.engine.next(&later).await.unwrap_err().code, "unknown-run");
    assert_eq!(bench.engine.next(&parent).await.unwrap().status, Status::Waiting);
    let kept = bench.another_on(&restored.kept.unwrap());
    assert_eq!(step_id(&kept.next(&later).await.unwrap()), "approve");
}

#[tokio::test]
async fn a_backup_that_is_none_or_damaged_is_refused() {
    let bench = Bench::new();
    some_runs(&bench).await;
    std::fs::write(bench.path("backup"), "this is a letter, not a database, as anyone can see")
        .unwrap();
    let error = restore(&bench, "new", false).unwrap_err();
    assert!(error.message.contains("not a database"), "{error}");
    assert!(!exists(&bench.path("new")));
    std::fs::remove_file(bench.path("backup")).unwrap();
    upkeep::backup(&bench.path("runs.sqlite"), &bench.path("backup")).unwrap();
    flip(&bench.path("backup"));
    let error = restore(&bench, "new", false).unwrap_err();
    assert!(matches!(error.code, "damaged" | "store"), "{error:?}");
    assert!(!exists(&bench.path("new")));
}

/// Spoils the pages behind the first
fn flip(path: &Path) {
    let mut file = std::fs::OpenOptions::new().write(true).open(path).unwrap();
    let length = file.metadata().unwrap().len();
    for page in 1..length / 4_096 {
        file.seek(SeekFrom::Start(page * 4_096)).unwrap();
        file.write_all(&[0xa5; 64]).unwrap();
    }
}

#[tokio::test]
async fn a_damaged_file_is_told_and_put_aside_for_a_backup() {
    for cut in [false, true] {
        let mut bench = Bench::new();
        let (parent, _) = some_runs(&bench).await;
        upkeep::backup(&bench.path("runs.sqlite"), &bench.path("backup")).unwrap();
        bench.engine = bench.another_on(&bench.path("another"));
        let path = bench.path("runs.sqlite");
        if cut {
            std::fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(6_000).unwrap();
        } else {
            std::fs::write(&path, vec![0xa5; 20_000]).unwrap();
        }
        let told = match upkeep::check(&path) {
            Ok(findings) => {
                assert!(!findings.file_is_sound, "{findings:?}");
                findings.problems[0].help.clone()
            }
            Err(error) => error.help,
        };
        assert!(told.contains("workflow-server restore"), "{told}");
        assert_eq!(restore(&bench, "runs.sqlite", false).unwrap_err().code, "not-empty");
        let kept = restore(&bench, "runs.sqlite", true).unwrap().kept.unwrap();
        assert!(exists(&kept));
        bench.engine = bench.another();
        assert_eq!(bench.engine.next(&parent).await.unwrap().status, Status::Waiting);
    }
}

fn export(bench: &Bench, run_id: &str) -> Vec<Value> {
    let mut out = Vec::new();
    upkeep::export(&bench.path("runs.sqlite"), run_id, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_run_is_written_out_with_its_children_and_folds_from_there() {
    let bench = Bench::new();
    let (parent, _) = some_runs(&bench).await;
    let lines = export(&bench, &parent);
    assert_eq!((&lines[0]["run_id"], &lines[0]["status"]), (&json!(parent), &json!("waiting")));
    let child = format!("{parent}.s0.0");
    let events: Vec<Event> = lines
        .iter()
        .filter(|line| line["run_id"] == child.as_str() && line["seq"].is_u64())
        .map(|line| serde_json::from_value(line.clone()).unwrap())
        .collect();
    assert_eq!(Snapshot::fold(&events).unwrap().result, Some(json!(["A"])));
    let mut runs: Vec<&str> = lines.iter().map(|line| line["run_id"].as_str().unwrap()).collect();
    runs.dedup();
    assert_eq!(runs, [parent.clone(), child, format!("{parent}.s0.1")]);
    let missing = upkeep::export(&bench.path("runs.sqlite"), "no-run", &mut Vec::new());
    assert_eq!(missing.unwrap_err().code, "unknown-run");
}

#[tokio::test]
async fn of_a_damaged_run_what_can_be_saved_is_written_out() {
    let bench = Bench::new();
    let (_, failed) = some_runs(&bench).await;
    let sql = "UPDATE journal SET data = CAST('not ' || data AS BLOB) WHERE run_id = ? AND seq = 2";
    bench.spoil(sql, &failed);
    let lines = export(&bench, &failed);
    assert_eq!(lines[2]["damaged"], "its checksum is wrong");
    assert!(lines[2]["data"].as_str().unwrap().starts_with("not {"), "{}", lines[2]);
    assert_eq!(lines[3]["event"], "answered");
}

//! A store that can no longer be written to, or that something else has written to: whoever asks is
//! told what to do, nothing false is told, and what can be saved is.

use std::path::PathBuf;

use super::super::calls::Call;
use super::super::commands::Command;
use super::super::{tables, upkeep};
use super::outside::Outside;
use super::*;
use crate::machine::Status;

/// An engine whose writer works under other conditions than usual
fn under(bench: &Bench, conditions: &str) -> Embedded {
    let mut options = options(&bench.folder, &bench.clock);
    options.connectors = bench.connectors.clone();
    let db = tables::open(&options.path, options.busy_timeout).unwrap();
    db.execute_batch(conditions).unwrap();
    Embedded::on(db, sample::registry(), options).unwrap()
}

/// What is told of a store that cannot be written to
fn assert_told(error: &EngineError, what: &str, help: &str) {
    assert_eq!(error.code, "store");
    let store = "runs.sqlite";
    for words in [what, "nothing was changed", store] {
        assert!(error.message.contains(words), "`{words}` is not in {error}");
    }
    assert!(error.help.contains(help), "{error:?}");
}

#[tokio::test]
async fn a_store_that_becomes_read_only_is_still_read() {
    let bench = Bench::new();
    let before = start(&bench.engine, "test:plan", tea()).await;
    // The store refuses writes with the very error that a read-only file gives.
    let stuck = under(&bench, "PRAGMA query_only = ON");
    let answered = try_answer(&stuck, &before.run_id, "ask", json!("green")).await;
    assert_told(&answered.unwrap_err(), "the store is read-only", "make the file writable");
    let started = stuck.start(request("test:plan", tea())).await;
    assert_told(&started.unwrap_err(), "the store is read-only", "make the file writable");
    assert_eq!(stuck.next(&before.run_id).await.unwrap(), before);
    assert_eq!(stuck.list(RunFilter::default()).await.unwrap().runs.len(), 1);
    let next = answer(&bench.engine, &before.run_id, "ask", json!("green")).await;
    assert_eq!(step_id(&next), "approve");
    bench.assert_folds();
}

/// A disk that is full until somebody makes room
struct Full {
    bench: Bench,
    outside: Arc<Outside>,
    /// Works on the full disk
    engine: Embedded,
}

impl Full {
    fn new() -> Self {
        let outside = Arc::<Outside>::default();
        let bench = Bench::with(|options| options.connectors = outside.connectors());
        let engine = under(&bench, "PRAGMA max_page_count = 400");
        Self { bench, outside, engine }
    }

    /// Something else takes all the room that there is
    fn fill(&self) {
        let db = self.bench.store();
        let pages =
            |name: &str| -> usize { db.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
        let size = pages("page_size") * 400;
        db.execute_batch("CREATE TABLE junk (data BLOB)").unwrap();
        db.execute("INSERT INTO junk VALUES (zeroblob(?))", [size]).unwrap();
        assert!(pages("page_count") > 400 && pages("freelist_count") == 0);
    }

    fn make_room(&self) {
        self.bench.store().execute_batch("DELETE FROM junk").unwrap();
    }

    fn begun(&self) -> usize {
        let sql = "SELECT count(*) FROM journal WHERE kind = 'calling'";
        self.bench.store().query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

#[tokio::test]
async fn children_go_on_once_a_full_disk_has_room_again() {
    let disk = Full::new();
    let each = json!({"each": [[{"ask": "a"}], [{"ask": "b"}], [{"ask": "c"}]], "agent": "@task"});
    let run = script(&disk.engine, json!([each])).await.run_id;
    let (long, child) = ("x".repeat(40_000), |index| format!("{run}.s0.{index}"));
    answer(&disk.engine, &child(0), "s0", json!(long)).await;
    disk.fill();
    for index in [1, 2] {
        let refused = try_answer(&disk.engine, &child(index), "s0", json!(long)).await;
        assert_told(&refused.unwrap_err(), "the disk is full", "make room");
    }
    let standing = disk.engine.status(&run).await.unwrap();
    let words: Vec<_> = standing.children.iter().map(|child| child.status.as_str()).collect();
    assert_eq!(words[0], "completed");
    assert!(!words[1..].contains(&"completed"), "{words:?}");
    disk.bench.assert_folds();

    disk.make_room();
    for index in [1, 2] {
        answer(&disk.engine, &child(index), "s0", json!(long)).await;
    }
    let done = disk.engine.next(&run).await.unwrap();
    assert_eq!(done.result, Some(json!([[[long], [long], [long]]])));
    disk.bench.assert_folds();
}

#[tokio::test]
async fn a_full_disk_lets_no_call_leave_and_loses_no_outcome() {
    let disk = Full::new();
    let note =
        |number: usize| json!({"tool": "out.note", "parameters": {"text": number.to_string()}});
    let mut runs = Vec::new();
    for number in 0..40 {
        runs.push(script(&disk.engine, json!([note(number)])).await.run_id);
    }
    let text = json!({"tool": "out.text", "parameters": {"text": "long ".repeat(10_000)}});
    let told = script(&disk.engine, json!([text])).await.run_id;
    let caller = disk.engine.caller();
    let calls = || {
        let due = caller.due().unwrap();
        due.into_iter().map(|(_, call)| call).collect::<Vec<_>>()
    };
    // One was made, and its outcome finds no room.
    let made = Call { run_id: told.clone(), step_id: "s0".to_owned() };
    let ready = caller.prepare(&made).await.unwrap().unwrap();
    caller.begin(&made, ready.repeatable).await.unwrap();
    let mut untold = vec![(made, ready.call().await)];
    disk.fill();
    // The others are begun as long as there is room to say so, and no longer.
    let mut refused = 0;
    for run_id in &runs {
        let call = Call { run_id: run_id.clone(), step_id: "s0".to_owned() };
        let ready = caller.prepare(&call).await.unwrap().unwrap();
        match caller.begin(&call, ready.repeatable).await {
            Ok(()) => untold.push((call, ready.call().await)),
            Err(error) => {
                assert_eq!(error.code, "store", "{error}");
                refused += 1;
            }
        }
    }
    assert!(refused > 0, "the disk was not full");
    let kept = || (0..40).map(|number| disk.outside.kept(&number.to_string())).sum::<usize>();
    assert_eq!((kept(), disk.begun()), (40 - refused, 41 - refused));
    let (call, answer) = untold[0].clone();
    let refused = disk.engine.command(Command::Called { call, answer }).await.unwrap_err();
    assert_told(&refused, "the disk is full", "make room");
    disk.make_room();
    for (call, outcome) in untold {
        caller.tell(&call, outcome).await;
    }
    assert_eq!(disk.engine.next(&told).await.unwrap().status, Status::Completed);
    while let Some(call) = calls().into_iter().next() {
        caller.make(call).await;
    }
    for run_id in &runs {
        assert_eq!(disk.engine.next(run_id).await.unwrap().status, Status::Completed);
    }
    assert_eq!((kept(), disk.begun()), (40, 41));
    disk.bench.assert_folds();
}

#[tokio::test]
async fn an_outcome_waits_until_nobody_holds_the_store() {
    let outside = Arc::<Outside>::default();
    let bench = Bench::with(|options| {
        options.connectors = outside.connectors();
        options.busy_timeout = Duration::from_millis(20);
    });
    let each = json!({"each": [[{"ask": "a"}]], "agent": "@task"});
    let parent = script(&bench.engine, json!([each])).await.run_id;
    let note = json!({"tool": "out.note", "parameters": {"text": "a"}});
    let run = script(&bench.engine, json!([note])).await.run_id;
    let caller = bench.engine.caller();
    let call = caller.due().unwrap().remove(0).1;
    let ready = caller.prepare(&call).await.unwrap().unwrap();
    caller.begin(&call, ready.repeatable).await.unwrap();
    let holder = bench.store();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let child = format!("{parent}.s0.0");
    let refused = try_answer(&bench.engine, &child, "s0", json!("A")).await.unwrap_err();
    assert_told(&refused, "another process holds the store", "call again");
    let started = bench.engine.start(request("test:plan", tea())).await.unwrap_err();
    assert_told(&started, "another process holds the store", "call again");
    let outcome = ready.call().await;
    let telling = Command::Called { call: call.clone(), answer: outcome.clone() };
    let untold = bench.engine.command(telling).await.unwrap_err();
    assert_told(&untold, "another process holds the store", "call again");
    holder.execute_batch("ROLLBACK").unwrap();
    caller.tell(&call, outcome).await;
    assert_eq!(bench.engine.next(&run).await.unwrap().status, Status::Completed);
    assert_eq!(outside.kept("a"), 1);
    answer(&bench.engine, &child, "s0", json!("A")).await;
    assert_eq!(bench.engine.next(&parent).await.unwrap().status, Status::Completed);
    bench.assert_folds();
}

/// A store with some runs in one file, and what is true of them
struct Saved {
    bench: Bench,
    bytes: Vec<u8>,
    backup: PathBuf,
    truth: Vec<(String, Reply)>,
}

impl Saved {
    async fn new() -> Self {
        let bench = Bench::new();
        let mut runs = Vec::new();
        for number in 0..6 {
            let word = format!("{number} ").repeat(200);
            let steps = json!([{"ask": word}, {"each": [[{"ask": word}]], "agent": "@task"}]);
            let run = script(&bench.engine, steps).await.run_id;
            if number % 2 == 0 {
                answer(&bench.engine, &run, "s0", json!(word)).await;
            }
            runs.push(run);
        }
        let (path, backup) =
            (bench.folder.path().join("runs.sqlite"), bench.folder.path().join("b"));
        upkeep::backup(&path, &backup).unwrap();
        let mut truth = Vec::new();
        for run in runs {
            truth.push((run.clone(), bench.engine.next(&run).await.unwrap()));
        }
        bench.store().execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        let bytes = std::fs::read(&path).unwrap();
        Self { bench, bytes, backup, truth }
    }

    /// Whatever these bytes are, each run is told as it is, or that it cannot be and what to do; and
    /// the doctor finds what a server comes upon
    async fn assert_honest(&self, name: &str, bytes: &[u8], log: Option<&[u8]>) -> bool {
        let path = self.bench.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let log_path = self.bench.folder.path().join(format!("{name}-wal"));
        if let Some(log) = log {
            std::fs::write(&log_path, log).unwrap();
        }
        let checked = upkeep::check(&path);
        let sound = checked.as_ref().is_ok_and(|findings| findings.problems.is_empty());
        let options = Options {
            path: path.clone(),
            cache_size: 0,
            ..options(&self.bench.folder, &self.bench.clock)
        };
        let mut honest = true;
        match Embedded::open(sample::registry(), options) {
            Err(error) => {
                assert!(error.code == "store" && !error.help.is_empty(), "{name}: {error:?}");
                honest = false;
            }
            Ok(engine) => {
                for (run, truth) in &self.truth {
                    honest &= told_or_saved(&engine, &path, name, run, truth).await;
                }
            }
        }
        assert!(honest || !sound, "{name}: the doctor has overlooked it");
        if !honest {
            // The backup is put in its place, and all is as it was.
            upkeep::restore(&self.backup, &path, true).unwrap();
            assert!(upkeep::check(&path).unwrap().problems.is_empty(), "{name}");
        }
        for path in [&path, &log_path] {
            let _ = std::fs::remove_file(path);
        }
        honest
    }
}

/// Whether a run is told as it is; where it is not, it is said why, and what can be read of it is
/// written out
async fn told_or_saved(
    engine: &Embedded,
    path: &Path,
    name: &str,
    run: &str,
    truth: &Reply,
) -> bool {
    let (why, help) = match engine.next(run).await {
        Ok(reply) if reply.status == Status::Quarantined => {
            let error = reply.error.unwrap();
            (error.code, error.help.unwrap())
        }
        Ok(reply) => {
            assert_eq!(&reply, truth, "{name}: {run} is told otherwise");
            return true;
        }
        Err(error) => (error.code.to_owned(), error.help),
    };
    let known = ["store", "damaged", "quarantined", "unknown-run"];
    assert!(known.contains(&why.as_str()), "{name}: {why}");
    assert!(!help.is_empty());
    let mut saved = Vec::new();
    // Where not even the row can be read, the error says so.
    if let Err(error) = upkeep::export(path, run, &mut saved) {
        assert!(!error.help.is_empty(), "{name}: {error:?}");
    }
    false
}

/// Bytes of the journal, of snapshots, of indexes and of all else are turned, a page at a time
#[tokio::test]
async fn whichever_page_is_damaged_nothing_false_is_told() {
    let saved = Saved::new().await;
    let page = 4_096;
    let mut found = 0;
    for at in 0..saved.bytes.len() / page {
        let mut bytes = saved.bytes.clone();
        // Past the head of the file, which says that it is one.
        let from = if at == 0 { 100 } else { at * page };
        bytes[from..(at + 1) * page].iter_mut().step_by(7).for_each(|byte| *byte ^= 0x5a);
        let honest = saved.assert_honest(&format!("page-{at}"), &bytes, None).await;
        found += usize::from(!honest);
    }
    assert!(found > 10, "only {found} pages mattered");
}

#[tokio::test]
async fn however_short_a_file_is_cut_nothing_false_is_told() {
    let saved = Saved::new().await;
    for length in (0..saved.bytes.len()).step_by(4_096 * 3 + 512).skip(1) {
        let honest =
            saved.assert_honest(&format!("cut-{length}"), &saved.bytes[..length], None).await;
        // The last pages may hold nothing that a run needs.
        assert!(!honest || length > saved.bytes.len() / 2, "{length} bytes are not enough");
    }
}

/// What a damaged log held is lost from there on, as after a power cut that tore it; what stands
/// before is whole
#[tokio::test]
async fn a_damaged_log_is_read_as_far_as_it_is_whole() {
    let saved = Saved::new().await;
    let (run, _) = &saved.truth[1];
    let path = saved.bench.folder.path().join("runs.sqlite");
    let log_path = saved.bench.folder.path().join("runs.sqlite-wal");
    answer(&saved.bench.engine, run, "s0", json!("late")).await;
    let (bytes, log) = (std::fs::read(&path).unwrap(), std::fs::read(&log_path).unwrap());
    let whole = saved.bench.folder.path().join("whole");
    std::fs::write(&whole, &bytes).unwrap();
    std::fs::write(saved.bench.folder.path().join("whole-wal"), &log).unwrap();
    let engine = saved.bench.another_on(&whole);
    assert_eq!(step_id(&engine.next(run).await.unwrap()), "s1");
    for at in (40..log.len()).step_by(log.len() / 9) {
        let mut log = log.clone();
        log[at] ^= 0x5a;
        let honest = saved.assert_honest(&format!("log-{at}"), &bytes, Some(&log)).await;
        assert!(honest, "what stood before the damage is whole");
    }
}

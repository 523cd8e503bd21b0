//! What must be true of a store, at any moment at which nobody writes to it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::super::super::due;
use super::super::super::fork;
use super::super::super::rows::{self, RunRow};
use super::super::outside::Outside;
use super::calls::{self, Fates};
use super::known::Known;
use super::{family, journal};
use crate::connectors;
use crate::machine::{Action, Answer, AnsweredBy, Event, Fork, Reentry, Snapshot, Status};
use crate::reply::Reply;

/// A run with its journal
pub(super) struct Kept {
    pub(super) row: RunRow,
    pub(super) events: Vec<Event>,
}

impl Kept {
    /// The step whose children are under way, if there is one
    pub(super) fn fork(&self) -> Option<(&str, &Fork)> {
        let pending = self.row.snapshot.as_ref()?.pending.as_ref()?;
        match &pending.action {
            Action::Foreach(fork) => Some((&pending.step_id, fork)),
            _ => None,
        }
    }

    pub(super) fn ended(&self) -> bool {
        fork::has_ended(&self.row)
    }
}

/// Checks all there is
pub(super) fn audit(db: &Connection, known: &Known, outside: &Outside, fates: &Fates) {
    let runs = runs(db);
    let late = timers(db, &runs);
    for run in runs.values() {
        folds(run);
        if run.row.snapshot.is_some() {
            journal::follow(&run.row.id, &run.events);
        }
        family::children(run, &runs, &late);
        family::joined(run, &runs);
        unspoilt(run);
    }
    calls::audit(db, &runs, outside, fates);
    count(db, &runs);
    effects(db, &runs);
    kept(db, &runs, known);
}

fn runs(db: &Connection) -> BTreeMap<String, Kept> {
    let mut ids = db.prepare_cached("SELECT id FROM runs").unwrap();
    let ids: Vec<String> =
        ids.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let sql = "SELECT seq, data, checksum FROM journal WHERE run_id = ? ORDER BY seq";
    let mut journal = db.prepare_cached(sql).unwrap();
    let mut runs = BTreeMap::new();
    for id in ids {
        let row = rows::get(db, &id).unwrap();
        let events = journal
            .query_map([&id], |row| {
                Ok((row.get::<_, usize>(0)?, row.get::<_, Vec<u8>>(1)?, row.get::<_, u32>(2)?))
            })
            .unwrap()
            .zip(1..)
            .map(|(event, expected)| {
                let (seq, data, checksum) = event.unwrap();
                assert_eq!(seq, expected, "{id} has a gap");
                assert_eq!(crc32fast::hash(&data), checksum, "{id}");
                serde_json::from_slice(&data).unwrap()
            })
            .collect();
        runs.insert(id, Kept { row, events });
    }
    runs
}

/// The journal folds to the snapshot, and the row says the same
fn folds(run: &Kept) {
    let row = &run.row;
    assert_eq!(row.seq, run.events.len() as u64, "{}", row.id);
    let Some(snapshot) = row.snapshot.as_deref() else {
        assert_eq!((row.status.as_str(), row.seq), ("queued", 0), "{}", row.id);
        return;
    };
    assert_eq!(&Snapshot::fold(&run.events).unwrap(), snapshot, "{}", row.id);
    // One that is taken up again keeps what it had come to until it begins.
    let queued = row.status == "queued" && snapshot.ended();
    assert!(queued || row.status == snapshot.status.word(), "{}: {}", row.id, row.status);
    assert!(snapshot.ended() || snapshot.status == Status::Waiting, "{} hangs", row.id);
}

/// No build was given what another had left
fn unspoilt(run: &Kept) {
    let error = run.row.snapshot.as_ref().and_then(|snapshot| snapshot.error.as_ref());
    let lost = error.filter(|error| error.code.starts_with("lost-"));
    assert_eq!(lost, None, "{}", run.row.id);
}

/// There are the timers that the runs wait for, and no other, but for what waits for a build; gives
/// the steps whose children do
fn timers(db: &Connection, runs: &BTreeMap<String, Kept>) -> BTreeSet<(String, String)> {
    let sql = "SELECT run_id, step_id, kind, due_at FROM timers";
    let mut timers = db.prepare_cached(sql).unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
    let (for_builds, kept): (BTreeSet<_>, BTreeSet<(String, String, String, i64)>) =
        timers.query_map([], row).unwrap().map(Result::unwrap).partition(
            |(_, _, kind, _): &(_, _, String, _)| ["begin", "join"].contains(&kind.as_str()),
        );
    let mut calls = db.prepare_cached("SELECT 1 FROM calls WHERE run_id = ?").unwrap();
    let mut called = |run_id: &str| calls.exists([run_id]).unwrap();
    let mut wanted = BTreeSet::new();
    for run in runs.values() {
        let snapshot = run.row.snapshot.as_ref();
        let Some(pending) = snapshot.and_then(|snapshot| snapshot.pending.as_ref()) else {
            continue;
        };
        let wait = match &pending.action {
            Action::Wait { resume_at, .. } => {
                let over = pending.not_before.map_or(*resume_at, |at| at.max(*resume_at));
                Some((due::Kind::Wait, over))
            }
            _ => None,
        };
        // Children that have begun are an attempt that is being made.
        let by_server = match &pending.action {
            Action::McpCall { tool, .. } => {
                connectors::is_built_in(tool) || pending.by_server && !called(&run.row.id)
            }
            Action::Foreach(_) => run.row.open_children == 0,
            _ => false,
        };
        let attempt = pending.not_before.filter(|_| by_server).map(|at| (due::Kind::Attempt, at));
        let deadline = pending.deadline.map(|at| (due::Kind::Deadline, at));
        for (kind, at) in wait.into_iter().chain(attempt).chain(deadline) {
            // In whole microseconds, not before its time.
            let at = i64::try_from((at.as_nanosecond() + 999).div_euclid(1_000)).unwrap();
            let word = kind.word().to_owned();
            wanted.insert((run.row.id.clone(), pending.step_id.clone(), word, at));
        }
    }
    assert_eq!(kept, wanted, "timers");
    for_builds.into_iter().map(|(run_id, step_id, ..)| (run_id, step_id)).collect()
}

/// The count of unfinished runs is that of the runs
fn count(db: &Connection, runs: &BTreeMap<String, Kept>) {
    let sql = "SELECT value FROM counts WHERE name = 'unfinished_runs'";
    let counted: usize = db.query_row(sql, [], |row| row.get(0)).unwrap();
    let open = runs.values().filter(|run| run.row.parent.is_none() && !run.ended());
    assert_eq!(counted, open.count(), "unfinished runs");
}

/// Each call of a tool that a journal tells of has left its note, and there is no other
fn effects(db: &Connection, runs: &BTreeMap<String, Kept>) {
    let mut notes = db.prepare_cached("SELECT id FROM memory ORDER BY id").unwrap();
    let notes: Vec<i64> =
        notes.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut told: Vec<i64> = runs.values().flat_map(|run| noted(&run.events)).collect();
    told.sort_unstable();
    assert_eq!(notes, told, "notes, and the calls that are told of");
}

/// The notes of one journal; what a run is taken up again with was noted before
fn noted(events: &[Event]) -> impl Iterator<Item = i64> {
    let before = std::iter::once(None).chain(events.iter().map(Some));
    events.iter().zip(before).filter_map(|(event, before)| match event {
        _ if matches!(before, Some(Event::Retried { .. })) => None,
        Event::Answered { answer: Answer::Result(result), by: AnsweredBy::Server, .. } => {
            result.get("success").and(result["id"].as_i64())
        }
        _ => None,
    })
}

/// What agents were told is still so
fn kept(db: &Connection, runs: &BTreeMap<String, Kept>, known: &Known) {
    let mut asked = BTreeSet::new();
    let mut answers = BTreeMap::new();
    for (id, run) in runs {
        for event in &run.events {
            match event {
                Event::Waiting { pending, .. } => {
                    asked.insert((id.clone(), pending.step_id.clone()));
                }
                Event::Retried { from: Reentry::Wait { pending, .. }, .. } => {
                    asked.insert((id.clone(), pending.step_id.clone()));
                }
                Event::Answered { step_id, answer, .. } => {
                    answers.insert((id.clone(), step_id.clone()), answer);
                }
                _ => {}
            }
        }
    }
    for run_id in &known.runs {
        assert!(runs.contains_key(run_id), "{run_id} is lost");
    }
    for hand_out in &known.handed_out {
        assert!(asked.contains(hand_out), "{hand_out:?} was handed out, and is lost");
    }
    for (hand_out, (answer, _)) in &known.taken {
        assert_eq!(answers.get(hand_out), Some(&answer), "the answer to {hand_out:?} is lost");
    }
    for (run_id, reply) in &known.ended {
        assert_eq!(runs[run_id].row.status, reply.status.word(), "the end of {run_id} is lost");
    }
    for (key, (_, run_id)) in &known.started {
        let sql = "SELECT run_id FROM starts WHERE idempotency_key = ?";
        let kept: String = db.query_row(sql, [key], |row| row.get(0)).unwrap();
        assert_eq!(&kept, run_id, "the start of `{key}` is lost");
    }
}

/// A reply says what the store does
pub(super) fn agrees(reply: &Reply, row: &RunRow) {
    if reply.status == Status::Incompatible {
        return assert_eq!(reply.step, None, "{reply:?}");
    }
    let Some(snapshot) = row.snapshot.as_ref().filter(|_| row.status != "queued") else {
        return assert_eq!(reply.status, Status::Running, "{reply:?}");
    };
    assert_eq!(reply.result, snapshot.result, "{reply:?}");
    assert_eq!(reply.error, snapshot.error, "{reply:?}");
    match (&snapshot.pending, &reply.step) {
        (None, None) => assert_eq!(reply.status, snapshot.status, "{reply:?}"),
        (None, Some(step)) => panic!("{} waits for nothing, not for {step:?}", row.id),
        (Some(_), None) => assert_eq!(reply.status, Status::Running, "{reply:?}"),
        (Some(pending), Some(step)) => {
            assert_eq!(reply.status, Status::Waiting, "{reply:?}");
            if step.run_id == row.id {
                assert_eq!((&step.step_id, step.attempt), (&pending.step_id, pending.attempt));
            }
        }
    }
}

/// Runs of their own that have not ended, by what their journals say
pub(super) fn open_runs(db: &Connection) -> Vec<String> {
    let sql = "SELECT id FROM runs WHERE parent_id IS NULL AND (SELECT kind FROM journal
        WHERE run_id = id ORDER BY journal.seq DESC LIMIT 1)
        NOT IN ('completed', 'failed', 'cancelled') ORDER BY id";
    let mut open = db.prepare_cached(sql).unwrap();
    open.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Nothing is left to be done
pub(super) fn all_ended(db: &Connection) {
    let left = |sql| db.query_row::<i64, _, _>(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(left("SELECT count(*) FROM timers"), 0, "timers are left");
    assert_eq!(left("SELECT value FROM counts WHERE name = 'unfinished_runs'"), 0);
    let open = "SELECT count(*) FROM runs WHERE status IN ('queued', 'running', 'waiting')";
    assert_eq!(left(open), 0, "runs are left");
}

/// Turns a letter of an answer in the journal; the answer that stands there by then, if there was
/// a letter
pub(super) fn damage(db: &Connection, run_id: &str, step_id: &str) -> Option<Answer> {
    let sql = "SELECT data FROM journal WHERE run_id = ? AND step_id = ?";
    let data: Vec<u8> = db.query_row(sql, [run_id, step_id], |row| row.get(0)).unwrap();
    let text = String::from_utf8(data).unwrap();
    let word =
        ["again", "green", "black", "white", "today"].into_iter().find(|w| text.contains(w))?;
    let damaged = text.replacen(word, "never", 1);
    let sql = "UPDATE journal SET data = ? WHERE run_id = ? AND step_id = ?";
    db.execute(sql, params![damaged.as_bytes(), run_id, step_id]).unwrap();
    match serde_json::from_str(&damaged).unwrap() {
        Event::Answered { answer, .. } => Some(answer),
        _ => None,
    }
}

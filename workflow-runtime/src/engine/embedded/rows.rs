//! Runs and journals as rows.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};

use super::hot::Written;
use super::snapshots::{self, Tail};
use super::{failure, integrity};
use crate::engine::EngineError;
use crate::engine::rules;
use crate::engine::rules::builds::Build;
use crate::machine::{Answer, ChildStart, Damaged, Event, Snapshot};

/// A run's row
#[derive(Clone, Debug)]
pub(super) struct RunRow {
    pub(super) id: String,
    pub(super) workflow: String,
    pub(super) version: String,
    pub(super) fingerprint: String,
    pub(super) status: String,
    /// Events in its journal
    pub(super) seq: u64,
    /// The command that wrote the last of them; 0 before the first
    pub(super) command: i64,
    pub(super) parent: Option<ParentRow>,
    pub(super) depth: u32,
    pub(super) own_agent: bool,
    pub(super) asked: bool,
    pub(super) open_children: usize,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) start: Option<Queued>,
    /// What its journal folds to; `None` before its first event
    pub(super) snapshot: Option<Arc<Snapshot>>,
    /// What of that no stored snapshot holds
    pub(super) tail: Tail,
    /// Why it is kept apart, if its record is damaged
    pub(super) quarantine: Option<String>,
}

impl RunRow {
    /// The build that it goes by
    pub(super) fn build(&self) -> Build<'_> {
        let Self { workflow, version, fingerprint, .. } = self;
        Build { workflow, version, fingerprint }
    }

    /// Whether an answer to it is answered with how it stands itself, rather than its parent
    pub(super) fn is_answered_itself(&self) -> bool {
        self.parent.is_none() || self.own_agent
    }
}

/// Whose child a run is
#[derive(Clone, Debug)]
pub(super) struct ParentRow {
    pub(super) id: String,
    pub(super) step_id: String,
    pub(super) index: usize,
}

/// What a child begins with
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Queued {
    #[serde(flatten)]
    pub(super) start: ChildStart,
    /// How many siblings there are, itself among them
    pub(super) total: usize,
}

/// The columns of a row, in the order in which [`raw_run`] takes them
macro_rules! columns {
    () => {
        "id, workflow, version, fingerprint, status, seq, parent_id, parent_step, \
         child_index, depth, own_agent, asked, open_children, created_at, updated_at, command, \
         quarantine, start, start_sum"
    };
}

/// A run; `None` where there is none of that id
pub(super) fn load(db: &Connection, run_id: &str) -> Result<Option<RunRow>, EngineError> {
    load_unless(db, run_id, None)
}

/// A run's row, without what is written in it as JSON, and without its journal
pub(super) fn undecoded(db: &Connection, run_id: &str) -> Result<Option<RunRow>, EngineError> {
    Ok(raw(db, run_id)?.map(|raw| raw.row))
}

/// Whether what a run begins with is as it was written, or nothing
pub(super) fn has_whole_start(db: &Connection, run_id: &str) -> Result<bool, EngineError> {
    Ok(raw(db, run_id)?.is_none_or(|raw| raw.start().is_ok()))
}

/// A run; its journal is not read where what it folds to is known already
pub(super) fn load_unless(
    db: &Connection,
    run_id: &str,
    known: Option<&Written>,
) -> Result<Option<RunRow>, EngineError> {
    raw(db, run_id)?.map(|raw| decode(db, raw, known)).transpose()
}

fn raw(db: &Connection, run_id: &str) -> Result<Option<RawRun>, EngineError> {
    let sql = concat!("SELECT ", columns!(), " FROM runs WHERE id = ?");
    Ok(db.prepare_cached(sql)?.query_row([run_id], raw_run).optional()?)
}

/// A run that somebody named
pub(super) fn get(db: &Connection, run_id: &str) -> Result<RunRow, EngineError> {
    load(db, run_id)?.ok_or_else(|| rules::failure::unknown_run(run_id))
}

/// Children of a run: those of one step, or all, in item order
pub(super) fn children(
    db: &Connection,
    parent: &str,
    step_id: Option<&str>,
) -> Result<Vec<RunRow>, EngineError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM runs WHERE parent_id = ?1 AND (?2 IS NULL OR parent_step = ?2)
         ORDER BY parent_step, child_index"
    );
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map(params![parent, step_id], raw_run)?;
    rows.map(|row| decode(db, row?, None)).collect()
}

/// Children of a step that stand so, in item order
pub(super) fn children_that_are(
    db: &Connection,
    parent: &str,
    step_id: &str,
    status: &str,
    limit: usize,
) -> Result<Vec<RunRow>, EngineError> {
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM runs WHERE parent_id = ? AND parent_step = ? AND status = ?
         ORDER BY child_index LIMIT ?"
    );
    let mut statement = db.prepare_cached(sql)?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![parent, step_id, status, limit], raw_run)?;
    rows.map(|row| decode(db, row?, None)).collect()
}

/// The ids of a step's children that wait, in item order
pub(super) fn waiting_children(
    db: &Connection,
    parent: &str,
    step_id: &str,
) -> Result<Vec<String>, EngineError> {
    let mut statement = db.prepare_cached(
        "SELECT id FROM runs WHERE parent_id = ? AND parent_step = ? AND status = 'waiting'
         ORDER BY child_index",
    )?;
    let ids = statement.query_map([parent, step_id], |row| row.get(0))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// How many children a step has already, and how many of them have a result or will never have one:
/// those of a hand-out that is done again
pub(super) fn carried(
    db: &Connection,
    parent: &str,
    step_id: &str,
) -> Result<(usize, usize), EngineError> {
    let counts = db
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE status IN ('completed', 'quarantined'))
             FROM runs
             WHERE parent_id = ? AND parent_step = ?",
        )?
        .query_row([parent, step_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(counts)
}

/// Gives the children of a hand-out to another of the same step
pub(super) fn carry_over(
    db: &Connection,
    parent: &str,
    before: &str,
    now: &str,
) -> Result<(), EngineError> {
    db.prepare_cached("UPDATE runs SET parent_step = ? WHERE parent_id = ? AND parent_step = ?")?
        .execute([now, parent, before])?;
    Ok(())
}

/// Queues the children of a step once more that have ended without a result
pub(super) fn requeue(db: &Connection, parent: &str, step_id: &str) -> Result<(), EngineError> {
    db.prepare_cached(
        "UPDATE runs SET status = 'queued' WHERE parent_id = ? AND parent_step = ?
             AND status IN ('failed', 'cancelled')",
    )?
    .execute([parent, step_id])?;
    Ok(())
}

/// Queues a run once more that has ended without a result
pub(super) fn requeue_one(db: &Connection, run_id: &str) -> Result<(), EngineError> {
    db.prepare_cached("UPDATE runs SET status = 'queued' WHERE id = ?")?.execute([run_id])?;
    Ok(())
}

/// Adds a run that has not begun
pub(super) fn insert(db: &Connection, run: &RunRow) -> Result<(), EngineError> {
    let start = run.start.as_ref().map(json).transpose()?;
    let start_sum = start.as_deref().map(crc32fast::hash);
    let parent = run.parent.as_ref();
    db.prepare_cached(
        "INSERT INTO runs (id, workflow, version, fingerprint, status, parent_id, parent_step,
             child_index, depth, own_agent, created_at, updated_at, start, start_sum)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )?
    .execute(params![
        run.id,
        run.workflow,
        run.version,
        run.fingerprint,
        run.status,
        parent.map(|parent| &parent.id),
        parent.map(|parent| &parent.step_id),
        parent.map(|parent| parent.index),
        run.depth,
        run.own_agent,
        run.created_at.as_microsecond(),
        run.updated_at.as_microsecond(),
        start,
        start_sum,
    ])?;
    Ok(())
}

/// What a command changes of a run's row
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// How far it is
    Moved,
    /// How it stands as well, or by what it goes, by which lists find it
    Stands,
}

/// Appends events and moves the row on, if nobody else has moved it
pub(super) fn append(
    db: &Connection,
    run: &mut RunRow,
    events: &[Event],
    command: i64,
    change: Change,
) -> Result<(), EngineError> {
    let added = u64::try_from(events.len()).unwrap_or(u64::MAX);
    if !move_on(db, run, run.seq + added, command, change)? {
        return Err(EngineError::new(
            "conflict",
            format!("another process moved run `{}` at the same moment", run.id),
            "call again",
        ));
    }
    let mut statement = db.prepare_cached(
        "INSERT INTO journal (run_id, seq, kind, step_id, command, data, checksum)
         VALUES (?, ?, ?, ?, ?, ?, ?)",
    )?;
    for (seq, event) in (run.seq + 1..).zip(events) {
        let data = json(event)?;
        let checksum = crc32fast::hash(&data);
        let step_id = match event {
            Event::Answered { step_id, .. } => Some(step_id),
            _ => None,
        };
        statement.execute(params![run.id, seq, kind(event), step_id, command, data, checksum])?;
        run.tail.bytes += data.len();
    }
    run.tail.events += added;
    run.seq += added;
    run.command = command;
    snapshots::store_if_due(db, run)
}

/// Writes a row that has got so many events; whether it was where it is thought to be
fn move_on(
    db: &Connection,
    run: &RunRow,
    seq: u64,
    command: i64,
    change: Change,
) -> Result<bool, EngineError> {
    let updated_at = run.updated_at.as_microsecond();
    let (asked, open) = (run.asked, run.open_children);
    // A column that is named is written, and with it all indexes that it stands in.
    let moved = match change {
        Change::Moved => db
            .prepare_cached(
                "UPDATE runs SET seq = ?, command = ?, asked = ?, open_children = ?, updated_at = ?
                 WHERE id = ? AND seq = ?",
            )?
            .execute(params![seq, command, asked, open, updated_at, run.id, run.seq])?,
        Change::Stands => db
            .prepare_cached(
                "UPDATE runs SET seq = ?, command = ?, asked = ?, open_children = ?, updated_at = ?,
                     status = ?, version = ?, fingerprint = ?
                 WHERE id = ? AND seq = ?",
            )?
            .execute(params![
                seq,
                command,
                asked,
                open,
                updated_at,
                run.status,
                run.version,
                run.fingerprint,
                run.id,
                run.seq
            ])?,
    };
    Ok(moved > 0)
}

/// The answer that a hand-out got, and the command that took it
pub(super) fn answer(
    db: &Connection,
    run_id: &str,
    step_id: &str,
) -> Result<Option<(Answer, i64)>, EngineError> {
    let found = db
        .prepare_cached(
            "SELECT data, checksum, command FROM journal WHERE run_id = ? AND step_id = ?",
        )?
        .query_row([run_id, step_id], |row| Ok((raw_event(row)?, row.get(2)?)))
        .optional()?;
    let Some((raw, command)) = found else { return Ok(None) };
    match event(run_id, &raw)? {
        Event::Answered { answer, .. } => Ok(Some((answer, command))),
        _ => Err(failure::damaged(run_id, &Damaged("an answer is none".to_owned()))),
    }
}

/// The run as it was once a command had been committed, and how many events it had then
pub(super) fn fold_until(
    db: &Connection,
    run_id: &str,
    command: i64,
) -> Result<(Snapshot, u64), EngineError> {
    let mut statement = db.prepare_cached(
        "SELECT data, checksum FROM journal WHERE run_id = ?1 AND seq <=
             (SELECT max(seq) FROM journal WHERE run_id = ?1 AND command = ?2) ORDER BY seq",
    )?;
    let events = statement
        .query_map(params![run_id, command], raw_event)?
        .map(|raw| event(run_id, &raw?))
        .collect::<Result<Vec<_>, EngineError>>()?;
    let snapshot = Snapshot::fold(&events).map_err(|cause| failure::damaged(run_id, &cause))?;
    Ok((snapshot, u64::try_from(events.len()).unwrap_or(u64::MAX)))
}

/// Serialises what is always JSON
pub(super) fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, EngineError> {
    serde_json::to_vec(value).map_err(|error| {
        EngineError::new("internal", format!("a record is not JSON: {error}"), "report this")
    })
}

/// What `SQLite` gives, before the JSON in it is looked at
struct RawRun {
    row: RunRow,
    start: Option<Vec<u8>>,
    start_sum: Option<u32>,
}

impl RawRun {
    /// What a child begins with, if it is as it was written
    fn start(&self) -> Result<Option<Queued>, EngineError> {
        let Some(data) = &self.start else { return Ok(None) };
        if self.start_sum.is_some_and(|sum| sum != crc32fast::hash(data)) {
            let cause = Damaged("the checksum of what it begins with is wrong".to_owned());
            return Err(failure::damaged(&self.row.id, &cause));
        }
        parse(&self.row.id, data).map(Some)
    }
}

fn raw_run(row: &Row<'_>) -> rusqlite::Result<RawRun> {
    let parent = match row.get::<_, Option<String>>(6)? {
        Some(id) => Some(ParentRow { id, step_id: row.get(7)?, index: row.get(8)? }),
        None => None,
    };
    let run = RunRow {
        id: row.get(0)?,
        workflow: row.get(1)?,
        version: row.get(2)?,
        fingerprint: row.get(3)?,
        status: row.get(4)?,
        seq: row.get(5)?,
        parent,
        depth: row.get(9)?,
        own_agent: row.get(10)?,
        asked: row.get(11)?,
        open_children: row.get(12)?,
        created_at: at(row.get(13)?),
        updated_at: at(row.get(14)?),
        command: row.get(15)?,
        start: None,
        snapshot: None,
        tail: Tail::default(),
        quarantine: row.get(16)?,
    };
    Ok(RawRun { row: run, start: row.get(17)?, start_sum: row.get(18)? })
}

fn decode(db: &Connection, raw: RawRun, known: Option<&Written>) -> Result<RunRow, EngineError> {
    if raw.row.quarantine.is_some() {
        // Nothing in it is to be trusted.
        return Ok(raw.row);
    }
    let start = raw.start()?;
    let mut row = RunRow { start, ..raw.row };
    if let Some(known) = known.filter(|known| known.is_of(&row)) {
        (row.snapshot, row.tail) = (Some(known.snapshot.clone()), known.tail);
    } else if row.seq > 0 {
        let (snapshot, tail) = snapshots::read(db, &row.id, row.seq)?;
        (row.snapshot, row.tail) = (Some(Arc::new(snapshot)), tail);
    }
    Ok(row)
}

pub(super) fn parse<'a, T: Deserialize<'a>>(
    run_id: &str,
    data: &'a [u8],
) -> Result<T, EngineError> {
    serde_json::from_slice(data)
        .map_err(|error| failure::damaged(run_id, &Damaged(error.to_string())))
}

pub(super) fn raw_event(row: &Row<'_>) -> rusqlite::Result<(Vec<u8>, u32)> {
    Ok((row.get(0)?, row.get(1)?))
}

pub(super) fn event(run_id: &str, (data, checksum): &(Vec<u8>, u32)) -> Result<Event, EngineError> {
    integrity::event(data, *checksum).map_err(|why| failure::damaged(run_id, &Damaged(why)))
}

fn kind(event: &Event) -> &'static str {
    match event {
        Event::Started { .. } => "started",
        Event::Stepped { .. } => "stepped",
        Event::Waiting { .. } => "waiting",
        Event::Calling { .. } => "calling",
        Event::Answered { .. } => "answered",
        Event::Upgraded { .. } => "upgraded",
        Event::Caught { .. } => "caught",
        Event::Completed { .. } => "completed",
        Event::Failed { .. } => "failed",
        Event::Retried { .. } => "retried",
        Event::Cancelled { .. } => "cancelled",
    }
}

/// Microseconds since 1970; a time out of range is no time we have written
pub(super) fn at(microseconds: i64) -> Timestamp {
    Timestamp::from_microsecond(microseconds).unwrap_or(Timestamp::UNIX_EPOCH)
}

//! Checks a store: the file, each journal, and what is kept beside the journals.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::backup::Backup;
use serde::Serialize;

use super::super::{integrity, tables};
use crate::engine::{EngineError, Problem};
use crate::plural::count;

/// Mistakes in the file itself that are told
const MAX_TOLD: usize = 20;

/// What a check of a store has found
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// The file
    pub path: String,
    /// Runs, children too
    pub runs: u64,
    /// Events in all journals
    pub events: u64,
    /// Runs by the word for how they stand
    pub by_status: BTreeMap<String, u64>,
    /// Whether the file itself is sound, whatever stands in it
    pub file_is_sound: bool,
    /// What is wrong
    pub problems: Vec<Problem>,
}

/// Checks a store: the file's pages and indexes; that each journal has its checksums, lacks nothing
/// and folds to the snapshot that is kept; that counts hold
///
/// A store of an older format is left as it is: its runs are checked in a copy that is brought up to
/// this server's.
/// Fails where the file cannot be read as a store at all. Takes as long as reading all of it.
pub fn check(path: &Path) -> Result<Findings, EngineError> {
    let mut db = super::open(path)?;
    // All as it is at one moment, whatever servers do meanwhile.
    let tx = db.transaction()?;
    let mut findings = Findings { path: path.display().to_string(), ..Findings::default() };
    file(&tx, path, &mut findings)?;
    if findings.file_is_sound && tables::is_older(&tx)? {
        records(&renewed(path, &tx)?, &mut findings)?;
    } else if findings.file_is_sound {
        records(&tx, &mut findings)?;
    }
    Ok(findings)
}

fn records(db: &Connection, findings: &mut Findings) -> Result<(), EngineError> {
    runs(db, findings)?;
    counts(db, findings)
}

/// A copy of a store in this server's format, in a file that goes with it
fn renewed(path: &Path, store: &Connection) -> Result<Connection, EngineError> {
    // A database without a name is a temporary file.
    let mut copy = Connection::open("")?;
    Backup::new(store, &mut copy)?.step(-1)?;
    tables::bring_up(path, &mut copy)?;
    Ok(copy)
}

fn file(db: &Connection, path: &Path, findings: &mut Findings) -> Result<(), EngineError> {
    let mistakes = db
        .prepare(&format!("PRAGMA integrity_check({MAX_TOLD})"))?
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    findings.file_is_sound = mistakes == ["ok"];
    if !findings.file_is_sound {
        let store = path.display();
        findings.problems.push(Problem {
            message: format!("the file is damaged: {}", mistakes.join("; ")),
            help: format!(
                "save what can be read with `workflow-server runs export RUN --store {store}`, then \
                 `workflow-server restore BACKUP --store {store} --replace`"
            ),
        });
    }
    Ok(())
}

fn runs(db: &Connection, findings: &mut Findings) -> Result<(), EngineError> {
    let mut statement = db.prepare("SELECT id, status FROM runs ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (id, status): (String, String) = (row.get(0)?, row.get(1)?);
        findings.runs += 1;
        match integrity::examine(db, &id) {
            Ok(events) => findings.events += events,
            Err(error) if status == "quarantined" => findings.problems.push(Problem {
                message: format!("quarantined: `{id}`: {}", error.message),
                help: error.help,
            }),
            Err(error) => findings.problems.push(error.into()),
        }
        *findings.by_status.entry(status).or_default() += 1;
    }
    Ok(())
}

/// What is counted beside the runs
fn counts(db: &Connection, findings: &mut Findings) -> Result<(), EngineError> {
    // Not by the column that says so: a store of an older format has none.
    let sql = "SELECT value, (SELECT count(*) FROM runs WHERE parent_id IS NULL
             AND status NOT IN ('completed', 'failed', 'cancelled', 'quarantined'))
         FROM counts WHERE name = 'unfinished_runs'";
    let wrong: Option<(i64, i64)> = db.query_row(sql, [], |row| {
        let (counted, there) = (row.get(0)?, row.get(1)?);
        Ok((counted != there).then_some((counted, there)))
    })?;
    if let Some((counted, there)) = wrong {
        findings.problems.push(Problem {
            message: format!("{} counted, {there} there", count(counted, "unfinished run")),
            help: "runs go on, but the limit of unfinished runs does not hold; report this".into(),
        });
    }
    let lost: i64 = db.query_row(
        "SELECT count(*) FROM runs WHERE parent_id IS NOT NULL
             AND parent_id NOT IN (SELECT id FROM runs)",
        [],
        |row| row.get(0),
    )?;
    if lost > 0 {
        findings.problems.push(Problem {
            message: format!("{} without the parent run", count(lost, "child run")),
            help: "restore the store from a backup".into(),
        });
    }
    Ok(())
}

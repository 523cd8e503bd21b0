//! Runs by the page, each as it is told.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::rows::{self, at};
use super::world::World;
use super::{due, view};
use crate::engine::listing::{behind, cursor};
use crate::engine::rules::failure;
use crate::engine::{EngineError, RunEntry, RunFilter, RunPage};
use crate::machine::Status;
use crate::mcp::paging::beginning;
use crate::reply::position;

/// Runs on a page, unless fewer are asked for
const MAX_RUNS: usize = 50;

/// How large a page's runs are together, in bytes as JSON text: a page stands in a message twice
const MAX_BYTES: usize = 20 * 1024;

/// Runs read for one page: where few stand as asked for, it is short, or empty, though more pages
/// follow
const MAX_READ: usize = 2_000;

/// Rows looked at for one page, most of them without reading the run
const MAX_ROWS: usize = 20_000;

/// Rows read at once
const CHUNK: usize = 100;

/// How much is told of an error, in bytes
const ERROR: usize = 200;

/// A page, and the runs on it that the writer should look at: something is due, or they are damaged
pub(super) struct Read {
    pub(super) page: RunPage,
    pub(super) due: Vec<String>,
}

/// What is told of a run whose record cannot be read
struct Head {
    id: String,
    status: String,
    workflow: String,
    version: String,
    fingerprint: String,
    open_children: usize,
    created_at: i64,
    updated_at: i64,
}

/// Reads a page
pub(super) fn read(
    db: &Connection,
    world: &World,
    filter: &RunFilter,
) -> Result<Read, EngineError> {
    let workflow = filter.workflow.as_deref().map(|name| name_of(db, world, name)).transpose()?;
    let mut before = filter.cursor.as_deref().map(behind).transpose()?;
    let limit = filter.limit.unwrap_or(MAX_RUNS).clamp(1, MAX_RUNS);
    let mut read = Read { page: RunPage::default(), due: Vec::new() };
    let (mut room, mut looked_at, mut decoded) = (MAX_BYTES, 0, 0);
    loop {
        let heads = newest(db, filter.status, workflow.as_deref(), before.as_deref())?;
        let last = heads.len() < CHUNK;
        for head in heads {
            looked_at += 1;
            let id = head.id.clone();
            if filter.status == Some(Status::Incompatible) && fits(world, &head) {
                before = Some(id);
                continue;
            }
            decoded += 1;
            let known = head.status == "quarantined";
            let entry = entry(db, world, head);
            let found = !known && entry.status == Status::Quarantined;
            if filter.status.is_none_or(|status| status == entry.status) {
                let size = serde_json::to_string(&entry).map_or(0, |text| text.len());
                let full = read.page.runs.len() == limit || room < size;
                // The first fits always: an entry is short.
                if full && !read.page.runs.is_empty() {
                    read.page.cursor = before.as_deref().map(cursor);
                    return Ok(read);
                }
                room = room.saturating_sub(size);
                if found || due::is_due(db, world, &id)? {
                    read.due.push(id.clone());
                }
                read.page.runs.push(entry);
            }
            before = Some(id);
        }
        if last {
            return Ok(read);
        }
        if looked_at >= MAX_ROWS || decoded >= MAX_READ {
            read.page.cursor = before.as_deref().map(cursor);
            return Ok(read);
        }
    }
}

/// The run that was started last
///
/// Ids are in the order of time, and those of children begin with that of the run they came of: the
/// last of all is of its family, however many there are.
pub(super) fn newest_run(db: &Connection) -> Result<Option<String>, EngineError> {
    let last: Option<String> = db
        .prepare_cached("SELECT id FROM runs ORDER BY id DESC LIMIT 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(last.map(|id| due::family(&id).to_owned()))
}

/// Whether this server certainly has what a run goes by; what its children go by shows in them
fn fits(world: &World, head: &Head) -> bool {
    let Head { workflow, version, fingerprint, .. } = head;
    head.open_children == 0 && world.registry.exact(workflow, version, fingerprint).is_some()
}

/// The name of a workflow that is there, or was when runs of it began
fn name_of(db: &Connection, world: &World, given: &str) -> Result<String, EngineError> {
    if let Some(program) = world.registry.get(given) {
        return Ok(program.info().name.to_owned());
    }
    let known = db
        .prepare_cached("SELECT 1 FROM runs WHERE parent_id IS NULL AND workflow = ? LIMIT 1")?
        .exists([given])?;
    if known {
        Ok(given.to_owned())
    } else {
        Err(failure::unknown_workflow(&world.registry, given))
    }
}

/// Where the lists look: an index each
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Among {
    /// Runs that go on; what is told of one of them depends on the time, and on this server's
    /// workflows
    Open,
    /// Runs that have ended so
    Ended(Status),
}

/// The runs among which there are those that are told to stand so
pub(super) fn among(status: Option<Status>) -> Vec<Among> {
    match status {
        None => {
            std::iter::once(Among::Open).chain(Status::OVER.into_iter().map(Among::Ended)).collect()
        }
        Some(status) if Status::OVER.contains(&status) => vec![Among::Ended(status)],
        Some(_) => vec![Among::Open],
    }
}

/// The newest runs before one, as many as are read at once
fn newest(
    db: &Connection,
    status: Option<Status>,
    workflow: Option<&str>,
    before: Option<&str>,
) -> Result<Vec<Head>, EngineError> {
    let limit = i64::try_from(CHUNK).unwrap_or(i64::MAX);
    // All ids are hexadecimal.
    let before = before.unwrap_or("g");
    let mut heads = Vec::new();
    // Each gives the newest of its own; together they are put in order here.
    for among in among(status) {
        let mut statement = db.prepare_cached(&sql(among, workflow.is_some()))?;
        let rows = match workflow {
            Some(name) => statement.query_map(params![before, limit, name], head)?,
            None => statement.query_map(params![before, limit], head)?,
        };
        heads.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    heads.sort_unstable_by(|a, b| b.id.cmp(&a.id));
    heads.truncate(CHUNK);
    Ok(heads)
}

/// Reads the newest runs of an index; its name is given, so that no list is ever made without one
pub(super) fn sql(among: Among, of_workflow: bool) -> String {
    let (index, standing) = match among {
        Among::Open => ("runs_open", "ended = 0".to_owned()),
        Among::Ended(status) => {
            ("runs_ended", format!("ended = 1 AND status = '{}'", status.word()))
        }
    };
    let of_workflow = if of_workflow { "AND workflow = ?3" } else { "" };
    format!(
        "SELECT id, workflow, version, created_at, updated_at, status, fingerprint, open_children
         FROM runs INDEXED BY {index}
         WHERE parent_id IS NULL AND {standing} AND id < ?1 {of_workflow}
         ORDER BY id DESC LIMIT ?2"
    )
}

fn head(row: &Row<'_>) -> rusqlite::Result<Head> {
    Ok(Head {
        id: row.get(0)?,
        workflow: row.get(1)?,
        version: row.get(2)?,
        created_at: row.get(3)?,
        updated_at: row.get(4)?,
        status: row.get(5)?,
        fingerprint: row.get(6)?,
        open_children: row.get(7)?,
    })
}

/// A run as it is told; one whose record cannot be read holds up no list
fn entry(db: &Connection, world: &World, head: Head) -> RunEntry {
    let told = rows::get(db, &head.id).and_then(|row| {
        let reply = view::reply(db, world, &row)?;
        let position = row.snapshot.as_deref().and_then(position).map(str::to_owned);
        Ok((reply.status, position, reply.error.map(|error| error.message)))
    });
    let (status, position, error) =
        told.unwrap_or_else(|error| (Status::Quarantined, None, Some(error.message)));
    RunEntry {
        run_id: head.id,
        workflow: head.workflow,
        version: head.version,
        status,
        position,
        created_at: at(head.created_at).to_string(),
        updated_at: at(head.updated_at).to_string(),
        error: error.map(|message| beginning(&message.into(), ERROR)),
    }
}

//! Under which build of its workflow a run goes on.
//!
//! The one that it went by, where this server has it; else another build of the same version; else
//! a higher version. What a build keeps of its runs is written down when the first of them begins,
//! so that another can be compared with it when it is gone.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::live::Live;
use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use super::world::World;
use super::{cascade, failure};
use crate::engine::EngineError;
use crate::machine::{Changed, Env, Event, Info, Outline, Program, Snapshot, Status};

/// The build that a run goes on under
pub(super) struct Fit {
    pub(super) program: Arc<dyn Program>,
    /// What is recorded first, where it is not the one that the run went by
    pub(super) upgraded: Option<Event>,
}

/// The build that a run goes on under; fails with code `incompatible` where there is none, and
/// says what has changed
pub(super) fn fit(
    db: &Connection,
    world: &World,
    row: &RunRow,
    snapshot: &Snapshot,
    env: Env,
) -> Result<Fit, EngineError> {
    let any =
        || world.registry.versions(&row.workflow).last().filter(|_| planted(Bug::AnyBuildWillDo));
    if let Some(program) = exact(world, row).or_else(any) {
        return Ok(Fit { program: program.clone(), upgraded: None });
    }
    // What has returned does not go on.
    let before = match snapshot.status {
        Status::Completed => None,
        _ => outline(db, &row.fingerprint)?,
    };
    let (program, event) = successor(world, row, before.as_ref(), |program, before| {
        program.upgrade(snapshot, before, env)
    })?;
    Ok(Fit { program: program.clone(), upgraded: Some(event) })
}

/// Puts a run under the build that it goes on under
pub(super) fn carry(
    db: &Connection,
    world: &World,
    run: &mut Live,
    env: Env,
) -> Result<Arc<dyn Program>, EngineError> {
    let Fit { program, upgraded } = fit(db, world, &run.row, &run.snapshot, env)?;
    if let Some(event) = upgraded.filter(|_| !planted(Bug::UpgradeUnwritten)) {
        remember(db, program.info())?;
        run.apply(vec![event])?;
    }
    Ok(program)
}

/// The build that a queued child begins under, or is taken up again; fails with code `incompatible`
/// where there is none
pub(super) fn to_begin(
    db: &Connection,
    world: &World,
    row: &RunRow,
) -> Result<Arc<dyn Program>, EngineError> {
    if let Some(snapshot) = &row.snapshot {
        return Ok(fit(db, world, row, snapshot, world.env(world.now(), 0))?.program);
    }
    if let Some(program) = exact(world, row) {
        return Ok(program.clone());
    }
    let before = outline(db, &row.fingerprint)?;
    let (program, ()) = successor(world, row, before.as_ref(), |program, before| {
        let info = program.info();
        before.returns_as(info)?;
        let start = cascade::start_of(row, info.inline_task);
        program.accepts(&start).map_err(|refusal| Changed(vec![refusal.message]))
    })?;
    Ok(program.clone())
}

/// Why a run that waits, or has not begun, cannot go on on this server
pub(super) fn hindrance(
    db: &Connection,
    world: &World,
    row: &RunRow,
) -> Result<Option<EngineError>, EngineError> {
    let fits = match &row.snapshot {
        _ if row.status == "queued" => to_begin(db, world, row).map(|_| ()),
        None => Ok(()),
        Some(snapshot) if snapshot.pending.is_none() => Ok(()),
        Some(snapshot) => fit(db, world, row, snapshot, world.env(world.now(), 0)).map(|_| ()),
    };
    match fits {
        Err(error) if failure::is_incompatible(&error) => Ok(Some(error)),
        fits => fits.map(|()| None),
    }
}

/// Writes down what a build keeps of its runs, once
pub(super) fn remember(db: &Connection, info: &Info) -> Result<(), EngineError> {
    let known = db
        .prepare_cached("SELECT 1 FROM builds WHERE fingerprint = ?")?
        .exists([info.fingerprint])?;
    if !known {
        let outline = rows::json(&Outline::of(info))?;
        db.prepare_cached(
            "INSERT INTO builds (fingerprint, workflow, version, outline) VALUES (?, ?, ?, ?)",
        )?
        .execute(params![info.fingerprint, info.name, info.version, outline])?;
    }
    Ok(())
}

/// The very program that a run goes by
fn exact<'w>(world: &'w World, row: &RunRow) -> Option<&'w Arc<dyn Program>> {
    world.registry.exact(&row.workflow, &row.version, &row.fingerprint)
}

/// The first build that takes a run over, and what it makes of it
fn successor<'w, T>(
    world: &'w World,
    row: &RunRow,
    before: Option<&Outline>,
    take: impl Fn(&dyn Program, &Outline) -> Result<T, Changed>,
) -> Result<(&'w Arc<dyn Program>, T), EngineError> {
    let mut first = None;
    for program in world.registry.successors(&row.workflow, &row.version) {
        let Some(before) = before else { break };
        match take(&**program, before) {
            Ok(taken) => return Ok((program, taken)),
            Err(changed) => _ = first.get_or_insert((program.info(), changed)),
        }
    }
    Err(match first {
        Some((info, changed)) => failure::changed(&row.workflow, &row.version, info, &changed),
        None => {
            let now = world.registry.versions(&row.workflow).last().map(|program| program.info());
            failure::incompatible(&row.workflow, &row.version, now)
        }
    })
}

/// What a build kept of its runs
fn outline(db: &Connection, fingerprint: &str) -> Result<Option<Outline>, EngineError> {
    let known: Option<Vec<u8>> = db
        .prepare_cached("SELECT outline FROM builds WHERE fingerprint = ?")?
        .query_row([fingerprint], |row| row.get(0))
        .optional()?;
    // One that cannot be read is as good as none: the run is kept.
    Ok(known.and_then(|outline| serde_json::from_slice(&outline).ok()))
}

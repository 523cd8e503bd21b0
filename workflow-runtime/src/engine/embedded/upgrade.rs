//! Under which build of its workflow a run goes on.
//!
//! What a build keeps of its runs is written down when the first of them begins, so that another can
//! be compared with it when it is gone.

use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, params};

use super::cascade;
use super::live::Live;
use super::planted::{Bug, planted};
use super::rows::{self, RunRow};
use super::world::World;
use crate::engine::EngineError;
use crate::engine::rules::builds::Fit;
use crate::engine::rules::failure;
use crate::machine::{Env, Info, Outline, Program, Snapshot};

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
    let build = row.build();
    if let Some(program) = build.exact(&world.registry).or_else(any) {
        return Ok(Fit { program: program.clone(), upgraded: None });
    }
    build.of_run(&world.registry, snapshot, outline(db, &row.fingerprint)?.as_ref(), env)
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
    let build = row.build();
    if let Some(program) = build.exact(&world.registry) {
        return Ok(program.clone());
    }
    let before = outline(db, &row.fingerprint)?;
    build.of_start(&world.registry, before.as_ref(), |inline| cascade::start_of(row, inline))
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

/// What a build kept of its runs
fn outline(db: &Connection, fingerprint: &str) -> Result<Option<Outline>, EngineError> {
    let known: Option<Vec<u8>> = db
        .prepare_cached("SELECT outline FROM builds WHERE fingerprint = ?")?
        .query_row([fingerprint], |row| row.get(0))
        .optional()?;
    // One that cannot be read is as good as none: the run is kept.
    Ok(known.and_then(|outline| serde_json::from_slice(&outline).ok()))
}

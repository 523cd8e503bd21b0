//! Which runs wait, what for and how long, counted.

use std::time::Duration;

use rusqlite::Connection;

use super::world::World;
use crate::engine::{Age, EngineError, Waiting, WaitsOn};

/// What each waits for, by its place in [`WaitsOn::ALL`], and when it has moved last, of
/// all open runs that are nobody's children: those of the index `runs_open`. What has moved last is
/// read over the children only where there are some, by their ids, which begin with their parent's.
const OPEN: &str = "
SELECT CASE
        WHEN open_children > 0 THEN 3
        WHEN EXISTS (SELECT 1 FROM calls WHERE run_id = r.id) THEN 1
        WHEN EXISTS (SELECT 1 FROM timers WHERE run_id = r.id AND kind IN ('wait', 'attempt'))
            THEN 2
        ELSE 0
    END,
    CASE WHEN open_children > 0 THEN max(updated_at, coalesce(
        (SELECT max(c.updated_at) FROM runs c WHERE c.id > r.id || '.' AND c.id < r.id || '/'), 0))
        ELSE updated_at
    END
FROM runs r
WHERE parent_id IS NULL AND ended = 0";

/// Counts the runs that wait, by what for and how long
pub(super) fn count(db: &Connection, world: &World) -> Result<Vec<Waiting>, EngineError> {
    let now = world.now().as_microsecond();
    let all = WaitsOn::ALL.into_iter().flat_map(|on| Age::ALL.map(|age| (on, age)));
    let mut counts: Vec<_> = all.map(|(on, age)| Waiting { on, age, runs: 0 }).collect();
    let mut statement = db.prepare_cached(OPEN)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (on, moved): (usize, i64) = (row.get(0)?, row.get(1)?);
        // A clock that went back makes nothing younger than nothing.
        let age = u64::try_from(now.saturating_sub(moved)).unwrap_or_default();
        let age = Age::of(Duration::from_micros(age));
        if let Some(waiting) = counts.get_mut(on * Age::ALL.len() + age as usize) {
            waiting.runs += 1;
        }
    }
    Ok(counts)
}

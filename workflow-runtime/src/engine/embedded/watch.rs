//! How runs stand, for those who want to know once that changes.

use std::time::Duration;

use rusqlite::Connection;

use super::world::World;
use super::{Embedded, SHORTEST_PAUSE, view};
use crate::engine::standing::{is_over, mark};
use crate::engine::{EngineError, Standing};
use crate::machine::Snapshot;
use crate::reply::{Progress, position};

/// How long it takes at most to look at a run again that nobody has moved
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// How a run stands, and when that may be otherwise without anybody's doing
pub(super) struct Look {
    pub(super) standing: Standing,
    again: Option<Duration>,
}

/// Child runs of one hand-out that stand alike
type Alike = (String, String, bool, usize);

impl Embedded {
    /// How a run stands; what is due happens first
    pub(super) async fn look_at(&self, run_id: &str) -> Result<Look, EngineError> {
        self.refresh(run_id).await?;
        let run_id = run_id.to_owned();
        self.report(move |db, world| look(db, world, &run_id)).await
    }

    /// Waits until a run stands otherwise than it was seen to
    pub(super) async fn watch_for(
        &self,
        run_id: &str,
        seen: &Standing,
    ) -> Result<Standing, EngineError> {
        let mut listener = self.world.bells.listen(run_id);
        self.jobs.look();
        loop {
            // First, so that nothing that happens while we look is missed.
            listener.know();
            let look = self.look_at(run_id).await?;
            if look.standing != *seen {
                return Ok(look.standing);
            }
            let pause = look.again.unwrap_or(LONGEST_PAUSE).max(SHORTEST_PAUSE);
            // Whether it rang or time has passed: the next look will tell.
            let _ = tokio::time::timeout(pause.min(LONGEST_PAUSE), listener.rung()).await;
        }
    }
}

fn look(db: &Connection, world: &World, run_id: &str) -> Result<Look, EngineError> {
    let row = world.hot.get(db, run_id)?;
    let reply = view::reply(db, world, &row)?;
    let alike = alike(db, run_id)?;
    let handed_out = row.snapshot.as_deref().and_then(pending_step);
    let step = reply.step.as_ref().map(|step| (&step.run_id, &step.step_id));
    let marked = mark(&(row.seq, reply.status.word(), step, &alike));
    let standing = Standing {
        status: reply.status,
        position: row.snapshot.as_deref().and_then(position).map(str::to_owned),
        progress: reply.progress.unwrap_or(Progress { done: 0, total: 0 }),
        children: handed_out.and_then(|step_id| ended(&alike, step_id)),
        mark: marked,
    };
    Ok(Look { standing, again: reply.retry_after_ms.map(Duration::from_millis) })
}

fn pending_step(snapshot: &Snapshot) -> Option<&str> {
    snapshot.pending.as_ref().map(|pending| pending.step_id.as_str())
}

/// A run's children, by their hand-out and by how they stand
fn alike(db: &Connection, run_id: &str) -> Result<Vec<Alike>, EngineError> {
    let mut statement = db.prepare_cached(
        "SELECT parent_step, status, asked, count(*) FROM runs WHERE parent_id = ?
         GROUP BY parent_step, status, asked ORDER BY parent_step, status, asked",
    )?;
    let rows = statement
        .query_map([run_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many children of a hand-out have ended, and how many it has
fn ended(alike: &[Alike], step_id: &str) -> Option<(usize, usize)> {
    let of_step = || alike.iter().filter(|(step, ..)| step == step_id);
    let all = of_step().map(|(.., count)| count).sum();
    let ended = of_step().filter(|(_, status, ..)| is_over(status)).map(|(.., count)| count).sum();
    (all > 0).then_some((ended, all))
}

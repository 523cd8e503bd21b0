//! Reads a run's journal, as much of it as a page is made of.

use crate::engine::{Engine, EngineError, Recorded};

/// How much of a journal is read at once, in bytes of JSON
const AT_ONCE: usize = 1024 * 1024;

/// How much of a journal a page is made of at most, in bytes of JSON as far as pages tell
const MOST: usize = 16 * AT_ONCE;

/// Gives each event of a run's journal to `take`, in order; false if there are more than a page is
/// made of
pub(super) async fn journal(
    engine: &dyn Engine,
    run_id: &str,
    mut take: impl FnMut(Recorded) + Send,
) -> Result<bool, EngineError> {
    let mut after = 0;
    for _ in 0..MOST / AT_ONCE {
        let page = engine.journal(run_id, after, AT_ONCE).await?;
        let Some(last) = page.events.last() else { return Ok(true) };
        after = last.seq;
        page.events.into_iter().for_each(&mut take);
        if !page.more {
            return Ok(true);
        }
    }
    Ok(false)
}

//! Many runs that wait: what they take of memory and disk, and how soon a server that was killed
//! answers again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use workflow_runtime::engine::embedded::{Embedded, Options};
use workflow_runtime::engine::{Engine, EngineError, StartRequest};
use workflow_runtime::machine::Limit;

use crate::client::Client;
use crate::report::{Line, Samples, millis};
use crate::{Outcome, process, steps};

/// Runs that are started at once
const AT_ONCE: usize = 256;

/// Restarts that are timed
const RESTARTS: usize = 10;

/// Runs that are asked for by each server
const LOOKS: usize = 500;

/// What the users' specification wants of one run, in MiB
const MEMORY_TARGET: f64 = 10.0;

const MIB: f64 = 1024.0 * 1024.0;

pub(crate) fn measure(folder: &Path, waiting: usize) -> Outcome<Vec<Line>> {
    let store = folder.join("runs.sqlite");
    let runtime = tokio::runtime::Runtime::new()?;
    let ids = runtime.block_on(fill(&store, waiting))?;
    let bytes = disk(&store)?;
    let values = json!({"topic": topic(0)}).to_string().len();
    let each = as_f64(bytes) / as_f64(waiting as u64) - as_f64(values as u64);
    let (restart, full) = serve(&store, &ids)?;
    let few = runtime.block_on(fill(&folder.join("few.sqlite"), 10))?;
    let (_, empty) = serve(&folder.join("few.sqlite"), &few)?;
    let above = (full - empty) / MIB;
    let run = above.max(0.0) / as_f64(waiting as u64);
    Ok(vec![
        Line::new("waiting runs", format!("{waiting}, {:.0} MiB on disk", as_f64(bytes) / MIB)),
        Line::new("disk, a run beyond its values", format!("{:.2} KiB", each / 1024.0)).at_most(
            each / 1024.0,
            4.0,
            " KiB",
        ),
        Line::new("memory above an empty server", format!("{above:.1} MiB of {:.1}", full / MIB))
            .at_most(above, 64.0, " MiB"),
        Line::times("killed -> first answer", &restart).at_most(
            millis(restart.p50()),
            200.0,
            " ms at p50",
        ),
        Line::new("memory_per_workflow", format!("{run:.6} MiB")).at_most(
            run,
            MEMORY_TARGET,
            " MiB",
        ),
    ])
}

/// Starts runs, each of which waits at its first step
async fn fill(store: &Path, count: usize) -> Outcome<Vec<String>> {
    let mut options = Options::new(store);
    options.limits.set(Limit::Runs, *Limit::Runs.range().end())?;
    let engine = Arc::new(Embedded::open(Arc::new(crate::registry()), options)?);
    let strands = AT_ONCE.min(count);
    let tasks: Vec<_> = (0..strands)
        .map(|strand| {
            let numbers = (strand..count).step_by(strands);
            tokio::spawn(start_each(engine.clone(), numbers))
        })
        .collect();
    let mut ids = Vec::with_capacity(count);
    for task in tasks {
        ids.extend(task.await?.map_err(|error| error.to_string())?);
    }
    Ok(ids)
}

async fn start_each(
    engine: Arc<Embedded>,
    numbers: impl Iterator<Item = usize>,
) -> Result<Vec<String>, EngineError> {
    let mut ids = Vec::new();
    for number in numbers {
        let inputs = json!({"topic": topic(number)}).as_object().cloned().unwrap_or_default();
        let workflow = "bench:interview".to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        ids.push(engine.start(request).await?.run_id);
    }
    Ok(ids)
}

fn topic(number: usize) -> String {
    format!("the weather of day {number:06}")
}

/// How soon servers answer, each killed before the next starts, and what the last of them has in
/// memory, in bytes, when it has looked at many runs and moved one
fn serve(store: &Path, ids: &[String]) -> Outcome<(Samples, f64)> {
    let mut restart = Samples::default();
    let mut memory = 0;
    for turn in 0..RESTARTS {
        let began = Instant::now();
        let mut client = Client::serve(store)?;
        let first = client.call("get_next_step", &json!({"run_id": ids[turn % ids.len()]}))?;
        restart.push(began.elapsed());
        for look in 0..LOOKS {
            let id = &ids[(look * 7_919 + turn) % ids.len()];
            client.call("get_next_step", &json!({"run_id": id}))?;
        }
        if let Some(answer) = steps::answer(&first) {
            client.call("submit_result", &answer)?;
        }
        memory = process::resident(client.pid())?;
    }
    Ok((restart, as_f64(memory)))
}

/// The bytes of a store, its write-ahead log included
fn disk(store: &Path) -> Outcome<u64> {
    let mut log: PathBuf = store.to_owned();
    log.as_mut_os_string().push("-wal");
    let log = std::fs::metadata(log).map_or(0, |log| log.len());
    Ok(std::fs::metadata(store)?.len() + log)
}

#[expect(clippy::cast_precision_loss, reason = "bytes of this size are exact")]
fn as_f64(bytes: u64) -> f64 {
    bytes as f64
}

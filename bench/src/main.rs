//! How long a durable step takes over stdio, beside what it cannot do without: one synced commit
//! and one call over the pipe, measured in turns with it, on the same disk.
//!
//! ```text
//! cargo run --release -p workflow-bench [-- RUNS [FOLDER]]
//! ```
//!
//! RUNS is how many runs of ten steps there are (100); FOLDER is on the disk to be measured (the
//! current folder). The server that is measured is this program itself, with `serve`: the same
//! command line, engine and protocol as `workflow-server`, with the workflow in `bench/workflows`.

mod client;
mod floor;
mod report;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use serde_json::json;

use client::Client;
use floor::Commits;
use report::Samples;

workflow_macros::include_workflows!();

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Runs that are not measured, so that caches are warm
const WARM_UP: usize = 5;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("serve") {
        return workflow_runtime::main(registry());
    }
    let runs = first.map_or(Ok(100), |text| text.parse());
    let folder = arguments.next().map_or_else(|| PathBuf::from("."), PathBuf::from);
    let measured = runs.map_err(Into::into).and_then(|runs| measure(runs, &folder));
    match measured {
        Ok(measured) => {
            print!("{measured}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(runs: usize, folder: &Path) -> Outcome<Samples> {
    let folder = tempfile::TempDir::new_in(folder)?;
    let mut commits = Commits::new(&folder.path().join("floor.sqlite"))?;
    let mut client = Client::start(&folder.path().join("runs.sqlite"))?;
    for _ in 0..WARM_UP {
        one_run(&mut client, &mut commits, &mut Samples::default())?;
    }
    let mut samples = Samples::default();
    for _ in 0..runs {
        one_run(&mut client, &mut commits, &mut samples)?;
    }
    Ok(samples)
}

/// A run from its start to its end; the floor is measured before each step
fn one_run(client: &mut Client, commits: &mut Commits, samples: &mut Samples) -> Outcome<()> {
    let floor = |client: &mut Client, commits: &mut Commits, samples: &mut Samples| {
        samples.commit.push(timed(|| commits.one())?.0);
        samples.ping.push(timed(|| client.request("ping", &json!({})))?.0);
        samples.read.push(timed(|| client.call("list_workflows", &json!({})))?.0);
        Outcome::Ok(())
    };
    floor(client, commits, samples)?;
    let start = json!({"workflow": "bench:interview", "inputs": {"topic": "the weather"}});
    let (took, mut reply) = timed(|| client.call("start_workflow", &start))?;
    samples.start.push(took);
    while reply["status"] == "waiting" {
        floor(client, commits, samples)?;
        let (run_id, step_id) = (&reply["step"]["run_id"], &reply["step"]["step_id"]);
        let answer = json!({"run_id": run_id, "step_id": step_id, "result": "rain, then sun"});
        let (took, next) = timed(|| client.call("submit_result", &answer))?;
        samples.submit.push(took);
        reply = next;
    }
    if reply["status"] != "completed" {
        return Err(format!("a run did not complete: {reply}").into());
    }
    Ok(())
}

/// How long something takes, in nanoseconds, and what it gives
fn timed<T>(what: impl FnOnce() -> Outcome<T>) -> Outcome<(u128, T)> {
    let began = Instant::now();
    let given = what()?;
    Ok((began.elapsed().as_nanos(), given))
}

//! How long a durable step takes over stdio, beside what it cannot do without: one synced commit
//! and one call over the pipe, measured in turns with it, on the same disk.
//!
//! ```text
//! cargo run --release -p workflow-bench [-- RUNS [FOLDER]]
//! ```
//!
//! And how long the compiler takes, for COUNT workflows of about STEPS steps each:
//!
//! ```text
//! cargo run --release -p workflow-bench -- compile [COUNT [STEPS]]    # `workflowc check`; 1000, 20
//! cargo run --release -p workflow-bench -- edit [COUNT [STEPS]]       # a build after an edit; 100, 20
//! ```
//!
//! RUNS is how many runs of ten steps there are (100); FOLDER is on the disk to be measured (the
//! current folder). The server that is measured is this program itself, with `serve`: the same
//! command line, engine and protocol as `workflow-server`, with the workflow in `bench/workflows`.

mod client;
mod compile;
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
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let measured = match arguments.first().map(String::as_str) {
        // This program is what it measures.
        Some("serve") => return workflow_runtime::main(registry()),
        Some("check") => return workflow_compiler::cli::main(),
        Some("compile") => {
            sizes(&arguments, 1000).and_then(|(count, steps)| compile::check(count, steps))
        }
        Some("edit") => {
            sizes(&arguments, 100).and_then(|(count, steps)| compile::edit(count, steps))
        }
        _ => durable_steps(&arguments),
    };
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

/// How many workflows, and of how many steps
fn sizes(arguments: &[String], usual: usize) -> Outcome<(usize, usize)> {
    let number = |at: usize, usual| arguments.get(at).map_or(Ok(usual), |text| text.parse());
    Ok((number(1, usual)?, number(2, 20)?))
}

fn durable_steps(arguments: &[String]) -> Outcome<String> {
    let runs = arguments.first().map_or(Ok(100), |text| text.parse())?;
    let folder = arguments.get(1).map_or_else(|| PathBuf::from("."), PathBuf::from);
    Ok(measure(runs, &folder)?.to_string())
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

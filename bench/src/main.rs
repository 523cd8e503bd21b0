//! How fast it is, and how much it takes: each figure beside what it cannot do without, measured in
//! the same run on the same disk.
//!
//! ```text
//! cargo run --release -p workflow-bench                     # all of the runtime, some minutes
//! cargo run --release -p workflow-bench -- steps parallel   # some of it; see `--help`
//! cargo run --release -p workflow-bench -- compile edit     # the compiler
//! cargo run --release -p workflow-bench --features temporal -- engines
//! ```
//!
//! The server that is measured is this program itself, with `serve`: the same command line, engine
//! and protocol as `workflow-server`, with the workflows in `bench/workflows`.

mod children;
mod client;
mod compile;
mod echo;
#[cfg(feature = "temporal")]
mod engines;
mod floor;
mod idle;
mod machine;
mod parallel;
mod process;
mod report;
mod steps;
mod telemetry;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Parser, ValueEnum};

use report::Line;

workflow_macros::include_workflows!();

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Measures how fast workflows run, beside what they cannot do without
#[derive(Debug, Parser)]
struct Args {
    /// What is measured; all of the runtime unless named
    #[arg(value_enum)]
    what: Vec<What>,
    /// A folder on the disk that is measured
    #[arg(long, default_value = ".")]
    folder: PathBuf,
    /// Runs of ten steps, one after the other
    #[arg(long, default_value_t = 100)]
    runs: usize,
    /// Runs that wait, for `idle`
    #[arg(long, default_value_t = 100_000)]
    waiting: usize,
    /// Workflows to be compiled
    #[arg(long)]
    workflows: Option<usize>,
    /// Steps of each, about
    #[arg(long, default_value_t = 20)]
    steps: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// The machine by itself and the fold of a journal
    Machine,
    /// Start and submit, durable, over stdio, beside one commit and one echo
    Steps,
    /// 32 runs at once, in process and over stdio
    Parallel,
    /// A hundred children at once, and a thousand updates in one run
    Children,
    /// Many runs that wait: memory, disk, and the first answer after a kill
    Idle,
    /// A step of a server that counts and logs, beside one of a server that does neither
    Telemetry,
    /// `workflowc check` of many workflows
    Compile,
    /// A build after an edit of one workflow among many
    Edit,
    /// The embedded engine beside Temporal's development server, which `tests/temporal/install` gets
    #[cfg(feature = "temporal")]
    Engines,
}

const RUNTIME: [What; 6] =
    [What::Machine, What::Steps, What::Parallel, What::Children, What::Idle, What::Telemetry];

fn main() -> ExitCode {
    // This program is also what it measures.
    match std::env::args().nth(1).as_deref() {
        Some("serve") => return workflow_runtime::main(registry()),
        Some("serve-echo") => return echo::main(std::env::args().nth(2)),
        Some("check") => return workflow_compiler::cli::main(),
        _ => {}
    }
    let args = Args::parse();
    let chosen = if args.what.is_empty() { RUNTIME.to_vec() } else { args.what.clone() };
    for what in chosen {
        match measure(what, &args) {
            Ok(figures) => print!("{figures}"),
            Err(error) => {
                eprintln!("error: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn measure(what: What, args: &Args) -> Outcome<String> {
    let folder = tempfile::TempDir::new_in(&args.folder)?;
    let lines = match what {
        What::Machine => machine::measure()?,
        What::Steps => steps::measure(folder.path(), args.runs)?,
        What::Parallel => parallel::measure(folder.path())?,
        What::Children => children::measure(folder.path())?,
        What::Idle => idle::measure(folder.path(), args.waiting)?,
        What::Telemetry => telemetry::measure(folder.path(), args.runs)?,
        What::Compile => return compile::check(args.workflows.unwrap_or(1_000), args.steps),
        What::Edit => return compile::edit(args.workflows.unwrap_or(100), args.steps),
        #[cfg(feature = "temporal")]
        What::Engines => return engines::measure(folder.path(), args.runs),
    };
    Ok(lines.iter().map(Line::to_string).collect())
}

/// How long something takes, and what it gives
fn timed<T>(what: impl FnOnce() -> Outcome<T>) -> Outcome<(Duration, T)> {
    let began = Instant::now();
    let given = what()?;
    Ok((began.elapsed(), given))
}

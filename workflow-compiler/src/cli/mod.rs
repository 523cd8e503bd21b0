//! `workflowc`, the command for authors.
//!
//! Exits with 0 where all is well, 1 where there is something to mend, 2 where the command itself
//! is wrong.

mod check;
mod mend;
mod select;
mod show;

use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use crate::stack::on_large_stack;

/// What the command line says
#[derive(Debug, Parser)]
#[command(name = "workflowc", version, about = "Checks workflows, and shows what they become")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say all that is wrong with workflows
    Check(Check),
    /// Explain a code: `workflowc explain undeclared-state`
    Explain {
        /// The code, as it stands in brackets: `error[undeclared-state]`
        code: String,
    },
    /// Print the Rust that a workflow becomes
    Expand {
        /// The workflow
        file: PathBuf,
        /// The Rust file of the host functions [default: src/functions.rs of the package]
        #[arg(long, value_name = "FILE")]
        functions: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
struct Check {
    /// Folders of workflows, or single files, which are read with their folder and reported alone
    #[arg(default_value = "workflows", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Mend what has a certain mend
    #[arg(long)]
    fix: bool,
    /// For people, or one JSON object for programs
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Let warnings fail, too
    #[arg(long)]
    deny_warnings: bool,
    /// The Rust file of the host functions [default: src/functions.rs of the package]
    #[arg(long, value_name = "FILE")]
    functions: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    #[default]
    Human,
    Json,
}

/// How a command ends
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Clean = 0,
    Mistakes = 1,
}

/// Why a command cannot do its work
#[derive(Debug)]
enum Failure {
    /// The command line asks for what is not there: a line, and one of help
    Usage(String, String),
    /// Writing failed
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Does what the command line says
pub fn main() -> ExitCode {
    on_large_stack(command)
}

fn command() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Nothing is left to tell a closed terminal.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut out = io::stdout().lock();
    let color = out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    match run(&args.command, &mut out, color)
        .and_then(|outcome| Ok(out.flush().map(|()| outcome)?))
    {
        Ok(outcome) => ExitCode::from(outcome as u8),
        Err(Failure::Usage(message, help)) => {
            let _ = writeln!(io::stderr(), "error: {message}\n  = help: {help}");
            ExitCode::from(2)
        }
        // Whoever read the output has seen enough: `workflowc check | head`.
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(1),
        Err(Failure::Io(error)) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(command: &Command, out: &mut dyn io::Write, color: bool) -> Result<Outcome, Failure> {
    match command {
        Command::Check(args) => check::check(args, out, color),
        Command::Explain { code } => show::explain(code, out),
        Command::Expand { file, functions } => show::expand(file, functions.as_deref(), out, color),
    }
}

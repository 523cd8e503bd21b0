//! `workflowc`, the command for authors.
//!
//! Exits with 0 where all is well, 1 where there is something to mend, 2 where the command itself
//! is wrong.

mod args;
mod catalog;
mod check;
mod expand;
mod explain;
mod graph;
mod library;
mod mend;
mod new;
mod select;

use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

use args::{Args, Color, Command};
use clap::{CommandFactory as _, Parser as _};

use crate::editor_schema;
use crate::stack::on_large_stack;

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
    let color = match args.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
        }
    };
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
        Command::Explain { code: Some(code) } => explain::explain(code, out),
        Command::Explain { code: None } => explain::list(out),
        Command::New(args) => new::new(args, out),
        Command::Graph(args) => graph::graph(args, out, color),
        Command::Functions(args) => catalog::functions(args, out),
        Command::Filters { format } => catalog::filters(*format, out),
        Command::Schema { functions } => {
            let schema =
                if *functions { editor_schema::functions() } else { editor_schema::workflow() };
            writeln!(out, "{schema:#}")?;
            Ok(Outcome::Clean)
        }
        Command::Expand { file, functions } => {
            expand::expand(file, functions.as_deref(), out, color)
        }
        Command::Completions { shell } => {
            clap_complete::generate(*shell, &mut Args::command(), "workflowc", &mut { out });
            Ok(Outcome::Clean)
        }
    }
}

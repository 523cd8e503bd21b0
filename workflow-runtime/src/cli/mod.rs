//! The command line: `serve`, `list`, `run`.

mod answers;
mod args;
mod drive;
mod failure;
mod inputs;
mod list;
mod run;
mod set_up;
mod terminal;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;

use crate::mcp;
use crate::registry::Registry;

use args::{Args, Command, Serve};
use failure::Failure;

/// How long the end waits for what still runs; what matters is durable before
const GRACE: Duration = Duration::from_secs(1);

/// The whole of a server's `main`: reads the command line and does what it says
///
/// Exits with 0 if all went well, 1 if it did not, 2 if the command line is wrong.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     let registry = workflow_runtime::registry::Registry::default();
///     workflow_runtime::main(registry)
/// }
/// ```
pub fn main(registry: Registry) -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Nothing is left to tell a closed terminal.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match dispatch(args, Arc::new(registry)) {
        Ok(code) => code,
        Err(failure) => {
            let _ = write!(std::io::stderr().lock(), "{failure}");
            failure.exit_code()
        }
    }
}

fn dispatch(args: Args, registry: Arc<Registry>) -> Result<ExitCode, Failure> {
    let Args { command, options } = args;
    let command = command.unwrap_or(Command::Serve(Serve::default()));
    set_up::logging(&options, matches!(command, Command::Serve(_)))?;
    if let Command::List = command {
        let printed = write!(std::io::stdout().lock(), "{}", list::table(&registry));
        return printed.map(|()| ExitCode::SUCCESS).map_err(|error| Failure::writing(&error));
    }
    let runtime = set_up::runtime(&options)?;
    let done = runtime.block_on(async {
        let engine = set_up::engine(&options, registry)?;
        let done = match command {
            Command::Run(args) => run::run(engine.as_ref(), &args).await,
            Command::Serve(_) | Command::List => {
                let served = mcp::serve_stdio(engine.clone()).await;
                served.map(|()| ExitCode::SUCCESS).map_err(|error| Failure::new(error.to_string()))
            }
        };
        engine.close().await?;
        done
    });
    // A blocked read of a terminal would hold up the usual end for ever.
    runtime.shutdown_timeout(GRACE);
    done
}

//! The command line: what serves, what runs a workflow here, and what an operator needs.

mod answers;
mod args;
#[cfg(feature = "temporal")]
mod cluster;
mod doctor;
mod drive;
mod failure;
mod http;
mod inputs;
mod limits;
mod list;
mod manifest;
mod manual;
mod paint;
mod plain;
mod run;
mod runs;
mod set_up;
mod store;
mod table;
mod terminal;
mod tools;
mod watch;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use crate::engine::Engine;
use crate::http::Metrics;
use crate::mcp;
use crate::registry::Registry;
#[cfg(feature = "temporal")]
use crate::stop::Stop;
use crate::telemetry::otlp::Collector;
use crate::telemetry::{Exposition, Telemetry};

use args::{Args, Command, Runs, Seen, Serve, Transport};
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
    let args = match Args::read(std::env::args_os()) {
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
    let Some(command) = command else {
        return Err(Failure::usage("there is no command").help("see --help"));
    };
    let collector = if command.lasts() { set_up::collector()? } else { None };
    set_up::logging(&options, command.lasts(), collector.as_ref())?;
    if let Some(done) = without_engine(&command, &options, &registry) {
        return done;
    }
    // A worker of a fleet has more to do than what its client asks for.
    let one_client = options.engine == args::EngineKind::Embedded && command.has_one_client();
    let runtime = set_up::runtime(&options, one_client.then_some(1))?;
    let done = runtime.block_on(async {
        let telemetry = telemetry(&command, &registry, collector.as_ref());
        let engine = set_up::engine(&options, command.works(), registry, &telemetry).await?;
        if let Some(collector) = &collector {
            collector.watch(engine.clone()).await;
        }
        let done = match command {
            Command::Run(args) => run::run(engine.as_ref(), &args).await,
            Command::Runs(command) => {
                runs::runs(engine.as_ref(), command, &mut anstream::stdout()).await
            }
            Command::Health { json } => {
                runs::health(engine.as_ref(), json, &mut anstream::stdout()).await
            }
            Command::Serve(args) => serve(&engine, args, &options, telemetry).await,
            #[cfg(feature = "temporal")]
            Command::Worker(args) => work(&engine, &args, &options, telemetry).await,
            // Done before there is an engine.
            Command::List { .. }
            | Command::Completions { .. }
            | Command::Manual
            | Command::Manifest(_)
            | Command::Tools(_)
            | Command::Doctor(_)
            | Command::Backup { .. }
            | Command::Restore { .. } => Ok(ExitCode::SUCCESS),
        };
        if let Some(collector) = &collector {
            collector.close();
        }
        engine.close().await?;
        done
    });
    // A blocked read of a terminal would hold up the usual end for ever.
    runtime.shutdown_timeout(GRACE);
    done
}

/// Where it is told what happens: nowhere, unless somebody can ask or is sent it
fn telemetry(command: &Command, registry: &Registry, collector: Option<&Collector>) -> Telemetry {
    let is_asked = match command {
        Command::Serve(serve) => {
            serve.transport == Transport::Http || serve.seen.metrics_addr.is_some()
        }
        #[cfg(feature = "temporal")]
        Command::Worker(seen) => seen.metrics_addr.is_some(),
        _ => false,
    };
    let told = if is_asked { Telemetry::new(registry) } else { Telemetry::default() };
    match collector {
        Some(collector) => told.and_for(collector, registry),
        None => told,
    }
}

/// Tells how the process is at an address of its own, if it is to
async fn seen(seen: &Seen, exposition: Exposition) -> Result<Option<Metrics>, Failure> {
    Ok(match seen.metrics_addr {
        Some(addr) => Some(Metrics::serve(addr, exposition).await?),
        None => None,
    })
}

async fn serve(
    engine: &Arc<dyn Engine>,
    args: Serve,
    options: &args::Options,
    telemetry: Telemetry,
) -> Result<ExitCode, Failure> {
    let server = mcp::Server::new(engine.clone()).with_telemetry(telemetry);
    let server = if options.no_elicitation { server.without_elicitation() } else { server };
    let apart = seen(&args.seen, server.exposition()).await?;
    match args.transport {
        Transport::Stdio => mcp::serve_stdio(server, set_up::longest_message(options))
            .await
            .map_err(|error| Failure::new(error.to_string()))?,
        Transport::Http => {
            let mut http = args.http.options(options)?;
            http.metrics = apart.is_none();
            crate::http::serve(server, http).await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Works until it is told to stop
#[cfg(feature = "temporal")]
async fn work(
    engine: &Arc<dyn Engine>,
    args: &Seen,
    options: &args::Options,
    telemetry: Telemetry,
) -> Result<ExitCode, Failure> {
    if options.engine == args::EngineKind::Embedded {
        return Err(Failure::usage("the embedded engine has no workers apart from its servers")
            .help("a worker works for a fleet: `workflow-server worker --engine temporal`"));
    }
    let _seen = seen(args, Exposition::new(telemetry, engine.clone())).await?;
    let mut stop =
        Stop::new().map_err(|error| Failure::new(format!("cannot listen for signals: {error}")))?;
    let signal = stop.asked().await;
    tracing::info!(signal, "stopping");
    Ok(ExitCode::SUCCESS)
}

/// Whether the runs are kept elsewhere than in a file
fn has_no_file(options: &args::Options) -> bool {
    options.engine != args::EngineKind::Embedded
}

/// Does what needs no engine: what the program says of itself, and what is done to the store's file
fn without_engine(
    command: &Command,
    options: &args::Options,
    registry: &Arc<Registry>,
) -> Option<Result<ExitCode, Failure>> {
    let out = &mut anstream::stdout();
    Some(match command {
        Command::List { tag, json } => list::list(registry, tag.as_deref(), *json, out),
        Command::Completions { shell } => manual::completions(*shell, out),
        Command::Manual => manual::manual(out),
        Command::Manifest(command) => manifest::manifest(command, registry, out),
        Command::Tools(command) => tools::tools(options, command, out),
        Command::Doctor(args) => doctor::doctor(options, args, registry, out),
        Command::Backup { .. } | Command::Restore { .. } if has_no_file(options) => {
            Err(Failure::usage("the runs of a fleet are in no file that could be copied").help(
                "back up the databases of the cluster, and that of WORKFLOW_DATABASE_URL; \
                 `runs export` writes out a single run",
            ))
        }
        Command::Backup { file } => store::backup(options, file, out),
        Command::Restore { file, replace } => store::restore(options, file, *replace, out),
        Command::Runs(Runs::Export { run, output }) if !has_no_file(options) => {
            store::export(options, run, output.as_deref())
        }
        _ => return None,
    })
}

//! What stands before any work: logs, threads, the store.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::args::{EngineKind, LogFormat, Options};
use super::failure::Failure;
use crate::connectors::files::Files;
use crate::connectors::{self, Connectors};
use crate::engine::Engine;
use crate::engine::embedded::{self, Embedded};
use crate::machine::Limit;
use crate::registry::Registry;
use crate::telemetry::Telemetry;
use crate::telemetry::otlp::Collector;

/// How large a message may be in any case, in bytes
const MESSAGE: usize = 4 * 1024 * 1024;

/// The collector that traces and figures are sent to, where the environment names one
pub(crate) fn collector() -> Result<Option<Collector>, Failure> {
    Collector::named().map_err(|error| {
        Failure::usage(format!("a collector cannot be sent to: {error}"))
            .help("see the variables OTEL_… in docs/monitoring.md, or unset them")
    })
}

/// Logs to stderr from here on, stdout belongs to the client; and has spans traced, where somebody
/// collects them
pub(crate) fn logging(
    options: &Options,
    serving: bool,
    collector: Option<&Collector>,
) -> Result<(), Failure> {
    let level = options.log_level.as_deref().map_or("", str::trim);
    let level = match level {
        "" if serving => "info",
        // Who runs a workflow in a terminal is told how it ended by the command itself.
        "" => "warn,workflow::runs=off",
        level => level,
    };
    let filter = filter(level).ok_or_else(|| {
        Failure::usage(format!("`{level}` is not a log level"))
            .help("use error, warn, info, debug or trace")
    })?;
    let logs = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let logs = match options.log_format {
        LogFormat::Text => logs.with_ansi(false).boxed(),
        LogFormat::Json => logs.json().boxed(),
    };
    let all = tracing_subscriber::registry()
        .with(collector.map(|collector| collector.layer().boxed()))
        .with(logs.with_filter(filter));
    // Fails where a host program has set up its own logs already, which then hold.
    let _ = all.try_init();
    Ok(())
}

/// The modules of rmcp in whose errors is what other servers said, and their URLs
const CLIENT: [&str; 3] = [
    "rmcp::transport::common",
    "rmcp::transport::streamable_http_client",
    "rmcp::transport::worker",
];

/// Libraries that tell at `info` what is their own affair
const VERBOSE: [&str; 5] =
    ["opentelemetry", "rmcp", "temporalio_client", "temporalio_sdk", "temporalio_sdk_core"];

/// Libraries that tell below `info` what they send
const QUIET: [&str; 5] = ["h2", "hyper", "hyper_util", "reqwest", "rustls"];

/// What a level lets through, or a list of `module=level`
fn filter(level: &str) -> Option<EnvFilter> {
    // What went wrong with other servers we tell ourselves, without secrets.
    let client = CLIENT.map(|module| format!(",{module}=off")).concat();
    if level.contains('=') {
        return EnvFilter::try_new(level.to_owned() + &client).ok();
    }
    let level: LevelFilter = level.parse().ok()?;
    // They tell at `info` what an operator does not need, and below that whole messages.
    let warnings = level.min(LevelFilter::WARN);
    let verbose = VERBOSE.map(|module| format!(",{module}={warnings}")).concat();
    let others = level.min(LevelFilter::INFO);
    let quiet = QUIET.map(|module| format!(",{module}={others}")).concat();
    EnvFilter::try_new(format!("{level}{verbose}{client}{quiet}")).ok()
}

/// The threads that all else runs on: as many as the options say, or else as there are told here, or
/// else one for each core
pub(crate) fn runtime(options: &Options, usual: Option<usize>) -> Result<Runtime, Failure> {
    let mut builder = Builder::new_multi_thread();
    builder.enable_all();
    if let Some(threads) = options.worker_threads.or(usual) {
        builder.worker_threads(threads);
    }
    builder.build().map_err(|error| Failure::new(format!("cannot start threads: {error}")))
}

/// Opens what keeps the runs; it belongs to a tokio runtime
///
/// `works` says whether this process is to work for a fleet, too, where it belongs to one.
#[cfg_attr(
    not(feature = "temporal"),
    expect(clippy::unused_async, reason = "a file is opened at once, a cluster is not")
)]
pub(crate) async fn engine(
    options: &Options,
    works: bool,
    registry: Arc<Registry>,
    telemetry: &Telemetry,
) -> Result<Arc<dyn Engine>, Failure> {
    match options.engine {
        EngineKind::Embedded => {
            let _ = works;
            embedded(options, registry, telemetry)
        }
        #[cfg(feature = "temporal")]
        EngineKind::Temporal => {
            let mut settings = options.cluster.settings(options, works)?;
            settings.telemetry = telemetry.clone();
            let engine = crate::engine::temporal::Temporal::connect(registry, settings).await?;
            Ok(Arc::new(engine))
        }
    }
}

/// Opens the store
fn embedded(
    options: &Options,
    registry: Arc<Registry>,
    telemetry: &Telemetry,
) -> Result<Arc<dyn Engine>, Failure> {
    let path = store(options)?.path;
    let mut settings = embedded::Options::new(&path);
    settings.limits = options.limits.0;
    if let Some(runs) = options.cache_size {
        settings.cache_size = runs;
    }
    if let Some(seconds) = options.cache_ttl {
        settings.cache_ttl = Duration::from_secs(seconds);
    }
    settings.connectors = connectors(options)?;
    settings.telemetry = telemetry.clone();
    tracing::debug!(store = %path.display(), "opening");
    let engine = Embedded::open(registry, settings).map_err(|error| {
        Failure::from(error).help("the file is named with --store or WORKFLOW_STORE")
    })?;
    Ok(Arc::new(engine))
}

/// How large a message of a client may be, in bytes: a state has to fit in, with what JSON adds
pub(crate) fn longest_message(options: &Options) -> usize {
    let state = options.limits.0.get(Limit::State).saturating_mul(2 * 1024);
    usize::try_from(state).unwrap_or(usize::MAX).max(MESSAGE)
}

/// What this server calls itself: the servers that are configured, and the folder of files
pub(crate) fn connectors(options: &Options) -> Result<Connectors, Failure> {
    let configured = match &options.connectors {
        Some(path) => connectors::config::read(path)?,
        None => Connectors::default(),
    };
    // A variable that is set to nothing names no folder.
    match options.file_root.as_ref().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => Ok(configured.with_files(Files::open(folder).map_err(|error| {
            Failure::new(error.to_string()).help("name a folder with --file-root or MCP_FILE_ROOT")
        })?)),
        None => Ok(configured),
    }
}

/// A store, and how it came to be the one
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    pub(crate) by: &'static str,
}

/// The store that is meant
pub(crate) fn store(options: &Options) -> Result<Named, Failure> {
    Ok(match &options.store {
        Some(path) => Named { path: path.clone(), by: "named by --store or WORKFLOW_STORE" },
        None => Named { path: default_store()?, by: "in the user's data folder" },
    })
}

/// Where the runs are kept unless the command line says otherwise
fn default_store() -> Result<PathBuf, Failure> {
    data_folder(|name| std::env::var_os(name).map(PathBuf::from), std::env::home_dir())
        .map(|folder| folder.join("workflow-server").join("runs.sqlite"))
        .ok_or_else(|| {
            Failure::new("there is no home folder to keep the runs in")
                .help("name a file with --store or WORKFLOW_STORE")
        })
}

/// The folder for a user's data; one that is not absolute does not count
fn data_folder(
    variable: impl Fn(&str) -> Option<PathBuf>,
    home: Option<PathBuf>,
) -> Option<PathBuf> {
    let named = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let windows = || variable("LOCALAPPDATA").filter(|path| cfg!(windows) && path.is_absolute());
    named.or_else(windows).or_else(|| {
        home.filter(|path| path.is_absolute()).map(|home| home.join(".local").join("share"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_stands_in_the_data_folder() {
        let home = || Some(PathBuf::from("/home/ada"));
        let set = |value: &'static str| {
            move |name: &str| (name == "XDG_DATA_HOME").then(|| PathBuf::from(value))
        };
        assert_eq!(data_folder(set("/data"), home()), Some("/data".into()));
        assert_eq!(data_folder(set("relative"), home()), Some("/home/ada/.local/share".into()));
        assert_eq!(data_folder(|_| None, home()), Some("/home/ada/.local/share".into()));
        assert_eq!(data_folder(|_| None, None), None);
    }

    #[test]
    fn an_unknown_log_level_is_a_usage_error() {
        let options = Options { log_level: Some("shouting".into()), ..Options::default() };
        let failure = logging(&options, true, None).unwrap_err();
        assert!(failure.to_string().contains("`shouting` is not a log level"), "{failure}");
    }
}

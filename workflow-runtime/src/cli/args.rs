//! What the command line can say.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use super::doctor::word_of_phase;
use super::http::{HttpArgs, address};
use super::limits::LimitArgs;
use crate::engine::Phase;
use crate::machine::Status;

/// Runs compiled workflows, and serves them to an agent over MCP
#[derive(Debug, Parser)]
#[command(name = "workflow-server", version)]
pub(crate) struct Args {
    /// Without a command it serves over stdio
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) options: Options,
}

impl Args {
    /// Reads a command line; without a command it is `serve`
    pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self, clap::Error> {
        let mut words: Vec<OsString> = words.into_iter().collect();
        let args = Self::try_parse_from(&words)?;
        if args.command.is_some() {
            return Ok(args);
        }
        // Read once more, because variables of the environment have a say in what it takes.
        words.push("serve".into());
        Self::try_parse_from(words)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Serve the workflows to an agent over MCP
    Serve(Serve),
    /// Work for a fleet, and serve nobody: for `--engine temporal`
    #[cfg(feature = "temporal")]
    Worker(Seen),
    /// List the workflows
    List {
        /// Only those with this tag
        #[arg(long)]
        tag: Option<String>,
        /// As JSON, with the schemas of their inputs
        #[arg(long)]
        json: bool,
    },
    /// Run a workflow here: you play the agent
    Run(Run),
    /// List runs, look at one, call it off, take it up again
    #[command(subcommand)]
    Runs(Runs),
    /// Lock the tools of other servers, which calls in workflows are compiled against
    #[command(subcommand)]
    Tools(Tools),
    /// Print what clients and registries want to know of this server
    #[command(subcommand)]
    Manifest(Manifest),
    /// Say what is configured and whether it is sound: every page of the store, every journal in
    /// it. Exit status 1: something is wrong
    Doctor(Doctor),
    /// Write a copy of the store to a new file, while servers work on it
    Backup {
        /// The new file
        file: PathBuf,
    },
    /// Put a backup in the place of the store; no server may be working on it
    Restore {
        /// The backup
        file: PathBuf,
        /// Also where the store is not empty, or damaged: what is there is kept beside it
        #[arg(long)]
        replace: bool,
    },
    /// Say how the engine is: its store, its queue, its memory. Exit status 1: not well
    Health {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Print what completes this command's words in a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page: `workflow-server manual | man -l -`
    Manual,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Doctor {
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// A folder of workflows, which has to hold what is compiled in
    #[arg(long, value_name = "FOLDER", env = "WORKFLOW_DEFINITIONS_PATH")]
    definitions: Option<PathBuf>,
    /// Go through what has to hold in production, set as the server is. Exit status 1: something
    /// has to be done first
    #[arg(long)]
    pub(crate) production: bool,
    /// Only that part of it; several with commas
    #[arg(long = "phase", value_name = "PHASE", requires = "production", value_delimiter = ',')]
    #[arg(value_parser = phase())]
    pub(crate) phases: Vec<Phase>,
    /// The folder that backups of the store are kept in
    #[arg(long, value_name = "FOLDER", env = "WORKFLOW_BACKUPS")]
    backups: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) serve: Serve,
}

impl Doctor {
    /// The folder of workflows, if one is named
    pub(crate) fn definitions(&self) -> Option<&Path> {
        named(self.definitions.as_deref())
    }

    /// The folder of backups, if one is named
    pub(crate) fn backups(&self) -> Option<&Path> {
        named(self.backups.as_deref())
    }
}

/// A variable that is set to nothing names nothing
fn named(path: Option<&Path>) -> Option<&Path> {
    path.filter(|path| !path.as_os_str().is_empty())
}

impl Command {
    /// Whether it goes on until it is told to stop
    pub(crate) fn lasts(&self) -> bool {
        match self {
            #[cfg(feature = "temporal")]
            Self::Worker(_) => true,
            Self::Serve(_) => true,
            _ => false,
        }
    }

    /// Whether it works for one client, whose calls would only be handed from thread to thread
    pub(crate) fn has_one_client(&self) -> bool {
        matches!(self, Self::Serve(Serve { transport: Transport::Stdio, .. }))
    }

    /// Whether its process works for a fleet while it lasts, where it belongs to one
    pub(crate) fn works(&self) -> bool {
        match self {
            #[cfg(feature = "temporal")]
            Self::Serve(serve) => !serve.no_worker,
            #[cfg(feature = "temporal")]
            Self::Worker(_) => true,
            Self::Run(_) => true,
            _ => false,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tools {
    /// Ask the servers for their tools, write the lock, and say what has changed. Exit status 1: not
    /// all could be asked; the part of those that could not stays as it is
    Pull(ToolsLock),
    /// Say whether the lock agrees with the servers, for CI. Exit status 1: it does not, or not all
    /// could be asked
    Check(ToolsLock),
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct ToolsLock {
    /// The lock, beside the workflows
    #[arg(long, value_name = "FILE", default_value = "workflows/tools.lock.json")]
    pub(crate) lock: PathBuf,
    /// Servers by their names in the file of connectors; all of them where none is named
    #[arg(value_name = "SERVER")]
    pub(crate) servers: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Manifest {
    /// What goes into the `.mcp.json` of a client: this program, where it is now
    Client,
    /// The `manifest.json` of an MCP bundle (.mcpb), which has this program in its folder `server`
    Bundle(Bundle),
    /// The `server.json` of the MCP registry, for a bundle that can be downloaded
    Listing(Listing),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Bundle {
    /// Whose bundle it is
    #[arg(long, value_name = "NAME")]
    pub(crate) author: String,
    /// Its version
    #[arg(long, value_name = "VERSION", default_value = env!("CARGO_PKG_VERSION"))]
    pub(crate) release: semver::Version,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Listing {
    /// The server's name in the registry, such as `io.github.ada/workflows`
    #[arg(long)]
    pub(crate) name: String,
    /// Where the bundle can be downloaded
    #[arg(long)]
    pub(crate) url: String,
    /// Its version
    #[arg(long, value_name = "VERSION", default_value = env!("CARGO_PKG_VERSION"))]
    pub(crate) release: semver::Version,
    /// The bundle
    pub(crate) bundle: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Runs {
    /// List runs by the page, the newest first
    List(ListRuns),
    /// Show a run: how it stands, what it waits for, its children, its state
    Show {
        /// The run
        run: String,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Take up a run again that has failed, from the step that failed
    Retry {
        /// The run
        run: String,
        /// Print the reply as JSON
        #[arg(long)]
        json: bool,
    },
    /// Tell how a run gets on, a line each time that it has moved, until it has ended
    Watch {
        /// The run
        run: String,
        /// As JSON, an object a line
        #[arg(long)]
        json: bool,
    },
    /// Write a run out as JSON lines, its children too, damaged or not
    Export {
        /// The run
        run: String,
        /// The new file that it is written to, instead of to the terminal
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Call a run off, its children too
    Cancel {
        /// The run
        run: String,
        /// Why
        #[arg(long)]
        reason: Option<String>,
        /// Print the reply as JSON
        #[arg(long)]
        json: bool,
    },
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct ListRuns {
    /// Only runs that stand so
    #[arg(long, value_parser = status())]
    pub(crate) status: Option<Status>,
    /// Only runs of this workflow
    #[arg(long)]
    pub(crate) workflow: Option<String>,
    /// Go on where a page ended
    #[arg(long)]
    pub(crate) cursor: Option<String>,
    /// How many at most, 50 or fewer
    #[arg(long, value_name = "RUNS")]
    pub(crate) limit: Option<usize>,
    /// As JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Where a process tells how it is, apart from what it serves
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Seen {
    /// Serve metrics and probes at an address of their own, without a token
    #[arg(long, value_name = "ADDRESS:PORT", env = "METRICS_ADDR", value_parser = address)]
    pub(crate) metrics_addr: Option<SocketAddr>,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Serve {
    /// How agents' clients talk to the server
    #[arg(long, value_enum, default_value_t, env = "WORKFLOW_TRANSPORT")]
    pub(crate) transport: Transport,
    #[command(flatten)]
    pub(crate) seen: Seen,
    #[command(flatten)]
    pub(crate) http: HttpArgs,
    /// Serve, and leave it to other processes to work: for `--engine temporal`
    #[cfg(feature = "temporal")]
    #[arg(long)]
    pub(crate) no_worker: bool,
}

#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct Run {
    /// The workflow to start
    #[arg(required_unless_present = "resume")]
    pub(crate) workflow: Option<String>,
    /// An input; its value is read as JSON unless the workflow wants a string
    #[arg(long = "input", short, value_name = "NAME=VALUE", value_parser = name_and_value)]
    pub(crate) inputs: Vec<(String, String)>,
    /// A YAML or JSON file of step id: result, which answers in your place
    #[arg(long, value_name = "FILE")]
    pub(crate) answers: Option<PathBuf>,
    /// Go on with a run that waits
    #[arg(long, value_name = "RUN_ID", conflicts_with_all = ["workflow", "inputs"])]
    pub(crate) resume: Option<String>,
    /// Answer only what the user alone can answer, and leave the rest to the agent
    #[arg(long, requires = "resume")]
    pub(crate) user_only: bool,
}

#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct Options {
    /// The file that the runs are kept in
    #[arg(long, global = true, value_name = "PATH", env = "WORKFLOW_STORE")]
    pub(crate) store: Option<PathBuf>,
    /// What keeps and moves the runs
    #[arg(long, global = true, value_enum, default_value_t, env = "WORKFLOW_ENGINE")]
    pub(crate) engine: EngineKind,
    #[cfg(feature = "temporal")]
    #[command(flatten)]
    pub(crate) cluster: super::cluster::ClusterArgs,
    /// A file of the shape of `.mcp.json`: servers whose tools are called from here, not by the agent
    #[arg(long, global = true, value_name = "FILE", env = "WORKFLOW_CONNECTORS")]
    pub(crate) connectors: Option<PathBuf>,
    /// Take what only the user can answer from a terminal alone, not from a form of their client
    #[arg(long, global = true)]
    pub(crate) no_elicitation: bool,
    /// The folder that `files.*` works in; without one there are no such tools
    #[arg(long, global = true, value_name = "FOLDER", env = "MCP_FILE_ROOT")]
    pub(crate) file_root: Option<PathBuf>,
    /// How many runs are kept decoded in memory; 0 for none [default: 1000]
    #[arg(long, global = true, value_name = "RUNS", env = "CACHE_SIZE")]
    pub(crate) cache_size: Option<usize>,
    /// How long after its last use, in seconds [default: 300]
    #[arg(long, global = true, value_name = "SECONDS", env = "CACHE_TTL")]
    pub(crate) cache_ttl: Option<u64>,
    /// How many threads work [default: 1 for a client over stdio, else one for each core]
    #[arg(long, global = true, value_name = "THREADS", env = "WORKER_THREADS")]
    #[arg(value_parser = at_least_one)]
    pub(crate) worker_threads: Option<usize>,
    /// What is logged: error, warn, info, debug, trace
    #[arg(long, global = true, value_name = "LEVEL", env = "LOG_LEVEL")]
    pub(crate) log_level: Option<String>,
    /// How it is logged
    #[arg(
        long,
        global = true,
        value_enum,
        default_value_t,
        ignore_case = true,
        env = "LOG_FORMAT"
    )]
    pub(crate) log_format: LogFormat,
    #[command(flatten)]
    pub(crate) limits: LimitArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Transport {
    /// Standard input and output, for one client
    #[default]
    Stdio,
    /// Streamable HTTP, for many
    Http,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum EngineKind {
    /// In this process, on a file
    #[default]
    Embedded,
    /// On a Temporal cluster
    #[cfg(feature = "temporal")]
    Temporal,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// Lines to read
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

fn status() -> impl TypedValueParser<Value = Status> {
    let words = Status::ALL.map(Status::word);
    let named = |word: String| Status::ALL.into_iter().find(|status| status.word() == word);
    // One of the words, so there is one that is named so.
    PossibleValuesParser::new(words).map(move |word| named(word).unwrap_or(Status::Waiting))
}

fn phase() -> impl TypedValueParser<Value = Phase> {
    let words = Phase::ALL.map(word_of_phase);
    let meant = |word: String| Phase::ALL.into_iter().find(|phase| word_of_phase(*phase) == word);
    // One of the words, so there is one that is named so.
    PossibleValuesParser::new(words).map(move |word| meant(word).unwrap_or(Phase::Before))
}

fn name_and_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.to_owned()))
        }
        _ => Err("expected `name=value`".to_owned()),
    }
}

pub(crate) fn at_least_one(text: &str) -> Result<usize, String> {
    match text.trim().parse() {
        Ok(0) | Err(_) => Err("expected a whole number, at least 1".to_owned()),
        Ok(number) => Ok(number),
    }
}

#[cfg(test)]
mod tests;

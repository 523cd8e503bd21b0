//! What has to hold in production, as far as this program can check it. What it cannot, people tick
//! off: docs/production.md.

use std::path::Path;
use std::sync::Arc;

use tracing::level_filters::LevelFilter;

use super::super::args::{Doctor, EngineKind, LogFormat, Options, Transport};
use super::super::failure::Failure;
use super::super::http;
use super::super::set_up;
use super::reach::{self, Reached};
use super::{backups, entrance, folder, no_workflows};
use crate::engine::{Check, EngineError, Health, Phase, Problem};
use crate::machine::Limit;
use crate::plural::count;
use crate::registry::Registry;
use crate::telemetry::Telemetry;

/// Goes through the checklist, or the phases of it that are asked for
pub(super) async fn checks(
    options: &Options,
    args: &Doctor,
    registry: &Arc<Registry>,
) -> Vec<Check> {
    let key = args.serve.http.key(http::given().as_deref(), options);
    let mut checks = vec![build(), workflows(args.definitions(), registry)];
    checks.extend(tools(options, registry).await);
    checks.push(user());
    checks.extend(entrance::checks(args.serve.transport, &args.serve.http, &key));
    checks.extend([log_format(options), log_level(options), limits(options)]);
    checks.extend(of_engine(options, registry).await);
    if args.serve.transport == Transport::Http {
        checks.push(entrance::answering(&args.serve.http, &key).await);
    }
    if options.engine == EngineKind::Embedded {
        checks.push(backups::check(options, args.backups()));
    }
    let asked = |phase| args.phases.is_empty() || args.phases.contains(&phase);
    checks.retain(|check| asked(check.phase));
    checks.sort_by_key(|check| check.phase);
    checks
}

/// Whether a server of a fleet has what it works with: there is no file to look into
pub(super) async fn of_fleet(
    options: &Options,
    args: &Doctor,
    registry: &Arc<Registry>,
) -> Vec<Check> {
    let mut checks = vec![workflows(args.definitions(), registry)];
    checks.extend(tools(options, registry).await);
    checks.extend(of_engine(options, registry).await);
    checks
}

fn build() -> Check {
    let (phase, name) = (Phase::Before, "build");
    let version = env!("CARGO_PKG_VERSION");
    match cfg!(debug_assertions) {
        false => Check::ok(phase, name, format!("{version}, a release build")),
        true => Check::warn(
            phase,
            name,
            format!("{version}, a debug build"),
            "`cargo build --release`: it is several times as fast",
        ),
    }
}

fn workflows(definitions: Option<&Path>, registry: &Registry) -> Check {
    let (phase, name) = (Phase::Before, "workflows");
    let workflows = registry.workflows().count();
    if workflows == 0 {
        return of_problem(phase, name, no_workflows());
    }
    let Some(definitions) = definitions else {
        let workflows = count(workflows, "workflow");
        return Check::ok(phase, name, format!("{workflows}, and no folder to compare them with"));
    };
    match folder::problem(definitions, registry) {
        Some(problem) => of_problem(phase, name, problem),
        None => Check::ok(phase, name, folder::alike(definitions, registry)),
    }
}

/// Whether the servers that are called from here can be reached, and their tools are those that
/// were locked
async fn tools(options: &Options, registry: &Registry) -> Vec<Check> {
    let (phase, name) = (Phase::Before, "tools");
    match reach::reach(options, registry).await {
        Ok(reached) if reached.is_empty() => {
            vec![Check::ok(phase, name, "no server is configured whose tools are called from here")]
        }
        Ok(reached) => {
            reached.iter().flat_map(|reached| tools_of(reached, options, registry)).collect()
        }
        Err(failure) => vec![of_problem(phase, name, failure.into())],
    }
}

fn tools_of(reached: &Reached, options: &Options, registry: &Registry) -> Vec<Check> {
    let (phase, name, server) = (Phase::Before, "tools", reached.name.as_str());
    let problems = reached.problems(options);
    if !problems.is_empty() {
        return problems.into_iter().map(|problem| of_problem(phase, name, problem)).collect();
    }
    let tools = count(*reached.tools.as_ref().unwrap_or(&0), "tool");
    // What is built in comes with this program, and cannot become another.
    let locked = server == "files" || registry.locks().has_server(server);
    vec![match locked {
        true => Check::ok(phase, name, format!("`{server}` has {tools}, as locked")),
        false => Check::warn(
            phase,
            name,
            format!("`{server}` has {tools}, none of which is locked and called"),
            "`workflow-server tools pull`, then build anew; or leave the server out",
        ),
    }]
}

fn user() -> Check {
    let (phase, name) = (Phase::During, "user");
    match is_root() {
        false => Check::ok(phase, name, "not root"),
        true => Check::warn(
            phase,
            name,
            "this is root, whom nothing stops",
            "run the server as a user of its own, and this as the same user",
        ),
    }
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

fn log_format(options: &Options) -> Check {
    let (phase, name) = (Phase::During, "logs");
    match options.log_format {
        LogFormat::Json => Check::ok(phase, name, "as JSON, a line each"),
        LogFormat::Text => {
            Check::warn(phase, name, "as text, which is for people", "set LOG_FORMAT=json")
        }
    }
}

fn log_level(options: &Options) -> Check {
    let (phase, name) = (Phase::During, "log level");
    let level = options.log_level.as_deref().map_or("", str::trim);
    let level = if level.is_empty() { "info" } else { level };
    let to_do = "set LOG_LEVEL=info";
    match level.parse::<LevelFilter>() {
        Ok(LevelFilter::INFO) => Check::ok(phase, name, level),
        Ok(LevelFilter::DEBUG | LevelFilter::TRACE) => {
            Check::warn(phase, name, format!("{level}, which tells inputs and answers"), to_do)
        }
        Ok(_) => Check::warn(phase, name, format!("{level}: starts and ends are not told"), to_do),
        // A list of modules is somebody's decision.
        Err(_) => Check::ok(phase, name, level),
    }
}

/// Of the limits, the one that depends on the machine
fn limits(options: &Options) -> Check {
    let (phase, name, limit) = (Phase::During, "limits", Limit::Runs);
    let (variable, runs) = (limit.variable(), options.limits.0.get(limit));
    if runs == limit.default() {
        let found = format!("{variable} is {runs}, as nobody has set it");
        return Check::warn(phase, name, found, "set it to what this machine is to bear");
    }
    let others =
        Limit::ALL.into_iter().filter(|limit| options.limits.0.get(*limit) != limit.default());
    let set = others.map(|limit| format!("{} {}", limit.variable(), options.limits.0.get(limit)));
    Check::ok(phase, name, set.collect::<Vec<_>>().join(", "))
}

/// What the engine says of itself, once it can be opened
///
/// It gets no servers to call: those are reached for themselves, and calls are the server's to make.
async fn of_engine(options: &Options, registry: &Arc<Registry>) -> Vec<Check> {
    let (phase, name) = (Phase::During, "engine");
    match nothing_kept_yet(options) {
        Ok(None) => {}
        Ok(Some(check)) => return vec![check],
        Err(failure) => return vec![of_problem(phase, name, failure.into())],
    }
    let quiet = Options { connectors: None, file_root: None, ..options.clone() };
    let telemetry = Telemetry::default();
    let engine = match set_up::engine(&quiet, false, registry.clone(), &telemetry).await {
        Ok(engine) => engine,
        Err(failure) => return vec![of_problem(phase, name, failure.into())],
    };
    let of_error = |error: EngineError| of_problem(phase, name, error.into());
    let mut checks = engine.checks().await.unwrap_or_else(|error| vec![of_error(error)]);
    checks.push(engine.health().await.map_or_else(of_error, |health| well(&health)));
    if let Err(error) = engine.close().await {
        checks.push(of_error(error));
    }
    checks
}

/// A store is made by the server, as the user that it runs as, and not by looking for it
fn nothing_kept_yet(options: &Options) -> Result<Option<Check>, Failure> {
    if options.engine != EngineKind::Embedded {
        return Ok(None);
    }
    let store = set_up::store(options)?.path;
    Ok((!store.try_exists().unwrap_or(true)).then(|| {
        Check::warn(
            Phase::During,
            "store",
            format!("there is no `{}` yet", store.display()),
            "start the server, which makes it, then check again",
        )
    }))
}

fn well(health: &Health) -> Check {
    let (phase, name) = (Phase::After, "health");
    if health.problems.is_empty() {
        let store = health.store.as_ref();
        let store = store.map(|store| (store.unfinished_runs, store.max_unfinished_runs));
        let cluster = health.cluster.as_ref();
        let cluster = cluster.map(|cluster| (cluster.unfinished_runs, cluster.max_unfinished_runs));
        let (runs, max) = store.or(cluster).unwrap_or_default();
        let runs = count(runs.unwrap_or_default(), "unfinished run");
        return Check::ok(phase, name, format!("{}, {runs} of {max}", health.engine));
    }
    let said =
        |of: fn(&Problem) -> &str| health.problems.iter().map(of).collect::<Vec<_>>().join("; ");
    let (message, help) = (said(|problem| &problem.message), said(|problem| &problem.help));
    of_problem(phase, name, Problem { message, help })
}

/// A problem, as the check that has found it
pub(super) fn of_problem(phase: Phase, name: &'static str, problem: Problem) -> Check {
    Check::fail(phase, name, problem.message, problem.help)
}

//! `doctor`: what is configured, whether it is sound, and whether others can rely on it.

mod backups;
mod checklist;
mod entrance;
mod folder;
mod production;
mod reach;

pub(super) use checklist::word_of_phase;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use serde::Serialize;

use super::GRACE;
use super::args::{Doctor, EngineKind, Options};
use super::failure::Failure;
use super::runs::print;
use super::set_up::{self, Named};
use super::store::{holds, told};
use crate::engine::Problem;
use crate::engine::embedded::upkeep::{self, Findings};
use crate::machine::Limit;
use crate::plural::count;
use crate::registry::Registry;

/// Says what is configured, whether it can be reached and is sound, and what to do; fails if
/// anything is wrong
pub(crate) fn doctor(
    options: &Options,
    args: &Doctor,
    registry: &Arc<Registry>,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let runtime = set_up::runtime(options, None)?;
    let done = runtime.block_on(examine(options, args, registry, out));
    runtime.shutdown_timeout(GRACE);
    done
}

async fn examine(
    options: &Options,
    args: &Doctor,
    registry: &Arc<Registry>,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    if args.production {
        let checks = production::checks(options, args, registry).await;
        return checklist::print(&checks, args.json, out);
    }
    if options.engine != EngineKind::Embedded {
        let checks = production::of_fleet(options, args, registry).await;
        return checklist::print(&checks, args.json, out);
    }
    let report = report(options, args, registry).await?;
    print(out, args.json, &report, || report_text(&report))?;
    let well = report.problems.is_empty();
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What the server works with, and what is wrong with it
#[derive(Serialize)]
struct Report {
    version: &'static str,
    engine: &'static str,
    /// Workflows that can be started
    workflows: usize,
    /// The store's file
    store: String,
    /// How it is named
    store_named_by: &'static str,
    /// Whether it is there; not part of what is told as JSON, where `findings` says it
    #[serde(skip)]
    store_is_there: bool,
    /// By the variables that set them
    limits: BTreeMap<&'static str, u64>,
    /// The servers whose tools are called from here, each as it could be reached
    connectors: Vec<Connector>,
    /// What stands in the store; null where there is none yet, or it cannot be read
    findings: Option<Findings>,
    problems: Vec<Problem>,
}

/// A server whose tools are called from here
#[derive(Serialize)]
struct Connector {
    name: String,
    /// How many tools it lists; null where it cannot be reached
    tools: Option<usize>,
}

async fn report(options: &Options, args: &Doctor, registry: &Registry) -> Result<Report, Failure> {
    let Named { path, by } = set_up::store(options)?;
    let limits = options.limits.0;
    let workflows = registry.workflows().count();
    let mut problems = Vec::new();
    if workflows == 0 {
        problems.push(no_workflows());
    }
    problems.extend(args.definitions().and_then(|folder| folder::problem(folder, registry)));
    let there = path.try_exists().unwrap_or(true);
    let findings = find(&path, there, &mut problems);
    let connectors = match reach::reach(options, registry).await {
        Ok(reached) => reached,
        Err(failure) => {
            problems.push(failure.into());
            Vec::new()
        }
    };
    problems.extend(connectors.iter().flat_map(|reached| reached.problems(options)));
    let connectors = connectors
        .into_iter()
        .map(|reached| Connector { name: reached.name, tools: reached.tools.ok() });
    Ok(Report {
        version: env!("CARGO_PKG_VERSION"),
        engine: "embedded",
        workflows,
        store: path.display().to_string(),
        store_named_by: by,
        store_is_there: there,
        limits: Limit::ALL.map(|limit| (limit.variable(), limits.get(limit))).into(),
        connectors: connectors.collect(),
        findings,
        problems,
    })
}

/// What is said of a server that has nothing to serve
fn no_workflows() -> Problem {
    Problem {
        message: "there are no workflows".to_owned(),
        help: "put some into the folder that the build script names, and build again".to_owned(),
    }
}

/// What a check of the store finds, if it is there and can be read
fn find(path: &Path, there: bool, problems: &mut Vec<Problem>) -> Option<Findings> {
    match there.then(|| upkeep::check(path))? {
        Ok(findings) => {
            problems.extend(findings.problems.iter().cloned());
            Some(findings)
        }
        Err(error) => {
            problems.push(error.into());
            None
        }
    }
}

fn report_text(report: &Report) -> String {
    let Report { version, engine, workflows, store, store_named_by, .. } = report;
    let limits: Vec<_> =
        report.limits.iter().map(|(limit, value)| format!("{limit} {value}")).collect();
    let head = format!(
        "workflow-server {version}, engine {engine}, {}\nlimits: {}\nstore {store} \
         ({store_named_by})\n",
        count(*workflows as u64, "workflow"),
        limits.join(", ")
    );
    let store = match &report.findings {
        Some(findings) => format!("it holds {}\n", holds(findings)),
        None if report.store_is_there => String::new(),
        None => "there is no such file yet, the first run makes it\n".to_owned(),
    };
    let connectors = report.connectors.iter().map(|Connector { name, tools }| match tools {
        Some(tools) => format!("connector {name}: reached, {}\n", count(*tools, "tool")),
        None => format!("connector {name}: not reached\n"),
    });
    let connectors: String = connectors.collect();
    let well = if report.problems.is_empty() { "all is well\n" } else { "" };
    head + &store + &connectors + well + &told(&report.problems)
}

#[cfg(test)]
mod tests;

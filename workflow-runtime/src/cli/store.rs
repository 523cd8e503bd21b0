//! What is done to the store itself: `doctor`, `backup`, `restore`, `runs export`.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::args::Options;
use super::failure::Failure;
use super::runs::print;
use super::set_up::{self, Named};
use crate::connectors::locks;
use crate::engine::Problem;
use crate::engine::embedded::upkeep::{self, Findings};
use crate::machine::{Limit, RunError};
use crate::plural::count;
use crate::registry::Registry;

/// Writes a copy of the store to a new file
pub(crate) fn backup(
    options: &Options,
    file: &Path,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let findings = upkeep::backup(&set_up::store(options)?.path, file)?;
    let text = format!("{} holds {}\n", file.display(), holds(&findings));
    say(out, &(text + &told(&findings.problems)))?;
    Ok(ExitCode::SUCCESS)
}

/// Puts a backup in the place of the store
pub(crate) fn restore(
    options: &Options,
    file: &Path,
    replace: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let store = set_up::store(options)?.path;
    let restored = upkeep::restore(file, &store, replace)?;
    let mut text = format!("{} holds {}\n", store.display(), holds(&restored.backup));
    if let Some(kept) = &restored.kept {
        text.push_str("what was there is kept as ");
        text.push_str(&kept.display().to_string());
        text.push('\n');
    }
    say(out, &(text + &told(&restored.backup.problems)))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes a run out as JSON lines
pub(crate) fn export(
    options: &Options,
    run_id: &str,
    file: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let store = set_up::store(options)?.path;
    let Some(file) = file else {
        let mut out = BufWriter::new(std::io::stdout().lock());
        upkeep::export(&store, run_id, &mut out)?;
        out.flush().map_err(|error| Failure::writing(&error))?;
        return Ok(ExitCode::SUCCESS);
    };
    let cannot = |error: &std::io::Error| {
        Failure::new(format!("`{}` cannot be written: {error}", file.display()))
    };
    let mut out = BufWriter::new(File::create_new(file).map_err(|error| cannot(&error))?);
    upkeep::export(&store, run_id, &mut out)?;
    out.flush().and_then(|()| out.get_ref().sync_all()).map_err(|error| cannot(&error))?;
    Ok(ExitCode::SUCCESS)
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
    /// By the variables that set them
    limits: BTreeMap<&'static str, u64>,
    /// The servers whose tools are called from here, each as it could be reached
    connectors: Vec<Reached>,
    /// What stands in the store; null where there is none yet, or it cannot be read
    findings: Option<Findings>,
    problems: Vec<Problem>,
}

/// A server whose tools are called from here
#[derive(Serialize)]
struct Reached {
    name: String,
    /// How many tools it lists; null where it cannot be reached
    tools: Option<usize>,
}

/// Connects to each server that is configured, and says what is wrong with those that cannot be
/// reached
fn reach(
    options: &Options,
    registry: &Registry,
    problems: &mut Vec<Problem>,
) -> Result<Vec<Reached>, Failure> {
    let connectors = match set_up::connectors(options) {
        Ok(connectors) if connectors.is_empty() => return Ok(Vec::new()),
        Ok(connectors) => connectors,
        Err(failure) => {
            problems.push(failure.into());
            return Ok(Vec::new());
        }
    };
    let runtime = set_up::runtime(options)?;
    let reached = runtime.block_on(async {
        let trying = connectors.iter().map(|(name, connector)| {
            let (name, connector) = (name.to_owned(), connector.clone());
            tokio::spawn(async move { (name, connector.list().await) })
        });
        let mut reached = Vec::new();
        for tried in trying.collect::<Vec<_>>() {
            // One that panics has said so.
            let Ok((name, tried)) = tried.await else { continue };
            let tools = tried.map_err(|error| problems.push(unreached(&name, options, error))).ok();
            reached.push(Reached { name, tools: tools.map(|tools| tools.len()) });
        }
        for (name, connector) in connectors.iter() {
            let drifted = registry.locks().problems(name, &**connector).into_iter();
            let help = locks::WHAT_TO_DO;
            problems.extend(drifted.map(|message| Problem { message, help: help.to_owned() }));
        }
        connectors.close().await;
        reached
    });
    Ok(reached)
}

fn unreached(name: &str, options: &Options, error: RunError) -> Problem {
    let file = options.connectors.as_deref().unwrap_or(Path::new(".mcp.json")).display();
    Problem {
        message: error.message,
        help: format!(
            "see `command`, `args`, `env` and `cwd`, or `url` and `headers`, of `{name}` in `{file}`: \
             run by hand, a program has to start and wait for a client; a server that is not needed \
             is left out by `\"disabled\": true`"
        ),
    }
}

/// Says what is configured, whether it can be reached and is sound, and what to do; fails if
/// anything is wrong
pub(crate) fn doctor(
    options: &Options,
    registry: &Registry,
    json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let Named { path, by } = set_up::store(options)?;
    let limits = options.limits.0;
    let mut problems = Vec::new();
    let workflows = registry.workflows().count();
    if workflows == 0 {
        problems.push(Problem {
            message: "there are no workflows".to_owned(),
            help: "put some into the folder that the build script names, and build again".into(),
        });
    }
    let there = path.try_exists().unwrap_or(true);
    let findings = if there { upkeep::check(&path).map(Some) } else { Ok(None) };
    let findings = findings.unwrap_or_else(|error| {
        problems.push(error.into());
        None
    });
    problems.extend(findings.iter().flat_map(|findings| findings.problems.clone()));
    let connectors = reach(options, registry, &mut problems)?;
    let report = Report {
        version: env!("CARGO_PKG_VERSION"),
        engine: "embedded",
        workflows,
        store: path.display().to_string(),
        store_named_by: by,
        limits: Limit::ALL.map(|limit| (limit.variable(), limits.get(limit))).into(),
        connectors,
        findings,
        problems,
    };
    print(out, json, &report, || report_text(&report, there))?;
    let well = report.problems.is_empty();
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn report_text(report: &Report, there: bool) -> String {
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
        None if there => String::new(),
        None => "there is no such file yet, the first run makes it\n".to_owned(),
    };
    let connectors = report.connectors.iter().map(|Reached { name, tools }| match tools {
        Some(tools) => format!("connector {name}: reached, {}\n", count(*tools, "tool")),
        None => format!("connector {name}: not reached\n"),
    });
    let connectors: String = connectors.collect();
    let well = if report.problems.is_empty() { "all is well\n" } else { "" };
    head + &store + &connectors + well + &told(&report.problems)
}

/// `12 runs (3 failed, 9 waiting) with 130 events`
fn holds(findings: &Findings) -> String {
    let by_status = findings.by_status.iter().map(|(status, count)| format!("{count} {status}"));
    let by_status = by_status.collect::<Vec<_>>().join(", ");
    let by_status = if by_status.is_empty() { by_status } else { format!(" ({by_status})") };
    let (runs, events) = (count(findings.runs, "run"), count(findings.events, "event"));
    format!("{runs}{by_status} with {events}")
}

fn told(problems: &[Problem]) -> String {
    let lines = problems
        .iter()
        .map(|problem| format!("problem: {}\n  to do: {}\n", problem.message, problem.help));
    lines.collect()
}

fn say(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    let said = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    said.map_err(|error| Failure::writing(&error))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Map, Value, json};
    use tempfile::TempDir;

    use super::*;
    use crate::engine::embedded::Embedded;
    use crate::engine::{Engine, StartRequest, embedded};
    use crate::machine::sample;

    async fn start(folder: &TempDir) -> (Arc<Embedded>, String) {
        let path = folder.path().join("runs.sqlite");
        let engine = Embedded::open(sample::registry(), embedded::Options::new(path)).unwrap();
        let inputs = Map::from_iter([("task".to_owned(), json!("tea"))]);
        let request = StartRequest { workflow: "test:plan".into(), inputs, idempotency_key: None };
        let run_id = engine.start(request).await.unwrap().run_id;
        (Arc::new(engine), run_id)
    }

    fn options(folder: &TempDir, store: &str) -> Options {
        Options { store: Some(folder.path().join(store)), ..Options::default() }
    }

    fn doctor_says(options: &Options, json: bool) -> (ExitCode, String) {
        let mut out = Vec::new();
        let code = doctor(options, &sample::registry(), json, &mut out).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn the_doctor_says_what_is_there_and_what_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let store = options(&folder, "runs.sqlite");
        let (code, said) = doctor_says(&store, false);
        assert_eq!(code, ExitCode::SUCCESS);
        assert!(
            said.contains("there is no such file yet") && said.ends_with("all is well\n"),
            "{said}"
        );

        let (_engine, run_id) = start(&folder).await;
        let (code, said) = doctor_says(&store, false);
        assert_eq!(code, ExitCode::SUCCESS);
        assert!(said.contains("it holds 1 run (1 waiting) with 2 events\n"), "{said}");

        let db = rusqlite::Connection::open(folder.path().join("runs.sqlite")).unwrap();
        db.execute("DELETE FROM journal WHERE seq = 2", []).unwrap();
        let (code, said) = doctor_says(&store, false);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(said.contains(&format!("problem: run `{run_id}`")), "{said}");
        let (_, said) = doctor_says(&store, true);
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["findings"]["by_status"], json!({"waiting": 1}));
        assert_eq!(said["problems"].as_array().unwrap().len(), 1);

        std::fs::write(folder.path().join("letter"), "dear doctor, ".repeat(100)).unwrap();
        let (code, said) = doctor_says(&options(&folder, "letter"), false);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(said.contains("not a database") && said.contains("restore BACKUP"), "{said}");
    }

    #[test]
    fn the_doctor_says_which_connectors_cannot_be_started_and_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("mcp.json");
        let servers = r#"{"mcpServers": {"gone": {"command": "/nowhere/mcp-gone"}}}"#;
        std::fs::write(&file, servers).unwrap();
        let connectors = Some(file.clone());
        let store = Options { connectors, ..options(&folder, "runs.sqlite") };
        let (code, said) = doctor_says(&store, false);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(said.contains("connector gone: not reached\n"), "{said}");
        assert!(
            said.contains("problem: the server `gone` cannot be called: its program"),
            "{said}"
        );
        let to_do = format!("`gone` in `{}`", file.display());
        assert!(said.contains(&to_do) && said.contains("run by hand"), "{said}");
        let (_, said) = doctor_says(&store, true);
        let said: Value = serde_json::from_str(&said).unwrap();
        assert_eq!(said["connectors"], json!([{"name": "gone", "tools": null}]));

        std::fs::write(&file, "servers:").unwrap();
        let (code, said) = doctor_says(&store, false);
        assert_eq!(code, ExitCode::FAILURE);
        assert!(said.contains("expected the shape of `.mcp.json`"), "{said}");
    }

    #[tokio::test]
    async fn a_store_is_backed_up_and_restored_and_a_run_written_out() {
        let folder = tempfile::tempdir().unwrap();
        let store = options(&folder, "runs.sqlite");
        let (_engine, run_id) = start(&folder).await;
        let copy = folder.path().join("copy");
        let mut out = Vec::new();
        backup(&store, &copy, &mut out).unwrap();
        let elsewhere = options(&folder, "elsewhere");
        restore(&elsewhere, &copy, false, &mut out).unwrap();
        let said = String::from_utf8(out).unwrap();
        let holds = "holds 1 run (1 waiting) with 2 events\n";
        assert_eq!(said.matches(holds).count(), 2, "{said}");
        assert!(backup(&store, &copy, &mut Vec::new()).is_err());

        let file = folder.path().join("run.jsonl");
        export(&elsewhere, &run_id, Some(&file)).unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(text.lines().count(), 3);
        assert!(export(&elsewhere, &run_id, Some(&file)).is_err(), "it was overwritten");
    }
}

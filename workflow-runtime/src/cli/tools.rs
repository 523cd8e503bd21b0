//! `tools`: the lock of the tools of other servers, written and compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::{Options, Tools, ToolsLock};
use super::failure::Failure;
use super::set_up;
use crate::connectors::lock_file::{Change, LockFile};
use crate::connectors::{Connectors, Tool, config};
use crate::machine::RunError;
use crate::plural::count;

/// What servers list, each for itself
type Lists = BTreeMap<String, Result<Vec<Arc<Tool>>, RunError>>;

/// Pulls or checks the lock; exit status 1: not all could be had, or lock and servers differ
pub(crate) fn tools(
    options: &Options,
    command: &Tools,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let (Tools::Pull(args) | Tools::Check(args)) = command;
    let connectors = connectors(options)?;
    let mut lock = LockFile::read(&args.lock).map_err(|error| {
        Failure::new(error.to_string()).help("mend the file, or take it away and pull it anew")
    })?;
    let wanted = wanted(args, &connectors)?;
    let lists = set_up::runtime(options, None)?.block_on(list(&connectors, &wanted));
    match command {
        Tools::Pull(_) => pull(&mut lock, &args.lock, &lists, out),
        Tools::Check(_) => check(&lock, args, &lists, out),
    }
}

fn connectors(options: &Options) -> Result<Connectors, Failure> {
    let connectors = match &options.connectors {
        Some(path) => config::read(path)?,
        None => Connectors::default(),
    };
    if connectors.is_empty() {
        return Err(Failure::usage("no server is configured whose tools could be locked").help(
            "name a file of the shape of `.mcp.json` with --connectors or WORKFLOW_CONNECTORS",
        ));
    }
    Ok(connectors)
}

/// The servers that are named, else all that are configured
fn wanted(args: &ToolsLock, connectors: &Connectors) -> Result<Vec<String>, Failure> {
    if args.servers.is_empty() {
        return Ok(connectors.names().map(str::to_owned).collect());
    }
    match args.servers.iter().find(|name| connectors.get(name).is_none()) {
        None => Ok(args.servers.clone()),
        Some(name) => {
            let known: Vec<_> = connectors.names().collect();
            Err(Failure::usage(format!("no server `{name}` is configured"))
                .help(format!("there are `{}`", known.join("`, `"))))
        }
    }
}

/// Asks all servers at once
async fn list(connectors: &Connectors, wanted: &[String]) -> Lists {
    let asked = connectors.iter().filter(|(name, _)| wanted.iter().any(|wanted| wanted == name));
    let asked = asked.map(|(name, connector)| {
        let (name, connector) = (name.to_owned(), connector.clone());
        tokio::spawn(async move { (name, connector.list().await) })
    });
    let mut lists = Lists::new();
    for asked in asked.collect::<Vec<_>>() {
        // One that panics has said so.
        let Ok((name, listed)) = asked.await else { continue };
        lists.insert(name, listed);
    }
    connectors.close().await;
    lists
}

fn pull(
    lock: &mut LockFile,
    path: &Path,
    lists: &Lists,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let mut text = String::new();
    for (server, listed) in lists {
        match listed {
            Ok(found) => {
                text += &told(server, found, lock);
                lock.set(server, found);
            }
            Err(error) => text += &unreached(server, error),
        }
    }
    if lists.values().any(Result::is_ok) {
        let written = lock.write(path).map_err(|error| {
            Failure::new(error.to_string())
                .help("name the lock beside the workflows with --lock FILE")
        })?;
        let what = if written { "written" } else { "unchanged" };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(text, "{} {what}", path.display());
    }
    say(out, &text)?;
    let all = lists.values().all(Result::is_ok);
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn check(
    lock: &LockFile,
    args: &ToolsLock,
    lists: &Lists,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let (mut text, mut agree) = (String::new(), true);
    for (server, listed) in lists {
        match listed {
            Ok(found) => {
                let changes = lock.changes(server, found);
                agree &=
                    lock.has(server) && changes.values().all(|change| *change == Change::Reworded);
                text += &told(server, found, lock);
            }
            Err(error) => {
                agree = false;
                text += &unreached(server, error);
            }
        }
    }
    if args.servers.is_empty() {
        for server in lock.servers().filter(|server| !lists.contains_key(*server)) {
            agree = false;
            let _ = writeln!(text, "{server}: locked, and not configured");
            text += "  to do: configure it, or take it out of the lock\n";
        }
    }
    let said = match agree {
        true => "agrees with the servers",
        false => "does not agree with the servers: see `tools pull`",
    };
    let _ = writeln!(text, "{} {said}", args.lock.display());
    say(out, &text)?;
    Ok(if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// What has become of a server's tools: a line, and one for each tool that is different
fn told(server: &str, found: &[Arc<Tool>], lock: &LockFile) -> String {
    let changes = lock.changes(server, found);
    let tools = count(found.len() as u64, "tool");
    let mut text = match (lock.has(server), changes.is_empty()) {
        (false, _) => format!("{server}: {tools}, not locked before\n"),
        (true, true) => format!("{server}: {tools}, as locked\n"),
        (true, false) => format!("{server}: {tools}\n"),
    };
    for (tool, change) in changes {
        let what = match change {
            Change::Added => "added".to_owned(),
            Change::Removed => "removed".to_owned(),
            Change::Drifted(drift) => format!("changed, {drift}"),
            Change::Reworded => "other words, the same tool".to_owned(),
        };
        let _ = writeln!(text, "  {tool}: {what}");
    }
    text
}

fn unreached(server: &str, error: &RunError) -> String {
    let message = &error.message;
    format!("{server}: not reached, its part of the lock stays as it is\n  problem: {message}\n")
}

fn say(out: &mut impl Write, text: &str) -> Result<(), Failure> {
    let said = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    said.map_err(|error| Failure::writing(&error))
}

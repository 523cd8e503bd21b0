use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::super::args::{Args, Command};
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

/// The flags of `doctor`, read from a command line
fn flags(line: &str) -> Doctor {
    let words = ["workflow-server", "doctor"].into_iter().chain(line.split_whitespace());
    match Args::try_parse_from(words).unwrap().command {
        Some(Command::Doctor(doctor)) => doctor,
        command => panic!("{command:?}"),
    }
}

async fn says(options: &Options, line: &str) -> (ExitCode, String) {
    let mut out = Vec::new();
    let code = examine(options, &flags(line), &sample::registry(), &mut out).await.unwrap();
    (code, String::from_utf8(out).unwrap())
}

async fn doctor_says(options: &Options, json: bool) -> (ExitCode, String) {
    says(options, if json { "--json" } else { "" }).await
}

#[tokio::test]
async fn the_doctor_says_what_is_there_and_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let store = options(&folder, "runs.sqlite");
    let (code, said) = doctor_says(&store, false).await;
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(
        said.contains("there is no such file yet") && said.ends_with("all is well\n"),
        "{said}"
    );

    let (_engine, run_id) = start(&folder).await;
    let (code, said) = doctor_says(&store, false).await;
    assert_eq!(code, ExitCode::SUCCESS);
    assert!(said.contains("it holds 1 run (1 waiting) with 2 events\n"), "{said}");

    let db = rusqlite::Connection::open(folder.path().join("runs.sqlite")).unwrap();
    db.execute("DELETE FROM journal WHERE seq = 2", []).unwrap();
    let (code, said) = doctor_says(&store, false).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(said.contains(&format!("problem: run `{run_id}`")), "{said}");
    let (_, said) = doctor_says(&store, true).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["findings"]["by_status"], json!({"waiting": 1}));
    assert_eq!(said["problems"].as_array().unwrap().len(), 1);

    std::fs::write(folder.path().join("letter"), "dear doctor, ".repeat(100)).unwrap();
    let (code, said) = doctor_says(&options(&folder, "letter"), false).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(said.contains("not a database") && said.contains("restore BACKUP"), "{said}");
}

#[tokio::test]
async fn the_doctor_says_which_connectors_cannot_be_started_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mcp.json");
    let servers = r#"{"mcpServers": {"gone": {"command": "/nowhere/mcp-gone"}}}"#;
    std::fs::write(&file, servers).unwrap();
    let connectors = Some(file.clone());
    let store = Options { connectors, ..options(&folder, "runs.sqlite") };
    let (code, said) = doctor_says(&store, false).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(said.contains("connector gone: not reached\n"), "{said}");
    assert!(said.contains("problem: the server `gone` cannot be called: its program"), "{said}");
    let to_do = format!("`gone` in `{}`", file.display());
    assert!(said.contains(&to_do) && said.contains("run by hand"), "{said}");
    let (_, said) = doctor_says(&store, true).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["connectors"], json!([{"name": "gone", "tools": null}]));

    std::fs::write(&file, "servers:").unwrap();
    let (code, said) = doctor_says(&store, false).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(said.contains("expected the shape of `.mcp.json`"), "{said}");
}

/// Goes through the checklist, and gives verdict and text of one check
async fn checked(options: &Options, line: &str, name: &str) -> (String, String) {
    let (_, said) = says(options, &format!("--production --json {line}")).await;
    let said: Value = serde_json::from_str(&said).unwrap();
    let checks = said["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no `{name}` in {said:#}"));
    (check["verdict"].as_str().unwrap().to_owned(), check["found"].as_str().unwrap().to_owned())
}

async fn verdict(options: &Options, line: &str, name: &str) -> String {
    checked(options, line, name).await.0
}

#[tokio::test]
async fn the_checklist_makes_nothing_where_nothing_is() {
    let folder = tempfile::tempdir().unwrap();
    let store = options(&folder, "runs.sqlite");
    let (code, said) = says(&store, "--production --transport http --addr 127.0.0.1:1").await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(said.contains("  warn  store      there is no `"), "{said}");
    assert!(said.contains("  ok    token      made at the first start, in `"), "{said}");
    assert!(said.contains("  fail  answers    not at http://127.0.0.1:1/mcp: "), "{said}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "something was made");
    let (_, said) = says(&store, "--production --phase before").await;
    assert!(said.starts_with("before\n") && !said.contains("during\n"), "{said}");
}

#[tokio::test]
async fn the_checklist_looks_into_the_store_and_asks_its_engine() {
    let folder = tempfile::tempdir().unwrap();
    let store = options(&folder, "runs.sqlite");
    let (_engine, _) = start(&folder).await;
    let (verdict, found) = checked(&store, "", "journals").await;
    assert_eq!((verdict.as_str(), found.as_str()), ("ok", "1 run with 2 events, all sound"));
    let (verdict, found) = checked(&store, "", "health").await;
    assert_eq!((verdict.as_str(), found.as_str()), ("ok", "embedded, 1 unfinished run of 10000"));

    let db = rusqlite::Connection::open(folder.path().join("runs.sqlite")).unwrap();
    db.execute("DELETE FROM journal WHERE seq = 2", []).unwrap();
    assert_eq!(checked(&store, "", "journals").await.0, "fail");
}

#[tokio::test]
async fn settings_that_are_for_development_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let store = options(&folder, "runs.sqlite");
    for name in ["logs", "limits"] {
        assert_eq!(verdict(&store, "", name).await, "warn", "{name}");
    }
    assert_eq!(verdict(&store, "", "log level").await, "ok");
    let mut set = Options {
        log_format: super::super::args::LogFormat::Json,
        log_level: Some("debug".to_owned()),
        ..store
    };
    set.limits.0.set(Limit::Runs, 50).unwrap();
    assert_eq!(verdict(&set, "", "logs").await, "ok");
    let (verdict, found) = checked(&set, "", "log level").await;
    assert!(verdict == "warn" && found.contains("inputs and answers"), "{found}");
    assert_eq!(checked(&set, "", "limits").await.1, "MAX_CONCURRENT_WORKFLOWS 50");
}

#[cfg(unix)]
#[tokio::test]
async fn who_could_come_in_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let store = options(&folder, "runs.sqlite");
    let listens = |line: &str| format!("--transport http --addr 0.0.0.0:1 {line}");
    assert_eq!(verdict(&store, &listens(""), "token").await, "fail");
    assert_eq!(verdict(&store, &listens("--no-token"), "token").await, "fail");
    assert_eq!(verdict(&store, &listens(""), "listening").await, "warn");
    let named = listens("--allow-host workflows.example.org");
    assert_eq!(verdict(&store, &named, "listening").await, "ok");

    let file = folder.path().join("token");
    let line = listens(&format!("--token-file {}", file.display()));
    assert_eq!(verdict(&store, &line, "token").await, "fail", "there is none");
    std::fs::write(&file, "0123456789abcdef\n").unwrap();
    for (mode, expected) in [(0o644, "warn"), (0o600, "ok")] {
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
        let (verdict, found) = checked(&store, &line, "token").await;
        assert_eq!(verdict, expected, "{found}");
        assert!(!found.contains("0123456789abcdef"), "the token is told");
    }
    let open = "--transport http --addr 127.0.0.1:1 --no-token";
    assert_eq!(verdict(&store, open, "token").await, "warn");
}

#[tokio::test]
async fn backups_are_looked_for_and_into() {
    let folder = tempfile::tempdir().unwrap();
    let store = options(&folder, "runs.sqlite");
    let (_engine, _) = start(&folder).await;
    assert_eq!(verdict(&store, "", "backup").await, "warn", "nobody has said where");
    let backups = folder.path().join("backups");
    std::fs::create_dir(&backups).unwrap();
    let line = format!("--backups {}", backups.display());
    assert_eq!(verdict(&store, &line, "backup").await, "fail", "there is none");

    let file = backups.join("one");
    upkeep::backup(&folder.path().join("runs.sqlite"), &file).unwrap();
    assert_eq!(verdict(&store, &line, "backup").await, "ok");
    let days =
        |days: u64| std::time::SystemTime::now() - std::time::Duration::from_hours(24 * days);
    for (age, expected) in [(0, "ok"), (3, "warn"), (9, "fail")] {
        let one = std::fs::File::options().write(true).open(&file).unwrap();
        one.set_modified(days(age)).unwrap();
        let (verdict, found) = checked(&store, &line, "backup").await;
        assert_eq!(verdict, expected, "{found}");
    }
    // A younger file that is no store is no backup.
    std::fs::write(backups.join("two"), "not a store, ".repeat(100)).unwrap();
    let (verdict, found) = checked(&store, &line, "backup").await;
    assert!(verdict == "fail" && found.contains("two`, is not a store"), "{found}");
}

#[tokio::test]
async fn a_folder_of_workflows_that_are_not_those_that_run_is_a_problem() {
    let folder = tempfile::tempdir().unwrap();
    let store = options(&folder, "runs.sqlite");
    let workflows = folder.path().join("workflows");
    std::fs::create_dir(&workflows).unwrap();
    std::fs::write(workflows.join("tea.yaml"), "name: tea:order\n").unwrap();
    let line = format!("--definitions {}", workflows.display());
    let (code, said) = says(&store, &line).await;
    assert_eq!(code, ExitCode::FAILURE);
    assert!(said.contains("there and not compiled in: `tea:order`"), "{said}");
    let (verdict, found) = checked(&store, &line, "workflows").await;
    assert!(verdict == "fail" && found.contains("compiled in and not there: `test:"), "{found}");
}

#[tokio::test]
async fn tools_are_reached_before_anybody_relies_on_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mcp.json");
    std::fs::write(&file, r#"{"mcpServers": {"gone": {"command": "/nowhere/mcp-gone"}}}"#).unwrap();
    let store = options(&folder, "runs.sqlite");
    assert_eq!(verdict(&store, "", "tools").await, "ok");
    let called = Options { connectors: Some(file), ..store };
    let (verdict, found) = checked(&called, "", "tools").await;
    assert!(verdict == "fail" && found.contains("`gone` cannot be called"), "{found}");
}

//! `runs` and `health`: what an operator sees and does.

use std::fmt::Write as _;
use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::Value;

use super::args::{ListRuns, Runs};
use super::failure::Failure;
use super::paint::{self, ASIDE, WRONG, painted};
use super::plain::plain;
use super::store::Output;
use super::table::table;
use super::watch::watch;
use crate::engine::export;
use crate::engine::{Engine, HealthStatus, RunFilter, RunPage, StatusReport, UserAnswer};
use crate::mcp::paging::beginning;
use crate::mcp::reports;
use crate::plural::count;
use crate::reply::{Reply, Step};
use crate::words;

/// How much is shown of a text, in bytes
const SHOWN: usize = 200;

/// Does what is asked for runs
pub(crate) async fn runs(
    engine: &dyn Engine,
    command: Runs,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    match command {
        Runs::List(list) => {
            let json = list.json;
            let page = engine.list(filter(list)).await?;
            print(out, json, &page, || page_text(&page))
        }
        Runs::Show { run, json } => {
            let status = engine.status(&run).await?;
            let state = engine.state(&run, None).await?;
            let shown = Shown { status, state: state.state };
            print(out, json, &shown, || run_text(&shown))
        }
        Runs::Export { run, output } => {
            let mut output = Output::to(output.as_deref())?;
            export(engine, &run, &mut output).await?;
            output.end()
        }
        Runs::Watch { run, json } => watch(engine, &run, json, out).await,
        Runs::Retry { run, json } => {
            let reply = engine.retry(&run).await?;
            print(out, json, &reply, || standing(&reply))
        }
        Runs::Cancel { run, reason, json } => {
            let reply = engine.cancel(&run, reason).await?;
            print(out, json, &reply, || standing(&reply))
        }
    }
}

/// How the server is that would work on this store; fails if somebody should see to it
pub(crate) async fn health(
    engine: &dyn Engine,
    json: bool,
    out: &mut impl Write,
) -> Result<ExitCode, Failure> {
    let health = engine.health().await?;
    print(out, json, &health, || plain(&words::health(&health)).into_owned() + "\n")?;
    let well = health.status == HealthStatus::Ok;
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A run in full
#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    status: StatusReport,
    state: serde_json::Map<String, Value>,
}

fn filter(list: ListRuns) -> RunFilter {
    let ListRuns { status, workflow, cursor, limit, json: _ } = list;
    RunFilter { status, workflow, cursor, limit }
}

/// Prints a value as JSON, or the text of it
pub(crate) fn print(
    out: &mut impl Write,
    json: bool,
    value: &impl Serialize,
    text: impl FnOnce() -> String,
) -> Result<ExitCode, Failure> {
    let text = if json {
        let json = serde_json::to_string_pretty(value);
        json.map_err(|error| Failure::new(error.to_string()))? + "\n"
    } else {
        text()
    };
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map(|()| ExitCode::SUCCESS).map_err(|error| Failure::writing(&error))
}

fn page_text(page: &RunPage) -> String {
    const HEAD: [&str; 6] = ["RUN", "WORKFLOW", "STATUS", "STEP", "STARTED", "ERROR"];
    let rows = page.runs.iter().map(|run| {
        let error = run.error.as_deref().unwrap_or_default().replace('\n', " ");
        [
            run.run_id.clone(),
            format!("{} {}", run.workflow, run.version),
            painted(paint::status(run.status), run.status.word()),
            run.position.clone().unwrap_or_default(),
            painted(ASIDE, &to_the_second(&run.created_at)),
            painted(WRONG, &error),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let mut text = if rows.is_empty() { "no such runs\n".to_owned() } else { table(HEAD, rows) };
    if let Some(cursor) = &page.cursor {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "more: --cursor {cursor}");
    }
    text
}

fn run_text(shown: &Shown) -> String {
    let Shown { status, state } = shown;
    let mut text = format!("run {} of `{}` {}\n", status.run_id, status.workflow, status.version);
    let position = status.position.as_ref().map(|step| format!(" at `{step}`")).unwrap_or_default();
    let (done, total) = (status.progress.done, status.progress.total);
    let word = painted(paint::status(status.status), status.status.word());
    let mut line = |name: &str, what: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}{what}", painted(ASIDE, &format!("{name:<10}")));
    };
    line("status", &format!("{word}{position}, {done} of {} done", count(total, "step")));
    line("started", &to_the_second(&status.created_at));
    line("moved", &to_the_second(&status.updated_at));
    if let Some(parent) = &status.parent {
        line("parent", parent);
    }
    for step in &status.pending {
        line("waits for", &plain(&pending(step)));
    }
    for UserAnswer { step_id, by, at } in &status.user_answers {
        line("answered", &format!("{step_id} {}, {}", by.told(), to_the_second(at)));
    }
    let children = reports::child_counts(status);
    if !children.is_empty() {
        let counts = children.iter().map(|(how, count)| format!("{count} {how}"));
        line("children", &counts.collect::<Vec<_>>().join(", "));
        for child in status.children.iter().filter(|child| child.status != "completed") {
            line("", &format!("{} {}", child.run_id, child.status));
        }
    }
    if let Some(error) = &status.error {
        let code = painted(WRONG, &error.code);
        line("error", &format!("{code}: {}", plain(&error.message)));
        if let Some(help) = &error.help {
            line("to do", &plain(help));
        }
    }
    let state = serde_json::to_string_pretty(state).unwrap_or_default();
    text + &painted(ASIDE, "state     ") + &plain(&state) + "\n"
}

fn pending(step: &Step) -> String {
    let words = ["message", "instructions", "command", "tool"];
    let what = words.iter().find_map(|name| step.fields.get(*name)).cloned().unwrap_or_default();
    let what = match &what {
        Value::Null => String::new(),
        what => format!(": {}", beginning(what, SHOWN).replace('\n', " ")),
    };
    format!("{} ({}){what}", step.step_id, step.kind)
}

fn standing(reply: &Reply) -> String {
    let word = painted(paint::status(reply.status), reply.status.word());
    format!("run {} is {word}\n", reply.run_id)
}

/// A time without fractions of a second
fn to_the_second(time: &str) -> String {
    match (time.split_once('.'), time.ends_with('Z')) {
        (Some((seconds, _)), true) => format!("{seconds}Z"),
        _ => time.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;
    use tempfile::TempDir;

    use super::*;
    use crate::engine::embedded::{Embedded, Options};
    use crate::engine::{StartRequest, Submission};
    use crate::machine::{Answer, AnsweredBy, Status, sample};

    /// A store with a run that waits, one whose child waits, and one that failed
    struct Bench {
        engine: Arc<Embedded>,
        waits: String,
        forks: String,
        failed: String,
        _folder: TempDir,
    }

    impl Bench {
        async fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let options = Options::new(folder.path().join("runs.sqlite"));
            let engine = Arc::new(Embedded::open(sample::registry(), options).unwrap());
            let script = async |steps: Value| {
                let inputs = serde_json::Map::from_iter([("steps".to_owned(), steps)]);
                let workflow = "test:script".to_owned();
                let request = StartRequest { workflow, inputs, idempotency_key: None };
                engine.start(request).await.unwrap().run_id
            };
            let waits = script(json!([{"ask": "which tea?"}])).await;
            let forks = script(json!([{"each": [[{"ask": "a"}]], "agent": "@task"}])).await;
            let failed = script(json!([{"shell": "make"}])).await;
            let submission = Submission {
                run_id: failed.clone(),
                step_id: "s0".into(),
                answer: Answer::Error("no compiler\nhere".into()),
                by: AnsweredBy::Agent,
            };
            engine.submit(submission).await.unwrap();
            Self { engine, waits, forks, failed, _folder: folder }
        }

        async fn does(&self, command: Runs) -> String {
            anstream::adapter::strip_str(&self.shows(command).await).to_string()
        }

        /// With its colours
        async fn shows(&self, command: Runs) -> String {
            let mut out = Vec::new();
            runs(self.engine.as_ref(), command, &mut out).await.unwrap();
            String::from_utf8(out).unwrap()
        }
    }

    fn show(run: &str, json: bool) -> Runs {
        Runs::Show { run: run.to_owned(), json }
    }

    #[tokio::test]
    async fn runs_are_a_table_or_json() {
        let bench = Bench::new().await;
        let text = bench.does(Runs::List(ListRuns::default())).await;
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("RUN  ") && lines[0].ends_with("ERROR"), "{text}");
        assert!(lines[1].starts_with(&bench.failed), "{text}");
        assert!(lines[1].contains(" failed ") && lines[1].ends_with("no compiler here"), "{text}");
        assert!(lines[3].starts_with(&bench.waits) && lines[3].contains(" waiting  s0 "), "{text}");

        let list = ListRuns { limit: Some(1), json: true, ..ListRuns::default() };
        let first: Value = serde_json::from_str(&bench.does(Runs::List(list)).await).unwrap();
        assert_eq!(first["runs"].as_array().unwrap().len(), 1);
        let cursor = first["cursor"].as_str().map(str::to_owned);
        let rest = ListRuns { cursor, ..ListRuns::default() };
        assert_eq!(bench.does(Runs::List(rest)).await.lines().count(), 3);
        let none = ListRuns { status: Some(Status::Cancelled), ..ListRuns::default() };
        assert_eq!(bench.does(Runs::List(none)).await, "no such runs\n");
    }

    #[tokio::test]
    async fn how_a_run_stands_has_a_colour_and_json_has_none() {
        let bench = Bench::new().await;
        let (red, green) = ("\u{1b}[31m", "\u{1b}[32m");
        let text = bench.shows(Runs::List(ListRuns::default())).await;
        assert!(text.contains(&format!("{red}failed\u{1b}[0m")) && !text.contains(green), "{text}");
        let text = bench.shows(show(&bench.failed, false)).await;
        assert!(text.contains(&format!("{red}failed\u{1b}[0m at `s0`")), "{text}");
        assert!(!bench.shows(show(&bench.failed, true)).await.contains('\u{1b}'));
    }

    #[tokio::test]
    async fn who_answered_for_the_user_is_shown() {
        let bench = Bench::new().await;
        let (run_id, step_id) = (bench.waits.clone(), "s0".to_owned());
        let (answer, by) = (Answer::Result(json!("green")), AnsweredBy::UserByElicitation);
        bench.engine.submit(Submission { run_id, step_id, answer, by }).await.unwrap();
        let text = bench.does(show(&bench.waits, false)).await;
        assert!(text.contains("\nanswered  s0 by the user in a form of their client, "), "{text}");
        let shown: Value =
            serde_json::from_str(&bench.does(show(&bench.waits, true)).await).unwrap();
        assert_eq!(shown["user_answers"][0]["by"], "user_by_elicitation");
    }

    #[tokio::test]
    async fn a_run_is_shown_with_what_it_waits_for_its_children_and_its_error() {
        let bench = Bench::new().await;
        let text = bench.does(show(&bench.waits, false)).await;
        assert!(text.contains("status    waiting at `s0`, 0 of 9 steps done\n"), "{text}");
        assert!(text.contains("waits for s0 (prompt): which tea?\n"), "{text}");
        assert!(text.ends_with("state     {\n  \"results\": []\n}\n"), "{text}");
        let text = bench.does(show(&bench.forks, false)).await;
        assert!(text.contains("children  1 waiting\n"), "{text}");
        assert!(text.contains(&format!("{}.s0.0 waiting\n", bench.forks)), "{text}");
        let text = bench.does(show(&bench.failed, false)).await;
        assert!(text.contains("error     agent-error: no compiler\nhere\nto do     "), "{text}");
        let json: Value =
            serde_json::from_str(&bench.does(show(&bench.failed, true)).await).unwrap();
        assert_eq!((&json["status"], &json["state"]["results"]), (&json!("failed"), &json!([])));
    }

    #[tokio::test]
    async fn what_an_agent_wrote_gives_the_terminal_no_orders() {
        let bench = Bench::new().await;
        let reason = Some("no tea\u{1b}]0;owned\u{7}".to_owned());
        bench.does(Runs::Cancel { run: bench.waits.clone(), reason, json: false }).await;
        for text in [
            bench.shows(show(&bench.waits, false)).await,
            bench.shows(Runs::List(ListRuns::default())).await,
        ] {
            assert!(text.contains(r"no tea\u{1b}]0;owned\u{7}"), "{text}");
            assert!(!text.contains(['\u{7}']) && !text.contains("\u{1b}]"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_run_is_called_off() {
        let bench = Bench::new().await;
        let (run, reason) = (bench.waits.clone(), Some("no tea".to_owned()));
        let text = bench.does(Runs::Cancel { run, reason, json: false }).await;
        assert_eq!(text, format!("run {} is cancelled\n", bench.waits));
        let shown = bench.does(show(&bench.waits, false)).await;
        assert!(shown.contains("error     cancelled: no tea\n"), "{shown}");
    }
}

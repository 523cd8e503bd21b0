//! A durable step over stdio, beside one synced commit and one echo, measured in turns with it.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::Client;
use crate::floor::{Commits, growth};
use crate::report::{Line, Samples, millis, ratio};
use crate::{Outcome, timed};

/// Runs that are not measured, so that caches are warm
const WARM_UP: usize = 5;

/// What the users' specification wants, in milliseconds
const START_TARGET: f64 = 100.0;
const STEP_TARGET: f64 = 50.0;

/// How long each thing took
#[derive(Default)]
struct Measured {
    commit: Samples,
    echo: Samples,
    start: Samples,
    submit: Samples,
}

/// The servers and the database that take turns
struct Bench {
    commits: Commits,
    echo: Client,
    server: Client,
}

/// Start and submit, for so many runs of ten steps each
pub(crate) fn measure(folder: &Path, runs: usize) -> Outcome<Vec<Line>> {
    let store = folder.join("runs.sqlite");
    let mut server = Client::serve(&store)?;
    let result = one_result(&mut server)?;
    // The floor is of as many bytes as a step: over the pipe, and on the disk.
    let size = growth(&store)?;
    let mut bench = Bench {
        commits: Commits::new(&folder.join("floor.sqlite"), size)?,
        echo: Client::echo(folder, &result)?,
        server,
    };
    for _ in 0..WARM_UP {
        bench.one_run(&mut Measured::default())?;
    }
    let mut measured = Measured::default();
    for _ in 0..runs {
        bench.one_run(&mut measured)?;
    }
    let mut lines = lines(&measured);
    let (result, size) = (result.to_string().len(), size.to_string());
    let bytes = format!("a result of {result} bytes, {size} bytes in the journal");
    lines.insert(0, Line::new("a step", bytes));
    Ok(lines)
}

/// The result of a step in the middle of a run
pub(crate) fn one_result(server: &mut Client) -> Outcome<Value> {
    let first = server.call("start_workflow", &interview())?;
    let answer = answer(&first).ok_or("the run does not wait")?;
    server.result("submit_result", &answer)
}

impl Bench {
    /// A run from its start to its end; the floor is measured before each step
    fn one_run(&mut self, measured: &mut Measured) -> Outcome<()> {
        let start = interview();
        self.floor(measured, &start)?;
        let (took, mut reply) = timed(|| self.server.call("start_workflow", &start))?;
        measured.start.push(took);
        while let Some(answer) = answer(&reply) {
            self.floor(measured, &answer)?;
            let (took, next) = timed(|| self.server.call("submit_result", &answer))?;
            measured.submit.push(took);
            reply = next;
        }
        if reply["status"] != "completed" {
            return Err(format!("a run did not complete: {reply}").into());
        }
        Ok(())
    }

    fn floor(&mut self, measured: &mut Measured, message: &Value) -> Outcome<()> {
        measured.commit.push(timed(|| self.commits.one())?.0);
        measured.echo.push(timed(|| self.echo.call("echo", message))?.0);
        Ok(())
    }
}

/// The start of a run of ten steps
pub(crate) fn interview() -> Value {
    json!({"workflow": "bench:interview", "inputs": {"topic": "the weather"}})
}

/// The answer to the step that a reply hands out
pub(crate) fn answer(reply: &Value) -> Option<Value> {
    (reply["status"] == "waiting").then(|| {
        let step = &reply["step"];
        let (run_id, step_id) = (&step["run_id"], &step["step_id"]);
        json!({"run_id": run_id, "step_id": step_id, "result": "rain, then sun"})
    })
}

fn lines(measured: &Measured) -> Vec<Line> {
    let floor = measured.commit.plus(&measured.echo);
    let beside = |what, samples: &Samples| {
        let times = Line::times(what, samples);
        let times = times.at_most(ratio(samples.p50(), floor.p50()), 1.5, "x at p50");
        times.at_most(ratio(samples.p95(), floor.p95()), 2.0, "x at p95")
    };
    let target = |what, samples: &Samples, target| {
        Line::times(what, samples).at_most(millis(samples.p95()), target, " ms at p95")
    };
    vec![
        Line::times("one synced commit", &measured.commit),
        Line::times("one echo over stdio", &measured.echo),
        Line::times("the floor: both", &floor),
        beside("start -> first step", &measured.start),
        beside("submit -> next step", &measured.submit),
        target("workflow_start", &measured.start, START_TARGET),
        target("step_execution", &measured.submit, STEP_TARGET),
    ]
}

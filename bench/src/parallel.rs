//! Many runs at once: how far one sync carries them, in process and over stdio.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use workflow_runtime::engine::embedded::{Embedded, Options};
use workflow_runtime::engine::{Engine, StartRequest, Submission};
use workflow_runtime::machine::{Answer, AnsweredBy};

use crate::client::Client;
use crate::report::{Line, rate};
use crate::{Outcome, steps, timed};

/// Runs at once
const AT_ONCE: usize = 32;

/// Runs of ten steps that each of them takes, one after the other
const ROUNDS: usize = 30;

/// Calls of each strand that are echoed
const ECHOES: usize = 300;

/// What the users' specification wants
const RUNS_TARGET: f64 = 100.0;

pub(crate) fn measure(folder: &Path) -> Outcome<Vec<Line>> {
    let runtime = tokio::runtime::Runtime::new()?;
    let alone = runtime.block_on(in_process(&folder.join("alone.sqlite"), 1))?;
    let together = runtime.block_on(in_process(&folder.join("together.sqlite"), AT_ONCE))?;
    let hundred = runtime.block_on(in_process(&folder.join("hundred.sqlite"), 100))?;
    let mut server = Client::serve(&folder.join("stdio.sqlite"))?;
    let result = steps::one_result(&mut server)?;
    let short = echoes(Client::start(&["serve-echo"])?)?;
    let echoes = echoes(Client::echo(folder, &result)?)?;
    let stdio = over_stdio(server)?;
    let shown = |steps: f64| format!("{steps:.0} steps/s");
    Ok(vec![
        Line::new("in process, one run", shown(alone)),
        Line::new("in process, 32 runs", shown(together)).at_least(together / alone, 5.0, "x one"),
        Line::new("an echo, 32 in flight", format!("{short:.0} calls/s")),
        Line::new("one as large as a step", format!("{echoes:.0} calls/s")),
        Line::new("over stdio, 32 runs", shown(stdio)).at_least(
            100.0 * stdio / echoes,
            80.0,
            "% of the echo",
        ),
        Line::new("concurrent_workflows", format!("{} at once, {}", 100, shown(hundred))).at_least(
            100.0,
            RUNS_TARGET,
            " runs",
        ),
    ])
}

/// Steps a second of so many runs at once, at the engine
async fn in_process(store: &Path, at_once: usize) -> Outcome<f64> {
    let engine = Arc::new(Embedded::open(Arc::new(crate::registry()), Options::new(store))?);
    let began = Instant::now();
    let strands = (0..at_once).map(|_| tokio::spawn(runs(engine.clone())));
    let mut steps = 0;
    for strand in strands.collect::<Vec<_>>() {
        steps += strand.await?.map_err(|error| error.to_string())?;
    }
    Ok(rate(steps, began.elapsed()))
}

/// Runs one after the other; gives how many steps that were
async fn runs(engine: Arc<Embedded>) -> Result<usize, workflow_runtime::engine::EngineError> {
    let mut steps = 0;
    for _ in 0..ROUNDS {
        let inputs = json!({"topic": "the weather"}).as_object().cloned().unwrap_or_default();
        let workflow = "bench:interview".to_owned();
        let request = StartRequest { workflow, inputs, idempotency_key: None };
        let mut reply = engine.start(request).await?;
        while let Some(step) = reply.step {
            let answer = Answer::Result(json!("rain, then sun"));
            let (run_id, step_id) = (step.run_id, step.step_id);
            let by = AnsweredBy::Agent;
            reply = engine.submit(Submission { run_id, step_id, answer, by }).await?;
            steps += 1;
        }
    }
    Ok(steps)
}

/// Calls a second that an echo answers
fn echoes(mut client: Client) -> Outcome<f64> {
    let call = json!({"run_id": "01a20616678c7244b3105df39758ba45", "step_id": "q1",
        "result": "rain, then sun"});
    let mut left = [ECHOES; AT_ONCE];
    let (took, calls) = timed(|| {
        client.strands(AT_ONCE, |strand, _| {
            left[strand] = left[strand].checked_sub(1)?;
            Some(("echo", call.clone()))
        })
    })?;
    Ok(rate(calls, took))
}

/// Calls a second that the server answers, each of them durable
fn over_stdio(mut client: Client) -> Outcome<f64> {
    let mut left = [ROUNDS; AT_ONCE];
    let (took, calls) = timed(|| {
        client.strands(AT_ONCE, |strand, reply: &Value| {
            if let Some(answer) = steps::answer(reply) {
                return Some(("submit_result", answer));
            }
            left[strand] = left[strand].checked_sub(1)?;
            let inputs = json!({"topic": "the weather"});
            Some(("start_workflow", json!({"workflow": "bench:interview", "inputs": inputs})))
        })
    })?;
    Ok(rate(calls, took))
}

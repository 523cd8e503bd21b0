//! Both engines side by side: the same calls over the same pipe, in turns, on the same disk.

use std::path::Path;

use serde_json::{Value, json};
use workflow_cluster::DevServer;

use crate::client::Client;
use crate::report::{Samples, millis, rate};
use crate::{Outcome, children, steps, timed};

/// Runs that are not measured, so that caches are warm
const WARM_UP: usize = 3;

/// Runs at once
const AT_ONCE: usize = 32;

/// Runs of ten steps that each of them takes, one after the other
const ROUNDS: usize = 3;

/// How often a hundred children are measured
const FANS: usize = 5;

/// An engine, and what was measured of it
struct Side {
    client: Client,
    start: Samples,
    submit: Samples,
    look: Samples,
    /// Answers a second of many runs
    together: f64,
    fan: Samples,
}

/// A table in Markdown: the embedded engine, and Temporal's development server on a file
pub(crate) fn measure(folder: &Path, runs: usize) -> Outcome<String> {
    let temporal = DevServer::start_durable();
    let mut sides = [
        Side::of(Client::serve(&folder.join("runs.sqlite"))?),
        Side::of(Client::serve_on_temporal(&temporal.address())?),
    ];
    for _ in 0..WARM_UP {
        for side in &mut sides {
            side.one_run()?;
        }
    }
    sides = sides.map(|side| Side::of(side.client));
    for _ in 0..runs {
        for side in &mut sides {
            side.one_run()?;
        }
    }
    for side in &mut sides {
        side.together = together(&mut side.client)?;
    }
    for _ in 0..FANS {
        for side in &mut sides {
            side.fan.push(timed(|| children::hundred(&mut side.client))?.0);
        }
    }
    Ok(table(&sides))
}

impl Side {
    fn of(client: Client) -> Self {
        let samples = Samples::default;
        let (start, submit, look, fan) = (samples(), samples(), samples(), samples());
        Self { client, start, submit, look, together: 0.0, fan }
    }

    /// A run from its start to its end, looked at after each answer
    fn one_run(&mut self) -> Outcome<()> {
        let (took, mut reply) = timed(|| self.client.call("start_workflow", &steps::interview()))?;
        self.start.push(took);
        while let Some(answer) = steps::answer(&reply) {
            let (took, next) = timed(|| self.client.call("submit_result", &answer))?;
            self.submit.push(took);
            let run = json!({"run_id": next["run_id"]});
            let (took, seen) = timed(|| self.client.call("get_next_step", &run))?;
            self.look.push(took);
            if seen != next {
                return Err(format!("it was told {next}, and then {seen}").into());
            }
            reply = next;
        }
        if reply["status"] != "completed" {
            return Err(format!("a run did not complete: {reply}").into());
        }
        Ok(())
    }
}

/// Answers a second that many runs at once take
fn together(client: &mut Client) -> Outcome<f64> {
    let mut left = [ROUNDS; AT_ONCE];
    let (took, calls) = timed(|| {
        client.strands(AT_ONCE, |strand, reply: &Value| {
            if let Some(answer) = steps::answer(reply) {
                return Some(("submit_result", answer));
            }
            left[strand] = left[strand].checked_sub(1)?;
            Some(("start_workflow", steps::interview()))
        })
    })?;
    Ok(rate(calls, took))
}

fn table(sides: &[Side; 2]) -> String {
    let row = |what: &str, figure: &dyn Fn(&Side) -> String| {
        format!("| {what} | {} |\n", sides.each_ref().map(figure).join(" | "))
    };
    let both = |samples: &Samples| {
        format!("{:.1} ms, {:.1} ms", millis(samples.p50()), millis(samples.p95()))
    };
    [
        "| | embedded | on Temporal |\n|---|--:|--:|\n".to_owned(),
        row("start → first step, p50 and p95", &|side| both(&side.start)),
        row("submit → next step, p50 and p95", &|side| both(&side.submit)),
        row("look at a run, p50 and p95", &|side| both(&side.look)),
        row("32 runs at once", &|side| format!("{:.0} calls/s", side.together)),
        row("100 children of one run, worked off by two calls each, p50", &|side| {
            format!("{:.0} ms", millis(side.fan.p50()))
        }),
    ]
    .concat()
}

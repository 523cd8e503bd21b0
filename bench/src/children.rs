//! A hundred children at once, and a thousand updates of the state in one run.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::Client;
use crate::report::{Line, Samples, millis, ratio};
use crate::{Outcome, steps, timed};

/// Children of one step
const CHILDREN: usize = 100;

/// How often each is measured
const TIMES: usize = 10;

/// Updates of one run
const UPDATES: f64 = 1_000.0;

/// What the users' specification wants of an update, in milliseconds
const UPDATE_TARGET: f64 = 10.0;

pub(crate) fn measure(folder: &Path) -> Outcome<Vec<Line>> {
    let mut client = Client::serve(&folder.join("runs.sqlite"))?;
    let (mut submit, mut fan, mut updates) =
        (Samples::default(), Samples::default(), Samples::default());
    for _ in 0..TIMES {
        submits(&mut client, &mut submit)?;
        fan.push(timed(|| hundred(&mut client))?.0);
        updates.push(timed(|| thousand(&mut client))?.0);
    }
    let each = millis(updates.p50()) / UPDATES;
    Ok(vec![
        Line::times("one submit", &submit),
        Line::times("100 children, one step each", &fan).at_most(
            ratio(fan.p50(), submit.p50()),
            150.0,
            " submits",
        ),
        Line::times("1,000 updates in one run", &updates),
        Line::new("state_update", format!("{each:.4} ms each")).at_most(each, UPDATE_TARGET, " ms"),
    ])
}

/// The submits of one run, one after the other
fn submits(client: &mut Client, samples: &mut Samples) -> Outcome<()> {
    let mut reply = client.call("start_workflow", &steps::interview())?;
    while let Some(answer) = steps::answer(&reply) {
        let (took, next) = timed(|| client.call("submit_result", &answer))?;
        samples.push(took);
        reply = next;
    }
    Ok(())
}

/// A run whose children are worked off side by side, each by two calls
pub(crate) fn hundred(client: &mut Client) -> Outcome<()> {
    let items: Vec<String> = (0..CHILDREN).map(|index| format!("item {index}")).collect();
    let start = json!({"workflow": "bench:fan", "inputs": {"items": items}});
    let reply = client.call("start_workflow", &start)?;
    let list = reply["step"]["children"].as_array().ok_or("no children are listed")?;
    let ids: Vec<Value> = list.iter().map(|child| child["run_id"].clone()).collect();
    client.strands(CHILDREN, |strand, reply| match reply {
        Value::Null => Some(("get_next_step", json!({"run_id": ids[strand]}))),
        reply => Some(("submit_result", steps::answer(reply)?)),
    })?;
    let end = client.call("get_next_step", &json!({"run_id": reply["run_id"]}))?;
    if end["result"] == json!(CHILDREN) { Ok(()) } else { Err(format!("not done: {end}").into()) }
}

fn thousand(client: &mut Client) -> Outcome<()> {
    let end = client.call("start_workflow", &json!({"workflow": "bench:counting"}))?;
    if end["result"] == json!(1_000) { Ok(()) } else { Err(format!("miscounted: {end}").into()) }
}

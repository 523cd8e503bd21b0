//! What it costs to be seen: a step of a server that counts and logs, beside one of a server that does
//! neither, in turns.

use std::fs::File;
use std::path::Path;
use std::process::Stdio;

use serde_json::json;

use crate::client::Client;
use crate::report::{Line, Samples, ratio};
use crate::{Outcome, steps, timed};

/// Runs that are not measured, so that caches are warm
const WARM_UP: usize = 5;

/// How much longer a step may take, in percent
const MOST: f64 = 5.0;

/// Submits to both, for so many runs of ten steps each
pub(crate) fn measure(folder: &Path, runs: usize) -> Outcome<Vec<Line>> {
    let log = folder.join("log");
    let mut silent = serve(&folder.join("off.sqlite"), &["--log-level", "off"], Stdio::null())?;
    let seen = ["--metrics-addr", "127.0.0.1:0", "--log-level", "info", "--log-format", "json"];
    let mut seen = serve(&folder.join("on.sqlite"), &seen, File::create(&log)?.into())?;
    let (mut off, mut on) = (Samples::default(), Samples::default());
    for _ in 0..WARM_UP {
        one_run(&mut silent, &mut Samples::default())?;
        one_run(&mut seen, &mut Samples::default())?;
    }
    for number in 0..runs {
        // Neither is always the one that comes after the other.
        if number % 2 == 0 {
            one_run(&mut silent, &mut off)?;
            one_run(&mut seen, &mut on)?;
        } else {
            one_run(&mut seen, &mut on)?;
            one_run(&mut silent, &mut off)?;
        }
    }
    let logged = std::fs::metadata(&log)?.len();
    if logged == 0 {
        return Err("the server that should log has logged nothing".into());
    }
    let more = 100.0 * (ratio(on.p50(), off.p50()) - 1.0);
    Ok(vec![
        Line::times("submit, telemetry off", &off),
        Line::times("submit, metrics and a log of JSON", &on).at_most(more, MOST, "% more at p50"),
    ])
}

fn serve(store: &Path, seen: &[&str], log: Stdio) -> Outcome<Client> {
    let store = store.to_str().ok_or("the folder's name is not text")?;
    let runs = ["--max-concurrent-workflows", "1000000000"];
    let arguments = [&["serve", "--store", store], &runs[..], seen].concat();
    Client::start_with(&arguments, |server| {
        server.stderr(log);
    })
}

fn one_run(server: &mut Client, submits: &mut Samples) -> Outcome<()> {
    let start = json!({"workflow": "bench:interview", "inputs": {"topic": "the weather"}});
    let mut reply = server.call("start_workflow", &start)?;
    while let Some(answer) = steps::answer(&reply) {
        let (took, next) = timed(|| server.call("submit_result", &answer))?;
        submits.push(took);
        reply = next;
    }
    Ok(())
}

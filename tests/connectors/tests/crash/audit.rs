//! What the tools have done, beside what the runs tell of it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::Value;

use crate::place::Place;

/// A call of a tool by a run, as its journal tells of it
#[derive(Debug, Default)]
struct Call {
    tool: String,
    text: String,
    /// The processes that have begun it, each with when
    begun: Vec<(u32, Timestamp)>,
    /// What came of it
    answer: Value,
    answered_at: Timestamp,
}

/// Calls that a kill has cut
#[derive(Debug, Default)]
pub struct Cut {
    /// Of unknown outcome
    pub unknown: usize,
    /// Made once more
    pub repeated: usize,
}

/// Each call has had its effect once; but of those that a kill has cut, what may be repeated may
/// have had it more often, and what may not be may have had it or not, which is told
pub fn effects(place: &Place, killed: &BTreeMap<u32, Timestamp>) -> Cut {
    let mut noted: BTreeMap<String, usize> = BTreeMap::new();
    for line in place.lines() {
        *noted.entry(line).or_default() += 1;
    }
    noted.remove("begin");
    noted.remove("end");
    let mut cut = Cut::default();
    for call in calls(&Connection::open(place.path("runs.sqlite")).unwrap()) {
        let times = noted.remove(&format!("{} {}", call.tool, call.text)).unwrap_or_default();
        cut.add(&call, times, killed);
    }
    assert!(noted.is_empty(), "no run tells of this: {noted:?}");
    cut
}

impl Cut {
    /// Adds a call that has had its effect so often, if a kill has cut it
    fn add(&mut self, call: &Call, times: usize, killed: &BTreeMap<u32, Timestamp>) {
        let had_died = |by, at| killed.get(&by).is_some_and(|killed_at| *killed_at <= at);
        for again in call.begun.windows(2) {
            assert!(had_died(again[0].0, again[1].1), "no need to repeat it: {call:?}");
        }
        let (last, before) = call.begun.split_last().expect("it was journaled");
        assert!(before.is_empty() || call.tool == "put", "it must not be repeated: {call:?}");
        if call.answer["failed"]["code"] == "outcome-unknown" {
            assert_eq!(call.tool, "append", "it can be repeated: {call:?}");
            assert!(had_died(last.0, call.answered_at), "its outcome can be known: {call:?}");
            assert!(times <= 1, "{times} times: {call:?}");
            self.unknown += 1;
        } else {
            assert_eq!(call.answer["result"]["noted"], call.text, "{call:?}");
            assert!((1..=1 + before.len()).contains(&times), "{times} times: {call:?}");
            self.repeated += before.len();
        }
    }
}

/// All calls of tools that the journals tell of
fn calls(db: &Connection) -> Vec<Call> {
    let mut journal = db.prepare("SELECT run_id, data FROM journal ORDER BY run_id, seq").unwrap();
    let row = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?));
    let mut calls: BTreeMap<(String, String), Call> = BTreeMap::new();
    for (run_id, data) in journal.query_map([], row).unwrap().map(Result::unwrap) {
        let event: Value = serde_json::from_slice(&data).unwrap();
        let hand_out = |step_id: &Value| (run_id.clone(), step_id.as_str().unwrap().to_owned());
        match event["event"].as_str().unwrap() {
            "waiting" => {
                let pending = &event["pending"];
                let Some(tool) = pending["action"]["tool"].as_str() else { continue };
                let tool = tool.trim_start_matches("notes.").to_owned();
                let text = pending["action"]["parameters"]["text"].as_str().unwrap().to_owned();
                let call = Call { tool, text, ..Call::default() };
                let before = calls.insert(hand_out(&pending["step_id"]), call);
                assert!(before.is_none(), "handed out twice: {before:?}");
            }
            "calling" => {
                let call = calls.get_mut(&hand_out(&event["step_id"])).unwrap();
                let (pid, _) = event["by"].as_str().unwrap().split_once('-').unwrap();
                call.begun.push((pid.parse().unwrap(), at(&event)));
            }
            "answered" => {
                if let Some(call) = calls.get_mut(&hand_out(&event["step_id"])) {
                    call.answer = event["answer"].clone();
                    call.answered_at = at(&event);
                }
            }
            _ => {}
        }
    }
    calls.into_values().collect()
}

/// When an event was recorded
fn at(event: &Value) -> Timestamp {
    event["at"].as_str().unwrap().parse().unwrap()
}

//! Calls of a simulation, each taken a step further by chance; and what must hold of them.

use std::collections::HashMap;

use super::super::caller::Ready;
use super::super::calls::Call;
use super::calls_by_chance::Chance;
use super::outside::Outside;
use super::*;
use crate::machine::Action;

/// The calls that one engine has begun; where it dies, they are cut where they stand
#[derive(Default)]
pub(super) struct UnderWay(Vec<(Call, Stage)>);

/// How far a call is
enum Stage {
    /// It is journaled, and nothing has left
    Begun(Ready),
    /// It was made, and nobody knows
    Made(Answer),
}

impl UnderWay {
    /// Takes one call a step further, or begins one
    pub(super) async fn step(&mut self, chance: &mut Chance, engine: &Embedded) {
        let at = chance.below(self.0.len() + 2);
        if at >= self.0.len() {
            return self.begin(engine).await;
        }
        let (call, stage) = self.0.swap_remove(at);
        match stage {
            Stage::Begun(ready) => self.0.push((call, Stage::Made(ready.call().await))),
            Stage::Made(answer) => engine.caller().tell(&call, answer).await,
        }
    }

    async fn begin(&mut self, engine: &Embedded) {
        let caller = engine.caller();
        let due = caller.due().unwrap().into_iter().map(|(_, call)| call);
        let begun = |call: &Call| self.0.iter().any(|(other, _)| other == call);
        let Some(call) = due.into_iter().find(|call| !begun(call)) else { return };
        match caller.prepare(&call).await {
            Ok(Some(ready)) => {
                // A deadline may have passed, which is applied first.
                if caller.begin(&call, ready.repeatable).await.is_ok() {
                    self.0.push((call, Stage::Begun(ready)));
                }
            }
            Ok(None) => {}
            Err(error) => caller.tell(&call, Answer::Failed(error)).await,
        }
    }

    /// Brings all to their end
    pub(super) async fn finish(self, engine: &Embedded) {
        for (call, stage) in self.0 {
            let answer = match stage {
                Stage::Begun(ready) => ready.call().await,
                Stage::Made(answer) => answer,
            };
            engine.caller().tell(&call, answer).await;
        }
    }

    /// Makes all calls that an engine has to make by now
    pub(super) async fn all(engine: &Embedded) {
        let mut calls = Self::default();
        loop {
            let before = calls.0.len();
            calls.begin(engine).await;
            if calls.0.len() == before {
                return calls.finish(engine).await;
            }
        }
    }
}

/// What the journals of all runs tell of the calls that keep one text
#[derive(Debug, Default)]
struct Told {
    /// Hand-outs of `note`, which must not be repeated
    notes: usize,
    /// Calls that were begun
    begun: usize,
    /// Outcomes that were taken
    outcomes: usize,
    /// Calls begun whose outcome was something else, or is still open
    otherwise: usize,
}

/// Whatever has happened, each call was journaled before it was made, was made once for each time
/// that it was begun, and none was forgotten
pub(super) fn assert_calls(bench: &Bench, outside: &Outside) {
    let mut told: HashMap<String, Told> = HashMap::new();
    let db = bench.store();
    let mut runs = db.prepare("SELECT id FROM runs").unwrap();
    let runs: Vec<String> =
        runs.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for run in &runs {
        tell(&journal(&db, run), &mut told);
        assert_kept(&db, run);
    }
    for text in outside.texts() {
        let (kept, told) = (outside.kept(&text), &told[&text]);
        assert!(kept <= told.begun, "{text} was kept {kept} times: {told:?}");
        assert!(kept >= told.outcomes, "{text} was kept {kept} times: {told:?}");
        assert!(told.notes == 0 || told.begun <= told.notes, "{text} was begun again: {told:?}");
        assert_eq!(told.begun, told.outcomes + told.otherwise, "{text} was forgotten: {told:?}");
    }
}

fn journal(db: &Connection, run: &str) -> Vec<Event> {
    let mut journal = db.prepare("SELECT data FROM journal WHERE run_id = ? ORDER BY seq").unwrap();
    let events = journal.query_map([run], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    events.map(|data| serde_json::from_slice(&data.unwrap()).unwrap()).collect()
}

fn tell(events: &[Event], told: &mut HashMap<String, Told>) {
    /// The text that is to be kept, and how often that was begun since it was handed out
    struct Open {
        text: String,
        begun: usize,
    }
    let mut open: Option<Open> = None;
    for event in events {
        match event {
            Event::Waiting { pending, .. } => {
                open = None;
                let Action::McpCall { tool, parameters } = &pending.action else { continue };
                let text = parameters.get("text").and_then(Value::as_str);
                let Some(text) = text.filter(|_| pending.by_server) else { continue };
                let of_text = told.entry(text.to_owned()).or_default();
                of_text.notes += usize::from(tool == "out.note");
                open = Some(Open { text: text.to_owned(), begun: 0 });
            }
            Event::Calling { repeatable, .. } => {
                let open = open.as_mut().expect("only what was handed out is begun");
                open.begun += 1;
                assert!(*repeatable || open.begun == 1, "{} was begun again", open.text);
                let of_text = told.get_mut(&open.text).unwrap();
                of_text.begun += 1;
                of_text.otherwise += 1;
            }
            Event::Answered { answer: Answer::Result(_), .. } => {
                // Of several calls the last has told; those before were cut.
                if let Some(open) = open.take() {
                    let of_text = told.get_mut(&open.text).unwrap();
                    of_text.outcomes += 1;
                    of_text.otherwise -= 1;
                }
            }
            _ => {}
        }
    }
}

/// A run that waits for a call has its row, or the timer that will bring it; no other run has
fn assert_kept(db: &Connection, run: &str) {
    let snapshot = rows::get(db, run).unwrap().snapshot;
    let pending = snapshot.and_then(|snapshot| snapshot.pending.clone());
    let has = |sql: &str| db.prepare(sql).unwrap().exists([run]).unwrap();
    let calls = has("SELECT 1 FROM calls WHERE run_id = ?");
    let rests = has("SELECT 1 FROM timers WHERE run_id = ? AND kind = 'attempt'");
    match pending.filter(|pending| pending.by_server) {
        Some(pending) => assert!(calls != rests, "{run} at `{}`: {calls}", pending.step_id),
        None => assert!(!calls, "{run} waits for no call"),
    }
}

//! Calls that servers make to the outside, each taken a step further by chance; and what must be
//! true of them.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;
use serde_json::Value;
use tokio::runtime::Runtime;

use super::super::super::caller;
use super::super::super::calls::Call;
use super::super::super::commands::Command;
use super::super::outside::Outside;
use super::audit::Kept;
use super::chance::Chance;
use super::known::HandOut;
use super::server::{Outcome, Server};
use crate::engine::rules::calling::{self, Ready};
use crate::machine::{Action, Answer, Event, Pending, Reentry};

thread_local! {
    /// What polls a call; nothing in one waits for anything
    static RUNTIME: LazyCell<Runtime> = LazyCell::new(|| {
        tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
    });
}

/// How far a call is
enum Stage {
    /// It is journaled, and nothing has left
    Begun(Ready),
    /// It was made, and nobody knows
    Made(Answer),
}

/// The calls that a process has begun; where it dies, they are cut where they stand
#[derive(Default)]
pub(super) struct UnderWay(Vec<(Call, Stage)>);

/// What a process does next about its calls
pub(super) enum Next {
    /// Says that it is about to make one
    Begin(Call, Ready),
    /// Tells what came of one
    Tell(Call, Answer),
    /// Nothing, or nothing that the store has to know
    Nothing,
}

impl Next {
    pub(super) fn command(&self) -> Option<Command> {
        match self {
            Self::Begin(call, ready) => {
                Some(Command::Call { call: call.clone(), repeatable: ready.repeatable })
            }
            Self::Tell(call, answer) => {
                Some(Command::Called { call: call.clone(), answer: answer.clone() })
            }
            Self::Nothing => None,
        }
    }
}

impl UnderWay {
    /// Makes a call that was begun, forgets one as a task does that breaks, or says what the store
    /// has to do next
    pub(super) fn next(&mut self, chance: &mut Chance, server: &Server, fates: &mut Fates) -> Next {
        let at = chance.below(self.0.len() + 2);
        if at >= self.0.len() {
            return self.another(server);
        }
        let (call, stage) = self.0.swap_remove(at);
        if chance.one_in(8) {
            fates.lost.insert((call.run_id, call.step_id));
            return Next::Nothing;
        }
        match stage {
            Stage::Begun(ready) => {
                self.made(call, ready);
                Next::Nothing
            }
            Stage::Made(answer) => Next::Tell(call, answer),
        }
    }

    /// The next that is to be told or begun, where nothing goes wrong any more
    pub(super) fn rest(&mut self, server: &Server) -> Next {
        match self.0.pop() {
            Some((call, Stage::Made(answer))) => Next::Tell(call, answer),
            Some((call, Stage::Begun(ready))) => {
                self.made(call, ready);
                self.rest(server)
            }
            None => self.another(server),
        }
    }

    /// The oldest call that is not under way
    fn another(&self, server: &Server) -> Next {
        let known = |call: &Call| self.0.iter().any(|(other, _)| other == call);
        let Some(call) = server.calls().into_iter().find(|call| !known(call)) else {
            return Next::Nothing;
        };
        let Some(wanted) = caller::read(server.db(), server.world(), &call).unwrap() else {
            return Next::Nothing;
        };
        match RUNTIME.with(|runtime| runtime.block_on(wanted.find())) {
            Ok(ready) => Next::Begin(call, ready),
            Err(error) => Next::Tell(call, Answer::Failed(error)),
        }
    }

    fn made(&mut self, call: Call, ready: Ready) {
        let answer = RUNTIME.with(|runtime| runtime.block_on(ready.call()));
        self.0.push((call, Stage::Made(answer)));
    }

    /// Hears what the store has done
    pub(super) fn heard(&mut self, next: Next, outcome: &Outcome) {
        match (next, outcome) {
            (Next::Begin(call, ready), Ok(_)) => self.0.push((call, Stage::Begun(ready))),
            (Next::Begin(call, _), Err(error)) if error.code == "begun-before" => {
                let lost = calling::unknown("out.note", "its outcome was lost");
                self.0.push((call, Stage::Made(Answer::Failed(lost))));
            }
            (Next::Tell(call, answer), Err(error))
                if ["store", "conflict", "internal"].contains(&error.code) =>
            {
                self.0.push((call, Stage::Made(answer)));
            }
            (_, Err(error)) => {
                let codes = ["not-pending", "begun-before", "incompatible", "store", "internal"];
                assert!(codes.contains(&error.code), "{error}");
            }
            (_, Ok(_)) => {}
        }
    }
}

/// What has become of processes and of their calls, which no journal tells
#[derive(Default)]
pub(super) struct Fates {
    /// Processes that have died, by the names they had
    pub(super) dead: BTreeSet<String>,
    /// Calls of which the process that made them has lost the outcome
    pub(super) lost: BTreeSet<HandOut>,
}

/// What journals tell of calls that keep one text
#[derive(Debug, Default)]
struct Told {
    /// Calls that were begun
    begun: usize,
    /// Outcomes that were taken
    outcomes: usize,
}

/// A call that a journal has handed out
struct HandedOut<'a> {
    hand_out: HandOut,
    tool: &'a str,
    text: &'a str,
    /// The processes that have begun it
    begun: Vec<&'a str>,
}

/// Whatever has happened, each call was journaled before it was made, was made once for each time
/// that it was begun, was begun again only where that does no harm, and none was forgotten
pub(super) fn audit(
    db: &Connection,
    runs: &BTreeMap<String, Kept>,
    outside: &Outside,
    fates: &Fates,
) {
    let mut told: BTreeMap<&str, Told> = BTreeMap::new();
    for (id, run) in runs {
        follow(id, &run.events, fates, &mut told);
        rows(db, run);
    }
    for text in outside.texts() {
        let (kept, told) = (outside.kept(&text), &told[text.as_str()]);
        assert!(kept <= told.begun, "{text} was kept {kept} times: {told:?}");
        assert!(kept >= told.outcomes, "{text} was kept {kept} times: {told:?}");
    }
}

fn follow<'a>(id: &str, events: &'a [Event], fates: &Fates, told: &mut BTreeMap<&'a str, Told>) {
    let mut open: Option<HandedOut<'a>> = None;
    for event in events {
        match event {
            Event::Waiting { pending, .. } => open = handed_out(id, pending),
            Event::Retried { from: Reentry::Wait { pending, .. }, .. } => {
                open = handed_out(id, pending);
            }
            Event::Calling { by, repeatable, .. } => {
                let call = open.as_mut().expect("only what was handed out is begun");
                assert_eq!(*repeatable, call.tool != "out.note", "{id}: {}", call.tool);
                if let Some(before) = call.begun.last() {
                    let cut = fates.dead.contains(*before) || fates.lost.contains(&call.hand_out);
                    assert!(*repeatable && cut, "{:?} was begun again", call.hand_out);
                }
                call.begun.push(by);
                told.entry(call.text).or_default().begun += 1;
            }
            Event::Answered { answer, .. } => {
                let Some(call) = open.take() else { continue };
                ended(&call, answer, fates);
                let outcome = usize::from(matches!(answer, Answer::Result(_)));
                told.entry(call.text).or_default().outcomes += outcome;
            }
            _ => {}
        }
    }
}

fn handed_out<'a>(id: &str, pending: &'a Pending) -> Option<HandedOut<'a>> {
    let Action::McpCall { tool, parameters } = &pending.action else { return None };
    let text = parameters.get("text").and_then(Value::as_str)?;
    let hand_out = (id.to_owned(), pending.step_id.clone());
    pending.by_server.then(|| HandedOut { hand_out, tool, text, begun: Vec::new() })
}

/// A call ends with what it gave, or for a reason that there was
fn ended(call: &HandedOut<'_>, answer: &Answer, fates: &Fates) {
    let HandedOut { hand_out, tool, begun, .. } = call;
    let what = format!("{hand_out:?} of {tool} ended with {answer:?}");
    let error = match answer {
        Answer::Result(_) => return assert!(!begun.is_empty(), "{what}, and was never begun"),
        Answer::Failed(error) => error,
        Answer::Error(_) => panic!("{what}: somebody has spoken for the tool"),
    };
    match error.code.as_str() {
        // That its time is over, the journal's own rules hold.
        "timeout" => {}
        "tool-failed" => assert!(*tool == "out.fail" && !begun.is_empty(), "{what}"),
        "tool-unknown" => assert!(*tool == "out.none" && begun.is_empty(), "{what}"),
        "outcome-unknown" => {
            let [by] = begun[..] else { panic!("{what}, begun by {begun:?}") };
            let cut = fates.dead.contains(by) || fates.lost.contains(hand_out);
            assert!(*tool == "out.note" && cut, "{what}");
        }
        _ => panic!("{what}"),
    }
}

/// A run that waits for a call has its row, or the timer that will bring it; no other run has
fn rows(db: &Connection, run: &Kept) {
    let id = &run.row.id;
    let snapshot = run.row.snapshot.as_ref();
    let pending = snapshot.and_then(|snapshot| snapshot.pending.as_ref());
    let has = |sql: &str| db.prepare_cached(sql).unwrap().exists([id]).unwrap();
    let call = has("SELECT 1 FROM calls WHERE run_id = ?");
    match pending.filter(|pending| pending.by_server) {
        Some(pending) => {
            let rests = has("SELECT 1 FROM timers WHERE run_id = ? AND kind = 'attempt'");
            assert!(call != rests, "{id} at `{}`: {call}", pending.step_id);
            let sql = "SELECT step_id FROM calls WHERE run_id = ?";
            let mut of = db.prepare_cached(sql).unwrap();
            let of = of.query_map([id], |row| row.get::<_, String>(0)).unwrap();
            of.for_each(|step_id| assert_eq!(step_id.unwrap(), pending.step_id, "{id}"));
        }
        None => assert!(!call, "{id} waits for no call"),
    }
}

//! What agents do: mostly what they are told, and whatever else a client may come to do.

use serde_json::{Value, json};

use super::super::super::commands::Command;
use super::chance::Chance;
use super::known::Known;
use super::scripts::{self, Parts};
use crate::engine::Submission;
use crate::machine::{Answer, AnsweredBy};
use crate::reply::Step;

/// Calls that are made without looking first
pub(super) fn blind(chance: &mut Chance, known: &Known, parts: Parts) -> Command {
    let some_step = |chance: &mut Chance| {
        // The last ones are more likely to still wait.
        let among = known.steps.len().min(*chance.pick(&[3, 1_000]));
        let index = (known.steps.len() - 1).checked_sub(chance.below(among.max(1)));
        &known.steps[index.unwrap_or_default()]
    };
    if known.runs.is_empty() || known.steps.is_empty() {
        return Command::Start(scripts::start(chance, parts));
    }
    match chance.below(16) {
        0 | 1 => Command::Start(scripts::start(chance, parts)),
        2 => repeated_start(chance, known, parts),
        3 if chance.one_in(2) => Command::Retry { run_id: chance.pick(&known.runs).clone() },
        3 => Command::Cancel { run_id: chance.pick(&known.runs).clone(), reason: None },
        4..=6 => again(chance, known, parts),
        7 => early(chance, known, parts),
        8 => {
            let step = some_step(chance);
            answer(step, Answer::Result(json!([chance.below(9)])), AnsweredBy::Agent)
        }
        9 => Command::Look { run_id: chance.pick(&known.runs).clone(), asks: true },
        _ => {
            let step = some_step(chance);
            let words = some_answer(chance, step);
            answer(step, words, *chance.pick(&[AnsweredBy::Agent, AnsweredBy::User]))
        }
    }
}

/// An answer that was taken is given again, or another one to the same step
fn again(chance: &mut Chance, known: &Known, parts: Parts) -> Command {
    let Some(index) = known.taken.len().checked_sub(1) else {
        return Command::Start(scripts::start(chance, parts));
    };
    let index = chance.below(index + 1);
    let (hand_out, (given, _)) = known.taken.iter().nth(index).unwrap();
    let (run_id, step_id) = hand_out.clone();
    let answer = match chance.below(3) {
        0 => Answer::Result(json!("something else")),
        _ => given.clone(),
    };
    Command::Submit(Submission { run_id, step_id, answer, by: AnsweredBy::Agent })
}

/// An answer to a step that rests before it is tried again
fn early(chance: &mut Chance, known: &Known, parts: Parts) -> Command {
    let resting: Vec<_> = known
        .taken
        .iter()
        .filter(|(_, (_, reply))| reply.step.is_none() && reply.retry_after_ms.is_some())
        .map(|(hand_out, _)| hand_out)
        .collect();
    if resting.is_empty() {
        return Command::Start(scripts::start(chance, parts));
    }
    let (run_id, step_id) = chance.pick(&resting);
    let (step, hand_out) = step_id.split_once('#').unwrap_or((step_id, "1"));
    let next = hand_out.parse::<u32>().unwrap() + 1;
    Command::Submit(Submission {
        run_id: run_id.clone(),
        step_id: format!("{step}#{next}"),
        answer: Answer::Result(json!("early")),
        by: AnsweredBy::Agent,
    })
}

fn repeated_start(chance: &mut Chance, known: &Known, parts: Parts) -> Command {
    let Some(index) = known.started.len().checked_sub(1) else {
        return Command::Start(scripts::start(chance, parts));
    };
    let (request, _) = known.started.values().nth(chance.below(index + 1)).unwrap();
    Command::Start(request.clone())
}

pub(super) fn answer(step: &Step, answer: Answer, by: AnsweredBy) -> Command {
    let (run_id, step_id) = (step.run_id.clone(), step.step_id.clone());
    Command::Submit(Submission { run_id, step_id, answer, by })
}

/// An answer that fits, or that the step cannot be done
pub(super) fn some_answer(chance: &mut Chance, step: &Step) -> Answer {
    if chance.one_in(4) {
        return Answer::Error("not today".to_owned());
    }
    let word = *chance.pick(&["again", "green", "black", "white", "odd"]);
    Answer::Result(fitting(step, word))
}

/// An answer that fits
pub(super) fn fitting(step: &Step, word: &str) -> Value {
    match step.fields.get("kind").and_then(Value::as_str) {
        Some("confirm") => json!({"confirmed": word == "green"}),
        _ if step.kind == "shell" => json!({"stdout": word, "exit_code": 0}),
        _ => json!(word),
    }
}

/// Whether somebody, by whom it is meant, may answer a step
pub(super) fn answerable(step: &Step) -> bool {
    !["foreach", "wait"].contains(&step.kind.as_str())
}

pub(super) fn by_whom(chance: &mut Chance, step: &Step) -> AnsweredBy {
    if step.fields.contains_key("answered_by") || chance.one_in(2) {
        return AnsweredBy::User;
    }
    AnsweredBy::Agent
}

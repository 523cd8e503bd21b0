//! Each sample is run to its end by an agent that gives what is asked for: no answer of the
//! demanded form is refused, and no run ends by a fault of ours.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod agent;

use std::collections::BTreeMap;

use agent::Agent;
use serde_json::Value;
use workflow_runtime::machine::{
    Action, Answer, AnsweredBy, Env, Event, Fork, Pending, Place, Snapshot, Start, Status,
};
use workflow_runtime::registry::Registry;
use workflow_samples_run::{SIZE, samples};

/// A run that waits more often than this does not end
const MAX_WAITS: usize = 300;

fn env(seed: u64) -> Env {
    Env::new("2026-01-31T12:00:00Z".parse().unwrap(), seed)
}

/// What a pending action is answered with, by whom, and when
fn answer(
    registry: &Registry,
    pending: &Pending,
    agent: &mut Agent,
) -> Result<(Answer, AnsweredBy, Env), String> {
    let now = env(agent.seed);
    let now = Env { now: pending.not_before.unwrap_or(now.now), ..now };
    let by = match &pending.action {
        Action::Prompt { user_only: true, .. } => AnsweredBy::User,
        Action::Wait { .. } => AnsweredBy::Server,
        _ => AnsweredBy::Agent,
    };
    let result = match &pending.action {
        Action::Foreach(fork) => children(registry, fork, agent)?,
        Action::Wait { resume_at, .. } => {
            return Ok((Answer::Result(Value::Null), by, Env { now: *resume_at, ..now }));
        }
        // The samples handle what goes wrong in such a step.
        _ if pending.step.starts_with("try") && agent.below(2) == 0 => {
            return Ok((Answer::Error("it did not work".to_owned()), by, now));
        }
        _ => agent.answer(&pending.result_schema),
    };
    Ok((Answer::Result(result), by, now))
}

/// How a run ended: `completed`, or the code of its error
fn run(registry: &Registry, name: &str, start: Start, agent: &mut Agent) -> Result<Value, String> {
    let program = registry.get(name).unwrap();
    let mut events =
        program.begin(start, env(agent.seed)).map_err(|refusal| format!("refused: {refusal}"))?;
    for _ in 0..MAX_WAITS {
        match events.last().unwrap() {
            Event::Completed { result, .. } => return Ok(result.clone()),
            Event::Failed { error, .. } => return Err(error.code.clone()),
            Event::Waiting { pending, .. } => {
                let (answer, by, env) = answer(registry, pending, agent)?;
                let snapshot = Snapshot::fold(&events).unwrap();
                assert_eq!(snapshot.status, Status::Waiting);
                let more = program.resume(&snapshot, answer.clone(), by, env);
                events.extend(more.map_err(|refusal| format!("refused: {refusal}: {answer:?}"))?);
            }
            other => panic!("{name} stopped with {other:?}"),
        }
    }
    Err("does not end".to_owned())
}

fn children(registry: &Registry, fork: &Fork, agent: &mut Agent) -> Result<Value, String> {
    let total = fork.children.len();
    // A workflow of its own gets the item as one of its inputs.
    let inline = registry.get(&fork.program).unwrap().info().inline_task;
    let mut results = Vec::new();
    for (index, child) in fork.children.iter().enumerate() {
        let start = Start {
            inputs: child.inputs.clone(),
            item: if inline { child.item.clone() } else { Value::Null },
            place: Place { index, total },
            parent: None,
        };
        results.push(match run(registry, &fork.program, start, agent) {
            Err(_) if fork.keep_errors => Value::Null,
            other => other?,
        });
    }
    Ok(results.into())
}

#[test]
fn every_sample_runs_to_its_end() {
    let registry = samples::registry();
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for program in registry.workflows() {
        let info = program.info();
        for seed in 0..5 {
            let mut agent = Agent::new(seed);
            let schema = serde_json::from_str(info.input_schema).unwrap();
            let inputs = agent.answer(&schema).as_object().unwrap().clone();
            let end = run(&registry, info.name, Start { inputs, ..Start::default() }, &mut agent);
            let end = end.err().unwrap_or_else(|| "completed".to_owned());
            assert!(!end.starts_with("refused"), "{} with agent {seed}: {end}", info.name);
            assert_ne!(end, "internal", "{} with agent {seed}", info.name);
            *ends.entry(end).or_default() += 1;
        }
    }
    println!("{SIZE}: {ends:?}");
    let all: usize = ends.values().sum();
    let completed = ends.get("completed").copied().unwrap_or(0);
    assert!(completed * 10 > all * 8, "too few runs got to their end: {ends:?}");
}

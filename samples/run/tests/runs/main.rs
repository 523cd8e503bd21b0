//! Each sample is run to its end by an agent that gives what is asked for: no answer of the
//! demanded form is refused, and no run ends by a fault of ours.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod agent;

use std::collections::BTreeMap;

use agent::Agent;
use serde_json::Value;
use workflow_runtime::machine::{
    Action, Answer, AnsweredBy, Env, Event, Fork, Place, Snapshot, Start, Status,
};
use workflow_runtime::registry::Registry;
use workflow_samples_run::{SIZE, samples};

/// A run that waits more often than this does not end
const MAX_WAITS: usize = 300;

fn env(seed: u64) -> Env {
    Env { now: "2026-01-31T12:00:00Z".parse().unwrap(), seed }
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
                let answer = match &pending.action {
                    Action::Foreach(fork) => children(registry, fork, agent),
                    _ => Ok(agent.answer(&pending.result_schema)),
                };
                let Ok(answer) = answer else { return answer };
                let snapshot = Snapshot::fold(&events).unwrap();
                assert_eq!(snapshot.status, Status::Waiting);
                let answer = Answer::Result(answer);
                let more =
                    program.resume(&snapshot, answer.clone(), AnsweredBy::Agent, env(agent.seed));
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

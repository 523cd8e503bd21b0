//! What must be true of a run and its children.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::audit::Kept;
use crate::engine::rules::children;
use crate::machine::{Action, Answer, Event, Fork, Limits, Pending, Reentry, Snapshot, Status};

/// As many children are under way as may be, and none of a step that is over; `late` are the
/// steps with children that no build has fitted so far
pub(super) fn children(
    run: &Kept,
    runs: &BTreeMap<String, Kept>,
    late: &BTreeSet<(String, String)>,
) {
    let id = &run.row.id;
    let mut open = 0;
    if let Some((step_id, fork)) = run.fork() {
        let family: Vec<&Kept> = children_of(id, step_id, runs);
        open = family.iter().filter(|child| !child.ended()).count();
        // Before the first attempt there are none, before another they have all ended.
        if run.row.open_children > 0 || !family.is_empty() {
            assert_eq!(family.len(), fork.children.len(), "{id}: children of {step_id}");
            let begun =
                family.iter().filter(|child| child.row.status != "queued" && !child.ended());
            let most = children::at_once(fork, Limits::default());
            let (begun, least) = (begun.count(), open.min(most));
            let late = late.contains(&(id.clone(), step_id.to_owned()));
            assert!(begun == least || late && begun < least, "{id}: {begun} under way");
        }
    }
    assert_eq!(run.row.open_children, open, "{id}: open children");
    if let Some(parent) = &run.row.parent {
        let waits = runs[&parent.id].fork().is_some_and(|(step_id, _)| step_id == parent.step_id);
        assert!(waits || run.ended(), "{id} goes on without its parent");
        assert_eq!(run.row.depth, runs[&parent.id].row.depth + 1);
    }
}

/// The children that work for a hand-out, in item order
fn children_of<'a>(id: &str, step_id: &str, runs: &'a BTreeMap<String, Kept>) -> Vec<&'a Kept> {
    let of = |run: &&Kept| {
        run.row.parent.as_ref().is_some_and(|at| at.id == id && at.step_id == step_id)
    };
    let mut children: Vec<&Kept> =
        runs.range(format!("{id}.")..format!("{id}/")).map(|(_, child)| child).filter(of).collect();
    children.sort_by_key(|child| child.row.parent.as_ref().map(|at| at.index));
    children
}

/// What a step took from its children is what they gave; where it is done again, they are the same
/// children, and what they have given stays
pub(super) fn joined(run: &Kept, runs: &BTreeMap<String, Kept>) {
    let id = &run.row.id;
    let mut forked: Option<(&str, &Fork)> = None;
    let mut failed: Option<&str> = None;
    let mut retried = false;
    for event in &run.events {
        match event {
            Event::Waiting { pending, .. } => {
                if let Some(before) = failed.take().filter(|_| pending.attempt > 1) {
                    let left = children_of(id, before, runs);
                    assert!(left.is_empty(), "{id}: {} does not go on with them", pending.step_id);
                }
                forked = as_fork(pending);
            }
            Event::Retried { from: Reentry::Wait { pending, .. }, .. } => {
                forked = as_fork(pending);
            }
            Event::Answered { answer, .. } => {
                let Some((step_id, fork)) = forked.take() else { continue };
                let family = children_of(id, step_id, runs);
                let code = match answer {
                    Answer::Failed(error) => error.code.as_str(),
                    _ => "",
                };
                if !family.is_empty() || fork.children.is_empty() {
                    took(id, answer, &family, fork);
                } else if !retried {
                    // Those of an attempt that failed work for the next one by now.
                    let codes = ["children-failed", "timeout"];
                    assert!(codes.contains(&code), "{id}: {step_id} took {answer:?} from nobody");
                }
                failed = matches!(answer, Answer::Failed(_)).then_some(step_id);
            }
            _ => {}
        }
        // What it is taken up again with was taken before.
        retried = matches!(event, Event::Retried { .. });
    }
}

fn as_fork(pending: &Pending) -> Option<(&str, &Fork)> {
    match &pending.action {
        Action::Foreach(fork) => Some((&pending.step_id, fork)),
        _ => None,
    }
}

fn took(run_id: &str, answer: &Answer, family: &[&Kept], fork: &Fork) {
    let children: Vec<&Snapshot> =
        family.iter().filter_map(|child| child.row.snapshot.as_deref()).collect();
    assert_eq!(children.len(), family.len(), "{run_id}: a child has not begun");
    let completed = |child: &&&Snapshot| child.status == Status::Completed;
    let failed = children.len() - children.iter().filter(completed).count();
    match answer {
        Answer::Result(results) => {
            let gave = |child: &&Snapshot| child.result.clone().unwrap_or_default();
            let gave: Vec<Value> = children.iter().map(gave).collect();
            assert_eq!(results, &Value::Array(gave), "{run_id}: results");
            assert_eq!(children.len(), fork.children.len(), "{run_id}: results");
            assert!(failed == 0 || fork.keep_errors, "{run_id}: a failure was overlooked");
        }
        Answer::Failed(error) if error.code == "children-failed" => {
            assert!(failed > 0 && !fork.keep_errors, "{run_id}: no child has failed");
        }
        Answer::Failed(error) => assert_eq!(error.code, "timeout", "{run_id}"),
        Answer::Error(_) => panic!("{run_id}: somebody has spoken for the children"),
    }
}

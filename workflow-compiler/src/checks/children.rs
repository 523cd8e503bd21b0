//! Child runs: a prompt that no user could answer, and tasks that start each other without end.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Action, End, Fork, Program, ProgramId};
use crate::types::{Checked, World};

/// A prompt in a child that a sub-agent works off: the sub-agent has no user to ask
pub fn prompts(world: World<'_>, _: &Checked, id: ProgramId, diagnostics: &mut Diagnostics) {
    let above = above(world.parents, id);
    let forks = above.iter().flat_map(|parent| forks(&world.programs[*parent]));
    let leads_here =
        |fork: &&Fork| fork.program.is_some_and(|child| child == id || above.contains(&child));
    let starters: Vec<&Fork> =
        forks.filter(|fork| fork.agent.is_some()).filter(leads_here).collect();
    if starters.is_empty() {
        return;
    }
    let program = &world.programs[id];
    for block in &program.blocks {
        let End::Wait { action: Action::Prompt { .. }, .. } = &block.end else { continue };
        let step = &program.steps[block.step];
        let message = format!("a sub-agent cannot answer the prompt `{}`", step.id.value);
        let mut mistake = Diagnostic::new(Code::PromptInSubAgent, step.id.span, message)
            .help("ask before the `foreach`, or leave its `agent` out");
        for fork in &starters {
            mistake =
                mistake.also(fork.task.span, "worked off by a sub-agent, which has no user to ask");
        }
        diagnostics.push(mistake);
    }
}

/// A task that starts itself, at once or through others; told of the first in each circle
pub fn recursion(world: World<'_>, _: &Checked, id: ProgramId, diagnostics: &mut Diagnostics) {
    let leads_to = |from: ProgramId, to: ProgramId| {
        forks(&world.programs[from]).any(|fork| reachable(world.programs, fork).contains(&to))
    };
    for fork in forks(&world.programs[id]) {
        let below = reachable(world.programs, fork);
        let is_first = |other: &ProgramId| *other >= id || !leads_to(*other, id);
        if below.contains(&id) && below.iter().all(is_first) {
            let message = format!("`{}` starts itself without end", world.programs[id].name.value);
            diagnostics.push(
                Diagnostic::new(Code::RecursiveTasks, fork.task.span, message)
                    .label("this leads back here")
                    .help("a task may start others, but none that leads back to it"),
            );
        }
    }
}

/// The child runs that a program starts
pub(crate) fn forks(program: &Program) -> impl Iterator<Item = &Fork> {
    program.blocks.iter().filter_map(|block| match &block.end {
        End::Wait { action: Action::Fork(fork), .. } => Some(&**fork),
        _ => None,
    })
}

/// For each program, those that start it
pub(crate) fn parents(programs: &[Program]) -> Vec<BTreeSet<ProgramId>> {
    let mut parents = vec![BTreeSet::new(); programs.len()];
    for (parent, program) in programs.iter().enumerate() {
        for child in forks(program).filter_map(|fork| fork.program) {
            parents[child].insert(parent);
        }
    }
    parents
}

/// The programs that lead to a program
pub(super) fn above(parents: &[BTreeSet<ProgramId>], id: ProgramId) -> BTreeSet<ProgramId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<ProgramId> = parents[id].iter().copied().collect();
    while let Some(program) = open.pop() {
        if found.insert(program) {
            open.extend(&parents[program]);
        }
    }
    found
}

/// The programs that a fork leads to
fn reachable(programs: &[Program], fork: &Fork) -> BTreeSet<ProgramId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<ProgramId> = fork.program.into_iter().collect();
    while let Some(program) = open.pop() {
        if found.insert(program) {
            open.extend(forks(&programs[program]).filter_map(|fork| fork.program));
        }
    }
    found
}

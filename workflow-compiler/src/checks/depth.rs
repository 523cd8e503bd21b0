//! How deep workflows start each other.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Fork, Program, ProgramId};
use crate::types::{Checked, World};

use super::children::above;
use super::forks;

/// How many child runs may stand below each other; the engine refuses one more
const MAX_DEPTH: usize = 5;

/// A start of a child that stands too deep, with the way that leads there; what the child starts
/// in turn is not told as well
pub fn too_deep(world: World<'_>, _: &Checked, id: ProgramId, diagnostics: &mut Diagnostics) {
    // Where fewer programs lead, no way is that long: the whole project need not be gone through.
    let starts_none = forks(&world.programs[id]).next().is_none();
    if starts_none || above(world.parents, id).len() < MAX_DEPTH {
        return;
    }
    let way = way_to(id, &longest_ways(world.programs));
    if way.len() != MAX_DEPTH {
        return;
    }
    for fork in forks(&world.programs[id]).filter(|fork| fork.program.is_some()) {
        let message = format!("child runs are nested more than {MAX_DEPTH} deep");
        let mistake = Diagnostic::new(Code::TooDeep, fork.task.span, message)
            .label(format!("starts child {} below each other", MAX_DEPTH + 1))
            .help("let one of these workflows do by itself what it starts another for");
        let label = |(at, start): (usize, &Start<'_>)| {
            let name = &world.programs[start.parent].name.value;
            (start.fork.task.span, format!("`{name}` starts child {}", at + 1))
        };
        let labels = way.iter().enumerate().map(label);
        diagnostics.push(labels.fold(mistake, |mistake, (span, text)| mistake.also(span, text)));
    }
}

/// Who starts whom
#[derive(Clone, Copy)]
struct Start<'a> {
    parent: ProgramId,
    fork: &'a Fork,
}

/// How deep a program can stand, and what starts it there
#[derive(Clone, Copy, Default)]
struct Way<'a> {
    depth: usize,
    last: Option<Start<'a>>,
}

/// For each program the longest way that leads to it
///
/// Parents are gone through before their children. Programs that start each other without end have
/// no first, so nothing is found of them and of what they start; they are reported as recursive.
fn longest_ways(programs: &[Program]) -> Vec<Way<'_>> {
    let mut ways = vec![Way::default(); programs.len()];
    let mut parents = vec![0_usize; programs.len()];
    let children =
        |id: ProgramId| forks(&programs[id]).filter_map(|fork| Some((fork, fork.program?)));
    for (_, child) in (0..programs.len()).flat_map(children) {
        parents[child] += 1;
    }
    let mut open: Vec<ProgramId> = (0..programs.len()).filter(|id| parents[*id] == 0).collect();
    while let Some(parent) = open.pop() {
        let depth = ways[parent].depth + 1;
        for (fork, child) in children(parent) {
            if depth > ways[child].depth {
                ways[child] = Way { depth, last: Some(Start { parent, fork }) };
            }
            parents[child] -= 1;
            if parents[child] == 0 {
                open.push(child);
            }
        }
    }
    // Who waits for a parent that never comes is below a circle, however deep it is otherwise.
    for (way, waiting) in ways.iter_mut().zip(parents) {
        if waiting > 0 {
            *way = Way::default();
        }
    }
    ways
}

/// The starts that lead to a program, the outermost first
fn way_to<'a>(id: ProgramId, ways: &[Way<'a>]) -> Vec<Start<'a>> {
    let mut way = Vec::new();
    let mut at = id;
    while let Some(start) = ways[at].last {
        way.push(start);
        at = start.parent;
    }
    way.reverse();
    way
}

//! Reads of fields that are not written on every path, with such a path.

use std::collections::VecDeque;

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{
    BlockId, End, FieldId, Op, Program, ProgramId, Question, StepId, can_fail, successors,
};
use crate::source::Span;
use crate::types::{Fact, Notes, World};

/// Reports the fields that steps read and that may not be written by then
///
/// What is missing at one step is missing for the same reason at those behind it: of steps that
/// are reached only through others that read the field too, nothing is said.
pub fn report_unassigned(world: World<'_>, id: ProgramId, notes: &mut Notes) {
    let program = &world.programs[id];
    for (&(field, reader), &fact) in &notes.unassigned {
        let is_told = |block: BlockId| {
            let step = program.blocks[block].step;
            step != reader
                && program.steps[step].entry == block
                && notes.unassigned.contains_key(&(field, step))
        };
        let avoid = |block: BlockId| write_in(program, block, field).is_some() || is_told(block);
        if path_past(program, 0, reader, &avoid).is_empty() {
            continue;
        }
        let read = notes.reads[&(reader, field)];
        notes.diagnostics.push(unassigned(program, reader, field, fact, read));
    }
}

fn unassigned(
    program: &Program,
    reader: StepId,
    field: FieldId,
    fact: Fact,
    read: Span,
) -> Diagnostic {
    let (step, name) = (&program.steps[reader].id.value, &program.fields[field].name);
    let message = if fact.value || fact.null {
        format!("`{name}` may not be written when step `{step}` reads it")
    } else {
        format!("`{name}` is not written yet when step `{step}` reads it")
    };
    let mistake = Diagnostic::new(Code::MaybeUnassigned, read, message).label("read here");
    explain_unassigned(program, reader, field, mistake)
        .help(format!("give `{name}` a value in `initial_state`, or write it on every path"))
}

/// Where a block writes a field
fn write_in(program: &Program, block: BlockId, field: FieldId) -> Option<Span> {
    program.blocks[block].ops.iter().find_map(|op| match op {
        Op::Write { field: written, span, .. } if *written == field => Some(*span),
        _ => None,
    })
}

/// Adds where the field is written, and which turns lead past that
fn explain_unassigned(
    program: &Program,
    reader: StepId,
    field: FieldId,
    mut mistake: Diagnostic,
) -> Diagnostic {
    let writes = |block: BlockId| write_in(program, block, field);
    let name = &program.fields[field].name;
    for span in (0..program.blocks.len()).filter_map(writes) {
        mistake = mistake.also(span, format!("`{name}` is written here"));
    }
    let avoid = |block: BlockId| writes(block).is_some();
    let path = path_past(program, 0, reader, &avoid);
    let turns = |decisive: bool| {
        let taken = path.windows(2).filter(move |pair| {
            let mut others = successors(&program.blocks[pair[0]]);
            others.retain(|other| *other != pair[1]);
            let avoids = |other: &BlockId| !path_past(program, *other, reader, &avoid).is_empty();
            !decisive || !others.iter().any(avoids)
        });
        taken.filter_map(|pair| turn(program, pair[0], pair[1])).collect::<Vec<_>>()
    };
    // A turn after which the field may be missing as well as before it explains nothing.
    let decisive = turns(true);
    let told = if decisive.is_empty() { turns(false) } else { decisive };
    told.into_iter().fold(mistake, |mistake, (span, words)| mistake.also(span, words))
}

/// What a path does between two blocks that is not just to go on
fn turn(program: &Program, from: BlockId, to: BlockId) -> Option<(Span, String)> {
    let block = &program.blocks[from];
    let step = &program.steps[block.step].id.value;
    match (&block.end, block.caught) {
        (_, Some(caught)) if caught.handler == to => {
            Some((caught.span, format!("not written where step `{step}` fails")))
        }
        (End::Branch { test, then, .. }, _) => {
            let truth = *then == to;
            let decision = program.decisions.iter().find(|decision| decision.then == *then);
            let jumps = decision.is_some_and(|each| matches!(each.asks, Question::Bound(_)));
            Some((
                test.span,
                match (jumps, truth) {
                    (true, true) => format!("not written where step `{step}` jumps"),
                    (true, false) => format!("not written where step `{step}` jumps no more"),
                    (false, _) => format!("not written where this is {truth} (step `{step}`)"),
                },
            ))
        }
        _ => None,
    }
}

/// The shortest path from a block to a step that goes through no block for which `avoid` holds,
/// unless that fails
fn path_past(
    program: &Program,
    start: BlockId,
    to: StepId,
    avoid: &dyn Fn(BlockId) -> bool,
) -> Vec<BlockId> {
    let mut from: Vec<Option<BlockId>> = vec![None; program.blocks.len()];
    let mut open = VecDeque::from([start]);
    while let Some(block) = open.pop_front() {
        if block == program.steps[to].entry {
            return walk_back(&from, block);
        }
        let ends = &program.blocks[block];
        // A block that fails has done nothing of what is to be avoided.
        let failed = || ends.caught.filter(|_| can_fail(ends)).map(|caught| caught.handler);
        let next = if avoid(block) { failed().into_iter().collect() } else { successors(ends) };
        for next in next {
            if from[next].is_none() && next != start {
                from[next] = Some(block);
                open.push_back(next);
            }
        }
    }
    Vec::new()
}

fn walk_back(from: &[Option<BlockId>], to: BlockId) -> Vec<BlockId> {
    let mut path = vec![to];
    while let Some(before) = from[path[path.len() - 1]] {
        path.push(before);
    }
    path.reverse();
    path
}

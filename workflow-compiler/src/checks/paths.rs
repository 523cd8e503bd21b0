//! Shows a path on which a field is not written.

use std::collections::VecDeque;

use crate::diagnostic::Diagnostic;
use crate::ir::{BlockId, End, FieldId, Op, Program, Question, StepId, successors};
use crate::source::Span;

/// Adds where the field is written, and which turns lead past that
pub fn explain_unassigned(
    program: &Program,
    reader: StepId,
    field: FieldId,
    mut mistake: Diagnostic,
) -> Diagnostic {
    let writes = |block: BlockId| {
        program.blocks[block].ops.iter().find_map(|op| match op {
            Op::Write { field: written, span, .. } if *written == field => Some(*span),
            _ => None,
        })
    };
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

/// The shortest path from a block to a step that goes through no block for which `avoid` holds
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
        if avoid(block) {
            continue;
        }
        for next in successors(&program.blocks[block]) {
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

//! Shows a path on which a field is not written.

use std::collections::VecDeque;

use crate::diagnostic::Diagnostic;
use crate::ir::{BlockId, End, FieldId, Op, Program, StepId, successors};
use crate::source::Span;
use crate::template::ast::ExprKind;

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
    let path = path_past(program, reader, &|block| writes(block).is_some());
    for pair in path.windows(2) {
        if let Some((span, words)) = turn(program, pair[0], pair[1]) {
            mistake = mistake.also(span, words);
        }
    }
    mistake
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
            // A `goto` asks how often it has jumped.
            let jumps = matches!(&test.kind, ExprKind::Compare { first, .. }
                if matches!(first.kind, ExprKind::Temp(_)));
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

/// The shortest path from the entry to a step that goes through no block for which `avoid` holds
fn path_past(program: &Program, to: StepId, avoid: &dyn Fn(BlockId) -> bool) -> Vec<BlockId> {
    let mut from: Vec<Option<BlockId>> = vec![None; program.blocks.len()];
    let mut open = VecDeque::from([0]);
    while let Some(block) = open.pop_front() {
        if block == program.steps[to].entry {
            return walk_back(&from, block);
        }
        if avoid(block) {
            continue;
        }
        for next in successors(&program.blocks[block]) {
            if from[next].is_none() && next != 0 {
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

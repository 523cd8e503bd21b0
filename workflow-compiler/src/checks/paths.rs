//! Shows a path on which a field is not written.

use std::collections::VecDeque;

use crate::diagnostic::Diagnostic;
use crate::ir::{BlockId, End, FieldId, Op, Program, StepId};
use crate::types::successors;

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
        if let End::Branch { test, then, .. } = &program.blocks[pair[0]].end {
            let truth = *then == pair[1];
            let skips = program.steps[program.blocks[pair[0]].step].id.value.clone();
            mistake = mistake
                .also(test.span, format!("not written where this is {truth} (step `{skips}`)"));
        }
    }
    mistake
}

/// The shortest path from the entry to a step that goes through no block for which `avoid` holds
fn path_past(program: &Program, to: StepId, avoid: &dyn Fn(BlockId) -> bool) -> Vec<BlockId> {
    let mut from: Vec<Option<BlockId>> = vec![None; program.blocks.len()];
    let mut open = VecDeque::from([0]);
    while let Some(block) = open.pop_front() {
        if program.blocks[block].step == to {
            return walk_back(&from, block);
        }
        if avoid(block) {
            continue;
        }
        for next in successors(&program.blocks[block].end) {
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

//! The blocks that are reached: jumps through empty blocks go straight on, and each block has a
//! name.

use std::collections::BTreeMap;

use crate::ir::{self, BlockId};
use crate::typed::{Block, End, ExprKind, Op};
use crate::types::Checked;

use super::demanded;

/// The reached blocks, renumbered; the entry is the first
pub(super) fn reached(program: &ir::Program, checked: &Checked) -> Vec<Block> {
    let target = |block: BlockId| behind_jumps(program, block);
    let mut order: Vec<BlockId> = Vec::new();
    let mut open = vec![target(0)];
    while let Some(block) = open.pop() {
        if !order.contains(&block) {
            order.push(block);
            open.extend(ir::successors(&program.blocks[block]).into_iter().map(target));
        }
    }
    // In the order of the steps, so that the code reads like the file; the entry comes first.
    let entry = order[0];
    order.sort_by_key(|block| (*block != entry, program.blocks[*block].step, *block));
    let number: BTreeMap<BlockId, usize> =
        order.iter().enumerate().map(|(at, block)| (*block, at)).collect();
    let renumber = |block: BlockId| number[&target(block)];
    let mut named: BTreeMap<usize, usize> = BTreeMap::new();
    let build = |block: &BlockId| {
        let (ops, end) = checked.blocks[*block].clone()?;
        let lowered = &program.blocks[*block];
        let name = name(program, *block, &mut named);
        let end = follow(program, checked, lowered, end, &renumber);
        let caught = lowered.caught.filter(|_| ir::can_fail(lowered));
        Some(Block {
            name,
            step: lowered.step,
            live: Vec::new(),
            answer: lowered.answer,
            null: null(checked, *block),
            ops,
            end,
            caught: caught.map(|caught| renumber(caught.handler)),
        })
    };
    order.iter().filter_map(build).collect()
}

/// The fields that may be null when a block is entered
fn null(checked: &Checked, block: BlockId) -> Vec<usize> {
    let fields = checked.facts[block].iter().flat_map(|known| known.fields.iter().enumerate());
    let may_be = fields.filter(|(_, fact)| fact.null || fact.unassigned);
    may_be.map(|(field, _)| field).collect()
}

/// Names a block after its step; those behind the step's first one are numbered
fn name(program: &ir::Program, block: BlockId, named: &mut BTreeMap<usize, usize>) -> String {
    let step = program.blocks[block].step;
    let Some(known) = program.steps.get(step).filter(|_| block != 0) else {
        return "start".to_owned();
    };
    let count = named.entry(step).or_default();
    *count += 1;
    let id = &known.id.value;
    if *count == 1 { id.clone() } else { format!("{id}.{count}") }
}

/// The block that control gets to: one that only jumps is passed through
fn behind_jumps(program: &ir::Program, mut block: BlockId) -> BlockId {
    let mut seen = 0;
    while let ir::Block { ops, answer: None, end: ir::End::Jump(next), .. } = &program.blocks[block]
        && ops.is_empty()
        && seen < program.blocks.len()
    {
        block = *next;
        seen += 1;
    }
    block
}

/// The end with the new numbers, and what an answer of unknown type must have
fn follow(
    program: &ir::Program,
    checked: &Checked,
    block: &ir::Block,
    end: End,
    renumber: &dyn Fn(BlockId) -> usize,
) -> End {
    match end {
        End::Jump(next) => End::Jump(renumber(next)),
        End::Branch { test, then, otherwise } => {
            End::Branch { test, then: renumber(then), otherwise: renumber(otherwise) }
        }
        End::Wait { action, result_schema, patience, next } => {
            let unknown = matches!(block.end, ir::End::Wait { answer: ir::AnswerType::Any, .. });
            let result_schema =
                if unknown { demands(program, checked, next) } else { result_schema };
            End::Wait { action, result_schema, patience, next: renumber(next) }
        }
        End::Return(value) => End::Return(value),
    }
}

/// What is read of the field that takes the answer
fn demands(program: &ir::Program, checked: &Checked, next: BlockId) -> serde_json::Value {
    let answer = program.blocks[next].answer;
    let ops = checked.blocks[next].iter().flat_map(|(ops, _)| ops);
    let field = ops.into_iter().find_map(|op| match op {
        Op::Write { field, value } if mentions(value, answer) => Some(*field),
        _ => None,
    });
    demanded(field.and_then(|field| checked.notes.demands.get(&field)))
}

fn mentions(value: &crate::typed::Expr, temp: Option<usize>) -> bool {
    let mut found = false;
    value.visit(&mut |expr| {
        found |= matches!(expr.kind, ExprKind::Temp(read) if Some(read) == temp);
    });
    found
}

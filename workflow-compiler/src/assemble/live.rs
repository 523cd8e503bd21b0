//! Which kept values live when a block is entered: a backward analysis.

use std::collections::BTreeSet;

use crate::typed::{Block, End, Op};

use super::temps_of;

/// Fills in [`Block::live`]
pub(super) fn mark(blocks: &mut [Block]) {
    let handlers = handlers(blocks);
    let mut entry: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); blocks.len()];
    loop {
        let before = entry.clone();
        for at in (0..blocks.len()).rev() {
            entry[at] = on_entry(&blocks[at], &handlers[at], &entry);
        }
        if entry == before {
            break;
        }
    }
    for (block, live) in blocks.iter_mut().zip(entry) {
        block.live = live.into_iter().filter(|temp| Some(*temp) != block.answer).collect();
    }
}

/// The handlers that get what is kept for a block: its own, and that of the wait before it, which
/// keeps what the block needs that takes the answer
fn handlers(blocks: &[Block]) -> Vec<Vec<usize>> {
    let mut handlers: Vec<Vec<usize>> =
        blocks.iter().map(|block| block.caught.into_iter().collect()).collect();
    for block in blocks {
        if let (End::Wait { next, .. }, Some(handler)) = (&block.end, block.caught) {
            handlers[*next].push(handler);
        }
    }
    handlers
}

fn on_entry(block: &Block, handlers: &[usize], entry: &[BTreeSet<usize>]) -> BTreeSet<usize> {
    let mut live: BTreeSet<usize> =
        successors(&block.end).flat_map(|next| entry[next].iter().copied()).collect();
    for value in block.end.operands() {
        temps_of(value, &mut |read| {
            live.insert(read);
        });
    }
    for op in block.ops.iter().rev() {
        match op {
            Op::Let { temp, value } => {
                live.remove(temp);
                temps_of(value, &mut |read| {
                    live.insert(read);
                });
            }
            Op::Write { value, .. } => temps_of(value, &mut |read| {
                live.insert(read);
            }),
        }
    }
    if let Some(answer) = block.answer {
        live.remove(&answer);
    }
    // A block that fails has kept nothing new.
    live.extend(handlers.iter().flat_map(|handler| &entry[*handler]));
    live
}

fn successors(end: &End) -> impl Iterator<Item = usize> {
    let next = match end {
        End::Jump(next) | End::Wait { next, .. } => vec![*next],
        End::Branch { then, otherwise, .. } => vec![*then, *otherwise],
        End::Return(_) => Vec::new(),
    };
    next.into_iter()
}

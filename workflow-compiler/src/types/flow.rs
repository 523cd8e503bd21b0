//! Which values of a state field can reach a block: a forward analysis of the control-flow graph.
//!
//! For each field three things can be true at once: it was never written, it is null, it has a
//! value. What holds at a block is the union over the paths that reach it.

use crate::ir::{BlockId, End, FieldId, Op, Program};

use super::Tables;
use super::narrow::{Path, non_null};

/// What can hold of each field on entry to a block; `None` where no path reaches it
pub type Facts = Option<Vec<Fact>>;

/// What can hold of one field
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fact {
    /// On some path nobody has written it
    pub unassigned: bool,
    /// On some path it is null
    pub null: bool,
    /// On some path it has a value
    pub value: bool,
}

impl Fact {
    fn join(self, other: Self) -> Self {
        Self {
            unassigned: self.unassigned || other.unassigned,
            null: self.null || other.null,
            value: self.value || other.value,
        }
    }
}

/// The facts on entry to each block
pub fn facts(program: &Program, tables: &Tables, id: usize) -> Vec<Facts> {
    let mut entry: Vec<Facts> = vec![None; program.blocks.len()];
    entry[0] = Some(at_start(program, tables, id));
    let mut open = vec![0];
    while let Some(block) = open.pop() {
        let Some(facts) = entry[block].clone() else { continue };
        for (next, facts) in leave(program, tables, id, block, facts) {
            if merge(&mut entry[next], facts) {
                open.push(next);
            }
        }
    }
    entry
}

/// The blocks that can follow a block
pub fn successors(end: &End) -> Vec<BlockId> {
    match end {
        End::Jump(next) | End::Wait { next, .. } => vec![*next],
        End::Branch { then, otherwise, .. } => vec![*then, *otherwise],
        End::Return { .. } | End::Open => Vec::new(),
    }
}

fn at_start(program: &Program, tables: &Tables, id: usize) -> Vec<Fact> {
    let of = |(field, declared): (FieldId, &crate::ir::Field)| match &declared.initial {
        None => Fact { unassigned: true, ..Fact::default() },
        Some(initial) if initial.kind == crate::template::ast::ExprKind::Null => {
            Fact { null: true, ..Fact::default() }
        }
        Some(_) => Fact {
            value: true,
            null: tables.of(id).initial[field].may_be_null(),
            unassigned: false,
        },
    };
    program.fields.iter().enumerate().map(of).collect()
}

/// What holds after a block, for each block that can follow
fn leave(
    program: &Program,
    tables: &Tables,
    id: usize,
    block: BlockId,
    mut facts: Vec<Fact>,
) -> Vec<(BlockId, Vec<Fact>)> {
    let block = &program.blocks[block];
    for op in &block.ops {
        if let Op::Write { field, temp, .. } = op {
            let ty = &tables.of(id).temps[*temp];
            let value = !matches!(ty, super::Ty::Null);
            facts[*field] = Fact { unassigned: false, null: ty.may_be_null(), value };
        }
    }
    if let End::Branch { test, then, otherwise } = &block.end {
        let narrowed = |truth| narrow(program, facts.clone(), &non_null(test, truth));
        return vec![(*then, narrowed(true)), (*otherwise, narrowed(false))];
    }
    successors(&block.end).into_iter().map(|next| (next, facts.clone())).collect()
}

fn narrow(program: &Program, mut facts: Vec<Fact>, paths: &[Path]) -> Vec<Fact> {
    for path in paths {
        if let [root, name] = path.as_slice()
            && root == "state"
            && let Some(field) = program.fields.iter().position(|field| field.name == *name)
        {
            facts[field].null = false;
        }
    }
    facts
}

/// Adds facts to what is known; whether that changed anything
fn merge(known: &mut Facts, also: Vec<Fact>) -> bool {
    let joined = match known {
        None => also,
        Some(known) => known.iter().zip(also).map(|(a, b)| a.join(b)).collect(),
    };
    if known.as_ref() == Some(&joined) {
        return false;
    }
    *known = Some(joined);
    true
}

//! Which values of a state field can reach a block: a forward analysis of the control-flow graph.
//!
//! For each field three things can be true at once: it was never written, it is null, it has a
//! value. What holds at a block is the union over the paths that reach it. Beside the fields, a
//! path of tests rules out null in places: an input, a field of an object.

use std::collections::BTreeSet;

use crate::ir::{Block, BlockId, End, FieldId, Op, Program, StepId, can_fail, successors};
use crate::template::ast::{Expr, ExprKind};

use super::Tables;
use super::narrow::{Path, non_null};

/// What holds on entry to a block; `None` where no path reaches it
pub type Facts = Option<Known>;

/// What holds at a place of a program
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// What can hold of each field
    pub fields: Vec<Fact>,
    /// Places that are certainly not null
    pub non_null: BTreeSet<Path>,
}

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

/// What holds where a step begins, which is what its state is read as
pub fn at_step<'f>(program: &Program, facts: &'f [Facts], step: StepId) -> Option<&'f Known> {
    // What stands in no step, a function's instructions, is one block.
    let entry = program.steps.get(step).map_or(0, |step| step.entry);
    facts[entry].as_ref()
}

fn at_start(program: &Program, tables: &Tables, id: usize) -> Known {
    let of = |(field, declared): (FieldId, &crate::ir::Field)| match &declared.initial {
        None => Fact { unassigned: true, ..Fact::default() },
        Some(initial) if initial.kind == ExprKind::Null => Fact { null: true, ..Fact::default() },
        Some(_) => Fact {
            value: true,
            null: tables.of(id).initial[field].may_be_null(),
            unassigned: false,
        },
    };
    let fields = program.fields.iter().enumerate().map(of).collect();
    Known { fields, non_null: BTreeSet::new() }
}

/// What holds after a block, for each block that can follow
fn leave(
    program: &Program,
    tables: &Tables,
    id: usize,
    block: BlockId,
    mut known: Known,
) -> Vec<(BlockId, Known)> {
    let block = &program.blocks[block];
    let mut after = Vec::new();
    // A block that fails has written nothing.
    let caught = block.caught.filter(|_| can_fail(block));
    after.extend(caught.map(|caught| (caught.handler, known.clone())));
    for op in &block.ops {
        if let Op::Write { field, temp, .. } = op {
            let ty = &tables.of(id).temps[*temp];
            let value = !matches!(ty, super::Ty::Null);
            known.fields[*field] = Fact { unassigned: false, null: ty.may_be_null(), value };
            let name = &program.fields[*field].name;
            let below = |path: &Path| path.len() > 1 && path[0] == "state" && path[1] == *name;
            known.non_null.retain(|path| !below(path));
        }
    }
    if let End::Branch { test, then, otherwise } = &block.end {
        let narrowed = |truth| narrow(program, known.clone(), decided(block, test, truth));
        after.extend([(*then, narrowed(true)), (*otherwise, narrowed(false))]);
        return after;
    }
    after.extend(successors(block).into_iter().map(|next| (next, known.clone())));
    after
}

/// What a test says; a test of a value that the same block has kept says what that value says
fn decided(block: &Block, test: &Expr, truth: bool) -> Vec<Path> {
    let kept = block.ops.iter().rev().find_map(|op| match (op, &test.kind) {
        (Op::Let { temp, value, .. }, ExprKind::Temp(tested)) if *temp == *tested as usize => {
            Some(value)
        }
        _ => None,
    });
    let mut paths = non_null(test, truth);
    paths.extend(kept.into_iter().flat_map(|value| non_null(value, truth)));
    paths
}

fn narrow(program: &Program, mut known: Known, paths: Vec<Path>) -> Known {
    for path in paths {
        if let [root, name] = path.as_slice()
            && root == "state"
            && let Some(field) = program.fields.iter().position(|field| field.name == *name)
        {
            known.fields[field].null = false;
        }
        known.non_null.insert(path);
    }
    known
}

/// Adds what holds on another path; whether that changed anything
fn merge(known: &mut Facts, also: Known) -> bool {
    let joined = match known {
        None => also,
        Some(known) => Known {
            fields: known.fields.iter().zip(also.fields).map(|(a, b)| a.join(b)).collect(),
            non_null: known.non_null.intersection(&also.non_null).cloned().collect(),
        },
    };
    if known.as_ref() == Some(&joined) {
        return false;
    }
    *known = Some(joined);
    true
}

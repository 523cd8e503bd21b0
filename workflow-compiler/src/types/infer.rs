//! Infers the types of a whole project, then writes each program down checked.
//!
//! Types flow between programs (items into children, results back), so all are inferred together:
//! round after round until nothing changes. What is wrong is noted in one last round only, when
//! every type is known.

use std::collections::BTreeSet;

use serde_json::json;

use crate::checks;
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{self, AnswerType, End, Expected, Op, Program, ProgramId};
use crate::source::Span;
use crate::typed::{self, ExprKind};

use super::Ty;
use super::actions::check_action;
use super::checker::{Checker, Notes, Place, World, is_reported, typed as expr};
use super::children::infer_fork;
use super::conflicts::conflicting_writes;
use super::convert::{a, certain};
use super::flow::{Facts, at_step, facts};
use super::tables::Tables;

/// What typing has found out about a project
#[derive(Debug)]
pub struct Typing {
    /// The types
    pub tables: Tables,
    /// For each program: its blocks and initial values, checked; none if nobody asked for them
    pub programs: Vec<Checked>,
}

/// A program's code, checked
#[derive(Debug)]
pub struct Checked {
    /// What holds on entry to each block; `None` where none gets there
    pub facts: Vec<Facts>,
    /// What each field begins with
    pub initial: Vec<typed::Expr>,
    /// The blocks that are reached; the others are `None`
    pub blocks: Vec<Option<(Vec<typed::Op>, typed::End)>>,
    /// What was noted
    pub notes: Notes,
}

/// Infers the types of all programs of a project; the tables that `world` comes with are not
/// looked at
pub fn infer(world: World<'_>) -> Tables {
    let mut tables = settled(world);
    // Now what looks wrong is wrong, and silences what it flows into.
    tables.poisons = true;
    grow(world, &mut tables);
    tables
}

/// The types as they are known before anything that looks wrong silences what it flows into: good
/// for finding out what is wrong, not for code
pub fn infer_unsilenced(world: World<'_>) -> Tables {
    let mut tables = settled(world);
    tables.poisons = true;
    tables
}

fn settled(world: World<'_>) -> Tables {
    let mut tables = Tables::new(world.programs);
    grow(world, &mut tables);
    tables.settle();
    tables
}

/// Infers until nothing changes any more; that comes, because types only grow, and only so far
fn grow(world: World<'_>, tables: &mut Tables) {
    let mut open: BTreeSet<ProgramId> = (0..world.programs.len()).collect();
    let mut before = tables.clone();
    while let Some(id) = open.pop_first() {
        round(World { tables: &before, ..world }, tables, id);
        if tables.of(id).result != before.of(id).result {
            open.extend(&world.parents[id]);
        }
        // A round writes to its program, and gives items to the children.
        let children = checks::forks(&world.programs[id]).filter_map(|fork| fork.program);
        for written in children.chain([id]) {
            if tables.of(written) != before.of(written) {
                before.follow(tables, written);
                open.insert(written);
            }
        }
    }
}

/// One round of inference over one program
fn round(world: World<'_>, tables: &mut Tables, id: ProgramId) {
    let known = world.tables;
    let program = &world.programs[id];
    let mut notes = Notes::default();
    for (at, field) in program.fields.iter().enumerate() {
        if let Some(initial) = &field.initial {
            let value = Checker::new(world, id, None, &mut notes).check(initial);
            tables.initial(id, at, value.ty);
        }
    }
    let facts = facts(program, known, id);
    for (at, block) in program.blocks.iter().enumerate() {
        let Some(place) = place(program, &facts, at) else { continue };
        let mut checker = Checker::new(world, id, Some(place), &mut notes);
        for op in &block.ops {
            match op {
                Op::Let { temp, value, expect } => {
                    let value = checker.check(value);
                    let ty = expect.as_ref().map_or(&value.ty, |expect| &expect.ty);
                    tables.temp(id, *temp, ty);
                }
                Op::Catch { temp, .. } => tables.temp(id, *temp, &Ty::error()),
                Op::Write { field, temp, .. } => {
                    tables.field(id, *field, &known.of(id).temps[*temp]);
                }
            }
        }
        infer_end(&mut checker, tables, &block.end);
    }
}

fn infer_end(checker: &mut Checker<'_>, tables: &mut Tables, end: &End) {
    let id = checker.id;
    match end {
        End::Return { value, .. } => {
            let ty = value.as_ref().map_or(Ty::Null, |value| checker.check(value).ty);
            tables.result(id, &ty);
        }
        End::Wait { action, answer, next, .. } => {
            let ir::Block { answer: temp, .. } = &checker.program().blocks[*next];
            let ty = match (answer, action) {
                (AnswerType::Known(ty, _), _) => ty.clone(),
                (AnswerType::Children, ir::Action::Fork(fork)) => infer_fork(checker, tables, fork),
                _ => Ty::Any,
            };
            if let Some(temp) = temp {
                tables.temp(id, *temp, &ty);
            }
        }
        End::Jump(_) | End::Branch { .. } | End::Open => {}
    }
}

/// The place that a block is; `None` where no path reaches it
fn place<'f>(program: &Program, facts: &'f [Facts], block: usize) -> Option<Place<'f>> {
    let (step, here) = (program.blocks[block].step, facts[block].as_ref()?);
    Some(Place { step, before: at_step(program, facts, step)?, here })
}

/// The last round over a program, its types inferred: mistakes are noted, and conversions written
/// down
pub fn check_program(world: World<'_>, id: ProgramId) -> Checked {
    let program = &world.programs[id];
    let mut notes = Notes::default();
    let initial = program
        .fields
        .iter()
        .enumerate()
        .map(|(at, field)| initial(world, id, at, field, &mut notes));
    let initial = initial.collect();
    let facts = facts(program, world.tables, id);
    let mut blocks = Vec::new();
    for at in 0..program.blocks.len() {
        let place = place(program, &facts, at);
        blocks.push(place.map(|place| check_block(world, id, at, place, &mut notes)));
    }
    checks::report_unlisted(world, id, &mut notes);
    checks::report_unassigned(world, id, &mut notes);
    conflicting_writes(world, id, &facts, &mut notes.diagnostics);
    Checked { facts, initial, blocks, notes }
}

fn initial(
    world: World<'_>,
    id: ProgramId,
    at: usize,
    field: &ir::Field,
    notes: &mut Notes,
) -> typed::Expr {
    let stored = &world.tables.of(id).fields[at];
    let Some(initial) = &field.initial else {
        return expr(ExprKind::Null, stored_unwritten(stored), field.span);
    };
    let mut checker = Checker::new(world, id, None, notes);
    let value = checker.check(initial);
    certain(value, stored)
}

/// How a field is stored that has no value at first
pub fn stored_unwritten(ty: &Ty) -> Ty {
    ty.clone().optional()
}

fn check_block(
    world: World<'_>,
    id: ProgramId,
    at: usize,
    place: Place<'_>,
    notes: &mut Notes,
) -> (Vec<typed::Op>, typed::End) {
    let block = &world.programs[id].blocks[at];
    let table = world.tables.of(id);
    let mut checker = Checker::new(world, id, Some(place), notes);
    let mut ops = Vec::new();
    let mut nulls = BTreeSet::new();
    for op in &block.ops {
        match op {
            Op::Let { temp, value, expect } => {
                let value = checker.check(value);
                let value = match expect {
                    Some(expected) => checker.convert(value, expected),
                    None => value,
                };
                // A null that is only written need not be kept.
                let is_null =
                    matches!(value.kind, ExprKind::Null) && table.temps[*temp] == Ty::Null;
                if is_null && writes(block, *temp) {
                    nulls.insert(*temp);
                    continue;
                }
                ops.push(typed::Op::Let {
                    temp: *temp,
                    value: certain(value, &table.temps[*temp]),
                });
            }
            Op::Catch { temp, span } => {
                let value =
                    certain(expr(ExprKind::Caught, Ty::error(), *span), &table.temps[*temp]);
                ops.push(typed::Op::Let { temp: *temp, value });
            }
            Op::Write { field, temp, span } => {
                let from = &table.temps[*temp];
                let kind =
                    if nulls.contains(temp) { ExprKind::Null } else { ExprKind::Temp(*temp) };
                let to = &stored(world.programs, world.tables, id, *field);
                let value = certain(expr(kind, from.clone(), *span), to);
                ops.push(typed::Op::Write { field: *field, value });
            }
        }
    }
    let end = check_end(&mut checker, &block.end);
    (ops, end)
}

fn writes(block: &ir::Block, kept: ir::TempId) -> bool {
    block.ops.iter().any(|op| matches!(op, Op::Write { temp, .. } if *temp == kept))
}

/// How a field is stored: `T?` where it has no value at first
pub fn stored(programs: &[Program], tables: &Tables, id: ProgramId, field: usize) -> Ty {
    let ty = &tables.of(id).fields[field];
    match programs[id].fields[field].initial {
        Some(_) => ty.clone(),
        None => stored_unwritten(ty),
    }
}

fn check_end(checker: &mut Checker<'_>, end: &End) -> typed::End {
    match end {
        End::Jump(next) => typed::End::Jump(*next),
        End::Branch { test, then, otherwise } => {
            let test = checker.check_test(test);
            if is_reported(&test)
                && let Some(place) = checker.place
            {
                checker.doubt_step(place.step);
            }
            typed::End::Branch { test, then: *then, otherwise: *otherwise }
        }
        End::Return { value, span } => {
            let value = value.as_ref().map(|value| checker.check(value));
            typed::End::Return(check_result(checker, value, *span))
        }
        End::Wait { action, answer, patience, next } => {
            let schema = match answer {
                AnswerType::Known(_, schema) => schema.clone(),
                AnswerType::Any => json!({}),
                AnswerType::Children => json!({ "type": "array" }),
            };
            let action = check_action(checker, action);
            typed::End::Wait {
                action,
                result_schema: schema,
                patience: patience.clone(),
                next: *next,
            }
        }
        End::Open => {
            typed::End::Return(expr(ExprKind::Null, Ty::Null, checker.program().name.span))
        }
    }
}

fn check_result(checker: &mut Checker<'_>, value: Option<typed::Expr>, span: Span) -> typed::Expr {
    let program = checker.program();
    let just_ends = value.is_none() && span == program.name.span;
    let value = value.unwrap_or_else(|| expr(ExprKind::Null, Ty::Null, span));
    let Some(output) = &program.output else {
        let result = &checker.table().result;
        return certain(value, result);
    };
    if just_ends && program.unread.state {
        // A step that could not be read may be the one that returns.
        return expr(ExprKind::Null, Ty::Poison, span);
    }
    if just_ends && !output.ty.accepts(&Ty::Null) {
        let message = "the steps can end without a `return`, and `output` is declared";
        checker.mistake(
            Diagnostic::new(Code::ReturnTypeMismatch, output.span, message)
                .label(format!("{}, and not null", a(&output.ty)))
                .help("let every path end with a `return` step"),
        );
        return value;
    }
    let by =
        format!("the `output` of the {}", if program.inline_task { "task" } else { "workflow" });
    let expected = Expected { ty: output.ty.clone(), by, span: Some(output.span) };
    checker.convert_as(value, &expected, Code::ReturnTypeMismatch)
}

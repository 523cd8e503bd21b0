//! Writers of one field that have no type in common.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Op, ProgramId};
use crate::source::Span;

use super::checker::World;
use super::convert::a;
use super::flow::Facts;
use super::{Tables, Ty};

/// Reports each write whose value has no type in common with what was written before it
pub fn conflicting_writes(
    world: World<'_>,
    id: ProgramId,
    facts: &[Facts],
    diagnostics: &mut Diagnostics,
) {
    let program = &world.programs[id];
    let table = world.tables.of(id);
    for (field, declared) in program.fields.iter().enumerate() {
        if table.fields[field] != Ty::Any {
            continue;
        }
        let mut known: Vec<(&Ty, Span, &str)> = Vec::new();
        if declared.initial.is_some() {
            known.push((&table.initial[field], declared.span, "begins"));
        }
        for (ty, span) in writes(program, world.tables, id, facts, field) {
            match known.iter().find(|(before, ..)| before.join(ty).is_none()) {
                Some((before, first, how)) => diagnostics.push(
                    Diagnostic::new(
                        Code::ConflictingWrites,
                        span,
                        format!(
                            "`{}` is written as {}, and {how} as {}",
                            declared.name,
                            a(ty),
                            a(before)
                        ),
                    )
                    .label(format!("written as `{ty}`"))
                    .also(*first, format!("{how} as `{before}`"))
                    .help("write it to a field of another name"),
                ),
                None => known.push((ty, span, "elsewhere")),
            }
        }
    }
}

/// The types that are written to a field, in the order of the places
fn writes<'t>(
    program: &crate::ir::Program,
    tables: &'t Tables,
    id: ProgramId,
    facts: &[Facts],
    field: usize,
) -> Vec<(&'t Ty, Span)> {
    let reached = program.blocks.iter().zip(facts).filter(|(_, facts)| facts.is_some());
    let ops = reached.flat_map(|(block, _)| &block.ops);
    let mut writes: Vec<(&Ty, Span)> = ops
        .filter_map(|op| match op {
            Op::Write { field: written, temp, span } if *written == field => {
                Some((&tables.of(id).temps[*temp], *span))
            }
            _ => None,
        })
        .collect();
    writes.sort_by_key(|(_, span)| *span);
    writes
}

//! Steps that no path reaches.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{End, ProgramId};
use crate::types::{Checked, World};

/// A step behind a `return` that always ends the run; a row of such steps is told once
pub fn unreachable_steps(
    world: World<'_>,
    checked: &Checked,
    id: ProgramId,
    diagnostics: &mut Diagnostics,
) {
    let program = &world.programs[id];
    if program.unread.jumps {
        return;
    }
    let facts = &checked.facts;
    let reached = |step: usize| {
        program.blocks.iter().zip(facts).any(|(block, facts)| block.step == step && facts.is_some())
    };
    let mut told = false;
    for (at, step) in program.steps.iter().enumerate() {
        if reached(at) {
            told = false;
            continue;
        }
        if std::mem::replace(&mut told, true) {
            continue;
        }
        let mut mistake = Diagnostic::new(
            Code::UnreachableStep,
            step.id.span,
            format!("step `{}` is never reached", step.id.value),
        )
        .label("every path ends before");
        let ends = program.blocks.iter().zip(facts).rfind(|(block, facts)| {
            facts.is_some() && matches!(block.end, End::Return { .. }) && block.step < at
        });
        if let Some((block, _)) = ends {
            mistake = mistake.also(program.steps[block.step].id.span, "the run ends here");
        }
        diagnostics.push(mistake);
    }
}

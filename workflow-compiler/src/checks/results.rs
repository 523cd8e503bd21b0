//! Results that nobody takes.

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Action, Children, End, Op, ProgramId};
use crate::types::{Checked, Ty, World};
use crate::yaml::NodeId;

/// A `foreach` whose children return something, and whose list of that goes nowhere
pub fn dropped(world: World<'_>, _: &Checked, id: ProgramId, diagnostics: &mut Diagnostics) {
    let program = &world.programs[id];
    for block in &program.blocks {
        let End::Wait { action: Action::Fork(fork), next, .. } = &block.end else { continue };
        let behind = &program.blocks[*next];
        let taken = behind
            .ops
            .iter()
            .any(|op| matches!(op, Op::Write { temp, .. } if Some(*temp) == behind.answer));
        if !matches!(fork.start, Children::Items(..)) {
            continue;
        }
        let result = fork.program.map(|child| &world.tables.of(child).result);
        let nothing = result.is_none_or(|ty| matches!(ty, Ty::Null | Ty::Poison | Ty::Never));
        let step = &program.steps[block.step];
        if taken || nothing || has_output_to(world, id, step.node) {
            continue;
        }
        let message = format!("nobody takes what the children of `{}` return", step.id.value);
        diagnostics.push(
            Diagnostic::new(Code::MissingOutput, step.id.span, message)
                .label("`output_to` is missing here")
                .also(fork.task.span, "runs once for each item")
                .help("`output_to: NAME` keeps the list of what they return, in item order"),
        );
    }
}

/// Whether a step has an `output_to`, even one that could not be read, which is reported as that
fn has_output_to(world: World<'_>, id: ProgramId, step: NodeId) -> bool {
    let Some(doc) = world.documents.get(&world.programs[id].file) else { return true };
    doc.get(step, "output_to").is_some_and(|value| !doc.json(value).is_null())
}

//! `needs_state`: fields that nobody writes, and fields that are not read.

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{FieldId, ProgramId, Step, StepId, expressions, is_broken, names_state};
use crate::source::{FileId, Span};
use crate::types::{Checked, Notes, World, meant_field, unknown_state};

use super::mends::{list_fields, unlist_field};

/// A listed field that no step writes
pub fn unknown(world: World<'_>, _: &Checked, id: ProgramId, diagnostics: &mut Diagnostics) {
    let program = &world.programs[id];
    if program.unread.state {
        return;
    }
    for need in program.steps.iter().flat_map(|step| &step.needs) {
        if program.fields.iter().all(|field| field.name != need.value) {
            diagnostics.push(unknown_state(need, meant_field(program, &need.value)));
        }
    }
}

/// A listed field that the step does not read
pub fn unused(world: World<'_>, checked: &Checked, id: ProgramId, diagnostics: &mut Diagnostics) {
    let program = &world.programs[id];
    // What is wrong elsewhere may be the reason why a read was not seen.
    if checked.notes.diagnostics.errors() > 0 {
        return;
    }
    for (at, step) in program.steps.iter().enumerate() {
        if program.blocks.iter().any(|block| block.step == at && is_broken(block)) {
            continue;
        }
        for need in &step.needs {
            let Some(field) = program.fields.iter().position(|field| field.name == need.value)
            else {
                continue;
            };
            // What stands beside a value that was reported is not typed, and is read all the same.
            let named = || {
                let blocks = program.blocks.iter().filter(|block| block.step == at);
                blocks.flat_map(expressions).any(|expr| names_state(expr, &need.value))
            };
            if checked.notes.reads.contains_key(&(at, field))
                || named()
                || is_swallowed(world, program.file, &need.value)
            {
                continue;
            }
            let message =
                format!("step `{}` lists `{}` and does not read it", step.id.value, need.value);
            let mistake =
                Diagnostic::new(Code::UnusedNeedsState, need.span, message).label("not read");
            let edit = unlist_field(world, id, at, &need.value);
            let title = format!("take `{}` off the list", need.value);
            diagnostics.push(
                edit.into_iter()
                    .fold(mistake, |mistake, edit| mistake.fix(title.clone(), vec![edit])),
            );
        }
    }
}

/// Whether a comment that looks meant as text, which was reported, reads the field
fn is_swallowed(world: World<'_>, file: FileId, field: &str) -> bool {
    let read = format!("state.{field}");
    world.documents.get(&file).is_some_and(|doc| {
        doc.all_swallowed().any(|swallowed| world.sources.text(swallowed.comment).contains(&read))
    })
}

/// Reports the fields that steps read and do not list, with the edits that list them
pub fn report_unlisted(world: World<'_>, id: ProgramId, notes: &mut Notes) {
    let mut of_steps: BTreeMap<StepId, Vec<(Span, FieldId)>> = BTreeMap::new();
    for &(step, field) in &notes.unlisted {
        of_steps.entry(step).or_default().push((notes.reads[&(step, field)], field));
    }
    let program = &world.programs[id];
    for (step, mut unlisted) in of_steps {
        unlisted.sort();
        let name = |&(_, field): &(Span, FieldId)| program.fields[field].name.as_str();
        let names: Vec<&str> = unlisted.iter().map(name).collect();
        let edits = list_fields(world, id, step, &names);
        let step = &program.steps[step];
        for ((name, (read, _)), edit) in names.iter().zip(unlisted).zip(edits) {
            let listed =
                if step.needs_node.is_some() { (*name).to_owned() } else { names.join("`, `") };
            let title = format!("list `{listed}` in `needs_state`");
            notes.diagnostics.push(
                edit.into_iter().fold(unlisted_read(step, name, read), |mistake, edit| {
                    mistake.fix(title.clone(), vec![edit])
                }),
            );
        }
    }
}

fn unlisted_read(reader: &Step, field: &str, read: Span) -> Diagnostic {
    let message =
        format!("step `{}` reads `{field}` without listing it in `needs_state`", reader.id.value);
    let mistake = Diagnostic::new(Code::UndeclaredState, read, message).label("read here");
    match reader.needs.last() {
        Some(last) => mistake.also(last.span, "not among the fields listed here"),
        None => mistake.also(reader.id.span, "this step lists no field"),
    }
}

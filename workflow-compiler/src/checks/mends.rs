//! Edits that mend a mistake for certain.

use crate::diagnostic::Edit;
use crate::ir::{ProgramId, StepId};
use crate::types::{Ty, World};
use crate::yaml;

/// Lists fields in a step's `needs_state`: one edit for each, or, where the step has no list yet,
/// the same for all
pub fn list_fields(
    world: World<'_>,
    id: ProgramId,
    step: StepId,
    fields: &[&str],
) -> Vec<Option<Edit>> {
    let program = &world.programs[id];
    let Some(doc) = world.documents.get(&program.file) else { return vec![None; fields.len()] };
    let source = world.sources.file(program.file);
    let step = &program.steps[step];
    if let Some(list) = step.needs_node {
        let append = |field: &&str| yaml::edit::append_item(doc, source, list, field);
        return fields.iter().map(append).collect();
    }
    let list = format!("[{}]", fields.join(", "));
    if let Some(key) = doc.pair(step.node, "needs_state").filter(|key| !key.merged) {
        // The key is there, with nothing or null behind it; in braces perhaps even without a colon.
        let span = doc.span(key.value);
        let (key, is_empty) = (doc.span(key.key).range().end, span.start == span.end);
        let has_colon = source.text.get(key..span.range().start).is_some_and(|it| it.contains(':'));
        let before = if !has_colon {
            ": "
        } else if is_empty {
            " "
        } else {
            ""
        };
        return vec![Some(Edit { span, text: format!("{before}{list}") }); fields.len()];
    }
    let key = doc.pair(step.node, "type").or_else(|| doc.pair(step.node, "id"));
    let line = format!("needs_state: {list}");
    let edit =
        key.and_then(|key| yaml::edit::insert_key(doc, source, step.node, Some(key.key), &line));
    vec![edit; fields.len()]
}

/// Takes a field off a step's `needs_state`
pub fn unlist_field(world: World<'_>, id: ProgramId, step: StepId, field: &str) -> Option<Edit> {
    let program = &world.programs[id];
    let (doc, source) = (world.documents.get(&program.file)?, world.sources.file(program.file));
    let step = &program.steps[step];
    let (list, needs) = (step.needs_node?, &step.needs);
    let at = needs.iter().position(|need| need.value == field)?;
    let step = step.node;
    yaml::edit::remove_item(doc, source, list, at).or_else(|| {
        // Nothing would be left of a list in lines but its key.
        let key = doc.pair(step, "needs_state").filter(|_| needs.len() == 1)?.key;
        yaml::edit::remove_key(doc, source, step, key)
    })
}

/// Declares the input `item`, of the type that the items of its parents have
pub fn declare_item(world: World<'_>, id: ProgramId) -> Option<Edit> {
    let program = &world.programs[id];
    let (doc, source) = (world.documents.get(&program.file)?, world.sources.file(program.file));
    let word = match &world.tables.of(id).item {
        Ty::String | Ty::Enum(_) => "string",
        Ty::Number | Ty::Float => "number",
        Ty::Int => "integer",
        Ty::Bool => "boolean",
        Ty::List(_) => "array",
        Ty::Object(_) | Ty::Open => "object",
        _ => "any",
    };
    let line = format!("item: {{ type: {word}, required: true }}");
    if let Some(inputs) = doc.get(program.node, "inputs") {
        return yaml::edit::insert_key(doc, source, inputs, None, &line);
    }
    let before = ["description", "version", "name"];
    let key = before.iter().find_map(|key| doc.pair(program.node, key))?.key;
    yaml::edit::insert_key(doc, source, program.node, Some(key), &format!("\ninputs:\n  {line}"))
}

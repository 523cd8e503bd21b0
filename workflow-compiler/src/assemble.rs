//! Puts a checked program together for code generation: blocks that are reached, named, with the
//! values that live across them.

mod blocks;
mod fingerprint;
mod live;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::graph::{Graph, mermaid, svg};
use crate::ir::{self, ProgramId};
use crate::source::Sources;
use crate::syntax::schema::inputs_schema;
use crate::tools::Tools;
use crate::typed::{Action, End, Expr, ExprKind, Field, Input, Need, Program, Step, Temp};
use crate::types::{Checked, Ty, Typing, at_step, stored};

/// The checked form of a program without errors
pub fn assemble(
    programs: &[ir::Program],
    typing: &Typing,
    id: ProgramId,
    sources: &Sources,
    tools: &Tools,
) -> Program {
    let program = &programs[id];
    let checked = &typing.programs[id];
    let table = typing.tables.of(id);
    let line = |span| sources.position(span).line;
    let fields =
        program.fields.iter().zip(&checked.initial).enumerate().map(|(at, (field, initial))| {
            let ty = stored(programs, &typing.tables, id, at);
            let initial = Expr { ty: ty.clone(), ..initial.clone() };
            Field { name: field.name.clone(), ty, initial, line: line(field.span) }
        });
    let mut assembled = Program {
        name: program.name.value.clone(),
        module: program.stem.replace(['-', '/', '.'], "_"),
        version: program.version.clone(),
        description: program.description.clone(),
        tags: program.tags.clone(),
        file: sources.path(program.file).display().to_string(),
        inline_task: program.inline_task,
        fingerprint: String::new(),
        inputs: program.inputs.iter().map(input).collect(),
        input_schema: schema(program),
        item: program.inline_task.then(|| table.item.clone()),
        state: fields.collect(),
        state_line: line(program.state_span),
        steps: steps(program, checked, typing, id, &line),
        top_level_steps: program.top_level_steps,
        blocks: blocks::reached(program, checked),
        temps: temps(program, &table.temps),
        result: program
            .output
            .as_ref()
            .map_or_else(|| table.result.clone(), |output| output.ty.clone()),
        source: String::new(),
        diagram: String::new(),
        picture: String::new(),
        locked: BTreeMap::new(),
    };
    live::mark(&mut assembled.blocks);
    assembled.fingerprint = fingerprint::fingerprint(&assembled);
    if !program.inline_task {
        assembled.source.clone_from(&sources.file(program.file).text);
        let graph = Graph::of(programs, id, sources);
        assembled.diagram = mermaid::render(&graph);
        assembled.picture = svg::part_of_page(&graph);
    }
    assembled.locked = locked(&assembled, tools);
    assembled
}

/// The locked tools that a program calls
fn locked(program: &Program, tools: &Tools) -> BTreeMap<String, Value> {
    let called = program.blocks.iter().filter_map(|block| match &block.end {
        End::Wait { action: Action::McpCall { tool, .. }, .. } => Some(tool),
        _ => None,
    });
    called.filter_map(|tool| Some((tool.clone(), tools.locked(tool)?.clone()))).collect()
}

fn input(input: &ir::Input) -> Input {
    Input {
        name: input.name.value.clone(),
        ty: input.schema.input_ty(),
        description: input.schema.description.clone(),
    }
}

fn schema(program: &ir::Program) -> Value {
    let inputs: Vec<_> =
        program.inputs.iter().map(|input| (input.name.clone(), input.schema.clone())).collect();
    inputs_schema(&inputs)
}

fn temps(program: &ir::Program, types: &[Ty]) -> Vec<Temp> {
    let named = program.temps.iter().zip(types);
    let named = named.map(|(temp, ty)| {
        let (hint, ty) = (temp.hint.clone(), ty.clone());
        Temp { hint, ty, origin: temp.origin, step: temp.step }
    });
    named.collect()
}

fn steps(
    program: &ir::Program,
    checked: &Checked,
    typing: &Typing,
    id: ProgramId,
    line: &dyn Fn(crate::source::Span) -> usize,
) -> Vec<Step> {
    let step = |(at, step): (usize, &ir::Step)| Step {
        id: step.id.value.clone(),
        kind: step.kind.to_owned(),
        line: line(step.id.span),
        top: step.top,
        needs: needs(program, checked, typing, id, at),
    };
    program.steps.iter().enumerate().map(step).collect()
}

/// The fields that a step reads, with the type that a read has
fn needs(
    program: &ir::Program,
    checked: &Checked,
    typing: &Typing,
    id: ProgramId,
    step: usize,
) -> Vec<Need> {
    let Some(known) = at_step(program, &checked.facts, step) else { return Vec::new() };
    let need =
        |field: usize| Need { field, ty: typing.tables.of(id).read(field, known.fields[field]) };
    let mut fields: Vec<usize> = checked
        .notes
        .reads
        .keys()
        .filter(|(reader, _)| *reader == step)
        .map(|(_, field)| *field)
        .collect();
    // In the order in which the step lists them.
    let listed = |field: &usize| {
        program.steps[step].needs.iter().position(|need| need.value == program.fields[*field].name)
    };
    fields.sort_by_key(listed);
    fields.into_iter().map(need).collect()
}

/// What an answer of unknown type must have, so that the reads behind it find it
fn demanded(keys: Option<&std::collections::BTreeMap<String, bool>>) -> Value {
    let required: Vec<&String> =
        keys.into_iter().flatten().filter(|(_, required)| **required).map(|(key, _)| key).collect();
    if required.is_empty() { json!({}) } else { json!({ "type": "object", "required": required }) }
}

/// The kept values that an expression reads
fn temps_of(expr: &Expr, found: &mut dyn FnMut(usize)) {
    expr.visit(&mut |expr| {
        if let ExprKind::Temp(temp) = expr.kind {
            found(temp);
        }
    });
}

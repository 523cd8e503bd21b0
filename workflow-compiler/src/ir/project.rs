//! Lowers every workflow and inline task of a project.

use crate::diagnostic::Diagnostics;
use crate::names::Names;
use crate::source::Spanned;
use crate::steps;
use crate::syntax::workflow::{Task, Workflow};
use crate::yaml::Document;

use super::{Field, Input, Lowering, Program};

/// Says which program each name means: the order is that of [`lower_workflows`]
pub fn name_programs(workflows: &[Workflow], broken: &[String], names: &mut Names) {
    let mut id = 0;
    for name in broken {
        names.programs.insert(name.clone(), None);
    }
    // A name means its highest version, and a stem goes before a name.
    let mut by_name: Vec<(&Workflow, usize)> = Vec::new();
    let mut stems = Vec::new();
    for workflow in workflows {
        by_name.push((workflow, id));
        stems.push((workflow.stem.clone(), id));
        for (at, (task, _)) in workflow.tasks.iter().enumerate() {
            stems.push((format!("{}/{}", workflow.stem, task.value), id + 1 + at));
        }
        id += 1 + workflow.tasks.len();
    }
    by_name.sort_by(|(a, _), (b, _)| a.version.value.cmp(&b.version.value));
    let by_name = by_name.into_iter().map(|(workflow, id)| (workflow.name.value.clone(), id));
    names.programs.extend(by_name.chain(stems).map(|(name, id)| (name, Some(id))));
}

/// Lowers all workflows; each is followed by its inline tasks
pub fn lower_workflows(
    workflows: &[Workflow],
    names: &Names,
    diagnostics: &mut Diagnostics,
) -> Vec<Program> {
    let mut programs = Vec::new();
    for workflow in workflows {
        let main = empty(workflow, workflow.name.clone(), workflow.stem.clone(), &workflow.body);
        programs.push(lower(&workflow.doc, &workflow.body, main, names, diagnostics));
        for (task, body) in &workflow.tasks {
            let name = format!("{}/{}", workflow.name.value, task.value);
            let stem = format!("{}/{}", workflow.stem, task.value);
            let inline = Program {
                inline_task: true,
                ..empty(workflow, Spanned::new(name, task.span), stem, body)
            };
            programs.push(lower(&workflow.doc, body, inline, names, diagnostics));
        }
    }
    programs
}

fn lower(
    doc: &Document,
    body: &Task,
    program: Program,
    names: &Names,
    diagnostics: &mut Diagnostics,
) -> Program {
    let mut lowering = Lowering::new(doc, names, diagnostics, program);
    for entry in &body.initial_state {
        let span = entry.name.span;
        let mut initial = entry.value.clone().unwrap_or_else(|| lowering.broken(entry.span));
        lowering.refuse_calls(&mut initial, "in `initial_state`");
        let name = entry.name.value.clone();
        lowering.program.fields.push(Field { name, span, initial: Some(initial) });
    }
    if let Some(list) = body.steps {
        steps::lower_list(&mut lowering, list);
    }
    steps::check_ids(&mut lowering);
    lowering.finish()
}

/// A program without steps
fn empty(workflow: &Workflow, name: Spanned<String>, stem: String, body: &Task) -> Program {
    let inputs = body.inputs.iter().cloned().map(|(name, schema)| Input { name, schema });
    Program {
        name,
        stem,
        version: workflow.version.value.to_string(),
        description: body.description.clone(),
        file: workflow.file,
        node: workflow.doc.root,
        inline_task: false,
        inputs: inputs.collect(),
        fields: Vec::new(),
        state_span: body.state_span,
        output: body.output.clone(),
        steps: Vec::new(),
        top_level_steps: 0,
        blocks: Vec::new(),
        temps: Vec::new(),
    }
}

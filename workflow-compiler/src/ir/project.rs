//! Lowers every workflow and inline task of a project.

use std::collections::BTreeMap;

use semver::Version;

use crate::diagnostic::Diagnostics;
use crate::names::Names;
use crate::source::Spanned;
use crate::steps;
use crate::syntax::functions::AgentFunction;
use crate::syntax::schema::Schema;
use crate::syntax::workflow::{Task, Workflow};
use crate::template::ast::{Expr, ExprKind};
use crate::yaml::{Document, NodeId};

use super::hoist::replace_names;
use super::{
    Block, End, Expected, Field, Input, Lowering, Op, Origin, Program, ProgramId, Temp, TempId,
    Unread,
};

/// Says which program each name means: the order is that of [`lower_workflows`]
pub fn name_programs(workflows: &[Workflow], broken: &[String], names: &mut Names) {
    let mut id = 0;
    for name in broken {
        names.programs.insert(name.clone(), None);
    }
    let mut numbered: Vec<(&Workflow, ProgramId)> = Vec::new();
    for workflow in workflows {
        numbered.push((workflow, id));
        for (at, (task, _)) in workflow.tasks.iter().enumerate() {
            let name = format!("{}/{}", workflow.stem, task.value);
            names.programs.insert(name, Some(id + 1 + at));
        }
        id += 1 + workflow.tasks.len();
    }
    let highest = highest(&numbered, broken);
    let by_name = highest.iter().map(|(name, id)| ((*name).to_owned(), *id));
    names.programs.extend(by_name);
    // A stem goes before a name, and means what its workflow's name does.
    for (workflow, _) in numbered {
        let id = highest.get(workflow.name.value.as_str()).copied().flatten();
        names.programs.insert(workflow.stem.clone(), id);
    }
}

/// What each workflow's name means: the highest version, as it does to a new run; `None` where a
/// version of several cannot be read, and may be the highest
fn highest<'w>(
    numbered: &[(&'w Workflow, ProgramId)],
    broken: &[String],
) -> BTreeMap<&'w str, Option<ProgramId>> {
    let mut named: BTreeMap<&str, Vec<(Option<&Version>, ProgramId)>> = BTreeMap::new();
    for (workflow, id) in numbered {
        named.entry(&workflow.name.value).or_default().push((workflow.version.as_ref(), *id));
    }
    let highest = |name: &str, versions: &[(Option<&Version>, ProgramId)]| {
        let unread = versions.iter().any(|(version, _)| version.is_none());
        if broken.iter().any(|broken| broken == name) || unread && versions.len() > 1 {
            return None;
        }
        versions.iter().max_by_key(|(version, _)| *version).map(|(_, id)| *id)
    };
    named.into_iter().map(|(name, versions)| (name, highest(name, &versions))).collect()
}

/// Lowers all workflows; each is followed by its inline tasks
pub fn lower_workflows(
    workflows: &[Workflow],
    names: &Names,
    diagnostics: &mut Diagnostics,
) -> Vec<Program> {
    let mut programs = Vec::new();
    for workflow in workflows {
        let (doc, root) = (&workflow.doc, workflow.doc.root);
        let main = Program {
            node: root,
            tags: workflow.tags.clone(),
            ..empty(workflow, workflow.name.clone(), workflow.stem.clone(), &workflow.body)
        };
        programs.push(lower(&workflow.doc, &workflow.body, main, names, diagnostics));
        for (task, body) in &workflow.tasks {
            let name = format!("{}/{}", workflow.name.value, task.value);
            let stem = format!("{}/{}", workflow.stem, task.value);
            let tasks = doc.get(root, "tasks");
            let node = tasks.and_then(|tasks| doc.get(tasks, &task.value)).unwrap_or(root);
            let inline = Program {
                inline_task: true,
                node,
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
    match body.steps {
        Some(list) => steps::lower_list(&mut lowering, list),
        // Steps that could not be read may return anything.
        None => {
            let (span, unknown) = (body.state_span, lowering.broken(body.state_span));
            lowering.give_back(Some(unknown), span);
        }
    }
    steps::check_ids(&mut lowering);
    lowering.finish()
}

/// The instructions of each function as a program that returns them, so that what is wrong with
/// them is found even if nobody calls it
pub fn lower_functions(names: &Names) -> Vec<Program> {
    names.agent_functions.values().map(lower_function).collect()
}

fn lower_function(function: &AgentFunction) -> Program {
    let span = function.name.span;
    let mut instructions = function.words();
    let params: Vec<(&str, TempId)> = function
        .params
        .iter()
        .enumerate()
        .map(|(at, (name, _))| (name.value.as_str(), at))
        .collect();
    replace_names(&mut instructions, &params);
    let param = |(temp, (name, schema)): (TempId, &(Spanned<String>, Schema))| Op::Let {
        temp,
        value: Expr { kind: ExprKind::Broken, span: name.span },
        expect: Some(Expected { ty: schema.input_ty(), by: String::new(), span: None }),
    };
    let block = Block {
        step: 0,
        answer: None,
        ops: function.params.iter().enumerate().map(param).collect(),
        end: End::Return { value: Some(instructions), span },
        caught: None,
    };
    Program {
        name: function.name.clone(),
        stem: String::new(),
        version: String::new(),
        description: String::new(),
        tags: Vec::new(),
        file: span.file,
        node: NodeId(0),
        inline_task: false,
        inputs: Vec::new(),
        fields: Vec::new(),
        state_span: span,
        unread: Unread::default(),
        output: None,
        steps: Vec::new(),
        top_level_steps: 0,
        blocks: vec![block],
        temps: params
            .iter()
            .map(|(hint, _)| Temp { hint: (*hint).to_owned(), origin: Origin::Step, step: 0 })
            .collect(),
        decisions: Vec::new(),
        errors: BTreeMap::new(),
    }
}

/// A program without steps
fn empty(workflow: &Workflow, name: Spanned<String>, stem: String, body: &Task) -> Program {
    let inputs = body.inputs.iter().cloned().map(|(name, schema)| Input { name, schema });
    Program {
        name,
        stem,
        version: workflow.version.clone().unwrap_or(Version::new(0, 0, 0)).to_string(),
        description: body.description.clone(),
        tags: Vec::new(),
        file: workflow.file,
        node: workflow.doc.root,
        inline_task: false,
        inputs: inputs.collect(),
        fields: Vec::new(),
        state_span: body.state_span,
        unread: Unread {
            inputs: body.inputs_unread,
            state: body.state_unread,
            tasks: workflow.tasks_unread,
            jumps: false,
        },
        output: body.output.clone(),
        steps: Vec::new(),
        top_level_steps: 0,
        blocks: Vec::new(),
        temps: Vec::new(),
        decisions: Vec::new(),
        errors: BTreeMap::new(),
    }
}

//! State that is kept for nobody.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ir::{Op, Program, ProgramId, children, expressions};
use crate::source::Span;
use crate::syntax::decode::closest;
use crate::template::ast::{Expr, ExprKind};
use crate::types::{Checked, World, meant_field};

/// A field of `initial_state` that no expression reads
///
/// Nothing is said of a field that a step lists, which is told of as not read, and of one that was
/// meant somewhere where something else is wrong, or with which something else is wrong.
pub fn never_read(
    world: World<'_>,
    checked: &Checked,
    id: ProgramId,
    diagnostics: &mut Diagnostics,
) {
    let program = &world.programs[id];
    if program.unread.state {
        return;
    }
    let names = names(program);
    let wrong = mistaken(world, checked);
    if wrong.contains(&program.state_span) {
        // `initial_state` itself is misspelt: its fields were perhaps meant for something else.
        return;
    }
    for field in &program.fields {
        let Some(initial) = &field.initial else { continue };
        let writes = writes(program, &field.name);
        let places = || writes.iter().chain([&field.span, &initial.span]);
        if names.contains(field.name.as_str())
            || wrong.iter().any(|wrong| places().any(|place| holds(*place, *wrong)))
            || stands_in_text(world, program, &field.name)
        {
            continue;
        }
        let message = format!("state field `{}` is never read", field.name);
        let mut mistake = Diagnostic::new(Code::NeverReadState, field.span, message)
            .label("no expression reads it");
        if let Some(write) = writes.first() {
            mistake = mistake.also(*write, "only written, here");
        }
        diagnostics.push(mistake.help("read it as `state.NAME`, or take it away"));
    }
}

/// The names that expressions read or steps list, and the fields that unknown ones stand for
fn names(program: &Program) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    let initial = program.fields.iter().filter_map(|field| field.initial.as_ref());
    for expr in program.blocks.iter().flat_map(expressions).chain(initial) {
        collect(program, expr, &mut names);
    }
    names.extend(program.steps.iter().flat_map(|step| &step.needs).map(|need| &*need.value));
    let fields = || program.fields.iter().map(|field| field.name.as_str());
    let unknown = names.iter().filter(|name| fields().all(|field| field != **name));
    let meant: Vec<&str> = unknown.filter_map(|name| meant_field(program, name)).collect();
    names.extend(meant);
    names
}

/// The places that errors mark
fn mistaken(world: World<'_>, checked: &Checked) -> Vec<Span> {
    let errors = checked.notes.diagnostics.all_errors();
    let labels = errors.flat_map(|error| {
        error.labels.iter().map(|label| label.span).chain([error.span]).collect::<Vec<_>>()
    });
    labels.chain(world.unread.iter().copied()).collect()
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.file == inner.file && outer.start <= inner.start && inner.end <= outer.end
}

/// The names that an expression reads of the state, or seems to: bare ones, too, and those of
/// something that is not there
fn collect<'e>(program: &Program, expr: &'e Expr, names: &mut BTreeSet<&'e str>) {
    let from_state = |root: &str, name: &str| match root {
        "state" => true,
        "inputs" => program.inputs.iter().all(|input| input.name.value != name),
        root => closest(root, ["state", "inputs"]).is_some(),
    };
    match &expr.kind {
        ExprKind::Name(name) => {
            names.insert(name);
        }
        ExprKind::Field { of, name } => match &of.kind {
            ExprKind::Name(root) if from_state(root, &name.value) => {
                names.insert(&name.value);
            }
            _ => {}
        },
        ExprKind::Index { of, index } => match (&of.kind, &index.kind) {
            (ExprKind::Name(root), ExprKind::Str(name)) if from_state(root, name) => {
                names.insert(name);
            }
            _ => {}
        },
        _ => {}
    }
    children(expr).into_iter().for_each(|operand| collect(program, operand, names));
}

/// Whether a field may be read where nothing could be read: in a comment that was perhaps meant as
/// text, or anywhere in a file that has mistakes
fn stands_in_text(world: World<'_>, program: &Program, field: &str) -> bool {
    let Some(doc) = world.documents.get(&program.file) else { return true };
    let text = |span: Span| world.sources.text(span);
    if doc.comments().iter().any(|comment| names_field(text(*comment), field, &["state."])) {
        return true;
    }
    let broken = world.unread.iter().any(|wrong| wrong.file == program.file);
    let before = [".", "'", "\"", " ", "[", "{"];
    broken && names_field(text(doc.span(program.node)), field, &before)
}

/// Whether a field's name stands in a text behind one of some signs, and not as a key
fn names_field(text: &str, field: &str, before: &[&str]) -> bool {
    let ends = |c: char| !c.is_alphanumeric() && c != '_' && c != ':';
    text.match_indices(field).any(|(at, _)| {
        let (front, behind) = (&text[..at], &text[at + field.len()..]);
        before.iter().any(|sign| front.ends_with(sign)) && behind.chars().next().is_none_or(ends)
    })
}

/// Where a field is written, in the order of the places
fn writes(program: &Program, name: &str) -> Vec<Span> {
    let ops = program.blocks.iter().flat_map(|block| &block.ops);
    let writes = ops.filter_map(|op| match op {
        Op::Write { field, span, .. } => (program.fields[*field].name == name).then_some(*span),
        Op::Let { .. } | Op::Catch { .. } => None,
    });
    let mut writes: Vec<Span> = writes.collect();
    writes.sort();
    writes
}

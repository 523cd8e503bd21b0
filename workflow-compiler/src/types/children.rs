//! Types the starts of child runs: what of an item or of the given inputs becomes which input.

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::ir::{self, Children, Expected, Fork, Given, ProgramId};
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::template::ast::Expr as Ast;
use crate::typed::{self, Action, Binding, Expr};

use super::Ty;
use super::checker::Checker;
use super::convert::{a, certain};
use super::tables::Tables;

/// What the answer to a fork is; tells the child's program what its items are
pub(super) fn infer_fork(checker: &mut Checker<'_>, tables: &mut Tables, fork: &Fork) -> Ty {
    let item = match &fork.start {
        Children::Items(items, _) => Some(listed(checker, items).1),
        Children::One(_) => None,
    };
    let Some(child) = fork.program else { return Ty::list(Ty::Poison) };
    if let Some(item) = item {
        tables.item(child, &item);
    }
    let result = checker.world.tables.of(child).result.clone();
    Ty::list(if fork.keep_errors { result.optional() } else { result })
}

/// A fork with its expressions checked
pub(super) fn check_fork(checker: &mut Checker<'_>, fork: &Fork) -> Action {
    let start = match &fork.start {
        Children::Items(items, given) => {
            let (list, item) = listed(checker, items);
            let inputs = check_given(checker, fork, given);
            let binding = match fork.program.filter(|_| !given.unread) {
                Some(child) => Bind { checker, fork, child, given, at: items.span }.item(&item),
                None => Binding::None,
            };
            typed::Children::Items { items: list.into(), binding, inputs }
        }
        Children::One(given) => {
            let inputs = check_given(checker, fork, given);
            check_complete(checker, fork, given);
            typed::Children::One(inputs)
        }
    };
    let program = fork.program.map(|child| checker.world.programs[child].name.value.clone());
    Action::Fork {
        program: program.unwrap_or_default(),
        start,
        agent: fork.agent.clone(),
        concurrency: fork.concurrency,
        keep_errors: fork.keep_errors,
    }
}

/// A value as a list of items, and their type; an object's keys are no items
fn listed(checker: &mut Checker<'_>, items: &Ast) -> (Expr, Ty) {
    let items = checker.check(items);
    let span = items.span;
    match &items.ty {
        Ty::Any => (certain(items, &Ty::list(Ty::Any)), Ty::Any),
        Ty::Open | Ty::Object(_) => {
            let message = format!("{} is not a list", a(&items.ty));
            (checker.wrong_operand(span, &message), Ty::Poison)
        }
        _ => checker.iterated(items),
    }
}

/// Binds the items of a fork to the inputs of its child
struct Bind<'c, 'a> {
    checker: &'c mut Checker<'a>,
    fork: &'c Fork,
    child: ProgramId,
    /// What the children are given beside their items
    given: &'c Given,
    /// Where the items are written
    at: Span,
}

impl Bind<'_, '_> {
    /// How an item goes into the child's inputs, and whether it fits
    fn item(&mut self, item: &Ty) -> Binding {
        let child = &self.checker.world.programs[self.child];
        // What is given by name is not looked for in the item.
        let open = |input: &&ir::Input| !is_given(self.given, input, child);
        let inputs: Vec<&ir::Input> = child.inputs.iter().filter(open).collect();
        let inputs = inputs.as_slice();
        let names = || inputs.iter().map(|input| input.name.value.clone()).collect();
        let named = inputs.iter().copied().find(|input| input.name.value == "item");
        let needed = inputs.iter().copied().filter(|input| is_needed(input));
        let required: Vec<&ir::Input> = needed.collect();
        let only = named.or(if let [only] = required.as_slice() { Some(*only) } else { None });
        if let Some(input) = only {
            if input.schema.ty.accepts(item) {
                if let Some(other) = required.iter().find(|other| other.name != input.name) {
                    self.left_over(input, other);
                    return Binding::None;
                }
                let by_fields = named.is_none() && matches!(item, Ty::Any | Ty::Open);
                let whole = input.name.value.clone();
                if !by_fields {
                    return Binding::Whole(whole);
                }
                return Binding::Either { whole, inputs: names() };
            }
            if named.is_some() || !matches!(item, Ty::Object(_)) {
                self.mismatch(item, input);
                return Binding::None;
            }
        }
        match item {
            _ if inputs.is_empty() => Binding::None,
            Ty::Object(shape) => {
                let wrong = inputs.iter().find(|input| match shape.fields.get(&input.name.value) {
                    Some(ty) => !input.schema.input_ty().accepts(ty),
                    None => is_needed(input),
                });
                if let Some(input) = wrong {
                    self.mismatch(item, input);
                }
                Binding::Fields(names())
            }
            Ty::Any | Ty::Open | Ty::Poison | Ty::Never => Binding::Fields(names()),
            _ if required.is_empty() => Binding::None,
            _ => {
                self.mismatch(item, required[0]);
                Binding::None
            }
        }
    }

    /// An input takes the whole item, and another one is needed too
    fn left_over(&mut self, taker: &ir::Input, needed: &ir::Input) {
        let (task, needed_name) = (&self.fork.task.value, &needed.name.value);
        let message = format!("nothing of the items becomes input `{needed_name}` of `{task}`");
        self.checker.mistake(
            Diagnostic::new(Code::ItemMismatch, self.at, message)
                .label(format!("each item as a whole becomes `{}`", taker.name.value))
                .also(needed.name.span, "needed here")
                .help(format!(
                    "give it to all children under `inputs`, give `{needed_name}` a default, or \
                     take it from a field of the item"
                )),
        );
    }

    fn mismatch(&mut self, item: &Ty, input: &ir::Input) {
        let message = format!(
            "the items do not fit input `{}` of `{}`",
            input.name.value, self.fork.task.value
        );
        self.checker.mistake(
            Diagnostic::new(Code::ItemMismatch, self.at, message)
                .label(format!("each item is {}", a(item)))
                .also(input.name.span, format!("{} is needed here", a(&input.schema.ty))),
        );
    }
}

/// Whether a run cannot begin without the input
fn is_needed(input: &ir::Input) -> bool {
    input.schema.required && input.schema.default.is_none()
}

/// The inputs that children are given by name: each is declared there, and fits
fn check_given(checker: &mut Checker<'_>, fork: &Fork, given: &Given) -> Vec<(String, Expr)> {
    let child = fork.program.map(|child| &checker.world.programs[child]);
    let mut checked = Vec::new();
    for (name, value) in &given.inputs {
        let value = checker.check(value);
        let value = match child {
            Some(child) => check_input(checker, fork, child, name, value),
            None => value,
        };
        checked.push((name.value.clone(), certain(value, &Ty::Any)));
    }
    checked
}

/// A child that gets nothing but what is given by name: no input that it needs is missing
fn check_complete(checker: &mut Checker<'_>, fork: &Fork, given: &Given) {
    let child = fork.program.map(|child| &checker.world.programs[child]);
    let Some(child) = child.filter(|child| !given.unread && !child.unread.inputs) else { return };
    let is_missing = |input: &&ir::Input| is_needed(input) && !is_given(given, input, child);
    let missing: Vec<&ir::Input> = child.inputs.iter().filter(is_missing).collect();
    if let [first, ..] = missing.as_slice() {
        let names: Vec<_> = missing.iter().map(|input| format!("`{}`", input.name.value)).collect();
        let s = if names.len() == 1 { "" } else { "s" };
        let message =
            format!("`{}` is not given its input{s} {}", fork.task.value, names.join(", "));
        checker.mistake(
            Diagnostic::new(Code::WorkflowInputs, given.span, message)
                .label("missing here")
                .also(first.name.span, "declared here as required"),
        );
    }
}

fn check_input(
    checker: &mut Checker<'_>,
    fork: &Fork,
    child: &ir::Program,
    name: &Spanned<String>,
    value: Expr,
) -> Expr {
    let names = || child.inputs.iter().map(|input| input.name.value.as_str());
    if let Some(input) = child.inputs.iter().find(|input| input.name.value == name.value) {
        let by = format!("input `{}` of `{}`", name.value, fork.task.value);
        let expected = Expected { ty: input.schema.input_ty(), by, span: Some(input.name.span) };
        return checker.convert_as(value, &expected, Code::WorkflowInputs);
    }
    if child.unread.inputs {
        return value;
    }
    let message = format!("`{}` has no input `{}`", fork.task.value, name.value);
    let mistake = Diagnostic::new(Code::WorkflowInputs, name.span, message);
    checker.mistake(match closest(&name.value, names()) {
        Some(meant) => mistake.help(format!("did you mean `{meant}`?")).fix(
            format!("rename it to `{meant}`"),
            vec![Edit { span: name.span, text: meant.to_owned() }],
        ),
        None if child.inputs.is_empty() => mistake.help("it takes none"),
        None => mistake.help(format!("it takes `{}`", names().collect::<Vec<_>>().join("`, `"))),
    });
    value
}

/// Whether an input is given, or another name was misspelt for it, which is reported there
fn is_given(given: &Given, input: &ir::Input, child: &ir::Program) -> bool {
    let names = || child.inputs.iter().map(|input| input.name.value.as_str());
    given.inputs.iter().any(|(name, _)| {
        name.value == input.name.value
            || names().all(|other| other != name.value)
                && closest(&name.value, names()) == Some(input.name.value.as_str())
    })
}

//! # `workflow`
//!
//! Runs another workflow as a child run with a state of its own, and waits for what it returns.
//!
//! ```yaml
//! - id: review
//!   type: workflow
//!   needs_state: [plan]
//!   workflow: review-plan
//!   inputs:
//!     plan: "{{ state.plan }}"
//!     strict: true
//!   output_to: verdict
//! ```
//!
//! The workflow is named by its file or by its `name`; of several versions the highest runs. Its
//! inputs are those that it declares: each required one is given, and each fits its type. The result
//! is what the workflow returns. The agent works the child's steps off as if they stood here.

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::ir::{Action, AnswerType, Children, Fork, Lowering, ProgramId, TempId};
use crate::source::Spanned;
use crate::syntax::decode::{Fields, Key, Takes, closest};
use crate::template::ast::{Expr, ExprKind};

use super::{StepType, given};

/// The step type
pub const TYPE: StepType = StepType {
    name: "workflow",
    summary: "runs another workflow, and waits for what it returns",
    keys: &[
        Key::required("workflow", Takes::Text, "a workflow's file or name"),
        Key::optional("inputs", Takes::Mapping, "what it is started with"),
    ],
    rereads: &[],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let workflow = fields.text("workflow", lowering.diagnostics);
    let program = workflow.as_ref().and_then(|name| find(lowering, name));
    let task = workflow.unwrap_or_else(|| Spanned::new(String::new(), fields.head()));
    let fork = Fork {
        program,
        start: Children::One(given(lowering, fields, task.span)),
        agent: None,
        concurrency: 1,
        keep_errors: false,
        task,
    };
    let results = lowering.wait(Action::Fork(fork.into()), AnswerType::Children);
    // Of the list of results, that of the only child.
    let at = fields.head();
    let (of, first) = (lowering.kept(results, at), Expr { kind: ExprKind::Int(0), span: at });
    let kind = ExprKind::Index { of: Box::new(of), index: Box::new(first) };
    Some(lowering.keep("result", Expr { kind, span: at }, None))
}

fn find(lowering: &mut Lowering<'_>, name: &Spanned<String>) -> Option<ProgramId> {
    let names = lowering.names;
    if let Some(found) = names.workflow(&name.value) {
        return found;
    }
    let mistake =
        Diagnostic::new(Code::UnknownWorkflow, name.span, format!("no workflow `{}`", name.value));
    let is_task = names.task(&lowering.program.stem, &name.value).is_some();
    // `review/child.yaml` for `child`
    let file = std::path::Path::new(&name.value).file_stem().and_then(|stem| stem.to_str());
    let file = file.filter(|file| names.workflow(file).is_some());
    lowering.report(match file.or_else(|| closest(&name.value, names.workflows())) {
        _ if is_task => mistake
            .label("an inline task")
            .help("a `foreach` runs inline tasks; a workflow stands in a file of its own"),
        Some(meant) => mistake
            .help(format!("did you mean `{meant}`?"))
            .fix(format!("run `{meant}`"), vec![Edit { span: name.span, text: meant.to_owned() }]),
        None => mistake
            .label("neither a workflow's file nor its name")
            .help("a workflow is named by its file without the ending, or by its `name`"),
    });
    None
}

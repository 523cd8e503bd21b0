//! # `foreach`
//!
//! Runs a task for each item of a list, as a child run with a state of its own.
//!
//! ```yaml
//! - id: research
//!   type: foreach
//!   needs_state: [questions]
//!   items: "{{ state.questions }}"
//!   task: research_task
//!   agent: "@task"
//!   output_to: findings
//! ```
//!
//! The task is an inline one of the same file, or a workflow by its file's stem or its name. With
//! an `agent`, sub-agents work the children off, `concurrency` at once; without one, the agent
//! itself does, step by step. The result is the list of what the children return, in item order.
//!
//! The item goes to the child's input `item`, else to its only required input; else an item that
//! is an object gives the inputs by name. A sole input that takes objects takes the object. In an
//! inline task the expressions can also read `item`, and `index`, `total`, `is_first`, `is_last`; a
//! task in a file of its own reads them once it declares an input `item`.
//!
//! A child sees nothing of its parent's state and inputs. What all children need beside their items
//! is given under `inputs`:
//!
//! ```yaml
//! - id: review-all
//!   type: foreach
//!   needs_state: [plans]
//!   items: "{{ state.plans }}"
//!   task: review-plan
//!   inputs: { strict: true }
//!   output_to: verdicts
//! ```
//!
//! A child that fails leaves the others alone: they end, and their results are kept. Then the step
//! fails, unless it says `on_child_error: keep`, which puts null in the place of the failed child.
//! With `retry`, only the children that failed are tried again, each from its own failed step.

use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::ir::{Action, AnswerType, Children, Fork, Lowering, ProgramId, TempId};
use crate::source::Spanned;
use crate::syntax::decode::{Fields, Key, Takes, closest};

use super::{StepType, expression, given};

/// How many children are under way at once unless the step says
const CONCURRENCY: u64 = 10;

/// How many children can be under way at once
const MOST_AT_ONCE: u64 = 100;

/// The step type
pub const TYPE: StepType = StepType {
    name: "foreach",
    summary: "runs a task for each item of a list",
    keys: &[
        Key::required("items", Takes::Expression, "the list"),
        Key::required("task", Takes::Text, "an inline task, or a workflow's file or name"),
        Key::optional("inputs", Takes::Mapping, "what each child gets beside its item"),
        Key::optional(
            "agent",
            Takes::Agent,
            "who works the children off; the agent itself unless said",
        ),
        Key::optional("sequential", Takes::Flag, "whether each child waits for the one before"),
        Key::optional("concurrency", Takes::Count, "how many children at once; 10 unless said"),
        Key::optional(
            "on_child_error",
            Takes::Word(&["fail", "keep"]),
            "`fail` the step once all have ended, or `keep` a null in the failed child's place",
        ),
    ],
    rereads: &[],
    has_result: true,
    lower,
};

fn lower(lowering: &mut Lowering<'_>, fields: &Fields<'_>) -> Option<TempId> {
    let items = expression(lowering, fields, "items");
    let items = lowering.hoist(items);
    let agent = fields.agent("agent", lowering.diagnostics).map(|agent| agent.value);
    let sequential = fields.flag("sequential", lowering.diagnostics).is_some_and(|flag| flag.value);
    let concurrency =
        fields.count("concurrency", lowering.diagnostics).map_or(CONCURRENCY, |count| count.value);
    let on_child_error = fields.word("on_child_error", &["fail", "keep"], lowering.diagnostics);
    if let Some(most) = fields.value_span("concurrency").filter(|_| concurrency > MOST_AT_ONCE) {
        lowering.report(
            Diagnostic::new(
                Code::Limit,
                most,
                format!("{concurrency} children at once are too many"),
            )
            .label(format!("{MOST_AT_ONCE} at most"))
            .help("the others wait for their turn: a list may have 10,000 items"),
        );
    }
    let task = fields.text("task", lowering.diagnostics);
    let task_span = task.as_ref().map_or_else(|| fields.head(), |task| task.span);
    let given = given(lowering, fields, task_span);
    let fork = Fork {
        program: task.as_ref().and_then(|task| find(lowering, task)),
        task: task.unwrap_or_else(|| Spanned::new(String::new(), fields.head())),
        start: Children::Items(items, given),
        agent,
        concurrency: if sequential {
            1
        } else {
            usize::try_from(concurrency).unwrap_or(usize::MAX)
        },
        keep_errors: on_child_error.is_some_and(|word| word.value == "keep"),
    };
    Some(lowering.wait(Action::Fork(fork.into()), AnswerType::Children))
}

fn find(lowering: &mut Lowering<'_>, task: &Spanned<String>) -> Option<ProgramId> {
    let (names, stem) = (lowering.names, lowering.program.stem.clone());
    let found = names.task(&stem, &task.value);
    if found.is_none() && !lowering.program.unread.tasks {
        let mistake =
            Diagnostic::new(Code::UnknownTask, task.span, format!("no task `{}`", task.value));
        // `tasks/child.yaml` for `child`
        let file = Path::new(&task.value).file_stem().and_then(|stem| stem.to_str());
        let file = file.filter(|file| names.task(&stem, file).is_some());
        lowering.report(match file.or_else(|| closest(&task.value, names.tasks(&stem))) {
            Some(meant) => mistake.help(format!("did you mean `{meant}`?")).fix(
                format!("run `{meant}`"),
                vec![Edit { span: task.span, text: meant.to_owned() }],
            ),
            None => mistake
                .label("neither under `tasks:` nor a workflow's file or name")
                .help("an inline task stands under `tasks:`; any other in a file beside this one"),
        });
    }
    found.flatten()
}

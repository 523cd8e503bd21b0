//! Jumps to steps by their ids: of `goto`, and of an `on_error` that names a step.
//!
//! A step can jump to one that comes later in the file, so jumps are noted while steps are lowered
//! and resolved when all are known. How often a `goto` has jumped is a kept value like any other:
//! it stands in the position while the run waits.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::template::ast::{BinaryOp, CompareOp, Expr, ExprKind};

use super::hoist::temp_number;
use super::{BlockId, Caught, End, Lowering, Op, Origin, Question, StepId, TempId};

/// How many jumps a workflow may have: their counts and errors are kept in each wait from which they
/// are reached, so that the code grows with the square of their number
const MAX_JUMPS: usize = 64;

/// A jump whose target is not looked up yet
#[derive(Debug)]
pub(super) struct Jump {
    /// The block that ends with it
    from: BlockId,
    /// The step that jumps
    step: StepId,
    /// The id of the step it goes to
    target: Spanned<String>,
    why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Why {
    /// A `goto`, with its count, and where the run goes on if there is no such step
    Goto { count: TempId, otherwise: BlockId },
    /// A failure
    Error,
}

/// What follows where a step fails
#[derive(Clone, Debug)]
pub enum OnError {
    /// The steps behind it, as if it had been skipped
    Continue(Span),
    /// A step that handles it
    Step(Spanned<String>),
}

impl Lowering<'_> {
    /// Goes to a step by its id, at most so many times; then on to what follows
    pub fn goto(&mut self, target: Spanned<String>, at_most: u64) {
        let span = target.span;
        let count = self.new_temp_of("jumps", Origin::Jumps, self.step);
        let read = Expr { kind: ExprKind::Temp(temp_number(count)), span };
        let limit = i64::try_from(at_most).unwrap_or(i64::MAX);
        let limit = Expr { kind: ExprKind::Int(limit), span };
        let kind = ExprKind::Compare {
            first: read.clone().into(),
            rest: vec![(Spanned::new(CompareOp::Lt, span), limit)],
        };
        let one = Expr { kind: ExprKind::Int(1), span };
        let op = Spanned::new(BinaryOp::Add, span);
        let kind_next = ExprKind::Binary { op, left: read.into(), right: one.into() };
        let step = self.step;
        let jump = |lowering: &mut Self| {
            lowering.keep_in(count, Expr { kind: kind_next, span });
            let from = lowering.block;
            lowering.block = lowering.new_block();
            let why = Why::Goto { count, otherwise: lowering.block };
            lowering.jumps.push(Jump { from, step, target, why });
        };
        self.decision(Question::Bound(at_most), Expr { kind, span }, jump, |_| ());
    }

    /// From here to [`Lowering::end_guard`], what fails in the step leads elsewhere
    pub fn guard(&mut self, on_error: &OnError) {
        let (OnError::Continue(span) | OnError::Step(Spanned { span, .. })) = on_error;
        let handler = self.new_block();
        self.caught = Some(Caught { handler, span: *span });
        self.program.blocks[self.block].caught = self.caught;
    }

    /// Behind a step that was guarded
    pub fn end_guard(&mut self, on_error: OnError) {
        let Some(Caught { handler, .. }) = self.caught.take() else { return };
        let after = self.new_block();
        self.end(End::Jump(after));
        self.block = after;
        match on_error {
            OnError::Continue(_) => self.program.blocks[handler].end = End::Jump(after),
            OnError::Step(target) => {
                let (step, why) = (self.step, Why::Error);
                self.jumps.push(Jump { from: handler, step, target, why });
            }
        }
    }

    /// Looks up where the jumps go
    pub(super) fn resolve_jumps(&mut self) {
        let mut landed = Vec::new();
        for jump in std::mem::take(&mut self.jumps) {
            match (self.target(&jump), jump.why) {
                (Some(target), _) => {
                    let entry = self.program.steps[target].entry;
                    self.program.blocks[jump.from].end = End::Jump(entry);
                    landed.push((jump, target));
                }
                (None, Why::Goto { otherwise, .. }) => {
                    self.program.blocks[jump.from].end = End::Jump(otherwise);
                }
                (None, Why::Error) => self.forget_handler(jump.from),
            }
        }
        self.hand_over_errors(&landed);
        if !self.too_many_jumps(&landed) {
            self.count_jumps(&landed);
        }
    }

    /// Reports the first jump too many, if there is one; what jumps to one handler keeps one error
    fn too_many_jumps(&mut self, landed: &[(Jump, StepId)]) -> bool {
        let mut handlers = BTreeSet::new();
        let mut kept = landed
            .iter()
            .filter(|(jump, target)| jump.why != Why::Error || handlers.insert(*target));
        let Some((jump, _)) = kept.nth(MAX_JUMPS) else { return false };
        let message = format!("more than {MAX_JUMPS} jumps in one workflow");
        let mistake = Diagnostic::new(Code::Limit, jump.target.span, message)
            .label(format!("jump {}", MAX_JUMPS + 1))
            .help("move some of the steps into a workflow of their own");
        self.report(mistake);
        true
    }

    /// A failure that leads nowhere ends the run, as it does where nothing is said of it
    fn forget_handler(&mut self, handler: BlockId) {
        for block in &mut self.program.blocks {
            block.caught = block.caught.filter(|caught| caught.handler != handler);
        }
    }

    /// The step that a jump goes to; `None` where it cannot, which is reported
    fn target(&mut self, jump: &Jump) -> Option<StepId> {
        let steps = &self.program.steps;
        let name = &jump.target;
        let found = steps.iter().position(|step| step.id.value == name.value);
        let Some(found) = found else {
            let from_here = |step: &&super::Step| steps[jump.step].lists.contains(step.list());
            let ids = steps.iter().filter(from_here).map(|step| step.id.value.as_str());
            let mistake = unknown_step(name, closest(&name.value, ids));
            self.program.unread.jumps = true;
            self.report(mistake);
            return None;
        };
        if !steps[jump.step].lists.contains(steps[found].list()) {
            let mistake = out_of_reach(name, steps[found].id.span);
            self.program.unread.jumps = true;
            self.report(mistake);
            return None;
        }
        if jump.why == Why::Error && found <= jump.step {
            let mistake = backward_handler(name, steps[found].id.span);
            self.report(mistake);
            return None;
        }
        Some(found)
    }

    /// Gives each step that an `on_error` names the error, null where it is reached without one
    fn hand_over_errors(&mut self, landed: &[(Jump, StepId)]) {
        for (jump, target) in landed.iter().filter(|(jump, _)| jump.why == Why::Error) {
            let known = self.program.errors.get(target).copied();
            let temp = known.unwrap_or_else(|| self.new_temp_of("error", Origin::Error, *target));
            self.program.errors.insert(*target, temp);
            let span = jump.target.span;
            self.program.blocks[jump.from].ops.push(Op::Catch { temp, span });
        }
        let errors = self.program.errors.clone();
        for (step, temp) in errors {
            if self.reached_without_error(step) {
                let span = self.program.steps[step].id.span;
                self.preamble(temp, Expr { kind: ExprKind::Null, span });
            }
        }
    }

    /// Whether a step is reached on a path on which nothing failed that leads to it
    fn reached_without_error(&self, step: StepId) -> bool {
        let blocks = &self.program.blocks;
        let catches = |block: BlockId| {
            blocks[block].ops.iter().any(|op| {
                matches!(op, Op::Catch { temp, .. } if self.program.errors.get(&step) == Some(temp))
            })
        };
        let mut seen = vec![false; blocks.len()];
        let mut open = vec![0];
        while let Some(block) = open.pop() {
            if std::mem::replace(&mut seen[block], true) || catches(block) {
                continue;
            }
            open.extend(super::successors(&blocks[block]));
        }
        seen[self.program.steps[step].entry]
    }

    /// Counts begin at nothing, and again where a `goto` around them jumps back
    fn count_jumps(&mut self, landed: &[(Jump, StepId)]) {
        let mut counted = Vec::new();
        for (jump, target) in landed {
            if let Why::Goto { count, .. } = jump.why {
                counted.push((jump, *target, count));
            }
        }
        let zero = |span| Expr { kind: ExprKind::Int(0), span };
        for (outer, to, _) in &counted {
            for (inner, inner_to, count) in &counted {
                if inner.step < outer.step && *to <= *inner_to {
                    let value = zero(inner.target.span);
                    let op = Op::Let { temp: *count, value, expect: None };
                    self.program.blocks[outer.from].ops.push(op);
                }
            }
        }
        for (jump, _, count) in counted {
            self.preamble(count, zero(jump.target.span));
        }
    }

    /// Keeps a value before the first step
    fn preamble(&mut self, temp: TempId, value: Expr) {
        self.program.blocks[0].ops.push(Op::Let { temp, value, expect: None });
    }
}

fn unknown_step(name: &Spanned<String>, meant: Option<&str>) -> Diagnostic {
    let message = format!("no step `{}`", name.value);
    let mistake = Diagnostic::new(Code::UnknownStep, name.span, message);
    match meant {
        Some(meant) => mistake.help(format!("did you mean `{meant}`?")).fix(
            format!("go to `{meant}`"),
            vec![Edit { span: name.span, text: meant.to_owned() }],
        ),
        None => mistake.label("no step has this id"),
    }
}

fn out_of_reach(name: &Spanned<String>, target: Span) -> Diagnostic {
    let message = format!("step `{}` cannot be jumped to from here", name.value);
    Diagnostic::new(Code::UnknownStep, name.span, message)
        .label("stands neither in the same list of steps nor in one around it")
        .also(target, "the step")
        .help("jump to the step that holds it, or move it out")
}

fn backward_handler(name: &Spanned<String>, target: Span) -> Diagnostic {
    let message = format!("an `on_error` that goes back to `{}` could go on for ever", name.value);
    Diagnostic::new(Code::UnboundedGoto, name.span, message)
        .label("goes back")
        .also(target, "to here")
        .help("`retry` tries a step again; or go forward to a handler that ends with a `goto`, which is bounded")
}

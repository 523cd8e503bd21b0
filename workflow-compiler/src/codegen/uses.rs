//! What pieces of a program read.

use std::collections::{BTreeMap, BTreeSet};

use crate::typed::{Action, Arg, Block, End, Expr, ExprKind, Op, Part, Template};

/// What some expressions read
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Uses {
    pub inputs: bool,
    pub state: bool,
    pub item: bool,
    pub place: bool,
    /// Time or chance
    pub ambient: bool,
    /// How often each kept value is named
    pub temps: BTreeMap<usize, usize>,
    /// Loop variables
    pub locals: BTreeSet<usize>,
    /// Loops whose `loop` is read
    pub loops: BTreeSet<usize>,
}

impl Uses {
    pub(super) fn of_expr(expr: &Expr) -> Self {
        let mut uses = Self::default();
        uses.expr(expr);
        uses
    }

    pub(super) fn of_parts(parts: &[Part]) -> Self {
        let mut uses = Self::default();
        parts_of(parts, &mut |expr| uses.expr(expr));
        uses
    }

    pub(super) fn of_end(end: &End) -> Self {
        let mut uses = Self::default();
        end_of(end, &mut |expr| uses.expr(expr));
        uses
    }

    pub(super) fn of_block(block: &Block) -> Self {
        Self::of_rest(block, 0)
    }

    /// What is read by the operations from `first` on and by the end
    pub(super) fn of_rest(block: &Block, first: usize) -> Self {
        let mut uses = Self::of_end(&block.end);
        for op in block.ops.iter().skip(first) {
            let (Op::Let { value, .. } | Op::Write { value, .. }) = op;
            uses.expr(value);
        }
        uses
    }

    pub(super) fn expr(&mut self, expr: &Expr) {
        walk(expr, &mut |expr| match &expr.kind {
            ExprKind::Input(_) => self.inputs = true,
            ExprKind::State(_) => self.state = true,
            ExprKind::Item => self.item = true,
            ExprKind::Place(_) => self.place = true,
            ExprKind::Ambient(_) => self.ambient = true,
            ExprKind::Temp(temp) => *self.temps.entry(*temp).or_default() += 1,
            ExprKind::Local(local) => _ = self.locals.insert(*local),
            ExprKind::Loop { of, .. } => _ = self.loops.insert(*of),
            _ => {}
        });
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.inputs |= other.inputs;
        self.state |= other.state;
        self.item |= other.item;
        self.place |= other.place;
        self.ambient |= other.ambient;
        for (temp, count) in &other.temps {
            *self.temps.entry(*temp).or_default() += count;
        }
        self.locals.extend(&other.locals);
        self.loops.extend(&other.loops);
    }

    /// Whether anything of the run itself is read
    pub(super) fn run(&self) -> bool {
        self.inputs || self.state || self.item || self.place
    }
}

/// Visits an expression and all within it, the outermost first
pub(super) fn walk(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    visit(expr);
    // The recursion is as deep as expressions nest, which the parser limits.
    match &expr.kind {
        ExprKind::Template(template) => parts_of(&template.parts, &mut |part| walk(part, visit)),
        _ => each_operand(expr, &mut |operand| walk(operand, visit)),
    }
}

fn each_operand(expr: &Expr, visit: &mut dyn FnMut(&Expr)) {
    match &expr.kind {
        ExprKind::List(items) => items.iter().for_each(visit),
        ExprKind::Object(fields) => fields.iter().for_each(|(_, value)| visit(value)),
        ExprKind::Field(of, _)
        | ExprKind::Key(of, _)
        | ExprKind::Unary(_, of)
        | ExprKind::Truth(of)
        | ExprKind::Show(of)
        | ExprKind::IsNull(of, _)
        | ExprKind::Widen(of)
        | ExprKind::Cast(of)
        | ExprKind::Present(of) => visit(of),
        ExprKind::Index(a, b)
        | ExprKind::Binary(_, a, b)
        | ExprKind::Compare(_, a, b)
        | ExprKind::Logic(_, a, b) => [a, b].into_iter().for_each(|operand| visit(operand)),
        ExprKind::Conditional(test, then, otherwise) => {
            for operand in [test, then, otherwise] {
                visit(operand);
            }
        }
        ExprKind::Slice { of, start, stop, step } => {
            visit(of);
            [start, stop, step].into_iter().flatten().for_each(|bound| visit(bound));
        }
        ExprKind::Builtin { args, .. } => args.iter().for_each(|arg| match arg {
            Arg::Given(value) | Arg::Optional(Some(value)) => visit(value),
            Arg::Optional(None) => {}
        }),
        ExprKind::Host { args, .. } => args.iter().for_each(|(value, _)| visit(value)),
        _ => {}
    }
}

/// Visits the expressions that stand in the parts of a template
fn parts_of(parts: &[Part], visit: &mut dyn FnMut(&Expr)) {
    for part in parts {
        match part {
            Part::Text(_) => {}
            Part::Output(value) => visit(value),
            Part::If { branches, otherwise } => {
                for (test, body) in branches {
                    visit(test);
                    parts_of(body, visit);
                }
                parts_of(otherwise, visit);
            }
            Part::For { items, body, otherwise, .. } => {
                visit(items);
                parts_of(body, visit);
                parts_of(otherwise, visit);
            }
        }
    }
}

/// Visits the expressions of a block's end
fn end_of(end: &End, visit: &mut dyn FnMut(&Expr)) {
    match end {
        End::Jump(_) => {}
        End::Branch { test, .. } => visit(test),
        End::Return(value) => visit(value),
        End::Wait { action, .. } => match action {
            Action::Prompt { message, options, .. } => {
                visit(message);
                options.iter().for_each(visit);
            }
            Action::McpCall { parameters, .. } => {
                for (_, value) in parameters {
                    visit(value);
                }
            }
            Action::Delegate { instructions, .. } | Action::Call { instructions, .. } => {
                visit(instructions);
            }
            Action::Fork { items, .. } => visit(items),
        },
    }
}

/// Whether a template has more in it than text and values
pub(super) fn has_control_flow(template: &Template) -> bool {
    template.parts.iter().any(|part| matches!(part, Part::If { .. } | Part::For { .. }))
}

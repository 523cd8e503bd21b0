//! What pieces of a program read.

use std::collections::{BTreeMap, BTreeSet};

use crate::typed::{Action, Block, End, Expr, ExprKind, Op, Part, Template};
use crate::types::Ty;

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
    /// Variables of the template
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
        let mut found = Vec::new();
        parts.iter().for_each(|part| part.operands(&mut found));
        found.into_iter().for_each(|expr| uses.expr(expr));
        uses
    }

    pub(super) fn of_end(end: &End) -> Self {
        let mut uses = Self::default();
        end.operands().into_iter().for_each(|expr| uses.expr(expr));
        // When it goes on is reckoned from now.
        uses.ambient |= matches!(end, End::Wait { action: Action::Pause { .. }, .. });
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
        if is_constant(expr) {
            return;
        }
        match &expr.kind {
            ExprKind::Input(_) => self.inputs = true,
            ExprKind::State(_) => self.state = true,
            ExprKind::Item => self.item = true,
            ExprKind::Place(_) => self.place = true,
            ExprKind::Ambient(_) | ExprKind::Caught => self.ambient = true,
            ExprKind::Temp(temp) => *self.temps.entry(*temp).or_default() += 1,
            ExprKind::Local(local) => _ = self.locals.insert(*local),
            ExprKind::Loop { of, .. } | ExprKind::LoopCall { of, .. } => {
                self.loops.insert(*of);
            }
            _ => {}
        }
        expr.operands().into_iter().for_each(|operand| self.expr(operand));
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

/// Whether a template has more in it than text and values
pub(super) fn has_control_flow(template: &Template) -> bool {
    template.parts.iter().any(|part| !matches!(part, Part::Text(_) | Part::Output(_)))
}

/// Whether the code of an expression does not compute what stands below it: its type says enough
fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::IsNull(of, _) => !matches!(of.ty, Ty::Optional(_) | Ty::Any | Ty::Poison),
        ExprKind::Widen(of) => match (&of.ty, &expr.ty) {
            (Ty::List(item), Ty::List(_)) => **item == Ty::Never,
            (Ty::Null, to) => !matches!(to, Ty::Any | Ty::Poison),
            _ => false,
        },
        _ => false,
    }
}

//! Tests whose outcome is known before any run.

use std::cmp::Ordering;

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit, Severity};
use crate::ir::ProgramId;
use crate::source::Span;
use crate::syntax::decode::closest;
use crate::template::ast::{CompareOp, LogicOp, UnaryOp};
use crate::typed::{End, Expr, ExprKind, Op, Part};
use crate::types::{Checked, Ty, World, inside_quotes};

/// Tests that are always true or always false, and choices compared with what cannot be chosen
pub fn conditions(
    world: World<'_>,
    checked: &Checked,
    id: ProgramId,
    diagnostics: &mut Diagnostics,
) {
    let mut finder = Finder { world, id, diagnostics };
    for (ops, end) in checked.blocks.iter().flatten() {
        for op in ops {
            let (Op::Let { value, .. } | Op::Write { value, .. }) = op;
            value.visit(&mut |expr| finder.see(expr));
        }
        if let End::Branch { test, .. } = end {
            finder.test(test);
        }
        for operand in end.operands() {
            operand.visit(&mut |expr| finder.see(expr));
        }
    }
}

/// A test with a known outcome, and why it is known
struct Known {
    truth: bool,
    span: Span,
    why: String,
}

struct Finder<'a> {
    world: World<'a>,
    id: ProgramId,
    diagnostics: &'a mut Diagnostics,
}

impl Finder<'_> {
    /// Looks at one node
    fn see(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Conditional(test, ..) => self.test(test),
            ExprKind::Template(template) => template.parts.iter().for_each(|part| self.part(part)),
            ExprKind::Compare(op, left, right) => self.choice(*op, left, right),
            _ => {}
        }
    }

    /// The expressions below a part are seen as operands of its template; its tests are not, as
    /// tests
    fn part(&mut self, part: &Part) {
        match part {
            Part::If { branches, otherwise, .. } => {
                for (test, parts) in branches {
                    self.test(test);
                    parts.iter().for_each(|part| self.part(part));
                }
                otherwise.iter().for_each(|part| self.part(part));
            }
            Part::For(each) => {
                each.filter.iter().for_each(|test| self.test(test));
                each.body.iter().chain(&each.otherwise).for_each(|part| self.part(part));
            }
            Part::Text(_) | Part::Output(_) | Part::Set { .. } => {}
        }
    }

    /// Reports what of a test is known; of an `and` or `or` the operand that is
    fn test(&mut self, test: &Expr) {
        if let Some(known) = self.known(test) {
            let truth = known.truth;
            self.diagnostics.push(
                Diagnostic::new(
                    Code::ConstantCondition,
                    known.span,
                    format!("this is always {truth}"),
                )
                .label(known.why),
            );
            return;
        }
        match &test.kind {
            ExprKind::Logic(_, left, right) => {
                self.test(left);
                self.test(right);
            }
            ExprKind::Unary(UnaryOp::Not, operand) => self.test(operand),
            _ => {}
        }
    }

    /// Reports the texts that a choice is compared with and that cannot be chosen
    fn choice(&mut self, op: CompareOp, left: &Expr, right: &Expr) {
        match op {
            CompareOp::Eq | CompareOp::Ne => {
                self.foreign(left, right);
                self.foreign(right, left);
            }
            CompareOp::In | CompareOp::NotIn => {
                if let ExprKind::List(items) = &plain(right).kind {
                    items.iter().for_each(|item| self.foreign(left, item));
                }
            }
            _ => {}
        }
    }

    /// What is known of a test as a whole
    fn known(&self, test: &Expr) -> Option<Known> {
        let tell =
            |truth: bool, why: &str| Some(Known { truth, span: test.span, why: why.to_owned() });
        match &test.kind {
            ExprKind::Bool(truth) => tell(*truth, "written out"),
            ExprKind::Truth(value) => {
                let (truth, why) = self.truth_of(value)?;
                Some(Known { truth, span: test.span, why })
            }
            ExprKind::Unary(UnaryOp::Not, operand) => {
                let operand = self.known(operand)?;
                Some(Known { truth: !operand.truth, span: test.span, why: operand.why })
            }
            // Only what was tested or written before decides it.
            ExprKind::IsNull(value, _) if matches!(value.kind, ExprKind::Present(_)) => None,
            ExprKind::IsNull(value, negated) => match &value.ty {
                Ty::Null => tell(!negated, "this is null"),
                Ty::Any | Ty::Optional(_) | Ty::Poison | Ty::Never => None,
                ty => {
                    let why = format!("of type `{ty}`");
                    Some(Known { truth: *negated, span: test.span, why })
                }
            },
            ExprKind::Compare(op, left, right) => {
                let order = literal_order(plain(left), plain(right))?;
                tell(holds(*op, order)?, "both sides are written out")
            }
            ExprKind::Logic(op, left, right) => {
                let (left, right) = (self.known(left)?, self.known(right)?);
                let truth = match op {
                    LogicOp::And => left.truth && right.truth,
                    LogicOp::Or => left.truth || right.truth,
                };
                tell(truth, "both sides are known")
            }
            _ => None,
        }
    }

    /// The truth of a value that is written out, or of whose type all values are alike
    fn truth_of(&self, value: &Expr) -> Option<(bool, String)> {
        let written = |truth| Some((truth, "written out".to_owned()));
        let value = plain(value);
        match (&value.kind, &value.ty) {
            (_, Ty::Poison) | (ExprKind::Temp(_) | ExprKind::Present(_), _) => None,
            (ExprKind::State(field), ty) if *self.stored(*field) != *ty && *ty != Ty::Null => None,
            (_, Ty::Null) => Some((false, "this is null".to_owned())),
            (ExprKind::Bool(value), _) => written(*value),
            (ExprKind::Int(value), _) => written(*value != 0),
            (ExprKind::Float(value), _) => written(*value != 0.0),
            (ExprKind::Str(text), _) => written(!text.is_empty()),
            (ExprKind::List(items), _) => written(!items.is_empty()),
            (ExprKind::Object(fields), _) => written(!fields.is_empty()),
            (_, ty) => {
                never_empty(ty).then(|| (true, format!("of type `{ty}`, which is never empty")))
            }
        }
    }

    /// What a field begins with or is written with, whatever was tested or written before
    fn stored(&self, field: usize) -> &Ty {
        &self.world.tables.of(self.id).fields[field]
    }

    fn foreign(&mut self, choice: &Expr, other: &Expr) {
        let choice = plain(choice);
        let ty = choice.ty.clone().present();
        let (Ty::Enum(words), ExprKind::Str(text)) = (&ty, &plain(other).kind) else { return };
        if words.contains(text) {
            return;
        }
        let options = words.join("`, `");
        let mut mistake = Diagnostic::new(
            Code::ConstantCondition,
            other.span,
            format!("`{text}` is not among the options"),
        )
        .label("never chosen")
        .also(choice.span, format!("this is one of `{options}`"));
        mistake.severity = Severity::Error;
        if let Some(meant) = closest(text, words.iter().map(String::as_str)) {
            let span = inside_quotes(self.world.sources, text, other.span).span;
            mistake = mistake.help(format!("did you mean `{meant}`?"));
            if span != other.span {
                let edit = Edit { span, text: meant.to_owned() };
                mistake = mistake.fix(format!("write `{meant}`"), vec![edit]);
            }
        }
        self.diagnostics.push(mistake);
    }
}

fn never_empty(ty: &Ty) -> bool {
    match ty {
        Ty::Object(shape) => !shape.fields.is_empty(),
        Ty::Enum(words) => words.iter().all(|word| !word.is_empty()),
        Ty::DateTime => true,
        _ => false,
    }
}

/// How two literals compare; `None` where one is none, or they are of different kinds
fn literal_order(left: &Expr, right: &Expr) -> Option<Ordering> {
    match (&left.kind, &right.kind) {
        (ExprKind::Bool(a), ExprKind::Bool(b)) => Some(a.cmp(b)),
        (ExprKind::Int(a), ExprKind::Int(b)) => Some(a.cmp(b)),
        (ExprKind::Float(a), ExprKind::Float(b)) => a.partial_cmp(b),
        (ExprKind::Str(a), ExprKind::Str(b)) => Some(a.cmp(b)),
        _ => None,
    }
}

/// Whether a comparison holds of what compares so; `None` for `in`, which is none
fn holds(op: CompareOp, order: Ordering) -> Option<bool> {
    match op {
        CompareOp::Eq => Some(order.is_eq()),
        CompareOp::Ne => Some(order.is_ne()),
        CompareOp::Lt => Some(order.is_lt()),
        CompareOp::Le => Some(order.is_le()),
        CompareOp::Gt => Some(order.is_gt()),
        CompareOp::Ge => Some(order.is_ge()),
        CompareOp::In | CompareOp::NotIn => None,
    }
}

/// The value before it was converted
fn plain(value: &Expr) -> &Expr {
    match &value.kind {
        ExprKind::Widen(inner) | ExprKind::Cast(inner) => plain(inner),
        _ => value,
    }
}

//! Operators: what operands they take, and what they give.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::template::ast::{BinaryOp, CompareOp, Expr as Ast, LogicOp, UnaryOp};
use crate::typed::{Expr, ExprKind};

use super::Ty;
use super::checker::{Checker, poison, says, truth, typed};
use super::convert::{a, certain};

impl Checker<'_> {
    /// `-a`, `+a`, `not a`
    pub fn unary(&mut self, op: Spanned<UnaryOp>, operand: &Ast, span: Span) -> Expr {
        if op.value == UnaryOp::Not {
            let operand = self.check_test(operand);
            return typed(ExprKind::Unary(UnaryOp::Not, operand.into()), Ty::Bool, span);
        }
        let operand = self.check(operand);
        match operand.ty.clone() {
            Ty::Poison | Ty::Never => poison(span),
            ty if ty.is_number() || ty == Ty::Any => {
                typed(ExprKind::Unary(op.value, operand.into()), ty, span)
            }
            ty if ty.may_be_null() => self.maybe_null(&operand, op.span, "its sign is changed"),
            ty => self.wrong_operand(operand.span, &format!("{} has no sign", a(&ty))),
        }
    }

    /// `a + b`
    pub fn binary(&mut self, op: Spanned<BinaryOp>, left: &Ast, right: &Ast, span: Span) -> Expr {
        let (left, right) = (self.check(left), self.check(right));
        self.computed(op, left, right, span)
    }

    /// `a + b` of values
    pub fn computed(&mut self, op: Spanned<BinaryOp>, left: Expr, right: Expr, span: Span) -> Expr {
        if op.value == BinaryOp::Concat {
            let kind = ExprKind::Binary(op.value, show(left).into(), show(right).into());
            return typed(kind, Ty::String, span);
        }
        if silent(&left.ty) || silent(&right.ty) {
            return poison(span);
        }
        for operand in [&left, &right] {
            if operand.ty.may_be_null() {
                return self.maybe_null(operand, op.span, "it is computed with");
            }
        }
        let Some((common, gives)) = arithmetic(op.value, &left.ty, &right.ty) else {
            let message =
                format!("`{}` does not take {} and {}", sign(op.value), a(&left.ty), a(&right.ty));
            let wrong = unfit(op.value, &left, &right).unwrap_or(span);
            let mut mistake = Diagnostic::new(Code::TypeMismatch, wrong, message);
            mistake = of_types(mistake, wrong, &left, &right);
            if op.value == BinaryOp::Add && (left.ty.is_text() || right.ty.is_text()) {
                mistake = mistake.help("`~` puts values together as text");
            }
            self.mistake(mistake);
            return poison(span);
        };
        let (left, right) = (certain(left, &common), certain(right, &common));
        typed(ExprKind::Binary(op.value, left.into(), right.into()), gives, span)
    }

    /// `a < b <= c`: as `a < b and b <= c`, each operand computed once where it is not a plain read
    pub fn compare(&mut self, first: &Ast, rest: &[(Spanned<CompareOp>, Ast)], span: Span) -> Expr {
        let mut left = self.check(first);
        let mut all: Option<Expr> = None;
        for (op, right) in rest {
            let right = self.check(right);
            let pair = self.compare_pair(*op, left, right.clone(), span);
            all = Some(match all {
                None => pair,
                Some(before) => {
                    typed(ExprKind::Logic(LogicOp::And, before.into(), pair.into()), Ty::Bool, span)
                }
            });
            left = right;
        }
        all.unwrap_or_else(|| poison(span))
    }

    /// `a < b` of values
    pub fn compare_pair(
        &mut self,
        op: Spanned<CompareOp>,
        left: Expr,
        right: Expr,
        span: Span,
    ) -> Expr {
        if silent(&left.ty) || silent(&right.ty) {
            return poison(span);
        }
        match op.value {
            CompareOp::In | CompareOp::NotIn => self.contained(op, left, right, span),
            CompareOp::Eq | CompareOp::Ne => self.equal(op, left, right, span),
            _ => self.ordered(op, left, right, span),
        }
    }

    fn equal(&mut self, op: Spanned<CompareOp>, left: Expr, right: Expr, span: Span) -> Expr {
        let negated = op.value == CompareOp::Ne;
        if left.ty == Ty::Null {
            return self.null_test(right, negated, span);
        }
        if right.ty == Ty::Null {
            return self.null_test(left, negated, span);
        }
        let Some(common) = left.ty.join(&right.ty) else {
            let message = format!("{} never equals {}", a(&left.ty), a(&right.ty));
            let mistake = Diagnostic::new(Code::TypeMismatch, span, message);
            self.mistake(of_types(mistake, span, &left, &right));
            return poison(span);
        };
        let (left, right) = (certain(left, &common), certain(right, &common));
        typed(ExprKind::Compare(op.value, left.into(), right.into()), Ty::Bool, span)
    }

    /// Whether a value is null; of one that never is, or always, nothing is read
    pub fn null_test(&self, value: Expr, negated: bool, span: Span) -> Expr {
        let open = value.ty == Ty::Any || silent(&value.ty) || matches!(value.ty, Ty::Optional(_));
        if open {
            return typed(ExprKind::IsNull(value.into(), negated), Ty::Bool, span);
        }
        self.decided_by_type(&value, negated != (value.ty == Ty::Null), span)
    }

    /// A test whose outcome the type of a value tells, put as a test for null
    pub fn decided_by_type(&self, value: &Expr, truth: bool, span: Span) -> Expr {
        let negated = truth != (value.ty == Ty::Null);
        let null = |ty| typed(ExprKind::Null, ty, value.span);
        // What was tested or written before is tested again: to be careful is no mistake.
        let tested = if self.is_narrowed(value) {
            let kind = ExprKind::Present(null(value.ty.clone().optional()).into());
            typed(kind, value.ty.clone(), value.span)
        } else {
            null(value.ty.clone())
        };
        typed(ExprKind::IsNull(tested.into(), negated), Ty::Bool, span)
    }

    /// Whether more is known of a value here than is declared
    fn is_narrowed(&self, value: &Expr) -> bool {
        let ExprKind::State(field) = value.kind else {
            return matches!(value.kind, ExprKind::Present(_));
        };
        self.table().fields[field] != value.ty
    }

    fn ordered(&mut self, op: Spanned<CompareOp>, left: Expr, right: Expr, span: Span) -> Expr {
        for operand in [&left, &right] {
            if operand.ty.may_be_null() {
                return self.maybe_null(operand, op.span, "it is put in order");
            }
        }
        let common = left.ty.join(&right.ty).filter(|ty| {
            ty.is_number() || ty.is_text() || matches!(ty, Ty::Any | Ty::DateTime | Ty::Bool)
        });
        let Some(mut common) = common else {
            let message = format!("{} and {} have no order", a(&left.ty), a(&right.ty));
            let mistake = Diagnostic::new(Code::TypeMismatch, span, message);
            self.mistake(of_types(mistake, span, &left, &right));
            return poison(span);
        };
        if common == Ty::Bool {
            common = Ty::Any;
        }
        let (left, right) = (certain(left, &common), certain(right, &common));
        typed(ExprKind::Compare(op.value, left.into(), right.into()), Ty::Bool, span)
    }

    fn contained(&mut self, op: Spanned<CompareOp>, needle: Expr, hay: Expr, span: Span) -> Expr {
        if hay.ty.may_be_null() {
            return self.maybe_null(&hay, op.span, "it is searched");
        }
        let (needle, hay) = match hay.ty.clone() {
            Ty::List(item) => match item.join(&needle.ty) {
                Some(common) => (certain(needle, &common), certain(hay, &Ty::list(common))),
                None => {
                    let message = format!("{} is never in {}", a(&needle.ty), a(&hay.ty));
                    return self.wrong_operand(needle.span, &message);
                }
            },
            ty if ty.is_text() => (
                self.convert_to(needle, Ty::String, "what is searched in a text"),
                certain(hay, &Ty::String),
            ),
            Ty::Open | Ty::Object(_) => {
                (self.convert_to(needle, Ty::String, "a key"), certain(hay, &Ty::Open))
            }
            Ty::Any => (certain(needle, &Ty::Any), hay),
            ty => return self.wrong_operand(hay.span, &format!("{} holds nothing", a(&ty))),
        };
        typed(ExprKind::Compare(op.value, needle.into(), hay.into()), Ty::Bool, span)
    }

    /// `a and b`, `a or b`
    pub fn logic(&mut self, op: LogicOp, left: &Ast, right: &Ast, span: Span) -> Expr {
        let checked = self.check(left);
        let known = says(left, &checked, op == LogicOp::And);
        let right = self.with(known, |checker| checker.check(right));
        // `x or y` gives x only where x is there.
        let left_ty =
            if op == LogicOp::Or { checked.ty.clone().present() } else { checked.ty.clone() };
        let common = left_ty.join(&right.ty).unwrap_or(Ty::Any);
        if op == LogicOp::Or
            && checked.ty.may_be_null()
            && !common.may_be_null()
            && common != Ty::Any
        {
            let test = truth(checked.clone());
            let present = typed(ExprKind::Present(checked.into()), left_ty, span);
            let (then, otherwise) = (certain(present, &common), certain(right, &common));
            return typed(
                ExprKind::Conditional(test.into(), then.into(), otherwise.into()),
                common,
                span,
            );
        }
        let (left, right) = (certain(checked, &common), certain(right, &common));
        typed(ExprKind::Logic(op, left.into(), right.into()), common, span)
    }

    /// `then if test else otherwise`
    pub fn conditional(
        &mut self,
        test: &Ast,
        then: &Ast,
        otherwise: Option<&Ast>,
        span: Span,
    ) -> Expr {
        let checked = self.check_test(test);
        let then = self.with(says(test, &checked, true), |checker| checker.check(then));
        let otherwise = match otherwise {
            Some(otherwise) => {
                self.with(says(test, &checked, false), |checker| checker.check(otherwise))
            }
            None => typed(ExprKind::Null, Ty::Null, span),
        };
        let common = then.ty.join(&otherwise.ty).unwrap_or(Ty::Any);
        let (then, otherwise) = (certain(then, &common), certain(otherwise, &common));
        typed(ExprKind::Conditional(checked.into(), then.into(), otherwise.into()), common, span)
    }
}

/// The operand that no value of its type could be, if it is just one of the two
fn unfit(op: BinaryOp, left: &Expr, right: &Expr) -> Option<Span> {
    let fits = |ty: &Ty| {
        let whole = op == BinaryOp::Add || op == BinaryOp::Mul;
        ty.is_number() || whole && (ty.is_text() || matches!(ty, Ty::List(_)))
    };
    match (fits(&left.ty), fits(&right.ty)) {
        (false, true) => Some(left.span),
        (true, false) => Some(right.span),
        _ => None,
    }
}

/// Says what type each operand has; of one that is marked, in its label
fn of_types(mistake: Diagnostic, marked: Span, left: &Expr, right: &Expr) -> Diagnostic {
    [left, right].into_iter().fold(mistake, |mistake, operand| {
        let words = format!("of type `{}`", operand.ty);
        if operand.span == marked {
            mistake.label(words)
        } else {
            mistake.also(operand.span, words)
        }
    })
}

/// How a value prints
pub fn show(value: Expr) -> Expr {
    if matches!(value.ty, Ty::String | Ty::Poison) {
        return value;
    }
    let span = value.span;
    typed(ExprKind::Show(value.into()), Ty::String, span)
}

/// Whether nothing is to be said of a value of this type
pub fn silent(ty: &Ty) -> bool {
    matches!(ty, Ty::Poison | Ty::Never)
}

/// The type that both operands become, and the type of the result
fn arithmetic(op: BinaryOp, left: &Ty, right: &Ty) -> Option<(Ty, Ty)> {
    let common = match (left, right) {
        (Ty::Any, _) | (_, Ty::Any) => return Some((Ty::Any, Ty::Any)),
        (a, b) if a.is_number() && b.is_number() => a.join(b)?,
        (a, b) if op == BinaryOp::Add && a.is_text() && b.is_text() => Ty::String,
        (Ty::List(_), Ty::List(_)) if op == BinaryOp::Add => left.join(right)?,
        // `'-' * 3`, `'%d' % 3`: what Jinja does with texts and lists is decided by the values.
        (a, b) if op == BinaryOp::Mul && (repeats(a, b) || repeats(b, a)) => {
            return Some((Ty::Any, Ty::Any));
        }
        _ => return None,
    };
    let gives = match (op, &common) {
        (BinaryOp::Div, _) => Ty::Float,
        (BinaryOp::Pow, Ty::Int) => Ty::Number,
        _ => common.clone(),
    };
    Some((common, gives))
}

fn repeats(of: &Ty, times: &Ty) -> bool {
    (of.is_text() || matches!(of, Ty::List(_))) && *times == Ty::Int
}

fn sign(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::FloorDiv => "//",
        BinaryOp::Mod => "%",
        BinaryOp::Pow => "**",
        BinaryOp::Concat => "~",
    }
}

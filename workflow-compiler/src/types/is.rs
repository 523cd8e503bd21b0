//! Tests: `value is name(args)`.

use crate::arguments::{Callee, bind};
use crate::builtins::{self, Decides, Default, OfType, Test};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::template::ast::{Args, BinaryOp, CompareOp, Expr as Ast, UnaryOp};
use crate::typed::{Arg, Expr, ExprKind};

use super::Ty;
use super::calls::suggest;
use super::checker::{Checker, poison, typed};
use super::convert::certain;
use super::operators::{show, silent};

impl Checker<'_> {
    /// `value is name`, `value is not name`
    pub fn test(
        &mut self,
        value: &Ast,
        name: &Spanned<String>,
        args: &Args,
        negated: bool,
        span: Span,
    ) -> Expr {
        let lenient = std::mem::replace(&mut self.lenient, true);
        let value = self.check(value);
        self.lenient = lenient;
        let test = self.test_of(value, name, args, span);
        match test.kind {
            _ if !negated || silent(&test.ty) => test,
            ExprKind::IsNull(of, not) => typed(ExprKind::IsNull(of, !not), Ty::Bool, span),
            ExprKind::Bool(always) => typed(ExprKind::Bool(!always), Ty::Bool, span),
            _ => typed(ExprKind::Unary(UnaryOp::Not, test.into()), Ty::Bool, span),
        }
    }

    /// A test of a value: gives bool
    pub fn test_of(
        &mut self,
        value: Expr,
        name: &Spanned<String>,
        args: &Args,
        span: Span,
    ) -> Expr {
        let Some(test) = builtins::test(&name.value) else {
            let mistake =
                Diagnostic::new(Code::UnknownTest, name.span, format!("no test `{}`", name.value));
            self.mistake(suggest(mistake, name, builtins::test_names()));
            return poison(name.span);
        };
        let params: Vec<(&str, bool)> = test
            .params
            .iter()
            .map(|param| (param.name, param.default == Default::Required))
            .collect();
        let what = format!("test `{}`", name.value);
        let callee = Callee { what: &what, name, params: &params };
        let Some(bound) = bind(callee, args.clone(), &mut self.notes.diagnostics) else {
            return poison(span);
        };
        let other = bound.into_iter().flatten().next().map(|other| self.argument(&other));
        if silent(&value.ty) || other.as_ref().is_some_and(|other| silent(&other.ty)) {
            return poison(span);
        }
        self.decide(test, value, other, name.span, span)
    }

    fn decide(
        &mut self,
        test: &Test,
        value: Expr,
        other: Option<Expr>,
        at: Span,
        span: Span,
    ) -> Expr {
        let other = other.unwrap_or_else(|| poison(at));
        match test.decides {
            // What is not there is null, so that `defined` is the opposite of `none`.
            Decides::Null(null) => self.null_test(value, !null, span),
            Decides::Type(ty, path) => self.of_type(value, ty, path, span),
            Decides::Compare(op) => self.compare_pair(Spanned::new(op, at), value, other, span),
            Decides::Rest { by, leaves } => {
                let int = |value| typed(ExprKind::Int(value), Ty::Int, at);
                let by = by.map_or(other, int);
                let rest = self.computed(Spanned::new(BinaryOp::Mod, at), value, by, span);
                self.compare_pair(Spanned::new(CompareOp::Eq, at), rest, int(leaves), span)
            }
            Decides::Shown(path) => builtin(path, vec![show(value)], span),
            Decides::Same => {
                let both = vec![certain(value, &Ty::Any), certain(other, &Ty::Any)];
                builtin("filters::same_as", both, span)
            }
            Decides::Never => typed(ExprKind::Bool(false), Ty::Bool, span),
        }
    }

    /// Whether a value is of a type: known, or asked when the run gets there
    fn of_type(&self, value: Expr, asked: OfType, path: &'static str, span: Span) -> Expr {
        let known = match &value.ty {
            Ty::Optional(some) => answer(some, asked),
            ty => answer(ty, asked),
        };
        match (known, value.ty.may_be_null()) {
            (Some(true), true) => typed(ExprKind::IsNull(value.into(), true), Ty::Bool, span),
            (Some(always), _) => self.decided_by_type(&value, always, span),
            (None, _) => builtin(path, vec![certain(value, &Ty::Any)], span),
        }
    }
}

/// Whether all values of a type are such, if that is known
fn answer(ty: &Ty, asked: OfType) -> Option<bool> {
    let text = ty.is_text() || *ty == Ty::DateTime;
    let object = matches!(ty, Ty::Object(_) | Ty::Open);
    match (asked, ty) {
        (_, Ty::Any) | (OfType::Int | OfType::Float, Ty::Number) => None,
        (OfType::True | OfType::False, Ty::Bool) => None,
        (OfType::Text, _) => Some(text),
        (OfType::Number, _) => Some(ty.is_number() || *ty == Ty::Bool),
        (OfType::Int, _) => Some(*ty == Ty::Int),
        (OfType::Float, _) => Some(*ty == Ty::Float),
        (OfType::Bool, _) => Some(*ty == Ty::Bool),
        (OfType::True | OfType::False, _) => Some(false),
        (OfType::Object, _) => Some(object),
        (OfType::Sequence, _) => Some(text || object || matches!(ty, Ty::List(_))),
    }
}

fn builtin(path: &'static str, args: Vec<Expr>, span: Span) -> Expr {
    let args = args.into_iter().map(Arg::Given).collect();
    typed(ExprKind::Builtin { path, args, fallible: false }, Ty::Bool, span)
}

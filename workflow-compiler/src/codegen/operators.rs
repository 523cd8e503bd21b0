//! Arithmetic and comparison as Rust.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{Bind, Code};
use super::scope::Scope;
use super::shapes::is_copy;
use crate::template::ast::{BinaryOp, CompareOp};
use crate::typed::{Expr, ExprKind};
use crate::types::Ty;

impl Scope<'_> {
    pub(super) fn binary(&self, op: BinaryOp, left: &Expr, right: &Expr) -> Code {
        let function = match op {
            BinaryOp::Add => quote!(add),
            BinaryOp::Sub => quote!(sub),
            BinaryOp::Mul => quote!(mul),
            BinaryOp::Div => quote!(div),
            BinaryOp::FloorDiv => quote!(floor_div),
            BinaryOp::Mod => quote!(rem),
            BinaryOp::Pow => quote!(pow),
            BinaryOp::Concat => return self.concat(left, right),
        };
        let (left, right) = (self.expr(left).by_ref(), self.expr(right).by_ref());
        Code::owned(self.attempt(&quote!(ops::#function(#left, #right))))
    }

    /// `a ~ b ~ c` in one go
    fn concat(&self, left: &Expr, right: &Expr) -> Code {
        let mut parts = vec![right];
        let mut rest = left;
        while let ExprKind::Binary(BinaryOp::Concat, left, right) = &rest.kind {
            parts.push(right);
            rest = left;
        }
        parts.push(rest);
        let parts = parts.into_iter().rev().map(|part| match &part.kind {
            // Printed, but not copied.
            ExprKind::Show(of) if !of.ty.is_text() => {
                let base = self.expr(of).base();
                quote!(&#base.show())
            }
            _ => self.expr(part).by_str(),
        });
        let parts: Vec<_> = parts.collect();
        Code::owned(self.attempt(&quote!(ops::concat(&[#(#parts),*]))))
    }

    pub(super) fn compare(&self, op: CompareOp, left: &Expr, right: &Expr) -> Code {
        let (operator, function) = match op {
            CompareOp::Eq => (quote!(==), None),
            CompareOp::Ne => (quote!(!=), None),
            CompareOp::Lt => (quote!(<), Some(quote!(less))),
            CompareOp::Le => (quote!(<=), Some(quote!(less_equal))),
            CompareOp::Gt => (quote!(>), Some(quote!(greater))),
            CompareOp::Ge => (quote!(>=), Some(quote!(greater_equal))),
            CompareOp::In => return self.contains(left, right),
            CompareOp::NotIn => {
                let found = self.contains(left, right).operand(Bind::Unary);
                return Code::owned(quote!(!#found)).binding(Bind::Unary);
            }
        };
        let direct = is_copy(&left.ty) && !matches!(left.ty, Ty::Optional(_));
        if direct || (function.is_none() && left.ty.is_text()) {
            return self.direct(&operator, left, right);
        }
        let (left, right) = (self.expr(left).by_ref(), self.expr(right).by_ref());
        match function {
            Some(function) => Code::owned(self.attempt(&quote!(ops::#function(#left, #right)))),
            None if op == CompareOp::Eq => Code::owned(quote!(ops::equal(#left, #right))),
            None => Code::owned(quote!(!ops::equal(#left, #right))).binding(Bind::Unary),
        }
    }

    /// A comparison by Rust's own operator
    fn direct(&self, operator: &TokenStream, left: &Expr, right: &Expr) -> Code {
        let (left, right) = (self.expr(left), self.expr(right));
        // `String` and `&String` have no `==`; copied values have lost their reference already.
        let star = |code: &Code, other: &Code| {
            let mixed = code.is_reference() && !other.is_reference() && !other.is_text();
            if mixed && !code.is_copy() { quote!(*) } else { quote!() }
        };
        let (a, b) = (star(&left, &right), star(&right, &left));
        let (left, right) = (left.operand(Bind::Unary), right.operand(Bind::Unary));
        Code::owned(quote!(#a #left #operator #b #right)).binding(Bind::Compare)
    }

    fn contains(&self, needle: &Expr, haystack: &Expr) -> Code {
        let (needle_code, code) = (self.expr(needle), self.expr(haystack));
        match &haystack.ty {
            Ty::List(_) => {
                let (code, needle) = (code.by_ref(), needle_code.by_ref());
                Code::owned(quote!(ops::contains(#code, #needle)))
            }
            ty if ty.is_text() => {
                let (code, needle) = (code.by_str(), needle_code.by_str());
                Code::owned(quote!(ops::contains_text(#code, #needle)))
            }
            Ty::Open if needle.ty.is_text() => {
                let (code, needle) = (code.by_ref(), needle_code.by_str());
                Code::owned(quote!(ops::contains_object(#code, #needle)))
            }
            _ => {
                let (code, needle) = (self.any_ref(haystack), self.any_ref(needle));
                Code::owned(self.attempt(&quote!(ops::contains_any(#code, #needle))))
            }
        }
    }

    /// A reference to the value as one of any type
    fn any_ref(&self, expr: &Expr) -> TokenStream {
        if expr.ty == Ty::Any { self.expr(expr).by_ref() } else { self.json(expr).by_ref() }
    }
}

//! Method calls: `of.name(args)`.

use crate::builtins::{Builtin, Form, METHODS, Own};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::template::ast::{Args, Expr as Ast, ExprKind as AstKind};
use crate::typed::{Arg, Expr, ExprKind};

use super::Ty;
use super::access::inside_quotes;
use super::calls::suggest;
use super::checker::{Checker, poison, typed};
use super::convert::{a, certain};
use super::filters::Bound;
use super::operators::silent;

impl Checker<'_> {
    /// `of.name(args)`
    pub fn method(&mut self, of: &Ast, name: &Spanned<String>, args: &Args, span: Span) -> Expr {
        let of = self.check(of);
        if silent(&of.ty) {
            return poison(span);
        }
        if of.ty.may_be_null() {
            return self.maybe_null(&of, name.span, "a method of it is called");
        }
        let method = METHODS.iter().find(|method| method.name == name.value);
        let found = method.and_then(|method| Some((method, form_for(method, &of.ty)?)));
        let Some((method, form)) = found else { return self.unknown_method(&of, name) };
        let Some(bound) = self.bind(method, "method", name, args) else { return poison(span) };
        if method.own == Some(Own::Get) {
            return self.get(method, form, of, bound, span);
        }
        let of = if of.ty == Ty::Any { received(of, form) } else { of };
        self.apply(method, form, of, bound, span)
    }

    /// `object.get(key, default)`: of a known object with a key that is written out, its field
    fn get(
        &mut self,
        method: &'static Builtin,
        form: &Form,
        of: Expr,
        bound: Bound,
        span: Span,
    ) -> Expr {
        let default = bound.get("default").cloned();
        if let (Ty::Object(_), Some(AstKind::Str(key))) =
            (&of.ty, bound.get("key").map(|key| &key.kind))
        {
            let at = bound.get("key").map_or(span, |key| key.span);
            let key = inside_quotes(self.world.sources, key, at);
            let value = self.member(of, &key, span);
            // The key is there, and a null of it stays null.
            if let Some(default) = default {
                self.argument(&default);
            }
            return value;
        }
        let of = received(of, form);
        let gets = self.apply(method, form, of, bound, span);
        let ExprKind::Builtin { path, mut args, fallible } = gets.kind else { return gets };
        if let Some(Arg::Optional(given)) = args.pop() {
            let null = typed(ExprKind::Null, Ty::Any, span);
            args.push(Arg::Given(given.unwrap_or(null)));
        }
        typed(ExprKind::Builtin { path, args, fallible }, gets.ty, span)
    }

    fn unknown_method(&mut self, of: &Expr, name: &Spanned<String>) -> Expr {
        let known = METHODS.iter().filter(|method| form_for(method, &of.ty).is_some());
        let message = format!("{} has no method `{}`", a(&of.ty), name.value);
        let mistake = Diagnostic::new(Code::UnknownMethod, name.span, message)
            .also(of.span, format!("this is of type `{}`", of.ty));
        self.mistake(suggest(mistake, name, known.map(|method| method.name)));
        poison(name.span)
    }
}

/// A value of any type as the one whose method is called, checked when the run gets there
fn received(of: Expr, form: &Form) -> Expr {
    match form.takes.handed_as() {
        Some(ty) => certain(of, &ty),
        None => of,
    }
}

/// The form of a method for values of a type; of any type the one that is for it, or the only one
fn form_for(method: &'static Builtin, ty: &Ty) -> Option<&'static Form> {
    let fits = method.forms.iter().find(|form| form.takes.fits(ty));
    fits.or_else(|| match method.forms {
        [only] if *ty == Ty::Any => Some(only),
        _ => None,
    })
}

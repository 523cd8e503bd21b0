//! Filters, tests and functions: what they are called with, and what they give.

use crate::arguments::{Callee, bind};
use crate::builtins::{
    AMBIENT, Default, FILTERS, Filter, Form, Gives, Kind, LATER_FILTERS, LATER_FUNCTIONS,
    LATER_TESTS, TAKES_NULL, TESTS, Takes,
};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::ir::agent_function_here;
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::template::ast::{Args, Expr as Ast};
use crate::typed::{Arg, Expr, ExprKind};

use super::Ty;
use super::checker::{Checker, poison, typed};
use super::convert::{a, certain, is_listed};
use super::operators::{is_null_test, show, silent};

impl Checker<'_> {
    /// `value | name(args)`
    pub fn filter(&mut self, value: &Ast, name: &Spanned<String>, args: &Args, span: Span) -> Expr {
        if name.value == "default" {
            return self.default_filter(value, name, args, span);
        }
        let value = self.check(value);
        let Some(filter) = FILTERS.iter().find(|filter| filter.name == name.value) else {
            return self.unknown_filter(name);
        };
        let Some(bound) = self.bind_filter(filter, name, args) else { return poison(span) };
        if silent(&value.ty) {
            return poison(span);
        }
        if value.ty.may_be_null() && !TAKES_NULL.contains(&filter.name) {
            return self.maybe_null(
                &value,
                name.span,
                &format!("`{}` does not take null", filter.name),
            );
        }
        // `int` of null is its default: as of any value that is no number.
        let null_as_any = value.ty.may_be_null() && filter.name == "int";
        let value = if null_as_any { certain(value, &Ty::Any) } else { value };
        match filter.forms.iter().find(|form| form.takes.fits(&value.ty)) {
            Some(form) => self.apply(filter, form, value, bound, span),
            None => self.wrong_operand(
                value.span,
                &format!("`{}` does not take {}", filter.name, a(&value.ty)),
            ),
        }
    }

    fn bind_filter(
        &mut self,
        filter: &Filter,
        name: &Spanned<String>,
        args: &Args,
    ) -> Option<Vec<Option<Ast>>> {
        let params: Vec<(&str, bool)> = filter
            .params
            .iter()
            .map(|param| (param.name, param.default == Default::Required))
            .collect();
        let what = format!("filter `{}`", filter.name);
        let callee = Callee { what: &what, name, params: &params };
        bind(callee, args.clone(), &mut self.notes.diagnostics)
    }

    fn apply(
        &mut self,
        filter: &Filter,
        form: &Form,
        value: Expr,
        bound: Vec<Option<Ast>>,
        span: Span,
    ) -> Expr {
        let gives = match (form.gives, &value.ty) {
            (Gives::MaybeItem, Ty::List(item)) => (**item).clone().optional(),
            (Gives::MaybeItem | Gives::Any, _) => Ty::Any,
            (Gives::Text, _) => Ty::String,
            (Gives::MaybeText, _) => Ty::String.optional(),
            (Gives::Int, _) => Ty::Int,
            (Gives::Texts, _) => Ty::list(Ty::String),
        };
        let value = match form.takes {
            Takes::Shown => show(value),
            Takes::Text => certain(value, &Ty::String),
            Takes::Object => certain(value, &Ty::Open),
            _ => value,
        };
        let mut args = vec![Arg::Given(value)];
        for (param, given) in filter.params.iter().zip(bound).take(form.params) {
            let ty = match param.takes {
                Kind::Text => Ty::String,
                Kind::Int => Ty::Int,
                Kind::Bool => Ty::Bool,
            };
            let given = given.map(|given| {
                let given = self.check(&given);
                self.convert_to(given, ty, format!("`{}` of `{}`", param.name, filter.name))
            });
            args.push(argument(param.default, given, span));
        }
        typed(ExprKind::Builtin { path: form.path, args, fallible: form.fallible }, gives, span)
    }

    fn default_filter(
        &mut self,
        value: &Ast,
        name: &Spanned<String>,
        args: &Args,
        span: Span,
    ) -> Expr {
        let params = [("default_value", false), ("boolean", false)];
        let callee = Callee { what: "filter `default`", name, params: &params };
        let bound = bind(callee, args.clone(), &mut self.notes.diagnostics);
        let lenient = std::mem::replace(&mut self.lenient, true);
        let value = self.check(value);
        self.lenient = lenient;
        let Some([fallback, falsy]) = bound.and_then(|bound| <[_; 2]>::try_from(bound).ok()) else {
            return poison(span);
        };
        let fallback = match fallback {
            Some(fallback) => self.check(&fallback),
            None => typed(ExprKind::Str(String::new()), Ty::String, span),
        };
        let falsy = match falsy {
            Some(falsy) => self.check_test(&falsy),
            None => typed(ExprKind::Bool(false), Ty::Bool, span),
        };
        if silent(&value.ty) || silent(&fallback.ty) {
            return poison(span);
        }
        let present = value.ty.clone().present();
        // One of the words, written out, stands in for a word.
        let common = match &present {
            Ty::Enum(_) if is_listed(&fallback, &present) => present,
            present => present.join(&fallback.ty).unwrap_or(Ty::Any),
        };
        let (path, value) = match &value.ty {
            _ if common == Ty::Any => ("filters::default_any", certain(value, &Ty::Any)),
            ty if ty.may_be_null() => {
                // Where the fallback may itself be null, so may the whole.
                let wrapped = Ty::Optional(Box::new(common.clone()));
                ("filters::default", certain(value, &wrapped))
            }
            _ => ("filters::default_known", certain(value, &common)),
        };
        let args = [value, certain(fallback, &common), falsy].map(Arg::Given).into();
        typed(ExprKind::Builtin { path, args, fallible: false }, common, span)
    }

    fn unknown_filter(&mut self, name: &Spanned<String>) -> Expr {
        if LATER_FILTERS.contains(&name.value.as_str()) {
            return self.unsupported(name.span, &format!("filter `{}`", name.value));
        }
        let known = FILTERS.iter().map(|filter| filter.name).chain(["default"]);
        let mistake =
            Diagnostic::new(Code::UnknownFilter, name.span, format!("no filter `{}`", name.value));
        let mistake = if self.is_function(&name.value) {
            mistake.help(format!("`{0}` is a function, and is called so: `{0}(…)`", name.value))
        } else {
            suggest(mistake, name, known)
        };
        self.mistake(mistake);
        poison(name.span)
    }

    /// Whether there is a function of that name
    pub fn is_function(&self, name: &str) -> bool {
        let names = self.world.names;
        AMBIENT.iter().any(|(ambient, ..)| *ambient == name)
            || names.agent_function(name).is_some()
            || names.host_function(name).is_some()
    }

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
        if !TESTS.contains(&name.value.as_str()) {
            if LATER_TESTS.contains(&name.value.as_str()) {
                return self.unsupported(name.span, &format!("test `{}`", name.value));
            }
            let mistake =
                Diagnostic::new(Code::UnknownTest, name.span, format!("no test `{}`", name.value));
            self.mistake(suggest(mistake, name, TESTS.iter().copied()));
            return poison(name.span);
        }
        let callee = Callee { what: &format!("test `{}`", name.value), name, params: &[] };
        if bind(callee, args.clone(), &mut self.notes.diagnostics).is_none() || silent(&value.ty) {
            return poison(span);
        }
        // What is not there is null, so that `defined` is the opposite of `none`.
        let is_null = (name.value == "none") != negated;
        is_null_test(value, !is_null, span)
    }

    /// `name(args)`
    pub fn call(&mut self, name: &Spanned<String>, args: &Args, span: Span) -> Expr {
        if let Some((ambient, ty, _)) = AMBIENT.iter().find(|(ambient, ..)| *ambient == name.value)
        {
            let callee = Callee { what: &format!("function `{ambient}`"), name, params: &[] };
            return match bind(callee, args.clone(), &mut self.notes.diagnostics) {
                Some(_) => typed(ExprKind::Ambient(ambient), ty.clone(), span),
                None => poison(span),
            };
        }
        if LATER_FUNCTIONS.contains(&name.value.as_str()) {
            return self.unsupported(name.span, &format!("function `{}`", name.value));
        }
        if self.world.names.host_function(&name.value).is_some() {
            return self.host_call(name, args, span);
        }
        let names = self.world.names;
        if names.incomplete {
            return poison(span);
        }
        if names.agent_function(&name.value).is_some() {
            // Wherever else one can stand, it was taken out of the expression.
            self.mistake(agent_function_here(name, "in instructions"));
            return poison(span);
        }
        let known =
            names.agent_functions.keys().chain(names.host_functions.keys()).map(String::as_str);
        let mistake = Diagnostic::new(
            Code::UnknownFunction,
            name.span,
            format!("no function `{}`", name.value),
        );
        if is_filter(&name.value) {
            let help = format!("`{0}` is a filter, and is called so: `… | {0}`", name.value);
            self.mistake(mistake.help(help));
            return poison(span);
        }
        let mistake = suggest(mistake, name, known.chain(AMBIENT.iter().map(|(name, ..)| *name)))
            .help("an agent answers the functions of `functions.yaml`; those in Rust are marked `#[workflow_fn]`");
        self.mistake(mistake);
        poison(span)
    }

    fn host_call(&mut self, name: &Spanned<String>, args: &Args, span: Span) -> Expr {
        let Some(function) = self.world.names.host_function(&name.value) else {
            return poison(span);
        };
        let params: Vec<(&str, bool)> = function
            .params
            .iter()
            .map(|param| (param.name.as_str(), !param.ty.may_be_null()))
            .collect();
        let what = format!("function `{}`", name.value);
        let callee = Callee { what: &what, name, params: &params };
        let Some(bound) = bind(callee, args.clone(), &mut self.notes.diagnostics) else {
            return poison(span);
        };
        let mut converted = Vec::new();
        for (param, given) in function.params.iter().zip(bound) {
            let given = match given {
                Some(given) => self.check(&given),
                None => typed(ExprKind::Null, Ty::Null, span),
            };
            let by = format!("parameter `{}` of `{}`", param.name, name.value);
            converted.push((self.convert_to(given, param.ty.clone(), by), param.host.clone()));
        }
        typed(
            ExprKind::Host { name: name.value.clone(), args: converted },
            function.returns.clone(),
            span,
        )
    }
}

/// The argument as the runtime's function takes it
fn argument(default: Default, given: Option<Expr>, span: Span) -> Arg {
    match (default, given) {
        (Default::Absent, given) => Arg::Optional(given),
        (_, Some(given)) => Arg::Given(given),
        (Default::Int(value), None) => Arg::Given(typed(ExprKind::Int(value), Ty::Int, span)),
        (Default::Bool(value), None) => Arg::Given(typed(ExprKind::Bool(value), Ty::Bool, span)),
        (Default::Text(value), None) => {
            Arg::Given(typed(ExprKind::Str(value.into()), Ty::String, span))
        }
        (Default::Required, None) => Arg::Given(poison(span)),
    }
}

fn is_filter(name: &str) -> bool {
    name == "default"
        || FILTERS.iter().any(|filter| filter.name == name)
        || LATER_FILTERS.contains(&name)
}

fn suggest<'a>(
    mistake: Diagnostic,
    name: &Spanned<String>,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    match closest(&name.value, known) {
        Some(meant) => mistake
            .help(format!("did you mean `{meant}`?"))
            .fix(format!("call `{meant}`"), vec![Edit { span: name.span, text: meant.to_owned() }]),
        None => mistake,
    }
}

//! Calls of functions: what they are called with, and what they give.

use crate::arguments::{Callee, bind};
use crate::builtins::{self, Default, FUNCTIONS, Function, Yields};
use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::ir::agent_function_here;
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::template::ast::{Args, Expr as Ast, ExprKind as AstKind};
use crate::typed::{Arg, Expr, ExprKind};

use super::Ty;
use super::checker::{Checker, poison, typed};

impl Checker<'_> {
    /// Whether there is a function of that name
    pub fn is_function(&self, name: &str) -> bool {
        let names = self.world.names;
        builtins::function(name).is_some()
            || names.agent_function(name).is_some()
            || names.host_function(name).is_some()
    }

    /// `name(args)`
    pub fn call(&mut self, name: &Spanned<String>, args: &Args, span: Span) -> Expr {
        if let Some(function) = builtins::function(&name.value) {
            return self.built_in(function, name, args, span);
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
        if builtins::filter(&name.value).is_some() {
            let help = format!("`{0}` is a filter, and is called so: `… | {0}`", name.value);
            self.mistake(mistake.help(help));
            return poison(span);
        }
        let mistake = suggest(mistake, name, known.chain(FUNCTIONS.iter().map(|function| function.name)))
            .help("an agent answers the functions of `functions.yaml`; those in Rust are marked `#[workflow_fn]`");
        self.mistake(mistake);
        poison(span)
    }

    /// A call of a function that is built in
    fn built_in(
        &mut self,
        function: &Function,
        name: &Spanned<String>,
        args: &Args,
        span: Span,
    ) -> Expr {
        let params: Vec<(&str, bool)> = function
            .params
            .iter()
            .map(|param| (param.name, param.default == Default::Required))
            .collect();
        let what = format!("function `{}`", function.name);
        let mut args = args.clone();
        if matches!(function.yields, Yields::Range) && args.positional.len() == 1 {
            // The only argument is where it stops, as in Python.
            let zero = Ast { kind: AstKind::Int(0), span: args.positional[0].span };
            args.positional.insert(0, zero);
        }
        let callee = Callee { what: &what, name, params: &params };
        let Some(bound) = bind(callee, args, &mut self.notes.diagnostics) else {
            return poison(span);
        };
        if let Yields::Ambient(ty) = &function.yields {
            return typed(ExprKind::Ambient(function.name), ty.clone(), span);
        }
        let mut converted = Vec::new();
        for (param, given) in function.params.iter().zip(bound) {
            let given = given.map(|given| {
                let given = self.argument(&given);
                self.convert_to(given, Ty::Int, format!("`{}` of `{}`", param.name, function.name))
            });
            converted.push(stand_in(param.default, given, span));
        }
        let kind = ExprKind::Builtin { path: "functions::range", args: converted, fallible: true };
        typed(kind, Ty::list(Ty::Int), span)
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
pub fn stand_in(default: Default, given: Option<Expr>, span: Span) -> Arg {
    match (default, given) {
        (Default::Absent, given) => Arg::Optional(given),
        (_, Some(given)) => Arg::Given(given),
        (Default::Int(value), None) => Arg::Given(typed(ExprKind::Int(value), Ty::Int, span)),
        (Default::Float(value), None) => Arg::Given(typed(ExprKind::Float(value), Ty::Float, span)),
        (Default::Bool(value), None) => Arg::Given(typed(ExprKind::Bool(value), Ty::Bool, span)),
        (Default::Text(value), None) => {
            Arg::Given(typed(ExprKind::Str(value.into()), Ty::String, span))
        }
        (Default::Required, None) => Arg::Given(poison(span)),
    }
}

/// Says which known name was meant, and offers it
pub fn suggest<'a>(
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

//! `loop`: what the body of a `{% for %}` knows of the loop itself.

use crate::diagnostic::{Code, Diagnostic, Edit};
use crate::source::{Span, Spanned};
use crate::syntax::decode::closest;
use crate::template::ast::{Args, Expr as Ast, ExprKind as AstKind};
use crate::typed::{Expr, ExprKind, LoopMethod, LoopVar};

use super::Ty;
use super::checker::{Checker, poison, typed};
use super::convert::certain;
use super::operators::silent;

const PROPERTIES: &[&str] = &[
    "index",
    "index0",
    "revindex",
    "revindex0",
    "first",
    "last",
    "length",
    "previtem",
    "nextitem",
    "depth",
    "depth0",
];

const METHODS: &[&str] = &["cycle", "changed"];

impl Checker<'_> {
    /// The loop that a name stands for: `loop` for the innermost, or what was set to it
    pub fn loop_named(&self, name: &str) -> Option<usize> {
        match self.locals.iter().rev().find(|local| local.name == name) {
            Some(local) => local.is_loop,
            None if name == "loop" => {
                let head = self.locals.iter().rev().find(|local| local.heads_loop);
                head.map(|head| head.number)
            }
            None => None,
        }
    }

    /// The loop that is looked into
    pub fn loop_of(&self, of: &Ast) -> Option<usize> {
        if let AstKind::Name(name) = &of.kind { self.loop_named(name) } else { None }
    }

    /// `loop.name`
    pub fn loop_var(&mut self, of: usize, name: &Spanned<String>, span: Span) -> Expr {
        let constant = |value| typed(ExprKind::Int(value), Ty::Int, span);
        let (var, ty) = match name.value.as_str() {
            "index" => (LoopVar::Index, Ty::Int),
            "index0" => (LoopVar::Index0, Ty::Int),
            "revindex" => (LoopVar::Revindex, Ty::Int),
            "revindex0" => (LoopVar::Revindex0, Ty::Int),
            "length" => (LoopVar::Length, Ty::Int),
            "first" => (LoopVar::First, Ty::Bool),
            "last" => (LoopVar::Last, Ty::Bool),
            "previtem" => (LoopVar::Previtem, self.loop_item(of).optional()),
            "nextitem" => (LoopVar::Nextitem, self.loop_item(of).optional()),
            // Loops do not call themselves, so that none is deeper than the first.
            "depth" => return constant(1),
            "depth0" => return constant(0),
            _ => return self.no_loop_member(name, Code::UnknownField, "property", PROPERTIES),
        };
        if silent(&ty) {
            return poison(span);
        }
        typed(ExprKind::Loop { of, var }, ty, span)
    }

    /// `loop.name(args)`
    pub fn loop_method(
        &mut self,
        of: usize,
        name: &Spanned<String>,
        args: &Args,
        span: Span,
    ) -> Expr {
        let method = match name.value.as_str() {
            "cycle" => LoopMethod::Cycle,
            "changed" => LoopMethod::Changed,
            _ => return self.no_loop_member(name, Code::UnknownMethod, "method", METHODS),
        };
        if let Some((keyword, _)) = args.keyword.first() {
            let message = format!("`loop.{}` has no parameter `{}`", name.value, keyword.value);
            self.mistake(Diagnostic::new(Code::WrongArguments, keyword.span, message));
            return poison(span);
        }
        if method == LoopMethod::Cycle && args.positional.is_empty() {
            let message = "`loop.cycle` needs at least one value";
            self.mistake(Diagnostic::new(Code::WrongArguments, args.span, message));
            return poison(span);
        }
        let values: Vec<Expr> = args.positional.iter().map(|value| self.check(value)).collect();
        if values.iter().any(|value| silent(&value.ty)) {
            return poison(span);
        }
        let join = |ty: Ty, value: &Expr| ty.join(&value.ty).unwrap_or(Ty::Any);
        let (each, gives) = match method {
            LoopMethod::Cycle => {
                let common = values.iter().fold(Ty::Never, join);
                (common.clone(), common)
            }
            LoopMethod::Changed => (Ty::Any, Ty::Bool),
        };
        let values = values.into_iter().map(|value| certain(value, &each)).collect();
        typed(ExprKind::LoopCall { of, method, values }, gives, span)
    }

    /// `loop` where a value is wanted
    pub fn loop_alone(&mut self, name: &str, span: Span) -> Expr {
        let message = format!("`{name}` by itself is no value");
        let help = format!("read one of its properties: `{name}.index`, `{name}.last`, …");
        self.mistake(Diagnostic::new(Code::TypeMismatch, span, message).help(help));
        poison(span)
    }

    fn loop_item(&self, of: usize) -> Ty {
        let head = self.locals.iter().find(|local| local.number == of);
        head.map_or(Ty::Poison, |head| head.ty.clone())
    }

    fn no_loop_member(
        &mut self,
        name: &Spanned<String>,
        code: Code,
        what: &str,
        known: &[&str],
    ) -> Expr {
        let message = format!("`loop` has no {what} `{}`", name.value);
        let mut mistake = Diagnostic::new(code, name.span, message);
        mistake = match closest(&name.value, known.iter().copied()) {
            Some(meant) => {
                let edit = Edit { span: name.span, text: meant.to_owned() };
                mistake
                    .help(format!("did you mean `{meant}`?"))
                    .fix(format!("use `{meant}`"), vec![edit])
            }
            None => mistake.help(format!("it has `{}`", known.join("`, `"))),
        };
        self.mistake(mistake);
        poison(name.span)
    }
}

//! Filters that look at each item of a list: one mechanism, an expression over a local that stands
//! for the item. The names of filters, tests and attributes are resolved here, from literals.

use crate::arguments::{Callee, bind};
use crate::builtins::{self, Decides};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::template::ast::{Args, Expr as Ast, ExprKind as AstKind};
use crate::typed::{Arg, Each, Expr, ExprKind};

use super::access::inside_quotes;
use super::checker::{Checker, poison, truth, typed};
use super::convert::{a, certain};
use super::filters::{nullable, or_default};
use super::operators::silent;
use super::{Shape, Ty};

/// A part of an attribute: `items.0.name` has three
pub type Part = Spanned<String>;

impl Checker<'_> {
    /// An argument of a call; in an expression over items it is computed once before, unless that
    /// costs nothing
    pub fn argument(&mut self, arg: &Ast) -> Expr {
        let value = self.check(arg);
        let Some(once) = &mut self.once else { return value };
        if silent(&value.ty) || is_cheap(&value) {
            return value;
        }
        let (number, ty, span) = (self.numbered, value.ty.clone(), value.span);
        self.numbered += 1;
        once.push((number, value));
        typed(ExprKind::Local(number), ty, span)
    }

    /// A value as the list that a filter goes through: characters of a text, keys of an object
    pub fn sequence(&mut self, value: Expr, filter: &str, span: Span) -> Expr {
        let (path, handed, gives, fallible) = match value.ty.clone() {
            Ty::List(item) if *item == Ty::Never && self.world.tables.poisons => {
                return certain(value, &Ty::list(Ty::Any));
            }
            Ty::List(_) => return value,
            ty if silent(&ty) => return poison(span),
            Ty::Any => ("ops::each_any", Ty::Any, Ty::Any, true),
            ty if ty.is_text() => ("filters::list_text", Ty::String, Ty::String, true),
            Ty::Object(_) | Ty::Open => ("filters::list_object", Ty::Open, Ty::String, false),
            ty if ty.may_be_null() => {
                return self.maybe_null(&value, span, &format!("`{filter}` does not take null"));
            }
            ty => {
                let message = format!("`{filter}` takes a list, and this is {}", a(&ty));
                return self.wrong_operand(value.span, &message);
            }
        };
        let span = value.span;
        let args = vec![Arg::Given(certain(value, &handed))];
        typed(ExprKind::Builtin { path, args, fallible }, Ty::list(gives), span)
    }

    /// A list gone through by a function of the runtime
    pub fn each(
        &mut self,
        path: &'static str,
        items: Expr,
        args: Vec<Expr>,
        gives: impl FnOnce(&mut Self, &Ty, &Expr) -> Option<Ty>,
        body: impl FnOnce(&mut Self, Expr) -> Expr,
    ) -> Expr {
        let span = items.span;
        let item = match &items.ty {
            Ty::List(item) => (**item).clone(),
            _ => Ty::Poison,
        };
        let local = self.numbered;
        self.numbered += 1;
        let outermost = self.once.is_none();
        self.once.get_or_insert_default();
        let body = body(self, typed(ExprKind::Local(local), item.clone(), span));
        let once = if outermost { self.once.take().unwrap_or_default() } else { Vec::new() };
        if silent(&item) || silent(&body.ty) {
            return poison(span);
        }
        let Some(ty) = gives(self, &item, &body) else { return poison(span) };
        let (grouped, path) = (path == "filters::group", nullable(path, &items.ty));
        let each = Each { path, once, items, args, grouped, local, body };
        typed(ExprKind::Each(Box::new(each)), ty, span)
    }

    /// What an expression gives for each item
    pub fn mapped(&mut self, items: Expr, body: impl FnOnce(&mut Self, Expr) -> Expr) -> Expr {
        let gives = |_: &mut Self, _: &Ty, body: &Expr| Some(Ty::list(body.ty.clone()));
        self.each("filters::map", items, Vec::new(), gives, body)
    }

    /// `items | map('filter', …)`, `items | map(attribute='a.b')`
    pub fn map(&mut self, value: Expr, name: &Spanned<String>, args: &Args, span: Span) -> Expr {
        let items = self.sequence(value, &name.value, span);
        if !args.positional.is_empty() {
            let Some((filter, args)) = self.literal_name(args, "a filter") else {
                return poison(span);
            };
            return self.mapped(items, |checker, item| {
                checker.filter_of(item, &filter, &args, filter.span)
            });
        }
        if args.keyword.is_empty() {
            return self.not_given("a filter or an attribute", "map('upper')", name, args);
        }
        let params = [("attribute", true), ("default", false)];
        let callee = Callee { what: "filter `map`", name, params: &params };
        let bound = bind(callee, args.clone(), &mut self.notes.diagnostics);
        let Some([Some(attribute), default]) =
            bound.and_then(|bound| <[_; 2]>::try_from(bound).ok())
        else {
            return poison(span);
        };
        let Some(parts) = self.attribute(&attribute) else { return poison(span) };
        self.mapped(items, |checker, item| {
            let value = checker.read(item, &parts);
            match &default {
                Some(default) => checker.with_default(value, default),
                None => value,
            }
        })
    }

    /// Reports a filter that is called with nothing
    fn not_given(&mut self, what: &str, call: &str, name: &Spanned<String>, args: &Args) -> Expr {
        let span = name.span.to(args.span);
        let message = format!("filter `{}` is not given {what}", name.value);
        let mistake = Diagnostic::new(Code::WrongArguments, span, message);
        self.mistake(mistake.help(format!("it is called as `{call}`")));
        poison(span)
    }

    /// A value with something in place of null
    pub fn with_default(&mut self, value: Expr, default: &Ast) -> Expr {
        let (fallback, span) = (self.argument(default), value.span);
        let falsy = typed(ExprKind::Bool(false), Ty::Bool, span);
        or_default(value, fallback, falsy, span)
    }

    /// `items | select('test', …)`, `items | reject('test', …)`
    pub fn select(
        &mut self,
        path: &'static str,
        value: Expr,
        name: &Spanned<String>,
        args: &Args,
        span: Span,
    ) -> Expr {
        let items = self.sequence(value, &name.value, span);
        let Some(test) = self.tests(args) else { return poison(span) };
        let there = rules_out_null(path, test.as_ref());
        let kept = self.kept(path, items, |checker, item| checker.tested(item, test));
        match &kept.ty {
            // Of nothing but nulls nothing is left. So it is, too, while it is not yet inferred what
            // children return of which some may fail.
            Ty::List(item) if there && **item == Ty::Null => {
                typed(ExprKind::List(Vec::new()), Ty::list(Ty::Never), span)
            }
            Ty::List(item) if there && matches!(**item, Ty::Optional(_)) => {
                self.mapped(kept, |_, item| present(item))
            }
            _ => kept,
        }
    }

    /// `items | selectattr('a', 'test', …)`, `items | rejectattr('a', 'test', …)`
    pub fn select_attr(
        &mut self,
        path: &'static str,
        value: Expr,
        name: &Spanned<String>,
        args: &Args,
        span: Span,
    ) -> Expr {
        let items = self.sequence(value, &name.value, span);
        let mut args = args.clone();
        if args.positional.is_empty() {
            let call = format!("{}('done')", name.value);
            return self.not_given("an attribute", &call, name, &args);
        }
        let attribute = args.positional.remove(0);
        let (parts, test) = (self.attribute(&attribute), self.tests(&args));
        let (Some(parts), Some(test)) = (parts, test) else { return poison(span) };
        let there = rules_out_null(path, test.as_ref());
        let kept = self.kept(path, items, |checker, item| {
            let value = checker.read(item, &parts);
            checker.tested(value, test)
        });
        match with_field(&kept.ty, &parts) {
            Some(ty) if there => typed(ExprKind::Cast(kept.into()), ty, span),
            _ => kept,
        }
    }

    fn kept(
        &mut self,
        path: &'static str,
        items: Expr,
        body: impl FnOnce(&mut Self, Expr) -> Expr,
    ) -> Expr {
        let gives = |_: &mut Self, item: &Ty, _: &Expr| Some(Ty::list(item.clone()));
        self.each(path, items, Vec::new(), gives, body)
    }

    fn tested(&mut self, value: Expr, test: Option<(Spanned<String>, Args)>) -> Expr {
        match test {
            Some((name, args)) => self.test_of(value, &name, &args, name.span),
            None if silent(&value.ty) => value,
            None => truth(value),
        }
    }

    /// The test that is named, if one is; `None` where it is named wrongly, which is reported
    #[expect(clippy::option_option, reason = "that there is none, and that it is wrong")]
    fn tests(&mut self, args: &Args) -> Option<Option<(Spanned<String>, Args)>> {
        if args.positional.is_empty() && args.keyword.is_empty() {
            return Some(None);
        }
        self.literal_name(args, "a test").map(Some)
    }

    /// The name that comes first among arguments, and the others
    fn literal_name(&mut self, args: &Args, what: &str) -> Option<(Spanned<String>, Args)> {
        let mut rest = args.clone();
        let (first, span) = match args.positional.first() {
            Some(_) => {
                let first = rest.positional.remove(0);
                (first.kind, first.span)
            }
            None => (AstKind::Null, args.span),
        };
        if let AstKind::Str(name) = first {
            return Some((inside_quotes(self.world.sources, &name, span), rest));
        }
        let message = format!("the name of {what} must be written out here, in quotes");
        self.mistake(Diagnostic::new(Code::WrongArguments, span, message));
        None
    }

    /// The parts of an attribute that is written out
    pub fn attribute(&mut self, arg: &Ast) -> Option<Vec<Part>> {
        let name = match &arg.kind {
            AstKind::Str(name) => inside_quotes(self.world.sources, name, arg.span),
            AstKind::Int(index) => Spanned::new(index.to_string(), arg.span),
            AstKind::Broken => return None,
            _ => {
                let message = "an attribute must be written out here, in quotes";
                self.mistake(Diagnostic::new(Code::WrongArguments, arg.span, message));
                return None;
            }
        };
        Some(self.split(&name, '.'))
    }

    /// A name in quotes cut into its parts
    pub fn split(&self, name: &Spanned<String>, at: char) -> Vec<Part> {
        let exact = self.world.sources.text(name.span) == name.value;
        let mut start = name.span.range().start;
        let mut parts = Vec::new();
        for part in name.value.split(at) {
            let range = start..start + part.len();
            let span = if exact { Span::new(name.span.file, range) } else { name.span };
            parts.push(Spanned::new(part.to_owned(), span));
            start += part.len() + at.len_utf8();
        }
        parts
    }

    /// An attribute of an item
    pub fn read(&mut self, item: Expr, parts: &[Part]) -> Expr {
        parts.iter().fold(item, |value, part| match part.value.parse() {
            Ok(index) if !matches!(value.ty, Ty::Object(_) | Ty::Open) => {
                let index = typed(ExprKind::Int(index), Ty::Int, part.span);
                self.element(value, index, part.span)
            }
            _ => self.member(value, part, part.span),
        })
    }
}

/// Whether only what is not null is kept by a test, or by none
fn rules_out_null(path: &str, test: Option<&(Spanned<String>, Args)>) -> bool {
    let keeps = path == "filters::select";
    match test.and_then(|(name, _)| builtins::test(&name.value)).map(|test| test.decides) {
        None => keeps && test.is_none(),
        Some(Decides::Null(null)) => null != keeps,
        Some(Decides::Type(..)) => keeps,
        Some(_) => false,
    }
}

/// What may be null where it certainly is not
fn present(value: Expr) -> Expr {
    let (ty, span) = (value.ty.clone().present(), value.span);
    typed(ExprKind::Present(value.into()), ty, span)
}

/// A list of objects as one of objects whose field is certainly there; `None` if that is no news
fn with_field(list: &Ty, parts: &[Part]) -> Option<Ty> {
    let (Ty::List(item), [name]) = (list, parts) else { return None };
    let Ty::Object(shape) = &**item else { return None };
    let mut shape = Shape::clone(shape);
    let field = shape.fields.get_mut(&name.value).filter(|ty| matches!(ty, Ty::Optional(_)))?;
    *field = field.clone().present();
    Some(Ty::list(Ty::Object(shape.into())))
}

/// Whether to compute a value costs next to nothing: reads and literals
fn is_cheap(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Input(_)
        | ExprKind::State(_)
        | ExprKind::Item
        | ExprKind::Place(_)
        | ExprKind::Temp(_)
        | ExprKind::Local(_)
        | ExprKind::Loop { .. } => true,
        ExprKind::Field(of, _) | ExprKind::Key(of, _) | ExprKind::Present(of) => is_cheap(of),
        ExprKind::Widen(of) => is_literal(of),
        ExprKind::Unary(_, of) => is_literal(of),
        _ => is_literal(value),
    }
}

fn is_literal(value: &Expr) -> bool {
    let mut literal = true;
    value.visit(&mut |part| {
        literal &= matches!(
            part.kind,
            ExprKind::Null
                | ExprKind::Bool(_)
                | ExprKind::Int(_)
                | ExprKind::Float(_)
                | ExprKind::Str(_)
                | ExprKind::List(_)
                | ExprKind::Object(_)
                | ExprKind::Widen(_)
                | ExprKind::Unary(..)
        );
    });
    literal
}

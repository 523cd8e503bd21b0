//! Filters that look at each item of a list: one mechanism, an expression over a local that stands
//! for the item. The names of filters, tests and attributes are resolved here, from literals.

use crate::arguments::{Callee, bind};
use crate::builtins::{self, Builtin, Decides};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::template::ast::{Args, Expr as Ast, ExprKind as AstKind};
use crate::typed::{Arg, Each, Expr, ExprKind};

use super::checker::{Checker, poison, truth, typed};
use super::convert::{a, certain};
use super::filters::{Bound, nullable, or_default};
use super::operators::{show, silent};
use super::{Shape, Ty};

/// A part of an attribute: `items.0.name` has three
type Part = Spanned<String>;

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
    fn each(
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

    fn mapped(&mut self, items: Expr, body: impl FnOnce(&mut Self, Expr) -> Expr) -> Expr {
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

    fn with_default(&mut self, value: Expr, default: &Ast) -> Expr {
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
            return Some((self.inside_quotes(&name, span), rest));
        }
        let message = format!("the name of {what} must be written out here, in quotes");
        self.mistake(Diagnostic::new(Code::WrongArguments, span, message));
        None
    }

    /// The parts of an attribute that is written out
    fn attribute(&mut self, arg: &Ast) -> Option<Vec<Part>> {
        let name = match &arg.kind {
            AstKind::Str(name) => self.inside_quotes(name, arg.span),
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
    fn split(&self, name: &Spanned<String>, at: char) -> Vec<Part> {
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
    fn read(&mut self, item: Expr, parts: &[Part]) -> Expr {
        parts.iter().fold(item, |value, part| match part.value.parse() {
            Ok(index) if !matches!(value.ty, Ty::Object(_) | Ty::Open) => {
                let index = typed(ExprKind::Int(index), Ty::Int, part.span);
                self.element(value, index, part.span)
            }
            _ => self.member(value, part, part.span),
        })
    }

    /// `sort`, `unique`, `min`, `max`
    pub fn keyed(
        &mut self,
        path: &'static str,
        filter: &Builtin,
        value: Expr,
        bound: &Bound,
        span: Span,
    ) -> Expr {
        let items = self.sequence(value, filter.name, span);
        let mut args = Vec::new();
        for name in ["reverse", "case_sensitive"] {
            if filter.params.iter().any(|param| param.name == name) {
                args.push(self.flag(filter, bound, name, span));
            }
        }
        let attributes = match bound.get("attribute") {
            Some(attribute) => {
                let Some(attributes) = self.attributes(attribute, path) else {
                    return poison(span);
                };
                attributes
            }
            None => Vec::new(),
        };
        let sensitive = matches!(args.last(), Some(Expr { kind: ExprKind::Bool(true), .. }));
        let name = filter.name;
        let gives = |checker: &mut Self, item: &Ty, body: &Expr| {
            if path != "filters::unique" && !checker.has_order(body, name) {
                return None;
            }
            let one = matches!(path, "filters::min" | "filters::max");
            Some(if one { item.clone().optional() } else { Ty::list(item.clone()) })
        };
        self.each(path, items, args, gives, |checker, item| {
            checker.key(item, &attributes, sensitive)
        })
    }

    /// A truth value that is given, or false
    fn flag(&mut self, filter: &Builtin, bound: &Bound, name: &str, span: Span) -> Expr {
        match bound.get(name) {
            Some(given) => {
                let given = self.argument(given);
                self.convert_to(given, Ty::Bool, format!("`{name}` of `{}`", filter.name))
            }
            None => typed(ExprKind::Bool(false), Ty::Bool, span),
        }
    }

    /// The attributes that are sorted by, one or, with commas between them, several
    fn attributes(&mut self, arg: &Ast, path: &str) -> Option<Vec<Vec<Part>>> {
        match &arg.kind {
            AstKind::Str(name) if path == "filters::sort" && name.contains(',') => {
                let name = self.inside_quotes(name, arg.span);
                let all = self.split(&name, ',');
                Some(all.iter().map(|one| self.split(one, '.')).collect())
            }
            _ => Some(vec![self.attribute(arg)?]),
        }
    }

    fn key(&mut self, item: Expr, attributes: &[Vec<Part>], sensitive: bool) -> Expr {
        match attributes {
            [] => item,
            [attribute] => self.read(item, attribute),
            several => {
                let span = item.span;
                let parts = several.iter().map(|attribute| {
                    let part = self.read(item.clone(), attribute);
                    certain(if sensitive { part } else { folded(part) }, &Ty::Any)
                });
                let parts: Vec<Expr> = parts.collect();
                if parts.iter().any(|part| silent(&part.ty)) {
                    return poison(span);
                }
                typed(ExprKind::List(parts), Ty::list(Ty::Any), span)
            }
        }
    }

    /// Whether what is sorted by can be put in order; reports it if not
    fn has_order(&mut self, key: &Expr, filter: &str) -> bool {
        if key.ty.may_be_null() {
            self.maybe_null(key, key.span, "it is put in order");
            return false;
        }
        let ordered = ordered(&key.ty);
        if !ordered {
            let message = format!("`{filter}` cannot put {} in order", a(&key.ty));
            let mistake = Diagnostic::new(Code::TypeMismatch, key.span, message);
            self.mistake(match key.ty {
                Ty::Object(_) | Ty::Open => {
                    mistake.help(format!("say by what: `{filter}(attribute='…')`"))
                }
                _ => mistake,
            });
        }
        ordered
    }

    /// `items | groupby('a')`
    pub fn group(&mut self, filter: &Builtin, value: Expr, bound: &Bound, span: Span) -> Expr {
        let items = self.sequence(value, filter.name, span);
        let parts = bound.get("attribute").and_then(|attribute| self.attribute(attribute));
        let Some(parts) = parts else { return poison(span) };
        let args = vec![self.flag(filter, bound, "case_sensitive", span)];
        let name = filter.name;
        let gives = |checker: &mut Self, item: &Ty, body: &Expr| {
            let fields = [("grouper", body.ty.clone()), ("list", Ty::list(item.clone()))];
            checker.has_order(body, name).then(|| Ty::list(Ty::object(fields)))
        };
        self.each("filters::group", items, args, gives, |checker, item| {
            let value = checker.read(item, &parts);
            match bound.get("default") {
                Some(default) => checker.with_default(value, default),
                None => value,
            }
        })
    }

    /// `items | join(d, attribute)`
    pub fn join(
        &mut self,
        filter: &'static Builtin,
        value: Expr,
        bound: Bound,
        span: Span,
    ) -> Expr {
        let value = match bound.get("attribute") {
            Some(attribute) => {
                let items = self.sequence(value, filter.name, span);
                let Some(parts) = self.attribute(attribute) else { return poison(span) };
                self.mapped(items, |checker, item| {
                    let value = checker.read(item, &parts);
                    if silent(&value.ty) { value } else { show(value) }
                })
            }
            None if matches!(value.ty, Ty::Object(_) | Ty::Open) => {
                self.sequence(value, filter.name, span)
            }
            None => value,
        };
        if silent(&value.ty) { poison(span) } else { self.by_form(filter, value, bound, span) }
    }

    /// `items | sum(attribute, start)`
    pub fn sum(&mut self, filter: &Builtin, value: Expr, bound: &Bound, span: Span) -> Expr {
        let items = self.sequence(value, filter.name, span);
        let items = match bound.get("attribute") {
            Some(attribute) => {
                let Some(parts) = self.attribute(attribute) else { return poison(span) };
                self.mapped(items, |checker, item| checker.read(item, &parts))
            }
            None => items,
        };
        let start = match bound.get("start") {
            Some(start) => self.argument(start),
            None => typed(ExprKind::Int(0), Ty::Int, span),
        };
        let Ty::List(item) = items.ty.clone() else { return poison(span) };
        if silent(&item) || silent(&start.ty) {
            return poison(span);
        }
        if item.may_be_null() {
            return self.maybe_null(&items, span, "`sum` does not take null");
        }
        let (path, of, ty) = match (&*item, &start.ty) {
            (a, b) if a.is_number() && b.is_number() => {
                let common = a.join(b).unwrap_or(Ty::Number);
                ("filters::sum", common.clone(), common)
            }
            (Ty::List(_), Ty::List(_)) => {
                let common = item.join(&start.ty).unwrap_or_else(|| Ty::list(Ty::Any));
                ("filters::sum_lists", common.clone(), common)
            }
            (Ty::Any | Ty::Bool, _) | (_, Ty::Any) => ("filters::sum_any", Ty::Any, Ty::Any),
            (item, start) => return self.no_sum(&items, item, start),
        };
        let args = [certain(items, &Ty::list(of.clone())), certain(start, &of)];
        let args = args.map(Arg::Given).into();
        typed(ExprKind::Builtin { path, args, fallible: true }, ty, span)
    }

    fn no_sum(&mut self, items: &Expr, item: &Ty, start: &Ty) -> Expr {
        let message = format!("`sum` does not add {} to {}", a(item), a(start));
        let mistake = Diagnostic::new(Code::TypeMismatch, items.span, message)
            .label(format!("of type `{}`", items.ty));
        self.mistake(match item {
            ty if ty.is_text() => mistake.help("`join` puts texts together"),
            Ty::List(_) => mistake.help("lists are put after a list: `sum(start=[])`"),
            _ => mistake,
        });
        poison(items.span)
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

/// What a value is compared by where capitals do not count
fn folded(value: Expr) -> Expr {
    let span = value.span;
    let (path, ty) = match &value.ty {
        ty if ty.is_text() => ("filters::lower", Ty::String),
        Ty::Any => ("filters::fold_any", Ty::Any),
        _ => return value,
    };
    let args = vec![Arg::Given(value)];
    typed(ExprKind::Builtin { path, args, fallible: false }, ty, span)
}

/// Whether values of a type have an order, as far as is known
fn ordered(ty: &Ty) -> bool {
    match ty {
        Ty::Bool | Ty::DateTime | Ty::Any => true,
        Ty::List(item) => ordered(item),
        ty => ty.is_number() || ty.is_text(),
    }
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

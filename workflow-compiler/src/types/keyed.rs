//! Filters of lists by the items or an attribute of theirs: `sort`, `unique`, `min`, `max`,
//! `groupby`, `join`, `sum`.

use crate::builtins::Builtin;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::template::ast::{Expr as Ast, ExprKind as AstKind};
use crate::typed::{Arg, Expr, ExprKind};

use super::Ty;
use super::access::inside_quotes;
use super::checker::{Checker, poison, typed};
use super::convert::{a, certain};
use super::each::Part;
use super::filters::Bound;
use super::operators::{show, silent};

impl Checker<'_> {
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
                let name = inside_quotes(self.world.sources, name, arg.span);
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

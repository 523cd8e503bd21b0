//! Filters: `value | name(args)`.

use crate::arguments::{Callee, bind};
use crate::builtins::{self, Builtin, Default, Form, Gives, Kind, Own, Param, Takes};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Span, Spanned};
use crate::syntax::schema::reason;
use crate::template::ast::{Args, Expr as Ast, ExprKind as AstKind};
use crate::typed::{Arg, Expr, ExprKind};

use super::Ty;
use super::calls::{stand_in, suggest};
use super::checker::{Checker, poison, typed};
use super::convert::{a, certain, is_listed};
use super::operators::{show, silent};

/// The arguments of a call, by parameter
pub struct Bound {
    params: &'static [Param],
    given: Vec<Option<Ast>>,
}

impl Bound {
    /// What is given for a parameter
    pub fn get(&self, name: &str) -> Option<&Ast> {
        let at = self.params.iter().position(|param| param.name == name)?;
        self.given.get(at)?.as_ref()
    }

    /// The text that is given for a parameter, if it is written out
    pub fn literal(&self, name: &str) -> Option<&str> {
        match &self.get(name)?.kind {
            AstKind::Str(text) => Some(text),
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// `value | name(args)`
    pub fn filter(&mut self, value: &Ast, name: &Spanned<String>, args: &Args, span: Span) -> Expr {
        let own = builtins::filter(&name.value).and_then(|filter| filter.own);
        let lenient = self.lenient;
        self.lenient |= own == Some(Own::Default);
        let value = self.check(value);
        self.lenient = lenient;
        self.filter_of(value, name, args, span)
    }

    /// A filter of a value
    pub fn filter_of(
        &mut self,
        value: Expr,
        name: &Spanned<String>,
        args: &Args,
        span: Span,
    ) -> Expr {
        let Some(filter) = builtins::filter(&name.value) else {
            return self.unknown_filter(name);
        };
        match filter.own {
            Some(Own::Map) => return self.map(value, name, args, span),
            Some(Own::Select(path)) => return self.select(path, value, name, args, span),
            Some(Own::SelectAttr(path)) => return self.select_attr(path, value, name, args, span),
            _ => {}
        }
        let Some(bound) = self.bind(filter, "filter", name, args) else { return poison(span) };
        if silent(&value.ty) {
            return poison(span);
        }
        if value.ty.may_be_null() && !filter.takes_null {
            let used = format!("`{}` does not take null", name.value);
            return self.maybe_null(&value, name.span, &used);
        }
        match filter.own {
            Some(own) => self.own_filter(own, filter, value, bound, span),
            None => self.by_form(filter, value, bound, span),
        }
    }

    fn own_filter(
        &mut self,
        own: Own,
        filter: &'static Builtin,
        value: Expr,
        bound: Bound,
        span: Span,
    ) -> Expr {
        match own {
            Own::Default => self.default_filter(value, &bound, span),
            Own::Keyed(path) => self.keyed(path, filter, value, &bound, span),
            Own::Group => self.group(filter, value, &bound, span),
            Own::Sum => self.sum(filter, value, &bound, span),
            Own::Join => self.join(filter, value, bound, span),
            Own::List => self.sequence(value, filter.name, span),
            Own::Sequence if filter.forms.iter().any(|form| form.takes.fits(&value.ty)) => {
                self.by_form(filter, value, bound, span)
            }
            Own::Sequence => {
                let items = self.sequence(value, filter.name, span);
                if silent(&items.ty) { items } else { self.by_form(filter, items, bound, span) }
            }
            Own::Round => self.round(filter, value, bound, span),
            Own::Findall => {
                let groups = bound.literal("pattern").map(|text| regex::Regex::new(text).ok());
                let form = match groups {
                    Some(Some(regex)) => usize::from(regex.captures_len() > 2),
                    Some(None) => 0,
                    None => 2,
                };
                self.apply(filter, &filter.forms[form], value, bound, span)
            }
            Own::Map | Own::Select(_) | Own::SelectAttr(_) | Own::Get => poison(span),
        }
    }

    /// Binds the arguments of a call
    pub fn bind(
        &mut self,
        builtin: &'static Builtin,
        what: &str,
        name: &Spanned<String>,
        args: &Args,
    ) -> Option<Bound> {
        let params: Vec<(&str, bool)> = builtin
            .params
            .iter()
            .map(|param| (param.name, param.default == Default::Required))
            .collect();
        let what = format!("{what} `{}`", name.value);
        let callee = Callee { what: &what, name, params: &params };
        let given = bind(callee, args.clone(), &mut self.notes.diagnostics)?;
        Some(Bound { params: builtin.params, given })
    }

    /// The value by the first form that takes it
    pub fn by_form(
        &mut self,
        builtin: &'static Builtin,
        value: Expr,
        bound: Bound,
        span: Span,
    ) -> Expr {
        let fits = |value: &Expr| builtin.forms.iter().find(|form| form.takes.fits(&value.ty));
        // To what takes null and has no form for everything, it is as any value that is nothing.
        let (value, form) = match fits(&value) {
            Some(form) => (value, Some(form)),
            None if value.ty.may_be_null() => {
                let value = certain(value, &Ty::Any);
                let form = fits(&value);
                (value, form)
            }
            None => (value, None),
        };
        match form {
            Some(form) => self.apply(builtin, form, value, bound, span),
            None => {
                let message = format!("`{}` does not take {}", builtin.name, a(&value.ty));
                self.wrong_operand(value.span, &message)
            }
        }
    }

    /// The value by a form
    pub fn apply(
        &mut self,
        builtin: &'static Builtin,
        form: &Form,
        value: Expr,
        bound: Bound,
        span: Span,
    ) -> Expr {
        let mut value = match (form.takes, form.takes.handed_as()) {
            (Takes::Shown, _) => show(value),
            (_, Some(ty)) => certain(value, &ty),
            (_, None) => value,
        };
        // Null is no type of its own in a list's Rust.
        if form.gives == Gives::MaybeItem && value.ty == Ty::list(Ty::Null) {
            value = certain(value, &Ty::list(Ty::Any));
        }
        let mut args = Vec::new();
        for (param, given) in builtin.params.iter().zip(bound.given).take(form.params) {
            let given = given.map(|given| self.argument(&given));
            let given = given.map(|given| match param.takes {
                Kind::Item => self.item_argument(builtin, form, &mut value, given),
                _ => self.convert_argument(builtin, param, given),
            });
            args.push(match stand_in(param.default, given, span) {
                // What stands in is a plain number.
                Arg::Given(value) if param.takes == Kind::IntOrText => {
                    Arg::Given(certain(value, &Ty::Any))
                }
                arg => arg,
            });
        }
        let gives = gives(form.gives, &value.ty);
        let path = match form.gives {
            Gives::MaybeItem => nullable(form.path, &value.ty),
            _ => form.path,
        };
        args.insert(0, Arg::Given(value));
        typed(ExprKind::Builtin { path, args, fallible: form.fallible }, gives, span)
    }

    fn convert_argument(&mut self, builtin: &Builtin, param: &Param, given: Expr) -> Expr {
        let by = format!("`{}` of `{}`", param.name, builtin.name);
        let ty = match param.takes {
            Kind::Text => Ty::String,
            Kind::Pattern => {
                self.check_pattern(&given);
                Ty::String
            }
            Kind::Int => Ty::Int,
            Kind::Float => Ty::Float,
            Kind::Bool => Ty::Bool,
            Kind::Texts => Ty::list(Ty::String),
            Kind::Any | Kind::Item => Ty::Any,
            Kind::IntOrText if given.ty.is_text() => Ty::String,
            Kind::IntOrText if given.ty == Ty::Any => Ty::Any,
            Kind::IntOrText => Ty::Int,
        };
        self.convert_to(given, ty, by)
    }

    /// An argument that could be an item of the list
    fn item_argument(
        &mut self,
        builtin: &Builtin,
        form: &Form,
        value: &mut Expr,
        given: Expr,
    ) -> Expr {
        let Ty::List(item) = &value.ty else {
            let ty = if value.ty.is_text() { Ty::String } else { Ty::Any };
            return self.convert_to(given, ty, format!("what `{}` looks for", builtin.name));
        };
        let common = match item.join(&given.ty) {
            Some(common) => common,
            None if form.gives == Gives::SameLists => Ty::Any,
            None => {
                let message = format!("{} is never in {}", a(&given.ty), a(&value.ty));
                return self.wrong_operand(given.span, &message);
            }
        };
        *value = certain(value.clone(), &Ty::list(common.clone()));
        certain(given, &common)
    }

    fn check_pattern(&mut self, given: &Expr) {
        let ExprKind::Str(pattern) = &given.kind else { return };
        if let Err(error) = regex::Regex::new(pattern) {
            let message = format!("`{pattern}` is not a regular expression");
            let mistake = Diagnostic::new(Code::InvalidPattern, given.span, message);
            self.mistake(mistake.label(reason(&error)));
        }
    }

    fn default_filter(&mut self, value: Expr, bound: &Bound, span: Span) -> Expr {
        let fallback = match bound.get("default_value") {
            Some(fallback) => self.argument(fallback),
            None => typed(ExprKind::Str(String::new()), Ty::String, span),
        };
        let falsy = match bound.get("boolean") {
            Some(falsy) => self.check_test(falsy),
            None => typed(ExprKind::Bool(false), Ty::Bool, span),
        };
        or_default(value, fallback, falsy, span)
    }

    fn round(&mut self, filter: &'static Builtin, value: Expr, bound: Bound, span: Span) -> Expr {
        // An integer stays one only if it is rounded in the common way.
        let value = match (&value.ty, bound.get("method"), bound.literal("method")) {
            (Ty::Int, Some(_), Some("ceil" | "floor")) => certain(value, &Ty::Float),
            (Ty::Int, Some(_), None) => certain(value, &Ty::Number),
            _ => value,
        };
        self.by_form(filter, value, bound, span)
    }

    fn unknown_filter(&mut self, name: &Spanned<String>) -> Expr {
        let mistake =
            Diagnostic::new(Code::UnknownFilter, name.span, format!("no filter `{}`", name.value));
        let mistake = if self.is_function(&name.value) {
            mistake.help(format!("`{0}` is a function, and is called so: `{0}(…)`", name.value))
        } else {
            suggest(mistake, name, builtins::filter_names())
        };
        self.mistake(mistake);
        poison(name.span)
    }
}

/// The value, or a fallback where it is null; if `falsy`, also where it does not count as true
pub fn or_default(value: Expr, fallback: Expr, falsy: Expr, span: Span) -> Expr {
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

/// The function for a list whose items can be null as they are, so that they need no `Option`
pub fn nullable(path: &'static str, items: &Ty) -> &'static str {
    let Ty::List(item) = items else { return path };
    match (path, &**item) {
        ("filters::first", Ty::Any) => "filters::first_value",
        ("filters::first", Ty::Optional(_)) => "filters::first_known",
        ("filters::last", Ty::Any) => "filters::last_value",
        ("filters::last", Ty::Optional(_)) => "filters::last_known",
        ("filters::min", Ty::Any) => "filters::min_value",
        ("filters::max", Ty::Any) => "filters::max_value",
        _ => path,
    }
}

/// The type of what a form gives of a value
fn gives(gives: Gives, of: &Ty) -> Ty {
    match (gives, of) {
        (Gives::MaybeItem, Ty::List(item)) => (**item).clone().optional(),
        (Gives::MaybeItem | Gives::Any, _) => Ty::Any,
        (Gives::Text, _) => Ty::String,
        (Gives::MaybeText, _) => Ty::String.optional(),
        (Gives::Int, _) => Ty::Int,
        (Gives::Float, _) => Ty::Float,
        (Gives::Number, _) => Ty::Number,
        (Gives::Bool, _) => Ty::Bool,
        (Gives::Texts, _) => Ty::list(Ty::String),
        (Gives::TextLists, _) => Ty::list(Ty::list(Ty::String)),
        (Gives::Anys, _) => Ty::list(Ty::Any),
        (Gives::Pairs, _) => Ty::list(Ty::list(Ty::Any)),
        (Gives::Same, of) => of.clone(),
        (Gives::SameLists, of) => Ty::list(of.clone()),
    }
}

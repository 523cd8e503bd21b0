//! Texts with templates in them.

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::source::{Span, Spanned};
use crate::template::ast::{Expr as Ast, ExprKind as AstKind, Part as AstPart, Template};
use crate::typed::{self, Expr, ExprKind, Part};

use super::Ty;
use super::checker::{Checker, Local, says, typed};
use super::convert::{a, certain};
use super::narrow::{Path, non_null};
use super::operators::{show, silent};

/// A `{% for %}`, taken apart
struct For<'a> {
    target: &'a [Spanned<String>],
    items: &'a Ast,
    filter: Option<&'a Ast>,
    body: &'a [AstPart],
    otherwise: &'a [AstPart],
}

/// A branch of an `{% if %}`
struct Branch {
    parts: Vec<Part>,
    /// The variables that it sets, each with its last value
    sets: Vec<Local>,
    /// Places known not to be null at its end
    narrowed: Vec<Path>,
}

impl Checker<'_> {
    /// A text with templates in it: gives string
    pub fn template(&mut self, template: &Template, span: Span) -> Expr {
        let parts = self.scoped(|checker| checker.parts(&template.parts));
        typed(ExprKind::Template(Box::new(typed::Template { parts })), Ty::String, span)
    }

    /// A text that somebody is to read: what prints nothing there is told
    pub fn message(&mut self, expr: &Ast) -> Expr {
        let before = std::mem::replace(&mut self.in_message, true);
        let message = self.text(expr);
        self.in_message = before;
        message
    }

    /// A value where text is wanted: a template, or a value that prints
    pub fn text(&mut self, expr: &Ast) -> Expr {
        let value = self.check(expr);
        // `{{ ',' if not loop.last }}` says that nothing is to be printed else.
        let meant = matches!(expr.kind, AstKind::Conditional { otherwise: None, .. });
        if self.in_message && matches!(value.ty, Ty::Optional(_)) && !meant {
            self.printed_null(&value);
        }
        show(value)
    }

    fn printed_null(&mut self, value: &Expr) {
        let message = "this may be null, and prints nothing then";
        let mut mistake = Diagnostic::new(Code::MaybeNull, value.span, message)
            .label(format!("of type `{}`", value.ty))
            .help("say what is printed instead: `| default('none')`");
        mistake.severity = Severity::Warning;
        self.mistake(mistake);
    }

    /// Variables that are set within are not known outside, as in Jinja2 those of loops
    fn scoped<T>(&mut self, check: impl FnOnce(&mut Self) -> T) -> T {
        let (locals, narrowed) = (self.locals.len(), self.narrowed.clone());
        let checked = check(self);
        self.locals.truncate(locals);
        self.narrowed = narrowed;
        checked
    }

    fn parts(&mut self, parts: &[AstPart]) -> Vec<Part> {
        let mut checked = Vec::new();
        for part in parts {
            match part {
                AstPart::Text(text) => checked.push(Part::Text(text.clone())),
                AstPart::Output(value) => checked.push(Part::Output(self.text(value))),
                AstPart::If { branches, otherwise } => {
                    checked.push(self.branches(branches, otherwise));
                }
                AstPart::For { target, items, filter, body, otherwise } => {
                    let filter = filter.as_ref();
                    let part = For { target, items, filter, body, otherwise };
                    checked.push(self.loop_over(&part));
                }
                AstPart::Set { target, value } => self.set(target, value, &mut checked),
            }
        }
        checked
    }

    /// A new variable, which hides others of its name and what was known of them
    fn declare(&mut self, name: &str, ty: Ty) -> (usize, String) {
        let number = self.numbered;
        self.numbered += 1;
        for path in &mut self.narrowed {
            if path.first().is_some_and(|root| root == name) {
                path.clear();
            }
        }
        self.locals.push(Local {
            name: name.to_owned(),
            number,
            ty,
            heads_loop: false,
            is_loop: None,
        });
        (number, name.to_owned())
    }

    fn set(&mut self, target: &[Spanned<String>], value: &Ast, parts: &mut Vec<Part>) {
        let names: Vec<_> = target.iter().map(|name| name.value.as_str()).collect();
        if let ([name], AstKind::Name(root)) = (names.as_slice(), &value.kind)
            && let Some(of) = self.loop_named(root)
        {
            // The loop that a variable stands for is known here already.
            self.declare(name, Ty::Poison);
            self.locals.last_mut().into_iter().for_each(|local| local.is_loop = Some(of));
            return;
        }
        let checked = self.check(value);
        if let [name] = names.as_slice() {
            let target = self.declare(name, checked.ty.clone());
            parts.push(Part::Set { target, value: checked });
            return;
        }
        let pairs = is_pairs(&checked);
        for (target, value) in self.unpack(&names, checked, pairs) {
            parts.push(Part::Set { target, value });
        }
    }

    /// Gives two variables what the items of a group are alike in, and these items
    fn unpack_group(&mut self, names: [&str; 2], group: &Expr) -> Vec<((usize, String), Expr)> {
        let parts = names.into_iter().zip(["grouper", "list"]);
        parts
            .map(|(name, part)| {
                let part = Spanned::new(part.to_owned(), group.span);
                let value = self.member(group.clone(), &part, group.span);
                (self.declare(name, value.ty.clone()), value)
            })
            .collect()
    }

    /// Gives each variable one item of the value: first all of them together to one without a name
    fn unpack(&mut self, names: &[&str], value: Expr, pairs: bool) -> Vec<((usize, String), Expr)> {
        let span = value.span;
        let (items, item) = self.gone_through(value);
        let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
        let count = typed(ExprKind::Int(count), Ty::Int, span);
        let list = Ty::list(item.clone());
        let items = if silent(&item) {
            items
        } else {
            let args = [items, count].map(typed::Arg::Given).into();
            let kind = ExprKind::Builtin { path: "ops::unpack", args, fallible: true };
            typed(kind, list.clone(), span)
        };
        let all = self.declare("", list.clone());
        let number = all.0;
        let mut sets = vec![((number, "parts".to_owned()), items)];
        for (at, name) in (0..).zip(names) {
            let all = typed(ExprKind::Local(number), list.clone(), span);
            let at_expr = typed(ExprKind::Int(at), Ty::Int, span);
            let mut part = typed(ExprKind::Index(all.into(), at_expr.into()), item.clone(), span);
            if pairs && at == 0 && item == Ty::Any {
                // The key of an object is a text.
                part = certain(part, &Ty::String);
            }
            let target = self.declare(name, part.ty.clone());
            sets.push((target, part));
        }
        sets
    }

    fn branches(&mut self, branches: &[(Ast, Vec<AstPart>)], otherwise: &[AstPart]) -> Part {
        let before = self.narrowed.clone();
        let mut tests = Vec::new();
        let mut bodies = Vec::new();
        for (test, parts) in branches {
            let checked = self.check_test(test);
            bodies.push(self.branch(says(test, &checked, true), parts));
            // What follows is reached only where this test was false.
            self.narrowed.extend(says(test, &checked, false));
            tests.push(checked);
        }
        bodies.push(self.branch(Vec::new(), otherwise));
        self.narrowed = before;
        let first = branches.first().map(|(test, _)| test.span);
        let sets = first.map_or_else(Vec::new, |span| self.meet(&mut bodies, span));
        let otherwise = bodies.pop().map(|branch| branch.parts).unwrap_or_default();
        let bodies = bodies.into_iter().map(|branch| branch.parts);
        Part::If { branches: tests.into_iter().zip(bodies).collect(), otherwise, sets }
    }

    fn branch(&mut self, known: Vec<Path>, parts: &[AstPart]) -> Branch {
        let (locals, narrowed) = (self.locals.len(), self.narrowed.clone());
        self.narrowed.extend(known);
        let parts = self.parts(parts);
        let sets = self.locals.split_off(locals);
        let narrowed = std::mem::replace(&mut self.narrowed, narrowed);
        Branch { parts, sets, narrowed }
    }

    /// Variables that are set in a branch are known behind it: each branch ends with what they are
    /// then, for all branches of one type
    fn meet(&mut self, branches: &mut [Branch], span: Span) -> Vec<(usize, String)> {
        let mut names: Vec<String> = Vec::new();
        for local in branches.iter().flat_map(|branch| &branch.sets) {
            if !local.name.is_empty() && !names.contains(&local.name) {
                names.push(local.name.clone());
            }
        }
        let mut declared = Vec::new();
        for name in names {
            let values = branches.iter().map(|branch| self.value_behind(branch, &name, span));
            let values: Vec<Expr> = values.collect();
            let join = |ty: Ty, value: &Expr| ty.join(&value.ty).unwrap_or(Ty::Any);
            let common = values.iter().fold(Ty::Never, join);
            let target = self.declare(&name, common.clone());
            for (branch, value) in branches.iter_mut().zip(values) {
                let value = certain(value, &common);
                branch.parts.push(Part::Set { target: target.clone(), value });
            }
            declared.push(target);
        }
        declared
    }

    /// What a variable is at the end of a branch: null where nothing has set it
    fn value_behind(&self, branch: &Branch, name: &str, span: Span) -> Expr {
        let within = branch.sets.iter().rev().find(|local| local.name == name);
        let local = within.or_else(|| self.locals.iter().rev().find(|local| local.name == name));
        let value = match local {
            Some(local) => typed(ExprKind::Local(local.number), local.ty.clone(), span),
            None => self
                .item_variable(name, span)
                .unwrap_or_else(|| typed(ExprKind::Null, Ty::Null, span)),
        };
        match &value.ty {
            Ty::Optional(some) if branch.narrowed.contains(&vec![name.to_owned()]) => {
                let ty = (**some).clone();
                typed(ExprKind::Present(value.into()), ty, span)
            }
            _ => value,
        }
    }

    fn loop_over(&mut self, part: &For<'_>) -> Part {
        let items = self.check(part.items);
        let (pairs, groups) = (is_pairs(&items), is_groups(&items));
        let (items, item) = self.gone_through(items);
        let mut checked = self.scoped(|checker| {
            let names: Vec<_> = part.target.iter().map(|name| name.value.as_str()).collect();
            let head = checker.locals.len();
            let (target, unpack) = match names.as_slice() {
                [name] => (checker.declare(name, item.clone()), Vec::new()),
                names => {
                    let target = (checker.declare("", item.clone()).0, "item".to_owned());
                    let whole = typed(ExprKind::Local(target.0), item.clone(), items.span);
                    match names {
                        [one, two] if groups => (target, checker.unpack_group([one, two], &whole)),
                        names => (target, checker.unpack(names, whole, pairs)),
                    }
                }
            };
            let filter = part.filter.map(|filter| checker.check_test(filter));
            checker.locals[head].heads_loop = true;
            let known = part.filter.map(|filter| non_null(filter, true));
            checker.narrowed.extend(known.into_iter().flatten());
            let body = checker.parts(part.body);
            typed::For { target, unpack, items, item, filter, body, otherwise: Vec::new() }
        });
        checked.otherwise = self.scoped(|checker| checker.parts(part.otherwise));
        Part::For(Box::new(checked))
    }

    /// A value as the list that a tag goes through, and the type of its items: of a text its
    /// characters
    fn gone_through(&mut self, items: Expr) -> (Expr, Ty) {
        if !items.ty.is_text() {
            return self.iterated(items);
        }
        let span = items.span;
        let args = vec![typed::Arg::Given(certain(items, &Ty::String))];
        let kind = ExprKind::Builtin { path: "ops::each_text", args, fallible: true };
        (typed(kind, Ty::list(Ty::String), span), Ty::String)
    }

    /// A value as the list that is gone through, and the type of its items
    pub fn iterated(&mut self, items: Expr) -> (Expr, Ty) {
        let span = items.span;
        let each = |path, items: Expr, item: Ty, fallible| {
            let args = vec![typed::Arg::Given(items)];
            let kind = ExprKind::Builtin { path, args, fallible };
            (typed(kind, Ty::list(item.clone()), span), item)
        };
        match items.ty.clone() {
            // While types still grow, more may be known of the items later.
            Ty::List(item) if *item == Ty::Never && self.world.tables.poisons => {
                (certain(items, &Ty::list(Ty::Any)), Ty::Any)
            }
            Ty::List(item) => (items, *item),
            ty if silent(&ty) => (items, ty),
            Ty::Open | Ty::Object(_) => {
                each("ops::each_key", certain(items, &Ty::Open), Ty::String, false)
            }
            Ty::Any => each("ops::each_any", items, Ty::Any, true),
            ty if ty.may_be_null() => {
                (self.maybe_null(&items, span, "it is gone through"), Ty::Poison)
            }
            ty => (self.wrong_operand(span, &format!("{} is not a list", a(&ty))), Ty::Poison),
        }
    }
}

/// Whether a list holds keys with their values, so that the first of two is a text
fn is_pairs(items: &Expr) -> bool {
    let ExprKind::Builtin { path, .. } = &items.kind else { return false };
    let name = path.rsplit("::").next().unwrap_or_default();
    name.starts_with("items") || name.starts_with("dictsort")
}

/// Whether a list is what `groupby` gives
fn is_groups(items: &Expr) -> bool {
    matches!(&items.kind, ExprKind::Each(each) if each.grouped)
}

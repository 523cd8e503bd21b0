//! Texts with templates in them.

use crate::source::Span;
use crate::template::ast::{Expr as Ast, Part as AstPart, Template};
use crate::typed::{self, Expr, ExprKind, Part};

use super::Ty;
use super::checker::{Checker, Local, typed};
use super::convert::{a, certain};
use super::narrow::non_null;
use super::operators::{show, silent};

impl Checker<'_> {
    /// A text with templates in it: gives string
    pub fn template(&mut self, template: &Template, span: Span) -> Expr {
        let parts = self.parts(&template.parts);
        typed(ExprKind::Template(Box::new(typed::Template { parts })), Ty::String, span)
    }

    /// A value where text is wanted: a template, or a value that prints
    pub fn text(&mut self, expr: &Ast) -> Expr {
        show(self.check(expr))
    }

    fn parts(&mut self, parts: &[AstPart]) -> Vec<Part> {
        parts.iter().map(|part| self.part(part)).collect()
    }

    fn part(&mut self, part: &AstPart) -> Part {
        match part {
            AstPart::Text(text) => Part::Text(text.clone()),
            AstPart::Output(value) => Part::Output(self.text(value)),
            AstPart::If { branches, otherwise } => self.branches(branches, otherwise),
            AstPart::For { target, items, filter, body, otherwise } => {
                if let Some(filter) = filter {
                    return Part::Output(self.unsupported(filter.span, "`if` in a `for` tag"));
                }
                match target.as_slice() {
                    [name] => self.loop_over(name.value.clone(), items, body, otherwise),
                    _ => Part::Output(self.unsupported(items.span, "a `for` with several targets")),
                }
            }
            AstPart::Set { value, .. } => Part::Output(self.unsupported(value.span, "`{% set %}`")),
        }
    }

    fn branches(&mut self, branches: &[(Ast, Vec<AstPart>)], otherwise: &[AstPart]) -> Part {
        let mut checked = Vec::new();
        let before = self.narrowed.len();
        for (test, parts) in branches {
            let typed_test = self.check_test(test);
            let parts = self.with(non_null(test, true), |checker| checker.parts(parts));
            checked.push((typed_test, parts));
            // What follows is reached only where this test was false.
            self.narrowed.extend(non_null(test, false));
        }
        let otherwise = self.parts(otherwise);
        self.narrowed.truncate(before);
        Part::If { branches: checked, otherwise }
    }

    fn loop_over(
        &mut self,
        name: String,
        items: &Ast,
        body: &[AstPart],
        otherwise: &[AstPart],
    ) -> Part {
        let items = self.check(items);
        let (items, item) = self.iterated(items);
        let number = self.numbered;
        self.numbered += 1;
        let local = Local { name: name.clone(), number, ty: item.clone(), heads_loop: true };
        self.locals.push(local);
        let body = self.parts(body);
        self.locals.pop();
        let otherwise = self.parts(otherwise);
        Part::For { target: vec![(number, name)], items, item, body, otherwise }
    }

    /// A value as the list that is gone through, and the type of its items
    pub fn iterated(&mut self, items: Expr) -> (Expr, Ty) {
        let span = items.span;
        match items.ty.clone() {
            // While types still grow, more may be known of the items later.
            Ty::List(item) if *item == Ty::Never && self.world.tables.poisons => {
                (certain(items, &Ty::list(Ty::Any)), Ty::Any)
            }
            Ty::List(item) => (items, *item),
            ty if silent(&ty) => (items, ty),
            Ty::Any | Ty::Open | Ty::Object(_) => {
                let args = vec![typed::Arg::Given(certain(items, &Ty::Any))];
                let kind = ExprKind::Builtin { path: "ops::each_any", args, fallible: true };
                (typed(kind, Ty::list(Ty::Any), span), Ty::Any)
            }
            ty if ty.may_be_null() => {
                (self.maybe_null(&items, span, "it is gone through"), Ty::Poison)
            }
            ty => (self.wrong_operand(span, &format!("{} is not a list", a(&ty))), Ty::Poison),
        }
    }
}

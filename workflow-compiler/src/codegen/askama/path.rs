//! Expressions that a template can name by itself.

use super::super::expr::loop_field;
use super::super::names::snake;
use super::super::scope::Scope;
use crate::typed::{Expr, ExprKind};
use crate::types::Ty;

/// `view.inputs.name`, if the expression is such a path
pub(super) fn path(scope: &Scope<'_>, expr: &Expr) -> Option<String> {
    let module = scope.module;
    let found = match &expr.kind {
        ExprKind::Input(at) => format!("{}.{}", root(scope, "inputs"), module.inputs[*at]),
        ExprKind::State(at) => format!("view.{}", module.view_fields[*at]),
        ExprKind::Item => root(scope, "item"),
        ExprKind::Temp(temp) => scope.temps.get(temp)?.to_string(),
        ExprKind::Local(local) => scope.locals.get(local)?.name.to_string(),
        ExprKind::Loop { of, var } => {
            format!("{}.{}", scope.loops.get(of)?.name, loop_field(*var)?)
        }
        ExprKind::Field(of, name) => {
            let Ty::Object(shape) = &of.ty else { return None };
            format!("{}.{}", path(scope, of)?, module.field(shape, name, scope.step))
        }
        _ => return None,
    };
    Some(found)
}

/// A path whose value Rust prints as the language does
pub(super) fn printed(scope: &Scope<'_>, expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Show(of) => printed(scope, of),
        _ if expr.ty.is_text() || matches!(expr.ty, Ty::Int | Ty::Bool) => path(scope, expr),
        _ => None,
    }
}

/// A test that reads no worse in the template
pub(super) fn test(scope: &Scope<'_>, expr: &Expr) -> Option<String> {
    use crate::template::ast::UnaryOp;
    match &expr.kind {
        ExprKind::Truth(of) => match &of.ty {
            Ty::Bool => test(scope, of),
            Ty::List(_) | Ty::String | Ty::Enum(_) => {
                Some(format!("!{}.is_empty()", path(scope, of)?))
            }
            _ => None,
        },
        ExprKind::Unary(UnaryOp::Not, of) => {
            let inner = test(scope, of)?;
            Some(inner.strip_prefix('!').map_or_else(|| format!("!{inner}"), str::to_owned))
        }
        ExprKind::IsNull(of, negated) if matches!(of.ty, Ty::Optional(_)) => {
            let method = if *negated { "is_some" } else { "is_none" };
            Some(format!("{}.{method}()", path(scope, of)?))
        }
        _ if expr.ty == Ty::Bool => path(scope, expr),
        _ => None,
    }
}

/// What a method that gives a value is called: after what the value is made of
pub(super) fn title(scope: &Scope<'_>, expr: &Expr) -> String {
    let mut title = None;
    expr.visit(&mut |expr| {
        let name = match &expr.kind {
            ExprKind::Input(at) => scope.module.program.inputs[*at].name.as_str(),
            ExprKind::State(at) => scope.module.program.state[*at].name.as_str(),
            ExprKind::Temp(temp) => scope.module.program.temps[*temp].hint.as_str(),
            ExprKind::Field(_, name) | ExprKind::Key(_, name) | ExprKind::Host { name, .. } => name,
            ExprKind::Ambient(name) => name,
            ExprKind::Item => "item",
            ExprKind::Place(_) => "place",
            ExprKind::Local(local) => {
                let local = scope.locals.get(local).map(|local| local.name.to_string());
                title = title.take().or(local);
                return;
            }
            _ => return,
        };
        title.get_or_insert_with(|| name.to_owned());
    });
    snake(&title.unwrap_or_else(|| String::from("text")))
}

fn root(scope: &Scope<'_>, name: &str) -> String {
    match scope.roots.within {
        super::super::scope::Within::Block => format!("view.{name}"),
        super::super::scope::Within::Initial => name.to_owned(),
    }
}

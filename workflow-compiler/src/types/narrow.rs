//! What a test says about its operands: which of them are certainly not null behind it.

use crate::builtins;
use crate::template::ast::{CompareOp, Expr, ExprKind, LogicOp, UnaryOp};

/// A place that can be narrowed, as its words: `state`, `plan`, `title`
pub type Path = Vec<String>;

/// The places that are certainly not null where `test` was found true (or false)
pub fn non_null(test: &Expr, truth: bool) -> Vec<Path> {
    match &test.kind {
        ExprKind::Unary { op, operand } if op.value == UnaryOp::Not => non_null(operand, !truth),
        ExprKind::Logic { op, left, right } => {
            // `a and b` true says both; `a or b` false says both; else only what both sides say.
            let both = (op.value == LogicOp::And) == truth;
            let (mut left, right) = (non_null(left, truth), non_null(right, truth));
            if both {
                left.extend(right);
                left
            } else {
                left.retain(|path| right.contains(path));
                left
            }
        }
        // A test that is not there is reported: it may be one that rules out null.
        ExprKind::Test { value, name, .. } if builtins::test(&name.value).is_none() => {
            path_of(value).into_iter().collect()
        }
        ExprKind::Test { value, name, negated, .. } => {
            let says_null = match name.value.as_str() {
                "none" | "undefined" => true,
                "defined" | "string" | "number" | "integer" | "float" | "boolean" | "true"
                | "false" | "mapping" | "sequence" | "iterable" => false,
                _ => return Vec::new(),
            };
            let not_null = says_null == *negated;
            if not_null == truth { path_of(value).into_iter().collect() } else { Vec::new() }
        }
        ExprKind::Compare { first, rest } => match rest.as_slice() {
            [(op, right)] => compared(first, op.value, right, truth),
            _ => Vec::new(),
        },
        _ if truth => path_of(test).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// `x != none` found true, `x == none` found false, `x == 'a'` found true
fn compared(left: &Expr, op: CompareOp, right: &Expr, truth: bool) -> Vec<Path> {
    let null = |expr: &Expr| matches!(expr.kind, ExprKind::Null);
    let constant =
        |expr: &Expr| matches!(expr.kind, ExprKind::Bool(_) | ExprKind::Int(_) | ExprKind::Str(_));
    let (place, other) = if null(left) || constant(left) { (right, left) } else { (left, right) };
    let says_value = match op {
        CompareOp::Eq => (null(other) && !truth) || (constant(other) && truth),
        CompareOp::Ne => (null(other) && truth) || (constant(other) && !truth),
        _ => false,
    };
    if says_value { path_of(place).into_iter().collect() } else { Vec::new() }
}

/// The words of `a.b.c`, `a['b']` or `a[0]`, if the expression is such a place
pub fn path_of(expr: &Expr) -> Option<Path> {
    match &expr.kind {
        ExprKind::Index { of, index } => {
            let mut path = path_of(of)?;
            path.push(match &index.kind {
                ExprKind::Str(name) => name.clone(),
                ExprKind::Int(at) => format!("[{at}]"),
                _ => return None,
            });
            Some(path)
        }
        ExprKind::Name(name) => Some(vec![name.clone()]),
        ExprKind::Field { of, name } => {
            let mut path = path_of(of)?;
            path.push(name.value.clone());
            Some(path)
        }
        ExprKind::Temp(temp) => Some(vec![format!("#{temp}")]),
        _ => None,
    }
}

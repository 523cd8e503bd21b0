//! The operands of an expression.

use crate::template::ast::{Args, Expr, ExprKind, Part, Template};

use super::{Action, Block, Children, End, Op};

/// The operands directly below an expression, in the order of evaluation
pub fn children(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Name(_)
        | ExprKind::Broken
        | ExprKind::Temp(_) => Vec::new(),
        ExprKind::List(items) => items.iter().collect(),
        ExprKind::Dict(pairs) => pairs.iter().flat_map(|(key, value)| [key, value]).collect(),
        ExprKind::Field { of, .. } => vec![of],
        ExprKind::Index { of, index } => vec![of, index],
        ExprKind::Slice { of, start, stop, step } => {
            let bounds = [start, stop, step].into_iter().filter_map(Option::as_deref);
            std::iter::once(&**of).chain(bounds).collect()
        }
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } | ExprKind::Logic { left, right, .. } => {
            vec![left, right]
        }
        ExprKind::Compare { first, rest } => {
            std::iter::once(&**first).chain(rest.iter().map(|(_, right)| right)).collect()
        }
        ExprKind::Conditional { test, then, otherwise } => {
            [&**test, &**then].into_iter().chain(otherwise.as_deref()).collect()
        }
        ExprKind::Filter { value, args, .. } | ExprKind::Test { value, args, .. } => {
            std::iter::once(&**value).chain(arguments(args)).collect()
        }
        ExprKind::Method { of, args, .. } => {
            std::iter::once(&**of).chain(arguments(args)).collect()
        }
        ExprKind::Call { args, .. } => arguments(args).collect(),
        ExprKind::Template(template) => outputs(template),
    }
}

/// Whether anything in a block could not be read
pub fn is_broken(block: &Block) -> bool {
    expressions(block).into_iter().any(holds_broken)
}

/// The expressions of a block, in the order of evaluation
pub fn expressions(block: &Block) -> Vec<&Expr> {
    let values = block.ops.iter().filter_map(|op| match op {
        Op::Let { value, .. } => Some(value),
        Op::Write { .. } | Op::Catch { .. } => None,
    });
    let last: Vec<&Expr> = match &block.end {
        End::Branch { test, .. } => vec![test],
        End::Return { value, .. } => value.iter().collect(),
        End::Wait { action, .. } => operands(action),
        End::Jump(_) | End::Open => Vec::new(),
    };
    values.chain(last).collect()
}

fn operands(action: &Action) -> Vec<&Expr> {
    match action {
        Action::Prompt { message, options, .. } => {
            std::iter::once(message).chain(options.as_deref()).collect()
        }
        Action::Shell { command } => vec![command],
        Action::Pause { seconds, message } => {
            std::iter::once(seconds).chain(message.as_deref()).collect()
        }
        Action::McpCall { parameters, .. } => parameters.iter().map(|(_, value)| value).collect(),
        Action::Delegate { instructions, .. } | Action::Call { instructions, .. } => {
            vec![instructions]
        }
        Action::Fork(fork) => match &fork.start {
            Children::Items(items, given) => std::iter::once(items).chain(given.values()).collect(),
            Children::One(given) => given.values().collect(),
        },
    }
}

fn holds_broken(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Broken) || children(expr).into_iter().any(holds_broken)
}

/// Whether an expression has `state.field` in it, or `state['field']`
pub fn names_state(expr: &Expr, field: &str) -> bool {
    let is_state = |of: &Expr| matches!(&of.kind, ExprKind::Name(root) if root == "state");
    let here = match &expr.kind {
        ExprKind::Field { of, name } => is_state(of) && name.value == field,
        ExprKind::Index { of, index } => {
            is_state(of) && matches!(&index.kind, ExprKind::Str(key) if key == field)
        }
        _ => false,
    };
    here || children(expr).into_iter().any(|child| names_state(child, field))
}

fn arguments(args: &Args) -> impl Iterator<Item = &Expr> {
    args.positional.iter().chain(args.keyword.iter().map(|(_, value)| value))
}

/// All expressions of a template, those in tags too
fn outputs(template: &Template) -> Vec<&Expr> {
    let mut found = Vec::new();
    let mut open: Vec<&Part> = template.parts.iter().rev().collect();
    while let Some(part) = open.pop() {
        match part {
            Part::Text(_) => {}
            Part::Output(value) | Part::Set { value, .. } => found.push(value),
            Part::If { branches, otherwise } => {
                found.extend(branches.iter().map(|(test, _)| test));
                open.extend(branches.iter().flat_map(|(_, parts)| parts).chain(otherwise));
            }
            Part::For { items, filter, body, otherwise, .. } => {
                found.push(items);
                found.extend(filter);
                open.extend(body.iter().chain(otherwise));
            }
        }
    }
    found
}

/// The operands directly below an expression, to be replaced; of a template only what stands
/// outside its tags
pub fn children_mut(expr: &mut Expr) -> Vec<&mut Expr> {
    match &mut expr.kind {
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Int(_)
        | ExprKind::Float(_)
        | ExprKind::Str(_)
        | ExprKind::Name(_)
        | ExprKind::Broken
        | ExprKind::Temp(_) => Vec::new(),
        ExprKind::List(items) => items.iter_mut().collect(),
        ExprKind::Dict(pairs) => pairs.iter_mut().flat_map(|(key, value)| [key, value]).collect(),
        ExprKind::Field { of, .. } => vec![of],
        ExprKind::Index { of, index } => vec![of, index],
        ExprKind::Slice { of, start, stop, step } => {
            let bounds = [start, stop, step].into_iter().filter_map(Option::as_deref_mut);
            std::iter::once(&mut **of).chain(bounds).collect()
        }
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Binary { left, right, .. } | ExprKind::Logic { left, right, .. } => {
            vec![left, right]
        }
        ExprKind::Compare { first, rest } => {
            std::iter::once(&mut **first).chain(rest.iter_mut().map(|(_, right)| right)).collect()
        }
        ExprKind::Conditional { test, then, otherwise } => {
            [&mut **test, &mut **then].into_iter().chain(otherwise.as_deref_mut()).collect()
        }
        ExprKind::Filter { value, args, .. } | ExprKind::Test { value, args, .. } => {
            std::iter::once(&mut **value).chain(arguments_mut(args)).collect()
        }
        ExprKind::Method { of, args, .. } => {
            std::iter::once(&mut **of).chain(arguments_mut(args)).collect()
        }
        ExprKind::Call { args, .. } => arguments_mut(args).collect(),
        ExprKind::Template(template) => template
            .parts
            .iter_mut()
            .filter_map(|part| if let Part::Output(value) = part { Some(value) } else { None })
            .collect(),
    }
}

fn arguments_mut(args: &mut Args) -> impl Iterator<Item = &mut Expr> {
    args.positional.iter_mut().chain(args.keyword.iter_mut().map(|(_, value)| value))
}

//! Trees as S-expressions, so that a test reads what belongs to what.

use crate::template::ast::{Args, Expr, ExprKind, Part, UnaryOp};
use crate::template::literal;

/// `(+ a (* b c))`
pub(super) fn shape(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Float(value) => format!("f{value:?}"),
        ExprKind::Str(value) => format!("'{value}'"),
        ExprKind::List(items) => format!("[{}]", all(items.iter().map(shape))),
        ExprKind::Dict(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| format!("{}:{}", shape(key), shape(value)));
            format!("{{{}}}", all(pairs))
        }
        ExprKind::Field { of, name } => format!("(. {} {})", shape(of), name.value),
        ExprKind::Index { of, index } => format!("(@ {} {})", shape(of), shape(index)),
        ExprKind::Slice { of, start, stop, step } => {
            let [start, stop] = [start, stop].map(|bound| maybe(bound.as_deref()));
            format!("(: {} {start} {stop} {})", shape(of), maybe(step.as_deref()))
        }
        ExprKind::Unary { op, operand } => {
            let op = match op.value {
                UnaryOp::Not => "not",
                UnaryOp::Minus => "neg",
                UnaryOp::Plus => "pos",
            };
            format!("({op} {})", shape(operand))
        }
        ExprKind::Binary { op, left, right } => {
            format!("({} {} {})", op.value, shape(left), shape(right))
        }
        ExprKind::Logic { op, left, right } => {
            format!("({} {} {})", op.value, shape(left), shape(right))
        }
        ExprKind::Compare { first, rest } => {
            let rest = rest.iter().map(|(op, right)| {
                format!("{} {}", op.value.to_string().replace(' ', "-"), shape(right))
            });
            format!("(cmp {} {})", shape(first), all(rest))
        }
        ExprKind::Conditional { test, then, otherwise } => {
            format!("(if {} {} {})", shape(test), shape(then), maybe(otherwise.as_deref()))
        }
        ExprKind::Filter { value, name, args } => {
            format!("(| {} {}{})", shape(value), name.value, arguments(args))
        }
        ExprKind::Test { value, name, args, negated } => {
            let test = format!("(is {} {}{})", shape(value), name.value, arguments(args));
            if *negated { format!("(not {test})") } else { test }
        }
        ExprKind::Call { name, args } => format!("(call {}{})", name.value, arguments(args)),
        ExprKind::Method { of, name, args } => {
            format!("(method {} {}{})", shape(of), name.value, arguments(args))
        }
        ExprKind::Template(template) => format!("{{{}}}", shape_of_parts(&template.parts)),
        _ => expr.to_string(),
    }
}

fn all(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(" ")
}

fn maybe(expr: Option<&Expr>) -> String {
    expr.map_or_else(|| "_".to_owned(), shape)
}

fn arguments(args: &Args) -> String {
    let positional = args.positional.iter().map(|value| format!(" {}", shape(value)));
    let keyword =
        args.keyword.iter().map(|(name, value)| format!(" {}={}", name.value, shape(value)));
    positional.chain(keyword).collect()
}

/// `text<a><if b:text|else:text>`
pub(super) fn shape_of_parts(parts: &[Part]) -> String {
    parts.iter().map(shape_of_part).collect()
}

fn shape_of_part(part: &Part) -> String {
    let names = |target: &[crate::source::Spanned<String>]| {
        target.iter().map(|name| name.value.clone()).collect::<Vec<_>>().join(",")
    };
    let last = |parts: &[Part]| {
        let text = shape_of_parts(parts);
        if text.is_empty() { text } else { format!("|else:{text}") }
    };
    match part {
        Part::Text(text) => text.clone(),
        Part::Output(value) => format!("<{}>", shape(value)),
        Part::Set { target, value } if value.block().is_some() => {
            format!("<set {}:{}>", names(target), shape(value))
        }
        Part::Set { target, value } => format!("<set {} = {}>", names(target), shape(value)),
        Part::If { branches, otherwise } => {
            let branches: Vec<_> = branches
                .iter()
                .map(|(test, body)| format!("if {}:{}", shape(test), shape_of_parts(body)))
                .collect();
            format!("<{}{}>", branches.join("|el"), last(otherwise))
        }
        Part::For { target, items, filter, body, otherwise } => {
            let filter = filter.as_ref().map_or(String::new(), |f| format!(" if {}", shape(f)));
            let body = shape_of_parts(body);
            let items = shape(items);
            format!("<for {} in {items}{filter}:{body}{}>", names(target), last(otherwise))
        }
    }
}

#[test]
fn printed_trees_parse_to_the_same_tree() {
    for (source, expected) in super::precedence::ROWS {
        let printed = super::expression(source).to_string();
        assert_eq!(&shape(&super::expression(&printed)), expected, "{source} as {printed}");
    }
}

#[test]
fn strings_are_printed_so_that_they_read_the_same() {
    for value in ["", "it's", "a\\b", "line\nbreak\r\t", "\u{0}\u{7f}", "é😀"] {
        assert_eq!(literal::string(&literal::quote(value)).as_deref(), Ok(value));
    }
}

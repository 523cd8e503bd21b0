//! Every node marks exactly its own text.

use super::{expression, parsed, template, text_at};
use crate::template::Parsed;
use crate::template::ast::{Args, Expr, ExprKind, Part};

/// Every node of a tree with its text, outermost first: `kind text`
fn places(source: &str, expr: &Expr) -> Vec<String> {
    let mut list = Vec::new();
    walk(source, expr, &mut list);
    list
}

fn walk(source: &str, expr: &Expr, out: &mut Vec<String>) {
    out.push(text_at(source, expr.span).to_owned());
    let mut note = |mark: &str, span| out.push(format!("{mark} {}", text_at(source, span)));
    let args = |args: &Args, out: &mut Vec<String>| {
        out.push(format!("args {}", text_at(source, args.span)));
        args.positional.iter().for_each(|value| walk(source, value, out));
        for (name, value) in &args.keyword {
            out.push(format!("name {}", text_at(source, name.span)));
            walk(source, value, out);
        }
    };
    match &expr.kind {
        ExprKind::List(items) => items.iter().for_each(|item| walk(source, item, out)),
        ExprKind::Dict(pairs) => pairs.iter().for_each(|(key, value)| {
            walk(source, key, out);
            walk(source, value, out);
        }),
        ExprKind::Field { of, name } => {
            note("name", name.span);
            walk(source, of, out);
        }
        ExprKind::Index { of, index } => {
            walk(source, of, out);
            walk(source, index, out);
        }
        ExprKind::Slice { of, start, stop, step } => {
            walk(source, of, out);
            [start, stop, step].into_iter().flatten().for_each(|bound| walk(source, bound, out));
        }
        ExprKind::Unary { op, operand } => {
            note("op", op.span);
            walk(source, operand, out);
        }
        ExprKind::Binary { op, left, right } => {
            note("op", op.span);
            walk(source, left, out);
            walk(source, right, out);
        }
        ExprKind::Logic { op, left, right } => {
            note("op", op.span);
            walk(source, left, out);
            walk(source, right, out);
        }
        ExprKind::Compare { first, rest } => {
            walk(source, first, out);
            for (op, right) in rest {
                out.push(format!("op {}", text_at(source, op.span)));
                walk(source, right, out);
            }
        }
        ExprKind::Conditional { test, then, otherwise } => {
            [Some(then), Some(test), otherwise.as_ref()]
                .into_iter()
                .flatten()
                .for_each(|part| walk(source, part, out));
        }
        ExprKind::Filter { value, name, args: of }
        | ExprKind::Test { value, name, args: of, .. } => {
            note("name", name.span);
            walk(source, value, out);
            args(of, out);
        }
        ExprKind::Call { name, args: of } => {
            note("name", name.span);
            args(of, out);
        }
        ExprKind::Method { of, name, args: list } => {
            note("name", name.span);
            walk(source, of, out);
            args(list, out);
        }
        _ => {}
    }
}

#[test]
fn nodes_names_and_operators_mark_their_own_text() {
    let rows: &[(&str, &[&str])] = &[
        ("state . foo", &["state . foo", "name foo", "state"]),
        ("a.0", &["a.0", "a", "0"]),
        ("é[ 1 ]", &["é[ 1 ]", "é", "1"]),
        ("a[b : c]", &["a[b : c]", "a", "b", "c"]),
        ("-a", &["-a", "op -", "a"]),
        ("not a", &["not a", "op not", "a"]),
        ("(a + b) * c", &["(a + b) * c", "op *", "a + b", "op +", "a", "b", "c"]),
        ("((a)).b", &["((a)).b", "name b", "a"]),
        ("(a)", &["a"]),
        ("(a, b)", &["(a, b)", "a", "b"]),
        ("[a , (b)]", &["[a , (b)]", "a", "b"]),
        ("{'k': (v)}", &["{'k': (v)}", "'k'", "v"]),
        ("a not  in b < c", &["a not  in b < c", "a", "op not  in", "b", "op <", "c"]),
        ("a and b", &["a and b", "op and", "a", "b"]),
        ("(a) if b else (c)", &["(a) if b else (c)", "a", "b", "c"]),
        ("a | f", &["a | f", "name f", "a", "args "]),
        (
            "a | f( 1 , k = 2 )",
            &["a | f( 1 , k = 2 )", "name f", "a", "args ( 1 , k = 2 )", "1", "name k", "2"],
        ),
        ("a is not odd", &["a is not odd", "name odd", "a", "args "]),
        ("a is divisibleby 3", &["a is divisibleby 3", "name divisibleby", "a", "args 3", "3"]),
        ("f( )", &["f( )", "name f", "args ( )"]),
        ("(a.b) . c(d)", &["(a.b) . c(d)", "name c", "a.b", "name b", "a", "args (d)", "d"]),
        ("'a' \"b\"", &["'a' \"b\""]),
        ("(-a)|f", &["(-a)|f", "name f", "-a", "op -", "a", "args "]),
    ];
    for (source, expected) in rows {
        for (before, behind) in [("", ""), ("{{ ", " }}"), ("é\n{{ ", "-}} z")] {
            let whole = format!("{before}{source}{behind}");
            let value = match parsed(&whole) {
                Parsed::Plain(_) => expression(&whole),
                Parsed::Value(value) => value,
                Parsed::Text(template) => match &template.parts[1] {
                    Part::Output(value) => value.clone(),
                    other => panic!("{other:?}"),
                },
            };
            assert_eq!(&places(&whole, &value), expected, "{whole}");
        }
    }
}

#[test]
fn tags_mark_their_names() {
    let source = "{% for key, v in d if v %}{% set x = key %}{% endfor %}";
    let template = template(source);
    assert_eq!(text_at(source, template.span), source);
    let [Part::For { target, items, filter, body, .. }] = &template.parts[..] else {
        panic!("{template:?}");
    };
    assert_eq!(
        target.iter().map(|name| text_at(source, name.span)).collect::<Vec<_>>(),
        ["key", "v"]
    );
    assert_eq!(text_at(source, items.span), "d");
    assert_eq!(filter.as_ref().map(|f| f.span.start - items.span.start), Some(5));
    let [Part::Set { target, value }] = &body[..] else { panic!("{body:?}") };
    assert_eq!(text_at(source, target[0].span), "x");
    assert_eq!(text_at(source, value.span), "key");
}

//! What an author sees of templates: structure, places, mistakes and limits.

mod fuzz;
mod limits;
mod literals;
mod mistakes;
mod precedence;
mod shape;
mod spans;
mod templates;

use super::ast::{Expr, ExprKind, Template};
use super::{Parsed, Text, parse, parse_expression};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Span};
use crate::yaml::ScalarMap;

/// Where the texts of these tests start in their file, so that forgotten mapping is noticed
const OFFSET: usize = 100;

fn with_text<T>(
    source: &str,
    run: impl FnOnce(Text<'_>, &mut Diagnostics) -> T,
) -> (T, Vec<Diagnostic>) {
    let map = ScalarMap::verbatim(OFFSET..OFFSET + source.len());
    let span = Span::new(FileId(0), OFFSET..OFFSET + source.len());
    let mut diagnostics = Diagnostics::default();
    let result = run(Text { text: source, map: &map, span }, &mut diagnostics);
    (result, diagnostics.into_sorted())
}

/// The text that a span covers
fn text_at(source: &str, span: Span) -> &str {
    &source[span.start as usize - OFFSET..span.end as usize - OFFSET]
}

/// What a correct text is
fn parsed(source: &str) -> Parsed {
    let (parsed, diagnostics) = with_text(source, parse);
    assert!(diagnostics.is_empty(), "{source:?}: {diagnostics:#?}");
    parsed.unwrap_or_else(|| panic!("{source:?} gives nothing"))
}

/// A correct text of several parts
fn template(source: &str) -> Template {
    match parsed(source) {
        Parsed::Text(template) => template,
        other => panic!("{source:?} is not a text: {other:?}"),
    }
}

/// A correct expression without braces
fn expression(source: &str) -> Expr {
    let (parsed, diagnostics) = with_text(source, parse_expression);
    assert!(diagnostics.is_empty(), "{source:?}: {diagnostics:#?}");
    parsed.unwrap_or_else(|| panic!("{source:?} gives nothing"))
}

/// Messages with the text they mark: `message @ text`
fn mistakes(source: &str) -> Vec<String> {
    let (parsed, diagnostics) = with_text(source, parse);
    assert_eq!(parsed.is_none(), !diagnostics.is_empty(), "{source:?}: {diagnostics:#?}");
    diagnostics.iter().map(|d| format!("{} @ {}", d.message, text_at(source, d.span))).collect()
}

/// The only mistake of a text
fn mistake(source: &str) -> Diagnostic {
    let (_, mut diagnostics) = with_text(source, parse);
    assert_eq!(diagnostics.len(), 1, "{source:?}: {diagnostics:#?}");
    diagnostics.remove(0)
}

#[test]
fn a_text_without_tags_is_plain() {
    for source in ["", "plain", "a } b }} %} #}", "{ x }", "line\n", "{'a': {'b': 1}}"] {
        assert_eq!(parsed(source), Parsed::Plain(source.to_owned()));
    }
}

#[test]
fn one_output_keeps_its_type_and_more_is_a_text() {
    for source in ["{{ a }}", " \n{{ a }}\n ", "{{- a -}}", "{{ {'a': {'b': 1}} }}", "{{ a, b }}"] {
        assert!(matches!(parsed(source), Parsed::Value(_)), "{source:?}");
    }
    let texts = ["{{ a }}{{ b }}", "{{ a }}.", "{# c #}{{ a }}", "{{ a }}{##}", "{# c #}"];
    for source in texts.into_iter().chain(["{% if a %}{{ b }}{% endif %}", "{% set a = 1 %}"]) {
        assert!(matches!(parsed(source), Parsed::Text(_)), "{source:?}");
    }
}

#[test]
fn expressions_may_leave_the_braces_out() {
    assert_eq!(expression("{{ a.b }}").to_string(), "a.b");
    assert_eq!(expression(" a.b ").to_string(), "a.b");
    assert_eq!(expression("{'a': {'b': 1}}").to_string(), "{'a': {'b': 1}}");
}

#[test]
fn a_text_where_an_expression_is_expected_stays_a_text() {
    let value = expression("{{ a }} == 'x'");
    assert!(matches!(value.kind, ExprKind::Template(_)), "{value:?}");
    assert_eq!(value.to_string(), "{{ a }} == 'x'");
}

#[test]
fn an_empty_expression_is_a_mistake() {
    for source in ["", "  ", "\n"] {
        let (value, diagnostics) = with_text(source, parse_expression);
        assert_eq!(value, None);
        assert_eq!(diagnostics.len(), 1);
        assert_eq!(diagnostics[0].message, "expected an expression, found nothing");
    }
}

#[test]
fn what_stands_behind_a_bare_expression_is_a_mistake() {
    let message = |source: &str| {
        let (value, diagnostics) = with_text(source, parse_expression);
        assert_eq!((value, diagnostics.len()), (None, 1), "{source:?}");
        diagnostics[0].message.clone()
    };
    let expected = "expected an operator or the end of the expression, found";
    assert_eq!(message("state.x }}"), format!("{expected} `}}}}`"));
    assert_eq!(message("a b"), format!("{expected} `b`"));
    assert_eq!(message("a, b"), format!("{expected} `,`"));
    assert_eq!(message("a == 'b"), "this string is not closed");
    assert_eq!(message("a +"), "expected a value, found the end");
}

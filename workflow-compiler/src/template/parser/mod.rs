//! From tokens to the tree.
//!
//! What goes wrong is reported where it is found, and parsing goes on: inside of brackets behind
//! the next comma, else behind the tag, and a block that is not closed is closed. What is built
//! from then on is only good for finding more mistakes; the caller gets no tree.

mod block;
mod collection;
mod cursor;
mod expression;
mod operand;
mod slip;
mod tag;

use super::ast::{Expr, ExprKind, Part, Template};
use super::report::Reporter;
use super::token::{Kind, Token};
use super::{Parsed, Text, lexer};
use crate::diagnostic::Diagnostics;

/// How deep brackets, and blocks, may be nested
const MAX_NESTING: usize = 64;
/// How high a tree may be: the length of `a.b.c…` or `a + b + …`
const MAX_CHAIN: usize = 256;

/// A mistake was reported; whoever gets this skips to where it can go on
#[derive(Clone, Copy, Debug)]
struct Reported;

/// What a parsing function gives
type Parse<T> = Result<T, Reported>;

struct Parser<'a, 'd> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    report: Reporter<'a, 'd>,
    /// Brackets that are open
    open: Vec<Token>,
    /// Operations that are being parsed inside of each other
    level: usize,
    /// What opened the tag, if there is one
    tag: Option<Token>,
}

/// See [`super::parse`]
pub(super) fn parse(text: Text<'_>, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    if !has_tags(text.text) {
        return Some(Parsed::Plain(text.text.to_owned()));
    }
    let mut report = Reporter::new(text, diagnostics);
    let source = without_last_newline(text.text);
    let tokens = lexer::template(source, &mut report);
    let is_value = is_value(source, &tokens);
    let mut parser = Parser::new(source, tokens, report);
    let mut parts = parser.template();
    if parser.report.failed() {
        return None;
    }
    let is_output = |part: &Part| matches!(part, Part::Output(_));
    if is_value && let Some(index) = parts.iter().position(is_output) {
        return match parts.swap_remove(index) {
            Part::Output(value) => Some(Parsed::Value(value)),
            _ => None,
        };
    }
    Some(Parsed::Text(Template { parts, span: text.span }))
}

/// See [`super::parse_expression`]
pub(super) fn parse_expression(text: Text<'_>, diagnostics: &mut Diagnostics) -> Option<Expr> {
    if has_tags(text.text) {
        return match parse(text, diagnostics)? {
            Parsed::Value(value) => Some(value),
            Parsed::Text(template) => {
                Some(Expr { kind: ExprKind::Template(Box::new(template)), span: text.span })
            }
            Parsed::Plain(_) => None,
        };
    }
    let mut report = Reporter::new(text, diagnostics);
    if text.text.trim_matches(lexer::is_space).is_empty() {
        let mut mistake = report.syntax(0..0, "expected an expression, found nothing");
        mistake.span = text.span;
        report.report(mistake.help("write a value, for example `state.approved`"));
        return None;
    }
    let tokens = lexer::expression(text.text, &mut report);
    let mut parser = Parser::new(text.text, tokens, report);
    let value = parser.bare();
    if parser.report.failed() { None } else { value }
}

fn has_tags(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| matches!(pair, b"{{" | b"{%" | b"{#"))
}

/// Jinja2 drops one line break at the end of a template
fn without_last_newline(text: &str) -> &str {
    let shorter = text.strip_suffix('\n').map(|text| text.strip_suffix('\r').unwrap_or(text));
    shorter.unwrap_or_else(|| text.strip_suffix('\r').unwrap_or(text))
}

/// Whether the template is one `{{ … }}` with nothing but white space around it
fn is_value(source: &str, tokens: &[Token]) -> bool {
    let start = source.len() - source.trim_start_matches(lexer::is_space).len();
    let end = source.trim_end_matches(lexer::is_space).len();
    let is_begin = |token: &&Token| matches!(token.kind, Kind::OutputBegin | Kind::BlockBegin);
    let mut begins = tokens.iter().filter(is_begin);
    let mut ends = tokens.iter().rev().filter(|token| token.kind == Kind::OutputEnd);
    let starts_there =
        begins.next().is_some_and(|t| t.kind == Kind::OutputBegin && t.start == start);
    starts_there && begins.next().is_none() && ends.next().is_some_and(|t| t.end == end)
}

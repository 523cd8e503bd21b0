//! Templates: Jinja2's grammar, with exact places and several mistakes found in one go.

pub mod ast;
mod lexer;
mod literal;
mod parser;
mod print;
mod report;
#[cfg(test)]
mod tests;
mod token;

use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::yaml::ScalarMap;

use ast::{Expr, Template};

/// Decoded text of a scalar with the way back to the file
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The decoded text
    pub text: &'a str,
    /// From places in it to places in the file
    pub map: &'a ScalarMap,
    /// The whole scalar in the file
    pub span: Span,
}

/// What a string of the language is
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// No template in it
    Plain(String),
    /// Exactly one `{{ … }}`: the value keeps its type
    Value(Expr),
    /// Text with templates in it: a string
    Text(Template),
}

/// Parses a string of the language; what is wrong is reported, and `None` given, so that nobody
/// reports what follows from it
pub fn parse(text: Text<'_>, diagnostics: &mut Diagnostics) -> Option<Parsed> {
    parser::parse(text, diagnostics)
}

/// Parses an expression that may leave the braces out (`if`, `when`, `items`)
pub fn parse_expression(text: Text<'_>, diagnostics: &mut Diagnostics) -> Option<Expr> {
    parser::parse_expression(text, diagnostics)
}

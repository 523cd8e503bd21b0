//! What operators stand between: signs, values, what follows a value, filters and tests.

use super::expression::Tree;
use super::{MAX_CHAIN, Parse, Parser, Reported};
use crate::source::Spanned;
use crate::template::ast::{Args, Expr, ExprKind, UnaryOp};
use crate::template::literal;
use crate::template::token::{Kind, Token};

/// Magnitude of the smallest 64-bit integer
const MIN_MAGNITUDE: u64 = i64::MIN.unsigned_abs();

/// Words that cannot be names of variables
pub(super) const WORDS: &[&str] = &["and", "or", "not", "if", "elif", "else", "in", "is"];

impl Parser<'_, '_> {
    /// `-x.y | f`: a sign is stronger than `**` and filters, and weaker than what follows a value
    pub(super) fn signed(&mut self) -> Parse<Tree> {
        let mut signs = Vec::new();
        while matches!(self.peek().kind, Kind::Plus | Kind::Minus) {
            signs.push(self.advance());
            if signs.len() > MAX_CHAIN {
                return Err(self.too_long(self.peek().range()));
            }
        }
        let mut value = match self.smallest_integer(&mut signs) {
            Some(value) => value,
            None => self.primary()?,
        };
        value = self.postfix(value)?;
        while let Some(sign) = signs.pop() {
            let op = if sign.kind == Kind::Minus { UnaryOp::Minus } else { UnaryOp::Plus };
            value = self.prefixed(op, sign, value)?;
        }
        self.filters(value)
    }

    /// `-9223372036854775808`, whose digits alone are no 64-bit integer
    fn smallest_integer(&mut self, signs: &mut Vec<Token>) -> Option<Tree> {
        let token = self.peek();
        let sign = signs.last().filter(|sign| sign.kind == Kind::Minus)?.start;
        let is_int = token.kind == Kind::Int;
        if !is_int || literal::integer(self.written(token)) != Ok(MIN_MAGNITUDE) {
            return None;
        }
        signs.pop();
        self.advance();
        self.grown(ExprKind::Int(i64::MIN), sign..token.end, 0).ok()
    }

    fn primary(&mut self) -> Parse<Tree> {
        let token = self.peek();
        match token.kind {
            Kind::Name => self.variable(),
            Kind::Str => self.strings(),
            Kind::Int => self.integer(),
            Kind::Float => {
                self.advance();
                let decoded = literal::float(self.written(token));
                let value = decoded.map_or_else(|bad| Err(self.bad(token, &bad)), Ok)?;
                self.grown(ExprKind::Float(value), token.range(), 0)
            }
            Kind::OpenParen => self.brackets(),
            Kind::OpenBracket => self.list(),
            Kind::OpenBrace => self.dict(),
            _ => Err(self.expected_value()),
        }
    }

    /// Reports that there is no value where one must be
    fn expected_value(&mut self) -> Reported {
        let is_start = match &self.tokens[..self.at] {
            [.., tag, name] if tag.kind == Kind::BlockBegin => name.kind == Kind::Name,
            [.., last] => matches!(last.kind, Kind::OutputBegin | Kind::BlockBegin),
            [] => true,
        };
        self.expected(if is_start { "an expression" } else { "a value" })
    }

    fn variable(&mut self) -> Parse<Tree> {
        let token = self.peek();
        let kind = match self.written(token) {
            "true" | "True" => ExprKind::Bool(true),
            "false" | "False" => ExprKind::Bool(false),
            "none" | "None" | "null" => ExprKind::Null,
            "undefined" => {
                let mistake = self.report.syntax(token.range(), "`undefined` is not a value");
                let help = "write `none`, or test with `is defined`";
                self.mistake(mistake.help(help));
                ExprKind::Null
            }
            word if WORDS.contains(&word) => return Err(self.expected_value()),
            name => ExprKind::Name(name.to_owned()),
        };
        self.advance();
        self.grown(kind, token.range(), 0)
    }

    fn integer(&mut self) -> Parse<Tree> {
        let token = self.advance();
        let fits = |value| i64::try_from(value).ok();
        let kind = match literal::integer(self.written(token)).map(fits) {
            Ok(Some(value)) => ExprKind::Int(value),
            Ok(None) => {
                let mistake = "this integer does not fit into 64 bits";
                let mistake = self.report.syntax(token.range(), mistake);
                self.mistake(mistake.help("write it as a fraction: `1e20`"));
                ExprKind::Int(0)
            }
            Err(bad) => {
                self.bad(token, &bad);
                ExprKind::Int(0)
            }
        };
        self.grown(kind, token.range(), 0)
    }

    /// One string literal, or several that are one
    fn strings(&mut self) -> Parse<Tree> {
        let mut outer = self.peek().range();
        let mut value = String::new();
        while let Some(token) = self.eat(Kind::Str) {
            outer.end = token.end;
            match literal::string(self.written(token)) {
                Ok(part) => value.push_str(&part),
                Err(bad) => drop(self.bad(token, &bad)),
            }
        }
        self.grown(ExprKind::Str(value), outer, 0)
    }

    fn bad(&mut self, token: Token, bad: &literal::Bad) -> Reported {
        let range = token.start + bad.range.start..token.start + bad.range.end;
        let mistake = self.report.syntax(range, bad.message).help(bad.help);
        self.mistake(mistake)
    }

    /// `.name`, `.0`, `[…]` and `(…)` behind a value
    fn postfix(&mut self, mut value: Tree) -> Parse<Tree> {
        loop {
            value = match self.peek().kind {
                Kind::Dot => self.field(value)?,
                Kind::OpenBracket => self.subscript(value)?,
                Kind::OpenParen => self.call(value)?,
                Kind::SafeDot => {
                    self.expected("`.`");
                    self.field(value)?
                }
                _ => return Ok(value),
            };
        }
    }

    fn field(&mut self, of: Tree) -> Parse<Tree> {
        self.advance();
        let token = self.peek();
        let outer = of.outer.start..token.end;
        if token.kind == Kind::Int {
            let index = self.integer()?;
            let kind = ExprKind::Index { of: of.expr, index: index.expr };
            return self.grown(kind, outer, of.height);
        }
        let token = self.expect_name("a name behind `.`")?;
        let kind = ExprKind::Field { of: of.expr, name: self.name(token) };
        self.grown(kind, outer, of.height)
    }

    fn call(&mut self, callee: Tree) -> Parse<Tree> {
        let opening = self.peek();
        let (args, below) = self.arguments()?;
        let outer = callee.outer.start..self.tokens[self.at - 1].end;
        let height = callee.height.max(below);
        let Expr { kind, span } = *callee.expr;
        let kind = match kind {
            ExprKind::Name(name) => ExprKind::Call { name: Spanned::new(name, span), args },
            ExprKind::Field { of, name } => ExprKind::Method { of, name, args },
            kind => {
                let mistake = self.report.syntax(opening.range(), "this value cannot be called");
                self.mistake(mistake.help("only functions and methods are called, by name"));
                kind
            }
        };
        self.grown(kind, outer, height)
    }

    /// Filters and tests behind a value
    fn filters(&mut self, mut value: Tree) -> Parse<Tree> {
        let mut filtered = false;
        loop {
            let token = self.peek();
            value = match token.kind {
                Kind::Pipe => self.filter(value)?,
                Kind::OpenParen => self.call(value)?,
                Kind::Name if self.is_word("is") => self.test(value)?,
                Kind::Dot | Kind::OpenBracket if filtered => self.after_filter(value)?,
                _ => return Ok(value),
            };
            filtered = true;
        }
    }

    pub(super) fn filter(&mut self, value: Tree) -> Parse<Tree> {
        self.advance();
        let name = self.expect_name("the name of a filter")?;
        let (args, below) = self.optional_arguments(name)?;
        let outer = value.outer.start..self.tokens[self.at - 1].end;
        let height = value.height.max(below);
        let name = self.name(name);
        self.grown(ExprKind::Filter { value: value.expr, name, args }, outer, height)
    }

    /// `is name`, `is not name(args)`, `is name arg`
    fn test(&mut self, value: Tree) -> Parse<Tree> {
        self.advance();
        let negated = self.eat_word("not").is_some();
        let name = self.expect_name("the name of a test")?;
        let (args, below) = if self.starts_bare_argument() {
            let arg = self.primary()?;
            let arg = self.postfix(arg)?;
            let span = self.span(arg.outer.clone());
            (Args { positional: vec![*arg.expr], keyword: Vec::new(), span }, arg.height)
        } else {
            if self.is_word("is") {
                let mistake = self.report.syntax(self.peek().range(), "tests cannot be chained");
                self.mistake(mistake.help("join them with `and`"));
            }
            self.optional_arguments(name)?
        };
        let outer = value.outer.start..self.tokens[self.at - 1].end;
        let height = value.height.max(below);
        let name = self.name(name);
        let kind = ExprKind::Test { value: value.expr, name, args, negated };
        self.grown(kind, outer, height)
    }

    /// Whether a test's one argument follows without brackets
    ///
    /// Jinja2 takes `if`, `in`, `not` and `is` for such an argument too, and then fails on what
    /// follows; here they end the test.
    fn starts_bare_argument(&self) -> bool {
        match self.peek().kind {
            Kind::Str | Kind::Int | Kind::Float | Kind::OpenBracket | Kind::OpenBrace => true,
            Kind::Name => !WORDS.contains(&self.written(self.peek())),
            _ => false,
        }
    }

    fn optional_arguments(&mut self, name: Token) -> Parse<(Args, usize)> {
        if self.is(Kind::OpenParen) {
            return self.arguments();
        }
        let span = self.span(name.end..name.end);
        Ok((Args { positional: Vec::new(), keyword: Vec::new(), span }, 0))
    }

    /// `x | first.name`: reports it, and goes on as if there were brackets
    fn after_filter(&mut self, value: Tree) -> Parse<Tree> {
        let token = self.peek();
        let written = self.written(token);
        let message = format!("a filter or test needs brackets round it before `{written}`");
        let mistake = self.report.syntax(token.range(), message);
        self.mistake(mistake.help(format!("write `(… | …){written}…`")));
        self.postfix(value)
    }
}

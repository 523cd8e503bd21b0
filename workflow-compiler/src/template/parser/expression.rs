//! Operators: a Pratt parser with Jinja2's precedences.
//!
//! From weak to strong: inline `if`, `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / // %`,
//! `**`, signs, filters and tests; all of them group to the left, also `**`.

use std::ops::Range;

use super::{MAX_CHAIN, Parse, Parser, Reported};
use crate::diagnostic::Edit;
use crate::source::Spanned;
use crate::template::ast::{BinaryOp, CompareOp, Expr, ExprKind, LogicOp, UnaryOp};
use crate::template::token::{Kind, Token};

/// An expression while it is being put together
pub(super) struct Tree {
    /// Boxed, since a parser's frames hold many
    pub(super) expr: Box<Expr>,
    /// Its place in the decoded text, with the brackets round it
    pub(super) outer: Range<usize>,
    /// How many nodes lie between it and its deepest leaf, itself among them
    pub(super) height: usize,
}

/// An operator with two operands
#[derive(Clone, Copy)]
enum Infix {
    Binary(BinaryOp),
    Compare(CompareOp),
    Logic(LogicOp),
}

/// How strong an operator is
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Power {
    None,
    Or,
    And,
    Not,
    Compare,
    Sum,
    Concat,
    Product,
    Pow,
}

impl Infix {
    fn power(self) -> Power {
        match self {
            Self::Logic(LogicOp::Or) => Power::Or,
            Self::Logic(LogicOp::And) => Power::And,
            Self::Compare(_) => Power::Compare,
            Self::Binary(BinaryOp::Add | BinaryOp::Sub) => Power::Sum,
            Self::Binary(BinaryOp::Concat) => Power::Concat,
            Self::Binary(BinaryOp::Pow) => Power::Pow,
            Self::Binary(_) => Power::Product,
        }
    }
}

impl Parser<'_, '_> {
    /// An expression without braces, up to the end
    pub(super) fn bare(&mut self) -> Option<Expr> {
        let value = self.expression();
        if value.is_ok() && !self.is(Kind::End) {
            self.expected("an operator or the end of the expression");
        }
        value.ok().map(|tree| *tree.expr)
    }

    /// An expression, inline `if` among them
    pub(super) fn expression(&mut self) -> Parse<Tree> {
        let mut then = self.unconditional()?;
        while self.eat_word("if").is_some() {
            let test = self.unconditional()?;
            let otherwise = match self.eat_word("else") {
                Some(_) => Some(self.nested(Self::expression)?),
                None => None,
            };
            then = self.conditional(then, test, otherwise)?;
        }
        Ok(then)
    }

    fn conditional(&mut self, then: Tree, test: Tree, otherwise: Option<Tree>) -> Parse<Tree> {
        let end = otherwise.as_ref().map_or(test.outer.end, |tree| tree.outer.end);
        let deepest = otherwise.as_ref().map_or(0, |tree| tree.height);
        let outer = then.outer.start..end;
        let height = then.height.max(test.height).max(deepest);
        let kind = ExprKind::Conditional {
            test: test.expr,
            then: then.expr,
            otherwise: otherwise.map(|tree| tree.expr),
        };
        self.grown(kind, outer, height)
    }

    /// An expression where an `if` behind it belongs to something else
    pub(super) fn unconditional(&mut self) -> Parse<Tree> {
        self.operation(Power::None)
    }

    /// Operands and operators stronger than `above`
    fn operation(&mut self, above: Power) -> Parse<Tree> {
        self.nested(|parser| {
            let mut left = parser.operand(above)?;
            // The next comparison belongs to those before it: `a < b < c`.
            let mut chains = false;
            while let Some(infix) = parser.infix().filter(|infix| infix.power() > above) {
                let op = parser.take_infix(infix);
                let right = parser.operation(infix.power())?;
                left = parser.joined(left, infix, op, right, chains)?;
                chains = infix.power() == Power::Compare;
            }
            Ok(left)
        })
    }

    /// Runs `parse` one level deeper
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parse<T>) -> Parse<T> {
        if self.level >= MAX_CHAIN {
            return Err(self.too_long(self.peek().range()));
        }
        self.level += 1;
        let result = parse(self);
        self.level -= 1;
        result
    }

    fn operand(&mut self, above: Power) -> Parse<Tree> {
        let not = self.peek();
        let is_bang = not.kind == Kind::Bang;
        if !is_bang && !self.is_word("not") {
            return self.signed();
        }
        if is_bang && above > Power::Not {
            self.expected("a value");
        } else if is_bang {
            self.foreign(not, "not");
        } else if above > Power::Not {
            let mistake = self.report.syntax(not.range(), "`not` needs brackets here");
            self.mistake(mistake.help("write `(not …)`"));
        }
        self.advance();
        let operand = self.operation(Power::Not)?;
        self.prefixed(UnaryOp::Not, not, operand)
    }

    /// `op` before what it applies to
    pub(super) fn prefixed(&mut self, op: UnaryOp, token: Token, operand: Tree) -> Parse<Tree> {
        let outer = token.start..operand.outer.end;
        let op = Spanned::new(op, self.span(token.range()));
        let kind = ExprKind::Unary { op, operand: operand.expr };
        self.grown(kind, outer, operand.height)
    }

    fn joined(
        &mut self,
        left: Tree,
        infix: Infix,
        op: Range<usize>,
        right: Tree,
        chains: bool,
    ) -> Parse<Tree> {
        let outer = left.outer.start..right.outer.end;
        let height = left.height.max(right.height);
        let span = self.span(op);
        let (left, right) = (left.expr, right.expr);
        let kind = match infix {
            Infix::Binary(op) => ExprKind::Binary { op: Spanned::new(op, span), left, right },
            Infix::Logic(op) => ExprKind::Logic { op: Spanned::new(op, span), left, right },
            Infix::Compare(op) => {
                let next = (Spanned::new(op, span), *right);
                match *left {
                    Expr { kind: ExprKind::Compare { first, mut rest }, .. } if chains => {
                        rest.push(next);
                        ExprKind::Compare { first, rest }
                    }
                    left => ExprKind::Compare { first: Box::new(left), rest: vec![next] },
                }
            }
        };
        self.grown(kind, outer, height)
    }

    /// A node over others, the highest of which is `below` high
    pub(super) fn grown(
        &mut self,
        kind: ExprKind,
        outer: Range<usize>,
        below: usize,
    ) -> Parse<Tree> {
        if below >= MAX_CHAIN {
            return Err(self.too_long(outer));
        }
        let span = self.span(outer.clone());
        Ok(Tree { expr: Box::new(Expr { kind, span }), outer, height: below + 1 })
    }

    /// The operator that stands next; also one of another language that means the same
    fn infix(&self) -> Option<Infix> {
        Some(match self.peek().kind {
            Kind::Plus => Infix::Binary(BinaryOp::Add),
            Kind::Minus => Infix::Binary(BinaryOp::Sub),
            Kind::Star => Infix::Binary(BinaryOp::Mul),
            Kind::Slash => Infix::Binary(BinaryOp::Div),
            Kind::SlashSlash => Infix::Binary(BinaryOp::FloorDiv),
            Kind::Percent => Infix::Binary(BinaryOp::Mod),
            Kind::StarStar => Infix::Binary(BinaryOp::Pow),
            Kind::Tilde => Infix::Binary(BinaryOp::Concat),
            Kind::Equal | Kind::StrictEqual | Kind::Assign => Infix::Compare(CompareOp::Eq),
            Kind::NotEqual | Kind::StrictNotEqual => Infix::Compare(CompareOp::Ne),
            Kind::Less => Infix::Compare(CompareOp::Lt),
            Kind::LessEqual => Infix::Compare(CompareOp::Le),
            Kind::Greater => Infix::Compare(CompareOp::Gt),
            Kind::GreaterEqual => Infix::Compare(CompareOp::Ge),
            Kind::AndAnd => Infix::Logic(LogicOp::And),
            Kind::OrOr => Infix::Logic(LogicOp::Or),
            Kind::Name => return self.infix_word(),
            _ => return None,
        })
    }

    fn infix_word(&self) -> Option<Infix> {
        match self.written(self.peek()) {
            "and" => Some(Infix::Logic(LogicOp::And)),
            "or" => Some(Infix::Logic(LogicOp::Or)),
            "in" => Some(Infix::Compare(CompareOp::In)),
            "not" if self.token_is(self.ahead(1), "in") => Some(Infix::Compare(CompareOp::NotIn)),
            _ => None,
        }
    }

    /// Goes behind the operator, gives its place, and reports one of another language
    fn take_infix(&mut self, infix: Infix) -> Range<usize> {
        let token = self.advance();
        if matches!(infix, Infix::Compare(CompareOp::NotIn)) {
            return token.start..self.advance().end;
        }
        let instead = match token.kind {
            Kind::AndAnd => "and",
            Kind::OrOr => "or",
            Kind::StrictEqual | Kind::Assign => "==",
            Kind::StrictNotEqual => "!=",
            _ => return token.range(),
        };
        self.foreign(token, instead);
        token.range()
    }

    fn foreign(&mut self, token: Token, instead: &str) -> Reported {
        let written = self.written(token);
        let message = if token.kind == Kind::Assign {
            "expected `==`, found `=`".to_owned()
        } else {
            format!("`{written}` is not an operator here")
        };
        let is_word = instead.starts_with(char::is_alphabetic);
        let touches = |c: Option<char>| is_word && c.is_some_and(|c| !c.is_whitespace());
        let before = touches(self.source[..token.start].chars().next_back());
        let behind = touches(self.source[token.end..].chars().next());
        let space = |wanted: bool| if wanted { " " } else { "" };
        let text = format!("{}{instead}{}", space(before), space(behind));
        let edit = Edit { span: self.span(token.range()), text };
        let mistake = self.report.syntax(token.range(), message);
        let mistake = mistake.help(format!("write `{instead}`"));
        self.mistake(mistake.fix(format!("write `{instead}`"), vec![edit]))
    }
}

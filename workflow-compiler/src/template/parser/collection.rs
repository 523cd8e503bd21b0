//! Brackets: lists, tuples, dicts, subscripts and arguments.

use super::expression::Tree;
use super::{Parse, Parser, Reported};
use crate::source::Spanned;
use crate::template::ast::{Args, Expr, ExprKind};
use crate::template::token::{Kind, Token};

/// What stood in brackets
struct Items<T> {
    list: Vec<T>,
    opening: Token,
    closing: Token,
    /// Whether there was a comma
    comma: bool,
}

/// One argument of a call
enum Argument {
    Positional(Tree),
    Keyword(Spanned<String>, Tree),
    /// It was reported
    Bad,
}

/// The expressions, and how high the highest is
fn split(trees: Vec<Tree>) -> (Vec<Expr>, usize) {
    let height = trees.iter().map(|tree| tree.height).max().unwrap_or(0);
    (trees.into_iter().map(|tree| *tree.expr).collect(), height)
}

impl Parser<'_, '_> {
    /// `(a)` is what is inside, `(a,)`, `(a, b)` and `()` are lists
    pub(super) fn brackets(&mut self) -> Parse<Tree> {
        let mut items = self.items(Self::expression)?;
        let outer = items.opening.start..items.closing.end;
        if items.list.len() == 1 && !items.comma {
            let inside = items.list.remove(0);
            return Ok(Tree { outer, ..inside });
        }
        let (list, height) = split(items.list);
        self.grown(ExprKind::List(list), outer, height)
    }

    /// `[a, b]`
    pub(super) fn list(&mut self) -> Parse<Tree> {
        let items = self.items(Self::expression)?;
        let (list, height) = split(items.list);
        self.grown(ExprKind::List(list), items.opening.start..items.closing.end, height)
    }

    /// `{key: value}`
    pub(super) fn dict(&mut self) -> Parse<Tree> {
        let items = self.items(|parser| {
            let key = parser.expression()?;
            if parser.eat(Kind::Colon).is_none() {
                return Err(parser.expected("`:` and the value of the key"));
            }
            Ok((key, parser.expression()?))
        })?;
        let heights = items.list.iter().map(|(key, value)| key.height.max(value.height));
        let height = heights.max().unwrap_or(0);
        let pairs = items.list.into_iter().map(|(key, value)| (*key.expr, *value.expr)).collect();
        self.grown(ExprKind::Dict(pairs), items.opening.start..items.closing.end, height)
    }

    /// `(a, b, key=c)`; gives also how high the highest is
    pub(super) fn arguments(&mut self) -> Parse<(Args, usize)> {
        let mut behind_keyword = false;
        let items = self.items(|parser| parser.argument(&mut behind_keyword))?;
        let span = self.span(items.opening.start..items.closing.end);
        let mut args = Args { positional: Vec::new(), keyword: Vec::new(), span };
        let mut height = 0;
        for argument in items.list {
            match argument {
                Argument::Positional(value) => {
                    height = height.max(value.height);
                    args.positional.push(*value.expr);
                }
                Argument::Keyword(name, value) => {
                    height = height.max(value.height);
                    args.keyword.push((name, *value.expr));
                }
                Argument::Bad => {}
            }
        }
        Ok((args, height))
    }

    fn argument(&mut self, behind_keyword: &mut bool) -> Parse<Argument> {
        let token = self.peek();
        if matches!(token.kind, Kind::Star | Kind::StarStar) {
            self.advance();
            let message = format!("arguments cannot be unpacked with `{}`", self.written(token));
            let mistake = self.report.syntax(token.range(), message);
            self.mistake(mistake.help("write the arguments one by one"));
            self.expression()?;
            return Ok(Argument::Bad);
        }
        if token.kind == Kind::Name && self.ahead(1).kind == Kind::Assign {
            *behind_keyword = true;
            self.at += 2;
            return Ok(Argument::Keyword(self.name(token), self.expression()?));
        }
        let value = self.expression()?;
        if *behind_keyword {
            let message = "an argument without a name behind one with a name";
            let mistake = self.report.syntax(value.outer, message);
            self.mistake(mistake.help("put it before those with names, or name it too"));
            return Ok(Argument::Bad);
        }
        Ok(Argument::Positional(value))
    }

    /// `of[index]`, `of[start:stop:step]`
    pub(super) fn subscript(&mut self, of: Tree) -> Parse<Tree> {
        self.open_bracket()?;
        let inside = self.inside_subscript();
        let closing = self.close_bracket(inside.is_err())?;
        let outer = of.outer.start..closing.end;
        let (bounds, height) = inside.unwrap_or_default();
        let height = height.max(of.height);
        let of = of.expr;
        let kind = match bounds {
            Subscript::Index(index) => ExprKind::Index { of, index },
            Subscript::Slice([start, end, step]) => ExprKind::Slice { of, start, stop: end, step },
        };
        self.grown(kind, outer, height)
    }

    fn inside_subscript(&mut self) -> Parse<(Subscript, usize)> {
        let mut height = 0;
        let mut bounds = [None, None, None];
        let mut colons = 0;
        loop {
            let is_empty = matches!(self.peek().kind, Kind::Colon | Kind::CloseBracket);
            if !is_empty || (colons == 0 && self.is(Kind::CloseBracket)) {
                let value = self.expression()?;
                height = height.max(value.height);
                bounds[colons] = Some(value.expr);
            }
            if colons == 2 || self.eat(Kind::Colon).is_none() {
                break;
            }
            colons += 1;
        }
        match (colons, bounds) {
            (0, [Some(index), ..]) => Ok((Subscript::Index(index), height)),
            (_, bounds) => Ok((Subscript::Slice(bounds), height)),
        }
    }

    /// Brackets with commas between what is in them; a comma may stand behind the last
    fn items<T>(&mut self, mut item: impl FnMut(&mut Self) -> Parse<T>) -> Parse<Items<T>> {
        let opening = self.open_bracket()?;
        let closer = opening.kind.partner();
        let (mut list, mut comma, mut failed) = (Vec::new(), false, false);
        while !self.is(closer) {
            match item(self) {
                Ok(value) => list.push(value),
                Err(Reported) => failed = !self.skip_to_comma() || self.peek().kind.closes(),
            }
            if !self.separated(closer, failed) {
                failed = failed || !self.is(closer);
                break;
            }
            if self.eat(Kind::Comma).is_none() {
                break;
            }
            comma = true;
        }
        let closing = self.close_bracket(failed)?;
        Ok(Items { list, opening, closing, comma })
    }

    /// Whether a comma or the closing bracket follows, perhaps behind something that is reported
    fn separated(&mut self, closer: Kind, failed: bool) -> bool {
        if matches!(self.peek().kind, kind if kind == Kind::Comma || kind == closer) {
            return true;
        }
        if !failed {
            self.expected(&format!("`,` or `{}`", closer.written()));
        }
        self.skip_to_comma() && self.is(Kind::Comma)
    }
}

/// What stands in the brackets behind a value
enum Subscript {
    Index(Box<Expr>),
    Slice([Option<Box<Expr>>; 3]),
}

impl Default for Subscript {
    fn default() -> Self {
        Self::Slice([None, None, None])
    }
}

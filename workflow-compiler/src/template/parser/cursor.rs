//! Going through the tokens, saying what was expected, and finding where to go on.

use std::ops::Range;

use super::{MAX_CHAIN, MAX_NESTING, Parse, Parser, Reported, slip};
use crate::diagnostic::Diagnostic;
use crate::source::{Span, Spanned};
use crate::template::report::Reporter;
use crate::template::token::{Kind, Token};

/// How much of the author's text a message repeats, in characters
const SHOWN: usize = 24;

impl<'a, 'd> Parser<'a, 'd> {
    pub(super) fn new(source: &'a str, tokens: Vec<Token>, report: Reporter<'a, 'd>) -> Self {
        Self { source, tokens, at: 0, report, open: Vec::new(), level: 0, tag: None }
    }

    pub(super) fn peek(&self) -> Token {
        self.ahead(0)
    }

    /// The token `count` behind the next one; at the end always [`Kind::End`]
    pub(super) fn ahead(&self, count: usize) -> Token {
        let end = Token { kind: Kind::End, start: self.source.len(), end: self.source.len() };
        self.tokens.get(self.at + count).copied().unwrap_or(end)
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.peek();
        self.at += 1;
        token
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.peek().kind == kind
    }

    pub(super) fn eat(&mut self, kind: Kind) -> Option<Token> {
        self.is(kind).then(|| self.advance())
    }

    pub(super) fn written(&self, token: Token) -> &'a str {
        &self.source[token.range()]
    }

    /// Whether a token is that word
    pub(super) fn token_is(&self, token: Token, word: &str) -> bool {
        token.kind == Kind::Name && self.written(token) == word
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.token_is(self.peek(), word)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> Option<Token> {
        self.is_word(word).then(|| self.advance())
    }

    pub(super) fn span(&self, range: Range<usize>) -> Span {
        self.report.span(range)
    }

    /// A name with its place
    pub(super) fn name(&self, token: Token) -> Spanned<String> {
        Spanned::new(self.written(token).to_owned(), self.span(token.range()))
    }

    /// Takes a token of a kind, which a message calls `what`
    pub(super) fn expect(&mut self, kind: Kind, what: &str) -> Parse<Token> {
        if self.is(kind) { Ok(self.advance()) } else { Err(self.expected(what)) }
    }

    /// A name where `what` is expected
    pub(super) fn expect_name(&mut self, what: &str) -> Parse<Token> {
        self.expect(Kind::Name, what)
    }

    /// How a message shows a token
    pub(super) fn shown(&self, token: Token) -> String {
        if token.kind == Kind::End {
            return "the end".to_owned();
        }
        let text = self.written(token);
        match text.char_indices().nth(SHOWN) {
            Some((cut, _)) => format!("`{}…`", text[..cut].replace('\n', " ")),
            None => format!("`{}`", text.replace('\n', " ")),
        }
    }

    /// Reports that the next token is not what should stand there; what has been reported already
    /// is not reported again
    pub(super) fn expected(&mut self, what: &str) -> Reported {
        let found = self.peek();
        let before = self.at.checked_sub(1).map(|at| self.tokens[at]);
        let is_known = |token: Token| token.kind == Kind::Broken;
        if is_known(found) || (found.kind.ends_tag() && before.is_some_and(is_known)) {
            return Reported;
        }
        // Of `it's` the quote is told of.
        let behind = self.ahead(1);
        if is_known(behind) && behind.start == found.end && found.kind == Kind::Name {
            return Reported;
        }
        let message = format!("expected {what}, found {}", self.shown(found));
        let mut mistake = self.report.syntax(found.range(), message);
        if let Some(open) = self.open.last()
            && (found.kind.ends_tag() || found.kind.closes())
            && found.kind != open.kind.partner()
        {
            let label = format!("this `{}` is not closed", self.written(*open));
            mistake = mistake.also(self.span(open.range()), label);
        }
        let help = if self.tag.is_none() && found.kind == Kind::OutputEnd {
            Some("an expression stands between `{{` and `}}`, or without both".to_owned())
        } else {
            slip::help(found, self.written(found))
        };
        self.mistake(help.into_iter().fold(mistake, Diagnostic::help))
    }

    pub(super) fn mistake(&mut self, mistake: Diagnostic) -> Reported {
        self.report.report(mistake);
        Reported
    }

    /// Reports something too deep or too long, and gives the tag up
    pub(super) fn too_much(&mut self, range: Range<usize>, message: &str) -> Reported {
        let help = "compute a part of it in a step before, with `set_state`";
        let mistake = self.report.limit(range, message).help(help);
        while !self.peek().kind.ends_tag() {
            self.at += 1;
        }
        self.mistake(mistake)
    }

    pub(super) fn too_long(&mut self, range: Range<usize>) -> Reported {
        let message = format!("an expression chains more than {MAX_CHAIN} operations");
        self.too_much(range, &message)
    }

    /// Takes an opening bracket
    pub(super) fn open_bracket(&mut self) -> Parse<Token> {
        let opening = self.advance();
        if self.open.len() >= MAX_NESTING {
            let message = format!("an expression is nested more than {MAX_NESTING} deep");
            return Err(self.too_much(opening.range(), &message));
        }
        self.open.push(opening);
        Ok(opening)
    }

    /// Takes what closes the innermost bracket; where something else stands, reports it unless
    /// the inside `failed`, and goes on behind the bracket
    pub(super) fn close_bracket(&mut self, failed: bool) -> Parse<Token> {
        let opening = self.open.last().map_or(Kind::OpenBrace, |open| open.kind);
        let closer = opening.partner();
        if !failed && !self.is(closer) {
            self.expected(&format!("`{}`", closer.written()));
        }
        self.open.pop();
        while self.skip_to_comma() {
            let kind = self.peek().kind;
            if kind == closer {
                return Ok(self.advance());
            }
            if self.open.iter().any(|open| open.kind.partner() == kind) {
                // It closes a bracket further out, and this one with it.
                return Ok(self.peek());
            }
            self.advance();
        }
        Err(Reported)
    }

    /// Goes to the next comma or closing bracket of the brackets that are open; gives whether
    /// there is one in this tag
    pub(super) fn skip_to_comma(&mut self) -> bool {
        let mut depth = 0_usize;
        loop {
            let kind = self.peek().kind;
            if kind.ends_tag() {
                return false;
            }
            if depth == 0 && (kind.closes() || kind == Kind::Comma) {
                return true;
            }
            depth += usize::from(kind.opens());
            depth -= usize::from(kind.closes());
            self.advance();
        }
    }

    /// Goes behind the end of the tag
    pub(super) fn skip_tag(&mut self) {
        while !self.peek().kind.ends_tag() {
            self.advance();
        }
        self.eat(self.peek().kind);
    }
}

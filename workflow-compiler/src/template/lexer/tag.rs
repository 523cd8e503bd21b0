//! The inside of a tag: pieces of an expression up to where the tag ends.

use super::{Lexer, MAX_RESCANS};
use crate::template::token::{Kind, Token};

/// The tag that is being cut up
struct Tag {
    /// `{{` or `{%`; `Text` for an expression without braces
    kind: Kind,
    /// The opening
    start: usize,
    /// The first of its tokens
    first: usize,
    /// Brackets that are open
    brackets: Vec<Kind>,
    /// How many of them are `{`
    braces: usize,
    /// Openings of tags inside of this one, which have been reported
    nested: usize,
    /// Whether there was one
    reported: bool,
}

/// What may stand in a tag and is no piece of an expression
enum Found {
    /// The end of the tag
    End,
    /// The opening of another tag, so that this one was not closed
    Opening,
    /// Something that was taken care of
    Stray,
}

impl Tag {
    fn closer(&self) -> &'static str {
        if self.kind == Kind::BlockBegin { "%}" } else { "}}" }
    }

    fn end(&self) -> Kind {
        if self.kind == Kind::BlockBegin { Kind::BlockEnd } else { Kind::OutputEnd }
    }

    /// Closes up to the innermost `{`
    fn close_brace(&mut self) {
        while let Some(open) = self.brackets.pop() {
            if open == Kind::OpenBrace {
                self.braces -= 1;
                return;
            }
        }
    }

    fn bracket(&mut self, kind: Kind) {
        if kind.opens() {
            self.brackets.push(kind);
            self.braces += usize::from(kind == Kind::OpenBrace);
        } else if kind.closes() && self.brackets.last().is_some_and(|o| *o != Kind::OpenBrace) {
            self.brackets.pop();
        }
    }
}

impl Lexer<'_, '_, '_, '_> {
    /// A tag, from its opening to its end
    pub(super) fn tag(&mut self, kind: Kind) {
        let start = self.at;
        self.at = self.behind_sign(start + 2);
        self.push(kind, start, self.at);
        let first = self.tokens.len();
        let tag =
            Tag { kind, start, first, brackets: vec![], braces: 0, nested: 0, reported: false };
        self.inside(tag);
    }

    /// An expression that goes to the end of the source
    pub(super) fn bare(&mut self) {
        let (kind, brackets) = (Kind::Text, Vec::new());
        let tag = Tag { kind, start: 0, first: 0, brackets, braces: 0, nested: 0, reported: false };
        self.inside(tag);
    }

    fn inside(&mut self, mut tag: Tag) {
        loop {
            self.skip_space();
            if self.at == self.source.len() {
                if tag.kind == Kind::Text || self.unclosed(&mut tag) {
                    return;
                }
                continue;
            }
            let found = self.ends(&mut tag).or_else(|| self.opening(&mut tag));
            match found {
                Some(Found::End) => return,
                Some(Found::Opening) if self.unclosed(&mut tag) => return,
                Some(_) => {}
                None => self.piece(&mut tag),
            }
        }
    }

    /// Takes the next piece of the expression
    fn piece(&mut self, tag: &mut Tag) {
        let start = self.at;
        match self.rest().as_bytes().first() {
            Some(b'\'' | b'"') if let Some(opening) = self.opening_behind_apostrophe(tag) => {
                self.at = opening;
            }
            Some(b'\'' | b'"') => match self.string_end() {
                Some(end) => {
                    self.push(Kind::Str, start, end);
                    self.at = end;
                }
                None => self.unclosed_quote(tag),
            },
            Some(b'}') if tag.braces > 0 => {
                tag.close_brace();
                self.at += 1;
                self.push(Kind::CloseBrace, start, self.at);
            }
            _ => {
                let kind = self.word();
                tag.bracket(kind);
                self.push(kind, start, self.at);
            }
        }
    }

    /// Where another tag opens behind the quote that is here, if that is an apostrophe in text that
    /// an unclosed tag has run into: no string begins directly behind a word, this one would swallow
    /// the other tag's opening, and the tag does not end before that
    fn opening_behind_apostrophe(&self, tag: &Tag) -> Option<usize> {
        let is_word = |token: &&Token| token.kind == Kind::Name && token.end == self.at;
        self.tokens[tag.first..].last().filter(is_word).filter(|_| tag.kind != Kind::Text)?;
        let text = self.rest();
        let opening = ["{{", "{%", "{#"].iter().filter_map(|opening| text.find(opening)).min()?;
        let closer = text.find(tag.closer()).unwrap_or(text.len());
        let swallowed = self.string_end().is_some_and(|end| self.at + opening < end);
        (swallowed && opening < closer).then_some(self.at + opening)
    }

    /// Takes the end of the tag if it is here
    fn ends(&mut self, tag: &mut Tag) -> Option<Found> {
        let rest = self.rest();
        let sign = usize::from(rest.starts_with(['-', '+']));
        let is_block = rest[sign..].starts_with("%}");
        let is_output = tag.braces == 0
            && rest[sign..].starts_with("}}")
            // `{{ a +}}` is a sum without its end, as in Jinja2.
            && !rest.starts_with('+');
        let is_brace = tag.braces == 0 && rest.starts_with('}');
        if !(is_block || is_output || is_brace) {
            return None;
        }
        let length = if is_block || is_output { sign + 2 } else { 1 };
        let start = self.at;
        self.at += length;
        if is_output && tag.nested > 0 {
            tag.nested -= 1;
            return Some(Found::Stray);
        }
        let right = (tag.end() == Kind::BlockEnd && is_block)
            || (tag.end() == Kind::OutputEnd && is_output);
        self.push(if right { tag.end() } else { Kind::WrongEnd }, start, self.at);
        if tag.kind == Kind::Text {
            return Some(Found::Stray);
        }
        if rest.starts_with('-') {
            self.skip_space();
        }
        Some(Found::End)
    }

    /// Looks for the opening of another tag; braces that only repeat those of the tag are
    /// reported and left out
    fn opening(&mut self, tag: &mut Tag) -> Option<Found> {
        let rest = self.rest();
        let opens = |written: &str| tag.kind != Kind::Text && rest.starts_with(written);
        if opens("{%") || opens("{#") || (opens("{{") && self.behind_operand(tag)) {
            return Some(Found::Opening);
        }
        if !opens("{{") {
            return None;
        }
        let mistake = self.report.syntax(self.at..self.at + 2, "`{{` inside of a tag");
        let mistake = mistake
            .also(self.report.span(tag.start..tag.start + 2), "this tag is an expression already");
        self.report.report(mistake.help("leave the inner `{{` and `}}` out"));
        self.at += 2;
        tag.nested += 1;
        tag.reported = true;
        Some(Found::Stray)
    }

    /// Whether the last token ends a value, so that no value can follow
    fn behind_operand(&self, tag: &Tag) -> bool {
        let inside = &self.tokens[tag.first..];
        let Some(last) = inside.last() else { return false };
        match last.kind {
            Kind::Name => {
                let word = &self.source[last.range()];
                let is_tag_name = tag.kind == Kind::BlockBegin && inside.len() == 1;
                !is_tag_name && !["and", "or", "not", "if", "else", "in", "is"].contains(&word)
            }
            Kind::Int | Kind::Float | Kind::Str => true,
            kind => kind.closes(),
        }
    }

    /// The tag does not end before the next one, or at all; gives whether its tokens are complete
    fn unclosed(&mut self, tag: &mut Tag) -> bool {
        if self.blame_quote(tag) {
            return false;
        }
        if !tag.reported {
            let opening = &self.source[tag.start..tag.start + 2];
            let mistake = self
                .report
                .syntax(tag.start..tag.start + 2, format!("this `{opening}` is not closed"))
                .help(format!("close it with `{}`", tag.closer()));
            self.report.report(mistake);
        }
        // The name of a block's tag is kept, so that its end tag finds it.
        let inside = &self.tokens[tag.first..];
        let named = tag.kind == Kind::BlockBegin
            && inside.first().is_some_and(|token| token.kind == Kind::Name);
        self.tokens.truncate(tag.first + usize::from(named));
        self.push(Kind::Broken, self.at, self.at);
        self.push(tag.end(), self.at, self.at);
        true
    }

    /// No quote closes the string that starts here
    fn unclosed_quote(&mut self, tag: &mut Tag) {
        if !self.blame_quote(tag) {
            let token = Token { kind: Kind::Str, start: self.at, end: self.source.len() };
            self.break_string(tag, token);
        }
    }

    /// Where a tag makes no sense and a string in it swallowed an end of the tag, the string's
    /// quote was forgotten: reports that, and goes back to the end of the tag inside of it
    fn blame_quote(&mut self, tag: &mut Tag) -> bool {
        if self.rescans >= MAX_RESCANS {
            return false;
        }
        let swallows = |token: &Token| {
            token.kind == Kind::Str && self.source[token.range()].contains(tag.closer())
        };
        let Some(index) = self.tokens[tag.first..].iter().position(swallows) else {
            return false;
        };
        let token = self.tokens[tag.first + index];
        self.tokens.truncate(tag.first + index);
        self.break_string(tag, token);
        true
    }

    fn break_string(&mut self, tag: &mut Tag, token: Token) {
        let quote = &self.source[token.start..=token.start];
        let mistake = self.report.syntax(token.start..token.start + 1, "this string is not closed");
        let mistake = mistake.label("starts here").help(format!("close it with `{quote}`"));
        self.report.report(mistake);
        self.rescans += 1;
        let text = &self.source[token.range()];
        let closer = text.find(tag.closer()).filter(|_| self.rescans <= MAX_RESCANS);
        let end = closer.map_or(self.source.len(), |offset| token.start + offset);
        self.push(Kind::Broken, token.start, end);
        self.at = end;
        tag.brackets.clear();
        tag.braces = 0;
        tag.reported = true;
    }
}

//! Tags that hold others: which are open, and what closes them.

use std::collections::BTreeSet;

use super::{MAX_NESTING, Parser};
use crate::source::Spanned;
use crate::template::ast::{Expr, Part};
use crate::template::literal;
use crate::template::token::{Kind, Token};

/// The parts of a template while it is read
#[derive(Default)]
pub(super) struct Blocks {
    /// Parts of the innermost block
    parts: Vec<Part>,
    open: Vec<Open>,
    /// Tags that were reported and may have an end tag, which is then not reported
    pub(super) reported: BTreeSet<String>,
    /// Whether the rest of the template is left unread
    gave_up: bool,
}

/// A block that is not closed yet
struct Open {
    name: Token,
    kind: Block,
    /// Parts before it
    before: Vec<Part>,
    /// Whether it may not be closed because of a mistake that was reported
    doubtful: bool,
}

/// What is known of an open block
pub(super) enum Block {
    If {
        /// The branches that are complete
        branches: Vec<(Expr, Vec<Part>)>,
        /// The test of the branch that is open; `None` under `else`
        test: Option<Expr>,
    },
    For {
        target: Vec<Spanned<String>>,
        items: Expr,
        filter: Option<Expr>,
        /// The body, once `else` was met
        body: Option<Vec<Part>>,
    },
    /// `{% set name %}`
    Set {
        target: Spanned<String>,
        /// What is set: the text, or filters on it, with the text still empty
        value: Expr,
        /// How high the tree is that the text stands at the bottom of, blocks around it counted
        height: usize,
    },
}

impl Block {
    fn word(&self) -> &'static str {
        match self {
            Self::If { .. } => "if",
            Self::For { .. } => "for",
            Self::Set { .. } => "set",
        }
    }

    fn has_else(&self) -> bool {
        match self {
            Self::If { test, .. } => test.is_none(),
            Self::For { body, .. } => body.is_some(),
            Self::Set { .. } => false,
        }
    }

    /// The part of a block whose last parts are `last`
    fn close(self, last: Vec<Part>) -> Part {
        match self {
            Self::If { mut branches, test: Some(test) } => {
                branches.push((test, last));
                Part::If { branches, otherwise: Vec::new() }
            }
            Self::If { branches, test: None } => Part::If { branches, otherwise: last },
            Self::For { target, items, filter, body: Some(body) } => {
                Part::For { target, items, filter, body, otherwise: last }
            }
            Self::For { target, items, filter, body: None } => {
                Part::For { target, items, filter, body: last, otherwise: Vec::new() }
            }
            Self::Set { target, mut value, .. } => {
                if let Some(text) = value.block_mut() {
                    text.parts = last;
                }
                Part::Set { target: vec![target], value }
            }
        }
    }
}

impl Blocks {
    pub(super) fn push(&mut self, part: Part) {
        self.parts.push(part);
    }

    /// Adds text, to the text before it if there is any
    fn text(&mut self, text: &str) {
        let text = literal::normalise_newlines(text);
        match self.parts.last_mut() {
            Some(Part::Text(before)) => before.push_str(&text),
            _ => self.parts.push(Part::Text(text)),
        }
    }

    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            let last = std::mem::replace(&mut self.parts, open.before);
            self.parts.push(open.kind.close(last));
        }
    }

    /// Closes the innermost block if a mistake opened it
    pub(super) fn close_doubtful(&mut self) {
        if self.open.last().is_some_and(|open| open.doubtful) {
            self.close();
        }
    }

    /// How high the trees are that a block in here stands at the bottom of
    pub(super) fn height(&self) -> usize {
        let height = |open: &Open| match open.kind {
            Block::Set { height, .. } => Some(height),
            _ => None,
        };
        self.open.iter().rev().find_map(height).unwrap_or(0)
    }

    /// Whether a block of that name is open
    pub(super) fn is_open(&self, word: &str) -> bool {
        self.open.iter().any(|open| open.kind.word() == word)
    }

    /// What would close the innermost block
    pub(super) fn closer(&self) -> Option<&'static str> {
        self.open.last().map(|open| match open.kind {
            Block::If { .. } => "endif",
            Block::For { .. } => "endfor",
            Block::Set { .. } => "endset",
        })
    }
}

impl Parser<'_, '_> {
    /// A whole template
    pub(super) fn template(&mut self) -> Vec<Part> {
        let mut blocks = Blocks::default();
        while !blocks.gave_up {
            let token = self.peek();
            match token.kind {
                Kind::End => break,
                Kind::OutputBegin => self.output(&mut blocks),
                Kind::BlockBegin => self.block_tag(&mut blocks),
                _ => {
                    self.advance();
                    blocks.text(self.written(token));
                }
            }
        }
        let swallowed = self.end_is_swallowed();
        for open in std::mem::take(&mut blocks.open) {
            if !blocks.gave_up && !open.doubtful && !swallowed {
                self.unclosed_block(&open);
            }
        }
        blocks.parts
    }

    /// Whether the last tag has a string without its end, which may have taken end tags with it
    fn end_is_swallowed(&self) -> bool {
        let opens = |token: &Token| matches!(token.kind, Kind::OutputBegin | Kind::BlockBegin);
        let Some(last) = self.tokens.iter().rposition(opens) else { return false };
        let is_broken = self.tokens[last..].iter().any(|token| token.kind == Kind::Broken);
        is_broken && self.source[self.tokens[last].end..].contains("{%")
    }

    fn unclosed_block(&mut self, open: &Open) {
        let word = open.kind.word();
        let message = format!("this `{{% {word} %}}` is not closed");
        let mistake = self.report.syntax(open.name.range(), message);
        let help = format!("close it with `{{% end{word} %}}`");
        self.mistake(mistake.help(match open.kind {
            Block::Set { .. } => format!("{help}, or write `{{% set name = value %}}`"),
            _ => help,
        }));
    }

    /// Begins a block
    pub(super) fn open_block(&mut self, blocks: &mut Blocks, name: Token, kind: Block) {
        if blocks.open.len() >= MAX_NESTING {
            let message = format!("tags are nested more than {MAX_NESTING} deep");
            self.mistake(self.report.limit(name.range(), message));
            blocks.gave_up = true;
            return;
        }
        let before = std::mem::take(&mut blocks.parts);
        // The tag may be a guess, or have swallowed what follows it.
        let last = self.tokens[..self.at].iter().rev().nth(1);
        let doubtful =
            self.report.is_quiet() || last.is_some_and(|token| token.kind == Kind::Broken);
        blocks.open.push(Open { name, kind, before, doubtful });
    }

    /// `{% elif test %}`
    pub(super) fn next_branch(&mut self, blocks: &mut Blocks, name: Token, next: Expr) {
        self.no_second_else(blocks, name);
        match blocks.open.last_mut().map(|open| &mut open.kind) {
            Some(Block::If { branches, test }) => {
                let parts = std::mem::take(&mut blocks.parts);
                branches.extend(test.replace(next).map(|test| (test, parts)));
            }
            _ => self.stray(blocks, name),
        }
    }

    /// `{% else %}`
    pub(super) fn last_branch(&mut self, blocks: &mut Blocks, name: Token) {
        self.no_second_else(blocks, name);
        match blocks.open.last_mut().map(|open| &mut open.kind) {
            Some(Block::If { branches, test }) => {
                let parts = std::mem::take(&mut blocks.parts);
                branches.extend(test.take().map(|test| (test, parts)));
            }
            Some(Block::For { body, .. }) => {
                let parts = std::mem::take(&mut blocks.parts);
                body.get_or_insert(parts);
            }
            Some(Block::Set { .. }) | None => self.stray(blocks, name),
        }
    }

    fn no_second_else(&mut self, blocks: &Blocks, name: Token) {
        if let Some(open) = blocks.open.last().filter(|open| open.kind.has_else()) {
            let message = format!("`{}` behind `else`", self.written(name));
            let mistake = self.report.syntax(name.range(), message);
            let label = format!("this `{}` has its `else` already", open.kind.word());
            self.mistake(mistake.also(self.span(open.name.range()), label));
        }
    }

    /// A tag that belongs to none of those that are open
    fn stray(&mut self, blocks: &Blocks, name: Token) {
        let written = self.written(name);
        let mistake = match blocks.open.last() {
            Some(open) => {
                let expected = format!("expected `end{}`, found `{written}`", open.kind.word());
                let label = format!("this `{}` is not closed", open.kind.word());
                let mistake = self.report.syntax(name.range(), expected);
                mistake.also(self.span(open.name.range()), label)
            }
            None => self.report.syntax(name.range(), format!("`{written}` belongs to no open tag")),
        };
        self.mistake(mistake);
    }

    /// `{% endif %}` with `word` being `if`
    pub(super) fn end_block(&mut self, blocks: &mut Blocks, name: Token, word: &str) {
        let depth = blocks.open.len();
        let opener = blocks.open.iter().rposition(|open| open.kind.word() == word);
        if depth == 0 || opener != Some(depth - 1) {
            self.stray(blocks, name);
        }
        match (opener, blocks.open.last_mut()) {
            (Some(keep), _) => {
                while blocks.open.len() > keep {
                    blocks.close();
                }
            }
            // Perhaps it was meant to close what is open, perhaps it is too much.
            (None, Some(open)) => open.doubtful = true,
            (None, None) => {}
        }
    }
}

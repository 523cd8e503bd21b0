//! What stands in `{{ }}` and `{% %}`.

use std::ops::Range;

use super::block::{Block, Blocks};
use super::expression::Tree;
use super::operand::WORDS;
use super::{Parse, Parser, Reported};
use crate::source::Spanned;
use crate::template::ast::{Expr, ExprKind, Part, Template};
use crate::template::token::{Kind, Token};

/// The tags there are
const TAGS: &[&str] =
    &["if", "elif", "else", "endif", "for", "endfor", "set", "endset", "raw", "endraw"];

/// Tags of Jinja2 and its relatives that are not taken, each with what to do instead
const UNSUPPORTED: &[(&str, &str)] = &[
    ("macro", "write the text where it is used, or call a function"),
    ("call", "write the text where it is used, or call a function"),
    ("import", "a template stands alone: write the text here"),
    ("from", "a template stands alone: write the text here"),
    ("include", "a template stands alone: write the text here"),
    ("extends", "a template stands alone: write the text here"),
    ("block", "a template stands alone: write the text here"),
    ("filter", "apply the filter to a value: `{{ value | name }}`"),
    ("with", "name the value with `{% set name = value %}`"),
    ("do", "change state with a `set_state` step"),
    ("autoescape", "leave it out: nothing is escaped here"),
    ("print", "write `{{ value }}`"),
    ("break", "leave items out with `{% for x in items if … %}`"),
    ("continue", "leave items out with `{% for x in items if … %}`"),
    ("while", "go through a list with `{% for x in items %}`"),
    ("trans", "write the text itself"),
    ("debug", "write `{{ value | tojson }}`"),
];

/// Names of tags in other languages
const RELATIVES: &[(&str, &str)] = &[("elseif", "elif"), ("elsif", "elif"), ("foreach", "for")];

impl<'a> Parser<'a, '_> {
    /// `{{ value }}`
    pub(super) fn output(&mut self, blocks: &mut Blocks) {
        self.tag = Some(self.advance());
        if self.is_statement() {
            let name = self.advance();
            let word = self.written(name);
            let message = format!("`{word}` is a tag, not an expression");
            let mistake = self.report.syntax(name.range(), message);
            let more = if self.peek().kind.ends_tag() { "" } else { "… " };
            self.mistake(mistake.help(format!("write `{{% {word} {more}%}}`")));
            return self.statement(blocks, name, word);
        }
        let value = self.tuple(Self::expression);
        if let Some(value) = self.end_tag(value, "an operator or `}}`") {
            blocks.push(Part::Output(*value.expr));
        }
    }

    /// Whether what stands next is a tag's inside rather than an expression
    fn is_statement(&self) -> bool {
        let is_word = |ahead: usize, word| self.token_is(self.ahead(ahead), word);
        let is_lone = self.ahead(1).kind.ends_tag();
        let is_name = self.ahead(1).kind == Kind::Name;
        is_word(0, "if")
            || is_word(0, "elif")
            || (is_lone && (is_word(0, "else") || is_word(0, "endif") || is_word(0, "endfor")))
            || (is_lone && is_word(0, "endset"))
            || (is_name && is_word(0, "for"))
            || (is_name && is_word(0, "set"))
    }

    /// `{% … %}`
    pub(super) fn block_tag(&mut self, blocks: &mut Blocks) {
        self.tag = Some(self.advance());
        let Ok(name) = self.expect_name("the name of a tag") else {
            return self.skip_tag();
        };
        match self.known_tag(blocks, name) {
            Some(word) => {
                // A guess at a misspelt tag only keeps the blocks in order.
                self.report.set_quiet(word != self.written(name));
                self.statement(blocks, name, word);
                self.report.set_quiet(false);
            }
            None => self.skip_tag(),
        }
    }

    /// The tag that is meant; what is not one is reported
    fn known_tag(&mut self, blocks: &mut Blocks, name: Token) -> Option<&'a str> {
        let word = self.written(name);
        if TAGS.contains(&word) {
            return Some(word);
        }
        let of = word.strip_prefix("end");
        if of.is_some_and(|of| blocks.reported.contains(of)) {
            blocks.close_doubtful();
            return None;
        }
        let unsupported = |(name, _): &&(&str, &str)| *name == of.unwrap_or(word);
        if let Some((_, instead)) = UNSUPPORTED.iter().find(unsupported) {
            let message = format!("the tag `{word}` is not supported");
            let mistake = self.report.syntax(name.range(), message);
            self.mistake(mistake.help(*instead));
            blocks.reported.insert(of.unwrap_or(word).to_owned());
            return None;
        }
        let meant = meant(word, blocks);
        let mistake = self.report.syntax(name.range(), format!("unknown tag `{word}`"));
        self.mistake(match meant {
            Some(meant) => mistake.help(format!("did you mean `{meant}`?")),
            None => mistake.help("there are `if`, `for`, `set` and `raw`"),
        });
        blocks.reported.insert(word.to_owned());
        meant
    }

    fn statement(&mut self, blocks: &mut Blocks, name: Token, word: &str) {
        match word {
            "if" => self.if_tag(blocks, name),
            "elif" => self.elif_tag(blocks, name),
            "else" => self.else_tag(blocks, name),
            "for" => self.for_tag(blocks, name),
            "set" => self.set_tag(blocks, name),
            "endif" | "endfor" | "endset" => {
                self.end_tag(Ok(()), &self.closer());
                self.end_block(blocks, name, &word[3..]);
            }
            // The lexer takes `raw` with what is in it; what comes here is ill-formed.
            _ if self.is(Kind::Broken) || blocks.reported.contains("raw") => self.skip_tag(),
            _ => {
                blocks.reported.insert("raw".to_owned());
                let message = format!("`{{% {word} %}}` does not stand here");
                let mistake = self.report.syntax(name.range(), message);
                self.mistake(mistake.help("raw text is written `{% raw %} … {% endraw %}`"));
                self.skip_tag();
            }
        }
    }

    fn if_tag(&mut self, blocks: &mut Blocks, name: Token) {
        let test = Some(self.test_of(name));
        self.open_block(blocks, name, Block::If { branches: Vec::new(), test });
    }

    fn elif_tag(&mut self, blocks: &mut Blocks, name: Token) {
        let test = self.test_of(name);
        self.next_branch(blocks, name, test);
    }

    fn else_tag(&mut self, blocks: &mut Blocks, name: Token) {
        if let Some(second) = self.eat_word("if") {
            let range = name.start..second.end;
            let mistake = self.report.syntax(range, "`else` takes no test");
            self.mistake(mistake.help("write `elif`"));
            return self.elif_tag(blocks, name);
        }
        self.eat(Kind::Colon);
        self.end_tag(Ok(()), &self.closer());
        self.last_branch(blocks, name);
    }

    /// The test behind `if` or `elif`, and the end of the tag
    fn test_of(&mut self, name: Token) -> Expr {
        let test = self.tuple(Self::unconditional);
        self.eat_colon(&test);
        let test = self.end_tag(test, "an operator or `%}`");
        test.map_or_else(|| self.placeholder(name.range()), |tree| *tree.expr)
    }

    /// As in Python, a colon may stand before the end of a tag
    fn eat_colon<T>(&mut self, parsed: &Parse<T>) {
        if parsed.is_ok() {
            self.eat(Kind::Colon);
        }
    }

    /// Stands where an expression was wrong; nobody sees it
    fn placeholder(&self, range: Range<usize>) -> Expr {
        Expr { kind: ExprKind::Null, span: self.span(range) }
    }

    fn for_tag(&mut self, blocks: &mut Blocks, name: Token) {
        let head = self.for_head();
        self.eat_colon(&head);
        let (target, items, filter) = self
            .end_tag(head, "an operator or `%}`")
            .unwrap_or_else(|| (Vec::new(), self.placeholder(name.range()), None));
        self.open_block(blocks, name, Block::For { target, items, filter, body: None });
    }

    fn for_head(&mut self) -> Parse<(Vec<Spanned<String>>, Expr, Option<Expr>)> {
        let target = self.targets()?;
        if let Some(name) = target.iter().find(|name| name.value == "loop") {
            let mut mistake = self.report.syntax(0..0, "`loop` is what tells of the loop itself");
            mistake.span = name.span;
            self.mistake(mistake.help("give the variable another name"));
        }
        if self.eat_word("in").is_none() {
            return Err(self.expected("`in`"));
        }
        let items = *self.tuple(Self::unconditional)?.expr;
        let filter = match self.eat_word("if") {
            Some(_) => Some(*self.expression()?.expr),
            None => None,
        };
        if let Some(word) = self.eat_word("recursive") {
            let message = "recursive loops are not supported";
            self.mistake(self.report.limit(word.range(), message));
        }
        Ok((target, items, filter))
    }

    fn set_tag(&mut self, blocks: &mut Blocks, name: Token) {
        let target = self.targets();
        let opens = matches!(self.peek().kind, Kind::BlockEnd | Kind::Pipe);
        if let Ok([only]) = target.as_deref()
            && opens
        {
            let target = only.clone();
            let value = self.set_filters(name, blocks.height());
            let (value, height) = match self.end_tag(value, "`|` or `%}`") {
                Some(tree) => (*tree.expr, tree.height),
                None => (self.placeholder(name.range()), blocks.height()),
            };
            return self.open_block(blocks, name, Block::Set { target, value, height });
        }
        let assigned = target.and_then(|target| {
            self.expect(Kind::Assign, "`=`")?;
            Ok((target, *self.tuple(Self::expression)?.expr))
        });
        if let Some((target, value)) = self.end_tag(assigned, "an operator or `%}`") {
            blocks.push(Part::Set { target, value });
        }
    }

    /// The text between `{% set name %}` and `{% endset %}`, not read yet, with its filters
    fn set_filters(&mut self, name: Token, below: usize) -> Parse<Tree> {
        let span = self.span(name.range());
        let text = ExprKind::Template(Box::new(Template { parts: Vec::new(), span }));
        let mut value = self.grown(text, name.range(), below)?;
        while self.is(Kind::Pipe) {
            value = self.filter(value)?;
        }
        Ok(value)
    }

    /// The names that a loop or `set` gives values to
    fn targets(&mut self) -> Parse<Vec<Spanned<String>>> {
        let bracket = self.eat(Kind::OpenParen);
        let mut names = Vec::new();
        loop {
            names.push(self.target()?);
            if self.eat(Kind::Comma).is_none() {
                break;
            }
        }
        if bracket.is_some() {
            self.expect(Kind::CloseParen, "`,` or `)`")?;
        }
        Ok(names)
    }

    fn target(&mut self) -> Parse<Spanned<String>> {
        let what = "the name of a variable";
        let word = self.written(self.peek());
        let constants = ["true", "True", "false", "False", "none", "None", "null"];
        if WORDS.contains(&word) || constants.contains(&word) {
            return Err(self.expected(what));
        }
        let name = self.expect_name(what)?;
        if self.is(Kind::Dot) {
            let mistake = self.report.syntax(self.peek().range(), "a field cannot be set here");
            return Err(self.mistake(mistake.help("change state with a `set_state` step")));
        }
        Ok(self.name(name))
    }

    /// An expression, or several with commas, which are a list
    fn tuple(&mut self, parse: impl Fn(&mut Self) -> Parse<Tree>) -> Parse<Tree> {
        let first = parse(self)?;
        if !self.is(Kind::Comma) {
            return Ok(first);
        }
        let mut outer = first.outer.clone();
        let mut height = first.height;
        let mut list = vec![*first.expr];
        while let Some(comma) = self.eat(Kind::Comma) {
            outer.end = comma.end;
            if self.peek().kind.ends_tag() {
                break;
            }
            let next = parse(self)?;
            outer.end = next.outer.end;
            height = height.max(next.height);
            list.push(*next.expr);
        }
        self.grown(ExprKind::List(list), outer, height)
    }

    /// How the end of the tag is shown
    fn closer(&self) -> String {
        format!("`{}`", self.closing().written())
    }

    /// What ends the tag
    fn closing(&self) -> Kind {
        let is_block = self.tag.is_some_and(|tag| tag.kind == Kind::BlockBegin);
        if is_block { Kind::BlockEnd } else { Kind::OutputEnd }
    }

    /// Goes behind the end of the tag; where something else stands, that is reported and skipped
    fn end_tag<T>(&mut self, parsed: Parse<T>, expected: &str) -> Option<T> {
        if parsed.is_ok() && !self.is(self.closing()) {
            let Reported = self.expected(expected);
        }
        self.skip_tag();
        parsed.ok()
    }
}

/// The tag that an unknown word comes closest to
fn meant(word: &str, blocks: &Blocks) -> Option<&'static str> {
    let word = word.to_lowercase();
    let closer = blocks.closer();
    if closer.is_some() && ["end", "fi", "done"].contains(&&*word) {
        return closer;
    }
    if let Some((_, meant)) = RELATIVES.iter().find(|(name, _)| *name == word) {
        return Some(meant);
    }
    let distance = |tag: &&&str| strsim::osa_distance(&word, tag);
    let close = TAGS.iter().filter(|tag| distance(tag) <= 1.max(word.len() / 3));
    let meant = close.min_by_key(distance).copied()?;
    match meant.strip_prefix("end") {
        Some(of) if !blocks.is_open(of) => closer.or(Some(meant)),
        _ => Some(meant),
    }
}

//! Reads one value as what the language needs there.

use super::comments::{cut_off, warning};
use super::fields::is_null;
use super::{Fields, Takes};
use crate::diagnostic::Diagnostics;
use crate::source::{Span, Spanned};
use crate::template::{self, Parsed, Text, ast::Expr};
use crate::yaml::{Document, NodeId, Plain, Scalar};

/// A value and what it is the value of
///
/// Each reader reports a value of a wrong kind, and gives `None` then.
#[derive(Clone, Debug)]
pub struct Value<'a> {
    /// The document read from
    pub doc: &'a Document,
    /// The value
    pub node: NodeId,
    /// What it is, for messages: `` `message` ``
    pub what: String,
}

impl<'a> Value<'a> {
    /// A node as the value of `what`
    pub fn new(doc: &'a Document, node: NodeId, what: impl Into<String>) -> Self {
        Self { doc, node, what: what.into() }
    }

    /// Where it stands
    pub fn span(&self) -> Span {
        self.doc.span(self.node)
    }

    /// The text, taken as it is
    pub fn text(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
        let scalar = self.string(Takes::Text, diagnostics)?;
        diagnostics.extend(self.doc.swallowed(self.node).map(warning));
        Some(self.at(scalar.text.clone()))
    }

    /// A name: here numbers and words such as `true` are texts, too
    pub fn name(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
        match self.doc.scalar(self.node) {
            Some(scalar) if scalar.plain() != Plain::Null => Some(self.at(scalar.text.clone())),
            _ => self.mismatch(&Takes::Name.describe(), diagnostics),
        }
    }

    /// One of some words; gives the word of the table
    pub fn word(
        &self,
        words: &[&'static str],
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<&'static str>> {
        let Some(scalar) = self.doc.scalar(self.node).filter(|_| !is_null(self.doc, self.node))
        else {
            return self.mismatch(&super::one_of(words), diagnostics);
        };
        let found = words.iter().find(|word| **word == scalar.text);
        match found {
            Some(word) => Some(self.at(*word)),
            None => self.unknown_word(&scalar.text, words, diagnostics),
        }
    }

    /// True or false
    pub fn flag(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<bool>> {
        match self.plain() {
            Some(Plain::Bool(flag)) => Some(self.at(flag)),
            _ => self.mismatch_plain(Takes::Flag, diagnostics),
        }
    }

    /// A number
    pub fn number(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<f64>> {
        match self.float() {
            Some(number) => Some(self.at(number)),
            None => self.mismatch_plain(Takes::Number, diagnostics),
        }
    }

    /// A number of seconds above 0; any other single value is no duration
    pub fn seconds(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<f64>> {
        match self.float().filter(|seconds| *seconds > 0.0) {
            Some(seconds) => Some(self.at(seconds)),
            None => self.invalid_duration(&Takes::Seconds.describe(), diagnostics),
        }
    }

    /// A number of seconds above 0, or a template that gives one when the run gets there
    pub fn duration(&self, diagnostics: &mut Diagnostics) -> Option<Expr> {
        let text = self.doc.scalar(self.node).map_or("", |scalar| scalar.text.as_str());
        if text.contains("{{") || text.contains("{%") {
            return self.expression(diagnostics);
        }
        self.seconds(diagnostics)?;
        self.data(diagnostics)
    }

    /// A number of seconds, perhaps 0; any other single value is no duration
    pub fn pause(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<f64>> {
        match self.float().filter(|seconds| *seconds >= 0.0) {
            Some(seconds) => Some(self.at(seconds)),
            None => self.invalid_duration("a number of seconds", diagnostics),
        }
    }

    /// A number that is not below `least`
    pub fn at_least(&self, least: f64, diagnostics: &mut Diagnostics) -> Option<Spanned<f64>> {
        match self.float().filter(|number| *number >= least) {
            Some(number) => Some(self.at(number)),
            None => self.mismatch_plain(Takes::Number, diagnostics),
        }
    }

    /// A whole number, at least 1
    pub fn count(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<u64>> {
        let count = match self.plain() {
            Some(Plain::Int(count)) => u64::try_from(count).ok().filter(|count| *count > 0),
            _ => None,
        };
        match count {
            Some(count) => Some(self.at(count)),
            None => self.mismatch_plain(Takes::Count, diagnostics),
        }
    }

    /// A list of names, each with its place
    pub fn names(&self, diagnostics: &mut Diagnostics) -> Option<Vec<Spanned<String>>> {
        let Some(items) = self.doc.sequence(self.node) else {
            return self.mismatch_list(Takes::Names, diagnostics);
        };
        let item = |node: &NodeId| {
            Value::new(self.doc, *node, format!("an item of {}", self.what)).name(diagnostics)
        };
        Some(items.iter().filter_map(item).collect())
    }

    /// A text that may hold templates
    pub fn template(&self, diagnostics: &mut Diagnostics) -> Option<Parsed> {
        let scalar = self.string(Takes::Template, diagnostics)?;
        self.parse(scalar, diagnostics)
    }

    /// An expression, with or without braces; a value that is no text stands for itself
    pub fn expression(&self, diagnostics: &mut Diagnostics) -> Option<Expr> {
        match self.doc.scalar(self.node) {
            Some(scalar) if matches!(scalar.plain(), Plain::String(_)) => {
                template::parse_expression(self.as_text(scalar), diagnostics)
            }
            _ => self.data(diagnostics),
        }
    }

    /// Parses a text with templates; a comment that it was to go on with is reported
    pub(super) fn parse(
        &self,
        scalar: &'a Scalar,
        diagnostics: &mut Diagnostics,
    ) -> Option<Parsed> {
        let mut found = Diagnostics::default();
        let parsed = template::parse(self.as_text(scalar), &mut found);
        match self.doc.swallowed(self.node) {
            Some(swallowed) if found.errors() > 0 => diagnostics.push(cut_off(swallowed, found)),
            Some(swallowed) => diagnostics.push(warning(swallowed)),
            None => diagnostics.extend(found.into_sorted()),
        }
        parsed
    }

    /// An agent: `@name`
    pub fn agent(&self, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
        let text = self.text(diagnostics)?;
        let fits = text.value.strip_prefix('@').is_some_and(is_agent_name);
        if fits {
            return Some(text);
        }
        self.invalid_agent(&text.value, diagnostics)
    }

    /// The items of a list
    pub fn list(&self, diagnostics: &mut Diagnostics) -> Option<Vec<Value<'a>>> {
        let Some(items) = self.doc.sequence(self.node) else {
            return self.mismatch_list(Takes::List, diagnostics);
        };
        let what = format!("an item of {}", self.what);
        Some(items.iter().map(|node| Value::new(self.doc, *node, what.clone())).collect())
    }

    /// The list of steps, which has at least one
    pub fn steps(&self, diagnostics: &mut Diagnostics) -> Option<NodeId> {
        match self.doc.sequence(self.node) {
            Some([]) => self.mismatch_with("at least one step", "an empty list", diagnostics),
            Some(_) => Some(self.node),
            None => self.mismatch(&Takes::Steps.describe(), diagnostics),
        }
    }

    pub(super) fn as_text(&self, scalar: &'a Scalar) -> Text<'a> {
        Text { text: &scalar.text, map: &scalar.map, span: self.span() }
    }

    pub(super) fn at<T>(&self, value: T) -> Spanned<T> {
        Spanned::new(value, self.span())
    }

    fn plain(&self) -> Option<Plain> {
        self.doc.scalar(self.node).map(Scalar::plain)
    }

    fn string(&self, takes: Takes, diagnostics: &mut Diagnostics) -> Option<&'a Scalar> {
        match self.doc.scalar(self.node) {
            Some(scalar) if matches!(scalar.plain(), Plain::String(_)) => Some(scalar),
            _ => self.mismatch_text(takes, diagnostics),
        }
    }

    /// The number, if it is one, and finite
    #[expect(clippy::cast_precision_loss, reason = "seconds and factors are far below 2^53")]
    fn float(&self) -> Option<f64> {
        match self.plain()? {
            Plain::Int(number) => Some(number as f64),
            Plain::Float(number) => Some(number).filter(|number| number.is_finite()),
            _ => None,
        }
    }
}

pub(super) fn is_agent_name(name: &str) -> bool {
    let character = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !name.is_empty() && name.chars().all(character)
}

/// The readers of [`Value`] by key
macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident -> $result:ty;)*) => {
        impl Fields<'_> {
            $(
                $(#[$doc])*
                pub fn $name(
                    &self,
                    key: &'static str,
                    diagnostics: &mut Diagnostics,
                ) -> Option<$result> {
                    self.get(key)?.$name(diagnostics)
                }
            )*
        }
    };
}

getters! {
    /// [`Value::text`] of a key
    text -> Spanned<String>;
    /// [`Value::name`] of a key
    name -> Spanned<String>;
    /// [`Value::flag`] of a key
    flag -> Spanned<bool>;
    /// [`Value::number`] of a key
    number -> Spanned<f64>;
    /// [`Value::seconds`] of a key
    seconds -> Spanned<f64>;
    /// [`Value::pause`] of a key
    pause -> Spanned<f64>;
    /// [`Value::duration`] of a key
    duration -> Expr;
    /// [`Value::count`] of a key
    count -> Spanned<u64>;
    /// [`Value::names`] of a key
    names -> Vec<Spanned<String>>;
    /// [`Value::template`] of a key
    template -> Parsed;
    /// [`Value::expression`] of a key
    expression -> Expr;
    /// [`Value::agent`] of a key
    agent -> Spanned<String>;
    /// [`Value::steps`] of a key
    steps -> NodeId;
    /// [`Value::data`] of a key
    data -> Expr;
    /// [`Value::entries`] of a key
    entries -> Vec<super::Entry>;
}

impl<'a> Fields<'a> {
    /// [`Value::word`] of a key
    pub fn word(
        &self,
        key: &'static str,
        words: &[&'static str],
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<&'static str>> {
        self.get(key)?.word(words, diagnostics)
    }

    /// [`Value::at_least`] of a key
    pub fn at_least(
        &self,
        key: &'static str,
        least: f64,
        diagnostics: &mut Diagnostics,
    ) -> Option<Spanned<f64>> {
        self.get(key)?.at_least(least, diagnostics)
    }

    /// [`Value::list`] of a key
    pub fn list(&self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<Vec<Value<'a>>> {
        self.get(key)?.list(diagnostics)
    }

    /// [`Value::pairs`] of a key
    pub fn mapping(
        &self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<(Spanned<String>, Value<'a>)>> {
        self.get(key)?.pairs(diagnostics)
    }
}

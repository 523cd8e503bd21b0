//! Values of the author's own: mappings with free keys, and data whose texts may be templates.

use std::collections::HashMap;

use serde_json::Value as Json;

use super::comments::warning;
use super::{Takes, Value};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::source::{Span, Spanned};
use crate::template::{
    Parsed,
    ast::{Expr, ExprKind},
};
use crate::yaml::{Kind, Plain};

/// An entry of a mapping with free keys: a state field, a parameter, an update
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key
    pub name: Spanned<String>,
    /// The value; `None` where it does not parse, which was reported
    pub value: Option<Expr>,
    /// Where the value stands
    pub span: Span,
}

impl<'a> Value<'a> {
    /// The pairs of a mapping with free keys, each key once
    pub fn pairs(
        &self,
        diagnostics: &mut Diagnostics,
    ) -> Option<Vec<(Spanned<String>, Value<'a>)>> {
        let Some(pairs) = self.doc.mapping(self.node) else {
            return self.mismatch(&Takes::Mapping.describe(), diagnostics);
        };
        let mut first: HashMap<&str, Span> = HashMap::new();
        let mut result = Vec::with_capacity(pairs.len());
        for pair in pairs {
            let place = self.doc.span(pair.key);
            let Some(name) = self.doc.scalar(pair.key).map(|scalar| scalar.text.as_str()) else {
                let message = "a key must be a text";
                diagnostics.push(Diagnostic::new(Code::WrongTypeOfKey, place, message));
                continue;
            };
            if let Some(first) = first.get(name) {
                diagnostics.push(duplicate(name, place, *first));
                continue;
            }
            first.insert(name, place);
            let value = Value::new(self.doc, pair.value, format!("`{name}`"));
            result.push((Spanned::new(name.to_owned(), place), value));
        }
        Some(result)
    }

    /// The pairs of a mapping with free keys, their values read by [`Value::data`]
    pub fn entries(&self, diagnostics: &mut Diagnostics) -> Option<Vec<Entry>> {
        let pairs = self.pairs(diagnostics)?.into_iter();
        let entry = |(name, value): (Spanned<String>, Value<'_>)| Entry {
            name,
            span: value.span(),
            value: value.data(diagnostics),
        };
        Some(pairs.map(entry).collect())
    }

    /// A value whose texts may hold templates, as an expression
    ///
    /// Lists and mappings become list and dict literals; a text that is one `{{ … }}` becomes
    /// what is in it. All mistakes are reported; one makes the whole value `None`.
    pub fn data(&self, diagnostics: &mut Diagnostics) -> Option<Expr> {
        let kind = match self.doc.kind(self.node) {
            Kind::Scalar(scalar) => match scalar.plain() {
                Plain::Null => {
                    diagnostics.extend(self.doc.swallowed(self.node).map(warning));
                    ExprKind::Null
                }
                Plain::Bool(value) => ExprKind::Bool(value),
                Plain::Int(value) => ExprKind::Int(value),
                Plain::Float(value) => ExprKind::Float(value),
                Plain::String(_) if self.is_with_comma(scalar) => {
                    return self.mismatch_comma(diagnostics);
                }
                Plain::String(_) => {
                    let parsed = self.parse(scalar, diagnostics)?;
                    return Some(expression_of(parsed, self.span()));
                }
            },
            Kind::Sequence(items) => {
                let item = |node| Value::new(self.doc, node, "an item").data(diagnostics);
                let items: Vec<_> = items.iter().copied().map(item).collect();
                ExprKind::List(items.into_iter().collect::<Option<_>>()?)
            }
            Kind::Mapping(_) => {
                let pair = |entry: Entry| {
                    let key = entry.name.map(ExprKind::Str);
                    Some((Expr { kind: key.value, span: key.span }, entry.value?))
                };
                let entries = self.entries(diagnostics)?;
                ExprKind::Dict(entries.into_iter().map(pair).collect::<Option<_>>()?)
            }
        };
        Some(Expr { kind, span: self.span() })
    }

    /// A value that is taken as it is, texts with braces included
    pub fn json(&self, diagnostics: &mut Diagnostics) -> Json {
        self.check_duplicates(diagnostics);
        self.doc.json(self.node)
    }

    fn check_duplicates(&self, diagnostics: &mut Diagnostics) {
        match self.doc.kind(self.node) {
            Kind::Scalar(_) => {}
            Kind::Sequence(items) => {
                for item in items {
                    Value::new(self.doc, *item, "an item").check_duplicates(diagnostics);
                }
            }
            Kind::Mapping(_) => {
                for (_, value) in self.pairs(diagnostics).unwrap_or_default() {
                    value.check_duplicates(diagnostics);
                }
            }
        }
    }
}

/// A parsed text as an expression
pub(super) fn expression_of(parsed: Parsed, span: Span) -> Expr {
    match parsed {
        Parsed::Plain(text) => Expr { kind: ExprKind::Str(text), span },
        Parsed::Value(value) => value,
        Parsed::Text(template) => Expr { kind: ExprKind::Template(Box::new(template)), span },
    }
}

fn duplicate(name: &str, place: Span, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, place, format!("`{name}` stands twice in one mapping"))
        .label("the second one")
        .also(first, "the first one, which counts")
        .help("remove one of the two")
}

//! Reads the keys of a mapping by its table.

use std::collections::{HashMap, HashSet};

use super::comments::instead_of_value;
use super::{Key, Reread, Table, Takes, Value, closest, one_of};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Edit};
use crate::source::Span;
use crate::yaml::{Document, NodeId, Pair, Plain};

/// The keys of a mapping, each at most once, nulls left out
///
/// Every getter gives `None` where the key is not there, which was reported if it had to be.
#[derive(Debug)]
pub struct Fields<'a> {
    /// The document read from
    pub doc: &'a Document,
    /// The mapping
    pub node: NodeId,
    entries: Vec<Field>,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    key: &'static str,
    name: NodeId,
    value: NodeId,
}

impl<'a> Fields<'a> {
    /// Reads a mapping by a plain table; see [`Table::read`]
    pub fn read(
        doc: &'a Document,
        node: NodeId,
        keys: &[&[Key]],
        what: &str,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        Table::new(what, keys).read(doc, node, diagnostics)
    }

    /// The value of a key
    pub fn get(&self, key: &'static str) -> Option<Value<'a>> {
        let field = self.field(key)?;
        Some(Value::new(self.doc, field.value, format!("`{key}`")))
    }

    /// Whether a key is there, and not null
    pub fn has(&self, key: &str) -> bool {
        self.field(key).is_some()
    }

    /// Where a key's name stands
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.field(key).map(|field| self.doc.span(field.name))
    }

    /// Where a key's value stands
    pub fn value_span(&self, key: &str) -> Option<Span> {
        self.field(key).map(|field| self.doc.span(field.value))
    }

    /// The place that stands for the whole mapping: its `id`, else its first key
    pub fn head(&self) -> Span {
        head(self.doc, self.node)
    }

    fn field(&self, key: &str) -> Option<Field> {
        self.entries.iter().find(|field| field.key == key).copied()
    }
}

impl Table<'_> {
    /// Reads a mapping, and reports what is wrong with its keys
    ///
    /// - `duplicate-key` at the second of two; the first counts, unless a [`Reread`] tells what
    ///   was meant;
    /// - `unknown-key`; one that is nearly a key that is not there is read as that key;
    /// - `missing-key` at the key that has no value, else at the mapping's [`Fields::head`];
    /// - `wrong-type-of-key` where the node is no mapping: then nothing is missing.
    pub fn read<'a>(
        &self,
        doc: &'a Document,
        node: NodeId,
        diagnostics: &mut Diagnostics,
    ) -> Fields<'a> {
        let Some(pairs) = doc.mapping(node) else {
            let value = Value::new(doc, node, self.what.to_owned());
            value.mismatch::<()>(&Takes::Mapping.describe(), diagnostics);
            return Fields { doc, node, entries: Vec::new() };
        };
        let keys = pairs.iter().filter_map(|pair| doc.scalar(pair.key));
        let mut reader = Reader {
            table: self,
            doc,
            pairs,
            fields: Vec::new(),
            seen: HashMap::new(),
            written: keys.map(|key| key.text.as_str()).collect(),
        };
        let mut indented_less = None;
        for (pair, parent) in reader.known(diagnostics) {
            // Keys that all lack the same indentation are one mistake.
            if parent.is_none() || parent != indented_less {
                indented_less =
                    reader.unknown(pair, parent, diagnostics).then_some(parent).flatten();
            }
        }
        reader.missing(node, diagnostics);
        Fields { doc, node, entries: reader.fields }
    }
}

struct Reader<'r, 'a> {
    table: &'r Table<'r>,
    doc: &'a Document,
    pairs: &'a [Pair],
    fields: Vec<Field>,
    /// The first place of each key, also of those that are null
    seen: HashMap<&'static str, NodeId>,
    /// All keys as they are written
    written: HashSet<&'a str>,
}

impl Reader<'_, '_> {
    /// Takes the keys that the table has; gives the others, each with the key above it that has no
    /// value and could have been meant to hold it
    fn known(&mut self, diagnostics: &mut Diagnostics) -> Vec<(Pair, Option<&'static str>)> {
        let mut unknown = Vec::new();
        let mut hollow = None;
        for pair in self.pairs {
            let name = self.doc.scalar(pair.key).map(|scalar| scalar.text.as_str());
            match name.and_then(|name| self.table.key(name)) {
                Some(key) if self.seen.contains_key(key.name) => {
                    self.duplicate(key, *pair, diagnostics);
                }
                Some(key) => {
                    hollow = self.is_hollow(key, *pair).then_some(key.name);
                    self.take(key, *pair);
                }
                None => unknown.push((*pair, hollow)),
            }
        }
        unknown
    }

    /// Whether a key that takes keys of its own has nothing behind its colon
    fn is_hollow(&self, key: &Key, pair: Pair) -> bool {
        let has_keys = matches!(key.takes, Takes::Mapping | Takes::Data | Takes::Schema);
        let span = self.doc.span(pair.value);
        has_keys && span.start == span.end
    }

    fn take(&mut self, key: &Key, pair: Pair) {
        self.seen.entry(key.name).or_insert(pair.key);
        let null = is_null(self.doc, pair.value) && key.takes != Takes::Data;
        if !null {
            self.fields.push(Field { key: key.name, name: pair.key, value: pair.value });
        }
    }

    fn duplicate(&mut self, key: &Key, pair: Pair, diagnostics: &mut Diagnostics) {
        let place = self.doc.span(pair.key);
        let first = self.doc.span(self.seen[key.name]);
        let mut diagnostic = Diagnostic::new(
            Code::DuplicateKey,
            place,
            format!("`{}` stands twice in one mapping", key.name),
        )
        .label("the second one")
        .also(first, "the first one, which counts");
        match self.reread(key, pair) {
            Some(reread) => {
                let edit = Edit { span: place, text: reread.means.to_owned() };
                diagnostic = diagnostic
                    .help(format!("the key that takes this value is `{}`", reread.means))
                    .fix(format!("rename it to `{}`", reread.means), vec![edit]);
                if let Some(meant) = self.table.key(reread.means) {
                    self.take(meant, pair);
                }
            }
            None => diagnostic = diagnostic.help("remove one of the two"),
        }
        diagnostics.push(diagnostic);
    }

    /// What the second of two keys means, if that is certain
    fn reread(&self, key: &Key, pair: Pair) -> Option<Reread> {
        let word = &self.doc.scalar(pair.value)?.text;
        let fits =
            |reread: &&Reread| reread.key == key.name && reread.words.contains(&word.as_str());
        let reread = self.table.rereads.iter().find(fits)?;
        (!self.is_present(reread.means)).then_some(*reread)
    }

    fn is_present(&self, key: &str) -> bool {
        self.seen.contains_key(key) || self.written.contains(key)
    }

    /// Reports a key that the table does not have; gives whether it was meant to be one of `parent`
    fn unknown(&mut self, pair: Pair, parent: Option<&str>, diagnostics: &mut Diagnostics) -> bool {
        let place = self.doc.span(pair.key);
        let Some(name) = self.doc.scalar(pair.key).map(|scalar| scalar.text.as_str()) else {
            let message = "a key must be a text";
            diagnostics.push(Diagnostic::new(Code::WrongTypeOfKey, place, message));
            return false;
        };
        if self.table.free_prefix.is_some_and(|prefix| name.starts_with(prefix)) {
            return false;
        }
        let diagnostic = Diagnostic::new(Code::UnknownKey, place, format!("unknown key `{name}`"))
            .label(format!("{} has no such key", self.table.what));
        let elsewhere = self.elsewhere(name);
        let absent = self.table.all().filter(|key| !self.is_present(key.name));
        let bare = name.trim_matches(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}']);
        let meant = closest(bare, absent.map(|key| key.name)).filter(|_| elsewhere.is_none());
        if self.table.is_open && meant.is_none() {
            return false;
        }
        let belongs = parent.filter(|_| meant.is_none() && elsewhere.is_none());
        let diagnostic = match (elsewhere, meant) {
            _ if belongs.is_some() => {
                let parent = parent.unwrap_or_default();
                diagnostic.help(format!("indent it further to make it a part of `{parent}`"))
            }
            (Some(owner), _) => diagnostic.help(format!("`{name}` is a key of {owner}")),
            (None, Some(meant)) => {
                let edit = Edit { span: place, text: meant.to_owned() };
                diagnostic
                    .help(format!("did you mean `{meant}`?"))
                    .fix(format!("rename it to `{meant}`"), vec![edit])
            }
            (None, None) => diagnostic.help(format!("its keys are {}", self.names())),
        };
        if let Some(key) = meant.and_then(|meant| self.table.key(meant)) {
            self.take(key, pair);
        }
        diagnostics.push(diagnostic);
        belongs.is_some()
    }

    fn elsewhere(&self, name: &str) -> Option<&str> {
        let has = |keys: &[Key]| keys.iter().any(|key| key.name == name);
        self.table.elsewhere.iter().find(|(_, keys)| has(keys)).map(|(what, _)| *what)
    }

    fn names(&self) -> String {
        all_of(&self.table.all().collect::<Vec<_>>())
    }

    /// Reports the keys that must be there: one that has no value where it stands, those that are
    /// not there in one go
    fn missing(&self, node: NodeId, diagnostics: &mut Diagnostics) {
        let there = |name: &str| self.fields.iter().any(|field| field.key == name);
        let (hollow, absent): (Vec<&Key>, Vec<&Key>) = self
            .table
            .all()
            .filter(|key| key.required && !there(key.name))
            .partition(|key| self.seen.contains_key(key.name));
        diagnostics.extend(hollow.into_iter().map(|key| self.without_value(key)));
        if absent.is_empty() {
            return;
        }
        let (place, label) = (head(self.doc, node), format!("{} missing here", are(&absent)));
        let mistake = self.needs(&absent, place, label);
        diagnostics.push(mistake);
    }

    fn without_value(&self, key: &Key) -> Diagnostic {
        let name = self.seen[key.name];
        let label = format!("`{}` has no value", key.name);
        let mistake = self.needs(&[key], self.doc.span(name), label);
        let value = self.pairs.iter().find(|pair| pair.key == name);
        match value.and_then(|pair| self.doc.swallowed(pair.value)) {
            Some(swallowed) => instead_of_value(mistake, swallowed),
            None => mistake,
        }
    }

    fn needs(&self, keys: &[&Key], place: Span, label: String) -> Diagnostic {
        let message = format!("{} needs {}", self.table.what, all_of(keys));
        let mistake = Diagnostic::new(Code::MissingKey, place, message).label(label);
        keys.iter().fold(mistake, |mistake, key| {
            mistake.help(format!("`{}` takes {}: {}", key.name, key.takes.describe(), key.doc))
        })
    }
}

/// `a`, `b` and `c`
fn all_of(keys: &[&Key]) -> String {
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    one_of(&names).replace(" or ", " and ")
}

fn are(keys: &[&Key]) -> String {
    let verb = if keys.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", all_of(keys))
}

fn head(doc: &Document, node: NodeId) -> Span {
    let id = doc.get(node, "id").filter(|id| doc.scalar(*id).is_some() && !is_null(doc, *id));
    let first = || doc.mapping(node).and_then(|pairs| pairs.first()).map(|pair| pair.key);
    doc.span(id.or_else(first).unwrap_or(node))
}

pub(super) fn is_null(doc: &Document, node: NodeId) -> bool {
    doc.scalar(node).is_some_and(|scalar| scalar.plain() == Plain::Null)
}

//! Reads the keys of a mapping by its table.

use std::collections::{HashMap, HashSet};

use super::comments::instead_of_value;
use super::suggest::means_key;
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
    /// The values of unknown keys of which it is not known what they were meant to be
    strangers: Vec<NodeId>,
}

#[derive(Clone, Copy, Debug)]
struct Field {
    key: &'static str,
    name: NodeId,
    value: NodeId,
    /// Whether it is written so, or meant so for all its value says
    is_certain: bool,
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

    /// The value of a key; `None`, too, where an unknown key was perhaps meant to be this one, and
    /// its value cannot be: nobody is told what is wrong with a value that was meant for another
    pub fn get(&self, key: &'static str) -> Option<Value<'a>> {
        let field = self.field(key).filter(|field| field.is_certain)?;
        Some(Value::new(self.doc, field.value, format!("`{key}`")))
    }

    /// Whether a key is there, and not null
    pub fn has(&self, key: &str) -> bool {
        self.field(key).is_some()
    }

    /// Whether a key is there, or may be meant by an unknown one, which was reported
    pub fn may_have(&self, key: &'static str, takes: Takes) -> bool {
        self.has(key) || self.strangers.iter().any(|value| takes.fits(self.doc, *value))
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
    /// - `unknown-key`; one that is nearly a key that is not there is read as that key, and one of
    ///   which nothing is known as a key that is missing;
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
            return Fields { doc, node, entries: Vec::new(), strangers: Vec::new() };
        };
        let keys = pairs.iter().filter_map(|pair| doc.scalar(pair.key));
        let mut reader = Reader {
            table: self,
            doc,
            pairs,
            fields: Vec::new(),
            strangers: Vec::new(),
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
        reader.claim_strangers();
        reader.missing(node, diagnostics);
        let strangers = reader.strangers.iter().map(|stranger| stranger.pair.value).collect();
        diagnostics.extend(reader.strangers.into_iter().map(|stranger| stranger.told));
        Fields { doc, node, entries: reader.fields, strangers }
    }
}

struct Reader<'r, 'a> {
    table: &'r Table<'r>,
    doc: &'a Document,
    pairs: &'a [Pair],
    fields: Vec<Field>,
    strangers: Vec<Stranger>,
    /// The first place of each key, also of those that are null
    seen: HashMap<&'static str, NodeId>,
    /// All keys as they are written
    written: HashSet<&'a str>,
}

/// An unknown key of which it is not known what it was meant to be, not reported yet
struct Stranger {
    pair: Pair,
    told: Diagnostic,
    /// Whether it was taken for a key that is missing
    is_claimed: bool,
}

impl<'r> Reader<'r, '_> {
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
                    self.take(key, *pair, true);
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

    fn take(&mut self, key: &Key, pair: Pair, is_certain: bool) {
        self.seen.entry(key.name).or_insert(pair.key);
        let null = is_null(self.doc, pair.value) && key.takes != Takes::Data;
        if !null {
            let (name, value) = (pair.key, pair.value);
            self.fields.push(Field { key: key.name, name, value, is_certain });
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
                    self.take(meant, pair, true);
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
        if let Some(owner) = self.elsewhere(name) {
            diagnostics.push(diagnostic.help(format!("`{name}` is a key of {owner}")));
            return false;
        }
        if let Some(key) = self.meant(name, pair.value) {
            let fits = key.takes.fits(self.doc, pair.value);
            self.take(key, pair, fits);
            diagnostics.push(instead(diagnostic, place, key, fits));
            return false;
        }
        if self.table.is_open {
            return false;
        }
        if let Some(parent) = parent {
            let help = format!("indent it further to make it a part of `{parent}`");
            diagnostics.push(diagnostic.help(help));
            return true;
        }
        let told = diagnostic.help(format!("its keys are {}", self.names()));
        self.strangers.push(Stranger { pair, told, is_claimed: false });
        false
    }

    /// The key that was probably meant by an unknown one: one that is written nearly so, or one
    /// that has this name elsewhere and takes such a value
    fn meant(&self, name: &str, value: NodeId) -> Option<&'r Key> {
        let name = name.trim_matches(['\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}']);
        let absent = || self.table.all().filter(|key| !self.is_present(key.name));
        let near = closest(name, absent().map(|key| key.name));
        let near = near.and_then(|near| self.table.key(near));
        let is_same = |key: &&Key| means_key(name, key.name) && key.takes.fits(self.doc, value);
        near.or_else(|| absent().find(is_same))
    }

    /// Takes unknown keys for keys that must be there and are not, so that one mistake is told once;
    /// what their values say of other things is not looked at
    fn claim_strangers(&mut self) {
        for key in self.table.all().filter(|key| key.required) {
            if self.seen.contains_key(key.name) {
                continue;
            }
            let free = self.strangers.iter().enumerate().filter(|(_, it)| !it.is_claimed);
            let fits = |it: &Stranger| key.takes.fits(self.doc, it.pair.value);
            // Of several the one that fits, else the first.
            let meant = free.min_by_key(|(_, it)| !fits(it));
            let Some((at, _)) = meant else { continue };
            let stranger = &mut self.strangers[at];
            let help = format!(
                "{} needs `{}`, which takes {}: {}",
                self.table.what,
                key.name,
                key.takes.describe(),
                key.doc
            );
            stranger.told.help.push(help);
            stranger.is_claimed = true;
            let pair = stranger.pair;
            self.take(key, pair, false);
        }
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
        // One that is misspelt is told of already.
        let is_misspelt = |key: &&Key| {
            self.doc.scalar(self.seen[key.name]).is_none_or(|name| name.text != key.name)
        };
        let hollow = hollow.into_iter().filter(|key| !is_misspelt(key));
        diagnostics.extend(hollow.map(|key| self.without_value(key)));
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

/// An unknown key with the key that was meant; the edit is certain where its value `fits`
fn instead(unknown: Diagnostic, place: Span, meant: &Key, fits: bool) -> Diagnostic {
    let meant_help = format!("did you mean `{}`?", meant.name);
    if fits {
        let edit = Edit { span: place, text: meant.name.to_owned() };
        return unknown.help(meant_help).fix(format!("rename it to `{}`", meant.name), vec![edit]);
    }
    unknown.help(format!("{meant_help} It takes {}", meant.takes.describe()))
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

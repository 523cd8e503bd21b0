//! Reads `tools.lock.json`: `{"servers": {NAME: {"tools": [entries as tools/list gives them]}}}`.
//!
//! JSON is YAML, so the file is read as that: what is wrong with it is shown at its place.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::syntax::decode::Value;
use crate::yaml::{Document, NodeId};

use super::schema::Schema;
use super::{Others, Tool, Tools};

/// Reads the lock; a part that is wrong is reported, and its server left out
pub fn read(doc: &Document, diagnostics: &mut Diagnostics) -> Tools {
    let mut tools = Tools::default();
    let root = Value::new(doc, doc.root, "the lock of the tools");
    let Some(servers) = member(&root, "servers", diagnostics) else { return tools };
    for (name, server) in servers.pairs(diagnostics).unwrap_or_default() {
        let server = Value::new(doc, server.node, format!("server `{}`", name.value));
        let Some(list) = member(&server, "tools", diagnostics) else { continue };
        let Some(entries) = list.list(diagnostics) else { continue };
        let read: Vec<_> = entries.iter().map(|entry| tool(entry, diagnostics)).collect();
        // Where a tool could not be read, nothing is said of one that seems not to be there.
        let read: Option<BTreeMap<_, _>> = read.into_iter().collect();
        tools.servers.extend(read.map(|read| (name.value, read)));
    }
    tools
}

/// An entry as `tools/list` gives it; keys that are of no use here may be anything
fn tool(entry: &Value<'_>, diagnostics: &mut Diagnostics) -> Option<(String, Tool)> {
    let doc = entry.doc;
    let name = member(entry, "name", diagnostics)?.text(diagnostics)?;
    let (parameters, others) = match schema(doc, entry.node, "inputSchema", diagnostics) {
        Some(schema) => Schema::new(&schema).parameters(),
        None => (Vec::new(), Others::Taken),
    };
    let result = schema(doc, entry.node, "outputSchema", diagnostics)
        .map(|schema| (Schema::new(&schema).ty(), schema));
    let locked = Some(locked(doc, entry.node));
    Some((name.value, Tool { parameters, others, one_of: Vec::new(), result, locked }))
}

/// Of an entry, what calls depend on
fn locked(doc: &Document, entry: NodeId) -> Json {
    let parts = ["annotations", "inputSchema", "outputSchema"].into_iter().filter_map(|key| {
        let part = doc.json(doc.get(entry, key)?);
        (!part.is_null()).then(|| (key.to_owned(), part))
    });
    Json::Object(parts.collect())
}

fn schema(doc: &Document, entry: NodeId, key: &str, diagnostics: &mut Diagnostics) -> Option<Json> {
    let value = Value::new(doc, doc.get(entry, key)?, format!("`{key}`"));
    match doc.json(value.node) {
        Json::Null => None,
        schema @ Json::Object(_) => Some(schema),
        _ => value.mismatch("a JSON Schema", diagnostics),
    }
}

/// The value of a key that must be there
fn member<'a>(of: &Value<'a>, key: &str, diagnostics: &mut Diagnostics) -> Option<Value<'a>> {
    if of.doc.mapping(of.node).is_none() {
        return of.mismatch("a mapping", diagnostics);
    }
    let Some(node) = of.doc.get(of.node, key) else {
        let message = format!("{} needs `{key}`", of.what);
        diagnostics.push(
            Diagnostic::new(Code::MissingKey, of.span().before(), message)
                .label(format!("`{key}` is missing here"))
                .help("`workflow-server tools pull` writes this file"),
        );
        return None;
    };
    Some(Value::new(of.doc, node, format!("`{key}`")))
}

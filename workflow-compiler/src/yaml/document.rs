//! Looking into a [`Document`].

use serde_json::{Map, Value};

use super::{Document, Kind, Node, NodeId, Pair, Plain, Scalar, Style, Swallowed, plain};
use crate::source::Span;

impl Document {
    /// The node of an id; ids of another document are not told apart
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// What a node is
    pub fn kind(&self, id: NodeId) -> &Kind {
        &self.node(id).kind
    }

    /// Where a node stands; what an alias names stands where it was written, not at the alias
    pub fn span(&self, id: NodeId) -> Span {
        self.node(id).span
    }

    /// The scalar, if the node is one
    pub fn scalar(&self, id: NodeId) -> Option<&Scalar> {
        match self.kind(id) {
            Kind::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// The pairs, if the node is a mapping: its own as written, then those merged in
    pub fn mapping(&self, id: NodeId) -> Option<&[Pair]> {
        match self.kind(id) {
            Kind::Mapping(pairs) => Some(pairs),
            _ => None,
        }
    }

    /// The items, if the node is a list
    pub fn sequence(&self, id: NodeId) -> Option<&[NodeId]> {
        match self.kind(id) {
            Kind::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The value of the first pair of that key, if the node is a mapping that has one
    pub fn get(&self, mapping: NodeId, key: &str) -> Option<NodeId> {
        self.pair(mapping, key).map(|pair| pair.value)
    }

    /// The first pair of that key, if the node is a mapping that has one
    pub fn pair(&self, mapping: NodeId, key: &str) -> Option<&Pair> {
        let mut pairs = self.mapping(mapping)?.iter();
        pairs.find(|pair| self.scalar(pair.key).is_some_and(|scalar| scalar.text == key))
    }

    /// What a node is, for messages: `a list`, `a number`, `nothing`
    pub fn describe(&self, id: NodeId) -> &'static str {
        match self.kind(id) {
            Kind::Sequence(_) => "a list",
            Kind::Mapping(_) => "a mapping",
            Kind::Scalar(scalar) => match scalar.plain() {
                Plain::Null => "nothing",
                Plain::Bool(_) => "true or false",
                Plain::Int(_) | Plain::Float(_) => "a number",
                Plain::String(_) => "a text",
            },
        }
    }

    /// The value as JSON, keys in the order written; of a key that stands twice the first counts
    pub fn json(&self, id: NodeId) -> Value {
        match self.kind(id) {
            Kind::Scalar(scalar) => scalar.plain().into(),
            Kind::Sequence(items) => items.iter().map(|item| self.json(*item)).collect(),
            Kind::Mapping(pairs) => {
                let mut object = Map::new();
                for pair in pairs {
                    let key =
                        self.scalar(pair.key).map_or_else(String::new, |key| key.text.clone());
                    object.entry(key).or_insert_with(|| self.json(pair.value));
                }
                Value::Object(object)
            }
        }
    }

    /// The comment behind a text without quotes, or behind nothing, that was probably meant to be
    /// part of it
    pub fn swallowed(&self, id: NodeId) -> Option<&Swallowed> {
        self.swallowed.get(&id)
    }

    /// All comments that look as if they were meant as text
    pub fn all_swallowed(&self) -> impl Iterator<Item = &Swallowed> {
        self.swallowed.values()
    }

    /// The comments of the file, from `#` to the end of the line, in the order written
    pub fn comments(&self) -> &[Span] {
        &self.comments
    }
}

impl Scalar {
    /// What the scalar means in YAML 1.2's core schema
    ///
    /// Only a scalar without quotes can be anything but a string. Numbers that are not finite
    /// (`.inf`, `1e999`) and integers of more than 64 bits are strings. `!!str` and the other
    /// core tags are honoured; a text that does not fit its tag is a string.
    pub fn plain(&self) -> Plain {
        match (self.style, self.tag.as_deref()) {
            (Style::Plain, None) => plain::resolve(&self.text),
            (_, Some(tag)) => plain::resolve_as(tag, &self.text),
            (_, None) => Plain::String(self.text.clone()),
        }
    }
}

impl From<Plain> for Value {
    fn from(plain: Plain) -> Self {
        match plain {
            Plain::Null => Self::Null,
            Plain::Bool(value) => value.into(),
            Plain::Int(value) => value.into(),
            Plain::Float(value) => value.into(),
            Plain::String(value) => value.into(),
        }
    }
}

//! YAML as a tree in which every node knows its place.
//!
//! The only module that knows the YAML parser. The tree keeps what other trees lose: both keys of
//! a duplicate, aliases as references that are counted when they are resolved, the style of each
//! scalar and the way back from its decoded text to the file.

mod build;
mod comments;
mod document;
pub mod edit;
mod explain;
mod parse;
mod plain;
mod scalar;

pub use comments::Swallowed;
pub use parse::{MAX_BYTES, parse};
pub use plain::plain;
pub use scalar::{ScalarMap, Style};

use std::collections::BTreeMap;

use crate::source::Span;

/// Collections may be nested this deep, aliases written out
pub const MAX_DEPTH: usize = 128;

/// A file may have this many values and keys, aliases written out
pub const MAX_NODES: usize = 10_000;

/// Names a node of a [`Document`]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub u32);

/// One file's tree; nodes live in an arena, an alias is the id of what it names
///
/// Merges (`<<`) are resolved when the tree is made: [`Kind::Mapping`] holds the merged pairs
/// behind its own, without those that an explicit key overrides.
#[derive(Debug)]
pub struct Document {
    pub(crate) nodes: Vec<Node>,
    /// The top node
    pub root: NodeId,
    pub(crate) comments: Vec<Span>,
    pub(crate) swallowed: BTreeMap<NodeId, Swallowed>,
}

/// A node and its place
#[derive(Debug)]
pub struct Node {
    /// What it is
    pub kind: Kind,
    /// Where it is: for a scalar its text without quotes' outside (the quotes are inside the
    /// span), for a collection all of it
    pub span: Span,
}

/// What a node is
#[derive(Debug)]
pub enum Kind {
    /// A text, number, truth value or null
    Scalar(Scalar),
    /// A list
    Sequence(Vec<NodeId>),
    /// Pairs in the order written; a duplicate key stands twice
    Mapping(Vec<Pair>),
}

/// One entry of a mapping
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    /// The key's node
    pub key: NodeId,
    /// The value's node
    pub value: NodeId,
    /// Whether it came in by a merge
    pub merged: bool,
}

/// A scalar, decoded
#[derive(Debug)]
pub struct Scalar {
    /// The text, as YAML means it
    pub text: String,
    /// How it was written
    pub style: Style,
    /// From places in `text` to places in the file
    pub map: ScalarMap,
    /// An explicit core-schema tag (`!!str`) or a local one (`!x`), as written
    pub tag: Option<String>,
}

/// What a plain scalar means in YAML's core schema
#[derive(Clone, Debug, PartialEq)]
pub enum Plain {
    /// `null`, `~`, or nothing at all
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A 64-bit integer
    Int(i64),
    /// A finite fraction
    Float(f64),
    /// Anything else, and whatever is quoted
    String(String),
}

#[cfg(test)]
mod tests;

//! Reads mappings of the language by tables of keys.
//!
//! A table says once which keys a mapping has; decoding, suggestions, the manual and the editors'
//! JSON Schema all read it. [`Table::read`] reports what is wrong with the keys of a mapping,
//! [`Value`] what is wrong with a value.

mod comments;
mod data;
mod expect;
mod fields;
mod fits;
mod names;
mod suggest;
mod value;

pub use data::Entry;
pub use fields::Fields;
pub use names::{NameKind, check_name, check_version};
pub use suggest::closest;
pub use value::Value;

/// A key of a mapping of the language
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// As it is written
    pub name: &'static str,
    /// Whether the mapping is wrong without it
    pub required: bool,
    /// The kind of its value
    pub takes: Takes,
    /// Its line in the manual
    pub doc: &'static str,
}

impl Key {
    /// A key that must be there
    ///
    /// ```
    /// use workflow_compiler::syntax::decode::{Key, Takes};
    ///
    /// const KEYS: &[Key] = &[
    ///     Key::required("command", Takes::Template, "what the shell runs"),
    ///     Key::optional("timeout", Takes::Seconds, "seconds until the step fails"),
    /// ];
    /// # assert!(KEYS[0].required);
    /// ```
    pub const fn required(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self { name, required: true, takes, doc }
    }

    /// A key that can be left out
    pub const fn optional(name: &'static str, takes: Takes, doc: &'static str) -> Self {
        Self { name, required: false, takes, doc }
    }
}

/// The kinds of values of the language
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A text that is taken as it is
    Text,
    /// A text that may hold templates
    Template,
    /// An expression, with or without braces, or a plain value
    Expression,
    /// An id or a name
    Name,
    /// A list of names
    Names,
    /// `true` or `false`
    Flag,
    /// A number
    Number,
    /// A whole number, at least 1
    Count,
    /// A number of seconds above 0
    Seconds,
    /// One of some words
    Word(&'static [&'static str]),
    /// `@name`
    Agent,
    /// A mapping with keys of its own
    Mapping,
    /// A list
    List,
    /// A list of texts that may hold templates, or an expression that gives a list of texts
    Texts,
    /// A list of steps
    Steps,
    /// A type with its validation
    Schema,
    /// Any value, whose texts may hold templates; here null is a value
    Data,
}

impl Takes {
    /// The kind in words, for messages and the manual: `a list of names`
    ///
    /// ```
    /// use workflow_compiler::syntax::decode::Takes;
    ///
    /// assert_eq!(Takes::Word(&["fail", "keep"]).describe(), "`fail` or `keep`");
    /// ```
    pub fn describe(self) -> String {
        let words = match self {
            Self::Text | Self::Template => "a text",
            Self::Expression => "an expression",
            Self::Name => "a name",
            Self::Names => "a list of names",
            Self::Flag => "true or false",
            Self::Number => "a number",
            Self::Count => "a whole number above 0",
            Self::Seconds => "a number of seconds above 0",
            Self::Word(words) => return one_of(words),
            Self::Agent => "an agent such as `@task`",
            Self::Mapping => "a mapping",
            Self::List => "a list",
            Self::Texts => "a list of texts",
            Self::Steps => "a list of steps",
            Self::Schema => "a type",
            Self::Data => "a value",
        };
        words.to_owned()
    }
}

/// Words in backticks: `a`, `b` or `c`
fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The keys of a mapping and how it is read
#[derive(Clone, Copy, Debug)]
pub struct Table<'t> {
    /// What has these keys, with its article: ``a `prompt` step``
    pub what: &'t str,
    /// The keys, in groups: those common to several tables, then its own
    pub keys: &'t [&'t [Key]],
    /// How the second of two keys may be read
    pub rereads: &'t [Reread],
    /// Keys that something else has, with that: named in the help when they stand here
    pub elsewhere: &'t [(&'t str, &'t [Key])],
    /// Keys that begin so are the author's own
    pub free_prefix: Option<&'t str>,
    /// Whether there may be others: then only a key that is nearly one of these is told of
    pub is_open: bool,
}

/// How the second of two keys is read when its value is one of some words: the `type: confirm`
/// of a prompt, which has its own `type` already, is its `kind`
#[derive(Clone, Copy, Debug)]
pub struct Reread {
    /// The key that stands twice
    pub key: &'static str,
    /// The words of the other key
    pub words: &'static [&'static str],
    /// The key that is meant
    pub means: &'static str,
}

impl<'t> Table<'t> {
    /// A table of these keys
    pub const fn new(what: &'t str, keys: &'t [&'t [Key]]) -> Self {
        Self { what, keys, rereads: &[], elsewhere: &[], free_prefix: None, is_open: false }
    }

    fn key(&self, name: &str) -> Option<&'t Key> {
        self.all().find(|key| key.name == name)
    }

    fn all(&self) -> impl Iterator<Item = &'t Key> + use<'t> {
        self.keys.iter().flat_map(|group| group.iter())
    }
}

#[cfg(test)]
mod tests;

//! Types, as the generator knows them: what it says of an expression, the compiler must find true.

use crate::marks::Mark;
use crate::random::Random;
use crate::yaml::Node;

/// A type
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ty {
    Bool,
    Int,
    /// An integer or a fraction
    Number,
    Text,
    /// One of these texts
    Word(&'static [&'static str]),
    /// What an unknown tool gives: good for printing
    Any,
    List(Box<Ty>),
    Object(Vec<(&'static str, Ty)>),
    /// Or null
    Maybe(Box<Ty>),
}

pub(crate) const WORDS: &[&[&str]] =
    &[&["short", "long"], &["red", "green", "blue"], &["now", "later", "never at all"]];

const FIELDS: &[&str] = &["title", "size", "done", "parts", "place", "score", "kind", "note"];

impl Ty {
    pub(crate) fn list(item: Self) -> Self {
        Self::List(Box::new(item))
    }

    pub(crate) fn maybe(some: Self) -> Self {
        match some {
            Self::Maybe(_) | Self::Any => some,
            some => Self::Maybe(Box::new(some)),
        }
    }

    /// Whether a value of the other type can stand where one of this is wanted
    pub(crate) fn takes(&self, other: &Self) -> bool {
        match (self, other) {
            (a, b) if a == b => true,
            (Self::Number, Self::Int) | (Self::Text, Self::Word(_)) => true,
            (Self::Maybe(a), b) => a.takes(b),
            _ => false,
        }
    }

    /// Whether it prints in a message without a warning
    pub(crate) fn prints(&self) -> bool {
        !matches!(self, Self::Maybe(_))
    }

    /// Any type that a field may have
    pub(crate) fn random(random: &mut Random, depth: usize) -> Self {
        match random.below(if depth == 0 { 6 } else { 9 }) {
            0 => Self::Bool,
            1 => Self::Int,
            2 => Self::Number,
            3 => Self::Word(random.pick(WORDS)),
            4 | 5 => Self::Text,
            6 | 7 => Self::list(Self::random(random, depth - 1)),
            _ => Self::object(random, depth - 1),
        }
    }

    /// An object with some fields
    pub(crate) fn object(random: &mut Random, depth: usize) -> Self {
        let first = random.below(FIELDS.len());
        let count = 1 + random.below(3);
        let name = |at: usize| FIELDS[(first + at) % FIELDS.len()];
        Self::Object((0..count).map(|at| (name(at), Self::random(random, depth))).collect())
    }

    /// The same with texts for words
    ///
    /// A text written out is of the type of a word only where one is demanded of it, and the
    /// items of a `foreach` are a list first.
    pub(crate) fn without_words(self) -> Self {
        match self {
            Self::Word(_) => Self::Text,
            Self::List(item) => Self::list(item.without_words()),
            Self::Object(fields) => Self::Object(
                fields.into_iter().map(|(name, ty)| (name, ty.without_words())).collect(),
            ),
            Self::Maybe(some) => Self::maybe(some.without_words()),
            other => other,
        }
    }

    /// As a schema of the language says it; `more` are further keys of the schema
    pub(crate) fn schema(&self, random: &mut Random, more: Vec<(&str, Node)>) -> Node {
        let word = match self {
            Self::Bool => "boolean",
            Self::Int => "integer",
            Self::Number => "number",
            Self::Text | Self::Word(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
            Self::Any => "any",
            Self::Maybe(some) => return some.schema(random, more),
        };
        let rules = self.rules(random);
        if rules.is_empty() && more.is_empty() && random.percent(70) {
            return Node::raw(word);
        }
        let mut pairs = vec![("type", Node::raw(Mark::InputType.on(word)))];
        if !rules.is_empty() && random.percent(40) {
            pairs.push(("validation", Node::map(rules)));
        } else {
            pairs.extend(rules);
        }
        pairs.extend(more);
        Node::map(pairs)
    }

    /// What a value must satisfy: what follows from the type, and sometimes more
    fn rules(&self, random: &mut Random) -> Vec<(&'static str, Node)> {
        match self {
            Self::Word(words) => {
                vec![("enum", Node::List(words.iter().map(|word| Node::text(*word)).collect()))]
            }
            Self::List(item) => vec![("item_type", item.schema(random, Vec::new()))],
            Self::Object(fields) => {
                let all = fields.iter().map(|(name, ty)| {
                    let optional = matches!(ty, Self::Maybe(_));
                    let more =
                        if optional { vec![("required", Node::raw("false"))] } else { vec![] };
                    (*name, ty.schema(random, more))
                });
                vec![("properties", Node::map(all.collect::<Vec<_>>()))]
            }
            Self::Int if random.percent(20) => {
                vec![("min", Node::raw(-1000)), ("max", Node::raw(1000))]
            }
            Self::Text if random.percent(10) => vec![("max_length", Node::raw(1000))],
            Self::Text if random.percent(5) => vec![("pattern", Node::text("^[^@]*$"))],
            _ => Vec::new(),
        }
    }

    /// A value of it, as YAML
    pub(crate) fn literal(&self, random: &mut Random) -> Node {
        match self {
            Self::Bool => Node::raw(random.percent(50)),
            Self::Int => Node::raw(random.below(9)),
            Self::Number => Node::raw(random.pick(&["1.5", "2", "0.25", "3e2"])),
            Self::Text => Node::text(random.pick(TEXTS)),
            Self::Word(words) => Node::text(random.pick(words)),
            Self::Any => Node::raw("null"),
            Self::List(item) => {
                let count = random.below(3);
                Node::List((0..count).map(|_| item.literal(random)).collect())
            }
            Self::Object(fields) => {
                let all = fields.iter().map(|(name, ty)| (*name, ty.literal(random)));
                Node::map(all.collect::<Vec<_>>())
            }
            Self::Maybe(some) => some.literal(random),
        }
    }
}

/// Texts that are no templates, and mean something else to a careless reader
pub(crate) const TEXTS: &[&str] = &[
    "a plan",
    "Grüße",
    "one, two",
    "it's",
    "say \"so\"",
    "null",
    "12",
    "yes",
    "a # b",
    "key: value",
    "",
    "- dash",
    "{ brace",
    "tab\tstop",
    "two\nlines",
    "😀 end",
    "100%",
];

//! The types of the language, and how two of them join.

use std::fmt;
use std::sync::Arc;

use indexmap::IndexMap;

/// A type of the language
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ty {
    /// No value at all: the items of `[]`
    Never,
    /// The type of what was already reported; silences what follows from it
    Poison,
    /// `null`
    Null,
    /// `true`, `false`
    Bool,
    /// A 64-bit integer
    Int,
    /// A fraction
    Float,
    /// An integer or a fraction
    Number,
    /// A text
    String,
    /// One of some texts
    Enum(Arc<[String]>),
    /// A point in time
    DateTime,
    /// A list
    List(Box<Ty>),
    /// An object with known fields
    Object(Arc<Shape>),
    /// An object of which nothing is known
    Open,
    /// A value or null
    Optional(Box<Ty>),
    /// Anything; checked when the run reaches it
    Any,
}

/// The fields of a known object, in the order written
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Shape {
    /// Each field's type
    pub fields: IndexMap<String, Ty>,
}

impl Ty {
    /// `list<item>`
    pub fn list(item: Ty) -> Self {
        Self::List(Box::new(item))
    }

    /// An object with these fields
    pub fn object<N: Into<String>>(fields: impl IntoIterator<Item = (N, Ty)>) -> Self {
        let fields = fields.into_iter().map(|(name, ty)| (name.into(), ty)).collect();
        Self::Object(Arc::new(Shape { fields }))
    }

    /// What `error` is in a step that an `on_error` leads to
    pub fn error() -> Self {
        let text = [("step_id", Self::String), ("code", Self::String), ("message", Self::String)];
        Self::object(text.into_iter().chain([("attempts", Self::Int)]))
    }

    /// `T?`; null, any and what is optional already stay what they are
    #[must_use]
    pub fn optional(self) -> Self {
        match self {
            Self::Null | Self::Any | Self::Poison | Self::Optional(_) => self,
            Self::Never => Self::Null,
            some => Self::Optional(Box::new(some)),
        }
    }

    /// The type once null is ruled out
    #[must_use]
    pub fn present(self) -> Self {
        match self {
            Self::Optional(some) => *some,
            Self::Null => Self::Never,
            some => some,
        }
    }

    /// Whether a value of it can be null, as far as is known; `any` may be and is not counted
    #[must_use]
    pub fn may_be_null(&self) -> bool {
        matches!(self, Self::Null | Self::Optional(_))
    }

    /// Whether it is an int, a float or either
    #[must_use]
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Int | Self::Float | Self::Number)
    }

    /// Whether it is a text
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::String | Self::Enum(_))
    }

    /// The smallest type that holds both, or `None` where only `any` would
    #[must_use]
    pub fn join(&self, other: &Self) -> Option<Self> {
        use Ty::{Any, Enum, Never, Null, Object, Open, Optional, Poison, String};
        Some(match (self, other) {
            (a, b) if a == b => a.clone(),
            (Poison, _) | (_, Poison) => Poison,
            (Never, ty) | (ty, Never) => ty.clone(),
            (Any, _) | (_, Any) => Any,
            (Null, ty) | (ty, Null) => ty.clone().optional(),
            (Optional(a), Optional(b)) => a.join(b)?.optional(),
            (Optional(a), b) | (b, Optional(a)) => a.join(b)?.optional(),
            (a, b) if a.is_number() && b.is_number() => Self::Number,
            (Enum(a), Enum(b)) => {
                let mut all = a.to_vec();
                all.extend(b.iter().filter(|word| !a.contains(word)).cloned());
                Enum(all.into())
            }
            (a, b) if a.is_text() && b.is_text() => String,
            (Self::List(a), Self::List(b)) => Self::list(a.join(b).unwrap_or(Any)),
            (Object(a), Object(b)) => a.join(b).map_or(Open, |shape| Object(Arc::new(shape))),
            (Object(_), Open) | (Open, Object(_)) => Open,
            _ => return None,
        })
    }

    /// Whether a value of type `from` can be put where `self` is needed: at once, or with a check
    /// when the run gets there (`any` inside)
    #[must_use]
    pub fn accepts(&self, from: &Self) -> bool {
        use Ty::{
            Any, Enum, Float, Int, List, Never, Null, Number, Object, Open, Optional, Poison,
            String,
        };
        match (self, from) {
            (a, b) if a == b => true,
            (_, Never | Poison | Any) | (Any | Poison, _) => true,
            (Optional(_), Null) => true,
            (Optional(a), Optional(b)) => a.accepts(b),
            (Optional(a), b) => a.accepts(b),
            (Number, Int | Float) | (Float, Int) | (String, Enum(_)) | (Open, Object(_)) => true,
            // Whether a number is integral, and an open object has the fields, is checked when the
            // run gets there.
            (Int, Number) | (Object(_), Open) => true,
            // And so is which text it is.
            (Enum(_), String) => true,
            (Enum(all), Enum(some)) => some.iter().all(|word| all.contains(word)),
            (List(a), List(b)) => a.accepts(b),
            (Object(a), Object(b)) => a.accepts(b),
            _ => false,
        }
    }

    /// Whether an enum stands anywhere in it
    #[must_use]
    pub fn has_enum(&self) -> bool {
        match self {
            Self::Enum(_) => true,
            Self::List(item) | Self::Optional(item) => item.has_enum(),
            Self::Object(shape) => shape.fields.values().any(Self::has_enum),
            _ => false,
        }
    }

    /// Whether `any` stands anywhere in it
    #[must_use]
    pub fn has_any(&self) -> bool {
        match self {
            Self::Any | Self::Open => true,
            Self::List(item) | Self::Optional(item) => item.has_any(),
            Self::Object(shape) => shape.fields.values().any(Self::has_any),
            _ => false,
        }
    }
}

impl Shape {
    fn join(&self, other: &Self) -> Option<Self> {
        if self.fields.len() != other.fields.len() {
            return None;
        }
        let mut fields = IndexMap::new();
        for (name, ty) in &self.fields {
            let joined = ty.join(other.fields.get(name)?).unwrap_or(Ty::Any);
            fields.insert(name.clone(), joined);
        }
        Some(Self { fields })
    }

    fn accepts(&self, from: &Self) -> bool {
        self.fields.iter().all(|(name, ty)| match from.fields.get(name) {
            Some(given) => ty.accepts(given),
            None => matches!(ty, Ty::Optional(_) | Ty::Any),
        })
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => f.write_str("never"),
            Self::Poison | Self::Any => f.write_str("any"),
            Self::Null => f.write_str("null"),
            Self::Bool => f.write_str("bool"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Number => f.write_str("number"),
            Self::String => f.write_str("string"),
            Self::Enum(words) => write!(f, "enum{{{}}}", words.join(", ")),
            Self::DateTime => f.write_str("datetime"),
            Self::List(item) if **item == Self::Never => f.write_str("list"),
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Object(shape) => write!(f, "{shape}"),
            Self::Open => f.write_str("object"),
            Self::Optional(some) => write!(f, "{some}?"),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("object{")?;
        for (at, (name, ty)) in self.fields.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{name}: {ty}")?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests;

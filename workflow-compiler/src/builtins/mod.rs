//! What an expression can call: filters, tests, functions, methods, in one table each. A row is a
//! name, its parameters, its manual line, an example, and for each type of value the function of
//! the runtime that does it.

mod filters;
mod functions;
mod methods;
mod tests;

use crate::types::Ty;

pub use filters::FILTERS;
pub use functions::{FUNCTIONS, Function, Yields};
pub use methods::{MEMBERS, METHODS};
pub use tests::{Decides, OfType, TESTS, Test};

/// A filter or a method
#[derive(Debug)]
pub struct Builtin {
    /// Its name
    pub name: &'static str,
    /// Its other names
    pub aliases: &'static [&'static str],
    /// One line for the manual
    pub doc: &'static str,
    /// What it does to something
    pub example: Example,
    /// Its parameters, the value that it is called on not among them
    pub params: &'static [Param],
    /// Whether null is a value like others to it
    pub takes_null: bool,
    /// What it does with a value of a type; the first that takes the value counts
    pub forms: &'static [Form],
    /// What forms cannot say of it
    pub own: Option<Own>,
}

/// A call with its result
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it is called on, as JSON
    pub of: &'static str,
    /// The call: `join(', ')`
    pub call: &'static str,
    /// What the result prints as
    pub gives: &'static str,
}

/// Filters that are typed by a rule of their own
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// `default`: null or a fallback
    Default,
    /// `map`: a filter or an attribute of each item
    Map,
    /// `select`, `reject`: a test of each item
    Select(&'static str),
    /// `selectattr`, `rejectattr`: a test of an attribute of each item
    SelectAttr(&'static str),
    /// `sort`, `unique`, `min`, `max`: by the item or an attribute of it
    Keyed(&'static str),
    /// `groupby`
    Group,
    /// `sum`, perhaps of an attribute
    Sum,
    /// `join`, perhaps of an attribute
    Join,
    /// `list`
    List,
    /// `batch`, `slice`, `reverse`: of anything that is gone through
    Sequence,
    /// `round`
    Round,
    /// `regex_findall`
    Findall,
    /// `get` of an object
    Get,
}

/// A parameter
#[derive(Debug)]
pub struct Param {
    /// Its name
    pub name: &'static str,
    /// What it takes
    pub takes: Kind,
    /// What stands in where it is not given
    pub default: Default,
}

/// What stands in for an argument
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Default {
    /// It must be given
    Required,
    /// The function of the runtime takes an `Option`
    Absent,
    /// This number
    Int(i64),
    /// This fraction
    Float(f64),
    /// This text
    Text(&'static str),
    /// This truth value
    Bool(bool),
}

/// The type of a parameter
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A string
    Text,
    /// A regular expression
    Pattern,
    /// An integer
    Int,
    /// An integer or a string
    IntOrText,
    /// A fraction
    Float,
    /// A truth value
    Bool,
    /// A list of strings
    Texts,
    /// Anything
    Any,
    /// What could be an item of the list
    Item,
}

/// A filter or method on values of one type
#[derive(Debug)]
pub struct Form {
    /// Which values
    pub takes: Takes,
    /// What it gives
    pub gives: Gives,
    /// The runtime's function, below its crate
    pub path: &'static str,
    /// Whether it can fail
    pub fallible: bool,
    /// How many of the parameters the function takes
    pub params: usize,
}

/// Which values a form takes, and as what
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Texts
    Text,
    /// Integers
    Int,
    /// Fractions
    Float,
    /// Numbers of all kinds, as fractions
    AsFloat,
    /// Either
    Number,
    /// Truth values
    Bool,
    /// Points in time
    DateTime,
    /// Lists
    List,
    /// Lists of strings
    Texts,
    /// Objects, as open ones
    Object,
    /// Values of which nothing is known
    Any,
    /// Every value, as one of which nothing is known
    AsAny,
    /// Every value, as what it prints
    Shown,
    /// Every value, as it is
    Every,
}

/// What a form gives
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// A string
    Text,
    /// A string or null
    MaybeText,
    /// An integer
    Int,
    /// A fraction
    Float,
    /// A number
    Number,
    /// A truth value
    Bool,
    /// A list of strings
    Texts,
    /// A list of lists of strings
    TextLists,
    /// A list of anything
    Anys,
    /// A list of lists of anything
    Pairs,
    /// An item of the list, or null
    MaybeItem,
    /// A list like the one it takes
    Same,
    /// A list of such lists
    SameLists,
    /// Anything
    Any,
}

impl Builtin {
    /// Whether it is called by this name
    pub fn is(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

impl Takes {
    /// Whether a value of this type is taken
    pub fn fits(self, ty: &Ty) -> bool {
        match self {
            Self::Text => ty.is_text(),
            Self::Int => *ty == Ty::Int,
            Self::Float => *ty == Ty::Float,
            Self::AsFloat => ty.is_number(),
            Self::Number => *ty == Ty::Number,
            Self::Bool => *ty == Ty::Bool,
            Self::DateTime => *ty == Ty::DateTime,
            Self::List => matches!(ty, Ty::List(_)),
            Self::Texts => matches!(ty, Ty::List(item) if item.is_text()),
            Self::Object => matches!(ty, Ty::Object(_) | Ty::Open),
            Self::Any => *ty == Ty::Any,
            Self::AsAny | Self::Shown | Self::Every => true,
        }
    }

    /// What a value is made before it is handed over; `None` where it stays what it is
    pub fn handed_as(self) -> Option<Ty> {
        match self {
            Self::Text | Self::Shown => Some(Ty::String),
            Self::AsFloat => Some(Ty::Float),
            Self::Texts => Some(Ty::list(Ty::String)),
            Self::Object => Some(Ty::Open),
            Self::AsAny => Some(Ty::Any),
            Self::DateTime => Some(Ty::DateTime),
            _ => None,
        }
    }
}

/// The filter of that name
pub fn filter(name: &str) -> Option<&'static Builtin> {
    FILTERS.iter().find(|filter| filter.is(name))
}

/// The names of all filters, other names of one too
pub fn filter_names() -> impl Iterator<Item = &'static str> {
    FILTERS
        .iter()
        .flat_map(|filter| std::iter::once(filter.name).chain(filter.aliases.iter().copied()))
}

/// The test of that name
pub fn test(name: &str) -> Option<&'static Test> {
    TESTS.iter().find(|test| test.name == name || test.aliases.contains(&name))
}

/// The names of all tests, other names of one too
pub fn test_names() -> impl Iterator<Item = &'static str> {
    TESTS.iter().flat_map(|test| std::iter::once(test.name).chain(test.aliases.iter().copied()))
}

/// The function of that name that is built in
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

const fn example(of: &'static str, call: &'static str, gives: &'static str) -> Example {
    Example { of, call, gives }
}

const fn form(
    takes: Takes,
    gives: Gives,
    path: &'static str,
    fallible: bool,
    params: usize,
) -> Form {
    Form { takes, gives, path, fallible, params }
}

const fn param(name: &'static str, takes: Kind, default: Default) -> Param {
    Param { name, takes, default }
}

/// A filter without parameters or anything unusual, to be completed
const PLAIN: Builtin = Builtin {
    name: "",
    aliases: &[],
    doc: "",
    example: example("", "", ""),
    params: &[],
    takes_null: false,
    forms: &[],
    own: None,
};

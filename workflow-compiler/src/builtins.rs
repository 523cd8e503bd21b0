//! Filters and functions: one table. A row is a name, its parameters, its manual line, and for
//! each type it takes the function of the runtime that does it.

use crate::types::Ty;

/// A filter
#[derive(Debug)]
pub struct Filter {
    /// Its name
    pub name: &'static str,
    /// One line for the manual
    pub doc: &'static str,
    /// Its parameters, the value that is filtered not among them
    pub params: &'static [Param],
    /// What it does with a value of a type; the first that takes the value counts
    pub forms: &'static [Form],
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Default {
    /// It must be given
    Required,
    /// The function of the runtime takes an `Option`
    Absent,
    /// This number
    Int(i64),
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
    /// An integer
    Int,
    /// A truth value
    Bool,
}

/// A filter on values of one type
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
    /// How many of the filter's parameters the function takes
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
    /// Either
    Number,
    /// Truth values
    Bool,
    /// Lists
    List,
    /// Objects, as open ones
    Object,
    /// Values of which nothing is known
    Any,
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
    /// A list of strings
    Texts,
    /// An item of the list, or null
    MaybeItem,
    /// Anything
    Any,
}

impl Takes {
    /// Whether a value of this type is taken
    pub fn fits(self, ty: &Ty) -> bool {
        match self {
            Self::Text => ty.is_text(),
            Self::Int => *ty == Ty::Int,
            Self::Float => *ty == Ty::Float,
            Self::Number => *ty == Ty::Number,
            Self::Bool => *ty == Ty::Bool,
            Self::List => matches!(ty, Ty::List(_)),
            Self::Object => matches!(ty, Ty::Object(_) | Ty::Open),
            Self::Any => *ty == Ty::Any,
            Self::Shown | Self::Every => true,
        }
    }
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

/// Every filter that can be compiled, but for `default`, whose type is its operands' join
pub const FILTERS: &[Filter] = &[
    Filter {
        name: "tojson",
        doc: "the value as JSON, in one line or with `indent` spaces a level",
        params: &[param("indent", Kind::Int, Default::Absent)],
        forms: &[form(Takes::Every, Gives::Text, "filters::tojson", true, 1)],
    },
    Filter {
        name: "hash",
        doc: "16 hexadecimal digits that are the same for the same text",
        params: &[],
        forms: &[form(Takes::Every, Gives::Text, "filters::hash", false, 0)],
    },
    Filter {
        name: "length",
        doc: "how many characters, items or keys",
        params: &[],
        forms: &[
            form(Takes::Text, Gives::Int, "filters::length_text", false, 0),
            form(Takes::List, Gives::Int, "filters::length", false, 0),
            form(Takes::Object, Gives::Int, "filters::length_object", false, 0),
            form(Takes::Any, Gives::Int, "filters::length_any", true, 0),
        ],
    },
    Filter {
        name: "join",
        doc: "the items as one text, with a separator between them",
        params: &[param("d", Kind::Text, Default::Text(""))],
        forms: &[
            form(Takes::List, Gives::Text, "filters::join", true, 1),
            form(Takes::Text, Gives::Text, "filters::join_text", true, 1),
            form(Takes::Any, Gives::Text, "filters::join_any", true, 1),
        ],
    },
    Filter {
        name: "first",
        doc: "the first item, or null",
        params: &[],
        forms: &[
            form(Takes::List, Gives::MaybeItem, "filters::first", false, 0),
            form(Takes::Text, Gives::MaybeText, "filters::first_text", false, 0),
            form(Takes::Any, Gives::Any, "filters::first_any", true, 0),
        ],
    },
    Filter {
        name: "last",
        doc: "the last item, or null",
        params: &[],
        forms: &[
            form(Takes::List, Gives::MaybeItem, "filters::last", false, 0),
            form(Takes::Text, Gives::MaybeText, "filters::last_text", false, 0),
            form(Takes::Any, Gives::Any, "filters::last_any", true, 0),
        ],
    },
    Filter {
        name: "upper",
        doc: "in capitals",
        params: &[],
        forms: &[form(Takes::Shown, Gives::Text, "filters::upper", false, 0)],
    },
    Filter {
        name: "lower",
        doc: "in small letters",
        params: &[],
        forms: &[form(Takes::Shown, Gives::Text, "filters::lower", false, 0)],
    },
    Filter {
        name: "trim",
        doc: "without white space, or the given characters, at both ends",
        params: &[param("chars", Kind::Text, Default::Absent)],
        forms: &[form(Takes::Shown, Gives::Text, "filters::trim", false, 1)],
    },
    Filter {
        name: "split",
        doc: "the words, or what stands between separators",
        params: &[
            param("sep", Kind::Text, Default::Absent),
            param("maxsplit", Kind::Int, Default::Absent),
        ],
        forms: &[form(Takes::Shown, Gives::Texts, "filters::split", true, 2)],
    },
    Filter {
        name: "replace",
        doc: "with one text in place of another, everywhere or the first `count` times",
        params: &[
            param("old", Kind::Text, Default::Required),
            param("new", Kind::Text, Default::Required),
            param("count", Kind::Int, Default::Absent),
        ],
        forms: &[form(Takes::Shown, Gives::Text, "filters::replace", true, 3)],
    },
    Filter {
        name: "int",
        doc: "as an integer; `default` where it is none",
        params: &[
            param("default", Kind::Int, Default::Int(0)),
            param("base", Kind::Int, Default::Int(10)),
        ],
        forms: &[
            form(Takes::Int, Gives::Int, "filters::int", false, 0),
            form(Takes::Float, Gives::Int, "filters::int_float", true, 0),
            form(Takes::Number, Gives::Int, "filters::int_number", true, 0),
            form(Takes::Bool, Gives::Int, "filters::int_bool", false, 0),
            form(Takes::Text, Gives::Int, "filters::int_text", true, 2),
            form(Takes::Any, Gives::Int, "filters::int_any", true, 2),
        ],
    },
    Filter {
        name: "string",
        doc: "what it prints as",
        params: &[],
        forms: &[form(Takes::Every, Gives::Text, "filters::string", false, 0)],
    },
    Filter {
        name: "parse_json",
        doc: "the value that a JSON text says",
        params: &[],
        forms: &[form(Takes::Text, Gives::Any, "filters::parse_json", true, 0)],
    },
];

/// Filters that take null and make something of it
pub const TAKES_NULL: &[&str] = &["default", "tojson", "hash", "string", "int"];

/// Filters of the language that cannot be compiled yet
pub const LATER_FILTERS: &[&str] = &[
    "map",
    "select",
    "selectattr",
    "reject",
    "rejectattr",
    "sort",
    "unique",
    "sum",
    "min",
    "max",
    "list",
    "title",
    "capitalize",
    "float",
    "bool",
    "round",
    "abs",
    "fromjson",
    "base64_encode",
    "base64_decode",
    "regex_search",
    "regex_findall",
    "regex_replace",
    "shellquote",
    "urlencode",
    "indent",
    "truncate",
    "wordcount",
    "items",
    "dictsort",
    "batch",
    "d",
    "count",
];

/// Tests that can be compiled
pub const TESTS: &[&str] = &["none", "defined"];

/// Tests of the language that cannot be compiled yet
pub const LATER_TESTS: &[&str] = &[
    "string",
    "number",
    "mapping",
    "sequence",
    "equalto",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "in",
    "odd",
    "even",
    "divisibleby",
    "true",
    "false",
    "boolean",
    "integer",
    "float",
    "iterable",
    "undefined",
    "lower",
    "upper",
    "sameas",
    "callable",
    "escaped",
    "filter",
    "test",
];

/// Functions whose value comes with each input
pub const AMBIENT: &[(&str, Ty, &str)] = &[
    ("now", Ty::DateTime, "the time of the input that is being worked on"),
    ("uuid", Ty::String, "a new random identifier"),
    ("random", Ty::Float, "a random fraction from 0 up to 1"),
];

/// Functions of the language that cannot be compiled yet
pub const LATER_FUNCTIONS: &[&str] = &["range"];

//! Tests: what can stand behind `is`, and be named in `select` and its like.

use super::{Default, Example, Kind, Param, example, param};
use crate::template::ast::CompareOp;

/// A test
#[derive(Debug)]
pub struct Test {
    /// Its name
    pub name: &'static str,
    /// Its other names
    pub aliases: &'static [&'static str],
    /// One line for the manual
    pub doc: &'static str,
    /// A value with its answer
    pub example: Example,
    /// Its parameters, the value that is tested not among them
    pub params: &'static [Param],
    /// How it decides
    pub decides: Decides,
}

/// How a test decides
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decides {
    /// By whether the value is null (or is not)
    Null(bool),
    /// By its type; of a value of which nothing is known by this function of the runtime
    Type(OfType, &'static str),
    /// By comparison with its argument
    Compare(CompareOp),
    /// By the rest that division by this number leaves
    Rest {
        /// The divisor; the argument, if there is none here
        by: Option<i64>,
        /// The rest
        leaves: i64,
    },
    /// By what the value prints as
    Shown(&'static str),
    /// By whether it is of the same type and equal
    Same,
    /// Always so
    Never,
}

/// What a test asks of a type
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfType {
    /// Texts, and times, which are texts in JSON
    Text,
    /// Numbers, and truth values, as to Jinja2
    Number,
    /// Integers
    Int,
    /// Fractions
    Float,
    /// Truth values
    Bool,
    /// `true`
    True,
    /// `false`
    False,
    /// Objects
    Object,
    /// What can be gone through
    Sequence,
}

const fn plain(name: &'static str, doc: &'static str, example: Example, decides: Decides) -> Test {
    Test { name, aliases: &[], doc, example, params: &[], decides }
}

const fn compare(
    name: &'static str,
    aliases: &'static [&'static str],
    doc: &'static str,
    example: Example,
    op: CompareOp,
) -> Test {
    Test { name, aliases, doc, example, params: OTHER, decides: Decides::Compare(op) }
}

const OTHER: &[Param] = &[param("other", Kind::Any, Default::Required)];

const fn of_type(ty: OfType, path: &'static str) -> Decides {
    Decides::Type(ty, path)
}

/// Every test
pub const TESTS: &[Test] = &[
    plain("none", "whether it is null", example("1", "none", "false"), Decides::Null(true)),
    plain(
        "defined",
        "whether it is there, and not null",
        example("1", "defined", "true"),
        Decides::Null(false),
    ),
    plain(
        "undefined",
        "whether it is not there, or null",
        example("1", "undefined", "false"),
        Decides::Null(true),
    ),
    plain(
        "string",
        "whether it is a string",
        example("\"a\"", "string", "true"),
        of_type(OfType::Text, "filters::is_string"),
    ),
    plain(
        "number",
        "whether it is a number; `true` and `false` are",
        example("1.5", "number", "true"),
        of_type(OfType::Number, "filters::is_number"),
    ),
    plain(
        "integer",
        "whether it is an integer",
        example("1.5", "integer", "false"),
        of_type(OfType::Int, "filters::is_integer"),
    ),
    plain(
        "float",
        "whether it is a fraction",
        example("1.5", "float", "true"),
        of_type(OfType::Float, "filters::is_float"),
    ),
    plain(
        "boolean",
        "whether it is `true` or `false`",
        example("true", "boolean", "true"),
        of_type(OfType::Bool, "filters::is_boolean"),
    ),
    plain(
        "true",
        "whether it is `true`, and not only counts so",
        example("1", "true", "false"),
        of_type(OfType::True, "filters::is_true"),
    ),
    plain(
        "false",
        "whether it is `false`, and not only counts so",
        example("false", "false", "true"),
        of_type(OfType::False, "filters::is_false"),
    ),
    plain(
        "mapping",
        "whether it is an object",
        example("{\"a\": 1}", "mapping", "true"),
        of_type(OfType::Object, "filters::is_mapping"),
    ),
    plain(
        "sequence",
        "whether it is a list, a string or an object",
        example("[1]", "sequence", "true"),
        of_type(OfType::Sequence, "filters::is_sequence"),
    ),
    plain(
        "iterable",
        "whether it can be gone through",
        example("1", "iterable", "false"),
        of_type(OfType::Sequence, "filters::is_sequence"),
    ),
    plain(
        "odd",
        "whether it is odd",
        example("3", "odd", "true"),
        Decides::Rest { by: Some(2), leaves: 1 },
    ),
    plain(
        "even",
        "whether it is even",
        example("3", "even", "false"),
        Decides::Rest { by: Some(2), leaves: 0 },
    ),
    Test {
        name: "divisibleby",
        aliases: &[],
        doc: "whether a number divides it",
        example: example("9", "divisibleby(3)", "true"),
        params: &[param("num", Kind::Any, Default::Required)],
        decides: Decides::Rest { by: None, leaves: 0 },
    },
    compare(
        "eq",
        &["==", "equalto"],
        "whether it equals something",
        example("2", "eq(2.0)", "true"),
        CompareOp::Eq,
    ),
    compare(
        "ne",
        &["!="],
        "whether it does not equal something",
        example("2", "ne(3)", "true"),
        CompareOp::Ne,
    ),
    compare(
        "lt",
        &["<", "lessthan"],
        "whether it is less",
        example("2", "lt(3)", "true"),
        CompareOp::Lt,
    ),
    compare(
        "le",
        &["<="],
        "whether it is less or equal",
        example("2", "le(2)", "true"),
        CompareOp::Le,
    ),
    compare(
        "gt",
        &[">", "greaterthan"],
        "whether it is greater",
        example("2", "gt(3)", "false"),
        CompareOp::Gt,
    ),
    compare(
        "ge",
        &[">="],
        "whether it is greater or equal",
        example("2", "ge(3)", "false"),
        CompareOp::Ge,
    ),
    compare(
        "in",
        &[],
        "whether a list, a string or the keys of an object have it",
        example("2", "in([1, 2])", "true"),
        CompareOp::In,
    ),
    Test {
        name: "sameas",
        aliases: &[],
        doc: "whether it equals something of its own type: 1 is not 1.0",
        example: example("1", "sameas(true)", "false"),
        params: OTHER,
        decides: Decides::Same,
    },
    plain(
        "lower",
        "whether it has letters, and no capital",
        example("\"a1\"", "lower", "true"),
        Decides::Shown("filters::is_lower"),
    ),
    plain(
        "upper",
        "whether it has letters, and only capitals",
        example("\"a1\"", "upper", "false"),
        Decides::Shown("filters::is_upper"),
    ),
    plain(
        "callable",
        "whether it can be called, which no value can",
        example("1", "callable", "false"),
        Decides::Never,
    ),
    plain(
        "escaped",
        "whether it is marked as escaped for HTML, which no text is",
        example("\"a\"", "escaped", "false"),
        Decides::Never,
    ),
];

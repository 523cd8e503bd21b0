//! Methods of values, as Python has them.

use super::Gives::{Any, Anys, Bool, Float, Int, Pairs, Text, Texts};
use super::{Builtin, Default, Form, Gives, Kind, Own, PLAIN, Param, Takes, example, form, param};

const CHARS: &[Param] = &[param("chars", Kind::Text, Default::Absent)];
const SPLIT: &[Param] =
    &[param("sep", Kind::Text, Default::Absent), param("maxsplit", Kind::Int, Default::Absent)];
const PART: &[Param] = &[param("sub", Kind::Text, Default::Required)];
const PADDED: &[Param] = &[
    param("width", Kind::Int, Default::Required),
    param("fillchar", Kind::Text, Default::Text(" ")),
];

/// A method of strings
const fn text(
    name: &'static str,
    doc: &'static str,
    call: (&'static str, &'static str, &'static str),
    params: &'static [Param],
    forms: &'static [Form],
) -> Builtin {
    Builtin { name, doc, example: example(call.0, call.1, call.2), params, forms, ..PLAIN }
}

/// On strings, with so many parameters
const fn on_text(gives: Gives, path: &'static str, fallible: bool, params: usize) -> [Form; 1] {
    [form(Takes::Text, gives, path, fallible, params)]
}

/// On times
const fn on_time(gives: Gives, path: &'static str, fallible: bool, params: usize) -> [Form; 1] {
    [form(Takes::DateTime, gives, path, fallible, params)]
}

/// Every method
pub const METHODS: &[Builtin] = &[
    text(
        "upper",
        "in capitals",
        ("\"aB\"", "upper()", "AB"),
        &[],
        &on_text(Text, "filters::upper", false, 0),
    ),
    text(
        "lower",
        "in small letters",
        ("\"aB\"", "lower()", "ab"),
        &[],
        &on_text(Text, "filters::lower", false, 0),
    ),
    text(
        "capitalize",
        "a capital at the beginning, small letters behind it",
        ("\"aB c\"", "capitalize()", "Ab c"),
        &[],
        &on_text(Text, "filters::capitalize", false, 0),
    ),
    text(
        "title",
        "capitals where letters begin",
        ("\"it's a b\"", "title()", "It'S A B"),
        &[],
        &on_text(Text, "methods::title", false, 0),
    ),
    text(
        "swapcase",
        "capitals as small letters, and the other way round",
        ("\"aB\"", "swapcase()", "Ab"),
        &[],
        &on_text(Text, "methods::swapcase", false, 0),
    ),
    text(
        "strip",
        "without white space, or the given characters, at both ends",
        ("\" a \"", "strip()", "a"),
        CHARS,
        &on_text(Text, "filters::trim", false, 1),
    ),
    text(
        "lstrip",
        "without white space, or the given characters, at the beginning",
        ("\"xxa\"", "lstrip('x')", "a"),
        CHARS,
        &on_text(Text, "methods::lstrip", false, 1),
    ),
    text(
        "rstrip",
        "without white space, or the given characters, at the end",
        ("\"a..\"", "rstrip('.')", "a"),
        CHARS,
        &on_text(Text, "methods::rstrip", false, 1),
    ),
    text(
        "split",
        "the words, or what stands between separators",
        ("\"a,b\"", "split(',')", "[\"a\", \"b\"]"),
        SPLIT,
        &on_text(Texts, "filters::split", true, 2),
    ),
    text(
        "rsplit",
        "as `split`, cut from the end",
        ("\"a/b/c\"", "rsplit('/', 1)", "[\"a/b\", \"c\"]"),
        SPLIT,
        &on_text(Texts, "methods::rsplit", true, 2),
    ),
    text(
        "splitlines",
        "its lines",
        ("\"a\\nb\"", "splitlines()", "[\"a\", \"b\"]"),
        &[param("keepends", Kind::Bool, Default::Bool(false))],
        &on_text(Texts, "methods::splitlines", true, 1),
    ),
    text(
        "replace",
        "with one text in place of another, everywhere or the first `count` times",
        ("\"aaa\"", "replace('a', 'b', 2)", "bba"),
        &[
            param("old", Kind::Text, Default::Required),
            param("new", Kind::Text, Default::Required),
            param("count", Kind::Int, Default::Absent),
        ],
        &on_text(Text, "filters::replace", true, 3),
    ),
    text(
        "startswith",
        "whether it begins so",
        ("\"abc\"", "startswith('ab')", "true"),
        &[param("prefix", Kind::Text, Default::Required)],
        &on_text(Bool, "methods::startswith", false, 1),
    ),
    text(
        "endswith",
        "whether it ends so",
        ("\"abc\"", "endswith('ab')", "false"),
        &[param("suffix", Kind::Text, Default::Required)],
        &on_text(Bool, "methods::endswith", false, 1),
    ),
    text(
        "removeprefix",
        "without this at the beginning",
        ("\"abc\"", "removeprefix('ab')", "c"),
        &[param("prefix", Kind::Text, Default::Required)],
        &on_text(Text, "methods::removeprefix", false, 1),
    ),
    text(
        "removesuffix",
        "without this at the end",
        ("\"a.md\"", "removesuffix('.md')", "a"),
        &[param("suffix", Kind::Text, Default::Required)],
        &on_text(Text, "methods::removesuffix", false, 1),
    ),
    text(
        "find",
        "where a part first occurs, counted from 0; -1 if nowhere",
        ("\"abc\"", "find('c')", "2"),
        PART,
        &on_text(Int, "methods::find", false, 1),
    ),
    text(
        "rfind",
        "where a part last occurs, counted from 0; -1 if nowhere",
        ("\"abab\"", "rfind('a')", "2"),
        PART,
        &on_text(Int, "methods::rfind", false, 1),
    ),
    text(
        "zfill",
        "with zeros before it, up to so many characters",
        ("\"-7\"", "zfill(4)", "-007"),
        &[param("width", Kind::Int, Default::Required)],
        &on_text(Text, "methods::zfill", true, 1),
    ),
    text(
        "center",
        "with characters on both sides, up to so many",
        ("\"a\"", "center(3, '*')", "*a*"),
        PADDED,
        &on_text(Text, "filters::center_with", true, 2),
    ),
    text(
        "ljust",
        "with characters behind it, up to so many",
        ("\"a\"", "ljust(3, '.')", "a.."),
        PADDED,
        &on_text(Text, "filters::ljust", true, 2),
    ),
    text(
        "rjust",
        "with characters before it, up to so many",
        ("\"a\"", "rjust(3, '.')", "..a"),
        PADDED,
        &on_text(Text, "filters::rjust", true, 2),
    ),
    text(
        "join",
        "the strings of a list, with this between them",
        ("\", \"", "join(['a', 'b'])", "a, b"),
        &[param("iterable", Kind::Texts, Default::Required)],
        &on_text(Text, "methods::join", true, 1),
    ),
    text(
        "isdigit",
        "whether all are digits",
        ("\"12\"", "isdigit()", "true"),
        &[],
        &on_text(Bool, "methods::isdigit", false, 0),
    ),
    text(
        "isalpha",
        "whether all are letters",
        ("\"a1\"", "isalpha()", "false"),
        &[],
        &on_text(Bool, "methods::isalpha", false, 0),
    ),
    text(
        "isalnum",
        "whether all are letters or digits",
        ("\"a1\"", "isalnum()", "true"),
        &[],
        &on_text(Bool, "methods::isalnum", false, 0),
    ),
    text(
        "isspace",
        "whether all are white space",
        ("\" \"", "isspace()", "true"),
        &[],
        &on_text(Bool, "methods::isspace", false, 0),
    ),
    text(
        "islower",
        "whether it has letters, and no capital",
        ("\"a1\"", "islower()", "true"),
        &[],
        &on_text(Bool, "filters::is_lower", false, 0),
    ),
    text(
        "isupper",
        "whether it has letters, and only capitals",
        ("\"A1\"", "isupper()", "true"),
        &[],
        &on_text(Bool, "filters::is_upper", false, 0),
    ),
    text(
        "count",
        "how often a part or an item occurs",
        ("[1, 2, 1]", "count(1)", "2"),
        &[param("value", Kind::Item, Default::Required)],
        &[
            form(Takes::Text, Int, "methods::count_text", false, 1),
            form(Takes::List, Int, "methods::count", false, 1),
            form(Takes::Any, Int, "methods::count_any", true, 1),
        ],
    ),
    text(
        "index",
        "where a part or an item first occurs, counted from 0; fails if nowhere",
        ("[\"a\", \"b\"]", "index('b')", "1"),
        &[param("value", Kind::Item, Default::Required)],
        &[
            form(Takes::Text, Int, "methods::index_text", true, 1),
            form(Takes::List, Int, "methods::index", true, 1),
            form(Takes::Any, Int, "methods::index_any", true, 1),
        ],
    ),
    text(
        "items",
        "each key with its value",
        ("{\"a\": 1}", "items()", "[[\"a\", 1]]"),
        &[],
        &[form(Takes::Object, Pairs, "filters::items", false, 0)],
    ),
    text(
        "keys",
        "its keys",
        ("{\"a\": 1}", "keys()", "[\"a\"]"),
        &[],
        &[form(Takes::Object, Texts, "filters::list_object", false, 0)],
    ),
    text(
        "values",
        "its values",
        ("{\"a\": 1}", "values()", "[1]"),
        &[],
        &[form(Takes::Object, Anys, "methods::values", false, 0)],
    ),
    Builtin {
        name: "get",
        doc: "the value of a key, or `default` where it has none",
        example: example("{\"a\": 1}", "get('a', 0)", "1"),
        params: &[
            param("key", Kind::Text, Default::Required),
            param("default", Kind::Any, Default::Absent),
        ],
        forms: &[form(Takes::Object, Any, "methods::get", false, 2)],
        own: Some(Own::Get),
        ..PLAIN
    },
    text("date", "the day, `YYYY-MM-DD`", TIME, &[], &on_time(Text, "methods::date", false, 0)),
    text(
        "time",
        "the time of the day, `HH:MM:SS`",
        TIME,
        &[],
        &on_time(Text, "methods::time", false, 0),
    ),
    text("isoformat", "as it prints", TIME, &[], &on_time(Text, "methods::isoformat", false, 0)),
    text(
        "strftime",
        "in a format, as `%Y-%m-%d`, in UTC",
        TIME,
        &[param("format", Kind::Text, Default::Required)],
        &on_time(Text, "methods::strftime", true, 1),
    ),
    text(
        "timestamp",
        "seconds since 1970",
        TIME,
        &[],
        &on_time(Float, "methods::timestamp", false, 0),
    ),
    text(
        "weekday",
        "the day of the week, from 0, Monday",
        TIME,
        &[],
        &on_time(Int, "methods::weekday", false, 0),
    ),
];

/// Times cannot be written down
const TIME: (&str, &str, &str) = ("", "", "");

/// What can be read of a time as of an object: each an integer, with its function of the runtime
pub const MEMBERS: &[(&str, &str)] = &[
    ("year", "methods::year"),
    ("month", "methods::month"),
    ("day", "methods::day"),
    ("hour", "methods::hour"),
    ("minute", "methods::minute"),
    ("second", "methods::second"),
];

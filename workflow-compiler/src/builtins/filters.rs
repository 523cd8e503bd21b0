//! Filters.

use super::{Builtin, Default, Gives, Kind, Own, PLAIN, Takes, example, form, param};

/// Every filter
pub const FILTERS: &[Builtin] = &[
    Builtin {
        name: "default",
        aliases: &["d"],
        doc: "`default_value` in place of null; with `boolean` also of all that does not count as true",
        example: example("null", "default('-')", "-"),
        params: &[
            param("default_value", Kind::Any, Default::Text("")),
            param("boolean", Kind::Bool, Default::Bool(false)),
        ],
        takes_null: true,
        own: Some(Own::Default),
        ..PLAIN
    },
    Builtin {
        name: "tojson",
        doc: "the value as JSON, in one line or with `indent` spaces a level",
        example: example("{\"a\": [1, \"b\"]}", "tojson", "{\"a\": [1, \"b\"]}"),
        params: &[param("indent", Kind::Int, Default::Absent)],
        takes_null: true,
        forms: &[form(Takes::Every, Gives::Text, "filters::tojson", true, 1)],
        ..PLAIN
    },
    Builtin {
        name: "parse_json",
        aliases: &["fromjson"],
        doc: "the value that a JSON text says",
        example: example("\"[1, 2]\"", "parse_json", "[1, 2]"),
        forms: &[
            form(Takes::Text, Gives::Any, "filters::parse_json", true, 0),
            form(Takes::Any, Gives::Any, "filters::parse_json_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "hash",
        doc: "16 hexadecimal digits that are the same for the same text",
        example: example("\"abc\"", "hash", "ba7816bf8f01cfea"),
        takes_null: true,
        forms: &[form(Takes::Every, Gives::Text, "filters::hash", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "length",
        aliases: &["count"],
        doc: "how many characters, items or keys",
        example: example("[1, 2]", "length", "2"),
        forms: &[
            form(Takes::Text, Gives::Int, "filters::length_text", false, 0),
            form(Takes::List, Gives::Int, "filters::length", false, 0),
            form(Takes::Object, Gives::Int, "filters::length_object", false, 0),
            form(Takes::Any, Gives::Int, "filters::length_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "first",
        doc: "the first item, or null",
        example: example("[3, 1]", "first", "3"),
        forms: &[
            form(Takes::List, Gives::MaybeItem, "filters::first", false, 0),
            form(Takes::Text, Gives::MaybeText, "filters::first_text", false, 0),
            form(Takes::Object, Gives::MaybeText, "filters::first_object", false, 0),
            form(Takes::Any, Gives::Any, "filters::first_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "last",
        doc: "the last item, or null",
        example: example("[3, 1]", "last", "1"),
        forms: &[
            form(Takes::List, Gives::MaybeItem, "filters::last", false, 0),
            form(Takes::Text, Gives::MaybeText, "filters::last_text", false, 0),
            form(Takes::Object, Gives::MaybeText, "filters::last_object", false, 0),
            form(Takes::Any, Gives::Any, "filters::last_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "join",
        doc: "the items as one text, with a separator between them; with `attribute` that of each item",
        example: example("[1, 2]", "join(', ')", "1, 2"),
        params: &[
            param("d", Kind::Text, Default::Text("")),
            param("attribute", Kind::Text, Default::Absent),
        ],
        forms: &[
            form(Takes::List, Gives::Text, "filters::join", true, 1),
            form(Takes::Text, Gives::Text, "filters::join_text", true, 1),
            form(Takes::Any, Gives::Text, "filters::join_any", true, 1),
        ],
        own: Some(Own::Join),
        ..PLAIN
    },
    Builtin {
        name: "list",
        doc: "the items, characters or keys as a list",
        example: example("\"abc\"", "list", "[\"a\", \"b\", \"c\"]"),
        own: Some(Own::List),
        ..PLAIN
    },
    Builtin {
        name: "map",
        doc: "what a filter gives for each item, or an attribute of each item, `default` where it has none",
        example: example("[\"a\", \"b\"]", "map('upper')", "[\"A\", \"B\"]"),
        own: Some(Own::Map),
        ..PLAIN
    },
    Builtin {
        name: "select",
        doc: "the items for which a test is true, or that count as true",
        example: example("[1, 2, 3]", "select('odd')", "[1, 3]"),
        own: Some(Own::Select("filters::select")),
        ..PLAIN
    },
    Builtin {
        name: "reject",
        doc: "the items for which a test is false, or that do not count as true",
        example: example("[1, 2, 3]", "reject('odd')", "[2]"),
        own: Some(Own::Select("filters::reject")),
        ..PLAIN
    },
    Builtin {
        name: "selectattr",
        doc: "the items for whose attribute a test is true",
        example: example("[{\"n\": 1}, {\"n\": 3}]", "selectattr('n', 'gt', 2)", "[{\"n\": 3}]"),
        own: Some(Own::SelectAttr("filters::select")),
        ..PLAIN
    },
    Builtin {
        name: "rejectattr",
        doc: "the items for whose attribute a test is false",
        example: example("[{\"n\": 1}, {\"n\": 3}]", "rejectattr('n', 'gt', 2)", "[{\"n\": 1}]"),
        own: Some(Own::SelectAttr("filters::reject")),
        ..PLAIN
    },
    Builtin {
        name: "sort",
        doc: "the items in order, by themselves or by one or several attributes",
        example: example("[\"b\", \"A\", \"c\"]", "sort(reverse=true)", "[\"c\", \"b\", \"A\"]"),
        params: &[
            param("reverse", Kind::Bool, Default::Bool(false)),
            param("case_sensitive", Kind::Bool, Default::Bool(false)),
            param("attribute", Kind::Text, Default::Absent),
        ],
        own: Some(Own::Keyed("filters::sort")),
        ..PLAIN
    },
    Builtin {
        name: "unique",
        doc: "each item once, the first of those that are the same, by themselves or by an attribute",
        example: example("[\"a\", \"A\", \"b\"]", "unique", "[\"a\", \"b\"]"),
        params: &[
            param("case_sensitive", Kind::Bool, Default::Bool(false)),
            param("attribute", Kind::Text, Default::Absent),
        ],
        own: Some(Own::Keyed("filters::unique")),
        ..PLAIN
    },
    Builtin {
        name: "min",
        doc: "the least item, or null",
        example: example("[3, 1, 2]", "min", "1"),
        params: &[
            param("case_sensitive", Kind::Bool, Default::Bool(false)),
            param("attribute", Kind::Text, Default::Absent),
        ],
        own: Some(Own::Keyed("filters::min")),
        ..PLAIN
    },
    Builtin {
        name: "max",
        doc: "the greatest item, or null",
        example: example("[3, 1, 2]", "max", "3"),
        params: &[
            param("case_sensitive", Kind::Bool, Default::Bool(false)),
            param("attribute", Kind::Text, Default::Absent),
        ],
        own: Some(Own::Keyed("filters::max")),
        ..PLAIN
    },
    Builtin {
        name: "groupby",
        doc: "the items by an attribute: for each of its values, in order, `grouper` and a `list` of items",
        example: example(
            "[{\"k\": \"b\", \"n\": 1}, {\"k\": \"a\", \"n\": 2}]",
            "groupby('k') | map(attribute='grouper')",
            "[\"a\", \"b\"]",
        ),
        params: &[
            param("attribute", Kind::Text, Default::Required),
            param("default", Kind::Any, Default::Absent),
            param("case_sensitive", Kind::Bool, Default::Bool(false)),
        ],
        own: Some(Own::Group),
        ..PLAIN
    },
    Builtin {
        name: "sum",
        doc: "the sum of numbers, or of an attribute of each item, added to `start`; lists after a list",
        example: example("[1, 2, 3]", "sum", "6"),
        params: &[
            param("attribute", Kind::Text, Default::Absent),
            param("start", Kind::Any, Default::Int(0)),
        ],
        own: Some(Own::Sum),
        ..PLAIN
    },
    Builtin {
        name: "reverse",
        doc: "the characters or items from the end",
        example: example("[1, 2]", "reverse", "[2, 1]"),
        forms: &[
            form(Takes::Text, Gives::Text, "filters::reverse_text", false, 0),
            form(Takes::List, Gives::Same, "filters::reverse", false, 0),
            form(Takes::Any, Gives::Any, "filters::reverse_any", true, 0),
        ],
        own: Some(Own::Sequence),
        ..PLAIN
    },
    Builtin {
        name: "batch",
        doc: "lists of so many items; the last filled up, if there is something to fill it with",
        example: example("[1, 2, 3]", "batch(2, 0)", "[[1, 2], [3, 0]]"),
        params: &[
            param("linecount", Kind::Int, Default::Required),
            param("fill_with", Kind::Item, Default::Absent),
        ],
        forms: &[form(Takes::List, Gives::SameLists, "filters::batch", true, 2)],
        own: Some(Own::Sequence),
        ..PLAIN
    },
    Builtin {
        name: "slice",
        doc: "so many lists of about equal length; the shorter ones filled up, if there is something to fill them with",
        example: example("[1, 2, 3]", "slice(2)", "[[1, 2], [3]]"),
        params: &[
            param("slices", Kind::Int, Default::Required),
            param("fill_with", Kind::Item, Default::Absent),
        ],
        forms: &[form(Takes::List, Gives::SameLists, "filters::slices", true, 2)],
        own: Some(Own::Sequence),
        ..PLAIN
    },
    Builtin {
        name: "items",
        doc: "each key of an object with its value",
        example: example("{\"a\": 1}", "items", "[[\"a\", 1]]"),
        forms: &[
            form(Takes::Object, Gives::Pairs, "filters::items", false, 0),
            form(Takes::Any, Gives::Pairs, "filters::items_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "dictsort",
        doc: "each key of an object with its value, in the order of the keys or, by `value`, of the values",
        example: example("{\"b\": 1, \"A\": 2}", "dictsort", "[[\"A\", 2], [\"b\", 1]]"),
        params: &[
            param("case_sensitive", Kind::Bool, Default::Bool(false)),
            param("by", Kind::Text, Default::Text("key")),
            param("reverse", Kind::Bool, Default::Bool(false)),
        ],
        forms: &[
            form(Takes::Object, Gives::Pairs, "filters::dictsort", true, 3),
            form(Takes::Any, Gives::Pairs, "filters::dictsort_any", true, 3),
        ],
        ..PLAIN
    },
    Builtin {
        name: "upper",
        doc: "in capitals",
        example: example("\"aB\"", "upper", "AB"),
        forms: &[form(Takes::Shown, Gives::Text, "filters::upper", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "lower",
        doc: "in small letters",
        example: example("\"aB\"", "lower", "ab"),
        forms: &[form(Takes::Shown, Gives::Text, "filters::lower", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "title",
        doc: "each word with a capital",
        example: example("\"it's a-b\"", "title", "It's A-B"),
        forms: &[form(Takes::Shown, Gives::Text, "filters::title", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "capitalize",
        doc: "a capital at the beginning, small letters behind it",
        example: example("\"aB c\"", "capitalize", "Ab c"),
        forms: &[form(Takes::Shown, Gives::Text, "filters::capitalize", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "trim",
        doc: "without white space, or the given characters, at both ends",
        example: example("\" a \"", "trim", "a"),
        params: &[param("chars", Kind::Text, Default::Absent)],
        forms: &[form(Takes::Shown, Gives::Text, "filters::trim", false, 1)],
        ..PLAIN
    },
    Builtin {
        name: "split",
        doc: "the words, or what stands between separators",
        example: example("\"a,b\"", "split(',')", "[\"a\", \"b\"]"),
        params: &[
            param("sep", Kind::Text, Default::Absent),
            param("maxsplit", Kind::Int, Default::Absent),
        ],
        forms: &[form(Takes::Shown, Gives::Texts, "filters::split", true, 2)],
        ..PLAIN
    },
    Builtin {
        name: "replace",
        doc: "with one text in place of another, everywhere or the first `count` times",
        example: example("\"aaa\"", "replace('a', 'b', 2)", "bba"),
        params: &[
            param("old", Kind::Text, Default::Required),
            param("new", Kind::Text, Default::Required),
            param("count", Kind::Int, Default::Absent),
        ],
        forms: &[form(Takes::Shown, Gives::Text, "filters::replace", true, 3)],
        ..PLAIN
    },
    Builtin {
        name: "indent",
        doc: "each line but the first moved right by a number of spaces or a text; also the `first`, and those that are `blank`",
        example: example("\"a\\nb\"", "indent(2)", "a\n  b"),
        params: &[
            param("width", Kind::IntOrText, Default::Int(4)),
            param("first", Kind::Bool, Default::Bool(false)),
            param("blank", Kind::Bool, Default::Bool(false)),
        ],
        forms: &[form(Takes::Shown, Gives::Text, "filters::indent", true, 3)],
        ..PLAIN
    },
    Builtin {
        name: "truncate",
        doc: "cut to so many characters, `end` among them, if it is more than `leeway` longer",
        example: example("\"foo bar baz qux\"", "truncate(9)", "foo..."),
        params: &[
            param("length", Kind::Int, Default::Int(255)),
            param("killwords", Kind::Bool, Default::Bool(false)),
            param("end", Kind::Text, Default::Text("...")),
            param("leeway", Kind::Int, Default::Int(5)),
        ],
        forms: &[form(Takes::Shown, Gives::Text, "filters::truncate", true, 4)],
        ..PLAIN
    },
    Builtin {
        name: "center",
        doc: "with spaces on both sides, up to so many characters",
        example: example("\"a\"", "center(3)", " a "),
        params: &[param("width", Kind::Int, Default::Int(80))],
        forms: &[form(Takes::Shown, Gives::Text, "filters::center", true, 1)],
        ..PLAIN
    },
    Builtin {
        name: "wordcount",
        doc: "how many words it has",
        example: example("\"a b, c\"", "wordcount", "3"),
        forms: &[form(Takes::Shown, Gives::Int, "filters::wordcount", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "string",
        doc: "what it prints as",
        example: example("[1, true]", "string", "[1, true]"),
        takes_null: true,
        forms: &[form(Takes::Every, Gives::Text, "filters::string", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "int",
        doc: "as an integer; `default` where it is none",
        example: example("\"12\"", "int", "12"),
        params: &[
            param("default", Kind::Int, Default::Int(0)),
            param("base", Kind::Int, Default::Int(10)),
        ],
        takes_null: true,
        forms: &[
            form(Takes::Int, Gives::Int, "filters::int", false, 0),
            form(Takes::Float, Gives::Int, "filters::int_float", true, 0),
            form(Takes::Number, Gives::Int, "filters::int_number", true, 0),
            form(Takes::Bool, Gives::Int, "filters::int_bool", false, 0),
            form(Takes::Text, Gives::Int, "filters::int_text", true, 2),
            form(Takes::Any, Gives::Int, "filters::int_any", true, 2),
        ],
        ..PLAIN
    },
    Builtin {
        name: "float",
        doc: "as a fraction; `default` where it is no number",
        example: example("\"1.5\"", "float", "1.5"),
        params: &[param("default", Kind::Float, Default::Float(0.0))],
        takes_null: true,
        forms: &[
            form(Takes::AsFloat, Gives::Float, "filters::float", false, 0),
            form(Takes::Text, Gives::Float, "filters::float_text_of", false, 1),
            form(Takes::AsAny, Gives::Float, "filters::float_any", false, 1),
        ],
        ..PLAIN
    },
    Builtin {
        name: "bool",
        doc: "as a truth value: a text says yes with `true`, `yes`, `on` or `1`",
        example: example("\"Yes\"", "bool", "true"),
        takes_null: true,
        forms: &[
            form(Takes::Text, Gives::Bool, "filters::bool_text", false, 0),
            form(Takes::AsAny, Gives::Bool, "filters::bool_any", false, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "round",
        doc: "rounded to so many digits behind the point, `common`, or always `ceil` or `floor`",
        example: example("2.75", "round(1, 'floor')", "2.7"),
        params: &[
            param("precision", Kind::Int, Default::Int(0)),
            param("method", Kind::Text, Default::Text("common")),
        ],
        forms: &[
            form(Takes::Int, Gives::Int, "filters::round", true, 1),
            form(Takes::Float, Gives::Float, "filters::round_to", true, 2),
            form(Takes::Number, Gives::Number, "filters::round_number", true, 2),
            form(Takes::Any, Gives::Any, "filters::round_any", true, 2),
        ],
        own: Some(Own::Round),
        ..PLAIN
    },
    Builtin {
        name: "abs",
        doc: "without its sign",
        example: example("-3", "abs", "3"),
        forms: &[
            form(Takes::Int, Gives::Int, "filters::abs", true, 0),
            form(Takes::Float, Gives::Float, "filters::abs_float", false, 0),
            form(Takes::Number, Gives::Number, "filters::abs_number", true, 0),
            form(Takes::Any, Gives::Any, "filters::abs_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "base64_encode",
        doc: "its bytes as base64",
        example: example("\"hi\"", "base64_encode", "aGk="),
        forms: &[form(Takes::Shown, Gives::Text, "filters::base64_encode", true, 0)],
        ..PLAIN
    },
    Builtin {
        name: "base64_decode",
        doc: "the text that base64 stands for",
        example: example("\"aGk=\"", "base64_decode", "hi"),
        forms: &[
            form(Takes::Text, Gives::Text, "filters::base64_decode", true, 0),
            form(Takes::Any, Gives::Text, "filters::base64_decode_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "escape",
        aliases: &["e"],
        doc: "with the characters that HTML has a use for as entities",
        example: example("\"a < b\"", "escape", "a &lt; b"),
        forms: &[form(Takes::Shown, Gives::Text, "filters::escape", true, 0)],
        ..PLAIN
    },
    Builtin {
        name: "striptags",
        doc: "without the tags of HTML, white space as single spaces",
        example: example("\"<b>a</b>  b\"", "striptags", "a b"),
        forms: &[form(Takes::Shown, Gives::Text, "filters::striptags", false, 0)],
        ..PLAIN
    },
    Builtin {
        name: "urlencode",
        doc: "as part of an address; an object or a list of pairs as a query",
        example: example("{\"q\": \"a b\"}", "urlencode", "q=a+b"),
        forms: &[
            form(Takes::Object, Gives::Text, "filters::urlencode_object", true, 0),
            form(Takes::Any, Gives::Text, "filters::urlencode_any", true, 0),
            form(Takes::AsAny, Gives::Text, "filters::urlencode_any", true, 0),
        ],
        ..PLAIN
    },
    Builtin {
        name: "shellquote",
        doc: "as one word of a shell command",
        example: example("\"it's\"", "shellquote", "'it'\"'\"'s'"),
        forms: &[form(Takes::Shown, Gives::Text, "filters::shellquote", true, 0)],
        ..PLAIN
    },
    Builtin {
        name: "regex_search",
        doc: "the groups of the first match, or all of it where there are none; without a match nothing",
        example: example("\"issue 42\"", "regex_search('[0-9]+')", "[\"42\"]"),
        params: &[
            param("pattern", Kind::Pattern, Default::Required),
            param("ignorecase", Kind::Bool, Default::Bool(false)),
            param("multiline", Kind::Bool, Default::Bool(false)),
        ],
        forms: &[form(Takes::Shown, Gives::Texts, "filters::regex_search", true, 3)],
        ..PLAIN
    },
    Builtin {
        name: "regex_findall",
        doc: "each match, or its group; of several groups the list of them",
        example: example("\"a1 b2\"", "regex_findall('[a-z]([0-9])')", "[\"1\", \"2\"]"),
        params: &[
            param("pattern", Kind::Pattern, Default::Required),
            param("ignorecase", Kind::Bool, Default::Bool(false)),
            param("multiline", Kind::Bool, Default::Bool(false)),
        ],
        forms: &[
            form(Takes::Shown, Gives::Texts, "filters::regex_findall", true, 3),
            form(Takes::Shown, Gives::TextLists, "filters::regex_findall_groups", true, 3),
            form(Takes::Shown, Gives::Anys, "filters::regex_findall_any", true, 3),
        ],
        own: Some(Own::Findall),
        ..PLAIN
    },
    Builtin {
        name: "regex_replace",
        doc: "with each match replaced, or the first `count`; `\\1` and `\\g<name>` are groups of it",
        example: example("\"a1 b2\"", "regex_replace('([a-z])([0-9])', '\\\\2\\\\1')", "1a 2b"),
        params: &[
            param("pattern", Kind::Pattern, Default::Required),
            param("replacement", Kind::Text, Default::Text("")),
            param("ignorecase", Kind::Bool, Default::Bool(false)),
            param("multiline", Kind::Bool, Default::Bool(false)),
            param("count", Kind::Int, Default::Int(0)),
        ],
        forms: &[form(Takes::Shown, Gives::Text, "filters::regex_replace", true, 5)],
        ..PLAIN
    },
    Builtin {
        name: "filesizeformat",
        doc: "a number of bytes for people, in steps of 1000 or, if `binary`, of 1024",
        example: example("1500", "filesizeformat", "1.5 kB"),
        params: &[param("binary", Kind::Bool, Default::Bool(false))],
        forms: &[
            form(Takes::AsFloat, Gives::Text, "filters::filesizeformat", false, 1),
            form(Takes::AsAny, Gives::Text, "filters::filesizeformat_any", true, 1),
        ],
        ..PLAIN
    },
];

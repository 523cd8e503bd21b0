//! What is said of broken templates: where, once for each mistake, and what to do about it.

use super::{OFFSET, mistake, mistakes, text_at, with_text};
use crate::template::{parse, parse_expression};

/// A template, and what is said: `message @ marked text`
#[rustfmt::skip]
const ROWS: &[(&str, &[&str])] = &[
    ("{{ a && b || !c }}", &["`&&` is not an operator here @ &&", "`||` is not an operator here @ ||", "`!` is not an operator here @ !"]),
    ("{{ a === b }}", &["`===` is not an operator here @ ==="]),
    ("{{ a !== b }}", &["`!==` is not an operator here @ !=="]),
    ("{{ a = b }}", &["expected `==`, found `=` @ ="]),
    ("{{ x ? a : b }}", &["expected an operator or `}}`, found `?` @ ?"]),
    ("{{ a ?? b }}", &["expected an operator or `}}`, found `??` @ ??"]),
    ("{{ a?.b }}", &["expected `.`, found `?.` @ ?."]),
    ("{{ a } text {{ b }}", &["expected an operator or `}}`, found `}` @ }"]),
    ("{{ a ] }}", &["expected an operator or `}}`, found `]` @ ]"]),
    ("{{ (a }} x {{ b }}", &["expected `,` or `)`, found `}}` @ }}"]),
    ("{{ f(a, [b }}", &["expected `,` or `]`, found `}}` @ }}"]),
    ("{{ f(a +, [b c], d }}", &["expected a value, found `,` @ ,", "expected `,` or `]`, found `c` @ c", "expected `,` or `)`, found `}}` @ }}"]),
    ("{{ state.x + }}", &["expected a value, found `}}` @ }}"]),
    ("{{ }}", &["expected an expression, found `}}` @ }}"]),
    ("{{ | f }}", &["expected an expression, found `|` @ |"]),
    ("{{ a | }}", &["expected the name of a filter, found `}}` @ }}"]),
    ("{{ a | 1 }}", &["expected the name of a filter, found `1` @ 1"]),
    ("{{ a. }}", &["expected a name behind `.`, found `}}` @ }}"]),
    ("{{ a.'b' }}", &["expected a name behind `.`, found `'b'` @ 'b'"]),
    ("{{ a is }}", &["expected the name of a test, found `}}` @ }}"]),
    ("{{ a is not }}", &["expected the name of a test, found `}}` @ }}"]),
    ("{{ a[] }}", &["expected a value, found `]` @ ]"]),
    ("{{ a[1,2] }}", &["expected `]`, found `,` @ ,"]),
    ("{{ a[1 }}", &["expected `]`, found `}}` @ }}"]),
    ("{{ [1 2 3] }}", &["expected `,` or `]`, found `2` @ 2"]),
    ("{{ [1,,2] }}", &["expected a value, found `,` @ ,"]),
    ("{{ {'a' 1} }}", &["expected `:` and the value of the key, found `1` @ 1"]),
    ("{{ {'a': } }}", &["expected a value, found `}` @ }"]),
    ("{{ {'a': 1, 'b'} }}", &["expected `:` and the value of the key, found `}` @ }"]),
    ("{{ f(*a, **b) }}", &["arguments cannot be unpacked with `*` @ *", "arguments cannot be unpacked with `**` @ **"]),
    ("{{ f(a=1, 2) }}", &["an argument without a name behind one with a name @ 2"]),
    ("{{ f(x)(y) }}", &["this value cannot be called @ ("]),
    ("{{ (a|f)(1) }}", &["this value cannot be called @ ("]),
    ("{{ a|f.b }}", &["a filter or test needs brackets round it before `.` @ ."]),
    ("{{ a|first[0] }}", &["a filter or test needs brackets round it before `[` @ ["]),
    ("{{ 'a'.b('c)) }}", &["this string is not closed @ '"]),
    ("{{ null }}{{ undefined }}", &["`undefined` is not a value @ undefined"]),
    ("{{ a == undefined }}", &["`undefined` is not a value @ undefined"]),
    ("{{ $a }}", &["expected an expression, found `$` @ $"]),
    ("{{ “a” }}", &["expected an expression, found `“` @ “"]),
    ("{{ a & b }}", &["expected an operator or `}}`, found `&` @ &"]),
    ("{{ a ; b }}", &["expected an operator or `}}`, found `;` @ ;"]),
    ("{{ a b }}", &["expected an operator or `}}`, found `b` @ b"]),
    ("{{ if x }}a{{ else }}b{{ endif }}", &["`if` is a tag, not an expression @ if", "`else` is a tag, not an expression @ else", "`endif` is a tag, not an expression @ endif"]),
    ("{{ for x in y }}{{ x }}{{ endfor }}", &["`for` is a tag, not an expression @ for", "`endfor` is a tag, not an expression @ endfor"]),
    ("{{ set x = 1 }}", &["`set` is a tag, not an expression @ set"]),
    ("{% if x }a{% endif %}", &["expected an operator or `%}`, found `}` @ }"]),
    ("{% if x }}a{% endif %}", &["expected an operator or `%}`, found `}}` @ }}"]),
    ("{{ x %}", &["expected an operator or `}}`, found `%}` @ %}"]),
    ("{% if %}a{% endif %}", &["expected an expression, found `%}` @ %}"]),
    ("{% if x = 1 %}a{% endif %}", &["expected `==`, found `=` @ ="]),
    ("{% fi x %}a{% endif %}", &["unknown tag `fi` @ fi"]),
    ("{% if x %}a{% esle %}b{% endfi %}", &["unknown tag `esle` @ esle", "unknown tag `endfi` @ endfi"]),
    ("{% if x %}a{% elseif y %}b{% else if z %}c{% endif %}", &["unknown tag `elseif` @ elseif", "`else` takes no test @ else if"]),
    ("{% if x %}a{% end %}", &["unknown tag `end` @ end"]),
    ("{% if a %}{% for b in c %}{% endif %}", &["expected `endfor`, found `endif` @ endif"]),
    ("{% for a in b %}{% endif %}", &["expected `endfor`, found `endif` @ endif"]),
    ("{% if a %}{% endfor %}{% endif %}", &["expected `endif`, found `endfor` @ endfor"]),
    ("{% endif %}", &["`endif` belongs to no open tag @ endif"]),
    ("{% else %}", &["`else` belongs to no open tag @ else"]),
    ("{% elif a %}", &["`elif` belongs to no open tag @ elif"]),
    ("{% if a %}1{% else %}2{% else %}3{% elif b %}4{% endif %}", &["`else` behind `else` @ else", "`elif` behind `else` @ elif"]),
    ("{% if a %}", &["this `{% if %}` is not closed @ if"]),
    ("{% for a in b %}{% if c %}", &["this `{% for %}` is not closed @ for", "this `{% if %}` is not closed @ if"]),
    ("{% for a of b %}{% endfor %}", &["expected `in`, found `of` @ of"]),
    ("{% for a %}{% endfor %}", &["expected `in`, found `%}` @ %}"]),
    ("{% for in b %}{% endfor %}", &["expected the name of a variable, found `in` @ in"]),
    ("{% for a.b in c %}{% endfor %}", &["a field cannot be set here @ ."]),
    ("{% for a, (b, c) in d %}{% endfor %}", &["expected the name of a variable, found `(` @ ("]),
    ("{% for x in y recursive %}{% endfor %}", &["recursive loops are not supported @ recursive"]),
    ("{% for loop in y %}{% endfor %}", &["`loop` is what tells of the loop itself @ loop"]),
    ("{% for x in %}{% endfor %}", &["expected a value, found `%}` @ %}"]),
    ("{% set a %}x", &["this `{% set %}` is not closed @ set"]),
    ("{% set a %}x{% else %}y{% endset %}", &["expected `endset`, found `else` @ else"]),
    ("{% set a, b %}x{% endset %}", &["expected `=`, found `%}` @ %}", "`endset` belongs to no open tag @ endset"]),
    ("{% set a|%}x{% endset %}", &["expected the name of a filter, found `%}` @ %}"]),
    ("{% set a = 1 %}x{% endset %}", &["`endset` belongs to no open tag @ endset"]),
    ("{% set a.b = 1 %}", &["a field cannot be set here @ ."]),
    ("{% set a == 1 %}", &["expected `=`, found `==` @ =="]),
    ("{% set = 1 %}", &["expected the name of a variable, found `=` @ ="]),
    ("{% set true = 1 %}", &["expected the name of a variable, found `true` @ true"]),
    ("{% set a b %}", &["expected `=`, found `b` @ b"]),
    ("{% macro f(x) %}a{{ b + }}{% endmacro %}", &["the tag `macro` is not supported @ macro", "expected a value, found `}}` @ }}"]),
    ("{% include 'a' %}", &["the tag `include` is not supported @ include"]),
    ("{% endmacro %}", &["the tag `endmacro` is not supported @ endmacro"]),
    ("{% foo %}a{% endfoo %}", &["unknown tag `foo` @ foo"]),
    ("{% %}", &["expected the name of a tag, found `%}` @ %}"]),
    ("{% 'a' %}", &["expected the name of a tag, found `'a'` @ 'a'"]),
    ("{% foreach x in y %}{% endfor %}", &["unknown tag `foreach` @ foreach"]),
    ("{% while a %}{% endwhile %}", &["the tag `while` is not supported @ while"]),
    ("{% do a.append(1) %}", &["the tag `do` is not supported @ do"]),
    ("{% with a = 1 %}{{ a }}{% endwith %}", &["the tag `with` is not supported @ with"]),
    ("{# a", &["this comment is not closed @ {#"]),
    ("{% raw %} {{ a }}", &["this `{% raw %}` is not closed @ {% raw %}"]),
    ("{% raw x %}a{% endraw %}", &["`{% raw %}` does not stand here @ raw"]),
    ("{% endraw %}", &["`{% endraw %}` does not stand here @ endraw"]),
    ("{{ a", &["this `{{` is not closed @ {{"]),
    ("{{ a text {{ b }}", &["this `{{` is not closed @ {{"]),
    ("{{ f({{ a }}) }}", &["`{{` inside of a tag @ {{"]),
    ("{% if {{ x }} %}a{% endif %}", &["`{{` inside of a tag @ {{"]),
    ("{{ {{ a }} }}", &["`{{` inside of a tag @ {{"]),
    ("{% if x == 'a %}b{% endif %}", &["this string is not closed @ '"]),
    ("{% if x", &["this `{%` is not closed @ {%"]),
    ("{{ a it's", &["this string is not closed @ '"]),
    ("{% if a %}b {{ c it's{% endif %}", &["this string is not closed @ '"]),
    ("{{ a it's {% if b ~ '' %}c{% endif %}", &["this `{{` is not closed @ {{"]),
    ("{{ a {% if b %}c{% endif %}", &["this `{{` is not closed @ {{"]),
    ("{% if a if b else c %}x{% endif %}", &["expected an operator or `%}`, found `if` @ if"]),
    ("{{ a == not b }}", &["`not` needs brackets here @ not"]),
    ("{{ not }}", &["expected a value, found `}}` @ }}"]),
    ("{{ a and }}", &["expected a value, found `}}` @ }}"]),
    ("{{ and a }}", &["expected an expression, found `and` @ and"]),
    ("{{ a is b is c }}", &["tests cannot be chained @ is"]),
    ("{{ a not b }}", &["expected an operator or `}}`, found `not` @ not"]),
    ("{{ a AND b }}", &["expected an operator or `}}`, found `AND` @ AND"]),
    ("{{ a then b }}", &["expected an operator or `}}`, found `then` @ then"]),
    ("{{ [x for x in y] }}", &["expected `,` or `]`, found `for` @ for"]),
    ("{{ 12abc }}", &["expected an operator or `}}`, found `abc` @ abc"]),
    ("{{ a.1b }}", &["expected an operator or `}}`, found `b` @ b"]),
    ("{{ ) }}", &["expected an expression, found `)` @ )"]),
    ("{{ f(a]) }}", &["expected `,` or `)`, found `]` @ ]"]),
    ("{{ f(a]] }}", &["expected `,` or `)`, found `]` @ ]"]),
    ("{{ f(}} b", &["expected a value, found `}}` @ }}"]),
    ("{{ {'a': 1 }} b", &["expected an operator or `}}`, found `}` @ }"]),
    ("{% if f(a %}b{% endif %}", &["expected `,` or `)`, found `%}` @ %}"]),
    ("{{ a +}}", &["expected a value, found `}}` @ }}"]),
    ("{% else x %}", &["`else` belongs to no open tag @ else", "expected `%}`, found `x` @ x"]),
    ("{% if a %}{% endif a %}", &["expected `%}`, found `a` @ a"]),
    ("{{ a !b }}", &["expected an operator or `}}`, found `!` @ !"]),
    ("{{ a++ }}", &["expected a value, found `}}` @ }}"]),
    ("{{ a += 1 }}", &["expected a value, found `=` @ ="]),
    ("{{ x => y }}", &["expected an operator or `}}`, found `=>` @ =>"]),
    ("{{ `a` }}", &["expected an expression, found ``` @ `"]),
    (r"{{ a\b }}", &[r"expected an operator or `}}`, found `\` @ \"]),
    ("{{ a: b }}", &["expected an operator or `}}`, found `:` @ :"]),
    ("{{ a, , b }}", &["expected a value, found `,` @ ,"]),
    ("{{ (a, b c) }}", &["expected `,` or `)`, found `c` @ c"]),
    ("{{ a | f(1 2) | }}{% if %}{{ [ }}{% endfr %}{{ x ? }}{% endif %}", &["expected `,` or `)`, found `2` @ 2", "expected the name of a filter, found `}}` @ }}", "expected an expression, found `%}` @ %}", "expected a value, found `}}` @ }}", "unknown tag `endfr` @ endfr", "expected an operator or `}}`, found `?` @ ?", "`endif` belongs to no open tag @ endif"]),
    ("{{ a@b }}", &["expected an operator or `}}`, found `@` @ @"]),
    ("{{ @a }}", &["expected an expression, found `@` @ @"]),
    ("{{ a 'b' }}", &["expected an operator or `}}`, found `'b'` @ 'b'"]),
    ("{{ a.b c.d }}", &["expected an operator or `}}`, found `c` @ c"]),
    ("{{ 'a' + + }}", &["expected a value, found `}}` @ }}"]),
    ("{{ a[1:2:3:4] }}", &["expected `]`, found `:` @ :"]),
    ("{{ lambda x: x }}", &["expected an operator or `}}`, found `x` @ x"]),
];

/// A template with one mistake, and what is said to do about it
#[rustfmt::skip]
const HELP: &[(&str, &str)] = &[
    ("{{ a === b }}", "write `==`"),
    ("{{ a !== b }}", "write `!=`"),
    ("{{ a = b }}", "write `==`"),
    ("{{ x ? a : b }}", "write `a if x else b` for `x ? a : b`"),
    ("{{ a ?? b }}", "write `a | default(b)` for `a ?? b`"),
    ("{{ a?.b }}", "write `.`, and `| default(…)` behind a value that may be missing"),
    ("{{ a } text {{ b }}", "a tag ends with two characters, `}}` or `%}`"),
    ("{{ f(a=1, 2) }}", "put it before those with names, or name it too"),
    ("{{ f(x)(y) }}", "only functions and methods are called, by name"),
    ("{{ (a|f)(1) }}", "only functions and methods are called, by name"),
    ("{{ a|f.b }}", "write `(… | …).…`"),
    ("{{ a|first[0] }}", "write `(… | …)[…`"),
    ("{{ 'a'.b('c)) }}", "close it with `'`"),
    ("{{ null }}{{ undefined }}", "write `none`, or test with `is defined`"),
    ("{{ a == undefined }}", "write `none`, or test with `is defined`"),
    ("{{ $a }}", "names stand without `$`: `state.x`"),
    ("{{ “a” }}", r#"strings stand in `'` or `"`"#),
    ("{{ a & b }}", "write `and`"),
    ("{{ a ; b }}", "a tag holds one expression"),
    ("{{ set x = 1 }}", "write `{% set … %}`"),
    ("{% if x }a{% endif %}", "a tag ends with two characters, `}}` or `%}`"),
    ("{% if x }}a{% endif %}", "`{{` is closed with `}}`, `{%` with `%}`"),
    ("{{ x %}", "`{{` is closed with `}}`, `{%` with `%}`"),
    ("{% if x = 1 %}a{% endif %}", "write `==`"),
    ("{% fi x %}a{% endif %}", "did you mean `if`?"),
    ("{% if x %}a{% end %}", "did you mean `endif`?"),
    ("{% if a %}", "close it with `{% endif %}`"),
    ("{% for a of b %}{% endfor %}", "loops are written `{% for x in items %}`"),
    ("{% for a.b in c %}{% endfor %}", "change state with a `set_state` step"),
    ("{% for loop in y %}{% endfor %}", "give the variable another name"),
    ("{% set a %}x", "close it with `{% endset %}`, or write `{% set name = value %}`"),
    ("{% set a.b = 1 %}", "change state with a `set_state` step"),
    ("{% include 'a' %}", "a template stands alone: write the text here"),
    ("{% endmacro %}", "write the text where it is used, or call a function"),
    ("{% foo %}a{% endfoo %}", "did you mean `for`?"),
    ("{% foreach x in y %}{% endfor %}", "did you mean `for`?"),
    ("{% while a %}{% endwhile %}", "go through a list with `{% for x in items %}`"),
    ("{% do a.append(1) %}", "change state with a `set_state` step"),
    ("{% with a = 1 %}{{ a }}{% endwith %}", "name the value with `{% set name = value %}`"),
    ("{# a", "a comment ends with `#}`"),
    ("{% raw %} {{ a }}", "end the raw text with `{% endraw %}`"),
    ("{% raw x %}a{% endraw %}", "raw text is written `{% raw %} … {% endraw %}`"),
    ("{% endraw %}", "raw text is written `{% raw %} … {% endraw %}`"),
    ("{{ a", "close it with `}}`"),
    ("{{ a text {{ b }}", "close it with `}}`"),
    ("{{ f({{ a }}) }}", "leave the inner `{{` and `}}` out"),
    ("{% if {{ x }} %}a{% endif %}", "leave the inner `{{` and `}}` out"),
    ("{{ {{ a }} }}", "leave the inner `{{` and `}}` out"),
    ("{% if x == 'a %}b{% endif %}", "close it with `'`"),
    ("{% if x", "close it with `%}`"),
    ("{{ a {% if b %}c{% endif %}", "close it with `}}`"),
    ("{% if a if b else c %}x{% endif %}", "put `a if x else b` in brackets here"),
    ("{{ a == not b }}", "write `(not …)`"),
    ("{{ a is b is c }}", "join them with `and`"),
    ("{{ a AND b }}", "write `and`"),
    ("{{ a then b }}", "write `a if x else b`"),
    ("{{ [x for x in y] }}", "lists are made with filters, for example `items | map(attribute='name') | list`"),
    ("{{ {'a': 1 }} b", "a tag ends with two characters, `}}` or `%}`"),
    ("{{ a !b }}", "write `not`"),
    ("{{ x => y }}", "write `>=`"),
    ("{{ `a` }}", r#"strings stand in `'` or `"`"#),
    (r"{{ a\b }}", "backslashes stand only in strings"),
];

#[test]
fn each_mistake_is_told_once_and_where_it_is() {
    for (source, expected) in ROWS {
        assert_eq!(&mistakes(source), expected, "{source}");
    }
}

#[test]
fn help_says_what_to_write() {
    for (source, expected) in HELP {
        assert_eq!(mistake(source).help, [*expected], "{source}");
    }
}

#[test]
fn independent_mistakes_are_all_told() {
    let source = "{{ a && b }}\n{% if x = 1 %}{{ f(1 2, [c d], 'e' }}{% endif %}\n\
        {% for i of items %}{{ i | }}{% endfor %}{% esle %}{{ g({'k' 1}, h +) }}";
    assert_eq!(
        mistakes(source),
        [
            "`&&` is not an operator here @ &&",
            "expected `==`, found `=` @ =",
            "expected `,` or `)`, found `2` @ 2",
            "expected `,` or `]`, found `d` @ d",
            "expected `,` or `)`, found `}}` @ }}",
            "expected `in`, found `of` @ of",
            "expected the name of a filter, found `}}` @ }}",
            "unknown tag `esle` @ esle",
            "expected `:` and the value of the key, found `1` @ 1",
            "expected a value, found `)` @ )",
        ]
    );
}

#[test]
fn what_was_opened_is_marked_too() {
    let rows = [
        ("{{ f(a, [b }}", "this `[` is not closed", 8),
        ("{{ (a }} x", "this `(` is not closed", 3),
        ("{{ [a) }}", "this `[` is not closed", 3),
        ("{% if a %}{% for b in c %}{% endif %}", "this `for` is not closed", 13),
        ("{% if a %}{% else %}{% elif b %}{% endif %}", "this `if` has its `else` already", 3),
        ("{{ f({{ a }}) }}", "this tag is an expression already", 0),
    ];
    for (source, message, at) in rows {
        let mistake = mistake(source);
        assert_eq!(mistake.labels.len(), 1, "{source}");
        assert_eq!(mistake.labels[0].message, message, "{source}");
        assert_eq!(mistake.labels[0].span.start as usize, OFFSET + at, "{source}");
    }
}

#[test]
fn operators_of_other_languages_are_mended() {
    let rows = [
        ("{{ a && b || !c }}", "{{ a and b or not c }}"),
        ("{{ !a }}", "{{ not a }}"),
        ("{{ a&&b }}", "{{ a and b }}"),
        ("{{ a === b or c !== d }}", "{{ a == b or c != d }}"),
        ("{% if a = b %}{% endif %}", "{% if a == b %}{% endif %}"),
    ];
    for (source, mended) in rows {
        let (_, diagnostics) = with_text(source, parse);
        let mut text = source.to_owned();
        for diagnostic in diagnostics.iter().rev() {
            let edit = &diagnostic.fixes[0].edits[0];
            let range = edit.span.range();
            text.replace_range(range.start - OFFSET..range.end - OFFSET, &edit.text);
        }
        assert_eq!(text, mended);
        super::parsed(&text);
    }
}

#[test]
fn braces_alone_in_a_bare_expression_are_explained() {
    let source = "state.x }}";
    let (_, diagnostics) = with_text(source, parse_expression);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(text_at(source, diagnostics[0].span), "}}");
    let help = "an expression stands between `{{` and `}}`, or without both";
    assert_eq!(diagnostics[0].help, [help]);
}

#[test]
fn long_tokens_are_shortened() {
    let source = format!("{{{{ a '{}' }}}}", "é".repeat(100));
    let expected = format!("expected an operator or `}}}}`, found `'{}…`", "é".repeat(23));
    assert_eq!(mistake(&source).message, expected);
}

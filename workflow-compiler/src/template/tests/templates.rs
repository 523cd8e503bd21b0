//! Text, tags and white space: every row is what Jinja2 3.1.6 makes of the template.

use super::shape::{shape, shape_of_parts};
use super::{Parsed, parsed};

/// A template, and its parts
#[rustfmt::skip]
const ROWS: &[(&str, &str)] = &[
    ("a {{ x }} b", "a <x> b"),
    ("  {{ x }}  y", "  <x>  y"),
    ("a {{- x }} b", "a<x> b"),
    ("a {{ x -}} b", "a <x>b"),
    ("a {{- x -}} b", "a<x>b"),
    ("a \n\t{{- x -}}\n\n b", "a<x>b"),
    ("a {{+ x }} b", "a <x> b"),
    ("a {{-1}} b", "a<1> b"),
    ("a {% if x %} b {% endif %} c", "a <if x: b > c"),
    ("a {%- if x %} b {% endif %} c", "a<if x: b > c"),
    ("a {% if x -%} b {% endif %} c", "a <if x:b > c"),
    ("a {% if x %} b {%- endif %} c", "a <if x: b> c"),
    ("a {% if x %} b {% endif -%} c", "a <if x: b >c"),
    ("a {%+ if x +%} b {%+ endif +%} c", "a <if x: b > c"),
    ("a\n{% if x %}\n b\n{% endif %}\nc\n", "a\n<if x:\n b\n>\nc"),
    ("a\n{%- if x -%}\n b\n{%- endif -%}\nc\n", "a<if x:b>c"),
    ("{{ x }}\n", "<x>"),
    ("{{ x }}\n\n", "<x>\n"),
    ("{{ x }}.\n", "<x>."),
    ("{{ x }}.\n\n", "<x>.\n"),
    ("{{ x }}.\r\n", "<x>."),
    ("a\r\nb\rc{{ x }}.\r", "a\nb\nc<x>."),
    ("{{ x }} \n ", "<x> \n "),
    ("a {# c #} b", "a  b"),
    ("a {#- c #} b", "a b"),
    ("a {# c -#} b", "a b"),
    ("a {#- c -#} b", "ab"),
    ("a {#+ c +#} b", "a  b"),
    ("a {# {{ x }} {% if %} #} b", "a  b"),
    ("{# c #}", ""),
    ("a{##}b", "ab"),
    ("a {#-#} b", "a b"),
    ("a {#--#} b", "ab"),
    ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    ("a {%- raw %} {{ x }} {% endraw %} b", "a {{ x }}  b"),
    ("a {% raw -%} {{ x }} {% endraw %} b", "a {{ x }}  b"),
    ("a {% raw %} {{ x }} {%- endraw %} b", "a  {{ x }} b"),
    ("a {% raw %} {{ x }} {% endraw -%} b", "a  {{ x }} b"),
    ("{%raw%} {% if %} {%endraw%}{{ y }}", " {% if %} <y>"),
    ("{% raw %}{% raw %}{% endraw %}", "{% raw %}"),
    ("{%+ raw %}a{%+ endraw +%}b{{ x }}", "ab<x>"),
    ("{{ {'a': {'b': 1}} }}", "<{'a':{'b':1}}>"),
    ("{{ {'a':{'b':1}}}}", "<{'a':{'b':1}}>"),
    ("{{ {'a':1}.a }} }}", "<(. {'a':1} a)> }}"),
    ("{{ '}}' }}", "<'}}'>"),
    ("{{ \"{{\" ~ '%}' }}", "<(~ '{{' '%}')>"),
    ("{{ [ {'a': 1} ] }}{{ (x) }}", "<[{'a':1}]><x>"),
    ("a }} b %} c #}{{ x }}", "a }} b %} c #}<x>"),
    ("{ {{ x }} }", "{ <x> }"),
    ("{{{'a':1}.a}}", "<(. {'a':1} a)>"),
    ("{%if x%}y{%endif%}", "<if x:y>"),
    ("{% if a %}1{% elif b %}2{% elif c %}3{% else %}4{% endif %}", "<if a:1|elif b:2|elif c:3|else:4>"),
    ("{% if a %}1{% else %}{% if b %}2{% endif %}{% endif %}", "<if a:1|else:<if b:2>>"),
    ("{% if a: %}1{% elif b: %}2{% else: %}3{% endif %}", "<if a:1|elif b:2|else:3>"),
    ("{% if a, b %}1{% endif %}", "<if [a b]:1>"),
    ("{% for x in y %}{{ x }}{% endfor %}", "<for x in y:<x>>"),
    ("{% for x in y %}{{ x }}, {% else %}none{% endfor %}", "<for x in y:<x>, |else:none>"),
    ("{% for k, v in d.items() %}{{ k }}={{ v }}{% endfor %}", "<for k,v in (method d items):<k>=<v>>"),
    ("{% for (k, v) in d %}{{ k }}{% endfor %}", "<for k,v in d:<k>>"),
    ("{% for x in y if x.ok and not x.bad %}{{ loop.index }}{% endfor %}", "<for x in y if (and (. x ok) (not (. x bad))):<(. loop index)>>"),
    ("{% for x in 1, 2, 3 %}{{ x }}{% endfor %}", "<for x in [1 2 3]:<x>>"),
    ("{% for x in y: %}{{ x }}{% endfor %}", "<for x in y:<x>>"),
    ("{% for x in (a if b else c) %}{{ x }}{% endfor %}", "<for x in (if b a c):<x>>"),
    ("{% for x in a in b %}{{ x }}{% endfor %}", "<for x in (cmp a in b):<x>>"),
    ("{% for x in y if a if b else c %}.{% endfor %}", "<for x in y if (if b a c):.>"),
    ("{% set a = 1 %}{{ a }}", "<set a = 1><a>"),
    ("{% set a, b = x %}{{ a }}", "<set a,b = x><a>"),
    ("{% set a = 1, 2 %}{{ a }}", "<set a = [1 2]><a>"),
    ("{% set a = b if c else d %}-", "<set a = (if c b d)>-"),
    ("{%- set a = [1] -%} x", "<set a = [1]>x"),
    ("{% set a %}x{{ b }}{% endset %}{{ a }}", "<set a:{x<b>}><a>"),
    ("{% set a -%} x {%- endset %}y", "<set a:{x}>y"),
    ("{% set a | trim | replace('x', 'y') %}{% if b %}x{% endif %}{% endset %}", "<set a:(| (| {<if b:x>} trim) replace 'x' 'y')>"),
    ("{% set a %}{% set b | upper %}1{% endset %}{% endset %}", "<set a:{<set b:(| {1} upper)>}>"),
    ("{% set (a, b) = (1, 2) %}x", "<set a,b = [1 2]>x"),
    ("{{ 1, 2 }}", "<[1 2]>"),
    ("{{ 1, }}", "<[1]>"),
    ("{{ (1, 2), 3 }}", "<[[1 2] 3]>"),
    ("\u{e9}\u{4e2d} {{ x }} \u{1f600}", "\u{e9}\u{4e2d} <x> \u{1f600}"),
    ("a\u{a0}{{- x }}", "a<x>"),
    ("{{\nx\n}}", "<x>"),
    ("{{x}}{{y}}", "<x><y>"),
    ("{{ 'a\nb' }}", "<'a\nb'>"),
    ("{{ x|f('}}', \"%}\") }} z", "<(| x f '}}' '%}')> z"),
    ("a{{ x }}", "a<x>"),
    ("{{ not_ }}", "<not_>"),
    ("{% for a in b %}{% for c in a %}{{ c }}{% if not loop.last %}, {% endif %}{% endfor %}\n{% endfor %}", "<for a in b:<for c in a:<c><if (not (. loop last)):, >>\n>"),
];

#[test]
fn templates_are_cut_as_in_jinja2() {
    for (source, expected) in ROWS {
        let shape = match parsed(source) {
            Parsed::Plain(text) => text,
            // The white space round a value is ignored.
            Parsed::Value(value) => {
                let value = format!("<{}>", shape(&value));
                assert_eq!(value, expected.trim(), "{source:?}");
                continue;
            }
            Parsed::Text(template) => shape_of_parts(&template.parts),
        };
        assert_eq!(&shape, expected, "{source:?}");
    }
}

#[test]
fn printed_templates_parse_to_the_same_parts() {
    for (source, expected) in ROWS {
        let Parsed::Text(template) = parsed(source) else { continue };
        // One line break at the end is lost each time.
        let printed = format!("{template}\n");
        let again = match parsed(&printed) {
            Parsed::Text(again) => shape_of_parts(&again.parts),
            Parsed::Plain(text) => text.trim_end_matches('\n').to_owned(),
            Parsed::Value(value) => format!("<{}>", shape(&value)),
        };
        assert_eq!(&again, expected, "{source:?} as {printed:?}");
    }
}

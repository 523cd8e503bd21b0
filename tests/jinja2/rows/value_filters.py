"""Filters on numbers and values of every kind."""

from .row import FAULT, NULL, value, values

values("""
inputs.digits|int
'3.7'|int
'-12'|int
' 42 '|int
'4_2'|int
'abc'|int
'abc'|int(5)
'abc'|int(default=-1)
'ff'|int(0, 16)
'0xff'|int(0, 16)
'101'|int(base=2)
'0o17'|int(0, 8)
''|int
3.99|int
-3.99|int
true|int
none|int
inputs.half|int
inputs.n|int
inputs.digits|float
'3.7'|float
'1e3'|float
'abc'|float
'abc'|float(1.5)
inputs.n|float
true|float
none|float
''|float(default=2.0)
3.14159|round
3.14159|round(2)
2.5|round
3.5|round
-2.5|round
2.675|round(2)
1.25|round(1)
3.2|round(0, 'ceil')
3.7|round(0, 'floor')
3.14159|round(2, 'ceil')
3.14159|round(2, 'floor')
3.14159|round(method='floor', precision=1)
-3.2|round(0, 'floor')
-3.7|round(0, 'ceil')
1234.5|round(-2)
inputs.pi|round(3)
7|round
7|round(2)
1234|round(-2)
7|round(0, 'ceil')
inputs.n|round(1, 'floor')
inputs.m|abs
inputs.minus|abs
0|abs
-0.5|abs
inputs.n|string
inputs.n|default(1)
inputs.word|default('x')
inputs.empty|default('x')
inputs.empty|default('x', true)
inputs.zero|default(5, true)
inputs.zero|default(5)
inputs.f|default('x', boolean=true)
inputs.word|d('x')
inputs.none_of|default([1], true)
inputs.word|default
123|filesizeformat
1000|filesizeformat
1500000|filesizeformat
1|filesizeformat
0|filesizeformat
1024|filesizeformat(true)
123456789|filesizeformat(true)
1500000|filesizeformat(binary=true)
inputs.user|items|list|length
5|default(1)|int
inputs.nothing|default('x', true)
inputs.nothing|int
""")
value("inputs.nothing|default('x')", differs="default-null", ours="x")
value("none|default('x')", differs="default-null", ours="x")
value("inputs.nothing|default", differs="default-null", ours="")
value("inputs.user.nobody|default('x')", differs="missing", typed="!unknown-field", any="x")
value("none|d(1)", differs="default-null", ours=1)
for source in ("inputs.word|abs", "inputs.word|round", "inputs.ints|abs"):
    value(source, typed="!type-mismatch")
value("inputs.big|float|int", differs="int64", ours=FAULT)
value("'99999999999999999999'|int", differs="int64", ours=FAULT)
value("1e30|int", differs="int64", ours=FAULT)
TOJSON = (
    ("inputs.ints|tojson", None),
    ("inputs.word|tojson", None),
    ("inputs.nothing|tojson", None),
    ("inputs.t|tojson", None),
    ("inputs.half|tojson", None),
    ("inputs.uml|tojson", '"größe ÄÖÜ 中文 😀"'),
    ("inputs.html|tojson", '"<b>a & b</b>"'),
    ("\"it's\"|tojson", '"it\'s"'),
    ("inputs.ages|tojson", '{"b": 2, "A": 1, "c": 3}'),
    ("{'b': [1, {}], 'a': []}|tojson", '{"b": [1, {}], "a": []}'),
    ("{'b': [1], 'a': {}}|tojson(2)", '{\n  "b": [\n    1\n  ],\n  "a": {}\n}'),
)
for source, ours in TOJSON:
    value(source, differs="tojson" if ours else None, ours=ours)
value("[1, 'a']|tojson(indent=2)")
value("[]|tojson(indent=2)")
value("'a\\nb\\t\"'|tojson")
value("[1]|int", differs="checked-arguments", typed="!type-mismatch")
value("inputs.user|attr('name')", differs="left-out", typed="!unknown-filter", any="!unknown-filter")

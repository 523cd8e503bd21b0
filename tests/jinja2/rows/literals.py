"""Literals: numbers, texts with escapes, lists, objects."""

from .row import FAULT, text, texts, value, values

values("""
0
42
1_000_000
0x1F
0o17
0b101
1.0
2.50
1e3
1E-3
1_0.5
1.5e+10
9223372036854775807
true
false
True
False
none
None
''
"double"
'it''s'
'a' "b" 'c'
'a\\tb\\nc'
'quote \\' inside'
"quote \\" inside"
'back\\\\slash'
'\\x41\\u00e9\\U0001F600'
'\\101\\0'
'\\q unknown'
'\\/'
'\\a\\b\\f\\v'
'größe 中文 😀'
[]
[1, 2, 3]
[1, 2,]
[1, 'a', true, none, 2.5]
[[1], [2, [3]]]
(1, 2)
(1,)
(1)
()
{}
{'a': 1}
{'a': 1, 'b': {'c': [1, 2]}}
{'a': 1, 'a': 2}
{'a': 1,}
{'a b': 1, 'ü': 2}
[inputs.n, inputs.n + 1]
{'n': inputs.n, 'word': inputs.word}
{'list': inputs.ints, 'none': none}
[inputs.half, inputs.n]
[inputs.word, inputs.n]
""")
value("'raw\nnewline'")
value("'cr\r\nlf'")
value("'line \\\ncontinued'")
value("  1 +\n  2  ")
value("9223372036854775808", differs="int64", typed="!template-syntax", any="!template-syntax")
value("'\\N{BULLET}'", differs="named-escapes", typed="!template-syntax", any="!template-syntax")
value("{1: 'a'}", differs="keys-are-texts", typed="!type-mismatch", any="!type-mismatch")
value("{inputs.word: 1}", differs="keys-are-texts", typed="!type-mismatch", any="!type-mismatch")
texts("""
{{ 1 }}{{ 'a' }}{{ 2.5 }}
{{ '{{' }} and {{ '}}' }} and {{ '{%' }}
[{{ 1, 2 }}]
{{ "a" 'b' }}-{{ 'c' }}
""")

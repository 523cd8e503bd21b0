"""Tests: `is`, `is not`."""

from .row import FAULT, NULL, value, values

values("""
inputs.nothing is none
inputs.n is none
inputs.n is not none
none is none
inputs.n is defined
inputs.n is not defined
inputs.n is undefined
inputs.word is string
inputs.n is string
inputs.word is not string
inputs.n is number
inputs.half is number
inputs.word is number
inputs.n is integer
inputs.half is integer
inputs.half is float
inputs.n is float
inputs.t is boolean
inputs.n is boolean
inputs.t is true
inputs.f is true
inputs.n is true
inputs.f is false
inputs.zero is false
inputs.user is mapping
inputs.ints is mapping
inputs.ints is sequence
inputs.word is sequence
inputs.user is sequence
inputs.n is sequence
inputs.ints is iterable
inputs.word is iterable
inputs.user is iterable
inputs.n is iterable
inputs.n is odd
inputs.n is even
inputs.zero is even
inputs.m is odd
4 is divisibleby 2
inputs.n is divisibleby 3
inputs.n is divisibleby(7)
inputs.n is not divisibleby 2
inputs.n is equalto 7
inputs.n is eq 7
inputs.n is eq(8)
inputs.word is equalto 'hello'
inputs.n is ne 7
inputs.n is lt 8
inputs.n is lessthan 7
inputs.n is le 7
inputs.n is gt 7
inputs.n is greaterthan 1
inputs.n is ge 7
inputs.n is in [1, 7]
inputs.n is not in [1, 7]
'a' is in 'abc'
inputs.word is in inputs.words
inputs.word is lower
inputs.name is lower
'ABC' is upper
'aBC' is upper
'123' is lower
inputs.word is sameas inputs.word
true is sameas true
inputs.t is sameas true
none is sameas none
inputs.n is callable
inputs.word is escaped
true is number
true is integer
1.0 is integer
none is string
none is number
[] is sequence
{} is mapping
not inputs.n is odd
inputs.n is odd and inputs.zero is even
inputs.n is odd == true
(inputs.n + 1) is even
inputs.words is sequence and inputs.words is not string
""")
value("inputs.word is odd", typed="!type-mismatch")
value("inputs.word is divisibleby 2", typed="!type-mismatch")
value("inputs.n is divisibleby 0")
value("inputs.user.nobody is defined", differs="missing", typed="!unknown-field", any=False)
value("inputs.nothing is defined", differs="defined-null", ours=False)
value("inputs.nothing is undefined", differs="defined-null", ours=True)
value("'upper' is filter", differs="left-out", typed="!unknown-test")
value("'odd' is test", differs="left-out", typed="!unknown-test")
value("inputs.n + 1 is even", differs="truth-values", typed="!type-mismatch")
value("true + 1", differs="truth-values", typed="!type-mismatch")
value("inputs.t * 2", differs="truth-values", typed="!type-mismatch")
value("inputs.n is odd if inputs.t else 1", differs="test-before-if", ours=True)
value("(inputs.n is odd) if inputs.t else 1")
value("inputs.n is number is true", typed="!template-syntax", any="!template-syntax")

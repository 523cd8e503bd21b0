"""Comparisons, chains of them, `in`."""

from .row import FAULT, NULL, value, values

values("""
1 == 1
1 == 1.0
1 != 2
1 < 2
2 <= 2
3 > 2
3 >= 4
1 < 1.5
0.1 + 0.2 == 0.3
'a' == 'a'
'a' == 'A'
'a' < 'b'
'B' < 'a'
'a' < 'ab'
'ä' > 'z'
'a' != 'b'
[1, 2] == [1, 2]
[1, 2] == [1.0, 2.0]
[1, 2] == [2, 1]
[1] != [2]
{'a': 1} == {'a': 1}
{'a': 1, 'b': 2} == {'b': 2, 'a': 1}
none == none
none != none
true == true
true != false
1 < 2 < 3
1 < 3 < 2
1 < 2 > 1
3 > 2 > 1 > 0
1 == 1 == 1
1 < inputs.n <= 7
0 <= inputs.half < 1
1 <= 2 == 2
(1 < 2) == true
2 in [1, 2]
5 in [1, 2]
5 not in [1, 2]
'a' in 'abc'
'd' in 'abc'
'' in 'abc'
'ab' not in 'abc'
'a' in {'a': 1}
'b' in {'a': 1}
'b' not in {'a': 1}
'a' in ['a', 'b']
1.0 in [1, 2]
'x' in []
not 'a' in 'abc'
inputs.n == 7
inputs.n == 7.0
inputs.n != inputs.m
inputs.n > inputs.m
inputs.half < inputs.n
inputs.whole == 4
inputs.word == 'hello'
inputs.word < inputs.name
inputs.word != ''
inputs.t == true
inputs.f != false
inputs.ints == [3, 1, 2, 3]
inputs.ints == inputs.ints
inputs.words != inputs.words
inputs.none_of == []
inputs.user == inputs.user
inputs.user.home == {'city': 'London'}
3 in inputs.ints
9 in inputs.ints
9 not in inputs.ints
'fig' in inputs.words
'ell' in inputs.word
inputs.empty in inputs.word
'name' in inputs.user
'nobody' in inputs.user
'b' in inputs.ages
inputs.n in inputs.ints
inputs.word in inputs.words
[1, 2] in inputs.grid
inputs.half in inputs.floats
inputs.user.age >= 18 and inputs.user.name == 'Ada'
none in [none]
inputs.nothing == none
inputs.nothing != none
""")
values("""
1 < 'a'
'a' < 1
inputs.word < inputs.n
inputs.n > inputs.word
{} < {}
[1] < 1
1 in 5
inputs.n in inputs.word
inputs.word in inputs.n
""", typed="!type-mismatch")
value("none < 1", typed="!maybe-null")
value("inputs.nothing > 'a'", typed="!maybe-null")
value("1 in 'abc'", typed="!type-mismatch")
values("""
true < 2
[1, 2] < [1, 3]
[1, 2] < [1, 2, 0]
inputs.ints < [4]
""", differs="order", typed="!type-mismatch")
value("inputs.n > 5 == true", differs="never-equal", typed="!type-mismatch", any="!type-mismatch")
for source in ("1 == '1'", "'a' == 1", "inputs.word == inputs.n", "inputs.n != 'x'", "inputs.ints == 'x'"):
    value(source, differs="never-equal", typed="!type-mismatch")
value("'x' in inputs.ints", differs="never-equal", typed="!type-mismatch")

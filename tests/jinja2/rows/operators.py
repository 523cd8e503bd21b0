"""Arithmetic, `~`, `and`, `or`, `not`, inline `if`, and which binds stronger."""

from .row import FAULT, NULL, text, texts, value, values

values("""
1 + 2
1 - 2
3 * 4
7 / 2
6 / 3
7 // 2
-7 // 2
7 // -2
7 % 3
-7 % 3
7 % -3
-7 % -3
7.5 // 2
-7.5 // 2
7.5 % 2
-7.5 % 2
7.5 % -2
5 % 0.3
2 ** 10
2 ** 0
2 ** -1
(-2) ** 3
-2 ** 2
2 ** 3 ** 2
2.0 ** 3
4 ** 0.5
0 ** 0
1.5 + 1.5
0.1 + 0.2
1 + 1.0
3 - 3.0
2 * 1.5
1 / 3
1e308 * 1
10 // 0.3
inputs.n + 1
inputs.n - inputs.m
inputs.n * inputs.m
inputs.n / inputs.m
inputs.n // inputs.m
inputs.n % inputs.m
inputs.n ** 2
inputs.n + inputs.half
inputs.half * 4
inputs.whole / 2
inputs.whole + inputs.n
inputs.minus // 1
inputs.minus % 1
-inputs.n
+inputs.n
-inputs.half
- -1
--1
1 + 2 * 3
(1 + 2) * 3
1 - 2 - 3
2 * 3 % 4
10 / 2 / 5
10 // 3 * 2
-3 + 5
2 + -3
-inputs.n ** 2
2 ** -inputs.m
1 ~ 2 * 3
'a' ~ 1 ~ 2.5
'a' ~ 'b'
inputs.word ~ '-' ~ inputs.n
inputs.word ~ inputs.half
'' ~ ''
inputs.word + 'x'
'a' + 'b' + 'c'
'ab' * 3
3 * 'ab'
'-' * inputs.n
'ab' * 0
'ab' * -1
[0] * 3
[1, 2] + [3]
inputs.ints + [9]
inputs.ints + inputs.none_of
inputs.words + ['z']
inputs.ints * 2
true and false
true or false
not true
not 0
not ''
not []
1 and 2
0 and 2
1 or 2
0 or 2
'' or 'x'
'a' and ''
none or 'x'
inputs.empty or 'fallback'
inputs.word or 'fallback'
inputs.n and inputs.word
inputs.zero and inputs.word
inputs.none_of or [1]
inputs.t and inputs.f or inputs.t
not inputs.t or inputs.t
not (inputs.t or inputs.t)
not not inputs.n
not inputs.n == 7
true and not false
1 or 0 and 0
(1 or 0) and 0
1 if true else 2
1 if false else 2
1 if false
'yes' if inputs.t else 'no'
'yes' if inputs.n > 5 else 'no'
'a' if inputs.f else 'b' if inputs.f else 'c'
('a' if inputs.t else 'b') ~ 'z'
'a' ~ 'b' if inputs.f else 'c'
1 + 1 if inputs.t else 0
inputs.n if inputs.word else inputs.word
inputs.n if inputs.empty else inputs.word
[1 if inputs.t else 2, 3]
1 < 2 and 2 < 3
1 + 1 == 2
'a' ~ 'b' == 'ab'
not 1 > 2
2 * 3 > 5 and not 4 < 3
inputs.n|string ~ 'x'
-1|abs
(-1)|abs
2 ** 2|int
'a' ~ 'b'|upper
('a' ~ 'b')|upper
1 + '2'|int
not ''|length
inputs.ints|length + 1
""")
values("""
1 / 0
1 // 0
1 % 0
1.5 / 0
1.5 % 0
0 ** -1
inputs.n / inputs.zero
inputs.n % inputs.zero
""")
values("""
1 + 'a'
1 ~ 2 + 3
1 + 2 ~ 3
'a' + 1
'a' - 'b'
'a' * 'b'
[1] + 1
[1] - [1]
{} + {}
-'a'
+[]
'a' / 2
inputs.word + inputs.n
inputs.word - inputs.word
-inputs.word
inputs.user + 1
inputs.ints - inputs.ints
inputs.user * 2
""", typed="!type-mismatch")
values("""
9223372036854775807 + 1
-9223372036854775807 - 2
9223372036854775807 * 2
2 ** 63
inputs.big + 1
inputs.big * inputs.big
-inputs.big - 2
10 ** 30
""", differs="int64", ours=FAULT)
values("""
'%s and %s' % ('a', 'b')
'%d%%' % 5
'%05.1f|%-4s|%+d|%x' % (3.14159, 'ab', 5, 255)
""", differs="format-strings", typed="!type-mismatch")
value("'%s' % inputs.n", differs="format-strings", typed="!type-mismatch", any=FAULT)
value("'%s' % inputs.word", differs="format-strings", typed="!type-mismatch", any=FAULT)
value("'a' ~ true", differs="json-values", ours="atrue")
value("'a' ~ none", differs="json-values", ours="a")
value("'a' ~ [1, 'b']", differs="json-values", ours='a[1, "b"]')
value("inputs.word ~ inputs.t", differs="json-values", ours="hellotrue")
value("inputs.word ~ inputs.user.home", differs="json-values", ours='hello{"city": "London"}')

"""Filters on texts."""

from .row import FAULT, value, values

values("""
inputs.word|upper
inputs.uml|upper
inputs.name|lower
inputs.uml|lower
inputs.word|capitalize
'hELLO wORLD'|capitalize
''|capitalize
'élan'|capitalize
inputs.long|title
"it's a foo-bar (baz) <x>"|title
'HELLO wORLD'|title
inputs.spaced|trim
'xxaxx'|trim('x')
'..a,.'|trim('.,')
'\\ta\\n'|trim
inputs.word|replace('l', 'L')
inputs.word|replace('l', 'L', 1)
'aaaa'|replace('aa', 'b')
'abc'|replace('', '-')
inputs.word|replace('x', 'y')
inputs.word|replace(old='h', new='j')
inputs.lines|indent
inputs.lines|indent(2)
inputs.lines|indent(2, true)
inputs.lines|indent(2, first=true, blank=true)
inputs.lines|indent(width=1, blank=true)
inputs.lines|indent('> ')
''|indent(2, true)
'a\\n'|indent(2)
'a\\n\\nb'|indent(2)
inputs.long|truncate
inputs.long|truncate(20)
inputs.long|truncate(20, true)
inputs.long|truncate(20, false, '…')
inputs.long|truncate(20, true, '')
inputs.long|truncate(43)
inputs.long|truncate(40)
inputs.long|truncate(40, leeway=0)
inputs.long|truncate(10, leeway=3)
inputs.long|truncate(length=12, end='..')
inputs.word|truncate(3, true, '')
inputs.uml|truncate(6, true, '', 0)
inputs.long|wordcount
''|wordcount
'a-b c_d é'|wordcount
inputs.word|center(11)
inputs.word|center(3)
'ab'|center(5)
inputs.word|center
inputs.word|length
inputs.uml|length
inputs.empty|count
inputs.word|first
inputs.word|last
inputs.word|reverse
inputs.uml|reverse
inputs.word|list
inputs.word|join('-')
inputs.word|sort
'cBa'|sort
'cBa'|sort(case_sensitive=true)
inputs.word|unique
'aA'|unique
inputs.word|min
inputs.word|max
inputs.html|escape|string
inputs.html|e|string
'"quoted"'|escape|string
"it's"|escape|string
'<p>Hi  <b>you</b></p>\\n there'|striptags
'a &amp; b'|striptags
inputs.name|urlencode
'a/b?c=d&e f'|urlencode
'ü~-_.'|urlencode
{'a': 1, 'b c': 'd&e'}|urlencode
[['a', 1], ['b', 'x y']]|urlencode
inputs.word|upper|lower|capitalize
inputs.word|upper ~ inputs.name|lower
inputs.spaced|trim|length
inputs.word | replace('h', 'H') | replace('o', '0')
inputs.n|upper
inputs.half|trim
inputs.csv|split(',')
inputs.spaced|split
inputs.csv|split(',', 1)
'a  b'|split(' ')
""")
LEFT_OUT = dict(typed="!unknown-filter", any="!unknown-filter")
value("inputs.long|wordwrap(10)", differs="left-out", **LEFT_OUT)
value("'abcdefghij'|wordwrap(4)", differs="left-out", **LEFT_OUT)
value("'%s-%s'|format('a', 1)", differs="format-strings", **LEFT_OUT)
value("'%.2f'|format(inputs.pi)", differs="format-strings", **LEFT_OUT)
value("123|replace(2, 'x')", differs="checked-arguments", typed="!type-mismatch")
value("inputs.n|length", typed="!type-mismatch")

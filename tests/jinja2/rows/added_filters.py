"""Filters that Jinja2 does not have: the rows' results are those of `added.py`."""

from .row import FAULT, value, values

values("""
'{"a": [1, 2.5, null, true]}'|fromjson
'{"a": [1, 2.5, null, true]}'|parse_json
'"text"'|parse_json
' [1] '|fromjson
('{"a": {"b": 5}}'|fromjson).a.b
'héllo'|base64_encode
''|base64_encode
'aGVsbG8='|base64_decode
inputs.uml|base64_encode|base64_decode
inputs.word|hash
inputs.uml|hash
'a b'|shellquote
'plain'|shellquote
''|shellquote
"it's"|shellquote
'a;rm -rf /'|shellquote
'$HOME `x`'|shellquote
'a/b-c_d.e:f=g@h%i+j,k'|shellquote
'ü'|shellquote
'yes'|bool
'no'|bool
'True'|bool
'1'|bool
'0'|bool
'on'|bool
'maybe'|bool
1|bool
0|bool
true|bool
inputs.name|regex_search('L\\\\w+')
inputs.name|regex_search('(\\\\w+) (\\\\w+)')
inputs.name|regex_search('z')
'abc 123'|regex_search('\\\\d+')
'a1b22'|regex_findall('\\\\d+')
'a=1,b=2'|regex_findall('(\\\\w)=(\\\\d)')
'abc'|regex_findall('z')
inputs.csv|regex_findall('[a-z]')
'a1b22'|regex_replace('\\\\d+', '#')
'Ada Lovelace'|regex_replace('(\\\\w+) (\\\\w+)', '\\\\2 \\\\1')
'abc'|regex_replace('z', '-')
'a b'|regex_replace('(?P<x>\\\\w) (?P<y>\\\\w)', '\\\\g<y>\\\\g<x>')
inputs.uml|regex_replace('ö', 'oe')
""")
values("""
'{'|fromjson
'not json'|parse_json
'%%%'|base64_decode
""")

"""Fields, items, slices."""

from .row import FAULT, NULL, value, values

values("""
inputs.user.name
inputs.user['name']
inputs['user']['name']
inputs.user.home.city
inputs.user['home'].city
inputs.user.tags[0]
inputs.user.tags[-1]
inputs.user.tags.0
inputs.ints[0]
inputs.ints[-1]
inputs.ints[inputs.user.tags|length]
inputs.word[0]
inputs.word[-1]
inputs.uml[0]
inputs.uml[-1]
inputs.grid[1][0]
inputs.pairs[0][1]
inputs.users[1].name
inputs.users[1]['name']
inputs.users[-1].age
inputs.mixed[1]
inputs.mixed[2]
inputs.mixed[4]
inputs.ages.b
inputs.ages['A']
[10, 20, 30][1]
(1, 2)[0]
{'a': 5}.a
{'a': 5}['a']
'abc'[1]
{'a': [1, {'b': 2}]}.a[1].b
inputs.ints[1:3]
inputs.ints[:2]
inputs.ints[2:]
inputs.ints[:]
inputs.ints[-2:]
inputs.ints[:-1]
inputs.ints[::2]
inputs.ints[1::2]
inputs.ints[::-1]
inputs.ints[3:0:-1]
inputs.ints[-1:-3:-1]
inputs.ints[::-2]
inputs.ints[5:]
inputs.ints[:99]
inputs.ints[3:1]
inputs.ints[-99:2]
inputs.none_of[1:]
inputs.word[1:3]
inputs.word[::-1]
inputs.word[:0]
inputs.word[-3:]
inputs.word[10:]
inputs.uml[0:5]
inputs.uml[::-1]
inputs.words[1:][0]
inputs.words[inputs.zero:2]
'hello'[1:-1]
[1, 2, 3][::-1]
inputs.mixed[1:3]
inputs.users[:2]|length
inputs.user.name[0]
inputs.grid[0][::-1]
""")
values("""
inputs.ints[::0]
inputs.word[::0]
""")
value("inputs.user.tags['a']", differs="missing", typed="!type-mismatch", any=FAULT)
value("inputs.n[0]", differs="missing", typed="!type-mismatch", any=FAULT)
value("inputs.ints[99]", differs="out-of-range", ours=FAULT)
value("inputs.ints[-99]", differs="out-of-range", ours=FAULT)
value("inputs.word[99]", differs="out-of-range", ours=FAULT)
value("inputs.none_of[0]", differs="out-of-range", ours=FAULT)
value("inputs.user.nobody", differs="missing", typed="!unknown-field", any=NULL)
value("inputs.user['nobody']", differs="missing", typed="!unknown-field", any=NULL)
value("inputs.user.home.nobody", differs="missing", typed="!unknown-field", any=NULL)
value("inputs.word.nobody", differs="missing", typed="!unknown-field", any=FAULT)
value("inputs.user.nobody.name", typed="!unknown-field")
value("inputs.nothing.name", differs="missing", typed="!maybe-null", any=FAULT)
value("inputs.n[1:2]", typed="!type-mismatch")
value("inputs.user[1:2]", typed="!type-mismatch")
value("inputs.ints['a':]", typed="!type-mismatch", any="!type-mismatch")
value("inputs.open.items", context={"open": {"items": 3, "get": 4}}, differs="fields-first", ours=3)
value("inputs.open.get", context={"open": {"items": 3, "get": 4}}, differs="fields-first", ours=4)
value("inputs.open['items']", context={"open": {"items": 3, "get": 4}})

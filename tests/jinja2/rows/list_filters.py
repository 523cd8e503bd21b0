"""Filters on lists and objects."""

from .row import FAULT, NULL, value, values

values("""
inputs.ints|length
inputs.ints|count
inputs.user|length
inputs.none_of|length
inputs.ints|first
inputs.ints|last
inputs.users|first
inputs.none_of|first
inputs.none_of|last
inputs.words|join
inputs.words|join(', ')
inputs.ints|join('-')
inputs.floats|join(' ')
inputs.none_of|join(',')
inputs.users|join(', ', attribute='name')
inputs.users|join(', ', 'age')
inputs.words|join(d='/')
inputs.ints|list
inputs.ages|list
inputs.words|map('upper')
inputs.words|map('upper')|list
inputs.words|map('upper')|join(' ')
inputs.words|map('replace', 'p', 'b')|list
inputs.words|map('length')|list
inputs.words|map('truncate', 2, true, '')|list
inputs.words|map('default', 'x')|list
inputs.users|map(attribute='name')|list
inputs.users|map(attribute='age')|sum
inputs.users|map(attribute='name')|map('lower')|list
[{'a': {'b': 1}}, {'a': {'b': 2}}]|map(attribute='a.b')|list
inputs.pairs|map(attribute=0)|list
inputs.grid|map('sum')|list
inputs.grid|map('join', '-')|list
inputs.ints|map('string')|list
inputs.ints|select('odd')|list
inputs.ints|select('even')|list
inputs.ints|select('gt', 1)|list
inputs.ints|select('in', [1, 2])|list
inputs.ints|select('divisibleby', 3)|list
[0, 1, '', 'a', none]|select|list
inputs.words|select('equalto', 'fig')|list
inputs.ints|reject('odd')|list
inputs.ints|reject('==', 3)|list
[0, 1, '', 'a', none]|reject|list
inputs.words|reject('in', ['fig'])|list
inputs.users|selectattr('admin')|map(attribute='name')|list
inputs.users|selectattr('age', 'gt', 10)|map(attribute='name')|list
inputs.users|selectattr('age', 'equalto', 36)|list|length
inputs.users|selectattr('name', 'in', ['Ada', 'bob'])|map(attribute='age')|list
inputs.users|rejectattr('admin')|map(attribute='name')|list
inputs.users|rejectattr('age', '==', 36)|map(attribute='name')|list
inputs.ints|sort
inputs.ints|sort(true)
inputs.ints|sort(reverse=true)
inputs.words|sort
inputs.words|sort(case_sensitive=true)
inputs.words|sort(reverse=true)
inputs.users|sort(attribute='name')|map(attribute='name')|list
inputs.users|sort(attribute='age')|map(attribute='name')|list
inputs.users|sort(attribute='age,name')|map(attribute='name')|list
inputs.users|sort(attribute='age', reverse=true)|map(attribute='name')|list
inputs.users|sort(false, true, 'name')|map(attribute='name')|list
inputs.floats|sort
inputs.none_of|sort
inputs.ages|sort
inputs.ints|unique
inputs.words|unique
inputs.words|unique(case_sensitive=true)
inputs.words|unique(true)
inputs.users|unique(attribute='age')|map(attribute='name')|list
inputs.ints|sum
inputs.floats|sum
inputs.ints|sum(start=10)
inputs.users|sum(attribute='age')
inputs.users|sum('age', 100)
inputs.none_of|sum
inputs.ints|min
inputs.ints|max
inputs.words|min
inputs.words|max
inputs.words|min(true)
inputs.words|max(case_sensitive=true)
inputs.users|min(attribute='age')
inputs.users|max(attribute='name')
inputs.floats|min
inputs.none_of|min
inputs.none_of|max
inputs.ints|reverse
inputs.ints|reverse|list
inputs.words|reverse|first
inputs.ints|batch(2)
inputs.ints|batch(3)|list
inputs.ints|batch(3, 'x')|list
inputs.ints|batch(9)|list
inputs.none_of|batch(2)|list
inputs.ints|slice(2)|list
inputs.ints|slice(3)|list
inputs.ints|slice(3, 0)|list
inputs.ages|items
inputs.ages|items|list
inputs.ages|dictsort
inputs.ages|dictsort(true)
inputs.ages|dictsort(false, 'value')
inputs.ages|dictsort(by='value')
inputs.ages|dictsort(reverse=true)
inputs.ages|dictsort(case_sensitive=true, by='key', reverse=true)
inputs.user|dictsort|map('first')|list
inputs.users|groupby('age')|map(attribute='grouper')|list
inputs.users|groupby('age')|map(attribute='list')|map('length')|list
inputs.ints|sort|first
inputs.words|sort|join(',')|upper
(inputs.ints|length) > 3
inputs.ints|length > 3
inputs.mixed|first
inputs.mixed|last
inputs.mixed|length
inputs.user.tags|join('+')
range(5)|list
range(1, 4)|list
range(10, 0, -3)|list
range(0, 3)|sum
range(inputs.n)|list|length
""")
values("""
inputs.n|first
inputs.n|join
inputs.n|sort
inputs.n|sum
inputs.t|length
""", typed="!type-mismatch")
value("inputs.users|map(attribute='nobody', default='?')|list", differs="missing", typed="!unknown-field")
value("inputs.users|groupby('age')|map('first')|list", differs="groups", ours=["grouper", "grouper"])
value("inputs.ints|first + inputs.ints|last", differs="maybe-null", typed="!maybe-null")
value("inputs.grid|first|last", differs="maybe-null", typed="!maybe-null")
value("inputs.words|first|upper", differs="maybe-null", typed="!maybe-null")
value("(inputs.ints|max|default(0)) + 1")

"""`if`, `for`, `set`, `loop`, `raw`, comments."""

from .row import FAULT, NULL, text, texts

texts("""
{% if inputs.t %}a{% endif %}
{% if inputs.f %}a{% endif %}.
{% if inputs.f %}a{% else %}b{% endif %}
{% if inputs.f %}a{% elif inputs.t %}b{% else %}c{% endif %}
{% if inputs.f %}a{% elif inputs.f %}b{% else %}c{% endif %}
{% if inputs.n > 5 and inputs.word %}a{% endif %}
{% if not inputs.empty %}a{% endif %}
{% if inputs.none_of %}a{% else %}empty{% endif %}
{% if inputs.user %}a{% endif %}
{% if inputs.half %}a{% endif %}
{% if inputs.zero %}a{% else %}zero{% endif %}
{% if inputs.t %}{% if inputs.f %}a{% else %}b{% endif %}{% endif %}
{% if inputs.word in inputs.words %}a{% else %}b{% endif %}
{% if inputs.nothing is none %}a{% else %}b{% endif %}
{% for i in inputs.ints %}{{ i }},{% endfor %}
{% for i in [1, 2, 3] %}{{ i * 2 }} {% endfor %}
{% for i in (1, 2) %}{{ i }}{% endfor %}
{% for i in 1, 2 %}{{ i }}{% endfor %}
{% for w in inputs.words %}{{ loop.index }}:{{ w }} {% endfor %}
{% for w in inputs.words %}{{ loop.index0 }}{% endfor %}
{% for w in inputs.words %}{{ loop.revindex }}{{ loop.revindex0 }} {% endfor %}
{% for w in inputs.words %}{{ loop.length }}{% endfor %}
{% for w in inputs.words %}{{ w }}{% if not loop.last %}, {% endif %}{% endfor %}
{% for w in inputs.words %}{{ ', ' if not loop.first }}{{ w }}{% endfor %}
{% for w in inputs.words %}[{{ loop.first }} {{ loop.last }}]{% endfor %}
{% for w in inputs.words %}{{ loop.depth }}{{ loop.depth0 }}{% endfor %}
{% for w in inputs.words %}({{ loop.previtem }}<{{ w }}<{{ loop.nextitem }}){% endfor %}
{% for i in inputs.ints %}({{ loop.previtem }} {{ loop.nextitem }}){% endfor %}
{% for w in inputs.words %}{{ 'first' if loop.previtem is not defined }}{{ w }}{% endfor %}
{% for w in inputs.words %}{{ loop.cycle('odd', 'even') }} {% endfor %}
{% for w in inputs.words %}{{ loop.cycle(1, 2, 3) }}{% endfor %}
{% for i in [1, 1, 2, 2, 1] %}{% if loop.changed(i) %}{{ i }}{% endif %}{% endfor %}
{% for u in inputs.users %}{{ loop.changed(u.age, 1) }} {% endfor %}
{% for i in inputs.none_of %}{{ i }}{% else %}nothing{% endfor %}
{% for i in inputs.ints %}{{ i }}{% else %}nothing{% endfor %}
{% for i in inputs.ints if i > 1 %}{{ i }}{% endfor %}
{% for i in inputs.ints if i > 1 %}{{ loop.index }}/{{ loop.length }} {% endfor %}
{% for i in inputs.ints if i > 9 %}{{ i }}{% else %}none is{% endfor %}
{% for u in inputs.users if u.admin %}{{ u.name }}{% endfor %}
{% for u in inputs.users if not u.admin %}{{ loop.index }}{{ u.name }}{{ loop.last }}{% endfor %}
{% for w in inputs.words if w in ['fig', 'pear'] and w != inputs.word %}{{ w }}{% endfor %}
{% for a, b in inputs.pairs %}{{ a }}={{ b }};{% endfor %}
{% for a, b in inputs.grid %}{{ a + b }} {% endfor %}
{% for (a, b) in inputs.grid %}{{ a }}{{ b }}{% endfor %}
{% for a, b in inputs.grid if a > 1 %}{{ a }}{{ loop.length }}{% endfor %}
{% for a, b in [[1, 'x'], [2, 'y']] %}{{ loop.index }}{{ a }}{{ b }}{% endfor %}
{% for a, b in ['xy', 'zw'] %}{{ b }}{{ a }}{% endfor %}
{% for k, v in inputs.ages.items() %}{{ k }}={{ v }} {% endfor %}
{% for k, v in inputs.user.items() %}{{ k }},{% endfor %}
{% for k, v in inputs.ages|items %}{{ k }}={{ v }} {% endfor %}
{% for k, v in inputs.ages|dictsort %}{{ k }}={{ v }} {% endfor %}
{% for k, v in inputs.ages.items() if v > 1 %}{{ loop.index }}{{ k|upper }}{% endfor %}
{% for k in inputs.ages %}{{ k }}{% endfor %}
{% for k in inputs.ages %}{{ k|upper }}{{ loop.revindex }}{% endfor %}
{% for k in inputs.ages.keys() %}{{ k }}{% endfor %}
{% for v in inputs.ages.values() %}{{ v }}{% endfor %}
{% for c in inputs.word %}{{ c }}-{% endfor %}
{% for c in 'äö😀' %}{{ loop.index }}{{ c }}{% endfor %}
{% for c in inputs.word if c != 'l' %}{{ c }}{% endfor %}
{% for row in inputs.grid %}{% for i in row %}{{ i }}{{ loop.index }} {% endfor %}{{ loop.index }};{% endfor %}
{% for row in inputs.grid %}{% set outer = loop %}{% for i in row %}{{ outer.index }}{{ loop.index }} {% endfor %}{% endfor %}
{% for row in inputs.grid %}{% for i in row %}{{ i }}{% else %}-{% endfor %}{% else %}none{% endfor %}
{% for i in inputs.ints %}{% for j in inputs.ints if j < i %}{{ i }}{{ j }} {% endfor %}{% endfor %}
{% for i in range(3) %}{{ i }}{% endfor %}
{% for i in range(2, 5) %}{{ i }}{% endfor %}
{% for i in range(5, 0, -2) %}{{ i }}{% endfor %}
{% for i in range(0) %}{{ i }}{% else %}none{% endfor %}
{% for age, group in inputs.users|groupby('age') %}{{ age }}:{{ group|map(attribute='name')|join('+') }} {% endfor %}
{% for g in inputs.users|groupby('age') %}{{ g.grouper }}:{{ g.list|length }} {% endfor %}
{% for w in inputs.words|sort %}{{ w }} {% endfor %}
{% for w in inputs.words[1:3] %}{{ w }} {% endfor %}
{% for w in inputs.words + ['x'] %}{{ w }} {% endfor %}
{% for w in (inputs.words if inputs.f else ['z']) %}{{ w }} {% endfor %}
{% for i in inputs.mixed %}<{{ i }}>{% endfor %}
{% set x = 1 %}{{ x }}
{% set x = inputs.n + 1 %}{{ x * 2 }}
{% set x = 1 %}{% set x = x + 1 %}{{ x }}
{% set x = 1 %}{% set x = 'now a text' %}{{ x }}
{% set x = inputs.word %}{% set y = x ~ '!' %}{{ y }}{{ x }}
{% set x = inputs.user %}{{ x.name }}{{ x.home.city }}
{% set x = inputs.ints %}{% for i in x %}{{ i }}{% endfor %}{{ x|length }}
{% set x = inputs.words %}{% for w in x %}{{ loop.index }}{{ w }}{% endfor %}
{% set a, b = inputs.grid %}{{ a }}{{ b }}
{% set a, b = 1, 'x' %}{{ a }}{{ b }}
{% set (a, b) = [inputs.n, inputs.m] %}{{ a - b }}
{% set a, b = 'xy' %}{{ b }}{{ a }}
{% set x = 1, 2 %}{{ x }}
{% if inputs.t %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}
{% if inputs.f %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}
{% set x = 1 %}{% if inputs.t %}{% set x = 2 %}{% endif %}{{ x }}
{% set x = 1 %}{% if inputs.f %}{% set x = 2 %}{% endif %}{{ x }}
{% set x = 1 %}{% if inputs.t %}{% set x = 'two' %}{% endif %}{{ x }}
{% set x = 1 %}{% if inputs.t %}{% if inputs.t %}{% set x = x + 5 %}{% endif %}{{ x }}{% endif %}{{ x }}
{% if inputs.f %}{% set x = 1 %}{% endif %}[{{ x }}]
{% if inputs.t %}{% set x = 1 %}{% endif %}[{{ x }}]
{% if inputs.t %}{% set x = inputs.ints %}{% else %}{% set x = [] %}{% endif %}{% for i in x %}{{ i }}{% endfor %}
{% if inputs.f %}a{% elif inputs.t %}{% set x = 3 %}{% endif %}{{ x }}
{% set x = 0 %}{% for i in inputs.ints %}{% set x = x + i %}{{ x }} {% endfor %}={{ x }}
{% set x = 0 %}{% for i in inputs.ints %}{{ x }}{% set x = i %}{{ x }} {% endfor %}={{ x }}
{% set x = 0 %}{% for i in inputs.ints %}{% if i == 2 %}{% set x = i %}{% endif %}{{ x }}{% endfor %}={{ x }}
{% for i in inputs.ints %}{% set y = i * i %}{{ y }} {% endfor %}
{% for i in inputs.none_of %}{% else %}{% set y = 1 %}{{ y }}{% endfor %}
{% set i = 'outer' %}{% for i in inputs.ints %}{{ i }}{% endfor %}{{ i }}
{% set x %}text{% endset %}[{{ x }}]
{% set x %}{{ inputs.n }} and {{ inputs.word }}{% endset %}[{{ x }}]{{ x|length }}
{% set x | upper %}abc{{ inputs.word }}{% endset %}{{ x }}
{% set x | replace('a', 'b') | upper %}aaa{% endset %}{{ x }}
{% set x %}{% for w in inputs.words %}{{ loop.index }}{{ w }}{% endfor %}{% endset %}[{{ x }}]
{% set x %}{% if inputs.t %}yes{% else %}no{% endif %}{% endset %}{{ x }}{{ x }}
{% for w in inputs.words %}{% set x %}{{ w }}{% if loop.last %}!{% endif %}{% endset %}[{{ x }}]{% endfor %}
{% for w in inputs.words %}{% set x %}{% for c in w %}{{ c }}{{ w[0] }}{% endfor %}{% endset %}[{{ x }}]{% endfor %}
{% set y = 1 %}{% set x %}{% set y = 2 %}{{ y }}{% endset %}{{ x }}{{ y }}
{% set x %}{% endset %}[{{ x }}]
{% set x %}{% set y %}in{% endset %}<{{ y }}>{% endset %}{{ x }}
{% raw %}{{ not read }} {% if %}{% endraw %}
{% raw %}{# neither #}{% endraw %}{{ inputs.n }}
a{# comment #}b
a{# {{ inputs.n }} {% if %} #}b
{# only #}
{#- trimmed -#} x
{{ inputs.n }}{# a #}{{ inputs.n }}
{% if inputs.t %}{# nothing #}{% endif %}.
{% for u in inputs.users %}{{ loop.index }}. {{ u.name }} ({{ u.age }}){% if u.admin %} *{% endif %}; {% endfor %}
{% for u in inputs.users %}{% for k, v in u.items() %}{{ k }}:{{ v }} {% endfor %}|{% endfor %}
{% set names = [] %}{{ names|length }}
{% set total = inputs.ints|sum %}{{ total }} {{ total / 2 }}
{% if inputs.ints|length > 3 %}many{% elif inputs.ints %}few{% endif %}
{% for i in inputs.ints: %}{{ i }}{% endfor %}
{% if inputs.t: %}a{% endif %}
""")
text("{% if inputs.t %}{% set x = 1 %}{% endif %}{% set x = x %}[{{ x }}]")
text("{% set x = inputs.nothing %}{% if x is none %}{% set x = 'none' %}{% endif %}{{ x|upper }}")
text("{% for a, b in inputs.ints %}{% endfor %}.", typed="!type-mismatch")
text("{% for a, b in [[1, 2, 3]] %}{% endfor %}.")
text("{% for a, b in ['x'] %}{% endfor %}.")
text("{% set a, b = inputs.ints %}.")
text("{% for i in inputs.n %}{% endfor %}.", typed="!type-mismatch")
text("{% for i in true %}{% endfor %}.", typed="!type-mismatch", any="!type-mismatch")
text("{% for i in inputs.nothing %}{% endfor %}.", typed="!maybe-null")
text("{% for i in inputs.ints %}{{ loop.cycle() }}{% endfor %}", typed="!wrong-arguments", any="!wrong-arguments")
REFUSED = dict(typed="!template-syntax", any="!template-syntax")
for source in (
    "{% macro f(x) %}{{ x }}{% endmacro %}.",
    "{% call(x) f() %}{% endcall %}.",
    "{% filter upper %}a{% endfilter %}",
    "{% with a = 1 %}{{ a }}{% endwith %}",
    "{% autoescape false %}a{% endautoescape %}",
    "{% block a %}x{% endblock %}",
    "{% include 'x' ignore missing %}.",
    "{% set ns = namespace(a=1) %}{% set ns.a = 2 %}.",
    "{% for a, (b, c) in [[1, [2, 3]]] %}{{ c }}{% endfor %}",
):
    text(source, differs="left-out", **REFUSED)
text("{% for i in inputs.grid recursive %}x{% endfor %}", differs="left-out", typed="!limit", any="!limit")
text("{% for i in inputs.ints %}{{ loop }}{% endfor %}", differs="left-out", typed="!type-mismatch", any="!type-mismatch")
text("{{ unknown }}.", differs="unknown-names", typed="!unknown-variable", any="!unknown-variable")
text("{% for i in inputs.ints %}{% set x = i %}{% endfor %}[{{ x }}]", differs="unknown-names", typed="!unknown-variable", any="!unknown-variable")

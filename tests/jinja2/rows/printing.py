"""How values print, in a text and by `string`."""

from .row import NULL, text, texts, value

texts("""
[{{ inputs.n }}]
[{{ inputs.m }}]
[{{ inputs.big }}]
[{{ inputs.half }}]
[{{ inputs.whole }}]
[{{ inputs.pi }}]
[{{ inputs.tiny }}]
[{{ inputs.huge }}]
[{{ 1e16 }} {{ 1e15 }} {{ 123456789012345680.0 }}]
[{{ 0.0001 }} {{ 0.00001 }} {{ 1e-5 }} {{ 1.5e-10 }}]
[{{ 1e100 }} {{ 1.7976931348623157e308 }} {{ 5e-324 }}]
[{{ -0.0 }} {{ 0.0 }} {{ 0.1 + 0.2 }} {{ 1 / 3 }} {{ 2 / 3 }}]
[{{ 100.0 }} {{ 1e2 }} {{ 7 / 7 }} {{ 3.0 * 2 }}]
[{{ inputs.word }}]
[{{ inputs.empty }}]
[{{ inputs.uml }}]
[{{ inputs.html }}]
[{{ inputs.lines }}]
[{{ inputs.t }} {{ inputs.f }}]
[{{ true }} {{ none }}]
[{{ inputs.nothing }}]
[{{ inputs.ints }}]
[{{ inputs.floats }}]
[{{ inputs.words }}]
[{{ inputs.mixed }}]
[{{ inputs.none_of }}]
[{{ inputs.grid }}]
[{{ inputs.user }}]
[{{ inputs.ages }}]
[{{ {'a': 'ü "quoted"', 'b': [none, true]} }}]
[{{ [] }} {{ {} }} {{ '' }}]
[{{ 'a' if inputs.f }}]
[{{ inputs.n if inputs.t else '' }}]
[{{ inputs.n > 5 }}]
[{{ 'a\\nb' }}]
[{{ ['a\\nb', 'c"d', 'e\\\\f'] }}]
{{ inputs.n }}{{ inputs.word }}{{ inputs.half }}
{{ inputs.name }} is {{ inputs.n }} years and {{ inputs.half }} old
""")
for source, ours in (
    ("inputs.t|string", "true"),
    ("none|string", ""),
    ("inputs.words|string", '["pear", "Apple", "fig", "apple"]'),
    ("inputs.user.home|string", '{"city": "London"}'),
    ("inputs.bools|join(',')", "true,false"),
    ("[1, none, 'a']|join('-')", "1--a"),
    ("[['a']]|join", '["a"]'),
):
    value(source, differs="json-values", ours=ours)
value("true|upper")
value("inputs.n|string")
value("inputs.half|string")
value("inputs.whole|string")
value("inputs.huge|string")
value("inputs.word|string")
value("inputs.ints|string")
value("1e16|string")

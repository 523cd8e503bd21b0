#!/usr/bin/env python3
"""Writes table.jsonl: what the real Jinja2 makes of the rows in the folder `rows`.

    python3 -m venv venv && venv/bin/pip install -r requirements.txt
    venv/bin/python make_table.py

Run it again and the file is the same, byte for byte; `--check` only tells whether it would be.
"""

import json
import re
import sys
from pathlib import Path

import jinja2

import added
from rows import CONTEXT, all_rows

HERE = Path(__file__).parent
TABLE = HERE / "table.jsonl"
NAME = re.compile(r"\binputs\.([A-Za-z_]\w*)|\binputs\[['\"](\w+)['\"]\]")


def printed(value):
    """How `{{ value }}` prints in a workflow: as JSON, a text as it is, null as nothing."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, jinja2.Undefined):
        return ""
    return json.dumps(plain(value), ensure_ascii=False)


def plain(value):
    """A value as JSON has it: what Python gives out one by one is a list."""
    if value is None or isinstance(value, jinja2.Undefined):
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return [plain(item) for item in value]


def environment():
    """Jinja2 with its defaults, but for how values print and for filters that it does not have."""
    made = jinja2.Environment(finalize=printed)
    made.filters.update(added.FILTERS)
    return made


def outcome(env, row, context):
    """What Jinja2 gives, or how it refuses."""
    variables = {"inputs": context}
    try:
        if row.is_text:
            return {"gives": env.from_string(row.source).render(variables)}
        evaluate = env.compile_expression(row.source)
        return {"gives": plain(evaluate(variables))}
    except Exception as error:  # whatever Python raises is the outcome
        return {"raises": type(error).__name__}


def line(env, row, number):
    """A row of the table."""
    names = {first or second for first, second in NAME.findall(row.source)}
    context = {**CONTEXT, **row.context}
    context = {name: context[name] for name in sorted(names)}
    if row.is_text and re.fullmatch(r"\s*\{\{.*\}\}\s*", row.source, re.DOTALL):
        assert row.source.count("{{") > 1, f"not a text but a value: {row.source}"
    entry = {"id": f"{row.section}-{number:03}"}
    entry["text" if row.is_text else "value"] = row.source
    entry["context"] = context
    if row.types:
        entry["types"] = row.types
    entry["jinja2"] = outcome(env, row, context)
    # A row without a reason agrees with Jinja2, but that a mistake may be found before the run.
    if row.differs is None:
        assert row.ours is None, f"no reason is given: {row.source}"
        assert "raises" in entry["jinja2"] or not (row.typed or row.any), row.source
    for key in ("differs", "ours", "typed", "any"):
        if getattr(row, key) is not None:
            entry[key] = getattr(row, key)
    return json.dumps(entry, ensure_ascii=False)


def table():
    """The whole file."""
    assert jinja2.__version__ == "3.1.6", "install what requirements.txt says"
    env = environment()
    counts, lines = {}, []
    for row in all_rows():
        counts[row.section] = counts.get(row.section, 0) + 1
        lines.append(line(env, row, counts[row.section]))
    return "\n".join(lines) + "\n"


def main():
    text = table()
    if "--check" in sys.argv[1:]:
        if TABLE.read_text(encoding="utf-8") != text:
            sys.exit("table.jsonl is not what make_table.py makes")
        return
    TABLE.write_text(text, encoding="utf-8")
    differing = text.count('"differs"')
    print(f"{text.count(chr(10))} rows, {differing} of them with a difference")


if __name__ == "__main__":
    main()

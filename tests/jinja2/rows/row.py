"""A row, and the words by which the subjects say theirs."""

from dataclasses import dataclass, field
from pathlib import Path
import sys

CONTEXT = {
    "t": True,
    "f": False,
    "zero": 0,
    "n": 7,
    "m": -3,
    "big": 9223372036854775807,
    "half": 0.5,
    "pi": 3.14159,
    "whole": 4.0,
    "minus": -2.5,
    "tiny": 1e-7,
    "huge": 1e22,
    "word": "hello",
    "name": "Ada Lovelace",
    "empty": "",
    "spaced": "  two  words ",
    "lines": "one\ntwo\n\nthree",
    "html": "<b>a & b</b>",
    "uml": "größe ÄÖÜ 中文 😀",
    "digits": "42",
    "csv": "a,b,,c",
    "long": "the quick brown fox jumps over the lazy dog",
    "ints": [3, 1, 2, 3],
    "floats": [1.5, -0.5, 2.0],
    "words": ["pear", "Apple", "fig", "apple"],
    "bools": [True, False],
    "none_of": [],
    "mixed": [1, "a", None, True, 2.5],
    "grid": [[1, 2], [3, 4]],
    "pairs": [["a", 1], ["b", 2]],
    "user": {"name": "Ada", "age": 36, "tags": ["x", "y"], "home": {"city": "London"}},
    "users": [
        {"name": "Ada", "age": 36, "admin": True},
        {"name": "bob", "age": 7, "admin": False},
        {"name": "Cy", "age": 36, "admin": False},
    ],
    "ages": {"b": 2, "A": 1, "c": 3},
    "nothing": None,
}

FAULT = "fault"


@dataclass
class Row:
    section: str
    source: str
    is_text: bool
    context: dict = field(default_factory=dict)
    types: dict = field(default_factory=dict)
    differs: str | None = None
    ours: object = None
    typed: object = None
    any: object = None


_rows = []


def collected():
    return list(_rows)


def _outcome(said):
    """`FAULT`, the code of a diagnostic as `!code`, or a value."""
    if said is None or said == FAULT:
        return said
    if isinstance(said, str) and said.startswith("!"):
        return {"diagnostic": said[1:]}
    return {"gives": None if said is NULL else said}


NULL = object()


def _add(source, is_text, context=None, types=None, differs=None, ours=None, typed=None, any=None):
    section = Path(sys._getframe(2).f_globals["__file__"]).stem.replace("_", "-")
    if any is None and "inputs." not in source:
        any = typed  # of literals as much is known in either case
    outcomes = {"ours": _outcome(ours), "typed": _outcome(typed), "any": _outcome(any)}
    _rows.append(Row(section, source, is_text, context or {}, types or {}, differs, **outcomes))


def value(source, **more):
    """An expression: its value counts."""
    _add(source, False, **more)


def text(source, **more):
    """A text with tags in it: what it prints counts."""
    _add(source, True, **more)


def values(sources, **more):
    """Expressions, one a line."""
    for source in sources.strip().splitlines():
        if source.strip():
            _add(source.strip(), False, **more)


def texts(sources, **more):
    """Texts, one a line."""
    for source in sources.strip().splitlines():
        if source.strip():
            _add(source.strip(), True, **more)

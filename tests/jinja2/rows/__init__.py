"""The rows, by subject: each an expression or a text, and what it reads."""

from importlib import import_module

from .row import CONTEXT, collected

SUBJECTS = (
    "literals",
    "operators",
    "comparisons",
    "access",
    "printing",
    "statements",
    "space",
    "text_filters",
    "list_filters",
    "value_filters",
    "added_filters",
    "tests",
    "methods",
)


def all_rows():
    for subject in SUBJECTS:
        import_module(f".{subject}", __name__)
    return collected()


__all__ = ["CONTEXT", "all_rows"]

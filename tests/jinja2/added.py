"""Filters that workflows have and Jinja2 does not, said in Python: they mean what they mean in
Ansible, whose users know them, or what the manual says."""

import base64
import hashlib
import json
import re
import shlex


def regex_search(value, pattern):
    found = re.search(pattern, value)
    if found is None:
        return []
    return list(found.groups()) or [found.group(0)]


def regex_findall(value, pattern):
    return re.findall(pattern, value)


def regex_replace(value, pattern, replacement):
    return re.sub(pattern, replacement, value)


def to_bool(value):
    if isinstance(value, str):
        return value.lower() in ("yes", "on", "1", "true")
    return bool(value)


def split(value, sep=None, maxsplit=-1):
    return value.split(sep, maxsplit)


FILTERS = {
    "base64_decode": lambda value: base64.b64decode(value, validate=True).decode(),
    "base64_encode": lambda value: base64.b64encode(value.encode()).decode(),
    "bool": to_bool,
    "fromjson": json.loads,
    "hash": lambda value: hashlib.sha256(value.encode()).hexdigest()[:16],
    "parse_json": json.loads,
    "regex_findall": regex_findall,
    "regex_replace": regex_replace,
    "regex_search": regex_search,
    "shellquote": shlex.quote,
    "split": split,
}

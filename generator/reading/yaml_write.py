"""Values written as YAML: bare where they are read back as they are, in quotes elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from generator.values.numerals import digits

_BARE = re.compile(
    r"[\u4e00-\u9fff“《（][\w\u4e00-\u9fff（）“”《》、，。；：！？—…·/.()-]*"
    r"|\d{4}-\d\d?-\d\d?"  # a day
    r"|[A-Z]+-?\d+(?:-\d+)?"  # a rule
)
_BREAKS = re.compile("[\x85\u2028\u2029]")
"""What YAML takes for the end of a line, and JSON does not."""


def scalar(text: str) -> str:
    """Write a text on one line as people would."""
    return text if _BARE.fullmatch(text) else quoted(text)


def quoted(text: str) -> str:
    """Write a text in double quotes: a number of digits stays a text."""
    written = json.dumps(text, ensure_ascii=False)
    return _BREAKS.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def single_quoted(text: str) -> str:
    """Write a text of one line in single quotes, where nothing but these is written otherwise."""
    return "'" + text.replace("'", "''") + "'"


def literal(lines: Iterable[str], margin: str) -> str:
    """Write the lines of a literal block as they follow its ``|``; an empty one has no margin."""
    return "".join(f"\n{margin}{line}" if line else "\n" for line in lines)


def flow(value: Any) -> str:
    """Write nested mappings of YAML values on one line: ``{甲: 2, 乙: 1}``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    return digits(value)


def block(rows: Mapping[str, Any], indent: int) -> list[str]:
    """Write nested mappings of YAML values as lines."""
    lines = []
    for key, value in rows.items():
        if isinstance(value, Mapping):
            lines += [f"{' ' * indent}{key}:", *block(value, indent + 2)]
        else:
            lines.append(f"{' ' * indent}{key}: {value}")
    return lines

"""Measures a part of the report: the notice wants section one short and section five said."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.form.prose_rules import ProseRule
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic, Place

_COUNTED = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|[^\s\w]|[\u4e00-\u9fff]|\w")
"""What counts as one 字, as word processors count: a 汉字, a mark, a whole number or word."""


def characters(text: str) -> int:
    """Count the 字 of a text."""
    return len(_COUNTED.findall(text))


def length_of_part(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """A part is longer than ``most`` or shorter than ``least`` 字, headings and numbering apart."""
    passages = read.passages
    inside = [
        item for item in passages.items if item.path[0] == rule["part"] and not item.is_heading
    ]
    if not inside:
        return
    written = sum(item.end - item.start for item in inside)
    if written <= (rule["most"] or written) and written >= 2 * (rule["least"] or 0):
        return  # cannot be too long, nor too short
    count = sum(characters(item.prose.text) for item in inside)
    part = read.report.form.label((rule["part"],))
    place = Place(read.report.at.file, (rule["part"],), on_key=True)
    if rule["most"] and count > rule["most"]:
        yield rule.finding(place, f"「{part}」有 {count} 字，超过 {rule['most']} 字")
    if rule["least"] and count < rule["least"]:
        yield rule.finding(place, f"「{part}」只有 {count} 字")

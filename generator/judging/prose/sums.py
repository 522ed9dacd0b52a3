"""Adds up the parts that the prose gives of a count (491条，其中…68条…423条)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.form.prose_rules import ProseRule
from generator.judging.prose.numbers import Number, Numbers
from generator.judging.prose.numerals import PERCENT
from generator.values.diagnostics import Diagnostic

_OPENING, _CLOSING = "（(", "）)"
_BREAK = re.compile(r"[。；;\n]")
_FARTHEST = 300
"""Characters between a whole and the word that begins its parts."""


def sums(rule: ProseRule, numbers: Numbers) -> Iterator[Diagnostic]:
    """Judge every count whose parts are listed, after a word for it or right behind a total."""
    judged: set[int] = set()
    for found in rule["marker"].finditer(numbers.text):
        scope = _scope(numbers, found)
        parts = _parts(rule, numbers, found, scope)
        whole = _whole(numbers, found, parts)
        if whole is None:
            continue
        judged.add(whole.count.start)
        finding = _sum(rule, numbers, whole, parts, open_end=_is_open(rule, numbers, parts))
        if finding:
            yield finding
    yield from _lists(rule, numbers, judged)


def _scope(numbers: Numbers, marker: re.Match[str]) -> tuple[int, int, bool]:
    """Return where the parts after a marker may stand, and whether that is within brackets."""
    start, end = numbers.sentence(marker.start())
    start = max(start, marker.start() - _FARTHEST)
    opened = max(numbers.text.rfind(c, start, marker.start()) for c in _OPENING)
    closed = max(numbers.text.rfind(c, start, marker.start()) for c in _CLOSING)
    if opened <= closed:
        return marker.end(), end, False
    closings = [numbers.text.find(c, marker.end(), end) for c in _CLOSING]
    return marker.end(), min([place for place in closings if place >= 0], default=end), True


def _parts(
    rule: ProseRule, numbers: Numbers, marker: re.Match[str], scope: tuple[int, int, bool]
) -> list[Number]:
    """Return the counts listed after a marker: of one unit, up to the next marker."""
    start, end, bracketed = scope
    following = rule["marker"].search(numbers.text, start, end)
    while following and not bracketed and _in_brackets(numbers, following.start(), start):
        following = rule["marker"].search(numbers.text, following.end(), end)
    if following:
        end = following.start()
    found = [
        number
        for number in numbers.between(start, end)
        if not number.is_change
        and number.count.unit != PERCENT
        and (bracketed or not _in_brackets(numbers, number.count.start, start))
    ]
    return [number for number in found if number.count.unit == found[0].count.unit]


def _in_brackets(numbers: Numbers, offset: int, start: int) -> bool:
    text = numbers.text
    opened = max(text.rfind(c, start, offset) for c in _OPENING)
    return opened >= 0 and opened > max(text.rfind(c, start, offset) for c in _CLOSING)


def _whole(numbers: Numbers, marker: re.Match[str], parts: list[Number]) -> Number | None:
    """Return the count that the parts belong to: the last of their unit before the marker.

    It stands in the same sentence, or in the one before when the marker begins its own.
    """
    if not parts:
        return None
    start, _ = numbers.sentence(marker.start())
    if not numbers.text[start : marker.start()].strip():
        if start == 0 or numbers.text[start - 1] == "\n":
            return None
        start, _ = numbers.sentence(start - 1)
    start = max(start, marker.start() - _FARTHEST)
    for number in reversed(numbers.between(start, marker.start())):
        if number.count.unit == parts[0].count.unit and not number.is_change:
            return number
    return None


def _is_open(rule: ProseRule, numbers: Numbers, parts: list[Number]) -> bool:
    """Whether the list itself says that it is not complete (等)."""
    return bool(rule["open_end"] and rule["open_end"].match(numbers.text, parts[-1].count.end))


def _sum(
    rule: ProseRule, numbers: Numbers, whole: Number, parts: list[Number], *, open_end: bool
) -> Diagnostic | None:
    """Compare a count with its parts; a list that stays far below the whole is no full list."""
    if not whole.count.is_exact or not all(part.count.is_exact for part in parts):
        return None
    total = whole.count.value
    runs = [parts[: n + 1] for n in range(len(parts))]
    first_of_each = _first_of_segments(numbers, parts)
    for run in (first_of_each, *runs):
        if len(run) > 1 and _added(run) == total:
            for number in (whole, *run):
                number.accounted = True
            return None
    if whole.computed and all(part.computed for part in parts):
        return None
    first = parts[0]
    if first.count.value > total:
        return _sum_finding(rule, numbers, whole, [first])
    nearest = min(
        (run for run in (first_of_each, *runs) if len(run) > 1),
        key=lambda run: abs(_added(run) - total),
        default=[],
    )
    if not nearest or total == 0 or abs(1 - _added(nearest) / total) > 1 - Decimal(rule["near"]):
        return None
    if open_end and _added(nearest) < total:
        return None
    return _sum_finding(rule, numbers, whole, nearest)


def _added(numbers: list[Number]) -> Decimal:
    return sum((number.count.value for number in numbers), Decimal(0))


def _first_of_segments(numbers: Numbers, parts: list[Number]) -> list[Number]:
    """Return the first count of every stretch between semicolons."""
    found: list[Number] = []
    for number in parts:
        before = found[-1].count.end if found else 0
        if not found or any(c in numbers.text[before : number.count.start] for c in "；;"):
            found.append(number)
    return found


def _lists(rule: ProseRule, numbers: Numbers, judged: set[int]) -> Iterator[Diagnostic]:
    """Judge 「全年发布68条，甲26条，乙8条，丙30条」: a stated total with three parts or more."""
    for segment in _segments(numbers):
        whole, *parts = segment
        if (
            len(parts) < 3
            or whole.count.start in judged
            or any(number.computed or number.figure or number.is_change for number in segment)
            or any(number.count.unit != whole.count.unit for number in parts)
            or not rule["whole"].search(numbers.text, whole.lead_start, whole.count.start)
            or any(
                rule["whole"].search(numbers.text, part.lead_start, part.count.start)
                for part in parts
            )
        ):
            continue
        finding = _sum(rule, numbers, whole, parts, open_end=_is_open(rule, numbers, parts))
        if finding:
            yield finding


def _segments(numbers: Numbers) -> Iterator[list[Number]]:
    """Yield the counts between one full stop, semicolon or marker of a list and the next."""
    segment: list[Number] = []
    for number in numbers.all:
        if segment and _BREAK.search(numbers.text, segment[-1].count.end, number.count.start):
            yield segment
            segment = []
        segment.append(number)
    if segment:
        yield segment


def _sum_finding(
    rule: ProseRule, numbers: Numbers, whole: Number, parts: list[Number]
) -> Diagnostic:
    terms = " + ".join(numbers.text[n.count.start : n.count.number_end] for n in parts)
    total, added = whole.count.value, _added(parts)
    result = f"{terms} = {added:f}" if len(parts) > 1 else terms
    return rule.finding(
        numbers.place(whole),
        f"总数写的是 {numbers.written(whole)}，所列各项 {result}，相差 {abs(total - added):f}",
        related=tuple(numbers.related(number) for number in (whole, *parts)),
    )

"""Finds what pasting and cutting leaves behind: items listed twice, numbering that skips."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.form.prose_rules import ProseRule
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic
from generator.values.numerals import number_of

_SEGMENT = re.compile(r"[^，,。；;：:！!？?（）()\n]+")
_SHORTEST_LIST = 3
_OPENING = re.compile(r"[，。；：:\n\u3000 ](?=[一二三四五六七八九十（第\d首其再最①-⑳])")
_CIRCLED = "①"
_ITEM = re.compile(r"[\u4e00-\u9fff]{2,12}")


def lists(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """The same item twice in one list of 、; its first and last may hold words of the sentence."""
    text = read.mentions.text
    for segment in _SEGMENT.finditer(text):
        if segment[0].count("、") < _SHORTEST_LIST - 1:
            continue
        found = _repeated(segment[0].split("、"), rule["ends"])
        if found:
            start = segment.start() + segment[0].rindex(found)
            at = read.passages.place(start, start + len(found))
            yield rule.finding(at, f"同一项列了两次：「{found}」")


def _repeated(items: list[str], ends: re.Pattern[str]) -> str:
    """Return the first item that stands twice in a list, empty if none does."""
    *inner, last = (item.strip() for item in items)
    seen: set[str] = set()
    for place, item in enumerate((*inner, last, ends.split(last, maxsplit=1)[0])):
        if _ITEM.fullmatch(item) and (item in seen or (place and inner[0].endswith(item))):
            return item
        if place < len(inner):
            seen.add(item)
    return ""


def numbering(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Numbers within a text that repeat or skip: 一是…三是, 首先…其次…其次."""
    text = read.mentions.text
    for item in read.passages.items:
        if item.is_heading:
            continue
        last: dict[re.Pattern[str], tuple[int, str]] = {}
        found = (match.end() for match in _OPENING.finditer(text, item.start, item.end))
        for at in (item.start, *found):
            for pattern in (*rule["series"], *rule["orders"]):
                match = pattern.match(text, at, item.end)
                if not match:
                    continue
                number = _number(match)
                if fault := _fault(number, match[0], last.get(pattern)):
                    yield rule.finding(read.passages.place(at, match.end()), fault)
                last[pattern] = number, match[0]
                break


def _number(match: re.Match[str]) -> int:
    """Return the number of an item, 0 where it is told by a word alone (其次)."""
    written = match.groupdict().get("number")
    if written and _CIRCLED <= written <= chr(ord(_CIRCLED) + 19):
        return ord(written) - ord(_CIRCLED) + 1
    return int(number_of(written) or 0) if written else 0


def _fault(number: int, written: str, before: tuple[int, str] | None) -> str:
    if before is None:
        return ""
    if number == 0:
        return f"「{written}」连着用了两次" if written == before[1] else ""
    if number == before[0] == 1:
        return "序号重复：前面也是第 1"
    if number not in (1, before[0] + 1):
        return f"序号接不上：前面是第 {before[0]}，这里是第 {number}"
    return ""

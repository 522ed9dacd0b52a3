"""Finds years in the prose that stand where the reporting year belongs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.form.prose_rules import ProseRule
from generator.judging.prose.understanding import Understanding
from generator.values import keys
from generator.values.diagnostics import Diagnostic

# It begins with one set of characters: such a search is fast.
_YEAR = re.compile(
    r"([0-9０-９二](?<![\d〔\[（(].)(?:(?<=\d)\d{3}|(?<=二)[〇○零][〇○零一二三四五六七八九]{2}))"
    r"[ \u3000]?年"
)
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def years(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """The title must name the reporting year; another year may not stand in its place."""
    passages, year = read.passages, read.report.year
    title = next((item for item in passages.items if item.path == (keys.TITLE,)), None)
    if title and not any(_year(found) == year for found in _YEAR.finditer(title.prose.text)):
        place = passages.place(title.start, title.start + len(title.prose.text.strip()))
        hint = f"在标题里写上「{{{{ {keys.YEAR} }}}}年」，或删去「{keys.TITLE}」，由程序按格式拟定"
        yield rule.finding(place, f"标题里没有报告年度 {year}", hint)
    if title and rule["wording"] and rule["wording"] not in "".join(title.prose.text.split()):
        place = passages.place(title.start, title.start + len(title.prose.text.strip()))
        yield rule.finding(place, f"标题里没有「{rule['wording']}」")
    for found in _YEAR.finditer(passages.masked):
        other = _year(found)
        item = passages.at(found.start())
        if other == year or item is title or passages.is_computed(found.start(), found.end(1)):
            continue
        if _stands_for_the_year(rule, read, found, other):
            place = passages.place(found.start(), found.end())
            message = f"「{found[0]}」不是报告年度 {year}"
            previous = f"；确指上年写 {{{{ {keys.PREVIOUS_YEAR} }}}}" if other == year - 1 else ""
            yield rule.finding(place, message, f"改用 {{{{ {keys.YEAR} }}}}{previous}")


def _year(found: re.Match[str]) -> int:
    return int(found[1].translate(_DIGITS))


def _stands_for_the_year(
    rule: ProseRule, read: Understanding, found: re.Match[str], year: int
) -> bool:
    """Whether a year is used as the reporting year, and not as a date, a comparison or a plan."""
    text, start, after = read.mentions.text, found.start(), found.end()
    if rule["period_of_report"].match(text, after):
        return not rule["plans"].search(text, *read.mentions.sentence(start))
    if not rule["period"].match(text, after) and not _begins_clause(text, start):
        return False
    if rule["other_use"].match(text, after) or rule["comparing"].search(text, 0, start):
        return False
    first, last = read.mentions.sentence(start)
    named = {_year(other) for other in _YEAR.finditer(text, first, last)}
    if read.report.year in named:
        return False
    return year < read.report.year or not rule["plans"].search(text, first, last)


def _begins_clause(text: str, start: int) -> bool:
    before = text[:start].rstrip(" \u3000")
    return not before or before[-1] in "，,。；;：:\n！？"

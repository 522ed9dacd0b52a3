"""Finds an office that speaks of itself as another kind of office does: 我局 in a town's report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from generator.form.prose_rules import ProseRule
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic


def speakers(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Point at the first place of every word for itself that cannot be the office's own."""
    office = read.report.office
    told: set[str] = set()
    for found in rule["self"].finditer(read.passages.masked):
        own = found["own"]
        if own in told or not _is_strange(own, office.name, office.short_name, rule):
            continue
        told.add(own)
        place = read.passages.place(found.start(), found.end())
        yield rule.finding(place, f"「{found[0]}」不是{office.name}的自称")


def _is_strange(own: str, name: str, short_name: str, rule: ProseRule) -> bool:
    """Whether an office cannot call itself so.

    A place may be the one that an office lies in, and is strange only where its name tells of
    another of this rank (我县 in a district's town), or where it lies below the office.
    """
    if own in name or own in short_name:
        return False
    if any(each["own"] == own and each["words"].search(name) for each in rule["called"] or ()):
        return False
    ranks: Sequence[re.Pattern[str]] = rule["places"]
    rank = next((at for at, words in enumerate(ranks) if words.fullmatch(own)), None)
    if rank is None:
        return True
    told = [at for at, words in enumerate(ranks) if words.search(name)]
    return bool(told) and (rank in told or rank > max(told))

"""Findings in brief: how many of each kind in each file, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from generator.findings.printing import NAMES
from generator.form.catalogue import Catalogue
from generator.form.form import Forms
from generator.values.diagnostics import Diagnostic

UNFILLED: Final = "S-8"
"""The code of what is still to be filled in: a blank form has two hundred of these."""


def part_names(forms: Forms) -> dict[str, str]:
    """Return, for the key of each part that is a table, what the table is called."""
    return {
        key: table.id
        for form in map(forms.load, forms.first_years)
        for key, table in form.table_by_key.items()
    }


def unfilled(findings: Sequence[Diagnostic], names: Mapping[str, str]) -> str:
    """Say of one file's places that are to be filled in how many are where, and which is next."""
    parts = [str(finding.place.path[0]) if finding.place.path else "" for finding in findings]
    counts = Counter(names.get(part, part) for part in parts)
    where = "、".join(f"{part} {count}" for part, count in counts.items())
    first = min(finding.position.line for finding in findings)
    return f"还有 {len(findings)} 处待填：{where}；下一处第 {first} 行"


def brief(
    findings: Iterable[Diagnostic], known: Catalogue, names: Mapping[str, str]
) -> Iterator[str]:
    """Yield for each file its counts, what is to be filled in, and the first error to mend.

    ``findings`` stand in the order of their files and lines.
    """
    open_ones = (finding for finding in findings if not finding.accepted)
    for file, group in groupby(open_ones, key=lambda finding: finding.place.file):
        found = list(group)
        levels = Counter(finding.severity for finding in found)
        counted = [f"{levels[level]} 个{name}" for level, name in NAMES.items() if levels[level]]
        yield f"{file}：{'，'.join(counted)}"
        if blanks := [finding for finding in found if finding.code == UNFILLED]:
            yield f"  {unfilled(blanks, names)}"
        others = [finding for finding in found if finding.code != UNFILLED]
        for code, count in Counter(finding.code for finding in others).items():
            yield f"  {code} {known.entries[code][0].title}：{count} 处"
        if first := next((finding for finding in others if finding.blocks), None):
            yield f"  先改第 {first.position.line} 行：{first.message}"

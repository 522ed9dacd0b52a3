"""The page that lists all reports of an output folder, with what is missing shown as missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from generator.setting.write_html import LANGUAGE, template

GENERATOR = "nianbao build"
"""By this the page is known as ours: one that somebody else has put there is not replaced."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One office in one year; ``links`` by format, none where there is no report."""

    name: str
    kind: str
    year: int
    links: Mapping[str, str] = field(default_factory=dict)


def write_index(entries: Iterable[Entry], formats: Collection[str]) -> bytes:
    """Return the page: newest year first, offices in the order in which they come."""
    years: dict[int, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: -entry.year):
        years.setdefault(entry.year, []).append(entry)
    page = template("index.html").render(
        language=LANGUAGE, generator=GENERATOR, years=years, formats=formats
    )
    return page.encode()

"""The one place where the order of a report exists: form + report → document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from generator.form.form import Section
from generator.report.narrative import Prose, title_of
from generator.report.report import Report
from generator.values import keys
from generator.values.dates import day_of, printed_day
from generator.values.diagnostics import KeyPath
from generator.values.document import (
    Document,
    Heading,
    Item,
    Origin,
    Paragraph,
    SignOff,
    Style,
    Table,
)
from generator.values.numerals import numbered
from generator.values.width import columns

DRAFT_MARK = "草稿"
MOST_NAMED = 3
"""Members that the mark of a draft names: it has one line on every page."""


def draft_mark(lacking: Sequence[str] = ()) -> str:
    """Return the mark of a draft; that of a roll-up says which members it lacks."""
    if not lacking:
        return DRAFT_MARK
    named = "、".join(lacking[:MOST_NAMED])
    more = f"等 {len(lacking)} 个单位" if len(lacking) > MOST_NAMED else ""
    return f"{DRAFT_MARK}（缺{named}{more}的定稿）"


def compose(report: Report, rendered: Mapping[KeyPath, Prose], *, draft: str = "") -> Document:
    """Return the document of ``report``, its texts already rendered by ``narrative.narrate``.

    ``draft`` is the mark to print on every page, empty for a report fit to publish.
    """
    title = title_of(report, rendered)
    return Document(
        title=broken_title(title, report.office.name, report.form.title_words, report.form.style),
        office=report.office.name,
        year=report.year,
        items=tuple(_Composer(report, rendered).items()),
        style=report.form.style,
        site=_site(report),
        sign_off=_sign_off(report.data.get(keys.SIGN_OFF)),
        draft=draft,
    )


class _Composer:
    """Walks a report in the order of its form."""

    def __init__(self, report: Report, rendered: Mapping[KeyPath, Prose]) -> None:
        self.report = report
        self.rendered = rendered

    def items(self) -> Iterator[Item]:
        for count, text in enumerate(self.lines((keys.LEAD,))):
            yield Paragraph(text, origin=Origin((keys.LEAD,), count))
        for count, section in enumerate(self.report.form.sections, start=1):
            at = Origin((section.key,))
            yield Heading(1, self.number(1, count), section.heading, at)
            if section.table:
                yield self.table(section)
            else:
                yield from self.text((section.key,), self.report.data.get(section.key), 2)

    def table(self, section: Section) -> Table:
        table = self.report.form.tables[section.table or ""]
        figures = self.report.figures
        values = figures.printed(table.grid.figures)
        return Table(table.grid, values, f"{table.id} {table.title}", table.description)

    def text(
        self, path: KeyPath, value: Any, level: int, lead: Paragraph | None = None
    ) -> Iterator[Item]:
        """Yield a text's paragraphs and, below ``level``, its items.

        ``lead`` is a run-in heading that waits for the first paragraph to stand before.
        """
        summary = (*path, keys.SUMMARY) if isinstance(value, dict) else path
        for count, line in enumerate(self.lines(summary, value)):
            at = Origin(summary, count)
            if lead:
                yield Paragraph(line, lead.lead, lead.level, origin=at)
                lead = None
            else:
                yield Paragraph(line, origin=at)
        if lead:
            yield lead
        if isinstance(value, dict):
            for index, item in enumerate(_items(value)):
                yield from self.item((*path, keys.ITEMS, index), item, level, index + 1)

    def item(self, path: KeyPath, item: Any, level: int, count: int) -> Iterator[Item]:
        titled = Origin((*path, keys.HEADING))
        heading = " ".join(self.lines(titled.path))
        number = self.number(level, count)
        body = ((*path, keys.BODY), item.get(keys.BODY), level + 1)
        if heading.endswith("。"):
            lead = Paragraph("", number + heading, level, origin=titled)
            yield from self.text(*body, lead=lead)
        else:
            yield Heading(level, number, heading, titled)
            yield from self.text(*body)

    def lines(self, path: KeyPath, value: Any = None) -> Iterator[str]:
        """Yield the paragraphs of the text at ``path``: its lines, empty ones ignored."""
        prose = self.rendered.get(path)
        if prose is None:
            if value == keys.UNFILLED:
                yield keys.UNFILLED
            return
        for line in prose.text.split("\n"):
            if line.strip():
                yield line.strip()

    def number(self, level: int, count: int) -> str:
        return numbered(self.report.form.numbering[level - 1], count)


def _site(report: Report) -> tuple[tuple[str, str], ...]:
    """Return what the office says of its website; tags of the site's own come last."""
    data = report.office.source.data
    site = data.get(keys.SITE) if isinstance(data, dict) else None
    if not isinstance(site, dict):
        return ()
    known = {key: value for key, value in site.items() if key != keys.SITE_TAGS}
    return tuple((key, str(value)) for key, value in (known | site.get(keys.SITE_TAGS, {})).items())


def _sign_off(signed: Any) -> SignOff:
    if not isinstance(signed, dict):
        return SignOff()
    office, date = signed.get(keys.SIGN_OFF_OFFICE), signed.get(keys.SIGN_OFF_DATE)
    day = str(date) if date else ""
    return SignOff(str(office or ""), printed_day(day), str(day_of(day) or ""))


def _items(value: Mapping[str, Any]) -> list[Any]:
    items = value.get(keys.ITEMS)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def broken_title(title: str, office: str, words: tuple[str, ...], style: Style) -> tuple[str, ...]:
    """Break a title into as few lines as fit, whole words each (GB/T 9704—2012, 7.3.4).

    The best place is behind the office's name, then behind the words the form lists, in their
    order; among equals the lines are to be of similar length.
    """
    longest = int(style.room // style.fonts["title"].size) * 2
    places: dict[int, int] = {}
    for cost, word in enumerate((office, *words)):
        at = title.find(word)
        while at >= 0:
            if 0 < (end := at + len(word)) < len(title):
                places.setdefault(end, cost)
            at = title.find(word, at + 1)
    for breaks in range(4):
        best: tuple[int, int, tuple[str, ...]] | None = None
        for chosen in combinations(sorted(places), breaks):
            edges = (0, *chosen, len(title))
            lines = tuple(title[a:b].strip() for a, b in pairwise(edges))
            widths = [columns(line) for line in lines]
            if max(widths) <= longest:
                candidate = (sum(places[c] for c in chosen), max(widths) - min(widths), lines)
                best = min(best, candidate) if best else candidate
        if best:
            return best[2]
    return (title,)

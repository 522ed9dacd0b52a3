"""Compares a published file with the report: V-1 to V-4, each with both places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from generator.form.form import Section
from generator.form.known import KnownFindings
from generator.form.tables import TableForm
from generator.old_report.blocks import Line
from generator.report.narrative import title_of
from generator.report.prose import Prose
from generator.report.report import Report
from generator.setting.compose import compose
from generator.values import keys
from generator.values.dates import printed_day
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Related
from generator.values.document import Heading, Paragraph, Table
from generator.values.grid import FigurePath
from generator.verifying.published import Published
from generator.verifying.sentences import Unit, differences, plain, units

FIGURE, MISSING, NOT_OURS, PART = "V-1", "V-2", "V-3", "V-4"
_SHOWN = 80
"""Characters of a sentence that a message shows."""


@dataclass(frozen=True)
class Ours:
    """The report that a page was made from, its prose rendered."""

    report: Report
    prose: Mapping[KeyPath, Prose]


def verify(ours: Ours, published: Published, file: Path, known: KnownFindings) -> list[Diagnostic]:
    """Return everything in which a published file differs from the report, in its order."""
    return list(_Verifier(ours, published, file, known).findings())


class _Verifier:
    """One comparison; ``file`` is the published one."""

    def __init__(self, ours: Ours, published: Published, file: Path, known: KnownFindings) -> None:
        self.report = ours.report
        self.prose = ours.prose
        self.published = published
        self.file = file
        self.known = known
        self.lead, self.parts = _texts_of(ours)

    def findings(self) -> Iterator[Diagnostic]:
        form, theirs = self.report.form, self.published.form
        if theirs.id != form.id:
            message = f"网页用的是 {theirs.id} 年格式，年报是 {form.id} 年格式"
            yield self.finding(PART, self.place((keys.FORM,)), message)
            return
        yield from self.title()
        yield from self.text((keys.LEAD,), self.lead, self.published.lead)
        for section in form.sections:
            yield from self.section(section)
        yield from self.strange()
        yield from self.sign_off()

    def title(self) -> Iterator[Diagnostic]:
        ours = title_of(self.report, self.prose)
        if not self.published.title:
            yield self.finding(PART, self.place((keys.TITLE,)), f"网页上没有标题「{ours}」")
        elif plain(ours) != plain(self.published.title):
            yield self.finding(
                PART, self.place((keys.TITLE,)), "标题不同", ours, self.published.title
            )

    # Parts

    def section(self, section: Section) -> Iterator[Diagnostic]:
        heading = self.published.headings.get(section.key)
        place = self.place((section.key,))
        table = self.report.form.tables[section.table] if section.table else None
        found = self.published.figures
        has_figures = table is not None and any(path in found for path in table.grid.figures)
        if heading is None and not has_figures:
            yield self.finding(PART, place, f"网页上没有「{section.heading}」这一部分")
            return
        if heading is None:
            yield self.finding(PART, place, f"网页上没有「{section.heading}」这个标题")
        elif (said := units([(heading.text, heading.origin)])) and not _begins(said, section):
            yield self.finding(
                PART, place, "这一部分的标题不同", section.heading, heading.text, heading.origin
            )
        if table and not has_figures:
            yield self.finding(PART, place, f"网页上没有{table.id}")
        elif table:
            yield from self.misplaced(table)
            yield from self.table(table)
        else:
            theirs = self.published.parts.get(section.key, ())
            yield from self.text((section.key,), self.parts.get(section.key, []), theirs)

    def table(self, table: TableForm) -> Iterator[Diagnostic]:
        yield from self.labels(table)
        found = self.published.figures
        labels = table.grid.labels
        for _, row in groupby(table.grid.figures, key=lambda path: (labels[path].row, path[:-1])):
            paths = list(row)
            if len(paths) > 1 and not any(path in found for path in paths):
                name = " ".join((table.id, *(labels[paths[0]].row or labels[paths[0]].column[:-1])))
                yield self.finding(FIGURE, self.place(paths[0][:-1]), f"网页上没有「{name}」这一行")
            else:
                yield from filter(None, (self.figure(table, path) for path in paths))

    def misplaced(self, table: TableForm) -> Iterator[Diagnostic]:
        """Yield a table that stands below the heading of another part, where its own is there."""
        published = self.published
        other = published.headings.get(published.elsewhere.get(table.key, ""))
        if other is not None and table.key in published.headings:
            message = f"网页上{table.id}在「{other.text}」这个标题下面"
            yield self.finding(
                PART, self.place((table.key,)), message, "", other.text, other.origin
            )

    def labels(self, table: TableForm) -> Iterator[Diagnostic]:
        """Yield the labels that are not the form's: a figure under another name is another."""
        place = self.place((table.key,))
        for each in self.published.labels:
            if each.table != table.id:
                continue
            ours, theirs = ("".join(text.split()) or "空白" for text in (each.ours, each.theirs))
            message = f"{table.id}的行名、栏名「{ours}」网页上是「{_short(theirs)}」"
            if each.origin:
                yield self.finding(PART, place, message, ours, theirs, each.origin)
            else:
                message = f"网页上的{table.id}里没有「{ours}」这个行名、栏名"
                yield self.finding(PART, place, message, ours)

    def figure(self, table: TableForm, path: FigurePath) -> Diagnostic | None:
        ours, cell = self.report.figures.get(path), self.published.figures.get(path)
        (printed,) = self.report.figures.printed([path])
        name = f"「{table.label(path)}」"
        if cell is None:
            return self.finding(FIGURE, self.place(path), f"网页上没有{name}这个数", printed)
        if cell.value is not None and cell.value == ours:
            return None
        shown = (cell.text.strip() or "空白") if cell.value is None else str(cell.value)
        message = f"{name}年报是 {printed}，网页上是 {shown}"
        if shown == printed:
            message = f"{name}网页上也写着 {printed}，但行名与表式不同，不能确定是这个数"
        return self.finding(FIGURE, self.place(path), message, printed, shown, cell.origin)

    # Prose

    def text(self, path: KeyPath, ours: list[Unit], theirs: Iterable[Line]) -> Iterator[Diagnostic]:
        """Compare a part's sentences and headings."""
        told = units((line.text, line.origin) for line in theirs)
        for mine, other in differences(ours, told):
            if mine is not None:
                place = self.place_of(mine, path)
                message = f"网页上没有这句话：「{_short(mine.text)}」"
                if other is not None:
                    message = f"网页上这句话不同：「{_short(mine.text)}」"
                    yield self.finding(MISSING, place, message, mine.text, other.text, other.origin)
                else:
                    yield self.finding(MISSING, place, message, mine.text)
            elif other is not None:
                yield self.not_ours(path, other.text, other.origin)

    def not_ours(self, path: KeyPath, text: str, origin: str) -> Diagnostic:
        message = f"年报里没有网页上的这句话：「{_short(text)}」"
        return self.finding(NOT_OURS, self.place(path), message, "", text, origin)

    def strange(self) -> Iterator[Diagnostic]:
        for each in self.published.strange:
            text = each.text if isinstance(each, Line) else each.message
            yield self.not_ours((), text, each.origin)

    def sign_off(self) -> Iterator[Diagnostic]:
        signed = self.report.data.get(keys.SIGN_OFF)
        mine = signed if isinstance(signed, dict) else {}
        for key, said in zip(
            (keys.SIGN_OFF_OFFICE, keys.SIGN_OFF_DATE), self.published.signed, strict=True
        ):
            ours, path = str(mine.get(key) or ""), (keys.SIGN_OFF, key)
            if plain(ours) == plain(said):
                continue
            ours, shown = printed_day(ours), printed_day(said)
            if not ours:
                yield self.not_ours((keys.SIGN_OFF,), shown, "末尾")
            elif not said:
                yield self.finding(MISSING, self.place(path), f"网页上没有落款「{ours}」", ours)
            else:
                yield self.finding(MISSING, self.place(path), "落款不同", ours, shown, "末尾")

    # Findings

    def finding(
        self, code: str, place: Place, message: str, ours: str = "", theirs: str = "", at: str = ""
    ) -> Diagnostic:
        found = self.known.finding(code, place, message)
        where = f"（{at}）" if at else ""
        detail = tuple(
            f"{side}{text}"
            for side, text in (("年报：", ours), (f"网页{where}：", theirs))
            if text and theirs
        )
        related = (Related(Place(self.file), at or "网页", theirs),) if theirs else ()
        return replace(found, detail=detail, related=related)

    def place(self, path: KeyPath) -> Place:
        return self.report.source.at(path)

    def place_of(self, unit: Unit, below: KeyPath) -> Place:
        """Return where a sentence of ours was typed: its line in the text that holds it."""
        for path, prose in self.prose.items():
            if path[: len(below)] != below:
                continue
            at = prose.text.find(unit.text)
            if at >= 0:
                place = Place(self.report.source.file, path, offset=prose.origin(at))
                return replace(place, position=self.report.source.locate(place))
        return self.place(below)


def _begins(said: list[Unit], section: Section) -> bool:
    """Whether a heading is the form's, or is followed in its line by what the part says."""
    return "".join(unit.plain for unit in said).startswith(plain(section.heading))


def _texts_of(ours: Ours) -> tuple[list[Unit], dict[str, list[Unit]]]:
    """Return the lead's units, and those of every part that is prose."""
    document = compose(ours.report, ours.prose)
    sections = iter(ours.report.form.sections)
    lines: list[tuple[str, str]] = []
    lead = lines
    parts: dict[str, list[tuple[str, str]]] = {}
    for item in document.items:
        if isinstance(item, Heading) and item.level == 1:
            lines = parts.setdefault(next(sections).key, [])
        elif isinstance(item, Heading):
            lines.append((item.number + item.text, ""))
        elif isinstance(item, Paragraph):
            lines.append((item.lead + item.text, ""))
        else:
            assert isinstance(item, Table)
    return units(lead), {key: units(part) for key, part in parts.items()}


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"

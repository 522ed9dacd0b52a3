"""A summary read back: every row of it is a member's report, its tables without the prose.

So a county whose offices report by spreadsheet begins with what it has: one row an office and
year, a column a figure, named as ``summary`` names them. Rows are read as any old report is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from generator.county.summary import HEAD, TOTAL, figure_name
from generator.form.form import Form, Forms
from generator.form.spellings import Spellings, read_spellings
from generator.old_report import original
from generator.old_report.blocks import Kind, Note, Refused
from generator.old_report.emit import OfficeFile, emit
from generator.old_report.imported import Imported, Wishes
from generator.old_report.match import Found
from generator.old_report.reading import read_figure
from generator.old_report.settle import settle
from generator.system.spreadsheets import Sheet, address, filled_rows
from generator.values import keys
from generator.values.grid import FigurePath

OFFICE, NAME, KIND, _STATE, YEAR = HEAD
_NOT_IN_FOLDER = re.compile(r"[^\w\u4e00-\u9fff（）()-]")
_AGAIN = "用 nianbao summary 写出一份，照它的表头改"


class SummaryRows:
    """The rows of a summary's wide sheet that are reports."""

    def __init__(self, file: Path, sheet: Sheet, forms: Forms) -> None:
        """Take a sheet whose first row has the heads of a summary."""
        self.file = file
        self.sheet = sheet
        self.forms = forms
        self.places = {head: place for place, head in reversed(list(enumerate(_heads(sheet))))}
        self._spellings: dict[int, Spellings] = {}

    def __iter__(self) -> Iterator[SummaryRow]:
        """Yield the rows that name an office; sums are none of them."""
        seen: dict[tuple[str, str], int] = {}
        for number, _ in filled_rows(self.sheet):
            row = SummaryRow(self, number)
            if number and row.text(OFFICE) != TOTAL and (row.text(OFFICE) or row.text(NAME)):
                key = (row.folder, row.text(YEAR))
                row.twin = seen.get(key)
                seen.setdefault(key, number)
                yield row

    def spellings(self, form: Form) -> Spellings:
        """Return how figures of a form are written."""
        return self._spellings.setdefault(form.id, read_spellings(form))

    @cached_property
    def known(self) -> frozenset[str]:
        """The names of the figures of all forms."""
        forms = map(self.forms.load, self.forms.first_years)
        return frozenset(figure_name(form, path) for form in forms for path in form.figures)


@dataclass
class SummaryRow:
    """One row: a member's report of a year."""

    all: SummaryRows
    number: int
    twin: int | None = None
    """An earlier row of the same office and year."""

    @property
    def label(self) -> str:
        """What the row is called, as a spreadsheet counts it."""
        return f"第 {self.number + 1} 行"

    def text(self, head: str) -> str:
        """Return what stands in the row under a head; nothing where there is no such head."""
        place = self.all.places.get(head)
        return "" if place is None else self.all.sheet.text(self.number, place).strip()

    def read(self, wishes: Wishes) -> Imported:
        """Return the row as a report.

        Raises:
            Refused: it names no year of a form, says no figure, or an earlier row is the same.
        """
        form, year = self._form_and_year()
        if self.twin is not None:
            raise Refused(
                f"{self.label}与第 {self.twin + 1} 行是同一个机关、同一个年度", "只留对的那一行"
            )
        notes = list(self._without_place(form))
        found = dict(self._figures(form, notes))
        if not any(cell.text for cell in found.values()):
            raise Refused(f"{self.label}一个数也没有，没有写", "等这个机关报送后再导入")
        settled = settle(form, found, blank_is_zero=wishes.blank_is_zero)
        missing = [section.heading for section in form.sections if not section.table]
        remark = f"由 nianbao import 读自 {self.all.file.name} {self.label}，文字部分还没有"
        text = emit(
            OfficeFile(form, year, "", (), {}, settled.values, "", "", remarks={"": [remark]})
        )
        return Imported(
            source=self.all.file,
            form=form,
            year=year,
            office=wishes.name or self.text(NAME),
            text=text,
            settled=settled,
            found=found,
            notes=[*notes, *settled.notes],
            missing_texts=missing,
            kind=kind if (kind := self.text(KIND)) in self.all.forms.offices.kinds else "",
            folder=self.folder,
        )

    def _form_and_year(self) -> tuple[Form, int]:
        written = self.text(YEAR)
        year = int(written) if re.fullmatch(r"[12][0-9]{3}", written) else 0
        form = self.all.forms.for_year(year) if year else None
        if form is None:
            raise Refused(f"{self.label}的「{YEAR}」是「{written}」，不是有表式的年度", _AGAIN)
        return self.all.forms.load(form), year

    @property
    def folder(self) -> str:
        """The office's path, or a folder by its name; nothing in it leads elsewhere."""
        steps = (self.text(OFFICE) or self.text(NAME)).replace("\\", "/").split("/")
        plain = [_NOT_IN_FOLDER.sub("", step) for step in steps]
        return "/".join(step for step in plain if step)

    def _figures(self, form: Form, notes: list[Note]) -> Iterator[tuple[FigurePath, Found]]:
        spellings = self.all.spellings(form)
        for path in form.figures:
            head = figure_name(form, path)
            if (place := self.all.places.get(head)) is None:
                continue
            where = address(self.all.sheet.name, self.number, place)
            text = self.text(head)
            reading = read_figure(text, spellings, spellings.money.get(path, ""))
            if reading is None:
                message = f"「{form.label(path)}」的格里是「{text[:40]}」，不是数，写成待填"
                notes.append(Note(Kind.CELL, message, where))
                yield path, Found(None, text, where, unusable=True)
                continue
            if reading.note:
                notes.append(Note(Kind.CONVERTED, f"{form.label(path)}：{reading.note}", where))
            yield path, Found(reading.value, text, where, unusable=text == keys.UNFILLED)

    def _without_place(self, form: Form) -> Iterator[Note]:
        """Yield a note for every figure of the row that the form of its year does not have."""
        mine = {figure_name(form, path) for path in form.figures}
        for head, place in self.all.places.items():
            text = self.text(head)
            if head and head not in mine and head not in HEAD and text not in ("", "0"):
                message = f"{self.label}「{head}」写的是「{text[:40]}」，{form.id} 年格式没有这个数"
                yield Note(Kind.UNPLACED, message, address(self.all.sheet.name, self.number, place))


def summary_rows(file: Path, forms: Forms) -> SummaryRows | None:
    """Return the rows of a summary; ``None`` where a file is none, or cannot be read at all."""
    try:
        content = original.content_of(file)
        book = original.book_of(content)
    except Refused:
        return None  # whoever reads old reports says why
    sheets = book.sheets if book else _of_csv(content)
    for sheet in sheets:
        if {NAME, YEAR} <= set(_heads(sheet)):
            rows = SummaryRows(file, sheet, forms)
            if rows.known.intersection(rows.places):
                return rows
    return None


def _of_csv(content: bytes) -> list[Sheet]:
    try:
        lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return []
    width = max(map(len, lines), default=0)
    return [Sheet(TOTAL, [[*line, *[""] * (width - len(line))] for line in lines])]


def _heads(sheet: Sheet) -> list[str]:
    return (
        [sheet.text(0, column).strip() for column in range(len(sheet.rows[0]))]
        if sheet.rows
        else []
    )

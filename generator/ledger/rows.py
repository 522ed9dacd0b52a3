"""A ledger, CSV or workbook → its cases: only the columns that the form asks for are kept.

Names, addresses, what was asked for: whatever else a ledger holds is dropped when a row is read and
can turn up in nothing that is printed or written.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from generator.form.ledger import LedgerForm, plain
from generator.system.spreadsheets import (
    SUFFIXES,
    Book,
    NotReadable,
    filled_rows,
    read_book,
)

LARGEST = 60_000_000
"""Bytes. A year's ledger of a province has some 5 MB."""
_HEAD_WITHIN = 20
"""Rows at the top among which the heads of the columns are looked for: titles stand above them."""


class NoLedger(Exception):
    """No ledger that can be counted; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Case:
    """One row: what stands in the columns that are asked for, by the columns' keys.

    ``row`` counts from 1, as spreadsheets and editors do.
    """

    row: int
    number: str
    said: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        """Return what stands in a column, nothing where the ledger has no such column."""
        return self.said.get(key, "")


@dataclass
class Ledger:
    """The cases of a ledger, and the columns that it has."""

    file: Path
    cases: list[Case] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    """The heads of the columns that were read, by their keys."""


def case_key(index: int) -> str:
    """Return the key of a column of reviews or suits."""
    return f"case{index}"


def date_key(index: int) -> str:
    """Return the key of the column of their dates."""
    return f"date{index}"


NEEDED = ("case", "kind", "received", "answered", "outcome")


def read_ledger(file: Path, form: LedgerForm) -> Ledger:
    """Read a ledger.

    Raises:
        NoLedger: the file cannot be read, or no row of it names the columns.
        MissingExtra: it is a workbook, and what reads workbooks is not installed.
    """
    try:
        if file.stat().st_size > LARGEST:
            raise NoLedger(f"{file} 太大，不像是一本台账")
        content = file.read_bytes()
    except OSError as error:
        raise NoLedger(f"读不了 {file}：{error.strerror}") from error
    names = _names(form)
    best: tuple[int, dict[str, int], list[tuple[int, list[str]]]] = (0, {}, [])
    for rows in _sheets(file, content):
        head, columns = _head(rows, names)
        if len(columns) > len(best[1]):
            best = head, columns, rows
    head, columns, rows = best
    if missing := [form.columns[key].title for key in NEEDED if key not in columns]:
        usual = "、".join(form.columns[key].names[0] for key in NEEDED)
        lacking = "、".join(missing)
        raise NoLedger(f"{file} 里没有「{lacking}」这样的列；要有的列是 {usual}")
    titles = dict(rows)[head]
    ledger = Ledger(file, columns={key: titles[at].strip() for key, at in columns.items()})
    ledger.cases += _cases(((n, texts) for n, texts in rows if n > head), columns)
    return ledger


def _names(form: LedgerForm) -> dict[str, str]:
    """Return the columns' keys by their names; a name means the first that it is listed for."""
    found: dict[str, str] = {}
    for column in form.columns.values():
        for name in (column.title, *column.names):
            found.setdefault(plain(name), column.key)
    for index, case in enumerate(form.cases):
        for name in (case.title, *case.names):
            found.setdefault(plain(name), case_key(index))
        for name in case.dates:
            found.setdefault(plain(name), date_key(index))
    return found


def _head(
    rows: Sequence[tuple[int, list[str]]], names: Mapping[str, str]
) -> tuple[int, dict[str, int]]:
    """Return the row that names the most columns, and where each stands."""
    best: tuple[int, dict[str, int]] = (0, {})
    for number, texts in rows[:_HEAD_WITHIN]:
        columns: dict[str, int] = {}
        for at, text in enumerate(texts):
            if key := names.get(plain(text)):
                columns.setdefault(key, at)
        if len(columns) > len(best[1]):
            best = number, columns
    return best


def _cases(rows: Iterable[tuple[int, list[str]]], columns: Mapping[str, int]) -> Iterator[Case]:
    """Yield the cases; a row in which none of the columns says anything is none."""
    for number, texts in rows:
        said = {key: texts[at].strip() for key, at in columns.items() if at < len(texts)}
        if any(text for key, text in said.items() if key != "case"):
            yield Case(number + 1, said.get("case", ""), said)


def _sheets(file: Path, content: bytes) -> Iterator[list[tuple[int, list[str]]]]:
    if file.suffix.lower() in SUFFIXES:
        try:
            book: Book = read_book(content)
        except NotReadable as error:
            raise NoLedger(f"{file}：{error}") from error
        for sheet in book.sheets:
            yield list(filled_rows(sheet))
        return
    text = _text(file, content)
    try:
        delimiter = "\t" if text.partition("\n")[0].count("\t") > 2 else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        found = []
        line = 1
        for row in reader:
            if any(cell.strip() for cell in row):
                found.append((line - 1, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise NoLedger(f"{file} 不是 CSV：第 {line} 行读不下去") from error
    yield found


def _text(file: Path, content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise NoLedger(f"{file} 不是文本：台账要是 CSV、.xlsx、.ods 或 .xls")

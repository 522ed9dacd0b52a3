"""Spreadsheets as programs write them (.xlsx, .ods, .xls): cells, merged cells, names, errors.

python-calamine (extra ``xlsx``) reads the values of all three. What it leaves out, the names of
cells, a formula's error, the merged cells of .ods, is read from the archive's XML; of .xls by xlrd.
What would take more memory than any report or ledger is refused before it is unpacked.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any, cast

from lxml import etree

from generator.system.extras import MissingExtra

Value = str | float | int | bool | date | datetime | time | timedelta
Place = tuple[int, int]
"""Row and column, from 0."""

SUFFIXES = (".xlsx", ".ods", ".xls")
LARGEST = 60_000_000
"""Bytes of all parts of an archive, unpacked. A year's ledger of a province has some 5 MB."""
MOST_CELLS = 1_000_000
"""Cells from the first to the last that is filled, the empty ones between them included."""

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_ID = re.compile(r"\{[^}]*officeDocument/[^}]*relationships\}id")
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_EXTENSION = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::.*)?\Z")


class NotReadable(Exception):
    """No spreadsheet, a broken one, or one made to do harm; the message is for the user."""


@dataclass
class Sheet:
    """One sheet: its cells row by row, every row as long as the others."""

    name: str
    rows: list[list[Value]]
    merged: dict[Place, tuple[int, int]] = field(default_factory=dict)
    """How many rows and columns a cell takes that takes several, by its first."""
    errors: dict[Place, str] = field(default_factory=dict)
    """What a formula says that came to no value: #REF!"""

    def value(self, row: int, column: int) -> Value:
        """Return what a cell holds; beyond the last one there is nothing."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def text(self, row: int, column: int) -> str:
        """Return a cell as text, a formula's error as it is shown."""
        return self.errors.get((row, column)) or text_of(self.value(row, column))


@dataclass
class Book:
    """A workbook: its sheets in their order, and the cells that have a name."""

    sheets: list[Sheet]
    names: dict[str, tuple[str, int, int]] = field(default_factory=dict)
    """Sheet, row and column by the name of a cell."""

    @cached_property
    def by_name(self) -> dict[str, Sheet]:
        """The sheets by their names."""
        return {sheet.name: sheet for sheet in self.sheets}


def letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    rest, last = divmod(column, 26)
    return (letters(rest - 1) if rest else "") + chr(ord("A") + last)


def address(sheet: str, row: int, column: int) -> str:
    """Return a cell as a person says it: 表!C7; row and column count from 0."""
    return f"{sheet}!{letters(column)}{row + 1}"


def text_of(value: Value) -> str:
    """Return a value as a person would type it: 12, not 12.0."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)


def is_spreadsheet(content: bytes) -> bool:
    """Whether the content is an archive that holds a spreadsheet; .xls shows when it is read."""
    if content[:2] != b"PK":
        return False
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    is_open_document = b"opendocument.spreadsheet" in content[:200]
    return "xl/workbook.xml" in names or (is_open_document and "content.xml" in names)


def read_book(content: bytes) -> Book:
    """Read a workbook.

    Raises:
        NotReadable: it is none, broken, protected by a password or too large.
        MissingExtra: python-calamine is not installed.
    """
    try:
        import python_calamine as calamine
    except ImportError as error:
        raise MissingExtra("读工作簿要用 python-calamine", "xlsx") from error
    found = _beside(content) if content[:2] == b"PK" else Book([])
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [_sheet(book.get_sheet_by_name(name)) for name in book.sheet_names]
    except (calamine.CalamineError, ValueError, OSError, OverflowError) as error:
        raise NotReadable("读不了这个表格文件：已损坏，加了密码，或者不是表格") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what calamine did not foresee: no Exception
            raise
        raise NotReadable("读不了这个表格文件：已损坏，或者不是表格") from error
    if content[:2] != b"PK":
        found = _of_xls(content)
    for sheet in sheets:
        if extra := found.by_name.get(sheet.name):
            sheet.errors, sheet.merged = extra.errors, sheet.merged or extra.merged
    return Book(sheets, found.names)


def _sheet(sheet: Any) -> Sheet:
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise NotReadable(f"「{sheet.name}」大得不像一份报告或台账")
    rows = sheet.to_python(skip_empty_area=False)
    merged = {
        (top, left): (bottom - top + 1, right - left + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    }
    return Sheet(sheet.name, rows, merged)


# What the archive tells besides the values


def _beside(content: bytes) -> Book:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        if sum(part.file_size for part in archive.infolist()) > LARGEST:
            raise NotReadable("表格文件解开后大得不像一份报告或台账")
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return _of_xlsx(archive, names)
        return _of_ods(_tree(archive, "content.xml")) if "content.xml" in names else Book([])
    except (zipfile.BadZipFile, zlib.error, RuntimeError, ValueError, KeyError, OSError) as error:
        raise NotReadable("表格文件已损坏，或者加了密码") from error


def _tree(archive: zipfile.ZipFile, name: str) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.fromstring(archive.read(name), parser)
    except etree.XMLSyntaxError as error:
        raise NotReadable("表格文件的内容已损坏，读不出来") from error
    if cast(Any, root.getroottree()).docinfo.doctype:
        raise NotReadable("表格文件里有外来的定义（DTD、实体），不读")
    return root


def _of_xlsx(archive: zipfile.ZipFile, parts: set[str]) -> Book:
    root = _tree(archive, "xl/workbook.xml")
    spaces = (_MAIN, _STRICT)
    targets = {}
    if "xl/_rels/workbook.xml.rels" in parts:
        relations = _tree(archive, "xl/_rels/workbook.xml.rels")
        targets = {one.get("Id"): str(one.get("Target", "")) for one in relations}
    book = Book([])
    for space in spaces:
        for one in root.iter(f"{space}sheet"):
            key = next((value for name, value in one.attrib.items() if _ID.match(name)), "")
            part = targets.get(key, "").removeprefix("/xl/")
            if f"xl/{part}" in parts:
                errors = _errors(_tree(archive, f"xl/{part}"))
                book.sheets.append(Sheet(one.get("name", ""), [], errors=errors))
        for one in root.iter(f"{space}definedName"):
            if place := _place(one.text or ""):
                book.names[one.get("name", "")] = place
    return book


def _errors(root: Any) -> dict[Place, str]:
    """Return the errors of a sheet; a cell that is filled too far away is refused on the way."""
    found: dict[Place, str] = {}
    row = -1
    farthest = [0, 0]
    for line in root.iter(f"{_MAIN}row", f"{_STRICT}row"):
        row = int(line.get("r", row + 2)) - 1
        column = -1
        for cell in line:
            place = _REFERENCE.match(cell.get("r", ""))
            column = _column(place[1]) if place else column + 1
            text = "".join(cell.itertext("{*}v", "{*}t"))
            if text:
                farthest = [max(farthest[0], row + 1), max(farthest[1], column + 1)]
            if cell.get("t") == "e":
                found[row, column] = text
        if farthest[0] * farthest[1] > MOST_CELLS:
            raise NotReadable("有一张表大得不像一份报告或台账")
    return found


def _place(written: str) -> tuple[str, int, int] | None:
    """Return the cell that a name refers to: 'a sheet'!$D$7; ``None`` where it is lost."""
    sheet, mark, cell = written.rpartition("!")
    found = _REFERENCE.match(cell)
    if not mark or not found:
        return None
    if sheet.startswith("'"):
        sheet = sheet[1:-1].replace("''", "'")
    return sheet, int(found[2]) - 1, _column(found[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _of_ods(root: Any) -> Book:
    book = Book([_ods_sheet(table) for table in root.iter(f"{_TABLE}table")])
    for one in root.iter(f"{_TABLE}named-range"):
        written = one.get(f"{_TABLE}cell-range-address", "").removeprefix("$")
        sheet, _, cell = written.partition(":")[0].rpartition(".")
        if place := _place(f"{sheet}!{cell}"):
            book.names[one.get(f"{_TABLE}name", "")] = place
    return book


def _ods_sheet(table: Any) -> Sheet:
    sheet = Sheet(table.get(f"{_TABLE}name", ""), [])
    row = width = 0
    for line in table.iter(f"{_TABLE}table-row"):
        repeated = _count(line, "number-rows-repeated")
        column = filled = 0
        for cell in line:
            times = _count(cell, "number-columns-repeated")
            text = "".join(cell.itertext())
            if text:
                filled = column + times
            spans = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
            if spans != (1, 1):
                sheet.merged[row, column] = spans
            if cell.get(f"{_EXTENSION}value-type") == "error" or _is_error(cell, text):
                sheet.errors[row, column] = text
            column += times
        width = max(width, filled)
        row += repeated
        if filled and row * width > MOST_CELLS:
            raise NotReadable(f"「{sheet.name}」大得不像一份报告或台账")
    return sheet


def _of_xls(content: bytes) -> Book:
    """Return what calamine does not tell of a file that it has read: errors, and names of cells.

    Where xlrd stumbles over the file, that is nothing: figures are then known by their labels, and
    a formula that failed is a blank, which stands for no figure.
    """
    try:
        import xlrd
    except ImportError as error:
        raise MissingExtra("读 .xls 工作簿要用 xlrd", "xlsx") from error
    try:
        book = xlrd.open_workbook(file_contents=content, logfile=io.StringIO())
    except Exception:  # noqa: BLE001  of a damaged file it raises whatever comes
        return Book([])
    found = Book([Sheet(sheet.name, [], errors=_xls_errors(sheet)) for sheet in book.sheets()])
    for one in book.name_obj_list:
        if place := _place(str(one.result.text if one.result else "")):
            found.names[one.name] = place
    return found


def _xls_errors(sheet: Any) -> dict[Place, str]:
    import xlrd

    return {
        (row, column): xlrd.error_text_from_code.get(int(sheet.cell_value(row, column)), "#ERR")
        for row in range(sheet.nrows)
        for column, kind in enumerate(sheet.row_types(row))
        if kind == xlrd.XL_CELL_ERROR
    }


def _is_error(cell: Any, text: str) -> bool:
    has_formula = cell.get(f"{_TABLE}formula") is not None
    return has_formula and bool(re.match(r"#[A-Z/0]+[!?]?|Err:\d+", text))


def _count(element: Any, name: str) -> int:
    written = element.get(f"{_TABLE}{name}", "1")
    return int(written) if re.fullmatch(r"[0-9]{1,7}", written) else 1


def filled_rows(sheet: Sheet) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows in which anything stands, as texts, with their numbers from 0."""
    for number, row in enumerate(sheet.rows):
        texts = [sheet.text(number, column) for column in range(len(row))]
        if any(text.strip() for text in texts):
            yield number, texts

"""Finds, loads and verifies the statutory forms. The only module that knows where they live.

A form (an edition) is data: ``templates/<edition>/`` and ``schemas/<edition>.schema.json``. What
this module makes of them is checked once, here, so that everybody else may rely on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from generator import source
from generator.diagnostics import Diagnostic, KeyPath, Place, Severity
from generator.document import Cell, FigurePath, Font, Grid, LayoutError, Style, tile
from generator.shape import Shape


@dataclass(frozen=True, slots=True)
class Section:
    """One of the numbered parts of a report: prose, or the table that ``table`` names."""

    key: str
    heading: str
    table: str | None = None


@dataclass(frozen=True)
class TableForm:
    """One statutory table: its grid, and how its figures hang together.

    ``each`` are the columns that rows repeat, ``total`` the word that means the sum of its
    siblings, ``sums`` groups that have no cell of their own but may be named in prose.
    """

    id: str
    key: str
    title: str
    description: str
    grid: Grid
    each: tuple[str, ...]
    total: str
    sums: Mapping[str, tuple[str, ...]]

    @cached_property
    def rows(self) -> tuple[FigurePath, ...]:
        """The paths of the rows that repeat ``each``, in the form's order."""
        return tuple(dict.fromkeys(path[:-1] for path in self.grid.figures if len(path) > 2))

    @cached_property
    def addends(self) -> dict[FigurePath, tuple[FigurePath, ...]]:
        """Every total with the figures whose sum it is, in an order in which they can be computed.

        A total as a column adds up the other columns of its row; as a row, the same column of every
        row of its group. Totals over rows come first, since their own row is added up afterwards.
        """
        leaves = [path for path in self.grid.figures if self.total not in path]
        found: dict[FigurePath, tuple[FigurePath, ...]] = {}
        for path in self.grid.figures:
            if self.total in path[:-1] and path[-1] != self.total:
                group = path[: path.index(self.total)]
                found[path] = tuple(
                    p for p in leaves if p[: len(group)] == group and p[-1] == path[-1]
                )
        for path in self.grid.figures:
            if path[-1] == self.total:
                found[path] = tuple(
                    p for p in self.grid.figures if p[:-1] == path[:-1] and p[-1] != self.total
                )
        return found

    def label(self, path: FigurePath) -> str:
        """Name a figure as one would read it out of the form: table, row, column."""
        labels = self.grid.labels.get(path)
        return f"{self.id} {labels if labels else ' '.join(path[1:])}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A cross-check as ``checks.yaml`` states it; ``checks`` runs it and knows none by name."""

    id: str
    level: Severity
    title: str
    basis: str
    hint: str
    kind: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Edition:
    """A statutory form, loaded and verified."""

    id: int
    folder: Path
    first_year: int
    last_year: int | None
    predecessor: int | None
    basis: str
    title: str
    sections: tuple[Section, ...]
    tables: Mapping[str, TableForm]
    style: Style
    numbering: tuple[str, ...]
    title_words: tuple[str, ...]
    rules: tuple[Rule, ...]
    shape: Shape

    @cached_property
    def table_by_key(self) -> dict[str, TableForm]:
        """The tables by the key of the part they fill."""
        return {table.key: table for table in self.tables.values()}

    @cached_property
    def figures(self) -> tuple[FigurePath, ...]:
        """Every figure of the form in printed order (200 in the form of 2021)."""
        return tuple(path for table in self.tables.values() for path in table.grid.figures)

    def label(self, path: KeyPath) -> str:
        """Name the value at ``path`` by its printed labels."""
        figure = tuple(str(step) for step in path)
        if figure and (table := self.table_by_key.get(figure[0])) and figure in table.grid.labels:
            return table.label(figure)
        return self.shape.title(path)

    def covers(self, year: int) -> bool:
        """Whether reports of ``year`` are made under this form."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)


def data_folder() -> Path:
    """Return the folder that holds ``templates/`` and ``schemas/``.

    An installed wheel carries them inside the package, a checkout beside it.
    """
    package = Path(__file__).resolve().parent
    return package if (package / "templates").is_dir() else package.parent


class Editions:
    """The forms under one folder; each is loaded when it is first asked for."""

    def __init__(self, root: Path | None = None) -> None:
        """Look for forms under ``root``, by default those that come with the program."""
        self.root = root or data_folder()
        self._loaded: dict[int, Edition] = {}

    @cached_property
    def first_years(self) -> dict[int, int]:
        """Edition → the first year whose reports it is made for, oldest first."""
        found: dict[int, int] = {}
        for file in (self.root / "templates").glob("*/edition.yaml"):
            head = _mapping(file)
            found[int(head["edition"])] = int(head["first_year"])
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def for_year(self, year: int) -> int | None:
        """Return the edition that reports of ``year`` are made under, ``None`` before the first."""
        fitting = [edition for edition, first in self.first_years.items() if first <= year]
        return fitting[-1] if fitting else None

    def load(self, edition: int) -> Edition:
        """Return a form.

        Raises:
            source.Unreadable: a file of the form is missing or wrong; findings name the line.
        """
        if edition not in self._loaded:
            self._loaded[edition] = self._read(edition)
        return self._loaded[edition]

    @cached_property
    def office_shape(self) -> Shape:
        """The shape of ``office.yaml``, the same under every form."""
        return _shape(self.root / "schemas" / "office.schema.json")

    @cached_property
    def catalogue(self) -> dict[str, Any]:
        """What is known about findings that belong to no single form (``findings.yaml``)."""
        return _mapping(self.root / "templates" / "findings.yaml")

    def _read(self, edition: int) -> Edition:
        folder = self.root / "templates" / str(edition)
        head = _mapping(folder / "edition.yaml")
        sections = tuple(Section(**entry) for entry in head["sections"])
        key_of = {section.table: section for section in sections if section.table}
        tables = {
            table.id: table
            for section in sections
            if section.table
            for table in [
                _table(folder / "tables" / f"{section.table}.yaml", key_of[section.table])
            ]
        }
        later = [first for first in self.first_years.values() if first > head["first_year"]]
        page = _mapping(folder / "style.yaml")
        return Edition(
            id=edition,
            folder=folder,
            first_year=head["first_year"],
            last_year=min(later) - 1 if later else None,
            predecessor=head["predecessor"],
            basis=head["basis"],
            title=head["title"],
            sections=sections,
            tables=tables,
            style=_style(page),
            numbering=tuple(page["numbering"]),
            title_words=tuple(page["title_words"]),
            rules=tuple(_rules(folder / "checks.yaml")),
            shape=_shape(self.root / "schemas" / f"{edition}.schema.json"),
        )


def _mapping(file: Path) -> dict[str, Any]:
    data = source.read(file).data
    if not isinstance(data, dict):
        raise source.Unreadable(_fault(file, (), "应当是一组键", None))
    return data


def _fault(file: Path, path: KeyPath, message: str, read: source.Source | None) -> Diagnostic:
    place = Place(file, path)
    finding = Diagnostic("E-1", Severity.ERROR, place, message, "请改正表式文件的这一行")
    return finding.at(read.locate) if read else finding


def _shape(file: Path) -> Shape:
    try:
        return Shape(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise source.Unreadable(_fault(file, (), f"读不了结构文件：{error}", None)) from error


def _table(file: Path, section: Section) -> TableForm:
    """Read one table's layout; a hole or an overlap is reported at its line."""
    read = source.read(file)
    layout = read.data
    each = tuple(layout.get("each", ()))
    rows = [
        [cell for entry in row for cell in _cells(entry, section.key, each)]
        for row in layout["rows"]
    ]
    try:
        grid = tile(
            rows, layout["widths"], layout["header"], layout["align"], float(layout["size"])
        )
    except LayoutError as error:
        raise source.Unreadable(_fault(file, ("rows", error.row), str(error), read)) from error
    return TableForm(
        id=layout["id"],
        key=section.key,
        title=section.heading,
        description=layout["description"],
        grid=grid,
        each=each,
        total=layout["total"],
        sums={name: tuple(parts) for name, parts in layout.get("sums", {}).items()},
    )


def _cells(entry: Any, key: str, each: tuple[str, ...]) -> Iterator[Cell]:
    """Turn one entry of a layout row into cells: a label, a figure, or a figure for each column."""
    if isinstance(entry, str):
        yield Cell(0, 0, 1, 1, entry)
    elif "text" in entry:
        yield Cell(0, 0, entry.get("rows", 1), entry.get("cols", 1), entry["text"])
    elif "value" in entry:
        path = (key, *entry["value"].split("."))
        yield Cell(0, 0, entry.get("rows", 1), entry.get("cols", 1), path=path)
    else:
        row = (key, *entry["values"].split("."))
        for column in entry.get("each", each):
            yield Cell(0, 0, 1, 1, path=(*row, column))


def _rules(file: Path) -> Iterator[Rule]:
    for entry in source.read(file).data or ():
        known = {name: entry[name] for name in ("id", "title", "basis", "hint")}
        parameters = {
            name: value for name, value in entry.items() if name not in (*known, "level", "kind")
        }
        yield Rule(
            **known,
            level=Severity(entry["level"]),
            kind=entry.get("kind", "relation"),
            parameters=parameters,
        )


def _style(page: Mapping[str, Any]) -> Style:
    def numbers(name: str) -> tuple[float, ...]:
        return tuple(float(value) for value in page[name])

    fonts = {
        role: Font(font["east_asian"], font["latin"], float(font["size"]), font.get("bold", False))
        for role, font in page["fonts"].items()
    }
    width, height = numbers("page")
    top, right, bottom, left = numbers("margins")
    above, beside = numbers("cell_margin")
    return Style(
        page=(width, height),
        margins=(top, right, bottom, left),
        lines=page["lines"],
        characters=page["characters"],
        pitch=float(page["pitch"]),
        tracking=float(page["tracking"]),
        page_number=float(page["page_number"]),
        row_height=float(page["row_height"]),
        cell_margin=(above, beside),
        fonts=fonts,
    )

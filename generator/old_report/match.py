"""Raw tables against a form: which published cell is which figure.

A row is found by its label, a column by the label above it where columns can be trusted, else by
its order. Tables may be split or joined: all their rows are gone through one after the other.
Whatever cannot be placed is noted, never dropped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from generator.form.spellings import Spellings
from generator.old_report.blocks import Kind, Note, RawCell, RawTable
from generator.old_report.form_rows import FormRow, FormRows, Group
from generator.old_report.header import Header
from generator.old_report.reading import Says, read_figure, says
from generator.old_report.row_cells import Misfit, RowCells
from generator.values.grid import FigurePath, Number


@dataclass(frozen=True, slots=True)
class Found:
    """A figure of the form as published: ``value`` is ``None`` for a blank or an unusable text."""

    value: Number | None
    text: str
    origin: str
    unusable: bool = False
    why: str = ""
    """What it was known by, where that took judgement."""


@dataclass
class Matched:
    """What became of the tables."""

    figures: dict[FigurePath, Found] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    unplaced: list[Note] = field(default_factory=list)
    again: list[Note] = field(default_factory=list)
    """Rows that stand there twice and say the same; what is published should have them once."""
    told: set[FigurePath] = field(default_factory=set)
    """Figures whose row was found and could not be read: it is among ``unplaced``."""

    def note(self, kind: Kind, message: str, origin: str) -> None:
        """Add something the user is to know."""
        self.notes.append(Note(kind, message, origin))

    def lost(self, message: str, origin: str, paths: Sequence[FigurePath] = ()) -> None:
        """Note what has no place; ``paths`` are the figures that it was to give."""
        self.told.update(paths)
        self.unplaced.append(Note(Kind.UNPLACED, message, origin, paths[0][0] if paths else ""))


def match(tables: Sequence[RawTable], rows: FormRows) -> Matched:
    """Put the figures of ``tables`` in their places in the form."""
    matcher = _Matcher(rows)
    for table in tables:
        matcher.table(table)
    matcher.finish()
    return matcher.matched


def holds_labels(
    table: RawTable, spellings: Sequence[Spellings], *, follows_one: bool = False
) -> bool:
    """Whether a table belongs to a report: two of its cells at least are labels of a form.

    A piece of one may be a row of nothing but figures, with its label or behind another piece.
    """
    labels = figures = others = 0
    for cell in table.cells:
        if cell.text and any(known.all_labels.find(cell.text) for known in spellings):
            labels += 1
            if labels == 2:
                return True
        elif cell.text:
            is_figure = any(says(cell.text, known) is not Says.TEXT for known in spellings)
            figures += is_figure
            others += not is_figure
    if labels and not others:
        return True
    return figures > 1 and not others and follows_one


class _Matcher:
    """Goes through raw rows and remembers the header above them."""

    def __init__(self, rows: FormRows) -> None:
        self.rows = rows
        self.spellings = rows.spellings
        self.matched = Matched()
        self.header = Header()
        self.why = ""
        self.where = RawTable((), "")
        self.parts: dict[FigurePath, list[Found]] = {}
        self.groups: list[tuple[Group, list[tuple[FigurePath, Found]]]] = []

    def table(self, table: RawTable) -> None:
        """Go through one table."""
        self.why = table.why
        self.where = table
        for number, cells in enumerate(table.rows()):
            origin = table.row_origin(number)
            self.row(cells, origin, table.aligned)

    def row(self, cells: list[RawCell], origin: str, aligned: bool) -> None:
        """Place one row's figures, or take the row as part of a header."""
        kinds = [says(cell.text, self.spellings) for cell in cells]
        has_figures = Says.FIGURE in kinds
        last, label = self.label_of(cells, kinds)
        is_slip = label is not None and not self.rows.row_labels.is_exact(cells[last].text)
        self.named = f"行名「{cells[last].text[:40]}」认作「{label}」" if is_slip else ""
        values = cells[last + 1 :]
        if label is None:
            self.without_label(cells, kinds, origin, aligned)
            return
        added = self.rows.added.find(label) if label not in self.rows.by_label else None
        row: FormRow | None
        if label in self.rows.by_label:
            row = self.chosen(label, cells[:last])
        elif label in self.rows.groups:
            row = self.rows.groups[label].rows[0]
        else:
            row = self.rows.added_row(added or "")
        if row is None or (not has_figures and self.is_header(row, values)):
            self.head(cells)
            return
        if not aligned:
            # Cells of a header may stand before the first label, where rows are not told apart.
            self.before(cells[:last])
        unlabelled = self.unlabelled_row(len(values)) if len(values) != len(row.paths) else None
        placed = self.placed(unlabelled or row, values, origin, aligned)
        if unlabelled or label in self.rows.by_label:
            self.keep(placed)
        elif label in self.rows.groups:
            self.groups.append((self.rows.groups[label], placed))
        else:
            for path, found in placed:
                self.parts.setdefault(path, []).append(found)

    def label_of(self, cells: list[RawCell], kinds: list[Says]) -> tuple[int, str | None]:
        """Return the last cell that names a row, and the label that it means."""
        for index in range(len(cells) - 1, -1, -1):
            text = cells[index].text
            if kinds[index] is not Says.TEXT:
                continue
            if label := self.rows.row_labels.find(text):
                return index, label
            if Says.FIGURE in kinds and (label := self.rows.added.find(text)):
                return index, label
        return -1, None

    def head(self, cells: list[RawCell]) -> None:
        """Take a row as part of a header, unless it only says which rows follow."""
        said = [cell.text for cell in cells if cell.text.strip()]
        known = self.rows
        if not all(known.outer.find(text) and not known.column_labels.find(text) for text in said):
            self.header.add(cells)

    def is_header(self, row: FormRow, values: list[RawCell]) -> bool:
        """Whether cells without figures are labels of columns, and not a row left blank."""
        return len(values) < len(row.paths) or any(
            cell.text and self.rows.column_labels.find(cell.text) for cell in values
        )

    def before(self, cells: list[RawCell]) -> None:
        """Take labels of columns that stand in front of a row's own as a header."""
        labels = [
            cell
            for cell in cells
            if self.rows.column_labels.find(cell.text) and not self.rows.row_labels.find(cell.text)
        ]
        if labels:
            self.header.add(labels)

    def without_label(
        self, cells: list[RawCell], kinds: list[Says], origin: str, aligned: bool
    ) -> None:
        """Place a row that names none of the form's rows, take it as a header, or note it."""
        has_figures = Says.FIGURE in kinds
        named = next((i for i, kind in enumerate(kinds) if kind is not Says.TEXT), len(kinds))
        values = cells[named:]
        row = None if Says.TEXT in kinds[named:] else self.unlabelled_row(len(values))
        if row is not None and not (named and len(values) != len(row.paths)):
            self.keep(self.placed(row, values, origin, aligned))
        elif has_figures:
            self.header.used = True
            shown = "、".join(cell.text.replace("\n", "") for cell in cells if cell.text)
            self.matched.lost(f"这一行不在表式里：{shown[:120]}", origin)
        elif Says.TEXT in kinds:
            self.head(cells)

    def unlabelled_row(self, count: int) -> FormRow | None:
        """Return the row without a label that the header above belongs to."""
        seen = {self.rows.column_labels.find(text) for text in self.header.texts()}
        for row in self.rows.unlabelled:
            if len(row.paths) <= count <= 2 * len(row.paths) and seen >= set(row.columns):
                return row
        return None

    def chosen(self, label: str, before: list[RawCell]) -> FormRow:
        """Return the row of this label, by the labels around it where several have it."""
        candidates = self.rows.by_label[label]
        if len(candidates) == 1:
            return candidates[0]
        outer = {self.rows.row_labels.find(cell.text) for cell in before}
        fitting = [row for row in candidates if outer & set(row.labels[:-1])] or candidates
        open_rows = [row for row in fitting if row.paths[0] not in self.matched.figures]
        return (open_rows or fitting)[0]

    # Columns

    def placed(
        self, row: FormRow, values: list[RawCell], origin: str, aligned: bool
    ) -> list[tuple[FigurePath, Found]]:
        """Return a row's figures with their places; a row that does not fit is noted."""
        self.header.used = True
        behind = RowCells(row, values, self.header, self.rows, aligned)
        try:
            cells = behind.chosen()
        except Misfit as misfit:
            shown = " ".join(cell.text.replace("\n", "") or "□" for cell in values)
            message = f"「{row.name}」的数放不进去（{misfit}）：{shown[:120]}"
            self.matched.lost(message, origin, row.paths)
            return []
        for message in behind.lost:
            self.matched.lost(message, origin)
        for message in behind.judged:
            self.matched.note(Kind.PLACED, message, origin)
        why = "；".join(filter(None, (self.why, self.named, *behind.judged)))
        return [
            (path, self.found(row, path, cell, self.where.cell_origin(cell, origin), why))
            for path, cell in zip(row.paths, cells, strict=True)
            if cell is not None
        ]

    def found(self, row: FormRow, path: FigurePath, cell: RawCell, origin: str, why: str) -> Found:
        """Read a figure's cell."""
        unit = self.spellings.money.get(path, "")
        printed = self.printed_unit(row, path) if unit else ""
        reading = read_figure(cell.text, self.spellings, unit, printed)
        if reading is None:
            label = row.table.label(path)
            self.matched.lost(f"「{label}」写的是「{cell.text[:40]}」，不是数", origin)
            return Found(None, cell.text, origin, unusable=True)
        if reading.note:
            self.matched.note(Kind.CONVERTED, f"{row.table.label(path)}：{reading.note}", origin)
        reasons = filter(None, (why, reading.note))
        return Found(reading.value, cell.text, origin, why="；".join(reasons))

    def printed_unit(self, row: FormRow, path: FigurePath) -> str:
        """Return the unit that the header prints for a figure of money."""
        name = row.columns[row.paths.index(path)]
        for text in self.header.texts():
            note = self.spellings.unit_note.search("".join(text.split()))
            if note and self.rows.column_labels.find(text) == name:
                return note[1]
        return ""

    # Keeping

    def keep(self, placed: list[tuple[FigurePath, Found]]) -> None:
        """Keep a row's figures; one that was found before must say the same."""
        if placed and all(self.is_there(path, found) for path, found in placed):
            path, first = placed[0]
            message = f"「{self.label(path)}」所在的一行出现两次"
            self.matched.again.append(Note(Kind.PLACED, message, first.origin))
        for path, found in placed:
            before = self.matched.figures.get(path)
            if before is None or (before.value is None and found.value is not None):
                self.matched.figures[path] = found
            elif found.value is not None and found.value != before.value:
                what = f"{before.origin}是 {before.text}，这里是 {found.text}"
                self.matched.lost(f"「{self.label(path)}」出现两次，{what}", found.origin)

    def is_there(self, path: FigurePath, found: Found) -> bool:
        before = self.matched.figures.get(path)
        return before is not None and before.value is not None and before.value == found.value

    def label(self, path: FigurePath) -> str:
        return self.spellings.form.label(path)

    def finish(self) -> None:
        """Put in place what rows of another form say, once all rows of this one are known."""
        for path, parts in self.parts.items():
            if path in self.matched.figures:
                continue
            values = [part.value for part in parts if part.value is not None]
            if len(values) == len(parts):
                text = " + ".join(part.text for part in parts)
                self.matched.figures[path] = Found(sum(values), text, parts[0].origin)
                self.matched.note(
                    Kind.PLACED, f"「{self.label(path)}」原文分成几行，相加 {text}", parts[0].origin
                )
        for group, placed in self.groups:
            self.one_row(group, placed)

    def one_row(self, group: Group, placed: list[tuple[FigurePath, Found]]) -> None:
        """Spread a group printed as one row: none of its rows counts more than all together."""
        missing = [
            row for row in group.rows if not any(path in self.matched.figures for path in row.paths)
        ]
        if not missing:
            return
        for index, (path, found) in enumerate(placed):
            for row in missing:
                zero = found.value == 0
                self.matched.figures[row.paths[index]] = Found(
                    0 if zero else None,
                    found.text,
                    found.origin,
                    unusable=not zero and found.value is not None,
                )
            if found.value and path not in row.table.addends:
                column = path[-1]
                self.matched.lost(
                    f"「{group.label}」原文只有一行，{column} {found.text} 件不知属于下面哪一行",
                    found.origin,
                )
        if placed:
            self.matched.note(
                Kind.FORM,
                f"「{group.label}」原文只有一行，表式里是 {len(group.rows)} 行",
                placed[0][1].origin,
            )

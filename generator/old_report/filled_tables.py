"""The tables of a filled-in workbook of ours → figures: by the names of cells, else by labels.

A name follows its cell wherever that is moved; what a person reads is the label. So a row is the
one whose labels say so; where a label was changed, the name still tells. What neither tells is not
taken. Totals are added up anew: what a cell stores of a formula may be of an earlier day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property

from generator.form.spellings import Spellings, plain
from generator.old_report.blocks import Kind, Note
from generator.old_report.match import Found, Matched
from generator.old_report.reading import read_figure
from generator.system.spreadsheets import Book, Place, Sheet
from generator.values import keys
from generator.values.grid import Cell, FigurePath, Number
from generator.values.numerals import digits
from generator.workbook.layout import Layout, Spot, TableSheet


def read_tables(book: Book, layout: Layout, spellings: Spellings) -> Matched:
    """Return every figure that the workbook tells, and what is to be known of the others."""
    matched = Matched()
    places = {
        path: (sheet, (row, column))
        for name, (sheet, row, column) in book.names.items()
        if (path := layout.by_name.get(name)) is not None
    }
    for plan in layout.sheets.values():
        sheet = book.by_name.get(plan.name)
        if sheet is None:
            matched.notes.append(
                Note(Kind.LABEL, f"没有「{plan.name}」这一页", part=plan.table.key)
            )
            continue
        named = {path: place for path, (name, place) in places.items() if name == sheet.name}
        _TableReader(sheet, plan, named, spellings, matched).read()
    return matched


class _TableReader:
    """Reads one sheet."""

    def __init__(
        self,
        sheet: Sheet,
        plan: TableSheet,
        named: Mapping[FigurePath, Place],
        spellings: Spellings,
        matched: Matched,
    ) -> None:
        self.sheet = sheet
        self.plan = plan
        self.table = plan.table
        self.named = named
        self.spellings = spellings
        self.matched = matched
        self.shifted = 0
        self.heads: dict[tuple[int, int, int], bool] = {}
        self.down, self.right = self._moved_as_a_whole()

    def read(self) -> None:
        """Read every row of figures, and add up the totals."""
        totals = self.table.addends
        places: dict[FigurePath, Place] = {}
        for row, paths in self._rows().items():
            at = self._row(row, paths)
            if at is None:
                self.matched.told.update(paths)
                continue
            for path in paths:
                place = self._place(path, at, row)
                if place is None:
                    self.matched.told.add(path)
                    continue
                places[path] = place
                if path not in totals:
                    self.matched.figures[path] = self._found(path, place)
        self._add_up(places)
        self._groups()

    def _groups(self) -> None:
        """Say which labels over several rows were changed; the rows have labels of their own."""
        for cell in self._labels:
            if cell.rows == 1 or cell.column + cell.columns > self.plan.first_figure:
                continue
            column = cell.column + self.right
            if any(self._is(cell, row, column) for row in range(len(self.sheet.rows))):
                continue
            row = self.plan.spot(cell).row + self.down
            now = self.sheet.text(row, column).strip() or "空白"
            changed = f"这几行的标签应当是「{cell.text}」，现在是「{now[:40]}」"
            self.matched.note(Kind.LABEL, changed, self._address(row, column))

    def _rows(self) -> dict[int, list[FigurePath]]:
        found: dict[int, list[FigurePath]] = {}
        for cell in self.table.grid.cells:
            if cell.path is not None:
                found.setdefault(cell.row, []).append(cell.path)
        return found

    # Where a row and a column are

    def _moved_as_a_whole(self) -> tuple[int, int]:
        """Return how far most labels are from their places: rows inserted above, a new column."""
        there: dict[str, list[Place]] = {}
        for row, values in enumerate(self.sheet.rows):
            for column, value in enumerate(values):
                if isinstance(value, str) and value.strip():
                    there.setdefault(plain(value), []).append((row, column))
        votes: Counter[Place] = Counter({(0, 0): 0})
        for cell in self._labels:
            spot = self.plan.spot(cell)
            for row, column in there.get(plain(cell.text), ()):
                votes[row - spot.row, column - spot.column] += 1
        return max(votes, key=lambda moved: (votes[moved], -abs(moved[0]) - abs(moved[1])))

    @cached_property
    def _labels(self) -> list[Cell]:
        return [cell for cell in self.table.grid.cells if cell.path is None and cell.text]

    def _own_labels(self, row: int) -> list[Cell]:
        """Return the labels of one row and no other, before its figures."""
        first = self.plan.first_figure
        labels = [c for c in self._labels if c.row == row and c.column + c.columns <= first]
        return [label for label in labels if label.rows == 1]

    def _says(self, at: int, row: int) -> bool:
        """Whether row ``at`` of the sheet bears the labels of a row of the form."""
        return all(self._is(cell, at, cell.column + self.right) for cell in self._own_labels(row))

    def _is(self, label: Cell, row: int, column: int) -> bool:
        return plain(self.sheet.text(row, column)) == plain(label.text)

    def _row(self, row: int, paths: Sequence[FigurePath]) -> int | None:
        """Return where a row of the form is in the sheet; ``None`` where nothing tells."""
        expected = self.plan.figures[paths[0]].row + self.down
        rows = Counter(self.named[path][0] for path in paths if path in self.named)
        by_name = rows.most_common(1)[0][0] if rows else None
        candidate = expected if by_name is None else by_name
        labels = self._own_labels(row)
        if not labels or self._says(candidate, row):
            self._note_move(candidate, row, labels)
            return candidate
        others = [at for at in range(len(self.sheet.rows)) if self._says(at, row)]
        if len(others) == 1:
            self._note_move(others[0], row, labels)
            return others[0]
        return self._relabelled(candidate, row, labels, paths, by_name is not None)

    def _relabelled(
        self, at: int, row: int, labels: Sequence[Cell], paths: Sequence[FigurePath], named: bool
    ) -> int | None:
        """Take a row whose label was changed by its cells' names, unless it is another row's."""
        label = labels[-1]
        column = label.column + self.right
        now = self.sheet.text(at, column).strip() or "空白"
        where = self._address(at, column)
        belongs_elsewhere = any(
            self._says(at, other)
            for other in self._rows()
            if other != row and self._own_labels(other)
        )
        changed = f"这一行的标签应当是「{label.text}」，现在是「{now[:40]}」"
        if named and not belongs_elsewhere:
            self.matched.note(Kind.LABEL, f"{changed}；数按单元格的名称读出，请核对", where)
            return at
        shown = "、".join(self._texts(at)) or "空白"
        self.matched.lost(f"{changed}，这一行没有读：{shown[:100]}", where, paths)
        return None

    def _texts(self, at: int) -> Iterator[str]:
        for column in range(self.plan.first_figure + self.right, self.plan.width + self.right):
            yield self.sheet.text(at, column).strip() or "□"

    def _note_move(self, at: int, row: int, labels: Sequence[Cell]) -> None:
        """Say once where rows have moved; those below an inserted row have all moved with it."""
        planned = row + self.plan.spot(self.table.grid.cells[0]).row + self.down
        moved = at - planned
        if moved != self.shifted and labels:
            what = f"「{labels[-1].text}」这一行移到了第 {at + 1} 行，按标签读出"
            self.matched.note(Kind.LABEL, what, self._address(at, labels[-1].column + self.right))
        self.shifted = moved

    def _place(self, path: FigurePath, at: int, row: int) -> Place | None:
        """Return a figure's cell in its row; its column is by name, else under its label."""
        spot = self.plan.figures[path]
        column = spot.column + self.right
        if path in self.named and self.named[path][0] == at:
            column = self.named[path][1]
        heads = [self.table.grid.cells[i] for i in self.table.grid.heads[path].column]
        if not heads:
            return at, column
        head = heads[-1]
        under = head.column + column - spot.column
        planned = self.plan.spot(head).row
        shifts = (self.down, at - spot.row, 0)
        if any(self._is(head, planned + shift, under) for shift in shifts):
            return at, column
        return self._under_changed_head(path, head, (planned + self.down, under), (at, column))

    def _under_changed_head(
        self, path: FigurePath, head: Cell, label: Place, place: Place
    ) -> Place | None:
        """Look for the label of a column in its row; what is found nowhere goes by its name."""
        above, under = label
        width = len(self.sheet.rows[above]) if 0 <= above < len(self.sheet.rows) else 0
        block = range(self.plan.first_figure + self.right, width)
        if self.table.grid.cells.count(head) == 1 and self._labels_like(head) == 1:
            there = [column for column in block if self._is(head, above, column)]
            if len(there) == 1:
                self._say_once(
                    head, f"「{head.text}」这一栏移了位置，按标签读出", (above, there[0])
                )
                return place[0], there[0] + place[1] - under
        now = self.sheet.text(above, under).strip() or "空白"
        changed = f"这一栏的标签应当是「{head.text}」，现在是「{now[:40]}」"
        if self.named.get(path) == place:
            self._say_once(head, f"{changed}；数按单元格的名称读出，请核对", (above, under))
            return place
        self._say_once(head, f"{changed}，这一栏的数没有读", (above, under), lost=path)
        return None

    def _labels_like(self, head: Cell) -> int:
        return sum(plain(c.text) == plain(head.text) and c.row == head.row for c in self._labels)

    def _say_once(
        self, head: Cell, message: str, label: Place, lost: FigurePath | None = None
    ) -> None:
        key = (head.row, head.column, label[1])
        if self.heads.setdefault(key, False):
            return
        self.heads[key] = True
        if lost:
            self.matched.lost(message, self._address(*label), [lost])
        else:
            self.matched.note(Kind.LABEL, message, self._address(*label))

    # What a cell says

    def _found(self, path: FigurePath, place: Place) -> Found:
        where = self._address(*place)
        label = self.table.label(path)
        if error := self.sheet.errors.get(place):
            self.matched.note(Kind.CELL, f"「{label}」的公式出错：{error}，写成待填", where)
            return Found(None, error, where, unusable=True)
        value = self.sheet.value(*place)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return Found(number_of(value), digits(number_of(value)), where)
        text = self.sheet.text(*place).strip()
        if text == keys.UNFILLED:
            return Found(None, text, where, unusable=True)
        reading = read_figure(text, self.spellings, self.spellings.money.get(path, ""))
        if reading is None:
            message = f"「{label}」的格里是「{text[:40]}」，不是数，写成待填"
            self.matched.note(Kind.CELL, message, where)
            return Found(None, text, where, unusable=True)
        if reading.note:
            self.matched.note(Kind.CONVERTED, f"{label}：{reading.note}", where)
        return Found(reading.value, text, where, why=reading.note)

    def _add_up(self, places: Mapping[FigurePath, Place]) -> None:
        """Compute the totals from what was read; say so where a cell shows another one."""
        known: dict[FigurePath, Number] = {
            path: found.value
            for path, found in self.matched.figures.items()
            if found.value is not None
        }
        for total, addends in self.table.addends.items():
            parts = [known[part] for part in addends if part in known]
            computed = sum(parts) if len(parts) == len(addends) else None
            where = self._address(*places[total]) if total in places else self.sheet.name
            shown = self.sheet.value(*places[total]) if total in places else ""
            if computed is not None:
                known[total] = computed
                self._compare(total, computed, shown, where)
            self.matched.figures[total] = Found(computed, "", where, unusable=computed is None)

    def _compare(self, total: FigurePath, computed: Number, shown: object, where: str) -> None:
        is_number = isinstance(shown, int | float) and not isinstance(shown, bool)
        if is_number and round(Decimal(str(shown)) - computed, 6) != 0:
            message = f"「{self.table.label(total)}」的格里是 {_plain(shown)}，各数相加是 "
            self.matched.note(Kind.CELL, f"{message}{digits(computed)}，按相加的算", where)

    def _address(self, row: int, column: int) -> str:
        return Spot(self.sheet.name, row, column).address


def number_of(value: int | float) -> Number:
    """Return a cell's number as it was typed: 12, not 12.0; 72701.2578 exactly."""
    if isinstance(value, int):
        return value
    return int(value) if value.is_integer() else Decimal(f"{Decimal(repr(value)):f}")


def _plain(shown: object) -> str:
    return digits(number_of(shown)) if isinstance(shown, int | float) else str(shown)

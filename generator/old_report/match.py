"""Raw tables against a form: which published cell is which figure.

A row is found by its label, a column by the label above it where columns can be trusted, else by
its order. Tables may be split or joined: all their rows are gone through one after the other.
Whatever cannot be placed is noted, never dropped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from generator.form.spellings import Spellings
from generator.old_report.blocks import Kind, Note, RawCell, RawTable
from generator.old_report.form_rows import FormRow, FormRows, Group, doubled
from generator.old_report.header import Header, Misfit
from generator.old_report.reading import Says, read_figure, says
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


def holds_labels(table: RawTable, spellings: Sequence[Spellings]) -> bool:
    """Whether a table belongs to a report: two of its cells at least are labels of a form."""
    hits = 0
    for cell in table.cells:
        if cell.text and any(known.all_labels.find(cell.text) for known in spellings):
            hits += 1
            if hits == 2 or len(table.cells) == hits:
                return True
    return False


class _Matcher:
    """Goes through raw rows and remembers the header above them."""

    def __init__(self, rows: FormRows) -> None:
        self.rows = rows
        self.spellings = rows.spellings
        self.matched = Matched()
        self.header = Header()
        self.why = ""
        self.parts: dict[FigurePath, list[Found]] = {}
        self.groups: list[tuple[Group, list[tuple[FigurePath, Found]]]] = []

    def table(self, table: RawTable) -> None:
        """Go through one table."""
        self.why = table.why
        for number, cells in enumerate(table.rows()):
            origin = f"{table.origin}，第 {number + 1} 行"
            self.row(cells, origin, table.aligned)

    def row(self, cells: list[RawCell], origin: str, aligned: bool) -> None:
        """Place one row's figures, or take the row as part of a header."""
        kinds = [says(cell.text, self.spellings) for cell in cells]
        has_figures = Says.FIGURE in kinds
        last, label = self.label_of(cells, kinds)
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
            self.header.add(cells)
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

    def is_header(self, row: FormRow, values: list[RawCell]) -> bool:
        """Whether cells without figures are labels of columns, and not a row left blank."""
        return len(values) < len(row.paths) or any(
            cell.text and self.rows.column_labels.find(cell.text) for cell in values
        )

    def before(self, cells: list[RawCell]) -> None:
        """Take labels of columns that stand in front of a row's own as a header."""
        labels = [cell for cell in cells if self.rows.column_labels.find(cell.text)]
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
            self.header.add(cells)

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
        try:
            cells = self.by_columns(row, values, origin) if aligned else None
            if cells is None:
                cells = self.by_order(row, values, origin, aligned)
        except Misfit as misfit:
            shown = " ".join(cell.text.replace("\n", "") or "□" for cell in values)
            message = f"「{row.name}」的数放不进去（{misfit}）：{shown[:120]}"
            self.matched.lost(message, origin, row.paths)
            return []
        return [
            (path, self.found(row, path, cell, f"{origin}第 {cell.column + 1} 栏"))
            for path, cell in zip(row.paths, cells, strict=True)
            if cell is not None
        ]

    def by_columns(
        self, row: FormRow, values: list[RawCell], origin: str
    ) -> list[RawCell | None] | None:
        """Find each figure's cell by the labels above it, ``None`` where these do not tell."""
        under: dict[tuple[str, ...], list[RawCell]] = {}
        strangers: list[RawCell] = []
        for cell in values:
            chain = self.chain_above(cell)
            name = next((name for name in row.names if chain[-len(name) :] == name), None)
            if name is None:
                strangers.append(cell)
            else:
                under.setdefault(name, []).append(cell)
        if not row.names or not row.names[0] or any(name not in under for name in row.names):
            return None
        filled = sum(says(cell.text, self.spellings) is not Says.BLANK for cell in values)
        beside = [c for c in strangers if says(c.text, self.spellings) is not Says.BLANK]
        if beside and filled <= len(row.paths):
            # The figures have slipped from under their labels: only their order can tell.
            return None
        for stranger in beside:
            self.matched.lost(f"多出的一格「{stranger.text[:40]}」不在表式里", origin)
        chosen = [self.one_of(under[name], origin) for name in row.names]
        order = [cell.column for cell in chosen if cell is not None]
        if order != sorted(order):
            self.matched.note(Kind.PLACED, "栏目次序与表式不同，按栏目名对应", origin)
        return chosen

    def one_of(self, cells: list[RawCell], origin: str) -> RawCell | None:
        """Return the cell of a column that may be printed more than once, if all say the same."""
        filled = [cell for cell in cells if cell.text.strip()]
        if len({cell.text.strip() for cell in filled}) > 1:
            shown = "、".join(cell.text.strip() for cell in filled)
            self.matched.lost(f"同一栏出现两次而数不同：{shown}", origin)
            return None
        if len(cells) > 1:
            self.matched.note(Kind.PLACED, "同一栏出现两次，数相同，取一个", origin)
        return (filled or cells)[0]

    def chain_above(self, cell: RawCell) -> tuple[str, ...]:
        """Return the column labels above a cell, from the outermost, each once."""
        above: dict[str, None] = {}
        for row in self.header.rows:
            for label in row:
                if label.column < cell.column + cell.columns and cell.column < (
                    label.column + label.columns
                ):
                    name = self.rows.column_labels.find(label.text) if label.text else None
                    if name:
                        above.pop(name, None)
                        above[name] = None
        return tuple(above)

    def by_order(
        self, row: FormRow, values: list[RawCell], origin: str, aligned: bool
    ) -> list[RawCell | None]:
        """Find each figure's cell by its order among the row's cells."""
        count = len(row.paths)
        names = self.header.names(row, self.rows)
        filled = [cell for cell in values if cell.text.strip()]
        if len(values) == count:
            return self.checked(row, values, names, origin)
        repeated = doubled(names, Counter(row.columns))
        if repeated:
            spread = [
                index
                for index, name in enumerate(row.columns)
                for _ in range(repeated.get(name, 1))
            ]
            for cells in (values, filled):
                if len(cells) == len(spread):
                    return [
                        self.one_of(
                            [c for c, i in zip(cells, spread, strict=True) if i == index], origin
                        )
                        for index in range(count)
                    ]
        if len(filled) == count:
            if aligned or values.index(filled[-1]) - values.index(filled[0]) >= count:
                self.matched.note(Kind.PLACED, "中间有空栏，略去", origin)
            return self.checked(row, filled, names, origin)
        if len(filled) > count and len({cell.text.strip() for cell in filled}) == 1:
            # Whichever cell is one too many, every figure is the same.
            message = f"多出 {len(filled) - count} 格，各格都是 {filled[0].text.strip()}"
            self.matched.note(Kind.PLACED, message, origin)
            return list(filled[:count])
        if len(values) > count:
            return list(_trimmed(values, count))
        raise Misfit(f"应当有 {count} 个数，这里有 {len(filled)} 个")

    def checked(
        self, row: FormRow, values: list[RawCell], names: Counter[str], origin: str
    ) -> list[RawCell | None]:
        """Return as many cells as the row has figures, in the form's order.

        Labels that are not the form's are taken where the row adds up, and said.
        """
        strangers = self.header.strangers(row, self.rows, names)
        if strangers and not self.adds_up(row, values):
            raise Misfit(strangers)
        if strangers:
            self.matched.note(Kind.PLACED, f"{strangers}；合计相符，按次序对应", origin)
        order = None
        if len(set(row.columns)) < len(row.columns):
            order = self.header.order(row, self.rows)
        if order is None or order == sorted(order):
            return list(values)
        self.matched.note(Kind.PLACED, "栏目次序与表式不同，按栏目名对应", origin)
        return [values[place] for place in order]

    def adds_up(self, row: FormRow, values: list[RawCell]) -> bool:
        """Whether the totals within a row are the sums of its other figures."""
        numbers: dict[FigurePath, Number] = {}
        for path, cell in zip(row.paths, values, strict=True):
            reading = read_figure(cell.text, self.spellings)
            if reading is None or reading.value is None:
                return False
            numbers[path] = reading.value
        sums = {
            total: parts
            for total, parts in row.table.addends.items()
            if total in numbers and all(part in numbers for part in parts)
        }
        return bool(sums) and all(
            numbers[total] == sum(numbers[part] for part in parts) for total, parts in sums.items()
        )

    def found(self, row: FormRow, path: FigurePath, cell: RawCell, origin: str) -> Found:
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
        return Found(reading.value, cell.text, origin, why=reading.note or self.why)

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
        for path, found in placed:
            before = self.matched.figures.get(path)
            if before is None or (before.value is None and found.value is not None):
                self.matched.figures[path] = found
            elif found.value is not None and found.value != before.value:
                what = f"{before.origin}是 {before.text}，这里是 {found.text}"
                self.matched.lost(f"「{self.label(path)}」出现两次，{what}", found.origin)

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


def _trimmed(values: list[RawCell], count: int) -> Sequence[RawCell]:
    """Drop blank cells at the ends until ``count`` are left, if it is clear which."""
    spare = len(values) - count
    filled = [index for index, cell in enumerate(values) if cell.text.strip()]
    if not filled:
        return values[:count]
    leading, trailing = filled[0], len(values) - 1 - filled[-1]
    if trailing >= spare and leading == 0:
        return values[:count]
    if leading >= spare and trailing == 0:
        return values[spare:]
    if leading + trailing == spare:
        return values[leading : len(values) - trailing]
    raise Misfit(f"应当有 {count} 个数，分不清是哪几格")

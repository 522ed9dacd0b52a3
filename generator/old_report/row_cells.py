"""Which cell of a published row is which figure: by the labels above it, else by a proved order.

The sums of the form prove an order; only labels that name every column once do without.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generator.old_report.blocks import RawCell
from generator.old_report.form_rows import FormRow, FormRows, adds_up, doubled
from generator.old_report.header import Header
from generator.old_report.reading import Says, read_figure, says
from generator.values.grid import Number


class Misfit(Exception):
    """A row whose cells cannot be told apart; says why."""


@dataclass
class RowCells:
    """The cells behind a row's label under ``header``; ``aligned`` as of a raw table.

    ``judged`` says what took judgement, ``lost`` what has no place.
    """

    row: FormRow
    values: Sequence[RawCell]
    header: Header
    known: FormRows
    aligned: bool
    judged: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    is_short: bool = False
    """Whether some columns have no cell: blanks may belong to a label then."""

    def chosen(self) -> list[RawCell | None]:
        """Return the cell of each of the row's figures.

        Raises:
            Misfit: they cannot be told apart.
        """
        cells = self.by_columns() if self.aligned or self.is_under_its_head() else None
        return self.by_order() if cells is None else cells

    # By columns

    def is_under_its_head(self) -> bool:
        """Whether the labels right above are as many as the row's cells, and name its columns."""
        if not (self.values and self.header.rows and self.header.rows[-1]):
            return False
        head = self.header.rows[-1]
        names = {self.known.column_labels.find(cell.text) for cell in head}
        is_as_wide = head[-1].column == self.values[-1].column
        return is_as_wide and names >= set(self.row.columns)

    def by_columns(self) -> list[RawCell | None] | None:
        """Find each figure's cell by the labels above it, ``None`` where these do not tell."""
        names = self.row.names
        under: dict[tuple[str, ...], list[RawCell]] = {}
        beside: list[RawCell] = []
        for cell in self.values:
            chain = self.chain_above(cell)
            name = next((name for name in names if chain[-len(name) :] == name), None)
            if name is not None:
                under.setdefault(name, []).append(cell)
            elif not self.is_blank(cell):
                beside.append(cell)
        if not names or not names[0] or any(name not in under for name in names):
            self.is_short = bool(under)
            return None
        filled = [cell for cell in self.values if not self.is_blank(cell)]
        if beside and len(filled) <= len(self.row.paths):
            # The figures have slipped from under their labels: only their order can tell.
            return None
        chosen = [self.one_of(under[name]) for name in names]
        is_moved = any(not self.is_named(cell) for cell in beside)
        if is_moved and not self.adds_up(chosen):
            raise Misfit(f"多出的一格「{beside[0].text[:40]}」使各格移了位，合计不符")
        if beside and _are_alike(filled):
            self.judged.append(_spare(filled, len(self.row.paths)))
        else:
            self.lost += map(self.beside, beside)
        order = [cell.column for cell in chosen if cell is not None]
        if order != sorted(order):
            self.judged.append("栏目次序与表式不同，按栏目名对应")
        return chosen

    def chain_above(self, cell: RawCell) -> tuple[str, ...]:
        """Return the column labels above a cell, from the outermost, each once."""
        above: dict[str, None] = {}
        for row in self.header.rows:
            for label in row:
                if label.column < cell.column + cell.columns and cell.column < (
                    label.column + label.columns
                ):
                    name = self.known.column_labels.find(label.text) if label.text else None
                    if name:
                        above.pop(name, None)
                        above[name] = None
        return tuple(above)

    def is_named(self, cell: RawCell) -> bool:
        """Whether a label stands above a cell."""
        return any(self.labels_above(cell))

    def labels_above(self, cell: RawCell) -> Iterator[str]:
        """Yield the labels above a cell that do not reach over the row's own label."""
        for label in (label for row in self.header.rows for label in row):
            reaches = self.values[0].column <= label.column < cell.column + cell.columns
            if reaches and cell.column < label.column + label.columns and label.text.strip():
                yield "".join(label.text.split())

    def beside(self, cell: RawCell) -> str:
        """Say of a cell that it is none of the row's, and under which label it stands."""
        label = "".join(f"，栏目是「{label[:30]}」" for label in list(self.labels_above(cell))[-1:])
        return f"「{self.row.name}」多出的一格「{cell.text[:40]}」不在表式里{label}"

    def one_of(self, cells: Sequence[RawCell]) -> RawCell | None:
        """Return the cell of a column that may be printed more than once, if all say the same."""
        filled = [cell for cell in cells if cell.text.strip()]
        if len({cell.text.strip() for cell in filled}) > 1:
            shown = "、".join(cell.text.strip() for cell in filled)
            self.lost.append(f"同一栏出现两次而数不同：{shown}")
            return None
        if len(cells) > 1:
            self.judged.append("同一栏出现两次，数相同，取一个")
        return (filled or cells)[0]

    # By order

    def by_order(self) -> list[RawCell | None]:
        """Find each figure's cell by its order among the row's cells."""
        count = len(self.row.paths)
        filled = [cell for cell in self.values if cell.text.strip()]
        if len(self.values) == count:
            return self.in_order(self.values)
        if found := self.doubled(filled):
            return found
        if len(filled) == count:
            first, last = self.values.index(filled[0]), self.values.index(filled[-1])
            if self.aligned or last - first >= count:
                self.judged.append("中间有空栏，略去")
            return self.in_order(filled)
        if len(filled) > count and _are_alike(filled):
            # Whichever cell is one too many, every figure is the same.
            self.judged.append(_spare(filled, count))
            return list(filled[:count])
        if len(self.values) > count:
            return self.in_order(_trimmed(self.values, count))
        raise Misfit(f"应当有 {count} 个数，这里有 {len(filled)} 个")

    def doubled(self, filled: Sequence[RawCell]) -> list[RawCell | None] | None:
        """Return the cells where the header prints columns more than once, each time the same."""
        names = self.header.names(self.row, self.known)
        repeated = doubled(names, Counter(self.row.columns))
        spread = [
            index
            for index, name in enumerate(self.row.columns)
            for _ in range(repeated.get(name, 1))
        ]
        for cells in (self.values, filled):
            if repeated and len(cells) == len(spread):
                return [
                    self.one_of([c for c, i in zip(cells, spread, strict=True) if i == index])
                    for index in range(len(self.row.paths))
                ]
        return None

    def in_order(self, cells: Sequence[RawCell]) -> list[RawCell | None]:
        """Return as many cells as the row has figures, in the form's order."""
        if self.is_short and any(map(self.is_blank, cells)):
            raise Misfit("有的栏没有格，分不清是哪几栏")
        found = self.header.orders(self.row, self.known)
        if found:
            as_printed = list(range(len(cells)))
            is_sure = len(found) == 1 or not self.row.sums or self.adds_up(cells)
            return list(cells) if as_printed in found and is_sure else self.reordered(cells, found)
        strangers = self.header.strangers(self.row, self.known)
        if self.adds_up(cells):
            self.judged += [f"{strangers}；合计相符，按次序对应"] if strangers else []
        elif strangers or not _are_alike(cells):
            raise Misfit(self.doubt(strangers))
        return list(cells)

    def reordered(
        self, cells: Sequence[RawCell], found: Sequence[list[int]]
    ) -> list[RawCell | None]:
        """Return the cells as the labels name them; the sums tell where these leave a choice."""
        named = [[cells[place] for place in order] for order in found]
        fitting = {
            tuple(cell.text for cell in each): each
            for each in named
            if not self.row.sums or self.adds_up(each)
        }
        if len(fitting) != 1:
            raise Misfit("栏目次序与表式不同，合计不符")
        (chosen,) = fitting.values()
        if [cell.text for cell in chosen] != [cell.text for cell in cells]:
            self.judged.append("栏目次序与表式不同，按栏目名对应")
        return list(chosen)

    def doubt(self, strangers: str) -> str:
        """Say why the order of the cells is open."""
        if not self.header.is_in_order(self.row, self.known):
            return "栏目次序与表式不同"
        unproved = "，合计不符" if self.row.sums else ""
        return f"{strangers or '上面没有写全各栏的名称'}{unproved}"

    # Proof

    def adds_up(self, cells: Sequence[RawCell | None]) -> bool:
        """Whether the row's totals are the sums of its other figures; blanks prove nothing."""
        return adds_up(
            self.row.sums, dict(zip(self.row.paths, map(self.number, cells), strict=True))
        )

    def number(self, cell: RawCell | None) -> Number | None:
        """Return the figure that a cell says."""
        reading = read_figure(cell.text, self.known.spellings) if cell else None
        return reading.value if reading else None

    def is_blank(self, cell: RawCell) -> bool:
        """Whether a cell says nothing."""
        return says(cell.text, self.known.spellings) is Says.BLANK


def _are_alike(cells: Sequence[RawCell]) -> bool:
    return len({cell.text.strip() for cell in cells}) == 1


def _spare(cells: Sequence[RawCell], count: int) -> str:
    return f"多出 {len(cells) - count} 格，各格都是 {cells[0].text.strip()}"


def _trimmed(values: Sequence[RawCell], count: int) -> Sequence[RawCell]:
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

"""The labels above a row of figures in an old table, and whether they are the form's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from generator.old_report.blocks import RawCell
from generator.old_report.form_rows import FormRow, FormRows


class Misfit(Exception):
    """A row whose cells cannot be told apart; says why."""


@dataclass
class Header:
    """The labels above the rows that follow; ``rows`` hold one raw row each."""

    rows: list[list[RawCell]] = field(default_factory=list)
    used: bool = False

    def add(self, row: list[RawCell]) -> None:
        """Add a row of labels; the first one below figures begins a new header."""
        if self.used:
            self.rows, self.used = [], False
        self.rows.append(row)

    def texts(self) -> Iterator[str]:
        """Yield every label once, from the top and from the left."""
        seen: set[int] = set()
        for row in self.rows:
            for cell in row:
                if id(cell) not in seen and cell.text:
                    seen.add(id(cell))
                    yield cell.text

    def names(self, row: FormRow, known: FormRows) -> Counter[str]:
        """Count the row's column labels, and see that they stand in the form's order.

        Raises:
            Misfit: they stand in another.
        """
        names: Counter[str] = Counter()
        for raw_row in self.rows:
            found = [known.column_labels.find(cell.text) for cell in raw_row if cell.text]
            own = [name for name in found if name in row.columns]
            names.update(own)
            if len(set(row.columns)) == len(row.columns):
                _see_order(row, own)
        return names

    def strangers(self, row: FormRow, known: FormRows, names: Counter[str]) -> str:
        """Say what stands in the header in place of the row's own labels, empty where nothing."""
        printed = list(dict.fromkeys(self.texts()))
        if not printed or not any(row.columns) or set(names) >= set(row.columns):
            return ""
        if names:
            labels = known.spellings.all_labels
            strange = [text for text in printed if text.strip() and not labels.find(text)]
            missing = [name for name in row.columns if name not in names]
            if not strange:
                return ""
            return f"上面的栏目是「{'、'.join(strange)[:60]}」，没有「{'、'.join(missing)[:40]}」"
        return f"上面的栏目是「{'、'.join(printed)[:60]}」，不是表式里的"

    def order(self, row: FormRow, known: FormRows) -> list[int] | None:
        """Return where each column of a row that repeats its labels is printed.

        ``None`` where the header does not name each of them once in its block.
        """
        found = [known.column_labels.find(text) for text in self.texts()]
        names = [name for name in found if name in row.columns]
        if Counter(names) != Counter(row.columns):
            return None
        blocks: dict[tuple[str, ...], list[int]] = {}
        for place, chain in enumerate(row.chains):
            blocks.setdefault(chain[:-1], []).append(place)
        if any(label not in found for chain in blocks for label in chain):
            return None
        printed = sorted(blocks, key=lambda chain: [found.index(label) for label in chain])
        order = [0] * len(row.columns)
        # Labels are printed row by row: those of the blocks with fewer labels above come first.
        rest = iter(names)
        named = {chain: [next(rest) for _ in blocks[chain]] for chain in sorted(printed, key=len)}
        at = 0
        for chain in printed:
            for place in blocks[chain]:
                if row.columns[place] not in named[chain]:
                    return None
                order[place] = at + named[chain].index(row.columns[place])
            at += len(blocks[chain])
        return order


def _see_order(row: FormRow, names: Sequence[str]) -> None:
    """See that labels of the same depth stand in the form's order; depths may be mixed in a row."""
    for depth in {len(chain) for chain in row.chains}:
        places = [
            place
            for name in names
            for place in [row.columns.index(name)]
            if len(row.chains[place]) == depth
        ]
        if places != sorted(places):
            raise Misfit("栏目次序与表式不同")

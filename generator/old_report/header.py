"""The labels above a row of figures in an old table, and whether they are the form's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.old_report.blocks import RawCell
from generator.old_report.column_order import as_in_the_form, orders
from generator.old_report.form_rows import FormRow, FormRows


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

    def labels(self, known: FormRows) -> list[str]:
        """Return the columns of the form that the labels mean."""
        return [name for text in self.texts() if (name := known.column_labels.find(text))]

    def names(self, row: FormRow, known: FormRows) -> Counter[str]:
        """Count the row's own column labels."""
        return Counter(label for label in self.labels(known) if label in row.columns)

    def orders(self, row: FormRow, known: FormRows) -> list[list[int]]:
        """Return the orders of the row's columns that the labels may mean."""
        return orders(row.chains, self.labels(known))

    def is_in_order(self, row: FormRow, known: FormRows) -> bool:
        """Whether the labels, of which some may be missing, stand in the form's order."""
        return as_in_the_form(row.chains, self.labels(known))

    def strangers(self, row: FormRow, known: FormRows) -> str:
        """Say what stands in the header in place of the row's own labels, empty where nothing."""
        printed = list(dict.fromkeys(self.texts()))
        names = self.names(row, known)
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

"""A ledger that comes to the figures of a report: what tests count, and the example's own.

``python tests/ledgers.py examples/…/2024.yaml > 台账.csv`` wrote the example's.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from generator.form.form import Form, Forms
from generator.form.ledger import LedgerForm, ledger_form
from generator.reading.workspace import find_reports
from generator.report.report import Reader
from generator.values.grid import FigurePath, Number


@dataclass
class Row:
    """One application."""

    kind: str
    received: date
    answered: date | None = None
    outcome: str = ""
    follows: dict[str, str] = field(default_factory=dict)


def words_of(form: Form) -> LedgerForm:
    """Return how a form counts a ledger."""
    words = ledger_form(form)
    assert words is not None
    return words


def rows_of(form: Form, values: Mapping[FigurePath, Number], year: int) -> list[Row]:
    """Return applications that come to the figures; they have to balance."""
    words = words_of(form)
    rows = sorted(
        (row for kind in words.kind_names for row in _of_kind(words, values, year, kind)),
        key=lambda row: row.received,
    )
    answered = [row for row in rows if row.outcome]
    for case in words.cases:
        results = (
            result
            for result in words.result_names
            for _ in range(int(values.get((*case.row, result), 0)))
        )
        for number, result in enumerate(results):
            row = answered[number * 7 % len(answered)] if answered else rows[number % len(rows)]
            while case.title in row.follows:
                row = rows[(rows.index(row) + 1) % len(rows)]
            row.follows[case.title] = result
            row.follows[case.dates[0]] = date(year, 9, 1 + number % 28).isoformat()
    return rows


def _of_kind(
    words: LedgerForm, values: Mapping[FigurePath, Number], year: int, kind: str
) -> Iterator[Row]:
    def count(row: FigurePath) -> int:
        return int(values.get((*row, kind), 0))

    outcomes = [title for path, title in words.outcome_rows.items() for _ in range(count(path))]
    carried, received = count(words.carried_over), count(words.received)
    for number in range(carried + received):
        if number < carried:
            came = date(year - 1, 12, 2) + timedelta(number * 3 % 28)
        elif number < len(outcomes):
            came = date(year, 1, 3) + timedelta(number * 7 % 320)
        else:
            came = date(year, 12, 4) + timedelta(number * 3 % 26)
        row = Row(kind, came)
        if number < len(outcomes):
            row.outcome = outcomes[number]
            first = max(came + timedelta(5 + number % 20), date(year, 1, 4))
            row.answered = min(first, date(year, 12, 30))
        yield row


def as_csv(form: Form, rows: list[Row], year: int) -> str:
    """Return a ledger with a title above its heads, and columns that nobody is to read."""
    words = words_of(form)
    titles = {key: column.title for key, column in words.columns.items()}
    follows = [title for case in words.cases for title in (case.title, case.dates[0])]
    heads = [titles["case"], "申请人", titles["kind"], "联系方式", titles["received"]]
    heads += ["申请内容", titles["answered"], titles["outcome"], *follows]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([f"{year}年度政府信息公开申请登记台账"] + [""] * (len(heads) - 1))
    writer.writerow(heads)
    for number, row in enumerate(rows, start=1):
        known = [
            f"{row.received.year}-{number:03}",
            "（略）",
            row.kind,
            "（略）",
            row.received.isoformat(),
        ]
        known += ["（略）", row.answered.isoformat() if row.answered else "", row.outcome]
        writer.writerow([*known, *(row.follows.get(title, "") for title in follows)])
    return out.getvalue()


def ledger_of(report: Path) -> str:
    """Return a ledger for the report in a file."""
    read = Reader(Forms()).report(find_reports([report])[0])
    rows = rows_of(read.form, read.figures.values, read.year)
    return as_csv(read.form, rows, read.year)


if __name__ == "__main__":
    sys.stdout.buffer.write(ledger_of(Path(sys.argv[1])).encode("utf-8-sig"))

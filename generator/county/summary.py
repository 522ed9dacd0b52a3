"""All figures of all members: one row a member and year, a column a figure, the sums below.

``statutory-format`` §7: figures that are 「统得出、报得准、可核查」.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from generator.county.register import Entry
from generator.county.sheets import Sheet, Value, as_csv, as_xlsx
from generator.findings.printing import NAMES
from generator.form.form import Form
from generator.system.extras import MissingExtra
from generator.values.diagnostics import dotted
from generator.values.grid import FigurePath

HEAD = ("单位", "名称", "类型", "状态", "年度")
TOTAL = "合计"
_FINDINGS = ("单位", "名称", "年度", "级别", "编号", "行", "问题", "改法")
ENDINGS = (".xlsx", ".csv", ".parquet")


Columns = Mapping[str, tuple[str, str]]
"""Every figure by its name: the table that it stands in, and what the form prints for it there."""


def summary(entries: Sequence[Entry], forms: Sequence[Form], ending: str) -> bytes:
    """Return all figures of the entries as a file with this ending.

    ``forms`` are those of the years asked for, the newest first; a figure that several have is one
    column.

    Raises:
        MissingExtra: a library of an optional extra is not installed.
    """
    return _WRITERS[ending](_Rows(entries, forms))


class _Rows:
    """Entries as rows: what is known of each, then every figure that a form of theirs has."""

    def __init__(self, entries: Sequence[Entry], forms: Sequence[Form]) -> None:
        self.entries = entries
        self.columns = _columns(forms)
        self.head = (*HEAD, *self.columns)
        self.years = sorted({entry.at.year for entry in entries})
        self._places = {
            form.id: {figure_name(form, path): place for place, path in enumerate(form.figures)}
            for form in forms
        }

    def of(self, names: Iterable[str]) -> Iterator[tuple[Value, ...]]:
        """Yield a row an entry: what is known of it, then these figures; one not known is empty."""
        names = list(names)
        wanted = {form: [its.get(name) for name in names] for form, its in self._places.items()}
        nothing: list[int | None] = [None] * len(names)
        for entry in self.entries:
            places = wanted.get(entry.form, nothing) if entry.form else nothing
            yield (*_about(entry), *(None if at is None else entry.figures[at] for at in places))


def _columns(forms: Sequence[Form]) -> Columns:
    found: dict[str, tuple[str, str]] = {}
    for form in forms:
        for table in form.tables.values():
            for path in table.grid.figures:
                label = " ".join(table.label_parts(path)[1:])
                found.setdefault(figure_name(form, path), (table.id, label))
    return found


def figure_name(form: Form, path: FigurePath) -> str:
    """Return what the column of a figure is called: the table, then the figure's own path."""
    return dotted((form.table_by_key[path[0]].id, *path[1:]))


def _about(entry: Entry) -> tuple[Value, ...]:
    return entry.office, entry.name, entry.kind, entry.state.value, entry.at.year


def _csv(rows: _Rows) -> bytes:
    known = list(rows.of(rows.columns))
    return as_csv(rows.head, [*known, *(_total(known, year) for year in rows.years)])


def _total(rows: Sequence[Sequence[Value]], year: int) -> tuple[Value, ...]:
    """Add the rows of a year up, in a row that names the year."""
    of_year = [row[len(HEAD) :] for row in rows if row[len(HEAD) - 1] == year]
    return (TOTAL, None, None, None, year, *map(_sum, zip(*of_year, strict=True)))


def _sum(values: Iterable[Value]) -> Value:
    return sum(value for value in values if isinstance(value, int | Decimal))


def _xlsx(rows: _Rows) -> bytes:
    sheets = [Sheet(TOTAL, rows.head, list(rows.of(rows.columns)), len(rows.columns), TOTAL)]
    tables = dict.fromkeys(table for table, _ in rows.columns.values())
    for table in tables:
        names = [name for name, (its, _) in rows.columns.items() if its == table]
        head = (*HEAD, *(rows.columns[name][1] for name in names))
        sheets.append(Sheet(table, head, list(rows.of(names)), len(names), TOTAL))
    sheets.append(Sheet("检查结果", _FINDINGS, list(_findings(rows.entries))))
    return as_xlsx(sheets)


def _findings(entries: Sequence[Entry]) -> Iterator[tuple[Value, ...]]:
    for entry in entries:
        for found in entry.findings:
            level = f"{NAMES[found.severity]}{'（已接受）' if found.accepted else ''}"
            line = found.position.line
            yield (
                entry.office,
                entry.name,
                entry.at.year,
                level,
                found.code,
                line,
                found.message,
                found.hint,
            )


def _parquet(rows: _Rows) -> bytes:
    """Write the same columns without the sums; a count is BIGINT, money DECIMAL(18, 6)."""
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtra("写 .parquet 要用 duckdb", "table") from error
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
        source.write_bytes(as_csv(rows.head, rows.of(rows.columns)))
        types = dict.fromkeys(HEAD, "VARCHAR") | {HEAD[-1]: "BIGINT"}
        for name, is_money in zip(rows.columns, _is_money(rows), strict=True):
            types[name] = "DECIMAL(18, 6)" if is_money else "BIGINT"
        table = duckdb.read_csv(str(source), header=True, dtype=types)
        table.write_parquet(str(target), compression="zstd")
        return target.read_bytes()


def _is_money(rows: _Rows) -> list[bool]:
    """Tell of every column of figures whether any of them is money."""
    found = [False] * len(rows.columns)
    for row in rows.of(rows.columns):
        for at, value in enumerate(row[len(HEAD) :]):
            found[at] = found[at] or isinstance(value, Decimal)
    return found


_WRITERS: Mapping[str, Callable[[_Rows], bytes]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".parquet": _parquet,
}

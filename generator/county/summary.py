"""All figures of all members: one row a member, a column a figure, the sums below.

``statutory-format`` §7: figures that are 「统得出、报得准、可核查」.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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
_FINDINGS = ("单位", "名称", "级别", "编号", "行", "问题", "改法")
ENDINGS = (".xlsx", ".csv", ".parquet")


def summary(entries: Sequence[Entry], form: Form, ending: str) -> bytes:
    """Return all figures of the entries under ``form`` as a file with this ending.

    Raises:
        MissingExtra: a library of an optional extra is not installed.
    """
    return _WRITERS[ending](entries, form)


def head_of(form: Form) -> tuple[str, ...]:
    """Return the columns: what is known of a member, then every figure under its path."""
    return (*HEAD, *(_name(form, path) for path in form.figures))


def rows_of(entries: Sequence[Entry], form: Form) -> list[tuple[Value, ...]]:
    """Return a row a member; a figure that is not known, or of another form, is empty."""
    return [(*_about(entry), *_figures(entry, form, form.figures)) for entry in entries]


def _name(form: Form, path: FigurePath) -> str:
    return dotted((form.table_by_key[path[0]].id, *path[1:]))


def _about(entry: Entry) -> tuple[Value, ...]:
    return entry.office, entry.name, entry.kind, entry.state.value, entry.at.year


def _figures(entry: Entry, form: Form, paths: Sequence[FigurePath]) -> Iterator[Value]:
    figures = entry.figures if entry.form == form.id and entry.figures else {}
    return (figures.get(path) for path in paths)


def _csv(entries: Sequence[Entry], form: Form) -> bytes:
    rows = rows_of(entries, form)
    blank = (None,) * (len(HEAD) - 1)
    total = (TOTAL, *blank, *(_sum(rows, len(HEAD) + i) for i in range(len(form.figures))))
    return as_csv(head_of(form), [*rows, total])


def _sum(rows: Sequence[Sequence[Value]], column: int) -> Value:
    values = [row[column] for row in rows]
    return sum(value for value in values if isinstance(value, int | Decimal))


def _xlsx(entries: Sequence[Entry], form: Form) -> bytes:
    width = len(form.figures)
    sheets = [Sheet(TOTAL, head_of(form), rows_of(entries, form), width, TOTAL)]
    for table in form.tables.values():
        paths = table.grid.figures
        head = (*HEAD[:2], *(" ".join(table.label_parts(path)[1:]) for path in paths))
        rows = [(e.office, e.name, *_figures(e, form, paths)) for e in entries]
        sheets.append(Sheet(table.id, head, rows, len(paths), TOTAL))
    sheets.append(Sheet("检查结果", _FINDINGS, list(_findings(entries))))
    return as_xlsx(sheets)


def _findings(entries: Sequence[Entry]) -> Iterator[tuple[Value, ...]]:
    for entry in entries:
        for found in entry.findings:
            level = f"{NAMES[found.severity]}{'（已接受）' if found.accepted else ''}"
            line = found.position.line
            yield (entry.office, entry.name, level, found.code, line, found.message, found.hint)


def _parquet(entries: Sequence[Entry], form: Form) -> bytes:
    """Write the same columns without the sums; a count is BIGINT, money DECIMAL(18, 6)."""
    try:
        import duckdb
    except ImportError as error:
        raise MissingExtra("写 .parquet 要用 duckdb", "table") from error
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "rows.csv", Path(folder) / "rows.parquet"
        source.write_bytes(as_csv(head_of(form), rows_of(entries, form)))
        types = dict.fromkeys(HEAD, "VARCHAR") | {HEAD[-1]: "BIGINT"}
        for path in form.figures:
            is_money = any(isinstance((e.figures or {}).get(path), Decimal) for e in entries)
            types[_name(form, path)] = "DECIMAL(18, 6)" if is_money else "BIGINT"
        table = duckdb.read_csv(str(source), header=True, dtype=types)
        table.write_parquet(str(target), compression="zstd")
        return target.read_bytes()


_WRITERS: Mapping[str, Callable[[Sequence[Entry], Form], bytes]] = {
    ".xlsx": _xlsx,
    ".csv": _csv,
    ".parquet": _parquet,
}

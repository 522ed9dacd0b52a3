"""Writes a comparison for people and for programs: text, Markdown, CSV, JSON."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from generator.compare.reports import Change, Compared, FigureRow, SectionRow
from generator.report.filters import percentage
from generator.values import keys
from generator.values.grid import Number
from generator.values.printable import cell, json_text, printable
from generator.values.width import columns

_NOWHERE = "—"
_SIDES = (("保留", "kept"), ("新增", "added"), ("删去", "removed"))


def as_text(comparison: Compared) -> str:
    """Return the comparison as aligned columns; the labels, of all lengths, come last."""
    rows = [("项目", *comparison.names, "增减", "增幅")]
    rows += [_cells(row) for row in comparison.figures]
    widths = [max(columns(row[index]) for row in rows) for index in range(1, 5)]
    lines = []
    change: Change | None = None
    for row, cells in zip((None, *comparison.figures), rows, strict=True):
        if row and row.change != change:
            change = row.change
            lines += ["", f"【{change}】"]
        lines.append(_aligned(cells, widths))
    for section in comparison.sections:
        lines += [
            "",
            f"{section.heading}：{_share(section)} 的文字与前者相同",
            *_sentences(section),
        ]
    return "\n".join(map(printable, lines)) + "\n"


def as_markdown(comparison: Compared) -> str:
    """Return the comparison as Markdown."""
    first, second = map(_markdown, comparison.names)
    lines = [f"# {first} 与 {second}", "", "## 数字"]
    for change in Change:
        rows = [row for row in comparison.figures if row.change is change]
        if rows:
            lines += ["", f"### {change}（{len(rows)} 项）", ""]
            lines += [f"| 项目 | {first} | {second} | 增减 | 增幅 |", "|---|--:|--:|--:|--:|"]
            lines += [f"| {' | '.join(map(_markdown, _cells(row)))} |" for row in rows]
    lines += ["", "## 文字"]
    for section in comparison.sections:
        lines += ["", f"### {section.heading}（相同 {_share(section)}）", ""]
        lines += [f"- {_markdown(line.strip())}" for line in _sentences(section)]
    return "\n".join(lines) + "\n"


def as_csv(comparison: Compared) -> str:
    """Return figures and the likeness of the parts as CSV, with a byte order mark for Excel."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("类别", "项目", *map(cell, comparison.names), "增减", "增幅", "情况"))
    for row in comparison.figures:
        label, *values = _cells(row)
        writer.writerow(("数字", cell(label), *values, str(row.change)))
    for section in comparison.sections:
        writer.writerow(("文字", section.heading, "", "", "", _share(section), "相同"))
        for old, new in section.changed:
            texts = cell(old), cell(new)
            writer.writerow(("文字", section.heading, *texts, "", "", "改写"))
        for name, side in _SIDES:
            for sentence in getattr(section, side):
                shown = cell(sentence)
                old, new = (shown, "") if side == "removed" else ("", shown)
                writer.writerow(("文字", section.heading, old, new, "", "", name))
    return "\ufeff" + out.getvalue()


def as_json(comparison: Compared) -> str:
    """Return the comparison as one JSON object; figures are numbers, blanks null."""
    data = {
        "first": comparison.names[0],
        "second": comparison.names[1],
        "figures": [
            {
                "label": row.label,
                "first": _number(row.first),
                "second": _number(row.second),
                "difference": _number(row.difference),
                "percent": row.percent or None,
                "outcome": row.change.name.lower(),
            }
            for row in comparison.figures
        ],
        "sections": [
            {
                "heading": section.heading,
                "similarity": round(float(section.similarity), 4),
                "kept": section.kept,
                "changed": [{"first": old, "second": new} for old, new in section.changed],
                "added": section.added,
                "removed": section.removed,
            }
            for section in comparison.sections
        ],
    }
    return json_text(data) + "\n"


FORMATS: dict[str, Callable[[Compared], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "csv": as_csv,
    "json": as_json,
}


_MARKS = re.compile(r"[\\`*_\[\]<>|#~@]|(?<=www)\.|:(?=//)")


def _markdown(text: str) -> str:
    """Return a text that is set as it stands: it ends no cell and links to nowhere."""
    return _MARKS.sub(r"\\\g<0>", printable(text))


def _cells(row: FigureRow) -> tuple[str, str, str, str, str]:
    def side(value: Number | None, exists: bool) -> str:
        if not exists:
            return _NOWHERE
        return keys.UNFILLED if value is None else f"{value:f}" if _is_money(value) else str(value)

    difference = row.difference
    change = "" if difference is None else f"{difference:+}" if difference else "0"
    return (
        row.label,
        side(row.first, row.in_first),
        side(row.second, row.in_second),
        change,
        row.percent,
    )


def _is_money(value: Number) -> bool:
    return isinstance(value, Decimal)


def _aligned(cells: tuple[str, ...], widths: list[int]) -> str:
    label, *values = cells
    line = ""
    for value, width in zip(values, widths, strict=True):
        line += " " * (width - columns(value)) + value + "  "
    return line + label


def _share(section: SectionRow) -> str:
    return percentage(section.similarity, 1)


def _sentences(section: SectionRow) -> Iterator[str]:
    for sentence in section.kept:
        yield f"  保留  {sentence}"
    for old, new in section.changed:
        yield f"  改写  {old} → {new}"
    for sentence in section.added:
        yield f"  新增  {sentence}"
    for sentence in section.removed:
        yield f"  删去  {sentence}"


def _number(value: Number | None) -> Any:
    """Return a figure as JSON has it; a decimal keeps its digits as far as a float does."""
    return float(value) if isinstance(value, Decimal) else value

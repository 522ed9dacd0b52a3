"""How sure an import is, in words for the office: what was read, changed, left out, is missing."""

from __future__ import annotations

from collections.abc import Iterator

from generator.old_report.blocks import Kind, Note
from generator.old_report.imported import Imported

_MOST_SHOWN = 8
"""Notes of a kind that are written out; of the rest only the number is told."""
_LONGEST = 120
_ALWAYS = (
    Kind.UNPLACED,
    Kind.MISSING,
    Kind.FORM,
    Kind.TOTALS,
    Kind.OFFICE,
    Kind.LABEL,
    Kind.CELL,
)
"""Kinds of which every note is written out: each needs a look."""


def sureness(imported: Imported) -> Iterator[str]:
    """Yield the lines of the report on one import."""
    settled = imported.settled
    yield f"{imported.form.id} 年格式，{imported.year} 年度，{imported.office or '机关名称不明'}"
    yield (
        f"数字：读出 {settled.read}/{settled.total}，空白 {settled.blank}，"
        f"原文缺 {settled.missing}，没有位置 {len(imported.unplaced)}，"
        f"待填 {settled.unfilled + len(imported.missing_texts)}"
    )
    changes = (Kind.CONVERTED, Kind.NUMBERING, Kind.RESIDUE, Kind.FURNITURE)
    yield "，".join(f"{kind} {_count(imported, kind)}" for kind in changes)
    for kind in Kind:
        yield from _group(kind, [note for note in imported.notes if note.kind is kind])


def _count(imported: Imported, kind: Kind) -> int:
    return sum(note.kind is kind for note in imported.notes)


def _group(kind: Kind, notes: list[Note]) -> Iterator[str]:
    if not notes:
        return
    yield f"{kind}（{len(notes)}）"
    told: dict[str, list[str]] = {}
    for note in notes:
        told.setdefault(note.message, []).append(note.origin)
    most = len(told) if kind in _ALWAYS else _MOST_SHOWN
    for message, origins in list(told.items())[:most]:
        where = "、".join(list(dict.fromkeys(filter(None, origins)))[:3])
        times = f"，共 {len(origins)} 处" if len(origins) > 1 else ""
        yield f"  {_short(message)}{f'（{where}{times}）' if where or times else ''}"
    if len(told) > most:
        yield f"  ……还有 {len(told) - most} 种"


def _short(message: str) -> str:
    """Return a message of one line; what an old file says is not to drive the terminal."""
    printable = "".join(c if c.isprintable() else " " for c in message)
    return printable if len(printable) <= _LONGEST else f"{printable[: _LONGEST - 1]}…"

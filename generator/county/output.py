"""The register in rows, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from generator.county.register import Entry, State
from generator.county.sheets import Sheet, Value, as_csv, as_xlsx
from generator.values.diagnostics import Severity
from generator.values.printable import json_text

HEAD = ("机关", "名称", "类型", "状态", "错误", "警告", "待填", "已接受", "期限", "逾期天数")


def row(entry: Entry) -> tuple[Value, ...]:
    """Return an entry as a row under ``HEAD``."""
    return (
        entry.office,
        entry.name,
        entry.kind,
        entry.state.value,
        entry.count(Severity.ERROR),
        entry.count(Severity.WARNING),
        entry.unfilled,
        entry.accepted,
        entry.due.isoformat(),
        entry.days_late,
    )


def counts(entries: Sequence[Entry]) -> str:
    """Return the first line of the register: how many there are of each state, how many late."""
    found = Counter(entry.state for entry in entries)
    parts = [f"{state.value} {found[state]}" for state in State]
    late = sum(entry.late for entry in entries)
    return f"{len(entries)} 个机关：{'，'.join(parts)}{f'；逾期 {late}' if late else ''}"


def what_to_do(entry: Entry) -> str:
    """Return in a few words what an office still has to do."""
    late = f"，逾期 {entry.days_late} 天" if entry.late else ""
    if entry.state is State.PASSED:
        warnings = entry.count(Severity.WARNING)
        return f"{warnings} 个警告" if warnings else ""
    if entry.state is State.MISSING:
        return f"期限 {entry.due.isoformat()}{late}"
    if entry.is_fault:
        return "程序出错，没有检查完"
    errors = entry.count(Severity.ERROR) - entry.unfilled
    parts = [f"{entry.unfilled} 处待填"] * bool(entry.unfilled) + [f"{errors} 个错误"] * (
        errors > 0
    )
    return "，".join(parts) + late


def lines(entries: Sequence[Entry]) -> Iterator[tuple[str, str, str, str]]:
    """Yield state, name, path and what to do of each entry, for people."""
    for entry in entries:
        yield entry.state.value, entry.name, entry.office, what_to_do(entry)


def as_json(entries: Sequence[Entry]) -> bytes:
    """Return the register as contract §5 names its keys."""
    found = [
        {
            "office": entry.office,
            "name": entry.name,
            "kind": entry.kind,
            "state": entry.state.value,
            "errors": entry.count(Severity.ERROR),
            "warnings": entry.count(Severity.WARNING),
            "unfilled": entry.unfilled,
            "due": entry.due.isoformat(),
            "late": entry.late,
            "days_late": entry.days_late,
            "accepted": entry.accepted,
        }
        for entry in entries
    ]
    return f"{json_text(found)}\n".encode()


def _csv(entries: Sequence[Entry]) -> bytes:
    return as_csv(HEAD, map(row, entries))


def _xlsx(entries: Sequence[Entry]) -> bytes:
    return as_xlsx([Sheet("报送情况", HEAD, [row(entry) for entry in entries])])


FORMATS: Mapping[str, Callable[[Sequence[Entry]], bytes]] = {
    "json": as_json,
    "csv": _csv,
    "xlsx": _xlsx,
}

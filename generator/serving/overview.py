"""The list of offices: how far each is in a year, what comes next, and what is looked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from generator.county.register import Entry, State
from generator.serving.findings import blanks_of
from generator.serving.workspace import Office, Workspace
from generator.values.diagnostics import Severity

PAGE = 100
"""Offices on one page of the list: five thousand rows take a browser a second to lay out."""
WAITING = "检查中"
"""How an office is called that was not examined yet."""
AWAY = "不报"
"""How an office is called that does not report in a year."""


@dataclass(frozen=True, slots=True)
class Row:
    """An office in the list."""

    id: str
    name: str
    path: str
    year: int
    """The year that is listed."""
    has_report: bool
    state: str
    errors: int
    warnings: int
    unfilled: int
    due: date | None
    days_late: int
    years: tuple[int, ...]
    before: int | None
    """The newest year before the listed one that has a report, to begin from."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the list shows: ``rows`` are those of a page, ``counts`` those of all by state."""

    rows: tuple[Row, ...]
    year: int | None
    years: tuple[int, ...]
    query: str
    state: str
    counts: dict[str, int]
    found: int
    page: int
    pages: int
    strays: tuple[tuple[str, str, str], ...]
    """Files that look like a report and are none: the name, what is wrong, what to do."""


def overview(
    workspace: Workspace, year: int | None, query: str = "", state: str = "", page: int = 1
) -> Overview:
    """Return a page of the list; offices that need something come first."""
    years = workspace.years
    chosen = year or (years[0] if years else None)
    offices = workspace.offices.values()
    rows = [_row(workspace, office, chosen) for office in offices] if chosen else []
    words = query.split()
    rows = [row for row in rows if all(word in f"{row.name} {row.path}" for word in words)]
    counts = Counter(row.state for row in rows)
    shown = [row for row in rows if not state or row.state == state]
    shown.sort(key=lambda row: _ORDER.index(row.state))
    pages = max(1, -(-len(shown) // PAGE))
    page = min(max(page, 1), pages)
    return Overview(
        rows=tuple(shown[(page - 1) * PAGE : page * PAGE]),
        year=chosen,
        years=tuple(dict.fromkeys((*([chosen] if chosen else ()), *years))),
        query=query,
        state=state,
        counts={name: counts[name] for name in _ORDER if counts[name]},
        found=len(shown),
        page=page,
        pages=pages,
        strays=tuple((f.place.file.name, f.message, f.hint) for f in workspace.strays),
    )


_ORDER = [
    *map(str, (State.WRONG, State.UNFILLED, State.MISSING)),
    WAITING,
    str(State.PASSED),
    AWAY,
]


def _row(workspace: Workspace, office: Office, year: int) -> Row:
    entry = workspace.known(office, year)
    known = workspace.is_known(office, year)
    has_report = year in office.years
    state = str(entry.state) if entry else AWAY if known else WAITING
    return Row(
        id=office.id,
        name=entry.name if entry else workspace.name_of(office),
        path=office.path,
        year=year,
        has_report=has_report,
        state=state,
        errors=entry.count(Severity.ERROR) - entry.unfilled if entry else 0,
        warnings=entry.count(Severity.WARNING) if entry else 0,
        unfilled=_blanks(workspace, entry),
        due=entry.due if entry else None,
        days_late=entry.days_late if entry else 0,
        years=office.years,
        before=next((each for each in office.years if each < year), None),
    )


def _blanks(workspace: Workspace, entry: Entry | None) -> int:
    """Count what is to be filled in as a report's own pages do."""
    if entry is None or entry.form is None:
        return 0
    form = workspace.forms.load(entry.form)
    figures = zip(form.figures, entry.figures, strict=False)
    known = {path: value for path, value in figures if value is not None}
    return blanks_of(form, known, entry.findings).total()

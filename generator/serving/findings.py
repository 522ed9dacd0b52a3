"""Findings as a page shows them: in words, with their place, the way out, and what may be done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.findings.printing import NAMES
from generator.form.form import Form
from generator.judging.equations import Equations
from generator.judging.examine import Examined
from generator.judging.mending import Mend, each_mend, mends
from generator.report.report import Report
from generator.values.diagnostics import Diagnostic, KeyPath, Severity, dotted
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits

HEAD = 0
"""The number of the page for title, foot and acceptance; the parts count from 1."""


@dataclass(frozen=True, slots=True)
class Mending:
    """A figure and what it would have to be."""

    path: FigurePath
    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One finding. ``part`` is the page that its place is on, ``line`` file and line to copy."""

    code: str
    level: str
    """The word of :class:`Severity`, for how it looks."""
    level_name: str
    message: str
    detail: tuple[str, ...]
    hint: str
    basis: str
    accepted: str
    acceptable: bool
    part: int
    path: KeyPath
    place: str
    label: str
    line: str
    figures: tuple[FigurePath, ...]
    """The figures of this report that it is about."""
    mends: tuple[Mending, ...] = ()
    """The figures that would let a broken relation hold again; where there is one, that one."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The findings of a report; of what is to be filled in only the number is told."""

    open: tuple[Shown, ...]
    accepted: tuple[Shown, ...]
    blanks: int
    errors: int
    warnings: int
    blanks_by_part: Mapping[int, int]
    open_by_part: Mapping[int, int]

    @property
    def passes(self) -> bool:
        """Whether nothing keeps the report from being published."""
        return not self.errors and not self.blanks


def blanks_of(
    form: Form, values: Mapping[FigurePath, Number], findings: Iterable[Diagnostic]
) -> Counter[int]:
    """Count by part what is still to be filled in: figures of tables, and marks in texts."""
    counts: Counter[int] = Counter()
    for table in form.tables.values():
        part = part_of(form, (table.key,))
        missing = sum(p not in values and p not in table.addends for p in table.grid.figures)
        counts[part] = missing
    for finding in findings:
        if finding.is_blank and finding.blocks:
            part = part_of(form, finding.place.path)
            if not finding.place.path or finding.place.path[0] not in form.table_by_key:
                counts[part] += 1
    return counts


def listed(examined: Examined, touched: FigurePath | None = None) -> Listed:
    """Return a report's findings as they are shown.

    ``touched`` is the figure that was changed last: where it broke something, it is the one to
    look at again.
    """
    form = examined.report.form if examined.report else None
    mending = _mends(examined.report, touched)
    shown = [(finding, _shown(finding, form, examined, mending)) for finding in examined.findings]
    blanks = tuple(s for f, s in shown if f.is_blank and f.blocks)
    others = [(f, s) for f, s in shown if not (f.is_blank and f.blocks)]
    order = list(Severity)
    opened = sorted(
        (p for p in others if not p[0].accepted), key=lambda p: order.index(p[0].severity)
    )
    open_ones = tuple(s for _, s in opened)
    values = examined.report.figures.values if examined.report else {}
    counts = blanks_of(form, values, examined.findings) if form else Counter()
    return Listed(
        open=open_ones,
        accepted=tuple(s for f, s in others if f.accepted),
        blanks=counts.total() or len(blanks),
        errors=sum(s.level == Severity.ERROR for s in open_ones),
        warnings=sum(s.level == Severity.WARNING for s in open_ones),
        blanks_by_part=counts,
        open_by_part=Counter(s.part for s in open_ones if s.level != Severity.INFO),
    )


def part_of(form: Form | None, path: Sequence[str | int]) -> int:
    """Return the number of the part that a place is in; 0 for the head and the foot."""
    parts = [section.key for section in form.sections] if form else []
    return parts.index(str(path[0])) + 1 if path and path[0] in parts else HEAD


def _shown(finding: Diagnostic, form: Form | None, examined: Examined, mending: Mends) -> Shown:
    place = finding.place
    own = place.file == examined.at.file
    path = place.path if own else ()
    figures = tuple(_figures(finding, form, examined))
    return Shown(
        code=finding.code,
        level=str(finding.severity),
        level_name=NAMES[finding.severity],
        message=finding.message,
        detail=finding.detail,
        hint=finding.hint,
        basis=finding.basis,
        accepted=finding.accepted,
        acceptable=bool(own and form and form.is_acceptable(finding.code)),
        part=part_of(form, path),
        path=path,
        place=dotted(path),
        label=form.label(path) if form and path else "",
        line=_line(finding, examined),
        figures=figures,
        mends=mending.get((finding.code, figures[0]), ()) if figures else (),
    )


def _line(finding: Diagnostic, examined: Examined) -> str:
    """Return file and line as the workspace names them; what lies elsewhere by its name alone."""
    file, root = finding.place.file, examined.at.root
    name = file.relative_to(root) if file.is_relative_to(root) else file.name
    return f"{name}:{finding.position.line}"


def _figures(finding: Diagnostic, form: Form | None, examined: Examined) -> Iterator[FigurePath]:
    if form is None:
        return
    figures = set(form.figures)
    places: Iterable[KeyPath] = (
        *(item.place.path for item in finding.related if item.place.file == examined.at.file),
        finding.place.path,
    )
    for path in dict.fromkeys(tuple(map(str, place)) for place in places):
        if path in figures:
            yield path


Mends = Mapping[tuple[str, FigurePath], tuple[Mending, ...]]
"""By a rule and the first figure of a relation of it that is broken."""


def _mends(report: Report | None, touched: FigurePath | None) -> Mends:
    """Return what would mend each broken relation: the one figure that mends all that it upset.

    Where there is no such figure, the one that was changed last, if it would mend this relation;
    else those that would, which are no zeros as far as there are such.
    """
    if report is None:
        return {}
    equations = Equations(report)
    rules = (rule for rule in report.form.rules if rule.kind == "relation")
    judged = [each for rule in rules for each in equations.judge(rule)]
    best = mends(judged, report)
    found = {}
    for index, each in enumerate(judged):
        if each.holds is False:
            first = next((t.path for t in each.comparison.terms if t.path and not t.previous), ())
            some = [best[index]] if index in best else _likely(each_mend(each, report), touched)
            found[each.rule.id, first] = tuple(_mending(mend, report) for mend in some)
    return found


_MOST = 3
"""Figures that are named where each of them would mend a relation."""


def _likely(candidates: list[Mend], touched: FigurePath | None) -> list[Mend]:
    changed_last = [mend for mend in candidates if mend.path == touched]
    return (changed_last or [mend for mend in candidates if mend.old] or candidates)[:_MOST]


def _mending(mend: Mend, report: Report) -> Mending:
    label = report.form.label(mend.path)
    return Mending(mend.path, label, digits(mend.old), digits(mend.new))

"""Judges a roll-up against its members: who is missing, what does not add up, and why (R-1 to R-6).

``statutory-format`` calls these the checks of a government's report: every cell of it is the sum
over its members. Nothing is guessed: an explanation is told only where it fits the difference to
the last unit, in every cell that differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from generator.form.rules import Comparison, Rule
from generator.judging.equations import Equations, Judged
from generator.judging.membership import misdeclared
from generator.reading.workspace import OFFICE_FILE
from generator.report.figures import Figures
from generator.report.office import RollUp
from generator.report.report import Member, Report, added_up, counted
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Related
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits

MOST_NAMED = 8
"""Members that a message names; the others are counted."""
LARGEST_GROUP = 3
"""Members that may have been left out or counted twice together."""

Differences = Mapping[FigurePath, Number]
"""What a typed figure has more than the sum over the members, for those that differ."""


def check_roll_up(report: Report, standings: Mapping[str, str]) -> Iterator[Diagnostic]:
    """Yield what is wrong with a roll-up and its members.

    ``standings`` say what keeps each member's own report from being published, by its folder.
    """
    roll_up = report.office.roll_up
    if roll_up is None:
        yield from _undeclared(report)
        return
    troubles = [*_missing(report), *_unfit(report, standings)]
    yield from troubles
    yield from misdeclared(report, _place(report))
    if not troubles:
        yield from _wrong_sums(report, roll_up)
    yield from _broken_years(report)


def lacking(report: Report, standings: Mapping[str, str]) -> list[str]:
    """Return the names of the members that a draft of a roll-up lacks or cannot rely on."""
    return [
        member.name
        for member in report.members
        if not member.apart and (member.report is None or _fault(member, report, standings))
    ]


def _undeclared(report: Report) -> Iterator[Diagnostic]:
    if not report.source.may_say(keys.ROLL_UP):
        return
    for path in _declared(report.data):
        message = f"这里写了「{keys.ROLL_UP}」，{report.office.source.file.name} 却没有声明汇总"
        hint = (
            f"本级政府的年度报告，在 {report.office.source.file.name} 写上"
            f"「{keys.ROLL_UP}: {{{keys.COMPETENT}: …}}」；一个机关自己的报告，这里填自己的数"
        )
        yield Diagnostic.coded("R-5", Place(report.at.file, path), message, hint)


def _declared(data: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    """Yield the places that are declared to be added up."""
    if data == keys.ROLL_UP:
        yield path
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _declared(value, (*path, key))


def _place(report: Report) -> Place:
    """Return where a finding about the members as a whole stands: the first declared sum."""
    return Place(report.at.file, next(_declared(report.data), ()))


# the members.


def _missing(report: Report) -> Iterator[Diagnostic]:
    place = _place(report)
    if not [member for member in report.members if not member.apart]:
        hint = "下级机关各建一个文件夹，放在本机关的文件夹里；一个都没有的，不要声明汇总"
        yield Diagnostic.coded("R-3", place, "声明了汇总，下面却没有一个计入的机关", hint)
    for name in _unknown_exclusions(report):
        file = report.office.source.file
        message = f"「{keys.EXCLUDED}」里的「{name}」不是下一级机关的文件夹"
        known = "、".join(member.folder_in(report) for member in report.members)
        where = Place(file, (keys.ROLL_UP, keys.EXCLUDED, name), on_key=True)
        yield Diagnostic.coded("R-3", where, message, f"下一级机关有：{known}")
    for member in report.members:
        if member.apart or member.report:
            continue
        if member.at.file.is_file():
            message = f"「{member.name}」的 {report.year} 年度报告读不了"
            hint = f"先改好它：nianbao check {member.at.file}"
        else:
            message = f"「{member.name}」没有 {report.year} 年度的报告"
            hint = (
                f"催它报送；不计入的，写进 {report.office.source.file.name} 的"
                f"「{keys.ROLL_UP}.{keys.EXCLUDED}」；撤销或合并了的，写它自己的「{keys.EXISTENCE}」"
            )
        yield Diagnostic.coded("R-3", place, message, hint)


def _unknown_exclusions(report: Report) -> list[str]:
    roll_up = report.office.roll_up
    known = {member.folder_in(report) for member in report.members}
    return [name for name in (roll_up.excluded if roll_up else {}) if name not in known]


def _unfit(report: Report, standings: Mapping[str, str]) -> Iterator[Diagnostic]:
    place = _place(report)
    for member in counted(report.members):
        if fault := _fault(member, report, standings):
            hint = f"改好「{member.name}」的报告再汇总：nianbao check {member.at.file}"
            yield Diagnostic.coded("R-2", place, f"「{member.name}」的报告不能计入：{fault}", hint)


def _fault(member: Member, report: Report, standings: Mapping[str, str]) -> str:
    """Say why a member's report cannot be added up, nothing for one that can."""
    if member.report and member.report.form is not report.form:
        return f"它用的是 {member.report.form.id} 年格式，汇总用的是 {report.form.id} 年格式"
    return standings.get(member.folder_in(report), "")


# typed figures against the sums.


def _wrong_sums(report: Report, roll_up: RollUp) -> Iterator[Diagnostic]:
    differences = typed_differences(report)
    if not differences:
        return
    why = explanation(differences, report, roll_up)
    rows: dict[FigurePath, list[FigurePath]] = {}
    for path in differences:
        rows.setdefault(path[:-1] if len(path) > 2 else path, []).append(path)
    for paths in rows.values():
        yield _wrong_row(paths, differences, report, why)


def typed_differences(report: Report) -> Differences:
    """Return by how much each typed figure exceeds the sum; totals follow from the others."""
    sums = added_up(report.form, report.members)
    totals = {path for table in report.form.tables.values() for path in table.addends}
    found: dict[FigurePath, Number] = {}
    for path in report.form.figures:
        own = report.figures.get(path)
        if own is not None and path not in totals and own != sums.get(path, 0):
            found[path] = own - sums.get(path, 0)
    return found


def _wrong_row(
    paths: Sequence[FigurePath], differences: Differences, report: Report, why: str
) -> Diagnostic:
    sums = added_up(report.form, report.members)
    first = paths[0]
    parts = [
        f"{report.form.label(path)}填 {digits(report.figures.get(path) or 0)}，各单位合计 "
        f"{digits(sums[path])}，{_more_or_less(differences[path])}"
        for path in paths
    ]
    members = [m for m in counted(report.members) if m.report]
    related = tuple(
        Related(Place(m.at.file, path), f"{m.name} {report.form.label(path)}", digits(value))
        for path in paths
        for m in members
        if m.report and (value := m.report.figures.get(path) or 0)
    )
    detail = tuple(_working(path, members, report) for path in paths)
    hint = f"{why}。" if why else ""
    hint += f"核对后改成合计数，或写「{keys.ROLL_UP}」由程序相加"
    place = Place(report.at.file, first)
    return Diagnostic.coded("R-1", place, "；".join(parts), hint, related, detail)


def _more_or_less(difference: Number) -> str:
    return f"多 {digits(difference)}" if difference > 0 else f"少 {digits(-difference)}"


def _working(path: FigurePath, members: Sequence[Member], report: Report) -> str:
    """Write a sum out, the members with nothing left out."""
    values: list[tuple[str, Number]] = [
        (m.name, m.report.figures.get(path) or 0) for m in members if m.report
    ]
    shown = [f"{name} {digits(value)}" for name, value in values if value]
    rest = len(values) - len(shown)
    total: Number = sum(value for _, value in values)
    text = " + ".join(shown) or "各单位都是 0"
    return f"{digits(total)} = {text}{f'（其余 {rest} 个单位为 0）' if rest and shown else ''}"


def explanation(differences: Differences, report: Report, roll_up: RollUp) -> str:
    """Say which slip with the members makes exactly these differences, or nothing.

    Tried in this order: the own organ left out; up to three members left out or counted twice; two
    rows of one member exchanged.
    """
    members = [m for m in counted(report.members) if m.report and m.report.form is report.form]
    own = [m for m in members if m.name == roll_up.competent]
    if own and _left_out(own, differences, report, -1):
        return f"差数正好是「{own[0].name}」自己的数：只加了下级，没有加上本机关"
    for size in range(1, LARGEST_GROUP + 1):
        for group in combinations(members, size):
            names = "、".join(f"「{member.name}」" for member in group)
            if _left_out(group, differences, report, -1):
                return f"差数正好是{names}的数：漏加了"
            if _left_out(group, differences, report, 1):
                return f"差数正好是{names}的数：加了两次"
        if len(members) > _MOST_GROUPED:
            break
    for member in members:
        if rows := _exchanged(member, differences, report):
            one, other = (report.form.label_parts(row)[-2:] for row in rows)
            return f"差数正好等于把「{member.name}」的「{one[0]}」与「{other[0]}」两行填反了"
    return ""


_MOST_GROUPED = 60
"""Members among which pairs and triples are tried; beyond, there are too many of them."""


def _left_out(group: Sequence[Member], differences: Differences, report: Report, sign: int) -> bool:
    """Whether the figures of ``group``, times ``sign``, are the differences in every cell."""
    totals = {path for table in report.form.tables.values() for path in table.addends}
    reports = [member.report for member in group if member.report]
    some = False
    for path in report.form.figures:
        if path in totals or report.figures.get(path) is None:
            continue
        value = sum((r.figures.get(path) or 0 for r in reports), start=0)
        if sign * value != differences.get(path, 0):
            return False
        some = some or bool(value)
    return some


def _exchanged(
    member: Member, differences: Differences, report: Report
) -> tuple[FigurePath, FigurePath] | None:
    """Return two rows whose exchange, for one member, makes exactly these differences."""
    rows = list(dict.fromkeys(path[:-1] for path in differences))
    if len(rows) != 2 or member.report is None:
        return None
    one, other = rows
    figures = member.report.figures
    columns = {path[-1] for path in differences}
    fits = all(
        differences.get((*one, c), 0)
        == (figures.get((*other, c)) or 0) - (figures.get((*one, c)) or 0)
        == -differences.get((*other, c), 0)
        for c in columns
    )
    some = (*one, next(iter(columns))), (*other, next(iter(columns)))
    return some if fits else None


# rules from year to year, and the members that break them.


def _broken_years(report: Report) -> Iterator[Diagnostic]:
    if report.previous is None:
        return
    equations = Equations(report)
    for rule in report.form.rules:
        if rule.kind != "relation" or not _compares_years(rule):
            continue
        for judged in equations.judge(rule):
            if judged.holds is False and not _only_totals(judged, report):
                yield from _who_breaks(judged, equations)


def _compares_years(rule: Rule) -> bool:
    return any(
        term.previous and binding.comparison.relation == "equals"
        for binding in rule.bindings
        for term in binding.comparison.terms
    )


def _only_totals(judged: Judged, report: Report) -> bool:
    """Whether an equation is about computed totals alone: its columns say the same."""
    paths = [t.path for t in judged.comparison.terms if t.path and not t.previous]
    return all(map(report.is_computed, paths))


def _who_breaks(judged: Judged, equations: Equations) -> Iterator[Diagnostic]:
    """Name the members, present and past, whose own figures make up a broken rule."""
    report, comparison = equations.report, judged.comparison
    lines = []
    for member, equation in _members_of_both_years(report):
        left, right = (_side(equation, comparison, left) for left in (True, False))
        if left != right:
            gap = _more_or_less(left - right)
            lines.append(
                f"{member.name}：{digits(left)} 与 {digits(right)}，{gap}{_became(member)}"
            )
    if not lines:
        return
    subject = equations.subject(comparison)
    names = "；".join(lines[:MOST_NAMED])
    more = f"；另有 {len(lines) - MOST_NAMED} 个单位" if len(lines) > MOST_NAMED else ""
    place = Place(report.at.file, next(t.path for t in comparison.terms if t.path))
    message = f"{judged.rule.id}（{subject}）在汇总里不成立，差数出在：{names}{more}"
    hint = f"逐个核对这些单位；新设、撤销、合并的，在它的 {OFFICE_FILE} 写「{keys.EXISTENCE}」"
    yield Diagnostic.coded("R-4", place, message, hint, detail=tuple(lines))


def _became(member: Member) -> str:
    merged = member.existence.merged_into
    return f"（{member.existence.last} 年止，并入 {merged}）" if merged else ""


def _members_of_both_years(report: Report) -> Iterator[tuple[Member, Equations]]:
    """Yield this year's members, and last year's that no longer count, with their figures."""
    now = {member.at.folder for member in counted(report.members)}
    for member in counted(report.members):
        if member.report:
            yield member, Equations(member.report)
    for member in counted(report.previous.members) if report.previous else ():
        if member.report and member.at.folder not in now:
            yield member, Equations(_without_this_year(member.report))


def _without_this_year(report: Report) -> Report:
    """Return a report of the year after, in which there is nothing any more."""
    at = report.at.in_year(report.year + 1)
    figures = Figures({}, frozenset(), frozenset(), frozenset())
    return Report(at, report.office, report.form, report.source, figures, previous=report)


def _side(equations: Equations, comparison: Comparison, left: bool) -> Number:
    terms = comparison.left if left else comparison.right
    total: Number = 0
    for term in terms:
        total += (equations.value(term) or 0) * term.times
    return total

"""What a figure is and what makes it up, told at length: for ``explain``.

Without a report: what the form prints for it, where it stands in an office file, how it is filled
in. In a report: its value, each addend with its place, and the equations that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.findings.in_report import equation
from generator.findings.printing import wrapped
from generator.form.form import Form
from generator.form.names import Kind, Named, UnknownName, parse
from generator.form.rules import Comparison, Rule
from generator.judging.equations import Equations
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Place, dotted
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits


def explained(name: str, forms: Sequence[Form]) -> Iterator[str]:
    """Yield what the newest of ``forms`` that has the figure says of it.

    Raises:
        UnknownName: no form has it; the message names the nearest.
    """
    name = parse(name).text
    form, named = _newest(name, forms)
    having = [each for each in forms if _known(each, name)]
    yield f"{named.name}　{named.label}"
    yield f"  表式：{'、'.join(f'{each.id} 年格式' for each in having)}"
    yield f"  位置：{form.label(named.path[:1])}；{_place(named)}"
    for note in _notes(form, named):
        yield f"  填报：{note}"
    addends = _addends(form, named)
    if addends:
        yield from wrapped(f"算式：{' + '.join(_short(form, addends, path) for path in addends)}")
    rules = [rule.id for rule in form.rules if _concerns(rule, named)]
    if rules:
        yield f"  规则：{'、'.join(rules)}（nianbao explain 编号）"
    if named.kind is not Kind.GROUP:
        yield f"  取数：文字里写 {{{{ {named.name} }}}}"


def in_report(name: str, report: Report) -> Iterator[str]:
    """Yield a figure's value in a report, what it adds up, and the equations it stands in.

    Raises:
        UnknownName: the report's form has no such figure, or there is no report of last year.
    """
    name, is_last_years = parse(name)
    if is_last_years:
        if report.previous is None:
            raise UnknownName(f"没有可用的 {report.year - 1} 年度报告")
        report = report.previous
    named = report.form.names.resolve(name)
    where = _where(report, named.path)
    if named.kind is Kind.GROUP:
        yield f"{where}: {named.label}：{len(named.figures)} 个数"
    else:
        yield f"{where}: {named.label}：{_shown(named.value(report.figures.values))}"
        yield f"  {_origin(report, named)}"
    parts = named.figures if named.kind is Kind.GROUP else _addends(report.form, named)
    yield from _listed(report, parts)
    if named.kind is not Kind.GROUP:
        yield from _members(report, name, named.value(report.figures.values))
    yield from _last_year(report, name)
    if named.kind is not Kind.GROUP:
        yield from _equations(report, named)


def _equations(report: Report, named: Named) -> Iterator[str]:
    equations = Equations(report)
    for rule in report.form.rules:
        for judged in equations.judge(rule):
            is_asked = judged.holds is not None or judged.reason
            if is_asked and _stands_in(named, judged.comparison):
                # A title may say what is wrong (「…偏多」): where nothing is, that is said first.
                right = "没有问题：" * bool(judged.holds)
                yield equation(judged, equations, f"{rule.id} {right}{rule.title}")


def _newest(name: str, forms: Sequence[Form]) -> tuple[Form, Named]:
    by_age = sorted(forms, key=lambda form: form.first_year, reverse=True)
    form = next((form for form in by_age if _known(form, name)), by_age[0])
    return form, form.names.resolve(name)


def _known(form: Form, name: str) -> Named | None:
    try:
        return form.names.resolve(name)
    except UnknownName:
        return None


def _place(named: Named) -> str:
    """Say where a figure is typed; what is not printed cannot be typed."""
    if named.kind is Kind.TOTAL:
        return "表中不印这个数，由程序相加"
    return f"文件里写作 {dotted(named.path)}"


def _notes(form: Form, named: Named) -> Iterator[str]:
    """Yield what is said of the row and of the column, or of the nearest group that has a note."""
    path = named.path
    found = [form.shape.explained(path[:length])[1] for length in range(1, len(path) + 1)]
    has_columns = path[-1] in form.table_by_key[path[0]].each and found[-1]
    yield from [note for note in found if note][-2 if has_columns else -1 :]


def _addends(form: Form, named: Named) -> tuple[FigurePath, ...]:
    """Return what a total adds up; nothing for a figure of its own."""
    if named.kind is Kind.FIGURE:
        return form.table_by_key[named.path[0]].addends.get(named.path, ())
    return named.figures if named.kind is Kind.TOTAL else ()


def _short(form: Form, addends: Sequence[FigurePath], path: FigurePath) -> str:
    """Name an addend by what tells it from the others."""
    names = [form.label_parts(each) for each in addends]
    common = 0
    while len({parts[: common + 1] for parts in names}) == 1 and common < len(names[0]) - 1:
        common += 1
    return " ".join(form.label_parts(path)[common:])


def _concerns(rule: Rule, named: Named) -> bool:
    return any(_stands_in(named, binding.comparison) for binding in rule.bindings)


def _stands_in(named: Named, comparison: Comparison) -> bool:
    """Whether a comparison has the figure, all that a total adds up, or one of a group's."""
    paths = {term.path for term in comparison.terms if term.path and not term.previous}
    if named.kind is Kind.GROUP:
        return not paths.isdisjoint(named.figures)
    return paths.issuperset(named.figures)


def _origin(report: Report, named: Named) -> str:
    """Say whether the figure was typed, declared or added up."""
    path = named.path
    if named.kind is Kind.TOTAL:
        return "表中没有这个数，由下列各数相加："
    if report.is_computed(path):
        return "没有填写，由下列各数相加："
    if path in report.figures.typed:
        addends = _addends(report.form, named)
        return "照所填的数；应当等于下列各数之和：" if addends else "照所填的数"
    if report.figures.get(path) is None:
        return "还没有这个数"
    if report.members:
        return "由下级各单位相加"
    return "由所在的行或表一并写明为 0"


def _listed(report: Report, paths: Iterable[FigurePath]) -> Iterator[str]:
    """List figures with their places; those that are zero in one line if there are many."""
    shown = [path for path in paths if report.figures.get(path) != 0]
    zeros = [path for path in paths if report.figures.get(path) == 0]
    if len(zeros) <= _FEW:
        shown, zeros = list(paths), []
    for path in shown:
        value = _shown(report.figures.get(path))
        yield f"    {value:>8}  {report.form.label(path)}　{_where(report, path)}"
    if zeros:
        yield f"    {0:>8}  {'其余 ' if shown else ''}{len(zeros)} 项都是 0"


_FEW = 2
"""Zeros that are still listed one by one."""


def _members(report: Report, name: str, whole: Number | None, depth: int = 1) -> Iterator[str]:
    """Yield the tree of a roll-up's members with each one's figure, its share, file and line."""
    for member in report.members:
        indent = "  " * depth
        if member.apart:
            yield f"{indent}－ {member.name}：不计入，{member.apart}"
            continue
        named = _known(member.report.form, name) if member.report else None
        if member.report is None or named is None:
            yield f"{indent}－ {member.name}：没有可用的报告"
            continue
        value = named.value(member.report.figures.values)
        share = f"（{100 * value / whole:.1f}%）" if value is not None and whole else ""
        place = _where(member.report, named.path)
        yield f"{indent}＋ {member.name} {_shown(value)}{share}　{place}"
        yield from _members(member.report, name, whole, depth + 1)


def _last_year(report: Report, name: str) -> Iterator[str]:
    previous = report.previous
    named = _known(previous.form, name) if previous else None
    if previous and named and named.kind is not Kind.GROUP:
        value = _shown(named.value(previous.figures.values))
        yield f"  {keys.PREVIOUS}：{value}　{_where(previous, named.path)}"


def _shown(value: Number | None) -> str:
    return keys.UNFILLED if value is None else digits(value)


def _where(report: Report, path: FigurePath) -> str:
    """Return file and line of a figure, or of what declares it."""
    return f"{report.at.file}:{report.locate(Place(report.at.file, path)).line}"

"""What a finding means, told at length: for ``explain`` and for ``docs/findings.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from generator.findings.printing import NAMES, wrapped
from generator.form.catalogue import Catalogue, Entry
from generator.form.form import Form
from generator.form.names import shared_ends
from generator.form.rules import Rule, Term
from generator.values.diagnostics import Position
from generator.values.numerals import digits


def overview(known: Catalogue) -> Iterator[str]:
    """Yield one line for every code: what it is called and how much it weighs."""
    for name, codes in known.families.items():
        yield f"{name}："
        yield from family([known.entries[code][0] for code in codes])
        yield ""
    yield "详情：nianbao explain 编号；代入一份报告的数：nianbao explain 编号 路径"


def family(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one line for every code of a family."""
    for entry in entries:
        yield f"  {entry.code:<6}{NAMES[entry.level]}  {entry.title}"


def explanation(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield what a code means, what it rests on, why it usually happens and what to do."""
    for entry in entries:
        yield f"{entry.code}　{entry.title}"
        yield f"  级别：{NAMES[entry.level]}；{_acceptance(entry)}"
        if entry.form:
            yield f"  表式：{_forms(entry)}"
        for line in formula(entry):
            yield from wrapped(line)
        yield f"  依据：{entry.basis}"
        if entry.causes:
            yield "  常见原因："
            yield from (f"    · {cause}" for cause in entry.causes)
        yield f"  改法：{entry.hint}"
        yield f"  写在：{entry.place.file}:{(entry.place.position or Position()).line}"
        if entry is not entries[-1]:
            yield ""


def formula(entry: Entry) -> Iterator[str]:
    """Yield a rule's equation in the words of its form, and for what it is asked."""
    rule, form = entry.rule, entry.form
    if not rule or not form or not rule.bindings:
        return
    comparison = rule.bindings[0].comparison
    names = [form.label_parts(term.path) for term in comparison.terms if term.path]
    first, last = shared_ends(names)
    first = min(first, min(map(len, names)) - 1)

    def side(terms: Iterable[Term]) -> str:
        return " + ".join(_name(term, form, first, last) for term in terms)

    yield f"算式：{side(comparison.left)}"
    yield f"　　　{comparison.demand}"
    yield f"　　　{side(comparison.right)}"
    if len(rule.bindings) > 1:
        yield f"　　　核对 {len(rule.bindings)} 处：{'、'.join(_subjects(rule, form))}"
    if rule.after:
        yield f"　　　{'、'.join(rule.after)} 已在同一处报告的，不再报告"


def _subjects(rule: Rule, form: Form) -> list[str]:
    """Return what tells the bindings of a rule apart, such as the columns; only some of many."""
    commons = []
    for binding in rule.bindings:
        terms = [term for term in binding.comparison.terms if term.path]
        names = [form.label_parts(term.path) for term in terms]
        first, last = shared_ends(names)
        commons.append((*names[0][:first], *names[0][len(names[0]) - last :]))
    first, last = shared_ends(commons)
    subjects = [" ".join(parts[first : len(parts) - last]) for parts in commons]
    return subjects if len(subjects) <= _MOST_SUBJECTS else [subjects[0], subjects[1], "……"]


_MOST_SUBJECTS = 10


def _name(term: Term, form: Form, first: int, last: int) -> str:
    times = "" if term.times == 1 else f" × {digits(term.times)}"
    if not term.path:
        return (term.fact or digits(term.number)) + times
    parts = form.label_parts(term.path)
    parts = parts[first : len(parts) - last] or parts[-1:]
    return ("上年度 " if term.previous else "") + " ".join(parts) + times


def markdown(known: Catalogue) -> str:
    """Return the whole catalogue as a page of documentation."""
    lines = [
        "# 检查结果一览",
        "",
        "<!-- 由 nianbao explain --markdown 生成，不要手改 -->",
        "",
        "「错误」不改就不生成文档；「警告」「提示」不妨碍生成。可以接受的结果，"
        "在报告的「接受」中写明规则、位置和理由。",
    ]
    for family, codes in known.families.items():
        lines += ["", f"## {family}"]
        for code in codes:
            entries = known.entries[code]
            for entry in entries:
                lines += ["", *_section(entry, is_only=len(entries) == 1)]
    return "\n".join(lines) + "\n"


def _section(entry: Entry, *, is_only: bool) -> Iterator[str]:
    several = "" if is_only else f"（{_forms(entry)}）"
    yield f"### {entry.code}　{entry.title}{several}"
    yield ""
    forms = f"{_forms(entry)}；" if entry.form and not several else ""
    yield f"- {NAMES[entry.level]}；{forms}{_acceptance(entry)}"
    if lines := [line.removeprefix("算式：").strip("　") for line in formula(entry)]:
        yield f"- 算式：{' '.join(lines[:3])}{''.join(f'；{line}' for line in lines[3:])}"
    yield f"- 依据：{entry.basis}"
    if entry.causes:
        yield f"- 常见原因：{'；'.join(entry.causes)}"
    yield f"- 改法：{entry.hint}"


def _acceptance(entry: Entry) -> str:
    return "可以接受（写明理由）" if entry.acceptable else "不能接受"


def _forms(entry: Entry) -> str:
    return "、".join(f"{form} 年格式" for form in entry.forms)

"""What becomes of a code in one report: every equation with its figures, every finding of it."""

from __future__ import annotations

from collections.abc import Iterator

from generator.findings.printing import as_text, wrapped
from generator.form.rules import Rule
from generator.judging.equations import Equations, Judged
from generator.judging.examine import Examined
from generator.judging.prose.understood import understood


def in_report(code: str, examined: Examined) -> Iterator[str]:
    """Yield what becomes of a rule in one report: every equation with its figures."""
    yield f"{examined.at.file}"
    report = examined.report
    rules = report.form.rules if report else ()
    rule = next((r for r in rules if r.id == code and r.kind == "relation"), None)
    if report and rule:
        yield from _equations(rule, Equations(report))
        return
    found = [finding for finding in examined.findings if finding.code == code]
    for finding in found:
        yield from as_text(finding).split("\n")
    if not found:
        yield f"  没有 {code} 的检查结果"
    if report and examined.prose:
        yield from understood(code, report, examined.prose)


def _equations(rule: Rule, equations: Equations) -> Iterator[str]:
    for judged in equations.judge(rule):
        yield equation(judged, equations, equations.subject(judged.comparison))
        for side in equations.working(judged) if judged.holds is False else ():
            yield from (f"    {line}" for line in wrapped(side))


def equation(judged: Judged, equations: Equations, subject: str) -> str:
    """Say in one line whether an equation holds, with the figures of both sides, or why not."""
    comparison = judged.comparison
    if judged.holds is None:
        return f"  － {subject}：{f'跳过，{judged.reason}' if judged.reason else '不适用'}"
    left = equations.short(comparison.left, judged.left)
    right = equations.short(comparison.right, judged.right)
    return f"  {'✓' if judged.holds else '✗'} {subject}：左边 {left}；右边 {right}"

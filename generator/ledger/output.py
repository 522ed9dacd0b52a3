"""What a ledger comes to, for people and for programs; nothing of an applicant is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from generator.drafting.put_in import Change, shown
from generator.findings.machine import as_objects
from generator.findings.printing import NAMES
from generator.form.form import Form, Forms
from generator.form.names import Named
from generator.ledger.counting import Tally
from generator.values.diagnostics import Diagnostic, dotted
from generator.values.printable import json_text

_SHOWN = 12
"""Numbers of cases that are written out behind a figure that differs."""


def lines(tally: Tally, found: Sequence[Change]) -> Iterator[str]:
    """Yield what differs, a figure a line, and a last line that counts."""
    for difference in found:
        cases = named(tally.cases[difference.path])
        counted, typed = shown(difference.after), shown(difference.before)
        yield f"{difference.label}：台账 {counted}，报告 {typed}{cases}"
    same = len(tally.cases) - len(found)
    yield summary(tally, f"{same} 个数相同，{len(found)} 个不同")


def summary(tally: Tally, figures: str) -> str:
    """Return one line: how many cases were counted, how many rows were not, and the figures."""
    skipped = f"，{tally.skipped} 行没有计入" if tally.skipped else ""
    return f"台账中 {tally.counted} 件计入本年度{skipped}；{figures}"


def named(cases: Iterable[str]) -> str:
    """Write the numbers of cases in brackets, the first of many."""
    numbers = list(cases)
    if not numbers:
        return ""
    more = f" 等 {len(numbers)} 件" if len(numbers) > _SHOWN else ""
    return f"（{'、'.join(numbers[:_SHOWN])}{more}）"


def findings(found: Iterable[Diagnostic], forms: Forms) -> Iterator[str]:
    """Yield findings without the rows that they stand in: those hold more than is to be shown."""
    for each in forms.completed(found):
        where = f"{each.place.file}:{each.position.line}"
        yield f"{where}: {NAMES[each.severity]} {each.code} {each.message}"
        yield f"  改法：{each.hint}"


def of_figure(tally: Tally, figure: Named) -> Iterator[str]:
    """Yield the cases behind a figure, part by part where it adds up several."""
    known = [path for path in figure.figures if path in tally.cases]
    if not known:
        yield f"{figure.label}：台账里没有这个数"
        return
    total = sum(tally.count(path) for path in known)
    yield f"{figure.label}：台账中 {total} 件"
    for path in known:
        if len(known) > 1 and not tally.count(path):
            continue
        where = f"{path[-2]} {path[-1]}：" if len(known) > 1 else ""
        yield f"  {where}{'、'.join(tally.cases[path]) or '没有'}"


def as_json(tally: Tally, form: Form, found: Sequence[Change], forms: Forms) -> str:
    """Return the figures with their cases, what differs, and the findings."""
    typed = {difference.path: shown(difference.before) for difference in found}
    figures: list[dict[str, Any]] = [
        {
            "path": dotted(path),
            "label": form.label(path),
            "ledger": len(cases),
            "report": typed.get(path, str(len(cases))),
            "cases": cases,
        }
        for path, cases in tally.cases.items()
    ]
    told = as_objects(forms.completed(tally.findings))
    return json_text({"figures": figures, "findings": told})

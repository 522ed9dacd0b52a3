"""How far a report is from being published, in a few words."""

from __future__ import annotations

from collections.abc import Iterable

from generator.values.diagnostics import Diagnostic


def standing(findings: Iterable[Diagnostic]) -> str:
    """Say how many blanks and errors keep a report from being published, nothing of a ready one."""
    blocking = [finding for finding in findings if finding.blocks]
    blank = sum(finding.is_blank for finding in blocking)
    wrong = len(blocking) - blank
    parts = [f"还有 {blank} 处没有填"] * bool(blank) + [f"{wrong} 个错误"] * bool(wrong)
    return "、".join(parts)

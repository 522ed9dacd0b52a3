"""Prints findings, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from generator.diagnostics import Diagnostic, Place, Position, Severity, dotted
from generator.width import columns

_NAMES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_WIDEST = 76
"""Columns of a source line that are shown around the place of a finding."""


def exit_code(findings: Sequence[Diagnostic], *, strict: bool = False) -> int:
    """Return 1 when a finding keeps a report from being published, else 0."""
    blocking = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return int(any(f.severity in blocking and not f.accepted for f in findings))


def print_findings(
    findings: Sequence[Diagnostic], style: str, reports: int, *, to_stderr: bool = False
) -> None:
    """Print findings in a style, and a summary line to standard error."""
    if style == "json":
        click.echo(json.dumps([as_json(f) for f in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            click.echo(as_text(finding), err=to_stderr)
    click.echo(summary(findings, reports), err=True)


def summary(findings: Sequence[Diagnostic], reports: int) -> str:
    """Return one line: how many reports, how many findings of each level."""
    counts = Counter(finding.severity for finding in findings)
    found = "，".join(
        f"{counts[level]} 个{name}" for level, name in _NAMES.items() if counts[level]
    )
    return f"{reports} 份报告，{found or '没有发现问题'}"


def as_text(finding: Diagnostic) -> str:
    """Return a finding with its source line, a caret below the place, the hint and the basis."""
    position = finding.position
    head = f"{finding.place.file}:{position.line}:{position.column}"
    lines = [f"{head}: {_NAMES[finding.severity]} {finding.code} {finding.message}"]
    lines += _excerpt(finding.place.file, position)
    if finding.hint:
        lines.append(f"  改法：{finding.hint}")
    if finding.basis:
        lines.append(f"  依据：{finding.basis}")
    return "\n".join(lines)


def _excerpt(file: Path, position: Position) -> list[str]:
    """Return the source line around the place, and a caret placed by display width."""
    try:
        line = file.read_text(encoding="utf-8-sig").splitlines()[position.line - 1]
    except (OSError, ValueError, IndexError):
        return []
    at = position.column - 1
    start = 0
    while columns(line[start:at]) > _WIDEST // 2:
        start += 1
    end = at
    while end < len(line) and columns(line[start:end]) < _WIDEST:
        end += 1
    shown = line[start:end].replace("\t", " ")
    before = "…" if start else ""
    after = "…" if end < len(line) else ""
    marked = line[at : min(at + position.length, end)]
    margin = f"  {position.line} | "
    room = " " * (len(margin) - 2) + "| "
    indent = " " * columns(before + line[start:at])
    return [margin + before + shown + after, room + indent + "^" * max(1, columns(marked))]


def as_json(finding: Diagnostic) -> dict[str, Any]:
    """Return a finding as the contract's §4 lays it down."""
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        **_place(finding.place),
        "message": finding.message,
        "hint": finding.hint,
        "basis": finding.basis,
        "accepted": finding.accepted,
        "related": [
            {**_place(item.place), "label": item.label, "value": item.value}
            for item in finding.related
        ],
    }


def _place(place: Place) -> dict[str, Any]:
    position = place.position or Position()
    return {
        "file": str(place.file),
        "line": position.line,
        "column": position.column,
        "path": dotted(place.path),
    }

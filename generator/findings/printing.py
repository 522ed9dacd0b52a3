"""Prints findings: for people here, for programs by ``machine``."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click

from generator.checks import Skipped
from generator.diagnostics import Diagnostic, Place, Position, Severity, ordered
from generator.findings.machine import FORMATS
from generator.source import lines_of
from generator.width import columns

NAMES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_WIDEST = 76
"""Columns of a source line that are shown around the place of a finding."""
_WORKING = 96
"""Columns in which an equation with its labels is set."""

Pieces = list[tuple[str, str]]
"""One line of output: stretches of text, each with its colour."""


def exit_code(findings: Sequence[Diagnostic], *, strict: bool = False) -> int:
    """Return 1 when a finding keeps a report from being published, else 0."""
    blocking = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return int(any(f.severity in blocking and not f.accepted for f in findings))


def print_findings(
    findings: Sequence[Diagnostic],
    style: str,
    reports: int,
    *,
    to_stderr: bool = False,
    skipped: Sequence[Skipped] = (),
    show_skipped: bool = False,
) -> None:
    """Print findings in a style, and a summary line to standard error."""
    findings = ordered(dict.fromkeys(findings))
    if style in FORMATS:
        click.echo(FORMATS[style](findings))
    else:
        files = _Files()
        _print_lines(
            (line for each in findings for line in _lines(each, files)), to_stderr=to_stderr
        )
        if show_skipped:
            _print_lines(_skipped_lines(skipped), to_stderr=to_stderr)
    click.echo(summary(findings, reports, len(skipped)), err=True)


def summary(findings: Sequence[Diagnostic], reports: int, skipped: int = 0) -> str:
    """Return one line: how many reports, how many findings of each level, what was passed over."""
    counts = Counter(finding.severity for finding in findings if not finding.accepted)
    accepted = sum(bool(finding.accepted) for finding in findings)
    parts = [f"{counts[level]} 个{name}" for level, name in NAMES.items() if counts[level]]
    parts = parts or ["没有发现问题"]
    if accepted:
        parts.append(f"已接受 {accepted} 个")
    if skipped:
        parts.append(f"跳过 {skipped} 项核对")
    return f"{reports} 份报告，{'，'.join(parts)}"


def as_text(finding: Diagnostic) -> str:
    """Return a finding as it is printed where there are no colours."""
    return "\n".join("".join(text for text, _ in line) for line in _lines(finding, _Files()))


def _print_lines(lines: Iterable[Pieces], *, to_stderr: bool) -> None:
    """Print lines in colour on a terminal that wants it, plain elsewhere."""
    stream = sys.stderr if to_stderr else sys.stdout
    if not stream.isatty() or os.environ.get("NO_COLOR"):
        for line in lines:
            click.echo("".join(text for text, _ in line), err=to_stderr)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, highlight=False, markup=False)
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)


class _Files:
    """The lines of source files, each read once for a whole list of findings."""

    def __init__(self) -> None:
        self._lines: dict[Path, list[str]] = {}

    def line(self, place: Place) -> str | None:
        """Return the line of a place; ``None`` where it is about a file that was not read."""
        if place.position is None:
            return None
        if place.file not in self._lines:
            try:
                self._lines[place.file] = lines_of(place.file.read_bytes().decode("utf-8-sig"))
            except (OSError, ValueError):
                self._lines[place.file] = []
        lines = self._lines[place.file]
        return lines[place.position.line - 1] if place.position.line <= len(lines) else None


def _lines(finding: Diagnostic, files: _Files) -> Iterator[Pieces]:
    """Yield a finding's head, its source line with a caret, the working, the hint and the basis."""
    position = finding.position
    place = f"{finding.place.file}:{position.line}:{position.column}: "
    colour = "dim" if finding.accepted else _COLOURS[finding.severity]
    level = "已接受" if finding.accepted else NAMES[finding.severity]
    yield [(place, "bold"), (f"{level} {finding.code} ", colour), (finding.message, "")]
    if finding.accepted:
        yield [("  理由：", "bold"), (finding.accepted, "")]
        return
    line = files.line(finding.place)
    for text, is_caret in () if line is None else _excerpt(line, position):
        yield [(text, colour if is_caret else "")]
    for working in finding.detail:
        yield from ([(text, "")] for text in wrapped(working))
    if finding.hint:
        yield [("  改法：", "bold"), (finding.hint, "")]
    if finding.basis:
        yield [("  依据：", "bold"), (finding.basis, "dim")]


def _excerpt(line: str, position: Position) -> list[tuple[str, bool]]:
    """Return the source line around the place, and a caret placed by display width."""
    at = position.column - 1
    start = max(0, at - _WIDEST // 2)
    while columns(line[start:at]) > _WIDEST // 2:
        start += 1
    end, last = at, min(len(line), at + _WIDEST)
    while end < last and columns(line[start:end]) < _WIDEST:
        end += 1
    shown = "".join(" " if character < " " else character for character in line[start:end])
    before = "…" if start else ""
    after = "…" if end < len(line) else ""
    marked = line[at : min(at + position.length, end)]
    margin = f"  {position.line} | "
    room = " " * (len(margin) - 2) + "| "
    indent = " " * columns(before + shown[: at - start])
    carets = "^" * max(1, columns(marked))
    return [(margin + before + shown + after, False), (room + indent + carets, True)]


def wrapped(text: str) -> Iterator[str]:
    """Set an equation in lines of bearable width, broken before a plus sign."""
    line = "  "
    for index, part in enumerate(text.split(" + ")):
        addend = part if index == 0 else f" + {part}"
        if index and columns(line + addend) > _WORKING:
            yield line
            line = "      " + addend.lstrip()
        else:
            line += addend
    yield line


def _skipped_lines(skipped: Sequence[Skipped]) -> Iterator[Pieces]:
    """Yield one line for each rule, file and reason."""
    groups = Counter((str(each.place.file), each.rule, each.reason) for each in skipped)
    for (file, rule, reason), count in groups.items():
        times = f"（{count} 处）" if count > 1 else ""
        yield [(f"{file}: ", "bold"), (f"跳过 {rule}{times} ", "dim"), (reason, "")]

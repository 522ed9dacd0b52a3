"""Prints findings: for people here, for programs by ``machine``."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from generator.judging.faults import has_fault
from generator.reading.source import lines_of
from generator.values.diagnostics import Diagnostic, Place, Position, Severity
from generator.values.printable import masked, printable
from generator.values.width import columns

if TYPE_CHECKING:
    from generator.judging.checks import Skipped

NAMES = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.INFO: "提示"}
_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow", Severity.INFO: "bold cyan"}
_IN_MEMORY = 4_000_000
"""Characters of a list that are kept in memory before it goes to the disk."""
_WIDEST = 76
"""Columns of a source line that are shown around the place of a finding."""
_WORKING = 96
"""Columns in which an equation with its labels is set."""

Pieces = list[tuple[str, str]]
"""One line of output: stretches of text, each with its colour."""


class Tally:
    """How many findings there are of each level."""

    def __init__(self, findings: Iterable[Diagnostic] = ()) -> None:
        """Begin with these findings."""
        self._counts: Counter[Severity] = Counter()
        self._accepted = 0
        self._is_fault = False
        for finding in findings:
            self.add(finding)

    def add(self, finding: Diagnostic) -> None:
        """Count one more."""
        self._is_fault |= has_fault([finding])
        if finding.accepted:
            self._accepted += 1
        else:
            self._counts[finding.severity] += 1

    def summary(self, reports: int, skipped: int = 0) -> str:
        """Return one line: how many reports and findings of each level, what was passed over."""
        passed_over = f"，跳过 {skipped} 项核对" if skipped else ""
        return f"{reports} 份报告，{self.found()}{passed_over}"

    def found(self) -> str:
        """Return in one line how many findings of each level there are."""
        counts = self._counts
        parts = [f"{counts[level]} 个{name}" for level, name in NAMES.items() if counts[level]]
        parts = parts or ["没有发现问题"]
        if self._accepted:
            parts.append(f"已接受 {self._accepted} 个")
        return "，".join(parts)

    def exit_code(self, *, strict: bool = False) -> int:
        """Return 3 after a fault of the program, 1 when a finding keeps a report back, else 0."""
        if self._is_fault:
            return 3
        blocking = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
        return int(any(self._counts[level] for level in blocking))


class Listing:
    """Findings written out as they come in, to be shown at the end; use it in a ``with`` statement.

    A long list waits on the disk: a province's would take hundreds of megabytes of memory.
    """

    def __init__(self, stream: TextIO) -> None:
        """List findings for this stream: in colour on a terminal that wants it, plain elsewhere."""
        self._stream = stream
        self._open = contextlib.ExitStack()

    def __enter__(self) -> Listing:
        """Begin an empty list."""
        text = tempfile.SpooledTemporaryFile(
            _IN_MEMORY, "w+", encoding="utf-8", errors="backslashreplace", newline=""
        )
        self._text: Any = self._open.enter_context(text)
        self._print = _printer(text, colours=self._stream.isatty())
        return self

    def __exit__(self, *_: object) -> None:
        """Forget the list."""
        self._open.close()

    def add(self, findings: Iterable[Diagnostic]) -> None:
        """Write findings out, in this order.

        Of several that have one way out, as forty rows to be filled in have, the last one names it.
        """
        files = _Files()
        for finding, following in pairwise((*findings, None)):
            assert finding is not None
            is_last = following is None or _way_out(finding) != _way_out(following)
            for line in _lines(finding, files, way_out=is_last):
                self._print(line)

    def add_line(self, line: str) -> None:
        """Write out a line of other words."""
        self._print([(printable(line), "")])

    def add_skipped(self, skipped: Iterable[Skipped]) -> None:
        """Write out which checks were passed over."""
        for line in _skipped_lines(skipped):
            self._print(line)

    def show(self) -> None:
        """Print the list."""
        self._text.seek(0)
        shutil.copyfileobj(self._text, self._stream)
        self._stream.flush()


def as_text(finding: Diagnostic) -> str:
    """Return a finding as it is printed where there are no colours."""
    return next(as_texts([finding]))


def as_texts(findings: Iterable[Diagnostic]) -> Iterator[str]:
    """Yield each finding as it is printed where there are no colours; files are read once."""
    files = _Files()
    for finding in findings:
        yield "\n".join("".join(text for text, _ in line) for line in _lines(finding, files))


def _printer(file: Any, *, colours: bool) -> Callable[[Pieces], object]:
    """Return what writes a line to a file, in colour where they are wanted."""
    if not colours or os.environ.get("NO_COLOR"):
        return lambda line: file.write("".join(text for text, _ in line) + "\n")
    from rich.console import Console
    from rich.text import Text

    console = Console(file=file, force_terminal=True, highlight=False, markup=False)
    return lambda line: console.print(Text.assemble(*line), soft_wrap=True)


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


def _way_out(finding: Diagnostic) -> tuple[Path, str, str, str]:
    return finding.place.file, finding.code, finding.hint, finding.basis


def _lines(finding: Diagnostic, files: _Files, *, way_out: bool = True) -> Iterator[Pieces]:
    """Yield a finding's head, its source line with a caret, the working, the hint and the basis."""
    position = finding.position
    place = f"{printable(finding.place.file)}:{position.line}:{position.column}: "
    colour = "dim" if finding.accepted else _COLOURS[finding.severity]
    level = "已接受" if finding.accepted else NAMES[finding.severity]
    yield [(place, "bold"), (f"{level} {finding.code} ", colour), (printable(finding.message), "")]
    if finding.accepted:
        yield [("  理由：", "bold"), (printable(finding.accepted), "")]
        return
    line = files.line(finding.place)
    for text, is_caret in () if line is None else _excerpt(line, position):
        yield [(text, colour if is_caret else "")]
    for working in finding.detail:
        yield from ([(text, "")] for text in wrapped(printable(working)))
    if not way_out:
        return
    if finding.hint:
        yield [("  改法：", "bold"), (printable(finding.hint), "")]
    if finding.basis:
        yield [("  依据：", "bold"), (printable(finding.basis), "dim")]


def _excerpt(line: str, position: Position) -> list[tuple[str, bool]]:
    """Return the source line around the place, and a caret placed by display width."""
    line = masked(line)
    at = min(position.column - 1, len(line))
    start, taken = at, 0
    first = max(0, at - _WIDEST // 2)
    while start > first and taken + (more := columns(line[start - 1])) <= _WIDEST // 2:
        start, taken = start - 1, taken + more
    end, last = at, min(len(line), at + _WIDEST)
    while end < last and taken < _WIDEST:
        end, taken = end + 1, taken + columns(line[end])
    shown = line[start:end]
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


def _skipped_lines(skipped: Iterable[Skipped]) -> Iterator[Pieces]:
    """Yield one line for each rule, file and reason."""
    groups = Counter((str(each.place.file), each.rule, each.reason) for each in skipped)
    for (file, rule, reason), count in groups.items():
        times = f"（{count} 处）" if count > 1 else ""
        head = f"{printable(file)}: "
        yield [(head, "bold"), (f"跳过 {rule}{times} ", "dim"), (printable(reason), "")]

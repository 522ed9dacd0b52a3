"""Why a file is no YAML, as findings that a clerk understands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ruamel.yaml.error import MarkedYAMLError

from generator.values.diagnostics import Diagnostic, Place, Position

MEND_YAML = "对照 nianbao new 写出的文件检查这一处：缩进用空格，冒号用半角并在后面空一格"
_PAIRS = {"'": "引号", '"': "引号", "[": "方括号", "{": "花括号"}


def syntax_faults(file: Path, lines: Sequence[str], error: MarkedYAMLError) -> list[Diagnostic]:
    """Return every slip, and where the parser gave up if none of them explains that."""
    found = slips_of(file, lines)
    marks = [mark for mark in (error.context_mark, error.problem_mark) if mark is not None]
    reached = max((mark.line for mark in marks), default=0) + 2
    explained = any(finding.position.line <= reached for finding in found)
    return found if explained else [_where_it_gave_up(file, lines, error), *found]


def slips_of(file: Path, lines: Sequence[str]) -> list[Diagnostic]:
    """Return the slips of hand in the lines of a file."""
    from generator.reading.slips import slips  # only a file with a fault is worth loading it

    return [
        _fault(file, slip.message, slip.hint, Position(slip.line, slip.column, slip.length))
        for slip in slips(lines)
    ]


def _where_it_gave_up(file: Path, lines: Sequence[str], error: MarkedYAMLError) -> Diagnostic:
    """Say which pair was not closed, or which line the parser could not go on from."""
    last = len(lines) - 1
    opened = error.context_mark
    if opened and opened.line <= last:
        character = lines[opened.line][opened.column : opened.column + 1]
        if what := _PAIRS.get(character):
            position = Position(opened.line + 1, opened.column + 1)
            return _fault(file, f"{what}没有配对", f"补上另一半{what}", position)
    mark = error.problem_mark or error.context_mark
    position = Position(min(mark.line, last) + 1, mark.column + 1) if mark else Position()
    started = error.context_mark
    since = (
        f"（从第 {started.line + 1} 行开始的部分没有写完）"
        if started and started.line != position.line - 1
        else ""
    )
    return _fault(file, f"不符合 YAML 的写法{since}", MEND_YAML, position)


def _fault(file: Path, message: str, hint: str, position: Position) -> Diagnostic:
    return Diagnostic.coded("F-3", Place(file, position=position), message, hint)

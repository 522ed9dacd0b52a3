"""A fault of the program at one report as a finding of that report: all others go on.

Nobody can foresee what ten thousand files hold. Where one of them ends in an exception that nobody
expected, its office is told so, with what the maintainers need, and the exit code says it (3).
"""

from __future__ import annotations

import os
import platform
import traceback
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from generator import __version__
from generator.form.form import Forms
from generator.reading.source import Unreadable
from generator.values.diagnostics import Diagnostic, Place

FAULT: Final = "E-2"
DEBUG: Final = "NIANBAO_DEBUG"
"""An environment variable, which every process of a run has: show all of the way to a fault."""
_LAST = 4
"""Frames that are shown without it."""


def fault(error: Exception, file: Path, forms: Forms) -> tuple[Diagnostic, ...]:
    """Return what an exception at a report comes to; a wrong file of a form speaks for itself."""
    if isinstance(error, Unreadable):
        return tuple(forms.completed(error.findings))
    message = f"程序处理这份文件时出错了：{type(error).__name__}: {error}"
    found = forms.known.finding(FAULT, Place(file), message)
    return (replace(found, detail=for_the_maintainers(error)),)


def has_fault(findings: Iterable[Diagnostic]) -> bool:
    """Whether a fault of the program is among the findings."""
    return any(finding.code == FAULT for finding in findings)


def for_the_maintainers(error: Exception) -> tuple[str, ...]:
    """Return the version, the system and the last steps to the fault, the very last one first."""
    package = Path(__file__).parent.parent
    frames = traceback.extract_tb(error.__traceback__)[::-1]
    shown = frames if os.environ.get(DEBUG) else frames[:_LAST]
    return (
        f"版本：nianbao {__version__}，Python {platform.python_version()}，{platform.platform()}",
        *(
            f"出处：{_within(frame.filename, package)}:{frame.lineno} {frame.name}"
            for frame in shown
        ),
    )


def _within(file: str, package: Path) -> str:
    """Return a file's name without the folders of this machine."""
    path = Path(file)
    inside = path.is_relative_to(package)
    return path.relative_to(package.parent).as_posix() if inside else path.name

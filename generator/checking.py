"""Everything that is found in a workspace: in each report, and between the reports of its offices.

Reports are examined in several processes. What comes back of each is little, its findings and what
other reports are compared with, so that a province does not have to fit into memory.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

from generator.checks import Skipped
from generator.diagnostics import Diagnostic
from generator.edition import Editions
from generator.examine import examine
from generator.parallel import chunks, in_order
from generator.prose.across_offices import Voice, voice_of
from generator.prose.checks import unchecked_numbers
from generator.report import Reader
from generator.workspace import ReportFile


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one report, and what is heard of it when offices are compared."""

    findings: tuple[Diagnostic, ...]
    skipped: tuple[Skipped, ...]
    voice: Voice | None


def check_reports(
    forms: Path, reports: Sequence[ReportFile], workers: int, *, list_numbers: bool = False
) -> Iterator[Checked]:
    """Yield what is found in each report, in their order.

    ``forms`` is the folder above the forms; ``list_numbers`` adds the counts in the prose that
    nothing confirms.
    """
    work = in_order(partial(_check, forms, list_numbers), chunks(reports, workers), workers)
    with contextlib.closing(work):
        for chunk in work:
            yield from chunk


def _check(forms: Path, list_numbers: bool, reports: Sequence[ReportFile]) -> list[Checked]:
    reader = Reader(_editions(forms))
    return [_checked(at, reader, list_numbers=list_numbers) for at in reports]


@lru_cache(maxsize=1)
def _editions(forms: Path) -> Editions:
    """Return the forms, loaded once in a process."""
    return Editions(forms)


def _checked(at: ReportFile, reader: Reader, *, list_numbers: bool) -> Checked:
    examined = examine(at, reader)
    report, prose = examined.report, examined.prose
    if report is None or prose is None:
        return Checked(examined.findings, examined.skipped, None)
    numbers = unchecked_numbers(report, prose) if list_numbers else ()
    return Checked((*examined.findings, *numbers), examined.skipped, voice_of(report, prose))

"""How commands speak: one line at a time, and nothing that others wrote is printed raw."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from generator.values.printable import printable

if TYPE_CHECKING:
    from generator.values.diagnostics import Diagnostic


def say(line: object, *, err: bool = False) -> None:
    """Print one line; ``err`` is for everything that is no result."""
    click.echo(printable(line), err=err)


def say_lines(lines: Iterable[object], *, err: bool = False) -> None:
    """Print lines, one after the other."""
    for line in lines:
        say(line, err=err)


def hand_over(data: str) -> None:
    """Print data for programs, in UTF-8 whatever a console has: JSON is, and XML says it is."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def say_findings(findings: Iterable[Diagnostic]) -> None:
    """Print findings that are no result: why something was not done."""
    from generator.findings.printing import as_text

    for finding in findings:
        click.echo(as_text(finding), err=True)


def say_faults(findings: Iterable[Diagnostic]) -> bool:
    """Print the faults of the program among findings; return whether there are any."""
    from generator.judging.faults import has_fault

    faults = [finding for finding in findings if has_fault([finding])]
    say_findings(faults)
    return bool(faults)

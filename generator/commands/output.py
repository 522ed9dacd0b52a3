"""How commands speak: one line at a time, and nothing that others wrote is printed raw."""

from __future__ import annotations

from collections.abc import Iterable

import click

from generator.values.printable import printable


def say(line: object, *, err: bool = False) -> None:
    """Print one line; ``err`` is for everything that is no result."""
    click.echo(printable(line), err=err)


def say_lines(lines: Iterable[object], *, err: bool = False) -> None:
    """Print lines, one after the other."""
    for line in lines:
        say(line, err=err)

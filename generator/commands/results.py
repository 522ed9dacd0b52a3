"""Tables and diffs for people: coloured on a terminal, plain elsewhere."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from generator.values.printable import printable

_WIDE = 10_000
"""Columns for output that is no terminal: nothing is to be wrapped there."""
_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def console(*, to_stderr: bool = False) -> Console:
    """Return a console; it honours NO_COLOR, and leaves what is piped as it is."""
    made = Console(stderr=to_stderr, highlight=False, markup=False, soft_wrap=False)
    if not made.is_terminal:
        made.width = _WIDE
    return made


def print_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, to_stderr: bool = False
) -> None:
    """Print a table with as many columns as there are headings."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*map(printable, row))
    console(to_stderr=to_stderr).print(table)


def print_difference(old: Path, old_text: str, new: Path, new_text: str) -> None:
    """Print what changes from one text to another, as ``diff -u`` does."""
    out = console()
    lines = difflib.unified_diff(
        old_text.splitlines(), new_text.splitlines(), str(old), str(new), lineterm=""
    )
    for line in lines:
        out.print(Text(printable(line), style=_COLOURS.get(line[:1], "")), soft_wrap=True)

"""How far a long job is: a bar on a terminal, plain lines elsewhere, nothing within a second."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import Any

import click

_QUIET = 1.0
"""Seconds in which a job may end without having said anything."""
_EVERY = 5.0
"""Seconds between plain lines."""


class Progress:
    """Counts what is done; use it in a ``with`` statement around the work.

    The first word comes after a second, so that processes are started before any thread is.
    """

    def __init__(self, total: int, *, terminal: bool | None = None) -> None:
        """Expect ``total`` reports; whether there is a terminal is asked of standard error."""
        self.total = total
        self.done = 0
        self.findings = 0
        self._terminal = sys.stderr.isatty() if terminal is None else terminal
        self._started = time.monotonic()
        self._next = self._started + _QUIET
        self._open = contextlib.ExitStack()
        self._bar: Any = None

    def __enter__(self) -> Progress:
        """Begin to count the time."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar off the screen."""
        self._open.close()

    def advance(self, findings: int) -> None:
        """One more report is done, in which so much was found."""
        self.done += 1
        self.findings += findings
        now = time.monotonic()
        if self._bar is not None:
            self._bar.update(0, completed=self.done, findings=self.findings)
        elif now >= self._next and self.done < self.total:
            if self._terminal:
                self._bar = self._open.enter_context(_bar(self.total))
                self._bar.update(0, completed=self.done, findings=self.findings)
            else:
                self._next = now + _EVERY
                click.echo(self.line(now - self._started), err=True)

    def line(self, elapsed: float) -> str:
        """Return one line: how many of how many, time left, findings so far."""
        left = elapsed / self.done * (self.total - self.done) if self.done else 0.0
        return (
            f"已处理 {self.done}/{self.total} 份报告，"
            f"约剩 {_duration(left)}，已发现 {self.findings} 个问题"
        )


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} 分 {rest:02} 秒" if minutes else f"{rest} 秒"


def _bar(total: int) -> Any:
    from rich import progress
    from rich.console import Console

    bar = progress.Progress(
        progress.TextColumn("已处理 {task.completed}/{task.total} 份报告"),
        progress.BarColumn(),
        progress.TextColumn("约剩"),
        progress.TimeRemainingColumn(compact=True),
        progress.TextColumn("已发现 {task.fields[findings]} 个问题"),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    bar.add_task("", total=total, findings=0)
    return bar

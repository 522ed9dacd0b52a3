"""What the commands share: how they are made, the years, paths and forms they take."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.commands.cli import ChineseHelp

if TYPE_CHECKING:
    from generator.form.form import Forms
    from generator.reading.workspace import ReportFile, Survey

PATHS_HELP = "[路径]..."


class Year(click.ParamType):  # type: ignore[type-arg, unused-ignore]
    """A reporting year, four digits; anything else is refused in Chinese."""

    name = "年度"

    def convert(
        self, value: Any, param: click.Parameter | None, context: click.Context | None
    ) -> int:
        """Return the year as a number."""
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"(?:19|2\d)\d\d", str(value), re.ASCII):
            self.fail(f"「{value}」不是四位数的年份，如 2025", param, context)
        return int(value)


YEAR = Year()


def command(name: str, epilog: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a command with Chinese help, examples below it."""
    return click.command(name, cls=ChineseHelp, epilog=epilog)


def paths_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument PATH…: workspaces, office folders or files; default the current folder."""
    return click.argument("paths", metavar=PATHS_HELP, nargs=-1, type=click.Path(path_type=Path))(
        function
    )


def forms_of(context: click.Context) -> Forms:
    """Return the forms that the call is to use."""
    from generator.form.form import Forms

    return Forms(context.obj)


def survey_of(paths: Sequence[Path], *, may_be_empty: bool = False) -> Survey:
    """Return what lies under ``paths``; of nothing at all the call ends with code 2."""
    from generator.reading.workspace import PathError, survey

    try:
        found = survey(paths or [Path()])
    except PathError as error:
        raise click.UsageError(str(error)) from error
    if not (found.reports or found.strays or may_be_empty):
        where = "、".join(str(path) for path in paths) or "当前文件夹"
        raise click.UsageError(f"{where} 下没有报告（机关文件夹里的「年份.yaml」）")
    return found


def reports_under(paths: Sequence[Path]) -> list[ReportFile]:
    """Return the reports that ``paths`` mean, at least one; else the call ends with code 2."""
    found = survey_of(paths)
    if not found.reports:
        stray = found.strays[0]
        raise click.UsageError(f"{stray.place.file}：{stray.message}；{stray.hint}")
    return found.reports

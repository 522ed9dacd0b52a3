"""``nianbao status``: who has not reported, whose report is wrong, who is late."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.common import YEAR, forms_of
from generator.commands.common import command as make_command
from generator.commands.options import built_option, jobs_option, today_option
from generator.commands.output import say, say_faults

if TYPE_CHECKING:
    from generator.county.register import Entry

EPILOG = """\
示例：
  nianbao status 2024                          当前文件夹下每个机关 2024 年度的情况
  nianbao status 2024 reports/yanshi           一个县
  nianbao status 2024 reports --format csv     给表格软件（另有 json、xlsx）
  nianbao status 2024 reports --today 2025-01-25
"""


def entries_of(
    context: click.Context, year: int, path: Path, today: date, jobs: int | None, built: Path
) -> list[Entry]:
    """Return the register of a year, sorted by what needs doing; shows how far it is."""
    from generator.commands.progress import Progress
    from generator.county.register import by_need, register
    from generator.reading.workspace import PathError, survey_places
    from generator.system.parallel import processors

    try:
        places = survey_places([path], year).reports
    except PathError as error:
        raise click.UsageError(str(error)) from error
    if not places:
        raise click.UsageError(f"{path} 下没有机关（有 office.yaml 的文件夹）")
    forms = forms_of(context)
    if (form := forms.for_year(year)) is not None:
        forms.load(form)  # what is wrong with it is no office's fault
    found: list[Entry] = []
    with Progress(len(places)) as progress:
        for entry in register(places, forms, today, jobs or processors(), built):
            if entry:
                found.append(entry)
            progress.advance(len(entry.findings) if entry else 0)
    return by_need(found)


@make_command("status", EPILOG)
@click.argument("year", metavar="年度", type=YEAR)
@click.argument("path", metavar="[路径]", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "csv", "xlsx"]),
    default="text",
    help="输出格式",
)
@click.option("-o", "output", type=click.Path(path_type=Path), help="写进这个文件（xlsx 必须写）")
@today_option
@built_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    year: int,
    path: Path,
    style: str,
    output: Path | None,
    today: date,
    built: Path,
    jobs: int | None,
) -> int:
    """列出每个机关一个年度的报送情况：未报、未填完、有错、通过，期限和逾期。"""
    from generator.commands.cli import FAULT, FINDINGS, OK
    from generator.commands.results import print_table
    from generator.county.output import FORMATS, counts, lines
    from generator.county.register import State
    from generator.system.extras import MissingExtra
    from generator.system.files import write_whole

    if style == "xlsx" and output is None:
        raise click.UsageError("xlsx 要写进文件：加上 -o 文件.xlsx")
    entries = entries_of(context, year, path, today, jobs, built)
    if style == "text":
        say(counts(entries))
        print_table(("状态", "名称", "机关", "要做的"), lines(entries))
    else:
        try:
            content = FORMATS[style](entries)
        except MissingExtra as error:
            raise click.UsageError(str(error)) from error
        if output:
            write_whole(output, content)
        else:
            sys.stdout.buffer.write(content)
        say(counts(entries), err=True)
    if say_faults(finding for entry in entries for finding in entry.findings):
        return FAULT
    return OK if all(entry.state is State.PASSED for entry in entries) else FINDINGS

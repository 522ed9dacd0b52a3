"""``nianbao summary``: all figures of all members in one file."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import YEAR, forms_of
from generator.commands.common import command as make_command
from generator.commands.options import jobs_option
from generator.commands.output import say, say_faults

EPILOG = """\
示例：
  nianbao summary 2024 reports/yanshi -o 2024.xlsx    各单位一行，每个数一栏，末行合计
  nianbao summary 2024 reports -o 2024.csv            给任何表格软件
  nianbao summary 2024 reports -o 2024.parquet        给数据分析（要有 duckdb）
"""


@make_command("summary", EPILOG)
@click.argument("year", metavar="年度", type=YEAR)
@click.argument("path", metavar="[路径]", type=click.Path(path_type=Path), default=Path())
@click.option(
    "-o", "output", required=True, type=click.Path(path_type=Path), help=".xlsx、.csv 或 .parquet"
)
@jobs_option
@click.pass_context
def command(context: click.Context, year: int, path: Path, output: Path, jobs: int | None) -> int:
    """把各单位的全部数字放进一个表格，一个单位一行，末行是合计。"""
    from generator.commands.cli import FAULT, OK
    from generator.commands.status_command import entries_of
    from generator.county.register import members_of
    from generator.county.summary import ENDINGS, summary
    from generator.judging.acceptance import today
    from generator.system.extras import MissingExtra
    from generator.system.files import write_whole

    if output.suffix not in ENDINGS:
        raise click.UsageError(f"不会写 {output.name}；文件名的结尾可以是 {'、'.join(ENDINGS)}")
    forms = forms_of(context)
    form = forms.for_year(year)
    if form is None:
        raise click.UsageError(f"{year} 年度早于本程序所知的表式")
    entries = entries_of(context, year, path, today(), jobs)
    members = members_of(path, entries)
    try:
        content = summary(members, forms.load(form), output.suffix)
    except MissingExtra as error:
        raise click.UsageError(str(error)) from error
    write_whole(output, content)
    say(f"{output}：{len(members)} 个单位", err=True)
    is_fault = say_faults(finding for entry in members for finding in entry.findings)
    return FAULT if is_fault else OK

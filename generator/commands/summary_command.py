"""``nianbao summary``: all figures of all members in one file."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import YEAR, forms_of
from generator.commands.common import command as make_command
from generator.commands.options import built_option, jobs_option
from generator.commands.output import say, say_faults

EPILOG = """\
示例：
  nianbao summary 2024 reports/yanshi -o 2024.xlsx    各单位一行，每个数一栏，末行合计
  nianbao summary --years 2021-2024 reports -o 四年.xlsx   几个年度放在一起
  nianbao summary 2024 reports -o 2024.csv            给任何表格软件
  nianbao summary 2024 reports -o 2024.parquet        给数据分析（要有 duckdb）
"""


@make_command("summary", EPILOG)
@click.argument("place", metavar="年度 [路径]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--years", "span", metavar="起-止", help="几个年度放在一起，例如 2021-2024")
@click.option(
    "-o", "output", required=True, type=click.Path(path_type=Path), help=".xlsx、.csv 或 .parquet"
)
@built_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    place: tuple[Path, ...],
    span: str | None,
    output: Path,
    built: Path,
    jobs: int | None,
) -> int:
    """把各单位的全部数字放进一个表格，一个单位一个年度一行，最后是各年度的合计。"""
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
    years, path = _asked(place, span)
    ids = {form for year in years if (form := forms.for_year(year)) is not None}
    if forms.for_year(years[0]) is None:
        raise click.UsageError(f"{years[0]} 年度早于本程序所知的表式")
    members = [
        member
        for year in years
        for member in members_of(path, entries_of(context, year, path, today(), jobs, built))
    ]
    loaded = sorted(map(forms.load, ids), key=lambda form: form.first_year, reverse=True)
    try:
        content = summary(members, loaded, output.suffix)
    except MissingExtra as error:
        raise click.UsageError(str(error)) from error
    write_whole(output, content)
    offices = len({member.office for member in members})
    say(f"{output}：{offices} 个单位，{len(members)} 行", err=True)
    is_fault = say_faults(finding for entry in members for finding in entry.findings)
    return FAULT if is_fault else OK


def _asked(place: tuple[Path, ...], span: str | None) -> tuple[range, Path]:
    """Return the years and the folder that were asked for: 年度 [路径], or 起-止 with [路径].

    Raises:
        click.UsageError: a year is missing or is none, or there is a word too many.
    """
    words = list(place)
    first, _, last = (span or (str(words.pop(0)) if words else "")).partition("-")
    if not first:
        raise click.UsageError("缺少参数：年度（或者 --years 2021-2024）")
    if len(words) > 1:
        raise click.UsageError(f"多了「{words[1]}」；写法：summary 年度 [路径] -o 文件")
    start, end = (YEAR.convert(year, None, None) for year in (first, last or first))
    if start > end:
        raise click.UsageError(f"「{span}」：起的年度在止的后面")
    return range(start, end + 1), words[0] if words else Path()

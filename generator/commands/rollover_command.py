"""``nianbao rollover``: next year's file from this year's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.cli import FAULT
from generator.commands.common import YEAR, forms_of, paths_argument
from generator.commands.common import command as make_command
from generator.commands.output import say, say_findings

if TYPE_CHECKING:
    from generator.drafting.next_year import NextYear
    from generator.form.form import Forms

EPILOG = """\
示例：
  nianbao rollover 2025                    当前文件夹下所有机关，由 2024.yaml 写出 2025.yaml
  nianbao rollover 2025 reports/songzhuang 只做一个机关
  nianbao rollover 2025 --dry-run          只看改动，不写文件
  nianbao rollover 2025 --force            已有且已提交到 git 的 2025.yaml 也重做
"""


@make_command("rollover", EPILOG)
@click.argument("year", metavar="年度", type=YEAR)
@paths_argument
@click.option("-n", "--dry-run", is_flag=True, help="只显示与上一年度文件的差别，不写文件")
@click.option("--force", is_flag=True, help="已有的文件也重做；没有提交到 git 的不动")
@click.pass_context
def command(
    context: click.Context, year: int, paths: tuple[Path, ...], dry_run: bool, force: bool
) -> int:
    """由上一年度的报告写出某一年度的文件。

    上年末没有办结的转入本年，其他数都是待填，上年的数写在注释里；文字照留，年份和表里的数改为取数，
    拿不准的加【待核实】记号。落款和接受的检查结果不带到下一年。已有的文件不动。
    """
    from generator.commands.progress import Progress
    from generator.commands.results import print_table
    from generator.drafting.offices import State, rolled_over
    from generator.judging.faults import has_fault
    from generator.reading.workspace import PathError, survey_places
    from generator.report.report import Reader

    try:
        found = survey_places(paths or [Path()], year)
    except PathError as error:
        raise click.UsageError(str(error)) from error
    places = found.reports
    forms = forms_of(context)
    say_findings(forms.completed(found.strays))
    if not (places or found.strays):
        raise click.UsageError("没有找到机关：机关文件夹里应当有 office.yaml")
    rows = []
    is_fault = False
    with Progress(len(places)) as progress:
        for outcome in rolled_over(places, Reader(forms), force=force):
            is_fault |= has_fault(outcome.findings)
            say_findings(outcome.findings)
            state: str = outcome.state
            why = outcome.findings[0].message if outcome.findings else outcome.remark
            if outcome.next_year is not None:
                state, why = _hand_over(outcome.next_year, forms, dry_run=dry_run)
            rows.append((state, str(outcome.at.file), why))
            progress.advance(len(outcome.findings))
    print_table(("结果", "文件", "说明"), rows, to_stderr=True)
    if is_fault:
        return FAULT
    return int(bool(found.strays) or any(state == State.REFUSED for state, _, _ in rows))


def _hand_over(result: NextYear, forms: Forms, *, dry_run: bool) -> tuple[str, str]:
    """Write a file, or show what it would be; return what became of it, and more about it."""
    from generator.commands.results import print_difference
    from generator.drafting.offices import State
    from generator.system.files import reason, write_whole
    from generator.values.diagnostics import Place

    file = result.at.file
    for line in result.lines:
        say(f"{file}: {line}", err=True)
    why = f"由 {result.before.name} 写出，{result.unfilled} 处待填"
    if result.marks:
        why += f"，{result.marks} 处待核实"
    if dry_run:
        print_difference(result.before, result.old_text, file, result.new_text)
        return State.READY, why
    try:
        write_whole(file, result.content)
    except OSError as error:
        refusal = forms.known.finding("F-16", Place(file), f"写不了：{reason(error)}")
        say_findings([refusal])
        return State.REFUSED, refusal.message
    say(file)
    return State.WRITTEN, why

"""``nianbao check``: all findings of all files at once, nothing written."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.common import command as make_command
from generator.commands.common import forms_of, paths_argument, survey_of
from generator.commands.options import jobs_option, today_option
from generator.commands.output import hand_over, say_lines

if TYPE_CHECKING:
    from generator.judging.checks import Skipped
    from generator.values.diagnostics import Diagnostic

EPILOG = """\
示例：
  nianbao check                            当前文件夹下的所有报告
  nianbao check reports/songzhuang         一个机关
  nianbao check reports --select T3,Y-1    只看表三和结转
  nianbao check reports --ignore X -v      不看文字，并列出跳过的核对和理由
  nianbao check reports --format json      给别的程序读（另有 github、sarif、junit）
  nianbao check reports --today 2025-01-25 公开期限按这一天算（CI 里结果不随日期变）
  nianbao check reports --brief            只看每个文件还差多少、下一步做什么
"""


@make_command("check", EPILOG)
@paths_argument
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github", "sarif", "junit"]),
    default="text",
    help="输出格式",
)
@click.option("--brief", is_flag=True, help="每个文件只说各有几处、下一步做什么")
@click.option("--strict", is_flag=True, help="有警告也算不通过")
@click.option("--select", metavar="编号,…", help="只看这些编号或开头（T3-1、T3、X）")
@click.option("--ignore", metavar="编号,…", help="不看这些编号或开头")
@click.option("-v", "--verbose", is_flag=True, help="列出跳过的核对和理由、没有依据可以核对的数")
@today_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    style: str,
    brief: bool,
    strict: bool,
    select: str | None,
    ignore: str | None,
    verbose: bool,
    today: date,
    jobs: int | None,
) -> int:
    """检查报告，列出全部问题，不写任何文件。"""
    from generator.commands.progress import Progress
    from generator.findings.printing import Listing, Tally
    from generator.form.catalogue import Selection, UnknownCode, catalogue
    from generator.judging.faults import has_fault
    from generator.judging.prose.checks import on_request
    from generator.judging.workspace_check import Check
    from generator.system.parallel import processors
    from generator.values.diagnostics import ordered

    if brief and style != "text":
        raise click.UsageError("--brief 是给人看的，不与 --format 一起用")
    forms = forms_of(context)
    try:
        is_shown = Selection(select, ignore, lambda: catalogue(forms))
    except UnknownCode as error:
        raise click.UsageError(str(error)) from error
    found_there = survey_of(paths)
    reports = found_there.reports
    all_forms = [forms.load(form) for form in forms.first_years] if select else []
    list_numbers = verbose or any(is_shown.names(on_request(form)) for form in all_forms)
    found: set[Diagnostic] = set(forms.completed(found_there.strays))
    skipped: list[Skipped] = []
    passed_over = 0
    check = Check(forms, today, list_numbers=list_numbers)
    with Progress(len(reports)) as progress:
        for each in check.reports(reports, jobs or processors()):
            found.update(each.findings)
            skips = [skip for skip in each.skipped if is_shown(skip.rule)]
            passed_over += len(skips)
            skipped += skips if verbose else []
            progress.advance(len(each.findings))
        found.update(check.offices())
        found.update(check.bare(found_there.bare))
    findings = ordered(each for each in found if is_shown(each.code) or has_fault([each]))
    if style != "text":
        from generator.findings.machine import written

        hand_over(f"{written(style, findings, forms)}\n")
    elif brief:
        from generator.findings import brief as in_brief

        say_lines(in_brief.brief(findings, catalogue(forms), in_brief.part_names(forms)))
    else:
        with Listing(sys.stdout) as listing:
            listing.add(findings)
            listing.add_skipped(skipped)
            listing.show()
    tally = Tally(findings)
    click.echo(tally.summary(len(reports), passed_over), err=True)
    return tally.exit_code(strict=strict)

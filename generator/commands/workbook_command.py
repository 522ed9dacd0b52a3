"""``nianbao workbook``: a report as a workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import command as make_command
from generator.commands.common import forms_of, reports_under
from generator.commands.output import say, say_findings, say_lines

EPILOG = """\
示例：
  nianbao workbook reports/songzhuang/2024.yaml -o 送庄镇2024.xlsx   写成工作簿
  nianbao import 送庄镇2024.xlsx -o reports/songzhuang --update      填好以后放回去

一张表一页，单元格照表式合并；标签锁定，数有校验，总计是公式；勾稽关系不符时，表的下面有一句话说明。
旁边是上年的数。Excel、WPS、LibreOffice 都能填，存成 .xlsx、.ods、.xls 都能读回。
"""


@make_command("workbook", EPILOG)
@click.argument("report", metavar="报告", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "output",
    required=True,
    metavar="文件.xlsx",
    type=click.Path(path_type=Path),
    help="写到哪里",
)
@click.option("--force", is_flag=True, help="覆盖已有的文件")
@click.pass_context
def command(context: click.Context, report: Path, output: Path, force: bool) -> int:
    """把一份报告写成可以填的工作簿（.xlsx），填好后由 import 读回。"""
    from generator.commands.cli import FINDINGS, OK
    from generator.judging.examine import examine
    from generator.report.report import Reader
    from generator.system.extras import MissingExtra
    from generator.system.files import write_whole
    from generator.workbook.write import CannotHold, changed_totals, write_workbook

    if output.suffix.lower() != ".xlsx":
        raise click.UsageError(f"工作簿的文件名要以 .xlsx 结尾，不是 {output.name}")
    if output.exists() and not force:
        raise click.UsageError(f"已有 {output}，没有动它；换一个 -o，或加 --force 覆盖它")
    forms = forms_of(context)
    found = reports_under([report])
    if len(found) > 1:
        raise click.UsageError(
            f"{report} 下有 {len(found)} 份报告，请写明是哪一份，如 {found[-1].file}"
        )
    examined = examine(found[0], Reader(forms))
    if examined.report is None:
        say_findings(examined.findings)
        return FINDINGS
    try:
        content = write_workbook(examined)
    except (MissingExtra, CannotHold) as error:
        raise click.UsageError(str(error)) from error
    write_whole(output, content)
    say_lines(changed_totals(examined.report), err=True)
    say(output)
    return OK

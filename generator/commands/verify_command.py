"""``nianbao verify``: what is on the website against the report."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.cli import FAULT, FINDINGS, USAGE
from generator.commands.common import command as make_command
from generator.commands.common import forms_of
from generator.commands.output import hand_over, say, say_findings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from generator.reading.workspace import ReportFile
    from generator.values.diagnostics import Diagnostic
    from generator.verifying.verify import Ours

EPILOG = """\
示例：
  nianbao verify 网页.html reports/songzhuang/2024.yaml
  nianbao verify 下载的.docx reports/songzhuang/2024.yaml --format json
  nianbao verify 网页.html reports/songzhuang/2024.yaml --receipt 回执.txt --date 2025-01-20

网页在浏览器里用「另存为」保存。能读的与 nianbao import 相同。

退出码：0 一致 · 1 有不同 · 2 用法不对，或者读不出年报
"""


@make_command("verify", EPILOG)
@click.argument("published", metavar="公布的文件", type=click.Path(path_type=Path))
@click.argument("report", metavar="年报", type=click.Path(path_type=Path))
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式"
)
@click.option(
    "--receipt",
    metavar="文件",
    type=click.Path(path_type=Path, dir_okay=False),
    help="把核对的结果写成一份回执，留档用；要写 --date",
)
@click.option("--date", "day", metavar="年-月-日", help="回执上的核对日期，如 2025-01-20")
@click.pass_context
def command(
    context: click.Context,
    published: Path,
    report: Path,
    style: str,
    receipt: Path | None,
    day: str | None,
) -> int:
    """网站上公布的年报与 YAML 核对：数、句子、各部分和标题，逐一列出不同。

    空白、标点的全半角和编号的写法不算不同。
    """
    from generator.old_report.blocks import REFUSED, Refused
    from generator.system.files import reason, write_whole
    from generator.values.diagnostics import Place
    from generator.verifying.published import read_published
    from generator.verifying.receipt import receipt_of
    from generator.verifying.verify import verify

    verified_on = _date(day)
    if (receipt is None) != (verified_on is None):
        raise click.UsageError("--receipt 和 --date 要一起写")
    forms = forms_of(context)
    at = _report_at(report)
    ours = _ours(context, at)
    if isinstance(ours, int):
        return ours
    try:
        theirs = read_published(published, forms)
    except Refused as refused:
        why = str(refused), refused.way_out
        say_findings([forms.known.finding(REFUSED, Place(published), *why)])
        return USAGE
    found = verify(ours, theirs, published, forms.known)
    _show(found, style, published)
    if receipt is not None and verified_on is not None:
        try:
            text = receipt_of(ours.report, published, verified_on, found)
            write_whole(receipt, text.encode())
        except OSError as error:
            raise click.UsageError(f"写不了 {receipt}：{reason(error)}") from error
        say(f"回执：{receipt}", err=True)
    return 1 if found else 0


def _date(written: str | None) -> datetime.date | None:
    if written is None:
        return None
    try:
        return datetime.date.fromisoformat(written)
    except ValueError as error:
        raise click.UsageError(f"「{written}」不是日期，应写作 2025-01-20") from error


def _report_at(path: Path) -> ReportFile:
    from generator.commands.common import reports_under

    found = reports_under([path])
    if len(found) != 1:
        raise click.UsageError(f"{path} 下有 {len(found)} 份报告，请写出一个文件，如 2024.yaml")
    return found[0]


def _ours(context: click.Context, at: ReportFile) -> Ours | int:
    """Read the report; what keeps it from being read is printed, and the exit code returned."""
    from generator.judging.examine import examine
    from generator.judging.faults import has_fault
    from generator.report.report import Reader
    from generator.verifying.verify import Ours

    examined = examine(at, Reader(forms_of(context)))
    errors = [finding for finding in examined.findings if finding.blocks]
    if examined.report is None or examined.prose is None:
        say_findings(errors)
        return FAULT if has_fault(errors) else FINDINGS
    if errors:
        say(f"{at.file} 有 {len(errors)} 个错误，先照现在的内容核对", err=True)
    return Ours(examined.report, examined.prose)


def _show(found: Sequence[Diagnostic], style: str, published: Path) -> None:
    from generator.findings.machine import as_json
    from generator.findings.printing import as_texts

    if style == "json":
        hand_over(f"{as_json(found)}\n")
    else:
        for text in as_texts(found):
            click.echo(text)
    said = f"{len(found)} 处不同" if found else "与年报一致"
    say(f"{published}：{said}", err=True)

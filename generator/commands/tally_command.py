"""``nianbao tally``: tables three and four from the ledger of applications."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.common import command as make_command
from generator.commands.common import forms_of, reports_under
from generator.commands.options import today_option
from generator.commands.output import hand_over, say, say_lines

if TYPE_CHECKING:
    from generator.form.form import Forms
    from generator.form.ledger import LedgerForm
    from generator.ledger.counting import Tally
    from generator.report.report import Report

EPILOG = """\
示例：
  nianbao tally 台账.csv reports/songzhuang/2024.yaml           与报告比，不同的列出各件的编号
  nianbao tally 台账.xlsx reports/songzhuang/2024.yaml --write  把数写进报告，注释和次序不变
  nianbao tally 台账.xlsx reports/songzhuang/2024.yaml --new    写一本空白台账（.xlsx 或 .csv）
  nianbao explain 表.行.栏 reports/songzhuang/2024.yaml --ledger 台账.xlsx   一个数是哪几件

台账一件一行：编号、申请人类别、收到日期、办结日期、办理结果；复议、诉讼各一列。上一年没有办结的也在内。
别的列（姓名、电话、申请内容……）不读。列名和写法：表式文件夹里的 ledger.yaml。
"""


@make_command("tally", EPILOG)
@click.argument("ledger", metavar="台账", type=click.Path(path_type=Path))
@click.argument("report", metavar="报告", type=click.Path(path_type=Path))
@click.option("--write", is_flag=True, help="把台账的数写进报告")
@click.option("--new", is_flag=True, help="按报告的表式写一本空白台账，不覆盖已有的")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="给人看的 text，给程序读的 json",
)
@today_option
@click.pass_context
def command(
    context: click.Context,
    ledger: Path,
    report: Path,
    write: bool,
    new: bool,
    style: str,
    today: date,
) -> int:
    """由登记台账算出各类申请的数，与报告比较，或者写进报告。"""
    from generator.commands.cli import FINDINGS, OK
    from generator.ledger import output
    from generator.ledger.comparing import differences

    forms = forms_of(context)
    read = _report(report, forms)
    words = words_of(read)
    if new:
        return _write_new(ledger, words)
    tally = tally_of(ledger, read, words, today)
    found = differences(tally, read)
    say_lines(output.findings(tally.findings, forms), err=True)
    if write:
        return _write(read, tally)
    if style == "json":
        hand_over(f"{output.as_json(tally, read.form, found, forms)}\n")
    else:
        say_lines(output.lines(tally, found))
        if found and not tally.blocked:
            say("把台账的数写进报告：加 --write", err=True)
    return FINDINGS if found or tally.blocked else OK


def _report(path: Path, forms: Forms) -> Report:
    """Return the one report that is meant."""
    from generator.report.report import Reader

    reports = reports_under([path])
    if len(reports) > 1:
        example = reports[-1].file
        raise click.UsageError(f"{path} 下有 {len(reports)} 份报告，请写明是哪一份，如 {example}")
    return Reader(forms).report(reports[0])


def words_of(report: Report) -> LedgerForm:
    """Return how the form of a report counts a ledger; one that does not ends the call."""
    from generator.form.ledger import ledger_form

    words = ledger_form(report.form)
    if words is None:
        raise click.UsageError(f"{report.form.id} 年的表式没有说台账怎样统计（ledger.yaml）")
    return words


def tally_of(ledger: Path, report: Report, words: LedgerForm, today: date) -> Tally:
    """Count a ledger for a report; one that cannot be read ends the call with code 2."""
    from generator.ledger.counting import tally
    from generator.ledger.rows import NoLedger, read_ledger
    from generator.system.extras import MissingExtra

    try:
        return tally(read_ledger(ledger, words), report.form, words, report.year, today)
    except (NoLedger, MissingExtra) as error:
        raise click.UsageError(str(error)) from error


def _write(report: Report, tally: Tally) -> int:
    from generator.commands.cli import FINDINGS, OK
    from generator.drafting.edits import CannotEdit
    from generator.drafting.encoded import encoded_like
    from generator.drafting.put_in import with_figures
    from generator.ledger.comparing import differences
    from generator.ledger.output import summary
    from generator.system.files import write_whole

    if tally.blocked:
        say("台账里有错误，没有写；改正以后再来", err=True)
        return FINDINGS
    changed = differences(tally, report)
    try:
        text = with_figures(report, changed)
    except CannotEdit as error:
        say(f"{report.at.file}：没有写。{error}", err=True)
        return FINDINGS
    if changed:
        file = report.at.file
        write_whole(file, encoded_like(file.read_bytes(), text))
    say(summary(tally, f"{report.at.file} 改了 {len(changed)} 个数"))
    return OK


def _write_new(target: Path, words: LedgerForm) -> int:
    from generator.commands.cli import OK
    from generator.ledger.template import as_csv, as_xlsx
    from generator.system.extras import MissingExtra
    from generator.system.files import write_whole

    writers = {".csv": as_csv, ".xlsx": as_xlsx}
    writer = writers.get(target.suffix.lower())
    if writer is None:
        raise click.UsageError(f"空白台账的文件名以 {'、'.join(writers)} 结尾，不是 {target.name}")
    if target.exists():
        raise click.UsageError(f"已有 {target}，没有动它")
    try:
        content = writer(words)
    except MissingExtra as error:
        raise click.UsageError(str(error)) from error
    write_whole(target, content)
    say(target)
    return OK

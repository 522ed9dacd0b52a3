"""``nianbao import``: old reports into office files."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.cli import FAULT
from generator.commands.common import YEAR, forms_of
from generator.commands.common import command as make_command
from generator.commands.output import hand_over, say, say_findings
from generator.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from generator.form.form import Forms
    from generator.form.known import KnownFindings
    from generator.old_report.intake import Taken
    from generator.old_report.job import Attempt

_WIDE = 400
"""Columns of a table that is not shown on a terminal."""

EPILOG = """\
示例：
  nianbao import 2023年报.docx -o reports/songzhuang/2023.yaml
  nianbao import 年报.html -o reports/songzhuang      写成 songzhuang/年度.yaml
  nianbao import 年报.txt --blank 0                   空白和「/」都当作零
  nianbao import 各单位年报/ -o reports               整个文件夹：按机关放好，随即检查，列成一张表
  nianbao import 2024.xlsx -o reports                 summary 写出的汇总表：一行一个机关，读回各表
  nianbao import 各单位年报/ -o reports --format json 同一张表和全部问题，给别的程序读
  nianbao import 年报.docx --format json              各项说明给别的程序读
  nianbao import 填好的.xlsx -o reports/songzhuang    workbook 写出的工作簿，填好后读回
  nianbao import 填好的.xlsx -o reports/songzhuang --update   放进已有的报告，只改不同的

能读：DOCX（Word、WPS、LibreOffice）、工作簿 .xlsx .ods .xls、网页 HTML、PDF、从网页或 PDF 复制的
文本 TXT；工作簿和 PDF 各要另装一个部分，没有装时会给出安装的那一行。
不能读：.doc、扫描件、图片——请用 Word 或 WPS 另存为 DOCX。
读得出的都写上，读不出的写成待填，原文写成注释留在原处。

什么都不猜：空白写成待填；放不进表式的数写成注释并列出；写出的总计与相加不符时照原文保留，
由 nianbao check 指出。已有的文件不动，除非加 --force。
导入文件夹时，已有的机关按全称或简称认；标题里没有机关名称的，看文件名；名称只差一点的不猜，
问是不是那一个，不写。一个文件读不了不影响别的。

退出码：0 全部放好、没有错误 · 1 有待填、有放不进去的内容、有错误，或者没有写 · 2 用法不对
"""


@make_command("import", EPILOG)
@click.argument("source", metavar="文件或文件夹", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="路径",
    type=click.Path(path_type=Path),
    help="写到哪里：「年度.yaml」或文件夹，默认当前文件夹",
)
@click.option(
    "--blank",
    type=click.Choice(["待填", "0"]),
    default="待填",
    help="空白和「/」写成什么，默认待填",
)
@click.option(
    "--provenance",
    metavar="文件",
    type=click.Path(path_type=Path),
    help="另写一份 JSON：每个数的原文和出处",
)
@click.option("--year", type=YEAR, help="报告年度；标题和正文里没有时要写")
@click.option("--name", metavar="全称", default="", help="机关全称；标题里没有或不全时要写")
@click.option("--kind", metavar="类型", default="", help="机关类型；不写则按全称认，认不出写成待填")
@click.option("--update", is_flag=True, help="放进已有的报告：只改不同的数和文字，注释保留")
@click.option("--force", is_flag=True, help="覆盖已有的文件")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    help="说明的格式：给人看的 text，给程序读的 json",
)
@click.pass_context
def command(
    context: click.Context,
    source: Path,
    output: Path | None,
    blank: str,
    provenance: Path | None,
    year: int | None,
    name: str,
    kind: str,
    update: bool,
    force: bool,
    style: str,
) -> int:
    """把旧报告（DOCX、网页、PDF、文本）或填好的工作簿读成 YAML，并说明有多大把握。"""
    from generator.county.read_summary import summary_rows
    from generator.old_report.imported import Wishes
    from generator.old_report.intake import checked
    from generator.old_report.job import Attempt, Place, files_in, import_file, put_in_place
    from generator.old_report.registered import offices_under
    from generator.system.files import reason

    forms = forms_of(context)
    kinds = forms.offices.kinds
    if kind and kind not in kinds:
        raise click.UsageError(f"没有「{kind}」这个类型，可用的有：{'、'.join(kinds)}")
    if not source.exists():
        raise click.UsageError(f"没有这个路径：{source}")
    rows = None if source.is_dir() else summary_rows(source, forms)
    has_many = source.is_dir() or rows is not None
    if has_many:
        _check_many(output, for_one=bool(provenance or year), named=bool(rows and name))
    files = list(files_in(source)) if source.is_dir() else [source]
    if not files:
        raise click.UsageError(f"{source} 里没有 DOCX、工作簿、HTML、PDF 或 TXT 文件")
    by_office = has_many and not name
    place = Place(
        output or Path(),
        by_office=by_office,
        force=force,
        update=update,
        kind=kind,
        offices=offices_under(output or Path()) if by_office else (),
    )
    wishes = Wishes(year, name, blank_is_zero=blank == "0")
    tell: Callable[[Attempt], None]
    if rows is None:
        attempts = (import_file(file, place, wishes, forms, provenance) for file in files)
        tell = partial(_tell, forms=forms)
    else:
        parts = ((row, Attempt(source, part=row.label)) for row in rows)
        attempts = (put_in_place(at, row.read, place, wishes, forms) for row, at in parts)
        tell = _tell_what_is_odd
    outcomes: list[Attempt] = []
    try:
        for outcome in attempts:
            outcomes.append(outcome)
            if style == "text":
                tell(outcome)
    except OSError as error:
        raise click.UsageError(f"写不了 {error.filename}：{reason(error)}") from error
    if has_many:
        taken = list(checked(outcomes, forms))
        if style == "json":
            _print_taken(taken, forms.known)
        else:
            _print_table(taken, source if rows is None else source.parent, place.output)
        is_done = all(each.done for each in taken)
    else:
        if style == "json":
            _print_json(outcomes, forms.known)
        else:
            for path in outcomes[0].written:
                say(path)
        is_done = outcomes[0].done
    return FAULT if _is_fault(outcomes) else int(not is_done)


def _check_many(output: Path | None, *, for_one: bool, named: bool) -> None:
    """Refuse what is said for a single file, or a single office, where there are several."""
    if for_one:
        raise click.UsageError("--provenance 和 --year 只用于一个文件，不能用于文件夹和汇总表")
    if named:
        raise click.UsageError("--name 只用于一个机关的文件，不能用于汇总表")
    if output is not None and output.suffix == ".yaml":
        raise click.UsageError("导入文件夹或汇总表时 -o 是文件夹，不是文件")


def _is_fault(outcomes: Iterable[Attempt]) -> bool:
    """Whether a fault of the program kept a file from being imported."""
    from generator.judging.faults import has_fault

    return has_fault(each.refusal for each in outcomes if each.refusal)


def _tell(outcome: Attempt, forms: Forms) -> None:
    """Say on standard error what became of a file."""
    from generator.old_report.sureness import sureness

    if outcome.refusal:
        say_findings([outcome.refusal])
    if outcome.imported is None:
        say(f"{outcome.file}：没有导入", err=True)
        return
    say(f"{outcome.file}：写到 {outcome.written[-1]}", err=True)
    for line in (*sureness(outcome.imported), *outcome.remarks):
        say(f"  {line}", err=True)
    if not outcome.imported.is_ours:
        say("  下一步：nianbao check 核对", err=True)
        return
    found = list(_in_cells(outcome, forms))
    for line in found or ["没有错误和警告"]:
        say(f"  {line}", err=True)


def _tell_what_is_odd(outcome: Attempt) -> None:
    """Say on standard error why a row was not imported, or what of it has no place."""
    if outcome.refusal:
        say_findings([outcome.refusal])
    for note in outcome.imported.unplaced if outcome.imported else ():
        say(f"{outcome.file}：{note.message}（{note.origin}）", err=True)
    for remark in outcome.remarks if outcome.imported else ():
        say(f"{outcome.file}：{outcome.part}，{remark}", err=True)


def _in_cells(outcome: Attempt, forms: Forms) -> Iterator[str]:
    """Return what check finds in the report that was written, by the cells of the workbook."""
    from generator.judging.examine import examine
    from generator.old_report.in_cells import in_cells
    from generator.reading.workspace import find_reports
    from generator.report.report import Reader

    assert outcome.report is not None
    examined = examine(find_reports([outcome.report])[0], Reader(forms))
    form = examined.report.form if examined.report else forms.load(max(forms.first_years))
    return in_cells(examined.findings, form)


def _print_json(outcomes: Sequence[Attempt], known: KnownFindings) -> None:
    """Print what there is to know about every file as one array of findings."""
    from generator.findings.machine import as_json
    from generator.old_report.noted import findings

    found = [each for outcome in outcomes for each in findings(outcome, known)]
    hand_over(f"{as_json(found)}\n")


def _print_taken(taken: Sequence[Taken], known: KnownFindings) -> None:
    """Print what became of a folder as one object: its files, and the findings of all."""
    from generator.findings.machine import as_objects
    from generator.old_report.noted import findings
    from generator.values.printable import json_text

    found = [
        finding for each in taken for finding in (*findings(each.outcome, known), *each.findings)
    ]
    files = [each.as_data() for each in taken]
    click.echo(json_text({"files": files, "findings": as_objects(found)}))


def _print_table(taken: Sequence[Taken], folder: Path, output: Path) -> None:
    """Print a table of what became of every file of a folder."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE)
    for heading in ("文件", "结果", "机关", "年度", "格式", "读出", "待填", "错误", "写到"):
        table.add_column(heading, overflow="fold")
    for each in taken:
        outcome, imported = each.outcome, each.outcome.imported
        if imported is None or outcome.report is None:
            why = outcome.refusal.message if outcome.refusal else ""
            row = ["没有导入", *[""] * 6, why]
        else:
            row = [
                "完成" if each.done else "待改" if each.errors else "待补",
                imported.office or "？",
                str(imported.year),
                str(imported.form.id),
                f"{each.read}/{imported.settled.total}",
                str(each.asked),
                str(each.errors),
                str(outcome.report.relative_to(output)),
            ]
        name = f"{outcome.file.relative_to(folder)} {outcome.part}".strip()
        table.add_row(*(Text(printable(text)) for text in (name, *row)))
    # A pipe or a file has no width of its own: nothing is to be broken there.
    Console(width=None if sys.stdout.isatty() else _WIDE).print(table)
    done = sum(each.done for each in taken)
    what = "行" if any(each.outcome.part for each in taken) else "个文件"
    say(f"{len(taken)} {what}，{done} 个完成，{len(taken) - done} 个要处理", err=True)
    if done < len(taken):
        say(f"  下一步：nianbao check {output} 列出错误和待填的每一处", err=True)

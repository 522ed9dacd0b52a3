"""``nianbao compare``: two years or two offices, figure by figure and sentence by sentence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.cli import FAULT
from generator.commands.common import command as make_command
from generator.commands.common import forms_of
from generator.commands.output import hand_over, say, say_faults, say_findings

if TYPE_CHECKING:
    from generator.reading.workspace import ReportFile
    from generator.report.report import Reader, Report
    from generator.values.diagnostics import Diagnostic

EPILOG = """\
示例：
  nianbao compare reports/songzhuang/2023.yaml reports/songzhuang/2024.yaml
  nianbao compare reports/songzhuang reports/songzhuang    最近两个年度
  nianbao compare reports/songzhuang reports/baihe         两个机关最近的同一年度
  nianbao compare reports/yanshi reports/yanshi --format csv > 对比.csv
  nianbao compare reports/yanshi reports/yanshi --chart 历年.svg
"""


@make_command("compare", EPILOG)
@click.argument("first", metavar="甲", type=click.Path(path_type=Path))
@click.argument("second", metavar="乙", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "csv", "json"]),
    default="text",
    help="输出格式：text、markdown、csv、json",
)
@click.option(
    "--chart",
    type=click.Path(path_type=Path),
    help="另把历年的数画成图，文件名以 .svg 或 .png 结尾",
)
@click.pass_context
def command(
    context: click.Context, first: Path, second: Path, style: str, chart: Path | None
) -> int:
    """比较两份报告：全部的数和增减，有变化的在前；文字逐句，保留的、改写的、新增的、删去的。

    甲、乙是报告文件或机关文件夹。同一个机关写两次，比较它最近的两个年度。
    """
    from generator.compare.output import FORMATS
    from generator.compare.reports import compare
    from generator.compare.sources import two_reports
    from generator.judging.examine import examine
    from generator.judging.faults import has_fault
    from generator.reading.workspace import PathError
    from generator.report.report import Reader

    if chart is not None and chart.suffix.lower() not in (".svg", ".png"):
        raise click.UsageError(f"图的文件名应以 .svg 或 .png 结尾：{chart}")
    try:
        places = two_reports(first, second)
    except PathError as error:
        raise click.UsageError(str(error)) from error
    forms = forms_of(context)
    reader = Reader(forms)
    examined = [examine(place, reader) for place in places]
    unreadable = False
    for one in examined:
        errors = [finding for finding in one.findings if finding.blocks]
        if one.report is None:
            unreadable = True
            say_findings(errors)
        elif errors:
            say(f"{one.at.file} 有 {len(errors)} 个错误，先照现在的内容比较", err=True)
    if unreadable:
        return FAULT if any(has_fault(one.findings) for one in examined) else 1
    shown = FORMATS[style](compare(examined[0], examined[1], forms))
    if style == "text":
        click.echo(shown, nl=False)
    else:
        hand_over(shown)
    return 0 if chart is None else _draw(chart, places, reader)


def _draw(chart: Path, places: tuple[ReportFile, ReportFile], reader: Reader) -> int:
    """Draw all years of the offices that are compared."""
    from generator.compare.chart import CannotDraw, draw
    from generator.judging.faults import fault
    from generator.reading.source import Unreadable
    from generator.reading.workspace import reports_in
    from generator.system.files import reason, write_whole

    faults: list[Diagnostic] = []
    offices: dict[str, list[Report]] = {}
    for folder in dict.fromkeys(place.folder.resolve() for place in places):
        for at in reports_in(folder):
            try:
                report = reader.report(at)
            except Unreadable:
                say(f"{at.file} 读不了，没有画进去", err=True)
                continue
            except Exception as error:  # noqa: BLE001 - the other years are drawn
                faults += fault(error, at.file, reader.forms)
                continue
            offices.setdefault(report.office.name, []).append(report)
    try:
        picture = draw(offices, "svg" if chart.suffix.lower() == ".svg" else "png")
        write_whole(chart, picture)
    except CannotDraw as error:
        say(str(error), err=True)
        return 1
    except OSError as error:
        raise click.UsageError(f"写不了 {chart}：{reason(error)}") from error
    say(chart, err=True)
    return FAULT if say_faults(faults) else 0

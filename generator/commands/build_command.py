"""``nianbao build``: documents from reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.common import command as make_command
from generator.commands.common import editions_of, paths_argument, reports_under

if TYPE_CHECKING:
    from generator.diagnostics import Diagnostic

EPILOG = """\
示例：
  nianbao build reports                    生成全部文档，放进 build/
  nianbao build reports/songzhuang -o 输出   只生成一个机关的，放进「输出」
  nianbao build reports --to docx          只要 DOCX
  nianbao build reports --draft            有错也先出一份草稿看看
"""


@make_command("build", EPILOG)
@paths_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    default=Path("build"),
    help="输出文件夹，默认 build/",
)
@click.option("--to", "formats", default="docx,txt", help="格式，用逗号分开，默认 docx,txt")
@click.option("--draft", is_flag=True, help="有错也生成，每页标明「草稿」")
@click.pass_context
def command(
    context: click.Context, paths: tuple[Path, ...], output: Path, formats: str, draft: bool
) -> int:
    """生成文档。有错误的报告不写，其他的照常；已有的好文件不动。"""
    from generator.build import WRITERS, build_reports
    from generator.report import Reader
    from generator.report_findings import exit_code, print_findings

    names = [name.strip() for name in formats.split(",")]
    if unknown := [name for name in names if name not in WRITERS]:
        raise click.UsageError(f"不认识的格式：{'、'.join(unknown)}；可用 {'、'.join(WRITERS)}")
    reader = Reader(editions_of(context))
    findings: list[Diagnostic] = []
    reports = reports_under(paths)
    written = 0
    try:
        for built in build_reports(reports, reader, output, names, draft=draft):
            findings += built.examined.findings
            written += len(built.written)
            for target in built.written:
                click.echo(target)
    except OSError as error:
        raise click.UsageError(f"写不了 {error.filename}：{error.strerror}") from error
    print_findings(findings, "text", len(reports), to_stderr=True)
    return exit_code(findings)

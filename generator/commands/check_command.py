"""``nianbao check``: all findings of all files at once, nothing written."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import command as make_command
from generator.commands.common import editions_of, paths_argument, reports_under

EPILOG = """\
示例：
  nianbao check                            当前文件夹下的所有报告
  nianbao check reports/songzhuang         一个机关
  nianbao check reports --format json      给别的程序读
"""


@make_command("check", EPILOG)
@paths_argument
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", help="输出格式"
)
@click.option("--strict", is_flag=True, help="有警告也算不通过")
@click.pass_context
def command(context: click.Context, paths: tuple[Path, ...], style: str, strict: bool) -> int:
    """检查报告，列出全部问题，不写任何文件。"""
    from generator.examine import examine
    from generator.report import Reader
    from generator.report_findings import exit_code, print_findings

    reader = Reader(editions_of(context))
    reports = reports_under(paths)
    findings = [f for at in reports for f in examine(at, reader).findings]
    print_findings(findings, style, len(reports))
    return exit_code(findings, strict=strict)

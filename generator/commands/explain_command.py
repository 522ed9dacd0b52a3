"""``nianbao explain``: what a finding means, its basis, and how to repair it."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import command as make_command
from generator.commands.common import forms_of, paths_argument, reports_under

EPILOG = """\
示例：
  nianbao explain                          列出全部编号
  nianbao explain T3-1                     一条规则的含义、依据、常见原因和改法
  nianbao explain T3-1 reports/songzhuang  代入一个机关各年报告的数
"""


@make_command("explain", EPILOG)
@click.argument("code", metavar="[编号]", required=False)
@paths_argument
@click.option("--markdown", is_flag=True, help="输出全部编号的说明（Markdown），供文档使用")
@click.pass_context
def command(
    context: click.Context, code: str | None, paths: tuple[Path, ...], markdown: bool
) -> None:
    """说明一条检查结果的含义、依据、常见原因和改法；给出路径时代入报告的数。"""
    from generator.findings import explanations
    from generator.form.catalogue import catalogue, unknown
    from generator.judging.examine import examine
    from generator.report.report import Reader

    forms = forms_of(context)
    known = catalogue(forms)
    if markdown:
        click.echo(explanations.markdown(known), nl=False)
        return
    if code is None:
        click.echo("\n".join(explanations.overview(known)))
        return
    code = code.upper()
    if code not in known.entries:
        raise click.UsageError(unknown(code, known))
    click.echo("\n".join(explanations.explanation(known.entries[code])))
    reader = Reader(forms)
    for at in reports_under(paths) if paths else ():
        click.echo("\n" + "\n".join(explanations.in_report(code, examine(at, reader))))

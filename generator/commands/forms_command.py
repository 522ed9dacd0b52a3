"""``nianbao forms check``: a form's files, rules, counter-examples and cases, for its authors."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from generator.commands.cli import Group
from generator.commands.common import command as make_command
from generator.commands.output import hand_over

EPILOG = """\
示例：
  nianbao forms check                      检查所用的表式
  nianbao forms check 我的表式              检查一个文件夹里的表式（里面是 templates/ 和 schemas/）
"""
CHECK_EPILOG = """\
示例：
  nianbao forms check                      检查所用的表式：每个文件、每条规则的反例、每个案例
  nianbao forms check 我的表式              检查一个文件夹里的表式（里面是 templates/ 和 schemas/）
  nianbao forms check 我的表式 --strict     还缺说明、案例的也算不通过
  nianbao forms check --format json        给别的程序读（另有 github、sarif、junit）
"""


@click.group(
    "forms",
    cls=Group,
    epilog=EPILOG,
    invoke_without_command=True,
    subcommand_metavar="命令 [参数]...",
)
@click.pass_context
def command(context: click.Context) -> None:
    """写表式的人用的命令：表式是 templates/ 和 schemas/ 里的数据，不是程序。"""
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@make_command("check", CHECK_EPILOG)
@click.argument("folder", metavar="[文件夹]", type=click.Path(path_type=Path), required=False)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github", "sarif", "junit"]),
    default="text",
    help="输出格式",
)
@click.option("--strict", is_flag=True, help="有警告也算不通过")
@click.pass_context
def check(context: click.Context, folder: Path | None, style: str, strict: bool) -> int:
    """检查表式：读每个文件，试每条规则的反例和每个案例，并说还缺什么。"""
    from generator.findings.printing import Listing, Tally
    from generator.form.form import Forms
    from generator.judging.form_check import FormChecked, check_forms

    forms = Forms(_root(folder) if folder else context.obj)
    done: list[FormChecked] = list(check_forms(forms))
    if not done:
        raise click.UsageError(f"{forms.root / 'templates'} 下没有表式（有 edition.yaml 的文件夹）")
    findings = list(dict.fromkeys(found for each in done for found in each.findings))
    if style == "text":
        with Listing(sys.stdout) as listing:
            listing.add(findings)
            listing.show()
    else:
        from generator.findings.machine import written

        hand_over(f"{written(style, findings, forms)}\n")
    tally = Tally(findings)
    rules, cases = sum(each.rules for each in done), sum(each.cases for each in done)
    named = "、".join(str(each.form) for each in done)
    tried = f"表式 {named}；试了 {rules} 条规则的反例、{cases} 个案例"
    click.echo(f"{tried}；{tally.found()}", err=True)
    return tally.exit_code(strict=strict)


def _root(folder: Path) -> Path:
    """Return the folder that holds ``templates/``, of which one may name a part as well."""
    if not folder.is_dir():
        raise click.UsageError(f"没有这个文件夹：{folder}")
    for around in (folder, *folder.resolve().parents):
        if (around / "templates").is_dir():
            return around
    raise click.UsageError(f"{folder} 里没有 templates/，不是表式的文件夹")


command.add_command(check)

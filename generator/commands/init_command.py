"""``nianbao init``: what a repository of reports needs besides the reports."""

from __future__ import annotations

from pathlib import Path

import click

from generator.commands.common import command as make_command
from generator.commands.common import forms_of
from generator.commands.output import say

EPILOG = """\
示例：
  nianbao init                      在当前文件夹里
  nianbao init 年报                 新建文件夹「年报」
  nianbao init --update             程序升级以后：没改过的文件换成新版，改过的不动
  nianbao init --wheel nianbao-0.2.0-py3-none-any.whl

写出：.gitignore、编辑器设置和结构文件、提交前的检查、GitHub 和 GitLab 的自动检查、Makefile、
一页说明，还有 tools/ 里的程序本身——别的电脑、别的人从这里安装，版本就不会乱。
已有的文件一个不动。没有 git 仓库而装了 git 的，建一个。
"""


@make_command("init", EPILOG)
@click.argument("folder", metavar="[文件夹]", default=Path(), type=click.Path(path_type=Path))
@click.option("--update", is_flag=True, help="没改过的文件换成这一版的")
@click.option(
    "--wheel",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="放进 tools/ 的安装包，默认由正在运行的程序做一个",
)
@click.pass_context
def command(context: click.Context, folder: Path, update: bool, wheel: Path | None) -> int:
    """建一个放年报的仓库：设置、结构文件、自动检查和程序本身。"""
    from generator.drafting.repository import RECORD, State, contents, plan, record
    from generator.system import git
    from generator.system.files import reason, write_whole
    from generator.system.own_wheel import NotInstalled, own_wheel

    if folder.exists() and not folder.is_dir():
        raise click.UsageError(f"{folder} 不是文件夹")
    try:
        name, program = (wheel.name, wheel.read_bytes()) if wheel else own_wheel()
    except NotInstalled as error:
        raise click.UsageError("这份程序没有安装，请用 --wheel 给出安装包") from error
    wanted = contents(forms_of(context), name, program)
    done: dict[str, State] = {}
    try:
        for step in plan(folder, wanted, update=update):
            if step.state in (State.NEW, State.UPDATED):
                write_whole(folder / step.path, step.content)
            elif step.state is State.REMOVED:
                (folder / step.path).unlink()
            done[step.path] = step.state
            if step.state is not State.SAME:
                say(f"{step.path}  {step.state.value}")
        kept = record(folder, wanted, done)
        if not (folder / RECORD).is_file() or (folder / RECORD).read_bytes() != kept:
            write_whole(folder / RECORD, kept)
    except OSError as error:
        raise click.UsageError(f"写不了 {error.filename or folder}：{reason(error)}") from error
    if git.begin(folder):
        say("建了 git 仓库", err=True)
    if all(state is State.SAME for state in done.values()):
        say("都在，都是这一版的", err=True)
        return 0
    where = "" if folder == Path() else f"cd {folder}，"
    say(f"接着：{where}nianbao new 机关文件夹 年度 --name 机关全称", err=True)
    return 0

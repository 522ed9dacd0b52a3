"""``nianbao serve``: the reports in the browser, to read and to fill in."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec
from pathlib import Path

import click

from generator.commands.common import command as make_command
from generator.commands.common import forms_of
from generator.commands.output import say
from generator.system.extras import install_line

EPILOG = """\
示例：
  nianbao serve                      当前文件夹下的所有机关，在浏览器里看和填
  nianbao serve reports/songzhuang   只看一个机关
  nianbao serve --port 8321          用固定的端口
  nianbao serve --no-open            不打开浏览器，只给出地址
  按 Ctrl-C 结束。只有本机、只有您能打开；改动直接写进 YAML 文件。
"""
_NEEDED = ("starlette", "uvicorn", "watchfiles")


@make_command("serve", EPILOG)
@click.argument("path", metavar="[路径]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--port", type=click.IntRange(min=0, max=65535), default=0, help="端口，不写就用一个空着的"
)
@click.option("--no-open", is_flag=True, help="不打开浏览器")
@click.pass_context
def command(context: click.Context, path: Path | None, port: int, no_open: bool) -> int:
    """在浏览器里看报告、填报告：检查结果在旁边，改动直接写进文件，别的都不动。"""
    if not all(map(find_spec, _NEEDED)):
        raise click.UsageError(f"没有安装网页填报的部分，请运行 {install_line('serve')}")
    from generator.reading.workspace import PathError
    from generator.serving.app import Service, listening, run
    from generator.serving.door import Pass
    from generator.system.files import reason

    try:
        service = Service([path or Path()], forms_of(context))
    except PathError as error:
        raise click.UsageError(str(error)) from error
    try:
        found = listening(port)
    except OSError as error:
        raise click.UsageError(f"端口 {port} 用不了：{reason(error)}；换一个 --port") from error
    with found:
        passport = Pass(found.getsockname()[1])
        say(passport.address)
        say("在浏览器里打开上面的地址；按 Ctrl-C 结束", err=True)
        if not no_open:
            webbrowser.open(passport.ticket())
        run(service, passport, found)
    say("已结束", err=True)
    return 0

"""``nianbao watch``: builds again whenever a file is saved, with the findings on the screen."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from generator.commands.cli import INTERRUPTED, OK, run
from generator.commands.common import command as make_command
from generator.commands.common import forms_of, paths_argument
from generator.commands.options import output_options
from generator.system.extras import install_line

EPILOG = """\
示例：
  nianbao watch                      当前文件夹；保存一次，生成一次
  nianbao watch reports/songzhuang   一个机关
  按 Ctrl-C 结束
"""
WATCHED = {".yaml", ".json"}
LISTENING_MS = 100
"""How long the watcher listens before it says that nothing was saved, in milliseconds."""


@make_command("watch", EPILOG)
@paths_argument
@output_options
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[Path, ...],
    output: Path,
    formats: tuple[str, ...],
    fonts: Path | None,
    crlf: bool,
) -> int:
    """每次保存都生成一次，并列出问题。文件一时写错不要紧，改好再存就是。"""
    try:
        from watchfiles import watch
    except ImportError as error:
        message = f"没有安装监视文件的部分，请运行 {install_line('watch')}"
        raise click.UsageError(message) from error

    roots = paths or (Path(),)
    if missing := [path for path in roots if not path.exists()]:
        raise click.UsageError(f"没有这个路径：{missing[0]}")
    forms = forms_of(context).root
    own = output.resolve()

    def matters(_change: object, name: str) -> bool:
        """Tell an input from everything else: our own output, hidden files, editors' backups."""
        path = Path(name).resolve()
        return path.suffix in WATCHED and not path.is_relative_to(own)

    def build() -> bool:
        """Build once; say whether to go on."""
        click.clear()  # on a terminal only
        places = [str(root) for root in roots]
        into = ["-o", str(output), "--to", ",".join(formats)]
        into += ["--fonts", str(fonts)] if fonts else []
        into += ["--crlf"] if crlf else []
        code = run(["--forms", str(forms), "build", *places, *into])
        click.echo("等待保存……（Ctrl-C 结束）", err=True)
        return code != INTERRUPTED

    inputs = [*roots, forms / "templates", forms / "schemas"]
    # It listens before it builds for the first time: what is saved meanwhile is built next.
    listening = watch(
        *inputs, watch_filter=matters, rust_timeout=LISTENING_MS, yield_on_timeout=True
    )
    is_first = True
    with contextlib.suppress(KeyboardInterrupt):  # the way to end it
        for changes in listening:
            if (is_first or changes) and not build():
                break
            is_first = False
    return OK

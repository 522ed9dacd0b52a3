"""``nianbao completion``: the script with which a shell completes commands, options and paths."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from generator.commands.common import command as make_command

EPILOG = """\
示例：
  bash        nianbao completion bash > ~/.local/share/bash-completion/completions/nianbao
  zsh         nianbao completion zsh > ~/.zfunc/_nianbao      （~/.zfunc 要在 fpath 里）
  fish        nianbao completion fish > ~/.config/fish/completions/nianbao.fish
  PowerShell  在 $PROFILE 里写一行 nianbao completion powershell | Out-String | Invoke-Expression

重新打开终端后，按 Tab 补全命令、选项、编号和路径。
"""


@make_command("completion", EPILOG)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish", "powershell"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """输出命令补全的脚本，按 Tab 补全命令、选项、编号和路径。"""
    made = get_completion_class(shell)
    assert made is not None, "click knows all of them"
    root = context.find_root()
    name = root.info_name or "nianbao"
    script = made(root.command, {}, name, f"_{name.upper()}_COMPLETE").source()
    click.echo(script)

"""Arguments → calls → printed findings → exit code. The commands themselves are in ``commands``.

Exit codes (contract §3): 0 no errors, 1 findings of level error or something not built, 2 wrong
usage or an unreadable path, 3 a fault of the program.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

import click
from click.shell_completion import CompletionItem

from generator import __version__
from generator.commands.output import say, say_findings
from generator.system.files import reason
from generator.values.nearest import nearest

OK, FINDINGS, USAGE, FAULT = 0, 1, 2, 3
INTERRUPTED = 130

# Every command is a module of its own, read only when it is asked for: --help stays fast.
GROUPS = {
    "写报告": {
        "init": "建一个放年报的仓库：设置、自动检查和程序本身",
        "new": "新建一个机关和它的第一份报告，每一行都写出来",
        "rollover": "由上一年度的报告写出下一年度的",
        "import": "把旧报告（DOCX、网页、文本）或填好的工作簿读成 YAML",
        "workbook": "把一份报告写成可以填的工作簿（.xlsx）",
        "tally": "由登记台账算出各类申请的数，写进报告",
        "serve": "在浏览器里看报告、填报告，检查结果在旁边",
    },
    "查报告": {
        "check": "检查报告，列出全部问题，不写任何文件",
        "explain": "说明一条检查结果的含义、依据和改法",
        "compare": "比较两个年度或两个机关，逐个数、逐句",
        "verify": "网站上公布的年报与 YAML 核对，逐个数、逐句",
    },
    "出文档": {
        "build": "生成文档（DOCX、TXT，也可要网页、PDF）",
        "watch": "每次保存都重新生成，并列出问题",
    },
    "汇总": {
        "status": "谁没报、谁有错、谁逾期，一个机关一行",
        "letters": "退回修改意见和催报通知，一个单位一封",
        "summary": "各单位的全部数字放进一个表格，末行合计",
    },
    "表式和程序": {
        "forms": "检查表式本身：文件、规则、反例、案例（写表式的人用）",
        "completion": "按 Tab 补全命令：bash、zsh、fish、powershell",
    },
}
"""What each command does, grouped by who uses it (contract §3)."""
COMMANDS = {name: said for group in GROUPS.values() for name, said in group.items()}

EXAMPLES = """\
示例：
  nianbao check                       检查当前文件夹下的所有报告
  nianbao build reports               生成 reports 下的全部文档，放进 build/
  nianbao build reports/songzhuang    只生成一个机关的
"""


class ChineseHelp(click.Command):
    """A command whose help speaks Chinese; click's own headings are English."""

    def format_usage(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = [
            piece.replace("[OPTIONS]", "[选项]") for piece in self.collect_usage_pieces(context)
        ]
        formatter.write_usage(context.command_path, " ".join(pieces), prefix="用法：")

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, one row each."""
        rows = [record for p in self.get_params(context) if (record := p.get_help_record(context))]
        if rows:
            with formatter.section("选项"):
                formatter.write_dl(rows)

    def format_epilog(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples as they stand, without wrapping them."""
        if self.epilog:
            formatter.write("\n" + self.epilog)

    def get_help_option(self, context: click.Context) -> click.Option | None:
        """Describe ``--help`` in Chinese too."""
        option = super().get_help_option(context)
        if option is not None:
            option.help = "显示这份说明"
        return option


class Group(ChineseHelp, click.Group):
    """A group of commands."""

    command_class = ChineseHelp

    def described(self) -> dict[str, str]:
        """Return the commands with what each of them does, in one line."""
        return {name: each.get_short_help_str(80) for name, each in self.commands.items()}

    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """Return the same under the headings of ``--help``."""
        return {"命令": self.described()}

    def shell_complete(self, context: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the commands as they are described, importing none of them, and the options."""
        found = [
            CompletionItem(name, help=text)
            for name, text in self.described().items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, context, incomplete)]

    def format_options(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, each group's in the same column, and then the options."""
        width = max(map(len, self.described()))
        for heading, commands in self.groups().items():
            with formatter.section(heading):
                formatter.write_dl([(name.ljust(width), text) for name, text in commands.items()])
        super().format_options(context, formatter)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Do nothing: the commands are listed before the options."""

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is reported in Chinese."""
        known = self.described()
        if args and args[0] not in known and not args[0].startswith("-"):
            near = nearest(args[0], known, 0.6)
            meant = f"是不是 {near}？" if near else f"可用的有：{'、'.join(known)}"
            raise click.UsageError(f"没有「{args[0]}」这个命令，{meant}", context)
        return super().resolve_command(context, args)


class Commands(Group):
    """The group of all commands; each is imported when it is called."""

    def described(self) -> dict[str, str]:
        """Return the commands in the order in which users meet them."""
        return COMMANDS

    def groups(self) -> Mapping[str, Mapping[str, str]]:
        """Return them grouped by who uses them."""
        return GROUPS

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of the commands in that order."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Import a command by its name."""
        if name not in COMMANDS:
            return None
        module = importlib.import_module(f"generator.commands.{name}_command")
        command: click.Command = module.command
        return command


def _debug(_context: click.Context, _parameter: click.Parameter, wanted: bool) -> bool:
    """Let every process of this run show all of the way to a fault."""
    if wanted:
        os.environ["NIANBAO_DEBUG"] = "1"
    return wanted


@click.group(
    cls=Commands,
    epilog=EXAMPLES,
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    subcommand_metavar="命令 [参数]...",
)
@click.option(
    "--forms",
    type=click.Path(path_type=Path),
    envvar="NIANBAO_FORMS",
    help="另用一个文件夹里的表式（templates/ 与 schemas/）",
)
@click.option("--debug", is_flag=True, callback=_debug, help="程序出错时显示详细位置")
@click.version_option(__version__, "--version", message="nianbao %(version)s", help="显示版本")
@click.pass_context
def cli(context: click.Context, forms: Path | None, debug: bool) -> None:
    """政府信息公开工作年度报告：一年一份 YAML，检查后生成 DOCX 与纯文本。"""
    context.obj = forms
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


UNCOLLECTED = 200_000
"""Objects that may be made before Python looks for garbage among them. A thousand reports are kept
for comparison and hold no cycles: looking through them again and again takes a quarter of the time.
"""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit with its code.

    Python would first take every object apart, which is a tenth of a short run; files are closed
    and other processes have ended by then.
    """
    _speak_utf8()
    gc.set_threshold(UNCOLLECTED)
    os._exit(run(sys.argv[1:] if arguments is None else arguments))


def _speak_utf8() -> None:
    """Begin again in Python's UTF-8 mode where names of files would be read as something else.

    That is so with LC_ALL=C where PYTHONUTF8=0 forbids the mode; then no name in Chinese, of a
    form's table or of an office, could be opened.
    """
    if sys.getfilesystemencoding() != "utf-8" and not sys.flags.utf8_mode:
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def _expected(stream: TextIO) -> str:
    """Return the encoding that whoever reads a stream expects: UTF-8, unless somebody says else.

    A console of Windows hands on what is piped in its own (GBK on a Chinese one), and
    ``PYTHONIOENCODING`` names one anywhere.
    """
    is_said = bool(os.environ.get("PYTHONIOENCODING")) or sys.platform == "win32"
    return stream.encoding if is_said else "utf-8"


def run(arguments: list[str]) -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=_expected(stream), errors="backslashreplace")
    try:
        code = cli.main(arguments, prog_name="nianbao", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else OK
    except click.exceptions.Exit as error:
        return int(error.exit_code)
    except click.ClickException as error:
        say(f"用法不对：{usage_message(error)}", err=True)
        say("运行 nianbao --help 或 nianbao 命令 --help 查看说明", err=True)
        return USAGE
    except click.Abort:
        say("已中断", err=True)
        return INTERRUPTED
    except ChildProcessError as error:
        say(str(error), err=True)
        return FAULT
    except BrokenPipeError:
        return OK  # the reader of a pipe has gone (nianbao check | head); nothing is wrong
    except OSError as error:
        if "--debug" in arguments:
            _print_traceback()
        where = f" {error.filename}" if error.filename else ""
        say(f"读写出错{where}：{reason(error)}", err=True)
        return USAGE
    except Exception as error:  # noqa: BLE001 - the one place where a fault of ours becomes a message
        if "--debug" in arguments:
            _print_traceback()
        return _failed(error)


def _failed(error: Exception) -> int:
    """Say what ended the call: a refusal in findings, or a fault of the program."""
    from generator.form.form import Forms
    from generator.values.diagnostics import Refusal

    if isinstance(error, Refusal):
        findings = list(error.findings)
        with contextlib.suppress(Refusal):  # the catalogue itself may be what is refused
            findings = Forms().completed(findings)
        say_findings(findings)
        return FINDINGS
    say(f"程序出错了：{type(error).__name__}: {error}", err=True)
    say("这是程序的问题，不是您的文件的问题；请带上 --debug 的输出报告给维护者", err=True)
    return FAULT


def _print_traceback() -> None:
    import traceback

    traceback.print_exc()


def _wanted(error: click.BadParameter) -> str:
    """Say what a parameter takes; click's own words for its own types are English."""
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"只能是 {'、'.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange):
        return f"应当是整数，不小于 {kind.min}" if kind.min is not None else "应当是整数"
    if isinstance(kind, click.DateTime):
        return "应当是日期，如 2025-01-25"
    if isinstance(kind, click.Path) and type(error) is click.BadParameter:
        return "这个路径在这里不能用（是文件而不是文件夹，或读写不了）"
    return error.message


_MORE = re.compile(r"Got unexpected extra arguments? \((.+)\)")
"""What click says of an argument too many; it has no kind of error for it."""


def usage_message(error: click.ClickException) -> str:
    """Say in Chinese what is wrong with the arguments, by the kind of the error."""
    if isinstance(error, click.NoSuchOption):
        near = f"，是不是 {error.possibilities[0]}？" if error.possibilities else ""
        return f"没有选项 {error.option_name}{near}"
    if isinstance(error, click.MissingParameter):
        return f"缺少{_named(error.param)}"
    if isinstance(error, click.BadParameter):
        return f"{_named(error.param)} 的值不对：{_wanted(error)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 缺少值，或不该有值"
    if more := _MORE.fullmatch(error.message):
        return f"多出了参数 {more[1]}"
    return error.message


def _named(parameter: click.Parameter | None) -> str:
    """Name a parameter as users write it: an option by its dashes, an argument by its word."""
    if isinstance(parameter, click.Option):
        return f"选项 {' 或 '.join(parameter.opts)}"
    return f"参数 {parameter.human_readable_name if parameter else ''}"

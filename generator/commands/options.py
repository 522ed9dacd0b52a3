"""Options that several commands share."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from generator.setting.writers import USUAL, WRITERS
from generator.system.extras import install_line

if TYPE_CHECKING:
    from generator.building.shard import Shard


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``-o``, ``--to``, ``--fonts``, ``--crlf``: where documents go, and how they are made."""
    folder = click.Path(path_type=Path, file_okay=False)
    into = click.option(
        "-o", "--output", type=folder, default=Path("build"), help="输出文件夹，默认 build/"
    )
    usual = ",".join(USUAL)
    formats = click.option(
        "--to",
        "formats",
        callback=_formats,
        default=usual,
        help=f"格式，用逗号分开，默认 {usual}；可用 {'、'.join(WRITERS)}",
    )
    fonts = click.option(
        "--fonts",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        help="PDF 的字体只从这个文件夹里取，默认用这台电脑上装的",
    )
    windows = click.option(
        "--crlf", is_flag=True, help="TXT 带 BOM、用 Windows 的换行，旧版记事本也能看"
    )
    return into(formats(fonts(windows(function))))


def _formats(_context: click.Context, _parameter: click.Parameter, listed: str) -> tuple[str, ...]:
    """Return the formats that were listed, each once."""
    names = tuple(dict.fromkeys(name.strip() for name in listed.split(",") if name.strip()))
    if unknown := [name for name in names if name not in WRITERS]:
        raise click.UsageError(f"不认识的格式：{'、'.join(unknown)}；可用 {'、'.join(WRITERS)}")
    if "pdf" in names and not all(map(find_spec, ("typst", "pikepdf"))):
        raise click.UsageError(f"没有安装 PDF 的部分，请运行 {install_line('pdf')}")
    return names or USUAL


def jobs_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``-j``: how many processes work at once."""
    return click.option(
        "-j",
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="同时用几个进程，默认有几个核用几个",
    )(function)


def built_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``--built``: where the builds are whose findings need not be found again."""
    return click.option(
        "--built",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("build"),
        help="build 的输出文件夹，默认 build/；那以后没有改动的报告不再读一遍",
    )(function)


def today_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``--today``, so that tests and CI do not depend on the clock."""
    return click.option(
        "--today",
        type=click.DateTime(["%Y-%m-%d"]),
        callback=_today,
        metavar="年-月-日",
        help="以这一天为今天",
    )(function)


def _today(context: click.Context, _parameter: click.Parameter, said: datetime | None) -> date:
    """Return today's date; one that was typed holds in every process of this run."""
    from generator.judging.acceptance import TODAY, today

    if said is not None:
        before = os.environ.get(TODAY, "")
        context.call_on_close(lambda: os.environ.__setitem__(TODAY, before))
        os.environ[TODAY] = said.date().isoformat()
    return today()


def shard_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the option ``--shard``: one machine's part of a workspace."""
    return click.option(
        "--shard",
        callback=_shard,
        default="1/1",
        metavar="K/N",
        help="只做 N 份中的第 K 份，分法固定，各台机器合起来不重不漏",
    )(function)


def _shard(_context: click.Context, _parameter: click.Parameter, written: str) -> Shard:
    """Return the shard that was written, ``2/8`` for the second of eight machines."""
    from generator.building.shard import Shard

    part, _, parts = written.partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise click.BadParameter(f"「{written}」应写成「第几份/共几份」，如 2/8")
    return Shard(int(part), int(parts))

"""``nianbao letters``: 退回修改意见 and 催报通知, one for each office that has something to do."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from generator.commands.common import YEAR, forms_of
from generator.commands.common import command as make_command
from generator.commands.options import built_option, jobs_option, today_option
from generator.commands.output import say, say_faults

if TYPE_CHECKING:
    from collections.abc import Callable

    from generator.county.register import Entry
    from generator.values.diagnostics import Diagnostic
    from generator.values.document import Document

EPILOG = """\
示例：
  nianbao letters 2024 reports/yanshi -o 信函           每个要改、要催的单位一封，DOCX 和 TXT
  nianbao letters 2024 reports/yanshi -o 信函 --today 2025-01-22

署名的主管部门写在 office.yaml 的「汇总」里；措辞在 templates/letters/，可以改。
"""


@make_command("letters", EPILOG)
@click.argument("year", metavar="年度", type=YEAR)
@click.argument("path", metavar="[路径]", type=click.Path(path_type=Path), default=Path())
@click.option("-o", "output", required=True, type=click.Path(path_type=Path), help="放信函的文件夹")
@today_option
@built_option
@jobs_option
@click.pass_context
def command(
    context: click.Context,
    year: int,
    path: Path,
    output: Path,
    today: date,
    built: Path,
    jobs: int | None,
) -> int:
    """给有错、未填完的单位写退回修改意见，给未报的写催报通知；通过的不写。"""
    from generator.commands.cli import FAULT, OK
    from generator.commands.status_command import entries_of
    from generator.county.letters import Letters
    from generator.county.output import counts
    from generator.county.register import by_need, roll_ups, with_others
    from generator.judging.faults import fault
    from generator.system.parallel import processors

    forms = forms_of(context)
    entries = entries_of(context, year, path, today, jobs, built)
    tops = roll_ups(entries)
    if not tops:
        message = f"{path} 下没有声明汇总的机关，不知道由哪个主管部门署名"
        hint = "在本级政府的 office.yaml 写「汇总: {主管部门: …}」"
        raise click.UsageError(f"{message}；{hint}")
    entries = with_others(entries, forms, today, jobs or processors())
    written = 0
    faults: list[Diagnostic] = [finding for entry in entries for finding in entry.findings]
    for top, competent in tops:
        members = by_need(entry for entry in entries if entry.above == top.office)
        letters = Letters(forms, competent, year, today, top.at.folder)
        wanted: list[tuple[Entry, Path, Callable[[], Document | None]]] = [
            (top, output / top.office / "审核情况", partial(letters.overview, members)),
            *((each, output / each.office, partial(letters.letter, each)) for each in members),
        ]
        for entry, place, make in wanted:
            try:
                if (document := make()) is not None:
                    _write(place, document)
                    written += entry is not top
            except OSError:
                raise  # the disk's fault, and every other letter's too
            except Exception as error:  # noqa: BLE001 - all others get their letters
                faults += fault(error, entry.at.file, forms)
        say(f"{top.name}：{counts(members)}", err=True)
    say(f"写了 {written} 封信函", err=True)
    return FAULT if say_faults(faults) else OK


def _write(place: Path, document: Document) -> None:
    """Write a document beside its name, once in every usual format."""
    from generator.setting.writers import USUAL, WRITERS
    from generator.system.files import write_whole

    for ending in USUAL:
        target = place.with_name(f"{place.name}.{ending}")
        write_whole(target, WRITERS[ending](document))
        say(str(target))

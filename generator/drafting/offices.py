"""Rolls over one office after the other and says of each what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from generator.drafting.next_year import NextYear, Refused, roll_over
from generator.judging.faults import fault
from generator.reading import disk
from generator.reading.source import Unreadable
from generator.reading.workspace import ReportFile
from generator.report.report import Reader
from generator.system import git
from generator.values.diagnostics import Diagnostic


class State(StrEnum):
    """What became of one office."""

    READY = "可写"
    WRITTEN = "已写"
    SKIPPED = "跳过"
    REFUSED = "未办"


@dataclass(frozen=True, slots=True)
class RolledOver:
    """An office with the file that is ready for it, or the reason why there is none."""

    at: ReportFile
    state: State
    reason: str = ""
    hint: str = ""
    findings: tuple[Diagnostic, ...] = ()
    next_year: NextYear | None = None


def rolled_over(
    places: Iterable[ReportFile], reader: Reader, *, force: bool = False
) -> Iterator[RolledOver]:
    """Yield what becomes of every office; nothing is written here.

    A file that exists is passed over. With ``force`` it is written anew, provided that git holds
    it as it is; one that would come out the same is passed over all the same.
    """
    for at in places:
        try:
            yield _rolled_over(at, reader, force=force)
        except OSError as error:
            yield RolledOver(at, State.REFUSED, f"读不了这个机关的文件：{disk.reason(error)}")
        except Exception as error:  # noqa: BLE001 - one office's fault is not to end the others'
            found = fault(error, at.in_year(at.year - 1).file, reader.forms)
            yield RolledOver(at, State.REFUSED, "程序出错了", "请按所列的报告给维护者", found)


def _rolled_over(at: ReportFile, reader: Reader, *, force: bool) -> RolledOver:
    if at.file.exists() or at.file.is_symlink():
        if not force:
            hint = "要按上一年度重做：先提交到 git，再加 --force"
            return RolledOver(at, State.SKIPPED, f"已有 {at.file.name}，没有动它", hint)
        if reason := git.unsaved(at.file):
            hint = "先用 git add 和 git commit 存底，再加 --force 重做"
            return RolledOver(at, State.REFUSED, f"{at.file.name} {reason}", hint)
    try:
        next_year = roll_over(at, reader)
    except Refused as refusal:
        return RolledOver(at, State.REFUSED, refusal.reason, refusal.hint, refusal.findings)
    except Unreadable as error:
        hint = "请告诉维护表式的人，或改正所指的那一行"
        findings = tuple(reader.forms.completed(error.findings))
        return RolledOver(at, State.REFUSED, "表式文件有错", hint, findings)
    if at.file.exists() and at.file.read_bytes() == next_year.content:
        return RolledOver(at, State.SKIPPED, f"{at.file.name} 已是这个内容")
    return RolledOver(at, State.READY, next_year=next_year)

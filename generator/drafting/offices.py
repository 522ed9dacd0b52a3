"""Rolls over one office after the other and says of each what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from generator.drafting.next_year import NextYear, roll_over
from generator.judging.faults import fault
from generator.reading import disk
from generator.reading.workspace import ReportFile
from generator.report.deadline import office_of
from generator.report.report import Reader
from generator.system import git
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Place, Refusal


class State(StrEnum):
    """What became of one office."""

    READY = "可写"
    WRITTEN = "已写"
    SKIPPED = "跳过"
    REFUSED = "未办"


@dataclass(frozen=True, slots=True)
class RolledOver:
    """An office with the file that is ready for it, or the findings that say why there is none."""

    at: ReportFile
    state: State
    findings: tuple[Diagnostic, ...] = ()
    """Why it is refused, first in a word; what stands behind that follows."""
    remark: str = ""
    """Why it was passed over."""
    next_year: NextYear | None = None


def rolled_over(
    places: Iterable[ReportFile], reader: Reader, *, force: bool = False
) -> Iterator[RolledOver]:
    """Yield what becomes of every office; nothing is written here.

    A file that exists is passed over, and so is an office that has ended or not yet begun. With
    ``force`` a file is written anew, provided that git holds it as it is; one that would come out
    the same is passed over all the same.
    """
    for at in places:
        try:
            yield _rolled_over(at, reader, force=force)
        except Refusal as refusal:
            findings = tuple(reader.forms.completed(refusal.findings))
            yield RolledOver(at, State.REFUSED, findings)
        except OSError as error:
            message = f"读不了这个机关的文件：{disk.reason(error)}"
            unread = reader.forms.known.finding("F-1", Place(at.file), message)
            yield RolledOver(at, State.REFUSED, (unread,))
        except Exception as error:  # noqa: BLE001 - one office's fault is not to end the others'
            before = at.in_year(at.year - 1).file
            yield RolledOver(at, State.REFUSED, fault(error, before, reader.forms))


def _rolled_over(at: ReportFile, reader: Reader, *, force: bool) -> RolledOver:
    if at.file.exists() or at.file.is_symlink():
        if not force:
            remark = f"已有 {at.file.name}，没有动它；要按上一年度重做：先提交到 git，再加 --force"
            return RolledOver(at, State.SKIPPED, remark=remark)
        if reason := git.unsaved(at.file):
            hint = "先用 git add 和 git commit 存底，再加 --force 重做"
            message = f"{at.file.name} {reason}"
            raise Refusal(Diagnostic.coded("F-15", Place(at.file), message, hint))
    office = office_of(at, reader)
    if office and not office.existence.covers(at.year):
        remark = f"{at.year} 年度不在{keys.EXISTENCE}的年度内，不用报告"
        return RolledOver(at, State.SKIPPED, remark=remark)
    next_year = roll_over(at, reader)
    if at.file.exists() and at.file.read_bytes() == next_year.content:
        return RolledOver(at, State.SKIPPED, remark=f"{at.file.name} 已是这个内容")
    return RolledOver(at, State.READY, next_year=next_year)

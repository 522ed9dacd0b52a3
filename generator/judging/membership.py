"""Judges what the offices of a roll-up say of themselves: where they went, and who is whom (R-6).

A figure is lost where an office was merged into one that does not count, and counted twice where a
folder was copied. Both show in no sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.reading.workspace import OFFICE_FILE
from generator.report.report import Member, Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place

_ALIKE = 3
"""Folders of one name that a message lists; the others are counted."""


def misdeclared(report: Report, place: Place) -> Iterator[Diagnostic]:
    """Yield what the declarations of a roll-up's members have wrong; ``place`` is the first sum."""
    members = {member.at.folder.resolve(): member for member in report.members}
    yield from _same_names(report, place)
    for member in report.members:
        yield from _lost(member, members, report, place)
    yield from _left_out_itself(report)


def _same_names(report: Report, place: Place) -> Iterator[Diagnostic]:
    by_name: dict[str, list[str]] = {}
    for member in report.members:
        if not member.apart:
            by_name.setdefault(member.name, []).append(member.folder_in(report))
    for name, folders in by_name.items():
        if len(folders) > 1:
            more = f" 等 {len(folders)} 个" if len(folders) > _ALIKE else ""
            which = "、".join(f"{folder}/" for folder in folders[:_ALIKE])
            message = f"「{name}」有不止一个文件夹：{which}{more}，会重复计入"
            hint = (
                f"抄出来没有改的，改它 {OFFICE_FILE} 的「{keys.NAME}」；同一个机关换了文件夹的，"
                f"旧的写「{keys.EXISTENCE}: {{{keys.LAST_YEAR}: 年度}}」，或者合成一个文件夹"
            )
            yield Diagnostic.coded("R-6", place, message, hint)


def _lost(
    member: Member, members: dict[Path, Member], report: Report, place: Place
) -> Iterator[Diagnostic]:
    """Follow what an office was merged into, to one that counts."""
    said = member.existence.merged_into
    if not said:
        return
    file = f"{member.folder_in(report)}/{OFFICE_FILE}"
    subject = f"{file}：「{member.name}」写了「{keys.MERGED_INTO}: {said}」"
    if member.existence.last is None:
        hint = f"在 {file} 补上「{keys.LAST_YEAR}」：它最后一份报告的年度"
        message = f"{subject}，没有写「{keys.LAST_YEAR}」，仍然年年计入"
        yield Diagnostic.coded("R-6", place, message, hint)
    elif member.apart and (wrong := _where_it_ends(member, members, report)):
        yield Diagnostic.coded("R-6", place, f"{subject}，{wrong[0]}", wrong[1])


def _where_it_ends(
    member: Member, members: dict[Path, Member], report: Report
) -> tuple[str, str] | None:
    """Say what is wrong with where an office went and the way out; nothing where it counts."""
    trail, here = [member], member
    while here.apart and here.existence.merged_into:
        target = _target(here)
        following = members.get(target)
        if following is None:
            if target.is_relative_to(report.at.root) and (target / OFFICE_FILE).is_file():
                return None  # an office of another government: it counts there
            hint = f"从 {here.folder_in(report)}/ 写起，例如 ../qingshi；并入的机关也要有文件夹"
            return "那里没有机关", hint
        if following in trail:
            names = " → ".join(each.name for each in (*trail, following))
            hint = f"核对各自的「{keys.EXISTENCE}」，最后的一个不写「{keys.MERGED_INTO}」"
            return f"绕了一圈：{names}", hint
        trail.append(following)
        here = following
    if not here.apart:
        return None
    hint = f"改写「{keys.MERGED_INTO}」；「{here.name}」应当计入的，改它的声明"
    return f"而「{here.name}」不计入（{here.apart}），它的数没有人接", hint


def _left_out_itself(report: Report) -> Iterator[Diagnostic]:
    """Name an exclusion of the roll-up itself, or of an office deeper below."""
    roll_up = report.office.roll_up
    for name in roll_up.excluded if roll_up else {}:
        if (report.at.folder / name).resolve() == report.at.folder.resolve():
            path: KeyPath = (keys.ROLL_UP, keys.EXCLUDED, name)
            where = Place(report.office.source.file, path, on_key=True)
            message = f"「{keys.EXCLUDED}」里的「{name}」是汇总的机关自己"
            hint = "本机关自己的报告单放一个文件夹，例如 benji/，那才是一个下级单位"
            yield Diagnostic.coded("R-6", where, message, hint)


def _target(member: Member) -> Path:
    return (member.at.folder / member.existence.merged_into).resolve()

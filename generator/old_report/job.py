"""Imports files and puts what comes of them in its place, never over what is there already."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.drafting.encoded import encoded_like
from generator.drafting.new_report import new_office
from generator.form.form import Forms
from generator.judging.faults import fault
from generator.old_report import original
from generator.old_report.blocks import REFUSED, Refused
from generator.old_report.imported import Imported, Wishes
from generator.old_report.importing import import_report
from generator.old_report.registered import Office, called, meant, named_in
from generator.old_report.update import updated
from generator.reading import source
from generator.reading.workspace import OFFICE_FILE, find_reports, root_of
from generator.report.report import Reader
from generator.system.files import write_whole
from generator.values import diagnostics, keys
from generator.values.diagnostics import Diagnostic
from generator.values.printable import json_text

_NOT_IN_FOLDER = re.compile(r"[^\w\u4e00-\u9fff（）()-]")


@dataclass
class Attempt:
    """What became of one file: what was written, or why nothing was."""

    file: Path
    imported: Imported | None = None
    written: list[Path] = field(default_factory=list)
    refusal: Diagnostic | None = None
    """Why nothing was: what the file or its place is (I-13), or a fault of the program (E-2)."""
    remarks: list[str] = field(default_factory=list)
    report: Path | None = None
    """The office file that holds what was imported."""
    part: str = ""
    """Which part of the file it was, where that holds several reports."""

    @property
    def done(self) -> bool:
        """Whether the report was written and nothing in it is left to do."""
        return self.imported is not None and self.imported.complete


@dataclass(frozen=True)
class Place:
    """Where to write: ``output`` as the user gave it, one file or a folder."""

    output: Path
    by_office: bool = False
    """Whether every office gets a folder of its own within ``output``."""
    force: bool = False
    update: bool = False
    """Whether a report that is there is brought up to date, instead of a new one written."""
    kind: str = ""
    offices: Sequence[Office] = ()
    """The offices that are in ``output`` already, where every office gets a folder."""

    def target(self, imported: Imported) -> Path:
        """Return the office file's path.

        Raises:
            Refused: the file named by the user is that of another year.
        """
        if self.output.suffix.lower() in (".yaml", ".yml") and not self.by_office:
            stem = self.output.stem
            if re.fullmatch(r"\d{4}", stem) and int(stem) != imported.year:
                raise Refused(
                    f"这是 {imported.year} 年度的报告，-o 却写了 {self.output.name}",
                    f"改成 -o {self.output.with_name(f'{imported.year}.yaml')}；"
                    f"确实是 {stem} 年度的，加上 --year {stem}",
                )
            return self.output
        return self.folder(imported) / f"{imported.year}.yaml"

    def _at(self, path: str) -> Path:
        """Return where an office with this path is: seen from the workspace, else from here."""
        if self.output.exists():
            here, top = root_of(self.output) / path, self.output.resolve()
            path = here.relative_to(top).as_posix() if here.is_relative_to(top) else path
        return self.output / path

    def folder(self, imported: Imported) -> Path:
        """Return an office's folder: the one that it has, else one by its name.

        Raises:
            Refused: an office of nearly this name has a folder: only the user knows if it is meant.
        """
        office, file = imported.office, imported.source
        is_one = len(self.offices) < 2 and (self.output / OFFICE_FILE).exists()
        if not self.by_office or (is_one and not imported.folder):
            return self.output
        known = called(office, self.offices) if office else named_in(file, self.offices)
        if known is not None:
            return known.folder
        if imported.folder:
            return self._at(imported.folder)
        if office and (near := meant(office, self.offices)):
            names = "、".join(f"「{each.name}」（{each.folder}）" for each in near[:3])
            raise Refused(
                f"{self.output} 里没有「{office}」，是不是{names}？",
                f"是的话写 nianbao import {file} -o {near[0].folder}；"
                f"不是的话 -o 写 {self.output} 下的新文件夹",
            )
        return self.output / (_NOT_IN_FOLDER.sub("", office or file.stem).strip(".") or "机关")


def import_file(
    file: Path, place: Place, wishes: Wishes, forms: Forms, provenance: Path | None = None
) -> Attempt:
    """Import one file and write the office file, ``office.yaml`` where there is none.

    Raises:
        OSError: a file cannot be written.
        source.Unreadable: a file of the form is wrong.
    """
    return put_in_place(
        Attempt(file),
        lambda wanted: import_report(file, forms, wanted),
        place,
        wishes,
        forms,
        provenance,
    )


def put_in_place(
    outcome: Attempt,
    read: Callable[[Wishes], Imported],
    place: Place,
    wishes: Wishes,
    forms: Forms,
    provenance: Path | None = None,
) -> Attempt:
    """Write what ``read`` makes of a report, and return what became of it; faults are kept in it.

    Raises:
        OSError: a file cannot be written.
        source.Unreadable: a file of the form is wrong.
    """
    try:
        return _put(outcome, read, place, wishes, forms, provenance)
    except (OSError, source.Unreadable):
        raise
    except Exception as error:  # noqa: BLE001 - one file's fault is not to end the others' turn
        (found,) = fault(error, outcome.file, forms)
        return Attempt(outcome.file, refusal=found, part=outcome.part)


def _put(
    outcome: Attempt,
    read: Callable[[Wishes], Imported],
    place: Place,
    wishes: Wishes,
    forms: Forms,
    provenance: Path | None,
) -> Attempt:
    try:
        imported = read(wishes)
        target = place.target(imported)
        known = _name_in(target.parent / OFFICE_FILE)
        if known and known != imported.office:
            if imported.office:
                outcome.remarks.append(
                    f"标题里的机关是「{imported.office}」，{OFFICE_FILE} 里是「{known}」，请核对"
                )
            imported = read(replace(wishes, name=known))
        for path in (target, provenance):
            if path is not None and _exists(path) and not (place.force or place.update):
                way_out = "换一个 -o；加 --update 只改不同的，或加 --force 覆盖它"
                raise Refused(f"已有 {path}，没有动它", way_out)
        if place.update:
            return _update(outcome, imported, target, forms)
    except Refused as refused:
        at = diagnostics.Place(outcome.file)
        outcome.refusal = forms.known.finding(REFUSED, at, str(refused), refused.way_out)
        return outcome
    outcome.imported, outcome.report = imported, target
    office_file = target.parent / OFFICE_FILE
    if not _exists(office_file):
        outcome.remarks += _write_office(target.parent, imported, place, forms)
        outcome.written.append(office_file)
    write_whole(target, imported.text.encode())
    outcome.written.append(target)
    if provenance is not None:
        write_whole(provenance, f"{json_text(imported.provenance())}\n".encode())
        outcome.written.append(provenance)
    return outcome


def _update(outcome: Attempt, imported: Imported, target: Path, forms: Forms) -> Attempt:
    """Put what was imported into the report at ``target``.

    Raises:
        Refused: there is no report, or it cannot be edited.
        source.Unreadable: the report cannot be read.
    """
    if not target.is_file():
        raise Refused(f"没有 {target}，不能更新", "去掉 --update，新写一份")
    (at,) = find_reports([target])
    text, changed = updated(Reader(forms).report(at), imported)
    outcome.imported, outcome.report = imported, target
    outcome.remarks += changed or ["没有不同，没有改动"]
    if changed:
        write_whole(target, encoded_like(target.read_bytes(), text))
    outcome.written.append(target)
    return outcome


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the old reports under a folder by their names; hidden files are passed over."""
    for file in sorted(folder.rglob("*")):
        hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
        if not hidden and file.is_file() and file.suffix.lower() in original.SUFFIXES:
            yield file


def _exists(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _name_in(file: Path) -> str:
    """Return the office's name where ``office.yaml`` is there and says it."""
    try:
        data = source.read(file).data if file.is_file() else None
    except source.Unreadable:
        return ""
    name = data.get(keys.NAME) if isinstance(data, dict) else None
    return name if isinstance(name, str) else ""


def _write_office(folder: Path, imported: Imported, place: Place, forms: Forms) -> Iterator[str]:
    """Write ``office.yaml`` and return what the user has to complete in it."""
    kind = place.kind or imported.kind or forms.offices.kind(imported.office)
    name = imported.office or keys.UNFILLED
    new = new_office(folder, name, kind or keys.UNFILLED, forms, imported.contact)
    write_whole(new.file, new.text.encode())
    if not imported.office:
        yield f"标题里没有机关名称，{new.file} 的 {keys.NAME} 写成待填，请补上全称（或用 --name）"
    if imported.contact:
        yield f"{new.file}：{keys.CONTACT} 取自原文（{'、'.join(imported.contact)}），请核对"
    if imported.office and forms.offices.makes_rules(imported.office) is None:
        yield f"从名称看不出「{keys.MAKES_RULES}」写 true 还是 false，请在 {new.file} 写明"
    if not kind:
        yield f"从名称看不出机关类型，{new.file} 的 {keys.KIND} 写成待填，请补上（或用 --kind）"
    elif not (place.kind or imported.kind):
        yield f"{new.file}：{keys.NAME} {imported.office}，{keys.KIND} 按名称认作 {kind}，请核对"

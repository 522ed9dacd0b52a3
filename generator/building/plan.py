"""What is out of date, and why: every report's documents compared with the state and the disk."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path, PurePath

from generator.building.inputs import (
    FileCache,
    Inputs,
    Seen,
    Sets,
    changes,
    digest_of,
    inputs_of,
    read_bytes,
)
from generator.building.state import Record, State, Written
from generator.reading.workspace import ReportFile, root_of
from generator.setting.materials import INSTALLED, Materials
from generator.setting.writers import ending_of

_DRAFT, _MATERIALS = "+草稿", "+材料"
CHANGED_BY_HAND = "输出文件被手工修改"


@dataclass(frozen=True, slots=True)
class Order:
    """What a build is asked for. ``draft`` builds in spite of errors, ``force`` in spite of all."""

    formats: tuple[str, ...]
    draft: bool = False
    force: bool = False
    materials: Materials = INSTALLED


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for one report.

    ``formats`` are to be written; a report that is ``stale`` although none is needs only to be
    examined again. ``kept`` are documents that were changed by hand. ``reasons`` are in words.
    """

    at: ReportFile
    name: str
    formats: tuple[str, ...]
    stale: bool
    kept: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    record: Record | None = None
    """What is known of a report that is not stale."""


class Standing(Enum):
    """How a document on the disk stands to what the state knows of it."""

    MISSING = auto()
    OURS = auto()
    BY_HAND = auto()
    """We wrote it, and somebody has changed it since."""
    UNKNOWN = auto()
    """There is a file of which the state knows nothing."""


def name_of(at: ReportFile) -> str:
    """Return a report's name in the state, and its documents' without the ending."""
    return f"{at.office_path.as_posix()}/{at.year}"


def document_name(name: str, format_name: str) -> str:
    """Return what a report's document of a format is called in the output folder."""
    return f"{name}.{ending_of(format_name)}"


def target_of(at: ReportFile, output: Path, format_name: str) -> Path:
    """Return where a report's document of a format goes: ``<output>/<office path>/<year>.docx``."""
    return output / document_name(name_of(at), format_name)


def made_from(inputs: Inputs, *, draft: bool, materials: str = "") -> str:
    """Return the digest of all that decides a document's bytes."""
    return inputs.digest + _MATERIALS * bool(materials) + materials + _DRAFT * draft


def standing(file: str, known: Written | None, expected: Iterable[str]) -> tuple[Standing, Seen]:
    """Look at a document on the disk.

    An empty file is what a power cut leaves of one that was written just before: as good as none.
    Of a folder that is in the way, the attempt to write will tell.
    """
    try:
        found = os.stat(file)  # noqa: PTH116 - tens of thousands of them
    except (FileNotFoundError, NotADirectoryError):
        return Standing.MISSING, Seen("")
    stamp = (found.st_size, found.st_mtime_ns, found.st_ino)
    if known is not None and known.file[1:] == stamp:
        return Standing.OURS, known.file
    if not found.st_size or not stat.S_ISREG(found.st_mode):
        return Standing.MISSING, Seen("")
    seen = Seen(digest_of(read_bytes(file)), *stamp)
    if known is not None and known.file.digest == seen.digest:
        return Standing.OURS, seen
    if seen.digest in expected:
        return Standing.OURS, seen
    return (Standing.UNKNOWN if known is None else Standing.BY_HAND), seen


class Planner:
    """Compares reports with the state, one after the other, looking at every file once."""

    def __init__(
        self,
        state: State,
        sets: Sets,
        output: Path,
        order: Order,
        materials: Mapping[str, str],
    ) -> None:
        """Plan for these forms, this output folder, this order and these ``materials``.

        Of the latter there is a digest by format.
        """
        self.materials = materials
        self.state = state
        self.sets = sets
        self.output = output
        self.order = order
        self.refreshed: dict[str, Record] = {}
        """Records whose files were touched without a change, to be stored with their new times."""
        self._cache = FileCache()
        self._top = os.fspath(output)

    def plan(self, at: ReportFile) -> Plan:
        """Return what is to be done for a report."""
        name = name_of(at)
        record = self.state.record(name)
        order = self.order
        if record is None:
            return Plan(at, name, order.formats, True, reasons=("还没有生成过",))
        if order.force:
            return Plan(at, name, order.formats, True, reasons=("要求全部重新生成",))
        now = inputs_of(at, self.sets, self._cache, record.inputs)
        reasons = list(self._stale(at, record, now))
        stale = bool(reasons)
        withheld = record.has_errors and not stale and not order.draft
        touched = now != record.inputs
        formats, kept = [], []
        for format_name in order.formats:
            document = record.documents.get(format_name)
            materials = self.materials.get(format_name, "")
            wanted = made_from(now, draft=order.draft, materials=materials)
            stands, seen = self._look(name, format_name, document)
            as_known = document is not None and seen.digest == document.file.digest
            if stands is Standing.BY_HAND:
                kept.append(format_name)
            elif not (withheld or (document and document.made_from == wanted and as_known)):
                formats.append(format_name)
                if not stale:
                    reasons.append(self._reason(at, format_name, document, stands, wanted))
            if document and as_known and seen != document.file:
                record.documents[format_name] = document._replace(file=seen)
                touched = True
        if formats and not kept:
            kept = self._changed_besides(name, record)
        if kept:  # all or none: two published files of one report are to agree
            formats = []
            reasons.append(CHANGED_BY_HAND)
        because = tuple(dict.fromkeys(reasons))
        if stale or formats:
            return Plan(at, name, tuple(formats), True, tuple(kept), because)
        if touched:
            record.inputs = now
            self.refreshed[name] = record
        return Plan(at, name, (), False, tuple(kept), because, record)

    def _changed_besides(self, name: str, record: Record) -> list[str]:
        """Return the formats that were not asked for and whose documents were changed by hand."""
        others = record.documents.keys() - set(self.order.formats)
        return [
            other
            for other in sorted(others)
            if self._look(name, other, record.documents[other])[0] is Standing.BY_HAND
        ]

    def _stale(self, at: ReportFile, record: Record, now: Inputs) -> Iterator[str]:
        """Say why a report has to be examined again."""
        if now != record.inputs:  # as a rule, only a time differs
            yield from changes(record.inputs, now, at.folder, self.state.set_content, self.sets)
        if record.outlived:
            yield "接受的有效期到了"

    def _look(self, name: str, format_name: str, document: Written | None) -> tuple[Standing, Seen]:
        file = document_name(name, format_name)
        return standing(
            f"{self._top}{os.sep}{file}",
            document,
            self.state.expected(file),
        )

    def _reason(
        self,
        at: ReportFile,
        format_name: str,
        document: Written | None,
        stands: Standing,
        wanted: str,
    ) -> str:
        """Say why a document is to be written although its report is as it was."""
        if document is None:
            return f"还没有生成过 {format_name}"
        if stands is Standing.MISSING:
            return f"没有输出文件 {target_of(at, self.output, format_name)}"
        if document.made_from.endswith(_DRAFT) != self.order.draft:
            return "选项：这一次要草稿" if self.order.draft else "选项：上一次是草稿"
        if document.made_from.partition(_MATERIALS)[2] != wanted.partition(_MATERIALS)[2]:
            return "字体或换行的选项有改动"
        return f"{format_name} 上一次没有更新"


@dataclass(frozen=True, slots=True)
class Orphan:
    """A report that is gone, with its documents: those to remove, and those changed by hand."""

    name: str
    documents: tuple[Path, ...]
    kept: tuple[Path, ...]


def orphans(
    state: State, output: Path, scope: Sequence[PurePath], living: Mapping[str, object]
) -> list[Orphan]:
    """Return the reports of the state that lie in ``scope`` and whose files are gone."""
    found = []
    for name in sorted(state.names()):
        if name in living or not any(PurePath(name).is_relative_to(top) for top in scope):
            continue
        record = state.record(name)
        if record is None or os.path.exists(record.source):  # noqa: PTH110
            continue
        documents, kept = [], []
        for format_name, document in record.documents.items():
            file = document_name(name, format_name)
            target = output / file
            stands, _ = standing(str(target), document, state.expected(file))
            if stands is Standing.OURS:
                documents.append(target)
            elif stands is Standing.BY_HAND:
                kept.append(target)
        found.append(Orphan(name, tuple(documents), tuple(kept)))
    return found


def scope_of(paths: Iterable[Path]) -> list[PurePath]:
    """Return the office paths that the folders among ``paths`` cover, for finding orphans."""
    return [PurePath(path.resolve().relative_to(root_of(path))) for path in paths if path.is_dir()]

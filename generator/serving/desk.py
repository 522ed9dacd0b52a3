"""One report as it lies on the disk now, changed in place, with the way back.

A version is a digest of a file's bytes. A change names the version that it was made on; where the
file has become another meanwhile, nothing is written and both versions are handed back.
"""

from __future__ import annotations

import difflib
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from generator.drafting.edits import CannotEdit
from generator.drafting.encoded import encoded_like
from generator.form.form import Form, Forms
from generator.judging.examine import Examined, examine
from generator.reading import disk, source
from generator.reading.workspace import ReportFile
from generator.report.report import Reader
from generator.system.files import write_whole
from generator.values.grid import FigurePath

Change = Callable[["Sheet"], str]
"""What makes a new text of a report; it raises :class:`CannotEdit` where that makes no sense."""

MOST_STEPS = 200
"""Changes of a report that can be taken back."""
_MOST_VERSIONS = 400
"""Texts that are remembered, so that a conflict can show what a page was made from."""
_MOST_SHEETS = 8
"""Reports that are kept as they were judged: those of the pages that are worked at now."""


@dataclass(frozen=True)
class Sheet:
    """A report as one version of its file says it."""

    at: ReportFile
    version: str
    text: str
    """Its lines end in line feeds, whatever the file's do; empty for bytes that are no text."""
    content: bytes
    """Nothing of a file that cannot be read: the reader says why."""
    forms: Forms

    @cached_property
    def examined(self) -> Examined:
        """Everything that is found in it, as soon as somebody asks."""
        unsaved = {self.at.file: self.content} if self.content else {}
        return examine(self.at, Reader(self.forms, unsaved))

    @property
    def form(self) -> Form | None:
        """Its form; ``None`` of what is no report."""
        report = self.examined.report
        return report.form if report else None


class Conflict(Exception):
    """The file is another than the one that a change was made on."""

    def __init__(self, mine: str, theirs: str, now: Sheet) -> None:
        """Carry both versions, as what differs from the one that both began with."""
        super().__init__(mine, theirs)
        self.mine = mine
        self.theirs = theirs
        self.now = now


@dataclass
class _Steps:
    """What can be taken back, and done again: a version with the bytes that stood there before."""

    back: list[tuple[str, bytes]] = field(default_factory=list)
    again: list[tuple[str, bytes]] = field(default_factory=list)


class Desk:
    """The reports that are open, and what was done to them since the start."""

    def __init__(self, forms: Forms) -> None:
        """Work on reports under these forms."""
        self.forms = forms
        self.touched: dict[Path, FigurePath] = {}
        """The figure of each report that was typed last."""
        self._lock = threading.Lock()
        self._memory = threading.Lock()
        self._steps: dict[Path, _Steps] = {}
        self._texts: OrderedDict[str, str] = OrderedDict()
        self._looked_at: OrderedDict[Path, Sheet] = OrderedDict()

    def look(self, at: ReportFile) -> Sheet:
        """Return a report as it is now; a file that cannot be read is a finding."""
        return self._remembered(self._sheet(at, _content(at)))

    def again(self, at: ReportFile) -> Sheet:
        """Return a report as it was looked at last, or as it is now if its file is another.

        For what belongs to a page that was just shown, and for changes made on it: nothing is
        judged twice.
        """
        content = _content(at)
        known = self._looked_at.get(at.file)
        if known and known.version == version_of(content):
            return known
        return self._remembered(self._sheet(at, content))

    def version(self, at: ReportFile) -> str:
        """Return the version that a report has now."""
        return version_of(_content(at))

    def judged(self, at: ReportFile, version: str, change: Change) -> Sheet:
        """Return what a report would be with a change; nothing is written.

        Raises:
            Conflict, CannotEdit: as :meth:`change` does.
        """
        sheet, text = self._changed(at, version, change)
        return self._sheet(at, encoded_like(_content(at), text)) if text != sheet.text else sheet

    def change(self, at: ReportFile, version: str, change: Change) -> Sheet:
        """Make a change in the file and return what it has become.

        Raises:
            Conflict: the file has another version by now.
            CannotEdit: the change makes no sense; the message is for users.
            OSError: the file cannot be written.
        """
        with self._lock:
            sheet, text = self._changed(at, version, change)
            if text == sheet.text:
                return sheet
            before = _content(at)
            changed = self._remembered(self._write(at, encoded_like(before, text)))
            steps = self._steps.setdefault(at.file, _Steps())
            steps.back = [*steps.back[-MOST_STEPS:], (changed.version, before)]
            steps.again.clear()
            return changed

    def take_back(self, at: ReportFile, version: str) -> Sheet:
        """Undo the last change, unless the file was changed by others since.

        Raises:
            Conflict, CannotEdit, OSError: as :meth:`change` does.
        """
        return self._step(at, version, "back", "again", "没有可以撤销的改动")

    def do_again(self, at: ReportFile, version: str) -> Sheet:
        """Make a change again that was taken back. Raises as :meth:`take_back` does."""
        return self._step(at, version, "again", "back", "没有可以恢复的改动")

    def steps(self, at: ReportFile, version: str) -> tuple[bool, bool]:
        """Whether something can be taken back, and done again."""
        steps = self._steps.get(at.file, _Steps())
        return _fits(steps.back, version), _fits(steps.again, version)

    def _step(self, at: ReportFile, version: str, here: str, there: str, nothing: str) -> Sheet:
        with self._lock:
            steps = self._steps.setdefault(at.file, _Steps())
            taken: list[tuple[str, bytes]] = getattr(steps, here)
            self._changed(at, version, lambda sheet: sheet.text)
            if not _fits(taken, version):
                raise CannotEdit(nothing)
            before = _content(at)
            changed = self._remembered(self._write(at, taken.pop()[1]))
            getattr(steps, there).append((changed.version, before))
            return changed

    def _changed(self, at: ReportFile, version: str, change: Change) -> tuple[Sheet, str]:
        sheet = self.again(at)
        if sheet.version == version:
            return sheet, change(sheet)
        before = self._texts.get(version)
        if before is None:
            raise Conflict("", "", sheet)
        content = encoded_like(_content(at), before)
        try:
            mine = change(Sheet(at, version, before, content, self.forms))
        except CannotEdit:
            mine = before
        raise Conflict(_difference(before, mine), _difference(before, sheet.text), sheet)

    def _write(self, at: ReportFile, content: bytes) -> Sheet:
        if at.leaves(at.file):
            raise CannotEdit("这个文件是一个链接，指向工作区以外的地方，不写")
        write_whole(at.file.resolve(), content)
        return self._sheet(at, content)

    def _remembered(self, sheet: Sheet) -> Sheet:
        with self._memory:
            self._looked_at[sheet.at.file] = sheet
            self._looked_at.move_to_end(sheet.at.file)
            if len(self._looked_at) > _MOST_SHEETS:
                self._looked_at.popitem(last=False)
        return sheet

    def _sheet(self, at: ReportFile, content: bytes) -> Sheet:
        version = version_of(content)
        try:
            text = source.decode(content, at.file)
        except source.Unreadable:
            text = ""
        with self._memory:
            self._texts[version] = text
            self._texts.move_to_end(version)
            if len(self._texts) > _MOST_VERSIONS:
                self._texts.popitem(last=False)
        return Sheet(at, version, text, content, self.forms)


def version_of(content: bytes) -> str:
    """Return the version of a file with this content."""
    return hashlib.sha256(content).hexdigest()[:20]


def _fits(steps: list[tuple[str, bytes]], version: str) -> bool:
    return bool(steps) and steps[-1][0] == version


def _content(at: ReportFile) -> bytes:
    """Return a file's bytes; nothing of one that cannot be read, which its findings explain."""
    try:
        return b"" if at.leaves(at.file) else disk.content_of(at.file)
    except (OSError, disk.NotRegular, disk.TooLarge):
        return b""


def _difference(before: str, after: str) -> str:
    """Return the lines that differ, those taken out with a minus and those put in with a plus."""
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))

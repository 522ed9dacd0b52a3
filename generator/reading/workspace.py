"""Which offices and reports there are: folders with an ``office.yaml``, files named by a year."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from generator.reading import disk
from generator.reading.lookalikes import meant_name
from generator.values.diagnostics import Diagnostic, Place

OFFICE_FILE = "office.yaml"
_REPORT_FILE = re.compile(r"(\d{4})\.yaml\Z", re.ASCII)


class PathError(Exception):
    """A path given by the user that does not exist or is of no use; the message is for them."""


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A report's place: its file, its year, its office's folder and path within the workspace."""

    file: Path
    year: int
    folder: Path
    office_path: Path
    root: Path
    is_outside: bool = False
    """Whether the folder itself lies behind a link out of the workspace."""

    def leaves(self, file: Path) -> bool:
        """Whether ``file``, one of this office's, leads to somewhere outside the workspace."""
        if self.is_outside:
            return True
        place = os.path.realpath(file)  # without a path object for each of thousands
        return not place.startswith(os.path.join(self.root, ""))  # noqa: PTH118

    @property
    def office_file(self) -> Path:
        """The office's ``office.yaml``, which may be missing."""
        return self.folder / OFFICE_FILE

    def in_year(self, year: int) -> ReportFile:
        """Return the place of the same office's report of another year."""
        return replace(self, file=self.folder / f"{year}.yaml", year=year)

    def below(self, name: str) -> ReportFile:
        """Return the place of the same year's report of an office below, named from here."""
        folder = self.folder / name
        file = folder / f"{self.year}.yaml"
        return replace(self, file=file, folder=folder, office_path=self.office_path / name)

    def around(self) -> ReportFile | None:
        """Return the place of the same year's report of the office around, if there is one.

        Its paths are absolute: where one looks from may be deep inside.
        """
        here = Path(os.path.abspath(self.folder))  # noqa: PTH100 - links are not followed
        for depth, folder in enumerate(here.parents, start=1):
            if folder == self.root or not folder.is_relative_to(self.root):
                return None
            if (folder / OFFICE_FILE).is_file():
                path = self.office_path.parents[depth - 1]
                return replace(self, file=folder / self.file.name, folder=folder, office_path=path)
        return None


@dataclass
class Survey:
    """What lies under some paths: the reports, and ``strays``, what nobody would look at.

    A stray is a file that looks like a report and is none, or a folder that may not be opened.
    ``bare`` are the folders of offices that have no report at all.
    """

    reports: list[ReportFile] = field(default_factory=list)
    strays: list[Diagnostic] = field(default_factory=list)
    bare: list[Path] = field(default_factory=list)


def survey(paths: Iterable[Path]) -> Survey:
    """Look for reports under ``paths``: workspaces, office folders or single files.

    Both lists are sorted, and name everything once.

    Raises:
        PathError: a path does not exist, or a file is not a report.
    """
    found: dict[tuple[Path, Path, int], ReportFile] = {}
    strays: dict[Path, Diagnostic] = {}
    offices: dict[Path, None] = {}
    for path in paths:
        _look_at(path)
        walk = _Walk()
        for report in walk.reports_at(path):
            found.setdefault((report.root, report.office_path, report.year), report)
        offices.update(dict.fromkeys(walk.offices))
        strays.update((stray.place.file, stray) for stray in walk.strays)
    reports = sorted(found.values(), key=lambda report: (report.office_path.parts, report.year))
    full = {report.folder for report in reports}
    bare = [folder for folder in offices if folder not in full]
    return Survey(reports, [strays[file] for file in sorted(strays)], bare)


def find_reports(paths: Iterable[Path]) -> list[ReportFile]:
    """Return the reports under ``paths``, and nothing of what else lies there (:func:`survey`)."""
    return survey(paths).reports


def survey_places(paths: Iterable[Path], year: int) -> Survey:
    """Return where the report of ``year`` belongs in every office under ``paths``, and strays.

    An office is a folder with an ``office.yaml`` or a report; a file means the office it is in.

    Raises:
        PathError: a path does not exist, or a file is not a report.
    """
    found: dict[str, ReportFile] = {}
    strays: dict[Path, Diagnostic] = {}
    for path in paths:
        _look_at(path)
        walk = _Walk()
        places = [report.in_year(year) for report in walk.reports_at(path)]
        if path.is_dir():
            root = root_of(path)
            places += [_report(folder / f"{year}.yaml", root, year) for folder in walk.offices]
        for place in places:
            found.setdefault(os.path.realpath(place.folder), place)
        strays.update((stray.place.file, stray) for stray in walk.strays)
    reports = sorted(found.values(), key=lambda place: place.office_path.parts)
    return Survey(reports, [strays[file] for file in sorted(strays)])


def place_of(folder: Path, year: int) -> ReportFile:
    """Return where an office's report of ``year`` belongs; the folder need not exist."""
    return _report(folder / f"{year}.yaml", root_of(folder), year)


def offices_below(folder: Path) -> list[Path]:
    """Return the folders of the offices one level below an office, by name.

    Folders in between that hold no ``office.yaml`` of their own, such as 乡镇/, do not count as a
    level. Hidden folders are passed over and links are not followed.
    """
    found: list[Path] = []
    walk, waiting = _Walk(), [folder]
    while waiting:
        here = waiting.pop()
        for name in walk.listing(here).folders:
            below = here / name
            (found if _is_office(below) else waiting).append(below)
    return sorted(found)


def reports_in(folder: Path) -> list[ReportFile]:
    """Return the reports of one office, oldest first, and none of the offices below it."""
    walk = _Walk().reports_in(folder, root_of(folder), deep=False)
    return sorted(walk, key=lambda found: found.year)


def root_of(path: Path) -> Path:
    """Return the root of the workspace that ``path`` means (contract §1).

    For an office folder or a file within one it is the parent of the topmost office folder around
    it; any other folder is a root itself.
    """
    folder = path.resolve()
    if folder.is_file():
        folder = folder.parent
    root = folder
    while _is_office(folder):
        folder = folder.parent
        root = folder
    return root


def _is_office(folder: Path) -> bool:
    file = os.path.join(folder, OFFICE_FILE)  # noqa: PTH118
    return os.path.isfile(file) and folder != folder.parent  # noqa: PTH113 - false where we may not look


def _look_at(path: Path) -> None:
    """Refuse a path of the user's that leads nowhere.

    Raises:
        PathError: says why.
    """
    try:
        path.stat()
    except FileNotFoundError as error:
        raise PathError(f"没有这个路径：{path}") from error
    except OSError as error:
        raise PathError(f"读不了 {path}：{disk.reason(error)}") from error


class _Walk:
    """One walk through folders; what is passed over on the way is kept in ``strays``.

    ``offices`` are the folders with an ``office.yaml`` that it came through.
    """

    def __init__(self) -> None:
        self.strays: list[Diagnostic] = []
        self.offices: list[Path] = []

    def reports_at(self, path: Path) -> Iterator[ReportFile]:
        """Yield the reports that a path of the user's means."""
        root = root_of(path)
        if path.is_dir():
            yield from self.reports_in(path, root, deep=True)
            return
        name = _REPORT_FILE.match(path.name)
        if path.name == OFFICE_FILE:
            yield from self.reports_in(path.parent, root, deep=False)
            return
        if not name:
            raise PathError(f"{path} 不是报告：文件名应为「年份.yaml」，如 2024.yaml")
        yield _report(path, root, int(name[1]))

    def reports_in(self, folder: Path, root: Path, *, deep: bool) -> Iterator[ReportFile]:
        """Walk ``folder``; hidden folders are passed over and links are not followed.

        What lies behind a link out of the workspace is listed all the same, for the reader to
        refuse: nobody is to believe that it was checked.
        """
        waiting = [(folder, _office_path(folder, root))]
        while waiting:
            here, office_path = waiting.pop()
            listing = self.listing(here)
            for name, year in listing.reports:
                yield ReportFile(here / name, year, here, office_path, root)
            if deep:
                waiting += [(here / name, office_path / name) for name in listing.folders]
                for name in listing.links:
                    yield from self._behind_link(here / name, office_path / name, root)

    def _behind_link(self, folder: Path, office_path: Path, root: Path) -> Iterator[ReportFile]:
        place = os.path.realpath(folder)
        if place == str(root) or place.startswith(os.path.join(root, "")):  # noqa: PTH118
            return
        for name, year in self.listing(folder).reports:
            yield ReportFile(folder / name, year, folder, office_path, root, is_outside=True)

    def listing(self, folder: Path) -> _Listing:
        """Return what lies in a folder; of one that may not be read nobody knows, which is said."""
        found = _Listing()
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    found.add(entry)
        except OSError as error:
            hint = "请给它读取权限，或把它移到别处；里面有没有报告，现在不知道"
            message = f"打不开这个文件夹：{disk.reason(error)}"
            self.strays.append(Diagnostic.coded("F-1", Place(folder), message, hint))
        if OFFICE_FILE in found.others:
            self.offices.append(folder)
        is_office = OFFICE_FILE in found.others or bool(found.reports)
        self.strays += [
            _lookalike(folder / name, meant)
            for name in sorted(found.others)
            if (meant := meant_name(name, OFFICE_FILE, is_office=is_office))
        ]
        return found


@dataclass
class _Listing:
    """A folder: its reports with their years, the folders and links to folders in it, the rest."""

    reports: list[tuple[str, int]] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def add(self, entry: os.DirEntry[str]) -> None:
        """Put an entry where it belongs."""
        if found := _REPORT_FILE.match(entry.name):
            self.reports.append((entry.name, int(found[1])))
        elif entry.name.startswith("."):
            return
        elif entry.is_dir(follow_symlinks=False):
            self.folders.append(entry.name)
        elif entry.is_symlink() and os.path.isdir(entry):  # noqa: PTH112 - false for a loop
            self.links.append(entry.name)
        else:
            self.others.append(entry.name)


def _lookalike(file: Path, meant: str) -> Diagnostic:
    """Say of a file that looks like one of ours what it should be called."""
    message = f"文件名不对，没有读：它应当叫 {meant}"
    if file.with_name(meant).exists():
        hint = f"已经有 {meant}：两份对照后只留一份，多余的移到别的文件夹或删去"
    else:
        hint = f"把文件名改成 {meant}"
        if file.suffix.lower() == ".txt":
            hint += "；看不到「.txt」的，先在文件夹选项里显示扩展名"
    return Diagnostic.coded("F-13", Place(file), message, hint)


def _report(file: Path, root: Path, year: int) -> ReportFile:
    return ReportFile(file, year, file.parent, _office_path(file.parent, root), root)


def _office_path(folder: Path, root: Path) -> Path:
    """An office's path is taken from its folder, even where ``office.yaml`` is missing."""
    try:
        return folder.resolve().relative_to(root)
    except ValueError as error:
        raise PathError(f"{folder} 指向工作区以外的地方") from error

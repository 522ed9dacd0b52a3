"""Which offices and reports there are: folders with an ``office.yaml``, files named by a year."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

OFFICE_FILE = "office.yaml"
_REPORT_FILE = re.compile(r"(\d{4})\.yaml\Z")


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

    def leaves(self, file: Path) -> bool:
        """Whether ``file``, one of this office's, is a link to somewhere outside the workspace."""
        place = os.path.realpath(file)  # without a path object for each of thousands
        is_loop = os.path.islink(place)  # noqa: PTH114
        return is_loop or not place.startswith(os.path.join(self.root, ""))  # noqa: PTH118

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


def find_reports(paths: Iterable[Path]) -> list[ReportFile]:
    """Return the reports under ``paths``: workspaces, office folders or single files.

    Sorted by office and year, each once.

    Raises:
        PathError: a path does not exist, or a file is not a report.
    """
    found: dict[tuple[Path, Path, int], ReportFile] = {}
    for path in paths:
        if not path.exists():
            raise PathError(f"没有这个路径：{path}")
        for report in _reports_at(path):
            found.setdefault((report.root, report.office_path, report.year), report)
    return sorted(found.values(), key=lambda report: (report.office_path.parts, report.year))


def find_places(paths: Iterable[Path], year: int) -> list[ReportFile]:
    """Return where the report of ``year`` belongs in every office under ``paths``.

    An office is a folder with an ``office.yaml`` or a report; a file means the office it is in.

    Raises:
        PathError: a path does not exist, or a file is not a report.
    """
    found: dict[Path, ReportFile] = {}
    for path in paths:
        if not path.exists():
            raise PathError(f"没有这个路径：{path}")
        reports = [report.in_year(year) for report in _reports_at(path)]
        if path.is_dir():
            root = root_of(path)
            reports += [_report(folder / f"{year}.yaml", root, year) for folder in _offices(path)]
        for place in reports:
            found.setdefault(place.folder.resolve(), place)
    return sorted(found.values(), key=lambda place: place.office_path.parts)


def place_of(folder: Path, year: int) -> ReportFile:
    """Return where an office's report of ``year`` belongs; the folder need not exist."""
    return _report(folder / f"{year}.yaml", root_of(folder), year)


def offices_below(folder: Path) -> list[Path]:
    """Return the folders of the offices one level below an office, by name.

    Folders in between that hold no ``office.yaml`` of their own, such as 乡镇/, do not count as a
    level. Hidden folders are passed over and links are not followed.
    """
    found: list[Path] = []
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        for name in _listing(here)[1]:
            below = here / name
            (found if (below / OFFICE_FILE).is_file() else waiting).append(below)
    return sorted(found)


def reports_in(folder: Path) -> list[ReportFile]:
    """Return the reports of one office, oldest first, and none of the offices below it."""
    return sorted(_reports_in(folder, root_of(folder), deep=False), key=lambda found: found.year)


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
    return (folder / OFFICE_FILE).is_file() and folder != folder.parent


def _reports_at(path: Path) -> Iterator[ReportFile]:
    root = root_of(path)
    if path.is_file():
        name = _REPORT_FILE.match(path.name)
        if path.name == OFFICE_FILE:
            yield from _reports_in(path.parent, root, deep=False)
            return
        if not name:
            raise PathError(f"{path} 不是报告：文件名应为「年份.yaml」，如 2024.yaml")
        yield _report(path, root, int(name[1]))
    else:
        yield from _reports_in(path, root, deep=True)


def _reports_in(folder: Path, root: Path, *, deep: bool) -> Iterator[ReportFile]:
    """Walk ``folder``; hidden folders are passed over and links are not followed.

    What lies behind a link out of the workspace is listed all the same, for the reader to refuse:
    nobody is to believe that it was checked.
    """
    waiting = [(folder, _office_path(folder, root))]
    while waiting:
        here, office_path = waiting.pop()
        names, folders, links = _listing(here)
        for name, year in names:
            yield ReportFile(here / name, year, here, office_path, root)
        if deep:
            waiting += [(here / name, office_path / name) for name in folders]
            for name in links:
                yield from _behind_link(here / name, office_path / name, root)


def _listing(folder: Path) -> tuple[list[tuple[str, int]], list[str], list[str]]:
    """Return a folder's reports with their years, the folders in it, and links to folders.

    Raises:
        PathError: the folder may not be read: then nobody knows whether there is a report in it.
    """
    names: list[tuple[str, int]] = []
    folders: list[str] = []
    links: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if found := _REPORT_FILE.match(entry.name):
                    names.append((entry.name, int(found[1])))
                elif entry.name.startswith("."):
                    continue
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(entry.name)
                elif entry.is_symlink() and Path(entry).is_dir():
                    links.append(entry.name)
    except OSError as error:
        hint = "请给它读取权限，或只处理别的文件夹"
        raise PathError(f"打不开文件夹 {folder}（{error.strerror}）；{hint}") from error
    return names, folders, links


def _behind_link(folder: Path, office_path: Path, root: Path) -> Iterator[ReportFile]:
    if folder.resolve().is_relative_to(root):
        return
    for name, year in _listing(folder)[0]:
        yield ReportFile(folder / name, year, folder, office_path, root)


def _offices(folder: Path) -> Iterator[Path]:
    for directory, subfolders, files in os.walk(folder):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        if OFFICE_FILE in files:
            yield Path(directory)


def _report(file: Path, root: Path, year: int) -> ReportFile:
    return ReportFile(file, year, file.parent, _office_path(file.parent, root), root)


def _office_path(folder: Path, root: Path) -> Path:
    """An office's path is taken from its folder, even where ``office.yaml`` is missing."""
    try:
        return folder.resolve().relative_to(root)
    except ValueError as error:
        raise PathError(f"{folder} 指向工作区以外的地方") from error

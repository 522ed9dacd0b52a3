"""Which offices and years there are, by ids that a request may name, and how far each of them is.

Reports are examined in the background, one after the other and the newest year first: a list of
five thousand offices is there at once and fills up while it is looked at.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.county.register import Entry, register
from generator.form.form import Forms
from generator.judging.acceptance import today
from generator.reading import disk
from generator.reading.workspace import ReportFile, survey, survey_places
from generator.values import keys
from generator.values.diagnostics import Diagnostic

_ID = 10
"""Characters of an office's id: a digest of its path, the same on every start."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office in the list: ``years`` have a report, newest first; ``place`` is of one of them."""

    id: str
    place: ReportFile
    years: tuple[int, ...]

    @property
    def path(self) -> str:
        """The office's path within the workspace."""
        return self.place.office_path.as_posix()


class Unknown(LookupError):
    """A request names an office or a year that is not here."""


class Workspace:
    """The offices under the paths that the page was started with."""

    def __init__(self, paths: Iterable[Path], forms: Forms) -> None:
        """Look for offices.

        Raises:
            reading.workspace.PathError: a path leads nowhere; the message is for users.
        """
        self.paths = tuple(paths)
        self.forms = forms
        self.offices: dict[str, Office] = {}
        self.strays: list[Diagnostic] = []
        self._entries: dict[tuple[str, int], Entry | None] = {}
        self._names: dict[str, str] = {}
        self._ids: dict[Path, str] = {}
        self._epoch = 0
        """Counts what was forgotten: an examination that began before is of no use."""
        self._lock = threading.Lock()
        self._waiting: Iterator[tuple[Office, int]] = iter(())
        self.look_again()

    @property
    def root(self) -> Path:
        """The folder that new offices are made in."""
        return next((o.place.root for o in self.offices.values()), self.paths[0].resolve())

    def look_again(self) -> None:
        """Find the offices and years anew; what is known of the others stays known."""
        found = survey(self.paths)
        years: dict[Path, list[int]] = {}
        places: dict[Path, ReportFile] = {}
        for at in found.reports:
            years.setdefault(at.office_path, []).append(at.year)
            places[at.office_path] = at
        for at in survey_places(self.paths, 0).reports:
            places.setdefault(at.office_path, at)
        offices = [
            Office(_id(path), place, tuple(sorted(years.get(path, ()), reverse=True)))
            for path, place in places.items()
        ]
        offices.sort(key=lambda office: office.place.office_path.parts)
        self.offices = {office.id: office for office in offices}
        # An office's path is taken from where its folder really is.
        self._ids = {o.place.root / o.place.office_path: o.id for o in offices}
        self.strays = found.strays
        self._waiting = self._unknown()

    @property
    def years(self) -> list[int]:
        """The years that anybody has reported on, newest first."""
        return sorted({year for office in self.offices.values() for year in office.years})[::-1]

    def find(self, office: str, year: int) -> ReportFile:
        """Return the place of a report that there is.

        Raises:
            Unknown: there is none.
        """
        found = self.office(office)
        if year not in found.years:
            raise Unknown
        return found.place.in_year(year)

    def office(self, office: str) -> Office:
        """Return an office by its id.

        Raises:
            Unknown: there is none.
        """
        if office not in self.offices:
            raise Unknown
        return self.offices[office]

    def id_of(self, at: ReportFile) -> str:
        """Return the id of the office that a report belongs to."""
        return _id(at.office_path)

    def name_of(self, office: Office) -> str:
        """Return an office's name as its file says it, without judging the file; or its folder's.

        Five thousand of them are to be found by their names at once.
        """
        if office.id not in self._names:
            found = _NAME.search(_text(office.place))
            name = found[1].strip(" '\"") if found else ""
            self._names[office.id] = name or office.place.folder.name
        return self._names[office.id]

    def known(self, office: Office, year: int) -> Entry | None:
        """Return how far an office is in a year, ``None`` where that is not known yet."""
        return self._entries.get((office.id, year))

    def is_known(self, office: Office, year: int) -> bool:
        """Whether an office was examined, also where it does not report in that year."""
        return (office.id, year) in self._entries

    def forget(self, files: Iterable[Path]) -> set[str]:
        """Forget what changed files may have changed: their offices', and those around them.

        Return the ids of these offices.
        """
        folders = {file.parent.resolve() for file in files}
        around = {folder for place in folders for folder in (place, *place.parents)}
        stale = {self._ids[folder] for folder in around if folder in self._ids}
        with self._lock:
            self._epoch += 1
            for key in [key for key in self._entries if key[0] in stale]:
                del self._entries[key]
            for office in stale:
                self._names.pop(office, None)
        self._waiting = self._unknown()
        return stale

    def report_in(self, file: Path) -> tuple[str, ReportFile] | None:
        """Return the report in a file that the disk names, with its office's id."""
        office = self.offices.get(self._ids.get(file.parent.resolve(), ""))
        if office is None:
            return None
        for year in office.years:
            at = office.place.in_year(year)
            if at.file.name == file.name:
                return office.id, at
        return None

    def _unknown(self) -> Iterator[tuple[Office, int]]:
        """Yield what is still to be examined, the newest year first."""
        for year in self.years:
            for office in list(self.offices.values()):
                if not self.is_known(office, year):
                    yield office, year

    def examine_next(self) -> tuple[str, int] | None:
        """Examine one office that is not known yet; return which, ``None`` when all are."""
        with self._lock:
            epoch = self._epoch
        found = next(self._waiting, None)
        if found is None:
            return None
        office, year = found
        (entry,) = register([office.place.in_year(year)], self.forms, today(), workers=1)
        with self._lock:
            if epoch == self._epoch:
                self._entries[office.id, year] = entry
        return office.id, year


_NAME = re.compile(rf"^{keys.NAME}[ ]*:[ ]*([^#\n]+)", re.MULTILINE)


def _text(place: ReportFile) -> str:
    """Return an office's file, as far as it can be read."""
    try:
        content = b"" if place.leaves(place.office_file) else disk.content_of(place.office_file)
    except (OSError, disk.NotRegular, disk.TooLarge):
        return ""
    return content.decode("utf-8", "replace")


def _id(office_path: Path) -> str:
    digest = hashlib.sha256(str(office_path).encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:_ID]

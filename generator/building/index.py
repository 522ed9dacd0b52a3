"""Keeps ``index.html`` at the root of an output folder, from what the state knows to be there."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from generator.building.plan import document_name
from generator.building.state import State
from generator.reading import source
from generator.reading.workspace import OFFICE_FILE
from generator.report.office import Existence, existence_of
from generator.setting.write_index import GENERATOR, Entry, write_index
from generator.system.files import write_whole
from generator.values import keys

INDEX = "index.html"


def keep_index(output: Path, state: State, formats: Sequence[str], bare: Iterable[Path]) -> str:
    """Write the page where it is not up to date; return why it was not, empty as a rule.

    ``bare`` are the folders of offices that have no report at all.

    Raises:
        OSError: it cannot be written.
    """
    target = output / INDEX
    before = target.read_bytes() if target.is_file() else b""
    if before and f'content="{GENERATOR}"'.encode() not in before:
        return f"{target} 不是程序写的，没有动它"
    entries = list(_entries(output, state))
    newest = max((entry.year for entry in entries), default=0)
    entries += [entry for folder in bare for entry in _without_report(folder, newest)]
    there = {name for entry in entries for name in entry.links}
    page = write_index(entries, there | set(formats))
    if page != before:
        write_whole(target, page)
    return ""


def _entries(output: Path, state: State) -> Iterator[Entry]:
    """Yield every office for every year that it has to report on, with or without a report.

    That is since it exists, else since its first report, and as long as it exists.
    """
    names = sorted(state.names(), key=lambda name: (len(PurePosixPath(name).parts), name))
    years = range(
        min((_year(name) for name in names), default=0),
        max((_year(name) for name in names), default=-1) + 1,
    )
    for office, some in itertools.groupby(names, key=lambda name: str(PurePosixPath(name).parent)):
        own = {_year(name): name for name in some}
        record = state.record(own[max(own)])
        called, kind, existence = _office(Path(record.source if record else "").parent)
        first = existence.first or min(own)
        for year in years:
            if year in own or (year >= first and existence.covers(year)):
                links = _links(output, state, own[year]) if year in own else {}
                yield Entry(called or office, kind, year, links)


def _year(name: str) -> int:
    return int(PurePosixPath(name).name)


def _links(output: Path, state: State, name: str) -> dict[str, str]:
    record = state.record(name)
    files = {key: document_name(name, key) for key in record.documents} if record else {}
    return {key: quote(file) for key, file in files.items() if (output / file).is_file()}


def _without_report(folder: Path, newest: int) -> Iterator[Entry]:
    """Yield an office for the years that it has to report on, as far as that is known."""
    called, kind, existence = _office(folder)
    for year in range(existence.first or newest, newest + 1):
        if year and existence.covers(year):
            yield Entry(called or folder.name, kind, year)


def _office(folder: Path) -> tuple[str, str, Existence]:
    """Return an office's name, kind and existence by ``office.yaml``, as far as it can be read."""
    with contextlib.suppress(source.Unreadable, OSError):
        data = source.read(folder / OFFICE_FILE).data
        if isinstance(data, dict):
            names = (str(data.get(keys.NAME) or ""), str(data.get(keys.KIND) or ""))
            return *names, _existence(data.get(keys.EXISTENCE))
    return "", "", Existence()


def _existence(said: Any) -> Existence:
    """Read ``存续``, of which nobody has said yet that it fits its schema."""
    years = (keys.FIRST_YEAR, keys.LAST_YEAR)
    if isinstance(said, dict) and all(isinstance(said.get(key, 0), int) for key in years):
        return existence_of({keys.EXISTENCE: said})
    return Existence()

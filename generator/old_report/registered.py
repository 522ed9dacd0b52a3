"""The offices that a folder holds already, and which of them a report is of, by its name."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from generator.reading import source
from generator.reading.workspace import OFFICE_FILE
from generator.values import keys

_ALIKE = 0.9
"""Share of two names that is the same where one slip parts them: a character of ten."""
_SHORTEST = 3
"""Characters of a name that a file's name is searched for at least."""


@dataclass(frozen=True, slots=True)
class Office:
    """An office that has a folder: its full name, its other names, the folder."""

    name: str
    others: tuple[str, ...]
    folder: Path

    def is_called(self, name: str) -> bool:
        """Whether a name is one of the office's, letter by letter."""
        return _plain(name) in map(_plain, (self.name, *self.others))

    def is_meant(self, name: str) -> bool:
        """Whether a name may be the office's, shortened or with a slip in it."""
        shorter, longer = sorted((_plain(name), _plain(self.name)), key=len)
        rest = iter(longer)
        is_shortened = len(shorter) >= _SHORTEST and all(each in rest for each in shorter)
        return is_shortened or SequenceMatcher(None, shorter, longer).ratio() >= _ALIKE


def offices_under(folder: Path) -> list[Office]:
    """Return the offices under a folder whose ``office.yaml`` can be read."""
    found = []
    for file in sorted(folder.rglob(OFFICE_FILE)):
        try:
            data = source.read(file).data
        except source.Unreadable:
            continue
        if isinstance(data, dict) and isinstance(data.get(keys.NAME), str):
            short = data.get(keys.SHORT_NAME)
            others = (short,) if isinstance(short, str) else ()
            found.append(Office(data[keys.NAME], others, file.parent))
    return found


def called(name: str, offices: Sequence[Office]) -> Office | None:
    """Return the only office of this name."""
    found = [office for office in offices if office.is_called(name)]
    return found[0] if len(found) == 1 else None


def meant(name: str, offices: Sequence[Office]) -> list[Office]:
    """Return the offices that a name may mean that is none of theirs."""
    return [office for office in offices if office.is_meant(name)]


def named_in(file: Path, offices: Sequence[Office]) -> Office | None:
    """Return the only office whose name stands in a file's, the longer name if several do."""
    stem = _plain(file.stem)
    found = [
        (len(_plain(name)), office)
        for office in offices
        for name in (office.name, *office.others)
        if len(_plain(name)) >= _SHORTEST and _plain(name) in stem
    ]
    longest = max((length for length, _ in found), default=0)
    best = [office for length, office in found if length == longest]
    return best[0] if len(best) == 1 else None


def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())

"""What an office's full name tells of it, when reports are due: ``templates/office.yaml``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from generator.form import files
from generator.reading import source
from generator.values.nearest import meant


@dataclass(frozen=True)
class OfficeWords:
    """The file as patterns. ``kinds`` are all kinds of office, as ``office.yaml`` knows them."""

    kinds: tuple[str, ...]
    due: Mapping[str, str]
    """The dates, month and day, by which an ``own`` report and a ``roll_up`` are due."""
    days_to_remind: int
    """How many days before its last day a report is asked for."""
    _kinds: Sequence[tuple[re.Pattern[str], str]]
    _rules: Sequence[NamesOfMakers]

    def kind(self, name: str) -> str:
        """Return the kind that an office's full name shows, empty when it does not."""
        return next((kind for ends, kind in self._kinds if ends.search(name)), "")

    def makes_rules(self, name: str) -> bool | None:
        """Whether an office may make rules of its own; ``None`` if its name does not tell."""
        return next((rule.makes for rule in self._rules if rule.means(name)), False)


@dataclass(frozen=True)
class NamesOfMakers:
    """Offices by how their full names end, and what ``makes_rules`` says of them.

    ``names`` are those before the end, empty where any will do: cities, told from one another by
    their rank alone.
    """

    ends: re.Pattern[str]
    names: frozenset[str]
    makes: bool | None

    def means(self, name: str) -> bool:
        """Whether an office with this full name is meant; a province may stand before a city."""
        found = self.ends.search(name)
        if found is None or not self.names:
            return found is not None
        stem = name[: found.start()]
        return any(stem[start:] in self.names for start in range(len(stem)))


def read_office_words(read: source.Source, kinds: tuple[str, ...]) -> OfficeWords:
    """Return what ``office.yaml`` says.

    Raises:
        source.Unreadable: it names a kind that there is not, or a pattern is wrong, with its line.
    """
    for index, entry in enumerate(read.data["kinds"]):
        if entry["kind"] not in kinds:
            message = f"没有「{entry['kind']}」这个类型{meant(entry['kind'], kinds)}"
            raise files.wrong(read, ("kinds", index, "kind"), message)

    def ends(key: str) -> Iterator[re.Pattern[str]]:
        for index, entry in enumerate(read.data.get(key, ())):
            yield files.pattern(read, (key, index, "ends"), rf"(?:{entry['ends']})\Z")

    rules = [
        NamesOfMakers(end, frozenset(entry.get("names", "").split()), entry.get("makes"))
        for end, entry in zip(ends("rules"), read.data.get("rules", ()), strict=True)
    ]
    return OfficeWords(
        kinds=kinds,
        due=read.data["due"],
        days_to_remind=read.data["remind"],
        _kinds=list(zip(ends("kinds"), (e["kind"] for e in read.data["kinds"]), strict=True)),
        _rules=rules,
    )

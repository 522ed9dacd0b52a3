"""The rules on prose as data: ``prose.yaml`` → rules with every pattern compiled.

``templates/prose.yaml`` holds the rules that belong to no single form, that of a form those which
name its figures and parts. A rule has an id, a level, a title, a basis, a hint and causes like any
other; ``kind`` says which function reads it. The words of the trade are patterns in these files,
never in Python. A pattern that does not compile, or a figure or part that does not exist, is a
fault of the form and reported at its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from generator.form import files
from generator.form.names import FigureNames, UnknownName
from generator.reading import source
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Related, Severity
from generator.values.nearest import meant

# What every rule has; all else are parameters of its kind.
_COMMON = {"id", "level", "title", "basis", "hint", "causes", "kind"}
_ACROSS_OFFICES = {"other_names", "shared"}
# Parameters, at any depth, that are patterns; a list of them means any one of them.
_PATTERNS = {
    "units", "unless", "marker", "whole", "total", "composed", "listed_after", "listed_before",
    "within_item", "joining", "open_end", "from_zero",
    "charged", "period", "other_use", "comparing", "plans", "period_of_report", "pattern", "public",
    "end", "broken", "boilerplate", "problems", "improvements", "explained", "words", "within",
    "begins", "ends", "numbering", "lost", "bare", "self", "answers",
}  # fmt: skip
_SETS = {"cut"}
_LISTS = {"series", "orders", "patterns", "places"}
_FIGURES = {"figure"}


@dataclass(frozen=True)
class ProseRule:
    """A rule on prose; ``parameters`` are as written, with patterns compiled."""

    id: str
    level: Severity
    title: str
    basis: str
    hint: str
    kind: str
    causes: tuple[str, ...]
    place: Place
    """Where it is written, with its line."""
    parameters: Mapping[str, Any]
    acceptable: bool = True

    @property
    def compares_offices(self) -> bool:
        """Whether the rule needs the reports of several offices."""
        return self.kind in _ACROSS_OFFICES

    @property
    def is_on_request(self) -> bool:
        """Whether what the rule lists is only shown to those who ask for it."""
        return self.kind == "numbers"

    def finding(
        self, place: Place, message: str, hint: str = "", related: tuple[Related, ...] = ()
    ) -> Diagnostic:
        """Return what the rule finds at ``place``; ``hint`` where the rule's own is too general."""
        return Diagnostic(
            self.id, self.level, place, message, hint or self.hint, self.basis, related
        )

    def __getitem__(self, name: str) -> Any:
        """Return a parameter; ``None`` when the rule may have it and has not."""
        return self.parameters.get(name)


def read_prose_rules(
    read: source.Source | None, names: FigureNames, texts: Sequence[str]
) -> tuple[ProseRule, ...]:
    """Return the rules of a file, none when there is no such file.

    ``texts`` are the keys of the form's parts that are prose.

    Raises:
        source.Unreadable: something that a rule names does not exist, with its line.
    """
    if read is None:
        return ()
    return tuple(
        _ProseRuleReader(read, (index,), names, texts).rule(entry)
        for index, entry in enumerate(read.data)
    )


@dataclass(frozen=True)
class _ProseRuleReader:
    """Reads one entry of the file."""

    read: source.Source
    place: KeyPath
    names: FigureNames
    texts: Sequence[str]

    def fail(self, message: str, *path: str | int) -> NoReturn:
        raise files.wrong(self.read, (*self.place, *path), message)

    def rule(self, entry: dict[str, Any]) -> ProseRule:
        if (part := entry.get("part", self.texts[0])) not in self.texts:
            self.fail(f"没有「{part}」这个文字部分{meant(part, self.texts)}", "part")
        return ProseRule(
            id=entry["id"],
            level=Severity(entry["level"]),
            title=entry["title"],
            basis=entry["basis"],
            hint=entry["hint"],
            kind=entry["kind"],
            causes=tuple(entry.get("causes", ())),
            place=self.read.at(self.place),
            parameters={
                key: self.value(value, (key,)) for key, value in entry.items() if key not in _COMMON
            },
        )

    def value(self, value: Any, path: KeyPath) -> Any:
        """Return ``value`` with the patterns in it compiled and its figures known to exist."""
        key = path[-1]
        if key in _PATTERNS:
            return self.pattern(value, path)
        if key in _FIGURES:
            for one in value if isinstance(value, list) else [value]:
                self.figure(str(one), path)
            return value
        if key in _SETS:
            return frozenset(value)
        if key in _LISTS:
            return tuple(self.pattern(one, (*path, i)) for i, one in enumerate(value))
        if isinstance(value, dict):
            return {inner: self.value(item, (*path, inner)) for inner, item in value.items()}
        if isinstance(value, list):
            return tuple(self.value(item, (*path, index)) for index, item in enumerate(value))
        return value

    def pattern(self, value: Any, path: KeyPath) -> re.Pattern[str]:
        return files.pattern(self.read, (*self.place, *path), _any_of(value))

    def figure(self, written: str, path: KeyPath) -> None:
        """Check that an expression in prose could name the figure."""
        try:
            self.names.number(written)
        except UnknownName as error:
            self.fail(str(error), *path)


def _any_of(value: Any) -> str:
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)

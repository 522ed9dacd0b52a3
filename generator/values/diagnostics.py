"""Findings as values: what is wrong, where, on what basis and how to mend it.

Whoever finds something returns a :class:`Diagnostic`; somebody else sorts, counts and prints it
(``findings``). A place is symbolic, a file and a path of keys; line and column are looked up by
whoever holds the file's text (:meth:`Diagnostic.at`), so that checks never handle positions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

KeyPath = tuple[str | int, ...]
"""The keys and indices that lead to a value, an index counts from 0."""


class Severity(StrEnum):
    """How much a finding weighs: an error keeps a report from being written."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Line and column count from 1; columns and length count characters."""

    line: int = 1
    column: int = 1
    length: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in an office file.

    ``path`` leads to a value; ``on_key`` means its key instead. ``offset`` and ``length`` narrow
    the place to characters of a text value. ``position`` is set once it is known.
    """

    file: Path
    path: KeyPath = ()
    on_key: bool = False
    offset: int | None = None
    length: int = 1
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """An operand of the finding: where it stands, what it is called, what it says."""

    place: Place
    label: str
    value: str


_BLANK: Final = ("S-1", "S-8")
"""Codes of a row that is left out and of a mark that is left standing."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``message`` says what is wrong, ``hint`` the way out, ``basis`` the source."""

    code: str
    severity: Severity
    place: Place
    message: str
    hint: str = ""
    basis: str = ""
    related: tuple[Related, ...] = ()
    detail: tuple[str, ...] = ()
    """The working behind the message, line by line, for people to read."""
    accepted: str = ""
    """The office's own reason, when it has accepted this finding; empty otherwise."""

    @classmethod
    def coded(
        cls,
        code: str,
        place: Place,
        message: str,
        hint: str = "",
        related: tuple[Related, ...] = (),
        detail: tuple[str, ...] = (),
    ) -> Diagnostic:
        """Return what was found under a code of the catalogue, which says how much it weighs.

        Until ``form.Forms.completed`` has asked it, a finding is an error.
        """
        return cls(code, Severity.ERROR, place, message, hint, "", related, detail)

    def at(self, locate: Callable[[Place], Position]) -> Diagnostic:
        """Return this finding with every place given a line and a column."""

        def fixed(place: Place) -> Place:
            return place if place.position else replace(place, position=locate(place))

        return replace(
            self,
            place=fixed(self.place),
            related=tuple(replace(item, place=fixed(item.place)) for item in self.related),
        )

    @property
    def position(self) -> Position:
        """Where to point; a finding about a whole file points at its first line."""
        return self.place.position or Position()

    @property
    def is_blank(self) -> bool:
        """Whether this says of a place that it is still to be filled in."""
        return self.code in _BLANK

    @property
    def blocks(self) -> bool:
        """Whether a report with this finding may not be written."""
        return self.severity is Severity.ERROR and not self.accepted


class Refusal(Exception):
    """What was asked for is not done; ``findings`` say why, what stands behind the first after it.

    As :meth:`Diagnostic.coded` makes them: whoever shows them has them completed.
    """

    def __init__(self, *findings: Diagnostic) -> None:
        """Carry the findings to whoever asked."""
        super().__init__(*findings)
        self.findings = findings

    def __str__(self) -> str:
        """Return what is wrong."""
        return "；".join(finding.message for finding in self.findings)


def dotted(path: KeyPath) -> str:
    """Return ``path`` as users write it: keys joined by full stops, list positions from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def ordered(findings: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Sort by file, place and code, so that a reader goes through a file from top to bottom."""
    return sorted(findings, key=lambda f: (str(f.place.file), f.position, f.code, f.message))

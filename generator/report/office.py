"""What ``office.yaml`` says of an office: its name and kind, its existence, whom it adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from generator.reading.source import Source
from generator.values import keys

DUE = "01-31"
"""Month and day by which members report where ``office.yaml`` does not say (notice, 二(一))."""


@dataclass(frozen=True, slots=True)
class RollUp:
    """What ``office.yaml`` says of a roll-up: who signs, when members report, who is left out."""

    competent: str
    due: str
    excluded: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Existence:
    """The reporting years from which and up to which an office exists, and what it became."""

    first: int | None = None
    last: int | None = None
    merged_into: str = ""

    def covers(self, year: int) -> bool:
        """Whether the office has to report on ``year``."""
        return (self.first or year) <= year <= (self.last or year)


@dataclass(frozen=True, slots=True)
class Office:
    """What ``office.yaml`` says of an office."""

    name: str
    short_name: str
    kind: str
    makes_rules: bool | None
    """``None`` where the name does not tell and ``office.yaml`` does not say."""
    source: Source
    roll_up: RollUp | None = None
    existence: Existence = field(default_factory=Existence)
    deadline: str = ""
    """Month and day by which the report is published, where the office says so."""

    @property
    def names(self) -> tuple[str, str]:
        """Its full name and its short one."""
        return self.name, self.short_name


def roll_up_of(data: Mapping[str, Any]) -> RollUp | None:
    """Read ``汇总`` of an ``office.yaml`` that fits its schema; ``None`` for an ordinary office."""
    said = data.get(keys.ROLL_UP)
    if said is None:
        return None
    return RollUp(said[keys.COMPETENT], said.get(keys.DUE, DUE), said.get(keys.EXCLUDED, {}))


def existence_of(data: Mapping[str, Any]) -> Existence:
    """Read ``存续`` of an ``office.yaml`` that fits its schema."""
    said = data.get(keys.EXISTENCE, {})
    return Existence(
        said.get(keys.FIRST_YEAR), said.get(keys.LAST_YEAR), said.get(keys.MERGED_INTO, "")
    )

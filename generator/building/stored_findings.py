"""Findings as text and back, to be shown again when a report has not changed.

A file beside the report is stored by its name alone: the folder may be moved.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from generator.values.diagnostics import Diagnostic, Place, Position, Related, Severity


def stored(findings: Iterable[Diagnostic], folder: Path) -> str:
    """Return findings as JSON; ``folder`` is where the report stands."""

    def plain(value: Any) -> Any:
        if isinstance(value, Path):
            return value.name if value.parent == folder else os.path.abspath(value)  # noqa: PTH100
        if isinstance(value, tuple):
            return [plain(item) for item in value]
        if dataclasses.is_dataclass(value):
            return [plain(getattr(value, part.name)) for part in dataclasses.fields(value)]
        return value

    return json.dumps(list(map(plain, findings)), ensure_ascii=False, separators=(",", ":"))


def recalled(text: str, folder: Path) -> tuple[Diagnostic, ...]:
    """Return stored findings as they were; ``folder`` is where the report stands now."""

    def place(values: list[Any]) -> Place:
        known = dict(zip(_names(Place), values, strict=True))
        position = known.pop("position")
        known["file"] = folder / known["file"]
        known["path"] = tuple(known["path"])
        return Place(**known, position=Position(*position) if position else None)

    def finding(values: list[Any]) -> Diagnostic:
        known = dict(zip(_names(Diagnostic), values, strict=True))
        related = known.pop("related")
        severity, at = Severity(known.pop("severity")), place(known.pop("place"))
        rest: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in known.items()
        }
        operands = tuple(Related(place(where), *words) for where, *words in related)
        return Diagnostic(severity=severity, place=at, related=operands, **rest)

    return tuple(map(finding, json.loads(text)))


def _names(kind: type[Place] | type[Diagnostic]) -> list[str]:
    return [part.name for part in dataclasses.fields(kind)]

"""Splits a workspace among machines that know nothing of each other."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from generator.reading.workspace import ReportFile


@dataclass(frozen=True, slots=True)
class Shard:
    """One of ``parts`` machines; ``part`` counts from 1."""

    part: int = 1
    parts: int = 1

    def has(self, office_path: PurePath) -> bool:
        """Whether the office is this machine's.

        Its path alone decides: whatever other offices come and go, an office keeps its machine, and
        with it its cache, and all its years stay together.
        """
        name = office_path.as_posix().encode("utf-8", "surrogateescape")
        return zlib.crc32(name) % self.parts == self.part - 1

    def of(self, reports: Iterable[ReportFile]) -> list[ReportFile]:
        """Return this machine's reports, in their order."""
        return [report for report in reports if self.has(report.office_path)]

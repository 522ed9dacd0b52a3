"""Where the tests' material lies, and what a command leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
SHARED = ROOT.parent / "shared"
PUBLISHED = SHARED / "reports"
WORKSPACE = PUBLISHED / "workspace"

needs_published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published reports (../shared/reports) are not here"
)


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: its exit code and what it printed."""

    code: int
    out: str
    err: str

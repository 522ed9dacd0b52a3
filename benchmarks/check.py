"""Times ``check``: 1,000 reports with last year's beside them, and the share of each stage.

    .venv/bin/python benchmarks/check.py [REPORTS]

One core, counted in its own time. Stages are timed where they are called; the rest is the rest.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from workspace import make

from generator import examine as examination
from generator import report as reading
from generator import shape
from generator.cli import UNCOLLECTED
from generator.edition import Editions
from generator.office_comparison import compare_offices
from generator.report import Reader
from generator.workspace import find_reports

BUDGET = 5.0
"""Milliseconds a report, prose rules included (issue 3)."""

SECONDS: dict[str, float] = defaultdict(float)


def timed(place: Any, name: str, stage: str) -> None:
    """Let the time that a function takes be counted under ``stage``."""
    function: Callable[..., Any] = getattr(place, name)

    def counted(*arguments: Any, **named: Any) -> Any:
        started = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            SECONDS[stage] += time.process_time() - started

    setattr(place, name, counted)


def main() -> int:
    """Make the reports, check them, print what it took; 1 when that was too long."""
    gc.set_threshold(UNCOLLECTED)  # as the command line does
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as name:
        make(Path(name), count, years=2)
        reports = find_reports([Path(name)])
        editions = Editions()
        editions.load(2021).shape.findings({}, Path(name))  # once in a process, not in a report
        examination.examine(reports[0], Reader(editions))
        timed(reading, "_read_inside", "读 YAML")
        timed(shape.Shape, "findings", "结构")
        timed(reading, "expand", "展开数")
        timed(examination, "narrate", "取数")
        timed(examination, "check_figures", "勾稽关系")
        timed(examination, "check_prose", "文字规则")
        timed(examination, "accept", "接受")
        started = time.process_time()
        reader = Reader(editions)
        examined = [examination.examine(at, reader) for at in reports]
        compared = time.process_time()
        compare_offices(examined)
        SECONDS["机关之间"] = time.process_time() - compared
        total = time.process_time() - started
    each = total / len(reports) * 1000
    print(f"{len(reports)} 份报告，每份 {each:.2f} 毫秒（限 {BUDGET:g} 毫秒）")
    SECONDS["其余"] = total - sum(SECONDS.values())
    for stage, seconds in SECONDS.items():
        print(f"  {seconds / len(reports) * 1000:6.3f} 毫秒  {seconds / total:6.1%}  {stage}")
    return int(each > BUDGET)


if __name__ == "__main__":
    sys.exit(main())

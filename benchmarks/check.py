"""Times the stages of ``check``, and what ``build`` does besides, over 1,000 reports.

    .venv/bin/python benchmarks/check.py [REPORTS]

Last year's reports lie beside them. One core, counted in its own time. Stages are timed where they
are called; the rest is the rest.
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

from generator.commands.cli import UNCOLLECTED
from generator.form.form import Forms
from generator.judging import examine as examination
from generator.judging.examine import Examined
from generator.judging.prose.across_offices import compare_offices, voice_of
from generator.reading import shape
from generator.reading.workspace import find_reports
from generator.report import report as reading
from generator.report.report import Reader
from generator.setting.compose import compose
from generator.setting.write_docx import write_docx
from generator.setting.write_text import write_text

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
        forms = Forms()
        forms.load(2021).shape.findings({}, Path(name))  # once in a process, not in a report
        examination.examine(reports[0], Reader(forms))
        timed(Reader, "_read_inside", "读 YAML")
        timed(shape.Shape, "findings", "结构")
        timed(reading, "expand", "展开数")
        timed(examination, "narrate", "取数")
        timed(examination, "check_figures", "勾稽关系")
        timed(examination, "check_prose", "文字规则")
        timed(examination, "accept", "接受")
        started = time.process_time()
        reader = Reader(forms)
        examined = [examination.examine(at, reader) for at in reports]
        compared = time.process_time()
        voices = [voice_of(each.report, each.prose) for each in examined if each.report]
        for _finding in compare_offices(voices, Reader(forms)):
            pass
        SECONDS["机关之间"] = time.process_time() - compared
        total = time.process_time() - started
    each = total / len(reports) * 1000
    SECONDS["其余"] = total - sum(SECONDS.values())
    print(f"检查：{len(reports)} 份报告，每份 {each:.2f} 毫秒（限 {BUDGET:g} 毫秒）")
    show(SECONDS, len(reports))
    print("生成另需（不算写盘和记录状态）：")
    show(documents(examined), len(reports))
    return int(each > BUDGET)


def documents(examined: list[Examined]) -> dict[str, float]:
    """Make the documents of all reports; return the seconds of each step."""
    seconds: dict[str, float] = defaultdict(float)
    for each in examined:
        assert each.report is not None and each.prose is not None
        started = time.process_time()
        document = compose(each.report, each.prose)
        composed = time.process_time()
        write_docx(document)
        written = time.process_time()
        write_text(document)
        seconds["编排"] += composed - started
        seconds["DOCX"] += written - composed
        seconds["TXT"] += time.process_time() - written
    return seconds


def show(seconds: dict[str, float], reports: int) -> None:
    """Print what each stage took of a report, and its share."""
    total = sum(seconds.values())
    for stage, taken in seconds.items():
        print(f"  {taken / reports * 1000:6.3f} 毫秒  {taken / total:6.1%}  {stage}")


if __name__ == "__main__":
    sys.exit(main())

"""A hundred thousand characters of anything take no command more than two seconds.

The processor's time is counted, not the clock, which other tests share.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from support import EXAMPLES, ROOT, Outcome

Call = Callable[..., Outcome]
SECONDS = 2.0
GOOD = (ROOT / "tests/data/bad/good_report_for_comparison/town/2024.yaml").read_text("utf-8")
PROSE = "解读不够通俗，下一年增加图解。"
UNITS = {
    "marks": "【",
    "expressions begun": "中{{",
    "counts": "1件，",
    "sentences": "中。",
    "claims": "收到申请12件。",
    "years": "2023年 ",
    "spaces": "x ",
}


def long(unit: str, seed: int = 0) -> str:
    """Return a text just within the limit: one unit again and again, or sentences at random."""
    if unit:
        return unit * (99_000 // len(unit))
    random = Random(seed)
    words = ["公开", "信息", "申请", "收到", "答复", "平台", "监督", "其中", "3件", "，"]
    return "".join(random.choice(words) + "。" * (random.random() < 0.2) for _ in range(40_000))


@pytest.fixture(params=[*UNITS.values(), ""], ids=[*UNITS, "at random"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """An office with two years whose problems are very long."""
    folder = tmp_path / "reports" / "town"
    folder.mkdir(parents=True)
    (folder / "office.yaml").write_text("名称: 某县某镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
    for year in (2024, 2025):
        text = GOOD.replace(PROSE, f'"{long(request.param, year)}"').replace("2024", str(year))
        (folder / f"{year}.yaml").write_text(text, "utf-8")
    return folder


def within(call: Callable[[], Outcome]) -> Outcome:
    start = time.process_time()
    outcome = call()
    assert time.process_time() - start < SECONDS
    assert outcome.code in (0, 1), outcome.err
    return outcome


def test_a_report_is_checked(office: Path, nianbao: Call) -> None:
    within(lambda: nianbao("check", office / "2024.yaml", "-j1"))


def test_two_are_compared(office: Path, nianbao: Call) -> None:
    within(lambda: nianbao("compare", office / "2024.yaml", office / "2025.yaml"))


def test_it_is_rolled_over(office: Path, nianbao: Call) -> None:
    within(lambda: nianbao("rollover", "2026", office))


def test_a_page_is_imported_and_verified(office: Path, tmp_path: Path, nianbao: Call) -> None:
    nianbao("build", EXAMPLES / "songzhuang", "-o", tmp_path, "--to", "txt")
    page = tmp_path / "songzhuang" / "2024.txt"
    text = (office / "2025.yaml").read_text("utf-8").split('"')[-2]
    page.write_text(page.read_text("utf-8").replace("。", f"。{text}。", 1), "utf-8")
    within(lambda: nianbao("import", page, "-o", tmp_path / "new" / "2024.yaml"))
    report = Path(shutil.copytree(EXAMPLES / "songzhuang", tmp_path / "it")) / "2024.yaml"
    long_one = report.read_text("utf-8").replace("。", f"。{long('', 9)}", 1)
    report.write_text(long_one.replace("{{", "{ {"), "utf-8")
    within(lambda: nianbao("verify", page, report))

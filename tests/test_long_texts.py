"""A hundred thousand characters of anything: the time grows with the text, not with its square.

Each command is given a text and a quarter of it, in the same run: nothing depends on how fast the
machine is, nor on what else runs on it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from support import EXAMPLES, LONGEST, ROOT, Outcome, grows_no_faster

Call = Callable[..., Outcome]
Offices = dict[int, Path]
"""An office's folder, by the length of its text."""
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


def long(unit: str, length: int, seed: int = 0) -> str:
    """Return a text of a length: one unit again and again, or sentences at random."""
    if unit:
        return unit * (length // len(unit))
    random = Random(seed)
    words = ["公开", "信息", "申请", "收到", "答复", "平台", "监督", "其中", "3件", "，"]
    made = (random.choice(words) + "。" * (random.random() < 0.2) for _ in range(length // 2))
    return "".join(made)[:length]


@pytest.fixture(params=[*UNITS.values(), ""], ids=[*UNITS, "at random"])
def offices(request: pytest.FixtureRequest, tmp_path: Path) -> Offices:
    """Two offices with two years each: problems of a quarter of the limit, and just within it."""
    folders = {}
    for length in (LONGEST // 4, LONGEST):
        folder = tmp_path / str(length) / "reports" / "town"
        folder.mkdir(parents=True)
        (folder / "office.yaml").write_text("名称: 某县某镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
        for year in (2024, 2025):
            text = f'"{long(request.param, length, year)}"'
            report = GOOD.replace(PROSE, text).replace("2024", str(year))
            (folder / f"{year}.yaml").write_text(report, "utf-8")
        folders[length] = folder
    return folders


def compared(offices: Offices, call: Callable[[Path], Outcome]) -> None:
    """Run a command on both offices, and compare what they took."""

    def run(length: int) -> None:
        outcome = call(offices[length])
        assert outcome.code in (0, 1), outcome.err

    grows_no_faster(run)


def test_a_report_is_checked(offices: Offices, nianbao: Call) -> None:
    compared(offices, lambda office: nianbao("check", office / "2024.yaml", "-j1"))


def test_two_are_compared(offices: Offices, nianbao: Call) -> None:
    compared(offices, lambda office: nianbao("compare", office / "2024.yaml", office / "2025.yaml"))


def test_it_is_rolled_over(offices: Offices, nianbao: Call) -> None:
    compared(offices, lambda office: nianbao("rollover", "2026", office))


def test_a_page_is_imported_and_verified(offices: Offices, tmp_path: Path, nianbao: Call) -> None:
    nianbao("build", EXAMPLES / "songzhuang", "-o", tmp_path, "--to", "txt")
    published = (tmp_path / "songzhuang" / "2024.txt").read_text("utf-8")
    report = (EXAMPLES / "songzhuang" / "2024.yaml").read_text("utf-8")

    def page(office: Path) -> Path:
        text = (office / "2025.yaml").read_text("utf-8").split('"')[-2]
        return written(office / "page.txt", published.replace("。", f"。{text}。", 1))

    def long_report(office: Path) -> Path:
        shutil.copytree(EXAMPLES / "songzhuang", office / "it")
        text = report.replace("。", f"。{long('', int(office.parts[-3]), 9)}", 1)
        return written(office / "it" / "2024.yaml", text.replace("{{", "{ {"))

    compared(offices, lambda o: nianbao("import", page(o), "-o", o / "new" / "2024.yaml"))
    compared(offices, lambda o: nianbao("verify", o / "page.txt", long_report(o)))


def written(file: Path, text: str) -> Path:
    file.write_text(text, "utf-8")
    return file

"""Bad input: each case is an office's folder under ``data/bad`` beside what ``check`` says of it.

``pytest tests/test_bad_input.py --update-golden`` writes the expected texts anew; read the
difference before committing it. What the prose says is tried elsewhere and left out here.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from support import ROOT, Outcome

CASES = sorted(path for path in (ROOT / "tests" / "data" / "bad").iterdir() if path.is_dir())
GOOD = "good_report_for_comparison"
NOT_PROSE = ("--select", "F,S,P,T2,T3,T4,Y-1,Y-2,Y-3,Y-4,Y-5,A,E")


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_the_messages(
    case: Path,
    nianbao: Callable[..., Outcome],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.chdir(case)
    outcome = nianbao("check", *NOT_PROSE)
    expected = case / "expected.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(outcome.out, "utf-8")
    assert outcome.out == expected.read_text("utf-8")
    assert outcome.code == int(case.name != GOOD)
    assert "Traceback" not in outcome.out + outcome.err
    assert "程序出错" not in outcome.err


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name != GOOD], ids=lambda path: path.name
)
def test_nothing_is_written(
    case: Path, nianbao: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = case.with_name(GOOD)
    shutil.copytree(good / "town", tmp_path / "town")
    monkeypatch.chdir(tmp_path)
    assert nianbao("build", "town", "-o", "out").code == 0
    before = {file: file.read_bytes() for file in (tmp_path / "out" / "town").iterdir()}
    assert before
    shutil.rmtree(tmp_path / "town")
    shutil.copytree(case / "town", tmp_path / "town")
    outcome = nianbao("build", "town", "-o", "out")
    assert outcome.code == 1
    assert "Traceback" not in outcome.out + outcome.err
    after = {file: file.read_bytes() for file in (tmp_path / "out" / "town").iterdir()}
    assert after == before

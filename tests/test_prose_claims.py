"""Claims as published reports word them: the false one of each pair is found, the true one not.

``data/claims/*.tsv`` hold pairs of sentences about the office of ``office.yaml``. Run with ``-s``
to see how many are caught, and each that is missed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest

from generator.form.form import Forms
from generator.judging.prose.checks import check_prose
from generator.reading.source import read
from generator.reading.workspace import find_reports
from generator.report.narrative import narrate
from generator.report.report import Reader
from support import Outcome
from test_prose import judged, workspace

DATA = Path(__file__).parent / "data" / "claims"
LISTS = sorted(DATA.glob("*.tsv"))
FIGURES = {"X-1", "X-2", "X-3", "X-4", "X-7", "X-12", "X-13", "X-14", "X-16"}
PASTED = {"Q-7", "Q-9", "Q-14", "Q-15", "Q-16", "Q-17", "Q-18"}


def alarms(text: str, folder: Path) -> list[str]:
    """Return what the judges of figures, and of pasted text, say of one sentence."""
    case = read(DATA / "office.yaml").data | {"text": f"{text}\n"}
    return [f"{f.code} {f.message}" for f in judged(case, folder) if f.code in FIGURES | PASTED]


@pytest.mark.parametrize("file", LISTS, ids=lambda file: file.stem)
def test_false_claims_are_found_and_true_ones_left_alone(file: Path, tmp_path: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if line and not line.startswith("#")]
    missed = [false for _, false in pairs if false and not alarms(false, tmp_path)]
    wrong = [(true, said) for true, _ in pairs if true and (said := alarms(true, tmp_path))]
    caught = sum(bool(false) for _, false in pairs) - len(missed)
    print(f"\n{file.stem}: {caught} of {len(missed) + caught} found, {len(wrong)} false alarms")
    for sentence in missed:
        print("  missed", sentence)
    for sentence, said in wrong:
        print("  wrong ", sentence, *said)
    assert (missed, wrong) == ([], [])


def test_what_was_understood_is_told_with_the_figure(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    case = read(DATA / "office.yaml").data | {"text": "收到政府信息公开申请25件，办结18件。\n"}
    outcome = nianbao("explain", "X-1", workspace(case, tmp_path))
    assert "收到政府信息公开申请25件" in outcome.out
    assert "「25件」看作表中的数" in outcome.out
    assert "办理结果 （七）总计 总计」18 ✓" in outcome.out


def test_a_question_is_answered_once_in_the_file_of_the_office(tmp_path: Path) -> None:
    answers = [{"规则": "T4-4", "理由": "案件起因是答复信息不存在"}]
    case = read(DATA / "office.yaml").data | {"office": {"接受": answers}}
    found = judged(case, tmp_path)
    assert [bool(f.accepted) for f in found if f.code == "T4-4"] == [True]
    assert not [f for f in found if f.code.startswith(("A-", "S-", "F-"))]


@pytest.mark.parametrize(
    "part", ["【", "中{{", "1件，", "中。", "其中1件、", "共1件", "申请", "1件（"]
)
def test_a_long_text_of_anything_is_judged_in_two_seconds(part: str, tmp_path: Path) -> None:
    workspace({"text": part * (99_000 // len(part))}, tmp_path)
    reader = Reader(Forms())
    (report,) = map(reader.report, find_reports([tmp_path]))
    rendered, _ = narrate(report)
    started = process_time()
    check_prose(report, rendered)
    assert process_time() - started < 2

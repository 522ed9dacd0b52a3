"""Claims as published reports word them: the false one of each pair is found, the true one not.

A folder of ``data/claims/`` holds an office and lists of pairs of sentences about it: what is true,
a tab, what is false (or nothing); a third column argues why a pair is not (yet) told apart. Run
with ``-s`` to see how many are caught, and each that is missed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.judging.prose.checks import check_prose
from generator.reading.source import read
from generator.reading.workspace import find_reports
from generator.report.narrative import narrate
from generator.report.report import Reader
from support import LONGEST, Outcome, grows_no_faster
from test_prose import judged, workspace

DATA = Path(__file__).parent / "data" / "claims"
TOWN = DATA / "town" / "office.yaml"
LISTS = sorted(DATA.glob("*/*.tsv"))
FIGURES = {"X-1", "X-2", "X-3", "X-4", "X-7", "X-12", "X-13", "X-14", "X-16"}
PASTED = {"Q-7", "Q-9", "Q-14", "Q-15", "Q-16", "Q-17", "Q-18", "Q-20"}
TOGETHER = 10
"""Sentences that are judged as the paragraphs of one report; a rule tells only so much of one."""


def alarms(sentences: Iterable[str], office: Path, folder: Path) -> dict[str, list[str]]:
    """Return what the judges of figures, and of pasted text, say of each sentence."""
    case = read(office).data
    left = list(dict.fromkeys(filter(None, sentences)))
    said: dict[str, list[str]] = {sentence: [] for sentence in left}
    while left:
        now, left = left[:TOGETHER], left[TOGETHER:]
        found = judged(case | {"text": "".join(f"{each}\n" for each in now)}, folder)
        for finding in found:
            if finding.code in FIGURES | PASTED:
                lines = finding.place.file.read_text(encoding="utf-8").splitlines()
                sentence = lines[finding.position.line - 1].strip()
                said[sentence].append(f"{finding.code} {finding.message}")
    return said


@pytest.mark.parametrize("file", LISTS, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_false_claims_are_found_and_true_ones_left_alone(file: Path, tmp_path: Path) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    rows = [[*line.split("\t"), "", ""][:3] for line in lines if line and not line.startswith("#")]
    office = file.parent / "office.yaml"
    of_true = alarms((true for true, _, _ in rows), office, tmp_path)
    of_false = alarms((false for _, false, _ in rows), office, tmp_path)
    argued = {sentence for true, false, why in rows if why for sentence in (true, false)}
    missed = [false for false, said in of_false.items() if not said]
    wrong = {true: said for true, said in of_true.items() if said}
    found = len(of_false) - len(missed)
    print(
        f"\n{file.parent.name}/{file.stem}: {found} of {len(of_false)} found, "
        f"{len(wrong)} false alarms on {len(of_true)}"
    )
    for sentence in missed:
        print("  missed", sentence)
    for sentence, said in wrong.items():
        print("  wrong ", sentence, *said)
    assert set(missed) <= argued
    assert set(wrong) <= argued
    assert argued <= {"", *missed, *wrong} | {t for t, f, w in rows if w and f in missed} | {
        f for t, f, w in rows if w and t in wrong
    }, "这些已经分得清了，去掉理由"


def test_what_was_understood_is_told_with_the_figure(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    case = read(TOWN).data | {"text": "收到政府信息公开申请25件，办结18件。\n"}
    outcome = nianbao("explain", "X-1", workspace(case, tmp_path))
    assert "收到政府信息公开申请25件" in outcome.out
    assert "「25件」看作表中的数" in outcome.out
    assert "办理结果 （七）总计 总计」18 ✓" in outcome.out


def test_a_question_is_answered_once_in_the_file_of_the_office(tmp_path: Path) -> None:
    answers = [{"规则": "T4-4", "理由": "案件起因是答复信息不存在"}]
    case = read(TOWN).data | {"office": {"接受": answers}}
    found = judged(case, tmp_path)
    assert [bool(f.accepted) for f in found if f.code == "T4-4"] == [True]
    assert not [f for f in found if f.code.startswith(("A-", "S-", "F-"))]


@pytest.mark.parametrize(
    "part", ["【", "中{{", "1件，", "中。", "其中1件、", "共1件", "申请", "1件（"]
)
def test_a_long_text_of_anything_takes_no_more_than_its_length(part: str, tmp_path: Path) -> None:
    reader = Reader(Forms())
    narrated = {}
    for length in (LONGEST // 4, LONGEST):
        folder = tmp_path / str(length)
        workspace({"text": part * (length // len(part))}, folder)
        (report,) = map(reader.report, find_reports([folder]))
        narrated[length] = report, narrate(report)[0]
    grows_no_faster(lambda length: check_prose(*narrated[length]))

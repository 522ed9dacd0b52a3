"""Claims as published reports word them: the false one of each pair is found, the true one not.

``data/claims/*.tsv`` hold pairs of sentences about the office of ``office.yaml``. Run with ``-s``
to see how many are caught, and each that is missed.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.reading.source import read
from test_prose import judged

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

"""What a build has found is not looked for again, and is forgotten with any change."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.building.known import Found, Known, found_in
from generator.building.stored_figures import StoredFigures, recalled, stored
from generator.form.form import Forms
from generator.judging.examine import examine
from generator.reading.workspace import ReportFile, find_reports, place_of
from generator.report.report import Reader
from support import EXAMPLES, Outcome

Call = Callable[..., Outcome]
AMOUNTS = st.decimals(allow_nan=False, allow_infinity=False)


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """The example county, one report of which has errors."""
    folder = Path(shutil.copytree(EXAMPLES / "yanshi", tmp_path / "yanshi"))
    file = folder / "liuhe/2024.yaml"
    file.write_text(
        file.read_text("utf-8").replace("予以公开: {", "予以公开: {其他: 7, ", 1), "utf-8"
    )
    return folder


@pytest.fixture
def built(reports: Path, tmp_path: Path, nianbao: Call) -> Path:
    output = tmp_path / "out"
    nianbao("build", reports, "-o", output, "--to", "txt")
    return output


def known(forms: Forms, output: Path, at: ReportFile) -> Found | None:
    with closing(Known(forms, output)) as builds:
        return builds.found(at)


def test_it_is_what_an_examination_finds(forms: Forms, reports: Path, built: Path) -> None:
    for at in find_reports([reports]):
        assert known(forms, built, at) == found_in(examine(at, Reader(forms))), at.file


@pytest.mark.parametrize("edited", ["liuhe/2024.yaml", "liuhe/2023.yaml", "liuhe/office.yaml"])
def test_an_edit_is_seen_in_the_member_and_in_its_roll_up(
    edited: str, forms: Forms, reports: Path, built: Path
) -> None:
    file = reports / edited
    file.write_text(file.read_text("utf-8") + "# 改过\n", "utf-8")
    gone = {
        at.folder.name
        for at in find_reports([reports])
        if at.year == 2024 and known(forms, built, at) is None
    }
    assert gone == {"liuhe", "yanshi"}


def test_what_was_accepted_until_a_day_is_not_known_after_it(
    forms: Forms, tmp_path: Path, nianbao: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(EXAMPLES / "songzhuang", tmp_path / "songzhuang"))
    file = folder / "2024.yaml"
    accepted = "接受: [{规则: Y-2, 理由: 清理, 批准人: 办公室, 有效至: 2025-06-30}]\n"
    file.write_text(file.read_text("utf-8") + accepted, "utf-8")
    nianbao("build", file, "-o", tmp_path / "out", "--to", "txt")
    at = place_of(folder, 2024)
    assert known(forms, tmp_path / "out", at)
    monkeypatch.setenv("NIANBAO_TODAY", "2199-01-01")
    assert known(forms, tmp_path / "out", at) is None


@pytest.mark.parametrize(
    "damage",
    ["UPDATE figures SET content = '[2021,1]'", "DROP TABLE figures", "DELETE FROM figures"],
)
def test_damaged_figures_are_not_known(
    damage: str, forms: Forms, reports: Path, built: Path, nianbao: Call
) -> None:
    whole = nianbao("status", "2024", reports, "--format", "json", "--built", built).out
    with closing(sqlite3.connect(built / ".nianbao/state.sqlite")) as database:
        database.execute(damage)
        database.commit()
    assert known(forms, built, place_of(reports / "benji", 2024)) is None
    assert nianbao("status", "2024", reports, "--format", "json", "--built", built).out == whole


def test_whoever_adds_up_gets_the_same_with_and_without(
    reports: Path, built: Path, tmp_path: Path, nianbao: Call
) -> None:
    said = [
        nianbao("status", "2024", reports, "--format", "json", "--built", folder).out
        for folder in (built, tmp_path / "nowhere")
    ]
    assert said[0] == said[1] and json.loads(said[0])
    for name in (built, tmp_path / "nowhere"):
        nianbao("summary", "2024", reports, "-o", tmp_path / f"{name.name}.csv", "--built", name)
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "nowhere.csv").read_bytes()


@given(st.lists(st.none() | st.integers() | AMOUNTS), st.none() | st.integers(2000, 2100))
def test_figures_come_back_as_they_were(
    values: list[int | Decimal | None], form: int | None
) -> None:
    figures = StoredFigures(form, tuple(values))
    again = recalled(stored(figures))
    assert again == figures
    assert [str(value) for value in again.values] == [str(value) for value in values]

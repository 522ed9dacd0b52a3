"""Every single wrong figure of tables three and four is found, at its line, and named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.judging.examine import examine
from generator.reading.workspace import find_reports
from generator.report.report import Reader, Report
from generator.values.diagnostics import Diagnostic, Place
from support import COUNTY


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """The demonstration county, in whose report of 2024 every total is typed."""
    folder = tmp_path / "county"
    folder.mkdir()
    for name in ("office.yaml", "2023.yaml", "2024.yaml"):
        shutil.copy(COUNTY / name, folder)
    return folder / "2024.yaml"


def load(file: Path) -> Report:
    return Reader(Forms()).report(find_reports([file])[0])


def lines(finding: Diagnostic, file: Path) -> set[int]:
    """The lines of ``file`` that a finding points at, with the places of its operands."""
    places = [finding.place, *(item.place for item in finding.related)]
    return {p.position.line for p in places if p.position and p.file == file}


def test_each_figure_changed_by_one_is_found(
    county: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    correct = load(county)
    text = county.read_text("utf-8").split("\n")
    figures = [
        path
        for table in ("表三", "表四")
        for path in correct.form.tables[table].grid.figures
        if path in correct.figures.typed
    ]
    assert len(figures) == 175 + 15
    forms = Forms()
    found = named = 0
    for path in figures:
        old = correct.figures.values[path]
        at = correct.locate(Place(county, path))
        line = text[at.line - 1]
        assert line[at.column - 1 : at.column - 1 + at.length] == str(old)
        changed = list(text)
        changed[at.line - 1] = (
            f"{line[: at.column - 1]}{old + 1}{line[at.column - 1 + at.length :]}"
        )
        county.write_text("\n".join(changed), "utf-8")
        examined = examine(find_reports([county])[0], Reader(forms))
        errors = [f for f in examined.findings if f.blocks]
        assert errors and all(at.line in lines(f, county) for f in errors), path
        found += 1
        if path[0] == correct.form.tables["表三"].key:
            # The row and the column cross in the figure: it is named with the value that mends.
            assert {f.place.path for f in errors} == {path}
            assert all(f"由 {old + 1} 改为 {old}" in f.hint for f in errors)
            named += 1
    assert (found, named) == (190, 175)
    with capsys.disabled():
        print(f"\n逐个改动：{found} 个数都报告为错误；其中 {named} 个指出是哪一个数、应为多少")


def test_two_wrong_figures_are_told_apart(county: Path) -> None:
    text = county.read_text("utf-8")
    text = text.replace("予以公开: {自然人: 142", "予以公开: {自然人: 145")
    text = text.replace("重复申请: {自然人: 13, 商业企业: 2", "重复申请: {自然人: 13, 商业企业: 3")
    county.write_text(text, "utf-8")
    examined = examine(find_reports([county])[0], Reader(Forms()))
    hints = {f.hint.partition("。")[0] for f in examined.findings if f.blocks}
    assert {h.rpartition(" ")[2] for h in hints} == {"142", "2"}


def test_computed_totals_are_seen_through(county: Path) -> None:
    """Where the row of totals is left to the program, the mistyped cell is still the one named."""
    kept = [x for x in county.read_text("utf-8").split("\n") if not x.startswith("    总计: {")]
    text = "\n".join(kept)
    county.write_text(text.replace("部分公开: {自然人: 46", "部分公开: {自然人: 47"), "utf-8")
    examined = examine(find_reports([county])[0], Reader(Forms()))
    errors = [f for f in examined.findings if f.blocks]
    assert {f.place.path[-2:] for f in errors} == {("部分公开", "自然人")}
    assert all("由 47 改为 46" in f.hint for f in errors)


def test_one_mistake_among_computed_totals_is_reported_once(county: Path) -> None:
    """The column of totals repeats, added up, what the typed columns have said."""
    file = county.with_name("2023.yaml")
    text = file.read_text("utf-8")
    file.write_text(text.replace("本年新收: {自然人: 385", "本年新收: {自然人: 386"), "utf-8")
    examined = examine(find_reports([file])[0], Reader(Forms()))
    errors = [(f.code, f.place.path[-1]) for f in examined.findings if f.blocks]
    assert errors == [("T3-1", "自然人")]

"""The queries that are documented for a province, tried on what ``summary`` writes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from generator.form.form import Forms
from generator.reading.workspace import place_of
from generator.report.report import Reader
from support import EXAMPLES, ROOT, Outcome

QUERIES = ROOT / "docs/queries"
COUNTIES = ("one", "two")


@pytest.fixture
def province(tmp_path: Path) -> Path:
    """Two counties of two years; in one town of the second, two figures were mistyped."""
    for county in COUNTIES:
        shutil.copytree(EXAMPLES / "yanshi", tmp_path / "all" / county)
    file = tmp_path / "all/two/songling/2024.yaml"
    text = file.read_text("utf-8")
    assert "上年结转: {自然人: 1}" in text and "行政许可: 49" in text
    text = text.replace("上年结转: {自然人: 1}", "上年结转: {自然人: 3}", 1)
    file.write_text(text.replace("行政许可: 49", "行政许可: 4900", 1), "utf-8")
    return tmp_path / "all"


@pytest.fixture
def ask(
    province: Path, nianbao: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], list[tuple[Any, ...]]]:
    duckdb = pytest.importorskip("duckdb")
    file = province / "all.parquet"
    assert nianbao("summary", "--years", "2023-2024", province, "-o", file).code == 0
    monkeypatch.chdir(province)

    def rows(name: str) -> list[tuple[Any, ...]]:
        with duckdb.connect() as base:
            found: list[tuple[Any, ...]] = base.sql((QUERIES / name).read_text("utf-8")).fetchall()
        return found

    return rows


def test_sums_are_those_of_the_roll_ups(
    ask: Callable[[str], list[tuple[Any, ...]]], province: Path, forms: Forms
) -> None:
    received = ("收到和处理政府信息公开申请情况", "本年新收", "总计")
    fees = ("主动公开政府信息情况", "行政事业性收费")
    found = {(region, year): rest for region, year, *rest in ask("sums_by_region.sql")}
    assert set(found) == {(county, year) for county in COUNTIES for year in (2023, 2024)}
    for (county, year), sums in found.items():
        figures = Reader(forms).report(place_of(province / county, year)).figures
        assert sums[1] == figures.get(received) and sums[4] == figures.get(fees)


def test_every_break_between_two_years_is_found(
    ask: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    found = [(row[0], row[2], row[3], row[4], row[5]) for row in ask("carried_over.sql")]
    where = ("two/songling", 2024)
    assert found == [(*where, "总计", 1, 3), (*where, "自然人", 1, 3)]


def test_a_figure_that_leaves_all_others_is_found(
    ask: Callable[[str], list[tuple[Any, ...]]],
) -> None:
    office, _, year, figure, _, now = ask("outliers.sql")[0]
    assert (office, year, figure, now) == (
        "two/songling",
        2024,
        "表二.行政许可",
        4900,
    )


def test_every_query_is_tried_and_documented() -> None:
    names = {file.name for file in QUERIES.glob("*.sql")}
    text = (ROOT / "docs/county.md").read_text("utf-8")
    assert names == {"sums_by_region.sql", "carried_over.sql", "outliers.sql"}
    assert all(name in text for name in names)

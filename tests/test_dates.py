"""Days as offices write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.values.dates import day_of, printed_day
from support import ROOT, Outcome

GOOD = ROOT / "tests" / "data" / "bad" / "good_report_for_comparison" / "town"


@given(st.dates(date(1900, 1, 1), date(2999, 12, 31)))
def test_every_way_of_writing_a_day_is_read_as_that_day(day: date) -> None:
    short = f"{day.year}-{day.month}-{day.day}"
    printed = f"{day.year}年{day.month}月{day.day}日"
    assert {day_of(str(day)), day_of(short), day_of(printed)} == {day}
    assert {printed_day(str(day)), printed_day(short), printed_day(printed)} == {printed}


@pytest.mark.parametrize("text", ["", "2025", "2025-2-30", "2025年13月1日", "2025.1.5"])
def test_what_is_no_day_stays_as_it_is(text: str) -> None:
    assert day_of(text) is None and printed_day(text) == text


@pytest.mark.parametrize("day", ["2026年1月15日", "2026-1-15", "2026-01-15"])
def test_a_foot_may_write_its_day_in_any_of_them(
    day: str, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    (tmp_path / "office.yaml").write_bytes((GOOD / "office.yaml").read_bytes())
    foot = f"落款: {{单位: 某县某镇人民政府, 日期: {day}}}\n"
    foot += f"接受: [{{规则: X-8, 理由: 无, 有效至: {day}}}]\n"
    (tmp_path / "2024.yaml").write_text((GOOD / "2024.yaml").read_text("utf-8") + foot, "utf-8")
    outcome = nianbao("build", tmp_path, "-o", tmp_path / "out", "--to", "txt")
    assert outcome.code == 0, outcome.err
    assert "2026年1月15日" in next((tmp_path / "out").rglob("2024.txt")).read_text("utf-8")

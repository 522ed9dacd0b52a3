"""同比 and its relatives: what they write for any two figures, and what they refuse."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.report.filters import change, growth, percentage, thousands, year_on_year
from generator.report.narrative import Group, NarrativeError, Segment, render
from generator.values import keys

counts = st.integers(0, 10**9)
money = st.decimals("0", "999999.9999", places=4)
figures = st.one_of(counts, money)


@pytest.mark.parametrize(
    ("now", "before", "written"),
    [
        (22, 19, "较上年增加3件，增长15.8%"),
        (19, 19, "与上年持平"),
        (5, 0, "上年为0，本年5件"),
        (0, 0, "与上年持平"),
        (0, 5, "较上年减少5件，下降100%"),
        (24, 25, "较上年减少1件，下降4%"),
        (3, 1, "较上年增加2件，增长200%"),
        (2001, 2000, "较上年增加1件，增长0.1%"),  # 0.05 % is rounded half up
        (100_000, 99_999, "较上年增加1件，增长0.001%"),  # never 增长0%
        (Decimal("12.50"), Decimal("10"), "较上年增加2.50件，增长25%"),
        (Decimal("10.00"), Decimal("10"), "与上年持平"),
        (4, -3, "较上年增加7件"),  # 本年增减 of the form of 2019 may be negative
        (-8, -3, "较上年减少5件"),
    ],
)
def test_year_on_year(now: int | Decimal, before: int | Decimal, written: str) -> None:
    assert year_on_year(now, before) == written


@given(figures, figures)
def test_year_on_year_says_what_happened(now: int | Decimal, before: int | Decimal) -> None:
    text = year_on_year(now, before, "万元")
    if now == before:
        assert text == "与上年持平"
    elif before == 0:
        assert text == f"上年为0，本年{now}万元"
    else:
        found = re.fullmatch(r"较上年(增加|减少)([\d.]+)万元，(增长|下降)(\d+(?:\.\d+)?)%", text)
        assert found, text
        up = now > before
        assert (found[1], found[3]) == (("增加", "增长") if up else ("减少", "下降"))
        assert Decimal(found[2]) == abs(Decimal(now) - Decimal(before))
        exact = abs(Fraction(now) - Fraction(before)) * 100 / Fraction(before)
        digits = len(found[4].partition(".")[2])
        assert abs(Fraction(found[4]) - exact) <= Fraction(1, 2 * 10 ** max(digits, 1))
        assert Decimal(found[4]) > 0 or exact < Fraction(1, 10**6)
        assert not found[4].endswith(".0")


@given(figures, figures)
def test_the_parts_agree_with_the_whole(now: int | Decimal, before: int | Decimal) -> None:
    whole = year_on_year(now, before)
    if now == before:
        assert change(now, before) == growth(now, before) == "持平"
    elif before:
        assert whole == f"较上年{change(now, before)}，{growth(now, before)}"


@given(counts, st.integers(1, 10**9), st.integers(0, 6))
def test_percentage_is_rounded_half_up(part: int, whole: int, digits: int) -> None:
    text = percentage(part, whole, digits)
    value = Fraction(text.removesuffix("%"))
    exact = Fraction(part * 100, whole)
    assert abs(value - exact) <= Fraction(1, 2 * 10**digits)
    assert value != exact - Fraction(1, 2 * 10**digits)  # a half goes up
    assert percentage(whole, whole) == "100%"


@given(figures)
def test_thousands_keep_every_digit(value: int | Decimal) -> None:
    text = thousands(value)
    assert text.replace(",", "") == str(value)
    assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?", text)


CONTEXT = {
    "数": Group("数", {"今": 22, "昔": 19, "零": 0, "空": keys.UNFILLED}),
    keys.YEAR: 2024,
}


def rendered(expression: str) -> str:
    (part,) = render("{{ " + expression + " }}", CONTEXT)
    if isinstance(part, Segment):
        return part.text
    raise part[2]


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("数.今 | 同比(数.昔)", "较上年增加3件，增长15.8%"),
        ("数.今 | 同比(数.昔, '宗')", "较上年增加3宗，增长15.8%"),
        ("数.今 | 增减(数.昔)", "增加3件"),
        ("数.今 | 增幅(数.昔)", "增长15.8%"),
        ("数.今 | 百分比(数.昔)", "115.8%"),
        ("数.空 | 同比(数.昔)", "待填"),
        ("数.今 | 同比(数.空)", "待填"),
        ("数.空 | 增幅(数.零)", "待填"),
        ("数.今 | 百分比(数.空)", "待填"),
        ("'有' if 数.空 > 0 else '没有'", "待填"),
        ("数.今 if 数.今 > 数.空 else 数.昔", "待填"),
        ("-数.空", "待填"),
        ("数.空 + 数.今", "待填"),
    ],
)
def test_in_a_sentence(expression: str, text: str) -> None:
    assert rendered(expression) == text


@pytest.mark.parametrize(
    ("expression", "code", "way_out"),
    [
        ("数.今 | 同比", "P-3", "同比(上年.…)"),
        ("数.今 | 同比(数.昔, '件', 1, 2)", "P-3", "同比(上年.…)"),
        ("数.今 | 同比(单位='件')", "P-3", "同比(上年.…)"),
        ("数.今 | 同比('昔')", "P-3", "同比(上年.…)"),
        ("数 | 同比(数.昔)", "P-3", "总计"),
        ("数.今 | 增幅(数.零)", "P-4", "改用 同比"),
        ("数.今 | 百分比(数.零)", "P-4", "改写"),
        ("数.今 > '三'", "P-3", "比较"),
        ("-'三'", "P-3", "表中的数"),
    ],
)
def test_what_cannot_be_said_names_the_way_out(expression: str, code: str, way_out: str) -> None:
    with pytest.raises(NarrativeError) as error:
        rendered(expression)
    assert error.value.code == code
    assert way_out in error.value.hint

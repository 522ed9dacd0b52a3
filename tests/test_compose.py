"""The order of a report, its numbering, its title and its sign-off."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.form.form import Forms
from generator.judging.examine import examine
from generator.reading.workspace import find_reports
from generator.report.report import Reader
from generator.setting.compose import broken_title, compose
from generator.values.dates import printed_day
from generator.values.document import Document, Heading, Item, Paragraph, SignOff, Table
from generator.values.numerals import han_number, numbered
from generator.values.width import columns

REPORT = """\
格式: 2021
年度: 2024
前言: |
  第一段。

  第二段。
总体情况:
  概述: 概述。
  分项:
  - 标题: 主动公开
    正文:
      概述: 甲。
      分项:
      - 标题: 网站
        正文:
          分项:
          - {标题: 首页, 正文: 乙。}
          - {标题: 专栏。, 正文: "丙。\\n丁。"}
  - 标题: 依申请公开。
    正文: 收到{{ 表三.本年新收.总计 }}件。
主动公开政府信息情况: 0
收到和处理政府信息公开申请情况: 无
政府信息公开行政复议、行政诉讼情况: 0
存在的主要问题及改进情况: 戊。
其他需要报告的事项: 己。
落款: {日期: 2025-01-05}
"""


@pytest.fixture
def document(tmp_path: Path, forms: Forms) -> Document:
    office = tmp_path / "town"
    office.mkdir()
    (office / "office.yaml").write_text("名称: 某县某镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
    (office / "2024.yaml").write_text(REPORT, "utf-8")
    examined = examine(find_reports([office])[0], Reader(forms))
    assert examined.report and examined.prose is not None and not examined.blocked
    return compose(examined.report, examined.prose)


@pytest.fixture
def items(document: Document) -> tuple[Item, ...]:
    return document.items


def test_the_order_and_the_numbering_of_a_report(items: tuple[Item, ...]) -> None:
    shown = [
        item.title if isinstance(item, Table) else
        f"{item.level} {item.number}{item.text}" if isinstance(item, Heading) else
        item.lead + item.text
        for item in items
    ]  # fmt: skip
    assert shown == [
        "第一段。",
        "第二段。",
        "1 一、总体情况",
        "概述。",
        "2 （一）主动公开",
        "甲。",
        "3 1.网站",
        "4 （1）首页",
        "乙。",
        "（2）专栏。丙。",
        "丁。",
        "（二）依申请公开。收到0件。",
        "1 二、主动公开政府信息情况",
        "表二 主动公开政府信息情况",
        "1 三、收到和处理政府信息公开申请情况",
        "表三 收到和处理政府信息公开申请情况",
        "1 四、政府信息公开行政复议、行政诉讼情况",
        "表四 政府信息公开行政复议、行政诉讼情况",
        "1 五、存在的主要问题及改进情况",
        "戊。",
        "1 六、其他需要报告的事项",
        "己。",
    ]


def test_a_sign_off_may_have_no_name(document: Document) -> None:
    assert document.sign_off == SignOff("", "2025年1月5日", "2025-01-05")


def test_a_run_in_heading_keeps_its_level(items: tuple[Item, ...]) -> None:
    runs = [i for i in items if isinstance(i, Paragraph) and i.lead]
    assert [(i.lead, i.text, i.level) for i in runs] == [
        ("（2）专栏。", "丙。", 4),
        ("（二）依申请公开。", "收到0件。", 2),
    ]


@given(st.integers(1, 99))
def test_han_numbers_are_distinct_and_ordered_by_tens(count: int) -> None:
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")}
    tens, found, ones = han_number(count).rpartition("十")
    value = (digits[tens] if tens else 1) * 10 if found else 0
    assert value + (digits[ones] if ones else 0) == count


def test_numbers_follow_the_first_of_their_level() -> None:
    patterns = ["一、", "（一）", "1.", "（1）"]
    assert [numbered(p, 12) for p in patterns] == ["十二、", "（十二）", "12.", "（12）"]


def test_a_date_has_no_leading_zeros() -> None:
    assert printed_day("2026-01-05") == "2026年1月5日"


NAMES = {
    "孟津区送庄镇人民政府": 2,
    "白元镇人民政府": 2,
    "三门峡市湖滨区磁钟乡人民政府": 2,
    "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县人民政府": 3,
    "某市机关事务管理局": 2,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_title_is_broken_between_words(forms: Forms, name: str) -> None:
    form = forms.load(2021)
    title = f"{name}2024年政府信息公开工作年度报告"
    lines = broken_title(title, name, form.title_words, form.style)
    assert "".join(lines) == title
    assert len(lines) == NAMES[name]
    assert lines[-1] == "2024年政府信息公开工作年度报告"
    assert max(map(columns, lines)) <= 40


def test_a_title_that_fits_stays_on_one_line(forms: Forms) -> None:
    form = forms.load(2021)
    title = "白石山镇政府信息公开工作年度报告"
    assert broken_title(title, "白石山镇", form.title_words, form.style) == (title,)

"""What the rules on prose stand on: numerals, the text and its origins, sentences kept."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.form.files import data_folder
from generator.form.form import Forms
from generator.judging.prose.numerals import Count, counts
from generator.judging.prose.passages import MASK, Passages
from generator.judging.prose.similarity import kept, length, sentences
from generator.reading.workspace import find_reports
from generator.report.figures import Branch
from generator.report.narrative import narrate
from generator.report.report import Reader, Report
from generator.values import keys
from generator.values.diagnostics import Place
from generator.values.numerals import number_of

UNITS = "件|条|个百分点|元|%|％"
DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """Write a number below 10**12 as one reads it aloud; the inverse of what is tested."""
    if number >= 10_000:
        for scale, word in ((100_000_000, "亿"), (10_000, "万")):
            if number >= scale:
                high, low = divmod(number, scale)
                filler = "零" if 0 < low < scale // 10 else ""
                return chinese(high) + word + filler + (chinese(low) if low else "")
    text, zero = "", False
    for scale, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, scale)
        if digit:
            text += ("零" if zero else "") + DIGITS[digit] + word
            zero = False
        elif text and number:
            zero = True
    return text or "零"


def only(text: str) -> Count:
    (count,) = counts(text, UNITS)
    return count


@given(st.integers(0, 10**12 - 1))
@settings(deadline=None)
def test_chinese_numerals_are_read_as_they_are_spoken(number: int) -> None:
    assert number_of(chinese(number)) == number


@given(st.integers(2, 10**12 - 1))
@settings(deadline=None)
def test_a_number_is_the_same_in_every_spelling(number: int) -> None:
    for written in (str(number), f"{number:,}", chinese(number)):
        count = only(f"共收到{written}件。")
        assert (count.value, count.unit, count.is_exact) == (number, "件", True)


@given(st.text("一二三四五六七八九十百千万亿零〇两0123456789,，.余多约件条元%", max_size=40))
@settings(deadline=None)
def test_no_text_breaks_the_reading_of_counts(text: str) -> None:
    end = 0
    for count in counts(text, UNITS):
        assert end <= count.start < count.number_end <= count.end <= len(text)
        assert count.value >= 0
        count.agrees(Decimal(12345))
        end = count.end


@pytest.mark.parametrize(
    ("text", "value", "unit", "exact"),
    [
        ("1200余条", 1200, "条", False),
        ("1200 余条", 1200, "条", False),
        ("约300件", 300, "件", False),
        ("近 300件", 300, "件", False),
        ("300多件", 300, "件", False),
        ("300件左右", 300, "件", False),
        ("三百余件", 300, "件", False),
        ("1.2万元", 12000, "元", True),
        ("3万余条", 30000, "条", False),
        ("２１条", 21, "条", True),
        ("三万五千元", 35000, "元", True),
        ("百分之十五", 15, "%", True),
        ("15.8％", Decimal("15.8"), "%", True),
        ("1,200条", 1200, "条", True),
        ("1，200条", 1200, "条", True),
        ("两件", 2, "件", True),
        ("提高2个百分点", 2, "个百分点", True),
    ],
)
def test_spellings(text: str, value: Decimal, unit: str, exact: bool) -> None:
    count = only(text)
    assert (count.value, count.unit, count.is_exact) == (value, unit, exact)


@pytest.mark.parametrize(
    "text",
    [
        "2024年5月1日",
        "第二十条",
        "第15条",
        "数十条",
        "没有一件",
        "每一条",
        "国办函〔2020〕109号",
        "0379-67890000",
        "亿万条",
        "12345678901234567890条",
    ],
)
def test_what_is_no_count(text: str) -> None:
    assert counts(text, UNITS) == []


@pytest.mark.parametrize(
    ("written", "figure", "agrees"),
    [
        ("3.3万元", "32500", True),
        ("3.2万元", "32500", False),
        ("1.2万件", "12034", True),
        ("12034件", "12034", True),
        ("12000件", "12034", False),
    ],
)
def test_a_count_agrees_as_far_as_it_was_written(written: str, figure: str, agrees: bool) -> None:
    assert only(written).agrees(Decimal(figure)) is agrees


# The text and where it comes from.


def reports() -> list[Report]:
    reader = Reader(Forms())
    return [reader.report(at) for at in find_reports([data_folder() / "examples"])]


REPORTS = reports()


def passages_of(report: Report) -> Passages:
    return Passages(report, narrate(report)[0])


@pytest.mark.parametrize("report", REPORTS, ids=lambda r: f"{r.at.office_path}-{r.year}")
def test_every_character_is_traced_back_to_where_it_was_typed(report: Report) -> None:
    passages = passages_of(report)
    lines = report.at.file.read_text(encoding="utf-8").splitlines()
    for offset, character in enumerate(passages.text):
        if character == "\n":
            continue
        position = report.locate(passages.place(offset, offset + 1))
        typed = lines[position.line - 1][position.column - 1 :]
        if passages.is_computed(offset, offset + 1):
            assert typed.startswith("{{")
            assert typed.startswith(passages.expression_at(offset))
        else:
            assert typed.startswith(character)


@pytest.mark.parametrize("report", REPORTS, ids=lambda r: f"{r.at.office_path}-{r.year}")
def test_the_total_of_every_group_is_the_sum_of_its_rows(report: Report) -> None:
    groups = 0
    for table in report.form.tables.values():
        waiting = [
            row
            for row in Branch(report.form.names, report.figures, table.id).values()
            if is_group(row)
        ]
        while waiting:
            group = waiting.pop()
            rows = [row for name, row in group.items() if name != table.total]
            inner = [row for row in rows if is_group(row)]
            for column, total in group[table.total].items():
                parts = [row[table.total][column] if row in inner else row[column] for row in rows]
                assert total == (keys.UNFILLED if keys.UNFILLED in parts else sum(parts))
            waiting += inner
            groups += 1
    assert groups


def is_group(value: object) -> bool:
    """Whether rows stand below, and not only columns."""
    return isinstance(value, Branch) and any(isinstance(row, Branch) for row in value.values())


class Texts(Passages):
    """One text as if it were a whole report's."""

    def __init__(self, text: str) -> None:
        super().__init__(REPORTS[0], {})
        self.text = text


@given(st.text('甲乙“”‘’「」《》"，。\nhttp://w.cn ', max_size=60))
@settings(deadline=None)
def test_masking_keeps_every_character_at_its_place(text: str) -> None:
    masked = Texts(text).masked
    assert len(masked) == len(text)
    assert all(now in (was, MASK) for was, now in zip(text, masked, strict=True))
    assert masked.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("甲“乙”丙", "甲“”丙"),
        ("见《甲〈乙〉丙》。", "见《》。"),
        ("甲《乙《丙》丁》戊", "甲《》戊"),
        ('甲"乙"丙"丁"戊', '甲""丙""戊'),
        ("网址http://a.cn/b?c=1，甲", "网址，甲"),
        ("甲“乙\n丙”丁", "甲“乙\n丙”丁"),
        ("没有配对的“甲", "没有配对的“甲"),
    ],
)
def test_what_is_masked(text: str, left: str) -> None:
    assert Texts(text).masked.replace(MASK, "") == left


# Sentences.

PLAIN = st.text("甲乙丙丁戊己庚辛，。", min_size=1, max_size=80)


@given(PLAIN)
@settings(deadline=None)
def test_a_text_keeps_the_whole_of_itself(text: str) -> None:
    own = sentences(text)
    assert kept(own, own) == list(own)
    for sentence in own:
        assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end]


@given(PLAIN, PLAIN)
@settings(deadline=None)
def test_what_is_kept_is_part_of_the_text(now: str, before: str) -> None:
    same = kept(sentences(now), sentences(before))
    assert set(same) <= set(sentences(now))
    assert length(same) <= length(sentences(now))


def test_years_figures_and_own_names_do_not_make_a_sentence_new() -> None:
    before = sentences("2023年，白鹤镇共发布信息1200余条。", ("孟津区白鹤镇人民政府", "白鹤镇"))
    now = sentences("2024年，送庄镇共发布信息{{ 表 }}条。", ("孟津区送庄镇人民政府", "送庄镇"))
    assert kept(now, before) == []  # 余 was added: the sentence says something else
    again = sentences("2024年，送庄镇共发布信息500余条。", ("孟津区送庄镇人民政府", "送庄镇"))
    assert kept(again, before) == list(again)


def test_a_place_in_prose_is_a_place_in_the_file() -> None:
    report = REPORTS[0]
    place = passages_of(report).place(0, 1)
    assert isinstance(place, Place) and place.file == report.at.file
    assert isinstance(place.file, Path)

"""Prose with figures: what expressions may do, and above all what they may not."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.report.narrative import Group, NarrativeError, Prose, Segment, render
from generator.values import keys

CONTEXT: dict[str, Any] = {
    "年度": 2024,
    "单位": "某县人民政府",
    "表三": Group("表三", {"本年新收": {"自然人": 12, "总计": 13}, "上年结转": {"总计": 0}}),
    "表二": Group("表二", {"行政处罚": keys.UNFILLED}),
}


def rendered(text: str) -> str:
    return "".join(part.text for part in render(text, CONTEXT) if isinstance(part, Segment))


def refused(text: str) -> NarrativeError:
    errors = [part[2] for part in render(text, CONTEXT) if not isinstance(part, Segment)]
    assert len(errors) == 1
    return errors[0]


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("收到{{ 表三.本年新收.总计 }}件。", "收到13件。"),
        ("{{年度}}年，{{ 单位 }}", "2024年，某县人民政府"),
        ("{{ 表三['本年新收']['自然人'] }}", "12"),
        ("{{ 表三.本年新收.总计 - 表三.本年新收.自然人 }}", "1"),
        ("{{ '未收到' if 表三.上年结转.总计 == 0 else '收到' }}申请", "未收到申请"),
        ("{{ 表二.行政处罚 }}件", "待填件"),
        ("{{ 表二.行政处罚 + 1 }}件", "待填件"),
        ("{{ 表三.本年新收.总计 | 百分比(表三.本年新收.自然人) }}", "108.3%"),
        ("没有表达式，｛年度｝", "没有表达式，｛年度｝"),
    ],
)
def test_expressions_give_figures(text: str, result: str) -> None:
    assert rendered(text) == result


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("{{ 表三.本年新收.总记 }}", "P-2", "是不是「总计」"),
        ("{{ 表五.总计 }}", "P-2", "表五"),
        ("{{ 上年.表三.本年新收.总计 }}", "P-2", "上一年度"),
        ("{{ 年度 | 大写 }}", "P-2", "可用的有"),
        ("{{ 表三.本年新收 }}", "P-4", "表三.本年新收.自然人"),
        ("{{ 年度.总计 }}", "P-2", "已经是一个数"),
        ("{{ 年度 }", "P-1", "{{ … }}"),
        ("{ { 年度 } }", "P-1", "不是表达式"),
        ("｛｛ 年度 ｝｝", "P-1", "半角花括号"),
        ("{ 年度 }", "P-1", "不是表达式"),
        ("{{ 年度 }}}", "P-1", "没有配对"),
        ("{{ 表三. }}", "P-1", "表的名字"),
        ("{{ 年度 / 0 }}", "P-4", "同比"),
    ],
)
def test_a_mistake_says_what_is_wrong_and_the_way_out(text: str, code: str, words: str) -> None:
    error = refused(text)
    assert error.code == code
    assert words in f"{error} {error.hint}"


@pytest.mark.parametrize(
    "text",
    [
        "{% for i in range(10) %}{% endfor %}",
        "{# 注释 #}",
        "{{ 单位.__class__ }}",
        "{{ 单位['__class__'] }}",
        "{{ 单位.upper() }}",
        "{{ ''.join(['a']) }}",
        "{{ 'x' * 10**9 }}",
        "{{ 9**9**9 }}",
        "{{ 'x' * 1000000000 }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ range(10**9) }}",
        "{{ 表三.items() }}",
        "{{ 表三._content }}",
        "{{ 表三.name }}",
        "{{ [1] * 1000 }}",
        "{{ lipsum() }}",
        "{{ self }}",
        "{{ cycler }}",
        "{{ 单位 | attr('__class__') }}",
        "{{ 单位 | center(1000000) }}",
        "{{ 单位 ~ 单位 }}",
        "{{ 单位[0:2] }}",
        "{{ 年度 is defined }}",
        "{{ " + "(" * 200 + "1" + ")" * 200 + " }}",
    ],
)
def test_nothing_but_figures_can_be_reached(text: str) -> None:
    errors = [part for part in render(text, CONTEXT) if not isinstance(part, Segment)]
    assert errors and all(isinstance(part[2], NarrativeError) for part in errors)


@given(st.text(alphabet="{}%#表三.本年新收总计 |()[]'\"_*+-/0123456789年度x,", max_size=60))
def test_any_text_renders_or_is_refused(text: str) -> None:
    parts = list(render(text, CONTEXT))
    assert all(isinstance(part, Segment) or isinstance(part[2], NarrativeError) for part in parts)


@given(
    st.lists(st.sampled_from(["汉字。", "{{ 年度 }}", "\n", "{{表三.本年新收.总计}}"]), max_size=12)
)
def test_every_character_knows_where_it_was_typed(pieces: list[str]) -> None:
    text = "".join(pieces)
    prose = Prose(tuple(part for part in render(text, CONTEXT) if isinstance(part, Segment)))
    for offset, character in enumerate(prose.text):
        origin = prose.origin(offset)
        typed = prose.is_typed(offset, offset + 1)
        assert text[origin] == character if typed else text[origin : origin + 2] == "{{"
    starts = list(itertools.accumulate(len(s.text) for s in prose.segments))
    assert (starts[-1] if starts else 0) == len(prose.text)

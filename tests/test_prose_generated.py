"""Any table, worded in many ways: what is true of it is never found, what is false always.

The wordings are put together from words that the form knows; how well sentences are understood that
nobody put together is measured by ``test_prose_claims``.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from generator.form.files import data_folder
from generator.form.form import Forms
from generator.judging.prose.checks import check_prose
from generator.reading.workspace import find_reports
from generator.report.narrative import narrate
from generator.report.report import Reader
from test_prose import judged, workspace
from test_prose_claims import FIGURES
from test_prose_reading import chinese

STRANGE = 70_919
"""Added to a count it makes one that no figure of a drawn table has, nor any sum of them."""

Sentence = tuple[str, str]
"""What is true and, one number changed, what is false."""


@st.composite
def tables(draw: st.DrawFn) -> dict[str, int]:
    """Draw the figures of an office: outcomes and what is carried over add up to what came in."""
    few = st.integers(1, 400)
    drawn = {
        name: draw(few)
        for name in (
            "公开",
            "部分",
            "不掌握",
            "结转",
            "企业",
            "维持",
            "纠正",
            "许可",
            "处罚",
            "制发",
        )
    }
    drawn["新收"] = sum(drawn[name] for name in ("公开", "部分", "不掌握", "结转"))
    drawn["企业"] = min(drawn["企业"], drawn["公开"])
    drawn["自然人"] = drawn["新收"] - drawn["企业"]
    drawn["办结"] = drawn["新收"] - drawn["结转"]
    drawn["复议"] = drawn["维持"] + drawn["纠正"]
    drawn["上年许可"] = draw(few)
    drawn["上年处罚"] = draw(few)
    return drawn


def case_of(table: dict[str, int]) -> dict[str, Any]:
    """Return the workspace of the office whose figures these are."""
    decisions = {"行政许可": table["许可"], "行政处罚": table["处罚"]}
    before = {"行政许可": table["上年许可"], "行政处罚": table["上年处罚"]}
    firms, people = table["企业"], table["公开"] - table["企业"]
    return {
        "report": {
            "主动公开政府信息情况": {
                "行政规范性文件": {
                    "本年制发件数": table["制发"],
                    "本年废止件数": 0,
                    "现行有效件数": table["制发"] + 20,
                },
                **decisions,
            },
            "收到和处理政府信息公开申请情况": {
                "本年新收": {"自然人": table["自然人"], "商业企业": firms},
                "上年结转": 0,
                "本年度办理结果": {
                    "予以公开": {"自然人": people, "商业企业": firms},
                    "部分公开": {"自然人": table["部分"]},
                    "不予公开": 0,
                    "无法提供": {
                        "本机关不掌握相关政府信息": {"自然人": table["不掌握"]},
                        "没有现成信息需要另行制作": 0,
                        "补正后申请内容仍不明确": 0,
                    },
                },
                "结转下年度继续办理": {"自然人": table["结转"]},
            },
            "政府信息公开行政复议、行政诉讼情况": {
                "行政复议": {"结果维持": table["维持"], "结果纠正": table["纠正"]}
            },
        },
        "previous": {"主动公开政府信息情况": before},
    }


@st.composite
def sentences(draw: st.DrawFn, table: dict[str, int]) -> Sentence:
    """Draw a sentence about a table, and the same with one number wrong."""
    pick: Callable[..., str] = lambda *words: draw(st.sampled_from(words))  # noqa: E731
    write: Callable[[int], str] = chinese if draw(st.booleans()) else str
    when = pick("", "全年", "2024年", "本年度", "截至年底，")
    who = pick("", "我镇", "本机关", "全镇")
    unit = pick("件", "宗", "份", "起")
    noun = pick("政府信息公开申请", "信息公开申请", "依申请公开", "政府信息公开申请共")
    kinds: dict[str, tuple[tuple[str, str], ...]] = {
        "新收": ((f"{when}{who}{pick('收到', '受理', '接收', '新收', '共收到')}{noun}", "。"),),
        "办结": ((f"{when}{who}{pick('办结', '答复', '已答复')}{noun}", "。"),),
        "结转": ((f"依申请公开方面，{pick('结转下年度办理', '尚在办理', '顺延到下年')}", "。"),),
        "公开": ((f"申请中{pick('予以公开', '同意公开', '准予公开')}", "。"),),
        "部分": ((f"对申请{pick('部分公开', '予以部分公开')}的", "。"),),
        "不掌握": ((f"因{pick('本机关不掌握', '信息不存在')}无法提供的申请", "。"),),
        "自然人": ((f"{pick('自然人', '公民', '个人')}{pick('申请', '提出申请')}", "。"),),
        "企业": ((f"{pick('企业', '商业企业')}{pick('申请', '提出申请')}", "。"),),
        "复议": ((f"{when}因政府信息公开{pick('被申请', '引发', '产生')}行政复议", "。"),),
        "纠正": ((f"信息公开行政复议中{pick('结果纠正', '被纠正')}", "。"),),
        "许可": ((f"{when}{who}{pick('作出', '办理', '')}行政许可{pick('', '决定')}", "。"),),
        "处罚": ((f"{when}{who}{pick('作出', '实施', '')}行政处罚{pick('', '决定')}", "。"),),
        "制发": ((f"{when}{who}{pick('制发', '制定', '出台')}行政规范性文件", "。"),),
    }
    name = pick(*kinds)
    head, tail = pick(*kinds[name])  # type: ignore[arg-type]
    right, wrong = table[name], table[name] + STRANGE
    return f"{head}{write(right)}{unit}{tail}", f"{head}{write(wrong)}{unit}{tail}"


@st.composite
def comparisons(draw: st.DrawFn, table: dict[str, int]) -> Sentence:
    """Draw a sentence that compares with last year, and the same with the change wrong."""
    pick: Callable[..., str] = lambda *words: draw(st.sampled_from(words))  # noqa: E731
    name = pick("许可", "处罚")
    now, was = table[name], table[f"上年{name}"]
    than = pick("较上年", "比上年", "与上年相比", "比2023年", "同比")
    if now == was:
        return f"行政{name}{now}件，{than}持平。".replace("相比持平", "持平"), ""
    by, way = abs(now - was), pick("增加", "上升") if now > was else pick("减少", "下降")
    if draw(st.booleans()):
        share = (Decimal(by) * 100 / was).quantize(Decimal("0.1"))
        head = f"行政{name}{now}件，{than}{way}"
        return f"{head}{share}%。", f"{head}{share + 10}%。"
    head = f"行政{name}{now}件，{than}{way}"
    return f"{head}{by}件。", f"{head}{by + STRANGE}件。"


def found(table: dict[str, int], text: list[str]) -> dict[str, list[str]]:
    """Return what the judges of figures say of each sentence, told by its line."""
    with tempfile.TemporaryDirectory() as folder:
        said: dict[str, list[str]] = {sentence: [] for sentence in text}
        case = case_of(table) | {"text": "".join(f"{sentence}\n" for sentence in text)}
        for finding in judged(case, Path(folder)):
            if finding.code in FIGURES:
                lines = finding.place.file.read_text(encoding="utf-8").splitlines()
                said[lines[finding.position.line - 1].strip()].append(finding.message)
        return said


@given(st.data())
@settings(deadline=None, max_examples=25)
def test_what_is_true_is_left_alone_and_what_is_false_is_found(data: st.DataObject) -> None:
    table = data.draw(tables())
    drawn = data.draw(st.lists(st.one_of(sentences(table), comparisons(table)), max_size=12))
    true, false = dict.fromkeys(t for t, _ in drawn), dict.fromkeys(f for _, f in drawn if f)
    assert {s: said for s, said in found(table, list(true)).items() if said} == {}
    assert [s for s, said in found(table, list(false)).items() if not said] == []


def test_a_new_word_for_a_figure_is_one_word_in_one_place(tmp_path: Path) -> None:
    for folder in ("templates", "schemas"):
        shutil.copytree(data_folder() / folder, tmp_path / folder)
    words = tmp_path / "templates" / "words.yaml"
    before = words.read_text(encoding="utf-8")
    assert before.count("处罚: [") == 1
    told: list[list[str]] = []
    for written in (before, before.replace("处罚: [", "处罚: [科罚, ")):
        words.write_text(written, encoding="utf-8")
        workspace({"text": "全年作出科罚99件。\n"}, tmp_path / "offices")
        reader = Reader(Forms(tmp_path))
        (report,) = map(reader.report, find_reports([tmp_path / "offices"]))
        told.append([f.code for f in check_prose(report, narrate(report)[0]) if f.code in FIGURES])
    assert told == [[], ["X-12"]]

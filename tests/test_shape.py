"""The two judges of a shape agree, and what they refuse is put into words once."""

from __future__ import annotations

import copy
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.form.form import Forms
from generator.reading import source
from generator.values.diagnostics import KeyPath
from support import COUNTY, EXAMPLES

FORMS = Forms()
FILES = {2021: COUNTY / "2024.yaml", 2019: EXAMPLES / "baiyuan" / "2020.yaml"}
JUNK = [
    *(False, True, None, 0, 1, -1, 10**17, Decimal("0.0"), Decimal("1.5"), Decimal("-0.1")),
    *("", " ", "无", "待填", "0", "1,200", "１２", "一段文字", "2024-02-30", "2024-13-01"),
    *([], {}, [1], ["文字"], {"自然人": 1}, {"总计": "待填"}, {"分项": []}, {"概述": "文字"}),
]


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(sorted(FILES)), st.data())
def test_the_quick_judge_agrees_with_the_thorough_one(form: int, draw: st.DataObject) -> None:
    read = source.read(FILES[form])
    data = copy.deepcopy(read.data)
    for _ in range(draw.draw(st.integers(1, 2))):
        path: KeyPath = draw.draw(st.sampled_from([p for p in read.values if p]))
        node: Any = data
        try:
            for step in path[:-1]:
                node = node[step]
            node[path[-1]] = copy.deepcopy(draw.draw(st.sampled_from(JUNK)))
        except (KeyError, IndexError, TypeError):
            continue  # the first change has taken away what the second one meant
    shape = FORMS.load(form).shape
    found = shape.findings(data, FILES[form])
    assert bool(found) != shape._validator.is_valid(data)
    assert all(finding.message and finding.hint for finding in found)
    places = [(f.place.path, f.place.on_key) for f in found]
    assert len(places) == len(set(places)), "one place, one finding"


COLUMNS = "自然人、商业企业、科研机构、社会公益组织、法律服务机构、其他、总计"


@pytest.mark.parametrize(
    ("path", "value", "code", "message", "hint"),
    [
        (
            "本年度办理结果.不予公开",
            {"自然人": 1},
            "S-2",
            "写在行的下面",
            "属于国家秘密: {自然人: …}",
        ),
        ("本年度办理结果", {"属于国家秘密": 0}, "S-2", "写高了一层", "写在「不予公开」下面"),
        ("本年度办理结果.予以公开", 3, "S-3", "这里要分项填写", COLUMNS),
        ("本年度办理结果.予以公开.自然入", 3, "S-2", "不认识的键", "是不是「自然人」？"),
        ("本年度办理结果.予以公开.年度", 3, "S-2", "「年度」不属于", "最外一层"),
        ("本年新收.自然人", "三件", "T3-4", "不是数字", "写半角整数"),
        ("本年新收.自然人", False, "T3-4", "写成了 false", "写数字"),
        ("本年新收.自然人", -3, "T3-4", "是 -3，小于 0", "核对"),
        ("本年新收.自然人", {"男": 1}, "T3-4", "不再分栏", "直接写数字"),
        ("本年新收", ["1"], "S-3", "写成了列表，这里要分项填写", COLUMNS),
        ("本年新收", None, "S-5", "空着", "没有就写 0"),
    ],
)
def test_what_was_meant(path: str, value: Any, code: str, message: str, hint: str) -> None:
    data = source.read(FILES[2021]).data
    part = "收到和处理政府信息公开申请情况"
    node = data[part]
    *around, last = path.split(".")
    for step in around:
        node = node[step]
    node[last] = value
    (finding,) = FORMS.load(2021).shape.findings(data, Path("2024.yaml"))
    assert (finding.code, finding.place.path[0]) == (code, part)
    assert message in finding.message
    assert hint in finding.hint


def test_a_valid_report_never_loads_the_thorough_judge() -> None:
    """It takes a tenth of a second to import, which a check of good reports does without."""
    program = (
        "import sys; from generator.commands.cli import run; "
        f"run(['check', {str(EXAMPLES)!r}]); "
        "sys.exit('jsonschema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()

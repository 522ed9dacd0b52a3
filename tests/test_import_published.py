"""The five published texts, imported, equal the office files that were made of them by hand.

The issue allows prose to be nested otherwise, if it is argued. Nothing is: every figure, every
sentence and every heading stands at the same place as in the workspace made by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.form.form import Forms
from generator.reading.source import read
from generator.report.figures import expand
from generator.values import keys
from generator.values.diagnostics import KeyPath
from support import PUBLISHED, WORKSPACE, Outcome, needs_published

PLACES = {
    "000_01748b089626fcea": ("baihe", 2023, 200),
    "001_ca53df07fdd590d9": ("cizhong", 2023, 200),
    "002_7e5c8f3b39cc10d8": ("baiyuan", 2020, 198),
    "003_2d161daa706ddf23": ("baishishan", 2024, 200),
    "004_b2bb6d47ac2e1e3b": ("songzhuang", 2024, 200),
}
NESTED_OTHERWISE: dict[str, str] = {}
"""Report → why its prose is nested otherwise than in the workspace. Empty, and to stay so."""


def sentences(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Yield every line of prose with its place."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from sentences(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from sentences(inner, (*path, index))
    elif isinstance(value, str):
        for line in value.split("\n"):
            if line.strip():
                yield path, line.strip()


@needs_published
@pytest.mark.parametrize("name", PLACES)
def test_a_published_text_becomes_the_office_file_made_by_hand(
    name: str, tmp_path: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    office, year, figures = PLACES[name]
    outcome = nianbao("import", PUBLISHED / f"{name}.txt", "-o", tmp_path)
    assert outcome.code == 0, outcome.err
    assert f"读出 {figures}/{figures}" in outcome.err
    made = read(tmp_path / f"{year}.yaml").data
    by_hand = read(WORKSPACE / office / f"{year}.yaml").data
    form = forms.load(by_hand[keys.FORM])
    assert made[keys.FORM] == by_hand[keys.FORM]
    assert expand(form, made).values == expand(form, by_hand).values
    assert len(expand(form, made).values) == figures
    found, wanted = list(sentences(made)), list(sentences(by_hand))
    assert [line for _, line in found] == [line for _, line in wanted]
    assert found == wanted or name in NESTED_OTHERWISE


@needs_published
def test_the_offices_are_named_by_their_titles(
    tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    for name in PLACES:
        (texts / f"{name}.txt").write_bytes((PUBLISHED / f"{name}.txt").read_bytes())
    outcome = nianbao("import", texts, "-o", tmp_path / "made")
    # Published as they are, some have errors; all were read, whole.
    assert "没有导入" not in outcome.out and "待补" not in outcome.out, outcome.out
    made = {
        read(file).data[keys.NAME]: read(file).data[keys.KIND]
        for file in (tmp_path / "made").glob("*/office.yaml")
    }
    # The title of the fourth names neither the county nor the kind: that is for the user to say.
    assert made.pop("白石山镇") == keys.UNFILLED
    by_hand = {
        read(file).data[keys.NAME]: read(file).data[keys.KIND]
        for file in WORKSPACE.glob("*/office.yaml")
        if file.parent.name != "baishishan"
    }
    assert made == by_hand


@needs_published
def test_what_was_published_wrong_is_told(tmp_path: Path, nianbao: Callable[..., Outcome]) -> None:
    told = nianbao("import", PUBLISHED, "-o", tmp_path).err
    for words in (
        "[bookmark: _GoBack]",
        "「3、 收到和处理政府信息公开申请情况」是第 3 部分",
        "「（1）组织推动政府信息公开工作。」的编号改为 （一）",
        "「一、主动公开情况」的编号改为 （一）",
        "标题里没有年份，正文里写的是 2024 年",
    ):
        assert words in told


@needs_published
@pytest.mark.parametrize(("rendering", "asked"), [("layout", 0), ("raw", 15)])
def test_the_text_of_a_published_pdf(
    rendering: str, asked: int, tmp_path: Path, forms: Forms, nianbao: Callable[..., Outcome]
) -> None:
    """With its columns all is read; without them table four is asked, and nothing is wrong."""
    truth = PUBLISHED / "published" / "huaian-2024.yaml"
    outcome = nianbao("import", truth.with_suffix(f".{rendering}.txt"), "-o", tmp_path)
    assert outcome.code == (1 if asked else 0), outcome.err
    made, by_hand = read(tmp_path / "2024.yaml").data, read(truth).data
    form = forms.load(by_hand[keys.FORM])
    found, wanted = expand(form, made).values, expand(form, by_hand).values
    assert len(wanted) == 200
    assert sum(path not in found for path in wanted) == asked
    assert all(found[path] == wanted[path] for path in found)
    parts = [section.key for section in form.sections if not section.table]
    assert [list(sentences(made[p])) for p in parts] == [list(sentences(by_hand[p])) for p in parts]

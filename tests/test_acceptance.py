"""Findings that an office accepts with a reason: marked, listed, expiring, never for sums."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support import COUNTY, Outcome

Call = Callable[..., Outcome]
PLACE = "主动公开政府信息情况.行政规范性文件"
CONTRACT = (
    "{规则: Y-2, 位置: 主动公开政府信息情况.行政规范性文件, "
    "理由: 2024年集中清理，失效文件未计入废止, 批准人: 办公室, 批准日期: 2025-01-15, "
    "有效至: 2025-06-30}"
)


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The county, whose stock of documents does not agree with last year's (Y-2)."""
    office = tmp_path / "county"
    office.mkdir()
    for name in ("office.yaml", "2023.yaml", "2024.yaml"):
        shutil.copy(COUNTY / name, office)
    file = office / "2024.yaml"
    text = file.read_text("utf-8")
    text = text[: text.index("接受:")]
    assert "现行有效件数: 69" in text
    file.write_text(text.replace("现行有效件数: 69", "现行有效件数: 60"), "utf-8")
    monkeypatch.setenv("NIANBAO_TODAY", "2025-01-10")
    return file


def accept(file: Path, *entries: str) -> None:
    listed = "".join(f"  - {entry}\n" for entry in entries)
    file.write_text(file.read_text("utf-8") + f"接受:\n{listed}", "utf-8")


def found(nianbao: Call, file: Path, codes: str = "Y-1,Y-2,T2,T3,A,S") -> list[dict[str, Any]]:
    out = nianbao("check", file, "--format", "json", "--select", codes).out
    return list(json.loads(out))


def test_an_accepted_finding_is_listed_as_accepted(county: Path, nianbao: Call) -> None:
    before = nianbao("check", county, "--strict", "--select", "Y-2,A")
    assert (before.code, before.err) == (1, "1 份报告，1 个警告\n")
    accept(county, CONTRACT)
    for _ in range(2):  # it survives being run again
        outcome = nianbao("check", county, "--strict", "--select", "Y-2,A")
        assert (outcome.code, outcome.err) == (0, "1 份报告，没有发现问题，已接受 1 个\n")
        head, reason = outcome.out.rstrip("\n").split("\n")
        assert f"{county}:" in head and "已接受 Y-2 现行有效件数应等于" in head
        assert reason == (
            "  理由：2024年集中清理，失效文件未计入废止"
            "（批准人：办公室，批准日期 2025-01-15，有效至 2025-06-30）"
        )
    (finding,) = found(nianbao, county)
    assert finding["severity"] == "warning"
    assert finding["accepted"].startswith("2024年集中清理")


@pytest.mark.parametrize(
    "place",
    [
        PLACE,
        f"{PLACE}.现行有效件数",
        "主动公开政府信息情况",
        "表二.行政规范性文件",
        "表二.行政规范性文件.现行有效件数",
        "表二 行政规范性文件 现行有效件数",
    ],
)
def test_what_a_place_may_be_called(place: str, county: Path, nianbao: Call) -> None:
    accept(county, f"{{规则: Y-2, 位置: {place}, 理由: 清理}}")
    assert [(f["code"], f["accepted"]) for f in found(nianbao, county)] == [("Y-2", "清理")]


@pytest.mark.parametrize(
    "place",
    [
        "主动公开政府信息情况.规章",
        "主动公开政府信息情况.行政规范",
        f"{PLACE}.本年制发件数",
        "整个文件",
        None,
    ],
)
def test_an_entry_that_matches_nothing_complains_at_its_line(
    place: str | None, county: Path, nianbao: Call
) -> None:
    accept(county, f"{{规则: Y-2{f', 位置: {place}' if place else ''}, 理由: 清理}}")
    stock, complaint = found(nianbao, county)
    assert (stock["code"], stock["accepted"]) == ("Y-2", "")
    assert (complaint["code"], complaint["severity"]) == ("A-1", "warning")
    assert complaint["line"] == len(county.read_text("utf-8").split("\n")) - 1
    assert complaint["path"] == "接受.1.规则"
    assert (place or "整个文件") in complaint["message"]


def test_an_unknown_rule_names_the_nearest(county: Path, nianbao: Call) -> None:
    accept(county, f"{{规则: Y-22, 位置: {PLACE}, 理由: 清理}}")
    assert "规则是不是 Y-2？" in found(nianbao, county, "A")[0]["hint"]


@pytest.mark.parametrize(
    ("today", "expired"), [("2025-06-30", False), ("2025-07-01", True), ("2031-01-01", True)]
)
def test_an_entry_expires_after_its_last_day(
    today: str, expired: bool, county: Path, nianbao: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    accept(county, CONTRACT)
    monkeypatch.setenv("NIANBAO_TODAY", today)
    findings = found(nianbao, county)
    assert bool(findings[0]["accepted"]) is not expired
    assert [f["code"] for f in findings[1:]] == (["A-2"] if expired else [])
    if expired:
        assert "2025-06-30" in findings[1]["message"]
        assert findings[1]["path"] == "接受.1.有效至"


@pytest.mark.parametrize("rule", ["T3-1", "T3-2", "T3-3", "T4-1"])
def test_sums_inside_the_form_cannot_be_accepted(rule: str, county: Path, nianbao: Call) -> None:
    """All four fail at once; each is tried with its own entry."""
    text = county.read_text("utf-8")
    text = text.replace("本年新收: {自然人: 422", "本年新收: {自然人: 430").replace(
        "总计: 663", "总计: 671"
    )
    text = text.replace("    总计: {自然人: 424", "    总计: {自然人: 400")
    text = text.replace("行政复议: {结果维持: 9", "行政复议: {结果维持: 8")
    county.write_text(
        text.replace("法律服务机构: 12, 其他: 4", "法律服务机构: 12, 其他: 9"), "utf-8"
    )
    if rule == "T3-1":
        text = text.replace("    总计: {自然人: 400", "    总计: {自然人: 424")
        county.write_text(text, "utf-8")
    part = (
        "政府信息公开行政复议、行政诉讼情况" if rule == "T4-1" else "收到和处理政府信息公开申请情况"
    )
    accept(county, f"{{规则: {rule}, 位置: {part}, 理由: 台账如此}}")
    findings = found(nianbao, county, "T3,T4-1,A")
    mine = [f for f in findings if f["code"] == rule]
    assert mine and not any(f["accepted"] for f in mine)
    (complaint,) = [f for f in findings if f["code"].startswith("A-")]
    assert complaint["code"] == "A-3"
    assert complaint["message"] == f"{rule} 不能接受，必须改正"
    assert nianbao("check", county).code == 1


def test_missing_rows_cannot_be_accepted(county: Path, nianbao: Call) -> None:
    text = county.read_text("utf-8")
    county.write_text(text.replace("  行政强制: 286\n", ""), "utf-8")
    accept(county, "{规则: S-1, 位置: 主动公开政府信息情况.行政强制, 理由: 没有}")
    assert [f["code"] for f in found(nianbao, county, "S,A")] == ["S-1", "A-3"]


def test_an_accepted_error_does_not_keep_a_report_from_being_built(
    county: Path, nianbao: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = county.read_text("utf-8").replace("现行有效件数: 60", "现行有效件数: 69")
    county.write_text(text, "utf-8")
    last = county.with_name("2023.yaml")
    row = "结转下年度继续办理: {自然人: 31"
    broken = last.read_text("utf-8").replace(row, "结转下年度继续办理: {自然人: 30")
    last.write_text(broken, "utf-8")
    out = tmp_path / "out"
    assert nianbao("build", county, "-o", out).code == 1
    assert not list(out.rglob("*.docx"))
    place = "收到和处理政府信息公开申请情况.上年结转"
    accept(county, f"{{规则: Y-1, 位置: {place}, 理由: 上年报错一件, 有效至: 2025-12-31}}")
    assert nianbao("build", county, "-o", out).code == 0
    (document,) = out.rglob("*.docx")
    content = document.read_bytes()
    # The day changes nothing in the document, and the entry is not printed in it.
    monkeypatch.setenv("NIANBAO_TODAY", "2025-11-30")
    assert nianbao("build", county, "-o", tmp_path / "later").code == 0
    (later,) = (tmp_path / "later").rglob("*.docx")
    assert later.read_bytes() == content
    assert "上年报错一件" not in next(out.rglob("*.txt")).read_text("utf-8")
    monkeypatch.setenv("NIANBAO_TODAY", "2026-01-01")
    assert nianbao("check", county).code == 1


def test_prose_is_accepted_by_the_place_that_is_reported(county: Path, nianbao: Call) -> None:
    text = county.read_text("utf-8").replace("公众按事项名称", "致电13812345678，公众按事项名称")
    county.write_text(text, "utf-8")
    (number,) = found(nianbao, county, "Q-2")
    accept(county, f"{{规则: Q-2, 位置: {number['path']}, 理由: 是公开的热线}}")
    assert [(f["code"], f["accepted"]) for f in found(nianbao, county, "Q-2,A")] == (
        [("Q-2", "是公开的热线")]
    )


def test_what_compares_offices_is_accepted_in_its_turn(workspace: Path, nianbao: Call) -> None:
    sentence = "编制目录时先由各站所报送事项清单，再由综合办公室逐条核对公开属性和公开时限。"
    files = [workspace / "yanshi" / town / "2024.yaml" for town in ("liuhe", "qingshi")]
    for file in files:
        text = file.read_text("utf-8")
        end = text.index("主动公开政府信息情况:\n")
        text = text[:end].rstrip() + f"\n        {sentence}\n" + text[end:]
        file.write_text(text, "utf-8")
    both = found(nianbao, workspace, "O-2")
    assert {f["file"] for f in both} == set(map(str, files))
    (mine,) = [f for f in both if f["file"] == str(files[0])]
    accept(files[0], f"{{规则: O-2, 位置: {mine['path'] or '整个文件'}, 理由: 同一份工作方案}}")
    after = found(nianbao, workspace, "O-2,A")
    assert {(f["file"], bool(f["accepted"])) for f in after} == {
        (str(files[0]), True),
        (str(files[1]), False),
    }


@pytest.mark.parametrize(
    "entry", ["1", "{规则: Y-2}", "{规则: 2, 位置: 3, 理由: [4]}", "{}", "[]", "无"]
)
def test_an_entry_that_is_no_entry_is_an_error_of_shape(
    entry: str, county: Path, nianbao: Call
) -> None:
    accept(county, entry)
    assert {f["code"][0] for f in found(nianbao, county, "S")} == {"S"}


def test_an_unknown_place_in_a_table_names_the_nearest(county: Path, nianbao: Call) -> None:
    accept(county, "{规则: Y-2, 位置: 表二.行政规范文件, 理由: 清理}")
    hint = found(nianbao, county, "A")[0]["hint"]
    assert "「表二.行政规范文件」不是表中的数，是不是「表二.行政规范性文件」？" in hint

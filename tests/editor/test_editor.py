"""What a clerk sees in an editor: the real YAML language server with our schemas."""

from __future__ import annotations

import json
from itertools import count
from pathlib import Path

import pytest

from language_server import Document, LanguageServer
from support import repository

pytestmark = pytest.mark.xdist_group("editor")

ROOT = Path(__file__).parent.parent.parent

REPORT = """\
格式: 2021
年度: 2024
总体情况:
  概述: 本年度公开发布各类信息491条。
  分项:
    - 标题: 主动公开信息
      正文: |
        一是规范公开目录。
        二是更新公开指南。
主动公开政府信息情况:
  规章: 0
  行政规范性文件: {本年制发件数: 1, 现行有效件数: 3}
  行政许可: 0
  行政处罚: 5
  行政强制: 0
  行政事业性收费: 72701.2578
收到和处理政府信息公开申请情况:
  本年新收: {自然人: 12, 商业企业: 1}
  上年结转: 无
  本年度办理结果:
    予以公开: {自然人: 10}
    部分公开:
      商业企业: 1
    不予公开:
      属于国家秘密: 0
      其他法律行政法规禁止公开: 0
      危及三安全一稳定: 0
      保护第三方合法权益: 0
      属于三类内部事务信息: 0
      属于四类过程性信息: 0
      属于行政执法案卷: 0
      属于行政查询事项: 待填
    无法提供: 0
    不予处理: 0
    其他处理: 0
  结转下年度继续办理: {自然人: 2}
政府信息公开行政复议、行政诉讼情况:
  行政复议: {结果维持: 1}
  未经复议直接起诉: 0
  复议后起诉: 0
存在的主要问题及改进情况: 公开的内容还不够全面。
其他需要报告的事项: 无
"""

numbers = count(1)


def opened(server: LanguageServer, report: str) -> Document:
    """Open a text as the report of some office; nothing is written to disk."""
    path = ROOT / "examples" / f"office-{next(numbers)}" / "2024.yaml"
    return server.open(
        path, f"# yaml-language-server: $schema=../../schemas/2021.schema.json\n{report}"
    )


def test_a_right_report_has_nothing_underlined(server: LanguageServer) -> None:
    assert server.underlined(opened(server, REPORT)) == []


@pytest.mark.parametrize(
    ("key", "label", "note"),
    [
        ("总体情况", "一、总体情况", "监督保障"),
        ("行政处罚", "行政处罚", "第二十条第（六）项"),
        ("本年新收", "一、本年新收政府信息公开申请数量", "全部为零时写 0 或 无"),
        ("部分公开", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "第三十七条"),
        ("不予公开", "（三）不予公开", "八行"),
        ("危及三安全一稳定", "3.危及“三安全一稳定”", "第十四条"),
        ("商业企业", "商业企业", "为零可以省略"),
        ("复议后起诉", "复议后起诉", "只由原行为主体统计"),
    ],
)
def test_a_key_shows_its_printed_label_and_what_to_count(
    server: LanguageServer, key: str, label: str, note: str
) -> None:
    shown = server.hover(opened(server, REPORT), key)
    assert shown.startswith(f"#### {label}\n\n")
    assert note in shown


def test_completion_offers_the_rows_still_missing_and_writes_none_as_zero(
    server: LanguageServer,
) -> None:
    report = REPORT.replace("  行政处罚: 5\n  行政强制: 0\n", "  \n")
    offered = server.completions(opened(server, report), "行政许可: 0\n  ")
    rows = {label: inserted for label, inserted in offered.items() if label.startswith("行政")}
    assert rows == {"行政处罚": "行政处罚: 待填", "行政强制": "行政强制: 待填"}
    assert "行政处罚: 待填\n行政强制: 待填" in offered.values()  # all of them at once


def test_completion_offers_the_columns_of_a_row(server: LanguageServer) -> None:
    report = REPORT.replace("      商业企业: 1\n", "      商业企业: 1\n      \n")
    offered = server.completions(opened(server, report), "      商业企业: 1\n      ")
    assert list(offered) == ["自然人", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]


def test_completion_offers_how_to_declare_zero(server: LanguageServer) -> None:
    report = REPORT.replace("无法提供: 0", "无法提供: ")
    assert set(server.completions(opened(server, report), "无法提供: ")) == {
        "0",
        "无",
        "待填",
        "汇总",
    }


@pytest.mark.parametrize(
    ("right", "wrong", "underlined"),
    [
        ("行政处罚: 5", "行政处法: 5", "行政处法"),
        ("行政处罚: 5", "行政处罚: 5件", "5件"),
        ("行政处罚: 5", "行政处罚: -5", "-5"),
        ("上年结转: 无", "上年结转: 没有", "没有"),
        ("{自然人: 10}", "{自然人: 10, 企业: 1}", "企业"),
        ("结果维持: 1", "维持: 1", "维持"),
        ("标题: 主动公开信息", "题目: 主动公开信息", "题目"),
    ],
)
def test_what_is_wrong_is_underlined(
    server: LanguageServer, right: str, wrong: str, underlined: str
) -> None:
    report = opened(server, REPORT.replace(right, wrong))
    line = report.text[: report.text.index(wrong)].count("\n") + 1
    assert (line, underlined) in [(at.line, at.text) for at in server.underlined(report)]


def test_a_row_that_is_left_out_is_named(server: LanguageServer) -> None:
    report = opened(server, REPORT.replace("      属于国家秘密: 0\n", ""))
    (found,) = server.underlined(report)
    assert found.text == "不予公开"
    assert "属于国家秘密" in found.message


def test_the_schema_may_come_from_the_settings(server: LanguageServer) -> None:
    text = "名称: 孟津区送庄镇人民政府\n类型: 乡镇政府\n联系: {邮编: 050000, 电话: 0379-67890000}\n"
    office = server.open(ROOT / "examples" / "songzhuang" / "office.yaml", text)
    assert [(at.line, at.text) for at in server.underlined(office)] == [(2, "乡镇政府")]
    assert "街道办事处" in server.completions(office, "类型: 乡镇政府")


def test_the_settings_that_init_writes_choose_the_schema(
    server: LanguageServer, tmp_path: Path
) -> None:
    root = repository(tmp_path / "reports")
    settings = json.loads((root / ".vscode" / "settings.json").read_text("utf-8"))
    yaml = {
        "validate": True,
        "schemaStore": {"enable": settings["yaml.schemaStore.enable"]},
        "schemas": {
            (root / schema).as_uri(): patterns
            for schema, patterns in settings["yaml.schemas"].items()
        },
    }
    with LanguageServer(server.command, root, {"yaml": yaml}) as editor:
        right = editor.open(root / "town" / "2025.yaml", REPORT)
        assert editor.underlined(right) == []
        wrong = editor.open(root / "town" / "2026.yaml", REPORT.replace("行政处罚", "行政处分"))
        assert [underline.text for underline in editor.underlined(wrong)]
        old = editor.open(root / "town" / "2020.yaml", REPORT)
        assert editor.underlined(old)  # the other form's schema applies

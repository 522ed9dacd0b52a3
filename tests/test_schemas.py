"""The schemas: what they promise to editors, and what they accept and refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError
from ruamel.yaml import YAML

from generator.form.form import Forms
from generator.form.report_schema import written
from generator.form.tables import read_table
from generator.form.write_schemas import schema_file
from generator.reading.source import Unreadable

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "schemas").glob("*.json"))
SCHEMAS: dict[str, Any] = {
    path.name.partition(".")[0]: json.loads(path.read_text(encoding="utf-8")) for path in FILES
}
TABLES = (
    "主动公开政府信息情况",
    "收到和处理政府信息公开申请情况",
    "政府信息公开行政复议、行政诉讼情况",
)
TWO, THREE, FOUR = TABLES
OFFICE = {"名称": "孟津区送庄镇人民政府", "类型": "乡镇人民政府"}
LEFT_OUT = object()

REAL_REPORTS = ROOT.parent / "shared" / "reports" / "workspace"
REAL_FILES = [
    pytest.param(path, id="/".join(path.parts[-2:]))
    for path in sorted(REAL_REPORTS.glob("*/*.yaml"))
] or [pytest.param(None, marks=pytest.mark.skip(reason="the real reports are not beside the tree"))]


def errors(form: str, data: object) -> list[ValidationError]:
    return list(Draft202012Validator(SCHEMAS[form]).iter_errors(data))


def places(found: list[ValidationError]) -> Iterator[str]:
    """Give the dotted path of every error, those inside the branches of a choice too."""
    for error in found:
        yield ".".join(str(part) for part in error.absolute_path)
        yield from places(list(error.context or ()))


def mappings(schema: Any) -> Iterator[dict[str, Any]]:
    """Give every mapping in a schema that describes keys."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema
        for each in schema.values():
            yield from mappings(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from mappings(each)


def references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, each in schema.items():
            yield from [each] if key == "$ref" else references(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from references(each)


def written_out(schema: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """Make data with every key of a schema: each mapping in full, each figure 1."""
    if "$ref" in schema:
        return written_out(definitions[schema["$ref"].rpartition("/")[2]], definitions)
    if "oneOf" in schema:
        return written_out(schema["oneOf"][0], definitions)
    if "const" in schema:
        return schema["const"]
    kind = schema["type"]
    if kind == "object":
        return {key: written_out(each, definitions) for key, each in schema["properties"].items()}
    if kind == "array":
        return [written_out(schema["items"], definitions)]
    if kind == "string":
        return "2024-12-31" if "月" in schema.get("pattern", "") else "文字"
    return schema.get("minimum", 1) or 1


def report(form: str) -> Any:
    return written_out(SCHEMAS[form], SCHEMAS[form]["$defs"])


def changed(data: Any, place: str, value: object) -> Any:
    data = deepcopy(data)
    *outer, last = place.split(".")
    inner = data
    for part in outer:
        inner = inner[int(part) if isinstance(inner, list) else part]
    if value is LEFT_OUT:
        del inner[last]
    else:
        inner[last] = value
    return data


def figures(data: Any) -> int:
    return sum(map(figures, data.values())) if isinstance(data, dict) else 1


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_schema_is_written_with_plain_characters_and_two_spaces(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_key_has_a_title_and_a_description(name: str) -> None:
    for mapping in mappings(SCHEMAS[name]):
        for key, described in mapping["properties"].items():
            assert described.get("title"), key
            assert described.get("description"), key


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_example_is_as_its_schema_asks(name: str) -> None:
    """A message shows it as the way out."""
    properties = SCHEMAS[name]["properties"]
    shown = {key: example for key in properties for example in properties[key].get("examples", ())}
    assert "接受" in shown
    for key, example in shown.items():
        whole = {**properties[key], "$defs": SCHEMAS[name]["$defs"]}
        Draft202012Validator(whole).validate(example)


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_mapping_refuses_other_keys_and_asks_for_some(name: str) -> None:
    for mapping in mappings(SCHEMAS[name]):
        assert mapping["additionalProperties"] is False
        assert mapping.get("required") or mapping.get("minProperties") == 1
        assert set(mapping.get("required", ())) <= set(mapping["properties"])


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_refers_only_to_itself_and_uses_all_it_defines(name: str) -> None:
    schema = SCHEMAS[name]
    assert set(references(schema)) == {f"#/$defs/{key}" for key in schema["$defs"]}


@pytest.mark.parametrize("form", ["2019", "2021"])
def test_a_form_is_less_than_550_lines(form: str) -> None:
    """What a form cannot do without, and which words mean its figures."""
    folder = ROOT / "templates" / form
    files = [
        *folder.glob("tables/*"),
        *(folder / f"{n}.yaml" for n in ("edition", "checks", "words")),
    ]
    assert len(files) == 6
    assert sum(len(file.read_text("utf-8").splitlines()) for file in files) < 550


def test_what_both_forms_share_is_the_same_in_both() -> None:
    new, old = SCHEMAS["2021"], SCHEMAS["2019"]
    shared = {key for key in new["$defs"].keys() & old["$defs"] if not key.startswith("row_")}
    assert shared >= {"zero", "count", "money", "text", "date"}
    for name in shared:
        assert new["$defs"][name] == old["$defs"][name], name
    for table, row in ((THREE, "本年新收"), (FOUR, "行政复议")):
        described = [s["properties"][table]["oneOf"][0]["properties"][row] for s in (new, old)]
        columns = [
            s["$defs"][each["$ref"].rpartition("/")[2]]
            for s, each in zip((new, old), described, strict=True)
        ]
        assert columns[0] == columns[1], table


@pytest.mark.parametrize("form", Forms().first_years)
def test_the_schema_in_the_folder_is_the_one_that_the_tables_make(form: int) -> None:
    forms = Forms()
    loaded = forms.load(form)
    text = schema_file(forms, loaded).read_text("utf-8")
    assert text == written(loaded.shape.schema), "schemas/ is stale: run make schemas"


@pytest.mark.parametrize(
    ("form", "place", "said"),
    [
        ("2021", f"{TWO}.规章.现行有效件数", "12月31日"),
        ("2021", TWO, "各项数据核定时间点为报告年度的12月31日"),
        ("2021", f"{TWO}.行政许可", "包括已公开和依法未公开的全部处理决定"),
        ("2021", f"{THREE}.本年度办理结果", "补正、延期、征求意见是办理的步骤，不是结果"),
        ("2021", "总体情况", "篇幅原则上不超过一千字"),
        ("2021", "其他需要报告的事项", "《政府信息公开信息处理费管理办法》"),
        ("2021", f"{FOUR}.复议后起诉", "行政复议机关作为共同被告的案件，只由原行为主体统计"),
        ("2019", f"{FOUR}.复议后起诉", "国办公开办函〔2019〕60号一（四）"),
        ("2019", f"{THREE}.本年度办理结果.其他处理", "新旧条例执行衔接和极少数特殊情况"),
    ],
)
def test_a_filling_note_says_what_the_notice_says(form: str, place: str, said: str) -> None:
    shape = Forms().load(int(form)).shape
    assert said in shape.explained(place.split("."))[1]
    notice = {"2021": "国办公开办函〔2021〕30号", "2019": "国办公开办函〔2019〕60号"}[form]
    assert notice in shape.explained(place.split("."))[1]


@pytest.mark.parametrize(
    "key", ["notes: {没有的组: 话}", "columns: {没有的栏: 话}", "kinds: {无: money}"]
)
def test_a_note_on_what_the_table_has_not_is_a_fault_at_its_line(key: str, tmp_path: Path) -> None:
    text = (ROOT / "templates" / "2021" / "tables" / "表四.yaml").read_text("utf-8")
    name = key.split(":")[0]
    kept = re.sub(rf"(?m)^{name}:\n(?:  .*\n)+", "", text)
    file = tmp_path / "表四.yaml"
    file.write_text(kept.replace("rows:\n", f"{key}\nrows:\n"), "utf-8")
    with pytest.raises(Unreadable, match="不是这张表的行、组或栏"):
        read_table(file, FOUR, FOUR, ())


@pytest.mark.parametrize(("form", "expected"), [("2021", [10, 175, 15]), ("2019", [22, 161, 15])])
def test_a_form_has_as_many_figures_as_are_printed(form: str, expected: list[int]) -> None:
    written = report(form)
    assert [figures(written[table]) for table in TABLES] == expected


@pytest.mark.parametrize("form", ["2021", "2019"])
def test_a_report_with_everything_written_out_is_accepted(form: str) -> None:
    assert errors(form, report(form)) == []


@pytest.mark.parametrize("path", REAL_FILES)
def test_a_real_file_is_accepted(path: Path) -> None:
    data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    form = "office" if path.name == "office.yaml" else str(data["格式"])
    assert errors(form, data) == []


RESULTS = f"{THREE}.本年度办理结果"
DEEPEST = {"分项": [{"标题": "（1）级", "正文": "文字"}]}
DEEP = {"概述": "文字", "分项": [{"标题": "1.级", "正文": DEEPEST}]}
TEXT = {"分项": [{"标题": "（一）级。", "正文": DEEP}, {"标题": "又一项", "正文": "待填"}]}
TOO_DEEP = {"分项": [{"标题": "多了一级", "正文": TEXT}]}


@pytest.mark.parametrize(
    ("form", "place", "value"),
    [
        *[("2021", table, zero) for table in TABLES for zero in (0, "无", "待填")],
        ("2021", f"{TWO}.规章", "无"),
        ("2021", f"{TWO}.规章", {"现行有效件数": 3}),
        ("2021", f"{TWO}.行政许可", "待填"),
        ("2021", f"{TWO}.行政事业性收费", 72701.2578),
        ("2021", f"{THREE}.上年结转", {"自然人": 12, "商业企业": "待填"}),
        ("2021", RESULTS, 0),
        ("2021", f"{RESULTS}.总计", LEFT_OUT),
        ("2021", f"{RESULTS}.不予公开", "待填"),
        ("2021", f"{RESULTS}.予以公开.总计", LEFT_OUT),
        ("2021", f"{FOUR}.行政复议", {"结果维持": 1}),
        *[("2021", key, LEFT_OUT) for key in ("标题", "前言", "落款", "接受")],
        ("2021", "总体情况", TEXT),
        ("2021", "总体情况", {"概述": "只有概述"}),
        ("2021", "其他需要报告的事项", "无"),
        ("2021", "落款", {"日期": "2025-01-15"}),
        ("2021", "接受", []),
        ("2021", "年度", 2020),  # the wrong form for the year is a finding of its own
        ("2019", f"{TWO}.行政许可", {"上一年项目数量": 8, "本年增减": -8}),
        ("2019", f"{TWO}.政府集中采购", {"采购项目数量": 2, "采购总金额": 12.3456}),
        ("2019", f"{RESULTS}.其他处理", {"自然人": 1}),
        ("office", "类型", "街道办事处"),
        ("office", "公开期限", "01-31"),
        ("office", "联系", {"邮编": 132503, "电话": 67051348}),
        ("office", "联系", {"邮编": "050000", "电话": "0432-67051348"}),
        ("office", "联系", {"邮编": 50000}),  # 050000 as editors read it
    ],
)
def test_a_right_variation_is_accepted(form: str, place: str, value: object) -> None:
    correct = OFFICE if form == "office" else report(form)
    assert errors(form, changed(correct, place, value)) == []


@pytest.mark.parametrize(
    ("form", "place", "value"),
    [
        # a wrong value: the error stands at the value itself
        ("2021", "格式", 2019),
        ("2021", "年度", "2024年"),
        ("2021", "年度", 24),
        ("2021", "标题", " "),
        ("2021", "前言", ["第一段", "第二段"]),
        ("2021", "总体情况", "\n"),
        ("2021", "总体情况", 0),
        ("2021", "总体情况", {}),
        ("2021", "总体情况", {"分项": []}),
        ("2021", TWO, "没有"),
        ("2021", TWO, 1),
        ("2021", TWO, None),
        ("2021", f"{TWO}.规章", 3),
        ("2021", f"{TWO}.规章", {}),
        ("2021", f"{TWO}.规章", [0, 0, 0]),
        ("2021", f"{TWO}.规章", False),
        ("2021", f"{TWO}.规章.本年制发件数", "无"),
        ("2021", f"{TWO}.行政许可", "无"),
        ("2021", f"{TWO}.行政许可", -1),
        ("2021", f"{TWO}.行政许可", 1.5),
        ("2021", f"{TWO}.行政许可", "12件"),
        ("2021", f"{TWO}.行政许可", True),
        ("2021", f"{TWO}.行政许可", {"本年处理决定数量": 1}),
        ("2021", f"{TWO}.行政事业性收费", -0.1),
        ("2021", f"{TWO}.行政事业性收费", "12万元"),
        ("2021", f"{THREE}.本年新收.自然人", "１２"),
        ("2021", f"{RESULTS}.不予公开", 2),
        ("2021", f"{FOUR}.行政复议.尚未审结", None),
        ("2021", "落款", {}),
        ("2021", "落款.日期", "2025年1月"),
        ("2021", "落款.日期", "2025-13-01"),
        ("2021", "接受", "无"),
        ("2019", f"{TWO}.行政许可.本年增减", "减少8"),
        ("2019", f"{TWO}.行政许可.上一年项目数量", -8),
        ("2019", f"{TWO}.政府集中采购.采购项目数量", 1.5),
        ("office", "名称", ""),
        ("office", "类型", "乡镇"),
        ("office", "可制定规章", "否"),
        ("office", "公开期限", "1-31"),
        ("office", "联系", {}),
    ],
)
def test_a_wrong_value_is_refused_at_its_place(form: str, place: str, value: object) -> None:
    correct = OFFICE if form == "office" else report(form)
    assert place in places(errors(form, changed(correct, place, value)))


@pytest.mark.parametrize(
    ("form", "place", "key", "value"),
    [
        # a wrong key, or none: the error stands at the mapping around it
        ("2021", "", "年度", LEFT_OUT),
        ("2021", "", "存在的主要问题及改进情况", LEFT_OUT),
        ("2021", "", "备注", "文字"),
        ("2021", TWO, "行政处罚", LEFT_OUT),
        ("2021", TWO, "政府集中采购", 0),
        ("2021", f"{TWO}.规章", "对外公开总数量", 0),
        ("2021", THREE, "结转下年度继续办理", LEFT_OUT),
        ("2021", f"{THREE}.本年新收", "法人", 1),
        ("2021", RESULTS, "其他处理", LEFT_OUT),
        ("2021", RESULTS, "（一）予以公开", 0),
        ("2021", f"{RESULTS}.不予公开", "属于国家秘密", LEFT_OUT),
        ("2021", f"{RESULTS}.无法提供", "总计", 0),
        ("2021", FOUR, "行政诉讼", 0),
        ("2021", "接受.0", "理由", LEFT_OUT),
        ("2019", TWO, "行政规范性文件", 0),
        ("2019", f"{TWO}.行政事业性收费", "处理决定数量", 0),
        ("2019", f"{RESULTS}.其他处理", "其他不予处理", 0),
        ("office", "", "名称", LEFT_OUT),
        ("office", "", "地址", "送庄镇"),
    ],
)
def test_a_wrong_key_is_refused_in_its_mapping(
    form: str, place: str, key: str, value: object
) -> None:
    correct = OFFICE if form == "office" else report(form)
    data = changed(correct, f"{place}.{key}".removeprefix("."), value)
    assert place in places(errors(form, data))


def test_text_in_more_than_three_levels_is_refused() -> None:
    assert errors("2021", changed(report("2021"), "总体情况", TOO_DEEP))

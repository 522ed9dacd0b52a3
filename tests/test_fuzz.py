"""Whatever is thrown at it: valid files are accepted, others are refused without a traceback.

``NIANBAO_FUZZ=20000 pytest tests/test_fuzz.py`` makes the full number of tries.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, example, given, settings
from hypothesis import strategies as st

from generator.compare.output import FORMATS as COMPARED
from generator.compare.reports import compare
from generator.drafting.next_year import roll_over
from generator.findings import machine
from generator.findings.printing import as_text
from generator.form.form import Forms
from generator.judging.examine import Examined, examine
from generator.judging.faults import has_fault
from generator.reading.workspace import find_reports, place_of
from generator.report.report import Reader
from generator.setting.compose import DRAFT_MARK, compose
from generator.setting.writers import WRITERS
from generator.values.diagnostics import Refusal
from support import COUNTY, EXAMPLES, ROOT

TRIES = int(os.environ.get("NIANBAO_FUZZ", "1000"))
FORMS = Forms()
SCHEMAS: dict[int, dict[str, Any]] = {
    form: json.loads((ROOT / "schemas" / f"{form}.schema.json").read_text("utf-8"))
    for form in FORMS.first_years
}
REAL = sorted(EXAMPLES.rglob("2*.yaml"))
# What XML cannot hold, what YAML counts as the end of a line, and what begins an expression.
TEXTS = st.text(
    st.characters(
        codec="utf-8",
        exclude_categories=["Cc", "Cs", "Cn", "Zl", "Zp"],
        exclude_characters="{}%#\ufeff",
    ),
    min_size=1,
    max_size=30,
).filter(
    lambda text: text.strip("….。 \u3000\xa0").strip() and "待填" not in text and "【" not in text
)


def resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        node = schema["$defs"][node["$ref"].rpartition("/")[2]]
    return node


def data(node: dict[str, Any], schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Make data that a schema allows; 待填, which is legal but never finished, is left out."""
    node = resolved(node, schema)
    if "oneOf" in node:
        branches = [resolved(branch, schema) for branch in node["oneOf"]]
        return st.one_of([data(b, schema) for b in branches if b.get("const") != "待填"])
    if "const" in node:
        return st.just(node["const"])
    if "enum" in node:
        return st.sampled_from([value for value in node["enum"] if value != "待填"])
    kind = node["type"]
    if kind == "object":
        return mapping(node, schema)
    if kind == "array":
        least = node.get("minItems", 0)
        return st.lists(data(node["items"], schema), min_size=least, max_size=3)
    if kind == "integer":
        return st.integers(node.get("minimum", -(10**9)), node.get("maximum", 10**9))
    if kind == "number":
        return st.decimals(node.get("minimum", 0), 10**9, places=4)
    assert kind == "string"
    if node.get("pattern", "").startswith("^[0-9]{4}(-"):
        return st.dates().map(str)
    return TEXTS


def mapping(node: dict[str, Any], schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    required = set(node.get("required", ()))
    needed = {key: data(inner, schema) for key, inner in node["properties"].items()}
    made = st.fixed_dictionaries(
        {key: value for key, value in needed.items() if key in required},
        optional={key: value for key, value in needed.items() if key not in required},
    )
    return made.filter(lambda value: len(value) >= node.get("minProperties", 0))


def written(value: Any, depth: int = 0) -> Iterator[str]:
    """Write data as YAML: mappings as blocks, texts in double quotes, numbers as they are."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield f"\n{'  ' * depth}{key}: "
            yield from written(inner, depth + 1)
    elif isinstance(value, list) and value:
        for item in value:
            yield f"\n{'  ' * depth}- "
            yield from written(item, depth + 1)
    elif isinstance(value, str):
        yield json.dumps(value, ensure_ascii=False)
    elif isinstance(value, Decimal):
        yield f"{value:f}"
    else:
        yield json.dumps(value)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz") / "town"
    folder.mkdir()
    (folder / "office.yaml").write_text("名称: 某县某镇人民政府\n类型: 乡镇人民政府\n", "utf-8")
    return folder


def look(office: Path, year: int) -> Examined:
    """Read a report, and put everything found through every printer there is."""
    examined = examine(find_reports([office / f"{year}.yaml"])[0], Reader(FORMS))
    assert not has_fault(examined.findings)
    for finding in examined.findings:
        assert as_text(finding)
    for style in ("json", "github", "sarif", "junit"):
        assert machine.written(style, examined.findings, FORMS)
    event("set" if examined.report and examined.prose is not None else "refused")
    if examined.report and examined.prose is not None:
        document = compose(examined.report, examined.prose, draft=DRAFT_MARK)
        for name in ("docx", "txt", "html"):
            assert WRITERS[name](document)
    return examined


@pytest.mark.parametrize("form", SCHEMAS)
@settings(
    max_examples=max(TRIES // 10, 50),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(draw=st.data())
def test_what_the_schema_allows_is_read(form: int, office: Path, draw: st.DataObject) -> None:
    year = FORMS.load(form).first_year
    report = draw.draw(data(SCHEMAS[form], SCHEMAS[form])) | {"格式": form, "年度": year}
    (office / f"{year}.yaml").write_text("".join(written(report)).lstrip() + "\n", "utf-8")
    # Who signs and when is judged beside the shape, by the office's name and the year.
    shape = re.compile(r"[FSPE]-(?!9|10)")
    found = [f for f in look(office, year).findings if shape.match(f.code)]
    assert found == []


@st.composite
def mutations(draw: st.DrawFn) -> bytes:
    """Take a real file apart: bytes changed, cut out, put in, lines moved and repeated."""
    content = bytearray(draw(st.sampled_from(REAL)).read_bytes())
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        match draw(st.integers(0, 6)):
            case 0:
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=3))
            case 1:
                del content[at : at + draw(st.integers(1, 200))]
            case 2:
                content[at:at] = draw(st.sampled_from(TOKENS)).encode()
            case 3:
                end = at + draw(st.integers(1, 300))
                to = draw(st.integers(0, len(content)))
                content[to:to] = content[at:end]
            case 4:
                line = content.rfind(b"\n", 0, at) + 1
                content[line:at] = draw(st.sampled_from(["  ", "- ", "\t", "      "])).encode()
            case _:  # another value behind a key: most of the file is still read, and judged
                begin = content.find(b": ", at) + 2
                stops = [content.find(stop, begin) for stop in (b"\n", b", ", b"}")]
                end = min([stop for stop in stops if stop >= 0], default=len(content))
                if begin > 1:
                    content[begin:end] = draw(st.sampled_from([*VALUES, *TOKENS])).encode()
    return bytes(content)


VALUES = (
    *(
        "12",
        "待填",
        "无",
        "汇总",
        "0.50",
        "99999999",
        "{自然人: 3}",
        "{总计: 3}",
        "[]",
        "{}",
        "|\n",
    ),
    *(
        "2024-02-29",
        "2024年1月5日",
        "{{ 年度 }}",
        "{{ 表三.本年新收.总计 }}件",
        "【待核实：1】",
        "…",
    ),
    *(
        "一二三四五",
        "\u0301",
        "\u202e",
        "👨‍👩‍👧",
        "🇨🇳",
        "𠮷",
        "１２",
        "1_200",
        "1e400",
        ".inf",
        "0o17",
        "=1+1",
    ),
)
TOKENS = (
    *": -{}[]'\"|>&*!%@`#?,：，\n\t~",
    *("\n\n", "{{", "}}", "{%", "待填", "无", "null", "true", "0", "-1", "1e9", "0.1"),
    *("---\n", "...\n", "? ", "<<: ", "!!python/object ", "&a ", "*a", "{{ 表三 }}"),
    *("{{ 年度 / 0 }}", "{{ 上年.表三.本年新收.总计 | 同比(0) }}", "9" * 20, "  " * 50),
    *("\ufeff", "\u2028", "\x85", "\0", "\U0001f600", "<!-- -->", "_GoBack"),
    "接受: [{规则: X, 理由: 1}]\n",
)


@settings(max_examples=TRIES, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=mutations())
def test_no_bytes_make_it_fail(content: bytes, office: Path) -> None:
    before = Path(shutil.copy(COUNTY / "2023.yaml", office / "2023.yaml"))
    (office / "2024.yaml").write_bytes(content)
    changed = look(office, 2024)
    compared(look(office, 2023), changed)
    rolled_over(office, 2025)
    before.write_bytes(content)
    look(office, 2024)
    rolled_over(office, 2024)
    before.unlink()


def compared(first: Examined, second: Examined) -> None:
    """Compare two reports as far as they can be read, in every way of printing."""
    if first.report and second.report:
        comparison = compare(first, second, FORMS)
        for printed in COMPARED.values():
            assert printed(comparison)


def rolled_over(office: Path, year: int) -> None:
    """Write a year's report from the one before, unless that has errors, which is said."""
    try:
        assert roll_over(place_of(office, year), Reader(FORMS)).content
    except Refusal as refusal:
        assert str(refusal) and not has_fault(refusal.findings)


@settings(max_examples=max(TRIES // 10, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
@example(content=b"\xc2\x85\x00")
def test_no_office_file_makes_it_fail(content: bytes, tmp_path_factory: Any) -> None:
    folder = Path(tmp_path_factory.getbasetemp()) / "office_fuzz"
    folder.mkdir(exist_ok=True)
    shutil.copy(EXAMPLES / "songzhuang" / "2024.yaml", folder)
    (folder / "office.yaml").write_bytes(content)
    look(folder, 2024)

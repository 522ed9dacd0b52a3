"""The one door for the form: a slip in any of its files is a finding at its place, everywhere."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from generator.form import files
from generator.form.form import Forms
from generator.form.letters import letter_words
from generator.reading.shape import Shape
from generator.reading.source import Unreadable, read
from support import COUNTY, ROOT, Outcome

SCHEMAS = {
    file.name.removesuffix(".schema.json"): json.loads(file.read_text("utf-8"))
    for file in sorted((ROOT / "schemas" / "form").glob("*.schema.json"))
}
SLIPS = sorted((ROOT / "tests" / "data" / "form_slips").glob("*.yaml"))
OLD_REPORT = ROOT / "tests" / "data" / "import" / "prose_in_a_table_part" / "input.html"
COMMANDS = ["check", "build", "rollover", "explain", "compare", "new", "import", "status"]


@dataclass(frozen=True)
class Slip:
    """A file of a form, one change of its text, and what is to be said of it."""

    file: str
    old: str
    new: str
    message: str
    means_nothing: bool = False
    """It fits its schema, but names what there is not."""


def slip_of(file: Path) -> Slip:
    return Slip(**read(file).data, means_nothing=file.stem.startswith("means_"))


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    root = tmp_path / "forms"
    shutil.copytree(ROOT / "templates", root / "templates")
    shutil.copytree(ROOT / "schemas", root / "schemas")
    return root


@pytest.fixture
def office(tmp_path: Path) -> Path:
    folder = tmp_path / "reports" / "yanshi"
    folder.mkdir(parents=True)
    for file in COUNTY.glob("*.yaml"):
        shutil.copy(file, folder)
    return folder


def make(slip: Slip, forms: Path) -> tuple[Path, str]:
    """Put a slip into its file; return the file, and its name with the line of what is wrong.

    What is missing has no line of its own.
    """
    file = forms / "templates" / slip.file
    text = file.read_text("utf-8")
    assert slip.old in text, "the slip no longer fits the file"
    file.write_text(text.replace(slip.old, slip.new, 1), "utf-8")
    line = text[: text.index(slip.old)].count("\n") + 1
    return file, f"{file}:{line}:" if slip.new else f"{file}:"


def arguments(command: str, office: Path, out: Path) -> list[Any]:
    return {
        "check": ["check", office],
        "build": ["build", office, "-o", out],
        "rollover": ["rollover", "2025", office],
        "explain": ["explain", "T3-1"],
        "new": ["new", out, "2024", "--name", "某县某镇人民政府"],
        "import": ["import", OLD_REPORT, "-o", out],
        "status": ["status", "2024", office],
        "compare": ["compare", office / "2023.yaml", office / "2024.yaml"],
    }[command]


def test_there_is_a_slip_in_every_file_of_a_form(forms: Path) -> None:
    of_form = {
        f"2021/{file.relative_to(forms / 'templates' / '2021').as_posix()}"
        for file in (forms / "templates" / "2021").rglob("*.yaml")
        if "cases" not in file.parts
    }
    assert {slip_of(file).file for file in SLIPS} >= of_form | {*files.SHARED, *files.INHERITED}
    assert len(SLIPS) >= 14


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("file", SLIPS, ids=[file.stem for file in SLIPS])
def test_a_slip_is_named_at_its_place(
    file: Path,
    command: str,
    forms: Path,
    office: Path,
    tmp_path: Path,
    nianbao: Callable[..., Outcome],
) -> None:
    slip = slip_of(file)
    _, place = make(slip, forms)
    outcome = nianbao("--forms", forms, *arguments(command, office, tmp_path / "out"))
    said = outcome.out + outcome.err
    assert outcome.code == 1, said
    assert place in said
    assert "E-1" in said and slip.message in said
    assert "程序出错" not in said


def test_all_slips_of_a_form_are_said_at_once(forms: Path) -> None:
    own = [
        slip
        for slip in map(slip_of, SLIPS)
        if slip.file.startswith("2021/") and not slip.means_nothing
    ]
    wrong = {make(slip, forms)[0] for slip in own}
    with pytest.raises(Unreadable) as raised:
        Forms(forms).load(2021)
    heads = {file for file in wrong if file.name == files.HEAD}
    assert {finding.place.file for finding in raised.value.findings} >= heads
    shutil.copy(ROOT / "templates" / "2021" / files.HEAD, forms / "templates" / "2021")
    with pytest.raises(Unreadable) as raised:
        Forms(forms).load(2021)
    assert {finding.place.file for finding in raised.value.findings} == wrong - heads


@pytest.mark.parametrize("name", [files.HEAD, files.CHECKS])
def test_a_file_that_every_form_needs_is_missed(name: str, forms: Path) -> None:
    (forms / "templates" / "2021" / name).unlink()
    with pytest.raises(Unreadable, match=f"表式缺少 {name}"):
        Forms(forms).load(2021)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_is_valid_and_explains_itself(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["description"] and schema["title"]
    for node in objects(schema):
        assert "additionalProperties" in node or "allOf" in node
        for key, inner in node.get("properties", {}).items():
            described = inner if "$ref" not in inner else schema["$defs"][inner["$ref"][8:]]
            assert described.get("title") and described.get("description"), key


def objects(node: Any) -> list[dict[str, Any]]:
    """Return every part of a schema that says which keys there are."""
    if isinstance(node, list):
        return [found for each in node for found in objects(each)]
    if not isinstance(node, dict):
        return []
    below = [found for key, each in node.items() if key != "if" for found in objects(each)]
    return [node, *below] if isinstance(node.get("properties"), dict) else below


def described_files() -> list[tuple[Path, str]]:
    templates = ROOT / "templates"
    shared = {**files.SHARED, **files.INHERITED}
    found = [(templates / name, schema) for name, schema in shared.items()]
    for form in Forms().first_years:
        folder = templates / str(form)
        named = {**files.NEEDED, **files.OPTIONAL}
        found += [(folder / name, schema) for name, schema in named.items()]
        found += [(file, "tables") for file in (folder / "tables").glob("*.yaml")]
    return found


@pytest.mark.parametrize(
    ("file", "schema"),
    [pytest.param(f, s, id=f.relative_to(ROOT).as_posix()) for f, s in described_files()],
)
def test_the_quick_judge_agrees_with_the_thorough_one(file: Path, schema: str) -> None:
    data = read(file).data
    shape = Shape(SCHEMAS[schema])
    assert shape._accepts(data)
    for spoilt in spoilings(data):
        assert Draft202012Validator(SCHEMAS[schema]).is_valid(spoilt) == shape._accepts(spoilt)


def spoilings(data: Any) -> list[Any]:
    """Return copies of data, each with one key of the first level or entry missing or wrong."""
    entries = range(min(3, len(data))) if isinstance(data, list) else data
    spoilt = []
    for key in entries:
        for inner in data[key] if isinstance(data, list) else [None]:
            for value in (None, [], {"字": 1}, True, "字"):
                spoilt.append(changed(data, key, inner, value))
            spoilt.append(changed(data, key, inner, ..., f"{inner}x"))
    return spoilt


def changed(data: Any, key: Any, inner: Any, value: Any, other: str = "") -> Any:
    copy = json.loads(json.dumps(data, default=float))
    node, last = (copy, key) if inner is None else (copy[key], inner)
    if value is ...:
        node[other] = node.pop(last)
    else:
        node[last] = value
    return copy


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("{{ 期限 }}修改", "{{ 日期 }}修改", "「日期」不是这里可用的词"),
        ("{% if 引文 %}", "{% if 引文 }", "写法不对"),
        ("{{ 处数 }}处没有填写", "{{ 处数.件 }}处没有填写", "用词的写法不对"),
        ("以下{{ 处数 }}", "以下{{ 年度 }}", "「年度」不是这里可用的词"),
        ("{{ 问题 }}", "{{ 问题 | 千分 }}", "写法不对"),
    ],
)
def test_a_word_that_a_letter_has_not_is_named(
    old: str, new: str, message: str, forms: Path
) -> None:
    file, _ = make(Slip("letters/return.yaml", old, new, message), forms)
    with pytest.raises(Unreadable) as raised:
        letter_words(Forms(forms).shared, "return")
    (finding,) = raised.value.findings
    line = file.read_text("utf-8").splitlines()[finding.position.line - 1]
    assert (finding.code, finding.place.file) == ("E-1", file) and message in finding.message
    assert line.startswith(f"{finding.place.path[0]}:")

"""Reading YAML: what was typed stays as typed, and everything knows its place."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml.loader import SafeLoader

from generator.reading import source
from generator.values.diagnostics import Place
from support import EXAMPLES, ROOT

FILES = sorted([*EXAMPLES.rglob("*/*.yaml"), *(ROOT / "templates").rglob("*.yaml")])
HERE = Path("2024.yaml")


def parsed(text: str) -> source.Source:
    return source.parse(text.encode(), HERE)


def fault(content: str | bytes) -> tuple[str, int, int]:
    with pytest.raises(source.Unreadable) as raised:
        source.parse(content.encode() if isinstance(content, str) else content, HERE)
    finding = raised.value.findings[0]
    assert finding.message and finding.hint
    return finding.code, finding.position.line, finding.position.column


def test_only_plain_numbers_are_numbers() -> None:
    typed = "a: 12\nb: -8\nc: 72701.2500\nd: '12'\ne: 1_200\nf: 0x1F\ng: 1e3\nh: 2024-01-01\ni: 012"
    assert parsed(typed).data == {
        "a": 12,
        "b": -8,
        "c": Decimal("72701.2500"),
        "d": "12",
        "e": "1_200",
        "f": "0x1F",
        "g": "1e3",
        "h": "2024-01-01",
        "i": "012",
    }
    assert str(parsed(typed).data["c"]) == "72701.2500"


def test_a_byte_order_mark_and_crlf_are_accepted() -> None:
    content = "\ufeffa: |\r\n  甲\r\n  乙\r\nb: 1\r\n".encode()
    assert source.parse(content, HERE).data == {"a": "甲\n乙\n", "b": 1}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("甲: 1\n行政：5\n乙: 2\n", ("F-3", 2, 3)),
        ("甲:\n\t乙: 1\n", ("F-3", 2, 1)),
        ("甲:1\n乙: 2\n", ("F-3", 1, 2)),
        ("甲: '乙\n", ("F-3", 1, 4)),
        ("甲: &a [1]\n乙: *a\n", ("F-4", 1, 4)),
        ("甲: !!python/name:os.system 1\n", ("F-4", 1, 4)),
        ("[" * 5000, ("F-4", 1, 42)),
        ("---\n甲: 1\n---\n乙: 1\n", ("F-4", 3, 1)),
        ("甲: 乙\x07丙\n", ("F-5", 1, 5)),
        ("甲: 乙\x85\u2028丙\x07\n", ("F-5", 3, 2)),
        ('甲: "\\x07"\n', ("F-5", 1, 4)),
        ("甲: 乙\n丙: 丁\n".encode("gb18030"), ("F-2", 1, 1)),
        ("甲: 乙\n".encode("utf-16"), ("F-2", 1, 1)),
        (b"a: 1\nb: \xff\xff\n", ("F-2", 2, 1)),
        ("x" * (source.LARGEST_FILE + 1), ("F-4", 1, 1)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_a_fault_has_a_place(content: str | bytes, expected: tuple[str, int, int]) -> None:
    assert fault(content) == expected


def test_of_two_equal_keys_the_first_counts_and_the_second_is_reported() -> None:
    read = parsed("甲: 1\n乙: 2\n甲: {丙: 3}\n")
    assert read.data == {"甲": 1, "乙": 2}
    (finding,) = read.findings
    assert (finding.code, finding.position.line) == ("F-6", 3)
    assert "第 1 行" in finding.message


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_scalar_is_where_its_place_says(file: Path) -> None:
    read = source.read(file)
    for path, value in read.walk():
        if not isinstance(value, int | Decimal | str) or isinstance(value, bool):
            continue
        at = read.locate(Place(file, path))
        line = read.lines[at.line - 1]
        style = line[at.column - 1 : at.column] if isinstance(value, str) else ""
        if style == ">":
            continue  # its lines are joined: only where it begins is known
        if style == "|":
            first = read.locate(Place(file, path, offset=0))
            assert read.lines[first.line - 1][first.column - 1] == value[0]
        else:
            assert str(value) in line[at.column - 1 :]


@given(
    st.lists(st.text("汉字。，0123 abc", min_size=1).filter(str.strip), min_size=1, max_size=5),
    st.integers(1, 4),
    st.data(),
)
def test_every_character_of_a_block_is_where_its_place_says(
    lines: list[str], indent: int, data: st.DataObject
) -> None:
    lines = [line.strip() for line in lines]
    text = "甲:\n  乙: |\n" + "".join(" " * (2 + indent) + line + "\n" for line in lines)
    read = parsed(text)
    value = read.data["甲"]["乙"]
    offset = data.draw(st.sampled_from([i for i, c in enumerate(value) if c != "\n"]))
    at = read.locate(Place(HERE, ("甲", "乙"), offset=offset))
    assert read.lines[at.line - 1][at.column - 1] == value[offset]


@given(st.text("汉字 ab", min_size=1).filter(lambda t: t == t.strip()), st.data())
def test_every_character_of_a_quoted_line_is_where_its_place_says(
    value: str, data: st.DataObject
) -> None:
    quote = data.draw(st.sampled_from(["", "'", '"']))
    read = parsed(f"甲: {quote}{value}{quote}\n")
    offset = data.draw(st.integers(0, len(value) - 1))
    at = read.locate(Place(HERE, ("甲",), offset=offset))
    assert read.lines[0][at.column - 1] == value[offset]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_without_libyaml_the_same_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = source.read(file)
    monkeypatch.setattr(source, "Loader", SafeLoader)
    slow = source.read(file)
    assert (fast.data, fast.values, fast.keys) == (slow.data, slow.values, slow.keys)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        source.parse(content, HERE)
    except source.Unreadable as error:
        assert error.findings

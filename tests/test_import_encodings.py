"""What a page says of its encoding is not trusted, and what is no file is not read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.old_report.blocks import Refused
from generator.old_report.importing import Wishes, import_report
from import_cases import FOLDER
from support import Outcome

PAGE = (FOLDER / "page_furniture" / "input.html").read_text("utf-8")
NAMES = [
    "undefined",
    "utf-7",
    "idna",
    "punycode",
    "rot13",
    "base64",
    "hex",
    "zlib",
    "bz2",
    "unicode_escape",
    "raw_unicode_escape",
    "mbcs",
    "oem",
    "cp65001",
    "utf-16",
    "utf-32",
    "utf-8-sig",
    "ascii",
    "iso-8859-1",
    "string-escape",
    "charmap",
    "palmos",
    "nonsense",
    "-",
    "__",
    "big5",
    "euc-jp",
    "hz",
    "koi8-r",
    "utf8mb4",
]


def page(name: str, encoding: str) -> bytes:
    text = PAGE.replace('charset="utf-8"', f'charset="{name}"', 1)
    assert f'<meta charset="{name}">' in text
    return text.encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_may_call_its_encoding_anything(
    name: str, encoding: str, tmp_path: Path, forms: Forms
) -> None:
    file = tmp_path / "page.html"
    file.write_text(PAGE, "utf-8")
    wanted = import_report(file, forms, Wishes()).text
    file.write_bytes(page(name, encoding))
    assert import_report(file, forms, Wishes()).text == wanted


def test_a_name_of_no_characters(tmp_path: Path, forms: Forms) -> None:
    file = tmp_path / "page.html"
    for name in (b"\xff\xfe", b"", b"'", b"\x00", b"utf-8;" * 1000):
        content = page("CHARSET", "utf-8").replace(b"CHARSET", name)
        file.write_bytes(content)
        try:
            assert import_report(file, forms, Wishes()).text
        except Refused as refused:
            assert str(refused) and name in (b"\x00", b"\xff\xfe")


def large(file: Path) -> None:
    with file.open("wb") as opened:
        opened.truncate(8 << 30)


def endless(file: Path) -> None:
    file.symlink_to("/dev/zero")


def loop(file: Path) -> None:
    file.symlink_to(file)


TRAPS: list[tuple[Callable[[Path], None], str]] = [
    (os.mkfifo, "这不是一个普通文件"),
    (endless, "这不是一个普通文件"),
    (large, "文件超过 50 MB"),
    (loop, "指向它自己"),
]


@pytest.mark.parametrize(("trap", "said"), TRAPS)
def test_what_is_no_file_is_not_read(
    trap: Callable[[Path], None], said: str, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    old = tmp_path / "old.docx"
    trap(old)
    outcome = nianbao("import", old)
    assert outcome.code in (1, 2)
    assert said in outcome.err or (said == "指向它自己" and "没有这个路径" in outcome.err)

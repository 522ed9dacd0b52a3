"""Spreadsheets that were made to do harm, or are none: refused before they cost anything."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from generator.system.spreadsheets import NotReadable, address, read_book
from support import HANGS, Outcome

_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body>'
    '<office:spreadsheet><table:table table:name="a">'
    '<table:table-row table:number-rows-repeated="1000000">'
    '<table:table-cell table:number-columns-repeated="16000"><text:p>x</text:p></table:table-cell>'
    "</table:table-row></table:table></office:spreadsheet></office:body>"
    "</office:document-content>"
)


def archive(**parts: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def with_a_cell_far_away() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write(0, 0, 1)
        page.write(1_048_575, 16_383, 2)
    return out.getvalue()


HARMFUL: dict[str, Callable[[], bytes]] = {
    "a cell far away": with_a_cell_far_away,
    "cells that repeat": lambda: archive(
        mimetype="application/vnd.oasis.opendocument.spreadsheet", content_xml=_ODS
    ),
    "a bomb": lambda: archive(xl__workbook_xml="<a/>", xl__b=b"0" * 80_000_000),
    "entities": lambda: archive(xl__workbook_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
    "cut off": lambda: with_a_cell_far_away()[:500],
    "an old file that is none": lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 2000,
}


@pytest.mark.parametrize("kind", HARMFUL)
def test_what_would_do_harm_is_refused_at_once(kind: str) -> None:
    content = HARMFUL[kind]()
    start = time.process_time()
    with pytest.raises(NotReadable):
        read_book(content)
    assert time.process_time() - start < HANGS


@pytest.mark.parametrize("kind", HARMFUL)
def test_the_commands_say_so(kind: str, tmp_path: Path, nianbao: Callable[..., Outcome]) -> None:
    file = tmp_path / "坏.xlsx"
    file.write_bytes(HARMFUL[kind]())
    done = nianbao("import", file, "-o", tmp_path / "out")
    assert done.code == 1 and "没有导入" in done.err
    assert not (tmp_path / "out").exists()


def test_a_cell_is_called_as_people_call_it() -> None:
    assert [address("表三", 6, column) for column in (0, 25, 26, 701, 702)] == [
        "表三!A7",
        "表三!Z7",
        "表三!AA7",
        "表三!ZZ7",
        "表三!AAA7",
    ]

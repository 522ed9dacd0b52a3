"""Files made to do harm, broken files, other kinds of files: a plain message, nothing written."""

from __future__ import annotations

import io
import random
import resource
import socket
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.old_report.blocks import Refused
from generator.old_report.imported import Wishes
from generator.old_report.importing import import_report
from import_cases import CASES, FOLDER, pack, place_input
from support import HANGS, Outcome, grows_no_faster

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ROOT = f'<w:document xmlns:w="{WORD}"><w:body>'
END = "</w:body></w:document>"
MEGABYTES = 700


def docx(body: str, head: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", head + ROOT + body + END)
    return buffer.getvalue()


def zip_bomb() -> bytes:
    """A main part of 400 MB in 400 KB."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        part.write(ROOT.encode())
        for _ in range(400):
            part.write(b" " * 1_000_000)
    return buffer.getvalue()


def lying_archive() -> bytes:
    """An archive that says its main part has ten bytes, and unpacks to far more."""
    content = docx("<w:p/>" * 200_000)
    size = struct.unpack_from("<I", content, 22)[0]
    return content.replace(struct.pack("<I", size), struct.pack("<I", 10))


def many_parts() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"word/{number}.xml", b"")
    return buffer.getvalue()


def odt() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", "<x/>")
    return buffer.getvalue()


LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY a '哈哈哈哈哈哈哈哈哈哈'>"
    + "".join(f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9))
    + "]>"
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
NETWORK = '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'
SPANS = f"<tr>{'<td rowspan=500 colspan=100>1</td>' * 200}</tr>" * 50

HOSTILE: dict[str, Callable[[], bytes]] = {
    "zip_bomb.docx": zip_bomb,
    "lying_archive.docx": lying_archive,
    "many_parts.docx": many_parts,
    "entities.docx": lambda: docx("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", LAUGHS),
    "external_entity.docx": lambda: docx("<w:p><w:r><w:t>&secret;</w:t></w:r></w:p>", OUTSIDE),
    "external_dtd.docx": lambda: docx("<w:p/>", NETWORK),
    "deep_nesting.docx": lambda: docx("<w:sdt>" * 200 + "</w:sdt>" * 200),
    "deeper_nesting.docx": lambda: docx("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000),
    "nested_tables.docx": lambda: docx(
        "<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80
    ),
    "many_paragraphs.docx": lambda: docx("<w:p/>" * 500_000),
    "wide_cells.docx": lambda: docx(
        "<w:tbl>"
        + (
            '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr><w:p/></w:tc>'
            "<w:tc><w:p/></w:tc></w:tr>"
        )
        * 5_000
        + "</w:tbl>"
    ),
    "cut_off.docx": lambda: docx("<w:p/>" * 2000)[:900],
    "not_xml.docx": lambda: docx("<w:p>"),
    "empty_archive.docx": lambda: b"PK\x05\x06" + bytes(18),
    "document.odt": odt,
    "old_word.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000),
    "report.pdf": lambda: b"%PDF-1.7\n" + bytes(5000),
    "scan.png": lambda: b"\x89PNG\r\n\x1a\n" + bytes(5000),
    "scan.jpg": lambda: b"\xff\xd8\xff\xe0" + bytes(5000),
    "report.rtf": lambda: b"{\\rtf1 report}",
    "empty.txt": lambda: b" \n",
    "binary.txt": lambda: bytes(range(256)) * 40,
    "fifty_megabytes.html": lambda: b"<html><body>" + b"<p>x</p>" * 6_250_000,
    "many_elements.html": lambda: b"<html><body>" + b"<b></b>" * 1_500_000,
    "deep_nesting.html": lambda: b"<html><body>" + b"<div>" * 200_000,
    "deep_tables.html": lambda: b"<html><body>" + b"<table><tr><td>" * 50_000,
    "spans.html": lambda: f"<html><body><table>{SPANS}</table>".encode(),
    "entities.html": lambda: f"{LAUGHS}<html><body><p>&i;&i;</p>".encode(),
    "many_lines.txt": lambda: b"\n" * 2_000_000,
    "one_long_line.txt": lambda: b"a " * 5_000_000,
    "wide_drawing.txt": lambda: ("+" + "-+" * 900 + "\n" + "|" * 1801 + "\n").encode() * 900,
    "many_brackets.txt": lambda: ("（一）" * 200_000).encode(),
    "many_digits.txt": lambda: ("行政许可\t" + "9" * 100_000 + "\n").encode() * 20,
}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every attempt to connect fail the test."""

    def refuse(*_arguments: object) -> None:
        raise AssertionError("the importer tried to reach the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_plainly(
    name: str, tmp_path: Path, no_network: None, nianbao: Callable[..., Outcome]
) -> None:
    file = tmp_path / name
    file.write_bytes(HOSTILE[name]())
    out = tmp_path / "out"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    outcome = nianbao("import", file, "-o", out)
    assert time.process_time() - start < HANGS
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < MEGABYTES * 1024
    assert outcome.code == 1, outcome.err
    assert outcome.out == ""
    assert "没有导入" in outcome.err and "改法：" in outcome.err
    assert "Traceback" not in outcome.err and "程序出错" not in outcome.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("old_word.doc", "另存为」DOCX"),
        ("report.pdf", "另存为」DOCX"),
        ("scan.png", "DOCX"),
        ("document.odt", "另存为」DOCX"),
    ],
)
def test_other_kinds_are_told_the_way_out(
    name: str, way_out: str, tmp_path: Path, nianbao: Callable[..., Outcome]
) -> None:
    file = tmp_path / name
    file.write_bytes(HOSTILE[name]())
    assert way_out in nianbao("import", file, "-o", tmp_path / "out").err


def test_a_secret_outside_is_not_read(tmp_path: Path, nianbao: Callable[..., Outcome]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("机密内容", "utf-8")
    entity = f'<!DOCTYPE x [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>'
    file = tmp_path / "old.docx"
    file.write_bytes(docx("<w:p><w:r><w:t>&secret;</w:t></w:r></w:p>", entity))
    outcome = nianbao("import", file, "-o", tmp_path / "out")
    assert outcome.code == 1
    assert "机密内容" not in outcome.err + outcome.out


def test_a_sound_report_that_declares_entities_is_refused(tmp_path: Path, forms: Forms) -> None:
    source = (FOLDER / "merged_cells_docx" / "input.docx" / "word" / "document.xml").read_text()
    declaration, _, rest = source.partition("?>")
    file = tmp_path / "old.docx"
    pack(file, {"word/document.xml": f"{declaration}?>{OUTSIDE}{rest}".encode()})
    with pytest.raises(Refused, match="外来的定义"):
        import_report(file, forms, Wishes())


# Fuzzing: an error or a file, never a traceback

ROUNDS = 60
DOCX_CASES = [case for case in CASES if (FOLDER / case / "input.docx").is_dir()]
PAGE_CASES = [case for case in CASES if (FOLDER / case / "input.html").is_file()]


def mutated(content: bytes, source: random.Random) -> bytes:
    """Return ``content`` with a few bytes changed, cut out, doubled or moved."""
    data = bytearray(content)
    for _ in range(source.randint(1, 12)):
        at = source.randrange(max(1, len(data)))
        length = source.randint(1, 200)
        kind = source.randrange(5)
        if kind == 0:
            data[at : at + 1] = bytes([source.randrange(256)])
        elif kind == 1:
            del data[at : at + length]
        elif kind == 2:
            data[at:at] = data[at : at + length]
        elif kind == 3:
            other = source.randrange(max(1, len(data)))
            data[at:at] = data[other : other + length]
        else:
            words = (b"<td>", b"</tr>", b"<table>", b"</table>", b"rowspan=9", b"&#0;", b"<w:p/>")
            data[at:at] = source.choice(words)
    return bytes(data)


def readable(content: bytes) -> bytes:
    """Leave out what is no UTF-8: it would be refused before anything else is tried."""
    return content.decode("utf-8", "ignore").encode()


def outcome_of(file: Path, forms: Forms) -> str:
    try:
        return import_report(file, forms, Wishes(year=2023)).text
    except Refused as refused:
        return str(refused)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_pages(seed: int, tmp_path: Path, forms: Forms) -> None:
    source = random.Random(seed)
    for number in range(ROUNDS):
        content = (FOLDER / source.choice(PAGE_CASES) / "input.html").read_bytes()
        file = tmp_path / f"{number}.html"
        file.write_bytes(readable(mutated(content, source)))
        assert outcome_of(file, forms)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_documents(seed: int, tmp_path: Path, forms: Forms) -> None:
    """Half of the mutations hit the archive, half the XML in it."""
    source = random.Random(seed)
    for number in range(ROUNDS):
        file = place_input(source.choice(DOCX_CASES), tmp_path)
        if number % 2:
            file.write_bytes(mutated(file.read_bytes(), source))
        else:
            with zipfile.ZipFile(file) as archive:
                parts = {n: archive.read(n) for n in archive.namelist() if n.startswith("word/")}
            pack(file, {name: mutated(content, source) for name, content in parts.items()})
        assert outcome_of(file, forms)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_texts(seed: int, tmp_path: Path, forms: Forms) -> None:
    source = random.Random(seed)
    texts = [case for case in CASES if (FOLDER / case / "input.txt").is_file()]
    for number in range(ROUNDS):
        content = (FOLDER / source.choice(texts) / "input.txt").read_bytes()
        lines = content.split(b"\n")
        for _ in range(source.randint(1, 10)):
            at = source.randrange(len(lines))
            lines[at : at + 1] = source.choice(
                [[], [lines[at]] * 2, [readable(mutated(lines[at], source))]]
            )
        file = tmp_path / f"{number}.txt"
        file.write_bytes(b"\n".join(lines))
        assert outcome_of(file, forms)


def test_a_broken_stream_in_a_sound_archive(tmp_path: Path, forms: Forms) -> None:
    file = place_input(DOCX_CASES[0], tmp_path)
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        entry = archive.getinfo("word/document.xml")
    start = entry.header_offset + 30 + len(entry.filename)
    content[start + 50 : start + 90] = bytes(40)
    file.write_bytes(bytes(content))
    with pytest.raises(Refused):
        import_report(file, forms, Wishes())
    assert zlib.crc32(bytes(content))


LONG = {
    "a rule": ("||", "-"),
    "tabs": ("", "\t\n"),
    "pipes": ("", "|\n"),
    "crosses": ("", "+\n"),
    "pages": ("", "1\f"),
    "cells": ("", "1\n"),
    "spaces": ("x", " "),
    "tables": ("", "<table><tr><td>"),
}


@pytest.mark.parametrize("name", LONG)
def test_a_long_text_takes_no_more_than_its_length(name: str, tmp_path: Path, forms: Forms) -> None:
    """A hundred thousand characters of anything are read or refused at once."""
    first, unit = LONG[name]

    def refused(length: int) -> None:
        file = tmp_path / "long.txt"
        file.write_text(first + unit * (length // len(unit)) + "x", "utf-8")
        with pytest.raises(Refused):
            import_report(file, forms, Wishes())

    grows_no_faster(refused)

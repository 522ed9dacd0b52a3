"""What an old file is, by its content and not its name, and its text where it is one.

Whatever is not a report in DOCX, HTML, PDF or plain text is refused with the way out.
"""

from __future__ import annotations

import re
from pathlib import Path

from charset_normalizer import from_bytes

from generator.old_report.blocks import Blocks, Kind, Refused
from generator.old_report.damaged import count_lost, mended, with_lost
from generator.reading import disk
from generator.system import spreadsheets
from generator.system.extras import MissingExtra, install_line

LARGEST_TEXT = 12_000_000
"""Bytes of a page or a text. A published report has some 30 KB, with pictures inlined a few MB."""
LARGEST_ARCHIVE = 50_000_000
"""Bytes of a DOCX: photographs and scans count, though they are not read."""
SUFFIXES = (".docx", ".html", ".htm", ".txt", ".md", ".pdf", *spreadsheets.SUFFIXES)
"""What a folder is searched for; a file named by the user may be called anything."""

_SAVE_AS = "用 Word 或 WPS 打开，「另存为」DOCX（*.docx）后再导入"
_NOT_TEXT = "找到当时的 Word 原文（DOCX）或网页（HTML）；只有扫描件的，请把文字录入后另存为 DOCX"
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (
        b"\xd0\xcf\x11\xe0",
        "这是旧格式的 Word、WPS 文件（.doc、.wps），或者是加了密码的文件",
        _SAVE_AS,
    ),
    (b"{\\rtf", "这是 RTF 文件", _SAVE_AS),
    (b"\x89PNG", "这是图片", _NOT_TEXT),
    (b"\xff\xd8\xff", "这是图片", _NOT_TEXT),
    (b"GIF8", "这是图片", _NOT_TEXT),
    (b"BM", "这是图片", _NOT_TEXT),
    (b"II*\x00", "这是图片", _NOT_TEXT),
    (b"MM\x00*", "这是图片", _NOT_TEXT),
    (b"Rar!", "这是压缩包", "解开压缩包，导入里面的 DOCX"),
    (b"7z\xbc\xaf", "这是压缩包", "解开压缩包，导入里面的 DOCX"),
    (b"MIME-Version:", "这是 MHT 网页", "用浏览器打开，「另存为」网页（HTML）后再导入"),
)
_MARKUP = re.compile(
    rb"<!doctype\s+html|<(?:html|head|body|table|div|meta|p|span|h[1-6])[\s>/]", re.I
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w-]{2,30})", re.I)
_CHINESE = ("gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936")
_HAN = re.compile("[\u4e00-\u9fff]{2}")
"""What any report holds. Encodings of one byte a character take all bytes, and make none of it."""


def content_of(file: Path) -> bytes:
    """Read a file, within its bounds.

    Raises:
        Refused: it cannot be opened, is empty or too large.
    """
    try:
        content = disk.content_of(file, LARGEST_ARCHIVE)
    except disk.TooLarge as error:
        raise Refused(_too_large(LARGEST_ARCHIVE), "删去图片和附件，另存后再导入") from error
    except disk.NotRegular as error:
        raise Refused("这不是一个普通文件", "请检查是否拿错了文件") from error
    except OSError as error:
        raise Refused(f"读不了这个文件：{disk.reason(error)}", "请检查路径和读取权限") from error
    if not content.strip():
        raise Refused("文件是空的", "请检查是否拿错了文件")
    return content


def is_archive(content: bytes) -> bool:
    """Whether the content is a ZIP archive, as DOCX is."""
    return content[:4] in (b"PK\x03\x04", b"PK\x05\x06")


_OLE = b"\xd0\xcf\x11\xe0"
"""How old files of Office begin, .doc and .xls alike."""


def book_of(content: bytes) -> spreadsheets.Book | None:
    """Return the workbook that the content is; ``None`` where it is something else.

    Raises:
        Refused: it is one that cannot be read, or what reads it is not installed.
    """
    is_old = content.startswith(_OLE)
    if not is_old and not spreadsheets.is_spreadsheet(content):
        return None
    try:
        return spreadsheets.read_book(content)
    except MissingExtra as error:
        raise Refused("读表格文件要另装 python-calamine", install_line("xlsx")) from error
    except spreadsheets.NotReadable as error:
        if is_old:
            return None
        raise Refused(
            str(error), "用 Excel、WPS 或 LibreOffice 打开，另存为 .xlsx 后再导入"
        ) from error


def is_pdf(content: bytes) -> bool:
    """Whether the content is PDF; a few bytes may stand before its mark."""
    return b"%PDF-" in content[:1024]


def is_page(content: bytes, file: Path) -> bool:
    """Whether the content is HTML."""
    head = content[:20_000]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = head.replace(b"\0", b"")
    return bool(_MARKUP.search(head)) or file.suffix.lower() in (".html", ".htm")


def refuse_other_kinds(content: bytes) -> None:
    """Refuse what can be told apart by its first bytes, with the way out.

    Raises:
        Refused: an old Word file, an image, an archive of another kind.
    """
    for magic, what, way_out in _MAGIC:
        if content.startswith(magic):
            raise Refused(what, way_out)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        raise Refused("这是图片", _NOT_TEXT)


def text_of(content: bytes, blocks: Blocks) -> str:
    """Decode a page or a text; what encoding it is in is told only where it is not UTF-8.

    UTF-8 is tried first, since hardly anything else decodes as it, then what the page names, then
    GB18030, then what the bytes look like: pages often name the wrong encoding. A text that was
    misread before is mended; what it has lost is ``LOST``.

    Raises:
        Refused: too large, or no text.
    """
    if len(content) > LARGEST_TEXT:
        raise Refused(_too_large(LARGEST_TEXT), "只保存报告所在的网页，不要整站打包；或另存为 DOCX")
    named = _named(content)
    text, encoding = _decoded(content, named)
    text, how = mended(text)
    lost = count_lost(text)
    if how:
        whole = f"，有 {lost} 处丢了字节，还原不了" if lost else "，已全部还原"
        blocks.note(Kind.READING, f"{how}{whole}")
    elif lost:
        blocks.note(Kind.READING, f"文字在以前的转换中已经损坏，有 {lost} 处乱码")
    text = with_lost(text)
    if text.count("\0"):
        raise Refused("这不是文本、网页或 DOCX", _SAVE_AS)
    actual = encoding.removesuffix("-sig")
    if named and _canonical(named) != actual:
        message = f"网页声明的编码是 {named}，实际是 {actual.upper()}，按实际的读"
        blocks.note(Kind.READING, message)
    elif actual != "utf-8":
        blocks.note(Kind.READING, f"文件的编码是 {actual.upper()}，已转成 UTF-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _named(content: bytes) -> str:
    found = _CHARSET.search(content[:20_000])
    return found[1].decode("ascii").lower() if found else ""


def _canonical(name: str) -> str:
    return "gb18030" if name in _CHINESE else name.replace("utf8", "utf-8")


def _decoded(content: bytes, named: str) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig" if content[:3] == b"\xef\xbb\xbf" else "utf-8"]
        candidates += [_canonical(named)] if named else []
        candidates += ["gb18030"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except (UnicodeError, LookupError):
            continue
        is_sure = encoding.startswith("utf-") or encoding != named
        if "\0" not in text and (is_sure or _HAN.search(text)):
            return text, encoding
    guess = from_bytes(content[:200_000]).best()
    if guess is not None:
        try:
            return content.decode(guess.encoding), guess.encoding.replace("_", "-")
        except (UnicodeError, LookupError):
            pass
    raise Refused(
        "认不出文件的编码，或者这不是文本、网页或 DOCX", "用记事本打开，「另存为」时编码选 UTF-8"
    )


def _too_large(limit: int) -> str:
    return f"文件超过 {limit // 1_000_000} MB，不像是一份年度报告"

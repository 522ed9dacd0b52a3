"""Markdown, as programs that read scans write it → the plain text or page that it stands for."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from generator.old_report.blocks import PICTURE

_TABLE_TAG = re.compile(r"<table\b|</table\s*>", re.IGNORECASE)
_OF_A_PAGE = re.compile(r"<(?:html|body|div|p|span)[\s>/]", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_FENCE = re.compile(r"^[ \t]*(?:```|~~~)\w*[ \t]*$", re.MULTILINE)
_SIGNS = re.compile(
    r"^[ \t]*(?:\|[ \t]*)?:?-{3,}:?[ \t]*\||\*\*[^*\n]+\*\*|^#{1,6}\s|^[ \t]*```", re.MULTILINE
)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,1000}?)(?<=\S)\1")
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)")
_BREAK = re.compile(r"(?<![ \t])[ \t]*<br\s*/?>[ \t]*", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~-])")


def has_tables_only(text: str) -> bool:
    """Whether a text holds tables as a page writes them, and nothing else of a page."""
    pieces = list(_pieces(text))
    return len(pieces) > 1 and not any(_OF_A_PAGE.search(around) for around, _ in pieces)


def as_page(text: str) -> str:
    """Return a text that holds a page's tables as a page, a line a paragraph."""
    made: list[str] = []
    for around, table in _pieces(text):
        made += [*map(_paragraph, plain_text(around).split("\n")), table]
    return "\n".join(made)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before each table, and the table; at the end what follows the last.

    Tag by tag, for a pattern of both looks through the whole rest behind every tag without its end.
    """
    behind = 0
    begins: int | None = None
    for tag in _TABLE_TAG.finditer(text):
        is_end = tag[0].startswith("</")
        if begins is not None and is_end:
            yield text[behind:begins], text[begins : tag.end()]
            behind, begins = tag.end(), None
        elif begins is None and not is_end:
            begins = tag.start()
    yield text[behind:], ""


def _paragraph(line: str) -> str:
    heading = _HEADING.match(line.strip())
    if heading:
        level = len(heading[1])
        return f"<h{level}>{html.escape(heading[2])}</h{level}>"
    return f"<p>{html.escape(line.strip())}</p>" if line.strip() else ""


def plain_text(text: str) -> str:
    """Take out the marks of Markdown, if a text has any: bold type, breaks, fences, escapes."""
    if not _SIGNS.search(text):
        return text
    text = _PICTURE.sub(PICTURE, _FENCE.sub("", text))
    lines = []
    for line in text.split("\n"):
        # Within a table's row a break parts no lines.
        line = _BREAK.sub("" if line.count("|") > 1 else "\n", line)
        line = _STRONG.sub(r"\2", _ESCAPED.sub(r"\1", line))
        lines.append(html.unescape(line) if "&" in line else line)
    return "\n".join(lines)

"""Markdown, as programs that read scans write it → the plain text or page that it stands for."""

from __future__ import annotations

import html
import re

from generator.old_report.blocks import PICTURE

_TABLE = re.compile(r"<table\b.*?</table\s*>", re.IGNORECASE | re.DOTALL)
_OF_A_PAGE = re.compile(r"<(?:html|body|div|p|span)[\s>/]", re.IGNORECASE)
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_FENCE = re.compile(r"^\s*(?:```|~~~)\w*\s*$", re.MULTILINE)
_SIGNS = re.compile(
    r"^\s*\|?(?:\s*:?-{3,}:?\s*\|)+|\*\*[^*\n]+\*\*|^#{1,6}\s|^\s*```", re.MULTILINE
)
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_PICTURE = re.compile(r"!\[[^\]\n]{0,200}\]\([^)\n]{0,2000}\)")
_BREAK = re.compile(r"[ \t]*<br\s*/?>[ \t]*", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!>~-])")


def has_tables_only(text: str) -> bool:
    """Whether a text holds tables as a page writes them, and nothing else of a page."""
    return bool(_TABLE.search(text)) and not _OF_A_PAGE.search(_TABLE.sub("", text))


def as_page(text: str) -> str:
    """Return a text that holds a page's tables as a page, a line a paragraph."""
    made: list[str] = []
    at = 0
    for table in _TABLE.finditer(text):
        made += [*map(_paragraph, plain_text(text[at : table.start()]).split("\n")), table[0]]
        at = table.end()
    made += map(_paragraph, plain_text(text[at:]).split("\n"))
    return "\n".join(made)


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

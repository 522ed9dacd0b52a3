"""Reads documents back, by ways of its own: DOCX through python-docx, TXT through its drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html

from generator.values.width import columns

Block = str | list[str]
"""A paragraph, or the cells of a table in reading order."""

_RULE = re.compile(r"\+(?:-+\+)+")


def docx_blocks(file: Path) -> list[Block]:
    """Return the paragraphs and tables of a DOCX file in order; a line break counts as nothing."""
    blocks: list[Block] = []
    for item in docx.Document(str(file)).iter_inner_content():
        if isinstance(item, Paragraph):
            blocks.append(item.text.replace("\n", ""))
        elif isinstance(item, Table):
            blocks.append(list(_docx_cells(item)))
    return blocks


def _docx_cells(table: Table) -> Iterator[str]:
    seen = set()
    for row in table.rows:
        for cell in row.cells:
            if cell._tc not in seen:
                seen.add(cell._tc)
                yield cell.text.replace("\n", "")


def text_blocks(text: str) -> list[Block]:
    """Return the paragraphs and tables of our plain text in order."""
    blocks: list[Block] = []
    for chunk in text.rstrip("\n").split("\n\n"):
        if chunk.startswith("+"):
            blocks.append(drawn_cells(chunk.split("\n")))
        else:
            blocks.append(chunk.strip("\u3000 "))
    return blocks


def drawn_cells(lines: list[str]) -> list[str]:
    """Return the texts of the regions that the borders of a drawn table enclose, top left first."""
    rows = [_spread(line) for line in lines]
    border = [_borders(line) for line in lines]
    region: dict[tuple[int, int], int] = {}
    texts: list[str] = []
    for top, row in enumerate(rows):
        for left in range(len(row)):
            if (top, left) in region or (top, left) in border[top]:
                continue
            if left in border[top]:
                continue
            inside = _fill(top, left, rows, border)
            for place in inside:
                region[place] = len(texts)
            texts.append(_read(inside, rows))
    return texts


def _spread(line: str) -> list[str]:
    """Give a wide character two places, so that places are columns."""
    return [place for c in line for place in ([c, ""] if columns(c) == 2 else [c])]


def _borders(line: str) -> set[int]:
    """Return the columns of a line that are border: rules between crosses, and upright strokes."""
    found = {len(_spread(line[: m.start()])) for m in re.finditer(r"\|", line)}
    for rule in _RULE.finditer(line):
        start = len(_spread(line[: rule.start()]))
        found.update(range(start, start + len(rule.group())))
    return found


def _fill(
    top: int, left: int, rows: list[list[str]], border: list[set[int]]
) -> set[tuple[int, int]]:
    inside: set[tuple[int, int]] = set()
    waiting = [(top, left)]
    while waiting:
        row, column = waiting.pop()
        if (row, column) in inside or column in border[row]:
            continue
        inside.add((row, column))
        waiting += [(row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)]
    return inside


def _read(inside: set[tuple[int, int]], rows: list[list[str]]) -> str:
    lines: dict[int, str] = {}
    for row, column in sorted(inside):
        lines[row] = lines.get(row, "") + rows[row][column]
    return "".join(line.strip() for line in lines.values())


def html_blocks(file: Path) -> list[Block]:
    """Return the headings, paragraphs and tables of our page or fragment in order."""
    blocks: list[Block] = []
    for element in html.document_fromstring(file.read_text(encoding="utf-8")).iter():
        if element.tag == "table":
            blocks.append([cell.text_content() for cell in element.iter("td", "th")])
        elif element.tag in ("p", "h1", "h2", "h3", "h4", "h5"):
            blocks.append(element.text_content())
    return blocks

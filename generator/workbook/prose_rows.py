"""Prose as rows of a sheet and back: a paragraph or a heading a row, with its level.

The inverse of each other: what ``rows_of`` makes of a text, ``text_of`` makes a text again that
prints the same. Numbering is no part of either; it is generated when the report is set.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from generator.values import keys

Row = tuple[int, str]
"""0 and a paragraph, or the depth of a heading, from 1, and its words."""


def rows_of(text: Any, depth: int = 1) -> Iterator[Row]:
    """Yield the rows of a text as an office file has it; empty lines print nothing."""
    if isinstance(text, dict):
        yield from _paragraphs(text.get(keys.SUMMARY))
        for item in text.get(keys.ITEMS) or ():
            yield depth, " ".join(str(item[keys.HEADING]).split("\n")).strip()
            yield from rows_of(item.get(keys.BODY), depth + 1)
    else:
        yield from _paragraphs(text)


def _paragraphs(text: Any) -> Iterator[Row]:
    for line in str(text if text is not None else "").split("\n"):
        if line.strip():
            yield 0, line.strip()


def text_of(rows: Sequence[Row], depth: int = 1) -> Any:
    """Return the text that rows stand for: lines, or a summary and items.

    A heading that skips a level stands at the next one below the heading before it.
    """
    first = next((i for i, (level, _) in enumerate(rows) if level), len(rows))
    paragraphs = "".join(f"{words}\n" for _, words in rows[:first])
    if first == len(rows):
        return paragraphs if paragraphs.strip() not in ("", keys.UNFILLED) else keys.UNFILLED
    text: dict[str, Any] = {keys.SUMMARY: paragraphs} if paragraphs else {}
    text[keys.ITEMS] = list(_items(rows[first:], depth))
    return text


def _items(rows: Sequence[Row], depth: int) -> Iterator[dict[str, Any]]:
    starts = [i for i, (level, _) in enumerate(rows) if level and (level <= depth or i == 0)]
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        body = text_of(rows[start + 1 : end], depth + 1)
        yield {keys.HEADING: rows[start][1], keys.BODY: body}

"""Lines that end where the page ends → paragraphs; page numbers between them are taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generator.old_report.blocks import Line
from generator.old_report.outline import number_of
from generator.values.width import columns

_NARROWEST, _WIDEST = 40, 130
"""Columns of a full line of a page. GB/T 9704 sets 28 characters, 56 columns."""
_RAGGED = 9
"""Columns that a full line may lack: an indent of two characters, and marks not to begin a line."""
_FEWEST = 6
_MOST_PAGES = 300
_SHARE = 0.6
_ENDS = tuple("。！？；：.!?;:")
_GAP = re.compile(r"(?<=[^\x00-\xff]) +|(?<=\S) +(?=[^\x00-\xff])")
_COLUMNS = re.compile(r"\S {3,}\S| \d+ \d+ |^\s*[|+]")
"""What only lines of a table have; those of a drawn one are all equally long."""
_PAGE_NUMBER = re.compile(r"[-—–－\s]*(\d{1,3})[-—–－\s]*")


def width_of_lines(lines: Sequence[str], *, in_pages: bool) -> int:
    """Return the columns of a full line where paragraphs are broken into lines, else 0.

    A page breaks its lines within sentences; lines of one length that each end one are paragraphs.
    A text with pages is broken even where few lines show it, all paragraphs being short.
    """
    measured = ((columns(_GAP.sub("", line)), line) for line in lines if not _COLUMNS.search(line))
    long = sorted((width, line) for width, line in measured if width >= _NARROWEST)
    if len(long) < (1 if in_pages else _FEWEST) or long[-1][0] > 4 * _WIDEST:
        return 0
    full = long[int(0.9 * len(long))][0]
    if in_pages:
        return full if full <= _WIDEST else 0
    even = sum(abs(full - width) <= _RAGGED and not line.endswith(_ENDS) for width, line in long)
    return full if full <= _WIDEST and even >= _SHARE * len(long) else 0


def paragraphs(lines: Sequence[Line], width: int) -> list[Line]:
    """Join the lines of paragraphs; ``width`` is that of a full line, 0 where none were broken."""
    if not width:
        return list(lines)
    made: list[list[Line]] = []
    margin = min((line.indent for line in lines), default=0)
    is_indented = any(line.indent >= margin + 2 for line in lines)
    for line in lines:
        if made and _goes_on(made[-1][-1].text, line, width, margin if is_indented else None):
            made[-1].append(line)
        else:
            made.append([line])
    return [
        replace(first, text=_GAP.sub("", "".join([first.text, *(line.text for line in more)])))
        for first, *more in made
    ]


def _goes_on(before: str, line: Line, width: int, margin: int | None) -> bool:
    """Whether a line goes on with the paragraph of the one before.

    ``margin`` is where lines begin, ``None`` where no first line of a paragraph is indented.
    """
    is_first = margin is not None and line.indent >= margin + 2
    is_short = columns(_GAP.sub("", before)) < width - _RAGGED
    if is_short and (margin is None or columns(_GAP.sub("", before)) < _SHARE * width):
        return False
    if not before.endswith(_ENDS):
        return not (is_short and is_first)
    return not (is_first or is_short or number_of(line.text)[0] >= 0) and (
        margin is not None or not before.endswith("。")
    )


def without_page_numbers(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """Empty the first or last line of pages where it counts them."""
    made = [list(page) for page in pages]
    if len(made) > _MOST_PAGES:
        return made
    for last in (False, True):
        places = [_edge(page, last) for page in made]
        numbers = [
            int(found[1]) if at >= 0 and (found := _PAGE_NUMBER.fullmatch(page[at])) else -1
            for page, at in zip(made, places, strict=True)
        ]
        counted = [number - index for index, number in enumerate(numbers) if number >= 0]
        if len(counted) < 2:
            continue
        usual = max(set(counted), key=counted.count)
        for index, (page, at) in enumerate(zip(made, places, strict=True)):
            if numbers[index] >= 0 and numbers[index] - index == usual and counted.count(usual) > 1:
                page[at] = ""
    return made


def _edge(page: Sequence[str], last: bool) -> int:
    """Return the place of the first or last line that is not empty, -1 for an empty page."""
    filled = [at for at, line in enumerate(page) if line.strip()]
    return filled[-1 if last else 0] if filled else -1

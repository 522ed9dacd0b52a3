"""Lines that end where the page ends → paragraphs; page numbers between them are taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from generator.old_report.blocks import Line, Wrapping
from generator.old_report.outline import number_of
from generator.values.width import columns

_BY_WIDTH = (columns, 40, 130, 9)
"""Least and most of a full line, and what one may lack: an indent of two characters, and marks not
to begin a line. GB/T 9704 sets 28 characters, 56 columns."""
_BY_LENGTH = (len, 20, 65, 1)
_FEWEST = 6
_MOST_PAGES = 300
_SHARE = 0.6
_LEAST_SHARE = 0.3
"""Share of the long lines that must be full ones; the others end a paragraph."""
_ENDS = tuple("。！？；：.!?;:")
_GAP = re.compile(r"(?<=[^\x00-\xff]) +|(?<=\S) +(?=[^\x00-\xff])")
_COLUMNS = re.compile(r"\S {3,}\S| \d+ \d+ |^\s*[|+]")
"""What only lines of a table have; those of a drawn one are all equally long."""
_PAGE_NUMBER = re.compile(r"[-—–－\s]*(\d{1,3})[-—–－\s]*")


def wrapping_of(lines: Sequence[str], *, in_pages: bool) -> Wrapping | None:
    """Return how paragraphs are broken into lines, ``None`` where they are not.

    A page breaks its lines within sentences; lines of one length that each end one are paragraphs.
    A text with pages is broken even where few lines show it, all paragraphs being short.
    """
    prose = [
        (_GAP.sub("", line), line.endswith(_ENDS)) for line in lines if not _COLUMNS.search(line)
    ]
    found = [
        (_broken(prose, each, narrowest), each)
        for measure, narrowest, widest, ragged in (_BY_WIDTH, _BY_LENGTH)
        if (each := _full(prose, Wrapping(widest, measure, ragged), narrowest))
    ]
    count, best = max(found, key=lambda each: each[0], default=(0, None))
    if count >= _FEWEST or best is None:
        return best
    return found[0][1] if in_pages else None


def _full(prose: Sequence[tuple[str, bool]], widest: Wrapping, narrowest: int) -> Wrapping | None:
    """Return the length of full lines, ``None`` where lines are shorter or longer than a page's."""
    sizes = sorted(size for line, _ in prose if (size := widest.measure(line)) >= narrowest)
    if not sizes or sizes[-1] > 4 * widest.full:
        return None
    full = sizes[int(0.9 * len(sizes))]
    return replace(widest, full=full) if full <= widest.full else None


def _broken(prose: Sequence[tuple[str, bool]], wrapping: Wrapping, narrowest: int) -> int:
    """Count the full lines that break a sentence, 0 where too many lines say otherwise."""
    long = [(size, ends) for line, ends in prose if (size := wrapping.measure(line)) >= narrowest]
    near = [ends for size, ends in long if abs(wrapping.full - size) <= wrapping.ragged]
    broken = near.count(False)
    return broken if broken >= _SHARE * len(near) and broken >= _LEAST_SHARE * len(long) else 0


def paragraphs(lines: Sequence[Line], wrapping: Wrapping | None) -> list[Line]:
    """Join the lines of paragraphs; ``wrapping`` is ``None`` where none were broken."""
    if wrapping is None:
        return list(lines)
    made: list[list[Line]] = []
    margin = min((line.indent for line in lines), default=0)
    is_indented = any(line.indent >= margin + 2 for line in lines)
    for line in lines:
        if made and _goes_on(made[-1][-1].text, line, wrapping, margin if is_indented else None):
            made[-1].append(line)
        else:
            made.append([line])
    return [
        replace(first, text=_GAP.sub("", "".join([first.text, *(line.text for line in more)])))
        for first, *more in made
    ]


def _goes_on(before: str, line: Line, wrapping: Wrapping, margin: int | None) -> bool:
    """Whether a line goes on with the paragraph of the one before.

    ``margin`` is where lines begin, ``None`` where no first line of a paragraph is indented.
    """
    is_first = margin is not None and line.indent >= margin + 2
    size = wrapping.measure(_GAP.sub("", before))
    is_short = size < wrapping.full - wrapping.ragged
    if is_short and (margin is None or size < _SHARE * wrapping.full):
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

"""A page of a PDF as PDFium gives it → the characters on it and the lines drawn on it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from ctypes import byref, c_double, c_float, c_int, c_uint
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from generator.old_report.ruled import THIN, Stroke
from generator.values.width import columns

_SAME_LINE = 0.4
"""Share of a character's size by which those of a line may stand higher or lower."""
_GAP = 0.45
"""Share of a character's size that parts two words; between 汉字 and digits there is 0.25."""
_WIDEST = 400
_PATH = 2
"""PDFium's FPDF_PAGEOBJ_PATH."""
_IMAGE = 3
"""PDFium's FPDF_PAGEOBJ_IMAGE."""
_WHITE = 250
"""Of 255 in red, green and blue: what is lighter is not seen on paper."""
_MOVE = 2
"""PDFium's FPDF_SEGMENT_MOVETO."""
_MOST_PATHS = 20_000
_MOST_POINTS = 200
"""Points of a path at most; one with more is a drawing."""
_OF_A_BOX = 5

_Point = tuple[float, float]
_Box = tuple[float, float, float, float]
"""Left, bottom, right and top in pt."""


@dataclass(frozen=True, slots=True)
class Character:
    """A character, where it stands and its size in pt; ``foot`` is its line above the page's."""

    text: str
    left: float
    right: float
    foot: float
    size: float

    @property
    def middle(self) -> _Point:
        """A place within the character."""
        return (self.left + self.right) / 2, self.foot + self.size / 3


@dataclass(frozen=True, slots=True)
class Page:
    """What is taken from a page: what it writes, the upright and the level lines on it.

    ``unseen`` counts the pieces of white text on white paper, which are not among what it writes.
    """

    characters: list[Character]
    upright: list[Stroke]
    level: list[Stroke]
    unseen: int = 0


def page_of(page: Any, text: Any) -> Page:
    """Return what is taken from a page of pypdfium2 and its text."""
    upright: list[Stroke] = []
    level: list[Stroke] = []
    for (x0, y0), (x1, y1) in _lines(page):
        if abs(x1 - x0) < THIN < abs(y1 - y0):
            upright.append(Stroke((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
        elif abs(y1 - y0) < THIN < abs(x1 - x0):
            level.append(Stroke((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    characters = list(_characters(text))
    has_white = any(is_white for _, is_white in characters)
    grounds = list(_grounds(page)) if has_white else []
    pieces = groupby(
        characters,
        lambda each: not each[1] or any(_lies_in(each[0].middle, box) for box in grounds),
    )
    seen: list[Character] = []
    unseen = 0
    for is_seen, piece in pieces:
        seen += [character for character, _ in piece if is_seen]
        unseen += not is_seen
    return Page(seen, upright, level, unseen)


def _characters(page: Any) -> Iterator[tuple[Character, bool]]:
    """Yield what a page writes, and whether white paper hides it.

    Boxes drawn tight around a comma say nothing: its origin counts.
    """
    from pypdfium2 import raw  # type: ignore[import-untyped]

    x, y, matrix, colour = c_double(), c_double(), raw.FS_MATRIX(), _Colour()
    for index in range(page.count_chars()):
        text = page.get_text_range(index, 1)
        if not text.strip() or not raw.FPDFText_GetCharOrigin(page, index, byref(x), byref(y)):
            continue
        raw.FPDFText_GetMatrix(page, index, byref(matrix))
        size = raw.FPDFText_GetFontSize(page, index) * math.hypot(matrix.c, matrix.d)
        right = page.get_charbox(index, loose=True)[2]
        if columns(text) > 1:
            right = max(right, x.value + size)
        if size > 0:
            known = raw.FPDFText_GetFillColor(page, index, *colour.places)
            yield Character(text, x.value, right, y.value, size), known and not colour.is_seen


class _Colour:
    """Where PDFium writes red, green, blue and alpha, each from 0 to 255."""

    def __init__(self) -> None:
        self._parts = [c_uint() for _ in range(4)]
        self.places = [byref(part) for part in self._parts]

    @property
    def is_seen(self) -> bool:
        """Whether it is seen on white paper."""
        red, green, blue, alpha = self._parts
        is_dark = red.value < _WHITE or green.value < _WHITE or blue.value < _WHITE
        return is_dark and alpha.value > 0


def _grounds(page: Any) -> Iterator[_Box]:
    """Yield what white text is seen on: pictures, and what is filled with a colour."""
    from pypdfium2 import raw

    filled, stroked, colour = c_int(), c_int(), _Colour()
    for count, each in enumerate(page.get_objects(filter=[_PATH, _IMAGE], max_depth=3)):
        if count > _MOST_PATHS:
            return
        if each.type == _PATH:
            raw.FPDFPath_GetDrawMode(each.raw, byref(filled), byref(stroked))
            raw.FPDFPageObj_GetFillColor(each.raw, *colour.places)
            if not (filled.value and colour.is_seen):
                continue
        yield each.get_bounds()


def _lies_in(place: _Point, box: _Box) -> bool:
    left, bottom, right, top = box
    return left <= place[0] <= right and bottom <= place[1] <= top


def _lines(page: Any) -> Iterator[tuple[_Point, _Point]]:
    """Yield the lines of a page: strokes, boxes as thin as one, the sides of other boxes."""
    for count, path in enumerate(page.get_objects(filter=[_PATH], max_depth=3)):
        if count > _MOST_PATHS:
            return
        left, bottom, right, top = path.get_bounds()
        if min(right - left, top - bottom) < THIN:
            yield (left, bottom), (right, top)
        else:
            yield from _sides(path)


def _sides(path: Any) -> Iterator[tuple[_Point, _Point]]:
    """Yield the sides of a path, unless it is a background: one box, filled and not drawn."""
    from pypdfium2 import raw

    count = raw.FPDFPath_CountSegments(path.raw)
    filled, stroked, matrix = c_int(), c_int(), raw.FS_MATRIX()
    raw.FPDFPath_GetDrawMode(path.raw, byref(filled), byref(stroked))
    if count > _MOST_POINTS or not (stroked.value or count > _OF_A_BOX):
        return
    raw.FPDFPageObj_GetMatrix(path.raw, byref(matrix))
    x, y = c_float(), c_float()
    parts: list[list[_Point]] = []
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path.raw, index)
        raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y))
        if raw.FPDFPathSegment_GetType(segment) == _MOVE or not parts:
            parts.append([])
        at = matrix.a * x.value + matrix.c * y.value, matrix.b * x.value + matrix.d * y.value
        parts[-1].append((at[0] + matrix.e, at[1] + matrix.f))
        if raw.FPDFPathSegment_GetClose(segment):
            parts[-1].append(parts[-1][0])
    for part in parts:
        yield from pairwise(part)


def by_line(characters: Sequence[Character]) -> list[list[Character]]:
    """Return characters by their lines from the top, and within a line from the left."""
    lines: list[list[Character]] = []
    for character in sorted(characters, key=lambda c: -c.foot):
        if lines and abs(lines[-1][0].foot - character.foot) < _SAME_LINE * character.size:
            lines[-1].append(character)
        else:
            lines.append([character])
    return [sorted(line, key=lambda c: c.left) for line in lines]


def written(line: Sequence[Character], margin: float = 0, unit: float = 0) -> str:
    """Write a line, a space between words; by columns from ``margin`` on where there is a unit."""
    text = ""
    before = float("-inf") if unit else line[0].left
    for character in line:
        if character.left - before > _GAP * character.size:
            column = min(_WIDEST, round((character.left - margin) / unit)) if unit else 0
            text += " " * max(column - len(text), 1 if text else 0)
        text += character.text
        before = character.right
    return text

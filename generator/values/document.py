"""The report between the halves of the program: what is to be set, and nothing of how it was found.

Writers see these values and nothing else. A :class:`Table` puts one report's figures into a grid.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from generator.values.grid import Grid


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading on its own line: ``level`` from 1, ``number`` as printed (「（一）」)."""

    level: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. ``lead`` is a run-in heading, number included, ``level`` its level."""

    text: str
    lead: str = ""
    level: int = 0
    kind: Literal["body", "office", "date"] = "body"


@dataclass(frozen=True, slots=True)
class Table:
    """A grid filled for one report: ``values`` are the printed figures in reading order."""

    grid: Grid
    values: tuple[str, ...]
    title: str
    description: str


Item = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, ready to be written. ``title`` holds one string a printed line."""

    title: tuple[str, ...]
    office: str
    year: int
    items: tuple[Item, ...]
    style: Style
    draft: str = ""
    """The mark to print on every page of a draft, empty for a report fit to publish."""


@dataclass(frozen=True, slots=True)
class Font:
    """A typeface for 汉字, one for other characters, and a size in pt."""

    east_asian: str
    latin: str
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Style:
    """The page as ``style.yaml`` describes it: lengths in mm, type sizes and pitch in pt."""

    page: tuple[float, float]
    margins: tuple[float, float, float, float]
    """Top, right, bottom, left."""
    lines: int
    characters: int
    pitch: float
    """Distance between base lines of body text."""
    tracking: float
    """Change of the distance between characters of body text, usually a little negative."""
    page_number: float
    """Distance of the page number's upper edge from the type area."""
    row_height: float
    """Least height of a table row, in pt."""
    cell_margin: tuple[float, float]
    """Distance of a cell's text from its borders above and below, left and right, in pt."""
    fonts: dict[str, Font] = field(hash=False)

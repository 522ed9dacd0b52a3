"""The report between the halves of the program: what is to be set, and nothing of how it was found.

Writers see these values and nothing else. A :class:`Table` puts one report's figures into a grid.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.values.diagnostics import KeyPath
from generator.values.grid import Grid

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an item was typed: the path of its text, and which paragraph of it, from 0.

    For whoever shows a report beside its file; writers do not look at it.
    """

    path: KeyPath = ()
    paragraph: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading on its own line: ``level`` from 1, ``number`` as printed (「（一）」)."""

    level: int
    number: str
    text: str
    origin: Origin = field(default=Origin(), compare=False)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph. ``lead`` is a run-in heading, number included, ``level`` its level.

    One that is ``flush`` begins at the edge, as the name of whom a letter is addressed to.
    """

    text: str
    lead: str = ""
    level: int = 0
    flush: bool = False
    origin: Origin = field(default=Origin(), compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """A grid filled for one report: ``values`` are the printed figures in reading order."""

    grid: Grid
    values: tuple[str, ...]
    title: str
    description: str


Item = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signs a report and when, both as printed; ``day`` is the date in ISO 8601.

    Each may be empty.
    """

    office: str = ""
    date: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report, ready to be written. ``title`` holds one string a printed line."""

    title: tuple[str, ...]
    office: str
    year: int
    items: tuple[Item, ...]
    style: Style
    sign_off: SignOff = SignOff()
    draft: str = ""
    """The mark to print on every page of a draft, empty for a report fit to publish."""
    site: tuple[tuple[str, str], ...] = ()
    """What the office says of its website; it is never printed."""


@dataclass(frozen=True, slots=True)
class Font:
    """A typeface for 汉字, one for other characters, and a size in pt."""

    east_asian: str
    latin: str
    size: float
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """A typeface by its name, and those that may stand for it where it is missing, best first.

    ``family`` (roman, swiss, modern, script, decorative, auto) and ``pitch`` (fixed, variable,
    default) are what Word goes by where it has none of them (ECMA-376-1, 17.8.3).
    """

    name: str
    substitutes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    """Names in files of typefaces: its own first, then those that may stand for it."""
    family: str = "auto"
    pitch: str = "default"


@dataclass(frozen=True, slots=True)
class SignOffStyle:
    """Where name and date stand, in lines and characters of body text (GB/T 9704—2012, 7.3.5.2).

    ``above`` is left free above them, ``right`` to the right of the longer one; the date begins
    ``behind`` the name's beginning.
    """

    above: float
    right: float
    behind: float


@dataclass(frozen=True, eq=False)
class Style:
    """The page as ``style.yaml`` describes it: lengths in mm, type sizes and pitch in pt.

    Indents count characters, white space above and below counts lines, both of body text, so that
    they follow its size and pitch. A style is one object for all reports of a form and is compared
    as such.
    """

    page: tuple[float, float]
    margins: tuple[float, float, float, float]
    """Top, right, bottom, left."""
    lines: int
    characters: int
    pitch: float
    """Distance between base lines of body text."""
    tracking: float
    """Change of the distance between characters of body text, usually a little negative."""
    indent: float
    """Indent of a paragraph's first line."""
    title_pitch: float
    """Distance between base lines of the title, in its own type size."""
    below_title: float
    above_table: float
    below_table: float
    sign_off: SignOffStyle
    page_number: float
    """Distance of the page number's upper edge from the type area."""
    page_number_indent: float
    """Distance of the page number from the outer edge, in its own characters."""
    table_pitch: float
    """Distance between base lines in a table's cells, in pt."""
    cell_margin: tuple[float, float]
    """Distance of a cell's text from its borders above and below, left and right, in pt."""
    label_indent: float
    """What is added to that left and right of a label that is not centred, in pt."""
    text_table: tuple[int, int]
    """Plain text: how wide a table is, and a column at least, in columns of half a 汉字."""
    label_words: tuple[str, ...]
    """Words of labels in tables, behind which a line may end."""
    faces: tuple[Face, ...]
    fonts: Mapping[str, Font]

    @property
    def room(self) -> float:
        """The width of the type area, in pt."""
        return (self.page[0] - self.margins[1] - self.margins[3]) * POINTS_PER_MM

    @property
    def levels(self) -> range:
        """The levels of headings, each with a typeface ``heading1`` and so on."""
        return range(1, 1 + sum(role.startswith("heading") for role in self.fonts))

"""Document → HTML: a page of its own, and the same content for a site's editor.

The markup is in ``page/``; everything that comes from a report is escaped by the template engine.
Every figure names the label cells that say what it is (``headers``), taken from its grid, so that a
screen reader reads them out with the figure, however the cells are merged (WCAG 2.1, H43).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from generator.setting.labels import pieces
from generator.values.document import Document, Face, Heading, Style, Table
from generator.values.grid import Cell, Grid

LANGUAGE = "zh-CN"
_PAGE = "page.html"
_FIGURE = "\0"
"""Marks the place of a figure; no text of a document can hold it."""


def write_html(document: Document) -> bytes:
    """Return ``document`` as a page of its own: no script, nothing loaded from elsewhere."""
    return _rendered(_PAGE, document)


def write_fragment(document: Document) -> bytes:
    """Return ``document`` for pasting into another page: no style, no class, no width."""
    return _rendered("fragment.html", document)


def _rendered(name: str, document: Document) -> bytes:
    signed = document.sign_off
    return (
        template(name)
        .render(
            language=LANGUAGE,
            line_break=Markup("<br>"),
            title=document.title,
            draft=document.draft,
            style=document.style,
            family=_families(document.style),
            office=document.office,
            site=dict(document.site),
            published_on=signed.day,
            blocks=list(_blocks(document, alone=name == _PAGE)),
            signature=[line for line in (signed.office, signed.date) if line],
        )
        .encode()
    )


@lru_cache(maxsize=8)
def template(name: str) -> Template:
    """Return one of the templates, read and compiled once."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(name)


_GENERIC = {"roman": "serif", "swiss": "sans-serif", "modern": "monospace", "script": "cursive"}
"""Families of typefaces as a style names them, and as CSS does."""


def _families(style: Style) -> Callable[[str], Markup]:
    """Return how a style sheet names the typefaces of a role, each with what may stand for it."""
    faces = {face.name: face for face in style.faces}

    def family(role: str) -> Markup:
        font = style.fonts[role]
        known = [faces.get(name, Face(name)) for name in (font.latin, font.east_asian)]
        names = [name for face in known for name in (face.name, *face.substitutes, *face.files)]
        generic = _GENERIC.get(known[-1].family, "serif")
        return Markup(",").join([*map(_quoted, dict.fromkeys(names)), generic])

    return family


def _quoted(name: str) -> Markup:
    bare = "".join(character for character in name if character not in '"\\<>\n')
    return Markup(f'"{bare}"')


@dataclass(frozen=True, slots=True)
class _Block:
    """A heading, a paragraph or a table as the templates want it."""

    kind: str
    text: str = ""
    level: int = 0
    """Of a heading: the title is the first, a part of the report the second."""
    lead: str = ""
    id: str = ""
    markup: str = ""
    align: str = ""
    size: float = 0
    row_height: float = 0
    columns: float = 0
    """Of a table: how many of its narrowest columns make its width."""


def _blocks(document: Document, *, alone: bool) -> Iterator[_Block]:
    """Yield the items; where they do not stand ``alone`` their ids differ from other years'."""
    tables = 0
    begin = "t" if alone else f"y{document.year}t"
    for item in document.items:
        if isinstance(item, Heading):
            yield _Block("heading", item.number + item.text, level=item.level + 1)
        elif isinstance(item, Table):
            tables += 1
            words = document.style.label_words if alone else None
            yield _table(item, f"{begin}{tables}", words)
        else:
            yield _Block("paragraph", item.text, lead=item.lead)


def _table(table: Table, name: str, words: tuple[str, ...] | None) -> _Block:
    grid = table.grid
    markup = _frame(grid, table.title, name, words) % table.values  # escapes them
    return _Block(
        "table",
        id=name,
        markup=markup,
        align=grid.align,
        size=grid.size,
        row_height=grid.row_height,
        columns=round(sum(grid.widths) / min(grid.widths), 2),
    )


@dataclass(frozen=True, slots=True)
class _Entry:
    """One cell as the template wants it."""

    tag: str
    text: str
    attributes: dict[str, str | int | None]


@lru_cache(maxsize=64)
def _frame(grid: Grid, title: str, name: str, words: tuple[str, ...] | None) -> Markup:
    """Return a table's markup with ``%s`` for each figure; ``name`` begins the ids of its cells.

    Labels may break behind ``words``; without them the markup has neither breaks nor widths.
    """
    rows = [
        [_entry(grid, i, cell, name, words or ()) for i, cell in grid.starting_in(r)]
        for r in range(len(grid.slots))
    ]
    total = sum(grid.widths)
    markup = template("table.html").render(
        id=name,
        title=title,
        widths=[round(100 * width / total, 2) for width in grid.widths] if words else (),
        head=rows[: grid.header],
        body=rows[grid.header :],
    )
    return Markup(markup.replace("%", "%%").replace(_FIGURE, "%s"))


def _entry(grid: Grid, index: int, cell: Cell, name: str, words: tuple[str, ...]) -> _Entry:
    spans: dict[str, str | int | None] = {
        "rowspan": cell.rows if cell.rows > 1 else None,
        "colspan": cell.columns if cell.columns > 1 else None,
    }
    if cell.path is not None:
        heads = grid.heads[cell.path]
        headers = " ".join(f"{name}-{head}" for head in (*heads.row, *heads.column))
        return _Entry("td", _FIGURE, {"headers": headers, **spans})
    text = Markup("<wbr>").join(pieces(cell.text, words)) if words else cell.text
    scope = _scope(grid, index, cell)
    if scope is None:
        return _Entry("td", text, spans)
    return _Entry("th", text, {"id": f"{name}-{index}", "scope": scope, **spans})


def _scope(grid: Grid, index: int, cell: Cell) -> str | None:
    """Say what a label is the head of: rows, columns, the rows below a band, or of nothing."""
    if index in grid.heads_of_rows:
        return "rowgroup" if cell.rows > 1 else "row"
    if index in grid.heads_of_columns:
        return "colgroup" if cell.columns > 1 else "col"
    return None

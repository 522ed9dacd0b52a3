"""Tables of a form as sites publish them: many renderings, and what goes wrong with them.

A rendering turns a grid and its figures into the text of a page or a plain text. A fault changes
the grid or what cells say and keeps the truth: what is read of it may be asked, never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random

from generator.form.form import Form
from generator.values.grid import Cell, FigurePath, Grid, Number
from generator.values.width import columns

Says = Callable[[FigurePath], str | None]
"""What a figure's cell says; ``None`` where the cell itself is missing."""
Rendering = Callable[[Grid, Says], str]

SENTENCE = "本机关认真贯彻落实有关政府信息公开的规定，扎实推进各项工作，取得了较好成效。"


def report(form: Form, year: int, table: Callable[[Grid], str], paragraph: str) -> str:
    """Return a report whose tables are rendered by ``table``."""
    lines = [f"演示县青石镇人民政府{year}年政府信息公开工作年度报告"]
    for number, section in zip("一二三四五六", form.sections, strict=True):
        lines += [f"{number}、{section.heading}", "" if section.table else SENTENCE]
        if section.table:
            lines.append(table(form.tables[section.table].grid))
    is_table = {table(form.tables[s.table].grid) for s in form.sections if s.table}
    return "\n".join(line if line in is_table else paragraph.format(line) for line in lines if line)


# Renderings


def _cells(grid: Grid, says: Says) -> list[list[tuple[str, Cell]]]:
    rows: list[list[tuple[str, Cell]]] = [[] for _ in grid.slots]
    for cell in grid.cells:
        text = says(cell.path) if cell.path else cell.text
        if text is not None:
            rows[cell.row].append((text, cell))
    return rows


def _texts(grid: Grid, says: Says) -> list[list[str]]:
    return [[text for text, _ in row] for row in _cells(grid, says)]


def _matrix(grid: Grid, says: Says, *, repeated: bool) -> list[list[str]]:
    rows = []
    for number, slots in enumerate(grid.slots):
        row = []
        for column, index in enumerate(slots):
            cell = grid.cells[index]
            text = (says(cell.path) if cell.path else cell.text) or ""
            is_first = (cell.row, cell.column) == (number, column)
            row.append(text if repeated or is_first else "")
        rows.append(row)
    return rows


def html(grid: Grid, says: Says) -> str:
    """Return a table of a page with its spans."""
    rows = (
        "".join(f'<td rowspan="{c.rows}" colspan="{c.columns}">{text}</td>' for text, c in row)
        for row in _cells(grid, says)
    )
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def html_repeated(grid: Grid, says: Says) -> str:
    """Return a table of a page in which merged cells are printed once in each of their slots."""
    rows = ("".join(f"<td>{t}</td>" for t in row) for row in _matrix(grid, says, repeated=True))
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


def pipes(grid: Grid, says: Says) -> str:
    """Return rows with a bar behind each cell, as some stores flatten pages."""
    return "\n".join(" | ".join(row) + " |" for row in _texts(grid, says))


def markdown(grid: Grid, says: Says) -> str:
    """Return a table of Markdown, merged cells in their first slot."""
    first, *rest = (f"| {' | '.join(row)} |" for row in _matrix(grid, says, repeated=False))
    return "\n".join((first, "|" + "---|" * len(grid.widths), *rest))


def tabs(grid: Grid, says: Says) -> str:
    """Return rows with tabs between cells, as browsers copy them."""
    return "\n".join("\t".join(row) for row in _texts(grid, says))


def spaces(grid: Grid, says: Says) -> str:
    """Return rows with a space between cells."""
    return "\n".join(" ".join(row) for row in _texts(grid, says))


def cell_a_line(grid: Grid, says: Says) -> str:
    """Return cells on lines of their own."""
    return "\n".join(text for row in _texts(grid, says) for text in row)


def layout(grid: Grid, says: Says) -> str:
    """Return rows whose cells stand in columns of the page."""
    widths = [0] * len(grid.widths)
    for cell in grid.cells:
        text = (says(cell.path) if cell.path else cell.text) or ""
        if cell.columns == 1:
            widths[cell.column] = max(widths[cell.column], min(columns(text), 34))
    lines = []
    for row in _cells(grid, says):
        line = ""
        for text, cell in row:
            at = sum(width + 4 for width in widths[: cell.column])
            line += " " * max(1 if line else 0, at - columns(line)) + text
        lines.append(line)
    return "\n\n".join(lines)


RENDERINGS: Mapping[str, tuple[Rendering, str, str]] = {
    "html": (html, "<p>{}</p>", ".html"),
    "html_repeated": (html_repeated, "<p>{}</p>", ".html"),
    "pipes": (pipes, "{}", ".txt"),
    "markdown": (markdown, "{}\n", ".md"),
    "tabs": (tabs, "{}", ".txt"),
    "spaces": (spaces, "{}", ".txt"),
    "cell_a_line": (cell_a_line, "{}", ".txt"),
    "layout": (layout, "{}", ".txt"),
}
"""By name: the table, a paragraph, the suffix of the file."""


# Faults


def _permuted(grid: Grid, rows: list[int], cols: list[int]) -> Grid:
    """Return a grid with rows and columns in another order; cells that break apart become more."""
    slots = [[grid.slots[r][c] for c in cols] for r in rows]
    made = [[-1] * len(cols) for _ in rows]
    cells: list[Cell] = []
    for r, row in enumerate(slots):
        for c, index in enumerate(row):
            if made[r][c] >= 0:
                continue
            wide = next((n for n in range(1, len(cols) - c) if row[c + n] != index), len(cols) - c)
            high = next(
                (n for n in range(1, len(rows) - r) if slots[r + n][c] != index), len(rows) - r
            )
            for rr in range(r, r + high):
                made[rr][c : c + wide] = [len(cells)] * wide
            cells.append(replace(grid.cells[index], row=r, column=c, rows=high, columns=wide))
    return replace(grid, cells=tuple(cells), slots=tuple(map(tuple, made)))


def _swaps(random: Random, places: list[int], count: int, longest: int) -> Iterator[list[int]]:
    for _ in range(200):
        order, length = list(range(count)), random.randint(1, longest)
        a, b = random.choice(places), random.choice(places)
        if length <= abs(a - b) and max(a, b) + length <= count:
            for step in range(length):
                order[a + step], order[b + step] = order[b + step], order[a + step]
            yield order


def columns_exchanged(grid: Grid, random: Random) -> Grid:
    """Exchange two columns, or two blocks of them, with their labels."""
    rows, places = list(range(len(grid.slots))), sorted({c.column for c in grid.cells if c.path})
    swaps = _swaps(random, places, len(grid.widths), 5)
    made = (_permuted(grid, rows, order) for order in swaps)
    return next((new for new in made if len(new.cells) == len(grid.cells)), grid)


def rows_exchanged(grid: Grid, random: Random) -> Grid:
    """Exchange two rows with their labels."""
    cols, places = list(range(len(grid.widths))), sorted({c.row for c in grid.cells if c.path})
    swaps = _swaps(random, places, len(grid.slots), 1)
    made = (_permuted(grid, order, cols) for order in swaps)
    return next((new for new in made if len(new.cells) == len(grid.cells)), grid)


def _with_label(grid: Grid, random: Random, text: str) -> Grid:
    labels = [index for index, cell in enumerate(grid.cells) if cell.path is None]
    gone = random.choice(labels)
    cells = (replace(c, text=text) if i == gone else c for i, c in enumerate(grid.cells))
    return replace(grid, cells=tuple(cells))


def label_lost(grid: Grid, random: Random) -> Grid:
    """Leave a label out."""
    return _with_label(grid, random, "")


def label_foreign(grid: Grid, random: Random) -> Grid:
    """Put a label there that no form has."""
    return _with_label(grid, random, random.choice(["受理数量", "本年数量", "社会团体", "备注"]))


FAULTS: Mapping[str, Callable[[Grid, Random], Grid]] = {
    "columns_exchanged": columns_exchanged,
    "rows_exchanged": rows_exchanged,
    "label_lost": label_lost,
    "label_foreign": label_foreign,
}


def cell_missing(figures: Mapping[FigurePath, Number], random: Random) -> Says:
    """Leave one figure's cell out."""
    gone = random.choice(list(figures))
    return lambda path: None if path == gone else str(figures[path])


def cell_doubled(between: str) -> Callable[[Mapping[FigurePath, Number], Random], Says]:
    """Print one figure's cell twice."""

    def fault(figures: Mapping[FigurePath, Number], random: Random) -> Says:
        twice = random.choice(list(figures))
        return lambda path: between.join([str(figures[path])] * (1 + (path == twice)))

    return fault


def zeros_blank(figures: Mapping[FigurePath, Number], _random: Random) -> Says:
    """Leave zeros blank."""
    return lambda path: str(figures[path]) if figures[path] else ""


def some_blank(figures: Mapping[FigurePath, Number], random: Random) -> Says:
    """Leave some figures blank, whatever they are."""
    blank = {path for path in figures if random.random() < 0.2}
    return lambda path: "" if path in blank else str(figures[path])

"""Pages as LibreOffice sets them: the same with whatever fonts, nothing alone, nothing broken.

The PDF has the same pages.

Every test has fonts of its own; what the machine has plays no part.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.setting.table_layout import Layout
from generator.setting.write_docx import write_docx
from generator.values.document import Document, Heading, Item, Paragraph, Table
from pages import FONT_SETS, Page, files_of, missing_programs, pages_in, pages_of
from support import ROOT, example_documents

COUNTS = ROOT / "tests" / "data" / "pages.txt"
"""How many pages every example has, with whatever fonts."""
EXAMPLES = {name.replace("/", "-"): found for name, found in example_documents().items()}
LINES, CHARACTERS = 22, 28
HALF = 0.498
"""What every page but the last is filled to at least: half, less the width of borders."""
FULL, SIX = "满页", "六位数"
EACH_FORM = ("baiyuan-2020", "songzhuang-2024")
"""An example of each form."""
WORD = re.compile(r"[A-Za-z0-9]+(?:[.,@/:_-]+[A-Za-z0-9]+)*%?")
"""What no line may end within: a number, a telephone number, an address."""


def with_six_digits(document: Document) -> Document:
    """Return a document each of whose figures is another number of six digits."""
    figures = map(str, count(100_000))
    items: list[Item] = [
        replace(item, values=tuple(next(figures) for _ in item.values))
        if isinstance(item, Table)
        else item
        for item in document.items
    ]
    return replace(document, items=tuple(items))


def full_pages(forms: Forms) -> Document:
    text = Paragraph("政" * CHARACTERS * LINES * 3)
    return Document(("标题",), "某机关", 2024, (text,), forms.load(2021).style)


@pytest.mark.parametrize("fonts", FONT_SETS)
def test_the_pages_are_the_same_with_any_fonts(
    forms: Forms, tmp_path: Path, request: pytest.FixtureRequest, fonts: str
) -> None:
    documents = examples_and_more(forms)
    pages = converted(documents, fonts, tmp_path)
    assert wrong(documents, pages) == []
    counted = "".join(f"{name} {len(pages[name])}\n" for name in sorted(EXAMPLES))
    if request.config.getoption("--update-golden"):
        COUNTS.write_text(counted, "utf-8")
    assert counted == COUNTS.read_text("utf-8")


def test_the_pages_of_the_pdf_are_those_of_the_docx(forms: Forms, tmp_path: Path) -> None:
    documents = examples_and_more(forms) | with_prose_of_every_length()
    pages = set_as_pdf(documents, tmp_path)
    assert wrong(documents, pages) == []
    counted = "".join(f"{name} {len(pages[name])}\n" for name in sorted(EXAMPLES))
    assert counted == COUNTS.read_text("utf-8")


def set_as_pdf(documents: dict[str, Document], folder: Path) -> dict[str, list[Page]]:
    typefaces = pytest.importorskip("generator.setting.typefaces", reason="PDF is an extra")
    write_pdf = pytest.importorskip("generator.setting.write_pdf", reason="PDF is an extra")
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext: not installed (make system-packages)")
    files = [file for name in ("Noto Serif CJK", "Noto Sans CJK") for file in files_of(name) or ()]
    if not files:
        pytest.skip("the fonts Noto CJK are not installed (make system-packages)")
    own = folder / "fonts"
    own.mkdir()
    for file in files:
        shutil.copy(file, own)
    pages = {}
    for name, document in documents.items():
        target = folder / f"{name}.pdf"
        target.write_bytes(write_pdf.write_pdf(document, typefaces.typefaces(own)))
        pages[name] = pages_in(target)
    return pages


def examples_and_more(forms: Forms) -> dict[str, Document]:
    """Return every example, one of each form with six digits everywhere, and full pages.

    A form's tables differ in their figures and in where they begin, which is tried line by line.
    """
    filled = {f"{name}-{SIX}": with_six_digits(EXAMPLES[name]) for name in EACH_FORM}
    return EXAMPLES | filled | {FULL: full_pages(forms)}


def wrong(documents: dict[str, Document], pages: dict[str, list[Page]]) -> list[str]:
    """Say what is wrong with pages, each with the name of its document."""
    found = []
    for name, document in documents.items():
        found += [f"{name}: {fault}" for fault in faults(document, pages[name])]
        if SIX in name:
            found += [f"{name}: {fault}" for fault in parted_tables(document, pages[name])]
            if name.removesuffix(f"-{SIX}") in EXAMPLES:
                usual = pages[name.removesuffix(f"-{SIX}")]
                found += [f"{name}: {len(pages[name])} pages"] * (len(usual) != len(pages[name]))
        if name == FULL:
            full = [[len(line) for line in squeezed(page)] for page in pages[name][1:3]]
            found += [f"{name}: {full}"] * (full != [[CHARACTERS] * LINES] * 2)
    return found


def test_no_page_is_left_half_white_wherever_the_prose_ends(tmp_path: Path) -> None:
    documents = with_prose_of_every_length()
    assert wrong(documents, converted(documents, "Noto Serif CJK", tmp_path)) == []


def with_prose_of_every_length() -> dict[str, Document]:
    """Return tables two and three of both forms below any number of lines."""
    return {
        f"{name}-{lines:02}-{SIX}": after_lines(with_six_digits(EXAMPLES[name]), lines)
        for name in EACH_FORM
        for lines in range(12, 12 + LINES)
    }


def after_lines(document: Document, lines: int) -> Document:
    """Return the first two tables of a document, after lines of prose."""
    first, second, *_ = (i for i, item in enumerate(document.items) if isinstance(item, Table))
    tables = document.items[first - 1 : second + 1]
    return replace(document, items=(*[Paragraph("政")] * lines, *tables))


def converted(documents: dict[str, Document], fonts: str, folder: Path) -> dict[str, list[Page]]:
    if missing := missing_programs():
        pytest.skip(f"{', '.join(missing)}: not installed (make system-packages)")
    if (files := files_of(fonts)) is None:
        pytest.skip(f"the fonts {fonts} are not installed (make system-packages)")
    written = {name: write_docx(document) for name, document in documents.items()}
    return pages_of(written, files, folder)


def faults(document: Document, pages: list[Page]) -> Iterator[str]:
    """Say what no page may have, whatever is printed on it."""
    for number, page in enumerate(pages, start=1):
        if page.number != f"—{number}—":
            yield f"page {number} has the number {page.number}"
        if page.filled < HALF and number < len(pages):
            yield f"page {number} is full to {page.filled:.1%} only"
    yield from lonely_headings(document, pages)
    yield from broken_words(document, pages)
    yield from lonely_signature(document, pages)
    if len(pages) > 1 and len(pages[-1].lines) < 2:
        yield f"the last page has one line: {pages[-1].lines}"


def squeezed(page: Page) -> list[str]:
    return ["".join(line.split()) for line in page.lines]


def lonely_headings(document: Document, pages: list[Page]) -> Iterator[str]:
    headings = {i.number + i.text for i in document.items if isinstance(i, Heading)}
    for number, page in enumerate(pages, start=1):
        *_, last = squeezed(page)
        if any(heading == last or heading.endswith(last[-6:]) for heading in headings):
            yield f"page {number} ends with the heading {last}"


def broken_words(document: Document, pages: list[Page]) -> Iterator[str]:
    printed = Counter(word for page in pages for line in page.lines for word in WORD.findall(line))
    meant = Counter(word for text in texts(document) for word in WORD.findall(text))
    if meant != printed:
        yield f"broken: {dict(meant - printed)}, in pieces: {dict(printed - meant)}"


def texts(document: Document) -> Iterator[str]:
    yield from document.title
    for item in document.items:
        if isinstance(item, Table):
            yield from (cell.text for cell in item.grid.cells)
            yield from item.values
        elif isinstance(item, Heading):
            yield item.number + item.text
        else:
            yield item.lead + item.text
    yield document.sign_off.office
    yield document.sign_off.date


def lonely_signature(document: Document, pages: list[Page]) -> Iterator[str]:
    signed = [text for text in (document.sign_off.office, document.sign_off.date) if text]
    last = document.items[-1]
    if not signed or not isinstance(last, Paragraph):
        return
    lines = squeezed(pages[-1])
    above, end = lines[: -len(signed)], lines[-len(signed) :]
    if end != signed:
        yield "the signature is not the end"
    elif not above or not last.text.endswith(above[-1][-6:]):
        yield "the signature stands alone"


def parted_tables(document: Document, pages: list[Page]) -> Iterator[str]:
    """Name the tables that part where they must not, and those parted from their headings."""
    shown = ["".join(squeezed(page)) for page in pages]
    heading = ""
    for item in document.items:
        if isinstance(item, Heading):
            heading = item.number + item.text
        elif isinstance(item, Table):
            parts = Layout(item.grid, document.style).parts
            cells = [cell for cell in item.grid.cells if cell.path is not None]
            on: dict[int, set[int]] = {}
            for cell, value in zip(cells, item.values, strict=True):
                part = sum(row <= cell.row for row in parts)
                on.setdefault(part, set()).update(n for n, t in enumerate(shown) if value in t)
            if any(len(numbers) != 1 for numbers in on.values()):
                yield f"{item.title} parts: its pages are {on}"
            if not any(heading in shown[number] for number in on[0]):
                yield f"{item.title} has its heading on another page"

"""The report as it is published, every place in it named: the HTML writer's own page.

The writer knows nothing of places. Its page holds the document's items in their order and each
table's figures in theirs, and by that order they are named here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import zip_longest

from lxml import etree, html

from generator.setting.write_html import write_html
from generator.values.diagnostics import KeyPath
from generator.values.document import Document, Heading, Paragraph, Table

PLACE = "data-place"
"""The attribute that holds the path of a place as a JSON array."""


def marked_page(
    document: Document,
    state: Callable[[KeyPath, int], str],
    nonce: str,
    style: str,
) -> bytes:
    """Return the published page with its places named and those with findings shown.

    ``state`` tells how the paragraph of a place stands, empty for one that is well; ``style`` shows
    it, and ``nonce`` is the style sheets' right to be applied.
    """
    page = html.document_fromstring(write_html(document).decode())
    for element, path, paragraph in _places(document, page):
        element.set(PLACE, json.dumps(path, ensure_ascii=False))
        name = state(path, paragraph)
        if name:
            element.set("class", " ".join(filter(None, (element.get("class"), name))))
        if element.tag == "td" or name:
            element.set("tabindex", "0")
    (head,) = page.iter("head")
    etree.SubElement(head, "style").text = style
    for sheet in page.iter("style"):
        sheet.set("nonce", nonce)
    content: bytes = html.tostring(page, encoding="utf-8")
    return b"<!DOCTYPE html>\n" + content


def _places(
    document: Document, page: etree._Element
) -> Iterator[tuple[etree._Element, KeyPath, int]]:
    """Yield the elements that show a value of the report's file, each with its path."""
    (article,) = page.iter("article")
    blocks = [e for e in article if e.tag in _BLOCKS and e.get("class") != "draft"]
    for element, item in zip_longest(blocks, document.items):
        if isinstance(item, Table):
            figures = [cell for cell in element.iter("td") if cell.get("headers")]
            for figure, path in zip(figures, item.grid.figures, strict=True):
                yield figure, path, 0
        elif isinstance(item, Heading | Paragraph) and item.origin.path:
            yield element, item.origin.path, item.origin.paragraph


_BLOCKS = ("h2", "h3", "h4", "h5", "p", "div")

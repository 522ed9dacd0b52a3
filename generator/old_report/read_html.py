"""HTML, as government sites publish it → lines and raw tables, a whole page with all around it.

Every line remembers the elements around it, so that the report can be told from the page later.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from lxml import etree, html

from generator.old_report.blocks import (
    PICTURE,
    Blocks,
    Kind,
    Line,
    RawTable,
    Refused,
    Spanned,
    integer,
    lay_out,
    raised,
)

_MOST_LINES = 20_000
_MOST_ELEMENTS = 300_000
_DEEPEST = 1_000
_DEEPEST_TRAIL = 80
_WIDEST_SPAN = 100
_LONGEST_NAMED = 200

# fmt: off
_UNSEEN = frozenset((
    "script", "style", "noscript", "template", "textarea", "select", "button", "svg", "iframe",
    "object", "head", "title", "rt", "rp",
))
_STRUCK = frozenset(("s", "strike", "del"))
_BLOCK = frozenset((
    "html", "body", "address", "article", "aside", "blockquote", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
    "h6", "header", "hr", "legend", "li", "main", "nav", "ol", "p", "pre", "section", "summary",
    "table", "caption", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))
# fmt: on
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_SPACE = re.compile(r"[ \t\n\r\f]+")
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])", re.IGNORECASE
)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:white|#fff(?:fff)?|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))(?![\w])",
    re.IGNORECASE,
)
_STRIKING = re.compile(r"text-decoration[^;]{0,100}line-through", re.IGNORECASE)
_BLOCK_OF_RULES = re.compile(r"@[^@{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]{0,2000})\}")
_CLASS = re.compile(r"\s*\w*\.([\w-]+)\s*")
_LOOKED_UP = 12
_WAY_OUT = "用浏览器打开，把报告正文复制到 Word 里另存为 DOCX 后再导入"


def read_html(text: str, blocks: Blocks) -> None:
    """Read a page into ``blocks``.

    Raises:
        Refused: nothing can be made of it, or it is made to do harm.
    """
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = html.document_fromstring(_without_declaration(text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Refused("网页是空的，或者读不出来", _WAY_OUT) from error
    blocks.named += _named(root)
    walker = _Walker(_layout_tables(root), blocks)
    walker.hiding = _hiding_classes(root)
    walker.walk(root)
    if walker.struck:
        blocks.note(Kind.READING, f"{walker.struck} 处画了删除线的文字没有读入")
    if walker.white:
        blocks.note(Kind.READING, f"{walker.white} 处白底上的白字没有读入")


def _named(root: Any) -> Iterator[str]:
    """Yield a page's title and its named entries, each with its name."""
    for title in root.iter("title"):
        yield " ".join(str(title.text_content()).split())[:_LONGEST_NAMED]
    for entry in root.iter("meta"):
        if entry.get("name") and entry.get("content"):
            yield f"{entry.get('name')}：{entry.get('content')}"[:_LONGEST_NAMED]


def _hiding_classes(root: Any) -> frozenset[str]:
    """Return the classes whose elements are not shown; what depends on the device is passed over.

    Only cells and rows are looked at with them: scripts show and hide whole parts of a page.
    """
    sheets = "".join(str(style.text or "") for style in root.iter("style"))
    return frozenset(
        found[1]
        for selectors, rule in _RULE.findall(_BLOCK_OF_RULES.sub("", sheets))
        if _HIDDEN.search(rule)
        for selector in selectors.split(",")
        if (found := _CLASS.fullmatch(selector))
    )


def _is_white(element: Any) -> bool:
    """Whether text is white where nothing says that what is behind it is not.

    What a class does is not known: one on the way up to the table may colour the ground.
    """
    color = element.get("color", "").strip().lower()
    if not (_WHITE.search(element.get("style", "")) or color in ("white", "#ffffff", "#fff")):
        return False
    for around in (element, *islice(element.iterancestors(), _LOOKED_UP)):
        if around.get("bgcolor") or around.get("class") or "background" in around.get("style", ""):
            return False
        if around.tag in ("table", "p", "div"):
            break
    return True


def _without_declaration(text: str) -> str:
    """Drop an XML declaration: lxml refuses one that names an encoding in decoded text."""
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text.replace("\0", ""))


def _layout_tables(root: Any) -> set[Any]:
    """Return the tables that hold tables: they only lay out the page."""
    layout: set[Any] = set()
    for table in root.iter("table"):
        for around in table.iterancestors("table"):
            if around in layout:
                break
            layout.add(around)
    return layout


class _Walker:
    """Goes through a page without recursion and collects lines and tables."""

    def __init__(self, layout: set[Any], blocks: Blocks, origin: str = "") -> None:
        self.layout = layout
        self.blocks = blocks
        self.origin = origin
        self.pending: list[str] = []
        self.level = 0
        self.trail: list[int] = []
        self.counters: list[int] = []
        self.elements = 0
        self.tables = 0
        self.struck = 0
        self.white = 0
        self.hiding: frozenset[str] = frozenset()

    def walk(self, root: Any) -> None:
        """Go through ``root`` and everything in it."""
        stack: list[Iterator[Any]] = [iter((root,))]
        path: list[Any] = []
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                if path:
                    element = path.pop()
                    self.leave(element)
                    if element is not root:
                        self.pending.append(element.tail or "")
            elif self.enter(child):
                if len(path) > _DEEPEST:
                    raise Refused("网页的嵌套深得不正常", _WAY_OUT)
                path.append(child)
                stack.append(iter(child))
                self.pending.append(child.text or "")
            elif child is not root:
                self.pending.append(child.tail or "")
        self.flush()

    def enter(self, element: Any) -> bool:
        """Begin an element; return whether to go into it."""
        self.elements += 1
        if self.elements > _MOST_ELEMENTS:
            raise Refused("网页大得不像一份年度报告", _WAY_OUT)
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _UNSEEN or self.is_hidden(element):
            return False
        if tag in _STRUCK or _STRIKING.search(element.get("style", "")):
            self.struck += 1
            return False
        if _is_white(element):
            self.white += 1
            return False
        if tag == "sup" and (text := "".join(element.itertext()).strip()).isdigit():
            self.pending.append(raised(text))
            return False
        if tag == "input" and self.origin and element.get("type", "text") in ("text", "number"):
            self.pending.append(element.get("value", ""))
        if tag == "img":
            self.pending.append(PICTURE)
        if tag == "br":
            self.flush()
            return False
        if tag == "table" and element not in self.layout and self.table(element):
            return False
        if tag in _BLOCK:
            self.flush()
            self.trail.append(self.elements)
            if tag in _HEADINGS:
                self.level = _HEADINGS.index(tag) + 1
            if tag in ("ol", "ul"):
                self.counters.append(integer(element.get("start", ""), 1) if tag == "ol" else -1)
            elif tag == "li" and self.counters and self.counters[-1] >= 0:
                self.pending.append(f"{self.counters[-1]}.")
                self.counters[-1] += 1
        return True

    def is_hidden(self, element: Any, *, in_table: bool = False) -> bool:
        """Whether an element is not shown; within cells the page's style sheets count as well."""
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            return True
        is_inside = in_table or bool(self.origin)
        return is_inside and not self.hiding.isdisjoint(element.get("class", "").split())

    def leave(self, element: Any) -> None:
        """End an element that was gone into."""
        if element.tag not in _BLOCK:
            return
        self.flush()
        self.trail.pop()
        if element.tag in ("ol", "ul"):
            self.counters.pop()
        if element.tag in _HEADINGS:
            self.level = 0

    def flush(self) -> None:
        """End the line that was being collected."""
        text = _SPACE.sub(" ", "".join(self.pending)).replace("\xa0", " ").strip(" \u3000")
        self.pending.clear()
        if not text:
            return
        if len(self.blocks.items) > _MOST_LINES:
            raise Refused("网页大得不像一份年度报告", _WAY_OUT)
        origin = self.origin or f"第 {len(self.blocks.items) + 1} 段"
        trail = tuple(self.trail[:_DEEPEST_TRAIL])
        self.blocks.items.append(Line(text, origin, self.level, trail=trail))

    def table(self, table: Any) -> bool:
        """Read a table of data; return whether it was one."""
        rows = [
            [cell for cell in row if cell.tag in ("td", "th")]
            for row in table.iter("tr")
            if not self.is_hidden(row, in_table=True)
        ]
        if all(len(row) < 2 for row in rows):
            return False
        self.flush()
        self.tables += 1
        self.elements += sum(map(len, rows))
        self.blocks.items.append(
            RawTable(
                lay_out([[self.cell(cell) for cell in row] for row in rows]),
                f"表格 {self.tables}",
                trail=tuple(self.trail[:_DEEPEST_TRAIL]),
            )
        )
        caption = table.find("caption")
        if caption is not None and (text := "".join(caption.itertext()).strip()):
            self.blocks.note(Kind.FURNITURE, f"表格的标题「{text[:40]}」", f"表格 {self.tables}")
        return True

    def cell(self, element: Any) -> Spanned:
        """Return a cell with its spans; crooked ones count as one."""
        inner = Blocks()
        walker = _Walker(set(), inner, "格")
        walker.hiding, walker.elements = self.hiding, self.elements
        walker.walk(element)
        self.elements = walker.elements
        self.struck += walker.struck
        self.white += walker.white
        return Spanned(
            "\n".join(block.text for block in inner.items if isinstance(block, Line)),
            max(1, min(integer(element.get("rowspan", ""), 1), 500)),
            max(1, min(integer(element.get("colspan", ""), 1), _WIDEST_SPAN)),
        )

"""The numbers that Word generates before a paragraph: they are printed, but not in its text."""

from __future__ import annotations

import re
from typing import Any

from generator.old_report.blocks import integer
from generator.old_report.docx_parts import WORD
from generator.values.numerals import han_number

_W = f"{{{WORD}}}"
_HAN = (
    "chineseCounting",
    "chineseCountingThousand",
    "ideographTraditional",
    "japaneseCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
    "chineseLegalSimplified",
)
_CIRCLED = ("decimalEnclosedCircle", "decimalEnclosedCircleChinese")
_PLACE = re.compile(r"%([1-9])")


class Numbering:
    """Counts numbered paragraphs in the order of the document."""

    def __init__(self, root: Any | None) -> None:
        """Read ``numbering.xml``; without one nothing is numbered."""
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._list_of: dict[str, str] = {}
        if root is None:
            return
        abstract = {
            _value(item, "abstractNumId"): self._read(item)
            for item in root.iter(f"{_W}abstractNum")
        }
        for item in root.iter(f"{_W}num"):
            number = _value(item, "numId")
            target = item.find(f"{_W}abstractNumId")
            list_id = "" if target is None else _value(target, "val")
            self._list_of[number] = list_id
            self._levels[number] = abstract.get(list_id, {})

    @staticmethod
    def _read(item: Any) -> dict[int, tuple[str, str, int]]:
        levels: dict[int, tuple[str, str, int]] = {}
        for level in item.findall(f"{_W}lvl"):
            parts = {name: level.find(f"{_W}{name}") for name in ("numFmt", "lvlText", "start")}
            found = {
                name: "" if part is None else _value(part, "val") for name, part in parts.items()
            }
            index = integer(_value(level, "ilvl"))
            levels[index] = (found["numFmt"], found["lvlText"], integer(found["start"], 1))
        return levels

    def next(self, number: str, level: int) -> str:
        """Return what stands before the next paragraph of this list and level."""
        levels = self._levels.get(number, {})
        if level not in levels:
            return ""
        counts = self._counts.setdefault(self._list_of[number], {})
        counts[level] = counts.get(level, levels[level][2] - 1) + 1
        for deeper in [key for key in counts if key > level]:
            del counts[deeper]
        style, text, _start = levels[level]
        if style in ("bullet", "none"):
            return ""

        def printed(found: re.Match[str]) -> str:
            index = int(found[1]) - 1
            style_there, _text, start = levels.get(index, (style, "", 1))
            return _printed(counts.get(index, start), style_there)

        return _PLACE.sub(printed, text)


def _value(element: Any, name: str) -> str:
    return str(element.get(f"{_W}{name}", ""))


def _printed(count: int, style: str) -> str:
    if style in _HAN and 0 < count < 100:
        return han_number(count)
    if style in _CIRCLED and 0 < count <= 20:
        return chr(ord("①") + count - 1)
    return str(count)

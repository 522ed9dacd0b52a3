"""Takes out of an old report's lines what editors and pages left behind, and says so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from generator.form.spellings import LOST, Spellings
from generator.old_report.blocks import PICTURE, Kind, Line, Note
from generator.old_report.damaged import with_lost
from generator.values import keys

# XML 1.0 §2.2 and YAML 1.2 §5.1: what neither a DOCX nor an office file can hold.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DOUBT = f"{keys.DOUBT}：原文乱码】"
_LINE_ENDS = re.compile("[\n\r\x0b\x0c\x85\u2028\u2029]+")


def cleaned(line: Line, spellings: Spellings, notes: list[Note]) -> Iterator[Line]:
    """Yield a line without residue; line ends inside it part it."""
    for part in _LINE_ENDS.split(line.text):
        text = _FORBIDDEN.sub("", part)
        if text != part:
            notes.append(Note(Kind.RESIDUE, "看不见的控制字符", line.origin))
        for pattern in spellings.residue:
            for found in pattern.finditer(text):
                shown = found[0].strip()
                message = shown if _is_visible(shown) else "看不见的字符"
                notes.append(Note(Kind.RESIDUE, message, line.origin))
            text = pattern.sub("", text)
        text = text.replace("\xa0", " ").replace("\t", " ")
        stripped = text.strip()
        if stripped:
            lead = max(0, line.lead - (len(text) - len(text.lstrip()))) if text == part else 0
            yield replace(line, text=stripped, lead=lead)


def _is_visible(text: str) -> bool:
    return bool(text) and all(character.isprintable() for character in text)


def without_furniture(lines: Iterable[Line], spellings: Spellings, notes: list[Note]) -> list[Line]:
    """Leave out lines that belong to the page: page numbers, 「打印」, 「来源：」."""
    kept = []
    for line in lines:
        if any(pattern.search(line.text) for pattern in spellings.furniture):
            notes.append(Note(Kind.FURNITURE, line.text, line.origin))
        else:
            kept.append(line)
    return kept


def without_pictures(lines: Iterable[Line]) -> tuple[list[Line], list[str]]:
    """Return lines less the pictures in them, and where these stand."""
    kept, places = [], []
    for line in lines:
        text = line.text.replace(PICTURE, "").strip()
        if text != line.text:
            places.append(line.origin)
            line = replace(line, text=text)
        if text:
            kept.append(line)
    return kept, places


def with_doubts(lines: Iterable[Line], notes: list[Note]) -> list[Line]:
    """Mark in prose what was lost: no report is published before someone has put it right."""
    made = []
    for line in lines:
        if LOST in line.text:
            notes.append(Note(Kind.MISSING, f"有乱码，写成{_DOUBT}：{line.text}", line.origin))
            line = replace(line, text=with_lost(line.text, _DOUBT))
        made.append(line)
    return made


def until_the_end(lines: list[Line], spellings: Spellings, notes: list[Note]) -> list[Line]:
    """Leave out what follows the report: everything from the first line that ends it."""
    for index, line in enumerate(lines):
        if any(pattern.search(line.text) for pattern in spellings.end):
            notes.extend(Note(Kind.FURNITURE, gone.text, gone.origin) for gone in lines[index:])
            return lines[:index]
    return lines

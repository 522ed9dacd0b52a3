"""What nobody has filled in yet: figures, whole texts, and marks within a text.

The program writes such marks itself (``rollover`` 【待核实：…】, ``new`` 【待填：…】). None may
ever be printed in a document that is no draft, whether it was typed or came out of an expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from generator.reading.source import Source
from generator.report.prose import Prose
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place

_MARK = re.compile(
    rf"(?:{keys.BLANK}|{keys.DOUBT})[^】\n]*】?|^[ \t\u3000]*{keys.UNFILLED}[ \t\u3000]*$",
    re.MULTILINE,
)
_OPEN_ENDS = ("…", "...", "。。。")
_PLACEHOLDER = re.compile(r"\s*(?:…+|\.{3,}|。{3,})\s*\Z")
"""What stands for the value in the comments of a new file: ``简称: …``."""


def typed(
    source: Source, label: Callable[[KeyPath], str], takes_zero: Callable[[KeyPath], bool]
) -> Iterator[Diagnostic]:
    """Yield a finding for every place of a file that still says it is to be filled in.

    ``label`` names a place as the form prints it, ``takes_zero`` tells figures from texts.
    """
    if not source.may_say(keys.UNFILLED, keys.DOUBT, *_OPEN_ENDS):
        return
    for path, value in source.walk():
        if not isinstance(value, str):
            continue
        if value.strip() == keys.UNFILLED:
            message, hint = f"「{label(path)}」还没有填", "填上核对过的内容"
            if takes_zero(path):
                hint = "填上核对过的数；没有就写 0"
            yield _finding(Place(source.file, path), message, hint)
        elif _PLACEHOLDER.match(value):
            message = f"「{label(path)}」写的是「{value.strip()}」，还没有填"
            hint = "换成自己的内容；用不上的，删去这一项"
            yield _finding(Place(source.file, path), message, hint)
        else:
            for found in _MARK.finditer(value):
                place = Place(source.file, path, offset=found.start(), length=len(found[0]))
                yield _in_text(place, found[0])


def rendered(
    file: Path, path: KeyPath, prose: Prose, names_a_blank: Callable[[str], bool]
) -> Iterator[Diagnostic]:
    """Yield a finding for every mark in a text that was not typed but came out of expressions.

    An expression that names a figure which is not filled in, or holds a typed mark, is passed
    over: the figure and the mark have findings of their own.
    """
    if len(prose.segments) == 1 and not prose.segments[0].expression:
        return
    marked: set[int] = set()
    for segment in prose.segments:
        if segment.expression and keys.UNFILLED in segment.text:
            marked.add(segment.start)
            if not (names_a_blank(segment.expression) or _MARK.search(segment.expression)):
                place = Place(file, path, offset=segment.start, length=len(segment.expression))
                yield _in_text(place, segment.text)
    for found in _MARK.finditer(prose.text):
        start = prose.origin(found.start())
        if prose.is_typed(*found.span()) or marked.intersection(prose.origins(*found.span())):
            continue
        yield _in_text(Place(file, path, offset=start), found[0])


def _in_text(place: Place, said: str) -> Diagnostic:
    hint = "连同括号换成自己的话；用不上的，整句删去"
    return _finding(place, f"文字里还有「{said.strip()}」", hint)


def _finding(place: Place, message: str, hint: str) -> Diagnostic:
    return Diagnostic.coded("S-8", place, message, hint)

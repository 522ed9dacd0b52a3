"""The names within ``{{ … }}`` in the texts of a form's own files, looked up when it is loaded.

A report's prose is judged where it is rendered, at its place. What a form writes into the reports
of thousands is to be right before the first one is made.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from generator.form import files
from generator.form.names import FigureNames, UnknownName, parse
from generator.reading import source
from generator.values import keys
from generator.values.diagnostics import KeyPath
from generator.values.nearest import meant

PROSE: Final = (keys.YEAR, keys.PREVIOUS_YEAR, keys.OFFICE, keys.SHORT_NAME)
"""What prose may call besides figures."""
TITLE: Final = (keys.OFFICE, keys.YEAR)
"""What a form's title is made of; old titles are read by it too."""

EXPRESSION = re.compile(r"\{\{((?:(?!\{\{|\}\}).)*)\}\}")
"""It ends before the next one opens, so that a run of braces costs no more than a look."""
_BRACES = re.compile(r"\{\{|\}\}")
# A name, unless it is that of a filter or stands in quotation marks.
_NAME = re.compile(r"\"[^\"]*\"|'[^']*'|\|\s*\w+|([^\W\d]\w*(?:\.\w+)*)")
_LOGIC = {"and", "or", "not", "if", "else", "in", "is", "true", "false", "none"}


def check_text(
    read: source.Source,
    path: KeyPath,
    text: str,
    known: Collection[str],
    names: FigureNames | None = None,
) -> None:
    """See that a text of a form's file calls only what there is: ``known`` words and figures.

    Raises:
        source.Unreadable: it calls something else, or its braces do not match.
    """

    def wrong(message: str, offset: int) -> source.Unreadable:
        return files.wrong(read, path, message, offset)

    if odd := _BRACES.search(EXPRESSION.sub(lambda found: " " * len(found[0]), text)):
        message = f"「{odd[0]}」没有配对，取数写成 {{{{ … }}}}，写在同一行里"
        raise wrong(message, odd.start())
    for name, offset in _called(text):
        if name in known:
            continue
        if names is None or name.partition(".")[0] == name:
            near = meant(name, known) or f"；可用的有 {'、'.join(known)}"
            raise wrong(f"「{name}」不是这里可用的词{near}", offset)
        try:
            names.resolve(parse(name).text)
        except UnknownName as error:
            raise wrong(str(error), offset) from error


def filled(read: source.Source, path: KeyPath, text: str, words: Mapping[str, object]) -> str:
    """Return a text of a form's file with ``words`` for its ``{word}``.

    Raises:
        source.Unreadable: it calls a word that there is not.
    """

    def word(found: re.Match[str]) -> str:
        if found[1] not in words:
            near = meant(found[1], words) or f"；可用的有 {'、'.join(words)}"
            raise files.wrong(read, path, f"「{found[0]}」不是这里可用的词{near}")
        return str(words[found[1]])

    return re.sub(r"\{([^{}]*)\}", word, text)


def _called(text: str) -> Iterator[tuple[str, int]]:
    """Yield the names in the expressions of a text, each with its place."""
    for expression in EXPRESSION.finditer(text):
        for found in _NAME.finditer(expression[1]):
            if found[1] and found[1] not in _LOGIC:
                yield found[1], expression.start(1) + found.start(1)

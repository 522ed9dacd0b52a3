"""Which sentences of a text were already in another: the measure behind 内容雷同.

Texts are compared as typed, with figures, years, expressions and the office's own names taken out,
so that a sentence in which only the year was changed counts as kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

_SENTENCE = re.compile(r"[^\s。！？；][^。！？；\n]*[。！？；]?")
_MARK = re.compile(r"【[^【】\n]*】")
"""What a new year's file asks for or doubts, 【待核实：…】, was in no last year's sentence."""
_NOISE = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}|[^\u4e00-\u9fffA-Za-z]+")
_CLAUSE = re.compile(r"[，,、：:（）()“”。！？；]")
_SAME = 0.8
"""A sentence counts as kept when this share of it stands in the other text, clause by clause."""


class Sentence(NamedTuple):
    """A sentence at its place in the typed text; ``key`` is what it says, less its figures."""

    start: int
    end: int
    key: str
    clauses: tuple[str, ...]


@lru_cache(maxsize=8192)
def sentences(
    text: str, names: tuple[str, ...] = (), boilerplate: re.Pattern[str] | None = None
) -> tuple[Sentence, ...]:
    """Return the sentences of a typed text that are no ``boilerplate``; ``names`` are the office's.

    The same text is asked for when this year is read and when it is next year's last year.
    """
    if boilerplate is None:
        return tuple(_sentences(text, names))
    return tuple(each for each in sentences(text, names) if not boilerplate.search(each.key))


def _sentences(text: str, names: Sequence[str]) -> Iterator[Sentence]:
    for found in _SENTENCE.finditer(text):
        written = found[0].rstrip()
        said = _MARK.sub("", written) if "【" in written else written
        for name in names:
            said = said.replace(name, "")
        parts = [each if each.isalpha() else _NOISE.sub("", each) for each in _CLAUSE.split(said)]
        if key := "".join(parts):
            clauses = tuple(filter(None, parts))
            yield Sentence(found.start(), found.start() + len(written), key, clauses)


def kept(now: Sequence[Sentence], before: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences of ``now`` that stand in ``before``, word for word or nearly so."""
    whole = {sentence.key for sentence in before}
    clauses = {clause for sentence in before for clause in sentence.clauses}
    return [sentence for sentence in now if sentence.key in whole or _mostly(sentence, clauses)]


def _mostly(sentence: Sentence, clauses: set[str]) -> bool:
    same = sum(len(clause) for clause in sentence.clauses if clause in clauses)
    return same >= _SAME * len(sentence.key)


def length(of: Sequence[Sentence]) -> int:
    """Return how much sentences say, in characters."""
    return sum(len(sentence.key) for sentence in of)

"""Which sentences of a text were already in another: the measure behind 内容雷同.

Texts are compared as typed, with figures, years, expressions and the office's own names taken out,
so that a sentence in which only the year was changed counts as kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_MARK = re.compile(r"【[^【】\n]*】")
"""What a new year's file asks for or doubts, 【待核实：…】, was in no last year's sentence."""
_NOISE = re.compile(r"\{\{(?:(?!\{\{).)*?\}\}|[^\u4e00-\u9fffA-Za-z]+")
_CLAUSE = re.compile(r"[，,、：:（）()“”]")
_SAME = 0.8
"""A sentence counts as kept when this share of it stands in the other text, clause by clause."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence at its place in the typed text; ``key`` is what it says, less its figures."""

    start: int
    end: int
    key: str
    clauses: tuple[str, ...]


@lru_cache(maxsize=8192)
def sentences(text: str, names: tuple[str, ...] = ()) -> tuple[Sentence, ...]:
    """Return the sentences of a typed text; ``names`` are the office's own.

    The same text is asked for when this year is read and when it is next year's last year.
    """
    return tuple(_sentences(text, names))


def _sentences(text: str, names: Sequence[str]) -> Iterator[Sentence]:
    for start, written in written_sentences(text):
        said = _MARK.sub("", written) if "【" in written else written
        for name in names:
            said = said.replace(name, "")
        clauses = tuple(clause for part in _CLAUSE.split(said) if (clause := _NOISE.sub("", part)))
        if clauses:
            yield Sentence(start, start + len(written), "".join(clauses), clauses)


def written_sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of a text as they are written, each with its place."""
    for found in _SENTENCE.finditer(text):
        if written := found[0].strip():
            yield found.end() - len(found[0].lstrip()), written


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

"""Prose in units that can be compared: headings and sentences, whatever lines they stand in.

White space, the width of punctuation and the marks that number a paragraph are no difference; nor
is it one where a site has joined two paragraphs or parted one.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.fuzz import ratio

from generator.old_report.outline import number_of

_SENTENCE = re.compile(r"[^。！？；!?;]+[。！？；!?;]*[”’」』）)\"']*|[。！？；!?;]+")
_ALIKE = str.maketrans("“”「」『』‘’。—–－", "\"\"\"\"''''.---")
_SIMILAR = 55.0
"""Likeness from 0 to 100 above which two sentences are one sentence that was changed."""
_MOST_PAIRS = 300_000
"""Pairs of units that are looked at in one part; a long report's part has 10,000."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A heading or a sentence: as it is read, as it is compared, and where it stands."""

    text: str
    plain: str
    origin: str = ""


Difference = tuple[Unit | None, Unit | None]
"""A unit of ours and the one that stands in its place; either may be missing."""


def plain(text: str) -> str:
    """Return a text without what makes no difference."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.translate(_ALIKE)))


def units(lines: Iterable[tuple[str, str]]) -> list[Unit]:
    """Part lines, each with its place, into units; a number at the beginning is dropped."""
    found = []
    for line, origin in lines:
        text = line.strip()
        text = text[len(number_of(text)[1]) :]
        for sentence in _SENTENCE.findall(text):
            if bare := plain(sentence):
                found.append(Unit(sentence.strip(), bare, origin))
    return found


def differences(ours: Sequence[Unit], theirs: Sequence[Unit]) -> Iterator[Difference]:
    """Yield what differs, in order: units changed, missing, or not ours.

    What both begin and end with is passed over. Where far more than any report's part is left,
    units are looked for at any place, and none is paired with one that is like it.
    """
    same = _same_at_the_start(ours, theirs)
    ours, theirs = ours[same:], theirs[same:]
    same = _same_at_the_start(ours[::-1], theirs[::-1])
    ours, theirs = ours[: len(ours) - same], theirs[: len(theirs) - same]
    if len(ours) * len(theirs) > _MOST_PAIRS:
        yield from ((unit, None) for unit in _not_in(theirs, ours))
        yield from ((None, unit) for unit in _not_in(ours, theirs))
        return
    matcher = SequenceMatcher(
        None, [unit.plain for unit in ours], [unit.plain for unit in theirs], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal" and _joined(ours[a:b]) != _joined(theirs[c:d]):
            yield from _paired(ours[a:b], theirs[c:d])


def _same_at_the_start(one: Sequence[Unit], other: Sequence[Unit]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    shorter = min(len(one), len(other))
    return next((at for at, (unit, twin) in pairs if unit.plain != twin.plain), shorter)


def _not_in(others: Iterable[Unit], some: Iterable[Unit]) -> Iterator[Unit]:
    """Yield the units of ``some`` that ``others`` lack, each as often as it is missing."""
    there = Counter(unit.plain for unit in others)
    for unit in some:
        if there[unit.plain]:
            there[unit.plain] -= 1
        else:
            yield unit


def _joined(some: Iterable[Unit]) -> str:
    return "".join(unit.plain for unit in some)


def _paired(ours: Sequence[Unit], theirs: Sequence[Unit]) -> Iterator[Difference]:
    """Pair each unit of ours with the one most like it, if any is."""
    left = list(theirs)
    for unit in ours:
        likeness = [ratio(unit.plain, other.plain) for other in left]
        best = max(range(len(left)), key=likeness.__getitem__, default=-1)
        if best >= 0 and likeness[best] >= _SIMILAR:
            yield unit, left.pop(best)
        else:
            yield unit, None
    for other in left:
        yield None, other

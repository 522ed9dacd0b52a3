"""Prose in units that can be compared: headings and sentences, whatever lines they stand in.

White space, the width of punctuation and the marks that number a paragraph are no difference; nor
is it one where a site has joined two paragraphs or parted one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rapidfuzz.fuzz import ratio

from generator.old_report.outline import number_of

_SENTENCE = re.compile(r"[^。！？；!?;]+[。！？；!?;]*[”’」』）)\"']*|[。！？；!?;]+")
_ALIKE = str.maketrans("“”「」『』‘’。—–－", "\"\"\"\"''''.---")
_SIMILAR = 55.0
"""Likeness from 0 to 100 above which two sentences are one sentence that was changed."""


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
    """Yield what differs, in order: units changed, missing, or not ours."""
    matcher = SequenceMatcher(
        None, [unit.plain for unit in ours], [unit.plain for unit in theirs], autojunk=False
    )
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind != "equal" and _joined(ours[a:b]) != _joined(theirs[c:d]):
            yield from _paired(ours[a:b], theirs[c:d])


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

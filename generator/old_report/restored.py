"""Characters lost in an old conversion, put back where what stands around them leaves no doubt.

「政府信息公�工作年度报告」 can only be the words that every report has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from generator.form.spellings import LOST, Spellings, printed_labels
from generator.old_report.blocks import Block, Kind, Line, Note

_FEWEST = 4
"""Characters beside a gap that must be those of a word: 「主动公�」 may have been 公开 or 公布."""
_MOST_IN_A_GAP = 4


class KnownWords:
    """Words that reports have, by what stands beside every gap that they can have."""

    def __init__(self, words: Iterable[str]) -> None:
        """Look at each word with a few characters taken out, but for its first."""
        self._around: dict[tuple[str, str], set[tuple[str, str, str]]] = {}
        for word in set(words):
            for begin in range(1, len(word)):
                for end in range(begin + 1, min(begin + _MOST_IN_A_GAP, len(word)) + 1):
                    before, after = word[:begin], word[end:]
                    gap = (before, word[begin:end], after)
                    self._around.setdefault((before[-1], after[:1]), set()).add(gap)

    def restored(self, text: str) -> tuple[str, int]:
        """Return a text with what can be put back into it, and how many gaps that were."""
        pieces = text.split(LOST)
        made = pieces[0]
        count = 0
        for before, after in pairwise(pieces):
            found = self._gap(before, after)
            count += bool(found)
            made += (found or LOST) + after
        return made, count

    def _gap(self, before: str, after: str) -> str:
        """Return what stood between two pieces, empty where several words may have stood there."""
        fitting: dict[str, int] = {}
        last = before[-1:]
        at_an_end = {found for found in self._around.get((last, ""), ()) if len(found[1]) == 1}
        for head, gap, tail in self._around.get((last, after[:1]), set()) | at_an_end:
            known = _alike(reversed(before), reversed(head)) + _alike(after, tail)
            if known >= _FEWEST:
                fitting[gap] = max(fitting.get(gap, 0), known)
        best = [gap for gap, known in fitting.items() if known == max(fitting.values())]
        return best[0] if len(best) == 1 else ""


def _alike(some: Iterable[str], others: Iterable[str]) -> int:
    """Return how many characters are the same from the first on."""
    count = 0
    for one, other in zip(some, others, strict=False):
        if one != other:
            break
        count += 1
    return count


def restored(items: Iterable[Block], spellings: Spellings, notes: list[Note]) -> list[Block]:
    """Return a report's items with what is certain put back; a note counts the gaps."""
    words = KnownWords(_words(spellings))
    made: list[Block] = []
    total = 0
    for item in items:
        if isinstance(item, Line):
            text, count = words.restored(item.text)
            made.append(replace(item, text=text) if count else item)
        else:
            texts = [words.restored(cell.text) for cell in item.cells]
            count = sum(of_cell for _, of_cell in texts)
            cells = (replace(c, text=t) for c, (t, _) in zip(item.cells, texts, strict=True))
            made.append(replace(item, cells=tuple(cells)) if count else item)
        total += count
    if total:
        notes.append(Note(Kind.READING, f"有 {total} 处乱码按表式和年报里常用的词补回，请核对"))
    return made


def _words(spellings: Spellings) -> Iterator[str]:
    yield from spellings.phrases
    yield from printed_labels(spellings.form)
    for section in spellings.form.sections:
        yield from (section.heading, *spellings.headings.get(section.key, ()))

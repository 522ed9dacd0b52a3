"""Where the lines of a table's label break: behind words, whatever the column's width.

The lines are planned here, in full: how many there are is then known on every machine, whatever
typefaces it has, and so is the height of every row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from generator.values.width import columns

_CLOSING = frozenset("、，。；：！？）》〉」』】”’…%,.;:)")
"""Characters that begin no line (GB/T 15834—2011, 5.1)."""
_OPENING = frozenset("（《〈「『【“‘(")
"""Characters that end no line."""
_ELSEWHERE, _NEVER = 1, 1000
"""What it costs to break within a word, and where the rules of punctuation forbid it."""


def broken(
    text: str, room: float, words: Sequence[str], width: Callable[[str], float] = columns
) -> tuple[str, ...]:
    """Break ``text`` into lines of at most ``room`` as ``width`` measures them.

    It breaks behind one of ``words`` or a punctuation mark, within a word only where nothing else
    fits; then in as few lines as possible; then in lines as even as possible, the longer ones
    first. A character wider than ``room`` stands on a line of its own.
    """
    if width(text) <= room:
        return (text,)
    costs = _costs(text, words)
    best: list[tuple[int, int, float, int]] = [(0, 0, 0, 0)]
    for end in range(1, len(text) + 1):
        candidates = []
        for start in range(end - 1, -1, -1):
            taken = width(text[start:end])
            if taken > room and start < end - 1:
                break
            cost, lines, raggedness, _ = best[start]
            square = raggedness + (room - taken) ** 2
            candidates.append((cost + costs[end], lines + 1, square, -start))
        best.append(min(candidates))
    edges = [len(text)]
    while edges[-1]:
        edges.append(-best[edges[-1]][3])
    edges.reverse()
    return tuple(text[a:b] for a, b in pairwise(edges))


def pieces(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """Part ``text`` behind words and punctuation: what a line should end with only."""
    costs = _costs(text, words)
    edges = (0, *(at for at in range(1, len(text)) if not costs[at]), len(text))
    return tuple(text[a:b] for a, b in pairwise(edges))


def _costs(text: str, words: Sequence[str]) -> list[int]:
    """Return what a break costs before each character of ``text``, and at its end."""
    costs = [_ELSEWHERE] * len(text) + [0]
    for word in words:
        at = text.find(word)
        while at >= 0:
            costs[at + len(word)] = 0
            at = text.find(word, at + 1)
    for place in range(1, len(text)):
        before, behind = text[place - 1], text[place]
        if behind in _CLOSING or before in _OPENING or (before + behind).isascii():
            costs[place] = _NEVER
        elif (before in _CLOSING and not before.isascii()) or behind in _OPENING:
            costs[place] = 0
    return costs

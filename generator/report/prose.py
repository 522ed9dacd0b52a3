"""Rendered text that remembers which of its characters were typed and which were computed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of rendered text and where it comes from; ``expression`` when one produced it."""

    text: str
    start: int
    expression: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """A rendered text that remembers which characters were typed and which were computed."""

    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """The text as it is printed."""
        return "".join(segment.text for segment in self.segments)

    def origin(self, offset: int) -> int:
        """Return the place in the typed text that character ``offset`` of the text comes from."""
        for segment in self.segments:
            if offset < len(segment.text):
                return segment.start + (0 if segment.expression else offset)
            offset -= len(segment.text)
        return self.segments[-1].start if self.segments else 0

    def origins(self, start: int, end: int) -> set[int]:
        """Return where the segments begin that characters ``start`` to ``end`` come from."""
        return {segment.start for segment in self._within(start, end)}

    def is_typed(self, start: int, end: int) -> bool:
        """Whether characters ``start`` to ``end`` of the text stand in one piece as typed."""
        found = list(self._within(start, end))
        return len(found) == 1 and not found[0].expression

    def _within(self, start: int, end: int) -> Iterator[Segment]:
        """Yield the segments that characters ``start`` to ``end`` touch."""
        at = 0
        for segment in self.segments:
            after = at + len(segment.text)
            if at < end and start < after:
                yield segment
            at = after

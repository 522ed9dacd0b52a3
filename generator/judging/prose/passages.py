"""The prose of a report as one text, for the rules that read it.

One text is searched faster than twenty, and its rules need not know where it comes from: every
stretch of it can be traced back to the office file. Quotations, titles and web addresses are
blanked out in ``masked``, character by character, so that no rule fires inside them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from generator.report.narrative import Prose
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import KeyPath, Place

MASK = "\ufffc"
"""Stands for a character of a quotation, a title or a web address."""

_QUOTED = re.compile(
    r"“[^“”\n]*”|‘[^‘’\n]*’|「[^「」\n]*」|『[^『』\n]*』|\"[^\"\n]*\"|〈[^〈〉\n]*〉"
    r"|《(?:[^《》\n]|《[^《》\n]*》)*》"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[\w./?=&%#:~+-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Passage:
    """One text of a report and where it begins in the whole."""

    path: KeyPath
    prose: Prose
    start: int
    end: int

    @property
    def is_heading(self) -> bool:
        """Whether this is a heading: the report's own or an item's."""
        return self.path[-1] in (keys.TITLE, keys.HEADING)


class Passages:
    """All texts of a report, in the order of the form, one below the other."""

    def __init__(self, report: Report, rendered: Mapping[KeyPath, Prose]) -> None:
        """Join the rendered texts of ``report``."""
        self.report = report
        self.items: list[Passage] = []
        texts: list[str] = []
        at = 0
        for path, prose in rendered.items():
            text = prose.text
            texts.append(text)
            self.items.append(Passage(path, prose, at, at + len(text)))
            at += len(text) + 1
        self.text = "\n".join(texts)
        self._starts = [item.start for item in self.items]

    @cached_property
    def masked(self) -> str:
        """The text with quotations, titles and addresses blanked out, as long as the text.

        So is what an expression could not fill in: the figure that it asks for has its finding.
        """
        text = _QUOTED.sub(self._mask, self._less_the_unfilled())
        return _ADDRESS.sub(lambda found: MASK * len(found[0]), text)

    def _less_the_unfilled(self) -> str:
        text = self.text
        if keys.UNFILLED in text:
            for start, end in zip(*self._computed[:2], strict=True):
                if keys.UNFILLED in text[start:end]:
                    text = text[:start] + MASK * (end - start) + text[end:]
        return text

    def _mask(self, found: re.Match[str]) -> str:
        """Blank a quotation out, unless it holds words for figures (“同意公开”5件)."""
        quoted = found[0]
        vocabulary = self.report.form.vocabulary
        if vocabulary and quoted[0] != "《" and vocabulary.names(quoted[1:-1]):
            return quoted
        return quoted[0] + MASK * (len(quoted) - 2) + quoted[-1]

    @cached_property
    def _computed(self) -> tuple[list[int], list[int], list[str]]:
        """Starts and ends of the stretches that expressions produced, and the expressions."""
        starts, ends, expressions = [], [], []
        for item in self.items:
            at = item.start
            for segment in item.prose.segments:
                if segment.expression:
                    starts.append(at)
                    ends.append(at + len(segment.text))
                    expressions.append(segment.expression)
                at += len(segment.text)
        return starts, ends, expressions

    def is_computed(self, start: int, end: int) -> bool:
        """Whether the characters from ``start`` to ``end`` came out of one expression."""
        starts, ends, _ = self._computed
        index = bisect_right(starts, start) - 1
        return index >= 0 and end <= ends[index]

    def at(self, offset: int) -> Passage:
        """Return the passage that holds character ``offset``."""
        return self.items[max(0, bisect_right(self._starts, offset) - 1)]

    def place(self, start: int, end: int) -> Place:
        """Return the place in the office file where the characters were typed."""
        passage = self.at(start)
        first = passage.prose.origin(start - passage.start)
        last = passage.prose.origin(max(start, end - 1) - passage.start)
        return Place(
            self.report.at.file, passage.path, offset=first, length=max(1, last - first + 1)
        )

    def part(self, key: str) -> tuple[int, int] | None:
        """Return where the texts of the part ``key`` begin and end, ``None`` when it has none."""
        inside = [item for item in self.items if item.path[0] == key]
        return (inside[0].start, inside[-1].end) if inside else None

    def headings_above(self, offset: int) -> str:
        """Return the headings of the item, and of those around it, that hold ``offset``."""
        path = self.at(offset).path
        data = self.report.data
        found: list[str] = []
        for step in path[:-1]:
            data = data[step]  # type: ignore[index]
            if isinstance(data, dict) and isinstance(data.get(keys.HEADING), str):
                found.append(data[keys.HEADING])
        return "\n".join(found)

    def expression_at(self, offset: int) -> str:
        """Return the expression that produced character ``offset``, empty when it was typed."""
        starts, ends, expressions = self._computed
        index = bisect_right(starts, offset) - 1
        return expressions[index] if index >= 0 and offset < ends[index] else ""

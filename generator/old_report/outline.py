"""The paragraphs of a part → its summary and items, numbering taken off.

A numbered line becomes a heading only where the number that the program will print says the same,
or where an outright slip is mended and reported. Everything else stays text, its number included:
no character of the prose is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from unicodedata import numeric

from generator.old_report.blocks import Kind, Line, Note
from generator.values.numerals import numbered

DEEPEST = 3
"""Levels of items in a text (contract §2)."""
_LONGEST_HEADING = 40
_LONGEST_RUN_IN = 30
_WITH_ITS_TEXT = re.compile(r"([^。；：，、:,;—\s]{2,20}(?:[：:]|(?=\s|—)))(?:\s|—)*(\S.{11,})")
"""A heading and its text in one line, without a full stop between them."""
_ALONE = re.compile(r"[^。；：，:,;\s]{2,18}。")
_FEWEST_WEAK = 2

_HAN = "一二三四五六七八九十"
_NUMBERS = (
    re.compile(rf"([{_HAN}]{{1,3}})[、.．]\s*"),
    re.compile(rf"[（(]\s*([{_HAN}]{{1,3}})\s*[）)][、.．]?\s*"),
    re.compile(r"(\d{1,2})(?:[、．]|\.(?!\d))\s*"),
    re.compile(r"[（(]?\s*(\d{1,2})\s*[）)][、.．]?\s*"),
    re.compile(r"([①-⑳])[、.．]?\s*"),
)
"""Kinds of numbers by rank, as the form's numbering has them: 一、 （一） 1. （1）; and ①."""
_HAN_RANKS, _UNNUMBERED = (0, 1), 1
_LONGEST_PROMOTED = 60
_BEFORE_FIRST = re.compile(r"([^。；]{4,40}?)(?=一是|（1）|\(1\))")
"""A heading whose text begins in the same line without any mark between them."""
_ANY_NUMBER = re.compile(
    rf"[（(]?(?:[{_HAN}]{{1,3}}|\d{{1,2}})[）)]|(?:[{_HAN}]{{1,3}}|\d{{1,2}})[、.．](?!\d)|[①-⑳]"
)
_LAST_WEAK = 4
_ENDS_SENTENCE = tuple("。；！？，、;!?,…")
_ENDS_PARAGRAPH = tuple("。；：！？）”")
_NAME = re.compile("[\u4e00-\u9fff“”、]{3,18}")
"""A line that can only be a heading, or a name."""
_NOT_IN_HEADING = re.compile("[。；：;]|:(?!//)")


@dataclass(frozen=True, slots=True)
class Outline:
    """A text: its paragraphs, then its items."""

    paragraphs: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a text: its heading without number, and what is below it."""

    title: str
    body: Outline


@dataclass(frozen=True, slots=True)
class _Marked:
    """A line and what its beginning makes of it. ``title`` is empty for a mere paragraph."""

    text: str
    origin: str
    rank: int = -1
    number: int = 0
    mark: str = ""
    title: str = ""
    rest: str = ""
    is_slip: bool = False
    """Whether the number is of another kind than its neighbours'."""
    is_weak: bool = False
    """Whether it may as well be a sentence: only headings in order around it tell."""


@dataclass
class Outliner:
    """Nests the prose of one report and notes what it did to the numbering."""

    numbering: Sequence[str]
    notes: list[Note] = field(default_factory=list)

    def outline(self, lines: Sequence[Line]) -> Outline:
        """Nest the lines of one part, and say which numbers stay in the text."""
        told = len(self.notes)
        marked = _unnumbered([_marked(line) for line in lines])
        outline = self._nest(_promoted(_one_kind(marked)), 0)
        left = [text for text in _paragraphs(outline) if _ANY_NUMBER.match(text)]
        if left and len(self.notes) == told:
            count = f"等 {len(left)} 段" if len(left) > 1 else ""
            message = f"「{left[0][:20]}」{count}的编号留在文字里，没有当作标题"
            origin = next((line.origin for line in lines if line.text == left[0]), "")
            self.notes.append(Note(Kind.NUMBERING, message, origin))
        return outline

    def _nest(self, lines: Sequence[_Marked], depth: int) -> Outline:
        if depth < DEEPEST:
            for rank in sorted({line.rank for line in lines if line.title}):
                groups = _groups(lines, rank)
                fault = self._fault(lines, groups, rank, depth)
                if fault:
                    first = groups[0][0]
                    is_sentence = first.title.endswith("。") or first.is_weak
                    if is_sentence and (len(groups) < _FEWEST_WEAK or rank not in _HAN_RANKS):
                        continue  # a numbered sentence, not a heading
                    message = f"「{first.mark}{first.title[:20]}」等：{fault}，编号留在文字里"
                    self.notes.append(Note(Kind.NUMBERING, message, first.origin))
                    continue
                start = lines.index(groups[0][0])
                before = tuple(line.text for line in lines[:start])
                return Outline(before, tuple(self._items(groups, depth)))
        return Outline(tuple(line.text for line in lines))

    def _fault(
        self, lines: Sequence[_Marked], groups: list[list[_Marked]], rank: int, depth: int
    ) -> str:
        """Say why headings of a rank cannot be items, empty when they can."""
        heads = [group[0] for group in groups]
        if any(head.is_weak for head in heads) and len(heads) < _FEWEST_WEAK:
            return "只有一个，可能是编了号的句子"
        numbers = [head.number for head in heads if head.mark]
        if any(line.rank == rank and line.mark and not line.title for line in lines):
            return "同一级里有的是标题，有的是整段文字"
        is_repeated = any(number == before for before, number in pairwise(numbers))
        is_outright = not all(head.is_weak for head in heads)
        is_slip = rank == depth + 1 and numbers[:1] == [1] and is_outright
        if any(number < before or number == 1 for before, number in pairwise(numbers)) or (
            is_repeated and not is_slip
        ):
            return "编号中途重新开始"
        in_order = numbers == list(range(1, len(numbers) + 1))
        if rank not in _HAN_RANKS and not in_order:
            return "编号不连续"
        if not (in_order and rank == depth + 1):
            # A number that would be printed otherwise: to be mended only in an outright heading.
            if not is_slip and any(h.title.endswith("。") and not h.is_weak for h in heads):
                return "是编了号的句子"
            if any(line.mark and line.rank < rank for line in lines):
                return "上一级的编号留在文字里"
        for head, *below in groups:
            if head.rest:
                continue
            if not below:
                return "标题下面没有文字"
            if (
                head.title.endswith("。")
                and not head.is_weak
                and Outliner(self.numbering)._nest(below, depth + 1).paragraphs
            ):
                return "单独成段"  # it would be set in one paragraph with what follows
        return ""

    def _items(self, groups: list[list[_Marked]], depth: int) -> list[Item]:
        items = []
        for count, (head, *below) in enumerate(groups, start=1):
            self._compare(head, depth, count)
            if head.rest:
                below.insert(0, _Marked(head.rest, head.origin))
            items.append(Item(head.title, self._nest(below, depth + 1)))
        return items

    def _compare(self, head: _Marked, depth: int, count: int) -> None:
        """Note a number that will be printed otherwise than it was published."""
        will_be = numbered(self.numbering[depth + 1], count)
        if not head.mark:
            message = f"「{head.title[:20]}」原文没有编号，将印作 {will_be}"
        elif head.is_slip or head.rank != depth + 1 or head.number != count:
            message = f"「{head.mark}{head.title[:20]}」的编号改为 {will_be}"
        else:
            return
        self.notes.append(Note(Kind.NUMBERING, message, head.origin))


def number_of(text: str) -> tuple[int, str, int]:
    """Return the rank of the number that ``text`` begins with (-1: none), the number, its value."""
    for rank, pattern in enumerate(_NUMBERS):
        if found := pattern.match(text):
            return rank, found[0], _value(found[1])
    return -1, "", 0


def _value(written: str) -> int:
    if written.isdecimal():
        return int(written)
    tens, ten, ones = written.partition("十")
    if not ten:
        return int(numeric(written[0]))
    return int((numeric(tens[0]) if tens else 1) * 10 + (numeric(ones[0]) if ones else 0))


def _marked(line: Line) -> _Marked:
    """Look at the beginning of a line: a number, and whether a heading follows it."""
    text = line.text
    rank, mark, number = number_of(text)
    plain = _Marked(text, line.origin, rank, number, mark.strip())
    after = text[len(mark) :]
    if not after:
        return plain
    if rank < 0:
        if line.level > 1 and len(after) <= _LONGEST_HEADING and _is_heading(after, True):
            return replace(plain, rank=_UNNUMBERED, title=after)
        return plain
    if line.lead > len(mark) and text[: line.lead].rstrip().endswith("。"):
        return replace(
            plain, title=text[len(mark) : line.lead].strip(), rest=text[line.lead :].strip()
        )
    if len(after) <= _LONGEST_HEADING and _is_heading(after, rank in _HAN_RANKS or line.level > 0):
        return replace(plain, title=after)
    if rank in _HAN_RANKS and (found := _BEFORE_FIRST.match(after)):
        return replace(plain, title=found[1], rest=after[found.end() :])
    end = after.find("。") + 1
    if rank in _HAN_RANKS and _ALONE.fullmatch(after):
        return replace(plain, title=after, is_weak=True)
    if rank <= _LAST_WEAK and (found := _WITH_ITS_TEXT.fullmatch(after)):
        return replace(plain, title=found[1], rest=found[2], is_weak=True)
    if 0 < end <= _LONGEST_RUN_IN and not _NOT_IN_HEADING.search(after[: end - 1]):
        return replace(plain, title=after[:end], rest=after[end:].strip())
    return plain


def _is_heading(text: str, with_colon: bool) -> bool:
    """Whether a text on a line of its own reads as a heading, not as a sentence."""
    if text.endswith(_ENDS_SENTENCE) or "。" in text:
        return False
    return with_colon or not _NOT_IN_HEADING.search(text)


def _unnumbered(lines: list[_Marked]) -> list[_Marked]:
    """Make headings of short lines above paragraphs, in a part none of whose headings has a number.

    Every other line is a sentence: where some end anywhere, lines were broken, or it is a list.
    """
    heads = {at for at, line in enumerate(lines) if line.rank < 0 and _NAME.fullmatch(line.text)}
    others = [line for at, line in enumerate(lines) if at not in heads]
    are_above = all(at + 1 < len(lines) and at + 1 not in heads for at in heads)
    are_sentences = all(line.text.endswith(_ENDS_PARAGRAPH) and not line.title for line in others)
    if len(heads) < _FEWEST_WEAK or not (are_above and are_sentences):
        return lines
    return [
        replace(line, rank=_UNNUMBERED, title=line.text) if at in heads else line
        for at, line in enumerate(lines)
    ]


def _one_kind(lines: list[_Marked]) -> list[_Marked]:
    """Make 「（1）」 before 「（二）」 one of its kind, and 「3、」 behind 「（二）」."""
    made = list(lines)
    headings = [index for index, line in enumerate(made) if line.title and line.number]
    for place, index in enumerate(headings):
        line = made[index]
        before = made[headings[place - 1]] if place else None
        after = made[headings[place + 1]] if place + 1 < len(headings) else None
        for rank in _HAN_RANKS if line.rank not in _HAN_RANKS else ():
            follows = before is not None and (before.rank, before.number) == (rank, line.number - 1)
            precedes = after is not None and (after.rank, after.number) == (rank, line.number + 1)
            begins = line.number == 1 and line.rank == rank + 2
            if (follows and after is None) or (precedes and (follows or begins)):
                made[index] = replace(line, rank=rank, is_slip=True)
    return made


def _promoted(lines: Sequence[_Marked]) -> list[_Marked]:
    """Find the heading of a numbered line where others of its kind have one."""
    made = list(lines)
    ranks = {line.rank for line in made if line.title and line.rank in _HAN_RANKS}
    for index, line in enumerate(made):
        if line.title or line.rank not in ranks:
            continue
        after = line.text.removeprefix(line.mark).lstrip()
        is_followed = index + 1 < len(made) and made[index + 1].rank < 0
        end = after.find("。") + 1
        if 0 < end <= _LONGEST_PROMOTED and after[end:].strip():
            made[index] = replace(line, title=after[:end], rest=after[end:].strip())
        elif is_followed and not end and len(after) <= _LONGEST_PROMOTED:
            made[index] = replace(line, title=after)
    return made


def _paragraphs(outline: Outline) -> Iterator[str]:
    yield from outline.paragraphs
    for item in outline.items:
        yield from _paragraphs(item.body)


def _groups(lines: Sequence[_Marked], rank: int) -> list[list[_Marked]]:
    """Part lines at the headings of a rank; what stands before the first is left out."""
    groups: list[list[_Marked]] = []
    for line in lines:
        if line.title and line.rank == rank:
            groups.append([line])
        elif groups:
            groups[-1].append(line)
    return groups

"""Reads counts out of Chinese text: 1,200余条, 三百二十件, 1.2万元, 百分之十五, 15.8%.

A count is a number that is followed by a unit; years, dates, article and telephone numbers are
none. What is said to be approximate (约, 余, 多, 近 …) agrees with what it may round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from generator.values.numerals import SCALES, number_of

PERCENT = "%"
TIMES = "倍"

_DIGITS = "0-9０-９"
_FEW = "〇零一二两三四五六七八九十"
_CHINESE = f"[{_FEW}百千万亿]{{0,31}}"
_ABOUT = re.compile(
    r"(?P<NEAR>(?<![预节合契])约)\s?\Z|(?P<OVER>超过|突破|超|逾|至少)\s?\Z"
    r"|(?P<UNDER>将近|接近|(?<![最远就附临相])近)\s?\Z|(?P<BELOW>不到|不足|最多)\s?\Z"
)
_ABOUT_ENDS = frozenset("约过破超逾少近到足多 \t\n\u3000\xa0")
# 一件, 一个 mean no count after these: 没有一件申请, 每一件, 同一个栏目.
_NO_COUNT_BEFORE_ONE = tuple("每何有无逐同某哪这那另第一任")


class About(Enum):
    """How far a figure may be from what was written."""

    EXACT = auto()
    NEAR = auto()
    OVER = auto()
    UNDER = auto()
    BELOW = auto()


_VAGUE = {
    "余": About.OVER,
    "多": About.OVER,
    "以上": About.OVER,
    "以下": About.BELOW,
    "左右": About.NEAR,
    "上下": About.NEAR,
}
_TOLERANCE = Decimal("0.15")
"""Of what was written, or half of its last digit that is not zero; ours to say."""


class Count(NamedTuple):
    """A number with its unit in a text, from ``start`` to the end of the unit.

    ``value`` is in single units (1.2万元 is 12000 元); ``scale`` and ``decimals`` tell how exactly
    it was written. ``number_end`` is where the numeral ends, before 万, 余 and the unit.
    """

    start: int
    number_end: int
    end: int
    value: Decimal
    unit: str
    scale: int
    decimals: int
    about: About

    @property
    def is_exact(self) -> bool:
        """Whether it was written without 余, 约, 近 or the like."""
        return self.about is About.EXACT

    def agrees(self, figure: Decimal) -> bool:
        """Whether ``figure``, in single units, rounds to what was written, or is about that."""
        written = self.value / self.scale
        if self.is_exact:
            step = Decimal(1).scaleb(-self.decimals)
            return written == (figure / self.scale).quantize(step, ROUND_HALF_UP)
        low, high = self._bounds(written)
        return low <= figure / self.scale <= high

    def _bounds(self, written: Decimal) -> tuple[Decimal, Decimal]:
        """Return what is about ``written``: 320余 is below 330, 300多 below 400."""
        step = Decimal(1).scaleb(int(written.normalize().as_tuple().exponent))
        slack = max(written * _TOLERANCE, step / 2)
        if self.about is About.OVER:
            return written, written + max(step, slack)
        if self.about is About.BELOW:
            return Decimal(0), written
        return written - slack, written if self.about is About.UNDER else written + slack


@lru_cache(maxsize=16)
def _pattern(units: str) -> re.Pattern[str]:
    """Begin with the number itself: a search for one set of characters is fast.

    A figure of a report has at most 15 digits; longer runs of digits are no counts.
    """
    return re.compile(
        rf"(?P<number>[{_DIGITS}{_FEW}](?<![数几第\d.{_FEW}百千万亿].)"
        r"(?:(?<=\d)(?:\d{0,2}(?:[,，]\d{3}){1,4}(?!\d)|\d{0,14})(?:\.\d{1,6})?"
        rf"|(?<!\d){_CHINESE}))"
        r"\s?(?P<more>余|多)?(?P<scale>[万亿]{1,2})?(?P<and_more>余|多)?\s?"
        rf"(?P<open>[（(])?(?P<unit>{units})(?(open)[）)])(?P<vague>左右|上下|以上|以下)?"
    )


_NUMERAL = rf"(?:\d{{1,15}}(?:\.\d{{1,6}})?|[{_FEW}]{_CHINESE})"
# What is told without a unit. Each begins with one set of characters: such a search is fast.
_PARTS = re.compile(rf"(?P<by>[百千{_FEW}](?<![十百千万].))分之(?P<parts>{_NUMERAL})")
_TENTHS = re.compile(
    rf"成(?<=(?P<tenths>[\d{_FEW}])成)(?<![\d.].成)(?P<half>半|[{_FEW}])?(?![立员果绩为功效分长熟型套群片本不就品因交像])"
)
_DOUBLED = re.compile(r"翻(?:了)?(?:一|两)?番")
_HALVED = re.compile(r"[一减]半")
_SAME = re.compile(r"(?P<about>基本|大体)?持平")


def counts(text: str, units: str, bare: re.Pattern[str] | None = None) -> list[Count]:
    """Return the counts of a text in order.

    ``units`` is a pattern of the words that follow one; ``bare`` finds those without any.
    """
    found = [*_with_units(text, units)]
    more = [*_in_words(text, bare)]
    if not more:
        return found
    joined = sorted([*found, *more], key=lambda count: (count.start, -count.end))
    ends = [0]
    for count in joined:
        ends.append(max(ends[-1], count.end))
    return [count for count, end in zip(joined, ends, strict=False) if count.start >= end]


def _with_units(text: str, units: str) -> Iterator[Count]:
    for found in _pattern(units).finditer(text):
        written = found["number"]
        number = number_of(written)
        start = found.start()
        if number is None or (written == "一" and text[start - 1 : start] in _NO_COUNT_BEFORE_ONE):
            continue
        scale = 1
        for word in found["scale"] or "":
            scale *= SCALES[word]
        while inner := SCALES.get(written[-1]):  # 三万元 is written in 万
            scale *= inner
            number /= inner
            written = written[:-1]
        yield Count(
            start=start,
            number_end=found.end("number"),
            end=found.end(),
            value=number * scale,
            unit=PERCENT if found["unit"] == "％" else found["unit"],
            scale=scale,
            decimals=len(written.partition(".")[2]),
            about=_VAGUE.get(found["more"] or found["and_more"] or found["vague"] or "")
            or _about(text, start),
        )


def _about(text: str, start: int) -> About:
    """Return what the word before a number says of its exactness."""
    if text[start - 1 : start] not in _ABOUT_ENDS:
        return About.EXACT
    found = _ABOUT.search(text, max(0, start - 3), start)
    return About[str(found.lastgroup)] if found else About.EXACT


def _in_words(text: str, bare: re.Pattern[str] | None) -> Iterator[Count]:
    """Yield what is told without a unit: parts of a whole, multiples, 申请数20."""
    for found in _PARTS.finditer(text) if "分之" in text else ():
        parts, by = number_of(found["parts"]), number_of(found["by"])
        if parts is not None and by:
            decimals = len(found["parts"].partition(".")[2])
            yield _told(text, found.start(), found.end(), parts * 100 / by, PERCENT, decimals)
    for found in _TENTHS.finditer(text) if "成" in text else ():
        more = 5 if found["half"] == "半" else number_of(found["half"] or "零") or 0
        value = (number_of(found["tenths"]) or 0) * 10 + Decimal(more)
        yield _told(text, found.start("tenths"), found.end(), value, PERCENT)
    for found in _DOUBLED.finditer(text) if "番" in text else ():
        value = Decimal(300 if "两" in found[0] else 100)
        yield _told(text, found.start(), found.end(), value, PERCENT)
    for found in _HALVED.finditer(text) if "半" in text else ():
        yield _told(text, found.start(), found.end(), Decimal(50), PERCENT)
    for found in _SAME.finditer(text) if "持平" in text else ():
        about = About.NEAR if found["about"] else About.EXACT
        yield Count(found.start(), found.end(), found.end(), Decimal(0), PERCENT, 1, 0, about)
    for found in bare.finditer(text) if bare else ():
        yield _told(text, found.start("bare"), found.end(), Decimal(found["bare"]), "")


def _told(text: str, start: int, end: int, value: Decimal, unit: str, decimals: int = 0) -> Count:
    for length in (1, 2):
        if about := _VAGUE.get(text[end : end + length]):
            return Count(start, end, end + length, value, unit, 1, decimals, about)
    return Count(start, end, end, value, unit, 1, decimals, _about(text, start))

"""Chinese numerals, both ways: 十二 ↔ 12, and a heading's number of any level."""

from __future__ import annotations

import re
from decimal import Decimal

_HAN_DIGITS = "零一二三四五六七八九"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_TENS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"亿": 100_000_000, "万": 10_000}
"""The largest first: 一万亿 is read from there."""
_ARABIC = re.compile(r"\d{1,15}(?:\.\d{1,6})?")


def digits(value: object) -> str:
    """Write a figure as it was typed: ``str`` would make 1E-7 of 0.0000001, and 1E+1 of 10."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def is_number(value: object) -> bool:
    """Whether ``value`` is a figure; ``True`` is none."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def number_of(text: str) -> Decimal | None:
    """Return the number that ``text`` writes in Arabic or Chinese numerals, ``None`` if neither."""
    plain = text.replace(",", "").replace("，", "")
    if _ARABIC.fullmatch(plain):
        return Decimal(plain)
    return _chinese(plain)


def _chinese(text: str) -> Decimal | None:
    """Read 一千二百零五万; digit by digit where no word for ten stands (二〇二四)."""
    if not text:
        return None
    for word, scale in SCALES.items():
        high, found, low = text.partition(word)
        if found:
            left, right = _chinese(high), _chinese(low) if low else Decimal(0)
            return None if left is None or right is None else left * scale + right
    if not any(word in text for word in _TENS):
        digits = [_DIGITS.get(c) for c in text]
        return None if None in digits else Decimal("".join(map(str, digits)))
    total = 0
    digit: int | None = None
    for c in text:
        if c in _TENS:
            total += (1 if digit is None else digit) * _TENS[c]
            digit = None
        elif digit or c not in _DIGITS:
            return None
        else:
            digit = _DIGITS[c]
    return Decimal(total + (digit or 0))


def numbered(pattern: str, count: int) -> str:
    """Return ``pattern``, the first number of a level, with ``count`` in it: （一） → （三）."""
    for first, number in (("一", han_number(count)), ("1", str(count))):
        if first in pattern:
            return pattern.replace(first, number)
    return pattern


def han_number(count: int) -> str:
    """Return 1 to 99 in 汉字 (12 → 十二)."""
    tens, ones = divmod(count, 10)
    if tens == 0:
        return _HAN_DIGITS[ones]
    head = "" if tens == 1 else _HAN_DIGITS[tens]
    return f"{head}十{_HAN_DIGITS[ones] if ones else ''}"

"""The filters of expressions in prose: figures, or the mark of an unfilled one, in; text out.

Whatever cannot be said is a :class:`NarrativeError`, which tells the office how to say it instead.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from inspect import signature
from typing import Any

from generator.values import keys, numerals


class NarrativeError(Exception):
    """An expression that cannot be rendered: what is wrong and the way out, for the office."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        """Carry what a finding will say."""
        super().__init__(message)
        self.code = code
        self.hint = hint


def _checked(function: Callable[..., str]) -> Callable[..., str]:
    """Let an unfilled figure pass through a filter, and hold its arguments to their types."""
    wanted = signature(function, eval_str=True)

    def filtered(*values: Any, **named: Any) -> str:
        try:
            arguments = wanted.bind(*values, **named).arguments
        except TypeError as error:
            raise _misused() from error
        if keys.UNFILLED in arguments.values():
            return keys.UNFILLED
        if not numerals.is_number(next(iter(arguments.values()))):
            raise NarrativeError("P-3", "「|」前面应当是一个数", "写到数为止，例如在后面加上 .总计")
        for name, value in arguments.items():
            # Figures that are none each filter answers for itself, in words of its own.
            if wanted.parameters[name].annotation is str and not isinstance(value, str):
                raise _misused()
        return function(*values, **named)

    return filtered


def _misused() -> NarrativeError:
    hint = "例如 百分比(表中的总数)、同比(上年.…)；单位要加引号，如 增减(上年.…, '次')"
    return NarrativeError("P-3", "过滤器的括号里写得不对", hint)


def thousands(value: int | Decimal) -> str:
    """千分位: 72701.2578 → 72,701.2578."""
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,}"


def percentage(part: int | Decimal, whole: int | Decimal = 1, digits: int = 1) -> str:
    """百分比: the share of ``part`` in ``whole``, rounded half up (45.6%)."""
    if not (numerals.is_number(whole) and numerals.is_number(digits) and digits in range(7)):
        raise NarrativeError("P-3", "「百分比」的括号里应当是一个数", "例如 百分比(表中的总数)")
    if whole == 0:
        raise NarrativeError(
            "P-4", "「百分比」的总数是 0，算不出百分比", "总数为 0 的年份改写这一句"
        )
    return f"{_rounded(Decimal(part) * 100 / Decimal(whole), digits)}%"


def year_on_year(now: int | Decimal, before: int | Decimal, unit: str = "件") -> str:
    """同比: 较上年增加3件，增长15.8%; a base of zero or below has no percentage."""
    _two_figures(now, before, "同比")
    if now == before:
        return "与上年持平"
    if before == 0:
        return f"上年为0，本年{numerals.digits(now)}{unit}"
    changed = f"较上年{change(now, before, unit)}"
    return changed if before < 0 else f"{changed}，{growth(now, before)}"


def change(now: int | Decimal, before: int | Decimal, unit: str = "件") -> str:
    """增减: the difference alone (增加3件, 减少2件, 持平)."""
    _two_figures(now, before, "增减")
    if now == before:
        return "持平"
    return f"{'增加' if now > before else '减少'}{numerals.digits(abs(now - before))}{unit}"


def growth(now: int | Decimal, before: int | Decimal) -> str:
    """增幅: the difference as a percentage of last year (增长15.8%, 下降4%)."""
    _two_figures(now, before, "增幅")
    if now == before:
        return "持平"
    if before <= 0:
        raise NarrativeError(
            "P-4",
            f"上年是 {numerals.digits(before)}，算不出增幅",
            "改用 同比，它会换一种写法：「上年为0，本年…」",
        )
    rate = Decimal(_difference(now, before)) * 100 / Decimal(before)
    # One digit, more for a change so small that one would show nothing.
    digits = next((n for n in range(1, 6) if rate >= Decimal(5).scaleb(-n - 1)), 6)
    return f"{'增长' if now > before else '下降'}{_rounded(rate, digits)}%"


def _two_figures(now: Any, before: Any, name: str) -> None:
    if not (numerals.is_number(now) and numerals.is_number(before)):
        raise NarrativeError("P-3", f"「{name}」的括号里应当是上年的数", f"例如 {name}(上年.…)")


def _difference(now: int | Decimal, before: int | Decimal) -> Decimal:
    return abs(Decimal(now) - Decimal(before))


def _rounded(value: Decimal, digits: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


FILTERS: dict[str, Callable[..., str]] = {
    "千分位": _checked(thousands),
    "百分比": _checked(percentage),
    "同比": _checked(year_on_year),
    "增减": _checked(change),
    "增幅": _checked(growth),
}

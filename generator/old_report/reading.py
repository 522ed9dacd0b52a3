"""What a published cell says: a figure, nothing, or something else. No figure is guessed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from generator.form.spellings import Spellings
from generator.values import keys
from generator.values.grid import Number
from generator.values.numerals import digits

_WRITTEN = re.compile(r"(?P<sign>[-+]?)\s*(?P<digits>\d[\d, ]*(?:\.\d+)?)\s*(?P<unit>\D{0,6})")
_GROUPED = re.compile(r"\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?")
_UNGROUPED = re.compile(r"\d+(?:\.\d+)?")
_TWO_LINES = re.compile(r"\d\s*\n\s*\d")
"""Two figures in a cell, which are no thousands and the rest."""
_DIGITS = re.compile("[0-9]{1,9}")
"""A figure as nearly all are written."""
_FOOTNOTE = re.compile(r"(?<=[\w.])\s*(?:[⁰¹²³⁴-⁹]{1,2}|[①-⑳]|[\[［〔]\d{1,2}[\]］〕])\s*\Z")
"""What can only be the number of a footnote behind a figure."""
_LONGEST = 40


class Says(Enum):
    """What kind of thing a cell says."""

    FIGURE = auto()
    BLANK = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell read: ``value`` is ``None`` for a blank; ``note`` says what was changed in reading."""

    value: Number | None
    note: str = ""


def says(text: str, spellings: Spellings) -> Says:
    """Tell a figure, a blank and anything else apart."""
    if _DIGITS.fullmatch(text):
        return Says.FIGURE
    if _is_blank(_normal(text), spellings):
        return Says.BLANK
    return Says.TEXT if _written(text, spellings) is None else Says.FIGURE


def read_figure(
    text: str, spellings: Spellings, form_unit: str = "", printed_unit: str = ""
) -> Reading | None:
    """Read a cell, ``None`` where it holds no figure and is not blank.

    ``form_unit`` is the unit in which the form counts this figure, if money; ``printed_unit`` the
    one that the old document prints above it. Money is converted only where a unit is printed.
    """
    if not _DIGITS.fullmatch(text) and _is_blank(_normal(text), spellings):
        return Reading(None)
    written = _written(text, spellings)
    if written is None:
        return None
    value, unit = written
    if unit in spellings.units:
        if not form_unit:
            return None
        actual = unit
    else:
        actual = printed_unit or form_unit
    if form_unit and actual != form_unit:
        value = _converted(value, spellings.units[actual], spellings.units[form_unit])
        return Reading(value, f"「{text.strip()}」按{actual}换算成 {digits(value)} {form_unit}")
    spelt = digits(value)
    return Reading(value, "" if spelt == text.strip() else f"「{text.strip()}」读作 {spelt}")


def _is_blank(normal: str, spellings: Spellings) -> bool:
    return not normal or normal in spellings.blanks or normal == keys.UNFILLED


def _normal(text: str) -> str:
    """Return a cell's text with half-width characters and single spaces."""
    normal = unicodedata.normalize("NFKC", text[: _LONGEST + 1]).replace("\u2212", "-")
    return re.sub(r"\s+", " ", normal).strip()


def _written(text: str, spellings: Spellings) -> tuple[Number, str] | None:
    """Return the number a cell says and its unit; 「①」 and 「1.」 are none."""
    if _DIGITS.fullmatch(text):
        return int(text), ""
    text = _FOOTNOTE.sub("", text) if len(text) <= _LONGEST else text
    if len(text) > _LONGEST or any(unicodedata.category(c) == "No" for c in text):
        return None
    if _TWO_LINES.search(text):
        return None
    found = _WRITTEN.fullmatch(_normal(text))
    if not found:
        return None
    digits, unit = found["digits"].strip(), found["unit"].strip()
    if not (_GROUPED.fullmatch(digits) or _UNGROUPED.fullmatch(digits)):
        return None
    if unit and unit not in spellings.counters and unit not in spellings.units:
        return None
    bare = ("-" if found["sign"] == "-" else "") + digits.replace(",", "").replace(" ", "")
    return (Decimal(bare) if "." in bare else int(bare)), unit


def _converted(value: Number, size: Decimal, form_size: Decimal) -> Number:
    """Convert exactly; units are powers of ten."""
    exact = Decimal(value) * size / form_size
    whole = exact.to_integral_value()
    return int(whole) if exact == whole else Decimal(f"{exact.normalize():f}")

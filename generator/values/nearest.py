"""The known name that was probably meant by an unknown one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_LONGEST = 100
"""Characters that are compared: a whole sentence in the place of a key is no slip."""


def nearest(name: str, known: Iterable[str], alike: float = 0.5) -> str:
    """Return the nearest of ``known``, empty when none is near; full width is no difference."""
    plain = unicodedata.normalize("NFKC", name[:_LONGEST]).strip()
    return next(iter(get_close_matches(plain, list(known), n=1, cutoff=alike)), "")


def meant(name: str, known: Iterable[str], alike: float = 0.5) -> str:
    """Ask at the end of a message whether the nearest name was meant; empty when none is near."""
    near = nearest(name, known, alike)
    return f"，是不是「{near}」？" if near else ""

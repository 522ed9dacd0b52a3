"""Days as offices write them: 2026-01-15, 2026-1-5 and 2026年1月15日 are all accepted."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"(\d{4})(?:-(\d{1,2})-(\d{1,2})|年(\d{1,2})月(\d{1,2})日)", re.ASCII)


def day_of(text: str) -> date | None:
    """Return the day that ``text`` writes, ``None`` if it is none of the calendar."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def printed_day(text: str) -> str:
    """Return a day as GB/T 9704 prints it, 2025年1月5日; what is no day stays as it is."""
    day = day_of(text)
    return f"{day.year}年{day.month}月{day.day}日" if day else text

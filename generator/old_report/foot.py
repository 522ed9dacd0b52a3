"""What stands around a report: name and date at its foot, contact, the words of the page.

What is known of them are patterns of ``templates/import.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from generator.form.spellings import Spellings, plain
from generator.old_report.blocks import Kind, Line, Note

_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_LONGEST_NAME = 30
_LONGEST_OF_A_FOOT = 60
_MOST_LINES = 8
_NOT_IN_NAME = re.compile(r"[，。；：！？,;:!?\s]")
_PIECES = re.compile(r"[_|｜]|[-–—]{1,2}")


@dataclass
class Foot:
    """The foot of a report, and the lines that are left before it."""

    lines: list[Line]
    office: str = ""
    day: str = ""
    contact: dict[str, str] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def foot_of(lines: Sequence[Line], office: str, spellings: Spellings) -> Foot:
    """Take name, date, contact, attachments and marks of publication off the end of the prose."""
    foot = Foot(list(lines))
    while foot.lines and any(take(foot, office, spellings) for take in _TAKES):
        pass
    return foot


def _take_mark(foot: Foot, _office: str, spellings: Spellings) -> bool:
    """Take a line that says of the report how it is published, or what is attached to it."""
    last = foot.lines[-1]
    if any(pattern.search(last.text) for pattern in spellings.foot):
        foot.notes.append(Note(Kind.FURNITURE, last.text, last.origin))
        foot.lines.pop()
        return True
    for back in range(1, min(_MOST_LINES, len(foot.lines)) + 1):
        line = foot.lines[-back]
        if len(line.text) > _LONGEST_OF_A_FOOT or line.text.endswith("。"):
            return False
        if any(pattern.search(line.text) for pattern in spellings.attachments):
            gone = foot.lines[-back:]
            foot.notes += [Note(Kind.FURNITURE, each.text, each.origin) for each in gone]
            del foot.lines[-back:]
            return True
    return False


def _take_date(foot: Foot, _office: str, _spellings: Spellings) -> bool:
    signed = _DATE.fullmatch(re.sub(r"\s+", "", foot.lines[-1].text))
    if foot.day or not signed:
        return False
    try:
        foot.day = date(*map(int, signed.groups())).isoformat()
    except ValueError:
        return False
    foot.lines.pop()
    return True


def _take_name(foot: Foot, office: str, _spellings: Spellings) -> bool:
    """Take the last line if it is a name: the office's, or before a date a short one."""
    text = foot.lines[-1].text
    is_short = 2 < len(text) <= _LONGEST_NAME and not _NOT_IN_NAME.search(text)
    if foot.office or not (plain(text) == plain(office) or (foot.day and is_short)):
        return False
    foot.office = foot.lines.pop().text
    return True


def _take_contact(foot: Foot, _office: str, spellings: Spellings) -> bool:
    """Take a line that says nothing but where the office is reached."""
    last = foot.lines[-1]
    rest = last.text
    for pattern in spellings.contact.values():
        rest = pattern.sub("", rest)
    if rest == last.text or plain(rest):
        return False
    foot.contact = contact_of([last], spellings) | foot.contact
    foot.notes.append(Note(Kind.OFFICE, f"联系方式不留在正文里：{last.text}", last.origin))
    foot.lines.pop()
    return True


_TAKES: tuple[Callable[[Foot, str, Spellings], bool], ...] = (
    _take_date,
    _take_name,
    _take_contact,
    _take_mark,
)


def contact_of(lines: Iterable[Line], spellings: Spellings) -> dict[str, str]:
    """Return how the office is reached, by the keys of ``office.yaml``."""
    found: dict[str, str] = {}
    for line in lines:
        for key, pattern in spellings.contact.items():
            if match := pattern.search(line.text):
                found.setdefault(key, match[1].strip())
    return found


def publisher(said: Iterable[str], spellings: Spellings) -> str:
    """Return the office that the page around a report names as the one that published it."""
    for text in said:
        for pattern in spellings.publisher:
            if found := pattern.search(text):
                return found[1]
    return ""


def site(titles: Iterable[str], spellings: Spellings) -> str:
    """Return the office whose site a page's title names."""
    for piece in reversed(pieces_of(titles)):
        for pattern in spellings.site:
            if found := pattern.search(piece):
                return found[1]
    return ""


def pieces_of(titles: Iterable[str]) -> list[str]:
    """Part the titles of a page, which name the site as well."""
    return [piece.strip() for title in titles for piece in (title, *_PIECES.split(title))]

"""What stands before and behind a report's parts: its title, lead, office, name and date."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from generator.form.spellings import LOST, Spellings, plain
from generator.old_report.blocks import Block, Blocks, Kind, Line, Note
from generator.old_report.clean import with_doubts, without_furniture, without_pictures
from generator.old_report.foot import contact_of, foot_of, pieces_of, publisher
from generator.old_report.recognised import Recognised

_LONGEST_TITLE = 90
_TITLE_LINES = 3
_HAN_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def head(found: Recognised, items: Sequence[Block]) -> list[Line]:
    """Find the title before the first part; return the lead between the two."""
    lines, _ = without_pictures(item for item in items if isinstance(item, Line))
    first_of_lead = 0
    for end in range(len(lines), 0, -1):
        # A title may take several lines: the office on one, the rest on the next.
        readings = [
            title
            for count in range(1, min(_TITLE_LINES, end) + 1)
            if (title := _title([line.text for line in lines[end - count : end]], found.spellings))
        ]
        if readings:
            best = max(readings, key=lambda title: bool(title[1]) + bool(title[2]))
            found.title, office, found.year = best
            found.office = _readable(office, lines[end - 1], found.notes)
            first_of_lead = end
            break
    inside = [line for line in lines[first_of_lead:] if line.trail != (-1,)]
    for line in lines[:first_of_lead]:
        if line.text not in found.title and plain(line.text) != plain(found.title):
            found.notes.append(Note(Kind.FURNITURE, line.text, line.origin))
    for line in lines[first_of_lead:]:
        if line.trail == (-1,):
            found.notes.append(Note(Kind.FURNITURE, line.text, line.origin))
    return with_doubts(without_furniture(inside, found.spellings, found.notes), found.notes)


def _readable(office: str, line: Line, notes: list[Note]) -> str:
    """Return a name, nothing where characters of it are lost: no report may print them."""
    if LOST not in office:
        return office
    notes.append(Note(Kind.OFFICE, f"标题里的机关名称有乱码：{office}", line.origin))
    return ""


def _title(lines: Sequence[str], spellings: Spellings) -> tuple[str, str, int] | None:
    """Return the title that lines are together, with the office and the year that it names."""
    text = "".join(lines)
    if len(text) > _LONGEST_TITLE or any(not plain(line) for line in lines):
        return None
    bare = re.sub(r"\s+", "", text)
    for pattern in spellings.title:
        if match := pattern.match(bare):
            groups = match.groupdict()
            office = str(groups.get("office") or "")
            if any(word.search(office) for word in spellings.no_office):
                continue
            year = str(groups.get("year") or "").translate(_HAN_DIGITS)
            return text.strip(), office, int(year) if year else 0
    return None


def year_in(all_texts: Iterable[str], spellings: Spellings) -> int:
    """Return the year that the prose names as the reporting year, 0 where it names none."""
    prose = [text for text in all_texts if len(text) < 5_000]
    for pattern in spellings.year:
        for text in prose:
            if found := pattern.search(text):
                return int(found[1])
    return 0


def sign_off(found: Recognised) -> None:
    """Take name, date and contact off the end of the last part that is prose."""
    if not found.parts:
        return
    last = next(reversed(found.parts))
    foot = foot_of(found.parts[last], found.office, found.spellings)
    found.parts[last] = foot.lines
    found.signed_office, found.signed_date = foot.office, foot.day
    found.contact = contact_of(found.lead, found.spellings) | foot.contact
    found.notes += foot.notes


def name_the_office(found: Recognised, blocks: Blocks, around: Iterable[Block]) -> None:
    """Find the office's name around a report whose title has none."""
    for piece in pieces_of(blocks.named):
        named = None if found.office and found.year else _title([piece], found.spellings)
        if named:
            found.title, where = found.title or named[0], "网页的标题"
            found.year = found.year or named[2]
            take_office(found, named[1], where)
    said = [*blocks.named, *(line.text for line in around if isinstance(line, Line))]
    take_office(found, publisher(said, found.spellings), "网页上的发布机构")


def take_office(found: Recognised, office: str, where: str) -> None:
    """Take a name that stands elsewhere than in the title, and say where."""
    if office and LOST not in office and not found.office:
        found.office = office
        message = f"标题里没有机关名称，按{where}写作「{office}」，请核对"
        found.notes.append(Note(Kind.OFFICE, message))

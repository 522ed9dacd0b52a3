"""Finds the report in an old document: its form, its title, its parts, and the page around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from generator.form.form import Form, Forms
from generator.form.spellings import LOST, Spellings, plain, printed_labels, read_spellings
from generator.old_report.around import head, name_the_office, sign_off, take_office, year_in
from generator.old_report.blocks import (
    PICTURE,
    Block,
    Blocks,
    Kind,
    Line,
    Note,
    RawTable,
    Refused,
    Wrapping,
    texts,
)
from generator.old_report.clean import (
    cleaned,
    until_the_end,
    with_doubts,
    without_furniture,
    without_pictures,
)
from generator.old_report.foot import site
from generator.old_report.lines_as_rows import rows_of_lines
from generator.old_report.match import holds_labels
from generator.old_report.outline import number_of
from generator.old_report.recognised import Recognised
from generator.old_report.restored import restored
from generator.old_report.wrapped import paragraphs

_LONGEST_HEADING = 60
_MOST_SHOWN = 6
_HEADING_ENDS = re.compile(r"[：:。\s]\s*|(?=[无暂].{0,5}\Z)")


def recognise(blocks: Blocks, forms: Forms) -> Recognised:
    """Find the report in what a reader made of a document.

    Raises:
        Refused: there is no report in it.
    """
    all_spellings = [read_spellings(forms.load(form)) for form in forms.first_years]
    notes = list(blocks.notes)
    items = _clean(_without_layout(blocks.items, all_spellings), all_spellings[-1], notes)
    spellings = _form(items, all_spellings, notes)
    if any(LOST in text for text in texts(items)):
        items = restored(items, spellings, notes)
    found = Recognised(spellings, notes=notes)
    headings = _headings(items, spellings)
    if len(headings) < 2 and not any(isinstance(item, RawTable) for item in items):
        raise _no_report(items)
    start, items, headings = _within_the_page(items, headings, notes)
    found.lead = paragraphs(head(found, items[:start]), blocks.wrapping)
    name_the_office(found, blocks, items[:start])
    _parts(
        found,
        items[start:],
        {index - start: key for index, key in headings.items()},
        blocks.wrapping,
    )
    found.tables = [item for item in items if isinstance(item, RawTable)] + found.tables
    if not found.year:
        found.year = year_in(texts(items), spellings)
        if found.year:
            notes.append(Note(Kind.READING, f"标题里没有年份，正文里写的是 {found.year} 年"))
    sign_off(found)
    take_office(found, found.signed_office, "落款")
    take_office(found, site(blocks.named, spellings), "网页标题里网站的名称")
    _compare_form(found, forms)
    return found


def _no_report(items: Sequence[Block]) -> Refused:
    """Return why nothing of a report was found."""
    if lost := sum(text.count(LOST) for text in texts(items)):
        return Refused(
            f"文字在以前的转换中已经损坏（有 {lost} 处乱码），认不出标题和表格",
            "从原网页重新保存，或找当时的 Word 原文",
        )
    return Refused(
        "没有找到年度报告的表格和各部分标题",
        "请检查是否拿错了文件；网页要保存报告所在的那一页，不是栏目列表",
    )


def _without_layout(items: Iterable[Block], all_spellings: Sequence[Spellings]) -> list[Block]:
    """Turn tables that are not a report's into lines, a row each."""
    kept: list[Block] = []
    follows_one = False
    for item in items:
        if isinstance(item, Line):
            # Between the pieces of a table stand at most words of the page: 「续表」.
            follows_one &= not without_furniture([item], all_spellings[-1], [])
        if isinstance(item, Line) or holds_labels(item, all_spellings, follows_one=follows_one):
            kept.append(item)
            follows_one |= isinstance(item, RawTable)
            continue
        follows_one = False
        for row in item.rows():
            for cell in dict.fromkeys(row):
                if len(row) > 1 and len(cell.text) < _LONGEST_HEADING:
                    continue
                kept += [
                    Line(part, item.origin, trail=item.trail) for part in cell.text.split("\n")
                ]
            short = [c.text for c in row if len(c.text) < _LONGEST_HEADING] if len(row) > 1 else []
            if any(text.strip() for text in short):
                kept.append(Line(" ".join(filter(None, short)), item.origin, trail=item.trail))
    return kept


def _clean(items: Iterable[Block], spellings: Spellings, notes: list[Note]) -> list[Block]:
    made: list[Block] = []
    for item in items:
        if isinstance(item, Line):
            made += cleaned(item, spellings, notes)
        else:
            made.append(item)
    return made


# The form


def _form(
    items: Sequence[Block], all_spellings: Sequence[Spellings], notes: list[Note]
) -> Spellings:
    """Choose the form by the labels that only it prints; say so where two are mixed."""
    seen = {plain(text) for text in texts(items) if len(text) < _LONGEST_HEADING}
    own = [{plain(label) for label in printed_labels(each.form)} for each in all_spellings]
    hits = []
    for index, labels in enumerate(own):
        others = set().union(*(more for place, more in enumerate(own) if place != index))
        hits.append((labels - others) & seen)
    best = max(range(len(all_spellings)), key=lambda index: (len(hits[index]), index))
    chosen = all_spellings[best]
    for index, each in enumerate(all_spellings):
        foreign = {label for label in hits[index] if not chosen.all_labels.is_exact(label)}
        if index != best and foreign:
            notes += _mixed(items, each.form, chosen.form, foreign)
    return chosen


def _mixed(items: Sequence[Block], other: Form, chosen: Form, foreign: set[str]) -> Iterator[Note]:
    """Yield a note for each table that holds labels of another form: all of it, or some rows."""
    origins = {plain(text): item.origin for item in items for text in texts([item])}
    for table in other.tables.values():
        labels = {plain(cell.text): cell.text for cell in table.grid.cells if cell.path is None}
        found = [text for label, text in labels.items() if label in foreign]
        if found:
            own = {plain(cell.text) for cell in chosen.tables[table.id].grid.cells if not cell.path}
            only_here = own - labels.keys()
            verb = "混用了" if only_here & origins.keys() else "用的是"
            more = "等" if len(found) > _MOST_SHOWN else ""
            shown = "、".join(found[:_MOST_SHOWN]) + more
            message = (
                f"{table.id}{verb} {other.id} 年格式的标签（{shown}），按 {chosen.id} 年格式导入"
            )
            first = next(origins[plain(text)] for text in found if plain(text) in origins)
            yield Note(Kind.FORM, message, first)


def _compare_form(found: Recognised, forms: Forms) -> None:
    """Say so where the report's form is not the one for its year."""
    right = forms.for_year(found.year) if found.year else None
    form = found.spellings.form.id
    if right is not None and right != form:
        found.notes.append(
            Note(
                Kind.FORM,
                f"{found.year} 年度应当用 {right} 年格式，原文用的是 {form} 年格式，照原文导入",
            )
        )


# The parts


def _heading(line: Line, spellings: Spellings) -> tuple[str, str]:
    """Return the key of the part whose heading a line is, and what follows it in the line."""
    rank, mark, _ = number_of(line.text)
    text = line.text[len(mark) :]
    if rank in (1, 3) or len(text) > _LONGEST_HEADING * 2:
        return "", ""
    headings = spellings.section_headings
    is_damaged = LOST in text and len(text) <= _LONGEST_HEADING
    if (len(text) <= _LONGEST_HEADING and headings.is_exact(text)) or is_damaged:
        return headings.find(text) or "", ""
    if not (mark or line.level):
        return "", ""
    for end in _HEADING_ENDS.finditer(text):
        # The part's text may stand behind its heading: 「六、…：无」.
        if headings.is_exact(text[: end.start()]):
            return headings.find(text[: end.start()]) or "", text[end.end() :]
    if len(text) > _LONGEST_HEADING or text.endswith("。"):
        return "", ""
    return headings.find(text) or "", ""


def _headings(items: Sequence[Block], spellings: Spellings) -> dict[int, str]:
    """Return the places of the parts' headings: as many as stand in the form's order.

    Of equally many the later ones count: a list of contents stands before the report.
    """
    order = {section.key: place for place, section in enumerate(spellings.form.sections)}
    candidates = [
        (index, order[key])
        for index, item in enumerate(items)
        if isinstance(item, Line) and (key := _heading(item, spellings)[0])
    ][-200:]
    best: list[tuple[int, ...]] = []
    for place in range(len(candidates) - 1, -1, -1):
        index, rank = candidates[place]
        after = [
            best[-1 - (later - place - 1)]
            for later in range(place + 1, len(candidates))
            if candidates[later][1] > rank
        ]
        longest = max(after, key=lambda chain: (len(chain), chain), default=())
        best.append((index, *longest))
    chosen = max(best, key=lambda chain: (len(chain), chain), default=())
    keys_of = dict(candidates)
    names = list(order)
    return {index: names[keys_of[index]] for index in chosen}


def _within_the_page(
    items: list[Block], headings: dict[int, str], notes: list[Note]
) -> tuple[int, list[Block], dict[int, str]]:
    """Leave out what does not lie in the same element of the page as the report's parts.

    Return where the first part begins, what is left, and the headings' new places. Lines before
    the first part are kept: the title may stand outside.
    """
    marks = list(headings) + [i for i, item in enumerate(items) if isinstance(item, RawTable)]
    start = min(headings, default=min(marks, default=0))
    trails = [items[index].trail[:-1] for index in marks]
    around = _common(trails)
    kept: list[Block] = []
    places: dict[int, str] = {}
    new_start = 0
    for index, item in enumerate(items):
        if index == start:
            new_start = len(kept)
        inside = item.trail[: len(around)] == around
        if index >= start and not inside:
            if isinstance(item, Line) and not item.text.strip(PICTURE):
                continue
            text = item.text if isinstance(item, Line) else "（表格）"
            notes.append(Note(Kind.FURNITURE, text, item.origin))
            continue
        if index in headings:
            places[len(kept)] = headings[index]
        outside = index < start and not inside
        kept.append(replace(item, trail=(-1,)) if outside else item)
    return new_start, kept, places


def _common(trails: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    if not trails:
        return ()
    length = 0
    for together in zip(*trails, strict=False):
        if len(set(together)) > 1:
            break
        length += 1
    return trails[0][:length]


def _parts(
    found: Recognised, items: Sequence[Block], headings: dict[int, str], wrapping: Wrapping | None
) -> None:
    """Part the lines at the headings; in a part that is a table, lines may be its cells."""
    spellings, notes = found.spellings, found.notes
    of_part: dict[str, list[Line]] = {}
    key = ""
    numbers: list[tuple[Line, int, int, str]] = []
    for index, item in enumerate(items):
        if index in headings and isinstance(item, Line):
            key = headings[index]
            found.headings[key] = item
            rank, mark, number = number_of(item.text)
            numbers.append((item, rank, number, mark))
            rest = _heading(item, spellings)[1]
            of_part[key] = [replace(item, text=rest, level=0)] if rest else []
        elif isinstance(item, Line):
            of_part.setdefault(key, []).append(item)
        else:
            found.below.setdefault(key, []).append(item)
    _mended(numbers, [headings[index] for index in sorted(headings)], spellings, notes)
    last = key
    for section in spellings.form.sections:
        lines = of_part.get(section.key)
        if lines is None:
            continue
        if section.key == last:
            lines = until_the_end(lines, spellings, notes)
        lines, pictures = without_pictures(lines)
        is_picture = bool(section.table) and section.key not in found.below
        notes += [_picture(place, section.heading, is_table=is_picture) for place in pictures]
        if section.table:
            recovered = rows_of_lines(lines, section.table, found.rows)
            found.tables += recovered.tables
            notes += recovered.notes
            left = recovered.left
            if section.key in found.below:
                # Bands between the pieces of a table are part of it.
                left = [line for line in left if not spellings.all_labels.is_exact(line.text)]
            if left:
                found.stray[section.key] = _together(left)
        else:
            lines = with_doubts(without_furniture(lines, spellings, notes), notes)
            found.parts[section.key] = paragraphs(lines, wrapping)


def _picture(place: str, heading: str, *, is_table: bool) -> Note:
    if is_table:
        message = f"「{heading}」的表格在文件里是图片，要照着录入"
        return Note(Kind.MISSING, message, place)
    return Note(Kind.READING, f"「{heading}」里有图片，没有读入", place)


def _together(lines: Sequence[Line]) -> list[Line]:
    """Set short lines that follow each other, cells for the most part, in one."""
    made: list[Line] = []
    for line in lines:
        if made and len(made[-1].text) + len(line.text) < _LONGEST_HEADING * 2:
            made[-1] = replace(made[-1], text=f"{made[-1].text}　{line.text}")
        else:
            made.append(line)
    return made


def _mended(
    numbers: Sequence[tuple[Line, int, int, str]],
    keys: Sequence[str],
    spellings: Spellings,
    notes: list[Note],
) -> None:
    """Note the numbers of parts that were published wrong: they will be printed right."""
    order = [section.key for section in spellings.form.sections]
    for (line, rank, number, mark), key in zip(numbers, keys, strict=True):
        if mark and (rank, number) != (0, order.index(key) + 1):
            notes.append(
                Note(
                    Kind.NUMBERING, f"「{line.text}」是第 {order.index(key) + 1} 部分", line.origin
                )
            )
        elif not mark and LOST not in line.text:
            notes.append(Note(Kind.NUMBERING, f"「{line.text}」原文没有编号", line.origin))
        heading = line.text[len(mark) :]
        if not any(
            plain(heading).startswith(plain(known))
            for known in (key, *spellings.headings.get(key, ()))
        ):
            notes.append(Note(Kind.READING, f"「{heading}」认作「{key}」", line.origin))

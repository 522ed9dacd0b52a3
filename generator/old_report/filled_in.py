"""A filled-in workbook of ours, out of any spreadsheet program → an office file.

Its cover says that it is one, whose, and under which form; the plan of ``workbook.layout`` says
where everything stands. Prose is taken as it is typed, expressions included.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from generator.form.form import Form, Forms
from generator.form.spellings import plain, read_spellings
from generator.old_report.blocks import Kind, Note, Refused
from generator.old_report.emit import nested, prose, written
from generator.old_report.filled_tables import read_tables
from generator.old_report.imported import Imported, Wishes
from generator.old_report.settle import settle
from generator.system.spreadsheets import Book, Sheet, filled_rows
from generator.values import keys
from generator.workbook.layout import (
    ACCEPTED,
    ACCEPTED_HEAD,
    COVER,
    COVER_FOOT,
    COVER_NAMES,
    PROSE,
    PROSE_HEAD,
    Layout,
    Spot,
    level_words,
    prose_parts,
)
from generator.workbook.prose_rows import Row, text_of

_NOT_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_AGAIN = "用 nianbao workbook 重新写一份，把数填进去"


def is_filled_in(book: Book) -> bool:
    """Whether a workbook is one that ``workbook`` wrote, whatever was done to it since."""
    cover = book.by_name.get(COVER)
    return cover is not None and {keys.YEAR, keys.FORM} <= _cover(cover).keys()


def read_filled_in(file: Path, book: Book, forms: Forms, wishes: Wishes) -> Imported:
    """Read a workbook of ours.

    Raises:
        Refused: its cover names no form, or no year.
    """
    about = _cover(book.by_name[COVER])
    form = _form(about.get(keys.FORM, ""), forms)
    year = wishes.year or _year(about.get(keys.YEAR, ""))
    matched = read_tables(book, Layout(form), read_spellings(form))
    settled = settle(form, matched.figures, blank_is_zero=wishes.blank_is_zero, told=matched.told)
    notes = [*matched.notes, *matched.unplaced, *settled.notes]
    texts = _texts(book, form, notes)
    missing = [s.heading for s in form.sections if not s.table and s.key not in texts]
    notes += [Note(Kind.MISSING, f"「{heading}」没有文字，写成待填") for heading in missing]
    data = _data(form, year, about, texts)
    for section in form.sections:
        if section.table:
            data[section.key] = nested(form.tables[section.table], settled.values)
    accepted = list(_accepted(book))
    ordered = {key: data[key] for key in _order(form) if key in data}
    if accepted:
        ordered[keys.ACCEPTED] = accepted
    return Imported(
        source=file,
        form=form,
        year=year,
        office=wishes.name or about.get(keys.NAME, ""),
        text=written(ordered, {"": [f"由 nianbao import 读自 {file.name}"]}),
        settled=settled,
        found=matched.figures,
        notes=notes,
        missing_texts=missing,
        kind=about.get(keys.KIND, ""),
        is_ours=True,
    )


def _cover(sheet: Sheet) -> dict[str, str]:
    """Return what the cover says, by its labels; those of the foot stand without its name."""
    known = {plain(name): name for name in COVER_NAMES}
    known |= {plain(f"{keys.SIGN_OFF}{name}"): name for name in COVER_FOOT}
    found: dict[str, str] = {}
    for number, texts in filled_rows(sheet):
        name = known.get(plain(texts[0])) if texts else None
        if name and name not in found:
            found[name] = sheet.text(number, 1).strip()
    return found


def _form(written_as: str, forms: Forms) -> Form:
    if written_as.isdecimal() and int(written_as) in forms.first_years:
        return forms.load(int(written_as))
    known = "、".join(map(str, forms.first_years))
    raise Refused(f"「{COVER}」的「{keys.FORM}」是「{written_as}」，可用的有 {known}", _AGAIN)


def _year(written_as: str) -> int:
    if re.fullmatch(r"[12][0-9]{3}", written_as):
        return int(written_as)
    raise Refused(f"「{COVER}」的「{keys.YEAR}」是「{written_as}」，不是年份", "用 --year 给出年度")


def _order(form: Form) -> tuple[str, ...]:
    head = (keys.FORM, keys.YEAR, keys.TITLE, keys.LEAD)
    return (*head, *(section.key for section in form.sections), keys.SIGN_OFF)


def _data(form: Form, year: int, about: Mapping[str, str], texts: Mapping[str, Any]) -> Any:
    """Return everything but the figures as an office file has it."""
    data: dict[str, Any] = {keys.FORM: form.id, keys.YEAR: year}
    if about.get(keys.TITLE):
        data[keys.TITLE] = about[keys.TITLE]
    for key, _ in prose_parts(form):
        if key in texts:
            data[key] = prose(texts[key])
        elif key != keys.LEAD:
            data[key] = keys.UNFILLED
    if foot := {key: about[key] for key in COVER_FOOT if about.get(key)}:
        data[keys.SIGN_OFF] = foot
    return data


# Prose


def _texts(book: Book, form: Form, notes: list[Note]) -> dict[str, Any]:
    """Return the texts by their parts; one without a row is left out."""
    sheet = book.by_name.get(PROSE)
    if sheet is None:
        notes.append(Note(Kind.LABEL, f"没有「{PROSE}」这一页"))
        return {}
    rows: dict[str, list[Row]] = {}
    for key, row in _prose_rows(sheet, form, notes):
        rows.setdefault(key, []).append(row)
    return {key: text_of(found) for key, found in rows.items()}


def _prose_rows(sheet: Sheet, form: Form, notes: list[Note]) -> Iterator[tuple[str, Row]]:
    """Yield every paragraph and heading with the part that it belongs to."""
    parts = {plain(label): key for key, label in prose_parts(form)}
    levels = {_typed(word): level for level, word in enumerate(level_words(form))}
    part = ""
    for number, texts in filled_rows(sheet):
        label, level, text = (*texts, "", "", "")[:3]
        if plain(label) in parts:
            part = parts[plain(label)]
        elif label.strip() and part:
            where = Spot(sheet.name, number, 0).address
            notes.append(Note(Kind.LABEL, f"没有「{label.strip()[:40]}」这个部分", where))
        if not part or label.strip() == PROSE_HEAD[0]:
            continue
        if level.strip() and _typed(level) not in levels:
            where = Spot(sheet.name, number, 1).address
            notes.append(Note(Kind.LABEL, f"没有「{level.strip()[:20]}」这个层次，当作正文", where))
        for line in text.splitlines():
            words = _NOT_TEXT.sub("", line).strip()
            if words:
                yield part, (levels.get(_typed(level), 0), words)


def _typed(word: str) -> str:
    """Return a word that was chosen or typed, whatever its width and spaces."""
    return "".join(unicodedata.normalize("NFKC", word).split())


def _accepted(book: Book) -> Iterator[dict[str, str]]:
    """Yield what the office has accepted: a row an entry, under the heads of the sheet."""
    sheet = book.by_name.get(ACCEPTED)
    if sheet is None:
        return
    under_head = False
    for _, texts in filled_rows(sheet):
        if texts[0].strip() == ACCEPTED_HEAD[0]:
            under_head = True
        elif under_head:
            pairs = zip(ACCEPTED_HEAD, texts, strict=False)
            yield {key: text.strip() for key, text in pairs if text.strip()}

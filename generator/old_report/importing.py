"""One old report, from the file to the text of an office file and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from generator.form.form import Form, Forms
from generator.form.spellings import LOST, read_spellings
from generator.old_report import markdown, original
from generator.old_report.blocks import Blocks, Kind, Note, Refused
from generator.old_report.emit import OfficeFile, emit, has_braces
from generator.old_report.filled_in import is_filled_in, read_filled_in
from generator.old_report.imported import Imported, Wishes
from generator.old_report.match import match
from generator.old_report.outline import Outline, Outliner
from generator.old_report.read_sheets import blocks_of_book
from generator.old_report.recognise import recognise
from generator.old_report.recognised import Recognised
from generator.old_report.settle import settle
from generator.values import keys

_NOTHING = "请检查是否拿错了文件；网页要保存报告所在的那一页，不是栏目列表"


def import_report(file: Path, forms: Forms, wishes: Wishes) -> Imported:
    """Read an old report.

    Raises:
        Refused: the file is no report, or nothing can be read in it.
    """
    content = original.content_of(file)
    book = original.book_of(content)
    if book and is_filled_in(book):
        return read_filled_in(file, book, forms, wishes)
    blocks = blocks_of_book(book, _is_label(forms)) if book else _blocks_of(file, content)
    report = recognise(blocks, forms)
    year = wishes.year or report.year
    if not year:
        raise Refused(
            "看不出是哪一年度的报告：标题和正文都没有写", "用 --year 给出，如 --year 2023"
        )
    form = report.spellings.form
    matched = match(report.tables, report.rows)
    settled = settle(form, matched.figures, blank_is_zero=wishes.blank_is_zero, told=matched.told)
    outliner = Outliner(form.numbering)
    texts = {key: outliner.outline(lines) for key, lines in report.parts.items()}
    missing = [s.heading for s in form.sections if not s.table and _is_empty(texts, s.key)]
    office = wishes.name or report.office
    notes = [*report.notes, *matched.notes, *matched.unplaced, *settled.notes, *outliner.notes]
    notes += _stray(report) + _office_notes(report, wishes, year) + _braces(report)
    if not (settled.read or settled.blank or any(report.parts.values())):
        raise Refused("没有读出一个数、一段文字", _NOTHING)
    notes += [Note(Kind.MISSING, f"「{heading}」没有文字，写成待填") for heading in missing]
    text = emit(
        OfficeFile(
            form=form,
            year=year,
            title=_own_title(report.title, form, office, year),
            lead=[line.text for line in report.lead],
            texts=texts,
            figures=settled.values,
            signed_office=report.signed_office,
            signed_date=report.signed_date,
            remarks=_remarks(file, report, matched.unplaced),
        )
    )
    return Imported(
        file,
        form,
        year,
        office,
        text,
        settled,
        matched.figures,
        notes,
        missing,
        contact=report.contact,
    )


def read_blocks(file: Path, forms: Forms) -> Blocks:
    """Read a file with the reader of its kind.

    Raises:
        Refused: it is none of the kinds that can be read, broken, or made to do harm.
    """
    content = original.content_of(file)
    book = original.book_of(content)
    return blocks_of_book(book, _is_label(forms)) if book else _blocks_of(file, content)


def _is_label(forms: Forms) -> Callable[[str], bool]:
    every = [read_spellings(forms.load(form)) for form in forms.first_years]
    return lambda text: any(known.all_labels.is_exact(text) for known in every)


def _blocks_of(file: Path, content: bytes) -> Blocks:
    original.refuse_other_kinds(content)
    if original.is_archive(content):
        from generator.old_report.read_docx import read_docx

        return read_docx(content)
    if original.is_pdf(content):
        from generator.old_report.read_pdf import read_pdf

        return read_pdf(content)
    blocks = Blocks()
    text = original.text_of(content, blocks)
    holds_tables = markdown.has_tables_only(text)
    if holds_tables or original.is_page(content, file):
        from generator.old_report.read_html import read_html

        read_html(markdown.as_page(text) if holds_tables else text, blocks)
    else:
        from generator.old_report.read_text import read_text

        read_text(markdown.plain_text(text), blocks)
    return blocks


def _is_empty(texts: dict[str, Outline], key: str) -> bool:
    text = texts.get(key)
    return text is None or not (text.paragraphs or text.items)


def _own_title(title: str, form: Form, office: str, year: int) -> str:
    """Return the title where it is not the one that the form prescribes, else nothing."""
    prescribed = re.sub(r"\{\{\s*(\S+?)\s*\}\}", r"{\1}", form.title).format_map(
        {keys.OFFICE: office, keys.YEAR: year}
    )
    is_prescribed = re.sub(r"\s+", "", title) == re.sub(r"\s+", "", prescribed)
    return "" if is_prescribed or LOST in title else title


def _office_notes(report: Recognised, wishes: Wishes, year: int) -> list[Note]:
    notes = []
    if not report.title:
        notes.append(Note(Kind.MISSING, "没有找到标题"))
    if wishes.name and report.office and wishes.name != report.office:
        notes.append(Note(Kind.OFFICE, f"标题里的名称是「{report.office}」，按 {wishes.name} 写"))
    if wishes.year and report.year and report.year != year:
        notes.append(Note(Kind.OFFICE, f"原文的年份是 {report.year}，按 {year} 年度写"))
    return notes


def _stray(report: Recognised) -> list[Note]:
    return [
        Note(
            Kind.UNPLACED, f"这一部分只有表格，原文的这句话写成注释：{line.text[:60]}", line.origin
        )
        for lines in report.stray.values()
        for line in lines
    ]


def _braces(report: Recognised) -> list[Note]:
    lines = [*report.lead, *(line for part in report.parts.values() for line in part)]
    return [
        Note(
            Kind.CONVERTED,
            f'「{line.text[:30]}」里的花括号照原样印出，写成 {{{{ "{{" }}}}',
            line.origin,
        )
        for line in lines
        if has_braces(line.text)
    ]


def _remarks(file: Path, report: Recognised, unplaced: Sequence[Note]) -> dict[str, list[str]]:
    """Return comments: where the file comes from, and what has no place in it."""
    remarks = {"": [f"由 nianbao import 读自 {file.name}"]}
    for note in unplaced:
        remark = f"没有放进去：{note.message}（{note.origin}）"
        remarks.setdefault(note.part, []).append(remark)
    for key, lines in report.stray.items():
        remarks.setdefault(key, []).extend(
            f"原文此处还有：{line.text}（{line.origin}）" for line in lines
        )
    return remarks

"""What was imported, put into a report that is there already: in place, with its comments.

Figures that were read and differ are edited, nothing else in their lines. What was not read, a
blank or a cell that holds no figure, leaves the report as it is. Texts are compared row by row and
taken only from a workbook of ours, where they stand as they are typed in the office file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from generator.drafting.edit_prose import accept, accept_no_more, set_line, set_paragraphs
from generator.drafting.edits import CannotEdit, data_of
from generator.drafting.put_in import changes, with_figures
from generator.form.form import Form
from generator.old_report.blocks import Refused
from generator.old_report.emit import entry_lines, prose
from generator.old_report.imported import Imported
from generator.reading.yaml_edit import YamlText
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import KeyPath, dotted
from generator.values.grid import FigurePath, Number
from generator.workbook.layout import prose_parts
from generator.workbook.prose_rows import rows_of

_LINES: tuple[KeyPath, ...] = (
    (keys.TITLE,),
    (keys.SIGN_OFF, keys.SIGN_OFF_OFFICE),
    (keys.SIGN_OFF, keys.SIGN_OFF_DATE),
)
"""Texts of one line beside the parts."""


def updated(report: Report, imported: Imported) -> tuple[str, list[str]]:
    """Return the text of ``report`` with what was imported, and what changed, in words.

    Raises:
        Refused: the report is of another form or year, or cannot be edited where it would have to.
    """
    if imported.form is not report.form or imported.year != report.year:
        asked = f"{imported.year} 年度、{imported.form.id} 年格式"
        there = f"{report.year} 年度、{report.form.id} 年格式"
        raise Refused(f"读到的是 {asked}，要更新的报告是 {there}", "核对文件和 -o 是不是同一份报告")
    changed = changes(report, _figures(imported))
    try:
        text = with_figures(report, changed)
        said = [str(change) for change in changed]
        if imported.is_ours:
            text, texts = _texts(text, report.form, data_of(imported.text))
            said += texts
    except CannotEdit as error:
        raise Refused(f"{report.at.file} 改不了：{error}", "在文件里改好这一处再导入") from error
    return text, said


def _figures(imported: Imported) -> Mapping[FigurePath, Number | None]:
    """Return what was read: figures, and marks of those that are still to be filled in."""
    return {
        path: found.value
        for path, found in imported.found.items()
        if found.value is not None or found.text == keys.UNFILLED
    }


def _texts(text: str, form: Form, new: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the text with every text of ``new`` that reads otherwise, and what they are called."""
    said = []
    for key, label in prose_parts(form):
        old = data_of(text).get(key)
        if list(rows_of(old)) != list(rows_of(new.get(key))):
            text = _text(text, form, key, old, new.get(key))
            said.append(f"「{label}」改了文字")
    for path in _LINES:
        words = str(_at(new, path) or "")
        if words != str(_at(data_of(text), path) or ""):
            text = set_line(text, form, path, words)
            said.append(f"「{dotted(path)}」改了")
    before = text
    text = _accepted(text, form, new.get(keys.ACCEPTED) or [])
    return text, [*said, *([f"「{keys.ACCEPTED}」改了"] if text != before else [])]


def _at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _text(text: str, form: Form, key: str, old: Any, new: Any) -> str:
    """Edit one part: paragraph by paragraph where its headings stay, else the part as a whole."""
    if (key,) not in YamlText(text).entries or new is None:
        lines = [words for _, words in rows_of(new)] if not isinstance(new, dict) else None
        if lines is None:
            raise CannotEdit(f"「{key}」在文件里还没有，先写一行 {key}: {keys.UNFILLED}")
        return set_paragraphs(text, form, (key,), lines)
    if not _alike(old, new):
        return _whole(text, key, new)
    for path, words in _edits((key,), old, new):
        if path[-1] == keys.HEADING:
            text = set_line(text, form, path, words[0])
        else:
            text = set_paragraphs(text, form, path, words)
    return text


def _alike(old: Any, new: Any) -> bool:
    """Whether two texts have the same headings in number and depth, so that paragraphs compare."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return not isinstance(old, dict | list) and not isinstance(new, dict | list)
    before, after = old.get(keys.ITEMS) or [], new.get(keys.ITEMS) or []
    return len(before) == len(after) and all(
        _alike(one.get(keys.BODY), other.get(keys.BODY))
        for one, other in zip(before, after, strict=True)
    )


def _edits(path: KeyPath, old: Any, new: Any) -> Iterator[tuple[KeyPath, list[str]]]:
    """Yield the texts that read otherwise, with their places."""
    if not isinstance(new, dict):
        if _lines(old) != _lines(new):
            yield path, _lines(new)
        return
    if _lines(old.get(keys.SUMMARY)) != _lines(new.get(keys.SUMMARY)):
        yield (*path, keys.SUMMARY), _lines(new.get(keys.SUMMARY))
    pairs = zip(old.get(keys.ITEMS) or [], new.get(keys.ITEMS) or [], strict=True)
    for index, (before, after) in enumerate(pairs):
        there = (*path, keys.ITEMS, index)
        if str(before[keys.HEADING]).strip() != after[keys.HEADING]:
            yield (*there, keys.HEADING), [after[keys.HEADING]]
        yield from _edits((*there, keys.BODY), before.get(keys.BODY), after.get(keys.BODY))


def _lines(text: Any) -> list[str]:
    return [words for _, words in rows_of(text)]


def _whole(text: str, key: str, new: Any) -> str:
    """Write a part anew: its headings are others."""
    yaml = YamlText(text)
    entry = yaml.entries[key,]
    assert entry.key is not None
    yaml.splice(entry.key[0], entry.end, "\n".join(entry_lines(key, prose(new))))
    return yaml.result()


def _accepted(text: str, form: Form, wanted: list[dict[str, Any]]) -> str:
    """Take out what is accepted no more, and add what is accepted now."""
    new = [_entry(entry) for entry in wanted]
    there = data_of(text).get(keys.ACCEPTED) or []
    old = [_entry(entry) for entry in there if isinstance(entry, dict)]
    if len(old) != len(there):
        return text
    for index in range(len(old) - 1, -1, -1):
        if old[index] not in new:
            text = accept_no_more(text, form, index)
    for entry in new:
        if entry not in old:
            text = accept(text, form, entry)
    return text


def _entry(entry: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(value).strip() for key, value in entry.items()}

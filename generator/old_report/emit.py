"""What was found in an old report → an office file of ours, proved by reading it back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from generator.form.form import Form
from generator.form.tables import TableForm
from generator.old_report.blocks import Refused
from generator.old_report.outline import Outline
from generator.reading import source
from generator.reading.yaml_write import scalar
from generator.values import keys
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits

Value = Number | str
"""A figure, or the mark of an unfilled one."""

_WAY_OUT = "请检查是否拿错了文件，或者删去误贴的内容后再导入"
_BRACES = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")


@dataclass(frozen=True)
class OfficeFile:
    """An office file to be written. ``remarks`` stand as comments: by part, at the head for ""."""

    form: Form
    year: int
    title: str
    lead: Sequence[str]
    texts: Mapping[str, Outline]
    figures: Mapping[FigurePath, Value]
    signed_office: str
    signed_date: str
    remarks: Mapping[str, Sequence[str]]


def has_braces(text: str) -> bool:
    """Whether a text holds what would be read as an expression."""
    return bool(_BRACES.search(text))


def literal(text: str) -> str:
    """Write braces so that they are printed as they are, and not taken for an expression."""
    if not has_braces(text):
        return text
    return re.sub(r"[{}]", lambda found: f'{{{{ "{found[0]}" }}}}', text)


def emit(file: OfficeFile) -> str:
    """Return the YAML of an office file.

    What is returned was read back and holds exactly the figures and texts given.

    Raises:
        Refused: it is more than an office file can hold.
    """
    return written(_data(file), file.remarks)


def written(data: Mapping[str, Any], remarks: Mapping[str, Sequence[str]]) -> str:
    """Return data, laid out by :func:`nested` and :func:`prose`, as YAML with its comments.

    Raises:
        Refused: it is more than an office file can hold.
    """
    lines = [*_comments(remarks.get("", ()), 0)]
    for key, value in data.items():
        lines += _comments(remarks.get(key, ()), 0)
        lines += _entry(key, value, 0)
    text = "\n".join(lines) + "\n"
    try:
        read = source.parse(text.encode(), Path("import"))
    except source.Unreadable as error:
        raise Refused(
            f"读出的内容不像一份年度报告：{error.findings[0].message}", _WAY_OUT
        ) from error
    if read.data != _as_read(data) or read.findings:
        raise AssertionError("写出的文件读回来不一样")
    return text


def _data(file: OfficeFile) -> dict[str, Any]:
    """Return the file's content as plain data."""
    data: dict[str, Any] = {keys.FORM: file.form.id, keys.YEAR: file.year}
    if file.title:
        data[keys.TITLE] = literal(file.title)
    if file.lead:
        data[keys.LEAD] = _block(file.lead)
    for section in file.form.sections:
        if section.table:
            data[section.key] = nested(file.form.tables[section.table], file.figures)
        else:
            data[section.key] = _text(file.texts.get(section.key, Outline()))
    signed = {keys.SIGN_OFF_OFFICE: file.signed_office, keys.SIGN_OFF_DATE: file.signed_date}
    if any(signed.values()):
        data[keys.SIGN_OFF] = {key: value for key, value in signed.items() if value}
    return data


# Prose


class _Block(str):
    """A text to be written as a literal block, a paragraph a line."""


def _block(paragraphs: Sequence[str]) -> _Block:
    return _Block("".join(f"{literal(paragraph)}\n" for paragraph in paragraphs))


def prose(text: Any) -> Any:
    """Lay out a text as it is typed, expressions and all: its strings become blocks."""
    if isinstance(text, dict):
        laid_out = {keys.SUMMARY: prose(text[keys.SUMMARY])} if keys.SUMMARY in text else {}
        items = [
            {keys.HEADING: item[keys.HEADING], keys.BODY: prose(item[keys.BODY])}
            for item in text[keys.ITEMS]
        ]
        return {**laid_out, keys.ITEMS: items}
    return text if text == keys.UNFILLED else _Block(text)


def _text(outline: Outline) -> Any:
    if not outline.items:
        return _block(outline.paragraphs) if outline.paragraphs else keys.UNFILLED
    text: dict[str, Any] = {}
    if outline.paragraphs:
        text[keys.SUMMARY] = _block(outline.paragraphs)
    text[keys.ITEMS] = [
        {keys.HEADING: literal(item.title), keys.BODY: _text(item.body)} for item in outline.items
    ]
    return text


# Figures


class _Row(dict[str, Any]):
    """A row to be written on one line."""


def nested(table: TableForm, figures: Mapping[FigurePath, Value]) -> Any:
    """Nest a table's figures by key; rows and innermost groups of zeros become one 0."""
    root: dict[str, Any] = {}
    rows: dict[FigurePath, dict[str, Value]] = {}
    for path in table.grid.figures:
        if path in figures:
            rows.setdefault(path[:-1] if len(path) > 2 else path, {})[path[-1]] = figures[path]
    for row, values in rows.items():
        node = root
        for step in row[1:-1]:
            node = node.setdefault(step, {})
        is_single = row in table.grid.figures
        node[row[-1]] = values[row[-1]] if is_single else _row(values, table.total)
    _collapse(root)
    return root


def _row(values: Mapping[str, Value], total: str) -> Any:
    """Return a row as short as it can be said: 0, the unfilled mark, or what is not zero."""
    columns = {name: value for name, value in values.items() if name != total}
    if total not in values:
        if all(_is_zero(value) for value in columns.values()):
            return 0
        if all(value == keys.UNFILLED for value in columns.values()):
            return keys.UNFILLED
    return _Row((n, v) for n, v in values.items() if n == total or not _is_zero(v))


def _is_zero(value: Value) -> bool:
    return isinstance(value, int) and value == 0


def _collapse(root: dict[str, Any]) -> None:
    """Let a group that holds nothing but rows of zeros be one 0."""
    for key, child in root.items():
        if isinstance(child, dict) and not isinstance(child, _Row):
            _collapse(child)
            if all(isinstance(row, int) and row == 0 for row in child.values()):
                root[key] = 0


# YAML


def entry_lines(key: str, value: Any) -> list[str]:
    """Return the lines of one part of an office file."""
    return list(_entry(key, value, 0))


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    """Yield the lines of one key with its value."""
    room = " " * indent
    head = f"{room}{_scalar(key)}:"
    if isinstance(value, _Block):
        yield f"{head} |"
        yield from (f"{room}  {line}" for line in value.splitlines())
    elif isinstance(value, _Row):
        inner = ", ".join(f"{_scalar(name)}: {_scalar(item)}" for name, item in value.items())
        yield f"{head} {{{inner}}}"
    elif isinstance(value, dict):
        yield head
        for name, item in value.items():
            yield from _entry(name, item, indent + 2)
    elif isinstance(value, list):
        yield head
        for item in value:
            yield from _item(item, indent + 2)
    else:
        yield f"{head} {_scalar(value)}"


def _item(item: Mapping[str, Any], indent: int) -> Iterator[str]:
    """Yield the lines of one element of a list, a mapping."""
    lines = [line for key, value in item.items() for line in _entry(key, value, indent + 2)]
    lines[0] = " " * indent + "- " + lines[0][indent + 2 :]
    yield from lines


def _scalar(value: Any) -> str:
    """Write a scalar plain where it is read back as it is, else in double quotes."""
    return digits(value) if isinstance(value, int | Decimal) else scalar(str(value))


def _comments(remarks: Sequence[str], indent: int) -> Iterator[str]:
    for remark in remarks:
        printable = "".join(c if c.isprintable() else " " for c in remark)
        yield f"{' ' * indent}# {' '.join(printable.split())}"


def _as_read(value: Any) -> Any:
    """Return data as our reader gives it back."""
    if isinstance(value, dict):
        return {key: _as_read(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_read(inner) for inner in value]
    return str(value) if isinstance(value, str) else value

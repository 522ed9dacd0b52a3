"""Figures changed in the text of a report: a figure, a block of them, a declaration over many.

Pure: a text and a wish in, the new text out. Nothing but what was asked for changes; where the file
is written in a way that does not allow that, the change is refused with the line to look at.

A figure may stand below something that was declared for all of them (``0``, ``待填``). The
declaration is then unfolded: every figure it spoke of says the same for itself, and one differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from generator.drafting.questions import skeleton_of
from generator.form.form import Form
from generator.reading import source
from generator.reading.yaml_edit import YamlText
from generator.reading.yaml_write import flow
from generator.report.figures import expand
from generator.values import keys
from generator.values.diagnostics import KeyPath, Place
from generator.values.grid import FigurePath
from generator.values.numerals import digits

HERE = Path("-")
"""Stands for the file in findings about a text that is not written yet."""

_THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER = re.compile(r"(-?)0*(\d+)(\.\d+)?")


class CannotEdit(Exception):
    """A change that makes no sense; the message is for users."""


def data_of(text: str) -> dict[str, Any]:
    """Return what a text holds.

    Raises:
        CannotEdit: it is no report; its findings say why.
    """
    try:
        data = source.parse(text.encode(), HERE).data
    except source.Unreadable as error:
        line = error.findings[0].position.line
        raise CannotEdit(f"文件第 {line} 行写错了，先改正它") from error
    if not isinstance(data, dict):
        raise CannotEdit("文件里没有一组「键: 值」，先改正它")
    return data


def set_figure(text: str, form: Form, path: FigurePath, typed: str) -> str:
    """Put a figure as it was typed in its place; an empty one is still to be filled in.

    An empty total is one that the program adds up.
    """
    value = _written(typed)
    if value == keys.UNFILLED and is_total(form, path):
        return _without_total(text, form, path)
    for other, known in _rest_of_totals(text, form, path):
        text = _put(text, form, other, known)
    new = _put(text, form, path, value)
    _verify(text, new, form, path)
    return new


def _rest_of_totals(text: str, form: Form, path: FigurePath) -> Iterator[tuple[FigurePath, str]]:
    """Yield the other columns of a row of totals: it is added up, or typed as a whole."""
    table, row = form.table_by_key[path[0]], path[:-1]
    if table.total not in row or row in YamlText(text).entries:
        return
    figures = expand(form, data_of(text))
    for other in table.figures_by_row[row]:
        if other != path and other[-1] != table.total:
            yield other, digits(figures.values.get(other, keys.UNFILLED))


def set_figures(text: str, form: Form, typed: Iterable[tuple[FigurePath, str]]) -> str:
    """Put several figures in their places, as a block out of a spreadsheet.

    A total in the block that is what the program comes to need not be written.
    """
    cells = list(typed)
    for path, value in cells:
        if not is_total(form, path):
            text = set_figure(text, form, path, value)
    computed = expand(form, data_of(text))
    for path, value in cells:
        if not is_total(form, path) or _written(value) == keys.UNFILLED:
            continue
        if path in computed.typed or _written(value) != digits(computed.get(path)):
            text = set_figure(text, form, path, value)
    return text


def fill_zero(text: str, form: Form, place: FigurePath) -> str:
    """Say of everything below ``place`` that is still to be filled in that it is zero."""
    figures = expand(form, data_of(text))
    for path in form.figures:
        if path[: len(place)] != place or path not in figures.unfilled or is_total(form, path):
            continue
        if expand(form, data_of(text)).get(path) is None:
            text = _zero(text, form, path)
    return text


def _zero(text: str, form: Form, path: FigurePath) -> str:
    """Let a figure be zero, with all others that the same mark asks for where it stands."""
    entries = YamlText(text).entries
    depth = next(d for d in range(len(path), 0, -1) if path[:d] in entries)
    return declare(text, form, path[:depth], "0")


def declare(text: str, form: Form, path: FigurePath, typed: str) -> str:
    """Say one thing of all figures below ``path``: that they are zero, or not filled in yet."""
    value = _written(typed)
    if value not in ("0", keys.UNFILLED, keys.ROLL_UP):
        raise CannotEdit(f"整行、整组只能写 0 或{keys.UNFILLED}")
    new = _put(text, form, path, value)
    _verify(text, new, form, path)
    return new


def is_total(form: Form, path: FigurePath) -> bool:
    """Whether a figure is one that the program adds up."""
    return path in form.table_by_key[path[0]].addends


def _written(typed: str) -> str:
    """Return a figure as the file holds it: the same number, less what spreadsheets add."""
    value = unicodedata.normalize("NFKC", typed).strip()
    if value in ("", keys.UNFILLED):
        return keys.UNFILLED
    if value in (keys.NONE, "/", "-", "—"):
        if value != keys.NONE:
            raise CannotEdit(f"「{value}」不是数：没有就写 0，还不知道就留空")
        return "0"
    if value == keys.ROLL_UP:
        return value
    if _THOUSANDS.fullmatch(value):
        value = value.replace(",", "")
    found = _NUMBER.fullmatch(value)
    if not found:
        raise CannotEdit(f"「{typed.strip()}」不是数：只写数字，没有就写 0，还不知道就留空")
    sign, whole, fraction = found[1], found[2], found[3] or ""
    if not fraction.strip(".0"):
        fraction = ""
    number = whole + fraction
    return f"{sign if number.strip('0.') else ''}{number}"


def _put(text: str, form: Form, path: FigurePath, value: str) -> str:
    yaml = YamlText(text)
    depth = next(d for d in range(len(path), -1, -1) if path[:d] in yaml.entries)
    here = yaml.entries[path[:depth]]
    if depth == len(path):
        yaml.replace(path, value)
    elif here.kind == "scalar":
        said = text[here.start : here.end].strip()
        others = "0" if said == keys.NONE else said or keys.UNFILLED
        _unfold(yaml, path[:depth], _said(form, path, depth, value, others))
    elif here.kind == "mapping":
        rest = len(path) > depth + 1
        said = flow(_said(form, path, depth + 1, value, keys.UNFILLED)) if rest else value
        put_key(yaml, path[:depth], path[depth], said, _order(form, path[:depth]))
    else:
        raise CannotEdit("这里写成了一列，不是一组「键: 值」，先在文件里改正")
    return yaml.result()


def _said(form: Form, path: FigurePath, depth: int, value: str, others: str) -> dict[str, Any]:
    """Return a group in which ``value`` stands at ``path`` and ``others`` everywhere else.

    Totals are left out. So are the columns of a row that are zero; rows stand on one line each.
    """
    around, key = path[:depth], path[depth]
    asked = _asked(form, around)
    is_short = others == "0" and not any(_asked(form, (*around, other)) for other in asked)
    said: dict[str, Any] = {} if is_short else dict.fromkeys(asked, others)
    if depth + 1 == len(path):
        said[key] = value
    else:
        inner = _said(form, path, depth + 1, value, others)
        is_row = not any(isinstance(below, dict) for below in inner.values())
        said[key] = flow(inner) if is_row and len(path) == depth + 2 else inner
    return said


def _asked(form: Form, path: FigurePath) -> tuple[str, ...]:
    """Return the keys right below a place that are asked for; none below a figure.

    What may be named in prose and is not printed is not asked for either.
    """
    rows: Any = skeleton_of(form, path[0])
    for step in path[1:]:
        rows = rows.get(step) if rows else None
    if rows is not None or path[-1] != form.table_by_key[path[0]].total:
        return tuple(rows or ())
    return tuple(key for key in form.names.below(path) if key != path[-1])


def _unfold(yaml: YamlText, path: FigurePath, said: dict[str, Any]) -> None:
    """Write a row on one line, and a group of rows on lines of its own."""
    entry = yaml.entries[path]
    if entry.in_flow or not isinstance(next(iter(said.values())), dict | str):
        yaml.replace(path, flow(said))
    elif any(isinstance(inner, dict) or inner.startswith("{") for inner in said.values()):
        yaml.unfold(path, said)
    else:
        yaml.replace(path, flow(said))


def put_key(yaml: YamlText, around: KeyPath, key: str, value: str, order: Iterable[str]) -> None:
    """Add an entry to a mapping, behind the last of those that come before it in ``order``."""
    siblings = [str(path[-1]) for path in yaml.children(around)]
    if not siblings:
        yaml.replace(around, flow({key: value}))
        return
    known = list(order)
    before = set(known[: known.index(key)] if key in known else known)
    last = next((name for name in reversed(siblings) if name in before), None)
    yaml.insert(around, (*around, last) if last else None, key, value)


def _order(form: Form, path: FigurePath) -> tuple[str, ...]:
    """Return the keys right below a place in the form's order, the total's last."""
    if not path:
        return top_keys(form)
    return (*_asked(form, path), form.table_by_key[path[0]].total)


def top_keys(form: Form) -> tuple[str, ...]:
    """Return the keys of a report in the order in which they are written."""
    head = (keys.FORM, keys.YEAR, keys.TITLE, keys.LEAD)
    return (*head, *(part.key for part in form.sections), keys.SIGN_OFF, keys.ACCEPTED)


def _without_total(text: str, form: Form, path: FigurePath) -> str:
    """Take out a typed total, so that it is added up again; a row of totals goes as a whole."""
    total = form.table_by_key[path[0]].total
    place = path[: path.index(total) + 1]
    yaml = YamlText(text)
    if place not in yaml.entries:
        return text
    if len(yaml.children(place[:-1])) > 1:
        yaml.remove(place)
    else:
        yaml.replace(place[:-1], "0")
    return yaml.result()


def _verify(before: str, after: str, form: Form, changed: FigurePath) -> None:
    """Make sure that no other figure has become another.

    Raises:
        CannotEdit: one has, or the new one is not what the form allows there.
    """
    old, new = data_of(before), data_of(after)
    known = {finding.message for finding in form.shape.findings(old, HERE)}
    wrong = [f for f in form.shape.findings(new, HERE) if f.message not in known]
    if wrong:
        raise CannotEdit(f"{wrong[0].message}；{wrong[0].hint}")
    was, now = expand(form, old), expand(form, new)
    for path in form.figures:
        if path[: len(changed)] == changed or is_total(form, path):
            continue
        if (was.get(path), path in was.unfilled) != (now.get(path), path in now.unfilled):
            line = source.parse(before.encode(), HERE).locate(Place(HERE, changed)).line
            raise CannotEdit(f"第 {line} 行的写法页面改不了，请在文件里改")

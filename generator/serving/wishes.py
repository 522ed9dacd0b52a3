"""What a page asks for, as JSON → the change of a report that it means, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from generator.drafting import edit_prose, edits
from generator.drafting.edits import CannotEdit
from generator.form.form import Form
from generator.serving.desk import Change, Sheet
from generator.values import keys
from generator.values.diagnostics import KeyPath
from generator.values.grid import FigurePath

_MOST_CELLS = 2_000
_DEEPEST = 24
_Wish = Mapping[str, Any]


def change_of(wish: _Wish) -> Change:
    """Return the change that a wish asks for.

    Raises, when the change is made:
        CannotEdit: the wish is not one of ours, or makes no sense in this report.
    """
    kind = wish.get("do")
    if kind == "repair":
        return lambda sheet: edit_prose.replace_line(
            sheet.text, _whole(wish, "line"), _text(wish, "value")
        )
    if not isinstance(kind, str) or kind not in _CHANGES:
        raise CannotEdit("不认识这种改动")
    make = _CHANGES[kind]
    return lambda sheet: make(sheet.text, _form(sheet), wish)


def _form(sheet: Sheet) -> Form:
    form = sheet.form
    if form is None:
        raise CannotEdit("文件还读不出来，先改正")
    return form


def _figure(text: str, form: Form, wish: _Wish) -> str:
    return edits.set_figure(text, form, _figure_path(form, wish.get("path")), _text(wish, "value"))


def _figures(text: str, form: Form, wish: _Wish) -> str:
    cells = wish.get("cells")
    if not isinstance(cells, list) or len(cells) > _MOST_CELLS:
        raise CannotEdit("粘贴的内容太多")
    typed = []
    for cell in cells:
        if not isinstance(cell, list) or len(cell) != 2 or not isinstance(cell[1], str):
            raise CannotEdit("粘贴的内容不对")
        typed.append((_figure_path(form, cell[0]), cell[1]))
    return edits.set_figures(text, form, typed)


def _zero(text: str, form: Form, wish: _Wish) -> str:
    return edits.fill_zero(text, form, _group_path(form, wish.get("path")))


def _paragraphs(text: str, form: Form, wish: _Wish) -> str:
    lines = wish.get("value")
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise CannotEdit("文字的样子不对")
    return edit_prose.set_paragraphs(text, form, _prose_path(form, wish), lines)


def _line(text: str, form: Form, wish: _Wish) -> str:
    path = _path(wish.get("path"))
    foot = (keys.SIGN_OFF_OFFICE, keys.SIGN_OFF_DATE)
    known = [(keys.TITLE,), *((keys.SIGN_OFF, key) for key in foot)]
    is_heading = path[-1] == keys.HEADING and path[0] in _prose_parts(form)
    if path not in known and not is_heading:
        raise CannotEdit("这一处不能改")
    return edit_prose.set_line(text, form, path, _text(wish, "value"))


def _add(text: str, form: Form, wish: _Wish) -> str:
    path, index = _prose_path(form, wish), _whole(wish, "index")
    return edit_prose.add_item(text, form, path, index, _text(wish, "value"))


def _remove(text: str, form: Form, wish: _Wish) -> str:
    return edit_prose.remove_item(text, form, _prose_path(form, wish))


def _move(text: str, form: Form, wish: _Wish) -> str:
    return edit_prose.move_item(text, form, _prose_path(form, wish), _whole(wish, "by"))


def _accept(text: str, form: Form, wish: _Wish) -> str:
    rule = _text(wish, "rule")
    if not form.is_acceptable(rule):
        raise CannotEdit(f"{rule} 不能接受，必须改正")
    return edit_prose.accept(
        text,
        form,
        {
            keys.ACCEPTED_RULE: rule,
            keys.ACCEPTED_PLACE: _text(wish, "place"),
            keys.ACCEPTED_REASON: _text(wish, "reason"),
            keys.ACCEPTED_BY: _text(wish, "by"),
            keys.ACCEPTED_ON: _text(wish, "on"),
            keys.ACCEPTED_UNTIL: _text(wish, "until"),
        },
    )


def _accept_no_more(text: str, form: Form, wish: _Wish) -> str:
    return edit_prose.accept_no_more(text, form, _whole(wish, "index"))


_CHANGES: Mapping[str, Callable[[str, Form, _Wish], str]] = {
    "figure": _figure,
    "figures": _figures,
    "zero": _zero,
    "paragraphs": _paragraphs,
    "line": _line,
    "add": _add,
    "remove": _remove,
    "move": _move,
    "accept": _accept,
    "unaccept": _accept_no_more,
}


def _path(value: Any) -> KeyPath:
    steps = value if isinstance(value, list) and 0 < len(value) <= _DEEPEST else None
    if steps is None or not all(type(step) in (str, int) for step in steps):
        raise CannotEdit("没有这一处")
    return tuple(steps)


def _figure_path(form: Form, value: Any) -> FigurePath:
    path = _path(value)
    if path not in form.figures:
        raise CannotEdit("表里没有这一格")
    return tuple(map(str, path))


def _group_path(form: Form, value: Any) -> FigurePath:
    path = tuple(map(str, _path(value)))
    if form.names.find(path) is None:
        raise CannotEdit("表里没有这一行")
    return path


def _prose_path(form: Form, wish: _Wish) -> KeyPath:
    path = _path(wish.get("path"))
    if path[0] not in (*_prose_parts(form), keys.LEAD):
        raise CannotEdit("这一处不是文字")
    return path


def _prose_parts(form: Form) -> list[str]:
    return [section.key for section in form.sections if section.table is None]


def _text(wish: _Wish, key: str) -> str:
    value = wish.get(key, "")
    if not isinstance(value, str):
        raise CannotEdit("内容的样子不对")
    return value


def _whole(wish: _Wish, key: str) -> int:
    value = wish.get(key)
    if type(value) is not int:
        raise CannotEdit("内容的样子不对")
    return value

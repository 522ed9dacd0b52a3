"""A change of a report's text is that change and no other: the data, the lines, the comments."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from generator.drafting import edit_prose, edits
from generator.drafting.edits import CannotEdit, data_of
from generator.drafting.encoded import encoded_like
from generator.drafting.new_report import new_report
from generator.form.form import Form, Forms
from generator.reading.yaml_write import quoted, scalar, single_quoted
from generator.report.figures import Figures, expand
from generator.values import keys
from support import EXAMPLES

FORMS = Forms()
FORM = FORMS.load(2021)


def texts() -> dict[str, str]:
    """Return reports written in every style: full, blank, declared zero, flow and block."""
    files = [f for f in sorted(EXAMPLES.rglob("202[1-9].yaml")) if FORM.covers(int(f.stem))]
    found = {file.relative_to(EXAMPLES).as_posix(): file.read_text("utf-8") for file in files}
    found = {name: text for name, text in found.items() if keys.ROLL_UP not in text}
    kind = FORMS.offices.kinds[0]
    found["blank"] = new_report(Path("x"), 2024, kind, FORMS).text
    nothing = found["songzhuang/2024.yaml"]
    for table in FORM.tables.values():
        nothing = edits.declare(nothing, FORM, (table.key,), "0")
    found["nothing"] = nothing
    unknown = found["songzhuang/2024.yaml"]
    for table in FORM.tables.values():
        unknown = edits.declare(unknown, FORM, (table.key,), keys.UNFILLED)
    found["unknown"] = unknown
    return found


TEXTS = texts()


@given(text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12))
@example("二〇二四年：甲、乙（丙）")
@example("12")
@example("true")
@example("甲: 乙")
@example("\u2028\u2029")
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    for write in (scalar, quoted) if "\u2028" in text or "\u2029" in text else WAYS:
        assert data_of(f"甲: {write(text)}\n") == {"甲": text}
        assert data_of(f"{{甲: {write(text)}, 乙: 0}}\n") == {"甲": text, "乙": 0}


WAYS = (scalar, quoted, single_quoted)
OWN = [path for path in FORM.figures if not edits.is_total(FORM, path)]
some_text = st.sampled_from(sorted(TEXTS)).map(TEXTS.__getitem__)
some_figure = st.sampled_from(OWN)
some_number = st.one_of(st.integers(0, 9), st.integers(0, 10**9)).map(str)


def figures_of(text: str, form: Form = FORM) -> Figures:
    return expand(form, data_of(text))


def known(text: str) -> dict[Any, Any]:
    """Return what a report says of every figure that is no sum."""
    figures = figures_of(text)
    return {p: figures.get(p) if p not in figures.unfilled else keys.UNFILLED for p in OWN}


def comments(text: str) -> list[str]:
    return re.findall(r"(?m)(?:^|\s)#.*$", text)


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.split("\n"), after.split("\n"), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@given(some_text, some_figure, some_number)
@settings(max_examples=60, deadline=None)
def test_a_figure_is_the_one_that_changes(text: str, path: Any, number: str) -> None:
    after = edits.set_figure(text, FORM, path, number)
    assert known(after) == {**known(text), path: int(number)}
    assert comments(after) == comments(text)
    gone = [line for line in changed_lines(text, after) if line.startswith("-")]
    assert len(gone) <= 1, "one line of the old file is another; an unfolded row may need several"


@given(some_text, some_figure, some_number)
@settings(max_examples=30, deadline=None)
def test_a_figure_that_is_cleared_is_to_be_filled_in_and_is_no_zero(
    text: str, path: Any, number: str
) -> None:
    filled = edits.set_figure(text, FORM, path, number)
    after = edits.set_figure(filled, FORM, path, "")
    assert known(after) == {**known(text), path: keys.UNFILLED}
    assert path in figures_of(after).unfilled


@given(some_text, some_number)
@settings(max_examples=30, deadline=None)
def test_a_total_is_typed_and_compared_or_added_up_again(text: str, number: str) -> None:
    totals = [path for path in FORM.figures if edits.is_total(FORM, path)]
    for path in totals[:: max(1, len(totals) // 4)]:
        after = edits.set_figure(text, FORM, path, number)
        assert known(after) == known(text)
        assert figures_of(after).get(path) == int(number) and path in figures_of(after).typed
        cleared = edits.set_figure(after, FORM, path, "")
        assert path not in figures_of(cleared).typed and known(cleared) == known(text)


@given(some_text, st.dictionaries(some_figure, some_number, min_size=2, max_size=12))
@settings(max_examples=20, deadline=None)
def test_a_block_is_its_figures_one_by_one(text: str, cells: dict[Any, str]) -> None:
    after = edits.set_figures(text, FORM, list(cells.items()))
    assert known(after) == known(text) | {path: int(value) for path, value in cells.items()}
    assert comments(after) == comments(text)


def test_totals_in_a_block_are_written_only_where_they_are_wrong() -> None:
    text = TEXTS["nothing"]
    (table,) = [t for t in FORM.tables.values() if len(t.grid.figures) > 100]
    row = table.figures_by_row[table.rows[0]]
    right = [(path, str(i)) for i, path in enumerate(row[:-1])]
    total = sum(range(len(row) - 1))
    after = edits.set_figures(text, FORM, [*right, (row[-1], str(total))])
    assert row[-1] not in figures_of(after).typed and figures_of(after).get(row[-1]) == total
    after = edits.set_figures(text, FORM, [*right, (row[-1], "99")])
    assert figures_of(after).get(row[-1]) == 99


@pytest.mark.parametrize("name", TEXTS)
def test_the_rest_is_declared_zero_and_nothing_else(name: str) -> None:
    text = TEXTS[name]
    for table in FORM.tables.values():
        before = known(text)
        text = edits.fill_zero(text, FORM, (table.key,))
        mine = {p: 0 for p in before if p[0] == table.key and before[p] == keys.UNFILLED}
        assert known(text) == before | mine


@pytest.mark.parametrize(
    ("typed", "written"),
    [("１２", "12"), ("1,234", "1234"), (" 7 ", "7"), ("007", "7"), ("12.00", "12"), ("无", "0")],
)
def test_what_spreadsheets_add_to_a_number_is_left_out(typed: str, written: str) -> None:
    path = OWN[-1]
    after = edits.set_figure(TEXTS["nothing"], FORM, path, typed)
    assert str(figures_of(after).get(path)) == written


@pytest.mark.parametrize(
    "typed", ["12件", "一", "-3", "1.5", "/", "—", "1 2", "1,2", "0x1F", "1e3", "="]
)
def test_what_is_no_count_is_refused_in_plain_words(typed: str) -> None:
    path = next(path for path in OWN if len(path) > 2)
    with pytest.raises(CannotEdit) as refused:
        edits.set_figure(TEXTS["nothing"], FORM, path, typed)
    assert typed in str(refused.value)


def test_money_stays_exactly_as_it_was_typed() -> None:
    path = next(p for p in OWN if _takes(p, "72701.2578"))
    after = edits.set_figure(TEXTS["nothing"], FORM, path, "72,701.2578")
    assert str(figures_of(after).get(path)) == "72701.2578"


def _takes(path: Any, typed: str) -> bool:
    try:
        edits.set_figure(TEXTS["nothing"], FORM, path, typed)
    except CannotEdit:
        return False
    return True


# Words.

PROSE = [section.key for section in FORM.sections if section.table is None]
sentence = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cn", "Co")), min_size=1, max_size=30
).filter(lambda text: edit_prose.cleaned(text) not in ("", keys.UNFILLED))


def places(text: str) -> list[Any]:
    """Return the places of a report's texts."""
    found: list[Any] = []

    def walk(value: Any, path: Any) -> None:
        if isinstance(value, str):
            found.append(path)
        for key, inner in value.items() if isinstance(value, dict) else ():
            walk(inner, (*path, key))
        for index, inner in enumerate(value) if isinstance(value, list) else ():
            walk(inner, (*path, index))

    data = data_of(text)
    for key in (keys.LEAD, *PROSE):
        walk(data.get(key), (key,))
    return [path for path in found if path[-1] != keys.HEADING]


def put(data: Any, path: Any, value: Any) -> Any:
    """Return data with one value changed."""
    if not path:
        return value
    if isinstance(data, list):
        return [put(v, path[1:], value) if i == path[0] else v for i, v in enumerate(data)]
    return {k: put(v, path[1:], value) if k == path[0] else v for k, v in data.items()}


def at(data: Any, path: Any) -> Any:
    for step in path:
        data = data[step]
    return data


@given(some_text, st.data(), st.lists(sentence, min_size=1, max_size=4))
@settings(max_examples=80, deadline=None)
def test_paragraphs_are_the_text_that_changes(text: str, data: Any, lines: list[str]) -> None:
    path = data.draw(st.sampled_from(places(text)))
    after = edit_prose.set_paragraphs(text, FORM, path, lines)
    wanted = "\n".join(edit_prose.cleaned(line) for line in lines)
    assert at(data_of(after), path).rstrip("\n") == wanted
    old, new = data_of(text), data_of(after)
    assert put(new, path, None) == put(old, path, None)
    assert comments_outside(text, path) == comments_outside(after, path)


def comments_outside(text: str, path: Any) -> list[str]:
    """Return the comment lines of a report; a text may hold lines that look like some."""
    written = str(at(data_of(text), path)).split("\n")
    lines = [line.strip() for line in text.split("\n")]
    return [line for line in lines if line.startswith("#") and line not in written]


@pytest.mark.parametrize("name", TEXTS)
def test_a_paragraph_that_stays_is_not_touched(name: str) -> None:
    text = TEXTS[name]
    for path in places(text):
        value = str(at(data_of(text), path))
        lines = [line for line in value.split("\n") if line.strip()]
        if value != keys.UNFILLED:
            assert edit_prose.set_paragraphs(text, FORM, path, lines) == text
            after = edit_prose.set_paragraphs(text, FORM, path, [*lines, "另一段。"])
            assert [each[0] for each in changed_lines(text, after)] == ["+"]


def headings(text: str) -> list[Any]:
    found = [path[: path.index(keys.ITEMS) + 2] for path in places(text) if keys.ITEMS in path]
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("name", TEXTS)
def test_a_heading_that_is_added_and_taken_out_leaves_the_file_as_it_was(name: str) -> None:
    text = TEXTS[name]
    for path in headings(text):
        for index in range(len(at(data_of(text), path[:-1])) + 1):
            after = edit_prose.add_item(text, FORM, path[:-2], index, "新的小标题")
            item = at(data_of(after), (*path[:-1], index))
            assert item == {keys.HEADING: "新的小标题", keys.BODY: keys.UNFILLED}
            assert edit_prose.remove_item(after, FORM, (*path[:-1], index)) == text


@pytest.mark.parametrize("name", TEXTS)
def test_a_heading_that_is_moved_there_and_back_leaves_the_file_as_it_was(name: str) -> None:
    text = TEXTS[name]
    for path in headings(text):
        items = at(data_of(text), path[:-1])
        after = edit_prose.move_item(text, FORM, path, 1)
        if path[-1] + 1 == len(items):
            assert after == text
            continue
        moved = list(items)
        moved.insert(path[-1] + 1, moved.pop(path[-1]))
        assert at(data_of(after), path[:-1]) == moved
        assert sorted(comments(after)) == sorted(comments(text))
        assert edit_prose.move_item(after, FORM, (*path[:-1], path[-1] + 1), -1) == text


def test_a_text_gets_headings_of_three_levels_and_no_more() -> None:
    text = TEXTS["songzhuang/2024.yaml"]
    path: Any = (PROSE[-1],)
    before = data_of(text)[PROSE[-1]]
    for _ in range(edit_prose.DEEPEST):
        text = edit_prose.add_item(text, FORM, path, 0, "小标题")
        path = (*path, keys.ITEMS, 0, keys.BODY)
    assert data_of(text)[PROSE[-1]][keys.SUMMARY] == before
    with pytest.raises(CannotEdit, match="三级"):
        edit_prose.add_item(text, FORM, path, 0, "小标题")


LINES: dict[str, Callable[[str], str]] = {
    "title": lambda t: edit_prose.set_line(t, FORM, (keys.TITLE,), "2024年：报告"),
    "day": lambda t: edit_prose.set_line(
        t, FORM, (keys.SIGN_OFF, keys.SIGN_OFF_DATE), "2025-02-01"
    ),
    "signer": lambda t: edit_prose.set_line(
        t, FORM, (keys.SIGN_OFF, keys.SIGN_OFF_OFFICE), "某某局"
    ),
    "acceptance": lambda t: edit_prose.accept(
        t,
        FORM,
        {
            keys.ACCEPTED_RULE: "Y-2",
            keys.ACCEPTED_REASON: "集中清理: #1",
            keys.ACCEPTED_BY: "办公室",
        },
    ),
}


@pytest.mark.parametrize("what", LINES)
@pytest.mark.parametrize("name", TEXTS)
def test_short_words_are_one_line_of_the_file(name: str, what: str) -> None:
    text = TEXTS[name]
    after = LINES[what](text)
    lines = changed_lines(text, after)
    assert 1 <= len(lines) <= 2 and after != text
    assert comments(after.replace(": #1", "")) == comments(text)
    assert data_of(after).keys() >= data_of(text).keys()


def test_what_is_accepted_is_taken_back_entry_by_entry() -> None:
    text = TEXTS["songzhuang/2024.yaml"]
    entries = [{keys.ACCEPTED_RULE: f"Y-{n}", keys.ACCEPTED_REASON: f"理由{n}"} for n in (1, 2)]
    once = edit_prose.accept(text, FORM, entries[0])
    twice = edit_prose.accept(once, FORM, entries[1])
    assert data_of(twice)[keys.ACCEPTED] == entries
    assert edit_prose.accept_no_more(twice, FORM, 1) == once
    assert edit_prose.accept_no_more(once, FORM, 0) == text
    for empty in (f"{text}{keys.ACCEPTED}: []\n", f"{text}{keys.ACCEPTED}:\n"):
        assert data_of(edit_prose.accept(empty, FORM, entries[0]))[keys.ACCEPTED] == entries[:1]


# Bytes.


@given(
    st.lists(st.tuples(st.sampled_from("ab甲"), st.sampled_from(["\n", "\r\n", "\r"]))), st.data()
)
@settings(max_examples=60, deadline=None)
def test_a_line_that_stays_keeps_its_end(lines: list[tuple[str, str]], data: Any) -> None:
    mark = data.draw(st.sampled_from([b"", b"\xef\xbb\xbf"]))
    old = mark + "".join(map("".join, lines)).encode()
    text = "".join(f"{line}\n" for line, _ in lines)
    assert encoded_like(old, text) == old
    assert encoded_like(old, f"{text}新").startswith(old)

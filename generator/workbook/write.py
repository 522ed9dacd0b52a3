"""A report → a workbook to fill in (extra ``xlsx``): the same report gives the same bytes."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from generator.findings.printing import NAMES
from generator.form.rules import FACTS
from generator.judging.examine import Examined
from generator.report.narrative import Prose
from generator.report.report import Report
from generator.system.extras import MissingExtra
from generator.values import keys
from generator.values.diagnostics import KeyPath, Severity
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits
from generator.workbook.layout import (
    ACCEPTED,
    ACCEPTED_HEAD,
    CHECKS,
    COVER,
    COVER_NAMES,
    COVER_TOP,
    PROSE,
    PROSE_HEAD,
    Layout,
    Spot,
    cover_name,
    level_words,
    prose_parts,
)
from generator.workbook.pages import Pages, height
from generator.workbook.prose_rows import Row, rows_of
from generator.workbook.relations import Accepted, Known, Relation, relations
from generator.workbook.write_table import TableWriter

_CREATED = datetime(2000, 1, 1)
"""No clock: the same report gives the same bytes."""
_SPARE = 5
"""Empty rows behind every part of the prose, and three times as many for accepted findings."""
_LONGEST_CELL = 32_000
"""Characters that a cell may hold, with some to spare."""
_HOW = (
    f"按各张表填数，在「{PROSE}」写文字，保存后用 nianbao import 读回。没有的填 0，"
    f"还不知道的写「{keys.UNFILLED}」；灰色的格自动合计；不相符的地方在表的下面和「{CHECKS}」里用一句话说明。"
)


class CannotHold(Exception):
    """A text that is too long for a cell; the message is for the user."""


def write_workbook(examined: Examined) -> bytes:
    """Return a report that could be read as a workbook.

    Raises:
        MissingExtra: XlsxWriter is not installed.
        CannotHold: a paragraph is longer than a cell may be.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped]
    except ImportError as error:
        raise MissingExtra("写工作簿要用 XlsxWriter", "xlsx") from error
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        report = examined.report
        assert report is not None
        book.set_properties({"created": _CREATED, "title": report.office.name})
        accepted = {(f.code, f.place.path) for f in examined.findings if f.accepted}
        _Writer(book, report, examined.prose or {}, accepted).write()
    return out.getvalue()


class _Writer:
    """Writes the sheets one after the other."""

    def __init__(
        self,
        book: Any,
        report: Report,
        rendered: Mapping[KeyPath, Prose],
        accepted: Collection[Accepted],
    ) -> None:
        self.pages = Pages(book)
        self.report = report
        self.rendered = rendered
        self.layout = Layout(report.form)
        figures, previous = _with_totals(report), _last_year(report)
        self.known = Known(self.layout, figures, previous, _facts(report))
        self.relations = relations(report.form, self.known, accepted)

    def write(self) -> None:
        self._cover()
        for sheet in self.layout.sheets.values():
            own = [relation for relation in self.relations if relation.table == sheet.name]
            writer = TableWriter(self.pages, self.layout, self.report, sheet)
            writer.write(self.known.figures, self.known.previous, own)
        self._prose()
        self._checks()
        self._accepted()

    # The cover

    def _cover(self) -> None:
        page = self.pages.sheet(COVER, landscape=False)
        page.set_column(0, 0, 18)
        page.set_column(1, 1, 70)
        title = self.report.form.shape.schema.get("title", "")
        self.pages.line(page, 0, 2, str(title), "title")
        self.pages.line(page, 1, 2, _HOW, "note")
        page.set_row(0, 40)
        page.set_row(1, height(_HOW, 88))
        for key, spot in self.layout.cover():
            is_fixed = key in COVER_NAMES[:-1]
            label = key if key in COVER_NAMES else f"{keys.SIGN_OFF}{key}"
            self.pages.put(page, Spot(COVER, spot.row, 0), label, "label")
            self.pages.put(page, spot, self._about(key), "value" if is_fixed else "input_word")
            self.pages.book.define_name(cover_name(key), spot.reference)
            page.set_row(spot.row, 24)
        self._state(page, COVER_TOP + len(list(self.layout.cover())) + 1)

    def _about(self, key: str) -> Any:
        office = self.report.office
        signed = self.report.data.get(keys.SIGN_OFF)
        signed = signed if isinstance(signed, dict) else {}
        known = {
            keys.NAME: office.name,
            keys.KIND: office.kind,
            keys.YEAR: self.report.year,
            keys.FORM: self.report.form.id,
            keys.TITLE: self.report.data.get(keys.TITLE),
        }
        value = known[key] if key in known else signed.get(key)
        return value if value is None or isinstance(value, int) else str(value)

    def _state(self, page: Any, row: int) -> None:
        """Say how far the report is: what is left to fill in, what does not hold."""
        unfilled = "+".join(
            f"COUNTIF('{sheet.name}'!$A$1:$Z$60,\"{keys.UNFILLED}\")"
            for sheet in self.layout.sheets.values()
        )
        count = sum(path not in self.known.figures for path in self.report.form.figures)
        self.pages.put(page, Spot(COVER, row, 0), f"{keys.UNFILLED}的数", "label")
        self.pages.compute(page, Spot(COVER, row, 1), unfilled, count, "value")
        broken = f"SUM('{CHECKS}'!$I:$I)"
        now = sum(relation.is_open for relation in self.relations)
        self.pages.put(page, Spot(COVER, row + 1, 0), "不相符的关系", "label")
        self.pages.compute(page, Spot(COVER, row + 1, 1), broken, now, "value")

    # Prose

    def _prose(self) -> None:
        page = self.pages.sheet(PROSE, landscape=True, rows_may_change=True)
        for column, width in enumerate((18, 13, 74, 40)):
            page.set_column(column, column, width)
        self.pages.line(page, 0, 4, PROSE, "title")
        how = "一段一行；小标题单独一行，在「层次」里选。编号自动生成，不要写在标题里。可以插入行。"
        self.pages.line(page, 1, 4, how, "note")
        for column, head in enumerate(PROSE_HEAD):
            self.pages.put(page, Spot(PROSE, 2, column), head, "head")
        row = 3
        for key, label in prose_parts(self.report.form):
            rows = [*rows_of(self.report.data.get(key)), *[(0, "")] * _SPARE]
            printed = list(self._printed(key))
            for index, (level, text) in enumerate(rows):
                self.pages.put(page, Spot(PROSE, row, 0), "" if index else label, "text")
                shown = printed[index] if index < len(printed) else ""
                self._prose_row(page, row, (level, text), shown)
                row += 1
        page.freeze_panes(3, 0)
        page.repeat_rows(2)

    def _printed(self, key: str) -> list[str]:
        """Return what the rows of a part print where that is not what is typed."""
        rows = list(_typed_rows((key,), self.report.data.get(key)))
        found = []
        for path, index, text in rows:
            prose = self.rendered.get(path)
            lines = [line.strip() for line in prose.text.split("\n")] if prose else []
            lines = [line for line in lines if line]
            same = len(lines) == sum(1 for other, _, _ in rows if other == path)
            found.append(lines[index] if same and lines[index] != text else "")
        return found

    def _prose_row(self, page: Any, row: int, typed: Row, printed: str) -> None:
        level, text = typed
        if len(text) > _LONGEST_CELL:
            message = f"有一段文字超过 {_LONGEST_CELL} 字，工作簿的一格放不下：{text[:20]}……"
            raise CannotHold(message)
        levels = level_words(self.report.form)
        self.pages.put(page, Spot(PROSE, row, 1), levels[level] if text else "", "input_text")
        self.pages.put(page, Spot(PROSE, row, 2), text, "input_text")
        self.pages.put(page, Spot(PROSE, row, 3), printed, "text")
        page.data_validation(row, 1, row, 1, {"validate": "list", "source": list(levels)})
        page.set_row(row, min(400, max(height(text, 74), height(printed, 40))))

    # Relations

    def _checks(self) -> None:
        page = self.pages.sheet(CHECKS, landscape=True)
        for column, width in enumerate((7, 7, 52, 11, 11, 9, 70)):
            page.set_column(column, column, width)
        page.set_column(7, 9, None, None, {"hidden": True})
        self.pages.line(page, 0, 7, "各表的勾稽关系", "title")
        how = (
            "「不符」的一定要改；「请核对」的，核对后确实如此可以保留。文字由 nianbao check 核对。"
        )
        self.pages.line(page, 1, 7, how, "note")
        for column, head in enumerate(_CHECKS_HEAD):
            self.pages.put(page, Spot(CHECKS, 2, column), head, "head")
        for row, relation in enumerate(self.relations, start=_CHECKS_TOP):
            self._relation(page, row, relation)
        last = _CHECKS_TOP + len(self.relations)
        styles = {"相符": "holds", _ACCEPTED: "holds", **dict.fromkeys(_BROKEN.values(), "broken")}
        for word, style in styles.items():
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"'}
            rule |= {"format": self.pages.formats[style]}
            page.conditional_format(_CHECKS_TOP, 5, last, 5, rule)
        page.freeze_panes(_CHECKS_TOP, 0)
        page.repeat_rows(2)

    def _relation(self, page: Any, row: int, relation: Relation) -> None:
        rule, number = relation.rule, row + 1
        word = _ACCEPTED if relation.is_accepted else _BROKEN[rule.level]
        left, right = f"$D{number}", f"$E{number}"
        sides, holds, said = relation.values(), relation.state(), relation.said()
        shown = sides or ("", "")
        words = {True: "相符", False: word, None: "不适用" if sides else keys.UNFILLED}
        state = f'IF({relation.holds(left, right)},"相符","{word}")'
        if applies := relation.applies:
            state = f'IF({applies},{state},"不适用")'
        state = f'IF({relation.ready},{state},"{keys.UNFILLED}")'
        number_of = (
            f"SUMIFS($I${_CHECKS_TOP + 1}:$I{number},$H${_CHECKS_TOP + 1}:$H{number},$H{number})"
        )
        before = self.relations[: row - _CHECKS_TOP + 1]
        nth = sum(r.table == relation.table and r.is_open for r in before)
        put, compute = self.pages.put, self.pages.compute
        put(page, Spot(CHECKS, row, 0), rule.id, "label")
        put(page, Spot(CHECKS, row, 1), NAMES[rule.level], "label")
        put(page, Spot(CHECKS, row, 2), relation.opening, "text")
        for column, side, now in ((3, relation.left, shown[0]), (4, relation.right, shown[1])):
            formula = f'IF({relation.ready},{side},"")'
            compute(page, Spot(CHECKS, row, column), formula, now, "total")
        compute(page, Spot(CHECKS, row, 5), state, words[holds], "total")
        sentence = f'IF($F{number}="{word}",{relation.sentence(left, right)},"")'
        compute(page, Spot(CHECKS, row, 6), sentence, said, "text")
        put(page, Spot(CHECKS, row, 7), relation.table, "text")
        broken = f'IF(AND($F{number}="{word}","{word}"<>"{_ACCEPTED}"),1,0)'
        compute(page, Spot(CHECKS, row, 8), broken, int(relation.is_open), "text")
        key = f"{relation.table}#{nth}" if relation.is_open else ""
        formula = f'IF($I{number}=1,$H{number}&"#"&{number_of},"")'
        compute(page, Spot(CHECKS, row, 9), formula, key, "text")
        page.set_row(row, max(height(relation.opening, 52), height(relation.longest, 70)))

    # Accepted findings

    def _accepted(self) -> None:
        page = self.pages.sheet(ACCEPTED, landscape=True, rows_may_change=True)
        for column, width in enumerate((9, 46, 60, 14, 14)):
            page.set_column(column, column, width)
        self.pages.line(page, 0, 5, "核对后认为无须改正的检查结果", "title")
        how = "一条一行，编号和位置照 nianbao check 所列的写；没有就空着。"
        self.pages.line(page, 1, 5, how, "note")
        for column, head in enumerate(ACCEPTED_HEAD):
            self.pages.put(page, Spot(ACCEPTED, 2, column), head, "head")
        entries = self.report.data.get(keys.ACCEPTED)
        entries = [e for e in entries if isinstance(e, dict)] if isinstance(entries, list) else []
        for row, entry in enumerate([*entries, *[{}] * _SPARE * 3], start=3):
            for column, key in enumerate(ACCEPTED_HEAD):
                value = str(entry.get(key, "")).strip()
                self.pages.put(page, Spot(ACCEPTED, row, column), value, "input_word")
            page.set_row(row, height(str(entry.get(keys.ACCEPTED_REASON, "")), 60))


_CHECKS_TOP = 3
_BROKEN = {Severity.ERROR: "不符", Severity.WARNING: "请核对", Severity.INFO: "请核对"}
_ACCEPTED = "已接受"
_CHECKS_HEAD = ("编号", "级别", "应当成立的关系", "左边", "右边", "结果", "不相符时怎么说")


def _typed_rows(path: KeyPath, value: Any) -> list[tuple[KeyPath, int, str]]:
    """Return the rows of a text, each with the place that it is typed at and its line there."""
    if not isinstance(value, dict):
        lines = [text for _, text in rows_of(value)]
        return [(path, index, line) for index, line in enumerate(lines)]
    found = _typed_rows((*path, keys.SUMMARY), value.get(keys.SUMMARY))
    for index, item in enumerate(value.get(keys.ITEMS) or ()):
        there = (*path, keys.ITEMS, index)
        found.append(((*there, keys.HEADING), 0, str(item[keys.HEADING])))
        found += _typed_rows((*there, keys.BODY), item.get(keys.BODY))
    return found


def changed_totals(report: Report) -> Iterator[str]:
    """Yield in words the typed totals that a workbook has otherwise: there they are added up."""
    computed = _with_totals(report)
    for path in report.form.figures:
        typed, added = report.figures.get(path), computed.get(path)
        if path in report.figures.typed and None not in (typed, added) and typed != added:
            label = report.form.label(path)
            yield f"「{label}」报告里写的是 {digits(typed)}，工作簿里是相加的 {digits(added)}"


def _with_totals(report: Report) -> dict[FigurePath, Number]:
    """Return the figures as the sheets compute them: what is typed, and every total added up."""
    values = {
        path: value
        for path, value in report.figures.values.items()
        if path not in report.wrong_figures
    }
    for table in report.form.tables.values():
        for total, addends in table.addends.items():
            values.pop(total, None)
            if all(part in values for part in addends):
                values[total] = sum(values[part] for part in addends)
    return values


def _last_year(report: Report) -> dict[FigurePath, Number]:
    """Return last year's figures under this year's form, as far as they have a counterpart."""
    before = report.previous
    if before is None:
        return {}
    found = {}
    for path in report.form.figures:
        there = before.form.names.find(report.form.names.steps_of(path))
        value = before.figures.get(there.path) if there else None
        if value is not None:
            found[path] = value
    return found


def _facts(report: Report) -> dict[str, Number]:
    makes_rules = report.office.makes_rules
    known = {
        keys.YEAR: report.year,
        keys.MAKES_RULES: -1 if makes_rules is None else int(makes_rules),
    }
    return {fact: known[fact] for fact in FACTS}

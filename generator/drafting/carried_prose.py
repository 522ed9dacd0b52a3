"""Carries the prose of last year's report over: what is certain is bound, what is not is marked.

Years that name the reporting year become expressions, and so do figures that the sentence names and
that equal last year's table. Whatever else belongs to last year gets a mark behind it,
``【待核实：…】``, which ``check`` finds until somebody has decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.form.succession import Step, Succession
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.passages import MASK, Passages
from generator.judging.prose.understanding import Understanding, understand
from generator.reading.yaml_edit import Edit
from generator.report.narrative import Names, Prose, render, texts_of
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import KeyPath
from generator.values.numerals import digits

MARK = keys.DOUBT + "：{}】"

_EXPRESSION = re.compile(r"\{\{(.*?)\}\}")
_CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
# What may stand behind a year and make it a date or the number of a document.
_DATE = re.compile(
    r"(?:\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?|[-./]\d{1,2}(?:[-./]\d{1,2})?(?!\d)"
    r"|[〕\]］]\s?第?\s?\d+\s?号)"
)
_RANGE_BEFORE = re.compile(r"(?:\d|年)度?\s?[—–\-~～至到、和及与]+\s?\Z")
_RANGE_AFTER = re.compile(r"\s?[—–\-~～至到、和及与]+\s?\d{4}")
_YEAR_GOES_ON = re.compile(r"\s?(?:[年度届]|[—–\-~～至到、和及与]+\s?(?:19|20)\d\d\s?年)")
_SENTENCE_END = re.compile(r"[。！？；\n]")


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of the characters from ``start`` to ``end`` of the passages."""

    start: int
    end: int
    text: str
    is_mark: bool


@dataclass
class ProseCarrier:
    """Works out the edits of all texts of a report for the next year's.

    ``step`` leads from last year's form to this year's, ``earlier`` from the form of the year
    before last to last year's: what an expression called last year's is a year older now.
    """

    before: Report
    prose: Mapping[KeyPath, Prose]
    report: Report
    plan: Succession
    step: Step | None
    earlier: Step | None
    marks: int = field(default=0, init=False)

    def edits(self) -> Iterator[tuple[KeyPath, str, list[Edit]]]:
        """Yield the texts that change: path, value as typed, and edits by offsets into it."""
        kept = dict(texts_of(self.report))
        passages = Passages(self.before, self.prose)
        found: dict[KeyPath, list[Edit]] = {}
        for change in self._changes(passages):
            place = passages.place(change.start, change.end)
            if place.path not in kept or passages.is_computed(change.end - 1, change.end):
                continue
            assert place.offset is not None
            edit = (place.offset, place.offset + place.length, change.text)
            found.setdefault(place.path, []).append(edit)
            self.marks += change.is_mark
        context = Names(self.report)
        for path, value in kept.items():
            edits = [*found.get(path, ()), *self._expressions(value, context)]
            if edits:
                yield path, value, sorted(edits)

    def _changes(self, passages: Passages) -> list[_Change]:
        """Return what is to change, one after the other and never two at one place."""
        chosen: list[_Change] = []
        found = [*self._years(passages), *self._counts(passages)]
        for change in sorted(found, key=lambda change: (change.start, change.is_mark)):
            if not chosen or chosen[-1].end <= change.start:
                chosen.append(change)
        return chosen

    # Years

    def _years(self, passages: Passages) -> Iterator[_Change]:
        year = self.before.year
        names = {year: keys.YEAR, year - 1: keys.PREVIOUS_YEAR, year + 1: ""}
        written = {digits(number): number for number in names}
        spelled = {text.translate(_CHINESE_DIGITS): number for text, number in written.items()}
        spelled |= {text.replace("〇", "零"): number for text, number in spelled.items()}
        pattern = re.compile(rf"(?<!\d)(?:{'|'.join((*written, *spelled))})(?!\d)")
        for found in pattern.finditer(passages.text):
            if passages.is_computed(found.start(), found.end()):
                continue
            name = names[written[found[0]]] if found[0] in written else ""
            yield from self._year(passages, found.start(), found.end(), name)

    def _year(self, passages: Passages, start: int, end: int, name: str) -> Iterator[_Change]:
        """Bind one year, or mark it. ``name`` is what it would be called, empty if it has none."""
        text = passages.text
        date = _DATE.match(text, end)
        if passages.masked[start] != MASK:
            if name and (self._names_a_year(text, start, end) or self._is_period(text, start, end)):
                yield _Change(start, end, f"{{{{ {name} }}}}", is_mark=False)
                return
            if not date and not _YEAR_GOES_ON.match(text, end):
                return  # a number that happens to look like a year
        if date:
            end = date.end()
        elif text.startswith("年", end):
            end += 1
        while end < len(text) and passages.masked[end - 1] == MASK:
            end += 1
        yield from self._marked(text, end, "上年文中的年份")

    def _names_a_year(self, text: str, start: int, end: int) -> bool:
        """Whether the year stands for the whole year of a report, and nothing makes that doubtful.

        「2024年」 and 「2024年度」 do; a date, a range, 「自2024年起」 and 「2024年印发」 do not.
        """
        year = re.match(r"\s?年度?", text[end:])
        if not year or _DATE.match(text, end):
            return False
        after = text[end + year.end() :]
        before = text[max(0, start - 6) : start]
        return not (
            before.rstrip().endswith(self.plan.years.get("before", ()))
            or after.lstrip().startswith(self.plan.years.get("after", ()))
            or _RANGE_BEFORE.search(before)
            or _RANGE_AFTER.match(after)
        )

    def _is_period(self, text: str, start: int, end: int) -> bool:
        """Whether this is the first or the last day of the year that the report is about."""
        days = self.plan.years.get("period", ())
        date = _DATE.match(text, end)
        if not days or not date or not _plain(date[0]).lstrip("年").startswith(days):
            return False
        first = max((m.end() for m in _SENTENCE_END.finditer(text, 0, start)), default=0)
        last = _SENTENCE_END.search(text, end)
        sentence = _plain(text[first : last.start() if last else len(text)])
        return all(day in sentence for day in days)

    def _marked(self, text: str, end: int, reason: str) -> Iterator[_Change]:
        yield _Change(end - 1, end, text[end - 1] + MARK.format(reason), is_mark=True)

    # Counts

    def _counts(self, passages: Passages) -> Iterator[_Change]:
        """Bind the counts that name a figure of last year's table and equal it; mark others.

        Counts in 汉字 (三个方面) are rarely figures and are marked by nobody.
        """
        read = understand(self.before, self.prose, passages)
        for account in read.accounts if read else ():
            count = account.mention.count
            if account.mention.computed or count.unit in self.plan.lasting_units:
                continue
            written = passages.text[count.start : count.number_end]
            if expression := self._expression(account, written, read):
                yield _Change(count.start, count.number_end, expression, is_mark=False)
            elif written[0].isdigit() or account.figures:
                yield from self._marked(passages.text, count.end, "上年的数")

    def _expression(self, account: Account, written: str, read: Understanding | None) -> str:
        """Return what computes a count from now on, empty where that is not certain."""
        if read is None or account.kind is not Kind.FIGURE or account.last_year:
            return ""
        figure = account.fitting(read.mentions)
        if not figure or "+" in figure or not account.mention.count.is_exact:
            return ""
        if read.mentions.value(figure) != account.mention.count.value / account.mention.count.scale:
            return ""
        grouped = " | 千分位" if re.search("[,，]", written) else ""
        expression = f"{{{{ {self._translated(figure)}{grouped} }}}}"
        context = Names(self.report)
        return "" if any(isinstance(p, tuple) for p in render(expression, context)) else expression

    # Expressions

    def _expressions(self, value: str, context: Mapping[str, object]) -> Iterator[Edit]:
        """Take expressions to the new form; one that says nothing there is marked."""
        for found in _EXPRESSION.finditer(value):
            new = f"{{{{{self._translated(found[1])}}}}}"
            failed = next(
                (part[2] for part in render(new, context) if isinstance(part, tuple)), None
            )
            if failed:
                new = MARK.format(f"原为{found[1].strip()}，{failed}")
                self.marks += 1
            if new != found[0]:
                yield found.start(), found.end(), new

    def _translated(self, expression: str) -> str:
        tables = "|".join(re.escape(id) for id in self.before.form.tables)
        pattern = rf"(?<![\w.])(?P<previous>{keys.PREVIOUS}\.)?(?P<path>(?:{tables})(?:\.\w+)+)"
        return re.sub(pattern, self._new_name, expression)

    def _new_name(self, found: re.Match[str]) -> str:
        step = self.earlier if found["previous"] else self.step
        if step is None:
            return found[0]
        return (found["previous"] or "") + step.expression(found["path"])


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)

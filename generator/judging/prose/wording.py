"""Judges what the prose says or leaves unsaid: topics, statements, charges, repetitions.

Every function reads one kind of rule of ``prose.yaml``; the words are in the rules.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

from generator.form.prose_rules import ProseRule
from generator.judging.prose.fitness import matches
from generator.judging.prose.mentions import label_of, operand, path_of
from generator.judging.prose.passages import Passage, Passages
from generator.judging.prose.similarity import sentences
from generator.judging.prose.understanding import Understanding
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Related
from generator.values.numerals import digits

_QUOTE = '"'
_COUNTED = "条篇场期次件份起宗个块项部张幅册%％"

# What must be written.


def mentions(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """A part must mention certain topics, for the kinds of office that the rule names."""
    passages = read.passages
    report = passages.report
    span = passages.part(rule["part"])
    if span is None or (rule["offices"] and report.office.kind not in rule["offices"]):
        return
    text = passages.text[slice(*span)]
    missing = [topic["topic"] for topic in rule["topics"] if not topic["words"].search(text)]
    if missing:
        place = Place(report.at.file, (rule["part"],), on_key=True)
        part = report.form.label((rule["part"],))
        yield rule.finding(place, f"「{part}」没有写到{'、'.join(missing)}")


# What must agree with the tables.


def charges(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Money that was collected must also be in the figure for it."""
    span = read.passages.part(rule["part"])
    value = read.mentions.value(rule["figure"])
    if span is None or value is None or value != 0:
        return
    for number in read.mentions.between(*span):
        if (
            rule["units"].fullmatch(number.count.unit)
            and number.count.value > 0
            and rule["charged"].search(read.mentions.text, number.lead, number.count.start)
        ):
            label = label_of(read.report, rule["figure"])
            yield rule.finding(
                read.mentions.place(number),
                f"正文写收取了 {read.mentions.written(number)}，「{label}」是 {digits(value)}",
                "",
                (operand(read.report, rule["figure"], value),),
            )
            return


def jumps(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """A figure that leaps from one year to the next wants a word of explanation."""
    factor, least = Decimal(rule["factor"]), Decimal(rule["least"])
    for entry in rule["figures"]:
        figure = entry["figure"]
        now, was = read.mentions.value(figure), read.mentions.value(figure, last_year=True)
        if now is None or was is None or max(now, was) < least:
            continue
        if min(now, was) * factor > max(now, was) or _explained(rule, entry, read):
            continue
        previous = read.report.previous
        assert previous is not None
        place = Place(read.report.at.file, path_of(read.report, figure))
        label = label_of(read.report, figure)
        message = f"「{label}」上年是 {digits(was)}，本年是 {digits(now)}，正文没有说明"
        yield rule.finding(place, message, related=(operand(previous, figure, was),))


def _explained(rule: ProseRule, entry: Mapping[str, Any], read: Understanding) -> bool:
    for found in entry["words"].finditer(read.passages.text):
        start, end = read.mentions.sentence(found.start())
        if rule["explained"].search(read.passages.text, start, end):
            return True
    return False


def repetitions(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """The same sentence twice in one report."""
    report = read.report
    found: dict[str, list[tuple[KeyPath, int]]] = {}
    shortest, names = rule["shortest"], report.office.names
    for path, text in read.texts:
        for each in sentences(text, names):
            if len(each.key) >= shortest:
                found.setdefault(text[each.start : each.end], []).append((path, each.start))
    for written, places in found.items():
        if len(places) < 2 or (rule["unless"] and rule["unless"].search(written)):
            continue
        shown = written if len(written) <= 30 else f"{written[:28]}…"
        first, *others = (
            Place(report.at.file, path, offset=start, length=len(written)) for path, start in places
        )
        related = (Related(first, "前一处", shown),)
        for place in others:
            yield rule.finding(place, f"这句话前面已经写过：「{shown}」", "", related)


def echoes(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """A text that begins by repeating the heading above it."""
    report = read.report
    headings = {section.key: section.heading for section in report.form.sections}
    for item in read.passages.items:
        if item.is_heading:
            continue
        heading = _heading_of(item, report, headings)
        text = item.prose.text
        if heading and text.startswith(heading):
            found = rule["pattern"].match(text, len(heading))
            if found:
                place = read.passages.place(item.start, item.start + found.end())
                yield rule.finding(place, f"正文开头重复了标题「{heading}」")


def _heading_of(item: Passage, report: Report, headings: Mapping[str, str]) -> str:
    """Return the heading right above a text: its item's, or the part's own."""
    node: Any = report.data
    above = headings.get(str(item.path[0]), "")
    for step in item.path[:-1]:
        node = node[step]
        if isinstance(node, dict) and isinstance(node.get(keys.HEADING), str):
            above = node[keys.HEADING]
    return above.strip().rstrip("：:。")


def unfinished(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """A paragraph that breaks off: no final mark, an opened bracket, a verb that is missing."""
    passages = read.passages
    paired = _marks(rule["pairs"])
    for item in passages.items:
        if item.is_heading:
            continue
        text = passages.masked[item.start : item.end].rstrip()
        start, last = item.start, item.start + len(text)
        for line in text.split("\n"):
            if paragraph := line.rstrip():
                end = start + len(paragraph)
                if fault := _ending(rule, paragraph, is_last=end == last):
                    yield rule.finding(passages.place(end - 1, end), fault)
                if marks := paired.findall(paragraph):
                    yield from _unpaired(rule, passages, start, paragraph, marks)
            start += len(line) + 1
    yield from _cut(rule, passages)
    for found in matches(rule["broken"], rule["begins"], passages.masked):
        if not passages.is_computed(found.start(), found.end()):
            place = passages.place(found.start(), found.end())
            yield rule.finding(place, f"这一句没有写完：「{found[0].strip('，；。')}」")


def _cut(rule: ProseRule, passages: Passages) -> Iterator[Diagnostic]:
    """A word that lost its end before a stop, or a unit that lost its number."""
    text = passages.masked
    lost, words = rule["lost"], _cut_words(rule)
    for stop in words.stops.finditer(text):
        at = stop.start()
        fault = ""
        if text[at - 3 : at] in words.cut or text[at - 4 : at] in words.cut:
            fault = f"这一句没有写完：「{text[max(0, at - 4) : at]}」"
        elif text[at - 1] in _COUNTED and not text[at - 2].isdigit():
            found = lost.search(text, max(0, at - 20), at) if lost else None
            fault = f"这里缺了数：「{found[0]}」" if found else ""
        if fault and not passages.is_computed(at - 1, at):
            yield rule.finding(passages.place(max(0, at - 3), at), fault)


class _Cut(NamedTuple):
    """Words that lost their end, and the stops behind a character that may end one."""

    cut: frozenset[str]
    stops: re.Pattern[str]


def _cut_words(rule: ProseRule) -> _Cut:
    """Return words that lost their end, and pairs whose second word has one character left."""
    return _all_cut(tuple(rule["cut"] or ()), rule["beginning"] or (), rule["ending"] or ())


@lru_cache(maxsize=8)
def _all_cut(cut: tuple[str, ...], first: tuple[str, ...], second: tuple[str, ...]) -> _Cut:
    words = {*first, *second}
    pairs = {one + other[0] for one in first for other in second}
    found = frozenset({*cut, *(pair for pair in pairs if pair[1:] not in words)})
    last = re.escape("".join(sorted({*_COUNTED, *(word[-1] for word in found)})))
    return _Cut(found, re.compile(rf"[，。；、）\n](?<=[{last}].)"))


def _ending(rule: ProseRule, paragraph: str, *, is_last: bool) -> str:
    """Return what is wrong with a paragraph's end; a short line may be a heading or a remark."""
    last = len(paragraph) - 1
    if rule["end"].match(paragraph, last):
        return ""
    if rule["open_end"].match(paragraph, last):
        return f"这一段停在「{paragraph[-1]}」上，没有写完"
    is_sentence = any(c in paragraph for c in "，。；")
    if is_sentence or (is_last and len(paragraph) > rule["shortest"]):
        return f"段末没有标点：「…{paragraph[-8:]}」"
    return ""


def _unpaired(
    rule: ProseRule, passages: Passages, start: int, paragraph: str, marks: list[str]
) -> Iterator[Diagnostic]:
    for opening, closing in rule["pairs"]:
        opened, closed = marks.count(opening), marks.count(closing)
        if closed > opened and rule["numbering"]:
            numbers = rule["numbering"].findall(paragraph)
            closed -= sum(number.endswith(closing) for number in numbers)
        if opened > closed:
            at = start + paragraph.rindex(opening)
            yield rule.finding(passages.place(at, at + 1), f"「{opening}」没有配对的「{closing}」")
        elif closed > opened:
            at = start + paragraph.index(closing)
            yield rule.finding(passages.place(at, at + 1), f"「{closing}」没有配对的「{opening}」")
    if marks.count(_QUOTE) % 2:
        at = start + paragraph.rindex(_QUOTE)
        yield rule.finding(passages.place(at, at + 1), '引号「"」没有配对')


@lru_cache(maxsize=8)
def _marks(pairs: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    """Return a pattern of every mark that comes in pairs."""
    return re.compile(f"[{re.escape(''.join(chain(_QUOTE, *pairs)))}]")

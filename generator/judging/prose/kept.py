"""Measures how much of the prose was kept from last year."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any

from generator.form.prose_rules import ProseRule
from generator.judging.prose.similarity import Sentence, kept, length, sentences
from generator.judging.prose.understanding import Placed, Understanding
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Related

_MOST_LISTED = 20


def kept_from_last_year(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Too much of the prose, or of one part, is last year's."""
    report, previous = read.report, read.report.previous
    if previous is None:
        return
    which = rule["part"], rule["boilerplate"], rule["problems"], rule["improvements"]
    if which not in read.compared:
        read.compared[which] = _compared(rule, read, previous)
    compared, same = read.compared[which]
    much, total = length(same), length([sentence for _, _, sentence in compared])
    stricter = (other for other in report.form.prose_rules if _says_more(other, rule))
    if not _is_too_much(rule, much, total) or any(
        _is_too_much(other, much, total) for other in stricter
    ):
        return
    wanted = {id(sentence) for sentence in same}
    places = [
        (Place(report.at.file, path, offset=s.start, length=s.end - s.start), text[s.start : s.end])
        for path, text, s in compared
        if id(s) in wanted
    ]
    first = places[0][0]
    listed = tuple(Related(place, "与上年相同", text) for place, text in places[:_MOST_LISTED])
    more = f"，这里列出前 {_MOST_LISTED} 句" if len(places) > _MOST_LISTED else ""
    what = f"「{report.form.label((rule['part'],))}」所写的问题" if rule["part"] else "文字"
    message = (
        f"{what}有 {round(Fraction(100 * much, total))}% 与上年相同，共 {len(places)} 句{more}"
    )
    yield rule.finding(first, message, "", listed)


def _compared(
    rule: ProseRule, read: Understanding, previous: Report
) -> tuple[list[Placed], list[Sentence]]:
    """Return the sentences that a rule compares, and those that last year's report has too."""
    before = _compared_sentences(rule, previous, read.earlier_texts)
    compared = list(_compared_sentences(rule, read.report, read.texts))
    return compared, kept([s for _, _, s in compared], [s for _, _, s in before])


def _is_too_much(rule: ProseRule, same: int, total: int) -> bool:
    return bool(same > rule["most"] * total and same >= rule["shortest"])


def _says_more(other: ProseRule, rule: ProseRule) -> bool:
    """Whether another rule lets more pass: where it speaks of the same part, it says it all."""
    return (
        other.kind == rule.kind and other["part"] == rule["part"] and other["most"] > rule["most"]
    )


def _compared_sentences(
    rule: ProseRule, report: Report, texts: Iterable[tuple[KeyPath, str]]
) -> Iterator[Placed]:
    """Yield the sentences of a report that the rule compares."""
    improvements, boilerplate, part = rule["improvements"], rule["boilerplate"], rule["part"]
    for path, text in texts:
        if path[0] in (keys.TITLE, keys.LEAD) or path[-1] == keys.HEADING:
            continue
        if part and (path[0] != part or not _holds_problems(rule, report, path)):
            continue
        names = report.office.names
        starts = (each.start for each in sentences(text, names)) if improvements else ()
        end = next((start for start in starts if improvements.match(text, start)), None)
        for sentence in sentences(text, names, boilerplate):
            if end is None or sentence.start < end:
                yield path, text, sentence
        if end is not None:
            return


def _holds_problems(rule: ProseRule, report: Report, path: KeyPath) -> bool:
    """Whether a text of the part stands under a heading that speaks of problems, or under none."""
    node: Any = report.data
    for step in path[:-1]:
        node = node[step]
        heading = node.get(keys.HEADING) if isinstance(node, dict) else None
        if isinstance(heading, str):
            return bool(rule["problems"].search(heading))
    return True

"""Adds up the parts that the prose gives of a count (491条，其中…68条…423条)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile

from generator.form.prose_rules import ProseRule
from generator.judging.prose.accounts import Account, Kind
from generator.judging.prose.mentions import Mentions
from generator.judging.prose.numerals import PERCENT, TIMES
from generator.judging.prose.understanding import Understanding
from generator.values.diagnostics import Diagnostic

_OPENING, _CLOSING = "（(", "）)"
_BREAK = re.compile(r"[。；;\n]")
_FARTHEST = 300
"""Characters between a whole and the word that begins its parts."""


_MOST_PARTS = 60
_NO_PARTS = (Kind.CHANGE, Kind.BEFORE, Kind.MULTIPLE, Kind.AVERAGE)
_FAR_ABOVE = 3
_FEWEST_ITEMS = 3
_BREAK_BEHIND = re.compile(r"[，,。；;）)\n]|\Z")
_BETWEEN_ITEMS = re.compile(r"[、；;，,]")


@dataclass(frozen=True, slots=True)
class Sum:
    """A count and the parts that are listed of it; ``nearest`` are those that come closest."""

    whole: Account
    parts: tuple[Account, ...]
    comes_out: bool
    nearest: tuple[Account, ...] = ()


def sums(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge every count whose parts are listed."""
    for each in sums_of(rule, read):
        if not each.comes_out and each.nearest:
            yield _sum_finding(rule, read.mentions, each)
    yield from _named_parts(rule, read)


def sums_of(rule: ProseRule, read: Understanding) -> Iterator[Sum]:
    """Find the counts whose parts are listed: after a word for it, before 共, or just so."""
    judged: set[int] = set()
    parts_told: set[int] = set()
    for found in rule["marker"].finditer(read.mentions.text):
        scope = _scope(read.mentions, found)
        for parts in _by_unit(_parts(rule, read, found, scope)):
            whole = _whole(read, found, parts)
            if whole is None:
                continue
            told = _sum(rule, read, whole, parts)
            judged.add(whole.mention.index)
            parts_told.update(part.mention.index for part in told.parts if told.comes_out)
            yield told
    segments = [each for each in _segments(read) if len(each) > 2]
    in_brackets = _in_brackets_behind(rule, read, judged)
    for each in (*in_brackets, *_lists(rule, read, segments, judged)):
        judged.add(each.whole.mention.index)
        yield each
    yield from _before_totals(rule, read, segments, judged)
    yield from _pairs(rule, read, judged | parts_told)


def _scope(mentions: Mentions, marker: re.Match[str]) -> tuple[int, int, bool]:
    """Return where the parts after a marker may stand, and whether that is within brackets."""
    start, end = mentions.sentence(marker.start())
    start = max(start, marker.start() - _FARTHEST)
    end = min(end, marker.end() + 4 * _FARTHEST)
    text = mentions.text
    opened = max(text.rfind(c, start, marker.start()) for c in _OPENING)
    closed = max(text.rfind(c, start, marker.start()) for c in _CLOSING)
    if opened <= closed:
        return marker.end(), end, False
    closings = [text.find(c, marker.end(), end) for c in _CLOSING]
    return marker.end(), min([place for place in closings if place >= 0], default=end), True


def _parts(
    rule: ProseRule, read: Understanding, marker: re.Match[str], scope: tuple[int, int, bool]
) -> list[Account]:
    """Return the counts listed after a marker: of one unit, up to the next marker."""
    start, end, bracketed = scope
    text = read.mentions.text
    following = rule["marker"].search(text, start, end)
    while following and not bracketed and _in_brackets(text, following.start(), start):
        following = rule["marker"].search(text, following.end(), end)
    if following:
        end = following.start()
    return [
        account
        for account in _listed(read, start, end)
        if bracketed or not _in_brackets(text, account.mention.count.start, start)
    ]


def _listed(read: Understanding, start: int, end: int) -> list[Account]:
    """Return the counts between two places that can be parts of a sum."""
    found = [read.accounts[m.index] for m in read.mentions.between(start, end)[:_MOST_PARTS]]
    return [each for each in found if _adds(each)]


def _adds(account: Account) -> bool:
    return account.kind not in _NO_PARTS and account.mention.count.unit not in (PERCENT, TIMES)


def _by_unit(found: list[Account]) -> Iterator[list[Account]]:
    """Yield the parts of the first unit, and of others told as often (2期400人次、4期800人次)."""
    units = dict.fromkeys(map(_unit, found))
    groups = [[each for each in found if _unit(each) == unit] for unit in units]
    yield from (each for each in groups if each is groups[0] or len(each) == len(groups[0]) > 1)


def _unit(account: Account) -> str:
    return account.mention.count.unit


def _in_brackets(text: str, offset: int, start: int) -> bool:
    opened = max(text.rfind(c, start, offset) for c in _OPENING)
    return opened >= 0 and opened > max(text.rfind(c, start, offset) for c in _CLOSING)


def _whole(read: Understanding, marker: re.Match[str], parts: list[Account]) -> Account | None:
    """Return the count that the parts belong to: the last of their unit before the marker.

    It stands in the same sentence, or in the one before when the marker begins its own, and never
    in brackets that were closed before the marker.
    """
    if not parts:
        return None
    mentions = read.mentions
    start, _ = mentions.sentence(marker.start())
    if not mentions.text[start : marker.start()].strip():
        if start == 0 or mentions.text[start - 1] == "\n":
            return None
        start, _ = mentions.sentence(start - 1)
    start = max(start, marker.start() - _FARTHEST)
    inside = _in_brackets(mentions.text, marker.start(), start)
    for account in reversed(_listed(read, start, marker.start())):
        at = account.mention.count.start
        closed = _in_brackets(mentions.text, at, start) and not (
            inside and not any(c in mentions.text[at : marker.start()] for c in _CLOSING)
        )
        if not closed and _unit(account) == _unit(parts[0]):
            return account
    return None


def _is_open(rule: ProseRule, read: Understanding, parts: list[Account]) -> bool:
    """Whether the list itself says that it is not complete (等)."""
    end = parts[-1].mention.count.end
    return bool(rule["open_end"] and rule["open_end"].match(read.mentions.text, end))


def _sum(rule: ProseRule, read: Understanding, whole: Account, parts: list[Account]) -> Sum:
    """Compare a count with its parts; a list that stays far below the whole is no full list."""
    silent = Sum(whole, tuple(parts), comes_out=False)
    if not all(each.mention.count.is_exact for each in (whole, *parts)):
        return silent
    total = whole.mention.count.value
    first_of_each = _first_of_segments(read.mentions, parts)
    runs = [first_of_each, *(parts[: n + 1] for n in range(1, len(parts)))]
    runs = [run for run in runs if len(run) > 1]
    for run in runs:
        if _added(run) == total:
            return Sum(whole, tuple(run), comes_out=True)
    if whole.mention.computed and all(part.mention.computed for part in parts):
        return silent
    if parts[0].mention.count.value > total:
        return Sum(whole, tuple(parts), comes_out=False, nearest=(parts[0],))
    nearest = min(runs, key=lambda run: abs(_added(run) - total), default=[])
    if not nearest or total == 0:
        return silent
    if not Decimal(rule["near"]) <= _added(nearest) / total <= Decimal(rule["far"]):
        return silent
    if _added(nearest) < total and _is_open(rule, read, parts):
        return silent
    return Sum(whole, tuple(parts), comes_out=False, nearest=tuple(nearest))


def _added(accounts: Sequence[Account]) -> Decimal:
    return sum((account.mention.count.value for account in accounts), Decimal(0))


def _first_of_segments(mentions: Mentions, parts: list[Account]) -> list[Account]:
    """Return the first count of every stretch between semicolons."""
    found: list[Account] = []
    for account in parts:
        before = found[-1].mention.count.end if found else 0
        between = mentions.text[before : account.mention.count.start]
        if not found or any(c in between for c in "；;"):
            found.append(account)
    return found


def _in_brackets_behind(rule: ProseRule, read: Understanding, judged: set[int]) -> Iterator[Sum]:
    """Judge 「200人次（机关100人次、乡镇100人次）」: brackets that hold a list, right behind."""
    text = read.mentions.text
    for account in read.accounts:
        end = account.mention.count.end
        after = text[end : end + 1]
        if not after or after not in f"{_OPENING}：:" or not _adds(account):
            continue
        closings = _CLOSING if after in _OPENING else "。；;\n（("
        ends = [at for c in closings if (at := text.find(c, end + 1, end + _FARTHEST)) > 0]
        parts = _listed(read, end, min(ends)) if ends else []
        if len(parts) < 2 or account.mention.index in judged:
            continue
        if all(_unit(part) == _unit(account) for part in parts) and not any(
            part.kind is Kind.FIGURE for part in parts
        ):
            yield _sum(rule, read, account, parts)


def _lists(
    rule: ProseRule, read: Understanding, segments: list[list[Account]], judged: set[int]
) -> Iterator[Sum]:
    """Judge 「全年发布68条，甲26条，乙8条，丙30条」: a stated total with three parts or more."""
    text = read.mentions.text
    for segment in segments:
        whole, *parts = segment
        if (
            len(parts) < 3
            or whole.mention.index in judged
            or any(a.mention.computed or a.figures or not _adds(a) for a in segment)
            or any(_unit(each) != _unit(whole) for each in parts)
            or not rule["whole"].search(text, whole.mention.lead, whole.mention.count.start)
            or any(
                rule["whole"].search(text, part.mention.lead, part.mention.count.start)
                for part in parts
            )
        ):
            continue
        yield _sum(rule, read, whole, parts)


def _segments(read: Understanding) -> Iterator[list[Account]]:
    """Yield the counts between one full stop, semicolon or marker of a list and the next."""
    segment: list[Account] = []
    for account in read.accounts:
        if segment and (
            len(segment) > _MOST_PARTS
            or _BREAK.search(
                read.mentions.text, segment[-1].mention.count.end, account.mention.count.start
            )
        ):
            yield segment
            segment = []
        segment.append(account)
    if segment:
        yield segment


def _before_totals(
    rule: ProseRule, read: Understanding, segments: list[list[Account]], judged: set[int]
) -> Iterator[Sum]:
    """Judge 「网上6件、信函6件，共12件」: the total behind its parts."""
    text = read.mentions.text
    for segment in segments:
        for place, whole in enumerate(segment):
            lead = text[whole.mention.lead : whole.mention.count.start]
            if place < 2 or whole.mention.index in judged or not rule["total"].match(lead):
                continue
            parts = _parts_before(text, segment, place)
            if len(parts) < 2:
                yield from _of_figures(read, segment[:place], whole)
                continue
            if _added(parts) == whole.mention.count.value:
                yield Sum(whole, tuple(parts), comes_out=True)
            elif not any(
                rule["whole"].search(text, p.mention.lead, p.mention.count.start) for p in parts[1:]
            ):
                exact = all(each.mention.count.is_exact for each in (whole, *parts))
                yield Sum(whole, tuple(parts), False, tuple(parts) if exact else ())


def _of_figures(read: Understanding, before: list[Account], whole: Account) -> Iterator[Sum]:
    """Judge 「甲326件，乙14件，共计340件」: the last figures of one topic, added up."""
    vocabulary, end = read.report.form.vocabulary, whole.mention.count.end
    parts = list(takewhile(lambda each: _is_like(each, before[-1]), reversed(before)))[::-1]
    if whole.figures or len(parts) < 2 or vocabulary is None or _unit(parts[0]) != _unit(whole):
        return
    topic, total = vocabulary.by_topic[parts[0].topic], whole.mention.count.value
    runs = [parts[first:] for first in range(len(parts) - 1)]
    known = [
        read.mentions.value(f)
        for row in topic.rows[-1:]
        for f in topic.expand(row.figures, frozenset())
    ]
    comes_out = next((run for run in runs if _added(run) == total), None)
    if comes_out:
        yield Sum(whole, tuple(comes_out), comes_out=True)
    elif total not in known and _BREAK_BEHIND.match(read.mentions.text, end):
        nearest = min(runs, key=lambda run: abs(_added(run) - total))
        exact = whole.mention.count.is_exact
        yield Sum(whole, tuple(nearest), False, tuple(nearest) if exact else ())


def _is_like(one: Account, other: Account) -> bool:
    """Whether two counts are figures of one topic and year, told exactly."""
    alike = one.topic == other.topic and one.last_year == other.last_year
    both = one.kind is other.kind is Kind.FIGURE
    return both and alike and _unit(one) == _unit(other) and one.mention.count.is_exact


def _parts_before(text: str, segment: list[Account], place: int) -> list[Account]:
    """Return what may be the parts of a total behind them: of its unit, not far above it."""
    whole, added = segment[place], Decimal(0)
    first = place
    while first and added <= whole.mention.count.value * _FAR_ABOVE:
        part = segment[first - 1]
        if not _adds(part) or _unit(part) != _unit(whole):
            break
        gap = text[part.mention.count.end : segment[first].mention.count.start]
        if part.kind is Kind.FIGURE and first < place and gap[:1] != "、":
            break
        added += part.mention.count.value
        first -= 1
    return segment[first:place]


def _pairs(rule: ProseRule, read: Understanding, judged: set[int]) -> Iterator[Sum]:
    """Judge 「382条，采纳300条，未采纳82条」: what was and what was not make up the whole."""
    for triple in zip(read.accounts, read.accounts[1:], read.accounts[2:], strict=False):
        whole, one, other = triple
        if whole.mention.computed and one.mention.computed and other.mention.computed:
            continue
        if whole.mention.index in judged or not all(map(_adds, triple)):
            continue
        if len({(_unit(each), each.mention.sentence) for each in triple}) > 1:
            continue
        if _opposed(rule, _said(read, one), _said(read, other)):
            exact = all(each.mention.count.is_exact for each in triple)
            comes_out = _added((one, other)) == whole.mention.count.value
            yield Sum(whole, (one, other), comes_out, (one, other) if exact else ())


def _said(read: Understanding, account: Account) -> str:
    """Return the words before a count, without those that only lead on to it."""
    mention = account.mention
    return read.mentions.text[mention.lead : mention.count.start].strip(" ，、其中已")


def _opposed(rule: ProseRule, one: str, other: str) -> bool:
    """Whether two phrases exclude each other and leave nothing out (采纳, 未采纳; 线上, 线下)."""
    if one and any(other == f"{no}{one}" for no in rule["denials"]):
        return True
    return any(
        {one, other} & set(left) and {one, other} & set(right) for left, right in rule["opposites"]
    )


def _named_parts(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Judge 「由六个部分组成：…」 and 「由…六个部分组成」: as many as are named."""
    text = read.mentions.text
    for found in rule["composed"].finditer(text):
        start, end = read.mentions.sentence(found.start())
        counts = read.mentions.between(found.start(), found.end())
        listed = rule["listed_before"].match(text[start : found.start()])
        listed = listed or rule["listed_after"].match(text, found.end(), end)
        if not counts or not listed or rule["open_end"].search(listed["items"]):
            continue
        count = counts[0].count.value
        fewest, most = _number_of_items(rule, listed["items"])
        if fewest >= _FEWEST_ITEMS and not fewest <= count <= most:
            place = read.mentions.place(counts[0])
            number = str(fewest) if fewest == most else f"{fewest} 至 {most}"
            yield rule.finding(place, f"写的是 {count} 个部分，列出的是 {number} 个")


def _number_of_items(rule: ProseRule, items: str) -> tuple[int, int]:
    """Return how many things are listed: a 、 may stand within one, a 和 between two."""
    listed = [item for item in _BETWEEN_ITEMS.split(items) if item.strip()]
    within = len(rule["within_item"].findall(items))
    joined = sum(bool(rule["joining"].search(item)) for item in listed)
    return len(listed) - within, len(listed) + joined


def _sum_finding(rule: ProseRule, mentions: Mentions, each: Sum) -> Diagnostic:
    counts = [part.mention.count for part in each.nearest]
    terms = " + ".join(mentions.text[count.start : count.number_end] for count in counts)
    total, added = each.whole.mention.count.value, _added(each.nearest)
    result = f"{terms} = {added:f}" if len(counts) > 1 else terms
    written = mentions.written(each.whole.mention)
    return rule.finding(
        mentions.place(each.whole.mention),
        f"总数写的是 {written}，所列各项 {result}，相差 {abs(total - added):f}",
        related=tuple(mentions.related(a.mention) for a in (each.whole, *each.nearest)),
    )

"""Finds what a text fit to publish must not hold: personal data, blanks, residue, slips."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from generator.form.prose_rules import ProseRule
from generator.judging.prose.passages import Passages
from generator.judging.prose.understanding import Understanding
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Diagnostic, Place, Related

_MOST_LISTED = 20


def patterns(rule: ProseRule, read: Understanding) -> Iterator[Diagnostic]:
    """Something that a published text must not hold: personal data, blanks, residue."""
    passages = read.passages
    places: list[tuple[Place, str]] = []
    for found in _matches(rule, passages.masked):
        if _is_excused(rule, passages, found):
            continue
        places.append(
            (
                passages.place(found.start(), found.end()),
                _shown(rule, passages.text[found.start() : found.end()]),
            )
        )
    if rule["together"] and places:
        first, *others = places
        count = f"，共 {len(places)} 处" if others else ""
        related = tuple(Related(place, "又见", shown) for place, shown in others[:_MOST_LISTED])
        yield rule.finding(first[0], f"{rule.title}：「{first[1]}」{count}", "", related)
    else:
        for place, shown in places:
            yield rule.finding(place, f"{rule.title}：「{shown}」")


def matches(
    pattern: re.Pattern[str], begins: re.Pattern[str] | None, text: str
) -> Iterator[re.Match[str]]:
    """Find a pattern; looking for how it ``begins`` first is several times faster."""
    if begins is None:
        return pattern.finditer(text)
    begun = (pattern.match(text, at.start()) for at in begins.finditer(text))
    return _apart(filter(None, begun))


def _matches(rule: ProseRule, text: str) -> Iterator[re.Match[str]]:
    """Find the rule's pattern, or each of its several, in the order of the text.

    Each of several is looked for on its own where the first characters of some are known.
    """
    if rule["patterns"]:
        found = [match for pattern in rule["patterns"] for match in pattern.finditer(text)]
        return _apart(sorted(found, key=lambda match: match.start()))
    return matches(rule["pattern"], rule["begins"], text)


def _apart(matches: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Leave out what begins within the match before it."""
    end = 0
    for match in matches:
        if match.start() >= end:
            end = match.end()
            yield match


def _is_excused(rule: ProseRule, passages: Passages, found: re.Match[str]) -> bool:
    if passages.is_computed(found.start(), found.end()):
        return True
    if rule["headings"] and not passages.at(found.start()).is_heading:
        return True
    if rule["unless"] and rule["unless"].match(passages.masked, found.start()):
        return True
    if rule["checksum"] and not CHECKSUMS[rule["checksum"]](re.sub(r"\W", "", found[0])):
        return True
    if not rule["public"]:
        return False
    return bool(rule["public"].search(found[0])) or found[0] in _contact(passages.report)


def _shown(rule: ProseRule, text: str) -> str:
    """Return what was found; personal data only in part, since findings are kept in logs."""
    text = text.strip()
    return f"{text[:3]}…{text[-2:]}" if rule["conceal"] else text


def _contact(report: Report) -> str:
    """Return what the office gives as its public contact, in one string."""
    contact = report.office.source.data.get(keys.CONTACT)
    return " ".join(map(str, contact.values())) if isinstance(contact, dict) else ""


def _identity_card(number: str) -> bool:
    """GB 11643: seventeen digits with a date of birth, and a check digit (ISO 7064, MOD 11-2)."""
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number[:17]))
    return born.year > 1900 and "10X98765432"[total % 11] == number[17].upper()


def _luhn(number: str) -> bool:
    """ISO/IEC 7812: the check digit of bank cards. An identity-card number is none."""
    if len(number) == 18 and _identity_card(number):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


CHECKSUMS: dict[str, Callable[[str], bool]] = {"identity_card": _identity_card, "luhn": _luhn}

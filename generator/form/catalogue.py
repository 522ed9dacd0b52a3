"""What can be found at all: every code with its title, basis, usual causes and way out.

Gathered from the forms' rules and from ``templates/findings.yaml`` (findings that belong to no
form); ``explain``, ``--select`` and the documentation read it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from generator.form.form import Form, Forms
from generator.form.known import Known
from generator.form.prose_rules import ProseRule
from generator.form.rules import Rule
from generator.values.diagnostics import Place, Severity
from generator.values.nearest import nearest


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known about a code under one form, or under all where ``form`` is ``None``."""

    code: str
    level: Severity
    title: str
    basis: str
    hint: str
    causes: tuple[str, ...]
    acceptable: bool
    place: Place
    """Where the code is defined: a rule's file and line."""
    form: Form | None = None
    rule: Rule | None = None
    forms: tuple[int, ...] = ()
    """The forms that have it, newest first; none where it belongs to no form."""


class UnknownCode(ValueError):
    """A code or family that no finding has; the message is for the user."""


@dataclass(frozen=True)
class Catalogue:
    """Every code with its entries, in order; where forms differ, the newest form's first."""

    entries: Mapping[str, Sequence[Entry]]
    families: Mapping[str, Sequence[str]]
    """What a family of codes is called → its codes."""


def catalogue(forms: Forms) -> Catalogue:
    """Gather what can be found under all forms.

    Raises:
        source.Unreadable: a file of a form is missing or wrong.
    """
    general = forms.known
    found: dict[str, list[Entry]] = {}
    for entry in (*map(_general, general.entries.values()), *_of_forms(forms)):
        others = found.setdefault(entry.code, [])
        for index, other in enumerate(others):
            if not _differs(entry, other):
                others[index] = replace(other, forms=other.forms + entry.forms)
                break
        else:
            others.append(entry)
    codes = sorted(found, key=_order)
    families: dict[str, list[str]] = {name: [] for name in general.families.values()}
    for code in codes:
        family = code.partition("-")[0]
        families.setdefault(general.families.get(family, family), []).append(code)
    return Catalogue(
        {code: found[code] for code in codes},
        {name: members for name, members in families.items() if members},
    )


def _of_forms(forms: Forms) -> Iterator[Entry]:
    for form_id in reversed(forms.first_years):
        form = forms.load(form_id)
        for rule in form.all_rules:
            yield _entry(rule, form)


def _entry(rule: Rule | ProseRule, form: Form) -> Entry:
    return Entry(
        code=rule.id,
        level=rule.level,
        title=rule.title,
        basis=rule.basis,
        hint=rule.hint,
        causes=rule.causes,
        acceptable=rule.acceptable,
        place=rule.place,
        form=form,
        rule=rule if isinstance(rule, Rule) else None,
        forms=(form.id,),
    )


def _general(known: Known) -> Entry:
    return Entry(
        code=known.code,
        level=known.level,
        title=known.title,
        basis=known.basis,
        hint=known.hint,
        causes=known.causes,
        acceptable=False,
        place=known.place,
    )


def _differs(one: Entry, other: Entry) -> bool:
    def content(entry: Entry) -> tuple[object, ...]:
        return entry.level, entry.title, entry.basis, entry.hint, entry.causes

    return content(one) != content(other)


def _order(code: str) -> tuple[object, ...]:
    """Sort T3-2 before T3-10."""
    return tuple(int(part) if part.isdigit() else part for part in re.split(r"(\d+)", code))


class Selection:
    """The codes that a user wants to see: ``selection(code)`` tells.

    Written as codes or beginnings of families (T3-1, T3, X), separated by commas.
    """

    def __init__(
        self, selected: str | None, ignored: str | None, known: Callable[[], Catalogue]
    ) -> None:
        """Read both lists; ``known`` is asked only where something is written.

        Raises:
            UnknownCode: one of them means nothing; the message names the nearest.
        """
        self.selected = _names(selected)
        self.ignored = _names(ignored)
        for name in (*self.selected, *self.ignored):
            if not any(means(name, code) for code in known().entries):
                raise UnknownCode(unknown(name, known()))

    def __call__(self, code: str) -> bool:
        """Whether findings with ``code`` are wanted."""
        wanted = not self.selected or any(means(name, code) for name in self.selected)
        return wanted and not any(means(name, code) for name in self.ignored)

    def names(self, codes: Iterable[str]) -> bool:
        """Whether one of ``codes`` was asked for by its full name."""
        return any(code in self.selected for code in codes)


def _names(written: str | None) -> list[str]:
    return [name.strip().upper() for name in re.split("[,，]", written or "") if name.strip()]


def means(name: str, code: str) -> bool:
    """Whether ``name``, a code or the beginning of a family's, means ``code``."""
    return code == name or ("-" not in name and code.startswith(name))


def unknown(name: str, known: Catalogue) -> str:
    """Say that there is no such code, and which one was probably meant."""
    families = dict.fromkeys(code.partition("-")[0] for code in known.entries)
    if near := nearest(name, [*known.entries, *families]):
        return f"没有「{name}」这个编号，是不是 {near}？"
    starts = "、".join(families)
    return f"没有「{name}」这个编号；可用的有 {starts} 开头的，全部编号见 nianbao explain"

"""What old documents call the things of a form: ``import.yaml``, and how labels are compared.

``templates/import.yaml`` holds what all forms share (titles, residue, page furniture, units), a
form's own ``import.yaml`` its headings and labels. A form without one is read by its printed
labels alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from rapidfuzz import fuzz, process

from generator.form.form import Form
from generator.reading import source
from generator.values import keys
from generator.values.grid import FigurePath

ALIKE = 80
"""Least likeness of a label to a spelling, in percent: two slips among 13 characters give 84."""
AHEAD = 6
"""By how much the likest label must be ahead of the next one."""
SHORTEST_ALIKE = 5
"""Shorter labels are compared as they are: of four characters, two may be all that differ."""
LONGEST_LABEL = 120

_NUMBER = re.compile(r"\A(?:\(?[一二三四五六七八九十]{1,3}[\)、.]\)?|\(?\d{1,2}[\)、.](?!\d))\s*")
_BRACKETS = re.compile(r"\([^()]*\)")
_NOT_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Return a label as it is compared: no numbering, brackets, quotation marks or spaces."""
    normal = unicodedata.normalize("NFKC", text)
    normal = re.sub(r"\s+", "", normal)
    return _NOT_WORD.sub("", _NUMBER.sub("", normal, count=1))


def without_notes(text: str) -> str:
    """Return a label as it is compared, less what stands in brackets."""
    normal = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    return _NOT_WORD.sub("", _BRACKETS.sub("", _NUMBER.sub("", normal, count=1)))


class Labels:
    """Some things by their labels; finds the one that a published label means."""

    def __init__(self, *, beginnings: bool = True) -> None:
        """Start with no labels; ``beginnings`` lets the beginning of a label stand for it."""
        self._beginnings = beginnings
        self._exact: dict[str, str] = {}
        self._spellings: list[str] = []
        self._known: dict[str, str | None] = {}

    def add(self, name: str, spellings: Iterable[str]) -> None:
        """Make ``name`` known by its own label and other spellings."""
        for spelling in (name, *spellings):
            for spelt in (plain(spelling), without_notes(spelling)):
                if spelt and spelt not in self._exact:
                    self._exact[spelt] = name
                    self._spellings.append(spelt)

    def find(self, text: str) -> str | None:
        """Return what ``text`` is a label of, ``None`` when nothing is meant or it is unclear."""
        if len(text) > LONGEST_LABEL:
            return None
        if text not in self._known:
            self._known[text] = self._find(text)
        return self._known[text]

    def is_exact(self, text: str) -> bool:
        """Whether ``text`` is a known label letter by letter, whatever its marks and spaces."""
        return plain(text) in self._exact

    def _find(self, text: str) -> str | None:
        for spelt in (plain(text), without_notes(text)):
            if spelt in self._exact:
                return self._exact[spelt]
        spelt = plain(text)
        if len(spelt) < SHORTEST_ALIKE:
            return None
        begun = {
            self._exact[s]
            for s in self._spellings
            if len(s) > len(spelt) and s[: len(spelt)] == spelt
        }
        if self._beginnings and len(spelt) > SHORTEST_ALIKE and len(begun) == 1:
            return begun.pop()
        best: dict[str, float] = {}
        for spelling, score, _index in process.extract(
            spelt, self._spellings, scorer=fuzz.ratio, score_cutoff=ALIKE - AHEAD, limit=6
        ):
            name = self._exact[spelling]
            best[name] = max(best.get(name, 0), score if len(spelling) >= SHORTEST_ALIKE else 0)
        ranked = sorted(best.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < ALIKE:
            return None
        if len(ranked) > 1 and ranked[0][1] - ranked[1][1] < AHEAD:
            return None
        return ranked[0][0]


@dataclass(frozen=True)
class Spellings:
    """What ``import.yaml`` says, that of all forms and that of one."""

    form: Form
    title: tuple[re.Pattern[str], ...]
    no_office: tuple[re.Pattern[str], ...]
    """What no office's name holds: a title that seems to name such a one is read otherwise."""
    year: tuple[re.Pattern[str], ...]
    residue: tuple[re.Pattern[str], ...]
    furniture: tuple[re.Pattern[str], ...]
    end: tuple[re.Pattern[str], ...]
    blanks: frozenset[str]
    counters: tuple[str, ...]
    units: Mapping[str, Decimal]
    unit_note: re.Pattern[str]
    headings: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, tuple[str, ...]]
    money: Mapping[FigurePath, str] = field(default_factory=dict)
    """Figures of money and the unit that the form counts them in."""
    added: Mapping[FigurePath, tuple[str, ...]] = field(default_factory=dict)
    """Rows of this form that another form parts: the labels of the parts."""

    @cached_property
    def section_headings(self) -> Labels:
        """The parts' keys by their headings."""
        labels = Labels(beginnings=False)
        for section in self.form.sections:
            labels.add(section.key, (section.heading, *self.headings.get(section.key, ())))
        return labels

    def known(self, names: Iterable[str]) -> Labels:
        """Return printed labels with their spellings."""
        labels = Labels()
        for name in names:
            labels.add(name, self.labels.get(name, ()))
        return labels

    @cached_property
    def all_labels(self) -> Labels:
        """Every printed label of the form's tables."""
        return self.known(printed_labels(self.form))


def printed_labels(form: Form) -> list[str]:
    """Return the labels that a form prints in its tables, each once."""
    return list(
        dict.fromkeys(
            cell.text
            for table in form.tables.values()
            for cell in table.grid.cells
            if cell.path is None
        )
    )


def read_spellings(form: Form) -> Spellings:
    """Return the spellings to read old reports of a form by.

    Raises:
        source.Unreadable: a file of spellings is wrong; the finding names the line.
    """
    shared_file = form.folder.parent / "import.yaml"
    own_file = form.folder / "import.yaml"
    shared = _mapping(shared_file)
    own = _mapping(own_file)
    try:
        return Spellings(
            form=form,
            title=(_prescribed(form), *_patterns(shared, "title")),
            no_office=_patterns(shared, "no_office"),
            year=_patterns(shared, "year"),
            residue=_patterns(shared, "residue"),
            furniture=_patterns(shared, "furniture"),
            end=_patterns(shared, "end"),
            blanks=frozenset(str(mark) for mark in shared.get("blanks", ())),
            counters=tuple(map(str, shared.get("counters", ()))),
            units={str(unit): Decimal(str(size)) for unit, size in shared.get("units", {}).items()},
            unit_note=re.compile(shared.get("unit_note", r"(?!)")),
            headings=_lists(own, "headings"),
            labels=_lists(own, "labels"),
            money={
                form.names.place(name).path: str(unit)
                for name, unit in (own.get("money") or {}).items()
            },
            added={
                form.names.place(name).path: labels for name, labels in _lists(own, "added").items()
            },
        )
    except (re.error, KeyError, TypeError, ValueError, ArithmeticError) as error:
        read = source.read(own_file if own_file.is_file() else shared_file)
        message = f"旧报告的写法不对：{error}"
        raise source.Unreadable(source.form_fault(read, (), message)) from error


def _mapping(file: Any) -> Mapping[str, Any]:
    if not file.is_file():
        return {}
    read = source.read(file)
    if not isinstance(read.data, dict):
        raise source.Unreadable(source.form_fault(read, (), "应当是一组键"))
    return read.data


def _patterns(data: Mapping[str, Any], name: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for pattern in data.get(name) or ())


def _prescribed(form: Form) -> re.Pattern[str]:
    """Return the pattern of the title that the form itself prescribes."""
    pattern = re.escape(re.sub(r"\s+", "", form.title))
    for name, group in ((keys.OFFICE, "(?P<office>.+?)"), (keys.YEAR, r"(?P<year>\d{4})")):
        pattern = pattern.replace(re.escape(f"{{{{{name}}}}}"), group, 1)
    return re.compile(f"^{pattern}$")


def _lists(data: Mapping[str, Any], name: str) -> dict[str, tuple[str, ...]]:
    return {key: tuple(map(str, values)) for key, values in (data.get(name) or {}).items()}

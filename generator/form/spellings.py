"""What old documents call the things of a form: ``import.yaml``, and how labels are compared.

``templates/import.yaml`` holds what all forms share (titles, residue, page furniture, units), a
form's own ``import.yaml`` its headings and labels. A form without one is read by its printed
labels alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from generator.form import files
from generator.form.model import Form
from generator.form.names import UnknownName
from generator.reading import source
from generator.values import keys
from generator.values.grid import FigurePath
from generator.values.nearest import meant

ALIKE = 80
"""Least likeness of a label to a spelling, in percent: two slips among 13 characters give 84."""
AHEAD = 6
"""By how much the likest label must be ahead of the next one."""
SHORTEST_ALIKE = 5
"""Shorter labels are compared as they are: of four characters, two may be all that differ."""
LONGEST_LABEL = 120
LOST = "\ufffd"
"""What stands in a text for characters that cannot be recovered (Unicode's replacement)."""
_MOST_LOST = 4
_FEWEST_LEFT = 2
_NUMBER_BEFORE_LOST = re.compile(rf"\A[一二三四五六七八九十]{{1,3}}(?={LOST})")

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

    def _with_lost(self, text: str) -> str | None:
        """Return the only label that what is left of a damaged one can be, its number included."""
        normal = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
        without_number = _NUMBER.sub("", _NUMBER_BEFORE_LOST.sub("", normal), count=1)
        of_names = {_NOT_WORD.sub("", unicodedata.normalize("NFKC", n)): n for n in self.names}
        found = _around_gaps(normal, of_names) or _around_gaps(without_number, self._exact)
        return found.pop() if len(found) == 1 else None

    @property
    def names(self) -> set[str]:
        """What the labels are of."""
        return set(self._exact.values())

    def _find(self, text: str) -> str | None:
        if LOST in text:
            return self._with_lost(text)
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
        from rapidfuzz import fuzz, process  # only old reports need it

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


def _around_gaps(text: str, spellings: Mapping[str, str]) -> set[str]:
    """Return the names of the spellings that hold what is left of a text, and only gaps besides."""
    pieces = [_NOT_WORD.sub("", piece) for piece in text.split(LOST)]
    if sum(map(len, pieces)) < _FEWEST_LEFT:
        return set()
    pattern = re.compile(f".{{0,{_MOST_LOST}}}".join(map(re.escape, pieces)))
    return {name for spelt, name in spellings.items() if pattern.fullmatch(spelt)}


@dataclass(frozen=True)
class Spellings:
    """What ``import.yaml`` says, that of all forms and that of one."""

    form: Form
    title: tuple[re.Pattern[str], ...]
    no_office: tuple[re.Pattern[str], ...]
    """What no office's name holds: a title that seems to name such a one is read otherwise."""
    year: tuple[re.Pattern[str], ...]
    phrases: tuple[str, ...]
    """Words that reports have, besides those that the form prints."""
    residue: tuple[re.Pattern[str], ...]
    furniture: tuple[re.Pattern[str], ...]
    end: tuple[re.Pattern[str], ...]
    foot: tuple[re.Pattern[str], ...]
    attachments: tuple[re.Pattern[str], ...]
    publisher: tuple[re.Pattern[str], ...]
    site: tuple[re.Pattern[str], ...]
    contact: Mapping[str, re.Pattern[str]]
    """By the keys of ``office.yaml``; the first group is what to write there."""
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
        source.Unreadable: a file of spellings names something that the form does not have.
    """
    own = _Spelt(form.files.get(files.IMPORT), form)
    shared = _Spelt(form.shared.get(files.IMPORT), form)
    return Spellings(
        form=form,
        title=(_prescribed(form), *shared.patterns("title")),
        no_office=shared.patterns("no_office"),
        year=shared.patterns("year"),
        phrases=tuple(shared.data.get("phrases", ())),
        residue=shared.patterns("residue"),
        furniture=shared.patterns("furniture"),
        end=shared.patterns("end"),
        foot=shared.patterns("foot"),
        attachments=shared.patterns("attachments"),
        publisher=shared.patterns("publisher"),
        site=shared.patterns("site"),
        contact={
            key: shared.pattern(written, "contact", key)
            for key, written in shared.data.get("contact", {}).items()
        },
        blanks=frozenset(map(str, shared.data.get("blanks", ()))),
        counters=tuple(shared.data.get("counters", ())),
        units={unit: Decimal(size) for unit, size in shared.data.get("units", {}).items()},
        unit_note=shared.pattern(shared.data.get("unit_note", r"(?!)"), "unit_note"),
        headings=own.known("headings", [section.key for section in form.sections]),
        labels=own.known("labels", printed_labels(form)),
        money={own.place(name, "money"): unit for name, unit in own.data.get("money", {}).items()},
        added={
            own.place(name, "added"): tuple(labels)
            for name, labels in own.data.get("added", {}).items()
        },
    )


class _Spelt:
    """A file of spellings, which a form may be without."""

    def __init__(self, read: source.Source | None, form: Form) -> None:
        self.read = read or source.Source(form.folder / files.IMPORT, "", {})
        self.form = form
        self.data: Mapping[str, Any] = self.read.data

    def patterns(self, key: str) -> tuple[re.Pattern[str], ...]:
        written = enumerate(self.data.get(key, ()))
        return tuple(self.pattern(pattern, key, index) for index, pattern in written)

    def pattern(self, written: str, *path: str | int) -> re.Pattern[str]:
        return files.pattern(self.read, path, written)

    def known(self, key: str, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return other spellings by the names that the form prints."""
        found: dict[str, tuple[str, ...]] = {}
        for name, spellings in self.data.get(key, {}).items():
            if name not in names:
                message = f"表式里没有「{name}」{meant(name, names)}"
                raise files.wrong(self.read, (key, name), message)
            found[name] = tuple(spellings)
        return found

    def place(self, name: str, key: str) -> FigurePath:
        try:
            return self.form.names.place(name).path
        except UnknownName as error:
            raise files.wrong(self.read, (key, name), str(error)) from error


def _prescribed(form: Form) -> re.Pattern[str]:
    """Return the pattern of the title that the form itself prescribes."""
    pattern = re.escape(re.sub(r"\s+", "", form.title))
    for name, group in ((keys.OFFICE, "(?P<office>.+?)"), (keys.YEAR, r"(?P<year>\d{4})")):
        pattern = pattern.replace(re.escape(f"{{{{{name}}}}}"), group, 1)
    return re.compile(f"^{pattern}$")

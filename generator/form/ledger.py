"""What a form asks of a ledger of applications: ``ledger.yaml``, its columns, words and rows.

Words are compared without spaces, punctuation, width and numbering. What the form itself prints is
known without being listed, alone and with the name of the group around it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from generator.form import files
from generator.form.model import Form
from generator.form.names import UnknownName
from generator.reading import source
from generator.values.grid import FigurePath
from generator.values.nearest import nearest

_NUMBER = re.compile(
    r"\A(?:\([一二三四五六七八九十]{1,3}\)|[一二三四五六七八九十]{1,3}、|\d{1,2}[.、])"
)
_NOT_WORD = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """Return a word as it is compared."""
    normal = _NUMBER.sub("", unicodedata.normalize("NFKC", text).strip())
    return _NOT_WORD.sub("", normal) or normal.strip()


class Words:
    """What is meant by words: a place in the form, a column, an answer."""

    def __init__(self) -> None:
        """Know no words yet."""
        self._meant: dict[str, Any] = {}
        self._shown: list[str] = []

    def add(self, meaning: Any, words: Iterable[str]) -> None:
        """Let ``words`` mean ``meaning``; what is known already keeps its meaning."""
        for word in words:
            if plain(word) not in self._meant:
                self._meant[plain(word)] = meaning
                self._shown.append(word)

    def find(self, word: str) -> Any:
        """Return what a word means, ``None`` if nothing."""
        return self._meant.get(plain(word))

    def near(self, word: str) -> str:
        """Return the known word that was probably meant, empty where none is near."""
        return nearest(word, self._shown)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the ledger: what a new ledger calls it, its usual names, how it is filled in."""

    key: str
    title: str
    names: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CaseColumn:
    """A column of cases that follow from an application, and the column of their dates."""

    row: FigurePath
    title: str
    names: tuple[str, ...]
    dates: tuple[str, ...]


@dataclass(frozen=True)
class LedgerForm:
    """How a form counts a ledger."""

    columns: Mapping[str, Column]
    days: int
    extension: int
    basis: str
    extended: Words
    received: FigurePath
    carried_over: FigurePath
    carried_on: FigurePath
    kinds: Words
    kind_names: tuple[str, ...]
    outcomes: Words
    outcome_rows: Mapping[FigurePath, str]
    """The rows of outcomes, each with what a new ledger calls it."""
    cases: tuple[CaseColumn, ...]
    results: Words
    result_names: tuple[str, ...]
    none: Words
    """What says that there is nothing."""
    pending: Words
    """What says of an outcome that there is none yet."""

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The heads of a new ledger."""
        found = [column.title for column in self.columns.values()]
        return (*found, *(t for case in self.cases for t in (case.title, case.dates[0])))


def ledger_form(form: Form) -> LedgerForm | None:
    """Return how a form counts a ledger; ``None`` where it does not say.

    Raises:
        source.Unreadable: a row or a column that it names does not exist.
    """
    read = form.files.get(files.LEDGER)
    return _LedgerReader(form, read).ledger() if read else None


class _LedgerReader:
    """Reads the file of one form."""

    def __init__(self, form: Form, read: source.Source) -> None:
        self.form = form
        self.read = read
        self.data: Mapping[str, Any] = read.data

    def ledger(self) -> LedgerForm:
        data = self.data
        rows = {name: self.row(data[name], name) for name in ("received", "carried_over")}
        carried_on = self.row(data["carried_on"], "carried_on")
        outcomes, outcome_rows = Words(), dict(self.outcomes())
        for path, words in self.spelt(outcome_rows):
            outcomes.add(path, words)
        cases = tuple(
            CaseColumn(
                self.row(entry["row"], "cases", index, "row"),
                entry["title"],
                tuple(entry["names"]),
                tuple(entry["dates"]),
            )
            for index, entry in enumerate(data["cases"])
        )
        extended, none, pending = Words(), Words(), Words()
        extended.add(True, data["extended"]["yes"])
        extended.add(False, data["extended"]["no"])
        none.add(True, data["none"])
        pending.add(True, (*data["none"], *data["pending"]))
        return LedgerForm(
            columns={
                key: Column(key, entry["title"], tuple(entry["names"]), entry["note"])
                for key, entry in data["columns"].items()
            },
            days=data["term"]["days"],
            extension=data["term"]["extension"],
            basis=data["term"]["basis"],
            extended=extended,
            received=rows["received"],
            carried_over=rows["carried_over"],
            carried_on=carried_on,
            kinds=self.columns_of(rows["received"], "kinds"),
            kind_names=tuple(data["kinds"]),
            outcomes=outcomes,
            outcome_rows=outcome_rows,
            cases=cases,
            results=self.columns_of(cases[0].row, "results") if cases else Words(),
            result_names=tuple(data["results"]),
            none=none,
            pending=pending,
        )

    def row(self, name: str, *place: str | int) -> FigurePath:
        """Return the row that a name means."""
        try:
            found = self.form.names.resolve(name)
        except UnknownName as error:
            raise files.wrong(self.read, place, str(error)) from error
        below = {path[:-1] for path in found.figures}
        if below != {found.path}:
            raise files.wrong(self.read, place, f"「{name}」不是表中的一行")
        return found.path

    def columns_of(self, row: FigurePath, key: str) -> Words:
        """Return the words for the columns of a row."""
        words = Words()
        known = [path[-1] for path in self.form.figures if path[:-1] == row]
        for column in self.data[key]:
            if column not in known:
                message = f"「{column}」不是这一行的栏；有的是 {'、'.join(known)}"
                raise files.wrong(self.read, (key, column), message)
        for column, others in self.data[key].items():
            words.add(column, (column, *others))
        return words

    def outcomes(self) -> Iterator[tuple[FigurePath, str]]:
        """Yield the rows of outcomes, each with its shortest name that no other row has."""
        paths = [self.row(name, "outcomes", name) for name in self.data["outcomes"]]
        for path in paths:
            alone = sum(other[-1] == path[-1] for other in paths) == 1
            is_plain = alone and path[-1] not in (other[-2] for other in paths)
            yield path, path[-1] if is_plain and len(path) < 4 else "-".join(path[2:])

    def spelt(self, rows: Mapping[FigurePath, str]) -> Iterator[tuple[FigurePath, list[str]]]:
        """Yield the words for each row: the form's own, the usual ones, and both with the group."""
        label = self.form.names
        for (path, title), usual in zip(rows.items(), self.data["outcomes"].values(), strict=True):
            figures = label.resolve(label.name_of(path)).figures
            printed = self.form.label_parts(figures[0])[-2]
            own = [title, path[-1], printed, *usual]
            group = path[-2] if len(path) > 3 else ""
            yield path, [*own, *(f"{group}{word}" for word in own if group)]

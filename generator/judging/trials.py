"""A form's complete office, changed and looked at again: what counter-examples and cases try."""

from __future__ import annotations

import copy
import itertools
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.form.cases import complete_office, path_of
from generator.form.form import Form, Forms
from generator.form.names import parse
from generator.judging.examine import Examined, examine
from generator.reading import source
from generator.reading.workspace import OFFICE_FILE, place_of, reports_in
from generator.report.report import Reader
from generator.values import keys
from generator.values.diagnostics import KeyPath


@dataclass(frozen=True, slots=True)
class Trial:
    """What was found in the changed report, and the places in it that were changed."""

    examined: Examined
    changed: tuple[KeyPath, ...]


class CannotChange(ValueError):
    """A change of what the complete office has not; the message is for the form's author."""


class CompleteOffice:
    """The complete office of a form; every trial changes a copy of its own."""

    def __init__(self, forms: Forms, form: Form, folder: Path) -> None:
        """Read the office; trials are written below ``folder``.

        Raises:
            source.Unreadable: a file of the office cannot be read.
        """
        self.forms = forms
        self.form = form
        self.reports = reports_in(complete_office(form))
        self._folder = folder
        self._numbers = itertools.count(1)
        names = [OFFICE_FILE, *(at.file.name for at in self.reports)]
        self._data = {name: source.read(complete_office(form) / name).data for name in names}

    @property
    def year(self) -> int:
        """The year of the report that trials look at."""
        return self.reports[-1].year

    def as_it_is(self) -> list[Examined]:
        """Return what is found in the reports of the office itself."""
        reader = Reader(self.forms)
        return [examine(at, reader) for at in self.reports]

    def tried(self, changes: Mapping[str, Any]) -> Trial:
        """Change a copy of the office and look at its last report.

        Raises:
            CannotChange: the office has nothing at a place that is to be changed.
        """
        data = copy.deepcopy(self._data)
        changed = tuple(self._change(data, name, value) for name, value in changes.items())
        office = self._folder / f"{next(self._numbers)}" / "office"
        office.mkdir(parents=True)
        for name, content in data.items():
            text = json.dumps(content, ensure_ascii=False, default=float)  # JSON is YAML
            (office / name).write_text(text, "utf-8")
        return Trial(examine(place_of(office, self.year), Reader(self.forms)), changed)

    def _change(self, data: dict[str, Any], written: str, value: Any) -> KeyPath:
        name, is_previous = parse(written)
        year = self.year - is_previous
        if name == keys.NAME:  # of an office of which nothing else is known
            data[OFFICE_FILE] = {keys.NAME: value, keys.KIND: self.forms.offices.kinds[-1]}
            return (name,)
        file = f"{year}.yaml"
        if file not in data:
            raise CannotChange(f"完整的示例里没有 {file}")
        if name == keys.FORM:
            data[file] = self._under_another_form(value, year)
            return (name,)
        path = path_of(self.form, name)
        _put(data[file], path, value, name)
        return path

    def _under_another_form(self, number: int, year: int) -> dict[str, Any]:
        other = reports_in(complete_office(self.forms.load(number)))[-1].file
        return {**source.read(other).data, keys.YEAR: year}


@contextmanager
def complete(forms: Forms, form: Form) -> Iterator[CompleteOffice]:
    """Give a form's complete office for as many trials as are wanted; nothing is left of them.

    Raises:
        source.Unreadable: a file of the office cannot be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        yield CompleteOffice(forms, form, Path(folder))


def _put(data: Any, path: KeyPath, value: Any, name: str) -> None:
    node = data
    try:
        for step in path[:-1]:
            node = node[step]
        if value is None:
            del node[path[-1]]
        else:
            node[path[-1]] = value
    except (LookupError, TypeError) as error:
        raise CannotChange(f"完整的示例里没有「{name}」，或上一级不是逐项写的") from error

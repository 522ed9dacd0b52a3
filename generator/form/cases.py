"""The cases beside a form: what is to be found when its complete office is changed so.

``templates/<form>/cases/complete/`` is an office of two years in which every cell is filled and
nothing is found; ``cases/*.yaml`` say what to change in it and what must be found then. Nothing of
this is read when reports are checked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from generator.form import files
from generator.form.model import Form
from generator.form.names import PREVIOUS, UnknownName, parse
from generator.reading import source
from generator.values import keys
from generator.values.diagnostics import KeyPath, Place
from generator.values.nearest import meant

FOLDER: Final = "cases"
COMPLETE: Final = "complete"


@dataclass(frozen=True, slots=True)
class Expected:
    """One finding that a case asks for; what it says nothing of is not compared."""

    rule: str
    at: str
    says: str
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """What to change in the complete office, and what is to be found then, no more and no less."""

    place: Place
    changes: Mapping[str, Any]
    expected: tuple[Expected, ...]


def complete_office(form: Form) -> Path:
    """Return the folder of a form's complete office, which may be missing."""
    return form.folder / FOLDER / COMPLETE


def read_cases(form: Form, codes: Collection[str]) -> list[Case]:
    """Return the cases of a form in the order of their names; ``codes`` are all that there are.

    Raises:
        source.Unreadable: with all that is wrong in any of them.
    """
    folder = form.folder / FOLDER
    readers = [
        lambda file=file: _checked(file, form, codes) for file in sorted(folder.glob("*.yaml"))
    ]
    return [_case(read) for read in files.read_each(readers)]


def path_of(form: Form, name: str) -> KeyPath:
    """Return where in an office file something is that a case names; items count from 1."""
    head, *steps = name.split(".")
    first = form.tables[head].key if head in form.tables else head
    return (first, *(int(step) - 1 if step.isdecimal() else step for step in steps))


def _checked(file: Path, form: Form, codes: Collection[str]) -> source.Source:
    read = files.read_file(file, "case")
    for written in read.data["changes"]:
        if written.startswith(PREVIOUS) or "." in written or written not in _WHOLE:
            _check_name(form, parse(written).text, read, ("changes", written))
    for index, entry in enumerate(read.data["expected"]):
        if entry["rule"] not in codes:
            message = f"没有「{entry['rule']}」这个编号{meant(entry['rule'], codes)}"
            raise files.wrong(read, ("expected", index, "rule"), message)
    return read


_WHOLE: Final = (keys.NAME, keys.FORM)
"""What a case may change besides the content of reports: whose they are, and under which form."""
_AROUND: Final = (keys.TITLE, keys.LEAD, keys.SIGN_OFF, keys.ACCEPTED, *_WHOLE)


def _check_name(form: Form, name: str, read: source.Source, where: KeyPath) -> None:
    head = name.partition(".")[0]
    texts = [section.key for section in form.sections if not section.table]
    if head in (*texts, *_AROUND):
        return
    if head not in form.tables and head not in form.table_by_key:
        near = meant(head, (*texts, *form.tables, *_AROUND))
        raise files.wrong(read, where, f"没有「{head}」这个部分或表{near}")
    try:
        form.names.place(name)
    except UnknownName as error:
        raise files.wrong(read, where, str(error)) from error


def _case(read: source.Source) -> Case:
    return Case(
        place=read.at(("changes",)),
        changes=read.data["changes"],
        expected=tuple(_expected(read)),
    )


def _expected(read: source.Source) -> Iterator[Expected]:
    for index, entry in enumerate(read.data["expected"]):
        place = read.at(("expected", index))
        yield Expected(entry["rule"], entry.get("at", ""), entry.get("says", ""), place)

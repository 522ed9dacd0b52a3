"""The first file of an office: every row written out, every word to be found already there.

Rows and their explanations come from the form's tables and schema, headings and sentences from
``templates/<form>/new.yaml``; a form without that file gets blank texts. ``office.yaml`` is
written too where the folder has none.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.drafting.questions import Skeleton, blank, skeleton_of
from generator.form.form import Form, Forms
from generator.form.new_words import new_words
from generator.reading.workspace import OFFICE_FILE
from generator.reading.yaml_write import flow, literal, quoted, scalar
from generator.values import keys
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Refusal
from generator.values.width import columns

_EXPLAINED = "说明"
_WIDEST = 96
"""Columns of a comment line."""
_NOT_FIRST, _NOT_LAST = "，。；：、）”》】", "（“《【"


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written, whole."""

    file: Path
    text: str


def new_office(
    folder: Path, name: str, kind: str, forms: Forms, contact: Mapping[str, str] | None = None
) -> NewFile:
    """Return the ``office.yaml`` of a new office; what may be left out stands in comments.

    Whether it makes rules stands in a comment as well where its name does not tell.
    """
    properties = forms.office_shape.schema["properties"]
    given = {keys.NAME: name, keys.KIND: kind}
    lines = list(_modeline(folder, "office"))
    for key, schema in properties.items():
        lines += _comment(f"{key}：{schema['description']}", 0)
        if key in given:
            lines.append(f"{key}: {scalar(given[key])}")
        elif key == keys.MAKES_RULES:
            makes = forms.offices.makes_rules(name)
            lines.append(f"# {key}: …" if makes is None else f"{key}: {str(makes).lower()}")
        elif key == keys.CONTACT and contact:
            lines += [f"{key}:", *(f"  {name}: {quoted(said)}" for name, said in contact.items())]
        elif schema.get("type") == "object":
            inner = ", ".join(f"{column}: …" for column in schema["properties"])
            lines.append(f"# {key}: {{{inner}}}")
        else:
            lines.append(f"# {key}: …")
    return NewFile(folder / OFFICE_FILE, "\n".join(lines) + "\n")


def new_report(folder: Path, year: int, kind: str, forms: Forms) -> NewFile:
    """Return the first report of an office of this kind.

    Raises:
        Refusal: the year is before the first form (F-9), or a file of the form is wrong.
    """
    file = folder / f"{year}.yaml"
    form = form_for(year, file, forms)
    lines = [*_modeline(folder, str(form.id)), *_Report(form, kind).lines(year)]
    return NewFile(file, "\n".join(lines) + "\n")


def there_already(file: Path) -> Diagnostic:
    """Say that a file is left as it is."""
    return Diagnostic.coded("F-15", Place(file), f"已有 {file}，没有动它")


def form_for(year: int, file: Path, forms: Forms) -> Form:
    """Return the form under which a file of a year is made.

    Raises:
        Refusal: the year is before the first form (F-9), or a file of the form is wrong.
    """
    form = forms.for_year(year)
    if form is None:
        first = min(forms.first_years.values())
        message = f"{year} 年度早于本程序所知的表式（{first} 年度起）"
        hint = f"从 {first} 年度开始，用 nianbao new {file.parent} {first} 新建"
        raise Refusal(Diagnostic.coded("F-9", Place(file), message, hint))
    return forms.load(form)


class _Report:
    """Writes one report's lines from top to bottom."""

    def __init__(self, form: Form, kind: str) -> None:
        self.form = form
        self.kind = kind
        self.words = new_words(form)

    def lines(self, year: int) -> Iterator[str]:
        for line in self.words.head:
            yield from _comment(line, 0)
        yield ""
        yield f"{keys.FORM}: {self.form.id}"
        yield f"{keys.YEAR}: {year}"
        if keys.LEAD in self.words.texts:
            yield ""
            yield from self.explained((keys.LEAD,), 0)
            yield from self.text(keys.LEAD, self.words.texts[keys.LEAD], 0)
        for section in self.form.sections:
            yield ""
            yield from self.explained((section.key,), 0)
            for note in self.words.notes.get(section.key, ()):
                yield from _comment(note, 0)
            if section.table:
                yield f"{section.key}:"
                yield from self.rows((section.key,), skeleton_of(self.form, section.key), 2)
            else:
                words = self.words.texts.get(section.key, keys.UNFILLED)
                yield from self.text(section.key, words, 0)

    def explained(self, path: KeyPath, indent: int) -> Iterator[str]:
        """Yield the schema's label and description of a key as comment lines."""
        label, description = self.form.shape.explained(path)
        for sentence in self.words.omit:
            description = description.replace(sentence, "")
        yield from _comment(f"{label}：{description}" if description else label, indent)

    def rows(self, path: tuple[str, ...], rows: Skeleton, indent: int) -> Iterator[str]:
        for key, inner in rows.items():
            inner_path = (*path, key)
            asked = blank(self.form, inner_path, inner)
            yield from self.explained(inner_path, indent)
            if inner and any(isinstance(below, dict) for below in inner.values()):
                yield f"{' ' * indent}{key}:"
                yield from self.rows(inner_path, inner, indent + 2)
            else:
                yield f"{' ' * indent}{key}: {flow(asked)}"

    def text(self, key: str, words: Any, indent: int) -> Iterator[str]:
        """Yield a text: a string, or a summary and items."""
        margin = " " * indent
        if isinstance(words, str):
            yield from _string(key, words, indent)
            return
        yield f"{margin}{key}:"
        if keys.SUMMARY in words:
            yield from _string(keys.SUMMARY, words[keys.SUMMARY], indent + 2)
        items = [item for item in words.get(keys.ITEMS, ()) if self.is_meant(item)]
        if items:
            yield f"{margin}  {keys.ITEMS}:"
        for item in items:
            yield f"{margin}    - {keys.HEADING}: {scalar(item[keys.HEADING])}"
            if _EXPLAINED in item:
                yield from _comment(item[_EXPLAINED], indent + 6)
            yield from self.text(keys.BODY, item[keys.BODY], indent + 6)

    def is_meant(self, item: Mapping[str, Any]) -> bool:
        """Whether an item is for this kind of office."""
        return keys.KIND not in item or self.kind in item[keys.KIND]


def _string(key: str, words: str, indent: int) -> Iterator[str]:
    margin = " " * indent
    if words.strip() == keys.UNFILLED:
        yield f"{margin}{key}: {keys.UNFILLED}"
        return
    lines = words.rstrip("\n").split("\n")
    yield f"{margin}{key}: |{literal(lines, f'{margin}  ')}"


def _comment(text: str, indent: int) -> Iterator[str]:
    """Yield comment lines, broken by display width."""
    margin = " " * indent + "# "
    line = ""
    for character in text:
        if columns(margin + line + character) > _WIDEST and character not in _NOT_FIRST:
            kept = line.rstrip(_NOT_LAST)
            yield margin + kept
            line = line[len(kept) :]
        line += character
    yield margin + line


def _modeline(folder: Path, schema: str) -> Iterator[str]:
    """Point editors at the schema: in the nearest ``schemas/``, or where ``init`` would put one."""
    resolved = folder.resolve()
    here = Path.cwd()
    home = here if here in resolved.parents else resolved.parent
    around = (each for each in resolved.parents if (each / "schemas").is_dir())
    file = next(around, home) / "schemas" / f"{schema}.schema.json"
    path = Path(os.path.relpath(file, resolved)).as_posix()
    yield f"# yaml-language-server: $schema={path}"

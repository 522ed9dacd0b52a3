"""What one year hands on to the next, as ``templates/<form>/rollover.yaml`` states it.

Also the step between two forms: which figures of the older one live on in the newer one, alone, as
parts of a sum, or not at all. Nothing is guessed: what the data does not name and the two forms do
not share has no counterpart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from generator.form import files
from generator.form.model import Form
from generator.form.names import FigureNames, UnknownName
from generator.reading import source
from generator.values import keys
from generator.values.diagnostics import KeyPath
from generator.values.grid import FigurePath, Number
from generator.values.nearest import meant


class Treatment(StrEnum):
    """What becomes of a part of a report in the next year's file."""

    KEPT = "kept"
    ASKED = "asked"
    EMPTIED = "emptied"


@dataclass(frozen=True, slots=True)
class Pair:
    """Figures of an older form and those of a newer one whose sum is the same thing."""

    old: tuple[FigurePath, ...]
    new: tuple[FigurePath, ...]


@dataclass(frozen=True)
class Step:
    """The way from one form to the next. Paths are prefixes: of a figure, a row or a group."""

    before: Form
    after: Form
    pairs: tuple[Pair, ...]
    origins: Mapping[FigurePath, FigurePath] = field(default_factory=dict)
    """New row → the old row whose line in the file it takes over."""
    renamed: Mapping[FigurePath, FigurePath] = field(default_factory=dict)
    """Old place → new place of the same figures, for expressions in prose."""
    reasons: Mapping[FigurePath, str] = field(default_factory=dict)
    """Why figures below an old path have no counterpart."""

    def origin(self, new: FigurePath) -> FigurePath | None:
        """Return the old row whose line the new row takes over, where the data names one."""
        found = self.origins.get(new)
        return found[: len(new)] if found else None

    def lines(self, figures: Mapping[FigurePath, Number]) -> Iterator[str]:
        """Say row by row what was mapped, merged, split, or has no counterpart."""
        before, after = self.before, self.after
        for pair in self.pairs:
            if pair.old == pair.new:
                continue
            old = "、".join(before.label(path) for path in pair.old)
            new = "、".join(after.label(path) for path in pair.new)
            value = sum(figures.get(path) or 0 for path in pair.old)
            if len(pair.old) > 1:
                yield f"合并：{old} → {new}（上年合计 {value}）"
            elif len(pair.new) > 1:
                if pair.old[0][-1] == _total_of(before, pair.old[0]):
                    yield f"拆分：{old}（上年 {value}）→ {new}，须按新的行重新填"
            else:
                yield f"对应：{old}（上年 {value}）→ {new}"
        yield from self._without_counterpart(figures)

    def _without_counterpart(self, figures: Mapping[FigurePath, Number]) -> Iterator[str]:
        olds = {path for pair in self.pairs for path in pair.old}
        news = {path for pair in self.pairs for path in pair.new}
        for row, paths in _by_row(p for p in self.before.figures if p not in olds):
            shown = "、".join(f"{_column(self.before, p)} {figures.get(p)}" for p in paths)
            reason = next((why for p, why in self.reasons.items() if row[: len(p)] == p), "")
            line = (
                f"没有对应：{self.before.id} 年表式 {_row(self.before, paths[0])}（上年 {shown}）"
            )
            yield f"{line}，{reason}" if reason else line
        for _, paths in _by_row(p for p in self.after.figures if p not in news):
            shown = "、".join(_column(self.after, p) for p in paths)
            yield f"新增：{self.after.id} 年表式 {_row(self.after, paths[0])}：{shown}，须填"

    def expression(self, name: str) -> str:
        """Return how prose calls under the newer form what it called ``name`` under the older."""
        found = self.before.names.find(name.split("."))
        if found is None:
            return name
        path = found.path
        for length in range(len(path), 1, -1):
            if new := self.renamed.get(path[:length]):
                return self.after.names.name_of((*new, *path[length:]))
        return name


@dataclass(frozen=True)
class Succession:
    """How a report under a form is written from the one before it."""

    form: Form
    parts: Mapping[str, Treatment]
    carried: Mapping[FigurePath, FigurePath]
    """Row of this year → the row of last year that it continues."""
    years: Mapping[str, tuple[str, ...]]
    """Words beside a year that make its meaning uncertain."""
    lasting_units: tuple[str, ...] = ()
    """Units of counts that do not change with the year."""


def succession(form: Form) -> Succession:
    """Read what a form's reports take over from the year before; a form may say nothing of it.

    Raises:
        source.Unreadable: the file names something that the form does not have.
    """
    read = form.files.get(files.ROLLOVER)
    if read is None:
        return Succession(form, {}, {}, {})
    data: Mapping[str, Any] = read.data
    parts: Mapping[str, str] = data.get("parts", {})
    known = [section.key for section in form.sections]
    for part in parts:
        if part not in (*known, *_AROUND):
            message = f"没有「{part}」这个部分{meant(part, known)}"
            raise files.wrong(read, ("parts", part), message)

    def path(text: str, new: str) -> FigurePath:
        return _path(form.names, form.id, text, read, ("carried", new))

    return Succession(
        form=form,
        parts={part: Treatment(treatment) for part, treatment in parts.items()},
        carried={path(new, new): path(old, new) for new, old in data.get("carried", {}).items()},
        years={name: tuple(words) for name, words in data.get("years", {}).items()},
        lasting_units=tuple(data.get("lasting_units", ())),
    )


_AROUND = (keys.TITLE, keys.LEAD, keys.SIGN_OFF, keys.ACCEPTED)
"""What stands around the parts of a report."""


def check_step(after: Form, before: FigureNames) -> None:
    """See that everything exists that a form's file names of the step to it.

    Raises:
        source.Unreadable: something that it names does not.
    """
    read = after.files.get(files.ROLLOVER)
    step: Mapping[str, Any] = read.data.get("step", {}) if read else {}
    for kind, entries in step.items():
        for text, others in entries.items():
            place: KeyPath = ("step", kind, text)
            key_is_new = kind in ("mapped", "merged", "replaced")
            named = [(text, place, key_is_new)]
            if isinstance(others, list):
                named += [(other, (*place, i), not key_is_new) for i, other in enumerate(others)]
            elif kind != "reasons":
                named.append((others, place, not key_is_new))
            for name, where, is_new in named:
                names, form = (after.names, after.id) if is_new else (before, after.predecessor)
                _path(names, form, name, read, where)


def step_between(before: Form, after: Form) -> Step:
    """Return the step from one form to the next, as the newer one's file tells it."""
    read = after.files.get(files.ROLLOVER)
    is_next = read is not None and after.predecessor == before.id
    named: Mapping[str, Any] = read.data.get("step", {}) if read and is_next else {}

    def old_path(text: str, *where: str) -> FigurePath:
        return _path(before.names, before.id, text, read, ("step", *where))

    def new_path(text: str, *where: str) -> FigurePath:
        return _path(after.names, after.id, text, read, ("step", *where))

    def entries(kind: str) -> Mapping[str, Any]:
        found: Mapping[str, Any] = named.get(kind, {})
        return found

    pairs: list[Pair] = []
    origins: dict[FigurePath, FigurePath] = {}
    renamed: dict[FigurePath, FigurePath] = {}
    for text, old_text in entries("mapped").items():
        new, old = new_path(text, "mapped", text), old_path(old_text, "mapped", text)
        origins[new], renamed[old] = old, new
        pairs += _aligned([old], [new], before)
    for text, old_texts in entries("merged").items():
        new = new_path(text, "merged", text)
        olds = [old_path(old, "merged", text) for old in old_texts]
        origins[new] = olds[0]
        pairs += _aligned(olds, [new], before)
    for text, new_texts in entries("split").items():
        old = old_path(text, "split", text)
        news = [new_path(new, "split", text) for new in new_texts]
        group = _common(news)
        origins[group] = old
        renamed[old] = (*group, _total_of(after, group))
        pairs += _aligned([old], news, before)
    apart: set[FigurePath] = set()
    for text, old_text in entries("replaced").items():
        new, old = new_path(text, "replaced", text), old_path(old_text, "replaced", text)
        origins[new] = old
        apart |= set(_below(after, new)) & set(_below(before, old))
    named_already = {path for pair in pairs for path in (*pair.old, *pair.new)} | apart
    same = set(before.figures) - named_already
    pairs += [Pair((path,), (path,)) for path in after.figures if path in same]
    reasons = {old_path(t, "reasons", t): why for t, why in entries("reasons").items()}
    return Step(before, after, tuple(pairs), origins, renamed, reasons)


def _aligned(olds: list[FigurePath], news: list[FigurePath], before: Form) -> Iterator[Pair]:
    """Pair rows column by column."""
    for path in _below(before, olds[0]):
        suffix = path[len(olds[0]) :]
        yield Pair(tuple((*old, *suffix) for old in olds), tuple((*new, *suffix) for new in news))


def joined(first: Step, last: Step) -> Step:
    """Join two steps: a pair survives where what lies between is the same on both sides."""
    pairs = []
    for later in last.pairs:
        parts = [pair for pair in first.pairs if set(pair.new) <= set(later.old)]
        if {path for pair in parts for path in pair.new} == set(later.old):
            pairs.append(Pair(tuple(p for pair in parts for p in pair.old), later.new))
    for earlier in first.pairs:
        parts = [pair for pair in last.pairs if set(pair.old) < set(earlier.new)]
        if parts and {path for pair in parts for path in pair.old} == set(earlier.new):
            pairs.append(Pair(earlier.old, tuple(p for pair in parts for p in pair.new)))
    return Step(first.before, last.after, tuple(pairs))


def _path(
    names: FigureNames, form: int | None, text: str, read: source.Source | None, where: KeyPath
) -> FigurePath:
    """Turn a table and keys, joined by full stops, into the path of a figure, row or group."""
    try:
        return names.place(text).path
    except UnknownName as error:
        assert read is not None
        message = f"{form} 年表式：{error}"
        raise files.wrong(read, where, message) from error


def _below(form: Form, path: FigurePath) -> list[FigurePath]:
    return [figure for figure in form.figures if figure[: len(path)] == path]


def _common(paths: list[FigurePath]) -> FigurePath:
    first = paths[0][:-1]
    return first if all(path[:-1] == first for path in paths) else paths[0]


def _total_of(form: Form, path: FigurePath) -> str:
    return form.table_by_key[path[0]].total


def _by_row(paths: Iterable[FigurePath]) -> list[tuple[FigurePath, list[FigurePath]]]:
    rows: dict[FigurePath, list[FigurePath]] = {}
    for path in paths:
        rows.setdefault(path[:-1] if len(path) > 2 else path, []).append(path)
    return list(rows.items())


def _row(form: Form, path: FigurePath) -> str:
    table = form.table_by_key[path[0]]
    return f"{table.id} {' '.join(table.grid.labels[path].row)}"


def _column(form: Form, path: FigurePath) -> str:
    return form.table_by_key[path[0]].grid.labels[path].column[-1]

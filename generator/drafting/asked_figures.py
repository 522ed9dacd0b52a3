"""Turns the tables of last year's file into questions for this year, in the clerk's own layout.

Every figure becomes ``待填`` with last year's value in a comment, except what is carried over. A
row or a group that was declared zero is asked again as a whole; a row in which columns were left
out is asked as a whole too, since what is left out of a row means zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from generator.drafting.questions import Skeleton, blank, skeleton_of
from generator.form.form import Form
from generator.form.succession import Pair, Step, Succession
from generator.reading.yaml_edit import YamlText
from generator.reading.yaml_write import flow
from generator.report.report import Report
from generator.values import keys
from generator.values.grid import FigurePath
from generator.values.numerals import digits

_LAST_YEAR = re.compile(rf"{keys.PREVIOUS} (?:-?[\d.]+|{keys.NONE}|\{{[^}}]*\}})(?:；|\Z)")


class FigureQuestions:
    """Edits the tables in the text of last year's file. Paths in the text are those of its form."""

    def __init__(self, text: YamlText, before: Report, plan: Succession, step: Step | None) -> None:
        """Prepare to edit ``text``, the file of ``before``, for the form of ``plan``."""
        self.text = text
        self.before = before
        self.plan = plan
        self.step = step
        self.after = plan.form
        pairs = step.pairs if step else [Pair((p,), (p,)) for p in self.after.figures]
        self._olds = {new: pair.old for pair in pairs if len(pair.new) == 1 for new in pair.new}

    def ask(self, new_part: str, old_part: str) -> None:
        """Ask for every figure of one table."""
        self._ask((new_part,), (old_part,), skeleton_of(self.after, new_part))

    def _ask(self, new: FigurePath, old: FigurePath, rows: Skeleton | None) -> None:
        value, entry = self._value(old), self.text.entries[old]
        if value == keys.ROLL_UP:
            return  # added up over the members next year too
        if new in self.plan.carried:
            self._carry(new, old, rows)
        elif rows is None:
            self._replace(old, keys.UNFILLED, self._shown(new, old, value))
        elif not isinstance(value, dict):
            self._ask_declared(new, old, rows, value)
        elif _is_row(rows):
            self._ask_row(new, old, rows, value)
        elif self._was_row(old):
            self._unfold(new, old, rows, value)
        elif entry.is_flow or entry.in_flow:
            self._replace(old, flow(self._unfolded(new, rows)), self._shown(new, old, value))
        else:
            self._ask_group(new, old, rows, value)

    def _ask_declared(self, new: FigurePath, old: FigurePath, rows: Skeleton, value: Any) -> None:
        """Ask again for what one word declared; show the levels down to what is carried over."""
        if self._was_row(old) and not _is_row(rows):
            self._unfold(new, old, rows, value)
        elif any(target[: len(new)] == new for target in self.plan.carried):
            shown = self._shown(new, old, value)
            self.text.unfold(old, self._unfolded(new, rows))
            self._note(old, shown)
        else:
            self._replace(old, keys.UNFILLED, self._shown(new, old, value))

    def _unfold(self, new: FigurePath, old: FigurePath, rows: Skeleton, value: Any) -> None:
        """Ask for the rows of what used to be one row."""
        shown = self._typed(old, value) if self._is_accounted_for(old) else ""
        if self.text.entries[old].kind == "scalar" or self.text.entries[old].is_flow:
            self.text.unfold(old, blank(self.after, new, rows))
        else:
            self.text.replace(old, flow(blank(self.after, new, rows)))
        self._note(old, shown)

    def _ask_group(
        self, new: FigurePath, old: FigurePath, rows: Skeleton, value: Mapping[str, Any]
    ) -> None:
        self._note(old, "")
        last: FigurePath | None = None
        kept: set[str] = set()
        for key, inner in rows.items():
            child = (*new, key)
            origin = (self.step and self.step.origin(child)) or (*old, key)
            if origin[:-1] == old and origin[-1] in value and origin[-1] not in kept:
                if origin[-1] != key:
                    self.text.rename(origin, key)
                self._ask(child, origin, inner)
                kept.add(origin[-1])
                last = origin
            else:
                content = self._carried(child) if child in self.plan.carried else None
                asked = content or flow(blank(self.after, child, inner))
                self.text.insert(old, last, key, asked)
        for key in value:
            if key not in kept:
                self.text.remove((*old, key))

    def _ask_row(
        self, new: FigurePath, old: FigurePath, columns: Skeleton, value: Mapping[str, Any]
    ) -> None:
        entry = self.text.entries[old]
        total = self.after.table_by_key[new[0]].total
        surplus = [key for key in value if key not in columns]
        shown = self._shown(new, old, value)
        if entry.is_flow or entry.in_flow:
            if all(key in value for key in columns) and set(surplus) <= {total}:
                for key in columns:
                    self.text.replace((*old, key), keys.UNFILLED)
                for key in surplus:
                    self.text.remove((*old, key))
                self._note(old, shown)
            else:
                self._replace(old, flow(blank(self.after, new, columns)), shown)
            return
        self._note(old, "")
        last: FigurePath | None = None
        for key in columns:
            column = (*new, key)
            was = self._value_of(column)
            if key in value:
                self._replace((*old, key), keys.UNFILLED, was)
                last = (*old, key)
            else:
                note = f"  # {keys.PREVIOUS} {was}" if was else ""
                self.text.insert(old, last, key, keys.UNFILLED + note)
        for key in surplus:
            self.text.remove((*old, key))

    def _carry(self, new: FigurePath, old: FigurePath, columns: Skeleton | None) -> None:
        """Write what last year handed on, in place of what it had been handed itself."""
        entry = self.text.entries[old]
        if columns is None or entry.kind == "scalar" or entry.is_flow:
            self.text.replace(old, self._carried(new))
            self._note(old, "")
            return
        value = self._value(old)
        carried = self._carried_columns(new)
        last: FigurePath | None = None
        self._note(old, "")
        for key in columns:
            if key in value:
                self.text.replace((*old, key), digits(carried.get(key, 0)))
                self._note((*old, key), "")
                last = (*old, key)
            elif carried.get(key):
                self.text.insert(old, last, key, digits(carried[key]))
        for key in value:
            if key not in columns:
                self.text.remove((*old, key))

    def _carried(self, new: FigurePath) -> str:
        if new in self.after.figures:
            return digits(self._last_year(self.plan.carried[new]) or 0)
        nonzero = {key: value for key, value in self._carried_columns(new).items() if value}
        return flow(nonzero) if nonzero else "0"

    def _carried_columns(self, new: FigurePath) -> dict[str, Any]:
        source = self.plan.carried[new]
        total = self.after.table_by_key[new[0]].total
        return {
            path[-1]: self._last_year((*source, path[-1])) or 0
            for path in self.after.figures
            if path[:-1] == new and path[-1] != total
        }

    def _last_year(self, path: FigurePath) -> Any:
        """Return last year's value of a figure of this form, ``None`` without counterpart."""
        values = [self.before.figures.get(old) for old in self._olds.get(path, ())]
        known = [value for value in values if value is not None]
        return sum(known) if known and len(known) == len(values) else None

    def _unfolded(self, new: FigurePath, rows: Skeleton) -> dict[str, Any]:
        """Ask for a group that was one word, level by level down to what is carried over."""
        found: dict[str, Any] = {}
        for key, inner in rows.items():
            child = (*new, key)
            if child in self.plan.carried:
                found[key] = self._carried(child)
            elif inner and any(target[: len(child)] == child for target in self.plan.carried):
                found[key] = self._unfolded(child, inner)
            else:
                found[key] = keys.UNFILLED
        return found

    # What last year said

    def _shown(self, new: FigurePath, old: FigurePath, value: Any) -> str:
        """Return last year's value as typed; across forms, as far as it has a counterpart."""
        if self._is_accounted_for(old):
            return self._typed(old, value)
        if new in self._olds:
            return self._value_of(new)
        return flow(
            {
                path[-1]: was
                for path in self.after.figures
                if path[:-1] == new and (was := self._value_of(path))
            }
            or ""
        )

    def _is_accounted_for(self, old: FigurePath) -> bool:
        """Whether every figure below an old path lives on, so that the old value still tells."""
        if self.step is None:
            return True
        living = {path for pair in self.step.pairs for path in pair.old}
        return all(path in living for path in self.before.form.figures if path[: len(old)] == old)

    def _typed(self, old: FigurePath, value: Any) -> str:
        total = self.before.form.table_by_key[old[0]].total
        if isinstance(value, dict):
            return flow({k: self._typed(old, v) for k, v in value.items() if k != total} or 0)
        return digits(value)

    def _value_of(self, new: FigurePath) -> str:
        value = self._last_year(new)
        return "" if value is None else digits(value)

    def _was_row(self, old: FigurePath) -> bool:
        """Whether ``old`` is a figure of the old form, or has nothing but figures below it."""
        below = [path for path in self.before.form.figures if path[: len(old)] == old]
        return all(len(path) <= len(old) + 1 for path in below)

    def _value(self, old: FigurePath) -> Any:
        value: Any = self.before.data
        for step in old:
            value = value[step]
        return value

    # Edits

    def _replace(self, old: FigurePath, value: str, shown: str) -> None:
        self.text.replace(old, value)
        self._note(old, shown)

    def _note(self, old: FigurePath, shown: str) -> None:
        """Put last year's value before the clerk's own comment, in place of the year before's."""
        if self.text.entries[old].in_flow:
            return
        comment = self.text.comment(old)
        own = _LAST_YEAR.sub("", comment, count=1).strip() if comment else ""
        parts = [f"{keys.PREVIOUS} {shown}"] if shown else []
        note = "；".join([*parts, own] if own else parts)
        if note != comment:
            self.text.note(old, note)


def _is_row(rows: Skeleton) -> bool:
    return all(inner is None for inner in rows.values())


def asked_figures(form: Form, plan: Succession) -> Iterator[FigurePath]:
    """Return the figures that this year's file may not know yet: all but the carried ones."""
    for path in form.figures:
        if not any(path[: len(target)] == target for target in plan.carried):
            yield path

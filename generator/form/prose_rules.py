"""The rules on prose as data: ``prose.yaml`` → rules with every pattern compiled.

``templates/prose.yaml`` holds the rules that belong to no single form, that of a form those which
name its figures and parts. A rule has an id, a level, a title, a basis, a hint and causes like any
other; ``kind`` says which function reads it. The words of the trade are patterns in these files,
never in Python. A pattern that does not compile, or a figure or part that does not exist, is a
fault of the form and reported at its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from generator.form.names import FigureNames, UnknownName
from generator.reading import source
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Related, Severity

_ALWAYS = {"id", "level", "title", "basis", "hint", "kind"}
_MAY = {"causes"}
# For every kind of rule: the parameters it must have, and those it may have.
_KINDS: dict[str, tuple[set[str], set[str]]] = {
    "numbers": ({"units"}, set()),
    "named_figures": (set(), set()),
    "sums": ({"marker", "whole", "near", "total", "composed"}, {"open_end"}),
    "changes": ({"same", "from_zero"}, set()),
    "shares": (set(), set()),
    "mentions": ({"part", "topics"}, {"offices"}),
    "statements": (set(), set()),
    "charges": ({"part", "charged", "units", "figure"}, set()),
    "years": ({"period", "other_use", "comparing", "plans", "period_of_report"}, {"wording"}),
    "patterns": (
        {"pattern"},
        {"begins", "unless", "checksum", "conceal", "together", "public", "headings"},
    ),
    "repetitions": ({"shortest"}, {"unless"}),
    "echoes": ({"pattern"}, set()),
    "unfinished": (
        {"end", "open_end", "shortest", "pairs", "broken"},
        {"numbering", "cut", "lost"},
    ),
    "lists": ({"ends"}, set()),
    "numbering": ({"series", "orders"}, set()),
    "length": ({"part"}, {"most", "least"}),
    "kept": ({"most", "shortest", "boilerplate"}, {"part", "problems", "improvements"}),
    "jumps": ({"figures", "factor", "least", "explained"}, set()),
    "other_names": ({"within"}, set()),
    "shared": ({"shortest", "boilerplate"}, set()),
}
_ACROSS_OFFICES = {"other_names", "shared"}
# Parameters, at any depth, that are patterns; a list of them means any one of them.
_PATTERNS = {
    "units", "unless", "marker", "whole", "total", "composed", "open_end", "same", "from_zero",
    "charged", "period", "other_use", "comparing", "plans", "period_of_report", "pattern", "public",
    "end", "broken", "boilerplate", "problems", "improvements", "explained", "words", "within",
    "begins", "ends", "numbering", "lost",
}  # fmt: skip
_SETS = {"cut"}
_LISTS = {"series", "orders"}
_FIGURES = {"figure"}


@dataclass(frozen=True)
class ProseRule:
    """A rule on prose; ``parameters`` are as written, with patterns compiled."""

    id: str
    level: Severity
    title: str
    basis: str
    hint: str
    kind: str
    causes: tuple[str, ...]
    place: Place
    """Where it is written, with its line."""
    parameters: Mapping[str, Any]
    acceptable: bool = True

    @property
    def compares_offices(self) -> bool:
        """Whether the rule needs the reports of several offices."""
        return self.kind in _ACROSS_OFFICES

    @property
    def is_on_request(self) -> bool:
        """Whether what the rule lists is only shown to those who ask for it."""
        return self.kind == "numbers"

    def finding(
        self, place: Place, message: str, hint: str = "", related: tuple[Related, ...] = ()
    ) -> Diagnostic:
        """Return what the rule finds at ``place``; ``hint`` where the rule's own is too general."""
        return Diagnostic(
            self.id, self.level, place, message, hint or self.hint, self.basis, related
        )

    def __getitem__(self, name: str) -> Any:
        """Return a parameter; ``None`` when the rule may have it and has not."""
        return self.parameters.get(name)


def read_prose_rules(file: Path, names: FigureNames, texts: Sequence[str]) -> tuple[ProseRule, ...]:
    """Read the rules of a file, none when there is no such file.

    ``texts`` are the keys of the form's parts that are prose.

    Raises:
        source.Unreadable: something in the file does not exist or is not known, with its line.
    """
    if not file.is_file():
        return ()
    read = source.read(file)
    if not isinstance(read.data, list):
        raise source.Unreadable(source.form_fault(read, (), "应当是一个列表，每项是一条规则"))
    return tuple(
        _Reader(read, (index,), names, texts).rule(entry) for index, entry in enumerate(read.data)
    )


@dataclass(frozen=True)
class _Reader:
    """Reads one entry of the file."""

    read: source.Source
    place: KeyPath
    names: FigureNames
    texts: Sequence[str]

    def fail(self, message: str, *path: str | int) -> NoReturn:
        raise source.Unreadable(source.form_fault(self.read, (*self.place, *path), message))

    def rule(self, entry: Any) -> ProseRule:
        if not isinstance(entry, dict):
            self.fail("规则应当是一组键")
        needed, allowed = _KINDS.get(str(entry.get("kind")), (None, set()))
        if needed is None:
            self.fail(f"没有「{entry.get('kind')}」这种规则；可用 {'、'.join(_KINDS)}", "kind")
        for key in sorted(_ALWAYS | needed):
            if key not in entry:
                self.fail(f"规则缺少「{key}」")
        for key in entry:
            if key not in _ALWAYS | _MAY | needed | allowed:
                self.fail(f"规则里没有「{key}」这个参数", key)
        if entry["level"] not in (Severity.WARNING, Severity.INFO):
            self.fail("读文字的规则只能是 warning 或 info", "level")
        if entry.get("part", self.texts[0]) not in self.texts:
            self.fail(f"没有「{entry['part']}」这个文字部分", "part")
        parameters = {
            key: self.value(entry[key], (key,)) for key in entry if key in needed | allowed
        }
        return ProseRule(
            id=str(entry["id"]),
            level=Severity(entry["level"]),
            title=str(entry["title"]),
            basis=str(entry["basis"]),
            hint=str(entry["hint"]),
            kind=str(entry["kind"]),
            causes=tuple(entry.get("causes", ())),
            place=self.read.at(self.place),
            parameters=parameters,
        )

    def value(self, value: Any, path: KeyPath) -> Any:
        """Return ``value`` with the patterns in it compiled and its figures known to exist."""
        key = path[-1]
        if key in _PATTERNS:
            return self.pattern(value, path)
        if key in _FIGURES:
            for one in value if isinstance(value, list) else [value]:
                self.figure(str(one), path)
            return value
        if key in _SETS:
            return frozenset(value)
        if key in _LISTS:
            return tuple(self.pattern(one, (*path, i)) for i, one in enumerate(value))
        if isinstance(value, dict):
            return {inner: self.value(item, (*path, inner)) for inner, item in value.items()}
        if isinstance(value, list):
            return tuple(self.value(item, (*path, index)) for index, item in enumerate(value))
        return value

    def pattern(self, value: Any, path: KeyPath) -> re.Pattern[str]:
        try:
            return re.compile(_any_of(value))
        except re.error as error:
            self.fail(f"正则式写错了：{error}", *path)

    def figure(self, written: str, path: KeyPath) -> None:
        """Check that an expression in prose could name the figure."""
        try:
            self.names.number(written)
        except UnknownName as error:
            self.fail(str(error), *path)


def _any_of(value: Any) -> str:
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)

"""The cross-checks of a form as data: ``checks.yaml`` → rules with every figure path written out.

A rule that names a figure, a rule, a relation or a parameter that does not exist is a fault of the
form and is reported at its line when the form is loaded; nothing is passed over in silence.
``judging.checks`` runs the rules and knows none of them by name. How a rule is written is told in
``docs/forms.md``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, NoReturn, TypeVar

from generator.form.files import pattern, wrong
from generator.form.names import FigureNames, UnknownName, parse
from generator.form.tables import TableForm
from generator.reading import source
from generator.values import keys
from generator.values.diagnostics import KeyPath, Place, Severity
from generator.values.grid import FigurePath, Number
from generator.values.nearest import meant

_Meaning = TypeVar("_Meaning")

FACTS: Final = (keys.YEAR, keys.MAKES_RULES)
"""What a term may be besides a figure or a number: the reporting year; 1 where the office may make
rules of its own, 0 where it may not, -1 where nobody has said."""


@dataclass(frozen=True, slots=True)
class Term:
    """One addend of a side: a figure of this or last year, a fact or a number, times a factor."""

    path: FigurePath = ()
    previous: bool = False
    fact: str = ""
    number: Number = 0
    times: Number = 1


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sums and how they are to compare; ``factor`` belongs to the relation ``within``."""

    left: tuple[Term, ...]
    relation: str
    right: tuple[Term, ...]
    factor: Number = 1

    @property
    def terms(self) -> tuple[Term, ...]:
        """The addends of both sides."""
        return self.left + self.right

    @property
    def demand(self) -> str:
        """How the left side is to compare with the right one, in words."""
        return _DEMANDS[self.relation].format(self.factor)

    def holds(self, left: Number, right: Number) -> bool:
        """Whether it does, with what the sides come to."""
        if self.relation == "within":
            return not left or not right or max(left, right) <= min(left, right) * self.factor
        return _RELATIONS[self.relation](left, right)


_DEMANDS: Final = {
    "equals": "应当等于",
    "at_least": "应当不小于",
    "at_most": "应当不大于",
    "within": "相差不应超过 {} 倍",
}
_RELATIONS: Final[Mapping[str, Callable[[Number, Number], bool]]] = {
    "equals": operator.eq,
    "at_least": operator.ge,
    "at_most": operator.le,
}


@dataclass(frozen=True, slots=True)
class Binding:
    """A rule made definite: what must hold, and the conditions under which it is asked at all."""

    comparison: Comparison
    conditions: tuple[Comparison, ...]


@dataclass(frozen=True)
class Rule:
    """A cross-check. ``bindings`` are filled for the kind ``relation``."""

    id: str
    level: Severity
    title: str
    basis: str
    hint: str
    kind: str
    causes: tuple[str, ...]
    place: Place
    """Where it is written, with its line."""
    acceptable: bool
    """Whether an office may accept a finding of this rule with a reason."""
    violated_by: Mapping[str, Any]
    """A counter-example: what to change in a complete report to make the rule fire."""
    after: tuple[str, ...] = ()
    bindings: tuple[Binding, ...] = ()
    conditions: tuple[Comparison, ...] = ()
    table: str = ""
    part: str = ""
    must_mention: tuple[re.Pattern[str], ...] = ()
    must_not_say: tuple[re.Pattern[str], ...] = ()
    not_compared: tuple[str, ...] = field(default=())


def read_rules(read: source.Source, names: FigureNames, texts: Sequence[str]) -> tuple[Rule, ...]:
    """Return a form's rules; ``texts`` are the keys of its parts that are prose.

    Raises:
        source.Unreadable: something that a rule names does not exist, with its line.
    """
    rules: dict[str, Rule] = {}
    for index, entry in enumerate(read.data):
        rule = _RuleReader(read, (index,), entry, names, texts).rule()
        if rule.id in rules:
            raise wrong(read, (index, "id"), f"规则「{rule.id}」写了两次")
        rules[rule.id] = rule
    order = list(rules)
    for index, rule in enumerate(rules.values()):
        for key, others in (("after", rule.after), ("not_compared", rule.not_compared)):
            for name in others:
                if name not in rules:
                    raise wrong(read, (index, key), f"没有「{name}」这条规则{meant(name, rules)}")
                if key == "after" and order.index(name) >= index:
                    raise wrong(read, (index, key), f"「{name}」应当写在这条规则之前")
    return tuple(rules.values())


class _RuleReader:
    """Reads one entry of the file."""

    def __init__(
        self,
        read: source.Source,
        place: KeyPath,
        entry: dict[str, Any],
        names: FigureNames,
        texts: Sequence[str],
    ) -> None:
        self.read = read
        self.place = place
        self.names = names
        self.tables: Mapping[str, TableForm] = names.tables
        self.texts = texts
        self.entry = entry
        self.kind: str = entry.get("kind", "relation")

    def fail(self, message: str, *path: str | int) -> NoReturn:
        raise wrong(self.read, (*self.place, *path), message)

    def rule(self) -> Rule:
        entry = self.entry
        rule = Rule(
            id=entry["id"],
            level=Severity(entry["level"]),
            title=entry["title"],
            basis=entry["basis"],
            hint=entry["hint"],
            kind=self.kind,
            causes=tuple(entry.get("causes", ())),
            place=self.read.at(self.place),
            acceptable=entry.get("accept", self.kind != "figures"),
            violated_by=self.violated_by(),
            after=tuple(entry.get("after", ())),
            bindings=tuple(self.bindings()) if self.kind == "relation" else (),
            conditions=self.conditions({}) if self.kind == "text" else (),
            table=entry.get("table", ""),
            part=entry.get("part", ""),
            must_mention=self.patterns("must_mention"),
            must_not_say=self.patterns("must_not_say"),
            not_compared=tuple(entry.get("not_compared", ())),
        )
        if rule.table and rule.table not in self.tables:
            self.fail(f"没有「{rule.table}」这张表{meant(rule.table, self.tables)}", "table")
        if rule.part and rule.part not in self.texts:
            self.fail(f"没有「{rule.part}」这个文字部分{meant(rule.part, self.texts)}", "part")
        return rule

    def patterns(self, key: str) -> tuple[re.Pattern[str], ...]:
        written = enumerate(self.entry.get(key, ()))
        return tuple(pattern(self.read, (*self.place, key, i), text) for i, text in written)

    def violated_by(self) -> Mapping[str, Any]:
        """Check that the counter-example changes something that exists."""
        changes: Mapping[str, Any] = self.entry["violated_by"]
        for written in changes:
            name = parse(written).text
            if name not in (keys.FORM, keys.NAME, *self.texts):
                self.known(self.names.place, name, "violated_by", written)
        return changes

    def bindings(self) -> Iterator[Binding]:
        for variables in self.variables():
            comparison = self.comparison(self.entry, variables)
            yield Binding(comparison, self.conditions(variables))

    def variables(self) -> list[dict[str, str]]:
        """Return what ``each`` lets the rule's variable stand for, one after the other."""
        each = self.entry.get("each")
        if each is None:
            return [{}]
        ((name, domain),) = each.items()
        if isinstance(domain, list):
            return [{name: value} for value in domain]
        table_id, _, what = domain.partition(".")
        table = self.tables.get(table_id)
        if table is None or what not in ("each", "rows"):
            self.fail(f"「{domain}」应当是「表.each」「表.rows」或一个列表", "each", name)
        if what == "each":
            return [{name: value} for value in table.each]
        return [{name: self.names.name_of(row)} for row in table.rows]

    def conditions(self, variables: Mapping[str, str]) -> tuple[Comparison, ...]:
        conditions = self.entry.get("when", ())
        if isinstance(conditions, dict):
            conditions = [conditions]
        return tuple(self.comparison(condition, variables) for condition in conditions)

    def comparison(self, written: Mapping[str, Any], variables: Mapping[str, str]) -> Comparison:
        relation: str = written["relation"]
        if ("factor" in written) != (relation == "within"):
            self.fail("factor 只用于 within，也必须有", "factor")
        sides = [
            tuple(term for one in _listed(written[key]) for term in self.terms(one, variables, key))
            for key in ("left", "right")
        ]
        return Comparison(sides[0], relation, sides[1], written.get("factor", 1))

    def terms(self, written: Any, variables: Mapping[str, str], key: str) -> Iterator[Term]:
        times: Number = 1
        if isinstance(written, dict):
            written, times = written["of"], written["times"]
        if isinstance(written, int | Decimal):
            yield Term(number=written, times=times)
            return
        text = str(written)
        for name, value in variables.items():
            text = text.replace(f"${name}", value)
        if "$" in text:
            self.fail(f"「{text}」里的变量没有在 each 中说明", key)
        if text in FACTS:
            yield Term(fact=text, times=times)
            return
        written = parse(text)
        for path in self.known(self.names.matching, written.text, key):
            yield Term(path, written.previous, times=times)

    def known(self, meaning: Callable[[str], _Meaning], text: str, *key: str) -> _Meaning:
        """Return what a name means; one that means nothing is a fault at its line."""
        try:
            return meaning(text)
        except UnknownName as error:
            self.fail(str(error), *key)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

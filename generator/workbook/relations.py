"""A form's rules as formulas over named cells, each with the sentence that it says when broken.

The same judgement as ``judging.equations`` makes, put into words of a spreadsheet: a relation is
judged once all of its figures are numbers. What needs last year's report is left out where that
is not at hand, as ``check`` skips it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from generator.form.form import Form
from generator.form.names import shared_ends
from generator.form.rules import Binding, Comparison, Rule, Term
from generator.values.diagnostics import KeyPath
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits
from generator.workbook.layout import Layout

Accepted = tuple[str, KeyPath]
"""A rule and the place of a finding of it."""

_LONG_SUM = 4
"""Addends. A longer sum is not written out one by one."""
_FIGURES = "0" * 50
"""As long as the figures of a sentence and the words between them."""
_EXACT = 6
"""Decimals to which sums are compared: a spreadsheet adds in binary."""

_TESTS: Mapping[str, str] = {
    "equals": "ROUND({left}-{right},{digits})=0",
    "at_least": "ROUND({left}-{right},{digits})>=0",
    "at_most": "ROUND({left}-{right},{digits})<=0",
    "within": "OR({left}=0,{right}=0,AND({left}<={right}*{factor},{right}<={left}*{factor}))",
}


@dataclass(frozen=True)
class Known:
    """What the formulas may refer to: this year's figures and last year's, by path.

    ``facts`` are numbers that belong to no cell.
    """

    layout: Layout
    figures: Mapping[FigurePath, Number]
    previous: Mapping[FigurePath, Number]
    facts: Mapping[str, Number]

    def has(self, term: Term) -> bool:
        """Whether there is a cell or a number for a term."""
        return not term.previous or term.path in self.previous

    def value(self, term: Term) -> Number | None:
        """Return a term's value without its factor, ``None`` where it is not filled in."""
        if term.path:
            return (self.previous if term.previous else self.figures).get(term.path)
        return self.facts[term.fact] if term.fact else term.number

    def cell(self, term: Term) -> str:
        """Return the name of a term's cell, or its number."""
        if not term.path:
            return digits(self.value(term))
        name = self.layout.previous_name if term.previous else self.layout.name
        return name(term.path)


@dataclass(frozen=True)
class Relation:
    """One relation: whose rule it is, what it is about, and its formulas."""

    rule: Rule
    binding: Binding
    known: Known
    is_accepted: bool = False
    """Whether the office has accepted that it does not hold."""

    @property
    def comparison(self) -> Comparison:
        """What is to hold."""
        return self.binding.comparison

    @cached_property
    def table(self) -> str:
        """The table on whose sheet the sentence appears: that of its first figure."""
        path = next(t.path for t in self.comparison.terms if t.path and not t.previous)
        return self.known.layout.form.table_by_key[path[0]].id

    @cached_property
    def subject(self) -> str:
        """What all figures of the relation have in common: the row, or the column."""
        first, last, names = self._names
        common = next(iter(names.values()))
        return " ".join((*common[:first], *common[len(common) - last :]))

    @property
    def left(self) -> str:
        """The formula of the left side."""
        return self._sum(self.comparison.left)

    @property
    def right(self) -> str:
        """The formula of the right side."""
        return self._sum(self.comparison.right)

    def holds(self, left: str, right: str) -> str:
        """Return the formula that says whether it holds, of the cells of both sides."""
        return _test(self.comparison, left, right)

    @property
    def ready(self) -> str:
        """The formula that says whether every figure is filled in."""
        cells = self._cells((self.comparison, *self.binding.conditions))
        return f"COUNT({','.join(cells)})={len(cells)}"

    @property
    def applies(self) -> str:
        """The formula that says whether the relation is asked for at all, empty if always."""
        tests = [
            _test(c, f"({self._sum(c.left)})", f"({self._sum(c.right)})")
            for c in self.binding.conditions
        ]
        return f"AND({','.join(tests)})" if tests else ""

    def sentence(self, left: str, right: str) -> str:
        """Return the formula of the sentence: what does not hold, and the figures of both sides."""
        pieces = [_quoted(f"{self.opening}：左边 "), *self._written(self.comparison.left, left)]
        pieces += [_quoted("；右边 "), *self._written(self.comparison.right, right)]
        pieces += [_quoted(f"；{self.comparison.demand}")]
        if self.comparison.relation != "within":
            pieces += [_quoted("，相差 "), f"ABS(ROUND({left}-{right},{_EXACT}))"]
        return "&".join(pieces)

    @property
    def opening(self) -> str:
        """What should hold, and of which figures."""
        return f"{self.rule.title}（{self.subject}）" if self.subject else self.rule.title

    @property
    def longest(self) -> str:
        """About the longest that the sentence can be: its words, and figures."""
        terms = self.comparison.terms
        names = "".join(self._name(term) for term in terms) if len(terms) <= 2 * _LONG_SUM else ""
        return f"{self.opening}{names}{self.comparison.demand}{_FIGURES}"

    # What it comes to now, for readers that compute nothing.

    def values(self) -> tuple[Number, Number] | None:
        """Return what both sides come to, ``None`` where a figure is missing."""
        left, right = self._total(self.comparison.left), self._total(self.comparison.right)
        return None if left is None or right is None else (left, right)

    @property
    def is_open(self) -> bool:
        """Whether it does not hold, and nobody has accepted that."""
        return self.state() is False and not self.is_accepted

    def state(self) -> bool | None:
        """Whether it holds now; ``None`` where it cannot be judged or is not asked for."""
        if not all(self._holds(condition) for condition in self.binding.conditions):
            return None
        return self._holds(self.comparison)

    def _holds(self, comparison: Comparison) -> bool | None:
        left, right = self._total(comparison.left), self._total(comparison.right)
        if left is None or right is None:
            return None
        return comparison.holds(left, right)

    def said(self) -> str:
        """Return the sentence as it reads now, empty where nothing is broken."""
        sides = self.values()
        if sides is None or self.state() is not False:
            return ""
        left, right = sides
        text = f"{self.opening}：左边 {self._figures(self.comparison.left, left)}"
        text += f"；右边 {self._figures(self.comparison.right, right)}；{self.comparison.demand}"
        if self.comparison.relation != "within":
            text += f"，相差 {digits(abs(left - right))}"
        return text

    def _figures(self, terms: tuple[Term, ...], total: Number) -> str:
        if 1 < len(terms) <= _LONG_SUM:
            addends = (f"{self._name(t)} {digits(self.known.value(t))}" for t in terms)
            return f"{' + '.join(addends)} = {digits(total)}"
        return digits(total)

    def _total(self, terms: Iterable[Term]) -> Number | None:
        total: Number = 0
        for term in terms:
            value = self.known.value(term)
            if value is None:
                return None
            total += value * term.times
        return total

    # Formulas

    def _cells(self, comparisons: Iterable[Comparison]) -> list[str]:
        terms = (term for comparison in comparisons for term in comparison.terms)
        return list(dict.fromkeys(self.known.cell(term) for term in terms if term.path))

    def _sum(self, terms: tuple[Term, ...]) -> str:
        return "+".join(
            self.known.cell(t) + ("" if t.times == 1 else f"*{digits(t.times)}") for t in terms
        )

    def _written(self, terms: tuple[Term, ...], total: str) -> Iterator[str]:
        if 1 < len(terms) <= _LONG_SUM:
            for index, term in enumerate(terms):
                plus = " + " if index else ""
                yield _quoted(f"{plus}{self._name(term)} ")
                yield self.known.cell(term)
            yield _quoted(" = ")
        yield total

    def _name(self, term: Term) -> str:
        if not term.path:
            return term.fact
        first, last, names = self._names
        parts = names[term.path]
        parts = parts[first : len(parts) - last] or parts[-1:]
        year = "上年" if term.previous else ""
        return year + " ".join(parts)

    @cached_property
    def _names(self) -> tuple[int, int, dict[FigurePath, tuple[str, ...]]]:
        form = self.known.layout.form
        names = {t.path: form.label_parts(t.path) for t in self.comparison.terms if t.path}
        return *shared_ends(list(names.values())), names


def relations(form: Form, known: Known, accepted: Collection[Accepted]) -> list[Relation]:
    """Return every relation of the form that the workbook can judge, in the form's order.

    ``accepted`` are the rules and places of what the office has accepted.
    """
    return [
        Relation(rule, binding, known, not _places(rule, binding).isdisjoint(accepted))
        for rule in form.rules
        for binding in rule.bindings
        if all(known.has(term) for term in _terms(binding))
        and any(term.path and not term.previous for term in binding.comparison.terms)
    ]


def _places(rule: Rule, binding: Binding) -> set[Accepted]:
    """Return where a finding about a binding may stand: at a figure, its row or its group."""
    paths = {term.path for term in binding.comparison.terms if term.path and not term.previous}
    return {(rule.id, path[:depth]) for path in paths for depth in range(1, len(path) + 1)}


def _terms(binding: Binding) -> Iterator[Term]:
    for comparison in (binding.comparison, *binding.conditions):
        yield from comparison.terms


def _test(comparison: Comparison, left: str, right: str) -> str:
    return _TESTS[comparison.relation].format(
        left=left, right=right, factor=comparison.factor, digits=_EXACT
    )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'

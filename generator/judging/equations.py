"""Equations over a report's figures: what they come to, and how they read when written out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.form.names import shared_ends
from generator.form.rules import Binding, Comparison, Rule, Term
from generator.report.report import Report
from generator.values import keys
from generator.values.diagnostics import Place, Related
from generator.values.grid import FigurePath, Number
from generator.values.numerals import digits

_LONG_SUM = 4
"""Addends. In a longer sum the zeros are not written out one by one."""
_UNKNOWN = -1
"""What stands for a fact that is neither so nor not so, as far as anybody has said."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one binding of a rule: ``holds`` is ``None`` where it could not be judged.

    ``reason`` then says why; an empty one means that the rule does not apply here at all.
    """

    rule: Rule
    binding: Binding
    holds: bool | None
    left: Number = 0
    right: Number = 0
    reason: str = ""

    @property
    def comparison(self) -> Comparison:
        """What was to hold."""
        return self.binding.comparison


class Equations:
    """The figures of one report and of last year's, ready to be put into equations."""

    def __init__(self, report: Report) -> None:
        """Look up terms in ``report`` and in the report of the year before, where there is one.

        Sums that lack a member's figure are none of them, whoever asks.
        """
        report = report.as_far_as_certain()
        self.report = report
        wrong = report.wrong_figures
        values = report.figures.values
        self._own = (
            {path: values[path] for path in values if path not in wrong} if wrong else values
        )
        makes_rules = report.office.makes_rules
        self._facts: dict[str, Number] = {
            keys.YEAR: report.year,
            keys.MAKES_RULES: _UNKNOWN if makes_rules is None else int(makes_rules),
        }

    def judge(self, rule: Rule) -> Iterator[Judged]:
        """Judge every binding of a rule."""
        for binding in rule.bindings:
            yield self._judge(rule, binding)

    def _judge(self, rule: Rule, binding: Binding) -> Judged:
        for condition in binding.conditions:
            applies = self.holds(condition)
            if applies is None:
                return Judged(rule, binding, None, reason=self.why_unknown(condition))
            if not applies:
                return Judged(rule, binding, None)
        comparison = binding.comparison
        left, right = self._sum(comparison.left), self._sum(comparison.right)
        if left is None or right is None:
            return Judged(rule, binding, None, reason=self.why_unknown(comparison))
        return Judged(rule, binding, comparison.holds(left, right), left, right)

    def holds(self, comparison: Comparison) -> bool | None:
        """Return whether a comparison holds, ``None`` where an operand is missing."""
        left, right = self._sum(comparison.left), self._sum(comparison.right)
        return None if left is None or right is None else comparison.holds(left, right)

    def value(self, term: Term) -> Number | None:
        """Return a term's value without its factor."""
        if term.path and not term.previous:
            return self._own.get(term.path)
        if term.path:
            source, path = self.stands_in(term)
            if source is None or path in source.wrong_figures:
                return None
            return source.figures.values.get(path)
        return self._facts[term.fact] if term.fact else term.number

    def stands_in(self, term: Term) -> tuple[Report | None, FigurePath]:
        """Return the report a figure stands in and its path there.

        Under another form the same table may belong to a part with another key.
        """
        if not term.previous:
            return self.report, term.path
        previous = self.report.previous
        if previous is None or previous.form is self.report.form:
            return previous, term.path
        there = previous.form.names.find(self.report.form.names.steps_of(term.path))
        return previous, there.path if there else term.path

    def why_unknown(self, comparison: Comparison) -> str:
        """Say which operand is missing, and why."""
        for term in comparison.terms:
            if self.value(term) is not None:
                continue
            source, path = self.stands_in(term)
            if source is None:
                return f"没有可用的 {self.report.year - 1} 年度报告"
            if path not in source.form.figures:
                return f"{source.year} 年度用的是另一种格式，没有可比的数"
            year = f"{source.year} 年度的" if term.previous else ""
            if path in source.figures.unfilled:
                why = "还没有填"
            elif source.office.roll_up and path not in source.wrong_figures:
                why = "还缺有的单位的数"
            else:
                why = "写得不对" if path in source.wrong_figures else "没有数"
            return f"{year}「{source.form.label(path)}」{why}"
        return ""

    def _sum(self, terms: Iterable[Term]) -> Number | None:
        total: Number = 0
        own = self._own
        for term in terms:
            value = own.get(term.path) if term.path and not term.previous else self.value(term)
            if value is None:
                return None
            total += value if term.times == 1 else value * term.times
        return total

    # In words.

    def related(self, comparison: Comparison) -> tuple[Related, ...]:
        """Return the figures of both sides, each with its place and label."""
        found = []
        for term in comparison.terms:
            source, path = self.stands_in(term)
            if term.path and source:
                label, value = self._year(term) + source.form.label(path), self.value(term)
                found.append(Related(Place(source.at.file, path), label, digits(value)))
        return tuple(found)

    def subject(self, comparison: Comparison) -> str:
        """Return what all figures of a comparison have in common: the table, the row or column."""
        first, last, names = self._names(comparison)
        if not names:
            return ""
        common = next(iter(names.values()))
        return " ".join((*common[:first], *common[len(common) - last :]))

    def short(self, terms: tuple[Term, ...], total: Number) -> str:
        """Write a side out in figures only: 12 + 0 = 12; zeros are left out of a long sum."""
        shown = terms
        if len(terms) > _LONG_SUM:
            shown = tuple(term for term in terms if self.value(term)) or terms[:1]
        values = " + ".join(self._factored(term) for term in shown)
        return values if values == digits(total) else f"{values} = {digits(total)}"

    def working(self, judged: Judged) -> tuple[str, ...]:
        """Write both sides out with the labels of their terms; a bare number needs no writing."""
        comparison = judged.comparison
        first, last, names = self._names(comparison)

        def named(term: Term) -> str:
            if not term.path:
                return term.fact or self._factored(term)
            parts = names[id(term)]
            parts = parts[first : len(parts) - last] or parts[-1:]
            mark = "（计算）" if self._is_computed(term) else ""
            return f"{self._year(term)}{' '.join(parts)} {self._factored(term)}{mark}"

        def side(terms: tuple[Term, ...], total: Number) -> str:
            zeros = [term for term in terms if not self.value(term)]
            if len(terms) <= _LONG_SUM or len(zeros) < 2:
                zeros = []
            shown = [term for term in terms if term not in zeros]
            rest = f"（其余 {len(zeros)} 项为 0）" if shown else f"（{len(zeros)} 项都是 0）"
            text = " + ".join(named(term) for term in shown) + (rest if zeros else "")
            return f"{digits(total)} = {text}"

        left = f"左边 {side(comparison.left, judged.left)}"
        right = f"右边 {side(comparison.right, judged.right)}"
        return (left, right) if any(term.path for term in comparison.right) else (left,)

    def message(self, judged: Judged) -> str:
        """Say in one line what does not hold, with the figures of both sides."""
        comparison = judged.comparison
        subject = self.subject(comparison)
        head = judged.rule.title + (f"（{subject}）" if subject else "")
        left = self.short(comparison.left, judged.left)
        if not any(term.path for term in comparison.right):
            return f"{head}：现为 {left}"
        right = self.short(comparison.right, judged.right)
        if comparison.relation == "within":
            verdict = comparison.demand
        else:
            verdict = f"{comparison.demand}而相差 {digits(_difference(judged))}"
        return f"{head}：左边 {left}；右边 {right}；{verdict}"

    def _names(self, comparison: Comparison) -> tuple[int, int, dict[int, tuple[str, ...]]]:
        """Return the label parts of every figure, and how many are shared in front and behind."""
        names: dict[int, tuple[str, ...]] = {}
        for term in comparison.terms:
            source, path = self.stands_in(term)
            if term.path:
                names[id(term)] = (source or self.report).form.label_parts(path)
        return *shared_ends(list(names.values())), names

    def _factored(self, term: Term) -> str:
        value = self.value(term)
        times = "" if term.times == 1 else f" × {digits(term.times)}"
        if value is None:
            return f"?{times}"
        return f"{digits(value) if value >= 0 else f'({digits(value)})'}{times}"

    def _year(self, term: Term) -> str:
        return f"{self.report.year - 1}年度 " if term.previous else ""

    def _is_computed(self, term: Term) -> bool:
        source, path = self.stands_in(term)
        return bool(source and source.is_computed(path) and self.value(term))


def _difference(judged: Judged) -> Number:
    return max(judged.left, judged.right) - min(judged.left, judged.right)

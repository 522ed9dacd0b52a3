"""What a report's prose was understood to say: its mentions, and an account of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from generator.judging.prose.accounts import Account
from generator.judging.prose.mentions import Mentions
from generator.judging.prose.passages import Passages
from generator.judging.prose.settling import settle
from generator.judging.prose.similarity import Sentence
from generator.report.narrative import Prose, texts_of
from generator.report.report import Report
from generator.values.diagnostics import KeyPath

Placed = tuple[KeyPath, str, Sentence]
"""A sentence of a text, with the text and where it stands."""


@dataclass(frozen=True)
class Understanding:
    """The mentions of a report and, in the same order, their accounts.

    ``compared`` holds what was compared with last year's texts, for rules that ask for the same.
    """

    mentions: Mentions
    compared: dict[tuple[object, ...], tuple[list[Placed], list[Sentence]]] = field(
        default_factory=dict, compare=False, repr=False
    )

    @cached_property
    def accounts(self) -> list[Account]:
        """An account of every mention; settled when first asked for."""
        return settle(self.mentions)

    @cached_property
    def texts(self) -> list[tuple[KeyPath, str]]:
        """The texts of the report as they were typed."""
        return list(texts_of(self.report))

    @cached_property
    def earlier_texts(self) -> list[tuple[KeyPath, str]]:
        """The texts of last year's report as they were typed."""
        return list(texts_of(self.report.previous)) if self.report.previous else []

    @property
    def passages(self) -> Passages:
        """The prose itself."""
        return self.mentions.passages

    @property
    def report(self) -> Report:
        """The report."""
        return self.mentions.report


def understand(
    report: Report, rendered: Mapping[KeyPath, Prose], passages: Passages | None = None
) -> Understanding | None:
    """Read a report's prose; ``None`` when it has none, or its form no rules on it."""
    rule = next((rule for rule in report.form.prose_rules if rule.kind == "numbers"), None)
    if rule is None or not rendered:
        return None
    prose = passages or Passages(report, rendered)
    return Understanding(Mentions(prose, rule["units"], rule["bare"], report.form.vocabulary))

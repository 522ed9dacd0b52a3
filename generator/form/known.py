"""The findings that belong to no form: ``templates/findings.yaml`` → level, title, basis, way out.

Whoever finds something knows a code, a place and what is wrong. What a code weighs, what it rests
on and what to do about it is said here, once for all of its findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from generator.form.prose_rules import ProseRule
from generator.form.rules import Rule
from generator.reading import source
from generator.values.diagnostics import Diagnostic, Place, Severity


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a code. ``place`` is where the file says it."""

    code: str
    level: Severity
    title: str
    basis: str
    hint: str
    causes: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class KnownFindings:
    """``families``: the letters a family's codes begin with → what it is called, in order."""

    families: Mapping[str, str]
    entries: Mapping[str, Known]

    def finding(self, code: str, place: Place, message: str, hint: str = "") -> Diagnostic:
        """Return what was found at ``place``; ``hint`` where the general one says too little."""
        known = self.entries[code]
        return Diagnostic(code, known.level, place, message, hint or known.hint, known.basis)


def completed(
    finding: Diagnostic, rules: Mapping[str, Rule | ProseRule], known: KnownFindings
) -> Diagnostic:
    """Return a finding with all that a form's rules or ``known`` say of its code."""
    entry = rules.get(finding.code) or known.entries[finding.code]
    hint = finding.hint or entry.hint
    return replace(finding, severity=entry.level, hint=hint, basis=entry.basis)


def read_known(read: source.Source) -> KnownFindings:
    """Return what ``findings.yaml`` says."""
    items = enumerate(read.data["findings"])
    entries = [_known(read.at(("findings", index)), item) for index, item in items]
    return KnownFindings(read.data["families"], {entry.code: entry for entry in entries})


def _known(place: Place, item: Mapping[str, Any]) -> Known:
    return Known(
        code=item["id"],
        level=Severity(item["level"]),
        title=item["title"],
        basis=item["basis"],
        hint=item["hint"],
        causes=tuple(item["causes"]),
        place=place,
    )

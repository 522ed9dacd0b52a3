"""The findings that belong to no form: ``templates/findings.yaml`` → level, title, basis, way out.

Whoever finds something knows a code, a place and what is wrong. What a code weighs, what it rests
on and what to do about it is said here, once for all of its findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator.form.prose_rules import ProseRule
from generator.form.rules import Rule
from generator.reading import source
from generator.values.diagnostics import Diagnostic, KeyPath, Place, Severity

_KEYS = {"id", "level", "title", "basis", "hint", "causes"}


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


def read_known(file: Path) -> KnownFindings:
    """Read the file.

    Raises:
        source.Unreadable: it is missing or wrong; the finding names the line.
    """
    read = source.read(file)
    if not isinstance(read.data, dict) or set(read.data) != {"families", "findings"}:
        raise source.Unreadable(source.form_fault(read, (), "由 families、findings 组成"))
    items = enumerate(read.data["findings"])
    entries = [_known(read, ("findings", index), item) for index, item in items]
    return KnownFindings(read.data["families"], {entry.code: entry for entry in entries})


def _known(read: source.Source, path: KeyPath, item: Any) -> Known:
    if not isinstance(item, dict) or set(item) != _KEYS:
        message = f"每项由 {'、'.join(sorted(_KEYS))} 组成"
        raise source.Unreadable(source.form_fault(read, path, message))
    return Known(
        code=str(item["id"]),
        level=Severity(item["level"]),
        title=str(item["title"]),
        basis=str(item["basis"]),
        hint=str(item["hint"]),
        causes=tuple(item["causes"]),
        place=read.at(path),
    )

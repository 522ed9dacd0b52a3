"""Findings for programs: JSON (contract §4), GitHub's annotations, SARIF 2.1.0."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from generator import __version__
from generator.findings.junit import as_junit
from generator.form.catalogue import Entry, catalogue
from generator.form.form import Forms
from generator.reading.source import Unreadable
from generator.values.diagnostics import Diagnostic, Place, Position, Severity, dotted
from generator.values.printable import json_text, printable

_SARIF_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_GITHUB_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_objects(findings: Sequence[Diagnostic]) -> list[dict[str, Any]]:
    """Return findings as objects, one each."""
    return [_object(each) for each in findings]


def as_json(findings: Sequence[Diagnostic]) -> str:
    """Return one array of objects, a finding each."""
    return json_text(as_objects(findings))


def _object(finding: Diagnostic) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": str(finding.severity),
        **_place(finding.place),
        "message": finding.message,
        "hint": finding.hint,
        "basis": finding.basis,
        "accepted": finding.accepted,
        "related": [
            {**_place(item.place), "label": item.label, "value": item.value}
            for item in finding.related
        ],
    }


def _place(place: Place) -> dict[str, Any]:
    position = place.position or Position()
    return {
        "file": str(place.file),
        "line": position.line,
        "column": position.column,
        "path": dotted(place.path),
    }


def as_github(findings: Sequence[Diagnostic]) -> str:
    """Return GitHub's workflow commands, a line each; accepted findings become notices."""
    return "\n".join(map(_annotation, findings))


def _annotation(finding: Diagnostic) -> str:
    position = finding.position
    level = "notice" if finding.accepted else _GITHUB_LEVELS[finding.severity]
    properties = {
        "file": _relative(finding.place.file),
        "line": position.line,
        "col": position.column,
        "endColumn": position.column + position.length,
        "title": f"{finding.code}（已接受）" if finding.accepted else finding.code,
    }
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{level} {written}::{_data(_told(finding))}"


def _data(lines: Iterable[object]) -> str:
    return "%0A".join(printable(line).replace("%", "%25") for line in lines)


def _property(value: object) -> str:
    return _data([value]).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Sequence[Diagnostic], known: Mapping[str, Sequence[Entry]]) -> str:
    """Return a SARIF log with one run; what was accepted is suppressed with its reason.

    ``known`` is what the catalogue says of the codes, the newest form's first.
    """
    rules = {each.code: each for each in findings}
    driver = {
        "name": "nianbao",
        "version": __version__,
        "rules": [_sarif_rule(rules[code], known.get(code, ())) for code in sorted(rules)],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(each) for each in findings],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json_text(log)


def _sarif_rule(finding: Diagnostic, known: Sequence[Entry]) -> dict[str, Any]:
    """Describe a code as the catalogue does; one that it could not be asked for by a finding."""
    entry = known[0] if known else None
    level, basis = (entry.level, entry.basis) if entry else (finding.severity, finding.basis)
    told = {"fullDescription": basis}
    if entry:
        told |= {"shortDescription": entry.title, "help": entry.hint}
    return {
        "id": finding.code,
        "defaultConfiguration": {"level": _SARIF_LEVELS[level]},
        **{name: {"text": text} for name, text in told.items() if text},
    }


def _sarif_result(finding: Diagnostic) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _SARIF_LEVELS[finding.severity],
        "message": {"text": "\n".join(_told(finding))},
        "locations": [{"physicalLocation": _physical(finding.place)}],
        "relatedLocations": [
            {
                "physicalLocation": _physical(item.place),
                "message": {"text": f"{item.label}：{item.value}"},
            }
            for item in dict.fromkeys(finding.related)
        ],
    }
    if finding.accepted:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.accepted}]
    return result


def _physical(place: Place) -> dict[str, Any]:
    position = place.position or Position()
    return {
        "artifactLocation": {"uri": _uri(place.file)},
        "region": {
            "startLine": position.line,
            "startColumn": position.column,
            "endColumn": position.column + position.length,
        },
    }


def _told(finding: Diagnostic) -> list[str]:
    """Return all lines that are said about a finding, for a reader who sees only this."""
    lines = [finding.message, *finding.detail]
    if finding.accepted:
        lines.append(f"已接受：{finding.accepted}")
    if finding.hint:
        lines.append(f"改法：{finding.hint}")
    if finding.basis:
        lines.append(f"依据：{finding.basis}")
    return lines


def _uri(file: Path) -> str:
    relative = _relative(file)
    return _real(file).as_uri() if Path(relative).is_absolute() else quote(os.fsencode(relative))


def _relative(file: Path) -> str:
    """Return a path with slashes, relative to the current folder where it lies in it."""
    try:
        return _real(file).relative_to(Path.cwd()).as_posix()
    except ValueError:
        return file.as_posix()


def _real(file: Path) -> Path:
    """Return where a file really lies; a link that leads to itself stays what it is."""
    return Path(os.path.realpath(file))


def written(style: str, findings: Sequence[Diagnostic], forms: Forms) -> str:
    """Return findings in one of the formats for programs: json, github, sarif, junit."""
    if style == "sarif":
        return as_sarif(findings, _known(forms))
    return _FORMATS[style](findings)


def _known(forms: Forms) -> Mapping[str, Sequence[Entry]]:
    """Return the catalogue; nothing where a form is wrong, which is a finding itself by then."""
    try:
        return catalogue(forms).entries
    except Unreadable:
        return {}


_FORMATS: Final[dict[str, Callable[[Sequence[Diagnostic]], str]]] = {
    "json": as_json,
    "github": as_github,
    "junit": as_junit,
}

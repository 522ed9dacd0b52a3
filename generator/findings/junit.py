"""Findings as JUnit's XML: what CI systems draw as a list of tests, a suite for each file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from xml.etree import ElementTree

from generator.values.diagnostics import Diagnostic
from generator.values.printable import printable


def as_junit(findings: Sequence[Diagnostic]) -> str:
    """Return a document; an error fails, what was accepted is skipped, all else only speaks."""
    root = ElementTree.Element("testsuites", {"name": "nianbao", **_counts(findings)})
    for file, group in groupby(findings, key=lambda finding: finding.place.file):
        found = list(group)
        suite = ElementTree.SubElement(
            root, "testsuite", {"name": printable(file), **_counts(found)}
        )
        for finding in found:
            _add(suite, finding)
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, "unicode")}'


def _counts(findings: Sequence[Diagnostic]) -> dict[str, str]:
    return {
        "tests": str(len(findings)),
        "failures": str(sum(finding.blocks for finding in findings)),
        "skipped": str(sum(bool(finding.accepted) for finding in findings)),
    }


def _add(suite: ElementTree.Element, finding: Diagnostic) -> None:
    position = finding.position
    case = ElementTree.SubElement(
        suite,
        "testcase",
        name=f"{finding.code} {position.line}:{position.column}",
        classname=printable(finding.place.file),
        file=printable(finding.place.file),
        line=str(position.line),
    )
    message = printable(finding.message)
    told = [*finding.detail, f"改法：{finding.hint}", f"依据：{finding.basis}"]
    text = "\n".join(map(printable, told))
    if finding.accepted:
        ElementTree.SubElement(case, "skipped", message=printable(finding.accepted))
    elif finding.blocks:
        failure = ElementTree.SubElement(case, "failure", type=finding.code, message=message)
        failure.text = text
    else:
        ElementTree.SubElement(case, "system-out").text = f"{message}\n{text}"

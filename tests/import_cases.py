"""The folder of difficult old reports, one trait each: where they are and how they are read.

A case is a folder of ``tests/data/import``: ``input.txt``, ``input.html`` or ``input.docx/`` (the
parts of a DOCX, packed when the test runs, so that they can be read and compared), ``options``
where the command gets any, ``expected.yaml`` unless nothing is to be written, and ``expected.txt``
with the exit code and all that the user is told.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "data" / "import"
CASES = sorted(case.name for case in FOLDER.iterdir() if case.is_dir())

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)


def place_input(case: str, folder: Path) -> Path:
    """Put a case's input into ``folder`` and return its path."""
    (source,) = (FOLDER / case).glob("input.*")
    target = folder / source.name
    if source.is_file():
        target.write_bytes(source.read_bytes())
    else:
        parts = {p.relative_to(source).as_posix(): p.read_bytes() for p in source.rglob("*.xml")}
        pack(target, parts)
    return target


def pack(target: Path, parts: dict[str, bytes]) -> Path:
    """Write a DOCX of these parts and what every DOCX has."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES)
        archive.writestr("_rels/.rels", _RELATIONS)
        for name, content in parts.items():
            archive.writestr(name, content)
    return target


def options_of(case: str) -> list[str]:
    """Return the options that the command gets for a case."""
    file = FOLDER / case / "options"
    return file.read_text("utf-8").split() if file.exists() else []

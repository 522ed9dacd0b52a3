"""The files of a form: which there are, and each judged by a schema of its own when it is read.

The one door for them: whatever is misspelt, missing or of the wrong kind in any file of a form is
found here, at its line, by the machinery that judges reports (``schemas/form/``). Whoever makes
something of a file gets data that fits its schema and looks only for what a schema cannot say.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import jsonschema_rs

from generator.reading import source
from generator.reading.shape import Shape
from generator.values.diagnostics import Diagnostic, KeyPath, Place

HEAD: Final = "edition.yaml"
CHECKS: Final = "checks.yaml"
STYLE: Final = "style.yaml"
PROSE: Final = "prose.yaml"
WORDS: Final = "words.yaml"
ROLLOVER: Final = "rollover.yaml"
IMPORT: Final = "import.yaml"
NEW: Final = "new.yaml"
CHART: Final = "chart.yaml"
LEDGER: Final = "ledger.yaml"
FINDINGS: Final = "findings.yaml"
KINDS: Final = "office.yaml"
REPORT: Final = "report.yaml"

LETTERS: Final = ("return", "reminder", "list")
"""To the members of a county: what to mend, what to send in, and the list of all."""

NEEDED: Final = {HEAD: "edition", CHECKS: "checks"}
"""The files that every form has, with their schemas; beside them ``tables/``."""
INHERITED: Final = {STYLE: "style"}
"""The files that a form may have of its own; else that beside the forms' folders is its."""
OPTIONAL: Final = {
    PROSE: "prose",
    WORDS: "words",
    ROLLOVER: "rollover",
    IMPORT: "import",
    NEW: "new",
    CHART: "chart",
    LEDGER: "ledger",
}
"""The files without which a form does less."""
SHARED: Final = {
    FINDINGS: "findings",
    REPORT: "report",
    KINDS: "kinds",
    PROSE: "prose",
    WORDS: "shared_words",
    IMPORT: "shared_import",
    **{f"letters/{name}.yaml": f"letter_{name}" for name in LETTERS},
}
"""The files beside the forms' folders, which all of them have in common."""

Read = TypeVar("Read")

Files = Mapping[str, source.Source]
"""Files that were read and fit their schemas, by name; those that do not exist are left out."""


def data_folder() -> Path:
    """Return the folder that holds ``templates/`` and ``schemas/``.

    An installed wheel carries them inside the package, a checkout beside it.
    """
    package = Path(__file__).resolve().parent.parent
    return package if (package / "templates").is_dir() else package.parent


def form_files(folder: Path) -> Files:
    """Read everything in a form's folder but its tables.

    Raises:
        source.Unreadable: with everything that is missing or wrong in any of the files.
    """
    own = {name: folder / name for name in (*NEEDED, *OPTIONAL, *INHERITED)}
    beside = {name: folder.parent / name for name in INHERITED}
    there = {name: file for name, file in own.items() if name in NEEDED or file.is_file()}
    return _read_all({**beside, **there}, {**NEEDED, **OPTIONAL, **INHERITED})


def shared_files(templates: Path) -> Files:
    """Read what all forms share. Raises as :func:`form_files` does."""
    return _read_all({name: templates / name for name in SHARED}, SHARED)


def read_file(file: Path, schema: str) -> source.Source:
    """Read one file, which the schema of that name describes.

    Raises:
        source.Unreadable: it is missing or wrong; every finding has its line.
    """
    if not file.is_file():
        raise source.Unreadable(_finding(Place(file), f"表式缺少 {file.name}", "补上这个文件"))
    read = source.read(file)
    faults = [*read.findings, *_shape(schema).findings(read.data, file)]
    if faults:
        raise source.Unreadable(*(fault.at(read.locate) for fault in faults))
    return read


def read_each(readers: Iterable[Callable[[], Read]]) -> list[Read]:
    """Read several things, and refuse all that are wrong together.

    Raises:
        source.Unreadable: with the findings of all of them.
    """
    found: list[Read] = []
    faults: list[Diagnostic] = []
    for reader in readers:
        try:
            found.append(reader())
        except source.Unreadable as error:
            faults += error.findings
    if faults:
        raise source.Unreadable(*faults)
    return found


def wrong(
    read: source.Source, path: KeyPath, message: str, offset: int | None = None
) -> source.Unreadable:
    """Return the refusal of a file that fits its schema and yet means nothing, at its line.

    ``offset`` is the character of a text at which it does so.
    """
    fault = _finding(Place(read.file, path, offset=offset), message, "请改正表式文件的这一处")
    return source.Unreadable(fault.at(read.locate))


def pattern(read: source.Source, path: KeyPath, written: str) -> re.Pattern[str]:
    """Return a regular expression that a file holds; one that is wrong is refused at its line."""
    try:
        return re.compile(written)
    except re.error as error:
        raise wrong(read, path, f"正则式写错了：{error}") from error


def fault_of_schema(schema: Mapping[str, Any]) -> tuple[KeyPath, str] | None:
    """Return what is no JSON Schema in ``schema``, the path and why; nothing where it is one."""
    try:
        jsonschema_rs.meta.validate(dict(schema))
    except jsonschema_rs.ValidationError as error:
        return tuple(error.instance_path), f"不是 JSON Schema：{error.message}"
    return None


def office_schema(file: Path) -> dict[str, Any]:
    """Return the schema of ``office.yaml``, the same under every form.

    Raises:
        source.Unreadable: there is none, or it is no JSON or no schema.
    """
    try:
        schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        if fault := fault_of_schema(schema):
            raise ValueError(f"{'.'.join(map(str, fault[0]))}：{fault[1]}")
    except (OSError, ValueError) as error:
        message = f"读不了结构文件：{error}"
        raise source.Unreadable(_finding(Place(file), message, "请改正这个文件")) from error
    return schema


def _read_all(wanted: Mapping[str, Path], schemas: Mapping[str, str]) -> Files:
    readers = [
        lambda name=name, file=file: read_file(file, schemas[name]) for name, file in wanted.items()
    ]
    return dict(zip(wanted, read_each(readers), strict=True))


def _finding(place: Place, message: str, hint: str) -> Diagnostic:
    return Diagnostic.coded("E-1", place, message, hint)


class _FormShape(Shape):
    """The shape of a form's file: a form's author knows the keys, not the labels of a report."""

    def title(self, path: Iterable[str | int]) -> str:
        """Return the last key on the way to a value."""
        return next((step for step in reversed(list(path)) if isinstance(step, str)), "")

    def made(
        self, code: str, place: Place, message: str, hint: str, schema: Mapping[str, Any]
    ) -> Diagnostic:
        """Return what is wrong, with what the schema says of the place as the way out."""
        described = str(schema.get("description", "")) or self.explained(place.path)[1]
        keeps_hint = code in ("S-2", "S-7") or not described
        return _finding(place, message, hint if keeps_hint else described)


def described(schema: str, key: str) -> Mapping[str, Any]:
    """Return what a schema says of one of its keys; nothing where it has no such key."""
    found: Mapping[str, Any] = _shape(schema).schema["properties"].get(key, {})
    return found


@cache
def _shape(name: str) -> Shape:
    file = data_folder() / "schemas" / "form" / f"{name}.schema.json"
    return _FormShape(json.loads(file.read_text(encoding="utf-8")))

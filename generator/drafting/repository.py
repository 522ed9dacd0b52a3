"""A repository of an office's or a county's own: what it needs besides the reports.

Settings of editors, schemas, CI, a page of instructions, and the program itself as a wheel, so that
every computer and every CI service installs the version that the reports were written with. What
the files say is data: ``templates/repository`` (``dot-`` stands for a leading dot).

A record of what was written (``.nianbao.json``) tells a later version from what somebody edited.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from generator import __version__
from generator.form.files import data_folder
from generator.form.form import Forms

RECORD: Final = ".nianbao.json"
TOOLS: Final = "tools"
_LAST_YEAR: Final = 2049
"""The last year that editors are told of; a file's first line names its schema in any case."""
_DOT: Final = "dot-"


class State(Enum):
    """What is to become of one file."""

    NEW = "写了"
    UPDATED = "换成了新版"
    KEPT = "没有动：改过，或不是 nianbao 写的"
    OLDER = "没有动：有新版，用 --update 换"
    REMOVED = "删去了：旧版的程序"
    SAME = ""


@dataclass(frozen=True)
class Step:
    """One file of the repository by its path in it, and its contents unless it stays as it is."""

    path: str
    state: State
    content: bytes = b""


def contents(forms: Forms, wheel: str, program: bytes) -> dict[str, bytes]:
    """Return every file that a repository gets, by its path.

    ``program`` is the wheel of that name which the others install.
    """
    environment = Environment(
        loader=FileSystemLoader(data_folder() / "templates" / "repository", encoding="utf-8"),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # no HTML, and nothing that a user wrote goes in
    )
    names = {
        "版本": __version__,
        "安装包": f"{TOOLS}/{wheel}",
        "结构": _schemas_of_years(forms),
    }
    found = {f"{TOOLS}/{wheel}": program}
    for template in environment.list_templates():
        path = "/".join(
            f".{step.removeprefix(_DOT)}" if step.startswith(_DOT) else step
            for step in template.split("/")
        )
        found[path] = environment.get_template(template).render(names).encode()
    for schema in sorted((data_folder() / "schemas").glob("*.schema.json")):
        found[f"schemas/{schema.name}"] = schema.read_bytes()
    return found


def plan(folder: Path, wanted: Mapping[str, bytes], *, update: bool) -> Iterator[Step]:
    """Yield what is to be done with each file; nothing is done.

    A file is ours to replace while it is as we wrote it, line ends aside (git changes them on
    Windows). With ``update`` older ones of these are replaced; what was edited or deleted stays so.
    """
    written = _record(folder)
    for path, content in wanted.items():
        file = folder / path
        if not file.is_file():
            if file.exists() or file.is_symlink() or (path in written and not update):
                yield Step(path, State.KEPT)
            elif path not in written:
                is_upgrade = path.startswith(f"{TOOLS}/") and written and not update
                yield Step(path, State.OLDER) if is_upgrade else Step(path, State.NEW, content)
            continue
        there = _digest(file.read_bytes())
        if there == _digest(content):
            yield Step(path, State.SAME)
        elif there != written.get(path):
            yield Step(path, State.KEPT)
        else:
            yield Step(path, State.UPDATED, content) if update else Step(path, State.OLDER)
    if update:
        yield from _left_over(folder, wanted, written)


def record(folder: Path, wanted: Mapping[str, bytes], done: Mapping[str, State]) -> bytes:
    """Return the record of what stands in the repository as we wrote it."""
    files = _record(folder)
    for path, state in done.items():
        if state is State.REMOVED:
            del files[path]
        if state in (State.NEW, State.UPDATED, State.SAME):
            files[path] = _digest(wanted[path])
    kept = {"version": __version__, "files": dict(sorted(files.items()))}
    return (json.dumps(kept, ensure_ascii=False, indent=2) + "\n").encode()


def _left_over(
    folder: Path, wanted: Mapping[str, bytes], written: Mapping[str, str]
) -> Iterator[Step]:
    """Yield earlier wheels that no file here installs any more; the others are written by then."""
    for path, digest in written.items():
        file = folder / path
        if path in wanted or not path.startswith(f"{TOOLS}/") or not file.is_file():
            continue
        others = [folder / other for other in wanted if (folder / other).is_file()]
        named = any(file.name.encode() in other.read_bytes() for other in others)
        if _digest(file.read_bytes()) == digest and not named:
            yield Step(path, State.REMOVED)


def _record(folder: Path) -> dict[str, str]:
    """Return the digests of what we wrote; none where nobody can say."""
    try:
        kept = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {str(path): str(digest) for path, digest in kept["files"].items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content.replace(b"\r\n", b"\n")).hexdigest()


def _schemas_of_years(forms: Forms) -> dict[str, list[str]]:
    """Return, for each schema, the files that an editor is to judge by it."""
    firsts = sorted((year, form) for form, year in forms.first_years.items())
    found = {"./schemas/office.schema.json": ["**/office.yaml"]}
    for (first, form), (following, _) in pairwise([*firsts, (_LAST_YEAR + 1, 0)]):
        decades = groupby(range(first, following), key=lambda year: year // 10)
        found[f"./schemas/{form}.schema.json"] = [
            f"**/{decade}[{min(years) % 10}-{max(years) % 10}].yaml"
            for decade, years in ((decade, list(years)) for decade, years in decades)
        ]
    return found

"""What a report's documents depend on, by content, and in words what of it has changed.

Content decides. A file's size, time and inode only spare reading it again, as in git's index; a
file so young that it could be written once more without its time changing is not trusted.
"""

from __future__ import annotations

import hashlib
import os
import platform
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from generator import __version__
from generator.form.cases import FOLDER as CASES
from generator.form.form import Forms
from generator.reading.disk import NotRegular, TooLarge, content_of
from generator.reading.workspace import OFFICE_FILE, ReportFile, offices_below

MISSING = ""
"""The digest of a file that does not exist."""
_UNTRUSTED = -1
_TICK = 12_000_000
"""Nanoseconds in which two writes may get the same time: kernels count in steps of 1 to 10 ms."""
_SECOND = 1_000_000_000
# Libraries whose behaviour shows in findings or bytes.
_LIBRARIES = (
    "jinja2",
    "jsonschema",
    "lxml",
    "markupsafe",
    "pikepdf",
    "python-docx",
    "ruamel.yaml",
    "ruamel.yaml.clib",
    "typst",
    "wcwidth",
)
PROGRAM, LIBRARIES, COMMON = "程序", "库", "共用表式"
MEMBERS = "下级机关"
"""Which offices there are below a roll-up; a report that is none has no such set."""


class Seen(NamedTuple):
    """A file as it was when it was last read."""

    digest: str
    size: int = 0
    time: int = _UNTRUSTED
    inode: int = 0


class Inputs(NamedTuple):
    """What one report stands on: its files by name, and digests of the sets it shares."""

    files: dict[str, Seen]
    sets: dict[str, str]

    @property
    def digest(self) -> str:
        """One digest of everything."""
        lines = [f"{name}={seen.digest}" for name, seen in sorted(self.files.items())]
        lines += [f"{name}={digest}" for name, digest in sorted(self.sets.items())]
        return digest_of("\n".join(lines).encode("utf-8", "surrogateescape"))

    def in_doubt(self) -> Inputs:
        """Return these inputs for a report that changed while it was read: never up to date."""
        return Inputs({name: Seen("?") for name in self.files}, self.sets)


def digest_of(content: bytes) -> str:
    """Return the digest of bytes: 128 bits, more than enough to tell versions of a file apart."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class FileCache:
    """Digests of files for one look at the disk; none is read or asked for twice."""

    def __init__(self) -> None:
        """Start a new look."""
        self._seen: dict[str, Seen] = {}
        self._stamps: dict[str, tuple[int, int, int]] = {}

    def seen(self, at: ReportFile, name: str, before: Seen | None = None) -> Seen:
        """Return a file's digest, ``name`` being one of the office's.

        ``before`` spares reading a file that has not been touched.
        """
        file = f"{at.folder}{os.sep}{name}"
        if file not in self._seen:
            self._seen[file] = self._look(at, file, before)
        return self._seen[file]

    def unchanged(self, folder: Path, inputs: Inputs) -> bool:
        """Whether a report's files are still as they were when they were looked at."""
        files = (f"{folder}{os.sep}{name}" for name in inputs.files)
        return all(_stamp(file) == self._stamps.get(file) for file in files)

    def _look(self, at: ReportFile, file: str, before: Seen | None) -> Seen:
        now = time.time_ns()
        stamp = _stamp(file)
        self._stamps[file] = stamp
        if stamp == _NO_FILE:
            return Seen(MISSING)
        if stamp[0] < 0 or at.is_outside or (os.path.islink(file) and at.leaves(Path(file))):  # noqa: PTH114
            return Seen(_UNREAD)  # the reader says why, every time
        if before is not None and before[1:] == stamp:
            return before
        size, modified, inode = stamp
        settled = modified if is_settled(modified, now) else _UNTRUSTED
        return Seen(_content_digest(file), size, settled, inode)


_NO_FILE = (0, 0, 0)
_NOT_LOOKED_AT = (-1, 0, 0)
_UNREAD = "unread"
"""The digest of what may not be read: a pipe, a device, a file of gigabytes, a link out of here."""


def _stamp(name: str) -> tuple[int, int, int]:
    try:
        found = os.stat(name)  # noqa: PTH116 - tens of thousands of them
    except (FileNotFoundError, NotADirectoryError):
        return _NO_FILE
    except OSError:
        return _NOT_LOOKED_AT
    return found.st_size, found.st_mtime_ns, found.st_ino


def _content_digest(file: str) -> str:
    """Return the digest of an office's file, which is read only when it is harmless."""
    try:
        return digest_of(content_of(file))
    except (OSError, NotRegular, TooLarge):
        return _UNREAD


def read_bytes(name: str) -> bytes:
    """Read a file; one that cannot be read has a content of its own that no file has."""
    try:
        with open(name, "rb", buffering=0) as file:  # noqa: PTH123
            return file.read()
    except OSError as error:
        return f"\0{error.errno}".encode()


def is_settled(modified: int, now: int) -> bool:
    """Whether a write after ``now`` would show in the file's time. Whole seconds: a coarse disk."""
    coarse = modified % _SECOND == 0
    return modified < now - (2 * _SECOND if coarse else _TICK)


def of_output(found: os.stat_result, digest: str) -> Seen:
    """Return a document of ours as seen just after it was written (see :func:`settle`)."""
    coarse = found.st_mtime_ns % _SECOND == 0
    modified = _UNTRUSTED if coarse else found.st_mtime_ns
    return Seen(digest, found.st_size, modified, found.st_ino)


def settle(written: int) -> None:
    """Wait until what others write gets a later time than our last document, ``written`` (ns)."""
    time.sleep(max(0, written + _TICK - time.time_ns()) / _SECOND)


Contents = Mapping[str, Mapping[str, str]]
"""Sets by name: what each consists of, and a digest or version of every part."""


def contents_of(forms: Path) -> Contents:
    """Return the inputs that many reports share: the program, the libraries, the forms."""
    found: dict[str, dict[str, str]] = {
        PROGRAM: {"版本": __version__, **_program()},
        LIBRARIES: dict(_libraries()),
        COMMON: {},
    }
    templates = forms / "templates"
    for name, digest in _files(templates, "**/*").items():
        folder, _, rest = name.partition("/")
        if rest.startswith(f"{CASES}/"):
            continue  # read by whoever writes forms, by no report
        if rest and (templates / folder / "edition.yaml").is_file():
            found.setdefault(form_name(folder), {})[rest] = digest
        else:
            found[COMMON][name] = digest
    for name, digest in _files(forms / "schemas", "*").items():
        found.get(form_name(name.partition(".")[0]), found[COMMON])[name] = digest
    return found


class Sets:
    """The shared inputs, and which of them a report has."""

    def __init__(self, forms: Forms, contents: Contents) -> None:
        """``contents`` are to be read before the forms are, or a change may go unseen."""
        self.forms = forms
        self.contents = contents
        self._digests: dict[str, str] = {}

    def digest(self, name: str) -> str:
        """Return the digest of a set; a form that does not exist has none."""
        if name not in self._digests:
            self._digests[name] = content_digest(self.contents.get(name, {}))
        return self._digests[name]

    def of(self, forms: Iterable[str]) -> dict[str, str]:
        """Return the digests of what every report depends on, and of these forms."""
        return {name: self.digest(name) for name in (PROGRAM, LIBRARIES, COMMON, *forms)}

    def forms_for(self, at: ReportFile, *, with_previous: bool) -> Iterator[str]:
        """Yield the names of the forms that the years of a report and of the last one call for."""
        for year in (at.year, at.year - 1) if with_previous else (at.year,):
            form = self.forms.for_year(year)
            if form is not None:
                yield form_name(form)


def content_digest(content: Mapping[str, str]) -> str:
    """Return the digest of a set's content."""
    return digest_of("\n".join(f"{n}={d}" for n, d in sorted(content.items())).encode())


def form_name(form: int | str) -> str:
    """Return what a form is called among the sets and in messages."""
    return f"表式 {form}"


def inputs_of(
    at: ReportFile,
    sets: Sets,
    cache: FileCache,
    before: Inputs | None = None,
    used: Iterable[int] = (),
    *,
    rolls_up: bool = False,
) -> Inputs:
    """Return what a report stands on now; ``used`` are forms that it turned out to need besides.

    One that ``rolls_up``, as the last look at it may have shown, stands on all offices below it.
    """
    known = before.files if before else {}
    below = list(_below(at.folder)) if rolls_up or (before and MEMBERS in before.sets) else None
    previous = f"{at.year - 1}.yaml"
    files = {
        name: cache.seen(at, name, known.get(name))
        for place in ("", *(f"{office}/" for office in below or ()))
        for name in (f"{place}{at.year}.yaml", f"{place}{OFFICE_FILE}", f"{place}{previous}")
    }
    has_previous = files[previous].digest != MISSING
    forms = dict.fromkeys(
        (*sets.forms_for(at, with_previous=has_previous), *(form_name(form) for form in used))
    )
    if before:  # forms that the files name against their year
        forms |= dict.fromkeys(name for name in before.sets if name not in _ALWAYS)
    members = {} if below is None else {MEMBERS: digest_of("\n".join(below).encode(*_ANY_NAME))}
    return Inputs(files, sets.of(forms) | members)


_ALWAYS = (PROGRAM, LIBRARIES, COMMON, MEMBERS)
_ANY_NAME = ("utf-8", "surrogateescape")


def _below(folder: Path) -> Iterator[str]:
    """Yield the folders of all offices below one, at any depth, named from there."""
    for office in offices_below(folder):
        name = office.relative_to(folder).as_posix()
        yield name
        yield from (f"{name}/{deeper}" for deeper in _below(office))


def changes(
    before: Inputs,
    now: Inputs,
    folder: Path,
    content: Callable[[str], Mapping[str, str]],
    sets: Sets,
) -> Iterator[str]:
    """Say in words what has changed; ``content`` recalls a set as it was by its digest."""
    for name, seen in now.files.items():
        earlier = before.files.get(name, Seen(MISSING))
        if seen.digest != earlier.digest:
            word = "新增" if not earlier.digest else "删除" if not seen.digest else "改动"
            yield f"{word}：{folder / name}"
    for name, digest in now.sets.items():
        if digest == before.sets.get(name):
            continue
        if name not in before.sets:
            yield f"改用{name}"
            continue
        if name == MEMBERS:
            yield f"{MEMBERS}有增减"
            continue
        old, new = content(before.sets[name]), sets.contents.get(name, {})
        parts = [part for part in {**old, **new} if old.get(part) != new.get(part)]
        if name == LIBRARIES:
            parts = [f"{p} {old.get(p, '无')} → {new.get(p, '无')}" for p in parts]
        yield f"{name}：{'、'.join(sorted(parts)) or '有改动'}"


def _program() -> dict[str, str]:
    """Return the digests of the modules and of the markup that the writers fill."""
    package = Path(__file__).parent.parent
    return {**_files(package, "**/*.py"), **_files(package / "setting" / "page", "*")}


def _files(folder: Path, pattern: str) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): digest_of(read_bytes(str(file)))
        for file in sorted(folder.glob(pattern))
        if file.is_file() and not file.name.startswith(".")
    }


def _libraries() -> Iterator[tuple[str, str]]:
    from importlib import metadata

    yield "Python", platform.python_version()
    yield "zlib", zlib.ZLIB_RUNTIME_VERSION
    for name in _LIBRARIES:
        try:
            yield name, metadata.version(name)
        except metadata.PackageNotFoundError:
            yield name, "无"

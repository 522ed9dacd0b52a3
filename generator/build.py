"""Documents from reports: which there are, where they go, and writing them whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.compose import compose
from generator.document import Document
from generator.examine import Examined, examine
from generator.report import Reader
from generator.workspace import ReportFile
from generator.write_docx import write_docx
from generator.write_text import write_text

WRITERS: dict[str, Callable[[Document], bytes]] = {
    "docx": write_docx,
    "txt": lambda document: write_text(document).encode("utf-8"),
}


@dataclass(frozen=True, slots=True)
class Built:
    """What became of one report: its findings, and the files written."""

    examined: Examined
    written: tuple[Path, ...]


def build_reports(
    reports: Iterable[ReportFile],
    reader: Reader,
    output: Path,
    formats: Iterable[str],
    *,
    draft: bool = False,
) -> Iterator[Built]:
    """Build reports one after the other; one with errors is not written, unless as a draft."""
    formats = tuple(formats)
    for at in reports:
        examined = examine(at, reader)
        written = []
        if examined.report and examined.prose is not None and (draft or not examined.blocked):
            document = compose(examined.report, examined.prose, draft=draft)
            for name in formats:
                target = target_of(at, output, name)
                write_whole(target, WRITERS[name](document))
                written.append(target)
        yield Built(examined, tuple(written))


def target_of(at: ReportFile, output: Path, name: str) -> Path:
    """Return where a report's document of a format goes: ``<output>/<office path>/<year>.docx``."""
    return output / at.office_path / f"{at.year}.{name}"


def write_whole(target: Path, content: bytes) -> None:
    """Put ``content`` at ``target``, whole or not at all.

    Raises:
        OSError: the folder cannot be made or written to; an earlier file is untouched.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

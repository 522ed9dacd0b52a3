"""Where the tests' material lies, and what a command leaves behind."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from generator.form.form import Forms
from generator.judging.examine import examine
from generator.reading.workspace import ReportFile, find_reports
from generator.report.report import Reader
from generator.setting.compose import compose
from generator.setting.writers import WRITERS
from generator.values.document import Document

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"
COUNTY = ROOT / "tests" / "data" / "county"
"""A county's report of two years whose figures are typed, not added up: none of them is zero."""
NIANBAO = Path(sys.executable).parent / "nianbao"
SHARED = ROOT.parent / "shared"
PUBLISHED = SHARED / "reports"
WORKSPACE = PUBLISHED / "workspace"

NAMES = sorted(
    str(file.relative_to(EXAMPLES).with_suffix("")) for file in EXAMPLES.rglob("[12]*.yaml")
)
"""The examples, as their documents are named."""

needs_published = pytest.mark.skipif(
    not PUBLISHED.is_dir(), reason="the published reports (../shared/reports) are not here"
)


@dataclass(frozen=True)
class Outcome:
    """What a command left behind: its exit code and what it printed."""

    code: int
    out: str
    err: str


def example_documents() -> dict[str, Document]:
    """Return every example as the document that the writers are given, by its name."""
    return {
        f"{at.office_path.as_posix()}/{at.year}": document_of(at) for at in find_reports([EXAMPLES])
    }


@cache
def sets_pdf() -> bool:
    """Whether a PDF can be set here: by an extra, with typefaces that the forms name."""
    if not all(map(find_spec, ("typst", "pikepdf"))):
        return False
    from generator.setting.typefaces import NoTypeface, typefaces

    try:
        typefaces(None).found(Forms().load(2021).style)
    except NoTypeface:
        return False
    return True


@cache
def formats_here() -> tuple[str, ...]:
    """Return the formats that can be written here, and read back."""
    has_pdf = sets_pdf() and find_spec("pypdfium2") is not None
    return tuple(name for name in WRITERS if name != "pdf" or has_pdf)


def document_of(at: ReportFile, *, draft: str = "") -> Document:
    """Return a report as the document that the writers are given."""
    examined = examine(at, Reader(_forms()))
    assert examined.report is not None and examined.prose is not None
    return compose(examined.report, examined.prose, draft=draft)


@cache
def _forms() -> Forms:
    """The forms that come with the program, read once: whatever a style is set in is made once."""
    return Forms()


def copy_of_examples(target: Path) -> Path:
    """Copy the examples, of the county only two towns: its own report is one with typed figures."""
    shutil.copytree(EXAMPLES, target, ignore=shutil.ignore_patterns("yanshi"))
    shutil.copytree(COUNTY, target / "yanshi")
    for town in ("liuhe", "qingshi"):
        shutil.copytree(EXAMPLES / "yanshi" / town, target / "yanshi" / town)
    return target


def repository(target: Path) -> Path:
    """Make a repository as ``init`` does, of a copy of the examples."""
    copy_of_examples(target)
    done = subprocess.run([NIANBAO, "init", target], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def as_anybody(*arguments: str | Path) -> Outcome:
    """Call the command as somebody who is held to the modes of files, which root is not."""
    command = [sys.executable, "-m", "generator", *map(str, arguments)]
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may read and write everywhere, and setpriv is not installed")
        without = "-dac_override,-dac_read_search"
        command = ["setpriv", "--bounding-set", without, "--inh-caps", without, *command]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return Outcome(done.returncode, done.stdout, done.stderr)


LONGEST = 99_000
"""Characters of the longest texts tried: one of 100,000 is refused."""
HANGS = 60.0
"""Seconds of the processor that nothing harmful may take, on a slow machine beside other work."""


def grows_no_faster(run: Callable[[int], object], longest: int = LONGEST) -> None:
    """Run something on a quarter of a length and on the whole, and compare the processor's time.

    Four times the length may take eight times as long, on any machine; the square of it would
    take sixteen times. What takes less than 0.25 s is too short to be compared. The collector of
    garbage waits meanwhile: it would go through all that the tests before have left in memory.
    """
    taken = []
    gc.collect()
    gc.disable()
    try:
        for length in (longest // 4, longest):
            start = time.process_time()
            run(length)
            taken.append(time.process_time() - start)
    finally:
        gc.enable()
    quarter, whole = taken
    assert whole < 8 * quarter + 0.25

"""The folder within an output folder where a build keeps its state and its unfinished work."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from generator.system.locks import held, is_held

FOLDER = ".nianbao"
_HELD = ".lock"
"""In an unfinished folder, held as long as its build is at work."""


@contextlib.contextmanager
def workplace(output: Path) -> Iterator[Path]:
    """Yield a new folder within the output folder for files that are not finished.

    What a killed build has left there is cleared away: nobody holds its lock any more.

    Raises:
        OSError: the output folder cannot be made or written to.
    """
    home = output / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    _keep_out_of_git(home)
    with contextlib.ExitStack() as mine:
        with held(home / "lock"):  # nobody else clears away while this one is not held yet
            for left in home.glob("new-*"):
                if not is_held(left / _HELD):
                    shutil.rmtree(left, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix="new-", dir=home))
            mine.callback(shutil.rmtree, folder, ignore_errors=True)
            mine.enter_context(held(folder / _HELD))
        yield folder


def _keep_out_of_git(home: Path) -> None:
    """Let the folder hide itself: ``git add -A`` would commit the state beside the documents."""
    ignored = home / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", "utf-8")

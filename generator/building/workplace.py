"""The folder within an output folder where a build keeps its state and its unfinished work."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = ".nianbao"


@contextlib.contextmanager
def workplace(output: Path) -> Iterator[Path]:
    """Yield a new folder within the output folder for files that are not finished.

    What a killed build has left there is cleared away, unless another build is at work.

    Raises:
        OSError: the output folder cannot be made or written to.
    """
    home = output / FOLDER
    home.mkdir(parents=True, exist_ok=True)
    _keep_out_of_git(home)
    with (home / "lock").open("w") as lock:
        if _alone(lock.fileno()):
            for left in home.glob("new-*"):
                shutil.rmtree(left, ignore_errors=True)
        _share(lock.fileno())  # from here on nobody is alone
        folder = Path(tempfile.mkdtemp(prefix="new-", dir=home))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _keep_out_of_git(home: Path) -> None:
    """Let the folder hide itself: ``git add -A`` would commit the state beside the documents."""
    ignored = home / ".gitignore"
    if not ignored.exists():
        ignored.write_text("*\n", "utf-8")


@contextlib.contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Keep other builds waiting that ask for the same ``file``, an empty one made for this."""
    with file.open("w") as lock:
        _wait(lock.fileno())
        yield


try:
    import fcntl
except ImportError:  # Windows: what a killed build has left stays until the folder is deleted

    def _alone(lock: int) -> bool:
        return False

    def _share(lock: int) -> None:
        return None

    def _wait(lock: int) -> None:
        return None

else:

    def _alone(lock: int) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _share(lock: int) -> None:
        with contextlib.suppress(OSError):  # a disk without locks
            fcntl.flock(lock, fcntl.LOCK_SH)

    def _wait(lock: int) -> None:
        with contextlib.suppress(OSError):
            fcntl.flock(lock, fcntl.LOCK_EX)

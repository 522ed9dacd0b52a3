"""Locks on files, which end with the process that holds them, however it ends.

Windows knows locks on bytes of a file (``msvcrt``), others on the file (``fcntl``); where a disk
knows neither, everybody is let in, as if alone.
"""

from __future__ import annotations

import contextlib
import errno
import importlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_system: Any
try:
    _system = importlib.import_module("msvcrt")
except ImportError:
    _system = importlib.import_module("fcntl")
_ON_BYTES: Final = _system.__name__ == "msvcrt"
_BUSY: Final = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})
_PAUSE: Final = 0.02
"""Seconds between two tries: to wait for a lock on bytes, Windows gives up after ten seconds."""


@contextlib.contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock of ``file``, an empty one made for this, waiting for whoever has it."""
    with file.open("ab") as opened:
        while _is_busy(opened.fileno()):
            time.sleep(_PAUSE)
        yield


def is_held(file: Path) -> bool:
    """Whether somebody holds the lock of ``file``, or nobody can tell."""
    with file.open("ab") as opened:
        try:
            _take(opened.fileno())
        except OSError:
            return True
    return False


def _is_busy(descriptor: int) -> bool:
    """Take a lock, unless somebody has it; a disk without locks has none to take."""
    try:
        _take(descriptor)
    except OSError as error:
        return error.errno in _BUSY
    return False


def _take(descriptor: int) -> None:
    """Take a lock at once; closing the file gives it back.

    Raises:
        OSError: somebody has it, or the disk has no locks.
    """
    if _ON_BYTES:
        _system.locking(descriptor, _system.LK_NBLCK, 1)
    else:
        _system.flock(descriptor, _system.LOCK_EX | _system.LOCK_NB)

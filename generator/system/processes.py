"""Several processes at work on one list of chunks; :mod:`generator.system.parallel` says when."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TypeVar

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")

_AHEAD = 4
"""Chunks that wait for each process, so that none is idle and no results pile up."""
_LOST = "一个工作进程被系统结束了，多半是内存不够；请用 -j1 再试，或分几批做"
_PATIENCE = 2.0
"""Seconds to wait for a result before it is asked whether everybody is still there."""


def spread(
    function: Callable[[Chunk], Result], work: Iterable[Chunk], workers: int
) -> Generator[Result]:
    """Yield what ``function`` makes of each chunk, in their order.

    Closing the iterator gives up what has not been begun and waits for what has.

    Raises:
        ChildProcessError: a process was killed from outside; the message is for users.
    """
    context = multiprocessing.get_context(_way_of_starting())
    pool = ProcessPoolExecutor(workers, context, _prepare)
    present: set[int | None] = set()
    is_whole = True
    try:
        waiting: deque[Future[Result]] = deque()
        for chunk in work:
            waiting.append(pool.submit(function, chunk))
            present |= _present()
            if len(waiting) >= workers * _AHEAD:
                yield _result(waiting.popleft(), present)
        while waiting:
            yield _result(waiting.popleft(), present)
    except (ChildProcessError, BrokenProcessPool) as error:
        is_whole = False  # its part of a message may be waited for without end
        raise ChildProcessError(_LOST) from error
    finally:
        pool.shutdown(wait=is_whole, cancel_futures=True)


def _way_of_starting() -> str:
    """Return how processes begin: as copies of this one, which has everything loaded, or anew.

    A copy lacks the threads, and waits for them without end: those that set PDF run on after the
    first one. Whoever has chosen another way than copies has it; that of copies may be nobody's
    choice, since it is noted down by the first library that starts a process of its own.
    """
    chosen = multiprocessing.get_start_method(allow_none=True)
    if chosen not in (None, "fork"):
        return chosen
    may_copy = sys.platform == "linux" and len(list(Path("/proc/self/task").iterdir())) == 1
    return "fork" if may_copy else "spawn"


def _result(future: Future[Result], present: set[int | None]) -> Result:
    """Wait for a result as long as all are there who were ``present`` when it was asked for."""
    while not wait([future], _PATIENCE).done:
        if not present <= _present():
            raise ChildProcessError
    return future.result()


def _present() -> set[int | None]:
    """Return the numbers of the processes that work for this one."""
    return {process.pid for process in multiprocessing.active_children()}


def _prepare() -> None:
    """Leave Ctrl-C to the main process, and end when that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_follow, args=(parent,), daemon=True).start()


def _follow(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)

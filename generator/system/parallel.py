"""Work spread over processes, with its results in the order of the work.

What a chunk of work gives may not depend on which process does it: the results are the same with
one process and with many.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")

CHUNK = 16
"""Items handed over at once: enough to make the handing over cheap, few enough to stop soon."""
_WORTH = 8
"""Items for each process, at least: to start one takes as long as a few of them."""
_AHEAD = 4
"""Chunks that wait for each process, so that none is idle and no results pile up."""
_MOST = 61
"""Processes: Windows waits for no more at once, and nobody has gained by more."""
_LOST = "一个工作进程被系统结束了，多半是内存不够；请用 -j1 再试，或分几批做"
_PATIENCE = 2.0
"""Seconds to wait for a result before it is asked whether everybody is still there."""


def processors() -> int:
    """Return how many processes can run at once here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def chunks(items: Sequence[Work], workers: int) -> list[Sequence[Work]]:
    """Cut the work into chunks: the first of one item, and smaller ones towards the end.

    The first is done before there are several processes; for the last nobody is to be waited for.
    """
    found = [items[:1]] if items else []
    start = 1
    while (left := len(items) - start) > 0:
        size = max(1, min(CHUNK, left // (workers * 2)))
        found.append(items[start : start + size])
        start += size
    return found


def in_order(
    function: Callable[[Sequence[Work]], Result], work: Sequence[Sequence[Work]], workers: int
) -> Generator[Result]:
    """Yield what ``function`` makes of each chunk, in their order, worked on by ``workers``.

    The first chunk is done by this process: what it had to import and load for that, all others
    begin with.

    Closing the iterator gives up what has not been begun and waits for what has.

    Raises:
        ChildProcessError: a process was killed from outside; the message is for users.
    """
    left = iter(work)
    yield from map(function, islice(left, 1))
    workers = min(workers, _MOST, sum(map(len, work[1:])) // _WORTH)
    if workers < 2:
        yield from map(function, left)
        return
    context = multiprocessing.get_context(_way_of_starting())
    pool = ProcessPoolExecutor(workers, context, _prepare)
    present: set[int | None] = set()
    is_whole = True
    try:
        waiting: deque[Future[Result]] = deque()
        for chunk in left:
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

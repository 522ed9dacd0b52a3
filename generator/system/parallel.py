"""Work spread over processes, with its results in the order of the work.

What a chunk of work gives may not depend on which process does it: the results are the same with
one process and with many.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from itertools import islice
from typing import TypeVar

Work = TypeVar("Work")
Result = TypeVar("Result")

CHUNK = 16
"""Items handed over at once: enough to make the handing over cheap, few enough to stop soon."""
_WORTH = 8
"""Items for each process, at least: to start one takes as long as a few of them."""
_MOST = 61
"""Processes: Windows waits for no more at once, and nobody has gained by more."""


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
    from generator.system.processes import spread  # loads much that one report needs not

    yield from spread(function, left, workers)

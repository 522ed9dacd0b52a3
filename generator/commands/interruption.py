"""Ctrl-C as a wish to stop at the next good moment, instead of an exception at any moment."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def wish_to_stop() -> Iterator[Callable[[], bool]]:
    """Yield a question: has Ctrl-C been pressed? A second one interrupts as it always does."""
    wished = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield wished.is_set  # signals go to the main thread
        return
    earlier = signal.getsignal(signal.SIGINT)

    def note(_number: int, _frame: FrameType | None) -> None:
        wished.set()
        signal.signal(signal.SIGINT, earlier)

    signal.signal(signal.SIGINT, note)
    try:
        yield wished.is_set
    finally:
        signal.signal(signal.SIGINT, earlier)

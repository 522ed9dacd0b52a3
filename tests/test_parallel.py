"""Work in parallel: nothing lost, nothing twice, in order, whatever the number of processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.system.parallel import CHUNK, chunks, in_order


@given(st.integers(0, 500), st.integers(1, 16))
def test_chunks_hold_everything_once(count: int, workers: int) -> None:
    work = chunks(range(count), workers)
    assert [item for chunk in work for item in chunk] == list(range(count))
    sizes = [len(chunk) for chunk in work]
    assert sizes[:1] in ([], [1]), "one item before there are several processes"
    assert sizes[1:] == sorted(sizes[1:], reverse=True) and sizes[-1:] in ([], [1]), "ever smaller"
    assert all(0 < size <= CHUNK for size in sizes)


def squares(numbers: Sequence[int]) -> list[int]:
    return [number * number for number in numbers]


@pytest.mark.parametrize("workers", [1, 2, 3])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 100])
def test_results_come_in_order(count: int, workers: int) -> None:
    done = in_order(squares, chunks(range(count), workers), workers)
    assert [result for chunk in done for result in chunk] == squares(range(count))


def late(numbers: Sequence[int]) -> int:
    if numbers:
        raise TimeoutError("a disk that does not answer")
    return 0


def test_a_fault_of_the_work_is_its_own() -> None:
    """Also one that looks like waiting in vain for a process."""
    done = in_order(late, [[], *([number] for number in range(20))], 2)
    with pytest.raises(TimeoutError, match="does not answer"):
        list(done)


def test_what_is_not_wanted_is_not_begun() -> None:
    done = in_order(squares, chunks(range(100_000), 2), 2)
    assert next(done) == [0]
    assert next(done)[0] == 1
    done.close()
    assert list(done) == []


@pytest.mark.skipif(sys.platform != "linux", reason="processes are copied on Linux only")
@pytest.mark.parametrize(("threads", "way"), [(0, "fork"), (1, "spawn")])
def test_a_process_with_threads_is_not_copied(threads: int, way: str) -> None:
    """Also where a library has noted down that processes are copied, which was nobody's choice."""
    thread = "threading.Thread(target=time.sleep, args=[9], daemon=True).start();" * threads
    program = (
        "import multiprocessing, threading, time; multiprocessing.get_start_method();"
        + thread
        + "from generator.system.processes import _way_of_starting; print(_way_of_starting())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == way, done.stderr

"""Building on every save, with the real file system telling of it."""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reading import text_blocks

pytest.importorskip("watchfiles", reason="watchfiles (the extra watch) is not installed")

PATIENCE = 60
WAITING = "等待保存"


class Watch:
    """A running ``nianbao watch``; ``held`` up at the end of its first build until it is heard."""

    def __init__(self, folder: Path, *, held: bool = False) -> None:
        heard, spoken = os.pipe()
        if held:
            fill(spoken)
        command = [sys.executable, "-m", "generator", "watch", "reports/songzhuang"]
        self.process = subprocess.Popen(
            command, cwd=folder, stderr=spoken, stdout=subprocess.DEVNULL
        )
        os.close(spoken)
        self._heard = os.fdopen(heard, encoding="utf-8")
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        if not held:
            self.hear()

    def hear(self) -> None:
        """Begin to read what it says."""
        self._reader.start()

    def _read(self) -> None:
        for line in self._heard:
            self._lines.put(line)

    def says(self, expected: str) -> str:
        """Return what is said between two pauses, as soon as it has the words expected."""
        said = ""
        while WAITING not in said or expected not in said:
            said = "" if WAITING in said else said
            said += self._lines.get(timeout=PATIENCE)
        return said

    def end(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End it, however far it has come."""
        self.process.kill()
        self.process.wait()
        if self._reader.ident:
            self._reader.join()
        self._heard.close()


def fill(pipe: int) -> None:
    """Write into a pipe until nothing more goes in: whoever writes next waits."""
    os.set_blocking(pipe, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(pipe, b"\n")
    os.set_blocking(pipe, True)


@pytest.fixture
def watch(workspace: Path) -> Iterator[Watch]:
    with contextlib.closing(Watch(workspace.parent)) as running:
        yield running


def save(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    written = file.with_suffix(".new")
    written.write_text(text.replace(old, new), "utf-8")
    written.replace(file)  # never to be read half written


def test_every_save_is_on_the_page_and_a_mistake_is_survived(watch: Watch, workspace: Path) -> None:
    report = workspace / "songzhuang" / "2024.yaml"
    document = workspace.parent / "build" / "songzhuang" / "2024.txt"
    watch.says("写了 2 个文件")

    save(report, "行政处罚: 5", "行政处罚: 6")
    watch.says("写了 2 个文件")
    table_two = text_blocks(document.read_text("utf-8"))
    assert any("6" in block for block in table_two if isinstance(block, list))

    before = document.read_bytes()
    save(report, "行政处罚: 6", "行政处罚：6")
    assert "2024.yaml:" in watch.says("全角冒号")
    assert document.read_bytes() == before

    save(report, "行政处罚：6", "行政处罚: 7")
    watch.says("写了 2 个文件")
    assert watch.end() == 0


def test_what_is_saved_during_the_first_build_is_built_next(workspace: Path) -> None:
    report = workspace / "songzhuang" / "2024.yaml"
    document = workspace.parent / "build" / "songzhuang" / "2024.txt"
    with contextlib.closing(Watch(workspace.parent, held=True)) as watch:
        give_up = time.monotonic() + PATIENCE
        while not document.exists():
            assert time.monotonic() < give_up
            time.sleep(0.05)
        save(report, "行政处罚: 5", "行政处罚: 6")
        watch.hear()
        watch.says("写了 2 个文件")
        watch.says("写了 2 个文件")
        assert watch.end() == 0

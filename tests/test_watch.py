"""Building on every save, with the real file system telling of it."""

from __future__ import annotations

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
    """A running ``nianbao watch``."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "generator", "watch", "reports/songzhuang"]
        self.process = subprocess.Popen(
            command, cwd=folder, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, encoding="utf-8"
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self._lines.put(line)

    def said(self) -> str:
        """Return what was said up to the next pause."""
        said = []
        while WAITING not in (line := self._lines.get(timeout=PATIENCE)):
            said.append(line)
        return "".join(said)

    def end(self) -> int:
        """Press Ctrl-C and return the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(PATIENCE)
        self._reader.join()
        assert self.process.stderr
        self.process.stderr.close()
        return code


@pytest.fixture
def watch(workspace: Path) -> Iterator[Watch]:
    running = Watch(workspace.parent)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


def save(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_every_save_is_on_the_page_and_a_mistake_is_survived(watch: Watch, workspace: Path) -> None:
    report = workspace / "songzhuang" / "2024.yaml"
    document = workspace.parent / "build" / "songzhuang" / "2024.txt"
    assert "写了 2 个文件" in watch.said()
    time.sleep(0.5)  # the watcher begins to listen after the first build

    save(report, "行政处罚: 5", "行政处罚: 6")
    assert "写了 2 个文件" in watch.said()
    table_two = text_blocks(document.read_text("utf-8"))
    assert any("6" in block for block in table_two if isinstance(block, list))

    before = document.read_bytes()
    save(report, "行政处罚: 6", "行政处罚：6")
    said = watch.said()
    assert "全角冒号" in said and "2024.yaml:" in said
    assert document.read_bytes() == before

    save(report, "行政处罚：6", "行政处罚: 7")
    assert "写了 2 个文件" in watch.said()
    assert watch.end() == 0

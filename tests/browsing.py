"""A real browser at a real ``nianbao serve``: started as users start it, ended as they end it."""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from support import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_SAFE = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
HINT = "make system-packages installs chromium"


@contextlib.contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser; the test is skipped where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip(f"there is no chromium: {HINT}")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=_SAFE)
        try:
            yield chromium
        finally:
            chromium.close()


@contextlib.contextmanager
def served(folder: Path, program: Path = ROOT) -> Iterator[str]:
    """Serve a folder and yield the start address; Ctrl-C ends it without a word."""
    command = [sys.executable, "-m", "generator", "serve", str(folder), "--no-open"]
    with subprocess.Popen(
        command, cwd=program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGINT)
            _, said = process.communicate(timeout=20)
        assert process.returncode == 0 and "Traceback" not in said, said


@dataclass
class Desk:
    """A page that somebody works at, and everything that went wrong in it."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("console", self._listen)
        self.page.set_default_timeout(30_000)

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:  # a refusal is an answer
            self.wrong.append(message.text)

    def open(self) -> Desk:
        """Come in by the start address."""
        self.page.goto(self.address)
        self.page.wait_for_selector("h1")
        return self

    def report(self, name: str, part: int | None = None) -> None:
        """Open an office's report from the list, and one of its parts."""
        self.page.goto(self.address.partition("?")[0])
        self.page.get_by_role("link", name=name, exact=True).click()
        self.page.wait_for_selector("#published")
        if part is not None:
            self.page.goto(f"{self.page.url}/part/{part}")

    def saved(self) -> None:
        """Wait until what was done is saved."""
        self.page.locator("#saved", has_text="已保存").wait_for()
        self.forget()

    def forget(self) -> None:
        """Take away what the page says of earlier changes."""
        self.page.evaluate("document.getElementById('saved').textContent = ''")

"""The page to work on: how long a person waits for it. Run by ``make benchmark``.

First without a browser, in a county of many offices; then in a browser, where there is one: from a
save in an editor to the screen, and from a key to the file.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browsing import CHROMIUM, Desk, browser, served  # noqa: E402
from serving import Visitor  # noqa: E402

OFFICE = ROOT / "examples" / "yanshi" / "liuhe"
NAME = "演示县柳河镇人民政府"
TIMES = 15
PATIENCE = 10
"""Seconds after which something has gone wrong."""
FIRST = "#grid input >> nth=0"
PAINTED = """([id, text]) => {
    const place = document.getElementById(id);
    const within = place.contentDocument?.body ?? place;
    const at = new Promise((resolve) => new MutationObserver((_, observer) => {
        if (!within.textContent.includes(text)) return;
        observer.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(Date.now())));
    }).observe(within, { subtree: true, childList: true, characterData: true }));
    return { at };
}"""
"""When a text is on the screen, by the browser: to ask for it from here would take 100 ms."""


def timed(work: Callable[[], object], times: int = TIMES) -> float:
    """Return the median of how long something takes, in ms."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def county(folder: Path, offices: int) -> Path:
    """Write a workspace of copies of one office with two years."""
    for number in range(offices):
        shutil.copytree(OFFICE, folder / f"o{number:05}")
    return folder


def without_a_browser(offices: int) -> None:
    """Print what pages and changes take in a county of this size."""
    with tempfile.TemporaryDirectory() as folder:
        place = county(Path(folder), offices)
        began = time.perf_counter()
        visitor = Visitor(place).enter()
        visitor.client.get("/")
        started = (time.perf_counter() - began) * 1000
        root = visitor.root("o00003")
        values = iter(range(1, 10_000))

        def change() -> None:
            path = ["收到和处理政府信息公开申请情况", "本年新收", "自然人"]
            wish = {"do": "figure", "path": path, "value": str(next(values))}
            said = {"version": version[0], "page": "3", "wish": wish}
            text = visitor.post(f"{root}/edit", said).text
            version[0] = text.partition('data-version="')[2].partition('"')[0]

        version = [visitor.version(root)]
        print(f"{offices} offices: start and first list {started:.0f} ms")
        for name, address in {
            "the list": "/",
            "a search": "/?q=柳河",
            "a report": root,
            "as published": f"{root}/published",
            "a table": f"{root}/part/3",
            "prose": f"{root}/part/1",
        }.items():
            print(f"  {name:14} {timed(lambda at=address: visitor.client.get(at)):6.0f} ms")
        print(f"  {'a figure':14} {timed(change):6.0f} ms (judged, written to the disk, shown)")


def in_a_browser() -> None:
    """Print what a person at the screen waits for."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        file = county(Path(folder), 1) / "o00000" / "2024.yaml"
        with served(Path(folder)) as address:
            desk = Desk(chromium.new_page(), address).open()
            page = desk.page
            desk.report(NAME)
            page.frame_locator("#published").locator("td[data-place]").first.wait_for()
            text = file.read_text("utf-8")
            numbers = iter(range(1000, 9000))

            def save() -> float:
                number = next(numbers)
                painted = page.evaluate_handle(PAINTED, ["published", f"{number}"])
                began = time.time()
                file.write_text(text.replace("行政处罚: 1", f"行政处罚: {number}"), "utf-8")
                return painted.evaluate("it => it.at") - began * 1000

            taken = statistics.median(save() for _ in range(TIMES))
            print(f"save → screen    {taken:6.0f} ms")
            file.write_text(text, "utf-8")
            page.goto(f"{page.url}/part/3")

            def key() -> None:
                number = next(numbers)
                page.locator(FIRST).fill(f"{number}")
                page.locator(FIRST).press("Tab")
                until = time.monotonic() + PATIENCE
                while f"{number}" not in file.read_text("utf-8"):
                    assert time.monotonic() < until, page.locator("#saved").inner_text()
                    time.sleep(0.001)

            def seen() -> float:
                number = next(numbers)
                painted = page.evaluate_handle(PAINTED, ["main", f"左边 {number}"])
                began = time.time()
                page.locator(FIRST).fill(f"{number}")
                return painted.evaluate("it => it.at") - began * 1000

            print(f"key → file       {timed(key):6.0f} ms")
            taken = statistics.median(seen() for _ in range(TIMES))
            print(f"key → red        {taken:6.0f} ms (judged before it is saved)")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    for size in map(int, sys.argv[1:] or (500, 5000)):
        without_a_browser(size)
    if CHROMIUM:
        print("in a browser")
        in_a_browser()

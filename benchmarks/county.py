"""Times a county office's January: the register and the summaries of 5,000 offices, after a build.

    .venv/bin/python benchmarks/county.py [OFFICES]

All are whole processes. The peer is the usual way to one table: files are read with ruamel.yaml
and their figures written, a row an office, with XlsxWriter; it checks nothing, adds nothing up.
Ratios are those of runs that took turns.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlsxwriter
from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).parent))

from builds import run
from workspace import make

RUNS = 3
PEER_OFFICES = 200
COMMANDS = {
    "status": ("status", "2024"),
    "summary .csv": ("summary", "2024", "-o", "all.csv"),
    "summary .parquet": ("summary", "2024", "-o", "all.parquet"),
    "summary .xlsx": ("summary", "2024", "-o", "all.xlsx"),
}


class January:
    """A workspace of that many offices, built."""

    def __init__(self, folder: Path, offices: int) -> None:
        self.folder, self.offices = folder, offices
        self.reports, self.built = folder / "reports", folder / "built"
        make(self.reports, offices)
        run("-m", "generator", "build", self.reports, "-o", self.built, "-j2", "--to", "txt")

    def command(self, name: str, built: Path) -> tuple[float, float]:
        """Run a command; return the seconds by the clock and its peak memory in MB."""
        words = [self.folder / word if "all." in word else word for word in COMMANDS[name]]
        return run("-m", "generator", *words, self.reports, "--built", built)

    def peer(self) -> float:
        """Let the peer read some offices into a table; return the seconds an office."""
        files = sorted(self.reports.rglob("2*.yaml"))[:PEER_OFFICES]
        yaml = YAML(typ="safe")
        start = time.perf_counter()
        with xlsxwriter.Workbook(self.folder / "peer.xlsx") as book:
            sheet = book.add_worksheet()
            for number, file in enumerate(files):
                sheet.write_row(number, 0, list(_numbers(yaml.load(file.read_text("utf-8")))))
        return (time.perf_counter() - start) / len(files)


def _numbers(node: Any) -> Iterator[float]:
    if isinstance(node, dict):
        for child in node.values():
            yield from _numbers(child)
    elif isinstance(node, int | float):
        yield node


def main() -> None:
    """Print the table, as docs/performance.md quotes it."""
    offices = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    with tempfile.TemporaryDirectory() as folder:
        january = January(Path(folder), offices)
        print(f"| {offices:,} offices | seconds | MB | the peer takes |\n|---|---|---|---|")
        for name in COMMANDS:
            turns = [(*january.command(name, january.built), january.peer()) for _ in range(RUNS)]
            seconds, memory, _ = (statistics.median(column) for column in zip(*turns, strict=True))
            slower = statistics.median(peer * offices / ours for ours, _, peer in turns)
            print(f"| {name} | {seconds:.1f} | {memory:.0f} | {slower:.1f} times |", flush=True)
        seconds, memory = january.command("status", Path(folder) / "nowhere")
        print(f"| status, nothing built | {seconds:.1f} | {memory:.0f} | |")


if __name__ == "__main__":
    main()

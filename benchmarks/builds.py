"""Times builds: generated workspaces of 1,000 and 10,000 reports, and a peer in the same run.

    .venv/bin/python benchmarks/builds.py          # about three minutes
    .venv/bin/python benchmarks/builds.py 100 1000 # smaller

The peer (``peer.py``) is the usual way, and writes DOCX only. Our times are those of whole
processes, the peer's that of a loop; all are medians of several runs, each into a folder of its
own, and ratios are those of runs that took turns.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

from ruamel.yaml.cyaml import CSafeLoader

sys.path.insert(0, str(Path(__file__).parent))

from peer import Peer
from workspace import make

RUNS = 7
PEER_REPORTS = 20


def run(*words: str | Path) -> tuple[float, float]:
    """Run Python with ``words``; return the seconds by the clock and its peak memory in MB."""
    start = time.perf_counter()
    null = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    command = [sys.executable, *map(str, words)]
    child = os.posix_spawn(sys.executable, command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    os.close(null)
    assert os.waitstatus_to_exitcode(status) == 0, command
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def median(once: Callable[[], float], runs: int = RUNS) -> float:
    """Return the median of what several calls return."""
    return statistics.median(once() for _ in range(runs))


class Builds:
    """The builds that are timed, in a folder for this run."""

    def __init__(self, folder: Path, small: int, large: int) -> None:
        self.folder = folder
        self.few, self.many = folder / "few", folder / "many"
        self.built = folder / "many-built"
        make(self.few, small)
        make(self.many, large)
        self._count = 0

    def fresh(self) -> Path:
        """Return a folder that is not there yet."""
        self._count += 1
        return self.folder / f"out{self._count}"

    def scratch(self, what: Path, workers: int) -> float:
        """Build everything anew; return the seconds."""
        return run("-m", "generator", "build", what, "-o", self.fresh(), f"-j{workers}")[0]

    def large(self) -> tuple[float, float]:
        """Build the large workspace for the builds that follow; return seconds and MB."""
        return run("-m", "generator", "build", self.many, "-o", self.built, "-j2")

    def memory(self) -> float:
        """Build the small workspace anew on two cores; return the main process's peak in MB."""
        return run("-m", "generator", "build", self.few, "-o", self.fresh(), "-j2")[1]

    def check(self) -> tuple[float, float]:
        """Check the large workspace; return seconds and MB."""
        return run("-m", "generator", "check", self.many, "-j2")

    def idle(self) -> float:
        """Build the large workspace again; return the seconds."""
        return run("-m", "generator", "build", self.many, "-o", self.built)[0]

    def edited(self, report: Path) -> float:
        """Edit one report and build the large workspace again; return the seconds."""
        report.write_text(report.read_text("utf-8") + "# 改过\n", "utf-8")
        return self.idle()

    def peer(self) -> float:
        """Let the peer make some documents; return the seconds a report."""
        reports = sorted(self.few.rglob("2*.yaml"))[:PEER_REPORTS]
        target = self.fresh()
        peer = Peer()
        start = time.perf_counter()
        for number, report in enumerate(reports):
            peer.build(report, target / f"{number}.docx")
        return (time.perf_counter() - start) / len(reports)

    def least(self) -> float:
        """Do what cannot be spared; return the seconds a report.

        Each file is read and composed by libyaml; bytes like those of its two documents are
        compressed and written.
        """
        reports = sorted(self.few.rglob("2*.yaml"))[:100]
        docx, txt = (next(self.folder.glob(f"out1/**/*.{kind}")) for kind in ("docx", "txt"))
        with zipfile.ZipFile(docx) as archive:
            main, rest = archive.read("word/document.xml"), docx.stat().st_size
        text = txt.read_bytes()
        target = self.fresh()
        target.mkdir()
        start = time.perf_counter()
        for number, report in enumerate(reports):
            CSafeLoader(report.read_text("utf-8")).get_single_node()
            packed = zlib.compress(main, 3)
            (target / f"{number}.docx").write_bytes(packed.ljust(rest))
            (target / f"{number}.txt").write_bytes(text)
        return (time.perf_counter() - start) / len(reports)


def rows(builds: Builds, small: int, large: int) -> Iterator[tuple[str, str, str]]:
    """Measure everything; yield what was measured, the result and the target of each row."""
    # In turns: what a shared machine does to one of them, it does to the others.
    turns = [
        (builds.scratch(builds.few, 1), builds.scratch(builds.few, 2), builds.peer())
        for _ in range(RUNS)
    ]
    one, two, peer = (statistics.median(column) for column in zip(*turns, strict=True))
    faster = statistics.median(peer / one * small for one, _, peer in turns)
    more = statistics.median(one / two for one, two, _ in turns)
    yield f"DOCX + TXT，一核，{small} 份", f"{one / small * 1000:.2f} ms/份", ""
    yield "同类做法（只有 DOCX）", f"{peer * 1000:.1f} ms/份", ""
    yield "快多少倍", f"{faster:.1f}", "≥ 20"
    yield "省不掉的：读、compose、压缩、写", f"{median(builds.least) * 1000:.2f} ms/份", ""
    yield f"两核比一核，{small} 份", f"{more:.2f}", "≥ 1.8"
    alone = builds.scratch(builds.many, 1)
    long, memory = builds.large()
    yield f"两核比一核，{large} 份", f"{alone / long:.2f}", "≥ 1.8"
    yield f"{large} 份，两核，从头", f"{long:.1f} s", ""
    yield f"增长：{small} → {large} 份", f"{long / two:.2f}", "≤ 10.5"
    yield f"{large} 份，主进程内存", f"{memory:.0f} MB", "< 200"
    yield f"{small} 份，主进程内存", f"{builds.memory():.0f} MB", ""
    yield f"{large} 份，无事可做", f"{median(builds.idle):.2f} s", "< 1"
    report = sorted(builds.many.rglob("2*.yaml"))[large // 2]
    yield f"{large} 份，改了一份", f"{median(lambda: builds.edited(report)):.2f} s", "< 1.5"
    checking, memory = builds.check()
    yield f"check {large} 份，两核", f"{checking:.1f} s，{memory:.0f} MB", ""
    yield "一份，从冷启动", f"{median(lambda: builds.scratch(report, 1)):.2f} s", "< 0.5"
    yield "nianbao --help", f"{median(lambda: run('-m', 'generator', '--help')[0]):.3f} s", "< 0.2"
    yield "解释器本身", f"{median(lambda: run('-c', '')[0]):.3f} s", ""


def main() -> None:
    """Print the table, as docs/performance.md quotes it."""
    small, large = (int(word) for word in (sys.argv[1:] or ("1000", "10000")))
    print("| 项目 | 测得 | 目标 |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        for row in rows(Builds(Path(folder), small, large), small, large):
            print(f"| {' | '.join(row)} |", flush=True)


if __name__ == "__main__":
    main()

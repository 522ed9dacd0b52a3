"""Times builds: generated workspaces of 1,000 and 10,000 reports, and a peer in the same run.

    .venv/bin/python benchmarks/builds.py          # about ten minutes
    .venv/bin/python benchmarks/builds.py 100 1000 # smaller

The peer does for one report what is usually done: ruamel.yaml reads it, jsonschema judges it,
docxtpl fills a template that holds the same tables. It writes DOCX only. Every time is that of a
whole process (the peer's of a loop), the median of several runs; ratios come from the same run.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from workspace import make

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = [sys.executable, "-m", "generator"]
RUNS = 3
PEER_REPORTS = 20


def run(*arguments: str | Path) -> tuple[float, float]:
    """Run the program; return its seconds by the clock and the main process's peak memory in MB."""
    start = time.perf_counter()
    null = os.open(os.devnull, os.O_WRONLY)
    actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    words = [*PROGRAM, *map(str, arguments)]
    child = os.posix_spawn(sys.executable, words, os.environ, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    os.close(null)
    assert os.waitstatus_to_exitcode(status) == 0, words
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def median(*arguments: str | Path, runs: int = RUNS) -> float:
    """Return the median seconds of several runs."""
    return statistics.median(run(*arguments)[0] for _ in range(runs))


def peer(reports: list[Path], template: Path) -> float:
    """Return the peer's seconds a report."""
    from docxtpl import DocxTemplate
    from jsonschema import Draft202012Validator
    from ruamel.yaml import YAML

    schema = json.loads((ROOT / "schemas" / "2021.schema.json").read_text("utf-8"))
    validator = Draft202012Validator(schema)
    start = time.perf_counter()
    for report in reports:
        data: Any = YAML(typ="safe").load(report.read_text("utf-8"))
        assert validator.is_valid(data)
        document = DocxTemplate(template)
        document.render({"figures": list(range(200)), "texts": [str(data["总体情况"])]})
        document.save(io.BytesIO())
    return (time.perf_counter() - start) / len(reports)


def template_of(document: Path, target: Path) -> None:
    """Turn one of our documents into a docxtpl template: its figures become expressions."""
    import docx
    from docx.oxml.ns import qn

    opened = docx.Document(str(document))
    count = 0
    for table in opened.tables:
        for text in table._tbl.iter(qn("w:t")):
            if (text.text or "").replace(".", "").isdigit():
                text.text = f"{{{{ figures[{count}] }}}}"
                count += 1
    opened.save(str(target))


def rows(small: int, large: int) -> list[tuple[str, str, str]]:
    """Measure everything; return name, measured value and target of each row."""
    found: list[tuple[str, str, str]] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        few, many = folder / "few", folder / "many"
        make(few, small)
        make(many, large)
        out = folder / "out"
        one = median("build", few, "-o", out, "-B", "-j1")
        two = median("build", few, "-o", out, "-B", "-j2")
        template_of(next(out.rglob("*.docx")), folder / "template.docx")
        reports = sorted(few.rglob("2*.yaml"))[:PEER_REPORTS]
        other = statistics.median(peer(reports, folder / "template.docx") for _ in range(RUNS))
        each = one / small
        found.append((f"DOCX + TXT，一核，{small} 份", f"{each * 1000:.1f} ms/份", ""))
        found.append(("同类做法（只有 DOCX）", f"{other * 1000:.1f} ms/份", ""))
        found.append(("快多少倍", f"{other / each:.1f}", "≥ 20"))
        found.append(("两核比一核", f"{one / two:.2f}", "≥ 1.8"))
        wide = folder / "wide"
        long, memory = run("build", many, "-o", wide, "-j2")
        small_again = median("build", few, "-o", folder / "again", "-B", "-j2")
        found.append((f"{large} 份，两核，从头", f"{long:.1f} s", ""))
        found.append((f"增长：{small} → {large} 份", f"{long / small_again:.2f}", "≤ 10.5"))
        found.append(("主进程内存", f"{memory:.0f} MB", "< 200"))
        idle = median("build", many, "-o", wide)
        found.append((f"{large} 份，无事可做", f"{idle:.2f} s", "< 1"))
        edited = sorted(many.rglob("2*.yaml"))[large // 2]
        times = []
        for _ in range(RUNS):
            edited.write_text(edited.read_text("utf-8") + "# 改过\n", "utf-8")
            times.append(run("build", many, "-o", wide)[0])
        found.append((f"{large} 份，改了一份", f"{statistics.median(times):.2f} s", "< 1.5"))
        cold = median("build", edited, "-o", folder / "cold", "-B", runs=5)
        found.append(("一份，从冷启动", f"{cold:.2f} s", "< 0.5"))
        found.append(("nianbao --help", f"{median('--help', runs=5):.3f} s", "< 0.2"))
    bare = statistics.median(_bare() for _ in range(5))
    found.append(("解释器本身", f"{bare:.3f} s", ""))
    return found


def _bare() -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], check=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the table, as docs/performance.md quotes it."""
    small, large = (int(word) for word in (sys.argv[1:] or ("1000", "10000")))
    print("| 项目 | 测得 | 目标 |\n|---|---|---|")
    for name, value, target in rows(small, large):
        print(f"| {name} | {value} | {target} |")


if __name__ == "__main__":
    main()

"""How long an old report takes to import, once the program has started.

    .venv/bin/python benchmarks/old_reports.py

Reads the demonstration county's report as DOCX, TXT and PDF, and a page of a government site, and
prints the median of several runs in milliseconds.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generator.form.form import Forms
from generator.old_report.importing import Wishes, import_report

ROOT = Path(__file__).resolve().parent.parent
RUNS = 15


def median(file: Path, forms: Forms) -> float:
    """Return the median time to import ``file``, in ms; the first run loads the forms."""
    taken = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        import_report(file, forms, Wishes())
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken[1:])


def main() -> None:
    """Build what is to be read, read it, and print a table."""
    page = next((ROOT / "tests" / "data" / "import" / "page_furniture").glob("*.html"))
    with tempfile.TemporaryDirectory() as folder:
        report = ROOT / "tests" / "data" / "county" / "2024.yaml"
        command = [sys.executable, "-m", "generator", "build", report, "-o", folder]
        command += ["--to", "docx,txt,pdf"]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        built = Path(folder) / "county"
        forms = Forms()
        for name, file in (
            ("DOCX", built / "2024.docx"),
            ("TXT", built / "2024.txt"),
            ("PDF", built / "2024.pdf"),
            ("HTML page", page),
        ):
            print(f"{name:<10} {median(file, forms):6.1f} ms")


if __name__ == "__main__":
    main()

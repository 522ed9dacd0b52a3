"""Every format of every example, one core: milliseconds a report. Run by ``make benchmark``.

Processor time, so that what else the machine does plays no part; the best of some rounds, after one
in which typefaces, templates and frames are read.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from generator.setting.writers import WRITERS  # noqa: E402
from support import example_documents, formats_here  # noqa: E402

ROUNDS = 5


def main() -> None:
    """Print a row for each format."""
    documents = list(example_documents().values())
    for name in formats_here():
        taken = []
        for _ in range(ROUNDS + 1):
            began = time.process_time()
            for document in documents:
                WRITERS[name](document)
            taken.append(time.process_time() - began)
        each = min(taken[1:]) / len(documents)
        print(f"{name:9}{1000 * each:8.2f} ms a report{60 / each:10,.0f} a minute")


if __name__ == "__main__":
    main()

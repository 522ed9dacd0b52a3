"""Old reports changed at random: whatever comes of it, it is imported or refused, and never wrong.

``NIANBAO_FUZZ=3000 pytest tests/test_import_fuzz.py`` makes the full number of tries. Every try
starts from a file that imports, so that the changes reach the deep code.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from random import Random

import pytest

from generator.form.form import Forms
from generator.old_report.blocks import Refused
from generator.old_report.imported import Wishes
from generator.old_report.importing import import_report
from import_cases import CASES, FOLDER, pack, place_input

TRIES = int(os.environ.get("NIANBAO_FUZZ", "60"))
FORMS = Forms()
GOOD = [case for case in CASES if (FOLDER / case / "expected.yaml").exists()]
PIECES = [
    "0",
    "12",
    "\t",
    "\n",
    "|",
    "总计",
    "其他",
    "（一）",
    "。",
    " ",
    "<td>",
    "</tr>",
    "件",
    "-",
]


def changed(text: str, random: Random) -> str:
    """Return a text with pieces cut out, doubled, moved or put in."""
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(text) or 1)
        end = min(len(text), at + random.choice([1, 1, 3, 20, 200]))
        piece = random.choice(["", text[at:end] * 2, random.choice(PIECES), text[at:end][::-1]])
        text = text[:at] + piece + text[end:]
    return text


@pytest.mark.parametrize("start", range(0, TRIES, 20))
def test_a_changed_report_is_imported_or_refused(start: int, tmp_path: Path) -> None:
    for seed in range(start, start + 20):
        random = Random(seed)
        file = place_input(random.choice(GOOD), tmp_path)
        if file.suffix == ".docx":
            with zipfile.ZipFile(file) as archive:
                parts = {n: archive.read(n) for n in archive.namelist() if n.startswith("word/")}
            name = random.choice(sorted(parts))
            parts[name] = changed(parts[name].decode(), random).encode()
            pack(file, parts)
        else:
            text = file.read_bytes().decode("utf-8", "surrogateescape")
            file.write_bytes(changed(text, random).encode("utf-8", "surrogateescape"))
        try:
            imported = import_report(file, FORMS, Wishes(year=2023))
        except Refused:
            continue
        settled = imported.settled
        assert settled.read + settled.blank + settled.missing <= settled.total

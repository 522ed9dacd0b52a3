"""Pages as LibreOffice sets them, with fonts that a test chooses and no others."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pytest

FONT_SETS = {
    "Noto Serif CJK": ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc"),
    "Noto Sans CJK": ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc"),
    "WenQuanYi": ("wqy-zenhei.ttc", "wqy-microhei.ttc"),
    "AR PL UMing": ("uming.ttc",),
    "AR PL SungtiL": ("gbsn00lp.ttf",),
}
"""Free Chinese fonts by the names of their files (`make system-packages` installs them)."""

_PLACES = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
_CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


def missing_programs() -> list[str]:
    """Return which of the programs that pages need are not installed."""
    return [name for name in ("soffice", "pdftotext") if not shutil.which(name)]


def files_of(font_set: str) -> list[Path] | None:
    """Return the files of a font set, ``None`` where the machine lacks one of them."""
    found = []
    for name in FONT_SETS[font_set]:
        file = next((f for place in _PLACES for f in place.rglob(name)), None)
        if file is None:
            return None
        found.append(file)
    return found


needs_fonts = pytest.mark.skipif(
    not any(map(files_of, FONT_SETS)), reason="no Chinese font is installed (make system-packages)"
)


@dataclass(frozen=True)
class Page:
    """What stands on a page: its lines of text, the page number not among them."""

    lines: tuple[str, ...]
    number: str
    filled: float
    """How much of the type area is above the last ink, from 0 to 1; of the last page 1."""


def pages_of(
    documents: Mapping[str, bytes], fonts: Iterable[Path], folder: Path
) -> dict[str, list[Page]]:
    """Return the pages of DOCX files by name, all set in one call with no fonts but ``fonts``.

    The fonts are copied: LibreOffice takes no collection that is a link.
    """
    own = folder / "fonts"
    own.mkdir(parents=True)
    for file in fonts:
        shutil.copy(file, own)
    configuration = folder / "fonts.conf"
    configuration.write_text(
        _CONFIGURATION.format(fonts=own, cache=folder / "cache"), encoding="utf-8"
    )
    for name, content in documents.items():
        (folder / f"{name}.docx").write_bytes(content)
    files = [folder / f"{name}.docx" for name in documents]
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            *("--convert-to", "pdf", "--outdir", folder),
            *files,
        ],
        check=True,
        capture_output=True,
        timeout=300,
        env={**os.environ, "FONTCONFIG_FILE": str(configuration)},
    )
    return {file.stem: pages_in(file.with_suffix(".pdf")) for file in files}


def pages_in(file: Path) -> list[Page]:
    """Return the pages of a PDF."""
    text = subprocess.run(
        ["pdftotext", "-layout", file, "-"], check=True, capture_output=True, timeout=60
    ).stdout.decode("utf-8")
    pages = []
    with pdfium.PdfDocument(file) as pdf:
        for place, page in enumerate(text.split("\f")[:-1], start=1):
            *lines, number = [line.strip() for line in page.split("\n") if line.strip()]
            share = filled(pdf[place - 1]) if place < len(pdf) else 1
            pages.append(Page(tuple(lines), "".join(number.split()), share))
    return pages


def filled(page: pdfium.PdfPage) -> float:
    """Return how much of the type area (GB/T 9704: 37 mm from above, 225 mm) ends with ink."""
    scale, mm = 1, 72 / 25.4
    bitmap = page.render(scale=scale, grayscale=True, may_draw_forms=False)
    top, height = round(37 * mm * scale), 225 * mm * scale
    content = bytes(bitmap.buffer)
    rows = range(top, round(top + height))
    white = b"\xff" * bitmap.width
    inked = (y for y in reversed(rows) if content[y * bitmap.stride :][: bitmap.width] != white)
    return (next(inked, top) + 1 - top) / height

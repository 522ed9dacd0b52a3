"""Draws the pictures of README.md and docs/ anew: ``make screenshots``.

Documents are our own PDF; a workbook and a letter are printed by LibreOffice. Read the difference
before you commit them: no test compares them, since each machine has typefaces of its own.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops

from generator.commands.cli import run

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
EXAMPLES = ROOT / "examples"
WIDTH = 660
"""Pixels of a page."""
_AROUND = 12
"""Pixels of white that are left around what is printed."""
_FOOT = 0.94
"""Of a page's height: below stands its number."""


def main() -> None:
    """Draw every picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for office in ("songzhuang", "yanshi"):
            run(["build", str(EXAMPLES / office / "2024.yaml"), "-o", name, "--to", "pdf"])
        save(page(folder / "songzhuang" / "2024.pdf", "孟津区"), "songzhuang-2024-1")
        save(page(folder / "yanshi" / "2024.pdf", "本列数据的勾稽关系"), "yanshi-2024-table3")
        book = folder / "workbook.xlsx"
        run(["workbook", str(EXAMPLES / "yanshi" / "qingshi" / "2024.yaml"), "-o", str(book)])
        save(trimmed(page(printed(book), "本列数据的勾稽关系")), "workbook-table3")
        save(page(printed(letter(folder)), "重新报送"), "letter-2024")


def save(image: Image.Image, name: str) -> None:
    """Put a picture in its place, small."""
    image.convert("L").quantize(32).save(IMAGES / f"{name}.png", optimize=True)


def letter(folder: Path) -> Path:
    """Return the letter to an office of the example county whose report has a slip."""
    county = Path(shutil.copytree(EXAMPLES / "yanshi", folder / "county"))
    report = county / "ziran" / "2024.yaml"
    text = report.read_text("utf-8")
    report.write_text(re.sub(r"(上年结转: \{自然人: )\d+", r"\g<1>19", text, count=1), "utf-8")
    letters = folder / "letters"
    run(["letters", "2024", str(county), "-o", str(letters), "--today", "2025-01-22"])
    (found,) = letters.rglob("*ziran*.docx")
    return found


def printed(file: Path) -> Path:
    """Return a workbook or a document as LibreOffice prints it."""
    profile = f"-env:UserInstallation={(file.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", file.parent]
    subprocess.run([*command, file], check=True, capture_output=True)
    return file.with_suffix(".pdf")


def page(file: Path, words: str) -> Image.Image:
    """Return the first page on which ``words`` stand."""
    document = pypdfium2.PdfDocument(file)
    for number in range(len(document)):
        found = document[number]
        if words in found.get_textpage().get_text_range().replace("\r\n", ""):
            image: Image.Image = found.render(scale=WIDTH * 2 / found.get_width()).to_pil()
            return image.resize((WIDTH, round(image.height * WIDTH / image.width)))
    raise LookupError(f"{words!r} stands on no page of {file.name}")


def trimmed(image: Image.Image) -> Image.Image:
    """Return a page without its number and the white around what is printed."""
    above = image.convert("RGB").crop((0, 0, image.width, round(image.height * _FOOT)))
    white = Image.new("RGB", above.size, "white")
    left, top, right, bottom = ImageChops.difference(above, white).getbbox() or (0, 0, *above.size)
    return image.crop(
        (max(0, left - _AROUND), max(0, top - _AROUND), right + _AROUND, bottom + _AROUND)
    )


if __name__ == "__main__":
    sys.exit(main())

"""Puts together a folder that runs on Windows without an installer.

    python windows/bundle.py python-3.13.1-embed-amd64.zip build/windows

The first argument is Python's embeddable package for 64-bit Windows, as python.org offers it. What
is made holds ``python/``, ``program/`` (this program and its libraries for Windows), ``reports/``
for the reports, two files to double-click, and a page that tells what to do with them.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from generator.system.own_wheel import own_wheel

FILES = Path(__file__).resolve().parent / "files"
EXTRAS = ("serve", "xlsx", "pdf", "pdf-import", "watch")
FOR_WINDOWS_ONLY = ("colorama", "tzdata")
"""What libraries ask for on Windows: pip looks at the machine that it runs on."""
_PATHS = re.compile(r"python3(\d+)\._pth")


class NoPython(Exception):
    """The archive is no embeddable Python; the message says so."""


def lay_out(archive: Path, target: Path) -> str:
    """Unpack Python into ``target``, let it find the program, and return its version (3.13).

    Raises:
        NoPython: the archive is something else.
    """
    python = target / "python"
    try:
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(python)  # it drops absolute names and ..
    except zipfile.BadZipFile as error:
        raise NoPython(f"{archive} is no ZIP archive") from error
    found = [file for file in python.glob("python3*._pth") if _PATHS.fullmatch(file.name)]
    if len(found) != 1 or not (python / "python.exe").is_file():
        raise NoPython(
            f"{archive} is no embeddable Python: python3XX._pth or python.exe is missing"
        )
    with found[0].open("a", encoding="utf-8", newline="\r\n") as file:
        file.write("\n..\\program\n")
    return f"3.{found[0].stem.removeprefix('python3')}"


def add_program(target: Path) -> None:
    """Put the running program into the folder, as its wheel would be installed."""
    _name, content = own_wheel()
    with zipfile.ZipFile(io.BytesIO(content)) as wheel:
        wheel.extractall(target / "program")


def needed() -> list[str]:
    """Return what the program and its parts need, as pip reads it."""
    wanted = [line for line in metadata.requires("nianbao") or () if _is_wanted(line)]
    return [*(line.partition(";")[0].strip() for line in wanted), *FOR_WINDOWS_ONLY]


def _is_wanted(requirement: str) -> bool:
    marker = requirement.partition(";")[2]
    return not marker or any(re.search(rf"extra == ['\"]{extra}['\"]", marker) for extra in EXTRAS)


def add_libraries(
    target: Path, version: str, wanted: Sequence[str], wheels: Path | None = None
) -> None:
    """Let pip put Windows' wheels of what is ``wanted`` into the folder.

    ``wheels`` is a folder to take them from instead of the index.

    Raises:
        subprocess.CalledProcessError: one of them is not to be had for Windows.
    """
    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    options = ["--platform", "win_amd64", "--python-version", version, "--only-binary=:all:"]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--target", str(target / "program"), "--upgrade", "--no-compile", *options]
    subprocess.run([*command, *source, *wanted], check=True)


def add_pages(target: Path) -> None:
    """Put in what people open: the files to double-click, the page about them, a place for reports.

    Windows wants its own line ends, and its oldest editor a mark at the beginning of a text.
    """
    for file in sorted(FILES.iterdir()):
        lines = file.read_text("utf-8").replace("\n", "\r\n")
        encoding = "utf-8-sig" if file.suffix == ".txt" else "ascii"
        (target / file.name).write_bytes(lines.encode(encoding))
    (target / "reports").mkdir(exist_ok=True)


def main() -> int:
    """Make the folder anew; return the exit code."""
    parser = argparse.ArgumentParser(description="Put together a folder that runs on Windows.")
    parser.add_argument("python", type=Path, help="Python's embeddable package (a ZIP)")
    parser.add_argument("target", type=Path, help="the folder to make")
    parser.add_argument("--wheels", type=Path, help="take the libraries from this folder")
    said = parser.parse_args()
    if not said.python.is_file():
        print(f"there is no {said.python}: get python-3.x.y-embed-amd64.zip", file=sys.stderr)
        return 2
    if said.target.exists() and any(said.target.iterdir()):
        print(f"{said.target} is not empty", file=sys.stderr)
        return 2
    said.target.mkdir(parents=True, exist_ok=True)
    try:
        version = lay_out(said.python, said.target)
        add_program(said.target)
        add_libraries(said.target, version, needed(), said.wheels)
        add_pages(said.target)
    except (NoPython, subprocess.CalledProcessError) as error:
        shutil.rmtree(said.target)
        print(error, file=sys.stderr)
        return 1
    print(said.target)
    return 0


if __name__ == "__main__":
    sys.exit(main())

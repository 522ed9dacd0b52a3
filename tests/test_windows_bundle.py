"""The folder for Windows, put together here: with a stand-in for Python where there is no real one.

``NIANBAO_EMBED=python-3.x.y-embed-amd64.zip`` names a real one, which Wine then runs.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support import EXAMPLES, ROOT

sys.path.insert(0, str(ROOT / "windows"))
import bundle

PATHS = "python313.zip\r\n.\r\n\r\n# Uncomment to run site.main() automatically\r\n#import site"
EMBED = os.environ.get("NIANBAO_EMBED", "")


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    file = tmp_path / "python-3.13.1-embed-amd64.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("python.exe", b"MZ")
        archive.writestr("python313._pth", PATHS)
        archive.writestr("python313.zip", b"PK")
    return file


def wheel(folder: Path, tag: str) -> None:
    """Write a wheel of one module for a machine."""
    name = "stand_in-1.0"
    contents = {
        f"stand_in_{tag.rpartition('_')[2]}.py": "",
        f"{name}.dist-info/METADATA": "Metadata-Version: 2.1\nName: stand-in\nVersion: 1.0\n",
        f"{name}.dist-info/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: {tag}\n",
    }
    record = "".join(
        f"{path},sha256={_digest(text)},{len(text)}\n" for path, text in contents.items()
    )
    with zipfile.ZipFile(folder / f"{name}-{tag}.whl", "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
        archive.writestr(f"{name}.dist-info/RECORD", f"{record}{name}.dist-info/RECORD,,\n")


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def test_python_finds_the_program(stand_in: Path, tmp_path: Path) -> None:
    assert bundle.lay_out(stand_in, tmp_path / "out") == "3.13"
    lines = (tmp_path / "out" / "python" / "python313._pth").read_bytes().split(b"\r\n")
    assert lines[-2:] == [b"..\\program", b""] and lines[0] == b"python313.zip"
    assert b"#import site" in lines


@pytest.mark.parametrize("content", [b"", b"MZ", None], ids=["nothing", "a program", "no Python"])
def test_what_is_no_python_is_refused(content: bytes | None, tmp_path: Path) -> None:
    file, out = tmp_path / "python.zip", tmp_path / "out"
    if content is None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("readme.txt", "")
    else:
        file.write_bytes(content)
    done = run_it(file, out)
    assert done.returncode == 1 and "Traceback" not in done.stderr and not out.exists()
    missing = run_it(tmp_path / "nothing.zip", out)
    assert missing.returncode == 2 and "embed-amd64.zip" in missing.stderr


def run_it(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "windows" / "bundle.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_libraries_are_those_of_windows(tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for tag in ("cp313-cp313-win_amd64", "cp313-cp313-manylinux_2_17_x86_64"):
        wheel(wheels, tag)
    bundle.add_libraries(tmp_path / "out", "3.13", ["stand-in"], wheels)
    assert (tmp_path / "out" / "program" / "stand_in_amd64.py").is_file()
    assert not (tmp_path / "out" / "program" / "stand_in_64.py").exists()


def test_everything_that_the_parts_need_is_asked_for() -> None:
    names = {re.split(r"[\[<>=~!;]", line)[0].strip().lower() for line in bundle.needed()}
    assert {"click", "lxml", "starlette", "uvicorn", "xlsxwriter", "typst", "colorama"} <= names
    assert not names & {"pytest", "ruff", "mypy", "playwright", "hypothesis"}


def test_the_program_in_the_folder_is_this_one(tmp_path: Path) -> None:
    bundle.add_program(tmp_path / "there")
    for path, out in ((ROOT, "here"), (tmp_path / "there" / "program", "bundled")):
        command = [sys.executable, "-m", "generator", "build", str(EXAMPLES / "songzhuang")]
        subprocess.run(
            [*command, "-o", str(tmp_path / out), "-j1"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(path)},
            check=True,
            capture_output=True,
        )
    same_documents(tmp_path / "here", tmp_path / "bundled")


def same_documents(one: Path, other: Path) -> None:
    files = sorted(file for file in one.rglob("2*.*") if file.suffix in (".docx", ".txt"))
    assert len(files) == 2
    for file in files:
        assert (other / file.relative_to(one)).read_bytes() == file.read_bytes()


def test_what_people_open(tmp_path: Path) -> None:
    bundle.add_pages(tmp_path)
    for file in tmp_path.glob("*.cmd"):
        content = file.read_bytes()
        assert content.isascii(), "cmd reads it in whatever encoding the console has"
        assert content.count(b"\r\n") == content.count(b"\n") > 1
    assert b"serve reports" in (tmp_path / "打开年报.cmd").read_bytes()
    assert (tmp_path / "reports").is_dir()
    (page,) = tmp_path.glob("*.txt")
    content = page.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == content.count(b"\n")
    text = content.decode("utf-8-sig")
    assert 20 < text.count("\n") < 45, "one page"
    for word in ("nianbao", "python", "cmd", "命令", "终端", "--", "YAML", "pip"):
        assert word not in text.lower()


@pytest.mark.skipif(
    not (EMBED and shutil.which("wine")), reason="no Wine, or NIANBAO_EMBED not set"
)
def test_it_runs_under_wine(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    assert run_it(EMBED, folder).returncode == 0
    shutil.copytree(EXAMPLES / "songzhuang", folder / "reports" / "songzhuang")

    def wine(*arguments: str) -> int:
        command = ["wine", str(folder / "python" / "python.exe"), "-m", "generator", *arguments]
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
        return done.returncode

    assert wine("check", "reports") == 0
    assert wine("build", "reports", "-j1", "-o", "out") == 0
    command = [sys.executable, "-m", "generator", "build", "reports", "-j1", "-o", "here"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    same_documents(folder / "here", folder / "out")

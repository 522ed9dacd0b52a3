"""Workbooks through LibreOffice, as an office would: computed anew, saved in another format."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

_ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
<prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Compute every formula when a file is opened: no stored value is taken as it is."""


def _has_calc() -> bool:
    office = shutil.which("soffice")
    return bool(office) and (Path(office or "").resolve().parent / "../program/scalc").exists()


needs_calc = pytest.mark.skipif(
    not _has_calc(), reason="LibreOffice Calc is not installed (make system-packages)"
)


def saved_as(suffix: str, files: Iterable[Path], folder: Path) -> list[Path]:
    """Open workbooks in LibreOffice, compute them, and save them in the format of ``suffix``."""
    files = list(files)
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_ALWAYS, "utf-8")
    out = folder / suffix
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", suffix, "--outdir", str(out), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return [out / f"{file.stem}.{suffix}" for file in files]

"""A wheel of the running program, so that it can be given on with a repository.

The package stands on no index: whoever opens the repository elsewhere installs it from there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Final

_NAME: Final = "nianbao"
_DAY: Final = (2020, 1, 1, 0, 0, 0)
"""The date of every file in a wheel, so that the same program gives the same bytes."""
_PACKAGE: Final = Path(__file__).resolve().parent.parent


class NotInstalled(Exception):
    """The program runs from a bare folder: nobody knows its version and what it needs."""


def own_wheel() -> tuple[str, bytes]:
    """Return the name and the bytes of a wheel (PEP 427) of the running copy.

    An installed package and a checkout give the same: the data of the forms lies inside the
    package. The bytes depend on the program alone.

    Raises:
        NotInstalled: there is no record of the installation to take names and needs from.
    """
    try:
        installed = metadata.distribution(_NAME)
    except metadata.PackageNotFoundError as error:
        raise NotInstalled from error
    information = f"{_NAME}-{installed.version}.dist-info"
    contents = dict(sorted(_package()))
    for name in ("METADATA", "entry_points.txt"):
        contents[f"{information}/{name}"] = (installed.read_text(name) or "").encode()
    contents[f"{information}/WHEEL"] = (
        f"Wheel-Version: 1.0\nGenerator: {_NAME} {installed.version}\n"
        "Root-Is-Purelib: true\nTag: py3-none-any\n"
    ).encode()
    record = f"{information}/RECORD"
    contents[record] = _record(contents, record).encode()
    return f"{_NAME}-{installed.version}-py3-none-any.whl", _zipped(contents)


def _package() -> Iterator[tuple[str, bytes]]:
    """Yield the files of the package; in a checkout the data lies beside it."""
    folders = {_PACKAGE: _PACKAGE.name}
    for data in ("templates", "schemas"):
        if not (_PACKAGE / data).is_dir():
            folders[_PACKAGE.parent / data] = f"{_PACKAGE.name}/{data}"
    for folder, name in folders.items():
        for file in folder.rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                yield f"{name}/{file.relative_to(folder).as_posix()}", file.read_bytes()


def _record(contents: Mapping[str, bytes], record: str) -> str:
    lines = []
    for name, content in contents.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        lines.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join((*lines, f"{record},,\n"))


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, _DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()

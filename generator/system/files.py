"""Files as a build needs them: written whole or not at all, and a plain reason where that fails."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from pathlib import Path

_REASONS = {
    errno.ENOSPC: "磁盘满了，请腾出空间后再试",
    errno.EDQUOT: "磁盘配额用完了，请腾出空间后再试",
    errno.EFBIG: "文件超过了系统允许的大小",
    errno.EROFS: "这个位置是只读的，请换一个文件夹",
    errno.EACCES: "没有写入权限，或者它正在 Word、WPS 里打开着；关掉后再试",
    errno.EPERM: "没有写入权限，请检查文件夹的属性",
    errno.EBUSY: "正被别的程序使用，关掉后再试",
    errno.EISDIR: "那里已有一个同名的文件夹",
    errno.ENOTDIR: "路径中间有一个同名的文件，不是文件夹",
    errno.EEXIST: "那里已有一个同名的文件",
    errno.ENAMETOOLONG: "名字太长",
}
HOPELESS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
"""Errors that the next file would meet as well: to go on makes no sense."""


def reason(error: OSError) -> str:
    """Say in Chinese why a file could not be written, by the error's number."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def write_whole(target: Path, content: bytes) -> None:
    """Put ``content`` at ``target``, whole or not at all, and on the disk before returning.

    For the few files that a person asked for; a build's thousands of documents can be made again
    and go without waiting for the disk (:mod:`generator.building.run`).

    Raises:
        OSError: the folder cannot be made or written to; an earlier file is untouched.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def write_new(file: str, content: bytes) -> None:
    """Write a file that must not exist yet; what is left of a failed attempt is removed.

    Raises:
        OSError: it cannot be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(file, flags, 0o666)  # less what the umask takes away
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as written:
            rest = memoryview(content)
            while rest:
                rest = rest[written.write(rest) :]
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(file)  # noqa: PTH108 - a path object for each of thousands costs time
        raise


def move(source: str, target: Path) -> None:
    """Move a finished file to its place, making the folder where it is missing.

    Raises:
        OSError: it cannot be put there; an earlier file is untouched.
    """
    try:
        os.replace(source, target)  # noqa: PTH105 - as above
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(source, target)  # noqa: PTH105
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # The office's folder lies on another disk than the output folder.
        content = Path(source).read_bytes()
        write_whole(target, content)
        Path(source).unlink()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

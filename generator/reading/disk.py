"""Bytes of other people's files: looked at before they are opened, and read only when harmless.

A pipe waits for ever, a device or a sparse file fills the memory, a link leads anywhere: whoever
reads an office's file asks here first. Reasons are in Chinese and about reading.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

LARGEST_FILE = 2_000_000
"""Bytes. A report has about 8 KB; the longest published ones stay below 100 KB."""

_REASONS = {
    errno.ENOENT: "没有这个文件",
    errno.ENOTDIR: "路径中间有一个文件，不是文件夹",
    errno.EACCES: "没有读取权限",
    errno.EPERM: "没有读取权限",
    errno.ELOOP: "这个链接指向它自己，或者链接绕成了一圈",
    errno.ENAMETOOLONG: "名字太长",
    errno.EIO: "磁盘上的这个文件读不出来，可能已经损坏",
    errno.EISDIR: "这是文件夹，不是文件",
    errno.EBUSY: "正被别的程序使用，关掉后再试",
    errno.ESTALE: "网络上的文件夹已经断开，重新连接后再试",
}


class NotRegular(Exception):
    """Something that is no regular file stands at the path: a folder, a pipe, a device."""


class TooLarge(Exception):
    """The file is larger than anything of its kind."""


def reason(error: OSError) -> str:
    """Say in Chinese why something could not be read, by the error's number."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def content_of(file: str | Path, largest: int = LARGEST_FILE) -> bytes:
    """Return the bytes of a regular file that has no more than ``largest``.

    It is looked at before and after it is opened, so that no device is touched, and opened without
    waiting, should a pipe have taken its place in between.

    Raises:
        OSError: it does not exist or cannot be read.
        NotRegular, TooLarge: it is not to be read.
    """
    _judge(os.stat(file), largest)  # noqa: PTH116 - one of thousands
    descriptor = os.open(file, os.O_RDONLY | _WITHOUT_WAITING | _BINARY)
    with os.fdopen(descriptor, "rb", buffering=0) as opened:
        _judge(os.fstat(descriptor), largest)
        content = opened.read(largest + 1) or b""
    if len(content) > largest:
        raise TooLarge
    return content


def _judge(found: os.stat_result, largest: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise NotRegular
    if found.st_size > largest:
        raise TooLarge


_WITHOUT_WAITING: int = getattr(os, "O_NONBLOCK", 0)
_BINARY: int = getattr(os, "O_BINARY", 0)
